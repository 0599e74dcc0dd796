"""A schema as a form on the screen: schema -> Django form -> answers.

Wagtail's form builder makes the fields (`answer_fields`); tables are rows of small forms. What a person typed is kept as
plain strings (`typed`); only checking turns it into answers. Nothing here reads the database.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, ngettext

from forms_library.answer_fields import (
    AgencyField,
    Attached,
    AttachmentField,
    BirthDateField,
    QuestionnaireBuilder,
    QuestionnaireForm,
)
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.typed import Typed, row_indexes

Answers = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One row of a table on the screen."""

    index: int
    label: str
    form: QuestionnaireForm
    columns: tuple[Column, ...]
    can_remove: bool

    @property
    def cells(self) -> list[tuple[Column, BoundField]]:
        return [(column, self.form[column.key]) for column in self.columns]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was typed into it."""
        names = [self.form.add_prefix(column.key) for column in self.columns]
        return not any(value.strip() for name in names for value in self.form.data.getlist(name))


@dataclass
class Table:
    """A table of a form on the screen."""

    question: Question
    rows: list[Row]
    checking: bool

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.question.columns

    @property
    def is_fixed(self) -> bool:
        return self.question.kind == Kind.FIXED_TABLE

    @property
    def can_add(self) -> bool:
        return not self.is_fixed and len(self.rows) < self.question.max_rows

    @property
    def filled_rows(self) -> list[Row]:
        """The rows that count: all of a fixed table, otherwise those with something in them."""
        return self.rows if self.is_fixed else [row for row in self.rows if not row.is_empty]

    @property
    def problem(self) -> str:
        """What is wrong with the table as a whole; empty while nobody asked to check."""
        fewest = max(self.question.min_rows, int(self.question.required))
        if self.checking and not self.is_fixed and len(self.filled_rows) < fewest:
            return ngettext("Fill in at least %(count)d row.", "Fill in at least %(count)d rows.", fewest) % {
                "count": fewest
            }
        return ""

    def answers(self) -> list[dict[str, Any]]:
        return [
            {column.key: _plain(row.form.cleaned_data[column.key]) for column in self.columns}
            for row in self.filled_rows
        ]


@dataclass(frozen=True)
class Item:
    """One thing inside a section: a field, a table or a note."""

    kind: str
    question: Question
    field: BoundField | None = None
    table: Table | None = None


@dataclass
class Section:
    """A heading (or none) and what stands under it."""

    heading: Question | None
    items: list[Item] = field(default_factory=list)


class Questionnaire:
    """One form on the screen, empty, half filled or filled.

    `typed` is what was typed so far (None for a fresh form, which shows the defaults); with `check` it is checked and
    every mistake is said. `agencies` maps names of agencies to ids; `attached` are the files kept for this form; nobody
    is born after `today` (without it, that is not checked).
    """

    def __init__(
        self,
        schema: Schema,
        *,
        typed: Typed | None = None,
        check: bool = False,
        agencies: Mapping[str, int] | None = None,
        attached: Attached | None = None,
        today: dt.date | None = None,
    ) -> None:
        self.schema = schema
        self.checking = check
        self.agencies = agencies or {}
        self.attached = attached or {}
        self.today = today
        self.data = MultiValueDict(typed) if typed is not None else None
        self.form = self._form(schema)
        self.tables = {
            question.key: Table(question, self._rows(question), check) for question in schema if question.kind.is_table
        }

    def _form(self, questions: Iterable[Question | Column], prefix: str | None = None) -> QuestionnaireForm:
        form = QuestionnaireBuilder(questions).get_form_class()(data=self.data, prefix=prefix)
        form.checking = self.checking
        for bound_field in form.fields.values():
            if isinstance(bound_field, AgencyField):
                bound_field.known = self.agencies
                bound_field.widget.attrs["list"] = "agencies"
            if isinstance(bound_field, AttachmentField):
                bound_field.widget.attached = self.attached
            if isinstance(bound_field, BirthDateField):
                bound_field.today = self.today
        return form

    def _rows(self, question: Question) -> list[Row]:
        if question.kind == Kind.FIXED_TABLE:
            labels = list(question.rows)
        else:
            indexes = row_indexes(question, self.data or {})
            labels = [""] * (max(indexes) + 1 if indexes else max(question.min_rows, 1))
        rows = []
        for index, label in enumerate(labels):
            form = self._form(question.columns, prefix=f"{question.key}-{index}")
            row = Row(index, label, form, question.columns, can_remove=question.kind == Kind.TABLE and len(labels) > 1)
            if question.kind == Kind.TABLE and self.data is not None and row.is_empty:
                form.checking = False  # an empty row is no row
            rows.append(row)
        return rows

    @cached_property
    def sections(self) -> list[Section]:
        """The form in the order of its schema."""
        return [
            Section(heading, [self._item(question) for question in questions])
            for heading, questions in self.schema.sections()
        ]

    def _item(self, question: Question) -> Item:
        if question.kind == Kind.NOTE:
            return Item("note", question)
        if question.kind.is_table:
            return Item("table", question, table=self.tables[question.key])
        return Item("field", question, field=self.form[question.key])

    def is_valid(self) -> bool:
        """Return whether everything typed is right and complete; only a checked questionnaire can be."""
        if not self.checking or self.data is None:
            return False
        return self.form.is_valid() and not any(
            table.problem or any(row.form.errors for row in table.filled_rows) for table in self.tables.values()
        )

    def answers(self) -> Answers:
        """Return the answers of a valid questionnaire as plain JSON data, every answered key present.

        Raises `ValueError` when it is not valid.
        """
        if not self.is_valid():
            raise ValueError("the questionnaire is not valid")
        return {
            question.key: self.tables[question.key].answers()
            if question.kind.is_table
            else _plain(self.form.cleaned_data[question.key])
            for question in self.schema.answered
        }

    @cached_property
    def error_summary(self) -> list[tuple[str, str, str]]:
        """All the mistakes in the order of the page: (id of the field, its name, what to do)."""
        found: list[tuple[str, str, str]] = []
        for section in self.sections:
            for item in section.items:
                if item.field is not None:
                    found.extend(
                        (item.field.id_for_label or item.field.auto_id, str(item.field.label), str(message))
                        for message in item.field.errors
                    )
                elif item.table is not None:
                    found.extend(_table_errors(item.table))
        return found

    def missing(self) -> list[str]:
        """Return the names of required questions that have no answer yet."""
        checked = Questionnaire(
            self.schema,
            typed=dict(self.data.lists()) if self.data else {},
            check=True,
            agencies=self.agencies,
            attached=self.attached,
            today=self.today,
        )
        return list(dict.fromkeys(label for _id, label, _message in checked.error_summary))


def _table_errors(table: Table) -> list[tuple[str, str, str]]:
    found = []
    if table.problem:
        found.append((f"table-{table.key}", table.question.label, table.problem))
    for row in table.filled_rows:
        place = row.label or gettext("row %(number)d") % {"number": row.index + 1}
        for column, cell in row.cells:
            found.extend(
                (cell.id_for_label or cell.auto_id, f"{table.question.label}, {place}: {column.label}", str(error))
                for error in cell.errors
            )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return value
