"""Days on which the working calendar differs from «Monday to Friday» (domain.md E.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from forms_library.deadlines import WorkingCalendar


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    """Questions about the calendar."""

    def working_calendar(self) -> WorkingCalendar:
        """Return the pure calendar that deadlines are counted with. One query."""
        rows = list(self.values_list("day", "kind"))
        return WorkingCalendar(
            days_off=frozenset(day for day, kind in rows if kind in CalendarDay.OFF_KINDS),
            working_days=frozenset(day for day, kind in rows if kind == CalendarDay.Kind.WORKING),
            years=frozenset(day.year for day, _kind in rows),
        )


class CalendarDay(models.Model):
    """One day that is not what its weekday suggests."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        MOVED_OFF = "moved_off", _("moved day off")
        WORKING = "working", _("working weekend day")
        SHORT = "short", _("short day")

    OFF_KINDS = frozenset({Kind.HOLIDAY, Kind.MOVED_OFF})

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    act = models.CharField(_("act"), max_length=200, help_text=_("The law or decree that says so"))

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="calendar_day_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} — {self.get_kind_display()}"
