"""Extracts: of a table that names an addressee in each row, only the rows of one of them, certified as true. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms_library.paper_notes import PaperAddendum
from forms_library.schema import Kind, Question, Schema

LONGEST_NAME = 500
TRUE_EXTRACT = PaperAddendum(
    heading="Верно",
    text="\n".join(
        [
            "Должность: ________________________________________",
            "Подпись, инициалы, фамилия: ____________________ / ________________________",
            "Дата: «____» ______________ 20____ г.",
        ]
    ),
    signed=None,
)
"""By what an extract is believed: who has compared it with the document, signed by hand (ГОСТ Р 7.0.97)."""


def addressees(schema: Schema, answers: Mapping[str, Any]) -> list[str]:
    """Return the names for which an extract can be made, each once, in the order of the paper."""
    found = (name for question in _tables(schema) for name in _names(question, answers) if name)
    return list(dict.fromkeys(found))


def rows_for(schema: Schema, answers: Mapping[str, Any], addressee: str) -> dict[str, set[int]]:
    """Return which rows, counted from 0, of every table with addressees are about `addressee`."""
    return {
        question.key: {number for number, name in enumerate(_names(question, answers)) if name == addressee}
        for question in _tables(schema)
    }


def without_the_rest(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers without what is nobody's business but the whole board's: discussions, opinions, other tables.

    Short answers stay: they say which paper it is, of which day and whose. Rows of other addressees are left out when the
    paper is printed.
    """
    return {**answers, **{question.key: _nothing(question) for question in schema if _is_of_the_whole(question)}}


def _is_of_the_whole(question: Question) -> bool:
    if question.kind.is_table:
        return not question.extract_by
    return question.kind in {Kind.LONG_TEXT, Kind.ATTACHMENT, Kind.DOCUMENT}


def _nothing(question: Question) -> Any:
    return "" if question.kind == Kind.LONG_TEXT else []


def _tables(schema: Schema) -> Iterator[Question]:
    return (question for question in schema if question.kind.is_table and question.extract_by)


def _names(question: Question, answers: Mapping[str, Any]) -> list[str]:
    return [_name(row.get(question.extract_by)) for row in answers.get(question.key) or ()]


def _name(value: Any) -> str:
    """Return the words of a cell: agencies and people are kept with their number."""
    words = value.get("name") if isinstance(value, Mapping) else value
    return " ".join(str(words or "").split())[:LONGEST_NAME]
