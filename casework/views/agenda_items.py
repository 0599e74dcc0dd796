"""One case at a meeting: what a member sees of it and says, and the three stages of S000 for who leads the meeting."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import agenda_items, meeting_pages, opinions, packs
from casework.actions.council_refusals import ItemChanged
from casework.actions.refusals import ActionRefused
from casework.forms.agenda_items import (
    CategoriesForm,
    DecisionForm,
    FamilyForm,
    InformationForm,
    OpinionForm,
    OutcomeForm,
    PaperOpinionForm,
    ServiceForm,
    may_know_of_adoption,
)
from casework.principles import PRINCIPLES
from casework.views.doors import keeps_what_was_typed, tell, typed
from casework.views.meetings import opens_meeting
from casework.views.refused_words import tell_beside

View = Callable[..., HttpResponseBase]


def opens_item(*, leads: bool = False, chair: bool = False) -> Callable[[View], View]:
    """Hand over the look of a member at a case on the agenda; 404 for everybody else, the holder's own people included.

    `leads`: only for the secretary and the chair. `chair`: only for the chair.
    """

    def decorate(view: View) -> View:
        @opens_meeting()
        @wraps(view)
        def opened(request: HttpRequest, meeting: Any, seat: Any, number: int, **kwargs: Any) -> HttpResponseBase:
            now, today = timezone.now(), timezone.localdate()
            try:
                item = agenda_items.get_item(user=request.user, meeting=meeting, number=number, today=today)
            except access.CaseNotFound:
                raise Http404 from None
            if (leads and not seat.leads) or (chair and not seat.is_chair):
                raise Http404
            look = meeting_pages.look_at_item(item, user=request.user, seat=seat, at=now)
            return view(request, look, **kwargs)

        return opened

    return decorate


def _context(look: Any, **more: Any) -> dict[str, Any]:
    return {"look": look, "item": look.item, "meeting": look.item.meeting, "seat": look.seat, **more}


def _to_item(look: Any) -> HttpResponse:
    return redirect("casework:agenda_item", look.item.meeting.token, look.item.pk)


def _on_version(request: HttpRequest, look: Any, **known: Any) -> dict[str, Any]:
    """Return the arguments of a form whose words lie over those of others: what stands, and the version it was made from."""
    arguments = typed(request)
    arguments["initial"] = {**known, **arguments.get("initial", {}), "version": look.item.version}
    return arguments


def _refused(request: HttpRequest, form: Any, look: Any, refusal: ActionRefused) -> None:
    """Say why, and let the words that were typed be sent once more on top of what somebody else has saved."""
    tell_beside(request, form, refusal)
    if isinstance(refusal, ItemChanged):
        form.send_again_on(look.item.version)


@opens_item()
def item(request: HttpRequest, look: Any) -> HttpResponse:
    """Show a case on the agenda to a member, and write down that they read it."""
    now = timezone.now()
    agenda_items.record_item_read(item=look.item, actor=request.user, at=now)
    kinds = opinions.kind_open_now(look.item.meeting, look.seat.member, at=now)
    papers = opinions.papers_to_write_down(look.item.meeting, at=now) if look.seat.leads else []
    return render(request, "casework/meeting_item.html", _context(look, kinds=kinds, papers=papers))


@keeps_what_was_typed
@opens_item()
def opinion(request: HttpRequest, look: Any, kind: str) -> HttpResponse:
    """Write one's own opinion of a case."""
    if kind not in opinions.KINDS:
        raise Http404
    form = OpinionForm(**_with_opinion(request, look, kind=kind, member=look.seat.member.pk))
    if form.is_valid():
        try:
            opinions.give_opinion(
                item=look.item, kind=kind, text=form.cleaned_data["text"], actor=request.user, at=timezone.now()
            )
            messages.success(request, _("Your opinion is written down."))
            return _to_item(look)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/meeting_opinion.html", _context(look, form=form, kind=kind))


def _with_opinion(request: HttpRequest, look: Any, *, kind: str, member: int) -> dict[str, Any]:
    """Return the arguments of a form that begins with what a member has said already."""
    said = next((each for each in look.opinions if each.kind == kind and each.member_id == member), None)
    arguments = typed(request)
    arguments["initial"] = {"text": said.text if said else "", **arguments.get("initial", {})}
    return arguments


@keeps_what_was_typed
@opens_item(leads=True)
def opinion_from_paper(request: HttpRequest, look: Any, kind: str, member: int) -> HttpResponse:
    """Write down the opinion that a member without an account gave on paper."""
    now = timezone.now()
    papers = {each.pk: (each, open_now) for each, open_now in opinions.papers_to_write_down(look.item.meeting, at=now)}
    speaker, open_now = papers.get(member, (None, ()))
    if speaker is None or kind not in open_now:
        raise Http404
    form = PaperOpinionForm(**_with_opinion(request, look, kind=kind, member=member))
    if form.is_valid():
        try:
            opinions.write_from_paper(
                item=look.item, member=speaker, kind=kind, text=form.cleaned_data["text"], actor=request.user, at=now
            )
            messages.success(request, _("The opinion is written down from paper."))
            return _to_item(look)
        except ActionRefused as refusal:
            tell(request, refusal)
    context = _context(look, form=form, kind=kind, speaker=speaker)
    return render(request, "casework/meeting_opinion.html", context)


@keeps_what_was_typed
@opens_item(leads=True)
def family(request: HttpRequest, look: Any) -> HttpResponse:
    """Write down whether the family is invited and came, and what the child thinks."""
    names = ("family_invited", "not_invited_reason", "family_attended", "child_opinion", "child_opinion_how")
    form = FamilyForm(**_on_version(request, look, **{name: getattr(look.item, name) for name in names}))
    if form.is_valid():
        try:
            agenda_items.write_family(item=look.item, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("It is saved."))
            return _to_item(look)
        except ActionRefused as refusal:
            _refused(request, form, look, refusal)
    return render(request, "casework/meeting_family.html", _context(look, form=form))


@keeps_what_was_typed
@opens_item(leads=True)
def information(request: HttpRequest, look: Any) -> HttpResponse:
    """Stage 1: write down what each member tells."""
    told = {each.member_id: each.facts for each in look.information}
    rows = meeting_pages.attendance_of(look.item.meeting)
    form = InformationForm(**_on_version(request, look), rows=rows, told=told)
    if form.is_valid():
        try:
            agenda_items.write_information(
                item=look.item,
                facts=form.facts,
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("It is saved."))
            return _to_item(look)
        except ActionRefused as refusal:
            _refused(request, form, look, refusal)
    return render(request, "casework/meeting_information.html", _context(look, form=form))


@keeps_what_was_typed
@opens_item(leads=True)
def services(request: HttpRequest, look: Any) -> HttpResponse:
    """Stage 2: write down which types of services fit what is needed."""
    form = ServiceForm(**typed(request))
    if form.is_valid():
        try:
            agenda_items.add_service(item=look.item, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The service is written down."))
            return redirect("casework:item_services", look.item.meeting.token, look.item.pk)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/meeting_services.html", _context(look, form=form))


@require_POST
@opens_item(leads=True)
def drop_service(request: HttpRequest, look: Any, service: int) -> HttpResponse:
    """Take away a service that was written down by mistake."""
    found = get_object_or_404(look.item.services.select_related("item__meeting"), pk=service)
    try:
        agenda_items.drop_service(service=found, actor=request.user, at=timezone.now())
        messages.success(request, _("The service is taken away."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:item_services", look.item.meeting.token, look.item.pk)


@keeps_what_was_typed
@opens_item(leads=True)
def decisions(request: HttpRequest, look: Any) -> HttpResponse:
    """Stage 3: write down the decisions, one after the other."""
    meeting = look.item.meeting
    form = DecisionForm(
        **typed(request), members=meeting_pages.members_taking_part(meeting), today=timezone.localdate()
    )
    if form.is_valid():
        try:
            agenda_items.add_decision(item=look.item, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The decision is written down. It becomes a task when the protocol is signed."))
            return redirect("casework:item_decisions", meeting.token, look.item.pk)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/meeting_decisions.html", _context(look, form=form, principles=PRINCIPLES))


@require_POST
@opens_item(leads=True)
def drop_decision(request: HttpRequest, look: Any, decision: int) -> HttpResponse:
    """Take away a decision that was written down by mistake."""
    found = get_object_or_404(look.item.decisions.select_related("item__meeting"), pk=decision)
    try:
        agenda_items.drop_decision(decision=found, actor=request.user, at=timezone.now())
        messages.success(request, _("The decision is taken away."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:item_decisions", look.item.meeting.token, look.item.pk)


@keeps_what_was_typed
@opens_item(leads=True)
def outcome(request: HttpRequest, look: Any) -> HttpResponse:
    """Stage 3: write down what was heard and decided, the votes, and what the step of the procedure ends with."""
    names = ("heard", "decided", "votes_for", "votes_against", "votes_abstained", "outcome")
    known = {name: getattr(look.item, name) for name in names}
    known["until"] = f"{look.item.until:%d.%m.%Y}" if look.item.until else ""
    form = OutcomeForm(**_on_version(request, look, **known), step=look.step, decisions=look.possible)
    if form.is_valid():
        try:
            agenda_items.write_outcome(item=look.item, actor=request.user, at=timezone.now(), **form.words)
            messages.success(request, _("It is saved."))
            return _to_item(look)
        except ActionRefused as refusal:
            _refused(request, form, look, refusal)
    return render(request, "casework/meeting_outcome.html", _context(look, form=form, principles=PRINCIPLES))


@opens_item(chair=True)
def item_packs(request: HttpRequest, look: Any) -> HttpResponse:
    """Show the chair which agency sees what of the case, and open or close special categories to one of them."""
    shown = meeting_pages.packs_of(look.item, today=timezone.localdate())
    if request.method == "POST":
        pack = next((each for each in shown if str(each.pk) == request.POST.get("pack")), None)
        form = CategoriesForm(request.POST, may_know_of_adoption=pack is not None and may_know_of_adoption(pack.agency))
        if pack is not None and form.is_valid():
            _open_categories(request, pack, form)
        return redirect("casework:item_packs", look.item.meeting.token, look.item.pk)
    forms = [
        (
            pack,
            CategoriesForm(
                initial={"categories": pack.disclosure.categories},
                may_know_of_adoption=may_know_of_adoption(pack.agency),
                auto_id=f"pack-{pack.pk}-%s",
            ),
        )
        for pack in shown
    ]
    return render(request, "casework/meeting_packs.html", _context(look, packs=forms))


def _open_categories(request: HttpRequest, pack: Any, form: CategoriesForm) -> None:
    try:
        packs.open_categories(
            pack=pack, categories=form.cleaned_data["categories"], actor=request.user, at=timezone.now()
        )
        messages.success(request, _("It is saved: %(agency)s.") % {"agency": pack.agency})
    except ActionRefused as refusal:
        tell(request, refusal)
