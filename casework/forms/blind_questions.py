"""What a person may type to ask whether a child is known."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area
from casework.same_person import Named
from forms_library.answer_fields import DateField, SnilsField
from forms_library.models import Agency


class KnownForm(VisibleWords, forms.Form):
    """About which child, and why."""

    token = page_token()
    surname = forms.CharField(label=_("Surname of the child"), max_length=80)
    first_name = forms.CharField(label=_("First name of the child"), max_length=80)
    patronymic = forms.CharField(
        label=_("Patronymic of the child"), help_text=_("If you know it."), max_length=80, required=False
    )
    birth_date = DateField(
        label=_("Date of birth of the child"),
        help_text=_(
            "Like this: 05.03.2026. Without it only the surname, first name and patronymic together are looked for."
        ),
        required=False,
    )
    snils = SnilsField(label=_("SNILS of the child"), help_text=_("If you know it: 112-233-445 95"), required=False)
    agency = forms.ModelChoiceField(
        label=_("For which agency you ask"), queryset=Agency.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(
        label=_("Why you ask"),
        help_text=_("What has happened, and why you must know who works with the child. Write no names."),
        min_length=10,
        max_length=500,
        error_messages={"min_length": _("Write a few words more: what has happened and why you ask.")},
        widget=text_area(2),
    )

    def __init__(self, *args: Any, agencies: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = cast(forms.ModelChoiceField, self.fields["agency"])
        field.queryset = agencies
        field.initial = agencies.first()

    def clean_birth_date(self) -> dt.date | None:
        birth_date: dt.date | None = self.cleaned_data["birth_date"]
        if birth_date and birth_date > self.today:
            raise ValidationError(_("The date of birth is in the future. Check it."), code="future")
        return birth_date

    @property
    def child(self) -> Named:
        """The child that was named."""
        answers = self.cleaned_data
        name = " ".join(answers[part] for part in ("surname", "first_name", "patronymic") if answers[part])
        return Named(name, answers["birth_date"], answers["snils"])
