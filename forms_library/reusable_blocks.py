"""The arithmetic of reusable blocks: copy one into a form, and take its newer wording. No database, no clock, no request."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from forms_library.schema import Column, Question, Schema, digest

VERSION_LENGTH = 12
KEY_LENGTH = 40
_QUOTED_OR_NAME = re.compile(r"""("[^"]*"|'[^']*')|(?<![\w.])([a-z]\w*)(?!\w*\s*\()""")


class KeysTaken(ValueError):
    """The form calls something of its own as the newer wording calls a new question."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = tuple(keys)


def version(questions: Iterable[Question]) -> str:
    """Return the short digest of a block's wording; where its questions came from themselves is no part of it."""
    plain = Schema(questions=tuple(replace(question, block="") for question in questions)).to_json()
    return digest(plain)[:VERSION_LENGTH]


def origin(code: str, wording: str) -> str:
    """Return what a copied question remembers of its block."""
    return f"{code}@{wording}"


def code_of(question: Question) -> str:
    """Return the code of the block that a question was copied from; empty when it was not."""
    return question.block.partition("@")[0]


def insert(schema: Schema, block: Sequence[Question], *, code: str, after: str | None) -> Schema:
    """Return the schema with a copy of the block behind the question `after`, or at the end when it is `None`.

    When the form has one of its keys already, all keys of the copy get a prefix, in its rules, too.
    """
    taken = {question.key for question in schema}
    copied = _copy(block, code, _free_keys(block, code, taken))
    place = len(schema.questions)
    if after is not None:
        place = 1 + [question.key for question in schema].index(after)
    return replace(schema, questions=(*schema.questions[:place], *copied, *schema.questions[place:]))


def is_outdated(schema: Schema, code: str, wording: str) -> bool:
    """Return whether the form has questions of another wording of this block than `wording`."""
    return any(code_of(question) == code and question.block != origin(code, wording) for question in schema)


def take(schema: Schema, block: Sequence[Question], *, code: str) -> Schema:
    """Return the schema with every copy of the block in its present wording, each where it stood.

    The questions keep the keys that the form knows them by. Questions of the form's own that stand among the copied ones
    stay behind the ones they stood behind. Raises `KeysTaken`.
    """
    for copy in list(_copies(schema, block, code)):
        schema = _taken(schema, block, code, copy)
    return schema


@dataclass(frozen=True, kw_only=True)
class _Copied:
    """One copy of a block inside a form: the form's keys by the block's, and the prefix that they got."""

    keys: Mapping[str, str]
    prefix: str


def _copies(schema: Schema, block: Sequence[Question], code: str) -> Iterator[_Copied]:
    """Yield the copies of a block: the one with its own keys, and those whose keys got a prefix."""
    own = {question.key for question in block}
    pattern = re.compile(rf"{re.escape(code[:20])}\d+_")
    by_prefix: dict[str, dict[str, str]] = {}
    for question in schema:
        if code_of(question) == code:
            found = None if question.key in own else pattern.match(question.key)
            prefix = found.group() if found else ""
            by_prefix.setdefault(prefix, {})[question.key[len(prefix) :]] = question.key
    for prefix, keys in by_prefix.items():
        yield _Copied(keys=keys, prefix=prefix)


def _taken(schema: Schema, block: Sequence[Question], code: str, copy: _Copied) -> Schema:
    mine = set(copy.keys.values())
    keys = {question.key: f"{copy.prefix}{question.key}"[:KEY_LENGTH] for question in block}
    taken = sorted(set(keys.values()) & ({question.key for question in schema} - mine))
    if taken:
        raise KeysTaken(taken)
    rows = list(schema.questions)
    places = [place for place, question in enumerate(rows) if question.key in mine]
    first, last = places[0], places[-1] + 1
    followers: dict[str, list[Question]] = {}
    leader = ""
    for question in rows[first:last]:
        if question.key in mine:
            leader = question.key
        else:
            followers.setdefault(leader, []).append(question)
    written: list[Question] = []
    for question in _copy(block, code, keys):
        written += [question, *followers.pop(question.key, [])]
    for left in followers.values():
        written += left
    return replace(schema, questions=(*rows[:first], *written, *rows[last:]))


def _free_keys(block: Iterable[Question], code: str, taken: Collection[str]) -> dict[str, str]:
    """Return the form's key for each key of the block: the same when all are free, else all with one prefix."""
    asked = [question.key for question in block]
    if not set(asked) & set(taken):
        return {key: key for key in asked}
    for number in count(2):
        prefixed = {key: f"{code[:20]}{number}_{key}"[:KEY_LENGTH] for key in asked}
        if not set(prefixed.values()) & set(taken):
            break
    return prefixed


def _copy(block: Sequence[Question], code: str, keys: Mapping[str, str]) -> tuple[Question, ...]:
    stamp = origin(code, version(block))
    return tuple(_rekeyed(question, keys, block=stamp) for question in block)


def _rekeyed(question: Question, keys: Mapping[str, str], **changes: Any) -> Question:
    """Return the question under its new key, with the new keys in its rules; columns keep theirs."""
    columns = tuple(
        replace(column, expression=_in_rule(column.expression, _but(keys, question.columns)))
        for column in question.columns
    )
    return replace(
        question,
        key=keys[question.key],
        not_before=keys.get(question.not_before, question.not_before),
        shown_when=_in_rule(question.shown_when, keys),
        expression=_in_rule(question.expression, keys),
        columns=columns,
        **changes,
    )


def _but(keys: Mapping[str, str], columns: Iterable[Column]) -> dict[str, str]:
    """Leave out what the columns of a row call the same: in their rules it means the column."""
    own = {column.key for column in columns}
    return {old: new for old, new in keys.items() if old not in own}


def _in_rule(rule: str, keys: Mapping[str, str]) -> str:
    """Return a rule with the new keys; what stands in quotes, behind a dot or before a bracket is no key."""
    return _QUOTED_OR_NAME.sub(lambda found: found.group(1) or keys.get(found.group(2), found.group(2)), rule)
