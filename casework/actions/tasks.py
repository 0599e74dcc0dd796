"""Tasks: those of procedures are kept in step with where their case stands; those of colleagues are given and done."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from casework import access
from casework.actions.cases import locked_running
from casework.actions.log import record
from casework.actions.progress import progress_of
from casework.actions.roles import MAY_DO, acting_for, appointed_to, is_head, players, team_and_owner
from casework.actions.task_refusals import (
    CannotDoTask,
    DayHasPassed,
    DoneByItsStep,
    NotYourTask,
    TaskOfAnotherTeam,
    TaskOver,
    TaskTaken,
)
from casework.models import Case, CaseProcedure, Event, Task, TaskStatus, Team
from forms_library.deadlines import WorkingCalendar
from forms_library.models import CalendarDay
from forms_library.procedures.definition import PlayedBy
from forms_library.procedures.progress import Progress, Turn

KEPT = (
    *("title", "role", "opened_on", "due", "warn_on", "term", "counted_from", "recurrence", "paused_days"),
    *("is_paused", "extended_to", "is_provisional", "status", "finished_on", "waits_for_others"),
)
"""What a task repeats of its step. Who does it is chosen when the task is made, and can be given to somebody else."""


def keep_tasks_in_step(followed: CaseProcedure, progress: Progress, *, at: dt.datetime) -> None:
    """Make the tasks of the steps that wait, and end those of the steps that wait no more.

    Four queries and one for each task that is made or changed.
    """
    agency = followed.case.agency
    known = {(task.step, task.turn): task for task in followed.tasks.all()}
    calendar = CalendarDay.objects.working_calendar(agency)
    today = agency.local(at).date()
    wanted = dict(_turns(progress))
    for place, turn in wanted.items():
        task = known.get(place)
        if task is None and not (turn.is_open and progress.closed is None):
            continue
        facts = _facts(turn, progress, keeper=agency.kind, calendar=calendar, today=today)
        if task is None:
            team, owner = _hands(followed, progress, turn, today=today)
            Task.objects.create(
                case=followed.case,
                case_procedure=followed,
                step=place[0],
                turn=place[1],
                team=team,
                owner_id=owner,
                **facts,
            )
        elif any(getattr(task, name) != facts[name] for name in KEPT):
            if task.role != facts["role"]:  # a newer edition gives the step to somebody else
                task.team, task.owner_id = _hands(followed, progress, turn, today=today)
            for name in KEPT:
                setattr(task, name, facts[name])
            task.save(update_fields=[*KEPT, "team", "owner"])
    gone = [task.pk for place, task in known.items() if place not in wanted and task.status == TaskStatus.OPEN]
    Task.objects.filter(pk__in=gone).update(status=TaskStatus.GONE, finished_on=today)


def _turns(progress: Progress) -> list[tuple[tuple[str, int], Turn]]:
    """Return every turn under the name that its task bears: the step, and how many times it has come."""
    times: dict[str, int] = {}
    named = []
    for turn in progress.turns:
        code = turn.step.code
        times[code] = times.get(code, 0) + 1
        named.append(((code, times[code]), turn))
    return named


def _facts(turn: Turn, progress: Progress, *, keeper: str, calendar: WorkingCalendar, today: dt.date) -> dict[str, Any]:
    step = turn.step
    rule = step.every or (step.due.rule if step.due else None)
    deadline = turn.deadline(calendar)
    role = progress.procedure.role(step.role)
    is_open = turn.is_open and progress.closed is None
    if is_open:
        status, finished = TaskStatus.OPEN, None
    else:
        status = TaskStatus.DONE if turn.done_on else TaskStatus.GONE
        finished = turn.done_on or turn.ended_on or today
    return {
        "title": step.title[:500],
        "role": role.title[:300],
        "opened_on": turn.opened_on,
        "due": turn.due(calendar),
        "warn_on": turn.warn_on(calendar),
        "term": rule.to_json() if rule else None,
        "counted_from": turn.due_from if rule else None,
        "recurrence": turn.number if step.every else 0,
        "paused_days": turn.paused_days,
        "is_paused": turn.is_paused,
        "extended_to": turn.extended_to,
        "is_provisional": bool(deadline and deadline.provisional and not turn.extended_to),
        "status": status,
        "finished_on": finished,
        "waits_for_others": role.is_outside(keeper),
    }


def _hands(followed: CaseProcedure, progress: Progress, turn: Turn, *, today: dt.date) -> tuple[Team, int | None]:
    """Return the team that a step belongs to, and the id of who answers for it."""
    role, owner = _answering(turn.step.role, followed, progress, today=today)
    return Team.objects.get(agency=followed.case.agency_id, role=role), owner


def _answering(role: str, followed: CaseProcedure, progress: Progress, *, today: dt.date) -> tuple[str, int | None]:
    """Return what `team_and_owner` does, with nobody in the place of somebody appointed who may not work on the case any more.

    The curator always may: a case lets go of one who may not.
    """
    case = followed.case
    team, owner = team_and_owner(role, followed, progress)
    if owner not in {None, case.curator_id}:
        able = {viewer.user.pk for viewer in access.viewers_of(case, today=today) if MAY_DO & {*viewer.permissions}}
        owner = owner if owner in able else None
    return team, owner


def give_to_appointed(followed: CaseProcedure, before: Progress, after: Progress, *, today: dt.date) -> None:
    """Give the open tasks of each role to which somebody else is appointed now, or nobody any more, to whoever answers for it.

    Whoever had them before would be refused: only the appointed person plays the role.
    """
    for role in after.procedure.roles:
        if appointed_to(role.code, before) != appointed_to(role.code, after):
            steps = [step.code for step in after.procedure.steps if step.role == role.code]
            _team, owner = _answering(role.code, followed, after, today=today)
            followed.tasks.open().filter(step__in=steps).update(owner=owner)


def give_to_new_curator(followed: CaseProcedure, progress: Progress, *, left: int | None, today: dt.date) -> None:
    """Give the open tasks that `left` had, or nobody, to whoever answers for them now that the case has another curator."""
    for role in progress.procedure.roles:
        _team, owner = _answering(role.code, followed, progress, today=today)
        if owner is not None and role.played_by != PlayedBy.HEAD:
            steps = [step.code for step in progress.procedure.steps if step.role == role.code]
            waiting = followed.tasks.open().filter(Q(owner=left) | Q(owner=None), step__in=steps)
            waiting.update(owner=owner)


def possible_owners(case: Case, *, today: dt.date, task: Task | None = None) -> list[Any]:
    """Return the people who may be given a task in the case today, by name; for one of a procedure, who plays its role.

    Raises `TaskOver` when the task does not wait any more.
    """
    if task and task.status != TaskStatus.OPEN:
        raise TaskOver
    if task and task.case_procedure:
        followed, followed.case = task.case_procedure, case
        progress = progress_of(followed)
        return players(progress.procedure.step(task.step).role, followed, progress, today=today)
    able = {viewer.user for viewer in access.viewers_of(case, today=today) if MAY_DO.intersection(viewer.permissions)}
    return sorted(able, key=str)


@transaction.atomic
def give_task(
    *, case: Case, title: str, owner: Any, due: dt.date | None, actor: Any, at: dt.datetime, token: uuid.UUID
) -> Task:
    """Ask a colleague to do something in a running case; the same `token` twice is the same task.

    Raises `CaseEnded`, `NotYourTask` (who only reads the case), `CannotDoTask`, `DayHasPassed`.
    """
    case = locked_running(case)
    token = uuid.uuid5(token, case.reference)  # the token of a page counts within its case only
    if (given := Task.objects.filter(token=token, case=case).first()) is not None:
        return given
    today = case.agency.local(at).date()
    if not MAY_DO & access.permissions_on(case, user=actor, today=today):
        raise NotYourTask
    if due is not None and due < today:
        raise DayHasPassed
    task = Task.objects.create(
        case=case,
        title=title,
        owner=owner,
        team=_team_of_owner(case, owner, today=today),
        opened_on=today,
        due=due,
        asked_by=actor,
        token=token,
    )
    record(case=case, event=Event.TASK_GIVEN, actor=actor, at=at, subject=f"№ {task.pk} → {owner}")
    return task


def _team_of_owner(case: Case, owner: Any, *, today: dt.date) -> Team:
    """Return the team in which somebody may work on a case; raise `CannotDoTask` when there is none."""
    for viewer in access.viewers_of(case, today=today):
        if viewer.user.pk == owner.pk and MAY_DO.intersection(viewer.permissions):
            return Team.objects.get(agency=viewer.agency, role=viewer.role)
    raise CannotDoTask


@transaction.atomic
def finish_task(*, task: Task, actor: Any, at: dt.datetime) -> Task:
    """Write down that what a colleague asked for is done.

    Raises `CaseEnded`, `DoneByItsStep` (a task of a procedure), `TaskOver`, `NotYourTask`.
    """
    case, task = _held(task)
    if task.step:
        raise DoneByItsStep
    if task.status != TaskStatus.OPEN:
        raise TaskOver
    today = case.agency.local(at).date()
    if not rights_on(case, user=actor, today=today).may_answer(task):
        raise NotYourTask
    task.status, task.finished_on = TaskStatus.DONE, today
    task.save(update_fields=["status", "finished_on"])
    record(case=case, event=Event.TASK_DONE, actor=actor, at=at, subject=f"№ {task.pk}")
    return task


@transaction.atomic
def hand_over(*, task: Task, owner: Any, actor: Any, at: dt.datetime) -> Task:
    """Give an open task to somebody else; its day stays. Giving it to whoever has it changes nothing.

    A task of a procedure is given only to who plays its role, and so will not be refused when they do the step.
    Raises `CaseEnded`, `TaskOver`, `NotYourTask`, `CannotDoTask`.
    """
    case, task = _held(task)
    if task.status != TaskStatus.OPEN:
        raise TaskOver
    today = case.agency.local(at).date()
    if not rights_on(case, user=actor, today=today).may_answer(task):
        raise NotYourTask
    if task.owner_id == owner.pk:
        return task
    if owner not in possible_owners(case, today=today, task=task):
        raise CannotDoTask
    if not task.step:
        task.team = _team_of_owner(case, owner, today=today)
    task.owner = owner
    task.save(update_fields=["owner", "team"])
    record(case=case, event=Event.TASK_GIVEN, actor=actor, at=at, subject=f"№ {task.pk} → {owner}")
    return task


@transaction.atomic
def take_task(*, task: Task, actor: Any, at: dt.datetime) -> Task:
    """Take a task that nobody has yet; of a procedure, one whose role one plays. A second press changes nothing.

    Raises `CaseEnded`, `TaskOver`, `TaskTaken`, `TaskOfAnotherTeam`.
    """
    case, task = _held(task)
    if task.status != TaskStatus.OPEN:
        raise TaskOver
    if task.owner_id == actor.pk:
        return task
    if task.owner_id is not None:
        raise TaskTaken
    if actor not in possible_owners(case, today=case.agency.local(at).date(), task=task):
        raise TaskOfAnotherTeam
    task.owner = actor
    task.save(update_fields=["owner"])
    record(case=case, event=Event.TASK_GIVEN, actor=actor, at=at, subject=f"№ {task.pk} → {actor}")
    return task


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What somebody may do about the tasks of one case."""

    user: Any
    may_act: bool
    is_head: bool
    people: frozenset[int]

    def may_answer(self, task: Task) -> bool:
        """Return whether they may say that a task is done, or give it to somebody else.

        That is whoever does it or stands in for them, whoever asked for it, the curator, and the head of the agency.
        """
        concerned = {task.owner_id, task.case.curator_id} & self.people or task.asked_by_id == self.user.pk
        return self.may_act and bool(concerned or self.is_head)


def rights_on(case: Case, *, user: Any, today: dt.date) -> Rights:
    """Return what `user` may do about the tasks of a case today. Three queries."""
    return Rights(
        user=user,
        may_act=bool(MAY_DO & access.permissions_on(case, user=user, today=today)),
        is_head=is_head(user, agency_id=case.agency_id),
        people=acting_for(user, today=today),
    )


def _held(task: Task) -> tuple[Case, Task]:
    """Return a task as it is now and its running case, held until the end of the transaction."""
    case = locked_running(task.case)
    task = Task.objects.select_related("team").get(pk=task.pk)
    task.case = case
    return case, task
