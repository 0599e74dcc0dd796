"""The shelves of the library: the catalogue of all official forms and procedures, and its branches.

A branch holds the forms and procedures that one agency drafts for itself, under the same four eyes as all others.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PagePermissionTester

from forms_library.models.agencies import Agency
from forms_library.models.editions import Edition
from forms_library.models.official_forms import OfficialForm
from forms_library.models.procedures import ProcedureEdition, ProcedurePage


class CataloguePermissionTester(PagePermissionTester):
    """The catalogue's own permissions: nothing new goes live below it without a review."""

    def can_publish_subpage(self) -> bool:
        return False


class FormsCatalogue(Page):
    """The list of official forms that visitors and specialists look through."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    subpage_types = ["forms_library.OfficialForm", "forms_library.ProcedurePage", "forms_library.FormsBranch"]
    max_count = 1
    template = "forms_library/forms_catalogue.html"

    class Meta:
        verbose_name = _("catalogue of official forms")

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return CataloguePermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the editions in force now, one per published form, and the last ones of the forms that are no more."""
        return {**super().get_context(request, *args, **kwargs), **catalogue_context(self)}


def catalogue_context(shelf: Page) -> dict[str, Any]:
    """Return what a list of the forms and procedures on a shelf, and on the shelves below it, shows.

    `shelves` pairs each page that holds forms with its editions in force; the first one is the list itself.
    """
    forms = OfficialForm.objects.descendant_of(shelf)
    editions = Edition.objects.without_template().select_related("official_form").order_by("title")
    in_force = list(editions.in_force(at=timezone.now()).filter(official_form__in=forms.live()))
    withdrawn = editions.last_of_each_form().filter(official_form__in=forms.not_live()).select_related("end")
    return {
        "editions": in_force,
        "shelves": _by_shelf(shelf, in_force),
        "withdrawn": withdrawn,
        **_procedures_context(shelf),
    }


def _procedures_context(shelf: Page) -> dict[str, Any]:
    pages = ProcedurePage.objects.descendant_of(shelf)
    editions = ProcedureEdition.objects.select_related("page").defer("definition").order_by("title")
    withdrawn = editions.last_of_each_procedure().filter(page__in=pages.not_live()).select_related("page", "end")
    return {
        "procedures": editions.in_force(at=timezone.now()).filter(page__in=pages.live()),
        "withdrawn_procedures": withdrawn,
    }


def _by_shelf(top: Page, editions: list[Edition]) -> list[tuple[Page, list[Edition]]]:
    shelves: dict[str, list[Edition]] = {top.path: []}
    for edition in editions:
        shelves.setdefault(edition.official_form.path[: -Page.steplen], []).append(edition)
    below = Page.objects.filter(path__in=shelves.keys() - {top.path}).order_by("title")
    return [(page, shelves[page.path]) for page in (top, *below) if shelves[page.path]]


class FormsBranch(Page):
    """The forms of one agency: a shelf of the catalogue with editors of its own."""

    agency = models.OneToOneField(
        Agency, on_delete=models.PROTECT, related_name="forms_branch", verbose_name=_("agency")
    )

    content_panels = [*Page.content_panels, FieldPanel("agency")]
    parent_page_types = ["forms_library.FormsCatalogue"]
    subpage_types = ["forms_library.OfficialForm", "forms_library.ProcedurePage"]
    exclude_fields_in_copy = ["agency"]
    template = "forms_library/forms_catalogue.html"

    class Meta:
        verbose_name = _("forms of an agency")
        verbose_name_plural = _("forms of agencies")

    def clean(self) -> None:
        """Keep the agency of a branch: its editors and its forms belong to it."""
        super().clean()
        earlier = type(self).objects.filter(pk=self.pk).values_list("agency_id", flat=True).first()
        if earlier and earlier != self.agency_id:
            raise ValidationError({"agency": _("A branch keeps its agency. Make another branch.")}, code="other_agency")

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return CataloguePermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the editions of the agency that are in force, and those that were."""
        return {**super().get_context(request, *args, **kwargs), **catalogue_context(self)}


class BranchEditors(models.Model):
    """The people who draft the forms of one agency: one Django group."""

    agency = models.OneToOneField(
        Agency, on_delete=models.PROTECT, related_name="branch_editors", verbose_name=_("agency")
    )
    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="branch_editors", verbose_name=_("group")
    )

    class Meta:
        verbose_name = _("editors of an agency's forms")
        verbose_name_plural = _("editors of agencies' forms")

    def __str__(self) -> str:
        return str(self.group)
