"""A filed form in words for the screen: the questions of its own edition beside what was answered. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forms_library.schema import Kind, Question, Schema


@dataclass(frozen=True)
class Answer:
    """One question and its answer in words; a table has `rows` instead, `label` first in a fixed one."""

    question: Question
    words: str = ""
    rows: list[list[str]] = field(default_factory=list)
    row_labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnsweredSection:
    """A heading (or none) and the answers under it."""

    heading: Question | None
    answers: list[Answer]


def on_screen(schema: Schema, answers: Mapping[str, Any]) -> list[AnsweredSection]:
    """Return the answers section by section, in the order of the schema."""
    return [
        AnsweredSection(heading, [_answer(question, answers.get(question.key)) for question in questions])
        for heading, questions in schema.sections()
    ]


def _answer(question: Question, value: Any) -> Answer:
    if question.kind.is_table:
        rows = [[words(column.kind, row.get(column.key)) for column in question.columns] for row in value or []]
        return Answer(question, rows=rows, row_labels=question.rows)
    if not question.kind.is_answered:
        return Answer(question)
    return Answer(question, words=words(question.kind, value))


def words(kind: Kind, value: Any) -> str:
    """Return one answer in words; empty when there is none."""
    if value is None or value == "" or value == []:
        return ""
    if kind.is_date:
        return date_format(dt.date.fromisoformat(value), "d.m.Y")
    if kind == Kind.DATE_TIME:
        return date_format(dt.datetime.fromisoformat(value), "d.m.Y H:i")
    if kind == Kind.YES_NO:
        return _("yes") if value else _("no")
    if kind == Kind.CHOICES:
        return ", ".join(value)
    if kind == Kind.AGENCY:
        return value["name"]
    if kind == Kind.ATTACHMENT:
        return ", ".join(item["name"] for item in value)
    if kind == Kind.SIGNATURE:
        return ", ".join(part for part in (value["post"], value["name"]) if part)
    return str(value)
