"""Who fills in which part of a form."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forms_library.answer_fields import DateField


class PartsForm(forms.Form):
    """For each section a colleague and a day; nobody means that the section stays with whoever began the form."""

    def __init__(
        self,
        *args: Any,
        titles: Mapping[str, str],
        people: Iterable[Any],
        there: Mapping[str, Any],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.titles, self.there, self.today = titles, there, today
        self.people = {str(person.pk): person for person in people}
        for part in there.values():
            self.people.setdefault(str(part.assignee_id), part.assignee)
        names = [
            (key, f"{person} — {person.post}" if person.post else str(person)) for key, person in self.people.items()
        ]
        for number, section in enumerate(titles):
            part = there.get(section)
            self.fields[f"who_{number}"] = forms.ChoiceField(
                label=_("Who fills it in"),
                choices=[("", _("nobody in particular")), *names],
                required=False,
                initial=str(part.assignee_id) if part else "",
            )
            self.fields[f"day_{number}"] = DateField(
                label=_("By what day"), required=False, initial=part.due_date.strftime("%d.%m.%Y") if part else ""
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return the sections as they stand on the page."""
        return [
            {
                "title": title,
                "who": self[f"who_{number}"],
                "day": self[f"day_{number}"],
                "part": self.there.get(section),
            }
            for number, (section, title) in enumerate(self.titles.items())
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        for number, section in enumerate(self.titles):
            day, part = answers.get(f"day_{number}"), self.there.get(section)
            if not answers.get(f"who_{number}") or f"day_{number}" in self.errors:
                continue
            if day is None:
                self.add_error(f"day_{number}", ValidationError(_("Say by what day it is needed."), code="required"))
            elif day < self.today and (part is None or part.due_date != day):
                self.add_error(
                    f"day_{number}", ValidationError(_("This day has passed. Choose a later one."), code="past")
                )
        return answers

    def hands(self) -> dict[str, tuple[Any, dt.date] | None]:
        """Return who fills in each section by what day; `None` when nobody in particular."""
        found: dict[str, tuple[Any, dt.date] | None] = {}
        for number, section in enumerate(self.titles):
            who = self.cleaned_data[f"who_{number}"]
            found[section] = (self.people[who], self.cleaned_data[f"day_{number}"]) if who else None
        return found
