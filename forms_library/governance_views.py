"""The governance of forms in the admin: a draft beside the edition in force, and the remarks of approvers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from forms_library.actions import remarks
from forms_library.differences import differences_of_forms
from forms_library.impact import impact
from forms_library.models import OfficialForm, Remark
from forms_library.remark_forms import RemarksForm


@require_safe
def draft_differences(request: HttpRequest, form_id: int) -> HttpResponse:
    """Show what the latest draft says otherwise than the edition in force, and who would feel it."""
    official_form = _workable(request.user, form_id)
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


@require_http_methods(["GET", "HEAD", "POST"])
def remarks_on_form(request: HttpRequest, form_id: int) -> HttpResponse:
    """Show the remarks on a form; let an approver who reviews it return it with new ones."""
    official_form = _workable(request.user, form_id)
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
    official_form = _workable(request.user, form_id)
    if not official_form.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    remark = get_object_or_404(Remark, pk=remark_id, official_form=official_form)
    remarks.resolve(remark=remark, actor=request.user, at=timezone.now())
    messages.success(request, _("The remark is marked as dealt with."))
    return redirect("forms_library_remarks", official_form.pk)


def _workable(user: Any, form_id: int) -> OfficialForm:
    """Return a form that this person drafts or reviews; anybody else is refused."""
    official_form = get_object_or_404(OfficialForm, pk=form_id)
    permissions = official_form.permissions_for_user(user)
    if permissions.can_edit() or permissions.is_approver():
        return official_form
    raise PermissionDenied
