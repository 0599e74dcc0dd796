"""Official forms inside a case: where they begin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import drafts, forms_to_fill
from casework.actions.refusals import ActionRefused
from casework.views.doors import opens_case, staff_only, tell


@staff_only
def start_form(request: HttpRequest, code: str) -> HttpResponse:
    """Ask in which case the form is to be filled in."""
    edition = forms_to_fill.edition_to_fill(code=code, at=timezone.now())
    if edition is None:
        raise Http404
    work = access.cases_for(user=request.user, permission=access.CasePermission.WORK, today=timezone.localdate())
    cases = work.running().select_related("agency", "curator").order_by("-opened_at", "-id")[:50]
    return render(request, "casework/form_start.html", {"edition": edition, "cases": cases})


@require_POST
@opens_case("work_case")
def start_draft(request: HttpRequest, case: Any, code: str) -> HttpResponse:
    """Begin a form in the case."""
    edition = forms_to_fill.edition_to_fill(code=code, at=timezone.now())
    if edition is None:
        raise Http404
    try:
        draft = drafts.start_draft(case=case, edition=edition, actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:case", case.reference)
    return redirect("casework:draft", case.reference, draft.pk)


@require_POST
@opens_case("work_case")
def correct(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Begin to correct a filed form."""
    submission = get_object_or_404(case.submissions.select_related("edition", "case"), number=number)
    if submission.filed_by_id is None:
        raise Http404  # a parent's own words are not corrected by anybody else
    try:
        draft = drafts.start_correction(submission=submission, actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:document", case.reference, number)
    return redirect("casework:draft", case.reference, draft.pk)
