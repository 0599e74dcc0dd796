"""When a plan is in force: at once, or when the council that the procedure names has approved it. Pure.

A form has to be approved when a decision by a protocol comes right after the step that files it (S001, Tomsk: «Утверждение
Плана на консилиуме»), and it waits for the council when it is drawn up on its decision (S004: the plan of a family whose card was
approved). Until then, and while it is sent back, nobody is asked to do what it says.
"""

from collections.abc import Iterator

from casework.measures import PROTOCOLS
from forms_library.procedures.definition import DoneBy, Procedure, Step
from forms_library.procedures.progress import Progress


def approved_by(procedure: Procedure, form: str) -> list[Step]:
    """Return the steps at which a council decides on a form."""
    return [step for step, codes in _approvals(procedure) if form in codes]


def forms_to_approve(procedure: Procedure) -> set[str]:
    """Return the codes of the forms that are not in force before a council has decided."""
    drawn_up = {use.code for step in _drawn_up_on_approval(procedure) for use in step.forms}
    return drawn_up - PROTOCOLS | {code for _step, codes in _approvals(procedure) for code in codes}


def is_in_force(progress: Progress, form: str) -> bool:
    """Return whether what a form says holds where the case stands: no approval of it waits, or has sent it back."""
    procedure = progress.procedure
    filing, opened_by_councils = _filing(procedure, form), _drawn_up_on_approval(procedure)
    if any(step in opened_by_councils for step in filing):
        reached = {turn.step.code for turn in progress.turns}
        if not any(step.code in reached for step in filing):
            return False
    return all(_has_approved(progress, step, form) for step in approved_by(procedure, form))


def _has_approved(progress: Progress, step: Step, form: str) -> bool:
    turns = [turn for turn in progress.turns if turn.step.code == step.code]
    if not turns or turns[-1].is_open:
        return False
    answer = f"{step.code}.{turns[-1].outcome}"
    return not any(answer in plan.after for plan in _filing(progress.procedure, form))


def _approvals(procedure: Procedure) -> Iterator[tuple[Step, set[str]]]:
    for step in procedure.steps:
        if step.done_by == DoneBy.DECISION and any(use.code in PROTOCOLS for use in step.forms):
            before = [other for other in procedure.steps if other.code in step.after]
            yield step, {use.code for other in before for use in other.forms} - PROTOCOLS


def _drawn_up_on_approval(procedure: Procedure) -> list[Step]:
    """Return the steps that a council's decision opens, and that it does not open as work to be done over."""
    approvals = list(_approvals(procedure))
    returned = {code for _step, codes in approvals for code in codes}
    decisions = {f"{step.code}.{outcome.code}" for step, _codes in approvals for outcome in step.outcomes}
    return [
        step
        for step in procedure.steps
        if decisions & set(step.after) and not returned & {use.code for use in step.forms}
    ]


def _filing(procedure: Procedure, form: str) -> list[Step]:
    return [step for step in procedure.steps if any(use.code == form for use in step.forms)]
