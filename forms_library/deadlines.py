"""«3 working days from …» -> a date and the sentence that explains it.

Counting follows domain.md E.3 and decisions D1–D9. The count starts the day after the event (ГК ст. 191); months end on
the same date, or on the last day of a shorter month (ст. 192); a last day on which nobody works gives way to the next
working day (ст. 193), unless the rule is a validity period (D6). Among working days, a working Saturday counts and a
short day counts in full. No database, no clock: who knows only a moment turns it into a day of the agency's time zone
first (D8).
"""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from forms_library import deadline_words
from forms_library.working_calendar import ONE_DAY, DayKind, WorkingCalendar

__all__ = ["BadRule", "DayKind", "Deadline", "Rule", "Unit", "WorkingCalendar", "count", "months_after", "nth"]

MAX_NUMBER = 10_000
MAX_CLAUSE = 200
MONTHS_IN_A_YEAR = 12


class BadRule(ValueError):
    """This is no deadline; the words say why, to the person who wrote it."""


class Unit(StrEnum):
    """What a deadline is counted in."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "cd"
    MONTHS = "m"
    AT_ONCE = "now"  # «немедленно»: due on the very day of the event, never moved


_WRITTEN = re.compile(r"(-?[0-9]{1,12})\s*(wd|cd|m)")
_KEYS = {"number", "unit", "roll", "clause"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How long a term is, as an act says it.

    `roll` tells whether a last day on which nobody works gives way to the next working day; validity periods do not roll
    (D6). `clause` names the place in the act, for example «п. 4 порядка». `AT_ONCE` has no number.
    Raises `BadRule` for what is no term.
    """

    number: int
    unit: Unit
    roll: bool = True
    clause: str = ""

    def __post_init__(self) -> None:
        if self.unit == Unit.AT_ONCE:
            if self.number:
                raise BadRule(_("“At once” has no number."))
        elif self.number < 1:
            raise BadRule(_("A deadline is at least 1 day or month long."))
        elif self.number > MAX_NUMBER:
            raise BadRule(_("A deadline is at most %(number)s days or months long.") % {"number": MAX_NUMBER})

    @classmethod
    def parse(cls, text: str, *, roll: bool = True, clause: str = "") -> "Rule":
        """Return the rule that is written as «3 wd», «10 cd», «6 m» or «now». Raises `BadRule`."""
        words = text.strip().lower()
        if words == Unit.AT_ONCE:
            return cls(number=0, unit=Unit.AT_ONCE, clause=clause)
        found = _WRITTEN.fullmatch(words)
        if found is None:
            raise BadRule(
                _("Write the deadline like this: 3 wd (working days), 10 cd (days), 6 m (months) or now (at once).")
            )
        return cls(number=int(found[1]), unit=Unit(found[2]), roll=roll, clause=clause)

    @classmethod
    def from_json(cls, value: Any) -> "Rule":
        """Return the rule that `to_json` has written. Raises `BadRule` for anything else."""
        if not isinstance(value, Mapping) or not set(value) <= _KEYS:
            raise BadRule(_("This is not a deadline: it has a number, a unit, and whether it is moved from a day off."))
        number, roll, clause = value.get("number", 0), value.get("roll", True), value.get("clause", "")
        if value.get("unit") not in tuple(unit.value for unit in Unit):
            raise BadRule(
                _("A deadline is counted in wd (working days), cd (days), m (months), or it is now (at once).")
            )
        if type(number) is not int or not isinstance(roll, bool) or not isinstance(clause, str):
            raise BadRule(_("The number of a deadline is a whole number."))
        return cls(number=number, unit=Unit(value["unit"]), roll=roll, clause=clause[:MAX_CLAUSE])

    def to_json(self) -> dict[str, Any]:
        """Return the rule as plain data; what is as usual is left out."""
        return {
            **({} if self.unit == Unit.AT_ONCE else {"number": self.number}),
            "unit": self.unit.value,
            **({} if self.roll else {"roll": False}),
            **({"clause": self.clause} if self.clause else {}),
        }

    def in_words(self) -> str:
        """Return the length as people say it: «3 рабочих дня»."""
        return deadline_words.length(self.number, self.unit)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A due date and how it came about.

    `skipped` are the days that were not counted: among working days those on the way, for other terms those between a
    last day on which nobody works (`rolled_from`) and the due date. `kinds` says what each of them is. A `provisional`
    one rests on a year whose calendar is not known yet (D9).
    """

    event: dt.date
    due: dt.date
    rule: Rule
    skipped: tuple[dt.date, ...] = ()
    rolled_from: dt.date | None = None
    provisional: bool = False
    extended_days: int = 0
    kinds: tuple[DayKind, ...] = ()
    unknown_years: tuple[int, ...] = ()

    def explanation(self) -> str:
        """Return the sentence that lets a person check the date."""
        return deadline_words.sentence(self)

    def in_short(self) -> str:
        """Return the beginning of that sentence, short enough to stand beside the date."""
        return deadline_words.in_short(self)


def count(rule: Rule, *, event: dt.date, calendar: WorkingCalendar, extended_days: int = 0) -> Deadline:
    """Return when something is due that has to happen within `rule` after `event`.

    `extended_days` makes the term longer by that many calendar days, whatever it is counted in; the last day is looked at
    after that. Raises `BadRule` for a negative or absurd extension and for a date after the year 9999.
    """
    if not 0 <= extended_days <= MAX_NUMBER:
        raise BadRule(_("A deadline is extended by at most %(number)s days.") % {"number": MAX_NUMBER})
    try:
        return _COUNTERS[rule.unit](rule, event, calendar, extended_days)
    except (OverflowError, ValueError) as error:
        raise BadRule(_("This deadline would end after the year 9999.")) from error


def nth(rule: Rule, n: int, *, anchor: dt.date, calendar: WorkingCalendar) -> Deadline:
    """Return when something that recurs is due for the `n`-th time: `n` times the rule from the anchor (D7).

    Every due date rolls by itself and the anchor stays, so nothing drifts. Raises `BadRule`.
    """
    if rule.unit == Unit.AT_ONCE or n < 1:
        raise BadRule(_("What recurs has a length, and is counted from the first time on."))
    return count(replace(rule, number=rule.number * n), event=anchor, calendar=calendar)


def months_after(start: dt.date, number: int) -> dt.date:
    """Return the same date `number` months later, or the last day of that month (ГК ст. 192 п. 3)."""
    year, month = divmod(start.year * MONTHS_IN_A_YEAR + start.month - 1 + number, MONTHS_IN_A_YEAR)
    return dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _working_days(rule: Rule, event: dt.date, calendar: WorkingCalendar, extended_days: int) -> Deadline:
    due = calendar.working_day_after(event, rule.number)
    skipped = calendar.days_off_between(event, due)
    if extended_days:
        last = due + dt.timedelta(days=extended_days)
        due = calendar.working_day_from(last)
        skipped += _passed_over(last, due, calendar)
    return _deadline(rule, event, due, calendar, extended_days, looked_at=event + ONE_DAY, skipped=skipped)


def _calendar_days(rule: Rule, event: dt.date, calendar: WorkingCalendar, extended_days: int) -> Deadline:
    last = event + dt.timedelta(days=rule.number + extended_days)
    return _rolled(rule, event, last, calendar, extended_days)


def _months(rule: Rule, event: dt.date, calendar: WorkingCalendar, extended_days: int) -> Deadline:
    last = months_after(event, rule.number) + dt.timedelta(days=extended_days)
    return _rolled(rule, event, last, calendar, extended_days)


def _at_once(rule: Rule, event: dt.date, calendar: WorkingCalendar, extended_days: int) -> Deadline:
    due = event + dt.timedelta(days=extended_days)
    return Deadline(event=event, due=due, rule=rule, extended_days=extended_days)


def _rolled(rule: Rule, event: dt.date, last: dt.date, calendar: WorkingCalendar, extended_days: int) -> Deadline:
    """Return the deadline whose last day is `last`, unless nobody works then and the rule lets it move."""
    if not rule.roll:
        # A validity period asks no calendar, so it is certain in any year.
        return Deadline(event=event, due=last, rule=rule, extended_days=extended_days)
    due = calendar.working_day_from(last)
    skipped = _passed_over(last, due, calendar)
    return _deadline(rule, event, due, calendar, extended_days, looked_at=last, skipped=skipped)


def _passed_over(last: dt.date, due: dt.date, calendar: WorkingCalendar) -> tuple[dt.date, ...]:
    """Return the days, a last day on which nobody works and those after it, that gave way to the due date."""
    return () if due == last else (last, *calendar.days_off_between(last, due))


def _deadline(
    rule: Rule,
    event: dt.date,
    due: dt.date,
    calendar: WorkingCalendar,
    extended_days: int,
    *,
    looked_at: dt.date,
    skipped: tuple[dt.date, ...],
) -> Deadline:
    """Return the deadline; `looked_at` is the first day whose calendar mattered."""
    unknown: tuple[int, ...] = ()
    if not calendar.has_years(looked_at, due):
        unknown = tuple(year for year in range(looked_at.year, due.year + 1) if year not in calendar.years)
    return Deadline(
        event=event,
        due=due,
        rule=rule,
        skipped=skipped,
        rolled_from=skipped[0] if skipped and rule.unit != Unit.WORKING_DAYS else None,
        provisional=bool(unknown),
        extended_days=extended_days,
        kinds=tuple(calendar.kind_of(day) for day in skipped),
        unknown_years=unknown,
    )


_COUNTERS = {
    Unit.WORKING_DAYS: _working_days,
    Unit.CALENDAR_DAYS: _calendar_days,
    Unit.MONTHS: _months,
    Unit.AT_ONCE: _at_once,
}
