"""Extracts: of a table that names an addressee in each row, only the rows of one of them, certified as true. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms_library.paper_notes import PaperAddendum
from forms_library.schema import Kind, Question, Schema

LONGEST_NAME = 500
CHILD, BIRTH_DATE = "child.fio", "child.birth_date"
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


def without_the_rest(schema: Schema, answers: Mapping[str, Any], *, names_children: bool = True) -> dict[str, Any]:
    """Return the answers without what is nobody's business but the whole board's: discussions, opinions, other tables.

    Short answers stay: they say which paper it is, of which day and whose. Of a table of children stay their names and dates of
    birth, unless `names_children` is false: whoever is to do something has to know for whom. Rows of other addressees are left
    out when the paper is printed.
    """
    kept = {question.key: _nothing(question) for question in schema if _is_of_the_whole(question)}
    if names_children:
        kept |= {question.key: _children(question, answers) for question in schema if _tells_of_children(question)}
    return {**answers, **kept}


def _tells_of_children(question: Question) -> bool:
    is_open = question.kind == Kind.TABLE and not question.sensitivity.is_told_to_few
    return is_open and not question.extract_by and any(column.fact == CHILD for column in question.columns)


def _children(table: Question, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    told = {column.key for column in table.columns if column.fact in {CHILD, BIRTH_DATE}}
    empty = {column.key: None for column in table.columns}
    rows = answers.get(table.key) or ()
    return [empty | {key: cell for key, cell in row.items() if key in told} for row in rows]


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
