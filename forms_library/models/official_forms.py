"""An official form as its methodologist drafts it: a Wagtail page built with Wagtail's own form builder.

The page is only the draft board. What people fill in, print and are bound by is the page's newest edition.
"""

import secrets
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import FormMixin
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester

from forms_library.answer_fields import QuestionnaireBuilder
from forms_library.block_panels import CopiedBlocksPanel
from forms_library.edition_forms import OnDateForm
from forms_library.governance_panels import ImpactPanel
from forms_library.models.agencies import Agency
from forms_library.models.approvals import FourEyesTask
from forms_library.models.editions import Edition
from forms_library.models.form_fields import CheckBlock, check
from forms_library.models.governed_pages import ACT_PANEL, GovernedPage
from forms_library.official_form_admin import FormReadinessPanel, OfficialFormAdminForm
from forms_library.questionnaire import Questionnaire
from forms_library.readiness import Readiness, readiness
from forms_library.remark_panels import RemarkPanel
from forms_library.schema import Schema


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


class OfficialForm(FormMixin, GovernedPage):
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
    demo_answers = models.JSONField(_("demo answers"), default=dict, blank=True, editable=False)

    base_form_class = OfficialFormAdminForm
    form_builder = QuestionnaireBuilder
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
        ACT_PANEL,
        FormReadinessPanel(heading=_("Is the form ready?")),
        ImpactPanel(heading=_("What uses the form")),
    ]

    class Meta:
        verbose_name = _("official form")
        verbose_name_plural = _("official forms")

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

    def wording_problems(self) -> tuple[str, ...]:
        return self.readiness().problems

    def as_edition(self) -> Edition:
        template = self.template_bytes() or b""
        return self.frozen_into(
            Edition(
                official_form_id=self.pk,
                filled_by=self.filled_by,
                received_by=self.received_by,
                audience=self.audience,
                questions=self.schema().to_json(),
                docx_template=template,
                template_sha256=sha256(template).hexdigest(),
                restriction_mark=self.restriction_mark,
            )
        )

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
        """Add the editions and the one to show, and which of them was in force on the day that is asked about."""
        context = super().get_context(request, *args, **kwargs)
        context |= self.editions_to_show(self.editions.without_template())
        context["on_date"] = on_date = OnDateForm(request.GET if "on" in request.GET else None)
        context["in_force_on"] = on_date.in_force(context["editions"]) if on_date.is_valid() else None
        return context
