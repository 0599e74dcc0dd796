"""How a case follows its procedure: where it stands, its beginning, its risk level and its end."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import (
    matching_steps,
    procedure_changes as changes,
    procedure_refusals as refusals,
    procedures,
    radar,
)
from casework.actions.annulments import look_at_annulment
from casework.actions.log import record_read
from casework.actions.refusals import ActionRefused
from casework.forms.procedures import DayForm, EndForm, LevelForm, MoveForm, StartForm, StepForm, WhyForm
from casework.radar_axis import time_axis
from casework.radar_choices import criteria, ground_choices, level_choices
from casework.views.cases import case_context
from casework.views.doors import View, keeps_what_was_typed, opens_case, tell, typed

ANSWERED_BESIDE = {
    refusals.DayInFuture: "on",
    refusals.DayBeforeStart: "on",
    refusals.DayBeforeBirth: "on",
    refusals.WordsNeeded: "words",
    refusals.NoSuchOutcome: "choice",
    refusals.NoSuchGround: "choice",
    refusals.NoSuchLevel: "choice",
    refusals.SameLevel: "choice",
    refusals.GroundNotOfDocument: "choice",
    refusals.ProcedureNotInForce: "code",
    refusals.AlreadyFollowed: "code",
    refusals.CannotBeAppointed: "person",
    refusals.CannotBeWaived: "what",
    refusals.DocumentNeeded: "document",
    refusals.TermNotLater: "until",
}
"""The field of a form that each refusal is about."""


def opens_procedure(*, acting: bool = True) -> Callable[[View], View]:
    """Hand a procedure of a case to the view; with `acting`, only to whoever may write something down under it.

    A procedure of another case is 404, as everything is for whoever may not.
    """

    def decorate(view: View) -> View:
        @opens_case("view_case")
        @wraps(view)
        def opened(request: HttpRequest, case: Any, number: int, **kwargs: Any) -> HttpResponseBase:
            followed = get_object_or_404(radar.procedures_of(case), pk=number)
            if acting and not procedures.may_act(followed, user=request.user, today=timezone.localdate()):
                raise Http404
            return view(request, followed, **kwargs)

        return opened

    return decorate


def look_at(request: HttpRequest, followed: Any) -> radar.Look:
    """Return what the pages of a procedure show to whoever asks."""
    return radar.look(followed, user=request.user, at=timezone.now())


def page_context(request: HttpRequest, look: radar.Look) -> dict[str, Any]:
    """Return what every page of a procedure shows."""
    return case_context(request, look.followed.case) | {
        "look": look,
        "followed": look.followed,
        "radar": look.radar,
        "may_act": look.may_act,
        "seeks_a_family": look.followed.code == matching_steps.PROCEDURE,
    }


def today_of(followed: Any) -> str:
    """Return today in the agency that keeps the case, as people type it."""
    return f"{followed.case.agency.local(timezone.now()):%d.%m.%Y}"


def typed_on(request: HttpRequest, **initial: Any) -> dict[str, Any]:
    """Return the arguments of a form: what was typed, and `initial` where nothing was."""
    said = typed(request)
    return {**said, "initial": {**initial, **said.get("initial", {})}}


def word_of(form: DayForm, *stated: str, **more: Any) -> procedures.Word:
    """Return what somebody says on a page."""
    answers = form.cleaned_data
    return procedures.Word(on=answers["on"], words=answers["words"], token=answers["token"], stated=stated, **more)


def explain(form: Any, refusal: ActionRefused, *, who: str = "") -> None:
    """Say beside the form why it was refused; everything that was typed stays."""
    if isinstance(refusal, refusals.GuardsUnmet):
        limits = form.limits if isinstance(form, StepForm) else ()
        for words in refusal.missing:
            if words in limits:
                form.add_error("until", words)
            else:
                form.add_error(None, _("Missing: %(words)s") % {"words": words})
        return
    if isinstance(refusal, refusals.NotYourStep) and who:
        form.add_error(None, _("This is done by another person: %(who)s.") % {"who": who})
        return
    place = ANSWERED_BESIDE.get(type(refusal), "")
    form.add_error(place if place in form.fields else None, str(refusal))


def overtaken(request: HttpRequest, followed: Any, refusal: ActionRefused) -> HttpResponse:
    """Say that somebody was quicker, and show the words that cannot be sent any more, so that they can be copied."""
    words = request.POST.get("words", "").strip()
    if not words:
        tell(request, refusal)
        return to_radar(followed)
    context = {"followed": followed, "refusal": str(refusal), "words": words}
    return render(request, "casework/procedure_overtaken.html", context)


def to_radar(followed: Any) -> HttpResponse:
    """Send on to the page of the procedure."""
    return redirect("casework:procedure", followed.case.reference, followed.pk)


@opens_procedure(acting=False)
def procedure(request: HttpRequest, followed: Any) -> HttpResponse:
    """Show in one look where the case stands under its procedure, and write down that it was read."""
    record_read(case=followed.case, actor=request.user, at=timezone.now())
    look = look_at(request, followed)
    context, progress = page_context(request, look), look.radar.progress
    if context["seeks_a_family"] and context["may_work"]:
        context |= {
            "end_decided": matching_steps.end_decided(progress),
            "to_move": matching_steps.children_to_move(followed.case, progress=progress),
        }
    return render(request, "casework/procedure.html", context)


@keeps_what_was_typed
@opens_case("lead_case")
def start(request: HttpRequest, case: Any) -> HttpResponse:
    """Put the case under a procedure in force: its keeper's people decide by which rules it goes on."""
    now = timezone.now()
    permissions = case_context(request, case)
    if not case.is_running:
        raise Http404
    editions = radar.editions_to_start(at=now)
    wanted = request.GET.get("procedure") or radar.SUGGESTED.get(case.kind, "")
    day = f"{case.agency.local(now):%d.%m.%Y}"
    form = StartForm(
        **typed_on(request, code=wanted, on=day, came_from=request.GET.get("after")),
        editions=editions,
    )
    if form.is_valid():
        answers = form.cleaned_data
        before = case.procedures.filter(pk=answers["came_from"]).first() if answers["came_from"] else None
        try:
            followed = procedures.start_procedure(
                case=case,
                edition=form.editions[answers["code"]],
                actor=request.user,
                at=now,
                on=answers["on"],
                token=answers["token"],
                came_from=before,
            )
            messages.success(request, _("The procedure has begun. Below is what is to be done now."))
            return redirect("casework:procedure", case.reference, followed.pk)
        except ActionRefused as refusal:
            explain(form, refusal)
    context = permissions | {
        "form": form,
        "editions": editions,
        "chosen": str(form["code"].value() or ""),
        "suggested": radar.SUGGESTED.get(case.kind, ""),
    }
    return render(request, "casework/procedure_start.html", context)


@keeps_what_was_typed
@opens_procedure()
def set_level(request: HttpRequest, followed: Any) -> HttpResponse:
    """Set the risk level, with reasons; the threat to life by anybody who works on the case, at any hour."""
    now = timezone.now()
    if not followed.is_running:
        return overtaken(request, followed, refusals.ProcedureOver())
    look = look_at(request, followed)
    progress, levels = look.radar.progress, look.radar.procedure.levels
    allowed = [
        level.code
        for level in levels
        if changes.may_set_level(followed, progress, level=level.code, user=request.user, at=now)
    ]
    suggested = changes.suggested_level(progress)
    form = LevelForm(
        **typed_on(request, on=today_of(followed), choice=request.GET.get("level") or suggested),
        choices=level_choices(progress, allowed=allowed, suggested=suggested, sends=look.sends()),
    )
    if form.choices and form.is_valid():
        try:
            level = form.cleaned_data["choice"]
            changes.set_level(followed=followed, level=level, word=word_of(form), actor=request.user, at=now)
            messages.success(request, _("The risk level is set. Below is what is to be done now."))
            return to_radar(followed)
        except ActionRefused as refusal:
            explain(form, refusal, who=look.who(look.radar.procedure.level_role))
    against, in_favour = criteria(progress)
    context = page_context(request, look) | {
        "form": form,
        "is_limited": len(allowed) < len(levels),
        "who": look.who(look.radar.procedure.level_role),
        "against": against,
        "in_favour": in_favour,
    }
    return render(request, "casework/procedure_level.html", context)


@keeps_what_was_typed
@opens_procedure()
def end(request: HttpRequest, followed: Any) -> HttpResponse:
    """End the work under the procedure on one of its grounds."""
    now, look = timezone.now(), look_at(request, followed)
    progress = look.radar.progress
    form = EndForm(
        **typed_on(request, on=today_of(followed), choice=request.GET.get("ground", "")),
        choices=ground_choices(progress, look.facts.around),
    )
    if form.is_valid():
        ground = form.cleaned_data["choice"]
        try:
            word = word_of(form, *form.stated(ground))
            changes.end_procedure(followed=followed, ground=ground, word=word, actor=request.user, at=now)
            messages.success(request, _("The work under the procedure has ended."))
            return to_radar(followed)
        except ActionRefused as refusal:
            explain(form, refusal, who=look.who_ends)
    elif not followed.is_running:
        return overtaken(request, followed, refusals.ProcedureOver())
    context = page_context(request, look) | {
        "form": form,
        "papers": look.papers_of_end(),
        "council": look.council_of_end(),
        "may_end": followed.is_running and changes.may_end(followed, progress, user=request.user, at=now),
    }
    return render(request, "casework/procedure_end.html", context)


@keeps_what_was_typed
@opens_procedure()
def move(request: HttpRequest, followed: Any) -> HttpResponse:
    """Let the case go on by the newer edition in force, after showing what becomes of every step."""
    look = look_at(request, followed)
    if look.newer is None or not followed.is_running:
        return overtaken(request, followed, refusals.NoNewerEdition())
    form = MoveForm(**typed_on(request, edition=look.newer.number))
    if form.is_valid():
        answers = form.cleaned_data
        try:
            if answers["edition"] != look.newer.number:
                raise refusals.ProcedureNotInForce
            now = timezone.now()
            word = procedures.Word(on=timezone.localdate(), words=answers["words"], token=answers["token"])
            changes.move_to(followed=followed, edition=look.newer, word=word, actor=request.user, at=now)
            messages.success(request, _("The case follows the newer edition now."))
            return to_radar(followed)
        except ActionRefused as refusal:
            explain(form, refusal, who=followed.case.agency.name)
    moved = radar.look_at_move(followed, look.newer)
    return render(request, "casework/procedure_move.html", page_context(request, look) | {"form": form, "moved": moved})


@keeps_what_was_typed
@opens_procedure()
def annul(request: HttpRequest, followed: Any, event: int) -> HttpResponse:
    """Take back an entry that was a mistake: it stays readable and counts no more."""
    entry = get_object_or_404(followed.events.select_related("case_procedure__case__agency"), pk=event)
    look = look_at(request, followed)
    line = next((each for each in look.entries if each.number == entry.pk), None)
    form = WhyForm(**typed_on(request))
    if form.is_valid():
        now, answers = timezone.now(), form.cleaned_data
        try:
            word = procedures.Word(on=timezone.localdate(), words=answers["words"], token=answers["token"])
            changes.annul(event=entry, word=word, actor=request.user, at=now)
            messages.success(request, _("The entry is taken back. It stays readable and counts no more."))
            return to_radar(followed)
        except ActionRefused as refusal:
            explain(form, refusal, who=_("whoever wrote it, or whose step it is"))
    if line is None:
        return overtaken(request, followed, refusals.AlreadyAnnulled())
    context = page_context(request, look) | {"form": form, "entry": line, "after": look_at_annulment(look, entry)}
    return render(request, "casework/procedure_annul.html", context)


@opens_procedure(acting=False)
def timeline(request: HttpRequest, followed: Any) -> HttpResponse:
    """Show what happened under the procedure, and when, on a time axis."""
    record_read(case=followed.case, actor=request.user, at=timezone.now())
    look = look_at(request, followed)
    context = page_context(request, look) | {
        "timeline": time_axis(look.radar.progress, look.entries, around=look.facts.around)
    }
    return render(request, "casework/procedure_timeline.html", context)
