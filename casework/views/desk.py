"""«Мой день» and the list of cases."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.actions import (
    assignment_lists,
    carer_register,
    cases,
    emergencies,
    inbox,
    meeting_pages,
    rights,
    supervision,
)
from casework.actions.drafts import drafts_of
from casework.actions.parts import parts_of
from casework.forms import OpenCaseForm
from casework.views.doors import staff_only

ON_THE_DESK = 20
ON_A_PAGE = 50


@staff_only
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person today: new requests, what is due, their cases, their drafts."""
    now, today = timezone.now(), timezone.localdate()
    seen = access.cases_for(user=request.user, today=today).select_related("agency", "curator")
    own = list(access.agencies_of(request.user))
    new = seen.new().filter(agency__in=own)
    context = {
        "today": today,
        "agencies": own,
        "new": new.order_by("answer_by", "opened_at")[:ON_THE_DESK],
        "new_count": new.count(),
        "overdue_count": new.due_by(today - dt.timedelta(days=1)).count(),
        "due_today_count": new.filter(answer_by=today).count(),
        "mine": seen.running().curated_by(request.user).order_by("-opened_at", "-id")[:ON_THE_DESK],
        "mine_count": seen.running().curated_by(request.user).count(),
        "shared": seen.running().exclude(agency__in=own).order_by("-opened_at", "-id")[:ON_THE_DESK],
        "parts": [(part, part.is_overdue(today=today)) for part in parts_of(request.user, today=today)[:ON_THE_DESK]],
        "drafts": drafts_of(request.user, today=today)[:ON_THE_DESK],
        "unregistered_count": access.deliveries_for(user=request.user).filter(received_at=None).count(),
        "asked": assignment_lists.counts_for(request.user, today=today),
        "invited": meeting_pages.invitations_of(request.user, today=today),
        "keeps_carers": any(agency.kind in access.KEEPERS_OF_CARERS for agency in own),
        "carer_papers_count": carer_register.renewals_waiting(request.user, today=today),
        "emergencies_count": emergencies.to_review(user=request.user, today=today).count(),
        "standing": emergencies.standing_of(request.user, at=now),
        "is_head": rights.is_a_head(request.user),
        "unsupervised": supervision.headed_without_supervision(request.user, today=today),
        "inbox": inbox.inbox_of(request.user, at=now),
    }
    return render(request, "casework/desk.html", context)


@staff_only
def case_list(request: HttpRequest) -> HttpResponse:
    """Show every case the person may read, the newest first, a page at a time."""
    today = timezone.localdate()
    before = None
    if after_reference := request.GET.get("after"):
        try:
            before = access.get_case(user=request.user, reference=after_reference, today=today)
        except access.CaseNotFound:
            raise Http404 from None
    found = access.newest_cases(user=request.user, today=today, limit=ON_A_PAGE + 1, before=before)
    context = {
        "cases": found[:ON_A_PAGE],
        "has_more": len(found) > ON_A_PAGE,
        "is_first_page": before is None,
        "today": today,
    }
    return render(request, "casework/case_list.html", context)


@staff_only
def find_case(request: HttpRequest) -> HttpResponse:
    """Go to the case whose number was typed."""
    reference = request.GET.get("reference", "").strip()
    try:
        case = access.get_case(user=request.user, reference=reference, today=timezone.localdate())
    except access.CaseNotFound:
        messages.error(request, _("There is no case with this number among those you may see. Check the number."))
        return redirect("casework:case_list")
    return redirect("casework:case", case.reference)


@staff_only
def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case in one of the person's own agencies."""
    agencies = access.agencies_of(request.user).open().order_by("short_name")
    if not agencies:
        raise Http404
    form = OpenCaseForm(request.POST or None, agencies=agencies)
    if form.is_valid():
        answers = form.cleaned_data
        # Gone back and chosen another agency: that is another case.
        token = uuid.uuid5(answers["token"], answers["agency"].code)
        case = cases.open_by_hand(**{**answers, "token": token}, actor=request.user, at=timezone.now())
        return redirect("casework:case", case.reference)
    return render(request, "casework/case_open.html", {"form": form})
