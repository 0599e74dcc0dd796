"""What a methodologist says about a reusable block: which one goes where into a form."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from forms_library.models import ReusableBlock
from forms_library.models.form_fields import KIND_LABELS
from forms_library.schema import Kind, Schema

SHOWN = 60


class InsertForm(forms.Form):
    """Which block is copied, and behind which question."""

    block = forms.ModelChoiceField(
        label=_("Block"),
        queryset=ReusableBlock.objects.order_by("title"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a block.")},
    )
    after = forms.ChoiceField(
        label=_("Where"), required=False, widget=forms.Select(attrs={"class": "w-w-full w-max-w-full"})
    )

    def __init__(self, *args: Any, schema: Schema, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(question.key, _place(question.label, question.kind)) for question in schema]
        self.fields["after"].choices = [("", _("At the end of the form")), *places]  # type: ignore[attr-defined]


def _place(label: str, kind: Kind) -> str:
    return _("After: %(label)s (%(kind)s)") % {"label": Truncator(label).chars(SHOWN), "kind": KIND_LABELS[kind]}
