"""Days on which somebody is away, and the colleague who does their tasks meanwhile. An absence ends by itself."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.actions.task_refusals import (
    AbsenceOver,
    AbsencesOverlap,
    NotASubstitute,
    NotYourAbsence,
    StandsInForSomebody,
    SubstituteAway,
)
from casework.models import Absence, Team, TeamRole


@transaction.atomic
def write_absence(
    *, person: Any, substitute: Any, first_day: dt.date, last_day: dt.date, actor: Any, at: dt.datetime
) -> Absence:
    """Write down that `person` is away and `substitute` does their tasks. A second press is the same absence.

    Raises `NotYourAbsence`, `AbsenceOver`, `NotASubstitute`, `AbsencesOverlap`, `SubstituteAway`, `StandsInForSomebody`.
    """
    # Two absences that overlap cannot be written at once: both hold the same people.
    list(get_user_model().objects.select_for_update().filter(pk__in=[person.pk, substitute.pk]).order_by("pk"))
    if not may_write_for(person, user=actor):
        raise NotYourAbsence
    if last_day < max(first_day, today_of(person, at=at)):
        raise AbsenceOver
    if substitute not in possible_substitutes(person):
        raise NotASubstitute
    meanwhile = Absence.objects.filter(first_day__lte=last_day, last_day__gte=first_day)
    same = {"person": person, "substitute": substitute, "first_day": first_day, "last_day": last_day}
    if (known := Absence.objects.filter(**same).first()) is not None:
        return known
    if meanwhile.filter(person=person).exists():
        raise AbsencesOverlap
    if meanwhile.filter(person=substitute).exists():
        raise SubstituteAway
    if meanwhile.filter(substitute=person).exists():
        raise StandsInForSomebody
    return Absence.objects.create(**same, written_by=actor, written_at=at)


@transaction.atomic
def end_absence(*, absence: Absence, actor: Any, at: dt.datetime) -> None:
    """Say that somebody is back from today on; an absence that has not begun is taken away.

    Raises `NotYourAbsence`, `AbsenceOver`.
    """
    if not may_write_for(absence.person, user=actor):
        raise NotYourAbsence
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    today = today_of(absence.person, at=at)
    if absence.last_day < today:
        raise AbsenceOver
    if absence.first_day >= today:
        absence.delete()
        return
    absence.last_day = today - dt.timedelta(days=1)
    absence.save(update_fields=["last_day"])


def absences_seen_by(user: Any, *, at: dt.datetime) -> QuerySet[Absence]:
    """Return the absences, now and to come, of the colleagues of `user` in their agencies."""
    colleagues = people_of(Team.objects.filter(group__user=user).values("agency"))
    return (
        Absence.objects.filter(Q(person__in=colleagues) | Q(person=user), last_day__gte=today_of(user, at=at))
        .select_related("person", "substitute")
        .order_by("first_day", "pk")
    )


def people_user_writes_for(user: Any) -> list[Any]:
    """Return the people for whom `user` may write down days away: themselves, and whoever works where they head."""
    headed = Team.objects.filter(group__user=user, role=TeamRole.HEAD).values("agency")
    others = people_of(headed).exclude(pk=user.pk)
    return [user, *sorted(others, key=str)]


def may_write_for(person: Any, *, user: Any) -> bool:
    """Return whether `user` is the person or heads an agency of theirs."""
    return person.pk == user.pk or person in people_user_writes_for(user)


def possible_substitutes(person: Any) -> list[Any]:
    """Return the active colleagues of a person in their agencies, by name."""
    colleagues = people_of(Team.objects.filter(group__user=person).values("agency"))
    return sorted(colleagues.exclude(pk=person.pk), key=str)


def people_of(agencies: Any) -> QuerySet[Any]:
    """Return the active members of the teams of agencies."""
    return get_user_model().objects.filter(groups__team__agency__in=agencies, is_active=True).distinct()


def today_of(person: Any, *, at: dt.datetime) -> dt.date:
    """Return what day it is where a person works (D8)."""
    team = Team.objects.filter(group__user=person).select_related("agency").order_by("pk").first()
    return team.agency.local(at).date() if team else timezone.localdate(at)
