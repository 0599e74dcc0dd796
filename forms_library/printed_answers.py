"""How an answer looks on paper: 05.03.2026, «да», ☒, rows with numbers; and the lines of a blank form.

Plain data in, plain data out: text, lists and dictionaries that a Word template may read. No database, no clock.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from forms_library import expressions
from forms_library.sandbox import BlankLine, TemplateError
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.typed import GAPS

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
    Kind.MONEY: BlankLine("_" * 14),
    Kind.NUMBER: BlankLine("_" * 12),
    Kind.COMPUTED: BlankLine("_" * 14),
    Kind.SNILS: BlankLine("_" * 16),
    Kind.PERSON: BlankLine("_" * 46),
    Kind.FIO: BlankLine("_" * 46),
    Kind.AGENCY: BlankLine("_" * 32),
    Kind.PHONE: BlankLine("_" * 24),
    Kind.EMAIL: BlankLine("_" * 30),
    Kind.ADDRESS: BlankLine("_" * 50),
}


def printable(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a template may print, by key.

    Choices and yes/no also come as `<key>__marks`: all the options, each with its label and ☒ or ☐. A checklist also comes
    as `<key>__groups` and `<key>__scales`: its rows scale by scale, with the sum and the level that it suggests. Headings
    and notes are there under their keys, so that the paper says exactly what the screen said; `gaps` are the recommended
    questions left open, with their reasons. Raises `TemplateError` («no_answer») when the answers are not those of this
    schema.
    """
    context: dict[str, Any] = {GAPS: _gaps(schema, answers)}
    for question in schema:
        if not question.kind.is_answered:
            context[question.key] = question.label
            continue
        if question.key not in answers:
            raise TemplateError("no_answer", question.key)
        try:
            context |= _printable(schema, question, answers)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, TemplateError):
                raise
            raise TemplateError("no_answer", question.key) from error  # it is no answer to a question of this kind
    return context


def _printable(schema: Schema, question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what one question gives to print."""
    key, answer = question.key, answers[question.key]
    shown: Any = computed_words(schema, question, answer) if question.expression else _answer(question, answer)
    found = {key: shown}
    if question.kind == Kind.CHECKLIST:
        groups = _groups(question, shown, answer)
        found |= {f"{key}__groups": groups, f"{key}__scales": groups}
    if options(question):
        found[f"{key}__marks"] = _marks(question, answer)
    return found


def blank_answers(schema: Schema) -> dict[str, Any]:
    """Return the same keys as `printable`, with lines to write on, empty boxes and a few empty rows."""
    context: dict[str, Any] = {GAPS: []}
    for question in schema:
        context[question.key] = _blank(question)
        if question.kind == Kind.CHECKLIST:
            groups = _groups(question, context[question.key], None)
            context |= {f"{question.key}__groups": groups, f"{question.key}__scales": groups}
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
        case Kind.AGENCY | Kind.PERSON:
            return str(answer["name"]) if answer else ""
        case Kind.ATTACHMENT | Kind.DOCUMENT:
            return [str(item["name"]) for item in answer or ()]
        case Kind.SIGNATURE:
            return {part: str((answer or {}).get(part) or "") for part in ("post", "name")}
        case Kind.TABLE:
            return [_row(question.columns, row, number) for number, row in enumerate(answer or (), start=1)]
        case Kind.FIXED_TABLE | Kind.CHECKLIST | Kind.MATRIX:
            # A table that was not asked has no rows.
            rows = zip(question.rows, answer, strict=True) if answer else ()
            return [_fixed_row(question, index, row) for index, (_row_of_form, row) in enumerate(rows)]
    return words(question.kind, answer)


def _fixed_row(question: Question, index: int, row: Mapping[str, Any]) -> dict[str, Any]:
    cells = question.cells_of(index)
    of_form = question.rows[index]
    found: dict[str, Any] = {"label": of_form.label, **_row(cells, row, index + 1)}
    if question.kind == Kind.CHECKLIST:
        found |= {"scale": of_form.scale, "weight": str(of_form.weight)}
    if question.kind in {Kind.CHECKLIST, Kind.MATRIX}:
        found["marks"] = _boxes(cells[0].choices, [found[cells[0].key]])
    return found


def _groups(question: Question, rows: list[dict[str, Any]], answer: Any) -> list[dict[str, Any]]:
    """Return the rows of a checklist scale by scale, in the order of the form; lines instead of sums without answers."""
    groups = []
    for scale in dict.fromkeys(row.scale for row in question.rows):
        score = expressions.score(question, answer, scale)
        groups.append(
            {
                "scale": scale,
                "rows": [row for row in rows if row["scale"] == scale],
                "score": "" if score is None else str(score),
                "level": expressions.level(question, answer, scale) or "",
            }
        )
    return groups


def _gaps(schema: Schema, answers: Mapping[str, Any]) -> list[dict[str, str]]:
    reasons = answers.get(GAPS) or {}
    return [
        {"label": question.label, "reason": str(reasons[question.key])}
        for question in schema
        if question.key in reasons
    ]


def _row(columns: Sequence[Column], row: Mapping[str, Any], number: int) -> dict[str, Any]:
    try:
        return {"n": str(number), **{column.key: _cell(columns, column, row[column.key]) for column in columns}}
    except KeyError as missing:
        raise TemplateError("no_answer", str(missing.args[0])) from missing


def _cell(columns: Sequence[Column], column: Column, answer: Any) -> str:
    if column.kind == Kind.COMPUTED:
        return computed_cell_words(column, columns, answer)
    if column.kind in {Kind.AGENCY, Kind.PERSON}:
        return str(answer["name"]) if answer else ""
    return words(column.kind, answer)


def computed_words(schema: Schema, question: Question, answer: Any) -> str:
    """Return a computed answer in words: a date as a date, a sum as a sum."""
    return words(_kind_of(question.expression, lambda formula: expressions.kind_of(formula, schema)), answer)


def computed_cell_words(column: Column, columns: Sequence[Column], answer: Any) -> str:
    """Return the computed cell of a row in words."""
    return words(_kind_of_cell(column.expression, tuple(columns)), answer)


@lru_cache(maxsize=500)
def _kind_of_cell(source: str, columns: tuple[Column, ...]) -> Kind:
    return _kind_of(source, lambda formula: expressions.kind_of_cell(formula, columns))


def _kind_of(source: str, kind_of: Callable[[expressions.Expression], Kind]) -> Kind:
    try:
        return kind_of(expressions.parse(source))
    except expressions.ExpressionError:  # a draft may hold any words; readiness tells the methodologist
        return Kind.TEXT


def words(kind: Kind, answer: Any) -> str:
    """Return a plain answer as the paper shows it; empty when there is none."""
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


def _money(answer: str) -> str:
    """Return «12345.50» as «12 345,50», with spaces that do not break."""
    try:
        return f"{Decimal(answer):,.2f}".replace(",", "\u00a0").replace(".", ",")
    except ArithmeticError:
        return str(answer)


def _yes_or_no(answer: bool) -> str:
    return YES if answer else NO


_PRINTED_AS: dict[Kind, Callable[[Any], str]] = {
    Kind.DATE: _date,
    Kind.BIRTH_DATE: _date,
    Kind.DATE_TIME: _date_time,
    Kind.YES_NO: _yes_or_no,
    Kind.CHOICES: "; ".join,
    Kind.MONEY: _money,
}
"""Kinds whose answer does not look on paper as it is kept."""


def _marks(question: Question, answer: Any) -> list[dict[str, str]]:
    return _boxes(options(question), answer if isinstance(answer, list) else [words(question.kind, answer)])


def _boxes(labels: Sequence[str], chosen: Sequence[str]) -> list[dict[str, str]]:
    return [{"label": label, "mark": CHOSEN if label in chosen else NOT_CHOSEN} for label in labels]


def _blank(question: Question) -> Any:
    match question.kind:
        case Kind.SECTION | Kind.NOTE:
            return question.label
        case Kind.ATTACHMENT | Kind.DOCUMENT:
            return [_LINES[Kind.TEXT]] * BLANK_FILES
        case Kind.SIGNATURE:
            return {"post": "", "name": ""}
        case Kind.TABLE:
            rows = min(max(question.min_rows, BLANK_ROWS), question.max_rows)
            return [_blank_row(question.columns, "")] * rows
        case Kind.FIXED_TABLE | Kind.CHECKLIST | Kind.MATRIX:
            empty = [{column.key: "" for column in question.cells}] * len(question.rows)
            return [_fixed_row(_without_formulas(question), index, row) for index, row in enumerate(empty)]
    return " / ".join(options(question)) or _LINES.get(question.kind, _LINES[Kind.TEXT])


def _without_formulas(question: Question) -> Question:
    """Return the same table for a person with a pen: there is nobody to compute."""
    by_hand = [replace(column, kind=Kind.TEXT) if column.expression else column for column in question.columns]
    return replace(question, columns=tuple(by_hand))


def _blank_row(columns: Sequence[Column], number: str) -> dict[str, str]:
    return {"n": number, **dict.fromkeys((column.key for column in columns), "")}
