"""Forms of the case page: small, and they change nothing by themselves."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.models import CaseKind, ClosureGround, Person, PersonRole, ShareLevel
from forms_library.answer_fields import DateField, PhoneField
from forms_library.models import Agency


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenCaseForm(forms.Form):
    """A case that a specialist opens."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=_("What the case is about"),
        choices=[choice for choice in CaseKind.choices if choice[0] != CaseKind.CONTACT_REQUEST],
        widget=forms.RadioSelect,
    )
    agency = forms.ModelChoiceField(
        label=_("Which agency keeps it"), queryset=Agency.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["agency"])
        field.queryset = agencies
        field.initial = agencies.first()


class RefuseForm(forms.Form):
    """Why a request is not taken into work."""

    reason = forms.CharField(
        label=_("Why the case is not taken into work"),
        help_text=_("Whoever asked will read these words. Say where they can turn instead."),
        max_length=2000,
        widget=text_area(),
    )


class AssignForm(forms.Form):
    """Who answers for the case."""

    curator = forms.ChoiceField(label=_("Curator of the case"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        cast(forms.ChoiceField, self.fields["curator"]).choices = [
            (key, f"{person} — {person.post}" if person.post else str(person)) for key, person in self.people.items()
        ]

    def clean_curator(self) -> Any:
        return self.people[self.cleaned_data["curator"]]


class NoteForm(forms.Form):
    """A note of a specialist."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Note"),
        help_text=_("What happened, when, what you agreed on. A note cannot be changed later."),
        max_length=20_000,
        widget=text_area(),
    )


class CloseForm(forms.Form):
    """On what ground the work ends."""

    ground = forms.ChoiceField(label=_("Ground"), choices=ClosureGround.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What was done and what comes next"), max_length=4000, widget=text_area(), required=False
    )


class ShareForm(forms.Form):
    """To whom the case is opened, how far and for how long."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), empty_label=_("Choose an agency")
    )
    level = forms.ChoiceField(
        label=_("What it may do"), choices=ShareLevel.choices, widget=forms.RadioSelect, initial=ShareLevel.VIEW
    )
    last_day = DateField(label=_("Up to and including"), help_text=_("Like this: 05.03.2026"))
    reason = forms.CharField(label=_("Why this agency needs it"), max_length=500, widget=text_area(2))

    def __init__(self, *args: Any, keeper: Agency, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        cast(forms.ModelChoiceField, self.fields["agency"]).queryset = (
            Agency.objects.open().exclude(pk=keeper.pk).order_by("short_name")
        )

    def clean_last_day(self) -> dt.date:
        last_day = self.cleaned_data["last_day"]
        if last_day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later day."), code="past")
        return last_day


class PersonForm(forms.ModelForm):
    """A person of the case, entered once."""

    birth_date = DateField(label=_("Date of birth"), help_text=_("Like this: 05.03.2026"), required=False)
    phone = PhoneField(label=_("Telephone"), max_length=60, required=False)

    class Meta:
        model = Person
        fields = ["role", "full_name", "birth_date", "phone", "address", "school", "school_class"]
        labels = {"role": _("Who this is"), "full_name": _("Full name of a person")}
        widgets = {"role": forms.RadioSelect, "address": text_area(2)}

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = PersonRole.choices

    def clean_birth_date(self) -> dt.date | None:
        birth_date = self.cleaned_data["birth_date"]
        if birth_date and birth_date > self.today:
            raise ValidationError(_("The date of birth is in the future. Check it."), code="future")
        return birth_date
