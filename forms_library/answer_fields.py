"""The kinds of questions as Django form fields, and the form builder that makes them.

Fields check words and say what to do; they never read the database.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _, ngettext
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from forms_library.light_widgets import lighten
from forms_library.schema import Column, Kind, Question
from forms_library.typed import NO, YES, ticked

Attached = Mapping[int, Mapping[str, Any]]
"""Files already kept for a form, by id: `{"id", "name", "sha256"}`."""
Documents = Mapping[int, Mapping[str, Any]]
"""Forms filed in the case, by number: `{"id": number, "name": words, "form": code}`."""

DATE_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
DATE_TIME_FORMATS = ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"]
FIRST_YEAR, LAST_YEAR = 1900, 2100
SHORT_LIMIT, NAME_LIMIT, LONG_LIMIT = 500, 200, 20_000
REQUIRED = _("This field is required.")  # Django's own words, so that our Russian for them is said everywhere
CHOOSE = _("Choose an answer.")
MESSAGES = {
    "required": REQUIRED,
    "max_length": _("Too long: at most %(limit_value)d characters, now %(show_value)d."),
    "min_value": _("The number is too small: at least %(limit_value)d."),
    "max_value": _("The number is too big: at most %(limit_value)d."),
    "invalid_choice": _("Choose one of the answers offered."),
    "invalid_list": _("Choose among the answers offered."),
}
"""What every field says in the portal's own voice, by the codes of Django's fields."""


class DateField(forms.DateField):
    """A date typed as people write it; anything that can be read in two ways is refused."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Enter the date like this: 05.03.2026.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, **options)
        self.widget.attrs.update(inputmode="numeric", autocomplete="off", maxlength="20")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        return super().to_python(value.strip() if isinstance(value, str) else value)

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        _check_year(value)


class BirthDateField(DateField):
    """A day on which somebody was born: not later than `today`, when that is known."""

    today: dt.date | None = None

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and self.today and value > self.today:
            raise ValidationError(_("The date of birth has not come yet. Check it."), code="future")


class DateTimeField(forms.DateTimeField):
    """A local date and time, «05.03.2026 14:30»."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Enter the date and time like this: 05.03.2026 14:30.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_TIME_FORMATS, **options)
        self.widget.attrs.update(autocomplete="off", maxlength="30")

    def to_python(self, value: Any) -> dt.datetime | None:
        # The agency's own clock: no zone is added, so the paper shows the hour that was typed.
        for pattern in DATE_TIME_FORMATS:
            try:
                return dt.datetime.strptime(str(value).strip(), pattern)  # noqa: DTZ007 - the clock on the wall
            except ValueError:
                continue
        if not str(value or "").strip():
            return None
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def validate(self, value: dt.datetime | None) -> None:
        super().validate(value)
        _check_year(value)


def _check_year(value: dt.date | None) -> None:
    if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(_("Check the year: it must be between 1900 and 2100."), code="year")


class PhoneField(forms.CharField):
    """A telephone number; numbers of the Russian plan are written the usual way, short local ones are kept as typed."""

    default_error_messages = {"phone": _("Enter the number like this: 8 (383) 344-83-54.")}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        digits = re.sub(r"[\s()\-–.]", "", text)
        if re.fullmatch(r"\d{5,7}", digits):
            return text
        try:
            number = phonenumbers.parse(text, "RU")
        except phonenumbers.NumberParseException:
            raise ValidationError(self.error_messages["phone"], code="phone") from None
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(self.error_messages["phone"], code="phone")
        style = phonenumbers.PhoneNumberFormat
        russian = number.country_code == phonenumbers.country_code_for_region("RU")
        return phonenumbers.format_number(number, style.NATIONAL if russian else style.INTERNATIONAL)


class MoneyField(forms.CharField):
    """A sum in roubles as people write it, «12 345,50»; kept as «12345.50»."""

    default_error_messages = {"money": _("Enter the sum in digits like this: 12 345,50.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, **options)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off")

    def clean(self, value: Any) -> str:
        text = re.sub(r"[\s₽]|руб\.?", "", super().clean(value))
        if not text:
            return ""
        if not re.fullmatch(r"-?\d{1,12}([.,]\d{1,2})?", text, re.ASCII):
            raise ValidationError(self.error_messages["money"], code="money")
        return f"{Decimal(text.replace(',', '.')):.2f}"


class SnilsField(forms.CharField):
    """An insurance number with its control sum; kept as «112-233-445 95»."""

    default_error_messages = {
        "snils": _("A SNILS has eleven digits, like this: 112-233-445 95."),
        "control": _("The last two digits do not fit the others. Check the number with the document."),
    }
    FIRST_WITH_CONTROL = 1_001_999  # numbers up to 001-001-998 have no control sum

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs.update(inputmode="numeric", autocomplete="off")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        digits = re.sub(r"[\s–-]", "", text)
        if not re.fullmatch(r"\d{11}", digits, re.ASCII):
            raise ValidationError(self.error_messages["snils"], code="snils")
        number, control = digits[:9], int(digits[9:])
        expected = sum(int(digit) * place for digit, place in zip(number, range(9, 0, -1), strict=True)) % 101 % 100
        if int(number) >= self.FIRST_WITH_CONTROL and control != expected:
            raise ValidationError(self.error_messages["control"], code="control")
        return f"{number[:3]}-{number[3:6]}-{number[6:]} {digits[9:]}"


class NamedField(forms.CharField):
    """Somebody or something by name; names that a register knows are offered and keep their id."""

    register = ""
    """Which list of names the page offers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, **options)
        self.known: Mapping[str, int] = {}
        self.widget.attrs["list"] = self.register

    def clean(self, value: Any) -> dict[str, Any]:
        name = super().clean(value)
        return {"id": self.known.get(name), "name": name}


class AgencyField(NamedField):
    """An agency, usually one of the register."""

    register = "agencies"


class PersonField(NamedField):
    """Somebody, usually of the case."""

    register = "people"


class DocumentsInput(forms.CheckboxSelectMultiple):
    """Forms filed in the case, to be ticked."""

    template_name = "forms_library/questionnaire/documents_input.html"


class DocumentsField(forms.MultipleChoiceField):
    """Forms filed earlier in the same case, of the kinds that the question asks for."""

    widget = DocumentsInput

    def __init__(self, *, codes: tuple[str, ...], most: int, **options: Any) -> None:
        super().__init__(**options)
        self.codes, self.most = codes, most
        self.filed: dict[str, Mapping[str, Any]] = {}

    def offer(self, documents: Documents) -> None:
        """Offer those of the case's filed forms that fit."""
        fitting = [each for each in documents.values() if not self.codes or each["form"] in self.codes]
        self.filed = {str(each["id"]): each for each in fitting}
        self.choices = [(number, each["name"]) for number, each in self.filed.items()]

    def clean(self, value: Any) -> list[dict[str, Any]]:
        chosen = super().clean(value)
        if len(chosen) > self.most:
            message = ngettext("Choose at most %(count)d form.", "Choose at most %(count)d forms.", self.most)
            raise ValidationError(message % {"count": self.most}, code="too_many")
        return [{"id": self.filed[number]["id"], "name": self.filed[number]["name"]} for number in chosen]


class AttachmentInput(forms.Widget):
    """Files: those already kept travel as their ids, new ones are taken from the request by the action that keeps them."""

    template_name = "forms_library/questionnaire/attachment_input.html"
    attached: Attached = {}
    refused: tuple[str, ...] = ()
    """Why files that were sent just now were not kept."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["files"] = [self.attached[number] for number in _numbers(value or []) if number in self.attached]
        context["refused"] = self.refused
        return context


class AttachmentField(forms.Field):
    """A list of kept files. Only ids of files that belong here count."""

    widget = AttachmentInput

    def clean(self, value: Any) -> list[dict[str, Any]]:
        attached = self.widget.attached
        kept = [dict(attached[number]) for number in _numbers(value or []) if number in attached]
        if self.required and not kept:
            raise ValidationError(_("Attach a file."), code="required")
        return kept


def _numbers(values: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(int(value) for value in values if value.isdecimal() and len(value) < 19))


class SignatureInput(forms.MultiWidget):
    """Two lines: the post and the decoded name of whoever will sign the paper."""

    template_name = "forms_library/questionnaire/signature_input.html"

    def __init__(self) -> None:
        super().__init__({"_post": forms.TextInput(), "_name": forms.TextInput()})

    def decompress(self, value: Any) -> list[str]:
        return [value.get("post", ""), value.get("name", "")] if value else ["", ""]


class SignatureField(forms.MultiValueField):
    """Who signs the paper; the signature itself is put by hand."""

    widget = SignatureInput

    def __init__(self, **options: Any) -> None:
        names = [
            forms.CharField(max_length=NAME_LIMIT, required=False, error_messages=MESSAGES)
            for _part in ("post", "name")
        ]
        super().__init__(fields=names, require_all_fields=False, **options)

    def compress(self, values: list[str]) -> dict[str, str]:
        return {"post": values[0], "name": values[1]} if values else {"post": "", "name": ""}

    def validate(self, value: dict[str, str]) -> None:
        if self.required and not value["name"]:
            raise ValidationError(_("Say who will sign."), code="required")


class QuestionnaireForm(BaseForm):
    """A form that keeps quiet about mistakes until it is asked to check."""

    use_required_attribute = False
    checking = False
    not_before: Mapping[str, str] = {}
    """Keys of dates, each with the key of the date that it may not precede."""
    not_asked: Collection[str] = ()
    """Keys of questions that the rules of the form hide now: whatever was typed there is no mistake."""

    def full_clean(self) -> None:
        """Check everything that is asked."""
        super().full_clean()
        for key in self.not_asked:
            self._errors.pop(key, None)

    @property
    def errors(self) -> ErrorDict:
        return super().errors if self.checking else ErrorDict()

    def clean(self) -> dict[str, Any]:
        """Say it beside the later date when two dates stand in the wrong order."""
        answers: dict[str, Any] = super().clean()
        for key, earlier in self.not_before.items():
            day, first_day = _day(answers.get(key)), _day(answers.get(earlier))
            if day and first_day and day < first_day and not {key, earlier} & set(self.not_asked):
                message = _("This day is earlier than “%(label)s”. Check the dates.")
                label = self.fields[earlier].label
                self.add_error(key, ValidationError(message, code="too_early", params={"label": label}))
        return answers


def _day(value: Any) -> dt.date | None:
    """Return the day of a date or of a date and time; `None` for anything else, which a draft schema may name."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


class QuestionnaireBuilder(FormBuilder):
    """Wagtail's form builder, fed with the questions of a schema and taught the kinds that official forms need."""

    def __init__(self, questions: Iterable[Question | Column]) -> None:
        super().__init__([question for question in questions if question.kind.is_typed and not question.kind.is_table])

    @property
    def formfields(self) -> dict[str, forms.Field]:
        return {
            question.key: lighten(
                self.get_create_field_function(question.kind.value)(question, self.get_field_options(question))
            )
            for question in self.fields
        }

    def get_form_class(self) -> type[QuestionnaireForm]:
        form_class: Any = type("QuestionnaireForm", (QuestionnaireForm,), {})
        form_class.base_fields = self.formfields  # not as attributes: a question may be called «prefix»
        form_class.not_before = {
            question.key: question.not_before for question in self.fields if getattr(question, "not_before", "")
        }
        return form_class

    def get_field_options(self, question: Question | Column) -> dict[str, Any]:
        return {
            "label": question.label,
            "required": question.required,
            "help_text": getattr(question, "help_text", ""),
            "initial": getattr(question, "default", ""),
            "error_messages": MESSAGES | ({"required": CHOOSE} if question.kind in {Kind.CHOICE, Kind.YES_NO} else {}),
        }

    def get_formatted_field_choices(self, question: Question | Column) -> list[tuple[str, Any]]:
        return [(choice, choice) for choice in question.choices]

    def create_singleline_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=SHORT_LIMIT, **options)

    def create_multiline_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=LONG_LIMIT, widget=forms.Textarea(attrs={"rows": 4}), **options)

    def create_fio_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=NAME_LIMIT, **options)

    def create_address_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=SHORT_LIMIT, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def create_date_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return DateField(**options)

    def create_birth_date_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return BirthDateField(**options)

    def create_datetime_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return DateTimeField(**options)

    def create_integer_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        whole = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "12"})
        options["error_messages"]["invalid"] = _("Enter a whole number in digits.")
        return forms.IntegerField(min_value=-(10**9), max_value=10**9, widget=whole, **options)

    def create_yes_no_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        choices = [(YES, _("yes")), (NO, _("no"))]
        return forms.TypedChoiceField(
            choices=choices if question.required else [*choices, ("", _("not known"))],
            coerce=lambda value: value == YES,
            empty_value=None,
            widget=forms.RadioSelect,
            **options,
        )

    def create_radio_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        choices: list[tuple[str, Any]] = self.get_formatted_field_choices(question)
        if not question.required:
            choices.append(("", _("no answer")))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)

    def create_checkboxes_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        choices = self.get_formatted_field_choices(question)
        options["initial"] = ticked(options["initial"], choices=question.choices)
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)

    def create_money_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return MoneyField(**options)

    def create_snils_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return SnilsField(**options)

    def create_person_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return PersonField(**options)

    def create_document_field(self, question: Question, options: dict[str, Any]) -> forms.Field:
        return DocumentsField(codes=question.forms, most=question.max_files, **options)

    def create_agency_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return AgencyField(**options)

    def create_phone_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        keyboard = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        return PhoneField(max_length=60, widget=keyboard, **options)

    def create_email_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        options["error_messages"]["invalid"] = _("Enter the address like this: name@mail.ru.")
        return forms.EmailField(max_length=254, **options)

    def create_attachment_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return AttachmentField(**options)

    def create_signature_field(self, question: Question | Column, options: dict[str, Any]) -> forms.Field:
        return SignatureField(**options)
