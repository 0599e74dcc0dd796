"""What every comparison of two wordings shares: parts set side by side, and what each of them says otherwise.

A change is *breaking* when work begun on the older wording cannot be carried over whole. No database, no clock, no request.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _, gettext_lazy

Part = TypeVar("Part")
STATES = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "changed": gettext_lazy("Changed"),
    "moved": gettext_lazy("Moved"),
    "same": gettext_lazy("The same"),
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing said otherwise than before."""

    words: str
    breaking: bool = False


@dataclass(frozen=True, kw_only=True)
class PairOf(Generic[Part]):
    """A part of the older wording beside its place in the newer one; one of the two is missing when it was added or removed."""

    old: Part | None
    new: Part | None
    changes: tuple[Change, ...] = ()
    is_moved: bool = False

    @property
    def part(self) -> Part:
        """The part as it stands now, or as it stood when it is no more."""
        part = self.new or self.old
        assert part is not None  # noqa: S101 (one of the two is always there)
        return part

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
    def is_breaking(self) -> bool:
        """True when begun work cannot be carried over whole because of this part."""
        return any(change.breaking for change in self.changes)


SomePair = TypeVar("SomePair", bound=PairOf[Any])


@dataclass(frozen=True, kw_only=True)
class DifferencesOf(Generic[SomePair]):
    """All that two wordings say differently. False when they say the same."""

    pairs: tuple[SomePair, ...] = ()
    facts: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.others or self.noticed)

    @property
    def others(self) -> tuple[Change, ...]:
        """What is said otherwise beside the pairs and the facts."""
        return ()

    @property
    def noticed(self) -> tuple[SomePair, ...]:
        """The pairs that are not the same, in the order of reading."""
        return tuple(pair for pair in self.pairs if pair.state != "same")

    @property
    def added(self) -> tuple[SomePair, ...]:
        return self._in_state("added")

    @property
    def removed(self) -> tuple[SomePair, ...]:
        return self._in_state("removed")

    @property
    def changed(self) -> tuple[SomePair, ...]:
        return self._in_state("changed")

    @property
    def moved(self) -> tuple[SomePair, ...]:
        """Those that stand elsewhere, also when they were changed besides."""
        return tuple(pair for pair in self.pairs if pair.is_moved)

    @property
    def breaking(self) -> tuple[SomePair, ...]:
        """Those because of which begun work cannot be carried over whole."""
        return tuple(pair for pair in self.pairs if pair.is_breaking)

    def _in_state(self, state: str) -> tuple[SomePair, ...]:
        return tuple(pair for pair in self.pairs if pair.state == state)


def aligned(before: Mapping[str, Part], after: Mapping[str, Part]) -> Iterator[tuple[Part | None, Part | None, bool]]:
    """Yield each part as it was, as it is, and whether it has moved; the removed ones where they stood."""
    stayed = _in_place([key for key in before if key in after], [key for key in after if key in before])
    gone = _removed_after(before, after, stayed)
    yield from ((before[key], None, False) for key in gone.get(None, ()))
    for key, part in after.items():
        yield before.get(key), part, key in before and key not in stayed
        yield from ((before[gone_key], None, False) for gone_key in gone.get(key, ()))


def parts_changes(
    old: Any,
    new: Any,
    teller: Callable[[str], Callable[[Any, Any], Iterable[Change]]],
    *,
    besides: Collection[str] = (),
) -> Iterator[Change]:
    """Compare two dataclasses field by field, each as its teller says; no field that differs is passed over."""
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before != after and each.name not in besides:
            told = tuple(teller(each.name)(before, after))
            yield from told or (Change(words=_("Described otherwise: %(part)s") % {"part": each.name}),)


def said(name: Any, old: Any, new: Any, *, breaking: bool = False) -> Iterator[Change]:
    """Put one changed value into words; say nothing when it is the same."""
    if old == new:
        return
    words = {"name": name, "old": old, "new": new}
    if old == "":
        text = _("%(name)s: added “%(new)s”") % words
    elif new == "":
        text = _("%(name)s: removed “%(old)s”") % words
    else:
        text = _("%(name)s: was “%(old)s”, now “%(new)s”") % words
    yield Change(words=text, breaking=breaking)


def within(name: str, changes: Iterable[Change]) -> Iterator[Change]:
    """Tell of changes as changes of a part that is called `name`."""
    for change in changes:
        yield replace(change, words=f"{name}. {change.words}")


def reordered(old: Iterable[str], new: Iterable[str], words: str, *, breaking: bool = False) -> Iterator[Change]:
    """Say `words` when what stayed stands in another order."""
    kept = [key for key in old if key in set(new)]
    if kept != [key for key in new if key in set(kept)]:
        yield Change(words=words, breaking=breaking)


def both(these: Iterable[str], those: Mapping[str, Any]) -> list[str]:
    """Return which of these are those, too."""
    return [each for each in these if each in those]


def without(these: Iterable[str], those: Iterable[str]) -> list[str]:
    """Return which of these are none of those."""
    known = set(those)
    return [each for each in dict.fromkeys(these) if each not in known]


def _in_place(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the keys that keep their order; the others have moved."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in before[block.a : block.a + block.size]}


def _removed_after(before: Iterable[str], after: Mapping[str, Any], stayed: set[str]) -> dict[str | None, list[str]]:
    """Return the removed keys by the unmoved part that stood before them."""
    gone: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for key in before:
        if key in stayed:
            anchor = key
        elif key not in after:
            gone.setdefault(anchor, []).append(key)
    return gone
