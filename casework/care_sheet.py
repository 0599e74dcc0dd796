"""What a partner family is told of a child: what the care needs and the family's own plan, nothing else. Pure (domain.md D).

No reason of the placement, no legal status, no papers, nothing of the birth family but when the child meets whom, and whom to call.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from casework.needs_card import UNKNOWN, rows_of
from forms_library.printed_answers import words
from forms_library.schema import Kind

TOLD_TO_CARERS = ("parents_contact", "stay")
"""Questions of the card, beside the needs, whose answers the care needs."""


@dataclass(frozen=True)
class CareSheet:
    """The sheet: needs as label, answer and details; meetings and calls as rows of the placement act; days in words."""

    needs: list[tuple[str, str, str]]
    told: list[tuple[str, str]]
    meetings: list[dict[str, str]]
    calls: list[dict[str, str]]
    medical: str
    placed_to: str
    next_visit: str


def care_sheet(card: Any, *, act: Any = None, visit: Any = None, until: dt.date | None = None) -> CareSheet:
    """Return what the family is told, from the filed needs card, placement act and last visit; what is unknown says so.

    `until` is the day that was written down with the placement, which follows the act; without it the day of the act counts.
    """
    schema, answers = card.edition.schema, card.answers
    agreed, seen = act.answers if act else {}, visit.answers if visit else {}
    told = [(schema[key].label, str(answers.get(key) or UNKNOWN)) for key in TOLD_TO_CARERS if key in schema]
    return CareSheet(
        needs=rows_of(schema, answers, "needs"),
        told=told,
        meetings=_rows(agreed, "contacts", ("when", "where", "who", "mode")),
        calls=_rows(agreed, "emergency", ("who", "phone", "when")),
        medical=str(agreed.get("medical") or ""),
        placed_to=_day(until.isoformat() if until else agreed.get("placed_to")),
        next_visit=_day(seen.get("next_visit")),
    )


def _rows(answers: Any, key: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    return [{column: str(row.get(column) or "") for column in columns} for row in answers.get(key) or []]


def _day(value: Any) -> str:
    return words(Kind.DATE, value) if value else ""
