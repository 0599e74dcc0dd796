"""A schema as a form on the screen: schema -> Django form -> answers.

Wagtail's form builder makes the fields (`answer_fields`); tables are rows of small forms. What a person typed is kept as
plain strings (`typed`); only checking turns it into answers. Nothing here reads the database.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from forms_library import expressions, printed_answers
from forms_library.answer_fields import (
    Attached,
    AttachmentField,
    BirthDateField,
    Documents,
    DocumentsField,
    NamedField,
    QuestionnaireBuilder,
    QuestionnaireForm,
)
from forms_library.questionnaire_parts import Cell, Gap, Item, Mistake, Row, Section, Suggestion, Table, answers_of
from forms_library.rules_in_words import condition_in_words
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.typed import GAPS, WHY, Typed, row_indexes

Answers = dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What a form may be filled in with besides words: agencies and people by name, files and filed forms of the case.

    Nobody is born after `today`; without it, that is not checked and no age is computed.
    """

    agencies: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    attached: Attached = field(default_factory=dict)
    documents: Documents = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)  # where a typed value comes from, by the name of its field
    today: dt.date | None = None


def completed(schema: Schema, answers: Answers, *, today: dt.date | None) -> Answers:
    """Return the typed answers together with what the form itself computes; registration numbers are still empty."""
    evaluation = expressions.Evaluation(schema, answers, today=today)
    found = dict(answers)
    for question in schema.answered:
        if question.kind == Kind.COMPUTED:
            found[question.key] = evaluation.computed(question.key)
        elif question.kind == Kind.NUMBER:
            found[question.key] = ""
        elif computed := [column.key for column in question.columns if column.kind == Kind.COMPUTED]:
            found[question.key] = [
                row | {key: evaluation.computed_cell(question.key, index, key) for key in computed}
                for index, row in enumerate(answers[question.key])
            ]
    return found


class Questionnaire:
    """One form on the screen, empty, half filled or filled.

    `typed` is what was typed so far (None for a fresh form, which shows the defaults); with `check` it is checked and
    every mistake is said. `around` tells what may be chosen.
    """

    def __init__(
        self, schema: Schema, *, typed: Typed | None = None, check: bool = False, around: Surroundings | None = None
    ) -> None:
        self.schema = schema
        self.checking = check
        self.around = around or Surroundings()
        self.data = MultiValueDict(typed) if typed is not None else None
        self._form_classes: dict[Any, type[QuestionnaireForm]] = {}
        self.form = self._form(schema.questions)
        self.tables: dict[str, Table] = {}
        for question in schema:
            if question.kind.is_table:
                self.tables[question.key] = Table(question, self._rows(question), check)
        if check and self.data is not None:
            self._leave_out_what_is_not_asked()

    def _form(self, questions: tuple[Question | Column, ...], prefix: str | None = None) -> QuestionnaireForm:
        form_class = self._form_classes.get(questions)
        if form_class is None:
            form_class = self._form_classes[questions] = QuestionnaireBuilder(questions).get_form_class()
        form = form_class(data=self.data, prefix=prefix)
        form.checking = self.checking
        for each in form.fields.values():
            if isinstance(each, NamedField):
                each.known = getattr(self.around, each.register)
            elif isinstance(each, AttachmentField):
                each.widget.attached = self.around.attached
            elif isinstance(each, DocumentsField):
                each.offer(self.around.documents)
            elif isinstance(each, BirthDateField):
                each.today = self.around.today
        return form

    def _rows(self, question: Question) -> list[Row]:
        if question.kind.has_fixed_rows:
            return [
                self._row(question, index, label=row.label, scale=row.scale) for index, row in enumerate(question.rows)
            ]
        indexes = row_indexes(question, self.data or {})
        count = max(indexes) + 1 if indexes else max(question.min_rows, 1)
        return [self._row(question, index, can_remove=count > 1) for index in range(count)]

    def _row(
        self, question: Question, index: int, *, label: str = "", scale: str = "", can_remove: bool = False
    ) -> Row:
        columns = question.cells_of(index)
        form = self._form(columns, prefix=f"{question.key}-{index}")
        cells = tuple(
            Cell(column, form[column.key], origin=self.around.origins.get(form.add_prefix(column.key), ""))
            if column.kind.is_typed
            else Cell(column)
            for column in columns
        )
        row = Row(index, label, scale, form, cells, can_remove)
        if question.kind == Kind.TABLE and self.data is not None and row.is_empty:
            form.checking = False  # an empty row is no row
        return row

    @cached_property
    def evaluation(self) -> expressions.Evaluation:
        """The rules of the form over what was typed so far; what cannot be read yet is unknown."""
        needed = names_in_rules(self.schema)
        answers = {
            question.key: self._answer_so_far(question) for question in self.schema.typed if question.key in needed
        }
        return expressions.Evaluation(self.schema, answers, today=self.around.today)

    def _answer_so_far(self, question: Question) -> Any:
        if question.kind.is_table:
            table = self.tables[question.key]
            return [{key: _so_far(row.form, key) for key in row.form.fields} for row in table.filled_rows]
        return _so_far(self.form, question.key)

    @cached_property
    def not_asked(self) -> frozenset[str]:
        """The keys of questions and sections that the rules of the form hide now."""
        if not any(question.shown_when for question in self.schema):
            return frozenset()
        return frozenset(question.key for question in self.schema if not self.evaluation.is_shown(question.key))

    def _leave_out_what_is_not_asked(self) -> None:
        self.form.not_asked = self.not_asked
        for key in self.not_asked & self.tables.keys():
            self.tables[key].checking = False
            for row in self.tables[key].rows:
                row.form.checking = False

    @cached_property
    def problems(self) -> dict[str, list[str]]:
        """What the checks of the form find: beside a field as its own error, else by key here; "" is the whole form."""
        found: dict[str, list[str]] = {}
        if not (self.checking and self.data is not None and self.schema.checks):
            return found
        for check in self.evaluation.failed_checks():
            if check.key in self.form.fields:
                self.form.add_error(check.key, ValidationError(check.message, code="check"))
            else:
                found.setdefault(check.key if check.key in self.schema else "", []).append(check.message)
        return found

    @cached_property
    def sections(self) -> list[Section]:
        """The form in the order of its schema."""
        return [
            Section(
                heading,
                [self._item(question) for question in questions],
                condition=self._condition(heading) if heading else "",
                is_shown=heading is None or heading.key not in self.not_asked,
            )
            for heading, questions in self.schema.sections()
        ]

    def _item(self, question: Question) -> Item:
        place: dict[str, Any] = {
            "condition": self._condition(question),
            "is_shown": question.key not in self.not_asked,
            "problems": tuple(self.problems.get(question.key, ())),
            "origin": self.around.origins.get(question.key, ""),
        }
        if question.kind == Kind.NOTE:
            return Item("note", question, **place)
        if not question.kind.is_typed:
            return Item("given", question, words=self._given(question), **place)
        if question.recommended:
            name = f"{question.key}{WHY}"
            place["gap"] = Gap(name, self.data.get(name, "") if self.data else "", not self._has_answer(question))
        if question.kind.is_table:
            table = self._with_computed_cells(self.tables[question.key])
            return Item("table", question, table=replace(table, suggestions=self._suggestions(question)), **place)
        return Item("field", question, field=self.form[question.key], **place)

    def _suggestions(self, checklist: Question) -> tuple[Suggestion, ...]:
        if checklist.kind != Kind.CHECKLIST:
            return ()
        return tuple(
            Suggestion(scale, question, self._given(question))
            for question in self.schema
            if question.kind == Kind.COMPUTED
            and (scale := expressions.scale_of(question.expression, checklist.key)) is not None
        )

    def _condition(self, question: Question) -> str:
        return condition_in_words(question.shown_when, self.schema) if question.shown_when else ""

    def _given(self, question: Question) -> str:
        """Return the words of a computed answer so far; a number is given when the form is filed."""
        if question.kind == Kind.NUMBER:
            return ""
        return printed_answers.computed_words(self.schema, question, self.evaluation.computed(question.key))

    def _with_computed_cells(self, table: Table) -> Table:
        computed = [column for column in table.columns if column.kind == Kind.COMPUTED]
        if not computed:
            return table
        counted = {row.index: number for number, row in enumerate(table.filled_rows)}
        rows = []
        for row in table.rows:
            words = {
                column.key: printed_answers.computed_cell_words(
                    column,
                    table.columns,
                    self.evaluation.computed_cell(table.key, counted[row.index], column.key),
                )
                for column in computed
                if row.index in counted
            }
            cells = tuple(
                replace(cell, words=words.get(cell.column.key, "")) if cell.field is None else cell
                for cell in row.cells
            )
            rows.append(replace(row, cells=cells))
        return replace(table, rows=rows)

    def is_valid(self) -> bool:
        """Return whether everything typed is right and complete; only a checked questionnaire can be."""
        if not self.checking or self.data is None:
            return False
        return (
            not self.problems
            and self.form.is_valid()
            and not any(
                table.problem or any(row.form.errors for row in table.filled_rows) for table in self.tables.values()
            )
        )

    def answers(self) -> Answers:
        """Return the answers of a valid questionnaire as plain JSON data, every answered key present.

        What is not asked is empty, what is computed is computed; a registration number is empty until the form is filed.
        The reasons of gaps stand under `GAPS`. Raises `ValueError` when the questionnaire is not valid.
        """
        if not self.is_valid():
            raise ValueError("the questionnaire is not valid")
        answers = {question.key: self._answer(question) for question in self.schema.typed}
        answers = completed(self.schema, answers, today=self.around.today)
        reasons = {item.question.key: item.gap.words for item in self.gaps() if item.gap and item.gap.words.strip()}
        return answers | ({GAPS: reasons} if reasons else {})

    def _answer(self, question: Question) -> Any:
        if question.key in self.not_asked:
            return empty_answer(question)
        if question.kind.is_table:
            return answers_of(self.tables[question.key], _plain)
        return _plain(self.form.cleaned_data[question.key])

    def gaps(self) -> list[Item]:
        """Return the recommended questions that are asked and have no answer."""
        return [
            item
            for section in self.sections
            for item in section.items
            if item.gap and item.gap.is_open and item.is_shown and section.is_shown
        ]

    def _has_answer(self, question: Question) -> bool:
        if question.kind.is_table:
            return self.tables[question.key].has_answer
        names = (question.key, f"{question.key}__post", f"{question.key}__name")
        return self.data is not None and any(value.strip() for name in names for value in self.data.getlist(name))

    @property
    def given(self) -> dict[str, str]:
        """Return what the form itself has computed so far, in words: by key, and cells by the name of their place."""
        found = {}
        for section in self.sections:
            for item in section.items:
                if item.kind == "given":
                    found[item.question.key] = item.words
                for row in item.table.rows if item.table else ():
                    found |= {
                        row.form.add_prefix(cell.column.key): cell.words for cell in row.cells if cell.field is None
                    }
        return found

    @cached_property
    def error_summary(self) -> list[Mistake]:
        """All the mistakes in the order of the page; "" in the place of an id is the whole form."""
        found = [("", gettext("The whole form"), message) for message in self.problems.get("", ())]
        return found + [mistake for section in self.sections for mistake in section.mistakes()]

    @cached_property
    def checked(self) -> "Questionnaire":
        """The same form, checked."""
        if self.checking:
            return self
        typed = dict(self.data.lists()) if self.data else {}
        return Questionnaire(self.schema, typed=typed, check=True, around=self.around)

    def missing(self) -> list[str]:
        """Return the names of required questions that have no answer yet."""
        return list(dict.fromkeys(label for _id, label, _message in self.checked.error_summary))


def names_in_rules(schema: Schema) -> frozenset[str]:
    """Return the keys of all the questions that some rule of the form looks at; broken rules look at nothing."""
    sources = [check.condition for check in schema.checks]
    for question in schema:
        sources += [question.shown_when, question.expression]
    found: set[str] = {question.key for question in schema if any(column.expression for column in question.columns)}
    for source in filter(None, sources):
        try:
            found |= expressions.parse(source).names
        except expressions.ExpressionError:  # a draft may hold any words; readiness tells the methodologist
            continue
    return frozenset(found)


def empty_answer(question: Question) -> Any:
    """Return what a question that is not asked is answered with."""
    if question.kind.is_table or question.kind in {Kind.CHOICES, Kind.ATTACHMENT, Kind.DOCUMENT}:
        return []
    if question.kind in {Kind.AGENCY, Kind.PERSON}:
        return {"id": None, "name": ""}
    if question.kind == Kind.SIGNATURE:
        return {"post": "", "name": ""}
    return None if question.kind in {Kind.INTEGER, Kind.YES_NO, Kind.DATE_TIME} or question.kind.is_date else ""


def _so_far(form: QuestionnaireForm, key: str) -> Any:
    """Return the answer to one field as far as it can be read; `None` when it cannot."""
    typed = form[key].data if form.is_bound else form[key].initial
    try:
        return _plain(form.fields[key].clean(typed))
    except ValidationError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return value
