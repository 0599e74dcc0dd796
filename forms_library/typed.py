"""What somebody typed into a form: plain names and strings, right or wrong, so that a draft loses nothing.

`Typed` maps the names of a page to lists of values, as a browser sends them. Rows of a table are found by the names that were
typed (`children-0-fio`), never by a counter in the page, so there is no counter to tamper with.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict

from forms_library.schema import Column, Kind, Question, Schema

Typed = dict[str, list[str]]

TYPED_LIMIT = 50_000
"""Longer values are cut on arrival: more than twice what any field accepts, so that the message still comes."""
YES, NO = "yes", "no"
GAPS = "gaps"
"""The key under which answers keep the reasons of gaps: `{key of the question: words}`."""
WHY = "__why"
"""What follows the key of a recommended question in the name under which the reason of its gap is typed."""
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff"
    # What turns words around: the screen and the paper would not read the same. Plain marks of direction may stay.
    "\u202a-\u202e\u2066-\u2069]"
)


def row_indexes(question: Question, typed: Mapping[str, Any]) -> list[int]:
    """Return the indexes of the rows of a table that something was typed for, never past its most rows."""
    pattern = re.compile(rf"{re.escape(question.key)}-(0|[1-9][0-9]{{0,2}})-")
    found = {int(match.group(1)) for name in typed if (match := pattern.match(name))}
    most = len(question.rows) if question.kind.has_fixed_rows else question.max_rows
    return sorted(index for index in found if index < most)


def names(schema: Schema, *, rows: Callable[[Question], int]) -> set[str]:
    """Return every name under which the page may send a value, with `rows(question)` rows in each table."""
    found = set()
    for question in schema.typed:
        if question.recommended:
            found.add(f"{question.key}{WHY}")
        if question.kind.is_table:
            cells = [column for column in question.cells if column.kind.is_typed]
            found |= {f"{question.key}-{index}-{column.key}" for index in range(rows(question)) for column in cells}
        elif question.kind == Kind.SIGNATURE:
            found |= {f"{question.key}__post", f"{question.key}__name"}
        else:
            found.add(question.key)
    return found


def by_question(schema: Schema, typed: Typed) -> dict[str, Typed]:
    """Return what was typed, apart for each question that something was typed for."""
    keys = frozenset(question.key for question in schema)
    found: dict[str, Typed] = {}
    for name, values in typed.items():
        found.setdefault(_key(keys, name), {})[name] = values
    return found


def _key(keys: frozenset[str], name: str) -> str:
    for ending in (WHY, "__post", "__name"):
        if name.endswith(ending) and name.removesuffix(ending) in keys:
            return name.removesuffix(ending)
    return name if name in keys else name.rsplit("-", 2)[0]


def typed_from_post(schema: Schema, post: Mapping[str, Any]) -> Typed:
    """Return what was typed, taking only names that this form has, without characters that no paper can show as they are."""

    def rows(question: Question) -> int:
        indexes = row_indexes(question, post)
        return max(indexes) + 1 if indexes else 0

    lists = (
        dict(post.lists())
        if isinstance(post, MultiValueDict)
        else {name: list(values) for name, values in post.items()}
    )
    return {
        name: [INVISIBLE.sub("", str(value))[:TYPED_LIMIT] for value in lists[name][:200]]
        for name in sorted(names(schema, rows=rows))
        if name in lists
    }


def add_row(question: Question, typed: Typed) -> Typed:
    """Return the same with one more empty row, as long as the table takes one."""
    indexes = row_indexes(question, typed)
    count = max(indexes) + 1 if indexes else max(question.min_rows, 1)
    if question.kind != Kind.TABLE or count >= question.max_rows:
        return typed
    first = question.columns[0].key
    seeded = {**typed, f"{question.key}-{count}-{first}": [""]}
    seeded.setdefault(f"{question.key}-0-{first}", [""])
    return seeded


def remove_row(question: Question, typed: Typed, index: int) -> Typed:
    """Return the same without row `index` of a table; later rows move up."""
    pattern = re.compile(rf"{re.escape(question.key)}-([0-9]{{1,3}})-(.+)", re.DOTALL)
    kept: Typed = {}
    for name, values in typed.items():
        match = pattern.fullmatch(name)
        if not match or question.kind != Kind.TABLE or int(match.group(1)) < index:
            kept[name] = values
        elif int(match.group(1)) > index:
            kept[f"{question.key}-{int(match.group(1)) - 1}-{match.group(2)}"] = values
    return kept


def press_row_button(schema: Schema, typed: Typed, post: Mapping[str, Any]) -> Typed:
    """Return the same with the row added or removed whose button was pressed on the page, if one was."""
    key = post.get("_add_row", "")
    if key in schema:
        typed = add_row(schema[key], typed)
    key, _colon, index = post.get("_remove_row", "").partition(":")
    if key in schema and index.isdecimal() and len(index) < 5:
        typed = remove_row(schema[key], typed, int(index))
    return typed


def typed_from_defaults(schema: Schema) -> Typed:
    """Return what stands in a fresh form before anybody types: the usual answers its author wrote."""
    plain = (question for question in schema.typed if question.default and not question.kind.is_table)
    return {
        question.key: ticked(question.default, choices=question.choices)
        if question.kind == Kind.CHOICES
        else [question.default]
        for question in plain
    }


def ticked(default: str, *, choices: Iterable[str]) -> list[str]:
    """Return the choices ticked beforehand: one per line, or separated by commas; a choice may hold commas itself."""
    lines = [line.strip() for line in default.splitlines()]
    parts = [part.strip() for line in lines for part in ([line] if line in choices else line.split(","))]
    return [part for part in parts if part]


def typed_from_answers(schema: Schema, answers: Mapping[str, Any]) -> Typed:
    """Return answers as somebody would have typed them: for corrections, prefilling and carrying over."""
    typed: Typed = {}
    for question in schema.typed:
        if question.recommended and (why := answers.get(GAPS, {}).get(question.key)):
            typed[f"{question.key}{WHY}"] = [why]
        if question.key not in answers:
            continue
        value = answers[question.key]
        if question.kind.is_table:
            for index, row in enumerate(value):
                for column in question.cells:
                    if column.key in row and column.kind.is_typed:
                        typed[f"{question.key}-{index}-{column.key}"] = _typed(column.kind, row[column.key])
        elif question.kind == Kind.SIGNATURE:
            typed[f"{question.key}__post"], typed[f"{question.key}__name"] = [value["post"]], [value["name"]]
        else:
            typed[question.key] = _typed(question.kind, value)
    return typed


def _typed(kind: Kind, value: Any) -> list[str]:
    if value is None or value == "":
        return [""]
    if kind.is_date:
        return [dt.date.fromisoformat(value).strftime("%d.%m.%Y")]
    if kind == Kind.DATE_TIME:
        return [dt.datetime.fromisoformat(value).strftime("%d.%m.%Y %H:%M")]
    if kind == Kind.YES_NO:
        return [YES if value else NO]
    if kind == Kind.CHOICES:
        return list(value)
    if kind == Kind.MONEY:
        return [value.replace(".", ",")]
    if kind in {Kind.AGENCY, Kind.PERSON}:
        return [value["name"]]
    if kind in {Kind.ATTACHMENT, Kind.DOCUMENT}:
        return [str(item["id"]) for item in value]
    return [str(value)]


def carry_over(old: Schema, new: Schema, typed: Typed) -> tuple[Typed, list[tuple[str, str]]]:
    """Return what was typed under `old` as typed under `new`, and what had no place there: (label of the question, words).

    An answer moves when the new edition has a question (or column) of the same key and kind (a date of birth is a date),
    and still offers the choice that was made: a choice that is offered no more would not be seen on the screen.
    """
    moved: Typed = {}
    left: list[tuple[str, str]] = []
    for question in old.typed:
        own = {name: values for name, values in typed.items() if _belongs(name, question)}
        twin = new[question.key] if question.key in new else None
        places = _places(question, twin, own) if twin and _is_alike(question, twin) else {}
        offered = {places[name]: values for name, values in own.items() if name in places}
        fitting = typed_from_post(Schema(questions=(twin,)), offered) if twin else {}
        fitting = {name: values for name, values in fitting.items() if _is_offered(name, values, twin)}
        moved |= fitting
        words = [
            value
            for name, values in own.items()
            if places.get(name) not in fitting
            for value in values
            if value.strip()
        ]
        if words:
            left.append((question.label, "; ".join(words)))
    return moved, left


def _is_alike(question: Question, twin: Question) -> bool:
    return twin.kind == question.kind or (twin.kind.is_date and question.kind.is_date)


def _places(question: Question, twin: Question, typed: Typed) -> dict[str, str]:
    """Return where each name of the old question goes: a fixed row follows its label, everything else keeps its name."""
    if not question.kind.has_fixed_rows:
        return {name: name for name in typed}
    rows = {row.label: index for index, row in enumerate(twin.rows)}
    moves = {index: rows[row.label] for index, row in enumerate(question.rows) if row.label in rows}
    places = {}
    for name in typed:
        if name.endswith(WHY):
            places[name] = name
            continue
        key, index, column = name.rsplit("-", 2)
        if int(index) in moves:
            places[name] = f"{key}-{moves[int(index)]}-{column}"
    return places


def _is_offered(name: str, values: list[str], question: Question | None) -> bool:
    """Return whether everything ticked under `name` is still among the choices; what is not ticked always is."""
    asked: list[Question | Column] = [question] if question else []
    if question and question.kind.is_table and not name.endswith(WHY):
        _key, index, column_key = name.rsplit("-", 2)
        asked = [column for column in question.cells_of(int(index)) if column.key == column_key]
    choices = {choice for each in asked if each.kind in {Kind.CHOICE, Kind.CHOICES} for choice in each.choices}
    return not choices or all(not value or value in choices for value in values)


def _belongs(name: str, question: Question) -> bool:
    if question.kind.is_table and name.startswith(f"{question.key}-"):
        return True
    return name in {question.key, f"{question.key}{WHY}", f"{question.key}__post", f"{question.key}__name"}
