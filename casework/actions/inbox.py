"""«Мой день»: one inbox of everything that waits for a person, in whatever case it is.

Every list here costs the same number of queries for three cases and for three hundred, and shows only tasks of running
cases that the person may read today.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case as Choose, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.roles import acting_for
from casework.actions.tasks import rights_on
from casework.local_days import LocalDays
from casework.models import Case, Task, Team, TeamRole
from casework.models.tasks import TaskQuerySet
from casework.terms import Explanation, explanation_of
from forms_library.inflection import initials_after, name_forms
from forms_library.models import CalendarDay
from forms_library.models.calendar import Calendars

SHOWN = 20
"""So many tasks of a part of the inbox are shown at once: a screen that nobody has to scroll for long."""
SOON_DAYS = 7
"""«Soon» is the next seven days: on a Friday, the calendar week would hide what is due on Monday. What people are to be told
of in good time is soon from that day on."""
MINE = ("overdue", "today", "soon", "later", "undated")
FILTERS = {
    "mine": _("My tasks"),
    "waiting": _("I wait for others"),
    "team": _("Of my team"),
    "overdue": _("Overdue"),
    "nobodys": _("Nobody’s"),
}
"""What the list of tasks can be narrowed to, and what that is called."""
CASE_OF_TASK = "case__agency"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One task as the person sees it. `instead_of` names the colleague who is away, in the accusative: «за Орлову Н. Ю.»."""

    task: Task
    today: dt.date
    explanation: Explanation | None
    instead_of: str = ""
    is_of_others: bool = False
    may_take: bool = False
    may_answer: bool = False

    @property
    def may_finish(self) -> bool:
        """Whether a button to tick it off stands beside it: never for a task of a procedure."""
        return not self.task.step and (self.may_answer or not self.is_of_others)

    @property
    def is_overdue(self) -> bool:
        """Whether its last day has passed by the clock of the agency."""
        return self.task.is_overdue(today=self.today)

    @property
    def is_today(self) -> bool:
        """Whether today is its last day."""
        return self.task.due == self.today


@dataclass(kw_only=True)
class Part:
    """One part of the inbox: what is shown of it, and how many there are."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who looks at tasks: in whose place they act, and of which teams they are. Two queries."""

    user: Any
    at: dt.datetime
    today: dt.date
    people: frozenset[int]
    teams: tuple[Team, ...]

    @classmethod
    def of(cls, user: Any, *, at: dt.datetime) -> "Reader":
        """Return the reader that `user` is at the moment `at`, on the day that it is in their own agency."""
        teams = tuple(Team.objects.filter(group__user=user).select_related("agency").order_by("pk"))
        today = teams[0].agency.local(at).date() if teams else timezone.localdate(at)
        return cls(user=user, at=at, today=today, people=acting_for(user, today=today), teams=teams)

    @property
    def headed(self) -> set[int]:
        """The agencies that the person heads."""
        return {team.agency_id for team in self.teams if team.role == TeamRole.HEAD}

    def of_teams(self) -> Q:
        """Return what belongs to the person's teams: for a head, to every team of the agency."""
        return Q(team__in=[team.pk for team in self.teams]) | Q(team__agency__in=self.headed)

    def tasks(self) -> TaskQuerySet:
        """Return the open tasks of running cases that the person may read."""
        seen = access.cases_for(user=self.user, today=timezone.localdate(self.at)).running()
        tasks: TaskQuerySet = Task.objects.open().filter(Exists(seen.filter(pk=OuterRef("case"))))
        return tasks.select_related("case__agency", "owner", "asked_by")


class Lines:
    """Makes lines of tasks: one calendar for each agency, whatever their number. One query, when there is a task."""

    def __init__(self, reader: Reader, days: LocalDays) -> None:
        self.reader, self.days = reader, days
        self._calendars: Calendars | None = None
        self._teams = {team.pk for team in reader.teams}
        self._names: dict[int, str] = {}

    def of(self, tasks: Iterable[Task]) -> list[Line]:
        """Return the lines of `tasks`, in the same order."""
        return [self._line(task) for task in tasks]

    def _line(self, task: Task) -> Line:
        if self._calendars is None:
            self._calendars = CalendarDay.objects.calendars()
        reader, agency = self.reader, task.case.agency
        stands_in = task.owner_id in reader.people and task.owner_id != reader.user.pk
        return Line(
            task=task,
            today=self.days.of(agency),
            explanation=explanation_of(task, self._calendars.of(agency)),
            instead_of=self._in_the_accusative(task.owner) if stands_in else "",
            is_of_others=task.owner_id not in reader.people,
            may_take=task.owner_id is None and task.team_id in self._teams,
        )

    def _in_the_accusative(self, person: Any) -> str:
        if person.pk not in self._names:
            full_name = str(person)
            self._names[person.pk] = initials_after(full_name, inflected=name_forms(full_name)["acc"])
        return self._names[person.pk]


def inbox_of(user: Any, *, at: dt.datetime) -> dict[str, Part]:
    """Return everything that waits for somebody, by part of the inbox. Seven queries, and one more for a head."""
    reader, days = Reader.of(user, at=at), LocalDays(at=at)
    lines = Lines(reader, days)
    parts = _mine(reader, days, lines)
    parts["waiting"] = _part(reader.tasks().filter(_waiting(reader)), lines)
    parts["nobodys"] = _part(reader.tasks().filter(reader.of_teams(), owner=None), lines)
    if reader.headed:
        overdue = reader.tasks().filter(team__agency__in=reader.headed, due__lt=days.expression(CASE_OF_TASK))
        parts["team"] = _part(overdue.exclude(owner__in=reader.people), lines)
    else:
        parts["team"] = Part()
    return parts


def _waiting(reader: Reader) -> Q:
    """Return what the person waits for: done by another body, or by a colleague whom they have asked."""
    asked = Q(asked_by=reader.user) & ~Q(owner__in=reader.people)
    return Q(owner__in=reader.people, waits_for_others=True) | asked


def _mine(reader: Reader, days: LocalDays, lines: Lines) -> dict[str, Part]:
    """Return the person's own tasks by when they are due: the most urgent of each part, in one query."""
    today, soon = days.expression(CASE_OF_TASK), days.expression(CASE_OF_TASK, later=SOON_DAYS)
    part = Choose(
        When(due=None, then=Value("undated")),
        When(due__lt=today, then=Value("overdue")),
        When(due=today, then=Value("today")),
        When(Q(due__lte=soon) | Q(warn_on__lte=today), then=Value("soon")),
        default=Value("later"),
    )
    tasks = (
        reader.tasks()
        .filter(owner__in=reader.people, waits_for_others=False)
        .annotate(part=part)
        .annotate(
            place=Window(RowNumber(), partition_by=F("part"), order_by=["due", "id"]),
            total=Window(Count("id"), partition_by=F("part")),
        )
        .filter(place__lte=SHOWN)
        .order_by("due", "id")
    )
    parts = {name: Part() for name in MINE}
    for task in tasks:
        parts[task.part].lines += lines.of([task])
        parts[task.part].total = task.total
    return parts


def _part(tasks: TaskQuerySet, lines: Lines) -> Part:
    found = list(_urgent_first(tasks).annotate(total=Window(Count("id")))[:SHOWN])
    return Part(lines=lines.of(found), total=found[0].total if found else 0)


def _urgent_first(tasks: TaskQuerySet) -> TaskQuerySet:
    return tasks.order_by(F("due").asc(nulls_last=True), "id")


def task_list(user: Any, *, show: str, at: dt.datetime) -> tuple[TaskQuerySet, Lines]:
    """Return the tasks of one filter of the list (`FILTERS`), the most urgent first, and what makes lines of them."""
    reader, days = Reader.of(user, at=at), LocalDays(at=at)
    mine = Q(owner__in=reader.people)
    wanted = {
        "mine": mine,
        "waiting": _waiting(reader),
        "overdue": (mine | reader.of_teams()) & Q(due__lt=days.expression(CASE_OF_TASK)),
        "team": reader.of_teams(),
        "nobodys": reader.of_teams() & Q(owner=None),
    }[show]
    return _urgent_first(reader.tasks().filter(wanted)), Lines(reader, days)


def tasks_of_case(case: Case, *, user: Any, at: dt.datetime) -> list[Line]:
    """Return the open tasks of a case that `user` has opened, with what they may do about each."""
    reader, days = Reader.of(user, at=at), LocalDays(at=at, zones=[case.agency.time_zone])
    rights = rights_on(case, user=user, today=days.of(case.agency))
    tasks = Task.objects.open().filter(case=case).select_related("owner", "asked_by", "team", "case_procedure")
    found = list(_urgent_first(tasks))
    for task in found:
        task.case = case
    lines = Lines(reader, days).of(found)
    return [
        replace(line, may_answer=rights.may_answer(line.task), may_take=line.may_take and rights.may_act)
        for line in lines
    ]


def get_task(*, user: Any, number: int, today: dt.date) -> Task:
    """Return a task of a case that `user` may read today; raise `CaseNotFound` otherwise."""
    cases = access.cases_for(user=user, today=today)
    try:
        return Task.objects.select_related("case", "case_procedure").get(
            Exists(cases.filter(pk=OuterRef("case"))), pk=number
        )
    except Task.DoesNotExist:
        raise access.CaseNotFound(str(number)) from None
