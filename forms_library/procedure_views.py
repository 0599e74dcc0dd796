"""The governance of procedures in the admin: a draft beside the edition that cases follow."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forms_library.models import OfficialForm, ProcedurePage
from forms_library.procedure_impact import impact
from forms_library.procedures.differences import differences_of_procedures


@require_safe
def procedure_differences(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what the latest draft says otherwise than the last edition, and who would feel it."""
    page = _workable(request.user, page_id)
    draft = page.get_latest_revision_as_object()
    # What was in force last is what people know, also when the procedure has been withdrawn since.
    current = page.editions.order_by("-number").first()
    edition = draft.as_edition()
    named = edition.procedure.form_codes() | (current.procedure.form_codes() if current else frozenset())
    titles = dict(OfficialForm.objects.filter(code__in=named).values_list("code", "title"))
    context = {
        "procedure_page": draft,
        "draft": edition,
        "edition": current,
        "uses": impact(draft),
        "differences": differences_of_procedures(current.frozen(), edition.frozen(), titles=titles)
        if current
        else None,
        "page_title": _("What the draft changes"),
    }
    return TemplateResponse(request, "forms_library/admin/procedure_differences.html", context)


def _workable(user: Any, page_id: int) -> ProcedurePage:
    """Return a procedure that this person drafts or reviews; anybody else is refused."""
    page = get_object_or_404(ProcedurePage, pk=page_id)
    permissions = page.permissions_for_user(user)
    if permissions.can_edit() or permissions.is_approver():
        return page
    raise PermissionDenied
