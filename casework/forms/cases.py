"""Forms of the case page: small, and they change nothing by themselves."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from casework.access import Viewer
from casework.models import CaseKind, ClosureGround, Person, PersonRole, ShareLevel
from forms_library.answer_fields import MESSAGES, DateField, PhoneField, SnilsField
from forms_library.models import Agency
from forms_library.typed import INVISIBLE


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def page_token() -> forms.UUIDField:
    """Return the hidden mark by which the same page sent twice is known."""
    broken = _("The page was damaged on its way. Press the button once more.")
    return forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"invalid": broken, "required": broken}
    )


class NeededSometimes(forms.Field):
    """What a form needs only for some of its choices. `needed_when` says for which, beside the label."""

    def __init__(self, *, needed_when: Any, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.needed_when = needed_when


class WordsSometimes(NeededSometimes, forms.CharField):
    """Words that are not always needed."""


class DaySometimes(NeededSometimes, DateField):
    """A day that is not always needed."""


class VisibleWords(forms.BaseForm):
    """A form that drops the characters that nobody can see and no paper can show, and speaks as official forms do.

    A browser cuts off what is longer than `maxlength` without a word. Here all of it arrives, and the person is told.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None:
            data = MultiValueDict(
                {name: [INVISIBLE.sub("", value) for value in values] for name, values in data.lists()}
            )
        super().__init__(data, *args, **kwargs)
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, **_in_our_voice(field)}
            if isinstance(field, forms.CharField):
                field.widget.attrs.pop("maxlength", None)


def _in_our_voice(field: forms.Field) -> dict[str, Any]:
    """Return the words of official forms for whatever a field says in Django's words so far."""
    djangos: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            djangos |= getattr(kind, "default_error_messages", {})
    said = field.error_messages
    return {code: words for code, words in MESSAGES.items() if said.get(code) is djangos.get(code)}


class OpenCaseForm(forms.Form):
    """A case that a specialist opens."""

    token = page_token()
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


class RefuseForm(VisibleWords, forms.Form):
    """Why a request is not taken into work."""

    reason = forms.CharField(
        label=_("Why the case is not taken into work"),
        help_text=_("Whoever asked will read these words. Say where they can turn instead."),
        max_length=2000,
        widget=text_area(),
    )


def people_of(viewers: Iterable[Viewer]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the people to choose from by their key, and the choices: with the agency where there are several.

    Of somebody with whom the case is shared the choice says until when: afterwards the case has nobody again.
    """
    viewers = list(viewers)
    several = len({viewer.agency.pk for viewer in viewers}) > 1
    choices = []
    for viewer in viewers:
        details = [viewer.user.post, viewer.agency.short_name if several else ""]
        if viewer.share:
            details.append(str(_("has access until %(day)s") % {"day": f"{viewer.share.last_day:%d.%m.%Y}"}))
        said = ", ".join(detail for detail in details if detail)
        choices.append((str(viewer.user.pk), f"{viewer.user} — {said}" if said else str(viewer.user)))
    return {str(viewer.user.pk): viewer.user for viewer in viewers}, choices


class AssignForm(forms.Form):
    """Who answers for the case."""

    curator = forms.ChoiceField(label=_("Curator of the case"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Iterable[Viewer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, choices = people_of(people)
        cast(forms.ChoiceField, self.fields["curator"]).choices = choices

    def clean_curator(self) -> Any:
        return self.people[self.cleaned_data["curator"]]


class NoteForm(VisibleWords, forms.Form):
    """A note of a specialist."""

    token = page_token()
    text = forms.CharField(
        label=_("Note"),
        help_text=_("What happened, when, what you agreed on. A note cannot be changed later."),
        max_length=20_000,
        widget=text_area(),
    )


class CloseForm(VisibleWords, forms.Form):
    """On what ground the work ends."""

    ground = forms.ChoiceField(label=_("Ground"), choices=ClosureGround.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What was done and what comes next"), max_length=4000, widget=text_area(), required=False
    )

    def clean_ground(self) -> ClosureGround:
        return ClosureGround(self.cleaned_data["ground"])


class ShareForm(VisibleWords, forms.Form):
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


class PersonForm(VisibleWords, forms.ModelForm):
    """A person of the case, entered once."""

    birth_date = DateField(label=_("Date of birth"), help_text=_("Like this: 05.03.2026"), required=False)
    phone = PhoneField(label=_("Telephone"), max_length=60, required=False)
    snils = SnilsField(label=_("SNILS"), help_text=_("Like this: 112-233-445 95"), required=False)
    token = page_token()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Person
        fields = [
            "role",
            "full_name",
            "birth_date",
            "snils",
            "phone",
            "address",
            "school",
            "school_class",
            "is_mistake",
        ]
        labels = {"role": _("Who this is"), "full_name": _("Full name of a person")}
        widgets = {"role": forms.RadioSelect, "address": text_area(2)}

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = PersonRole.choices
        self.initial["version"] = self.instance.version
        if not self.instance.pk:
            del self.fields["is_mistake"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        # What the page was made from, so that the action can see whether somebody else was quicker.
        if self.instance.pk:
            self.instance.version = answers.get("version") or 0
        elif answers.get("token"):
            self.instance.token = answers["token"]
        return answers

    def send_again_on(self, version: int) -> None:
        """Let the words that were typed be sent once more, on top of `version`."""
        typed = cast(MultiValueDict, self.data)
        self.data = MultiValueDict(dict(typed.lists()) | {"version": [str(version)]})

    def clean_birth_date(self) -> dt.date | None:
        birth_date = self.cleaned_data["birth_date"]
        if birth_date and birth_date > self.today:
            raise ValidationError(_("The date of birth is in the future. Check it."), code="future")
        return birth_date
