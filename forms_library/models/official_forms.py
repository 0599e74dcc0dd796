"""An official form as its methodologist drafts it: a Wagtail page built with Wagtail's own form builder.

The page is only the draft board. What people fill in, print and are bound by is the page's newest edition.
"""

import secrets
from hashlib import sha256
from typing import Any

from anyascii import anyascii
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester, Revision
from wagtail.search import index

from forms_library.answer_fields import QuestionnaireBuilder
from forms_library.models.agencies import Agency
from forms_library.models.approvals import FourEyesTask, Governed, approval_of
from forms_library.models.editions import Edition
from forms_library.morphology import lemmas
from forms_library.official_form_admin import OfficialFormAdminForm, ReadinessPanel
from forms_library.questionnaire import Questionnaire
from forms_library.readiness import Readiness, readiness
from forms_library.schema import CELL_KINDS, MAX_ROWS, Column, Kind, Question, Schema, digest

KIND_LABELS = {
    Kind.TEXT: _("Short text"),
    Kind.LONG_TEXT: _("Long text"),
    Kind.DATE: _("Date"),
    Kind.DATE_TIME: _("Date and time"),
    Kind.INTEGER: _("Whole number"),
    Kind.YES_NO: _("Yes or no"),
    Kind.CHOICE: _("One choice"),
    Kind.CHOICES: _("Several choices"),
    Kind.FIO: _("Full name of a person"),
    Kind.AGENCY: _("Agency"),
    Kind.PHONE: _("Telephone"),
    Kind.EMAIL: _("E-mail"),
    Kind.ADDRESS: _("Address"),
    Kind.ATTACHMENT: _("Attached files"),
    Kind.SIGNATURE: _("Signature line"),
    Kind.TABLE: _("Table with repeated rows"),
    Kind.FIXED_TABLE: _("Table with fixed rows"),
    Kind.SECTION: _("Section heading"),
    Kind.NOTE: _("Explanatory text"),
}
RESERVED_KEYS = {"submit_time", "id", "page", "user", "form", "version", "token", "self"}


def field_key(label: str) -> str:
    """Return a short Latin key for a Russian label: at most 40 characters, never empty, never starting with a digit."""
    key = slugify(anyascii(label)).replace("-", "_")[:40].strip("_") or "pole"
    return f"f_{key}"[:40] if key in RESERVED_KEYS or key[0].isdigit() else key


class ColumnBlock(blocks.StructBlock):
    """A column of a table, as the methodologist describes it."""

    label = blocks.CharBlock(label=_("Heading"), max_length=255)
    key = blocks.RegexBlock(
        label=_("Key"),
        regex=r"^[a-z][a-z0-9_]{0,39}$",
        required=False,
        help_text=_("Latin letters; left empty, it is made from the heading"),
        error_messages={"invalid": _("Use small Latin letters, digits and «_», starting with a letter.")},
    )
    kind = blocks.ChoiceBlock(
        label=_("Kind"), choices=[(kind.value, KIND_LABELS[kind]) for kind in CELL_KINDS], default=Kind.TEXT.value
    )
    required = blocks.BooleanBlock(label=_("Required"), required=False)
    choices = blocks.TextBlock(label=_("Choices, one per line"), required=False, rows=2)

    class Meta:
        icon = "table"
        label = _("Column")


class FormField(AbstractFormField):
    """One question of a draft form."""

    page = ParentalKey("OfficialForm", on_delete=models.CASCADE, related_name="form_fields")
    clean_name = models.CharField(
        _("key"),
        max_length=40,
        blank=True,
        default="",
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*$", _("Use small Latin letters, digits and «_», starting with a letter."))
        ],
        help_text=_(
            "The name of this answer in the Word template. Left empty, it is made from the label and then kept."
        ),
    )
    label = models.CharField(_("label"), max_length=500)
    label.required_on_save = True
    help_text = models.CharField(_("hint"), max_length=500, blank=True)
    field_type = models.CharField(_("kind"), max_length=16, choices=[(kind.value, KIND_LABELS[kind]) for kind in Kind])
    field_type.required_on_save = True
    choices = models.TextField(_("choices, one per line"), blank=True)
    columns = StreamField([("column", ColumnBlock())], verbose_name=_("columns of the table"), blank=True)
    rows = models.TextField(_("rows of a fixed table, one per line"), blank=True)
    min_rows = models.PositiveSmallIntegerField(_("fewest rows"), default=0, validators=[MaxValueValidator(MAX_ROWS)])
    max_rows = models.PositiveSmallIntegerField(_("most rows"), default=20, validators=[MaxValueValidator(MAX_ROWS)])

    panels = [
        FieldPanel("label"),
        FieldPanel("field_type", classname="formbuilder-type", required_on_save=True),
        FieldPanel("help_text"),
        FieldPanel("required"),
        FieldPanel("clean_name"),
        FieldPanel("choices", classname="formbuilder-choices"),
        FieldPanel("default_value", classname="formbuilder-default"),
        MultiFieldPanel(
            [
                FieldPanel("columns"),
                FieldPanel("rows"),
                FieldRowPanel([FieldPanel("min_rows"), FieldPanel("max_rows")]),
            ],
            heading=_("For tables"),
            classname="collapsed",
        ),
    ]

    class Meta(AbstractFormField.Meta):
        verbose_name = _("question")

    def __str__(self) -> str:
        return self.label

    def get_field_clean_name(self) -> str:
        # Wagtail's own key can be empty, or too long for PostgreSQL, when the label is Russian.
        return field_key(self.label)

    def question(self) -> Question:
        """Return this row as the pure question of a schema."""
        return Question(
            key=self.clean_name or self.get_field_clean_name(),
            label=self.label,
            kind=Kind(self.field_type),
            required=self.required and Kind(self.field_type).is_answered,
            help_text=self.help_text,
            default=self.default_value,
            choices=_lines(self.choices),
            columns=tuple(_column(block.value) for block in self.columns),
            rows=_lines(self.rows),
            min_rows=self.min_rows,
            max_rows=min(self.max_rows, MAX_ROWS),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _column(value: dict[str, Any]) -> Column:
    return Column(
        key=value["key"] or field_key(value["label"]),
        label=value["label"],
        kind=Kind(value["kind"]),
        required=bool(value["required"]),
        choices=_lines(value["choices"] or ""),
    )


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


class CataloguePermissionTester(PagePermissionTester):
    """The catalogue's own permissions: nothing new goes live below it without a review."""

    def can_publish_subpage(self) -> bool:
        return False


class FormsCatalogue(Page):
    """The list of official forms that visitors and specialists look through."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    subpage_types = ["forms_library.OfficialForm"]
    max_count = 1
    template = "forms_library/forms_catalogue.html"

    class Meta:
        verbose_name = _("catalogue of official forms")

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return CataloguePermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the editions in force now, one per published form, in order of their titles."""
        context = super().get_context(request, *args, **kwargs)
        forms = OfficialForm.objects.live().child_of(self)
        context["editions"] = (
            Edition.objects.in_force(at=timezone.now())
            .filter(official_form__in=forms)
            .without_template()
            .select_related("official_form")
            .order_by("title")
        )
        return context


class OfficialForm(Governed, FormMixin, Page):
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

    base_form_class = OfficialFormAdminForm
    form_builder = QuestionnaireBuilder
    parent_page_types = ["forms_library.FormsCatalogue"]
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
        InlinePanel("form_fields", label=_("question"), heading=_("Questions")),
        FieldPanel("docx_template"),
        ReadinessPanel(heading=_("Is the form ready?")),
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
        return Schema(questions=tuple(field.question() for field in self.get_form_fields()))

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

    def draft_problems(self) -> tuple[str, ...]:
        # A draft may be saved half empty, and two drafts may choose one code: neither can be published.
        try:
            self.full_clean()
        except ValidationError as error:
            return (*error.messages, *self.readiness().problems)
        return self.readiness().problems

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
        )
        edition.digest = digest(edition.frozen())
        return edition

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return FormPermissionTester(user, self)

    def get_form_class(self) -> type:
        return QuestionnaireBuilder(self.schema()).get_form_class()

    def publish(self, revision: Revision, **options: Any) -> None:
        """Publish, and put the new edition in force, in one breath (see `forms_library.governance`).

        Raises `NotApproved` unless a second person approved exactly this wording, also when it is only scheduled.
        """
        with transaction.atomic():
            approval_of(revision)
            super().publish(revision, **options)

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

        That is the edition in force, else the last one that was; a preview without any shows the draft.
        """
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        editions = list(self.editions.without_template().select_related("end").order_by("-number"))
        context["editions"] = editions
        context["edition"] = next((edition for edition in editions if edition.is_in_force(at=now)), None)
        context["shown"] = context["edition"] or next(iter(editions), None) or self.as_edition()
        return context
