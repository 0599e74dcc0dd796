"""Days on which the working calendar differs from «Monday to Friday» (domain.md E.1).

A row is true for all of Russia, for the agencies of one region, or for one agency. The narrower row stands instead of the
wider one for the same day, so an agency may also work on a day that is off everywhere else.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from forms_library.models.agencies import Agency
from forms_library.working_calendar import SATURDAY, DayKind, WorkingCalendar

DAYS_OFF_OF_A_YEAR = 10
"""A year counts as loaded from this many days off on: a table somebody has begun to type in is no calendar yet."""


WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


class _Row(NamedTuple):
    day: dt.date
    kind: str
    agency_id: int | None
    region: str


class Calendars:
    """The calendars of many agencies, read at once. Agencies without days of their own share one calendar."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._federal: list[_Row] = []
        self._narrower: list[_Row] = []
        for row in rows:
            (self._narrower if row.agency_id or row.region else self._federal).append(row)
        self._made: dict[tuple[_Row, ...], WorkingCalendar] = {}

    def of(self, agency: Agency | None) -> WorkingCalendar:
        """Return the calendar of an agency; with `None`, of all of Russia."""
        own = tuple(row for row in self._narrower if agency and _applies(row, agency))
        if own not in self._made:
            self._made[own] = self._calendar(own)
        return self._made[own]

    def _calendar(self, own: tuple[_Row, ...]) -> WorkingCalendar:
        standing = {row.day: row for row in self._federal}
        standing |= {row.day: row for row in own if row.region}
        standing |= {row.day: row for row in own if row.agency_id}
        off = {day: _reason(row) for day, row in standing.items() if row.kind in CalendarDay.OFF_KINDS}
        return WorkingCalendar(
            days_off=frozenset(off),
            working_days=frozenset(day for day in standing.keys() - off.keys() if day.weekday() >= SATURDAY),
            short_days=frozenset(day for day, row in standing.items() if row.kind == CalendarDay.Kind.SHORT),
            years=_loaded_years(self._federal),
            reasons=off,
        )


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    """Questions about the calendar."""

    def federal(self) -> "CalendarDayQuerySet":
        """The days of all of Russia."""
        return self.filter(agency=None, region="")

    def of_year(self, year: int) -> "CalendarDayQuerySet":
        """The days of one year."""
        return self.filter(day__year=year)

    def calendars(self) -> Calendars:
        """Return the calendars of all agencies. One query."""
        return Calendars(_Row(*row) for row in self.values_list(*_Row._fields))

    def working_calendar(self, agency: Agency | None = None) -> WorkingCalendar:
        """Return the pure calendar that deadlines of `agency` are counted with. One query."""
        wanted = models.Q(agency=None, region="")
        if agency:
            wanted |= models.Q(agency=agency.pk)
            if agency.region:
                wanted |= models.Q(region=agency.region)
        return self.filter(wanted).calendars().of(agency)


class CalendarDay(models.Model):
    """One day that is not what its weekday suggests, or not what it is for the rest of the country."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        MOVED_OFF = "moved_off", _("moved day off")
        WORKING = "working", _("working day")
        SHORT = "short", _("short working day")

    OFF_KINDS = frozenset({Kind.HOLIDAY, Kind.MOVED_OFF})

    day = models.DateField(_("day"))
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind.choices,
        help_text=_("People work on a short day, also when it is a Saturday; it counts in full"),
    )
    moved_from = models.DateField(
        _("moved from"), null=True, blank=True, help_text=_("The day off that was moved here, if the act names it")
    )
    region = models.CharField(
        _("region"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Leave it blank for all of Russia; otherwise write it as in the agencies of the region"),
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.CASCADE,
        related_name="calendar_days",
        null=True,
        blank=True,
        verbose_name=_("agency"),
        help_text=_("Only when the day is special for one agency"),
    )
    act = models.CharField(_("act"), max_length=200, help_text=_("The law or decree that says so"))

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "region"],
                condition=models.Q(agency=None),
                name="calendar_day_once_per_region",
                violation_error_message=_("This day is in the calendar already. Change it there."),
            ),
            models.UniqueConstraint(
                fields=["day", "agency"],
                condition=models.Q(agency__isnull=False),
                name="calendar_day_once_per_agency",
                violation_error_message=_("This day is in the calendar of the agency already. Change it there."),
            ),
            models.CheckConstraint(
                condition=models.Q(agency=None) | models.Q(region=""),
                name="calendar_day_of_region_or_agency",
                violation_error_message=_("Choose a region or an agency, not both."),
            ),
            models.CheckConstraint(
                condition=~models.Q(act=""),
                name="calendar_day_has_an_act",
                violation_error_message=_("Name the act that says so."),
            ),
            models.CheckConstraint(
                condition=models.Q(moved_from=None) | models.Q(kind="moved_off"),
                name="calendar_day_moved_from_elsewhere",
                violation_error_message=_("Only a moved day off was moved from another day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}, {WEEKDAYS[self.day.weekday()]} — {self.get_kind_display()}"


def _applies(row: _Row, agency: Agency) -> bool:
    return row.agency_id == agency.pk if row.agency_id else row.region == agency.region


def _reason(row: _Row) -> DayKind:
    if row.agency_id:
        return DayKind.AGENCY
    return DayKind.REGIONAL if row.region else DayKind(row.kind)


def _loaded_years(federal: list[_Row]) -> frozenset[int]:
    years = [row.day.year for row in federal if row.kind in CalendarDay.OFF_KINDS]
    return frozenset(year for year in years if years.count(year) >= DAYS_OFF_OF_A_YEAR)
