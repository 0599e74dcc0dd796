"""A filed form in words for the screen: the questions of its own edition beside what was answered. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from casework.closed_answers import closed_questions
from forms_library import printed_answers
from forms_library.printed_answers import computed_cell_words, computed_words
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.typed import GAPS


@dataclass(frozen=True)
class Answer:
    """One question and its answer in words; a table has `rows` instead, `label` first in a fixed one."""

    question: Question
    words: str = ""
    rows: list[list[str]] = field(default_factory=list)
    row_labels: tuple[str, ...] = ()
    gap: str = ""  # why a recommended question was left open
    is_closed: bool = False  # there is an answer, and the reader may not read it

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """The rows of a table, each with what it is called: its own label, or its number."""
        labels = self.row_labels or tuple(str(number + 1) for number in range(len(self.rows)))
        return list(zip(labels, self.rows, strict=False))


@dataclass(frozen=True)
class AnsweredSection:
    """A heading (or none) and the answers under it."""

    heading: Question | None
    answers: list[Answer]


def on_screen(
    schema: Schema, answers: Mapping[str, Any], *, closed: Collection[str] = frozenset()
) -> list[AnsweredSection]:
    """Return the answers section by section, in the order of the schema; without those of the `closed` categories."""
    hidden = closed_questions(schema, closed)
    return [
        AnsweredSection(
            heading,
            [
                Answer(question, is_closed=True) if question.key in hidden else _answer(schema, question, answers)
                for question in questions
            ],
        )
        for heading, questions in schema.sections()
    ]


def _answer(schema: Schema, question: Question, answers: Mapping[str, Any]) -> Answer:
    value = answers.get(question.key)
    if question.kind.is_table:
        columns = question.cells
        rows = [[_cell(columns, column, row.get(column.key)) for column in columns] for row in value or []]
        labels = tuple(row.label for row in question.rows) if rows else ()
        return Answer(question, rows=rows, row_labels=labels, gap=answers.get(GAPS, {}).get(question.key, ""))
    if not question.kind.is_answered:
        return Answer(question)
    if question.kind == Kind.COMPUTED:
        return Answer(question, words=computed_words(schema, question, value))
    return Answer(question, words=words(question.kind, value), gap=answers.get(GAPS, {}).get(question.key, ""))


def _cell(columns: Sequence[Column], column: Column, value: Any) -> str:
    if column.kind == Kind.COMPUTED:
        return computed_cell_words(column, columns, value)
    return words(column.kind, value)


def words(kind: Kind, value: Any) -> str:
    """Return one answer in words; empty when there is none."""
    if value is None or value == "" or value == []:
        return ""
    if kind == Kind.YES_NO:
        return _("yes") if value else _("no")
    if kind in {Kind.AGENCY, Kind.PERSON}:
        return value["name"]
    if kind in {Kind.ATTACHMENT, Kind.DOCUMENT}:
        return ", ".join(item["name"] for item in value)
    if kind == Kind.SIGNATURE:
        return ", ".join(part for part in (value["post"], value["name"]) if part)
    return printed_answers.words(kind, value)
