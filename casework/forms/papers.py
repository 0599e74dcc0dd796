"""Forms of a filed form's paper: an addendum, an extract, a package, a scan."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area

SCAN_HELP = _("A JPG, a PNG or a PDF, 20 MB at most. Lay the whole sheet on the glass, the code included.")


class AddendumForm(VisibleWords, forms.Form):
    """What is added to a filed form."""

    token = page_token()
    text = forms.CharField(
        label=_("What to add"),
        help_text=_(
            "It is printed after the form with today's date, your post and your name. An addendum cannot be changed later."
        ),
        max_length=20_000,
        widget=text_area(8),
    )


class ExtractForm(forms.Form):
    """To whom an extract goes."""

    addressee = forms.ChoiceField(label=_("Extract for"), widget=forms.Select)

    def __init__(self, *args: Any, addressees: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["addressee"]).choices = [(name, name) for name in addressees]


class PackageForm(forms.Form):
    """Which papers go together."""

    documents = forms.TypedMultipleChoiceField(
        label=_("Documents"), coerce=int, error_messages={"required": _("Tick at least one document.")}
    )
    with_pdf = forms.BooleanField(label=_("Also as PDF"), required=False)

    def __init__(self, *args: Any, numbers: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["documents"]).choices = [(number, str(number)) for number in numbers]


class ScanForm(forms.Form):
    """A scan of a signed paper."""

    scan = forms.FileField(
        label=_("Scan or photo of the signed paper"),
        help_text=SCAN_HELP,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"}),
        max_length=None,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another one."),
            "missing": _("Choose a file."),
        },
    )


class ScanPlaceForm(forms.Form):
    """Where a scan belongs, typed by hand."""

    reference = forms.CharField(
        label=_("Number of the case"), help_text=_("Like this: 2026-00012"), max_length=20, strip=True
    )
    number = forms.IntegerField(
        label=_("Number of the document"),
        help_text=_("It stands on the paper and in the list of documents of the case."),
        min_value=1,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
