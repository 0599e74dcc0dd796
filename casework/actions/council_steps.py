"""Which steps of a case's procedure belong to a council, and what it can decide there.

A role names the kinds of councils to which its decisions belong (S004 Территориальный консилиум, S002 консилиум организации).
Where the case has such a council, with members enough for its quorum, its meeting decides and nobody by hand; a small place without one goes on as before, with
the protocol on paper.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.actions.progress import progress_of
from casework.models import AgendaItem, Case, CaseProcedure, Council, Meeting
from forms_library.procedures.definition import DoneBy, GuardKind, Procedure, Step
from forms_library.procedures.progress import Progress, Turn

DONE = "done"
"""What a council decides on a step that only has to happen."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision that a council can take on a step: an outcome, or a ground on which the work ends."""

    code: str
    title: str
    needs_words: bool = False
    asks_until: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """A step of a case that waits for a council, by the last day on which it is in time."""

    followed: CaseProcedure
    turn: Turn
    decisions: tuple[Decision, ...]

    @property
    def step(self) -> Step:
        return self.turn.step


def deciding(followed: CaseProcedure, *, today: dt.date) -> Mapping[str, Council]:
    """Return the councils that decide in a case, by the role whose decisions are theirs.

    A council without members enough for its quorum decides nothing: somebody decides by hand, as where there is none.
    One query; none when no role of the procedure belongs to a council.
    """
    roles = [role for role in followed.edition.procedure.roles if role.council_kinds]
    able = Council.objects.deciding_for(followed.case).with_quorum_on(today)
    councils = list(able.order_by("pk")) if roles else []
    found = {role.code: [each for each in councils if each.kind in role.council_kinds] for role in roles}
    return {role: councils[0] for role, councils in found.items() if councils}


def questions_for(council: Council, case: Case) -> list[Question]:
    """Return what waits in a case for this council. A few queries for each procedure that the case follows."""
    if not Council.objects.deciding_for(case).filter(pk=council.pk).exists():
        return []
    running = CaseProcedure.objects.running().filter(case=case).select_related("edition", "case__agency")
    return [
        Question(followed=followed, turn=turn, decisions=decisions_on(followed.edition.procedure, turn.step))
        for followed in running
        for turn in turns_of_council(council.kind, progress_of(followed))
    ]


def turns_of_council(kind: str, progress: Progress) -> list[Turn]:
    """Return the open steps whose decision belongs to a council of this kind; those that filing does by itself are none."""
    procedure = progress.procedure
    return [
        turn
        for turn in progress.open_turns
        if kind in procedure.role(turn.step.role).council_kinds and turn.step.done_by != DoneBy.FORMS
    ]


def decisions_on(procedure: Procedure, step: Step) -> tuple[Decision, ...]:
    """Return what can be decided on a step: outcomes, grounds of the end, or only that it is done."""
    if step.done_by == DoneBy.CLOSURE:
        return tuple(
            Decision(code=ground.code, title=ground.title, needs_words=ground.needs_words)
            for ground in procedure.grounds
        )
    if step.done_by == DoneBy.EVENT:
        return (Decision(code=DONE, title=_("Done: %(step)s") % {"step": step.title}),)
    return tuple(
        Decision(code=each.code, title=each.title, needs_words=each.needs_words, asks_until=each.asks_until)
        for each in step.outcomes
    )


def decisions_of(item: AgendaItem) -> tuple[Decision, ...]:
    """Return what can be decided on the step of an item; nothing when it carries none."""
    step = step_of(item)
    return decisions_on(item.case_procedure.edition.procedure, step) if step and item.case_procedure else ()


def step_of(item: AgendaItem) -> Step | None:
    """Return the step of an item; `None` when it carries none, or when the procedure does not know it any more."""
    if item.case_procedure is None or not item.step:
        return None
    try:
        return item.case_procedure.edition.procedure.step(item.step)
    except KeyError:
        return None


def states(procedure: Procedure, step: Step, outcome: str) -> list[str]:
    """Return what a council states by its decision: everything that is asked of whoever acts."""
    guards = list(step.needs)
    if step.done_by == DoneBy.CLOSURE:
        guards += procedure.ground(outcome).guards
    elif (chosen := step.outcome(outcome)) is not None:
        guards += chosen.guards
    return [guard.words for guard in guards if guard.kind == GuardKind.STATEMENT]


def grounds_decided(followed: CaseProcedure) -> frozenset[str]:
    """Return the grounds on which councils have decided, in signed protocols, to end the work. One query."""
    ends = [step.code for step in followed.edition.procedure.steps if step.done_by == DoneBy.CLOSURE]
    signed = AgendaItem.objects.filter(case_procedure=followed, step__in=ends, meeting__stage=Meeting.Stage.SIGNED)
    return frozenset(signed.values_list("outcome", flat=True))


def council_that_ends(followed: CaseProcedure, progress: Progress, *, today: dt.date) -> Council | None:
    """Return the council without whose decision the work does not end; `None` where somebody decides by hand.

    Of the ends that are open now (of all of them, when none is) each has to be a council's.
    """
    ends = [turn.step for turn in progress.open_turns if turn.step.done_by == DoneBy.CLOSURE]
    ends = ends or [step for step in progress.procedure.steps if step.done_by == DoneBy.CLOSURE]
    councils = deciding(followed, today=today)
    found = [councils.get(step.role) for step in ends]
    return found[0] if found and all(found) else None


def on_day(item: AgendaItem, *, at: dt.datetime) -> dt.date:
    """Return the day that counts for what was decided: that of the meeting, never one that has not come."""
    local = item.case.agency.local
    return min(local(item.meeting.held_at).date(), local(at).date())
