"""What an approver may write on returning a draft: a remark on any question, or on the form as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forms_library.actions.remarks import WHOLE_FORM
from forms_library.schema import Schema

LONGEST = 2000
PREFIX = "on_"


class RemarksForm(forms.Form):
    """One field for the whole form, then one for each question."""

    whole_form = forms.CharField(
        label=_("The form as a whole"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, schema: Schema, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in schema:
            self.fields[f"{PREFIX}{question.key}"] = forms.CharField(
                label=question.label,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 1}),
                help_text=question.key,
            )

    def clean(self) -> dict[str, Any]:
        """Refuse to return a draft without a word of why."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Say what to mend: write at least one remark."), code="no_remark")
        return cleaned

    def remarks(self) -> dict[str, str]:
        """Return the remarks that were written, by the key of the question."""
        on_questions = {
            name.removeprefix(PREFIX): text for name, text in self.cleaned_data.items() if name.startswith(PREFIX)
        }
        return {WHOLE_FORM: self.cleaned_data["whole_form"], **on_questions}
