"""What a person may type about rights to a case: who is kept out, to whom something is opened, what happened in an emergency."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, text_area
from casework.forms.tasks import PersonChoice
from casework.models import Category
from forms_library.answer_fields import DateField

SHORTEST_REASON = 20


class ColleagueChoice(PersonChoice):
    """One of the people of several agencies, each with the agency."""

    def offer(self, people: Iterable[tuple[Any, str]]) -> None:
        """Let the choice be one of `people`: each with the short name of the agency."""
        pairs = list(people)
        self.people = {str(person.pk): person for person, _agency in pairs}
        names = {str(person.pk): f"{person} — {agency}" for person, agency in pairs}
        self.choices = [("", _("choose a person")), *names.items()]


class KeepOutForm(VisibleWords, forms.Form):
    """Who is kept out of a case, and why."""

    person = ColleagueChoice(
        label=_("Whom to keep out"),
        help_text=_("Everybody who works in an agency. Those who see the case or a part of it stand first."),
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_(
            "For example: a relative of the family, a neighbour. Those who speak for the case read these words."
        ),
        max_length=500,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, people: Iterable[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ColleagueChoice, self.fields["person"]).offer(people)


def _categories(offered: Collection[str]) -> list[tuple[str, Any]]:
    return [(code, label) for code, label in Category.choices if code in offered]


class LookForm(VisibleWords, forms.Form):
    """What a head reads on demand, and why."""

    category = forms.ChoiceField(label=_("What to open"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why you need it"),
        help_text=_("The curator reads these words in the history of the case."),
        max_length=500,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, categories: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["category"]).choices = _categories(categories)


class OpenCategoryForm(VisibleWords, forms.Form):
    """To whom something told to few is opened, until when and why."""

    person = ColleagueChoice(label=_("To whom"), help_text=_("Only people who see the case already are offered."))
    category = forms.ChoiceField(label=_("What to open"), widget=forms.RadioSelect)
    last_day = DateField(label=_("Up to and including"), help_text=_("Like this: 05.03.2026"))
    reason = forms.CharField(label=_("What they need it for"), max_length=500, widget=text_area(2))

    def __init__(
        self,
        *args: Any,
        people: Iterable[tuple[Any, str]],
        categories: Collection[str],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        cast(ColleagueChoice, self.fields["person"]).offer(people)
        cast(forms.ChoiceField, self.fields["category"]).choices = _categories(categories)

    def clean_last_day(self) -> dt.date:
        last_day: dt.date = self.cleaned_data["last_day"]
        if last_day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later day."), code="past")
        return last_day


class EmergencyForm(VisibleWords, forms.Form):
    """Which case has to be opened at once, and why."""

    reference = forms.CharField(
        label=_("Number of the case"), help_text=_("Like this: 2026-00017"), max_length=40, strip=True
    )
    reason = forms.CharField(
        label=_("What has happened"),
        help_text=_(
            "Why you cannot wait for the curator: at least 20 characters. The head who reviews this will read these words."
        ),
        min_length=SHORTEST_REASON,
        max_length=500,
        error_messages={"min_length": _("Write a few words more: what has happened and why you cannot wait.")},
        widget=text_area(3),
    )
    is_threat = forms.BooleanField(
        label=_("There is a threat to the life and health of the child"),
        error_messages={
            "required": _(
                "A case is opened in this way only when there is a threat to the life and health of the child."
            )
        },
    )


class ReviewForm(VisibleWords, forms.Form):
    """Whether an opening in an emergency was justified."""

    was_justified = forms.TypedChoiceField(
        label=_("Was it justified?"),
        choices=[("yes", _("yes, there was no other way")), ("no", _("no, the case should not have been opened"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What the review has found"),
        help_text=_("What happened, what was done with what was read, what changes from now on."),
        max_length=1000,
        widget=text_area(3),
    )
