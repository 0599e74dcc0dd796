"""Reminders of tasks, and word to the head when one stays undone: by the agency's own calendar and clock.

What is sent is written down first and mailed after. A process that is killed in between loses that one mail: everybody is
told at most once of each thing. The other way round, a mail server that fails in the middle would have people told again
every minute; and whoever missed one reminder gets the next (on the day, after it, then the head), and sees the task on
«Мой день» all the while.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from casework import notifications
from casework.actions.addressees import Addressees
from casework.models import CaseStatus, Task, TaskReminder
from casework.models.tasks import TaskQuerySet
from forms_library.models import Agency, CalendarDay
from forms_library.working_calendar import ONE_DAY, WorkingCalendar

Kind = TaskReminder.Kind

DAYS_BEFORE = 1
"""One working day ahead: there is still a day to do it, and it is not yet forgotten again."""
DAYS_TO_THE_HEAD = 2
"""The owner hears on the first working day after the last one. When the next one comes too, it is the head's business."""
FIRST_HOUR = 8
"""Nobody's phone rings at night, nor on a day off of the agency."""
CHUNK = 500
"""So many tasks are in memory at a time, whatever their number."""


class Office(NamedTuple):
    """Agencies where it is the same working day now, with the calendar that says so."""

    today: dt.date
    calendar: WorkingCalendar
    agencies: list[int]


def remind(*, at: dt.datetime) -> int:
    """Tell everybody what is due soon, today, and no more in time; return how many reminders were written down.

    Safe to run twice, and at the same time: each run mails only what it has written down itself.
    """
    letters = notifications.Letters()
    written = 0
    for office in offices(at):
        addressees = Addressees(today=office.today)
        for kind, is_due in _windows(office.today, office.calendar):
            for tasks in _chunks(_waiting(office, kind, is_due)):
                ours = _write_down(tasks, kind=kind, at=at)
                written += len(ours)
                for task, person in addressees.of(ours, to_heads=kind == Kind.TO_THE_HEAD):
                    letters.add(person, kind=kind, task=task.pk)
    letters.send()
    return written


def offices(at: dt.datetime) -> Iterator[Office]:
    """Yield the agencies where people work at this moment, put together by their day and calendar."""
    calendars = CalendarDay.objects.calendars()
    found: dict[tuple[dt.date, int], Office] = {}
    for agency in Agency.objects.only("pk", "time_zone", "region"):
        now, calendar = agency.local(at), calendars.of(agency)
        if now.hour >= FIRST_HOUR and calendar.is_working(now.date()):
            office = found.setdefault((now.date(), id(calendar)), Office(now.date(), calendar, []))
            office.agencies.append(agency.pk)
    yield from found.values()


def _windows(today: dt.date, calendar: WorkingCalendar) -> Iterator[tuple[Kind, Q]]:
    """Yield each kind of reminder with the last days of the tasks that it is for on the working day `today`."""
    near = calendar.working_day_after(today, DAYS_BEFORE)
    yield Kind.IN_GOOD_TIME, Q(warn_on__lte=today, due__gt=near)
    yield Kind.BEFORE, Q(due__gt=today, due__lte=near)
    yield Kind.ON_THE_DAY, Q(due=today)
    yield Kind.AFTER, Q(due__lt=today)
    yield Kind.TO_THE_HEAD, Q(due__lte=last_day_of_heads(today, calendar))


def last_day_of_heads(today: dt.date, calendar: WorkingCalendar) -> dt.date:
    """Return the latest last day of a task that has been overdue long enough for the head to hear of it."""
    return last_day_passed(today, calendar, working_days=DAYS_TO_THE_HEAD)


def last_day_passed(today: dt.date, calendar: WorkingCalendar, *, working_days: int) -> dt.date:
    """Return the latest day after which so many working days have begun by `today`."""
    day = today - ONE_DAY
    while calendar.working_day_after(day, working_days) > today:
        day -= ONE_DAY
    return day


def _waiting(office: Office, kind: Kind, is_due: Q) -> TaskQuerySet:
    told = TaskReminder.objects.filter(task=OuterRef("pk"), kind=kind, due=OuterRef("due"))
    return (
        Task.objects.open()
        .filter(is_due, ~Exists(told), case__agency__in=office.agencies)
        .filter(case__status__in=[CaseStatus.NEW, CaseStatus.IN_WORK])
        .only("due", "owner", "case__agency")
        .select_related("case")
        .order_by(F("due"), "pk")
    )


def _chunks(tasks: TaskQuerySet) -> Iterator[list[Task]]:
    """Yield the tasks in pieces, each after the last of the piece before it; never with the whole list in memory."""
    found = list(tasks[:CHUNK])
    while found:
        yield found
        last = found[-1]
        found = list(tasks.filter(Q(due__gt=last.due) | Q(due=last.due, pk__gt=last.pk))[:CHUNK])


@transaction.atomic
def _write_down(tasks: list[Task], *, kind: Kind, at: dt.datetime) -> list[Task]:
    """Write reminders down and return those tasks whose reminder is ours: another process may be quicker with some."""
    of_tasks = TaskReminder.objects.filter(kind=kind, task__in=[task.pk for task in tasks])
    # SQLite lets one process write at a time, and refuses what is there already: so look again, now that it is our turn.
    known = set(of_tasks.values_list("task", "due"))
    run = uuid.uuid4()
    TaskReminder.objects.bulk_create(
        [
            TaskReminder(task=task, kind=kind, due=due, sent_at=at, run=run)
            for task, due in ((task, task.due) for task in tasks)
            if due and (task.pk, due) not in known
        ],
        ignore_conflicts=True,  # on PostgreSQL two processes write at once, and each row is taken from one of them
    )
    ours = set(of_tasks.filter(run=run).values_list("task", flat=True))
    return [task for task in tasks if task.pk in ours]
