"""Silence has a clock: whoever was asked is reminded, then the curator hears of it, then the head, then the council.

Counted in working days after the last day to answer, or after the last day to do it: by the calendar and clock of the agency that
is written to. As with reminders of tasks, what is sent is written down first, so nobody is told twice.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from casework.actions.addressees import Addressees
from casework.actions.agenda import put_silent
from casework.actions.reminders import CHUNK, Office, last_day_passed, offices
from casework.assignment_letters import AssignmentLetters
from casework.models import Assignment, AssignmentNudge, AssignmentState, Bar, Case, CaseStatus, TeamRole
from casework.models.assignments import AssignmentQuerySet

To = AssignmentNudge.To


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung of the ladder: who hears, on which working day after the day in `field`, of what stands in `state`."""

    to: To
    kind: str
    working_days: int

    @property
    def field(self) -> str:
        """The day that has passed."""
        return "answer_by" if self.kind == "silent" else "due"

    @property
    def state(self) -> AssignmentState:
        return AssignmentState.SENT if self.kind == "silent" else AssignmentState.ACCEPTED

    @property
    def office(self) -> str:
        """Whose working day it has to be."""
        return "agency" if self.to == To.EXECUTOR else "case__agency"


LADDER = (
    Rung(to=To.EXECUTOR, kind="silent", working_days=1),
    Rung(to=To.CURATOR, kind="silent", working_days=2),
    Rung(to=To.HEAD, kind="silent", working_days=3),
    Rung(to=To.COUNCIL, kind="silent", working_days=4),
    Rung(to=To.EXECUTOR, kind="overdue", working_days=1),
    Rung(to=To.CURATOR, kind="overdue", working_days=2),
)
"""Silence ends on the agenda of a council; what was accepted and not done stays between the executor and the curator."""


@dataclass(frozen=True, kw_only=True)
class ForTheSender:
    """An assignment as something that the curator of its case answers for."""

    assignment: Assignment

    @property
    def case(self) -> Case:
        return self.assignment.case

    @property
    def case_id(self) -> int:
        return self.assignment.case_id

    @property
    def owner_id(self) -> int | None:
        return self.assignment.case.curator_id


def nudge_silent(*, at: dt.datetime) -> int:
    """Tell whoever is next of what was not answered or not done in time; return how many words were written down.

    Safe to run twice, and at the same time: each run mails only what it has written down itself.
    """
    letters = AssignmentLetters()
    written = 0
    for office in offices(at):
        for rung in LADDER:
            for found in _chunks(_waiting(office, rung)):
                ours = _write_down(found, rung, at=at)
                written += len(ours)
                if rung.to == To.COUNCIL:
                    _bring_before_the_council(ours, at=at)
                else:
                    _address(ours, rung, letters, today=office.today)
    letters.send()
    return written


def _waiting(office: Office, rung: Rung) -> AssignmentQuerySet:
    latest = last_day_passed(office.today, office.calendar, working_days=rung.working_days)
    told = AssignmentNudge.objects.filter(assignment=OuterRef("pk"), to=rung.to, about=OuterRef(rung.field))
    return (
        Assignment.objects.filter(
            ~Exists(told), **{f"{rung.field}__lte": latest, f"{rung.office}__in": office.agencies}
        )
        .filter(state=rung.state, case__status__in=[CaseStatus.NEW, CaseStatus.IN_WORK])
        .select_related("case__agency", "agency", "person")
        .order_by("pk")
    )


def _chunks(assignments: AssignmentQuerySet) -> Iterator[list[Assignment]]:
    """Yield the assignments in pieces; never with the whole list in memory."""
    found = list(assignments[:CHUNK])
    while found:
        yield found
        found = list(assignments.filter(pk__gt=found[-1].pk)[:CHUNK])


@transaction.atomic
def _write_down(found: list[Assignment], rung: Rung, *, at: dt.datetime) -> list[Assignment]:
    """Write the words down and return those that are ours: another process may be quicker with some."""
    of_these = AssignmentNudge.objects.filter(to=rung.to, assignment__in=[each.pk for each in found])
    # SQLite lets one process write at a time, and refuses what is there already: so look again, now that it is our turn.
    known = set(of_these.values_list("assignment", "about"))
    run = uuid.uuid4()
    days = [(each, getattr(each, rung.field)) for each in found]
    AssignmentNudge.objects.bulk_create(
        [
            AssignmentNudge(assignment=each, to=rung.to, about=day, at=at, run=run)
            for each, day in days
            if (each.pk, day) not in known
        ],
        ignore_conflicts=True,  # on PostgreSQL two processes write at once, and each row is taken from one of them
    )
    ours = set(of_these.filter(run=run).values_list("assignment", flat=True))
    return [each for each in found if each.pk in ours]


def _address(ours: list[Assignment], rung: Rung, letters: AssignmentLetters, *, today: dt.date) -> None:
    if not ours:
        return
    if rung.to == To.EXECUTOR:
        for assignment, person in _of_executors(ours):
            letters.to_executor(person, assignment, kind=rung.kind)
        return
    senders = [ForTheSender(assignment=each) for each in ours]
    for each, person in Addressees(today=today).of(senders, to_heads=rung.to == To.HEAD):
        letters.to_sender(person, each.assignment, kind=rung.kind)


def _bring_before_the_council(ours: Iterable[Assignment], *, at: dt.datetime) -> None:
    """Put each case on the agenda that is open; where no meeting is called yet, the written row has it proposed for the next one."""
    for assignment in ours:
        question = _("Referral No. %(number)s to %(agency)s has no answer. Who helps instead?")
        words = question % {"number": assignment.pk, "agency": assignment.agency.short_name}
        put_silent(assignment.case, question=words, at=at)


def _of_executors(assignments: Collection[Assignment]) -> Iterator[tuple[Assignment, Any]]:
    """Yield each assignment with who hears of it where it was sent: the one person it is for, else who registers there.

    Nobody hears of a case from which they are kept out. Three queries, whatever the length.
    """
    members = (
        get_user_model()
        .objects.filter(groups__team__agency__in={each.agency_id for each in assignments}, is_active=True)
        .values_list("groups__team__agency", "groups__team__role", "pk")
    )
    of_agency: dict[int, dict[str, set[int]]] = {}
    for agency, role, person in members:
        of_agency.setdefault(agency, {}).setdefault(role, set()).add(person)
    people = get_user_model().objects.in_bulk({person for _agency, _role, person in members})
    bars = Bar.objects.filter(case__in={each.case_id for each in assignments}, lifted_at=None)
    barred = set(bars.values_list("case", "person"))
    for each in assignments:
        roles = of_agency.get(each.agency_id, {})
        registering = [roles.get(role, set()) for role in REGISTERING]
        the_one = {person for of_role in roles.values() for person in of_role if person == each.person_id}
        for candidates in (the_one, *registering):
            found = sorted(person for person in candidates if (each.case_id, person) not in barred)
            yield from ((each, people[person]) for person in found)
            if found:
                break


REGISTERING = (TeamRole.SPECIALIST, TeamRole.HEAD)
"""Who registers what comes to an agency: its specialists, and its heads where there are none."""
