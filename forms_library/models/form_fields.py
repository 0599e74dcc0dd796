"""The questions of a draft form, as a methodologist describes them in Wagtail's form builder."""

from typing import Any

from anyascii import anyascii
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField
from wagtail.fields import StreamField

from forms_library.schema import CELL_KINDS, MAX_ROWS, Column, Kind, Question

KIND_LABELS = {
    Kind.TEXT: _("Short text"),
    Kind.LONG_TEXT: _("Long text"),
    Kind.DATE: _("Date"),
    Kind.BIRTH_DATE: _("Date of birth"),
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
RESERVED_KEYS = {"submit_time", "id", "page", "user", "form", "version", "token", "self", "about"}


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
    label.required_on_save = True  # type: ignore[attr-defined]
    help_text = models.CharField(_("hint"), max_length=500, blank=True)
    field_type = models.CharField(_("kind"), max_length=16, choices=[(kind.value, KIND_LABELS[kind]) for kind in Kind])
    field_type.required_on_save = True  # type: ignore[attr-defined]
    choices = models.TextField(_("choices, one per line"), blank=True)
    columns = StreamField([("column", ColumnBlock())], verbose_name=_("columns of the table"), blank=True)
    rows = models.TextField(_("rows of a fixed table, one per line"), blank=True)
    min_rows = models.PositiveSmallIntegerField(_("fewest rows"), default=0, validators=[MaxValueValidator(MAX_ROWS)])
    max_rows = models.PositiveSmallIntegerField(_("most rows"), default=20, validators=[MaxValueValidator(MAX_ROWS)])
    not_before = models.CharField(
        _("not before"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("For a date: the key of another date of this form, which this one may not precede."),
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("field_type", classname="formbuilder-type", required_on_save=True),
        FieldPanel("help_text"),
        FieldPanel("required"),
        FieldPanel("clean_name"),
        FieldPanel("choices", classname="formbuilder-choices"),
        FieldPanel("default_value", classname="formbuilder-default"),
        FieldPanel("not_before"),
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
            not_before=self.not_before,
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
