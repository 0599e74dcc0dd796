"""What «Карта потребностей ребенка» says: what a child needs of a family, and what nobody knows yet. Pure (S003, step 3).

«Недостаток информации на старте»: every question takes «неизвестно», and what is unknown makes a list of things to find out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.models import AcceptedNeed
from forms_library.schema import Kind, Schema

UNKNOWN = "неизвестно"
"""The answer of the needs card to everything that nobody knows yet."""
TOGETHER = "есть, нужны вместе"
NEEDS_OF_ROWS: Mapping[tuple[str, str], AcceptedNeed] = {
    ("Аллергия", "есть"): AcceptedNeed.DIET,
    ("Развитие", "есть отставание"): AcceptedNeed.DELAY,
    ("Развитие", "есть особенности"): AcceptedNeed.DELAY,
    ("Здоровье", "нужно лечение сейчас"): AcceptedNeed.ILLNESS,
}
"""Rows and answers of «Что нужно ребёнку» that ask something of a family. Another edition's words ask nothing until they stand here."""
CONTACT_ANSWERS = ("возможны часто", "возможны при специалисте")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What the card says that a child needs. `together` counts the children who must not be parted, this one included.

    `siblings_with` has for each of them who lives with a professional family now the numbers of the families where they live or
    will: the child goes to one of these.
    """

    age_months: int | None
    together: int = 1
    wanted: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    allergy: str = ""
    lives_at: tuple[str, ...] = ()
    siblings_with: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True)
class Unknown:
    """One thing of the needs card that nobody knows yet: the question, and the row of it when it has rows."""

    question: str
    row: str = ""

    def __str__(self) -> str:
        return self.row or self.question


def unknown_in(schema: Schema, answers: Mapping[str, Any]) -> list[Unknown]:
    """Return everything that a filed form answers with «неизвестно», in its order."""
    found = []
    for question in schema.answered:
        answer = answers.get(question.key)
        if question.kind == Kind.MATRIX:
            found += [
                Unknown(question.label, label)
                for label, said, _more in rows_of(schema, answers, question.key)
                if said == UNKNOWN
            ]
        elif isinstance(answer, str) and plain(answer) == UNKNOWN:
            found.append(Unknown(question.label))
    return found


def rows_of(schema: Schema, answers: Mapping[str, Any], key: str) -> list[tuple[str, str, str]]:
    """Return the rows of a matrix as its label, the answer and the details; none when the edition has no such question."""
    if key not in schema:
        return []
    said = answers.get(key) or []
    return [
        (row.label, str(answer.get("answer") or ""), str(answer.get("details") or ""))
        for row, answer in zip(schema[key].rows, said, strict=False)
    ]


def needs_in(
    schema: Schema,
    answers: Mapping[str, Any],
    *,
    age_months: int | None,
    together: int,
    also: Collection[str] = (),
    lives_at: Sequence[str] = (),
    siblings_with: Sequence[frozenset[int]] = (),
) -> Needs:
    """Return what a needs card asks of a family; `also` are needs that people add, because the card does not name them."""
    rows = rows_of(schema, answers, "needs")
    wanted = {NEEDS_OF_ROWS[label, said].value for label, said, _more in rows if (label, said) in NEEDS_OF_ROWS}
    if answers.get("parents_contact") in CONTACT_ANSWERS:
        wanted.add(AcceptedNeed.CONTACT.value)
    return Needs(
        age_months=age_months,
        together=max(together, 2 if answers.get("siblings") == TOGETHER else 1),
        wanted=frozenset({*wanted, *also}),
        unknown=tuple(str(each) for each in unknown_in(schema, answers)),
        allergy=next((said for label, said, _more in rows if label == "Аллергия"), ""),
        lives_at=tuple(lives_at),
        siblings_with=tuple(siblings_with),
    )


def plain(words: str) -> str:
    """Return words as they are compared: without case, ё and spaces that count for nothing."""
    return " ".join(words.casefold().replace("ё", "е").split())
