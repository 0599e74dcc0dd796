"""When somebody answers: «сейчас открыто» and the weekly table, from the stretches that an agency has entered.

Pure: the caller brings the hours, the moment on the agency's own wall clock, and the days off.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _

MOSCOW = ZoneInfo("Europe/Moscow")
DAYS_AHEAD = 14


class Stretch(Protocol):
    """A stretch of one weekday (0 is Monday); a lunch break makes two of them."""

    weekday: int
    opens_at: dt.time
    closes_at: dt.time


@dataclass(frozen=True)
class OpeningState:
    """What a visitor wants to know at one moment.

    `today` are the stretches of this day; `closes_at` is set while it is open; `opens_next` is the wall-clock moment of
    the next opening while it is closed, `None` when no hours are known.
    """

    is_open: bool
    moment: dt.datetime
    today: tuple[tuple[dt.time, dt.time], ...] = ()
    closes_at: dt.time | None = None
    opens_next: dt.datetime | None = None

    @property
    def hours_today(self) -> str:
        """«9:00–13:00, 14:00–18:00», or an empty text on a day off."""
        return _stretches(self.today)

    @property
    def sentence(self) -> str:
        """The whole answer in words; empty when no hours are known."""
        if self.closes_at is not None:
            return _("Open now, until %(time)s") % {"time": time_format(self.closes_at, "G:i")}
        if self.opens_next is None:
            return ""
        time = time_format(self.opens_next.time(), "G:i")
        days = (self.opens_next.date() - self.moment.date()).days
        if days == 0:
            return _("Closed now, opens today at %(time)s") % {"time": time}
        if days == 1:
            return _("Closed now, opens tomorrow at %(time)s") % {"time": time}
        if days < len(WEEKDAYS):  # later than that the name of a day says too little
            return _opens_on(self.opens_next.weekday()) % {"time": time}
        return _("Closed now, opens on %(date)s at %(time)s") % {"date": f"{self.opens_next:%d.%m}", "time": time}


class WeekRow(NamedTuple):
    """One line of the hours table: the days that have the same hours, and the hours (empty: closed)."""

    days: str
    hours: str


def opening_state(
    hours: Iterable[Stretch], moment: dt.datetime, days_off: Collection[dt.date] = frozenset()
) -> OpeningState:
    """Return whether it is open at `moment`, a time on the agency's own wall clock.

    On `days_off` (public holidays) it is closed, unless the agency works all seven days: such a desk has no holidays.
    """
    week: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for stretch in hours:
        week.setdefault(stretch.weekday, []).append((stretch.opens_at, stretch.closes_at))
    has_holidays = len(week) < len(WEEKDAYS)

    def stretches(day: dt.date) -> list[tuple[dt.time, dt.time]]:
        return [] if has_holidays and day in days_off else sorted(week.get(day.weekday(), []))

    now, today = moment.time(), stretches(moment.date())
    closes_at = next((closes for opens, closes in today if opens <= now < closes), None)
    return OpeningState(
        is_open=closes_at is not None,
        moment=moment,
        today=tuple(today),
        closes_at=closes_at,
        opens_next=None if closes_at else _next_opening(moment, stretches),
    )


def weekly_rows(hours: Iterable[Stretch]) -> list[WeekRow]:
    """Return the week as a table: neighbouring days with the same hours share a line."""
    week: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for stretch in hours:
        week.setdefault(stretch.weekday, []).append((stretch.opens_at, stretch.closes_at))
    if not week:
        return []
    rows = []
    for said, days in groupby(WEEKDAYS, key=lambda day: _stretches(sorted(week.get(day, [])))):
        first, *others = list(days)
        name = str(WEEKDAYS[first])
        rows.append(WeekRow(f"{name} – {str(WEEKDAYS[others[-1]]).lower()}" if others else name, said))
    return rows


def moscow_offset(time_zone: str, moment: dt.datetime) -> str:
    """Return how far the clock of `time_zone` is from Moscow, the way Russian timetables say it: «МСК+4»."""
    there = moment.astimezone(ZoneInfo(time_zone)).utcoffset() or dt.timedelta()
    moscow = moment.astimezone(MOSCOW).utcoffset() or dt.timedelta()
    hours = (there - moscow) / dt.timedelta(hours=1)
    return _("Moscow time") if hours == 0 else _("MSK%(offset)s") % {"offset": f"{hours:+g}"}


def _next_opening(
    moment: dt.datetime, stretches: Callable[[dt.date], list[tuple[dt.time, dt.time]]]
) -> dt.datetime | None:
    for ahead in range(DAYS_AHEAD):
        day = moment.date() + dt.timedelta(days=ahead)
        for opens, _closes in stretches(day):
            if ahead or opens > moment.time():
                return dt.datetime.combine(day, opens)
    return None


def _stretches(stretches: Sequence[tuple[dt.time, dt.time]]) -> str:
    return ", ".join(f"{time_format(opens, 'G:i')}–{time_format(closes, 'G:i')}" for opens, closes in stretches)


def _opens_on(weekday: int) -> str:
    # Whole sentences: Russian changes both the preposition and the ending («во вторник», «в среду»).
    return [
        _("Closed now, opens on Monday at %(time)s"),
        _("Closed now, opens on Tuesday at %(time)s"),
        _("Closed now, opens on Wednesday at %(time)s"),
        _("Closed now, opens on Thursday at %(time)s"),
        _("Closed now, opens on Friday at %(time)s"),
        _("Closed now, opens on Saturday at %(time)s"),
        _("Closed now, opens on Sunday at %(time)s"),
    ][weekday]
