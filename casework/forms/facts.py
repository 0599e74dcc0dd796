"""What a person may type when two forms contradict each other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, text_area
from casework.models import Contradiction


class SettleForm(VisibleWords, forms.Form):
    """Which of two tellings is true."""

    outcome = forms.ChoiceField(
        label=_("What is true"), choices=Contradiction.Outcome.choices, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=_("How this is known"),
        help_text=_("For example: checked with the birth certificate"),
        max_length=1000,
        widget=text_area(3),
    )
