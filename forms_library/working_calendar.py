"""Which days people work: the five-day week and the days on which the official table differs from it (domain.md E).

No database, no clock. The days of a year are laid out once, so that counting over them is a search and not a walk.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


class DayKind(StrEnum):
    """What a day is, and why people do not work on it."""

    WORKING = "working"
    SHORT = "short"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MOVED_OFF = "moved_off"
    REGIONAL = "regional"
    AGENCY = "agency"


class _Year(NamedTuple):
    """The days of one year, in order, and why people do not work on those that are off."""

    worked: list[dt.date]
    off: list[dt.date]
    reasons: dict[dt.date, DayKind]


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """Which days people work.

    `days_off` and `working_days` say where a day differs from «Monday to Friday»; people go home an hour earlier on
    `short_days`, which count in full. `reasons` says why a day of `days_off` is one: without it, it is a holiday.
    `years` are the years for which the official table is loaded: what is counted beyond them is a guess (D9).
    """

    days_off: frozenset[dt.date] = field(default=frozenset())
    working_days: frozenset[dt.date] = field(default=frozenset())
    short_days: frozenset[dt.date] = field(default=frozenset())
    years: frozenset[int] = field(default=frozenset())
    reasons: Mapping[dt.date, DayKind] = field(default_factory=dict, hash=False)
    _laid_out: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_working(self, day: dt.date) -> bool:
        """Return whether people work on `day`."""
        if day in self.working_days:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def kind_of(self, day: dt.date) -> DayKind:
        """Return what `day` is; a holiday that falls on a Saturday is a holiday."""
        reason = self._days_of(day.year).reasons.get(day)
        if reason:
            return reason
        return DayKind.SHORT if day in self.short_days else DayKind.WORKING

    def working_day_after(self, event: dt.date, number: int) -> dt.date:
        """Return the `number`-th working day after `event`. Raises `OverflowError` after the year 9999."""
        days = self._days_of(event.year).worked
        at = bisect_right(days, event) + number - 1
        year = event.year
        while at >= len(days):
            at -= len(days)
            year += 1
            days = self._days_of(year).worked
        return days[at]

    def working_day_from(self, day: dt.date) -> dt.date:
        """Return `day` if people work on it, else the next working day. Raises `OverflowError` after the year 9999."""
        return day if self.is_working(day) else self.working_day_after(day, 1)

    def days_off_between(self, event: dt.date, due: dt.date) -> tuple[dt.date, ...]:
        """Return the days after `event` and before `due` on which people do not work."""
        found: list[dt.date] = []
        for year in range(event.year, due.year + 1):
            off = self._days_of(year).off
            found += off[bisect_right(off, event) : bisect_left(off, due)]
        return tuple(found)

    def has_years(self, first: dt.date, last: dt.date) -> bool:
        """Return whether the official table of every year between two days is loaded."""
        if first.year == last.year:
            return first.year in self.years
        return all(year in self.years for year in range(first.year, last.year + 1))

    def _days_of(self, year: int) -> _Year:
        laid_out = self._laid_out.get(year)
        if laid_out is None:
            if year > dt.MAXYEAR:
                raise OverflowError(year)
            first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
            days = [dt.date.fromordinal(number) for number in range(first, last + 1)]
            off = [day for day in days if not self.is_working(day)]
            laid_out = _Year(
                [day for day in days if self.is_working(day)], off, {day: self._reason(day) for day in off}
            )
            self._laid_out[year] = laid_out
        return laid_out

    def _reason(self, day: dt.date) -> DayKind:
        """Return why people do not work on a day off."""
        return self.reasons.get(day, DayKind.HOLIDAY) if day in self.days_off else DayKind.WEEKEND
