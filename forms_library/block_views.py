"""Reusable blocks in the admin: copy one into a form, and take its newer wording form by form."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from forms_library.actions import blocks
from forms_library.actions.drafts import UnderReview
from forms_library.block_forms import InsertForm
from forms_library.models import OfficialForm, ReusableBlock
from forms_library.reusable_blocks import KeysTaken


def insert(request: HttpRequest, page_id: int) -> HttpResponse:
    """Copy a block into the last draft of a form."""
    page = _editable(request, page_id)
    form = InsertForm(request.POST or None, schema=page.get_latest_revision_as_object().schema())
    if request.method == "POST" and form.is_valid():
        block, after = form.cleaned_data["block"], form.cleaned_data["after"] or None
        try:
            blocks.insert_block(form=page, block=block, after=after, actor=request.user)
        except UnderReview as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The block “%(title)s” is copied into the draft.") % {"title": block.title})
            return redirect("wagtailadmin_pages:edit", page.pk)
    return render(
        request,
        "forms_library/admin/block_insert.html",
        {"page": page, "form": form, **_crumbs(page, _("Insert a block"))},
    )


def take(request: HttpRequest, page_id: int, block_id: int) -> HttpResponse:
    """Show what the newer wording of a block would change in the last draft of a form; save it as a new draft."""
    page = _editable(request, page_id)
    block = get_object_or_404(ReusableBlock, pk=block_id)
    context: dict[str, Any] = {"page": page, "reusable_block": block, **_crumbs(page, _("Take the new wording"))}
    try:
        if request.method == "POST":
            blocks.take_new_wording(form=page, block=block, actor=request.user)
            messages.success(request, _("The draft has the new wording of “%(title)s” now.") % {"title": block.title})
            return redirect("wagtailadmin_pages:edit", page.pk)
        context["differences"] = blocks.would_change(page, block)
    except KeysTaken as taken:
        context["refusal"] = _(
            "The form has questions of its own under the keys %(keys)s, and so has the block now. Give those of the form"
            " other keys first."
        ) % {"keys": ", ".join(taken.keys)}
    except (UnderReview, blocks.NothingToTake) as refusal:
        context["refusal"] = str(refusal)
    return render(request, "forms_library/admin/block_take.html", context)


def _editable(request: HttpRequest, page_id: int) -> OfficialForm:
    """Return a form to somebody who may change it."""
    page = get_object_or_404(OfficialForm.objects.select_related("latest_revision"), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


def _crumbs(page: OfficialForm, title: str) -> dict[str, Any]:
    return {
        "header_title": title,
        "header_icon": "copy",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_explore", args=[page.get_parent().pk]), "label": _("Official forms")},
            {"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": page.get_admin_display_title()},
            {"url": "", "label": title},
        ],
    }
