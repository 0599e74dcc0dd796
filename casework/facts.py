"""One fact, every form: what a filed form tells, and what a new form can be given of it. Pure.

A question says by its fact key whose and what it asks: «child.birth_date», «family.address». Facts of several people of one
kind are told apart by the name that stands in the same row, or in the same form.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from casework.answers_on_screen import words
from forms_library.questionnaire import Answers
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.things_to_do import ABOUT_THE_FORM
from forms_library.typed import Typed, row_indexes, typed_from_answers

NAME = "fio"
SEVERAL = frozenset({"child", "adult", "relative", "member", "sibling"})
"""Of whom a case may have several, so that a fact needs a name beside it."""
LONGEST_WHOM = 200
"""Whom a fact is about is kept in so many letters; a question of any kind may name them."""
GUESSED = ("parent.", "case.curator_")
"""Whom a form guesses from the people of the case or from whoever fills it in: an earlier form may have named another."""
OF_TERMS = "term."
"""How the keys begin of what the case itself knows of its terms: a form prints it, and tells nothing new by it."""
NOT_TOLD = (OF_TERMS, *ABOUT_THE_FORM)
"""How the keys begin that say how a form is read: they tell nothing of the family."""
CARRIED = frozenset(Kind) - {Kind.ATTACHMENT, Kind.DOCUMENT, Kind.SIGNATURE, Kind.NUMBER, Kind.SECTION, Kind.NOTE}
"""Kinds of answers that may become facts."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something that a filled form tells."""

    key: str
    whom: str
    kind: Kind
    value: Any
    words: str
    label: str
    is_settled: bool = False

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about; two different values of one subject contradict each other."""
        return self.key, self.whom


Known = TypeVar("Known", bound=Told)


def same_name(name: str) -> str:
    """Return a name in the shape in which names are compared: ё is е, and letter size and spaces do not matter."""
    return " ".join(re.sub(r"\s+", " ", name).strip().casefold().replace("ё", "е").split())


def whom_of(name: str) -> str:
    """Return a name as a fact keeps it beside itself."""
    return same_name(name)[:LONGEST_WHOM]


def told(schema: Schema, answers: Mapping[str, Any]) -> list[Told]:
    """Return everything that a filled form tells, in the order of its questions, without empty answers."""
    found: list[Told] = []
    names = {
        question.fact: whom_of(str(_plain(answers.get(question.key))))
        for question in schema.answered
        if question.fact.endswith(f".{NAME}")
    }
    for question in schema.answered:
        if question.kind == Kind.TABLE:
            for row in answers.get(question.key) or ():
                found.extend(_told_in_row(question, row))
        elif question.fact and question.kind in CARRIED and not question.kind.is_table:
            whose = question.fact.partition(".")[0]
            whom = names.get(f"{whose}.{NAME}", "") if whose in SEVERAL else ""
            found.extend(_told(question, answers.get(question.key), whom=whom))
    return found


def _told_in_row(question: Question, row: Mapping[str, Any]) -> Iterable[Told]:
    naming = _naming(question.columns)
    whom = whom_of(str(_plain(row.get(naming.key)))) if naming else ""
    for column in question.columns:
        if column.fact and column.kind in CARRIED and (whom or not naming):
            yield from _told(column, row.get(column.key), whom=whom)


def _naming(columns: Iterable[Column]) -> Column | None:
    return next((column for column in columns if column.fact.endswith(f".{NAME}")), None)


def _told(question: Question | Column, value: Any, *, whom: str) -> Iterable[Told]:
    in_words = words(question.kind, value)
    if in_words and not question.fact.startswith(NOT_TOLD):
        yield Told(key=question.fact, whom=whom, kind=question.kind, value=value, words=in_words, label=question.label)


def _plain(value: Any) -> Any:
    return value["name"] if isinstance(value, dict) else value or ""


def is_same(earlier: Told, later: Told) -> bool:
    """Return whether two tellings of one subject say the same, whatever the size of letters and the spaces."""
    return same_name(earlier.words) == same_name(later.words)


def offered(schema: Schema, standing: Iterable[Told], *, already: Answers) -> Answers:
    """Return what is `already` offered, with the gaps filled from the standing facts of a case.

    A table gets a row for each name its naming column knows. An answer is offered only where its kind fits.
    What a person has settled goes before what is `already` offered, and whoever a form has named before a guess.
    """
    facts = {fact.subject: fact for fact in standing}
    answers = _without_wrong_guesses(schema, facts.values(), already)
    for question in schema.typed:
        if question.kind == Kind.TABLE:
            rows = _merged(question, already.get(question.key, []), facts.values())
            if rows:
                answers[question.key] = rows[: question.max_rows]
        elif question.fact and (fact := _only(facts.values(), question.fact)) and fits(question, fact):
            if fact.is_settled or not answers.get(question.key):
                answers[question.key] = fact.value
    return answers


def _without_wrong_guesses(schema: Schema, facts: Iterable[Told], already: Answers) -> Answers:
    """Return what is `already` offered without what belongs to somebody else than the person a form has named.

    Else the name of one parent would stand beside the telephone of the other.
    """
    answers = dict(already)
    for whose in GUESSED:
        named = _only(facts, f"{whose}{NAME}")
        keys = {question.fact: question.key for question in schema.typed if question.fact.startswith(whose)}
        guess = answers.get(keys.get(f"{whose}{NAME}", ""), "")
        if named and same_name(str(guess)) != same_name(named.words):
            answers = {key: value for key, value in answers.items() if key not in keys.values()}
    return answers


def beside(schema: Schema, typed: Typed, standing: Iterable[Known]) -> Iterator[tuple[str, Known, bool]]:
    """Yield what the case knows beside what was typed: the name of the field, the fact, and whether they are the same."""
    facts = {fact.subject: fact for fact in standing}
    for question in schema.typed:
        if question.kind == Kind.TABLE:
            naming = _naming(question.columns)
            for index in row_indexes(question, typed):
                name = _typed_at(typed, f"{question.key}-{index}-{naming.key}") if naming else ""
                for column in question.columns:
                    field = f"{question.key}-{index}-{column.key}"
                    yield from _beside(column, field, typed, facts.get((column.fact, whom_of(name))))
        elif question.fact and not question.kind.is_table:
            yield from _beside(question, question.key, typed, _only(facts.values(), question.fact))


def _beside(
    question: Question | Column, field: str, typed: Typed, fact: Known | None
) -> Iterator[tuple[str, Known, bool]]:
    words_typed = _typed_at(typed, field)
    if fact and words_typed:
        yield field, fact, same_name(words_typed) in {same_name(fact.words), same_name(typed_words(fact))}


def typed_words(fact: Told) -> str:
    """Return the value of a fact as somebody would type it."""
    question = Question(key="it", label="", kind=fact.kind)
    return ", ".join(typed_from_answers(Schema(questions=(question,)), {"it": fact.value}).get("it", []))


def _typed_at(typed: Typed, field: str) -> str:
    return ", ".join(typed.get(field, []))


def _only(facts: Iterable[Known], key: str) -> Known | None:
    """Return the fact of this key when the case knows exactly one: of five children, none is «the» child."""
    found = [fact for fact in facts if fact.key == key]
    return found[0] if len(found) == 1 else None


def _merged(question: Question, own: list[dict[str, Any]], facts: Iterable[Told]) -> list[dict[str, Any]]:
    """Return the rows that are there already, each completed by the facts of the same name, and the other rows told."""
    naming = _naming(question.columns)
    if naming is None:
        return own
    facts = list(facts)
    told_rows = {_name_in(row, naming): row for row in _rows(question, facts)}
    settled = [fact for fact in facts if fact.is_settled or fact.key == naming.fact]
    settled_rows = {_name_in(row, naming): row for row in _rows(question, settled)}
    merged = []
    for row in own:
        name = _name_in(row, naming)
        named = {naming.key: row[naming.key]} if naming.key in row else {}
        merged.append(told_rows.pop(name, {}) | row | settled_rows.get(name, {}) | named)
    return merged + list(told_rows.values())


def _name_in(row: dict[str, Any], naming: Column) -> str:
    return same_name(str(_plain(row.get(naming.key))))


def _rows(question: Question, facts: Iterable[Told]) -> list[dict[str, Any]]:
    naming = _naming(question.columns)
    if naming is None:
        return []
    facts = list(facts)
    rows = []
    for name in [fact for fact in facts if fact.key == naming.fact and fits(naming, fact)]:
        own = {fact.key: fact for fact in facts if fact.whom == whom_of(name.words)}
        rows.append(
            {
                column.key: own[column.fact].value
                for column in question.columns
                if column.fact in own and fits(column, own[column.fact])
            }
        )
    return rows


def fits(question: Question | Column, fact: Told) -> bool:
    """Return whether a fact can answer a question: the kinds are alike, and the choice is offered."""
    if question.kind == Kind.CHOICE:
        return fact.value in question.choices
    if question.kind == Kind.CHOICES:
        return isinstance(fact.value, list) and set(fact.value) <= set(question.choices)
    alike = {Kind.TEXT, Kind.LONG_TEXT, Kind.FIO, Kind.ADDRESS, Kind.CHOICE}
    dates = {Kind.DATE, Kind.BIRTH_DATE}
    named = {Kind.AGENCY, Kind.PERSON}
    return fact.kind == question.kind or any({fact.kind, question.kind} <= kinds for kinds in (alike, dates, named))
