"""The questions of a draft form, as a methodologist describes them in Wagtail's form builder."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Self

from anyascii import anyascii
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.forms import TextInput
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import model_from_serializable_data
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField
from wagtail.fields import StreamField

from forms_library.remark_panels import RemarkPanel
from forms_library.schema import (
    CELL_KINDS,
    MAX_FILES,
    MAX_MEGABYTES,
    MAX_ROWS,
    Check,
    Column,
    Kind,
    Question,
    Row,
    Sensitivity,
    Threshold,
)

KIND_LABELS = {
    Kind.TEXT: _("Short text"),
    Kind.LONG_TEXT: _("Long text"),
    Kind.DATE: _("Date"),
    Kind.BIRTH_DATE: _("Date of birth"),
    Kind.DATE_TIME: _("Date and time"),
    Kind.INTEGER: _("Whole number"),
    Kind.MONEY: _("Sum of money"),
    Kind.YES_NO: _("Yes or no"),
    Kind.CHOICE: _("One choice"),
    Kind.CHOICES: _("Several choices"),
    Kind.FIO: _("Full name of a person"),
    Kind.PERSON: _("Somebody of the case"),
    Kind.AGENCY: _("Agency"),
    Kind.PHONE: _("Telephone"),
    Kind.EMAIL: _("E-mail"),
    Kind.ADDRESS: _("Address"),
    Kind.SNILS: _("SNILS"),
    Kind.ATTACHMENT: _("Attached files"),
    Kind.DOCUMENT: _("Form filed earlier in the case"),
    Kind.SIGNATURE: _("Signature line"),
    Kind.NUMBER: _("Registration number"),
    Kind.COMPUTED: _("Computed answer"),
    Kind.TABLE: _("Table with repeated rows"),
    Kind.FIXED_TABLE: _("Table with fixed rows"),
    Kind.CHECKLIST: _("Checklist with weights"),
    Kind.MATRIX: _("Matrix: a scale of its own in each row"),
    Kind.SECTION: _("Section heading"),
    Kind.NOTE: _("Explanatory text"),
}
SENSITIVITY_LABELS = {
    Sensitivity.ORDINARY: _("Ordinary: tells nothing of a person"),
    Sensitivity.PERSONAL: _("Personal data"),
    Sensitivity.SPECIAL: _("Special category: health, beliefs, intimate life"),
    Sensitivity.CRIMINAL: _("Criminal record"),
    Sensitivity.ADOPTION: _("Secret of adoption"),
}
RESERVED_KEYS = {"submit_time", "id", "page", "user", "form", "version", "token", "self", "about", "gaps", "today"}
KEY = r"^[a-z][a-z0-9_]{0,39}$"
LATIN = _("Use small Latin letters, digits and «_», starting with a letter.")


def field_key(label: str) -> str:
    """Return a short Latin key for a Russian label: at most 40 characters, never empty, never starting with a digit."""
    key = slugify(anyascii(label)).replace("-", "_")[:40].strip("_") or "pole"
    return f"f_{key}"[:40] if key in RESERVED_KEYS or key[0].isdigit() else key


FOLDED = {"data-fold": ""}
"""Marks a group of fields that most questions do not need (see static/js/form_builder.js)."""
_TYPED = tuple(kind for kind in Kind if kind.is_typed)
_WITHOUT_DEFAULT = {Kind.PERSON, Kind.AGENCY, Kind.ATTACHMENT, Kind.DOCUMENT, Kind.SIGNATURE}
_WITH_DEFAULT = tuple(kind for kind in _TYPED if not kind.is_table and kind not in _WITHOUT_DEFAULT)


def _of(*kinds: Kind) -> dict[str, str]:
    """Return what tells the editor's screen to show a field for questions of these kinds only."""
    return {"data-of-kinds": " ".join(kinds)}


class ColumnBlock(blocks.StructBlock):
    """A column of a table, as the methodologist describes it."""

    label = blocks.CharBlock(label=_("Heading"), max_length=255)
    group = blocks.CharBlock(
        label=_("Heading above"),
        max_length=255,
        required=False,
        help_text=_("Neighbouring columns of the same heading stand under it together"),
    )
    key = blocks.RegexBlock(
        label=_("Key"),
        regex=KEY,
        required=False,
        help_text=_("Latin letters; left empty, it is made from the heading"),
        error_messages={"invalid": LATIN},
    )
    kind = blocks.ChoiceBlock(
        label=_("Kind"), choices=[(kind.value, KIND_LABELS[kind]) for kind in CELL_KINDS], default=Kind.TEXT.value
    )
    required = blocks.BooleanBlock(label=_("Required"), required=False)
    choices = blocks.TextBlock(label=_("Choices, one per line"), required=False, rows=2)
    expression = blocks.CharBlock(
        label=_("Formula of a computed column"),
        max_length=500,
        required=False,
        help_text=_("Names other columns of its row, for example: price * amount"),
    )
    fact = blocks.CharBlock(
        label=_("Fact"), max_length=80, required=False, help_text=_("Whose and what, for example child.birth_date")
    )

    class Meta:
        icon = "table"
        label = _("Column")


class ItemBlock(blocks.StructBlock):
    """A row of a matrix or an item of a checklist."""

    label = blocks.CharBlock(label=_("Text"), max_length=500)
    scale = blocks.CharBlock(
        label=_("Scale"), max_length=100, required=False, help_text=_("Items of the same scale are added up together")
    )
    weight = blocks.IntegerBlock(label=_("Weight"), default=0, min_value=-1000, max_value=1000)
    choices = blocks.TextBlock(label=_("Choices of this row, one per line"), required=False, rows=2)

    class Meta:
        icon = "list-ul"
        label = _("Row")


class ThresholdBlock(blocks.StructBlock):
    """From which sum on a checklist suggests which level."""

    scale = blocks.CharBlock(
        label=_("Scale"), max_length=100, required=False, help_text=_("Empty: the sum of the whole checklist")
    )
    at_least = blocks.IntegerBlock(label=_("From"), min_value=-100_000, max_value=100_000)
    level = blocks.CharBlock(label=_("Suggests"), max_length=100)

    class Meta:
        icon = "order-up"
        label = _("Threshold")


class CheckBlock(blocks.StructBlock):
    """Something that must be true of several answers together."""

    condition = blocks.CharBlock(
        label=_("Must be true"), max_length=500, help_text=_("For example: period_to <= add_months(period_from, 3)")
    )
    message = blocks.CharBlock(label=_("What to say when it is not"), max_length=500)
    key = blocks.RegexBlock(
        label=_("Beside which question"),
        regex=KEY,
        required=False,
        help_text=_("The key of the question; empty: above the form"),
        error_messages={"invalid": LATIN},
    )

    class Meta:
        icon = "tick-inverse"
        label = _("Check")


class QuestionRow(AbstractFormField):
    """One question as a methodologist describes it, whatever it is a question of."""

    clean_name = models.CharField(
        _("key"),
        max_length=40,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", LATIN)],
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
    recommended = models.BooleanField(
        _("recommended"), default=False, help_text=_("A gap does not stop the filing, but its reason is asked.")
    )
    shown_when = models.CharField(
        _("asked when"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("For example: life_threat = да. Empty: always."),
    )
    expression = models.CharField(
        _("formula"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("For a computed answer, for example: minutes(start, end)"),
    )
    items = StreamField(
        [("item", ItemBlock())], verbose_name=_("rows of a matrix, items of a checklist"), blank=True, default=list
    )
    thresholds = StreamField(
        [("threshold", ThresholdBlock())], verbose_name=_("thresholds of a checklist"), blank=True, default=list
    )
    numbered_columns = models.BooleanField(_("number the columns on paper"), default=False)
    extract_by = models.CharField(
        _("addressee column"),
        max_length=40,
        blank=True,
        default="",
        help_text=_(
            "The key of the column that names the addressee: each may be sent an extract with their rows only."
        ),
    )
    number_pattern = models.CharField(
        _("pattern of the registration number"),
        max_length=40,
        blank=True,
        default="{n}",
        help_text=_("{n} is the number of the year, {year} the year, for example {n}/{year}"),
    )
    file_kinds = models.CharField(
        _("kinds of files"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Extensions, for example: pdf, jpg. Empty: those that the portal takes."),
    )
    max_files = models.PositiveSmallIntegerField(
        _("most files"), default=MAX_FILES, validators=[MinValueValidator(1), MaxValueValidator(MAX_FILES)]
    )
    max_megabytes = models.PositiveSmallIntegerField(
        _("biggest file, MB"),
        default=MAX_MEGABYTES,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MEGABYTES)],
    )
    forms = models.CharField(
        _("which forms"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Codes of the forms that may be chosen, separated by commas. Empty: any."),
    )
    sensitivity = models.CharField(
        _("how it is kept"),
        max_length=10,
        choices=[(kind.value, SENSITIVITY_LABELS[kind]) for kind in Sensitivity],
        default=Sensitivity.PERSONAL.value,
    )
    fact = models.CharField(
        _("fact"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("Whose and what, for example child.birth_date: the answer is then offered to other forms."),
    )
    guidance = models.CharField(
        _("paragraph of methodology"),
        max_length=300,
        blank=True,
        default="",
        validators=[RegexValidator(r"^/[^\s<>\"']*$", _("Copy the address of a page of this portal, from «/» on."))],
        help_text=_("The address of the paragraph that explains the question, for example /metodika/risk/#razgovor"),
    )
    block = models.CharField(
        _("copied from the block"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("The portal writes this down itself, to tell you when the block has a newer wording."),
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("field_type", classname="formbuilder-type", required_on_save=True),
        FieldPanel("choices", attrs=_of(Kind.CHOICE, Kind.CHOICES, Kind.CHECKLIST, Kind.MATRIX)),
        FieldPanel("expression", attrs=_of(Kind.COMPUTED)),
        FieldPanel("number_pattern", attrs=_of(Kind.NUMBER)),
        MultiFieldPanel(
            [
                FieldPanel("items", attrs=_of(Kind.CHECKLIST, Kind.MATRIX)),
                FieldPanel("thresholds", attrs=_of(Kind.CHECKLIST)),
                FieldPanel("rows", attrs=_of(Kind.FIXED_TABLE)),
                FieldPanel("columns"),
                FieldRowPanel([FieldPanel("min_rows"), FieldPanel("max_rows")], attrs=_of(Kind.TABLE)),
                FieldRowPanel(
                    [FieldPanel("numbered_columns"), FieldPanel("extract_by")], attrs=_of(Kind.TABLE, Kind.FIXED_TABLE)
                ),
            ],
            heading=_("For tables, checklists and matrices"),
            attrs=_of(*(kind for kind in Kind if kind.is_table)),
        ),
        MultiFieldPanel(
            [
                FieldPanel("file_kinds", attrs=_of(Kind.ATTACHMENT)),
                FieldRowPanel([FieldPanel("max_files"), FieldPanel("max_megabytes")], attrs=_of(Kind.ATTACHMENT)),
                FieldPanel("forms", attrs=_of(Kind.DOCUMENT)),
            ],
            heading=_("For files and links to other forms"),
            attrs=_of(Kind.ATTACHMENT, Kind.DOCUMENT),
        ),
        FieldPanel("help_text", attrs=_of(*(kind for kind in Kind if kind != Kind.NOTE))),
        FieldRowPanel([FieldPanel("required"), FieldPanel("recommended")], attrs=_of(*_TYPED)),
        FieldPanel("clean_name"),
        MultiFieldPanel(
            [
                FieldPanel("shown_when"),
                FieldPanel("not_before", attrs=_of(Kind.DATE, Kind.BIRTH_DATE, Kind.DATE_TIME)),
            ],
            heading=_("Rules"),
            attrs=FOLDED,
        ),
        MultiFieldPanel(
            [
                FieldPanel("sensitivity"),
                FieldPanel("default_value", attrs=_of(*_WITH_DEFAULT)),
                FieldPanel("fact"),
                FieldPanel("guidance"),
                # Posted with the rest: a row that only exists in a draft is made anew from what is posted.
                FieldPanel("block", widget=TextInput(attrs={"readonly": True})),
            ],
            heading=_("What the answer is"),
            attrs=FOLDED | _of(*(kind for kind in Kind if kind.is_answered)),
        ),
    ]

    class Meta(AbstractFormField.Meta):
        abstract = True
        verbose_name = _("question")

    def __str__(self) -> str:
        return self.label

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> Self:
        """Read the row of a draft. What it belongs to has just been read, so that it is not looked up once per row."""
        return model_from_serializable_data(cls, data, check_fks=False)

    def get_field_clean_name(self) -> str:
        # Wagtail's own key can be empty, or too long for PostgreSQL, when the label is Russian.
        return field_key(self.label)

    def question(self) -> Question:
        """Return this row as the pure question of a schema."""
        kind = Kind(self.field_type)
        alike: dict[str, Any] = {name: getattr(self, name) for name in _AS_IT_IS}
        alike |= {name: _lines(getattr(self, name)) for name in _LINES}
        alike |= {name: _listed(getattr(self, name)) for name in _LISTED}
        return Question(
            key=self.clean_name or self.get_field_clean_name(),
            label=self.label,
            kind=kind,
            columns=tuple(_column(block.value) for block in self.columns),
            rows=self._rows(kind),
            thresholds=tuple(Threshold(**block.value) for block in self.thresholds),
            required=self.required and kind.is_typed,
            recommended=self.recommended and not self.required and kind.is_typed,
            default=self.default_value.replace("\r\n", "\n"),
            max_rows=min(self.max_rows, MAX_ROWS),
            number_pattern=self.number_pattern or "{n}",
            sensitivity=Sensitivity(self.sensitivity),
            **alike,
        )

    def _rows(self, kind: Kind) -> tuple[Row, ...]:
        if kind in {Kind.CHECKLIST, Kind.MATRIX}:
            return tuple(_row(block.value) for block in self.items)
        return tuple(Row(label=line) for line in _lines(self.rows))

    @classmethod
    def from_question(cls, question: Question, *, sort_order: int = 0, **place: Any) -> Self:
        """Return a row that says what `question` says; `place` tells whose row it is."""
        has_items = question.kind in {Kind.CHECKLIST, Kind.MATRIX}
        return cls(
            sort_order=sort_order,
            clean_name=question.key,
            label=question.label,
            field_type=question.kind.value,
            required=question.required,
            recommended=question.recommended,
            default_value=question.default,
            columns=[("column", _column_value(column)) for column in question.columns],
            rows="" if has_items else "\n".join(row.label for row in question.rows),
            items=[("item", _row_value(row)) for row in question.rows] if has_items else [],
            thresholds=[("threshold", asdict(threshold)) for threshold in question.thresholds],
            max_rows=question.max_rows,
            number_pattern=question.number_pattern,
            sensitivity=question.sensitivity.value,
            **{name: "\n".join(getattr(question, name)) for name in _LINES},
            **{name: ", ".join(getattr(question, name)) for name in _LISTED},
            **{name: getattr(question, name) for name in _AS_IT_IS},
            **place,
        )


class FormField(QuestionRow):
    """One question of a draft form."""

    page = ParentalKey("OfficialForm", on_delete=models.CASCADE, related_name="form_fields")

    panels = [RemarkPanel(), *QuestionRow.panels]

    class Meta(QuestionRow.Meta):
        abstract = False


_AS_IT_IS = (
    "help_text",
    "min_rows",
    "numbered_columns",
    "extract_by",
    "not_before",
    "shown_when",
    "expression",
    "max_files",
    "max_megabytes",
    "fact",
    "guidance",
    "block",
)
"""What a row of the builder and a question of a schema call by the same name and keep alike."""
_LINES = ("choices",)
_LISTED = ("file_kinds", "forms")


def check(value: Mapping[str, Any]) -> Check:
    """Return what a methodologist described in a `CheckBlock` as the pure check of a schema."""
    return Check(condition=value["condition"], message=value["message"], key=value["key"] or "")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower().lstrip(".") for part in text.split(",") if part.strip())


def _column(value: Mapping[str, Any]) -> Column:
    return Column(
        key=value["key"] or field_key(value["label"]),
        label=value["label"],
        kind=Kind(value["kind"]),
        required=bool(value["required"]),
        choices=_lines(value["choices"] or ""),
        **{name: value.get(name) or "" for name in ("group", "expression", "fact")},
    )


def _column_value(column: Column) -> dict[str, Any]:
    return {**asdict(column), "kind": column.kind.value, "choices": "\n".join(column.choices)}


def _row(value: Mapping[str, Any]) -> Row:
    return Row(
        label=value["label"],
        scale=value["scale"] or "",
        weight=value["weight"] or 0,
        choices=_lines(value["choices"] or ""),
    )


def _row_value(row: Row) -> dict[str, Any]:
    return {**asdict(row), "choices": "\n".join(row.choices)}
