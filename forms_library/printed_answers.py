"""How an answer looks on paper: 05.03.2026, «да», ☒, rows with numbers; and the lines of a blank form.

Plain data in, plain data out: text, lists and dictionaries that a Word template may read. No database, no clock.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from forms_library.sandbox import BlankLine, TemplateError
from forms_library.schema import Column, Kind, Question, Schema

YES = "да"
NO = "нет"
CHOSEN = "☒"
NOT_CHOSEN = "☐"
BLANK_ROWS = 5
BLANK_FILES = 3
_DATE_LINE = BlankLine("«____» ______________ 20____ г.")
_LINES = {
    Kind.TEXT: BlankLine("_" * 40),
    Kind.LONG_TEXT: BlankLine("\n".join(["_" * 70] * 4)),
    Kind.DATE: _DATE_LINE,
    Kind.BIRTH_DATE: _DATE_LINE,
    Kind.DATE_TIME: BlankLine(f"{_DATE_LINE}, ____ ч. ____ мин."),
    Kind.INTEGER: BlankLine("_" * 8),
    Kind.FIO: BlankLine("_" * 46),
    Kind.AGENCY: BlankLine("_" * 32),
    Kind.PHONE: BlankLine("_" * 24),
    Kind.EMAIL: BlankLine("_" * 30),
    Kind.ADDRESS: BlankLine("_" * 50),
}


def printable(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a template may print, by key.

    Choices and yes/no also come as `<key>__marks`: all the options, each with its label and ☒ or ☐. Headings and notes
    are there under their keys, so that the paper says exactly what the screen said. Raises `TemplateError` («no_answer»)
    when the answers are not those of this schema.
    """
    context: dict[str, Any] = {}
    for question in schema:
        if not question.kind.is_answered:
            context[question.key] = question.label
            continue
        if question.key not in answers:
            raise TemplateError("no_answer", question.key)
        answer = answers[question.key]
        context[question.key] = _answer(question, answer)
        if options(question):
            context[f"{question.key}__marks"] = _marks(question, answer)
    return context


def blank_answers(schema: Schema) -> dict[str, Any]:
    """Return the same keys as `printable`, with lines to write on, empty boxes and a few empty rows."""
    context: dict[str, Any] = {}
    for question in schema:
        context[question.key] = _blank(question)
        if options(question):
            context[f"{question.key}__marks"] = _marks(question, None)
    return context


def options(question: Question) -> tuple[str, ...]:
    """Return the options that a question offers to tick; none for questions of other kinds."""
    if question.kind == Kind.YES_NO:
        return (YES, NO)
    return question.choices if question.kind in {Kind.CHOICE, Kind.CHOICES} else ()


def _answer(question: Question, answer: Any) -> Any:
    match question.kind:
        case Kind.AGENCY:
            return str(answer["name"]) if answer else ""
        case Kind.ATTACHMENT:
            return [str(file["name"]) for file in answer or ()]
        case Kind.SIGNATURE:
            return {part: str((answer or {}).get(part) or "") for part in ("post", "name")}
        case Kind.TABLE:
            return [_row(question.columns, row, number) for number, row in enumerate(answer or (), start=1)]
        case Kind.FIXED_TABLE:
            rows = enumerate(zip(question.rows, answer, strict=True), start=1)
            return [{"label": label, **_row(question.columns, row, number)} for number, (label, row) in rows]
    return _words(question.kind, answer)


def _row(columns: Sequence[Column], row: Mapping[str, Any], number: int) -> dict[str, str]:
    try:
        return {"n": str(number), **{column.key: _words(column.kind, row[column.key]) for column in columns}}
    except KeyError as missing:
        raise TemplateError("no_answer", str(missing.args[0])) from missing


def _words(kind: Kind, answer: Any) -> str:
    return "" if answer is None else _PRINTED_AS.get(kind, str)(answer)


def _date(text: str) -> str:
    """Return an ISO date as 05.03.2026; a draft may hold words that are no date yet, and they are printed as typed."""
    try:
        return f"{dt.date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def _date_time(text: str) -> str:
    day, _, time = text.partition("T")
    return f"{_date(day)} {time[:5]}".strip()


def _yes_or_no(answer: bool) -> str:
    return YES if answer else NO


_PRINTED_AS: dict[Kind, Callable[[Any], str]] = {
    Kind.DATE: _date,
    Kind.BIRTH_DATE: _date,
    Kind.DATE_TIME: _date_time,
    Kind.YES_NO: _yes_or_no,
    Kind.CHOICES: "; ".join,
}
"""Kinds whose answer does not look on paper as it is kept."""


def _marks(question: Question, answer: Any) -> list[dict[str, str]]:
    chosen = answer if isinstance(answer, list) else [_words(question.kind, answer)]
    return [{"label": label, "mark": CHOSEN if label in chosen else NOT_CHOSEN} for label in options(question)]


def _blank(question: Question) -> Any:
    match question.kind:
        case Kind.SECTION | Kind.NOTE:
            return question.label
        case Kind.ATTACHMENT:
            return [_LINES[Kind.TEXT]] * BLANK_FILES
        case Kind.SIGNATURE:
            return {"post": "", "name": ""}
        case Kind.TABLE:
            rows = min(max(question.min_rows, BLANK_ROWS), question.max_rows)
            return [_blank_row(question.columns, "")] * rows
        case Kind.FIXED_TABLE:
            rows_of_form = enumerate(question.rows, start=1)
            return [{"label": label, **_blank_row(question.columns, str(number))} for number, label in rows_of_form]
    return " / ".join(options(question)) or _LINES.get(question.kind, _LINES[Kind.TEXT])


def _blank_row(columns: Sequence[Column], number: str) -> dict[str, str]:
    return {"n": number, **dict.fromkeys((column.key for column in columns), "")}
