"""Tasks as a calendar that phones and mail programs read (RFC 5545). It holds numbers, and no word about a family."""

import datetime as dt
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration
from icalendar.enums import TRANSP

from casework.models import Task

LOOK_AGAIN = dt.timedelta(hours=1)


def calendar_of(tasks: Iterable[Task], *, at: dt.datetime, address_of: Callable[[Task], str], site: str) -> bytes:
    """Return the file: one event of a whole day for each task; `site` is the address of the portal."""
    host = urlsplit(site).hostname or "ochag"
    calendar = Calendar.new(
        prodid="-//Ochag//Tasks//RU",
        name=_("Tasks in Ochag"),
        uid=f"tasks@{host}",
        subcomponents=[
            Event.new(
                uid=f"task-{task.pk}@{host}",
                stamp=at.astimezone(dt.UTC),
                summary=_("Task No. %(task)s, case No. %(case)s") % {"task": task.pk, "case": task.case.reference},
                start=task.due,
                end=task.due + dt.timedelta(days=1),
                url=address_of(task),
                transparency=TRANSP.TRANSPARENT,
            )
            for task in tasks
            if task.due
        ],
    )
    # How often to look again: the name that RFC 7986 gives it, and the one that Outlook reads.
    for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        calendar.add(name, vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    return bytes(calendar.to_ical())
