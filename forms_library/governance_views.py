"""Governance in the admin: the draft of a form or a procedure beside its last edition, and the remarks of approvers."""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from forms_library import procedure_impact
from forms_library.actions import remarks
from forms_library.differences import differences_of_forms
from forms_library.impact import impact
from forms_library.models import OfficialForm, ProcedurePage, Remark
from forms_library.procedures.differences import differences_of_procedures
from forms_library.remark_forms import RemarksForm

_Governed = TypeVar("_Governed", OfficialForm, ProcedurePage)


@require_safe
def draft_differences(request: HttpRequest, form_id: int) -> HttpResponse:
    """Show what the latest draft says otherwise than the edition in force, and who would feel it."""
    official_form = _workable(OfficialForm, request.user, form_id)
    draft = official_form.get_latest_revision_as_object()
    # What was in force last is what people know, also when the form has been withdrawn since.
    current = official_form.editions.without_template().order_by("-number").first()
    edition = draft.as_edition()
    context = {
        "form_page": draft,
        "draft": edition,
        "edition": current,
        "impact": impact(draft, current=current),
        "differences": differences_of_forms(current.frozen(), edition.frozen()) if current else None,
        "page_title": _("What the draft changes"),
    }
    return TemplateResponse(request, "forms_library/admin/draft_differences.html", context)


@require_safe
def procedure_differences(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what the latest draft of a procedure says otherwise than its last edition, and who would feel it."""
    page = _workable(ProcedurePage, request.user, page_id)
    draft = page.get_latest_revision_as_object()
    current = page.editions.order_by("-number").first()
    edition = draft.as_edition()
    named = edition.procedure.form_codes() | (current.procedure.form_codes() if current else frozenset())
    titles = dict(OfficialForm.objects.filter(code__in=named).values_list("code", "title"))
    context = {
        "procedure_page": draft,
        "draft": edition,
        "edition": current,
        "uses": procedure_impact.impact(draft),
        "differences": differences_of_procedures(current.frozen(), edition.frozen(), titles=titles)
        if current
        else None,
        "page_title": _("What the draft changes"),
    }
    return TemplateResponse(request, "forms_library/admin/procedure_differences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remarks_on_form(request: HttpRequest, form_id: int) -> HttpResponse:
    """Show the remarks on a form; let an approver who reviews it return it with new ones."""
    official_form = _workable(OfficialForm, request.user, form_id)
    review = remarks.reviewed_by(request.user, official_form)
    form = None
    if review:
        form = RemarksForm(request.POST or None, schema=review.revision.as_object().schema())
    elif request.method == "POST":
        messages.error(request, _("The form is not under review by you any more. Nothing was returned."))
        return redirect("forms_library_remarks", official_form.pk)
    if form and request.method == "POST" and form.is_valid():
        remarks.return_draft(official_form=official_form, actor=request.user, remarks=form.remarks(), at=timezone.now())
        messages.success(request, _("The draft is returned to its author with your remarks."))
        return redirect("wagtailadmin_home")
    known = official_form.remarks.select_related("made_by", "resolved_by").order_by("-made_at", "pk")
    context = {
        "form_page": official_form,
        "form": form,
        "open_remarks": [remark for remark in known if remark.resolved_at is None],
        "settled_remarks": [remark for remark in known if remark.resolved_at],
        "page_title": _("Remarks"),
    }
    return TemplateResponse(request, "forms_library/admin/remarks.html", context)


@require_POST
def resolve_remark(request: HttpRequest, form_id: int, remark_id: int) -> HttpResponse:
    """Note that a remark has been dealt with."""
    official_form = _workable(OfficialForm, request.user, form_id)
    if not official_form.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    remark = get_object_or_404(Remark, pk=remark_id, official_form=official_form)
    remarks.resolve(remark=remark, actor=request.user, at=timezone.now())
    messages.success(request, _("The remark is marked as dealt with."))
    return redirect("forms_library_remarks", official_form.pk)


def _workable(kind: type[_Governed], user: Any, page_id: int) -> _Governed:
    """Return a form or a procedure that this person drafts or reviews; anybody else is refused."""
    page = get_object_or_404(kind, pk=page_id)
    permissions = page.permissions_for_user(user)
    if permissions.can_edit() or permissions.is_approver():
        return page
    raise PermissionDenied
