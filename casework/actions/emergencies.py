"""A foreign case opened at a threat to life: for 24 hours, with a reason, told of at once and reviewed afterwards.

«A named duty officer may open a foreign case at `life_threat`, must type a reason, head and pd_officer are alerted, 24 h»
(domain.md D, break-glass). Shown is what saves a child: the people, where they are, who works with them.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from casework import access, notifications
from casework.actions.cases import locked
from casework.actions.disclosures import ShownPart, part_of
from casework.actions.log import record
from casework.actions.reminders import offices
from casework.actions.rights_refusals import (
    AlreadyReviewed,
    NoSuchCase,
    NotOfAnOpenAgency,
    NotYoursToReview,
    ReasonTooShort,
)
from casework.models import Case, EmergencyOpening, Event, Section, Submission, Team, TeamRole
from forms_library.models import Agency, CalendarDay

logger = logging.getLogger(__name__)

LASTS = dt.timedelta(hours=24)
REVIEW_DAYS = 3
"""Working days of the agency that keeps the case."""
SHORTEST_REASON = 20
SECTIONS = (Section.PEOPLE, Section.CONTACTS, Section.SCHOOLS, Section.STAGE)
DOCUMENTS = 3
"""So many of the newest documents are named; none of them is opened."""


@dataclass(frozen=True, kw_only=True)
class Rescue:
    """What saves a child: the family and where it is, who works with it, what was written last."""

    part: ShownPart
    heads: list[Any]
    documents: list[Submission]


@transaction.atomic
def open_in_emergency(*, reference: str, reason: str, actor: Any, at: dt.datetime) -> EmergencyOpening:
    """Open the case with this number to `actor` for 24 hours, and tell the heads of its keeper, its curator and the data officer.

    Opened twice, it is the same opening. Raises `NotOfAnOpenAgency`, `ReasonTooShort`, and `NoSuchCase` for a number that was
    never given and for somebody who is kept out: nobody learns which.
    """
    if not access.agencies_of(actor).open().exists():
        raise NotOfAnOpenAgency
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    case = _case(reference, actor=actor)
    if (standing := EmergencyOpening.objects.filter(case=case, person=actor, ends_at__gt=at).first()) is not None:
        return standing
    calendar = CalendarDay.objects.working_calendar(case.agency)
    opening = EmergencyOpening.objects.create(
        case=case,
        person=actor,
        reason=reason.strip(),
        opened_at=at,
        ends_at=at + LASTS,
        review_due=calendar.working_day_after(case.agency.local(at).date(), REVIEW_DAYS),
        token=uuid.uuid4(),
    )
    record(case=case, event=Event.EMERGENCY_OPENED, actor=actor, at=at, subject=_agencies(actor))
    addresses = reviewers_of(case)
    transaction.on_commit(lambda: notifications.tell_about_emergency(opening, addresses), robust=True)
    return opening


def _agencies(person: Any) -> str:
    """Return the names of the agencies that somebody works in: the reason may name the family, and stays out of the log."""
    return ", ".join(agency.short_name for agency in access.agencies_of(person).order_by("short_name"))


def _case(reference: str, *, actor: Any) -> Case:
    """Return the case held; refuse in the same words whether it is not there or closed to this person."""
    known = Case.objects.filter(reference=reference).first() if reference.isprintable() else None
    if known is None or access.is_barred(known, user=actor):
        logger.warning("person %s asked in an emergency for a case that is not there for them", actor.pk)
        raise NoSuchCase
    return locked(known)


def rescue_of(opening: EmergencyOpening, *, actor: Any, at: dt.datetime) -> Rescue:
    """Return what an opening shows, and write down that it was read."""
    case = opening.case
    record(case=case, event=Event.EMERGENCY_READ, actor=actor, at=at)
    newest = case.submissions.select_related("edition").defer("answers", "edition__docx_template", "edition__questions")
    return Rescue(
        part=part_of(case, sections=SECTIONS, documents=()),
        heads=list(heads_of(case)),
        documents=list(newest.order_by("-number")[:DOCUMENTS]),
    )


def reviewers_of(case: Case) -> list[str]:
    """Return the addresses of whoever reviews an opening: the heads of the keeper, or its people while nobody heads it."""
    heads = heads_of(case).values_list("email", flat=True)
    members = get_user_model().objects.filter(is_active=True, groups__team__agency=case.agency_id)
    let_in = members.exclude(pk__in=case.bars.filter(lifted_at=None).values("person"))
    return list(heads) or list(let_in.order_by("email").values_list("email", flat=True).distinct())


def heads_of(case: Case) -> QuerySet[Any]:
    """Return the heads of the agency that keeps a case, as far as they are not kept out of it."""
    barred = case.bars.filter(lifted_at=None).values("person")
    found = get_user_model().objects.filter(
        is_active=True, groups__team__agency=case.agency_id, groups__team__role=TeamRole.HEAD
    )
    return found.exclude(pk__in=barred).order_by("last_name", "first_name", "pk").distinct()


def reviewing_agencies(user: Any) -> QuerySet[Agency]:
    """Return the agencies for which `user` reviews openings: they head it, or work in it while nobody heads it."""
    led = Team.objects.filter(agency=OuterRef("pk"), role=TeamRole.HEAD, group__user__is_active=True)
    answers = Q(teams__role=TeamRole.HEAD) | (Q(teams__role=TeamRole.SPECIALIST) & ~Exists(led))
    return access.agencies_of(user).filter(answers, teams__group__user=user).distinct()


def openings_for(*, user: Any, today: dt.date) -> QuerySet[EmergencyOpening]:
    """Return the openings that `user` may review: of cases that they see, kept by an agency for which they review."""
    seen = access.cases_for(user=user, today=today)
    return EmergencyOpening.objects.filter(case__in=seen, case__agency__in=reviewing_agencies(user)).exclude(
        person=user
    )


def standing_of(user: Any, *, at: dt.datetime) -> QuerySet[EmergencyOpening]:
    """Return what `user` has opened and still sees, the newest first."""
    standing = access.emergencies_for(user=user, at=at).select_related("case")
    return standing.order_by("-opened_at")


def to_review(*, user: Any, today: dt.date) -> QuerySet[EmergencyOpening]:
    """Return what `user` has still to review."""
    return openings_for(user=user, today=today).filter(reviewed_at=None)


def get_opening(*, user: Any, token: uuid.UUID, today: dt.date) -> EmergencyOpening:
    """Return an opening that `user` may review; raise `CaseNotFound` otherwise."""
    try:
        found = openings_for(user=user, today=today).select_related("case__agency", "person", "reviewed_by")
        return found.get(token=token)
    except EmergencyOpening.DoesNotExist:
        raise access.CaseNotFound(str(token)) from None


@transaction.atomic
def review(
    *, opening: EmergencyOpening, was_justified: bool, words: str, actor: Any, at: dt.datetime
) -> EmergencyOpening:
    """Write down whether an opening was justified; one that was not ends at once.

    Raises `NotYoursToReview`, `AlreadyReviewed`.
    """
    case = locked(opening.case)
    opening = EmergencyOpening.objects.get(pk=opening.pk)
    if opening.person_id == actor.pk or not reviewing_agencies(actor).filter(pk=case.agency_id).exists():
        raise NotYoursToReview
    if opening.reviewed_at is not None:
        raise AlreadyReviewed
    opening.reviewed_by, opening.reviewed_at = actor, at
    opening.was_justified, opening.review_words = was_justified, words
    if not was_justified:
        opening.ends_at = min(opening.ends_at, at)
    opening.save(update_fields=["reviewed_by", "reviewed_at", "was_justified", "review_words", "ends_at"])
    record(case=case, event=Event.EMERGENCY_REVIEWED, actor=actor, at=at)
    return opening


def remind_of_reviews(*, at: dt.datetime) -> int:
    """Tell heads once on every working day which openings they should have reviewed by now; return how many there are."""
    told = 0
    for office in offices(at):
        late = EmergencyOpening.objects.filter(
            Q(reminded_on=None) | Q(reminded_on__lt=office.today),
            reviewed_at=None,
            review_due__lt=office.today,
            case__agency__in=office.agencies,
        )
        told += sum(_remind(opening, today=office.today) for opening in _each(late))
    return told


def _each(late: QuerySet[EmergencyOpening]) -> Iterable[EmergencyOpening]:
    return list(late.select_related("case__agency").order_by("pk"))


def _remind(opening: EmergencyOpening, *, today: dt.date) -> bool:
    """Write the reminder of one day down and mail it; another clock may have been quicker."""
    waits = EmergencyOpening.objects.filter(pk=opening.pk, reviewed_at=None)
    if not waits.filter(Q(reminded_on=None) | Q(reminded_on__lt=today)).update(reminded_on=today):
        return False
    notifications.tell_about_review(opening, reviewers_of(opening.case))
    return True
