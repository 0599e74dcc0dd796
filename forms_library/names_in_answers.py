"""Which people, posts and agencies a filled form speaks of: what its paper may have to put into other cases. Pure."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from forms_library.inflection import CASES, MAX_LETTERS, Forms, looks_like_name, name_forms, phrase_forms
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.typed import Typed, row_indexes


class NameKind(StrEnum):
    """What is named."""

    PERSON = "person"
    POST = "post"
    AGENCY = "agency"


Names = dict[str, NameKind]
"""Names as they are typed, in the nominative, and what they name."""

_KINDS = {Kind.FIO: NameKind.PERSON, Kind.PERSON: NameKind.PERSON, Kind.AGENCY: NameKind.AGENCY}
_PARTS_OF_SIGNATURE = {"post": NameKind.POST, "name": NameKind.PERSON}


def as_kept(text: str) -> str:
    """Return a name as it is looked up: with single spaces."""
    return " ".join(text.split())


def names_in_answers(schema: Schema, answers: Mapping[str, Any]) -> Names:
    """Return the names that the answers of a form hold, in the order of the form."""
    return _gathered(_answered(schema, answers))


def names_in_typed(schema: Schema, typed: Typed) -> Names:
    """Return the names that somebody has typed into a form so far."""
    return _gathered(_typed(schema, typed))


def kind_of_words(text: str) -> NameKind:
    """Return what a text most likely names when nobody has said it."""
    return NameKind.PERSON if looks_like_name(text) else NameKind.POST


def suggested_forms(text: str, kind: NameKind, *, sex: str = "") -> Forms:
    """Return the forms of a name in every case. Where a name is asked for, «не установлен» stays as it is."""
    if kind != NameKind.PERSON:
        return phrase_forms(text)
    return name_forms(text, sex=sex) if looks_like_name(text) else dict.fromkeys(CASES, text)


def _gathered(found: Iterator[tuple[str, NameKind]]) -> Names:
    names: Names = {}
    for text, kind in found:
        kept = as_kept(text)
        if kept and len(kept) <= MAX_LETTERS:
            names.setdefault(kept, kind)
    return names


def _kind(asked: Question | Column) -> NameKind | None:
    """Return what the answers to a question name. A post is a text like any other, known by its key (domain.md C.7)."""
    if asked.kind == Kind.TEXT and (asked.key == "post" or asked.key.endswith("_post")):
        return NameKind.POST
    return _KINDS.get(asked.kind)


def _answered(schema: Schema, answers: Mapping[str, Any]) -> Iterator[tuple[str, NameKind]]:
    for question in schema.answered:
        answer = answers.get(question.key)
        if question.kind == Kind.SIGNATURE:
            for part, kind in _PARTS_OF_SIGNATURE.items():
                yield str((answer or {}).get(part) or ""), kind
        elif question.kind.is_table:
            for row in answer or ():
                for column in question.cells:
                    if kind_of_cell := _kind(column):
                        yield _words(row.get(column.key)), kind_of_cell
        elif kind_of_answer := _kind(question):
            yield _words(answer), kind_of_answer


def _words(answer: Any) -> str:
    return str((answer.get("name") if isinstance(answer, dict) else answer) or "")


def _typed(schema: Schema, typed: Typed) -> Iterator[tuple[str, NameKind]]:
    for question in schema.typed:
        if question.kind == Kind.SIGNATURE:
            for part, kind in _PARTS_OF_SIGNATURE.items():
                yield _first(typed, f"{question.key}__{part}"), kind
        elif question.kind.is_table:
            for index in row_indexes(question, typed):
                for column in question.cells:
                    if kind_of_cell := _kind(column):
                        yield _first(typed, f"{question.key}-{index}-{column.key}"), kind_of_cell
        elif kind_of_answer := _kind(question):
            yield _first(typed, question.key), kind_of_answer


def _first(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "")
