"""What a visitor may ask about the editions of a form: which one on a date, and which two beside each other."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forms_library.models.editions import Edition

YEARS = range(1990, 2200)


class OnDateForm(forms.Form):
    """Which edition was in force on this day?"""

    on = forms.DateField(
        label=_("Day"),
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"inputmode": "numeric", "size": 10}),
        error_messages={
            "invalid": _("Write the day with digits, for example 05.03.2026."),
            "required": _("Write the day with digits, for example 05.03.2026."),
        },
    )

    def clean_on(self) -> dt.date:
        """Refuse a year in which no form of this library can have been in force."""
        day: dt.date = self.cleaned_data["on"]
        if day.year not in YEARS:
            raise ValidationError(_("Check the year: four digits, for example 2026."), code="year")
        return day

    def in_force(self, editions: Iterable[Edition]) -> list[Edition]:
        """Return the editions in force at any time of that day by the clock of the portal, the earliest first."""
        day: dt.date = self.cleaned_data["on"]
        start, end = (_midnight(day), _midnight(day + dt.timedelta(days=1)))
        found = (each for each in editions if each.in_force_from < end and not _has_ended(each, by=start))
        return sorted(found, key=lambda edition: edition.in_force_from)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _has_ended(edition: Edition, *, by: dt.datetime) -> bool:
    return edition.in_force_to is not None and edition.in_force_to <= by


class TwoEditionsForm(forms.Form):
    """Which two editions are compared? The newest with the one before it, unless somebody chooses others."""

    old = forms.TypedChoiceField(label=_("Was"), coerce=int)
    new = forms.TypedChoiceField(label=_("Is now"), coerce=int)

    def __init__(self, asked: Any, *, editions: Sequence[Edition]) -> None:
        self.editions = {edition.number: edition for edition in editions}
        newest = sorted(self.editions, reverse=True)[:2]
        super().__init__(asked or None, initial={"new": newest[0], "old": newest[-1]})
        choices = [(number, _("Edition %(number)s") % {"number": number}) for number in self.editions]
        for name in ("old", "new"):
            field = self.fields[name]
            field.choices = choices  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _("There is no such edition. Choose one of the list.")

    def chosen(self) -> tuple[Edition, Edition]:
        """Return the two editions; those compared at first when nothing, or nothing sensible, was asked for."""
        numbers = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return self.editions[numbers["old"]], self.editions[numbers["new"]]
