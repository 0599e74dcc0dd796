"""How a name is inflected, as a person has checked it."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords
from casework.models import NameForms, Sex
from forms_library.inflection import CASES, Forms
from forms_library.names_in_answers import as_kept

FIELDS = dict(zip(CASES, ("genitive", "dative", "accusative", "instrumental", "prepositional"), strict=True))


class NameFormsForm(VisibleWords, forms.ModelForm):
    """The five forms of a name, or a tick that it is not inflected."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    class Meta:
        model = NameForms
        fields = ["sex", "is_indeclinable", *FIELDS.values()]
        widgets = {"sex": forms.RadioSelect}

    def __init__(self, *args: Any, of_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS.values():
            self.fields[name].required = False  # not asked of a name that is not inflected
        if of_person:
            self.fields["sex"].help_text = _(
                "Endings depend on it. To see them, choose and press “Suggest the forms anew”."
            )
            cast(forms.ChoiceField, self.fields["sex"]).choices = [*Sex.choices, ("", _("not known"))]
        else:
            del self.fields["sex"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for name in FIELDS.values():
            answers[name] = as_kept(answers.get(name) or "")
            if not answers[name] and not answers.get("is_indeclinable") and name not in self.errors:
                message = _("Write this form, or tick that the name is not inflected.")
                self.add_error(name, ValidationError(message, code="required"))
        return answers

    def send_again_on(self, version: int) -> None:
        """Let the words that were typed be sent once more, on top of `version`."""
        typed = cast(MultiValueDict, self.data)
        self.data = MultiValueDict(dict(typed.lists()) | {"version": [str(version)]})

    def checked(self) -> dict[str, Any]:
        """Return what was typed as `keep_name_forms` takes it."""
        answers = self.cleaned_data
        return {
            "forms": {case: answers.get(name, "") for case, name in FIELDS.items()},
            "sex": answers.get("sex", ""),
            "is_indeclinable": answers["is_indeclinable"],
            "version": answers["version"] or 0,
        }

    @staticmethod
    def words_of(forms_of_name: Forms) -> dict[str, str]:
        """Return the forms of a name by the names of the fields."""
        return {name: forms_of_name[case] for case, name in FIELDS.items()}
