"""Where a case stands under its procedure: computed from what has happened, never ticked by hand.

`replay` reads what happened in a case, in order, and answers which steps are done, which wait and why, which events
there were and when. It is pure: the same happenings give the same progress, whoever asks and whenever.

Rules of the replay:

* An event opens every step that waits for it, unless the step is open already, and takes away those that end with it.
* A step of forms is done when enough of them are filed, the forms it rests on lie in the case, and its guards hold. A
  filed form does one step; one that was filed before the step opened counts, if no other step has used it.
* A step that comes again (`every`) opens anew when it is done; the day it is counted from does not move (D7).
* What was waived counts as done, and stays visible as a gap.
* A form for each child is wanted for the children that the case had then: a child who comes later opens nothing anew.
* A decision that names a last day («продлить до») gives it to the steps that it opens and that have no term of their own.
* A step that appoints, and ends with another step that appoints to the same role, is done as soon as it opens while that
  other appointment stands: nobody is asked twice for the same person.
* An entry whose step does not wait when it is read does nothing, and is told of (`idle`): what it rested on was annulled,
  or a newer edition does not know it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from forms_library.deadlines import Deadline, WorkingCalendar, count, nth
from forms_library.expressions.syntax import NO, YES
from forms_library.procedures.definition import (
    LEVEL,
    OPENED,
    DoneBy,
    FormUse,
    Guard,
    GuardKind,
    Outcome,
    Procedure,
    Step,
)


class What(StrEnum):
    """Kinds of happenings."""

    OPENED = "opened"  # the case came under the procedure
    FILED = "filed"
    DECIDED = "decided"
    APPOINTED = "appointed"
    HAPPENED = "happened"
    LEVEL = "level"
    WAIVED = "waived"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENDED = "extended"
    CLOSED = "closed"
    CHILDREN = "children"  # so many children are in the case from now on
    MOVED = "moved"  # the case goes on by the edition that it has


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happened. `on` is the day that counts; `ref` is whatever the caller knows it by.

    `step` is the step that is meant; `code` the form, outcome, role, level or ground, or the number of children; `answers`
    the answers of a filed form that the procedure asks about; `until` the new last day of a decision or of an extension.
    """

    what: What
    on: dt.date
    step: str = ""
    code: str = ""
    words: str = ""
    until: dt.date | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    ref: Any = None


@dataclass(kw_only=True)
class Turn:
    """One time that a step is to be done.

    `earliest` is the first day on which it can have been done. A paper is typed in later than it is written, so what was
    opened by a form that names no day of its own can be older than its own opening: as old as the step of that form.
    `is_carried_over` says that it was done before the case was moved to this edition.
    """

    step: Step
    number: int
    cause: str
    opened_on: dt.date
    earliest: dt.date
    due_from: dt.date
    done_on: dt.date | None = None
    ended_on: dt.date | None = None
    outcome: str = ""
    used: list[Happening] = field(default_factory=list)
    waived: list[Happening] = field(default_factory=list)
    extended_to: dt.date | None = None
    paused: list[tuple[dt.date, dt.date | None]] = field(default_factory=list)
    is_carried_over: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_on is None and self.ended_on is None

    @property
    def is_paused(self) -> bool:
        """Whether its term does not run at the moment."""
        return bool(self.paused) and self.paused[-1][1] is None

    @property
    def paused_days(self) -> int:
        """Days for which its term has stood still."""
        return sum((until - since).days for since, until in self.paused if until)

    def deadline(self, calendar: WorkingCalendar) -> Deadline | None:
        """Return when it is due and why; `None` when the procedure names no term, or while the term stands still."""
        if self.is_paused:
            return None
        if self.step.every:
            return nth(self.step.every, self.number, anchor=self.due_from, calendar=calendar)
        if self.step.due is None:
            return None
        return count(self.step.due.rule, event=self.due_from, calendar=calendar, extended_days=self.paused_days)

    def due(self, calendar: WorkingCalendar) -> dt.date | None:
        """Return the last day on which it is in time; `None` when there is none, or while the term stands still."""
        if self.extended_to and not self.is_paused:
            return self.extended_to
        deadline = self.deadline(calendar)
        return deadline.due if deadline else None

    def warn_on(self, calendar: WorkingCalendar) -> dt.date | None:
        """Return the day from which people are told of the last one in good time.

        `None` when the procedure asks for no such warning, when there is no last day, or while the term stands still.
        """
        days = self.step.due.warn_days if self.step.due else 0
        due = None if self.is_paused else self.due(calendar)
        return due - dt.timedelta(days=days) if due and days > 0 else None

    def filed(self, use: FormUse) -> int:
        """Return how many forms of this kind it has."""
        return sum(happening.code == use.code for happening in self.used)

    def is_waived(self, code: str) -> bool:
        """Return whether a form, or with an empty code the whole step, was waived."""
        return any(happening.code == code for happening in self.waived)


@dataclass(kw_only=True)
class Progress:
    """Where a case stands. `unused` are the filed forms that did no step yet, `idle` the entries that did nothing.

    `carried_over` are the forms that were filed, under the present level, before the case was moved to this edition.
    """

    procedure: Procedure
    children: int = 0
    turns: list[Turn] = field(default_factory=list)
    events: list[tuple[str, dt.date]] = field(default_factory=list)
    levels: list[Happening] = field(default_factory=list)
    level: str = ""
    appointed: dict[str, Happening] = field(default_factory=dict)
    last_filed: dict[str, Happening] = field(default_factory=dict)
    closed: Happening | None = None
    unused: list[Happening] = field(default_factory=list)
    idle: list[Happening] = field(default_factory=list)
    carried_over: list[Happening] = field(default_factory=list)

    @property
    def open_turns(self) -> list[Turn]:
        """What is to be done now, in the order of the procedure."""
        waiting = [turn for turn in self.turns if turn.is_open] if self.closed is None else []
        order = {step.code: place for place, step in enumerate(self.procedure.steps)}
        return sorted(waiting, key=lambda turn: order[turn.step.code])

    def open_turn(self, step: str) -> Turn | None:
        """Return the open turn of a step; `None` when it does not wait."""
        return next((turn for turn in self.turns if turn.is_open and turn.step.code == step), None)

    def turns_of(self, step: str) -> list[Turn]:
        """Return every turn of a step, in order."""
        return [turn for turn in self.turns if turn.step.code == step]

    def happened_on(self, event: str) -> dt.date | None:
        """Return the last day of an event; `None` when it has not happened."""
        return next((on for name, on in reversed(self.events) if name == event), None)

    def gaps(self) -> Iterator[tuple[Turn, Happening]]:
        """Yield what was waived, also after the end."""
        for turn in self.turns:
            for happening in turn.waived:
                yield turn, happening

    def missing_forms(self, turn: Turn) -> Iterator[tuple[FormUse, int]]:
        """Yield the forms that a turn still needs, and how many of each."""
        for use in turn.step.forms:
            if use.is_optional or turn.is_waived(use.code):
                continue
            needed = (max(self.children, 1) if use.per_child else 1) - turn.filed(use)
            if needed > 0:
                yield use, needed

    def missing_required(self, turn: Turn) -> Iterator[str]:
        """Yield the codes of forms that have to lie in the case before a turn is done, and do not."""
        for code in turn.step.required:
            if code not in self.last_filed and not turn.is_waived(code):
                yield code

    def proves(self, guard: Guard) -> bool | None:
        """Return whether what has happened meets a guard; `None` when that cannot be read from it alone."""
        match guard.kind:
            case GuardKind.EVENT:
                return self.happened_on(guard.event) is not None
            case GuardKind.FORM:
                return guard.form in self.last_filed
            case GuardKind.ANSWER:
                filed = self.last_filed.get(guard.form)
                return filed is not None and answer_in_words(filed.answers.get(guard.question)) == guard.value
        return None


def answer_in_words(answer: Any) -> str:
    """Return an answer as a procedure names it: a yes is «да» and a no «нет», as in the rules of the forms."""
    if isinstance(answer, bool):
        return YES if answer else NO
    return answer if isinstance(answer, str) else ""


def _suits(step: Step, filed: Happening) -> bool:
    """Return whether a filed form is one for this step: one that decides has to answer with one of its outcomes.

    So the programme of a child does not end the step that asks for the programme of the family.
    """
    form, question = step.deciding
    if filed.code != form or not step.outcomes:
        return True
    return any(outcome.answer == answer_in_words(filed.answers.get(question)) for outcome in step.outcomes)


def _is_dated_by_typing(step: Step, last: Happening) -> bool:
    """Return whether the day on which a step was done is only the day on which its form was typed in."""
    return last.what == What.FILED and not any(use.dated_by for use in step.forms if use.code == last.code)


def replay(procedure: Procedure, happenings: Iterable[Happening], *, children: int = 0) -> Progress:
    """Return where a case stands after `happenings`, which come in the order in which they were written down."""
    replaying = _Replay(Progress(procedure=procedure, children=children))
    for happening in happenings:
        replaying.take(happening)
    return replaying.progress


class _Replay:
    """One replay under way."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.procedure = progress.procedure
        self.confirmed: list[tuple[str, Happening]] = []
        self.takers = {
            What.OPENED: self._opened,
            What.FILED: self._filed,
            What.DECIDED: self._done_by_somebody,
            What.APPOINTED: self._done_by_somebody,
            What.HAPPENED: self._done_by_somebody,
            What.LEVEL: self._level,
            What.WAIVED: self._waived,
            What.SUSPENDED: self._suspended,
            What.RESUMED: self._resumed,
            What.EXTENDED: self._extended,
            What.CLOSED: self._closed,
            What.CHILDREN: self._children,
            What.MOVED: self._moved,
        }

    def take(self, happening: Happening) -> None:
        self.takers[happening.what](happening)
        # What has just happened may be the last thing that other steps waited for.
        while any(
            self._finished_by_forms(turn) or self._finished_by_appointment(turn) for turn in self.progress.open_turns
        ):
            pass

    def _children(self, happening: Happening) -> None:
        if happening.code.isdecimal():
            self.progress.children = int(happening.code)

    def _moved(self, happening: Happening) -> None:
        for turn in self.progress.turns:
            turn.is_carried_over = turn.done_on is not None
        used = [each for turn in self.progress.turns for each in turn.used]
        self.progress.carried_over = [each for each in (*used, *self.progress.unused) if each.what == What.FILED]

    def _opened(self, happening: Happening) -> None:
        self._children(happening)
        self._event(OPENED, happening.on, earliest=happening.on)

    def _turn_of(self, happening: Happening, *, is_paused: bool | None = None) -> Turn | None:
        """Return the open turn that an entry is about; one that finds none, or not as it wants it, does nothing."""
        turn = self.progress.open_turn(happening.step)
        if turn is None or is_paused not in {None, turn.is_paused}:
            self.progress.idle.append(happening)
            return None
        return turn

    def _filed(self, happening: Happening) -> None:
        self.progress.last_filed[happening.code] = happening
        self.progress.unused.append(happening)

    def _done_by_somebody(self, happening: Happening) -> None:
        turn = self._turn_of(happening)
        if turn is None:
            return
        if happening.what == What.APPOINTED:
            self.progress.appointed[happening.code] = happening
        turn.used.append(happening)
        outcome = turn.step.outcome(happening.code) if happening.what == What.DECIDED else None
        self._done(turn, happening, outcome)

    def _level(self, happening: Happening) -> None:
        self._set_level(happening.code, happening, earliest=happening.on)

    def _waived(self, happening: Happening) -> None:
        turn = self._turn_of(happening)
        if turn is None:
            return
        turn.waived.append(happening)
        if not happening.code:
            self._done(turn, happening, None)

    def _suspended(self, happening: Happening) -> None:
        turn = self._turn_of(happening, is_paused=False)
        if turn:
            # A day on which the term stood still already counts once.
            earlier = [until for _since, until in turn.paused if until]
            turn.paused.append((max([happening.on, *earlier]), None))

    def _resumed(self, happening: Happening) -> None:
        turn = self._turn_of(happening, is_paused=True)
        if turn:
            since, _open = turn.paused.pop()
            until = max(since, happening.on)
            turn.paused.append((since, until))
            if turn.extended_to:
                turn.extended_to += until - since

    def _extended(self, happening: Happening) -> None:
        turn = self._turn_of(happening)
        if turn:
            turn.extended_to = happening.until

    def _closed(self, happening: Happening) -> None:
        for turn in self.progress.turns:
            if turn.is_open and turn.step.done_by == DoneBy.CLOSURE:
                turn.done_on, turn.outcome = happening.on, happening.code
                self.progress.events.append((turn.step.code, happening.on))
            elif turn.is_open:
                turn.ended_on = happening.on
        self.progress.closed = happening

    def _event(self, event: str, on: dt.date, *, earliest: dt.date, until: dt.date | None = None) -> None:
        self.progress.events.append((event, on))
        for turn in self.progress.turns:
            if turn.is_open and event in turn.step.ends_with:
                turn.ended_on = on
        for step in self.procedure.steps:
            if event in step.after and self.progress.open_turn(step.code) is None:
                self._open(step, event, on, number=1, earliest=earliest, until=until)

    def _open(
        self,
        step: Step,
        cause: str,
        on: dt.date,
        *,
        number: int,
        earliest: dt.date,
        anchor: dt.date | None = None,
        until: dt.date | None = None,
    ) -> None:
        since = step.due.since if step.due else ""
        due_from = anchor or (self.progress.happened_on(since) if since else None) or on
        turn = Turn(step=step, number=number, cause=cause, opened_on=on, earliest=earliest, due_from=due_from)
        if step.due is None and step.every is None:
            turn.extended_to = until
        self.progress.turns.append(turn)

    def _finished_by_forms(self, turn: Turn) -> bool:
        """Give an open step the filed forms that it needs; finish it when they are what finishes it, and all is there."""
        self._use_what_lies_ready(turn)
        form, question = turn.step.deciding
        progress = self.progress
        if not (turn.step.done_by == DoneBy.FORMS or form) or not (turn.used or turn.waived):
            return False
        if any(progress.missing_forms(turn)) or any(progress.missing_required(turn)):
            return False
        if any(progress.proves(guard) is False and not turn.is_waived(guard.words) for guard in turn.step.needs):
            return False
        last = (turn.used or turn.waived)[-1]
        if not form:
            self._done(turn, last, None)
            return True
        given = {answer_in_words(filed.answers.get(question)) for filed in turn.used if filed.code == form}
        # Where the forms of several children decide, the outcome that the procedure names last is the careful one.
        outcome = next((each for each in reversed(turn.step.outcomes) if each.answer in given), None)
        if outcome:
            self._done(turn, last, outcome)
        return outcome is not None

    def _finished_by_appointment(self, turn: Turn) -> bool:
        """Finish an open appointment to a role that another step, with which it ends, has filled already."""
        standing = self.progress.appointed.get(turn.step.appoints)
        if standing is None or standing.step not in turn.step.ends_with:
            return False
        if (turn.step.code, standing) in self.confirmed:  # once: a step may open itself
            return False
        self.confirmed.append((turn.step.code, standing))
        confirmed = replace(standing, on=max(standing.on, turn.opened_on))
        turn.used.append(confirmed)
        self._done(turn, confirmed, None)
        return True

    def _use_what_lies_ready(self, turn: Turn) -> None:
        """Give a turn the filed forms that it needs and nobody has used."""
        for use in turn.step.forms:
            wanted = max(self.progress.children, 1) if use.per_child else 1
            for filed in [each for each in self.progress.unused if each.code == use.code]:
                if turn.filed(use) < wanted and _suits(turn.step, filed):
                    turn.used.append(filed)
                    self.progress.unused.remove(filed)

    def _done(self, turn: Turn, last: Happening, outcome: Outcome | None) -> None:
        turn.done_on = max([last.on, *(filed.on for filed in turn.used)])
        turn.outcome = outcome.code if outcome else ""
        step = turn.step
        earliest = turn.earliest if _is_dated_by_typing(step, last) else max(turn.earliest, last.on)
        self._event(step.code, turn.done_on, earliest=earliest)
        if outcome:
            self._event(f"{step.code}.{outcome.code}", turn.done_on, earliest=earliest, until=last.until)
            if outcome.level:
                self._set_level(outcome.level, last, earliest=earliest)
        ended = any(event in step.ends_with for event, _on in self._events_since(turn))
        if step.every and not ended and self.progress.open_turn(step.code) is None:
            self._open(step, turn.cause, turn.done_on, number=turn.number + 1, earliest=earliest, anchor=turn.due_from)

    def _events_since(self, turn: Turn) -> list[tuple[str, dt.date]]:
        """Return what this turn has just brought about."""
        names = [event for event, _on in self.progress.events]
        start = len(names) - names[::-1].index(turn.step.code) - 1
        return self.progress.events[start:]

    def _set_level(self, level: str, happening: Happening, *, earliest: dt.date) -> None:
        self.progress.levels.append(happening)
        if level != self.progress.level:
            self.progress.level = level
            self.progress.carried_over = []
            self._event(f"{LEVEL}.{level}", happening.on, earliest=earliest)
