"""What can be chosen on a page of a procedure, each choice with what it asks for, what is missing and what it leads to.

Pure, as `casework.radar` is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.radar_steps import conditions
from forms_library.procedures.definition import LEVEL, DoneBy, Ground, Guard, GuardKind, Outcome, Step
from forms_library.procedures.guards import Circumstances
from forms_library.procedures.progress import Happening, Progress, Turn, answer_in_words

RISK_DECISION = "nso_risk_decision"
"""The form whose questions `not_open` and `open` hold the eight criteria of domain.md B.1."""

NOTHING: Mapping[str, Collection[str]] = {}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that can be chosen. `statements` are what whoever chooses it has to state."""

    value: str
    title: str
    leads_to: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    needs_words: bool = False
    asks_until: bool = False
    mark: str = ""
    is_danger: bool = False
    is_hidden: bool = False  # can be sent once more, and is not offered


def outcome_choices(
    step: Step,
    progress: Progress,
    around: Circumstances,
    *,
    turn: Turn | None,
    sends: Mapping[str, Collection[str]] = NOTHING,
) -> list[Choice]:
    """Return the outcomes of a step. `sends` says for each level what setting it does with papers."""
    return [
        Choice(
            value=outcome.code,
            title=outcome.title,
            leads_to=(*effects(progress, step, outcome), *sends.get(outcome.level, ())),
            missing=tuple(_missing(outcome.guards, progress, around, turn)),
            statements=statements(outcome.guards),
            needs_words=outcome.needs_words,
            asks_until=outcome.asks_until,
            mark=_limit(outcome),
        )
        for outcome in step.outcomes
    ]


def ground_choices(progress: Progress, around: Circumstances) -> list[Choice]:
    """Return the grounds on which the work can end."""
    return [
        Choice(
            value=ground.code,
            title=ground.title,
            missing=(*_missing(ground.guards, progress, around, None), *_other_ground(progress, ground)),
            statements=statements(ground.guards),
            needs_words=ground.needs_words,
        )
        for ground in progress.procedure.grounds
    ]


def level_choices(
    progress: Progress, *, allowed: Collection[str], suggested: str, sends: Mapping[str, Collection[str]] = NOTHING
) -> list[Choice]:
    """Return the levels that may be set, the suggested one marked; the one that is set already is not offered.

    `sends` says for each level what setting it does with papers.
    """
    return [
        Choice(
            value=level.code,
            title=level.title,
            leads_to=(*_caused(progress, {f"{LEVEL}.{level.code}"}), *sends.get(level.code, ())),
            mark=_("the assessments suggest this") if level.code == suggested else "",
            is_danger=level.at_once,
            is_hidden=level.code == progress.level,
        )
        for level in progress.procedure.levels
        if level.code in allowed
    ]


def statements(guards: Collection[Guard]) -> tuple[str, ...]:
    """Return what whoever acts has to state."""
    return tuple(guard.words for guard in guards if guard.kind == GuardKind.STATEMENT)


def _missing(guards: Collection[Guard], progress: Progress, around: Circumstances, turn: Turn | None) -> list[str]:
    told = conditions(guards, progress=progress, around=around, turn=turn)
    return [each.words for each in told if not (each.is_met or each.is_asked or each.is_waived)]


def _limit(outcome: Outcome) -> str:
    """Return within what a new last day has to stay."""
    return "; ".join(guard.words for guard in outcome.guards if guard.kind == GuardKind.UNTIL_WITHIN)


def _other_ground(progress: Progress, ground: Ground) -> list[str]:
    """Return that the filed decision names another ground, when it does."""
    for step in progress.procedure.steps:
        form, question = step.deciding
        filed = progress.last_filed.get(form) if step.done_by == DoneBy.CLOSURE and ground.answer else None
        if filed and answer_in_words(filed.answers.get(question)) != ground.answer:
            return [_("the decision that was filed names another ground")]
    return []


def criteria(progress: Progress) -> tuple[list[str], list[str]]:
    """Return the criteria that the last decision about the level ticked: against opening a case, and for it."""
    filed = progress.last_filed.get(RISK_DECISION)
    return _ticked(filed, "not_open"), _ticked(filed, "open")


def _ticked(filed: Happening | None, question: str) -> list[str]:
    answer = filed.answers.get(question) if filed else None
    return [str(words) for words in answer] if isinstance(answer, list) else []


def effects(progress: Progress, step: Step, outcome: Outcome) -> list[str]:
    """Return what an outcome leads to, each thing in words."""
    told = []
    events = {step.code, f"{step.code}.{outcome.code}"}
    if outcome.level:
        told.append(_("the risk level becomes “%(level)s”") % {"level": progress.procedure.level(outcome.level).title})
        events.add(f"{LEVEL}.{outcome.level}")
    return [*told, *_caused(progress, events)]


def _caused(progress: Progress, events: set[str]) -> list[str]:
    """Return the steps that events open, and those of the open ones that they take away."""
    procedure = progress.procedure
    opened = [
        _("then: %(step)s (%(role)s)") % {"step": step.title, "role": procedure.role(step.role).title}
        for step in procedure.steps
        if events.intersection(step.after) and progress.open_turn(step.code) is None
    ]
    ended = [
        _("no longer needed: %(step)s") % {"step": turn.step.title}
        for turn in progress.open_turns
        if events.intersection(turn.step.ends_with)
    ]
    return [*opened, *ended]
