"""The protocol of a meeting: looked at before it is signed, signed, handed out, added to; and the extract of an executor."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework.actions import addenda, meeting_pages, protocol_extracts, protocol_papers, protocols
from casework.actions.protocol_refusals import NoFormOfProtocol
from casework.actions.refusals import ActionRefused
from casework.forms import AddendumForm
from casework.principles import PRINCIPLES
from casework.views.agenda_items import opens_item
from casework.views.assignments import opens_assignment
from casework.views.doors import keeps_what_was_typed, tell, typed
from casework.views.meetings import opens_meeting
from casework.views.papers import word_file


@opens_meeting()
def protocol(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Show who leads the meeting what will be filed and what is missing; after the signature, to members, what was filed."""
    if seat.member is None or meeting.stage == meeting.Stage.CANCELLED:
        raise Http404
    without = meeting_pages.without(meeting, user=request.user)
    context = {
        "meeting": meeting,
        "council": meeting.council,
        "seat": seat,
        "principles": PRINCIPLES,
        "without": without,
    }
    if meeting.is_over:
        filed = protocol_extracts.filed_papers(meeting, seat=seat, user=request.user, today=timezone.localdate())
        return render(request, "casework/protocol.html", context | {"papers": filed})
    if not seat.leads:
        raise Http404
    try:
        papers = protocol_papers.papers_of(meeting, actor=request.user, at=timezone.now())
    except NoFormOfProtocol as refusal:
        tell(request, refusal)
        papers = []
    gaps = protocol_papers.gaps_of_meeting(meeting)
    is_whole = bool(papers) and not without and not gaps and not any(paper.gaps for paper in papers)
    return render(
        request,
        "casework/protocol_preview.html",
        context | {"papers": papers, "gaps": gaps, "is_whole": is_whole and meeting.stage == meeting.Stage.DECISIONS},
    )


@require_POST
@opens_meeting(leads=True)
def sign(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Sign the protocol: it is filed in every case, and its decisions go to their executors."""
    try:
        protocols.sign_protocol(meeting=meeting, actor=request.user, at=timezone.now())
        messages.success(request, _("The protocol is signed. The executors have their decisions now."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:protocol", meeting.token)


@require_GET
@opens_item()
def item_protocol(request: HttpRequest, look: Any) -> HttpResponse:
    """Give a member the signed protocol of one case as a Word document: whole, or the extract of their agency."""
    item = look.item
    try:
        handed = protocol_extracts.issue_protocol(item=item, seat=look.seat, actor=request.user, at=timezone.now())
    except ActionRefused:
        raise Http404 from None
    return word_file(handed.data, name=f"{item.case.reference}-{item.protocol.number}.docx")


@keeps_what_was_typed
@opens_item(leads=True)
def item_addendum(request: HttpRequest, look: Any) -> HttpResponse:
    """Correct a signed protocol by an addendum, which is printed after it."""
    item = look.item
    if item.protocol is None:
        raise Http404
    form = AddendumForm(**typed(request))
    if form.is_valid():
        words = form.cleaned_data
        try:
            addenda.add_to(
                submission=item.protocol,
                text=words["text"],
                actor=request.user,
                at=timezone.now(),
                token=words["token"],
            )
            messages.success(request, _("Added. It is printed together with the form."))
            return redirect("casework:protocol", item.meeting.token)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "casework/protocol_addendum.html", {"item": item, "meeting": item.meeting, "form": form})


@require_GET
@opens_assignment
def extract(request: HttpRequest, assignment: Any) -> HttpResponse:
    """Give the executor the extract of the protocol: only what their agency carries out."""
    try:
        handed = protocol_extracts.issue_own_extract(assignment=assignment, actor=request.user, at=timezone.now())
    except ActionRefused:
        raise Http404 from None
    return word_file(handed.data, name=f"{assignment.case.reference}-{assignment.pk}.docx")
