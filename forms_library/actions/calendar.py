"""The calendar of a year is imported: first what would change, then all of it or nothing."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forms_library import calendar_changes
from forms_library.calendar_xml import TableDay, YearTable
from forms_library.models import CalendarDay

IMPORTED = "forms_library.import_calendar"
"""The name of the row that each imported day gets in the log of the admin."""


class NoAct(ValueError):
    """A calendar rests on an act, and none was named."""


class ChangedMeanwhile(ValueError):
    """Somebody has edited the calendar since the differences were shown."""


@dataclass(frozen=True, kw_only=True)
class DayChange:
    """One day of the calendar before and after an import; `None` where it has no row."""

    day: dt.date
    before: TableDay | None
    after: TableDay | None

    @property
    def words(self) -> str:
        """What the day is and becomes: «рабочий день → праздничный день», with the day off that was moved."""
        said = [_said(each) for each in (self.before, self.after) if each]
        return " → ".join(dict.fromkeys(said))


@dataclass(frozen=True, kw_only=True)
class CalendarDifference:
    """What the import of a table would change."""

    year: int
    changes: tuple[DayChange, ...]

    @property
    def added(self) -> tuple[DayChange, ...]:
        """Days that are not in the calendar yet."""
        return tuple(change for change in self.changes if change.before is None)

    @property
    def changed(self) -> tuple[DayChange, ...]:
        """Days that are something else in the file."""
        return tuple(change for change in self.changes if change.before and change.after)

    @property
    def removed(self) -> tuple[DayChange, ...]:
        """Days that the file does not have."""
        return tuple(change for change in self.changes if change.after is None)

    def fingerprint(self) -> str:
        """Return a short digest: what was shown is what is applied."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]


def calendar_difference(table: YearTable) -> CalendarDifference:
    """Return what the import of `table` would change in the calendar of all of Russia."""
    return _difference(table, CalendarDay.objects.federal().of_year(table.year))


@transaction.atomic
def import_calendar(
    *, table: YearTable, act: str, actor: Any, at: dt.datetime, shown: str | None = None
) -> CalendarDifference:
    """Make the federal calendar of a year what `table` says, by `act`; return what has changed.

    Days that are the same already keep their act. Days of regions and agencies stay. `shown` is the fingerprint of the
    difference that somebody has agreed to. Raises `NoAct` and `ChangedMeanwhile`.
    """
    act = act.strip()
    if not act:
        raise NoAct(_("Name the act by which these days are set: its kind, date and number."))
    rows = {row.day: row for row in CalendarDay.objects.federal().of_year(table.year).select_for_update()}
    difference = _difference(table, rows.values())
    if shown is not None and shown != difference.fingerprint():
        raise ChangedMeanwhile(_("The calendar was edited meanwhile. Look at the differences again."))
    for change in difference.changes:
        _apply(change, rows.get(change.day), act=act, actor=actor, at=at)
    calendar_changes.announce((change.day for change in difference.changes), at=at, actor=actor)
    return difference


def _said(found: TableDay) -> str:
    kind = str(CalendarDay.Kind(found.kind).label)
    if found.moved_from is None:
        return kind
    return _("%(kind)s (from %(day)s)") % {"kind": kind, "day": f"{found.moved_from:%d.%m}"}


def _difference(table: YearTable, rows: Iterable[CalendarDay]) -> CalendarDifference:
    known = {row.day: TableDay(row.kind, row.moved_from) for row in rows}
    days = sorted(known.keys() | table.days.keys())
    changes = (DayChange(day=day, before=known.get(day), after=table.days.get(day)) for day in days)
    return CalendarDifference(year=table.year, changes=tuple(change for change in changes if _differs(change)))


def _differs(change: DayChange) -> bool:
    """Return whether a file says something else; where it does not name a day off that was moved, it says nothing."""
    before, after = change.before, change.after
    if before is None or after is None or before.kind != after.kind:
        return True
    return after.moved_from is not None and before.moved_from != after.moved_from


def _apply(change: DayChange, row: CalendarDay | None, *, act: str, actor: Any, at: dt.datetime) -> None:
    """Write one change down, in the table and in its history."""
    if change.after is None:
        if row:
            log(instance=row, action="wagtail.delete", user=actor, timestamp=at, deleted=True)
            row.delete()
        return
    row = row or CalendarDay(day=change.day)
    row.kind, row.moved_from, row.act = change.after.kind, change.after.moved_from, act
    row.save()
    log(instance=row, action=IMPORTED, user=actor, timestamp=at, data={"act": act}, content_changed=True)
