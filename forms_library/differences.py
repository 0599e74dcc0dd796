"""What one wording of a form says otherwise than another, in words: added, removed, moved and changed.

No database, no clock, no request. A change is *breaking* when a draft begun on the older wording cannot be carried over
whole: an answer would be lost, or one would be asked that nobody has given yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms_library.changes import Change, DifferencesOf, PairOf, aligned
from forms_library.changes_in_words import check_changes, fact_changes, question_changes
from forms_library.models.form_fields import KIND_LABELS
from forms_library.schema import Question, Schema


@dataclass(frozen=True, kw_only=True)
class Pair(PairOf[Question]):
    """A question of the older wording beside its place in the newer one; one of the two is missing when it was added or removed."""

    @property
    def question(self) -> Question:
        """The question as it stands now, or as it stood when it is no more."""
        return self.part

    @property
    def title(self) -> str:
        """What the question is called."""
        return self.part.label

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
        return super().is_breaking


@dataclass(frozen=True, kw_only=True)
class Differences(DifferencesOf[Pair]):
    """All that two wordings of a form say differently. False when they say the same."""

    checks: tuple[Change, ...] = ()

    @property
    def others(self) -> tuple[Change, ...]:
        return self.checks


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
    for was, now, is_moved in aligned(before, after):
        changes = tuple(question_changes(was, now, old, new)) if was and now else ()
        yield Pair(old=was, new=now, changes=changes, is_moved=is_moved)
