"""What is typed when an agency without accounts is asked by a link, and what it types itself."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from casework.forms.cases import VisibleWords, page_token, text_area
from forms_library.answer_fields import DateField
from forms_library.models import Edition

IN_WORDS = ""
FILE_FIELDS = ("file_1", "file_2", "file_3")


class AnswerLinkForm(VisibleWords, forms.Form):
    """Who is asked what, and how long the link lasts."""

    token = page_token()
    addressee = forms.CharField(
        label=_("Who is to answer"),
        help_text=_("The agency and, if you know them, the person’s post. For example: Children’s polyclinic No. 3"),
        max_length=200,
    )
    purpose = forms.CharField(
        label=_("What you ask"),
        help_text=_(
            "Whoever opens the link and knows the word will read this. Write no names and no address of the family:"
            " say by telephone whom it is about."
        ),
        max_length=2000,
        widget=text_area(),
    )
    edition = forms.ChoiceField(
        label=_("Form to fill in"),
        required=False,
        help_text=_("Leave it as it is when an answer in words with up to three files is enough."),
    )
    last_day = DateField(label=_("The link works up to and including"), help_text=_("Thirty days ahead at most."))

    def __init__(self, *args: Any, editions: Iterable[Edition], usual_day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editions = {str(edition.pk): edition for edition in editions}
        chosen = cast(forms.ChoiceField, self.fields["edition"])
        chosen.choices = [
            (IN_WORDS, _("an answer in words")),
            *((key, each.title) for key, each in self.editions.items()),
        ]
        self.fields["last_day"].initial = f"{usual_day:%d.%m.%Y}"

    def clean_edition(self) -> Edition | None:
        return self.editions.get(self.cleaned_data["edition"])


class WordForm(VisibleWords, forms.Form):
    """The word that was told by telephone."""

    prefix = "phone"  # apart from the questions of any official form
    word = forms.CharField(
        label=_("The word that you were told by telephone"),
        help_text=_("A word and two digits, for example: boat 15"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AnswerForm(VisibleWords, forms.Form):
    """The answer itself: who answers, the words, up to three files."""

    prefix = "answer"
    who = forms.CharField(
        label=_("Who answers"), help_text=_("Your name, your post and a telephone for questions"), max_length=200
    )
    words = forms.CharField(label=_("Your answer"), max_length=20_000, widget=text_area(8))
    file_1 = forms.FileField(label=_("File"), required=False)
    file_2 = forms.FileField(label=_("One more file"), required=False)
    file_3 = forms.FileField(label=_("And one more"), required=False)

    def __init__(self, *args: Any, with_form: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_form:
            self.fields["words"].required = False
            self.fields["words"].label = _("What you want to add")
        self.fields["file_1"].help_text = _("PDF, JPG, PNG, Word or Excel, 20 MB at most.")

    def uploads(self) -> list[UploadedFile]:
        """Return the files that came, in order."""
        return [self.cleaned_data[name] for name in FILE_FIELDS if self.cleaned_data.get(name)]
