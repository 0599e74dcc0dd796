"""What one wording of a form says otherwise than another, in words: added, removed, moved and changed.

No database, no clock, no request. A change is *breaking* when a draft begun on the older wording cannot be carried over
whole: an answer would be lost, or one would be asked that nobody has given yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy

from forms_library.changes_in_words import Change, check_changes, fact_changes, question_changes
from forms_library.models.form_fields import KIND_LABELS
from forms_library.schema import Question, Schema

STATES = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "changed": gettext_lazy("Changed"),
    "moved": gettext_lazy("Moved"),
    "same": gettext_lazy("The same"),
}


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A question of the older wording beside its place in the newer one; one of the two is missing when it was added or removed."""

    old: Question | None
    new: Question | None
    changes: tuple[Change, ...] = ()
    is_moved: bool = False

    @property
    def question(self) -> Question:
        """The question as it stands now, or as it stood when it is no more."""
        question = self.new or self.old
        assert question is not None  # noqa: S101 (one of the two is always there)
        return question

    @property
    def state(self) -> str:
        """One word for what happened: added, removed, changed, moved or same."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "changed" if self.changes else "moved" if self.is_moved else "same"

    @property
    def state_in_words(self) -> str:
        return str(STATES[self.state])

    @property
    def old_kind(self) -> str:
        return str(KIND_LABELS[self.old.kind]) if self.old else ""

    @property
    def new_kind(self) -> str:
        return str(KIND_LABELS[self.new.kind]) if self.new else ""

    @property
    def is_breaking(self) -> bool:
        """True when a draft cannot be carried over whole because of this question."""
        if self.old is None or self.new is None:
            return self.question.kind.is_typed and (self.new is None or self.question.required)
        return any(change.breaking for change in self.changes)


@dataclass(frozen=True, kw_only=True)
class Differences:
    """All that two wordings of a form say differently. False when they say the same."""

    pairs: tuple[Pair, ...] = ()
    facts: tuple[Change, ...] = ()
    checks: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.checks or self.noticed)

    @property
    def noticed(self) -> tuple[Pair, ...]:
        """The questions that are not the same, in the order of reading."""
        return tuple(pair for pair in self.pairs if pair.state != "same")

    @property
    def added(self) -> tuple[Pair, ...]:
        return self._in_state("added")

    @property
    def removed(self) -> tuple[Pair, ...]:
        return self._in_state("removed")

    @property
    def changed(self) -> tuple[Pair, ...]:
        return self._in_state("changed")

    @property
    def moved(self) -> tuple[Pair, ...]:
        """Those that stand elsewhere, also when they were changed besides."""
        return tuple(pair for pair in self.pairs if pair.is_moved)

    @property
    def breaking(self) -> tuple[Pair, ...]:
        """Those because of which a draft cannot be carried over whole."""
        return tuple(pair for pair in self.pairs if pair.is_breaking)

    def _in_state(self, state: str) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.state == state)


def differences(old: Schema, new: Schema) -> Differences:
    """Compare the questions and the checks of two wordings. Questions are the same when their keys are."""
    return Differences(pairs=tuple(_pairs(old, new)), checks=tuple(check_changes(old, new)))


def differences_of_forms(old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    """Compare two forms whole, each as `Edition.frozen()` tells it: what is said about them, too."""
    compared = differences(Schema.from_json(old["questions"]), Schema.from_json(new["questions"]))
    return replace(compared, facts=tuple(fact_changes(old, new)))


def _pairs(old: Schema, new: Schema) -> Iterator[Pair]:
    """Align the questions: those that stayed side by side, the removed ones where they stood."""
    before = {question.key: question for question in old}
    after = {question.key: question for question in new}
    stayed = _in_place([key for key in before if key in after], [key for key in after if key in before])
    gone = _removed_after(before, after, stayed)
    yield from (Pair(old=before[key], new=None) for key in gone.get(None, ()))
    for key, question in after.items():
        earlier = before.get(key)
        yield Pair(
            old=earlier,
            new=question,
            changes=tuple(question_changes(earlier, question, old, new)) if earlier else (),
            is_moved=earlier is not None and key not in stayed,
        )
        yield from (Pair(old=before[gone_key], new=None) for gone_key in gone.get(key, ()))


def _in_place(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the keys that keep their order; the others have moved."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in before[block.a : block.a + block.size]}


def _removed_after(
    before: Iterable[str], after: Mapping[str, Question], stayed: set[str]
) -> dict[str | None, list[str]]:
    """Return the removed keys by the unmoved question that stood before them."""
    gone: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for key in before:
        if key in stayed:
            anchor = key
        elif key not in after:
            gone.setdefault(anchor, []).append(key)
    return gone
