"""What a person may type about tasks and days away."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token
from forms_library.answer_fields import DateField

LONGEST_ABSENCE = dt.timedelta(days=3 * 366)
"""A parental leave is three years long; what is longer is a slip of the finger."""


class PersonChoice(forms.ChoiceField):
    """One of a few colleagues, each with their post."""

    def __init__(self, *, people: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(**options)
        self.offer(people)

    def offer(self, people: Iterable[Any]) -> None:
        """Let the choice be one of `people`."""
        self.people = {str(person.pk): person for person in people}
        names = [
            (key, f"{person} — {person.post}" if person.post else str(person)) for key, person in self.people.items()
        ]
        self.choices = [("", _("choose a person")), *names]

    def clean(self, value: Any) -> Any:
        return self.people[super().clean(value)]


class GiveTaskForm(VisibleWords, forms.Form):
    """What a colleague is asked to do."""

    token = page_token()
    title = forms.CharField(
        label=_("What to do"),
        help_text=_("Write no names and nothing else about the family here: the words are seen in lists of tasks."),
        max_length=200,
    )
    owner = PersonChoice(label=_("Who does it"), help_text=_("Only people who may work on this case are offered."))
    due = DateField(
        label=_("By what day"),
        required=False,
        help_text=_("Leave it blank when there is no hurry. For example 05.03.2026"),
    )

    def __init__(self, *args: Any, people: Iterable[Any], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["owner"].offer(people)  # type: ignore[attr-defined]

    def clean_due(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["due"]
        if day and day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later day."), code="past")
        return day


class HandOverForm(forms.Form):
    """Who does a task from now on."""

    owner = PersonChoice(label=_("Who does it from now on"))

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(people)  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Days on which somebody is away, and who stands in for them."""

    person = PersonChoice(label=_("Who is away"))
    first_day = DateField(label=_("First day away"))
    last_day = DateField(label=_("Last day away"))
    substitute = PersonChoice(
        label=_("Who does their tasks meanwhile"),
        help_text=_("A colleague of the same agency, who is there on these days."),
    )

    def __init__(self, *args: Any, people: Iterable[Any], substitutes: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(people)
        self.fields["person"].offer(people)  # type: ignore[attr-defined]
        self.fields["substitute"].offer(substitutes)  # type: ignore[attr-defined]
        if len(people) == 1:
            self.fields["person"].initial = str(people[0].pk)
            self.fields["person"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        first, last = answers.get("first_day"), answers.get("last_day")
        if first and last and not dt.timedelta(0) <= last - first <= LONGEST_ABSENCE:
            self.add_error(
                "last_day", ValidationError(_("Check the days: the last one comes after the first."), code="days")
            )
        return answers


class FeedForm(forms.Form):
    """The page on which the address of the calendar is made."""

    token = page_token()
