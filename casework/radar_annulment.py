"""What becomes of a case when an entry is taken back: shown to a person before it is done. Pure, as `casework.radar` is."""

import datetime as dt
from dataclasses import dataclass

from forms_library.deadlines import WorkingCalendar
from forms_library.procedures.definition import LEVEL
from forms_library.procedures.progress import Happening, Progress, Turn


@dataclass(frozen=True, kw_only=True)
class NewDay:
    """An open step whose last day would be another one; `None` for a term that would stand still, or that it has not."""

    title: str
    due: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Annulment:
    """What a case would lose and have to do.

    `idle` are the entries that would mean nothing, `unused` the filed forms that would do no step, `waiting` the titles of
    the steps that would wait, `gone` of those that would wait no more; `level` is what the risk level would be, in words:
    `None` when it stays, empty when none would be set.
    """

    idle: tuple[Happening, ...] = ()
    unused: tuple[Happening, ...] = ()
    waiting: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    new_days: tuple[NewDay, ...] = ()
    level: str | None = None


def annulment(before: Progress, after: Progress, *, calendar: WorkingCalendar) -> Annulment:
    """Return what differs between where a case stands and where it would stand without the entry."""
    was_open, is_open = _open(before), _open(after)
    waiting = {code: turn for (code, number), turn in is_open.items() if (code, number) not in was_open}
    still_open = {code for code, _number in is_open}
    same = [(was_open[place], turn) for place, turn in is_open.items() if place in was_open]
    level = after.procedure.event_in_words(f"{LEVEL}.{after.level}") if after.level else ""
    return Annulment(
        idle=tuple(each for each in after.idle if each not in before.idle),
        unused=tuple(each for each in after.unused if each not in before.unused),
        waiting=tuple(turn.step.title for turn in waiting.values()),
        gone=tuple(turn.step.title for (code, _number), turn in was_open.items() if code not in still_open),
        new_days=tuple(
            NewDay(title=turn.step.title, due=turn.due(calendar))
            for was, turn in same
            if was.due(calendar) != turn.due(calendar)
        ),
        level=None if before.level == after.level else level,
    )


def _open(progress: Progress) -> dict[tuple[str, int], Turn]:
    """Return the open turns by their step and by how many times it has come."""
    return {(turn.step.code, len(progress.turns_of(turn.step.code))): turn for turn in progress.open_turns}
