"""What is typed when a document goes to another agency, and when it arrives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forms_library.models import Agency


class SendForm(forms.Form):
    """To which agency."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Agency"),
        help_text=_("It gets this document only, and sees nothing else of the case."),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the agency that gets the document.")},
    )

    def __init__(self, *args: Any, keeper: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)  # noqa: S101 - named above
        agency.queryset = Agency.objects.open().exclude(pk=keeper.pk).order_by("short_name")


class ReceiveForm(forms.Form):
    """The number in the addressee's own journal."""

    number = forms.CharField(
        label=_("Incoming number"),
        max_length=60,
        required=False,
        help_text=_("From your own journal of incoming papers, if you keep one"),
    )
