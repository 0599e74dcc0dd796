"""The calendar has changed, so what rests on it is counted anew: the last days of open tasks (D9).

It happens in the transaction that changes the calendar: the table of days and the days that rest on it change together.
What has ended stays as it was, a term that stands still is counted when it runs again, and a day that somebody has chosen
(an extension, a task of a colleague) is not counted at all.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from casework.models import AccessRecord, Event, Task, TaskStatus
from casework.terms import deadline_of
from forms_library.models import Agency, CalendarDay

CHUNK = 2000
READ = (
    *("term", "counted_from", "recurrence", "paused_days", "is_paused", "extended_to"),
    *("due", "warn_on", "is_provisional"),
)
Row = Any
"""A task with the fields of `READ`: bare rows, as there may be a hundred thousand."""
Change = tuple[Row, dt.date, bool]


def calendar_changed(days: frozenset[dt.date], *, at: dt.datetime, actor: Any) -> None:
    """Listen to `forms_library.calendar_changes`."""
    recount(days, at=at, actor=actor)


@transaction.atomic
def recount(days: Collection[dt.date], *, at: dt.datetime, actor: Any = None) -> int:
    """Count the open tasks anew whose term touches `days`; return how many of them have changed.

    Each whose last day moves gets a line in the log of its case: what it was and what it is now. `actor` is whoever has changed the
    calendar, `None` the machine.
    """
    calendars = CalendarDay.objects.calendars()
    calendar_of = {agency.pk: calendars.of(agency) for agency in Agency.objects.only("pk", "region")}
    changed = 0
    for tasks in _chunks(_touched_by(days, known_years=calendars.of(None).years)):
        changes = []
        for task in tasks:
            deadline = deadline_of(task, calendar_of[task.case__agency])
            if deadline and (deadline.due, deadline.provisional) != (task.due, task.is_provisional):
                changes.append((task, deadline.due, deadline.provisional))
        _keep(changes)
        _write_down(changes, at=at, actor=actor)
        changed += len(changes)
    return changed


def _touched_by(days: Collection[dt.date], *, known_years: Collection[int]) -> Q:
    """Return which terms the change can have touched: a day after the last one, or before the first, changes nothing.

    A provisional day may have become certain, wherever in its year it lies; a certain one is no more when a year is gone.
    """
    touched = Q(counted_from__lt=max(days), due__gte=min(days)) | Q(is_provisional=True)
    for year in {day.year for day in days} - set(known_years):
        touched |= Q(counted_from__lte=dt.date(year, 12, 31), due__gte=dt.date(year, 1, 1))
    return touched


def _chunks(touched: Q) -> Iterator[list[Row]]:
    """Yield the tasks in pieces, held until the end of the transaction."""
    tasks = (
        Task.objects.open()
        .filter(touched, term__isnull=False, is_paused=False, extended_to=None)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", "case", "case__agency", *READ, named=True)
    )
    found = list(tasks[:CHUNK])
    while found:
        yield found
        found = list(tasks.filter(pk__gt=found[-1].pk)[:CHUNK])


def _keep(changes: list[Change]) -> None:
    """Write the new days down. Many tasks of a piece have the same one, so this takes fewer statements than tasks."""
    same: dict[tuple[dt.date, dt.date | None, bool], list[int]] = {}
    for task, due, is_provisional in changes:
        same.setdefault((due, _moved_warning(task, due), is_provisional), []).append(task.pk)
    for (due, warn_on, is_provisional), numbers in same.items():
        tasks = Task.objects.filter(pk__in=numbers, status=TaskStatus.OPEN)
        tasks.update(due=due, warn_on=warn_on, is_provisional=is_provisional)


def _moved_warning(task: Row, due: dt.date) -> dt.date | None:
    """Return when people are told of the new last day: as long before as they were to be told of the old one."""
    return task.warn_on + (due - task.due) if task.warn_on else None


def _write_down(changes: list[Change], *, at: dt.datetime, actor: Any) -> None:
    words = _("Task No. %(number)s: it was %(before)s, it is %(after)s")
    AccessRecord.objects.bulk_create(
        AccessRecord(
            case_id=task.case,
            event=Event.DEADLINE_RECOUNTED,
            actor=actor,
            at=at,
            subject=words
            % {"number": task.pk, "before": _said(task.due, task.is_provisional), "after": _said(due, is_provisional)},
        )
        for task, due, is_provisional in changes
        if task.due != due
    )


def _said(day: dt.date | None, is_provisional: bool) -> str:
    said = f"{day:%d.%m.%Y}" if day else "—"
    return _("%(day)s (provisional)") % {"day": said} if is_provisional else said
