"""What is typed when another agency is asked for something, and when it answers."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import DaySometimes, VisibleWords, page_token, text_area
from casework.models import AssignmentState, Category, Section, Submission
from forms_library.answer_fields import DateField
from forms_library.models import Agency

LONGEST_ANSWER = 20
"""Working days to answer: whoever needs a month does not ask by a referral."""
FIRST_GUESS = 3


class ReferralForm(VisibleWords, forms.Form):
    """Whom to ask for what, by when, and what of the case they need for that."""

    token = page_token()
    agency = forms.ModelChoiceField(
        label=_("Which agency is asked"), queryset=Agency.objects.none(), empty_label=_("Choose an agency")
    )
    text = forms.CharField(
        label=_("What the agency is to do"),
        help_text=_("What to do and for whom, so that the other agency can begin without calling you."),
        max_length=4000,
        widget=text_area(5),
    )
    due = DateField(label=_("By what day it is to be done"), help_text=_("Like this: 05.03.2026"))
    answer_within = forms.IntegerField(
        label=_("Within how many working days to answer"),
        help_text=_(
            "To accept or to refuse. When nobody answers, the agency is reminded, then you, then your head hear of it."
        ),
        min_value=1,
        max_value=LONGEST_ANSWER,
        initial=FIRST_GUESS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    sections = forms.MultipleChoiceField(
        label=_("What of the case the agency is shown"),
        help_text=_("Only what it needs for this. It never sees the rest of the case."),
        choices=Section.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    documents = forms.MultipleChoiceField(
        label=_("Which documents it is shown"), widget=forms.CheckboxSelectMultiple, required=False
    )
    categories = forms.MultipleChoiceField(
        label=_("Special facts in these documents"),
        help_text=_("Leave this blank unless the agency cannot help without them: the answers stay hidden then."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    last_day = DaySometimes(
        label=_("Up to and including which day it is shown"),
        needed_when=_("when you show anything of the case"),
        help_text=_("Leave it blank when nothing of the case is shown. You can withdraw it at any moment."),
    )

    def __init__(
        self,
        *args: Any,
        keeper: Agency,
        documents: Iterable[Submission],
        categories: Iterable[str],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filed = {str(each.number): each for each in documents}
        cast(forms.ModelChoiceField, self.fields["agency"]).queryset = (
            Agency.objects.open().exclude(pk=keeper.pk).order_by("short_name")
        )
        names = [
            (key, f"№ {key}, {each.edition.title}, {keeper.local(each.filed_at):%d.%m.%Y}")
            for key, each in self.filed.items()
        ]
        self._offer("documents", names)
        self._offer("categories", [(code, label) for code, label in Category.choices if code in set(categories)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Let one be chosen of `choices`; without any, there is nothing to ask."""
        if choices:
            cast(forms.MultipleChoiceField, self.fields[name]).choices = choices
        else:
            del self.fields[name]

    def clean_due(self) -> dt.date:
        return self._not_in_the_past("due")

    def clean_last_day(self) -> dt.date | None:
        return self._not_in_the_past("last_day") if self.cleaned_data["last_day"] else None

    def _not_in_the_past(self, name: str) -> dt.date:
        day: dt.date = self.cleaned_data[name]
        if day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later day."), code="past")
        return day

    def clean_documents(self) -> list[Submission]:
        return [self.filed[key] for key in self.cleaned_data["documents"]]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        shows = bool(answers.get("sections") or answers.get("documents"))
        if shows and "last_day" in answers and answers["last_day"] is None:
            self.add_error(
                "last_day",
                ValidationError(_("Say up to which day the agency sees what you have ticked."), code="required"),
            )
        return answers

    def shown(self) -> dict[str, Any] | None:
        """Return what of the case goes with the referral; `None` when nothing does."""
        answers = self.cleaned_data
        facts = {name: answers.get(name, []) for name in ("sections", "documents", "categories")}
        if not (facts["sections"] or facts["documents"]):
            return None
        return facts | {"last_day": answers["last_day"]}


class _OnAVersion(VisibleWords, forms.Form):
    """Which version of the assignment the page was made from, so that whoever was quicker is seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class AcceptForm(_OnAVersion):
    """One press."""


class RefuseReferralForm(_OnAVersion):
    """Why the agency does not do it."""

    words = forms.CharField(
        label=_("Why your agency cannot do this"),
        help_text=_("Whoever asked reads these words. Say who can help instead, if you know."),
        max_length=2000,
        widget=text_area(),
    )


class MarkForm(_OnAVersion):
    """What came of it."""

    state = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (state.value, state.label)
            for state in (AssignmentState.DONE, AssignmentState.PARTLY, AssignmentState.NOT_DONE)
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words"),
        help_text=_("What was done and what it has changed; if it was not done, why."),
        max_length=4000,
        widget=text_area(),
    )

    def clean_state(self) -> AssignmentState:
        return AssignmentState(self.cleaned_data["state"])
