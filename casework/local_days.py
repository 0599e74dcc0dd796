"""What day it is for the agencies of a list at one moment: each by the clock on its own wall (D8).

Russia lies in eleven time zones, so at any moment the agencies of a list live on two days at most; as a rule, on one.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, Value, When
from django.db.models.expressions import Combinable

from forms_library.models import Agency


class LocalDays:
    """The day of each time zone at one moment. One query."""

    def __init__(self, *, at: dt.datetime, zones: Iterable[str] | None = None) -> None:
        if zones is None:
            zones = Agency.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
        self._day_of = {zone: at.astimezone(ZoneInfo(zone)).date() for zone in zones}

    def of(self, agency: Agency) -> dt.date:
        """Return what day it is for an agency."""
        return self._day_of[agency.time_zone]

    def expression(self, path: str, *, later: int = 0) -> Combinable:
        """Return the day, or one some days `later`, for a query whose agency is found along `path`."""
        zones_of: dict[dt.date, list[str]] = {}
        for zone, day in self._day_of.items():
            zones_of.setdefault(day + dt.timedelta(days=later), []).append(zone)
        days = sorted(zones_of, key=lambda day: len(zones_of[day]))
        if not days:
            return Value(dt.date.max, output_field=DateField())
        usual = Value(days.pop(), output_field=DateField())
        if not days:
            return usual
        others = (When(**{f"{path}__time_zone__in": zones_of[day]}, then=Value(day)) for day in days)
        return Case(*others, default=usual, output_field=DateField())
