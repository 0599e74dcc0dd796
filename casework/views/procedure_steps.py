"""One step of a procedure: it is done, something of it is waived, its term changes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import cases, procedure_changes as changes, procedures, radar
from casework.actions.refusals import ActionRefused
from casework.forms.procedures import StepForm, TermForm, WaiveForm
from casework.radar_choices import outcome_choices, statements
from casework.radar_steps import Act, term_after
from casework.views.doors import keeps_what_was_typed
from casework.views.procedures import (
    explain,
    look_at,
    opens_procedure,
    page_context,
    to_radar,
    today_of,
    typed_on,
    word_of,
)

CHANGES = {
    "suspended": changes.suspend_term,
    "resumed": changes.resume_term,
    "extended": changes.extend_term,
}


def _step_or_404(look: radar.Look, code: str) -> Any:
    try:
        return look.radar.procedure.step(code)
    except KeyError:
        raise Http404 from None


@keeps_what_was_typed
@opens_procedure()
def step(request: HttpRequest, followed: Any, step: str) -> HttpResponse:
    """Do an open step: decide, appoint, or write down what happened. Show what it waits for, or what became of it."""
    look = look_at(request, followed)
    wanted, waiting = _step_or_404(look, step), look.radar.open_step(step)
    act = look.radar.act_of(wanted)
    if act == Act.END:
        return redirect("casework:end_procedure", followed.case.reference, followed.pk)
    form = _step_form(request, look, wanted, waiting)
    is_of_council = bool(waiting and waiting.council)
    is_done_by_hand = act != Act.FILL and not wanted.decided_by and not is_of_council
    if is_done_by_hand and form.is_valid():
        try:
            _do(act, followed, step, form, actor=request.user)
            messages.success(request, _("It is written down. Below is where the case stands now."))
            return to_radar(followed)
        except ActionRefused as refusal:
            explain(form, refusal, who=look.who(wanted.role))
    context = page_context(request, look) | {
        "step": wanted,
        "waiting": waiting,
        "form": form,
        "own_boxes": form.boxes(""),
        "is_done_by_hand": is_done_by_hand,
        "is_stale": form.is_bound and (waiting is None or str(form["turn"].value()) != str(waiting.number)),
        "who": look.who(wanted.role),
        "after": look.radar.after(wanted),
        "last": look.last_entry(step),
    }
    return render(request, "casework/procedure_step.html", context)


def _step_form(request: HttpRequest, look: radar.Look, wanted: Any, waiting: Any) -> StepForm:
    progress = look.radar.progress
    decides = look.radar.act_of(wanted) == Act.DECIDE and not wanted.decided_by
    turn = progress.open_turn(wanted.code)
    appoints = look.radar.act_of(wanted) == Act.APPOINT
    return StepForm(
        **typed_on(request, on=today_of(look.followed), turn=waiting.number if waiting else None),
        choices=outcome_choices(wanted, progress, look.facts.around, turn=turn, sends=look.sends()) if decides else (),
        statements=statements(wanted.needs),
        people=cases.possible_curators(look.followed.case, today=look.facts.around.today) if appoints else None,
    )


def _do(act: Act, followed: Any, step: str, form: StepForm, *, actor: Any) -> None:
    """Do a step as its kind asks. Raises `ActionRefused`."""
    answers, now = form.cleaned_data, timezone.now()
    outcome = answers.get("choice", "")
    word = word_of(form, *form.stated("", outcome), until=answers.get("until"))
    turn = answers["turn"] or 0
    if act == Act.DECIDE:
        procedures.decide(followed=followed, step=step, turn=turn, outcome=outcome, word=word, actor=actor, at=now)
    elif act == Act.APPOINT:
        procedures.appoint(
            followed=followed, step=step, turn=turn, person=answers["person"], word=word, actor=actor, at=now
        )
    else:
        procedures.tell_what_happened(followed=followed, step=step, turn=turn, word=word, actor=actor, at=now)


@keeps_what_was_typed
@opens_procedure()
def waive(request: HttpRequest, followed: Any, step: str) -> HttpResponse:
    """Do without something that a step asks for, with the reason."""
    look = look_at(request, followed)
    wanted, waiting = _step_or_404(look, step), look.radar.open_step(step)
    things = look.waivable(wanted)
    form = WaiveForm(
        **typed_on(request, on=today_of(followed), turn=waiting.number if waiting else None), things=things
    )
    if form.is_valid():
        answers = form.cleaned_data
        try:
            changes.waive(
                followed=followed,
                step=step,
                turn=answers["turn"],
                what=answers["what"],
                word=word_of(form),
                actor=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("It is written down. The gap stays visible in the case."))
            return to_radar(followed)
        except ActionRefused as refusal:
            explain(form, refusal, who=look.who(wanted.waived_by))
    context = page_context(request, look) | {
        "step": wanted,
        "waiting": waiting,
        "form": form,
        "things": things,
        "who": look.who(wanted.waived_by),
    }
    return render(request, "casework/procedure_waive.html", context)


@keeps_what_was_typed
@opens_procedure()
def change_term(request: HttpRequest, followed: Any, step: str) -> HttpResponse:
    """Let the term of a step stand still, run again or last longer; «look» shows the new last day and changes nothing."""
    look = look_at(request, followed)
    wanted, waiting = _step_or_404(look, step), look.radar.open_step(step)
    documents = radar.documents_to_choose(followed.case)
    form = TermForm(
        **typed_on(request, on=today_of(followed), turn=waiting.number if waiting else None),
        changes=waiting.term_changes if waiting else [],
        documents=documents,
    )
    preview = None
    if form.is_valid():
        answers = form.cleaned_data
        if "_look" in request.POST:
            preview = _preview(look, step, answers)
        else:
            try:
                _change(followed, step, form, actor=request.user)
                messages.success(request, _("The term is changed."))
                return to_radar(followed)
            except ActionRefused as refusal:
                explain(form, refusal, who=followed.case.agency.name)
    context = page_context(request, look) | {
        "step": wanted,
        "waiting": waiting,
        "form": form,
        "documents": documents,
        "preview": preview,
    }
    return render(request, "casework/procedure_term.html", context)


def _change(followed: Any, step: str, form: TermForm, *, actor: Any) -> None:
    answers = form.cleaned_data
    number = answers.get("document") or None
    document = followed.case.submissions.filter(pk=number).first() if number else None
    CHANGES[answers["what"]](
        followed=followed,
        step=step,
        turn=answers["turn"],
        word=word_of(form, document=document, until=answers.get("until")),
        actor=actor,
        at=timezone.now(),
    )


def _preview(look: radar.Look, step: str, answers: dict[str, Any]) -> dict[str, Any] | None:
    """Return the last day that the change would give, and how it is counted."""
    turn = look.radar.progress.open_turn(step)
    if turn is None:
        return None
    due, explanation = term_after(
        turn,
        what=answers["what"],
        on=answers["on"],
        until=answers.get("until"),
        calendar=look.facts.around.calendar,
    )
    return {"due": due, "explanation": explanation}
