"""Words that one tab could lay over another's."""

from typing import cast

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords

DAMAGED = _("The page was damaged on its way. Press the button once more.")


class OnVersionForm(VisibleWords, forms.Form):
    """Words that one tab could lay over another's: they carry the version of the page, so the action sees who was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": DAMAGED, "required": DAMAGED})

    def send_again_on(self, version: int) -> None:
        """Let the words that were typed be sent once more, on top of `version`."""
        typed = cast(MultiValueDict, self.data)
        self.data = MultiValueDict(dict(typed.lists()) | {"version": [str(version)]})
