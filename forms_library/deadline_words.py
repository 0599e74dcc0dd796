"""A deadline as a Russian sentence that a person can check with a wall calendar.

«3 рабочих дня с 30.04.2026: не считаются 01–03.05 (праздник, выходные); срок — 06.05.2026, п. 4 порядка»
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from forms_library.working_calendar import ONE_DAY, DayKind

if TYPE_CHECKING:
    from forms_library.deadlines import Deadline

MAX_RANGES = 6
"""More stretches of days off than this are counted and not listed: nobody reads a year of weekends."""
ONE = {
    DayKind.WEEKEND: gettext_lazy("a day off"),
    DayKind.HOLIDAY: gettext_lazy("a holiday"),
    DayKind.MOVED_OFF: gettext_lazy("a moved day off"),
    DayKind.REGIONAL: gettext_lazy("a day off of the region"),
    DayKind.AGENCY: gettext_lazy("a day off of the agency"),
}
SEVERAL = {
    DayKind.WEEKEND: gettext_lazy("days off"),
    DayKind.HOLIDAY: gettext_lazy("holidays"),
    DayKind.MOVED_OFF: gettext_lazy("moved days off"),
    DayKind.REGIONAL: gettext_lazy("days off of the region"),
    DayKind.AGENCY: gettext_lazy("days off of the agency"),
}
Day = tuple[dt.date, DayKind]


def length(number: int, unit: str) -> str:
    """Return a length as people say it: «3 рабочих дня», «10 дней», «6 месяцев», «немедленно»."""
    if unit == "wd":
        return ngettext("%(number)s working day", "%(number)s working days", number) % {"number": number}
    if unit == "cd":
        return ngettext("%(number)s calendar day", "%(number)s calendar days", number) % {"number": number}
    if unit == "m":
        return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}
    return _("at once")


def sentence(deadline: "Deadline") -> str:
    """Return how the due date came about."""
    parts = [_at_once(deadline) if _is_at_once(deadline) else f"{_beginning(deadline)}: {_middle(deadline)}"]
    if deadline.rule.clause:
        parts.append(f", {deadline.rule.clause}")
    if deadline.provisional:
        parts.append(f"; {_provisional(deadline.unknown_years)}")
    return "".join(parts)


def in_short(deadline: "Deadline") -> str:
    """Return the length and what it is counted from: «3 рабочих дня с 30.04.2026»; of what is due at once, just that."""
    return deadline.rule.in_words() if _is_at_once(deadline) else _beginning(deadline)


def _is_at_once(deadline: "Deadline") -> bool:
    return deadline.rule.unit == "now" and not deadline.extended_days


def _at_once(deadline: "Deadline") -> str:
    return _("at once: on the day of the event, %(due)s") % {"due": _full(deadline.due)}


def _beginning(deadline: "Deadline") -> str:
    rule, event = deadline.rule, _full(deadline.event)
    if not deadline.extended_days:
        return _("%(length)s from %(event)s") % {"length": rule.in_words(), "event": event}
    return _("%(length)s from %(event)s, extended by %(extension)s") % {
        "length": rule.in_words(),
        "event": event,
        "extension": length(deadline.extended_days, "cd"),
    }


def _middle(deadline: "Deadline") -> str:
    due = {"due": _full(deadline.due)}
    if deadline.rolled_from:
        return _("the last day, %(last)s, is %(kind)s, so it is moved to %(due)s (Civil Code, article 193)") % {
            **due,
            "last": _full(deadline.rolled_from),
            "kind": ONE[deadline.kinds[0]],
        }
    if len(deadline.skipped) == 1:
        return _("%(skipped)s does not count; due on %(due)s") % {**due, "skipped": _skipped(deadline)}
    if deadline.skipped:
        return _("%(skipped)s do not count; due on %(due)s") % {**due, "skipped": _skipped(deadline)}
    if not deadline.rule.roll and deadline.rule.unit != "wd":
        return _("ends on %(due)s and is not moved") % due
    return _("due on %(due)s") % due


def _provisional(years: Sequence[int]) -> str:
    return ngettext(
        "provisional: the calendar of %(years)s is not approved yet",
        "provisional: the calendars of %(years)s are not approved yet",
        len(years),
    ) % {"years": str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"}


def _skipped(deadline: "Deadline") -> str:
    """Return the stretches of days off, each with what they are; only their number when they are too many."""
    stretches = list(_stretches(list(zip(deadline.skipped, deadline.kinds, strict=True))))
    if len(stretches) > MAX_RANGES:
        return _("days off and holidays (%(number)s in all)") % {"number": len(deadline.skipped)}
    return ", ".join(f"{_range(stretch, deadline.event.year)} ({_kinds(stretch)})" for stretch in stretches)


def _stretches(days: list[Day]) -> Iterator[list[Day]]:
    """Yield the days that follow one another."""
    for _distance, stretch in groupby(enumerate(days), key=lambda pair: pair[1][0] - pair[0] * ONE_DAY):
        yield [day for _number, day in stretch]


def _range(stretch: list[Day], year: int) -> str:
    """Return «01–03.05»; the year stands beside days of another year."""
    first, last = stretch[0][0], stretch[-1][0]
    if first == last:
        return _short(first, year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%d}–{_short(last, year)}"
    return f"{_short(first, year)}–{_short(last, year)}"


def _kinds(stretch: list[Day]) -> str:
    """Return «праздник, выходные»: each kind once, in the order in which they come."""
    kinds = [kind for _day, kind in stretch]
    return ", ".join(str((ONE if kinds.count(kind) == 1 else SEVERAL)[kind]) for kind in dict.fromkeys(kinds))


def _short(day: dt.date, year: int) -> str:
    return f"{day:%d.%m}" if day.year == year else _full(day)


def _full(day: dt.date) -> str:
    return f"{day:%d.%m}.{day.year:04}"
