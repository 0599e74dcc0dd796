"""An official form as its methodologist drafts it: a Wagtail page built with Wagtail's own form builder.

The page is only the draft board. What people fill in, print and are bound by is the page's newest edition.
"""

import secrets
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import FormMixin
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from forms_library.answer_fields import QuestionnaireBuilder
from forms_library.block_panels import CopiedBlocksPanel
from forms_library.edition_forms import OnDateForm
from forms_library.governance_panels import ImpactPanel
from forms_library.models.agencies import Agency
from forms_library.models.approvals import FourEyesTask, GovernedPage
from forms_library.models.editions import Edition
from forms_library.models.form_fields import CheckBlock, check
from forms_library.morphology import lemmas
from forms_library.official_form_admin import OfficialFormAdminForm, ReadinessPanel
from forms_library.questionnaire import Questionnaire
from forms_library.readiness import Readiness, readiness
from forms_library.remark_panels import RemarkPanel
from forms_library.schema import Schema, digest


def draft_code() -> str:
    """Return a code for a form that has none yet; a copy of a page gets one too."""
    return f"form_{secrets.token_hex(4)}"


class FormPermissionTester(PagePermissionTester):
    """Who may do what with a form in the admin: nobody publishes it, superusers included; approval does."""

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        # Official forms are public by law; there is nothing to restrict.
        return False

    def can_unpublish(self) -> bool:
        return bool(self.page.live and not self.page_locked() and self.is_approver())

    def can_unschedule(self) -> bool:
        return self.is_approver()

    def can_move(self) -> bool:
        # The only place for a form is the catalogue.
        return False

    def is_approver(self) -> bool:
        """Return whether this person may approve forms, and so may take them out of force."""
        if not self.user.is_active:
            return False
        return self.user.is_superuser or FourEyesTask.objects.filter(active=True, groups__user=self.user).exists()


class OfficialForm(GovernedPage, FormMixin, Page):
    """The draft board of one official form, and its public page."""

    class Audience(models.TextChoices):
        SPECIALIST = "specialist", _("Specialists, inside a case")
        PUBLIC = "public", _("Parents and relatives, on the site")

    code = models.CharField(
        _("code"),
        max_length=60,
        unique=True,
        default=draft_code,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*$", _("Use small Latin letters, digits and «_», starting with a letter."))
        ],
        help_text=_("Never changes once the form is in force, for example nso_dept_plan"),
    )
    purpose = models.TextField(_("purpose"), help_text=_("What the form is for, in plain words"))
    filled_by = models.CharField(_("who fills it in"), max_length=300)
    received_by = models.CharField(_("who receives it"), max_length=300)
    legal_basis = models.CharField(_("legal basis"), max_length=500)
    issuing_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("issuing agency"), null=True
    )
    audience = models.CharField(
        _("who sees it online"), max_length=20, choices=Audience.choices, default=Audience.SPECIALIST
    )
    docx_template = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Word template"),
        null=True,
        blank=True,
        help_text=_("A .docx file that prints the answers: {{ key }}"),
    )
    checks = StreamField(
        [("check", CheckBlock())], verbose_name=_("checks of several answers"), blank=True, default=list
    )
    kept_over_ten_years = models.BooleanField(
        _("kept for more than ten years"), default=False, help_text=_("Then the left margin of the paper is 30 mm.")
    )
    restriction_mark = models.CharField(
        _("restriction mark"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Printed in the upper right corner, for example «Конфиденциально»"),
    )
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True, default="")
    act_date = models.DateField(_("date of the act"), null=True, blank=True)
    act_reason = models.TextField(_("why this edition"), blank=True, default="")
    review_on = models.DateField(_("review on"), null=True, blank=True)
    demo_answers = models.JSONField(_("demo answers"), default=dict, blank=True, editable=False)

    base_form_class = OfficialFormAdminForm
    form_builder = QuestionnaireBuilder
    parent_page_types = ["forms_library.FormsCatalogue", "forms_library.FormsBranch"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["code"]
    template = "forms_library/official_form.html"
    preview_modes = [("form", _("Form")), ("page", _("Public page"))]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("code"), FieldPanel("audience")]),
                FieldPanel("purpose"),
                FieldRowPanel([FieldPanel("filled_by"), FieldPanel("received_by")]),
                FieldRowPanel([FieldPanel("issuing_agency"), FieldPanel("legal_basis")]),
            ],
            heading=_("About the form"),
        ),
        RemarkPanel(heading=_("Remarks of the approver")),
        CopiedBlocksPanel(heading=_("Reusable blocks")),
        InlinePanel("form_fields", label=_("question"), heading=_("Questions")),
        FieldPanel("checks"),
        MultiFieldPanel(
            [
                FieldPanel("docx_template"),
                FieldRowPanel([FieldPanel("restriction_mark"), FieldPanel("kept_over_ten_years")]),
            ],
            heading=_("The paper"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("act_number"), FieldPanel("act_date")]),
                FieldPanel("act_reason"),
                FieldPanel("review_on"),
            ],
            heading=_("The act that brings this edition into force"),
        ),
        ReadinessPanel(heading=_("Is the form ready?")),
        ImpactPanel(heading=_("What uses the form")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("purpose"),
        index.SearchField("code"),
        index.SearchField("search_lemmas"),
    ]

    class Meta:
        verbose_name = _("official form")
        verbose_name_plural = _("official forms")

    @property
    def search_lemmas(self) -> str:
        """The words of the form in their dictionary shape, so that search finds every inflection."""
        return lemmas(f"{self.title} {self.purpose}")

    def schema(self) -> Schema:
        """Return the draft's questions as they stand on the page."""
        return Schema(
            questions=tuple(field.question() for field in self.get_form_fields()),
            checks=tuple(check(block.value) for block in self.checks),
        )

    def template_bytes(self) -> bytes | None:
        """Return the Word template's content; `None` when none is chosen or its file is gone."""
        if self.docx_template is None:
            return None
        try:
            with self.docx_template.file.open("rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def readiness(self) -> Readiness:
        """Return whether the draft can become an edition, and what is missing."""
        return readiness(self.schema(), template=self.template_bytes())

    def act_problems(self) -> tuple[str, ...]:
        """Return what is missing of the act behind this wording; the act of another wording does not count."""
        if not (self.act_number.strip() and self.act_date and self.act_reason.strip()):
            return (
                gettext("State the act that brings this edition into force: its number, its date, and why it is made."),
            )
        current = self.editions.in_force(at=timezone.now()).without_template().first()
        is_of_current = current and (current.act_number, current.act_reason) == (self.act_number, self.act_reason)
        if current and is_of_current and current.digest != self.fingerprint():
            return (
                gettext("The act and the reason are still those of edition %(number)s. State why the form changes now.")
                % {"number": current.number},
            )
        return ()

    def draft_problems(self) -> tuple[str, ...]:
        problems = [*self.readiness().problems, *self.act_problems()]
        # A draft may be saved half empty, and two drafts may choose one code: neither can be published.
        try:
            self.full_clean()
        except ValidationError as error:
            problems.extend(error.messages)
        branch_agency = getattr(self.get_parent().specific, "agency", None)
        if branch_agency and branch_agency.pk != self.issuing_agency_id:
            problems.append(gettext("A form of this branch is issued by %(agency)s.") % {"agency": branch_agency.name})
        if self.editions.exclude(code=self.code).exists():
            problems.append(gettext("The code of a form that has been in force cannot change."))
        return tuple(problems)

    def fingerprint(self) -> str:
        return self.as_edition().digest

    def as_edition(self) -> Edition:
        """Return the draft as an edition that is not numbered, approved or saved yet."""
        template = self.template_bytes() or b""
        edition = Edition(
            official_form_id=self.pk,
            code=self.code,
            title=self.title,
            purpose=self.purpose,
            filled_by=self.filled_by,
            received_by=self.received_by,
            legal_basis=self.legal_basis,
            issuing_agency_name=self.issuing_agency.name if self.issuing_agency else "",
            audience=self.audience,
            questions=self.schema().to_json(),
            docx_template=template,
            template_sha256=sha256(template).hexdigest(),
            restriction_mark=self.restriction_mark,
            act_number=self.act_number,
            act_date=self.act_date,
            act_reason=self.act_reason,
            review_on=self.review_on,
        )
        edition.digest = digest(edition.frozen())
        return edition

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return FormPermissionTester(user, self)

    def get_form_class(self) -> type:
        return QuestionnaireBuilder(self.schema()).get_form_class()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the public page: nothing is ever filled in or stored here."""
        return TemplateResponse(request, self.get_template(request), self.get_context(request))

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "forms_library/official_form_preview.html" if mode_name == "form" else self.template

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Add the draft's questions as they will look when somebody fills the form in."""
        context = {**self.get_context(request), "shown": self.as_edition()}
        if mode_name == "form":
            context["questionnaire"] = Questionnaire(self.schema())
        return context

    def serve_submissions_list_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse: filled forms are case records and never appear in the editors' admin."""
        raise Http404

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the edition in force, all the editions, newest first, and the wording to show.

        That is the edition in force, else the last one that was, and since when it is not; a preview without any shows
        the draft.
        """
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        editions = list(self.editions.without_template().select_related("end").order_by("-number"))
        context["editions"] = editions
        context["edition"] = next((edition for edition in editions if edition.is_in_force(at=now)), None)
        context["shown"] = context["edition"] or next(iter(editions), None) or self.as_edition()
        context["not_in_force_since"] = editions[0].in_force_to if editions and not context["edition"] else None
        context["on_date"] = on_date = OnDateForm(request.GET if "on" in request.GET else None)
        context["in_force_on"] = on_date.in_force(editions) if on_date.is_valid() else None
        return context
