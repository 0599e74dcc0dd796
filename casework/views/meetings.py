"""A meeting of a council: its agenda, its invitations, who takes part and how far it has come."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import agenda, agenda_proposals, councils, meeting_pages, meetings, opinions, protocol_papers
from casework.actions.council_refusals import not_enough
from casework.actions.refusals import ActionRefused
from casework.forms.meetings import AttendanceForm, MoveMeetingForm, OwnCaseForm, PutOnForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, staff_only, tell, typed
from casework.views.refused_words import tell_beside

View = Callable[..., HttpResponseBase]


def opens_meeting(*, calls: bool = False, leads: bool = False) -> Callable[[View], View]:
    """Hand over the meeting named by `token` and what the person is in its council; 404 for whoever has nothing to do with it.

    `calls`: only for who calls meetings and makes agendas. `leads`: only for the secretary and the chair.
    """

    def decorate(view: View) -> View:
        @staff_only
        @wraps(view)
        def opened(request: HttpRequest, token: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
            today = timezone.localdate()
            try:
                meeting = access.get_meeting(user=request.user, token=token, today=today)
            except access.CaseNotFound:
                raise Http404 from None
            seat = councils.seat_in(meeting.council, user=request.user, today=today)
            if (calls and not seat.calls) or (leads and not seat.leads):
                raise Http404
            return view(request, meeting, seat, **kwargs)

        return opened

    return decorate


@opens_meeting()
def meeting(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Show a meeting: when, where, how far it has come, and its agenda as the person may see it."""
    now, today = timezone.now(), timezone.localdate()
    attendance = meeting_pages.attendance_of(meeting)
    present = meetings.taking_part(meeting)
    lines = meeting_pages.agenda_of(meeting, user=request.user, seat=seat, today=today)
    context = {
        "meeting": meeting,
        "council": meeting.council,
        "local_time": meeting.council.agency.local(meeting.held_at),
        "seat": seat,
        "lines": lines,
        "without": meeting_pages.without(meeting, user=request.user) if seat.sees_agenda else 0,
        "attendance": attendance,
        "silent": meeting_pages.waited_for(meeting, at=now) if seat.calls else [],
        "kinds": opinions.kind_open_now(meeting, seat.member, at=now) if seat.member else (),
        "stages": meetings.stages_of(meeting),
        "next_stage": meetings.stage_after(meeting),
        "lacking": protocol_papers.lacking_before_next_stage(meeting, actor=request.user, at=now) if seat.leads else [],
        "begins_later": meetings.has_not_begun(meeting) and not meetings.its_day_has_come(meeting, at=now),
        "may_call_again": seat.leads and meetings.is_begun_by_mistake(meeting),
        "lacks_quorum": not_enough(present, meeting.council.quorum) if present < meeting.council.quorum else "",
    }
    return render(request, "casework/meeting.html", context)


@opens_meeting(calls=True)
def agenda_page(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Make the agenda: what the radar proposes, and cases by their number."""
    form = PutOnForm(**typed(request))
    if form.is_valid():
        try:
            _put_on(meeting, form, actor=request.user)
            messages.success(request, _("The case is on the agenda."))
            return redirect("casework:agenda", meeting.token)
        except ActionRefused as refusal:
            if meeting.is_over:
                tell(request, refusal)
            else:
                tell_beside(request, form, refusal)
    context = {
        "meeting": meeting,
        "council": meeting.council,
        "form": form,
        "lines": meeting_pages.agenda_of(meeting, user=request.user, seat=seat, today=timezone.localdate()),
        "without": meeting_pages.without(meeting, user=request.user),
        "proposals": [] if meeting.is_over else _proposals(request, meeting),
        "may_take_off": meetings.has_not_begun(meeting),
    }
    return render(request, "casework/meeting_agenda.html", context)


def _proposals(request: HttpRequest, meeting: Any) -> list[Any]:
    """Return what the radar proposes, without the cases from which the person is kept out by name."""
    kept_out = set(access.barred_from(request.user).values_list("case", flat=True))
    proposed = agenda_proposals.proposals_for(meeting.council, at=timezone.now())
    return [each for each in proposed if each.case_id not in kept_out]


def _put_on(meeting: Any, form: PutOnForm, *, actor: Any) -> None:
    """Put the case of a form on the agenda. Raises `ActionRefused`."""
    words, now = form.cleaned_data, timezone.now()
    case = agenda.case_by_number(user=actor, meeting=meeting, reference=words["reference"], at=now)
    step = agenda.named_step(case, f"{words['case_procedure']}:{words['step']}") if words["step"] else {}
    agenda.put_on_agenda(
        meeting=meeting, case=case, reason=words["reason"], question=words["question"], actor=actor, at=now, **step
    )


@keeps_what_was_typed
@opens_case("view_case")
def put_own_case(request: HttpRequest, case: Any) -> HttpResponse:
    """Put one's own case on the agenda of a meeting of its territory."""
    now = timezone.now()
    context = case_context(request, case)
    if not (context["may_work"] or context["may_lead"]):
        raise Http404
    upcoming = list(agenda.upcoming_meetings(case, at=now))
    form = OwnCaseForm(**typed(request), meetings=upcoming, steps=agenda.steps_for(upcoming, case))
    form.fields["step"].initial = request.GET.get("step", "")
    if form.is_valid():
        try:
            step = agenda.named_step(case, form.cleaned_data["step"])
            agenda.put_own_case(
                meeting=form.cleaned_data["meeting"],
                case=case,
                question=form.cleaned_data["question"],
                actor=request.user,
                at=now,
                **step,
            )
            messages.success(request, _("The case is on the agenda. Its members see what is meant for their agency."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    items = list(agenda.meetings_of(case))
    is_on_all = not upcoming and meeting_pages.stands_on_coming_agenda(items, at=now)
    context |= {"form": form, "items": items, "is_on_all": is_on_all}
    return render(request, "casework/council_case.html", context)


def _line(request: HttpRequest, meeting: Any, number: int) -> Any:
    """Return a case on the agenda; 404 for one that is not there or not for this person."""
    try:
        return agenda.get_line(user=request.user, meeting=meeting, number=number)
    except access.CaseNotFound:
        raise Http404 from None


@require_POST
@opens_meeting(calls=True)
def take_off(request: HttpRequest, meeting: Any, seat: Any, number: int) -> HttpResponse:
    """Take a case off the agenda."""
    item = _line(request, meeting, number)
    try:
        agenda.take_off_agenda(item=item, actor=request.user, at=timezone.now())
        messages.success(request, _("The case is off the agenda. Nobody sees anything of it because of this meeting."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:agenda", meeting.token)


@require_POST
@opens_meeting(calls=True)
def move_item(request: HttpRequest, meeting: Any, seat: Any, number: int) -> HttpResponse:
    """Move a case one place up or down on the agenda."""
    item = _line(request, meeting, number)
    try:
        agenda.move_item(item=item, up=request.POST.get("to") == "up", actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:agenda", meeting.token)


@require_POST
@opens_meeting(calls=True)
def invite(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Invite the members and give each agency its papers."""
    try:
        made = meetings.invite(meeting=meeting, actor=request.user, at=timezone.now())
        said = ngettext(
            "The members are invited; %(number)d set of papers was made.",
            "The members are invited; %(number)d sets of papers were made.",
            made,
        )
        messages.success(request, said % {"number": made})
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:meeting", meeting.token)


@keeps_what_was_typed
@opens_meeting(calls=True)
def move(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Put the meeting off to another time or place."""
    form = MoveMeetingForm(**typed(request), meeting=meeting)
    if form.is_valid():
        try:
            meetings.move_meeting(meeting=meeting, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The meeting has another time now. Tell those who are invited by paper."))
            return redirect("casework:meeting", meeting.token)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/meeting_move.html", {"form": form, "meeting": meeting})


@opens_meeting(calls=True)
def cancel(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Cancel the meeting, after asking once more."""
    if request.method == "POST":
        try:
            meetings.cancel_meeting(meeting=meeting, actor=request.user, at=timezone.now())
            messages.success(request, _("The meeting is cancelled. Its papers are closed for everybody."))
        except ActionRefused as refusal:
            tell(request, refusal)
        return redirect("casework:meeting", meeting.token)
    return render(request, "casework/meeting_cancel.html", {"meeting": meeting})


@keeps_what_was_typed
@opens_meeting(leads=True)
def attendance(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Mark who takes part, in the room or remotely."""
    arguments = typed(request)
    arguments["initial"] = {**arguments.get("initial", {}), "version": meeting.version}
    form = AttendanceForm(**arguments, rows=meeting_pages.attendance_of(meeting))
    if form.is_valid():
        try:
            meetings.mark_attendance(
                meeting=meeting,
                presence=form.presence,
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("It is written down who takes part."))
            return redirect("casework:meeting", meeting.token)
        except ActionRefused as refusal:
            tell(request, refusal)
            form.send_again_on(meeting.version)
    return render(request, "casework/meeting_attendance.html", {"form": form, "meeting": meeting})


@require_POST
@opens_meeting(leads=True)
def stage(request: HttpRequest, meeting: Any, seat: Any) -> HttpResponse:
    """Lead the meeting on to its next stage, or back."""
    version = request.POST.get("version", "")
    try:
        meetings.go_to_stage(
            meeting=meeting,
            stage=request.POST.get("stage", ""),
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            actor=request.user,
            at=timezone.now(),
        )
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:meeting", meeting.token)
