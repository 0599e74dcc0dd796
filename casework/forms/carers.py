"""What a person may type about professional families, the choice of one for a child, and a placement."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, WordsSometimes, page_token, text_area
from casework.models import AcceptedNeed, CarerEvent, CarerFamily, PaperKind, PlacementEnd
from casework.models.carers import REST_DAYS
from forms_library.answer_fields import DateField

OLDEST_MONTHS = 216
MOST_TOGETHER = 10
DATE_HELP = _("Like this: 05.03.2026")


class CarerForm(VisibleWords, forms.ModelForm):
    """A family of the register. Whether it takes children is decided by the head, not typed."""

    token = page_token()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    age_from = forms.IntegerField(
        label=_("Takes children from the age of, months"), min_value=0, max_value=OLDEST_MONTHS
    )
    age_to = forms.IntegerField(
        label=_("Takes children up to the age of, months"), min_value=0, max_value=OLDEST_MONTHS
    )
    places = forms.IntegerField(label=_("How many children at once"), min_value=1, max_value=MOST_TOGETHER)
    accepted = forms.MultipleChoiceField(
        label=_("Ready for"), choices=AcceptedNeed.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    rest_days = forms.IntegerField(
        label=_("Days of rest after a placement"),
        help_text=_("The family is not offered children on these days. Two weeks are usual."),
        min_value=0,
        max_value=366,
        initial=REST_DAYS,
    )

    class Meta:
        model = CarerFamily
        fields = [
            *("name", "contacts", "district", "age_from", "age_to", "places", "accepts_siblings", "accepted"),
            *("limits", "has_pets", "smokes_at_home", "rest_days"),
        ]
        labels = {
            "name": _("Full name of the professional parent"),
            "contacts": _("How to reach the family"),
            "district": _("District where the family lives"),
            "accepts_siblings": _("Takes brothers and sisters together"),
            "limits": _("What the family cannot do"),
            "has_pets": _("There are animals in the house"),
            "smokes_at_home": _("Somebody smokes at home"),
        }
        help_texts = {
            "name": _("Surname, name, patronymic, as in the papers."),
            "contacts": _("Telephone, address, when it is good to call."),
            "limits": _("An honest answer helps to choose well and harms nobody."),
        }
        widgets = {"contacts": text_area(2), "limits": text_area(3)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        youngest, oldest = answers.get("age_from"), answers.get("age_to")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("age_to", ValidationError(_("The age “from” is greater than the age “up to”."), code="ages"))
        # What the page was made from, so that the action can see whether somebody else was quicker.
        if self.instance.pk:
            self.instance.version = answers.get("version") or 0
        elif answers.get("token"):
            self.instance.token = answers["token"]
        return answers

    def send_again_on(self, version: int) -> None:
        """Let the words that were typed be sent once more, on top of `version`."""
        words = cast(MultiValueDict, self.data)
        self.data = MultiValueDict(dict(words.lists()) | {"version": [str(version)]})


class CarerPaperForm(VisibleWords, forms.Form):
    """A paper of a family. The paper itself stays in the family's folder; the register keeps its days."""

    token = page_token()
    kind = forms.ChoiceField(label=_("What paper it is"), choices=PaperKind.choices, widget=forms.RadioSelect)
    number = forms.CharField(label=_("Number and who gave it"), max_length=200, required=False)
    issued_on = DateField(label=_("Of what day"), help_text=DATE_HELP)
    valid_until = DateField(
        label=_("Valid up to and including"),
        help_text=_("Leave it blank when the paper has no last day."),
        required=False,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_issued_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["issued_on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet. Check it."), code="future")
        return day

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        first, last = answers.get("issued_on"), answers.get("valid_until")
        if first and last and last < first:
            self.add_error(
                "valid_until", ValidationError(_("The last day comes before the first. Check it."), code="days")
            )
        return answers


class CarerDecisionForm(VisibleWords, forms.Form):
    """What the head decides about a family, and why."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reasons = WordsSometimes(
        label=_("Reasons"),
        needed_when=_("for every decision but including"),
        help_text=_("The family is told them."),
        max_length=4000,
        widget=text_area(),
    )

    WORDS = {
        CarerEvent.INCLUDED: _("Include in the register: children may be given"),
        CarerEvent.REWORK: _("Send back to be completed"),
        CarerEvent.REFUSED: _("Refuse"),
        CarerEvent.PAUSED: _("Pause: no children for a time"),
        CarerEvent.LEFT: _("The family leaves the register"),
    }

    def __init__(self, *args: Any, possible: tuple[CarerEvent, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(decision.value, self.WORDS[decision]) for decision in possible]
        cast(forms.ChoiceField, self.fields["decision"]).choices = choices

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("decision") not in {None, CarerEvent.INCLUDED} and not answers.get("reasons", "").strip():
            self.add_error(
                "reasons", ValidationError(_("Write the reason: the family will be told it."), code="reason")
            )
        return answers


class AroundForm(forms.Form):
    """What the needs card does not say: asked beside it, kept in the address of the page."""

    together = forms.IntegerField(
        label=_("How many children must not be parted, this one included"),
        min_value=1,
        max_value=MOST_TOGETHER,
        required=False,
        widget=forms.NumberInput(attrs={"class": "w-short"}),
    )
    also = forms.MultipleChoiceField(
        label=_("The card does not ask, but it matters for this child"),
        choices=AcceptedNeed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class MatchForm(VisibleWords, forms.Form):
    """The choice of people: this family or not, and why."""

    token = page_token()
    is_chosen = forms.TypedChoiceField(
        label=_("What the team decides"),
        choices=[("yes", _("Choose this family")), ("no", _("Turn this family down for this child"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Why"),
        help_text=_("If the advice put another family first, say why you choose otherwise."),
        max_length=4000,
        widget=text_area(),
    )
    risks = WordsSometimes(
        label=_("Risks and what will be done about them"),
        needed_when=_("when you choose the family"),
        help_text=_("If you see none, say why."),
        max_length=4000,
        widget=text_area(),
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("is_chosen") and not answers.get("risks", "").strip():
            self.add_error("risks", ValidationError(_("Write the risks, or that you see none and why."), code="risks"))
        return answers


class PlaceForm(forms.Form):
    """From what day a child lives with the chosen family."""

    started_on = DateField(label=_("Lives with the family from"), help_text=DATE_HELP)
    expected_until = DateField(
        label=_("Expected until"), help_text=_("Leave it blank when nobody knows yet."), required=False
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_started_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["started_on"]
        if day > self.today:
            raise ValidationError(
                _("This day has not come yet. Write the placement down when it has begun."), code="future"
            )
        return day

    def clean_expected_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["expected_until"]
        if day and day < self.today:
            raise ValidationError(
                _("This day has passed. Name a day to come, or leave it blank while nobody knows."), code="past"
            )
        return day

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        first, last = answers.get("started_on"), answers.get("expected_until")
        if first and last and last < first:
            self.add_error(
                "expected_until", ValidationError(_("The last day comes before the first. Check it."), code="days")
            )
        return answers


class EndPlacementForm(VisibleWords, forms.Form):
    """How and when the stay of a child with a family ended."""

    ended_on = DateField(label=_("Last day with the family"), help_text=DATE_HELP)
    how = forms.ChoiceField(label=_("How it ended"), choices=PlacementEnd.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What comes next for the child"),
        help_text=_("Who accompanies the child in the new place, and how it is prepared."),
        max_length=4000,
        widget=text_area(),
        required=False,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ended_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["ended_on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet. Check it."), code="future")
        return day
