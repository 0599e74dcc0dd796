"""What becomes of a case that is moved to a newer edition of its procedure: shown to a person before it is done.

Pure: the caller replays the case under both editions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from forms_library.changes import Change
from forms_library.procedures.changes_in_words import Tongue
from forms_library.procedures.definition import Procedure, Step
from forms_library.procedures.in_words import NO_TITLES, Titles
from forms_library.procedures.progress import Progress


@dataclass(frozen=True, kw_only=True)
class MovedStep:
    """One step of a case and its place in the newer edition: `None` when it has none there."""

    code: str
    title: str  # as the newer edition calls it, when it has it
    old: Step | None
    new: Step | None
    is_open: bool = False
    is_done: bool = False
    changes: tuple[Change, ...] = ()
    reopens: bool = False  # done under the older edition, to be done again under the newer one
    closes: bool = False  # open under the older edition, not open under the newer one

    @property
    def needs_a_look(self) -> bool:
        """Whether the person who moves the case should read it first."""
        lost = self.new is None and (self.is_open or self.is_done)
        return lost or self.reopens or self.closes or any(change.breaking for change in self.changes)

    @property
    def state_in_words(self) -> str:
        """Where the step stands in the case, and what becomes of it."""
        if self.reopens:
            return _("the step is done; it has to be done again")
        if self.closes:
            return _("the step is open; it will not be open any more")
        return (
            _("the step is open")
            if self.is_open
            else _("the step is done")
            if self.is_done
            else _("the step is not begun")
        )


@dataclass(frozen=True, kw_only=True)
class Moved:
    """All steps of a case beside a newer edition."""

    kept: tuple[MovedStep, ...] = ()
    gone: tuple[MovedStep, ...] = ()
    new: tuple[MovedStep, ...] = ()

    @property
    def is_harmless(self) -> bool:
        """Whether nothing that the case has done or has to do is lost, asked again or done otherwise."""
        return not any(step.needs_a_look for step in (*self.kept, *self.gone))


def moved(progress: Progress, new: Procedure, *, replayed: Progress | None = None, titles: Titles = NO_TITLES) -> Moved:
    """Return what becomes of each step of a case: the open and done ones by their codes, and what the newer edition adds.

    `replayed` is the same case under the newer edition; without it nothing is said about what opens anew by the move.
    """
    old = progress.procedure
    tongue = Tongue(old=old, new=new, titles=titles)
    after = {step.code: step for step in new.steps}
    begun = [step for step in old.steps if progress.turns_of(step.code)]
    kept = tuple(_kept(tongue, step, after[step.code], progress, replayed) for step in begun if step.code in after)
    gone = tuple(_step(step, None, progress) for step in begun if step.code not in after)
    known = {step.code for step in old.steps}
    return Moved(kept=kept, gone=gone, new=tuple(_new(new, known, replayed)))


def _kept(tongue: Tongue, was: Step, now: Step, progress: Progress, replayed: Progress | None) -> MovedStep:
    standing = _step(was, now, progress)
    is_open = replayed is None or _is_open(replayed, now.code)
    is_done = replayed is None or _is_done(replayed, now.code)
    return replace(
        standing,
        changes=tuple(tongue.step_changes(was, now)),
        reopens=standing.is_done and not standing.is_open and not is_done,
        closes=standing.is_open and not is_open,
    )


def _step(was: Step, now: Step | None, progress: Progress) -> MovedStep:
    return MovedStep(
        code=was.code,
        title=(now or was).title,
        old=was,
        new=now,
        is_open=_is_open(progress, was.code),
        is_done=_is_done(progress, was.code),
    )


def _new(new: Procedure, known: set[str], replayed: Progress | None) -> Iterator[MovedStep]:
    for step in new.steps:
        if step.code not in known:
            is_open = replayed is not None and _is_open(replayed, step.code)
            is_done = replayed is not None and _is_done(replayed, step.code)
            yield MovedStep(code=step.code, title=step.title, old=None, new=step, is_open=is_open, is_done=is_done)


def _is_open(progress: Progress, code: str) -> bool:
    return progress.closed is None and progress.open_turn(code) is not None


def _is_done(progress: Progress, code: str) -> bool:
    return any(turn.done_on for turn in progress.turns_of(code))
