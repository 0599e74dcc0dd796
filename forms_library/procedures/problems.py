"""What makes a procedure impossible to run, said by code and place; in words in `in_words`.

Refused: codes that are taken twice or cannot be read, a step without a role, events that nothing produces, steps that
nothing reaches, loops without an exit, a form that has no edition in force.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from forms_library.deadlines import Unit
from forms_library.procedures.definition import (
    OPENED,
    CouncilKind,
    DoneBy,
    Guard,
    Named,
    PlayedBy,
    Procedure,
    Step,
    guards_of,
)

LONGEST_RHYTHM = 366
LONGEST_WARNING = 366
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong: what, where (the title of a step, ground or role), and on what."""

    code: str
    place: str = ""
    subject: str = ""


def problems(procedure: Procedure, *, forms_in_force: Collection[str] | None = None) -> list[Problem]:
    """Return everything that keeps a procedure from running; nothing when it can run.

    `forms_in_force` are the codes of forms that have an edition in force; without it forms are not looked at.
    """
    checks = (_nothing, _codes, _roles, _named_agencies, _councils, _papers_of_levels, _how_done, _events, _warnings)
    found = [problem for check in checks for problem in check(procedure)]
    if not found:
        found = [*_unreachable(procedure), *_without_exit(procedure)]
    if forms_in_force is not None:
        missing = sorted(procedure.form_codes() - set(forms_in_force))
        found += [
            Problem(code="form_not_in_force", place=_who_names(procedure, form), subject=form) for form in missing
        ]
    return found


def _nothing(procedure: Procedure) -> Iterator[Problem]:
    if not procedure.steps:
        yield Problem(code="no_steps")
    if not procedure.grounds:
        yield Problem(code="no_grounds")


def _codes(procedure: Procedure) -> Iterator[Problem]:
    groups: tuple[tuple[Named, ...], ...] = (
        procedure.stages,
        procedure.steps,
        procedure.roles,
        procedure.grounds,
        procedure.levels,
    )
    for group in (*groups, *(step.outcomes for step in procedure.steps)):
        for part in group:
            if not CODE.fullmatch(part.code):
                yield Problem(code="bad_code", place=part.title, subject=part.code)
        for code, times in Counter(part.code for part in group).items():
            if times > 1:
                yield Problem(code="code_twice", subject=code)
    for code in {step.code for step in procedure.steps} & {OPENED, "level"}:
        yield Problem(code="reserved_code", subject=code)


def _roles(procedure: Procedure) -> Iterator[Problem]:
    known = {role.code for role in procedure.roles}
    for step in procedure.steps:
        named = {step.role, step.appoints, step.waived_by, *(role for use in step.forms for role in use.to)} - {""}
        if not step.role:
            yield Problem(code="no_role", place=step.title)
        for role in sorted(named - known):
            yield Problem(code="unknown_role", place=step.title, subject=role)
    of_levels = {role for level in procedure.levels for role in level.to}
    of_checklists = {checklist.role for checklist in procedure.checklists}
    for role in sorted({procedure.level_role, *of_checklists, *of_levels} - {"", *known}):
        yield Problem(code="unknown_role", subject=role)


def _named_agencies(procedure: Procedure) -> Iterator[Problem]:
    """Yield the roles that an answer is to give an agency to, while no agency plays them or nobody is asked for it."""
    forms = {form for step in procedure.steps for form in (*step.required, *(use.code for use in step.forms))}
    for role in procedure.roles:
        form, question = role.naming
        if role.named_by and (role.played_by != PlayedBy.OTHER_AGENCY or not role.agency_kinds):
            yield Problem(code="named_but_no_agency", place=role.title)
        if role.named_by and (not question or form not in forms):
            yield Problem(code="named_by_unknown", place=role.title, subject=role.named_by)


def _councils(procedure: Procedure) -> Iterator[Problem]:
    """Yield the roles that name a kind of council there is not, and the steps that no council can do."""
    of_councils = {role.code for role in procedure.roles if role.council_kinds}
    for role in procedure.roles:
        for kind in sorted(set(role.council_kinds) - set(CouncilKind)):
            yield Problem(code="unknown_council", place=role.title, subject=kind)
    for step in procedure.steps:
        by_form = step.done_by == DoneBy.DECISION and bool(step.decided_by)
        if step.role in of_councils and (by_form or step.done_by == DoneBy.APPOINTMENT):
            yield Problem(code="not_for_a_council", place=step.title)


def _papers_of_levels(procedure: Procedure) -> Iterator[Problem]:
    """Yield the levels whose papers have nowhere to go, or that send nothing."""
    agencies = {role.code for role in procedure.roles if role.played_by == PlayedBy.OTHER_AGENCY and role.agency_kinds}
    titles = {role.code: role.title for role in procedure.roles}
    for level in procedure.levels:
        if level.papers and not level.to:
            yield Problem(code="papers_to_nobody", place=level.title)
        if level.to and not level.papers:
            yield Problem(code="nothing_to_send", place=level.title)
        for role in level.to:
            if role in titles and role not in agencies:
                yield Problem(code="not_an_agency", place=level.title, subject=titles[role])


def _how_done(procedure: Procedure) -> Iterator[Problem]:
    """Yield the steps that nothing can finish, and answers that decide but are not asked for."""
    for step in procedure.steps:
        needs_forms = step.done_by == DoneBy.FORMS
        if needs_forms and all(use.is_optional for use in step.forms):
            yield Problem(code="no_forms", place=step.title)
        if step.done_by == DoneBy.DECISION and not step.outcomes:
            yield Problem(code="no_outcomes", place=step.title)
        if step.done_by == DoneBy.APPOINTMENT and not step.appoints:
            yield Problem(code="appoints_nobody", place=step.title)
        form, question = step.deciding
        if step.decided_by and (not question or form not in {use.code for use in step.forms}):
            yield Problem(code="decided_by_unknown", place=step.title, subject=step.decided_by)
        unnamed = [each for each in step.outcomes if step.decided_by and not each.answer]
        if unnamed:
            yield Problem(code="outcome_without_answer", place=step.title, subject=unnamed[0].title)
        for outcome in step.outcomes:
            if outcome.level and outcome.level not in {level.code for level in procedure.levels}:
                yield Problem(code="unknown_level", place=step.title, subject=outcome.level)


def _events(procedure: Procedure) -> Iterator[Problem]:
    """Yield the events that are waited for, and that nothing produces."""
    known = procedure.events()
    for step in procedure.steps:
        named = [*step.after, *step.ends_with, *([step.due.since] if step.due and step.due.since else [])]
        for event in [*named, *_guarded(guards_of(step))]:
            if event not in known:
                yield Problem(code="unknown_event", place=step.title, subject=event)
        if step.due and step.due.since == step.code:
            yield Problem(code="counts_from_itself", place=step.title)
        if step.every and (step.every.unit == Unit.AT_ONCE or step.every.number > LONGEST_RHYTHM):
            yield Problem(code="comes_again_at_once", place=step.title)
        if not step.after:
            yield Problem(code="never_opens", place=step.title)
    for ground in procedure.grounds:
        for event in _guarded(ground.guards):
            if event not in known:
                yield Problem(code="unknown_event", place=ground.title, subject=event)


def _warnings(procedure: Procedure) -> Iterator[Problem]:
    """Yield the terms of which nobody can be told in good time."""
    for step in procedure.steps:
        if step.due is None or not step.due.warn_days:
            continue
        if not 0 < step.due.warn_days <= LONGEST_WARNING:
            yield Problem(code="warns_too_early", place=step.title)
        if step.due.rule.unit == Unit.AT_ONCE:
            yield Problem(code="warns_of_no_term", place=step.title)


def _guarded(guards: Iterator[Guard] | tuple[Guard, ...]) -> list[str]:
    return [guard.event for guard in guards if guard.event]


def _reached(procedure: Procedure) -> tuple[set[str], set[str]]:
    """Return the events and the steps that can come about, beginning with the first event."""
    # A level can be set by hand, at any hour, whatever step the case is in.
    events = {OPENED, *(f"level.{level.code}" for level in procedure.levels)}
    steps: set[str] = set()
    grown = True
    while grown:
        new = [step for step in procedure.steps if step.code not in steps and events.intersection(step.after)]
        for step in new:
            steps.add(step.code)
            events.update(procedure.events_of(step))
        grown = bool(new)
    return events, steps


def _unreachable(procedure: Procedure) -> Iterator[Problem]:
    _all_events, reached = _reached(procedure)
    for step in procedure.steps:
        if step.code not in reached:
            yield Problem(code="unreachable", place=step.title)


def _without_exit(procedure: Procedure) -> Iterator[Problem]:
    """Yield the steps from which no way leads to the end: the work would go round for ever."""
    leads_out = {step.code for step in procedure.steps if step.done_by == DoneBy.CLOSURE}
    if not leads_out:
        yield Problem(code="no_end")
        return
    grown = True
    while grown:
        new = {
            step.code
            for step in procedure.steps
            if step.code not in leads_out
            and (_opens_any(procedure, step, leads_out) or _is_taken_away_by(procedure, step, leads_out))
        }
        leads_out |= new
        grown = bool(new)
    # A step beside the main road (a sheet that is filed again and again) needs no way of its own to the end.
    for step in procedure.steps:
        if step.code not in leads_out and _goes_round(procedure, step):
            yield Problem(code="no_exit", place=step.title)


def _opens_any(procedure: Procedure, step: Step, codes: Collection[str]) -> bool:
    produced = set(procedure.events_of(step))
    return any(produced.intersection(other.after) for other in procedure.steps if other.code in codes)


def _is_taken_away_by(procedure: Procedure, step: Step, codes: Collection[str]) -> bool:
    """Return whether one of the steps `codes` ends an open `step`: visits that go on until the child is home."""
    endings = set(step.ends_with)
    return any(endings.intersection(procedure.events_of(other)) for other in procedure.steps if other.code in codes)


def _goes_round(procedure: Procedure, step: Step) -> bool:
    """Return whether doing a step can lead back to it."""
    seen: set[str] = set()
    waiting = [step]
    while waiting:
        produced = set(procedure.events_of(waiting.pop()))
        for other in procedure.steps:
            if produced.intersection(other.after):
                if other.code == step.code:
                    return True
                if other.code not in seen:
                    seen.add(other.code)
                    waiting.append(other)
    return False


def _who_names(procedure: Procedure, form: str) -> str:
    for step in procedure.steps:
        if form in step.required or form in {use.code for use in step.forms}:
            return step.title
    return ""
