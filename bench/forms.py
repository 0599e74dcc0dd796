"""A form of 150 fields with a table of 200 rows: opening it and checking it, beside bare Django forms of the same size."""

import sys
import time
from collections.abc import Callable

import django

django.setup()

from django import forms  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from bench.report import Row, middle, show  # noqa: E402
from forms_library.questionnaire import Questionnaire  # noqa: E402
from forms_library.schema import Column, Kind, Question, Schema  # noqa: E402
from forms_library.typed import Typed  # noqa: E402

FIELDS, ROWS, ROUNDS = 150, 200, 5
OPENING_GOAL = CHECKING_GOAL = 2
COLUMNS = ("who", "what", "till", "result")
KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.DATE, Kind.YES_NO, Kind.FIO)
QUESTIONS = tuple(
    Question(
        key=f"q{number}",
        label=f"Вопрос {number}",
        kind=KINDS[number % len(KINDS)],
        shown_when="q3 = да" if number % 10 == 9 else "",
    )
    for number in range(FIELDS)
)
TABLE = Question(
    key="rows", label="Строки", kind=Kind.TABLE, columns=tuple(Column(key=key, label=key) for key in COLUMNS)
)
SCHEMA = Schema(questions=(*QUESTIONS, TABLE))
VALUES = {Kind.DATE: "05.03.2026", Kind.YES_NO: "yes"}
TYPED: Typed = {question.key: [VALUES.get(question.kind, "слово")] for question in QUESTIONS} | {
    f"rows-{index}-{key}": [f"{key} {index}"] for index in range(ROWS) for key in COLUMNS
}
BARE = {
    Kind.TEXT: lambda: forms.CharField(max_length=500, required=False),
    Kind.LONG_TEXT: lambda: forms.CharField(widget=forms.Textarea, required=False),
    Kind.DATE: lambda: forms.DateField(input_formats=["%d.%m.%Y"], required=False),
    Kind.YES_NO: lambda: forms.ChoiceField(
        choices=[("yes", "да"), ("no", "нет")], widget=forms.RadioSelect, required=False
    ),
    Kind.FIO: lambda: forms.CharField(max_length=200, required=False),
}
BareForm = type("BareForm", (forms.Form,), {question.key: BARE[question.kind]() for question in QUESTIONS})
BareRow = type("BareRow", (forms.Form,), {key: forms.CharField(required=False) for key in COLUMNS})
BareRows = forms.formset_factory(BareRow, extra=0, max_num=ROWS)
BARE_DATA = {name: values[0] for name, values in TYPED.items()} | {
    "rows-TOTAL_FORMS": str(ROWS),
    "rows-INITIAL_FORMS": str(ROWS),
}


def main() -> None:
    """Print the table; refuse to compare when either of the two does not accept what was typed."""
    if not Questionnaire(SCHEMA, typed=TYPED, check=True).is_valid() or not _bare_checked():
        sys.exit("forms: what was typed is not accepted, so there is nothing to compare")
    found = _timed({"open": _opened, "bare open": _bare_opened, "check": _checked, "bare check": _bare_checked})
    show(
        f"A form of {FIELDS} fields and a table of {ROWS} rows, ms each on one core",
        [
            Row("opening, beside a bare form and formset", found["open"], found["bare open"], at_most=OPENING_GOAL),
            Row("checking, beside a bare form and formset", found["check"], found["bare check"], at_most=CHECKING_GOAL),
        ],
    )


def _opened() -> object:
    return render_to_string(
        "forms_library/questionnaire/questionnaire.html", {"questionnaire": Questionnaire(SCHEMA, typed=TYPED)}
    )


def _bare_opened() -> object:
    rows = BareRows(BARE_DATA, prefix="rows")
    return BareForm(BARE_DATA).as_p() + "".join(row.as_p() for row in rows)


def _checked() -> object:
    return Questionnaire(SCHEMA, typed=TYPED, check=True).answers()


def _bare_checked() -> bool:
    return BareForm(BARE_DATA).is_valid() and BareRows(BARE_DATA, prefix="rows").is_valid()


def _timed(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    for _number in range(ROUNDS):
        for name, make in ways.items():
            begun = time.process_time()
            make()
            rounds[name].append(1000 * (time.process_time() - begun))
    return {name: middle(found) for name, found in rounds.items()}


if __name__ == "__main__":
    main()
