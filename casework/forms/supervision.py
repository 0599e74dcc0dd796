"""What may be typed about a supervision."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area
from forms_library.answer_fields import DateField


class SupervisionForm(VisibleWords, forms.Form):
    """When, with whom, what was difficult, what was agreed."""

    token = page_token()
    held_on = DateField(label=_("Held on"), help_text=_("Like this: 05.03.2026"))
    supervisor = forms.CharField(label=_("Supervisor"), max_length=200)
    participants = forms.ModelMultipleChoiceField(
        label=_("Who took part"), queryset=get_user_model().objects.none(), widget=forms.CheckboxSelectMultiple
    )
    themes = forms.CharField(
        label=_("What was difficult"),
        max_length=5000,
        widget=text_area(5),
        help_text=_("Without names, numbers of cases and addresses."),
    )
    support = forms.CharField(
        label=_("What was agreed as support"), max_length=5000, required=False, widget=text_area(3)
    )
    next_on = DateField(label=_("Next one on"), help_text=_("Like this: 05.03.2026"), required=False)

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelMultipleChoiceField, self.fields["participants"]).queryset = colleagues

    def clean(self) -> dict[str, Any]:
        """The next one comes after the one that is written down."""
        answers: dict[str, Any] = super().clean() or {}
        held_on, next_on = answers.get("held_on"), answers.get("next_on")
        if held_on and next_on and next_on <= held_on:
            self.add_error("next_on", _("The next supervision comes after this one. Check the date."))
        return answers
