"""What a parent types: the official form of the request, the consent beside it, and the seal of the page.

The seal binds the page to the browser that opened it and makes a repeated POST the same request.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from forms_library.models import Agency, Edition
from forms_library.questionnaire import Answers, Questionnaire, Surroundings
from forms_library.typed import Typed

SEAL_SALT = "casework.contact_request.page"
SEAL_LASTS = dt.timedelta(hours=12)
DONT_KNOW = ""


def new_seal(browser: str) -> str:
    """Return the seal of a fresh page for the browser known by `browser` (a secret from its cookie)."""
    return signing.dumps([uuid.uuid4().hex, browser], salt=SEAL_SALT)


def token_of_seal(seal: str, *, browser: str) -> uuid.UUID | None:
    """Return the token of a page, or `None` when the seal is broken or belongs to another browser."""
    try:
        token, owner = signing.loads(seal, salt=SEAL_SALT, max_age=SEAL_LASTS)
        return uuid.UUID(token) if owner == browser else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


class ConsentForm(forms.Form):
    """Consent to one purpose: its own tick, never ticked beforehand (F1)."""

    consent = forms.BooleanField(
        label=_("I agree that my data is processed so that I can be answered"),
        error_messages={"required": _("Without your consent we may not keep the request. Read it and tick the box.")},
    )


class ContactRequestForm:
    """The request and the consent together.

    `typed` is what came back from the page (`None` for a fresh one). The question `agency` of the official form becomes a
    choice among the agencies that take requests; «I don't know» is the first answer.
    """

    def __init__(
        self, edition: Edition, *, agencies: Iterable[Agency], typed: Typed | None = None, consent: Any = None
    ) -> None:
        self.agencies = {agency.name: agency for agency in agencies}
        self.questionnaire = Questionnaire(
            edition.schema,
            typed=typed,
            check=typed is not None,
            around=Surroundings(agencies={name: agency.pk for name, agency in self.agencies.items()}),
        )
        if "agency" in self.questionnaire.form.fields:
            choices: list[tuple[str, Any]] = [(DONT_KNOW, _("I don't know, help me choose"))]
            choices += [(agency.name, f"{agency.short_name} — {agency.territory}") for agency in self.agencies.values()]
            field = self.questionnaire.form.fields["agency"]
            field.widget = forms.RadioSelect(choices=choices)
            field.required = False
        self.consent = ConsentForm(consent)

    def is_valid(self) -> bool:
        """Return whether the request can be taken in."""
        self._ask_for_the_chosen_way()
        self._ask_for_an_agency_that_takes_requests()
        return all([self.questionnaire.is_valid(), self.consent.is_valid()])

    def _ask_for_the_chosen_way(self) -> None:
        """A call needs a number, a letter needs an address: say so beside the field that is empty."""
        form = self.questionnaire.form
        form.is_valid()  # whether or not something else is wrong, too
        answers = form.cleaned_data
        if "contact_way" in form.fields and not answers.get("contact_way"):
            return  # first things first: the way itself is asked for
        by_mail = bool(re.search("e-mail|почт", str(answers.get("contact_way", "")).lower()))
        if by_mail and "email" in form.fields and not (answers.get("email") or "email" in form.errors):
            form.add_error("email", _("Write the address to which we should answer."))
        if not by_mail and "phone" in form.fields and not (answers.get("phone") or "phone" in form.errors):
            form.add_error("phone", _("Write the number on which we should reach you."))

    def _ask_for_an_agency_that_takes_requests(self) -> None:
        """An agency may have closed while the page was open: never send the words to another one in silence."""
        chosen = (self.questionnaire.form.cleaned_data.get("agency") or {}).get("name", "")
        if chosen and chosen not in self.agencies:
            self.questionnaire.form.add_error("agency", _("This agency takes no requests now. Choose another answer."))

    @property
    def error_summary(self) -> list[tuple[str, str, str]]:
        consent = self.consent["consent"]
        return [
            *self.questionnaire.error_summary,
            *((consent.id_for_label, str(consent.label), str(error)) for error in consent.errors),
        ]

    def answers(self) -> Answers:
        """Return the answers of a valid request."""
        return self.questionnaire.answers()

    @property
    def asked_agency(self) -> Agency | None:
        """The agency the parent chose; `None` for «I don't know»."""
        chosen = self.questionnaire.form.cleaned_data.get("agency") or {}
        return self.agencies.get(chosen.get("name", ""))


class StateForm(forms.Form):
    """The number and the secret code of a request."""

    reference = forms.CharField(
        label=_("Number of the request"),
        help_text=_("For example 2026-00017"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    code = forms.CharField(
        label=_("Secret code"),
        help_text=_("Ten digits, for example 4827-193-055"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_reference(self) -> str:
        digits = "".join(character for character in self.cleaned_data["reference"] if character in "0123456789")
        return f"{digits[:4]}-{digits[4:].zfill(5)}"
