"""Walking a shipped procedure from its first event to its end, by the rules that the actions of a case keep.

A walk refuses what a case would refuse: a step that does not wait, an unmet guard, a form that is missing.
"""

import datetime as dt
import json
from functools import cache

from forms_library.packs import shipped
from forms_library.procedures.definition import DoneBy, GuardKind, Procedure
from forms_library.procedures.guards import Circumstances, unmet, unmet_of_turn
from forms_library.procedures.progress import Happening, What, replay
from forms_library.working_calendar import WorkingCalendar

FOLDER = shipped.SOURCES / "procedures"
CODES = ("nso_interagency", "tom_support", "birth_family", "mrg", "kin_service", "professional_family")

HOLIDAYS = "01-01 01-02 01-03 01-04 01-05 01-06 01-07 01-08 02-23 03-08 05-01 05-09 06-12 11-04"
MOVED = "2026-01-09 2026-03-09 2026-05-11 2026-12-31 2027-02-22 2027-05-03 2027-05-10 2027-06-14 2027-11-05 2027-12-31"
# Domain table E.1.
CALENDAR = WorkingCalendar(
    days_off=frozenset(
        dt.date.fromisoformat(day)
        for day in [*(f"{y}-{d}" for y in (2026, 2027) for d in HOLIDAYS.split()), *MOVED.split()]
    ),
    working_days=frozenset({dt.date(2027, 2, 20)}),
    years=frozenset({2026, 2027}),
)
KEPT = {"да": True, "нет": False}  # how a yes and a no are kept among the answers of a filed form
A_CHILD = dt.date(2015, 3, 1)


def day(text):
    return dt.date.fromisoformat(text)


@cache
def facts(code):
    return json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))


@cache
def procedure_of(code):
    return Procedure.from_json(facts(code)["procedure"])


def rules_of(procedure):
    """Yield every term of a procedure together with its step."""
    for step in procedure.steps:
        if step.due:
            yield step, step.due.rule
        if step.every:
            yield step, step.every


@cache
def questions_of(form):
    return {question.key: question for question in shipped.form(form).schema}


class Walk:
    """One family under one procedure. `on` is the day of what happens next."""

    def __init__(self, code, *, on="2026-02-09", children=1, born=A_CHILD):
        self.code = code
        self.procedure = procedure_of(code)
        self.children = children
        self.born = (born,) * children
        self.today = day(on)
        self.happenings = [Happening(what=What.OPENED, on=self.today)]
        self._replayed = (0, None)

    @property
    def progress(self):
        """Where the family stands; replayed anew after every happening."""
        number, progress = self._replayed
        if number != len(self.happenings):
            progress = replay(self.procedure, self.happenings, children=self.children)
            self._replayed = (len(self.happenings), progress)
        return progress

    def on(self, text):
        self.today = day(text)
        return self

    def through(self, *places, **how):
        """Do these steps one after another: «step», or «step.outcome»."""
        for place in places:
            self._do(*place.partition(".")[::2], **how)
        return self

    def file(self, form, **answers):
        return self._happens(What.FILED, code=form, answers=answers)

    def level(self, level):
        return self._happens(What.LEVEL, code=level)

    def waive(self, step, what=""):
        return self._happens(What.WAIVED, step=step, code=what)

    def end(self, ground, *, states=None):
        """End the work on a ground, and file the papers that the end needs."""
        stopped = self.ending_stopped_by(ground, states=states)
        assert not stopped, stopped
        for turn in self._endings():
            for use, number in self.progress.missing_forms(turn):
                _form, question = turn.step.deciding
                for _each in range(number):
                    self.file(use.code, **({question: self.procedure.ground(ground).answer} if question else {}))
            missing = list(self.progress.missing_required(turn))
            assert not missing, missing
        assert self._endings(), "nothing offers the end"
        self._happens(What.CLOSED, code=ground)
        assert self.progress.closed.code == ground
        assert not self.progress.open_turns
        return self

    def due(self, step):
        turn = self.progress.open_turn(step)
        assert turn, f"{step} does not wait: {self.waiting}"
        return turn.due(CALENDAR)

    @property
    def waiting(self):
        return [turn.step.code for turn in self.progress.open_turns]

    def stopped_by(self, place, *, states=(), until=None):
        """Return the words of the guards that stop an outcome."""
        step, _dot, outcome = place.partition(".")
        turn = self.progress.open_turn(step)
        around = self._around(states, until)
        chosen = turn.step.outcome(outcome)
        return [guard.words for guard in unmet_of_turn(turn, progress=self.progress, around=around, outcome=chosen)]

    def ending_stopped_by(self, ground, *, states=None):
        guards = self.procedure.ground(ground).guards
        around = self._around(stated_in(guards) if states is None else states, None)
        return [guard.words for guard in unmet(guards, progress=self.progress, around=around)]

    def walked(self):
        """Return what was done: steps, steps with their outcomes, and the ground of the end."""
        done = [turn for turn in self.progress.turns if turn.done_on]
        return {
            *(turn.step.code for turn in done),
            *(f"{turn.step.code}.{turn.outcome}" for turn in done if turn.outcome),
            f"ground {self.progress.closed.code}",
        }

    def _do(self, step, outcome="", *, until=None):
        turn = self.progress.open_turn(step)
        assert turn, f"{step} does not wait: {self.waiting}"
        place = self.progress.turns.index(turn)
        chosen = turn.step.outcome(outcome)
        assert bool(chosen) == bool(turn.step.outcomes), f"{step}: name one of its outcomes"
        missing = list(self.progress.missing_required(turn))
        assert not missing, f"{step} needs {missing}"
        until = day(until) if until else None
        if chosen and chosen.asks_until:
            assert until, f"{step}.{outcome}: until when?"
        guards = (*turn.step.needs, *(chosen.guards if chosen else ()))
        stopped = self.stopped_by(f"{step}.{outcome}", states=stated_in(guards), until=until)
        assert not stopped, stopped
        self._file_what_is_missing(turn, chosen)
        self._say(turn.step, outcome, until)
        done = self.progress.turns[place]
        assert done.done_on, f"{step} is not done"
        assert done.outcome == outcome

    def _file_what_is_missing(self, turn, chosen):
        form, question = turn.step.deciding
        for use, number in list(self.progress.missing_forms(turn)):
            decides = chosen and use.code == form
            for _each in range(number):
                self.file(use.code, **({question: KEPT.get(chosen.answer, chosen.answer)} if decides else {}))

    def _say(self, step, outcome, until):
        if step.done_by == DoneBy.DECISION and not step.decided_by:
            self._happens(What.DECIDED, step=step.code, code=outcome, until=until)
        elif step.done_by == DoneBy.APPOINTMENT:
            self._happens(What.APPOINTED, step=step.code, code=step.appoints)
        elif step.done_by == DoneBy.EVENT:
            self._happens(What.HAPPENED, step=step.code)

    def _happens(self, what, **facts):
        self.happenings.append(Happening(what=what, on=self.today, **facts))
        return self

    def _endings(self):
        return [turn for turn in self.progress.open_turns if turn.step.done_by == DoneBy.CLOSURE]

    def _around(self, states, until):
        until = day(until) if isinstance(until, str) else until
        return Circumstances(
            today=self.today, calendar=CALENDAR, birth_dates=self.born, stated=frozenset(states), until=until
        )


def stated_in(guards):
    """Return the words that somebody states who is asked to."""
    return [guard.words for guard in guards if guard.kind == GuardKind.STATEMENT]
