"""«2 working days from …» -> a date and the sentence that explains it.

Counting follows domain.md E.3: the count starts the day after the event (ГК ст. 191), only working days count, a working
Saturday counts, a short day counts in full. No database, no clock.
"""

import datetime as dt
from dataclasses import dataclass, field

SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """Which days people work.

    `days_off` and `working_days` say where a day differs from «Monday to Friday»; `years` are the years for which the
    official table is loaded.
    """

    days_off: frozenset[dt.date] = field(default=frozenset())
    working_days: frozenset[dt.date] = field(default=frozenset())
    years: frozenset[int] = field(default=frozenset())

    def is_working(self, day: dt.date) -> bool:
        """Return whether people work on `day`."""
        if day in self.working_days:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A due date, the days that were not counted on the way to it, and whether its year is still a guess (D9)."""

    event: dt.date
    due: dt.date
    working_days: int
    skipped: tuple[dt.date, ...]
    provisional: bool


def working_days_after(event: dt.date, number: int, *, calendar: WorkingCalendar) -> Deadline:
    """Return the day on which the `number`-th working day after `event` falls; `number` is 1 or more.

    Raises `ValueError` for a smaller number.
    """
    if number < 1:
        raise ValueError("a deadline is at least one working day long")
    day = event
    skipped = []
    left = number
    while left:
        day += dt.timedelta(days=1)
        if calendar.is_working(day):
            left -= 1
        else:
            skipped.append(day)
    return Deadline(
        event=event, due=day, working_days=number, skipped=tuple(skipped), provisional=day.year not in calendar.years
    )


def months_after(start: dt.date, number: int) -> dt.date:
    """Return the same date `number` months later, or the last day of that month (ГК ст. 192 п. 3)."""
    month_index = start.year * 12 + start.month - 1 + number
    year, month = divmod(month_index, 12)
    first_of_next = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last_day = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(start.day, last_day))
