"""Procedures (порядки): the page on which one is drafted and read, and its editions, which cases follow.

The page is only the draft board. What visitors read and cases follow is an edition: it never changes and is never
deleted, the database itself refuses both. When it stops being in force, that is said by a row of its own.
"""

import secrets
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import TextBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.search import index

from forms_library import procedure_blocks as written, procedure_values
from forms_library.governed_admin import ReadinessPanel
from forms_library.models.agencies import Agency
from forms_library.models.editions import BaseEdition, BaseEditionEnd, Edition, InForceQuerySet
from forms_library.models.governed_pages import ACT_PANEL, GovernedPage
from forms_library.models.official_forms import FormPermissionTester
from forms_library.procedure_admin import CodesPanel, ProcedureAdminForm, ProcedureImpactPanel
from forms_library.procedure_reading import read
from forms_library.procedures.definition import Procedure
from forms_library.procedures.in_words import problem_text
from forms_library.procedures.problems import problems


def draft_code() -> str:
    """Return a code for a procedure that has none yet; a copy of a page gets one too."""
    return f"procedure_{secrets.token_hex(4)}"


def rights_in_library(user: Any, page: Page) -> set[str]:
    """Return what somebody may do with a page of the library by rights given for the library itself.

    Editors of the portal may change the whole site, but procedures are not theirs.
    """
    shelves = ProcedurePage.clean_parent_page_models()
    given = policy_registry.get(page).get_cached_permissions_for_user(user)
    return {
        right.permission.codename.removesuffix("_page")
        for right in given
        if page.path.startswith(right.page.path) and right.page.specific_class in shelves
    }


class ProcedurePermissionTester(FormPermissionTester):
    """Who may do what with a procedure: as with a form, and only people of the library draft it."""

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        if user.is_active and not user.is_superuser:
            self.permissions = rights_in_library(user, page)


class ProcedurePage(GovernedPage):
    """The draft board of one procedure, and its public page."""

    code = models.CharField(
        _("code"),
        max_length=60,
        unique=True,
        default=draft_code,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", written.LATIN)],
        help_text=_("Never changes once the procedure is in force, for example tom_support"),
    )
    purpose = models.TextField(_("purpose"), help_text=_("For whom it is and what it is for, in plain words"))
    intro = models.TextField(_("what it means for the family"), blank=True, default="")
    issuing_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("who approved the procedure"), null=True
    )
    start = models.CharField(
        _("how it begins"), max_length=300, help_text=_("The first event in words, for example: a signal has come")
    )
    roles = StreamField([("role", written.RoleBlock())], verbose_name=_("roles"), blank=True, collapsed=True)
    levels = StreamField([("level", written.LevelBlock())], verbose_name=_("risk levels"), blank=True, collapsed=True)
    level_role = models.CharField(
        _("who sets the level"),
        max_length=60,
        blank=True,
        default="",
        validators=[RegexValidator(rf"^{written.CODE}\Z", written.LATIN)],
        help_text=_("The code of a role"),
    )
    suggested_by = models.CharField(
        _("answers that suggest a level"),
        max_length=1000,
        blank=True,
        default="",
        validators=[RegexValidator(rf"^\s*{written.PAIR}(?:[\s,;]+{written.PAIR})*[\s,;]*\Z", written.ONE_PAIR)],
        help_text=_("FORM.QUESTION, with commas between them"),
    )
    stages = StreamField([("stage", written.StageBlock())], verbose_name=_("stages"), blank=True, collapsed=True)
    grounds = StreamField(
        [("ground", written.GroundBlock())], verbose_name=_("grounds of ending"), blank=True, collapsed=True
    )
    principles = StreamField(
        [("principle", TextBlock(label=_("Principle"), rows=1))], verbose_name=_("principles"), blank=True
    )
    checklists = StreamField(
        [("checklist", written.ChecklistBlock())], verbose_name=_("checklists"), blank=True, collapsed=True
    )

    base_form_class = ProcedureAdminForm
    template = "forms_library/procedure_page.html"

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("purpose"),
                FieldPanel("intro"),
                FieldRowPanel([FieldPanel("issuing_agency"), FieldPanel("legal_basis")]),
            ],
            heading=_("About the procedure"),
        ),
        FieldPanel("principles"),
        FieldPanel("roles"),
        MultiFieldPanel(
            [
                FieldPanel("levels"),
                FieldRowPanel([FieldPanel("level_role"), FieldPanel("suggested_by")]),
            ],
            heading=_("Risk levels"),
        ),
        FieldPanel("start"),
        FieldPanel("stages"),
        CodesPanel(heading=_("Events of this procedure")),
        FieldPanel("grounds"),
        FieldPanel("checklists"),
        ACT_PANEL,
        ReadinessPanel(heading=_("Is the procedure ready?")),
        ProcedureImpactPanel(heading=_("What uses the procedure, and what it uses")),
    ]
    search_fields = [*GovernedPage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")

    def procedure(self) -> Procedure:
        """Return the draft as it stands on the page."""
        return procedure_values.procedure_of({name: getattr(self, name) for name in procedure_values.FIELDS})

    def from_procedure(self, procedure: Procedure) -> Self:
        """Write `procedure` onto the page, in place of what stood there; return the page, not saved."""
        for name, value in procedure_values.values_of(procedure).items():
            setattr(self, name, value)
        return self

    def wording_problems(self) -> tuple[str, ...]:
        """Return, in words, why a case could not follow the draft."""
        named = self.procedure()
        forms = Edition.objects.in_force(at=timezone.now()).filter(code__in=named.form_codes())
        found = problems(named, forms_in_force=set(forms.values_list("code", flat=True)))
        return tuple(problem_text(problem) for problem in found)

    def as_edition(self) -> "ProcedureEdition":
        return self.frozen_into(
            ProcedureEdition(page_id=self.pk, intro=self.intro, definition=self.procedure().to_json())
        )

    def permissions_for_user(self, user: Any) -> ProcedurePermissionTester:
        return ProcedurePermissionTester(user, self)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Show the draft, as it will look in force."""
        context = self.get_context(request)
        return {**context, **_reading(self.as_edition(), request=request)}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the editions, newest first, and the one to show: that of `?edition=`, else the one in force, else the last.

        An edition that never was is not found.
        """
        context = super().get_context(request, *args, **kwargs)
        context |= self.editions_to_show(self.editions)
        shown = context["shown"]
        if asked := request.GET.get("edition", ""):
            shown = next((edition for edition in context["editions"] if str(edition.number) == asked), None)
            if shown is None:
                raise Http404
        return {**context, **_reading(shown, request=request)}


def _reading(edition: "ProcedureEdition", *, request: HttpRequest) -> dict[str, Any]:
    """Return an edition, and what a visitor reads of it."""
    forms = Edition.objects.in_force(at=timezone.now()).without_template().select_related("official_form")
    in_force = forms.filter(code__in=edition.procedure.form_codes())
    papers = {form.code: (form.title, form.official_form.get_url(request)) for form in in_force}
    following = {ground.leads_to for ground in edition.procedure.grounds} - {""}
    procedures = ProcedurePage.objects.live().filter(code__in=following) if following else ProcedurePage.objects.none()
    titles = dict(procedures.values_list("code", "title"))
    return {
        "shown": edition,
        "procedure": edition.procedure,
        "reading": read(edition.procedure, papers=papers, procedures=titles),
    }


class ProcedureEditionQuerySet(InForceQuerySet["ProcedureEdition"]):
    """Questions about editions of procedures."""

    def last_of_each_procedure(self) -> "ProcedureEditionQuerySet":
        """One edition for each procedure, in force or not: that of the highest number."""
        same_page = ProcedureEdition.objects.filter(page=models.OuterRef("page"))
        return self.filter(pk=models.Subquery(same_page.order_by("-number").values("pk")[:1]))


class ProcedureEdition(BaseEdition):
    """One approved wording of a procedure, with everything that a case needs to follow it for ever."""

    page = models.ForeignKey(
        ProcedurePage, on_delete=models.PROTECT, related_name="editions", verbose_name=_("procedure")
    )
    intro = models.TextField(_("what it means for the family"), blank=True, default="")
    issuing_agency_name = models.CharField(_("who approved the procedure"), max_length=300)
    definition = models.JSONField(_("definition"))

    objects = ProcedureEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a procedure")
        verbose_name_plural = _("editions of procedures")
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="procedure_edition_number_once"),
            models.CheckConstraint(
                condition=~Q(approved_by=models.F("drafted_by")) | Q(drafted_by=None),
                name="procedure_edition_has_four_eyes",
            ),
        ]

    @cached_property
    def procedure(self) -> Procedure:
        """What this edition lays down. Shared: it never changes."""
        return Procedure.from_json(self.definition)

    def frozen(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "purpose": self.purpose,
            "intro": self.intro,
            "legal_basis": self.legal_basis,
            "issuing_agency": self.issuing_agency_name,
            "definition": self.definition,
        }


class ProcedureEditionEnd(BaseEditionEnd):
    """When, and why, an edition of a procedure stopped being in force."""

    edition = models.OneToOneField(
        ProcedureEdition, on_delete=models.PROTECT, related_name="end", verbose_name=_("edition")
    )

    class Meta:
        verbose_name = _("end of an edition of a procedure")
        verbose_name_plural = _("ends of editions of procedures")
