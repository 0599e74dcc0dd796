"""A foreign case opened at a threat to life, and the review of that."""

import uuid
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.actions import emergencies
from casework.actions.refusals import ActionRefused
from casework.forms import EmergencyForm, ReviewForm
from casework.views.doors import staff_only, tell, typed

ON_A_PAGE = 50


@staff_only
def begin(request: HttpRequest) -> HttpResponse:
    """Open a foreign case in an emergency; whoever may see it anyway goes straight to it."""
    if not access.agencies_of(request.user).open().exists():
        raise Http404
    form, status = EmergencyForm(**typed(request)), 200
    if form.is_valid():
        words = form.cleaned_data
        try:
            seen = access.get_case(user=request.user, reference=words["reference"], today=timezone.localdate())
            messages.info(request, _("You see this case anyway: nothing had to be opened."))
            return redirect("casework:case", seen.reference)
        except access.CaseNotFound:
            pass
        standing = emergencies.standing_of(request.user, at=timezone.now()).filter(case__reference=words["reference"])
        if (opened := standing.first()) is not None:
            return redirect("casework:emergency", opened.token)
        if not ratelimit.consume(request, action="emergency_opening", user=request.user):
            messages.error(
                request, _("You have tried five times today. Call 112 and the head of the agency that keeps the case.")
            )
            status = 429
        else:
            try:
                opening = emergencies.open_in_emergency(
                    reference=words["reference"], reason=words["reason"], actor=request.user, at=timezone.now()
                )
                return redirect("casework:emergency", opening.token)
            except ActionRefused as refusal:
                tell(request, refusal)
    context = {"form": form, "standing": emergencies.standing_of(request.user, at=timezone.now())}
    return render(request, "casework/emergency_begin.html", context, status=status)


@staff_only
def emergency(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show what saves the child, to whoever has opened it, for 24 hours; 404 for everybody else."""
    now = timezone.now()
    try:
        opening = access.get_emergency(user=request.user, token=token, at=now)
    except access.CaseNotFound:
        raise Http404 from None
    rescue = emergencies.rescue_of(opening, actor=request.user, at=now)
    return render(request, "casework/emergency.html", {"opening": opening, "case": opening.case, "rescue": rescue})


@staff_only
def reviews(request: HttpRequest) -> HttpResponse:
    """Show to heads which openings of their cases wait for a review, and those that were reviewed."""
    if not emergencies.reviewing_agencies(request.user).exists():
        raise Http404
    today = timezone.localdate()
    found = emergencies.openings_for(user=request.user, today=today).select_related("case", "person", "reviewed_by")
    page = Paginator(found.order_by("reviewed_at", "-opened_at"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "casework/emergency_reviews.html", {"openings": page, "page_obj": page, "today": today})


@staff_only
def review(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show an opening to a head of the keeper, and write down whether it was justified."""
    try:
        opening: Any = emergencies.get_opening(user=request.user, token=token, today=timezone.localdate())
    except access.CaseNotFound:
        raise Http404 from None
    form = ReviewForm(**typed(request))
    if form.is_valid():
        try:
            emergencies.review(opening=opening, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The review is written down."))
            return redirect("casework:emergency_reviews")
        except ActionRefused as refusal:
            tell(request, refusal)
            opening = emergencies.get_opening(user=request.user, token=token, today=timezone.localdate())
    return render(request, "casework/emergency_review.html", {"opening": opening, "case": opening.case, "form": form})
