"""Which answers of a form are told to few, and which of those are closed to a reader. Pure (domain.md D, principles 4 and 5).

`closed` is always a set of codes of `forms_library.schema.Sensitivity`: what the reader may not read.
"""

from collections.abc import Collection, Mapping
from typing import Any

from forms_library.schema import Kind, Question, Schema, Sensitivity
from forms_library.typed import by_question

TOLD_TO_FEW = frozenset(each.value for each in Sensitivity if each.is_told_to_few)


def is_closed(question: Question, closed: Collection[str]) -> bool:
    """Return whether the answer to `question` is closed."""
    return question.sensitivity.value in closed


def closed_questions(schema: Schema, closed: Collection[str]) -> frozenset[str]:
    """Return the keys of the questions whose answers are closed."""
    return frozenset(question.key for question in schema if is_closed(question, closed)) if closed else frozenset()


def open_part(schema: Schema, closed: Collection[str]) -> Schema:
    """Return a form without the questions whose answers are closed."""
    return Schema(questions=tuple(question for question in schema if not is_closed(question, closed)))


def closed_categories(schema: Schema, answers: Mapping[str, Any], closed: Collection[str]) -> frozenset[str]:
    """Return which of the closed categories a filled form really tells something of: an empty answer hides nothing."""
    return frozenset(
        question.sensitivity.value
        for question in schema.answered
        if is_closed(question, closed) and answers.get(question.key) not in (None, "", [], {})
    )


def closed_facts(schema: Schema, closed: Collection[str]) -> frozenset[str]:
    """Return the keys of the facts that this form tells in closed answers."""
    hidden = [question for question in schema if is_closed(question, closed)] if closed else []
    facts = {question.fact for question in hidden}
    facts |= {column.fact for question in hidden for column in question.columns}
    return frozenset(facts - {""})


def closed_files(schema: Schema, answers: Mapping[str, Any], closed: Collection[str]) -> frozenset[int]:
    """Return the numbers of the files that closed answers name."""
    return frozenset(
        int(kept["id"])
        for question in schema.answered
        if question.kind == Kind.ATTACHMENT and is_closed(question, closed)
        for kept in answers.get(question.key) or ()
    )


def typed_files(schema: Schema, typed: Mapping[str, Any], closed: Collection[str]) -> frozenset[int]:
    """Return the numbers of the files that a draft names in closed answers."""
    keys = [question.key for question in schema if question.kind == Kind.ATTACHMENT and is_closed(question, closed)]
    return frozenset(int(number) for key in keys for number in typed.get(key, ()) if str(number).isdecimal())


def tells_closed_words(schema: Schema, typed: Mapping[str, Any], closed: Collection[str]) -> bool:
    """Return whether somebody has already typed a closed answer into a draft."""
    hidden = closed_questions(schema, closed)
    words = by_question(schema, dict(typed)) if hidden else {}
    return any(word.strip() for key in hidden for values in words.get(key, {}).values() for word in values)
