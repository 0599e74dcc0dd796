"""Councils and who sits in them."""

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
from casework.actions import councils, meeting_pages, meetings
from casework.actions.refusals import ActionRefused
from casework.forms.councils import (
    ChangeCouncilForm,
    CouncilForm,
    MemberAgencyForm,
    MemberForm,
    open_agencies,
)
from casework.forms.meetings import MeetingForm
from casework.views.doors import keeps_what_was_typed, staff_only, tell, typed
from casework.views.refused_words import tell_beside

View = Callable[..., HttpResponseBase]
MEETINGS_ON_A_PAGE = 20


def opens_council(view: View) -> View:
    """Hand over the council named by `number` and what the person is in it; 404 for whoever has nothing to do with it."""

    @staff_only
    @wraps(view)
    def opened(request: HttpRequest, number: int, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        try:
            council = councils.get_council(user=request.user, number=number, today=today)
        except access.CaseNotFound:
            raise Http404 from None
        return view(request, council, councils.seat_in(council, user=request.user, today=today), **kwargs)

    return opened


def for_head(view: View) -> View:
    """Let in only the head of the agency that holds the council."""

    @wraps(view)
    def opened(request: HttpRequest, council: Any, seat: Any, **kwargs: Any) -> HttpResponseBase:
        if not seat.is_holders_head:
            raise Http404
        return view(request, council, **kwargs)

    return opened


@staff_only
def council_list(request: HttpRequest) -> HttpResponse:
    """List the councils in which the person sits or that their agency holds, and the meetings to come."""
    today = timezone.localdate()
    context = {
        "councils": access.councils_of(user=request.user, today=today).select_related("agency"),
        "meetings": meeting_pages.to_come(user=request.user, today=today),
        "may_found": councils.agencies_headed_by(request.user).exists(),
    }
    return render(request, "casework/council_list.html", context)


@keeps_what_was_typed
@staff_only
def new_council(request: HttpRequest) -> HttpResponse:
    """Found a council."""
    agencies = councils.agencies_headed_by(request.user)
    if not agencies.exists():
        raise Http404
    form = CouncilForm(**typed(request), agencies=agencies)
    if form.is_valid():
        try:
            council = councils.make_council(actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The council is founded. Add its members next."))
            return redirect("casework:council", council.pk)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/council_new.html", {"form": form})


@opens_council
def council(request: HttpRequest, council: Any, seat: Any) -> HttpResponse:
    """Show a council: its members and its meetings."""
    members = councils.members_on(council, today=timezone.localdate())
    context = {
        "council": council,
        "seat": seat,
        "members": members,
        "lacks_members": len(members) < council.quorum,
        "meetings": council.meetings.all()[:MEETINGS_ON_A_PAGE],
    }
    return render(request, "casework/council.html", context)


@keeps_what_was_typed
@opens_council
@for_head
def change_council(request: HttpRequest, council: Any) -> HttpResponse:
    """Change the name, the quorum, the place of a council, or end its work."""
    form = ChangeCouncilForm(**typed(request), council=council)
    if form.is_valid():
        try:
            councils.change_council(council=council, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("It is saved."))
            return redirect("casework:council", council.pk)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/council_change.html", {"form": form, "council": council})


@opens_council
@for_head
def choose_agency(request: HttpRequest, council: Any) -> HttpResponse:
    """Ask for which agency somebody takes a seat; the next page offers the people of that agency."""
    form = MemberAgencyForm(request.GET if "agency" in request.GET else None)
    if form.is_valid():
        return redirect("casework:add_member", council.pk, form.cleaned_data["agency"].pk)
    return render(request, "casework/council_agency.html", {"form": form, "council": council})


@keeps_what_was_typed
@opens_council
@for_head
def add_member(request: HttpRequest, council: Any, agency: int) -> HttpResponse:
    """Seat somebody of an agency."""
    chosen = get_object_or_404(open_agencies(), pk=agency)
    form = MemberForm(**typed(request), people=councils.people_of_agency(chosen))
    if form.is_valid():
        try:
            member = councils.add_member(
                council=council, agency=chosen, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("%(name)s is a member of the council now.") % {"name": member.full_name})
            return redirect("casework:council", council.pk)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/council_member.html", {"form": form, "council": council, "agency": chosen})


@require_POST
@opens_council
@for_head
def member_leaves(request: HttpRequest, council: Any, member: int) -> HttpResponse:
    """Take a member out of the council."""
    try:
        found = get_object_or_404(council.members, pk=member)
        councils.member_leaves(member=found, actor=request.user, at=timezone.now())
        messages.success(request, _("%(name)s has left the council.") % {"name": found.full_name})
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:council", council.pk)


@keeps_what_was_typed
@opens_council
def call_meeting(request: HttpRequest, council: Any, seat: Any) -> HttpResponse:
    """Call a meeting."""
    if not seat.calls:
        raise Http404
    form = MeetingForm(**typed(request), council=council)
    if form.is_valid():
        try:
            meeting = meetings.call_meeting(council=council, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The meeting is called. Put the cases on its agenda next."))
            return redirect("casework:meeting", meeting.token)
        except ActionRefused as refusal:
            tell_beside(request, form, refusal)
    return render(request, "casework/meeting_call.html", {"form": form, "council": council})
