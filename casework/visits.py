"""Visits to a family, as the filed sheets tell of them: by the facts of their questions, whatever the form. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.answers_on_screen import words
from forms_library.schema import Kind, Schema
from forms_library.things_to_do import OF_VISITS, question_of

START, DANGER = f"{OF_VISITS}start", f"{OF_VISITS}danger"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit. `is_counted` is false for a visit of a professional family under 60 minutes (S003: «неполное посещение»)."""

    started_at: dt.datetime | None
    kind: str
    minutes: int | None
    is_counted: bool
    short_reason: str
    is_danger: bool
    next_on: dt.date | None


def is_of_a_visit(schema: Schema) -> bool:
    """Return whether a form tells of a visit."""
    return question_of(schema, START) is not None


def visit_in(schema: Schema, answers: Mapping[str, Any]) -> Visit:
    """Return the visit that a filed sheet tells of."""
    started, minutes, next_on = (_said(schema, answers, part) for part in ("start", "minutes", "next_on"))
    return Visit(
        started_at=dt.datetime.fromisoformat(started) if isinstance(started, str) and started else None,
        kind=words(Kind.TEXT, _said(schema, answers, "kind")),
        minutes=minutes if isinstance(minutes, int) else None,
        is_counted=_said(schema, answers, "counted") is not False,
        short_reason=words(Kind.LONG_TEXT, _said(schema, answers, "short_reason")),
        is_danger=tells_of_danger(schema, answers),
        next_on=dt.date.fromisoformat(next_on) if isinstance(next_on, str) and next_on else None,
    )


def tells_of_danger(schema: Schema, answers: Mapping[str, Any]) -> bool:
    """Return whether a filed form says that there are signs of danger for a child."""
    return _said(schema, answers, "danger") is True


def _said(schema: Schema, answers: Mapping[str, Any], part: str) -> Any:
    question = question_of(schema, f"{OF_VISITS}{part}")
    return answers.get(question.key) if question else None
