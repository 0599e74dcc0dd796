"""Parts of one form in the hands of several specialists."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.actions import parts
from casework.actions.refusals import ActionRefused
from casework.forms import PartsForm
from casework.views.cases import case_context
from casework.views.doors import opens_case, tell


@opens_case("work_case")
def share_out(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Give the sections of a form to colleagues, each by a day."""
    draft = get_object_or_404(case.drafts.select_related("edition", "case").defer("edition__docx_template"), pk=number)
    if not parts.may_share_out(draft, request.user):
        raise Http404
    today = timezone.localdate()
    form = PartsForm(
        request.POST if request.method == "POST" else None,
        titles=parts.titles(draft),
        people=parts.colleagues(case, today=today),
        there={part.section: part for part in draft.parts.select_related("assignee")},
        today=today,
    )
    if form.is_valid():
        try:
            parts.share_out(draft=draft, hands=form.hands(), actor=request.user, at=timezone.now(), today=today)
            messages.success(request, _("The work on the form is divided."))
        except ActionRefused as refusal:
            tell(request, refusal)
        return redirect("casework:draft", case.reference, number)
    context = case_context(request, case) | {"draft": draft, "edition": draft.edition, "form": form}
    return render(request, "casework/draft_parts.html", context)


@require_POST
@opens_case("work_case")
def done(request: HttpRequest, case: Any, number: int, part: int) -> HttpResponse:
    """Say that one's own part is ready."""
    draft = get_object_or_404(case.drafts.only("pk"), pk=number)
    given = get_object_or_404(draft.parts.select_related("draft"), pk=part)
    try:
        parts.finish_part(part=given, actor=request.user, at=timezone.now())
        messages.success(request, _("Your part is ready. Whoever began the form sees it."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:draft", case.reference, number)
