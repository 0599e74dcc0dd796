"""Who is kept out of a case by name, and to whom special categories are opened. Deny beats allow (domain.md D)."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Prefetch

from casework import access
from casework.actions.cases import locked
from casework.actions.curators import release
from casework.actions.log import record, up_to
from casework.actions.rights_refusals import (
    AlreadyOpened,
    CannotKeepOutYourself,
    CuratorStays,
    LastHeadStays,
    NotAReader,
    NotConcerned,
    NotYoursToOpen,
)
from casework.actions.roles import heads
from casework.actions.task_refusals import DayHasPassed
from casework.models import Bar, Case, CasePermission, Category, CategoryGrant, Event, Team, TeamRole
from forms_library.models import Agency
from forms_library.models.agencies import AgencyKind

OPENED_BY_THE_KEEPER = frozenset({Category.SPECIAL.value, Category.CRIMINAL.value})
"""What the curator and the head open to others. The secret of adoption belongs to guardianship bodies (СК ст. 139)."""


def everybody_at_work() -> list[tuple[Any, str]]:
    """Return everybody who works in an open agency with its short name, by agency and name: what they see tomorrow is not known.

    Two queries.
    """
    at_work = get_user_model().objects.filter(is_active=True).order_by("last_name", "first_name", "pk")
    teams = Team.objects.filter(agency__in=Agency.objects.open()).order_by("agency__short_name", "pk")
    teams = teams.select_related("agency", "group").prefetch_related(Prefetch("group__user_set", queryset=at_work))
    found = {person: team.agency.short_name for team in teams for person in team.group.user_set.all()}
    return list(found.items())


@transaction.atomic
def bar(*, case: Case, person: Any, concerned: Collection[Any], reason: str, actor: Any, at: dt.datetime) -> Bar:
    """Keep `person`, one of those `concerned`, out of a case by name; whoever is kept out already stays so.

    Their tasks become nobody's, and the leaves that they were given end. Raises `CannotKeepOutYourself`, `CuratorStays`,
    `LastHeadStays`, `NotConcerned`.
    """
    case = locked(case)
    if (standing := Bar.objects.filter(case=case, person=person, lifted_at=None).first()) is not None:
        return standing
    if person not in concerned:
        raise NotConcerned
    if person == actor:
        raise CannotKeepOutYourself
    if person.pk == case.curator_id:
        raise CuratorStays
    today = case.agency.local(at).date()
    if heads({person.pk}, agency_id=case.agency_id) and not _other_heads(case, person, today=today):
        raise LastHeadStays
    barred = Bar.objects.create(case=case, person=person, reason=reason, barred_by=actor, barred_at=at)
    record(case=case, event=Event.BARRED, actor=actor, at=at, subject=str(person))
    release(case, {person.pk}, today=today, actor=actor, at=at)
    for grant in CategoryGrant.objects.filter(case=case, person=person, withdrawn_at=None):
        _close(grant, case=case, actor=actor, at=at)
    return barred


def _other_heads(case: Case, person: Any, *, today: dt.date) -> bool:
    """Return whether another head of the keeper sees the case."""
    return any(
        viewer.role == TeamRole.HEAD and viewer.agency.pk == case.agency_id and viewer.user != person
        for viewer in access.viewers_of(case, today=today)
    )


@transaction.atomic
def lift_bar(*, bar: Bar, actor: Any, at: dt.datetime) -> Bar:
    """Let a colleague in again; a bar that was lifted already stays lifted. What they answered for does not come back."""
    case = locked(bar.case)
    bar = Bar.objects.select_related("person").get(pk=bar.pk)
    if bar.lifted_at is None:
        bar.lifted_by, bar.lifted_at = actor, at
        bar.save(update_fields=["lifted_by", "lifted_at"])
        record(case=case, event=Event.BAR_LIFTED, actor=actor, at=at, subject=str(bar.person))
    return bar


def may_open(case: Case, *, user: Any, today: dt.date) -> frozenset[str]:
    """Return the categories that `user` may open to others in a case: the curator, a head of the keeper, a guardianship body."""
    if CasePermission.VIEW not in access.permissions_on(case, user=user, today=today):
        return frozenset()
    opened: frozenset[str] = frozenset()
    if user.pk == case.curator_id or heads({user.pk}, agency_id=case.agency_id):
        opened |= OPENED_BY_THE_KEEPER
    if access.agencies_of(user).filter(kind=AgencyKind.GUARDIANSHIP_BODY).exists():
        opened |= {Category.ADOPTION.value}
    return opened


def may_look(case: Case, *, user: Any, today: dt.date) -> frozenset[str]:
    """Return the categories that `user`, a head of the keeper, may open to themselves for today (domain.md D: on demand)."""
    is_head = CasePermission.VIEW in access.permissions_on(case, user=user, today=today) and heads(
        {user.pk}, agency_id=case.agency_id
    )
    return OPENED_BY_THE_KEEPER - access.categories_open(case, user=user, today=today) if is_head else frozenset()


@transaction.atomic
def open_category(
    *, case: Case, person: Any, category: str, reason: str, last_day: dt.date, actor: Any, at: dt.datetime
) -> CategoryGrant:
    """Let somebody who sees a case read a special category of it up to and including `last_day`.

    The same leave given twice is one. Raises `NotYoursToOpen`, `NotAReader`, `DayHasPassed`, `AlreadyOpened`.
    """
    case = locked(case)
    today = case.agency.local(at).date()
    if category not in may_open(case, user=actor, today=today):
        raise NotYoursToOpen
    if CasePermission.VIEW not in access.permissions_on(case, user=person, today=today):
        raise NotAReader
    is_of_guardianship = access.agencies_of(person).filter(kind=AgencyKind.GUARDIANSHIP_BODY).exists()
    if category == Category.ADOPTION and not is_of_guardianship:
        raise NotAReader
    if last_day < today:
        raise DayHasPassed
    for old in CategoryGrant.objects.filter(case=case, person=person, category=category, withdrawn_at=None):
        if (old.last_day, old.reason) == (last_day, reason):
            return old
        if old.is_standing(today=today):
            raise AlreadyOpened
        _close(old, case=case, actor=actor, at=at)
    grant = CategoryGrant.objects.create(
        case=case, person=person, category=category, reason=reason, last_day=last_day, granted_by=actor, granted_at=at
    )
    subject = f"{grant.get_category_display()} → {person}, {up_to(last_day)}"
    record(case=case, event=Event.CATEGORY_OPENED, actor=actor, at=at, subject=subject)
    return grant


def look(*, case: Case, category: str, reason: str, actor: Any, at: dt.datetime) -> CategoryGrant:
    """Open a special category to a head of the keeper for today, on their own demand. Raises `NotYoursToOpen`, `AlreadyOpened`."""
    today = case.agency.local(at).date()
    if not heads({actor.pk}, agency_id=case.agency_id):
        raise NotYoursToOpen
    return open_category(case=case, person=actor, category=category, reason=reason, last_day=today, actor=actor, at=at)


@transaction.atomic
def close_category(*, grant: CategoryGrant, actor: Any, at: dt.datetime) -> CategoryGrant:
    """Take a leave back at once; one that was already taken back stays as it is.

    Whoever has it may give it up; otherwise it is taken by those who may give it. Raises `NotYoursToOpen`.
    """
    case = locked(grant.case)
    grant = CategoryGrant.objects.select_related("person").get(pk=grant.pk)
    may = grant.category in may_open(case, user=actor, today=case.agency.local(at).date())
    if not may and grant.person_id != actor.pk:
        raise NotYoursToOpen
    if grant.withdrawn_at is None:
        _close(grant, case=case, actor=actor, at=at)
    return grant


def _close(grant: CategoryGrant, *, case: Case, actor: Any, at: dt.datetime) -> None:
    grant.withdrawn_by, grant.withdrawn_at = actor, at
    grant.save(update_fields=["withdrawn_by", "withdrawn_at"])
    subject = f"{grant.get_category_display()} → {grant.person}"
    record(case=case, event=Event.CATEGORY_CLOSED, actor=actor, at=at, subject=subject)


def is_a_head(user: Any) -> bool:
    """Return whether somebody heads an agency."""
    return (
        bool(user.is_active)
        and access.agencies_of(user).filter(teams__group__user=user, teams__role=TeamRole.HEAD).exists()
    )
