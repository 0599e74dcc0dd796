"""Finding a family for a child of a case: what has to be found out, who fits, who is chosen, and where the child lives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import matching, matching_sheets, matching_steps, placement_acts, placements
from casework.actions.closed import CategoryClosed
from casework.actions.progress import progress_of
from casework.actions.refusals import ActionRefused
from casework.actions.roles import MAY_DO
from casework.care_sheet import care_sheet
from casework.forms.carers import AroundForm, EndPlacementForm, MatchForm, PlaceForm
from casework.needs_card import needs_in, unknown_in
from casework.views.carers import carer_or_404
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, tell, typed


@dataclass(frozen=True)
class Seeking:
    """The child for whom a family is sought, and the needs card; without one, `why` says what is missing and `form` fills it."""

    children: list[Any]
    child: Any = None
    card: Any = None
    why: str = ""
    form: str = ""


def matches(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the case to the view for whoever works on it or decides in it; 404 for everybody else."""

    @opens_case("view_case")
    @wraps(view)
    def opened(request: HttpRequest, case: Any, **kwargs: Any) -> HttpResponseBase:
        today = case.agency.local(timezone.now()).date()
        if not MAY_DO & access.permissions_on(case, user=request.user, today=today):
            raise Http404
        return view(request, case, **kwargs)

    return opened


def _seek(request: HttpRequest, case: Any) -> Seeking:
    """Return the child that the address names, or the first, with its card; the reading of the card is written down."""
    children = matching.children_in(case)
    wanted = request.GET.get("child", "")
    child = next(
        (each for each in children if str(each.pk) == wanted), children[0] if children and not wanted else None
    )
    if wanted and child is None:
        raise Http404
    if child is None:
        return Seeking(children, why=_("Enter the child among the people of the case first."))
    child.case = case
    cards = matching.cards_of(case)
    card = matching.card_of(child, cards=cards, children=children)
    if card is None:
        return Seeking(children, child, why=_why_no_card(cards), form=matching.CARD)
    try:
        matching.read_card(card, case=case, user=request.user, at=timezone.now())
    except CategoryClosed as refusal:
        return Seeking(children, child, why=str(refusal))
    return Seeking(children, child, card)


def _why_no_card(cards: Sequence[Any]) -> str:
    """Return what is missing; a card that is filed under another spelling of the name is named by its number."""
    if not cards:
        return str(matching.NoNeedsCard.message)
    numbers = ", ".join(f"№ {card.number}" for card in cards)
    words = _(
        "No needs card bears this child’s name. Filed in the case: %(numbers)s. If one of them is of this child, correct the name"
        " in it so that it is as in the case; otherwise fill in a card for this child."
    )
    return words % {"numbers": numbers}


def _around(request: HttpRequest, seeking: Seeking) -> tuple[AroundForm, matching.Circumstances, str]:
    """Return what people add to the card: as a form, as it counts, and as the end of an address."""
    said = needs_in(seeking.card.edition.schema, seeking.card.answers, age_months=None, together=1)
    form = AroundForm(request.GET if request.GET.keys() & {"together", "also"} else {"together": said.together})
    answers = form.cleaned_data if form.is_valid() else {}
    around = matching.Circumstances(
        together=max(answers.get("together") or 1, said.together), also=tuple(answers.get("also") or ())
    )
    query = {"child": seeking.child.pk, "together": around.together, "also": list(around.also)}
    return form, around, urlencode(query, doseq=True)


def _today(case: Any) -> Any:
    return case.agency.local(timezone.now()).date()


def _back_to(case: Any, child: Any) -> str:
    return f"{reverse('casework:matching', args=[case.reference])}?child={child.pk}"


@matches
def match(request: HttpRequest, case: Any) -> HttpResponse:
    """Show every family with what the rules say of it for this child: exclusions, advice, risks and resources."""
    seeking, followed = _seek(request, case), matching_steps.procedure_in(case)
    context = case_context(request, case) | {
        "seeking": seeking,
        "birth_family": matching_steps.birth_family_work(followed) if followed else None,
        "placements": placements.placements_in(case),
        "decisions": matching.decisions_about(case, user=request.user),
        "acts_waiting": placement_acts.acts_waiting(case, user=request.user, today=_today(case)),
    }
    if seeking.card:
        form, around, query = _around(request, seeking)
        today = _today(case)
        context |= {
            "form": form,
            "query": query,
            "needs": matching.needs_of(seeking.child, card=seeking.card, around=around, today=today),
            "considered": matching.consider(
                seeking.child, card=seeking.card, around=around, user=request.user, today=today
            ),
            "chosen": matching.chosen_for(seeking.child),
        }
    return render(request, "casework/matching.html", context)


@keeps_what_was_typed
@matches
def match_family(request: HttpRequest, case: Any, family: UUID) -> HttpResponse:
    """Choose a family for the child, or turn it down, with reasons."""
    found, seeking = carer_or_404(request, family), _seek(request, case)
    if seeking.card is None:
        messages.error(request, seeking.why)
        return redirect("casework:matching", case.reference)
    _form, around, query = _around(request, seeking)
    child, today = seeking.child, _today(case)
    form = MatchForm(**typed(request))
    if form.is_valid():
        try:
            decided = matching.decide_match(
                case=case,
                child=child,
                family=found,
                around=around,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
            words = _("The family is chosen.") if decided.is_chosen else _("The family is turned down for this child.")
            messages.success(request, words)
            return redirect(_back_to(case, child))
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {
        "form": form,
        "family": found,
        "child": child,
        "query": query,
        "verdict": matching.verdict_on(found, child=child, card=seeking.card, around=around, today=today),
    }
    return render(request, "casework/matching_decide.html", context)


@require_POST
@matches
def begin_sheet(request: HttpRequest, case: Any) -> HttpResponse:
    """Begin the matching sheet with what was considered and chosen."""
    seeking = _seek(request, case)
    chosen = matching.chosen_for(seeking.child) if seeking.card else None
    if chosen is None:
        messages.error(request, seeking.why or str(placements.NobodyChosen.message))
        return redirect("casework:matching", case.reference)
    around = matching.Circumstances(together=chosen.together, also=tuple(chosen.also))
    today, about = _today(case), {"card": seeking.card, "around": around}
    try:
        draft = matching_sheets.begin_sheet(
            child=seeking.child,
            card=seeking.card,
            considered=matching.consider(seeking.child, **about, user=request.user, today=today),
            chosen=chosen,
            needs=matching.needs_of(seeking.child, **about, today=today),
            actor=request.user,
            at=timezone.now(),
        )
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect(_back_to(case, seeking.child))
    return redirect("casework:draft", case.reference, draft.pk)


@keeps_what_was_typed
@matches
def place(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Write down that a child lives with the chosen family."""
    decision = get_object_or_404(matching.decisions_about(case, user=request.user), pk=number, is_chosen=True)
    words, act = typed(request), matching_sheets.current_act(case, child=decision.child)
    if words["data"] is None:
        agreed = placements.days_agreed(act)
        words["initial"] = {**agreed, **words.get("initial", {})}
    form = PlaceForm(**words, today=_today(case))
    if form.is_valid():
        try:
            placements.place_child(decision=decision, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(
                request, _("The placement is written down. The work with the birth family does not stop because of it.")
            )
            return redirect(_back_to(case, decision.child))
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {"form": form, "decision": decision, "act": act}
    return render(request, "casework/matching_place.html", context)


@keeps_what_was_typed
@matches
def end_placement(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Write down that a child does not live with the family any more."""
    placement = get_object_or_404(placements.placements_in(case), pk=number)
    words, followed = typed(request), matching_steps.procedure_in(case)
    decided = matching_steps.end_decided(progress_of(followed)) if followed else None
    if decided:
        words["initial"] = {"how": decided.how, **words.get("initial", {})}
    form = EndPlacementForm(**words, today=_today(case))
    if form.is_valid():
        try:
            placements.end_placement(placement=placement, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The end is written down: the place is free, and the family rests."))
            return redirect(_back_to(case, placement.child))
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {"form": form, "placement": placement}
    return render(request, "casework/matching_end.html", context)


@matches
def needs(request: HttpRequest, case: Any) -> HttpResponse:
    """Show what nobody knows yet about the child, and the list of what is to be found out."""
    seeking = _seek(request, case)
    context = case_context(request, case) | {"seeking": seeking}
    if seeking.card:
        seeking.card.case = case
        questions = matching_sheets.to_find_out(seeking.card)
        context |= {
            "unknown": unknown_in(seeking.card.edition.schema, seeking.card.answers),
            "questions": questions,
            "can_ask": case.is_running and any(each.task is None for each in questions),
        }
    return render(request, "casework/matching_needs.html", context)


@require_POST
@matches
def ask_everything(request: HttpRequest, case: Any) -> HttpResponse:
    """Make tasks of everything on the list."""
    seeking = _seek(request, case)
    try:
        if seeking.card is None:
            raise matching.NoNeedsCard
        asked = matching_sheets.ask_everything(case=case, card=seeking.card, actor=request.user, at=timezone.now())
        messages.success(
            request,
            _("Tasks given to you: %(number)s. Hand over those that somebody else asks.") % {"number": len(asked)},
        )
    except ActionRefused as refusal:
        tell(request, refusal)
    child = f"?child={seeking.child.pk}" if seeking.child else ""
    return redirect(reverse("casework:child_needs", args=[case.reference]) + child)


@matches
def family_sheet(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the sheet that the partner family gets: what the child needs, nothing of the birth family's history."""
    seeking, papers = _seek(request, case), {}
    if seeking.card:
        try:
            papers = matching_sheets.read_papers_of_sheet(
                seeking.child, card=seeking.card, user=request.user, at=timezone.now()
            )
        except ActionRefused as refusal:
            seeking = Seeking(seeking.children, seeking.child, why=str(refusal))
    until = placements.expected_until(seeking.child) if seeking.card else None
    sheet = care_sheet(seeking.card, **papers, until=until) if seeking.card else None
    return render(
        request,
        "casework/matching_family_sheet.html",
        case_context(request, case) | {"seeking": seeking, "sheet": sheet},
    )
