"""What happens to a case from its opening to its end. Every step is one transaction and one line of the log."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F

from casework import access
from casework.actions.log import record
from casework.actions.procedure_refusals import ProcedureStillRuns
from casework.actions.refusals import (
    CaseAlreadyDecided,
    CaseEnded,
    CaseNotInWork,
    NotOfThisAgency,
)
from casework.models import (
    Assignment,
    AssignmentState,
    Case,
    CaseKind,
    CaseNote,
    CaseProcedure,
    CaseStatus,
    ClosureGround,
    Disclosure,
    Event,
    ReferenceSeries,
    Task,
    TaskStatus,
    Team,
    TeamRole,
)
from forms_library.models import Agency


def make_teams(agency: Agency) -> list[Team]:
    """Return the teams of `agency`, one for each role, making those that are missing."""
    teams = {team.role: team for team in Team.objects.filter(agency=agency)}
    for role in TeamRole:
        if role not in teams:
            # The code keeps the name short and unique; people see the agency's own name.
            group, _made = Group.objects.get_or_create(
                name=f"{agency.short_name[:100]} ({agency.code}): {role.label}"[:150]
            )
            # The first two cases of an agency can be opened at the same moment.
            teams[role], _made = Team.objects.get_or_create(agency=agency, role=role, defaults={"group": group})
    return list(teams.values())


@transaction.atomic
def open_case(
    *,
    agency: Agency,
    kind: CaseKind,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID | None = None,
    answer_by: dt.date | None = None,
) -> Case:
    """Open a case kept by `agency`, let its teams in and return it. The same `token` twice is the same case."""
    teams = make_teams(agency)
    reference = _next_reference(agency.local(at).year)
    if token and (opened := Case.objects.filter(token=token, agency=agency).first()) is not None:
        return opened
    case = Case.objects.create(
        reference=reference, agency=agency, kind=kind, opened_at=at, answer_by=answer_by, token=token or uuid.uuid4()
    )
    access.admit_agency(case, agency=agency, teams=teams)
    record(case=case, event=Event.OPENED, actor=actor, at=at)
    record(case=case, event=Event.GRANTED, actor=actor, at=at, subject=str(agency))
    return case


def _next_reference(year: int) -> str:
    series, _made = ReferenceSeries.objects.select_for_update().get_or_create(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:05d}"


def as_it_is_now(case: Case) -> Case:
    """Return the case as somebody else may have left it a moment ago."""
    return Case.objects.select_related("agency", "curator").get(pk=case.pk)


def locked(case: Case) -> Case:
    """Return the case as it is now, held until the end of the transaction. Whoever only reads it and logs that is not kept
    waiting."""
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)


def locked_running(case: Case) -> Case:
    """Return the case as it is now, held; raise `CaseEnded` when it has ended."""
    case = locked(case)
    if not case.is_running:
        raise CaseEnded
    return case


@transaction.atomic
def accept_case(*, case: Case, actor: Any, at: dt.datetime, curator: Any = None) -> Case:
    """Take a new case into work; `curator` answers for it, `actor` when nobody else is named.

    Raises `CaseAlreadyDecided`, and `NotOfThisAgency` when that person cannot work on the agency's cases.
    """
    case = locked(case)
    if case.status != CaseStatus.NEW:
        raise CaseAlreadyDecided
    curator = curator or actor
    if not may_be_curator(case, curator, today=case.agency.local(at).date()):
        raise NotOfThisAgency
    case.status, case.accepted_at, case.curator = CaseStatus.IN_WORK, at, curator
    case.save(update_fields=["status", "accepted_at", "curator"])
    record(case=case, event=Event.ACCEPTED, actor=actor, at=at)
    record(case=case, event=Event.ASSIGNED, actor=actor, at=at, subject=str(curator))
    return case


@transaction.atomic
def open_by_hand(*, agency: Agency, kind: CaseKind, actor: Any, at: dt.datetime, token: uuid.UUID) -> Case:
    """Open a case as a member of staff: a specialist works on it at once, a head names the curator next."""
    case = open_case(agency=agency, kind=kind, actor=actor, at=at, token=token)
    if case.status == CaseStatus.NEW and may_be_curator(case, actor, today=agency.local(at).date()):
        return accept_case(case=case, actor=actor, at=at)
    return case


@transaction.atomic
def refuse_case(*, case: Case, actor: Any, at: dt.datetime, reason: str) -> Case:
    """End a new case without taking it into work; whoever asked will read `reason`. Raises `CaseAlreadyDecided`."""
    case = locked(case)
    if case.status != CaseStatus.NEW:
        raise CaseAlreadyDecided
    case.status, case.closed_at, case.closing_words = CaseStatus.REFUSED, at, reason
    case.save(update_fields=["status", "closed_at", "closing_words"])
    _drop_tasks(case, actor=actor, at=at)
    record(case=case, event=Event.REFUSED, actor=actor, at=at)
    return case


def may_be_curator(case: Case, person: Any, *, today: dt.date) -> bool:
    """Return whether `person` works on the case: for the agency that keeps it, or as long as it is shared with theirs for work.

    The curator need not be one of the keeper's people: «Единое окно» keeps the case, and the curator comes from a social
    service institution (domain.md B.1).
    """
    return access.CasePermission.WORK in access.permissions_on(case, user=person, today=today)


def speaks_for(case: Case, person: Any, *, today: dt.date) -> bool:
    """Return whether `person` may ask others for help in the name of a case: whoever decides on it, and its curator (B.1)."""
    return may_speak(case, person, held=access.permissions_on(case, user=person, today=today))


def may_speak(case: Case, person: Any, *, held: Collection[access.CasePermission]) -> bool:
    """Return whether `person`, who holds these permissions on a case, may speak for it. No queries."""
    is_curator = case.curator_id == person.pk and access.CasePermission.WORK in held
    return access.CasePermission.LEAD in held or is_curator


def possible_curators(case: Case, *, today: dt.date) -> list[access.Viewer]:
    """Return everybody who may be the curator, the keeper's own people first."""
    viewers = access.viewers_of(case, today=today)
    able = {each.user.pk: each for each in viewers if access.CasePermission.WORK in each.permissions}
    return sorted(able.values(), key=lambda viewer: viewer.agency.pk != case.agency_id)


@transaction.atomic
def close_case(*, case: Case, actor: Any, at: dt.datetime, ground: ClosureGround, words: str = "") -> Case:
    """Finish a case in work on a ground. Raises `CaseNotInWork`, `ProcedureStillRuns`."""
    case = locked(case)
    if case.status != CaseStatus.IN_WORK:
        raise CaseNotInWork
    if CaseProcedure.objects.running().filter(case=case).exists():
        raise ProcedureStillRuns
    case.status, case.closed_at, case.closure_ground, case.closing_words = CaseStatus.CLOSED, at, ground, words
    case.save(update_fields=["status", "closed_at", "closure_ground", "closing_words"])
    _drop_tasks(case, actor=actor, at=at)
    record(case=case, event=Event.CLOSED, actor=actor, at=at, subject=str(ground.label))
    return case


def _drop_tasks(case: Case, *, actor: Any, at: dt.datetime) -> None:
    """Nobody has to do anything any more in a case that has ended, and no other agency sees a part of it."""
    today = case.agency.local(at).date()
    Task.objects.open().filter(case=case).update(status=TaskStatus.GONE, finished_on=today)
    Assignment.objects.open().filter(case=case).update(
        state=AssignmentState.WITHDRAWN, marked_at=at, version=F("version") + 1
    )
    for shown in Disclosure.objects.filter(case=case, withdrawn_at=None).select_related("agency"):
        shown.withdrawn_by, shown.withdrawn_at = actor, at
        shown.save(update_fields=["withdrawn_by", "withdrawn_at"])
        record(case=case, event=Event.DISCLOSURE_ENDED, actor=actor, at=at, subject=str(shown.agency))


@transaction.atomic
def write_note(*, case: Case, actor: Any, at: dt.datetime, text: str, token: uuid.UUID) -> CaseNote:
    """Add a note to a running case; the same `token` twice is the same note. Raises `CaseEnded`."""
    case = locked_running(case)
    token = uuid.uuid5(token, case.reference)  # the token of a page counts within its case only
    if (written := CaseNote.objects.filter(token=token, case=case).first()) is not None:
        return written
    note = CaseNote.objects.create(case=case, author=actor, written_at=at, text=text, token=token)
    record(case=case, event=Event.NOTED, actor=actor, at=at)
    return note
