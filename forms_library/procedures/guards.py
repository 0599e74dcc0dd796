"""Why something may not be done yet, in words. Pure: it reads a progress and today's date."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from forms_library.deadlines import WorkingCalendar, count
from forms_library.procedures.definition import Guard, GuardKind, Outcome
from forms_library.procedures.progress import Progress, Turn

ADULT = 18


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What guards look at beside the progress: today, the calendar, the children's birth dates (`None`: unknown), what
    the person who acts has stated, and the new last day they ask for."""

    today: dt.date
    calendar: WorkingCalendar
    birth_dates: tuple[dt.date | None, ...] = ()
    stated: Collection[str] = field(default=frozenset())
    until: dt.date | None = None


def unmet(guards: Iterable[Guard], *, progress: Progress, around: Circumstances) -> Iterator[Guard]:
    """Yield the guards that do not hold."""
    for guard in guards:
        if not holds(guard, progress=progress, around=around):
            yield guard


def holds(guard: Guard, *, progress: Progress, around: Circumstances) -> bool:
    """Return whether one guard holds."""
    proved = progress.proves(guard)
    if proved is not None:
        return proved
    match guard.kind:
        case GuardKind.STATEMENT:
            return guard.words in around.stated
        case GuardKind.CHILDREN_ADULT:
            return bool(around.birth_dates) and all(
                born is not None and is_adult(born, around.today) for born in around.birth_dates
            )
        case GuardKind.NOT_BEFORE:
            last = _last_day(guard, progress, around)
            return last is not None and around.today >= last
        case GuardKind.UNTIL_WITHIN:
            last = _last_day(guard, progress, around)
            return last is not None and around.until is not None and around.today <= around.until <= last
    raise ValueError(guard.kind)


def is_adult(born: dt.date, today: dt.date) -> bool:
    """Return whether somebody born on `born` is 18 on the day `today`."""
    return (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) >= ADULT


def unmet_of_turn(
    turn: Turn, *, progress: Progress, around: Circumstances, outcome: Outcome | None = None
) -> Iterator[Guard]:
    """Yield the guards of an open step, and of the outcome that is chosen, that do not hold and were not waived."""
    guards = (*turn.step.needs, *(outcome.guards if outcome else ()))
    for guard in unmet(guards, progress=progress, around=around):
        if not turn.is_waived(guard.words):
            yield guard


def _last_day(guard: Guard, progress: Progress, around: Circumstances) -> dt.date | None:
    event = progress.happened_on(guard.event)
    if event is None or guard.term is None:
        return None
    return count(guard.term, event=event, calendar=around.calendar).due
