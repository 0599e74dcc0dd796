"""What the page of a procedure shows: where the case stands, what is to be done now, by whom, by when and why.

Pure: a progress and the facts beside it in, plain words out. No database, no clock, no request.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from casework.radar_steps import ACTS, Act, Facts, OpenStep, Urgency, open_step
from forms_library.procedures.definition import Checklist, Level, Procedure, Step
from forms_library.procedures.diagram import StandingState, StepStanding
from forms_library.procedures.guards import Circumstances
from forms_library.procedures.progress import Progress, Turn


@dataclass(frozen=True, kw_only=True)
class LaterStep:
    """A step that the case has not come to, or has left. `is_next` when doing an open step can lead to it."""

    title: str
    stage: str
    role: str
    after: str
    is_next: bool


MOST_STEPS = 12
"""A picture of more steps than this is longer than a screen or two: it is unfolded by whoever wants it."""


class StageState(StrEnum):
    """Where the case stands in a stage."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class StageStanding:
    """A stage, and where the case stands in it."""

    title: str
    state: StageState


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What one assessment suggests."""

    form: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Radar:
    """The whole page."""

    procedure: Procedure
    progress: Progress
    now: tuple[OpenStep, ...]
    later: tuple[LaterStep, ...]
    standing: Mapping[str, StepStanding]
    level: Level | None
    suggestions: tuple[Suggestion, ...]
    checklists: tuple[Checklist, ...]
    stages: tuple[StageStanding, ...]

    @property
    def is_over(self) -> bool:
        """Whether the work under the procedure has ended."""
        return self.progress.closed is not None

    @property
    def is_long(self) -> bool:
        """Whether the picture is better unfolded by whoever wants it."""
        return len(self.procedure.steps) > MOST_STEPS

    @property
    def dangers(self) -> tuple[Level, ...]:
        """Return the levels that work at once and are not set yet, while the work goes on."""
        at_once = (level for level in self.procedure.levels if level.at_once and level != self.level)
        return () if self.is_over else tuple(at_once)

    def open_step(self, code: str) -> OpenStep | None:
        """Return a step that waits; `None` when it does not."""
        return next((each for each in self.now if each.step.code == code), None)

    def act_of(self, step: Step) -> Act:
        """Return what finishes a step."""
        return ACTS[step.done_by]

    def after(self, step: Step) -> str:
        """Return after what a step comes, in words."""
        return _(" or ").join(self.procedure.event_in_words(event) for event in step.after)

    @property
    def next_steps(self) -> list[LaterStep]:
        """Return those that can come straight after what is to be done now."""
        return [step for step in self.later if step.is_next]

    @property
    def other_steps(self) -> list[LaterStep]:
        """Return those that are further away."""
        return [step for step in self.later if not step.is_next]


def radar(progress: Progress, facts: Facts) -> Radar:
    """Return what the page shows."""
    procedure = progress.procedure
    now = tuple(_now(progress, facts))
    return Radar(
        procedure=procedure,
        progress=progress,
        now=now,
        later=tuple(_later(progress)),
        standing=standing(progress, facts.around),
        level=next((level for level in procedure.levels if level.code == progress.level), None),
        suggestions=tuple(suggestions(progress, facts.titles)),
        checklists=tuple(_checklists(procedure, facts.mine)),
        stages=tuple(_stages(progress)),
    )


def _stages(progress: Progress) -> Iterator[StageStanding]:
    waiting = {turn.step.code for turn in progress.open_turns if not turn.step.is_optional}
    begun = {turn.step.code for turn in progress.turns if turn.done_on}
    for stage in progress.procedure.stages:
        codes = {step.code for step in stage.steps}
        done = StageState.DONE if codes & begun else StageState.LATER
        yield StageStanding(title=stage.title, state=StageState.NOW if codes & waiting else done)


def _checklists(procedure: Procedure, mine: Collection[str]) -> list[Checklist]:
    """Return the lists of what to keep in mind; those of one's own roles come first."""
    return sorted(procedure.checklists, key=lambda each: each.role not in mine)


def _now(progress: Progress, facts: Facts) -> Iterator[OpenStep]:
    """Yield the open steps in the order of the procedure; but what is to be done at once comes first, then what is late,
    and last what nobody has to do."""
    opened = [open_step(progress, turn, facts) for turn in progress.open_turns]
    yield from sorted(
        opened, key=lambda each: (not each.is_at_once, each.step.is_optional, each.urgency != Urgency.OVERDUE)
    )


def _later(progress: Progress) -> Iterator[LaterStep]:
    """Yield the steps that nobody has come to yet, in the order of the procedure."""
    procedure = progress.procedure
    if progress.closed is not None:
        return
    near = {event for turn in progress.open_turns for event in procedure.events_of(turn.step)}
    for stage in procedure.stages:
        for step in stage.steps:
            if progress.turns_of(step.code):
                continue
            yield LaterStep(
                title=step.title,
                stage=stage.title,
                role=procedure.role(step.role).title,
                after=_(" or ").join(procedure.event_in_words(event) for event in step.after),
                is_next=bool(near.intersection(step.after)),
            )


def what_was_waived(code: str, titles: Mapping[str, str]) -> str:
    """Return what was done without: the step itself, a form by its title, or a condition in its own words."""
    return titles.get(code, code) if code else _("the whole step")


def standing(progress: Progress, around: Circumstances) -> dict[str, StepStanding]:
    """Return where the case stands at each step that it has come to. Never names a person."""
    return {turn.step.code: _standing(turn, progress, around) for turn in _last_turns(progress)}


def _last_turns(progress: Progress) -> list[Turn]:
    """Return for each step the turn that says where it stands: the open one, else the last one that was done."""
    told: dict[str, Turn] = {}
    for turn in progress.turns:
        known = told.get(turn.step.code)
        if known is None or turn.is_open or turn.done_on or not known.done_on:
            told[turn.step.code] = turn
    return list(told.values())


def _standing(turn: Turn, progress: Progress, around: Circumstances) -> StepStanding:
    if turn.done_on:
        return StepStanding(state=StandingState.DONE, words=_("Done on %(day)s") % {"day": f"{turn.done_on:%d.%m.%Y}"})
    if not turn.is_open or progress.closed is not None:
        return StepStanding(state=StandingState.GONE, words=_("No longer needed"))
    if turn.is_paused:
        return StepStanding(state=StandingState.WAITING, words=_("The term stands still"))
    due = turn.due(around.calendar)
    if due is None:
        return StepStanding(state=StandingState.OPEN, words=_("To be done, without a term"))
    if due < around.today:
        return StepStanding(state=StandingState.OVERDUE, words=_("Overdue since %(day)s") % {"day": f"{due:%d.%m.%Y}"})
    return StepStanding(state=StandingState.OPEN, words=_("To be done by %(day)s") % {"day": f"{due:%d.%m.%Y}"})


def suggestions(progress: Progress, titles: Mapping[str, str]) -> Iterator[Suggestion]:
    """Yield what each filed assessment suggests about the level."""
    for place in progress.procedure.suggested_by:
        code, _dot, question = place.partition(".")
        filed = progress.last_filed.get(code)
        says = str(filed.answers.get(question) or "") if filed else ""
        if says:
            yield Suggestion(form=titles.get(code, code), says=says)
