"""The term of a task: its last day by a calendar, and the sentence that lets a person check it. No database, no clock.

A task keeps what its day was counted from (`casework.models.Task`), so the same day comes out here as in the replay of its
procedure (`forms_library.procedures.progress.Turn`), and it can be counted anew when the calendar changes.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from forms_library.deadlines import Deadline, Rule, WorkingCalendar, count, nth


class HasTerm(Protocol):
    """What a term is read from: a row of `Task`."""

    term: Any
    counted_from: dt.date | None
    recurrence: int
    paused_days: int
    is_paused: bool
    extended_to: dt.date | None


def deadline_of(task: HasTerm, calendar: WorkingCalendar) -> Deadline | None:
    """Return when a task is due by its term; `None` when it has none, or while the term stands still."""
    if not isinstance(task.term, Mapping) or task.counted_from is None or task.is_paused:
        return None
    rule = Rule.from_json(task.term)
    if task.recurrence:
        return nth(rule, task.recurrence, anchor=task.counted_from, calendar=calendar)
    return count(rule, event=task.counted_from, calendar=calendar, extended_days=task.paused_days)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a task is due on its day: `short` stands beside the day, `full` is for whoever wants to check it."""

    short: str
    full: str


def explanation_of(task: HasTerm, calendar: WorkingCalendar) -> Explanation | None:
    """Return why a task is due on its day, in words; nothing when somebody simply chose the day."""
    if task.is_paused:
        said = _("The term stands still: somebody has suspended it.")
        return Explanation(short=said, full=said)
    deadline = deadline_of(task, calendar)
    if task.extended_to is None:
        return Explanation(short=deadline.in_short(), full=deadline.explanation()) if deadline else None
    extended = _("extended to %(day)s") % {"day": f"{task.extended_to:%d.%m.%Y}"}
    return Explanation(short=extended, full=f"{deadline.explanation()}; {extended}" if deadline else extended)
