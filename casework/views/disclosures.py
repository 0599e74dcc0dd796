"""A part of a case as the agency sees it to which it is shown; the case itself stays closed."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework import access
from casework.actions import disclosures, issued, meeting_pages
from casework.actions.closed import closed_to, words_of
from casework.actions.log import record_disclosure_read, record_document_read
from casework.answers_on_screen import on_screen
from casework.closed_answers import TOLD_TO_FEW
from casework.views.cases import case_context
from casework.views.doors import opens_case, opens_case_to_speakers, staff_only
from casework.views.papers import word_file

View = Callable[..., HttpResponseBase]


def opens_disclosure(view: View) -> View:
    """Hand over the part named by `token`, if it is shown to one of the person's agencies today; 404 for everybody else."""

    @staff_only
    @wraps(view)
    def opened(request: HttpRequest, token: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
        try:
            disclosure = access.get_disclosure(user=request.user, token=token, today=timezone.localdate())
        except access.CaseNotFound:
            raise Http404 from None
        return view(request, disclosure, **kwargs)

    return opened


@opens_disclosure
def disclosure(request: HttpRequest, disclosure: Any) -> HttpResponse:
    """Show a part of a case to the agency it is for, and write down that it was read."""
    now = timezone.now()
    record_disclosure_read(disclosure=disclosure, actor=request.user, at=now)
    context = {
        "disclosure": disclosure,
        "part": disclosures.part_shown(disclosure),
        "pack": meeting_pages.pack_of_disclosure(disclosure, user=request.user, at=now),
    }
    return render(request, "casework/disclosure.html", context)


@opens_disclosure
def document(request: HttpRequest, disclosure: Any, number: int) -> HttpResponse:
    """Show one document of the part, without what is not meant for the agency."""
    submission = _document(disclosure, number)
    record_document_read(case=disclosure.case, actor=request.user, at=timezone.now(), number=number)
    closed = disclosures.closed_in_part(submission, categories=disclosure.categories)
    hidden = TOLD_TO_FEW - frozenset(disclosure.categories)
    context = {
        "disclosure": disclosure,
        "submission": submission,
        "edition": submission.edition,
        "sections": on_screen(submission.edition.schema, submission.answers, closed=hidden),
        "closed_words": words_of(closed),
    }
    return render(request, "casework/disclosed_document.html", context)


@require_GET
@opens_disclosure
def word(request: HttpRequest, disclosure: Any, number: int) -> HttpResponse:
    """Hand out the Word document of the part, if all of it is meant for the agency: paper hides nothing."""
    submission = _document(disclosure, number)
    if disclosures.closed_in_part(submission, categories=disclosure.categories):
        raise Http404
    handed = issued.issue_word(submission=submission, actor=request.user, at=timezone.now())
    return word_file(handed.data, name=f"{submission.edition.code}-{handed.issued.number}.docx")


def _document(disclosure: Any, number: int) -> Any:
    return get_object_or_404(
        disclosure.documents.select_related("edition", "case__agency", "supersedes"), number=number
    )


@opens_case("view_case")
def preview(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show to those who see the case what an agency sees of it."""
    disclosure = get_object_or_404(case.disclosures.select_related("agency", "disclosed_by"), pk=number)
    disclosure.case = case
    closed = closed_to(case, user=request.user, today=timezone.localdate())
    part = disclosures.part_shown(disclosure, closed=closed)
    for shown in part.documents:
        record_document_read(case=case, actor=request.user, at=timezone.now(), number=shown.submission.number)
    context = case_context(request, case) | {
        "disclosure": disclosure,
        "part": part,
        "is_standing": disclosure.is_standing(today=timezone.localdate()),
    }
    return render(request, "casework/disclosure_preview.html", context)


@require_POST
@opens_case_to_speakers
def withdraw(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Take a shown part back at once."""
    disclosure = get_object_or_404(case.disclosures, pk=number)
    disclosures.end_disclosure(disclosure=disclosure, actor=request.user, at=timezone.now())
    messages.success(request, _("The agency cannot see this part of the case any more."))
    return redirect("casework:case", case.reference)
