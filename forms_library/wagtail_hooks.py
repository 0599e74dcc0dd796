"""Official forms and procedures in the admin: what nobody may do there, and why, in words."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from forms_library import (
    block_admin,  # noqa: F401 (its hooks and snippets)
    calendar_admin,  # noqa: F401 (its hooks and snippets)
    governance_views,
    pack_admin,  # noqa: F401 (its hooks and snippets)
    permissions,
)
from forms_library.models import (
    Edition,
    FormsBranch,
    FormsCatalogue,
    LibraryDigest,
    OfficialForm,
    ProcedureEdition,
    ProcedurePage,
)
from forms_library.models.approvals import Governed
from forms_library.models.procedures import rights_in_library
from forms_library.trial_views import trial
from forms_library.workbench_views import starter, workbench


@hooks.register("filter_form_submissions_for_user")
def hide_submissions(user: Any, editable_forms: QuerySet[Page]) -> QuerySet[Page]:
    """Filled forms are case records: they never appear in the editors' admin, for anyone."""
    return editable_forms.none()


@hooks.register("before_publish_page")
def refuse_to_publish_alone(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep the draft that was just saved, and say how a form or a procedure comes into force."""
    if not isinstance(page.specific, Governed):
        return None
    messages.error(
        request,
        _("The draft is saved, but not in force: a second person has to approve it. Send it to review."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_delete_page")
def refuse_to_delete_editions(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep every form and procedure that has ever been in force, also when a page above it is deleted."""
    kept = titles_with_editions([page])
    if not kept:
        return None
    messages.error(request, _never_deleted(kept))
    return redirect("wagtailadmin_explore", _above(page))


@hooks.register("before_bulk_action")
def refuse_to_delete_editions_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    kept = titles_with_editions(pages) if action_type == "delete" else []
    if not kept:
        return None
    messages.error(request, _never_deleted(kept))
    return redirect("wagtailadmin_explore", _above(pages[0]))


@hooks.register("before_create_page")
def refuse_to_draft_what_is_not_theirs(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> None:
    """Keep procedures to the people of the library, as `ProcedurePermissionTester` does for those that exist."""
    is_theirs = request.user.is_superuser or "add" in rights_in_library(request.user, parent_page)
    if issubclass(page_class, ProcedurePage) and not is_theirs:
        raise PermissionDenied


@hooks.register("before_copy_page")
def refuse_to_copy_the_catalogue(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A form is copied one at a time: a copied section would bring a second catalogue with it."""
    with_pages_below = request.method == "POST" and request.POST.get("copy_subpages")
    if not with_pages_below or not FormsCatalogue.objects.descendant_of(page, inclusive=True).exists():
        return None
    messages.error(request, _("This section holds the official forms. Copy it without the pages below it."))
    return redirect("wagtailadmin_explore", page.pk)


def titles_with_editions(pages: Iterable[Page]) -> list[str]:
    """Return the titles of the forms and procedures among `pages`, and below them, that have ever been in force."""
    titles: set[str] = set()
    for page in pages:
        forms = OfficialForm.objects.descendant_of(page, inclusive=True)
        titles.update(forms.filter(pk__in=Edition.objects.values("official_form")).values_list("title", flat=True))
        procedures = ProcedurePage.objects.descendant_of(page, inclusive=True)
        titles.update(procedures.filter(pk__in=ProcedureEdition.objects.values("page")).values_list("title", flat=True))
    return sorted(titles)


def _above(page: Page) -> int:
    parent = page.get_parent()
    return parent.pk if parent else page.pk


def _never_deleted(titles: list[str]) -> str:
    return _(
        "These have been in force, and families were helped by them, so they are kept for ever: %(titles)s."
        " Unpublish a page to take it out of force."
    ) % {"titles": "; ".join(titles)}


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Where a methodologist tries a draft out, and makes its Word template."""
    return [
        path("forms/<int:page_id>/trial/", trial, name="form_trial"),
        path("forms/<int:page_id>/workbench/", workbench, name="form_workbench"),
        path("forms/<int:page_id>/starter/", starter, name="form_starter"),
    ]


@hooks.register("register_admin_urls")
def governance_urls() -> list[URLPattern]:
    """Where a draft is compared with its last edition, and where the remarks on it are."""
    views = governance_views
    return [
        path("forms/<int:form_id>/changes/", views.draft_differences, name="forms_library_draft_differences"),
        path(
            "procedures/<int:page_id>/changes/", views.procedure_differences, name="forms_library_procedure_differences"
        ),
        path("forms/<int:form_id>/remarks/", views.remarks_on_form, name="forms_library_remarks"),
        path("forms/<int:form_id>/remarks/<int:remark_id>/", views.resolve_remark, name="forms_library_resolve_remark"),
    ]


@hooks.register("after_create_page")
def give_the_branch_its_editors(request: HttpRequest, page: Page) -> None:
    """Make the group that drafts the forms of a new branch."""
    if isinstance(page.specific, FormsBranch):
        permissions.set_up_editors(page.specific)


@hooks.register("construct_homepage_panels")
def show_the_digest(request: HttpRequest, panels: list[Any]) -> None:
    """Tell methodologists and approvers on their home page what has to be looked after."""
    groups = (permissions.METHODOLOGISTS, permissions.APPROVERS)
    if request.user.is_superuser or request.user.groups.filter(name__in=groups).exists():
        panels.append(DigestPanel())


class DigestPanel(Component):
    """The findings of the last daily digest; nothing when there were none."""

    order = 110
    template_name = "forms_library/admin/digest_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"digest": LibraryDigest.objects.order_by("-day").first()}
