"""The doors of parts of cases: what an agency was sent, shown or asked, and the councils in which somebody sits.

Each opens one thing and nothing else of the case that it comes from (domain.md D: need to know).
"""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q, QuerySet

from casework.access.cases import CaseNotFound, agencies_of, barred_from, may_pass
from casework.models import (
    Assignment,
    Council,
    CouncilMember,
    Delivery,
    Disclosure,
    EmergencyOpening,
    Meeting,
)
from casework.models.assignments import AssignmentQuerySet
from casework.models.councils import sits_on
from casework.models.disclosures import DisclosureQuerySet

SHOWN_WITH_THE_CASE = ("case__agency", "case__curator", "agency")
DECIDED_AT = "source__agenda_item__meeting__council"
"""Where a decision was taken; nothing for what no council decided."""


def deliveries_for(*, user: Any) -> QuerySet[Delivery]:
    """Return the documents that other agencies have sent to the agencies in whose teams `user` works, and not taken back."""
    if not may_pass(user):
        return Delivery.objects.none()
    sent = Delivery.objects.filter(agency__in=agencies_of(user), recalled_at=None)
    return sent.exclude(submission__case__in=barred_from(user))


def get_delivery(*, user: Any, token: uuid.UUID) -> Delivery:
    """Return a document that was sent to one of the person's agencies; raise `CaseNotFound` otherwise.

    It opens this document and nothing else of the case that it comes from.
    """
    related = ("agency", "submission__edition", "submission__case__agency", "submission__corrected_by", "received_by")
    try:
        return deliveries_for(user=user).select_related(*related).get(token=token)
    except Delivery.DoesNotExist:
        raise CaseNotFound(str(token)) from None


def disclosures_for(*, user: Any, today: dt.date) -> DisclosureQuerySet:
    """Return the parts of cases that are shown today to the agencies in whose teams `user` works.

    The pack of a council is for who sits in it, not for everybody in their agency.
    """
    if not may_pass(user):
        return Disclosure.objects.none()
    sits_in = seats_of(user=user, today=today).values("council")
    for_them = Q(pack__isnull=True) | Q(pack__item__meeting__council__in=sits_in)
    shown = Disclosure.objects.standing(today=today).filter(for_them, agency__in=agencies_of(user))
    return shown.exclude(case__in=barred_from(user))


def get_disclosure(*, user: Any, token: uuid.UUID, today: dt.date) -> Disclosure:
    """Return a part of a case that is shown to one of the person's agencies today; raise `CaseNotFound` otherwise."""
    try:
        return disclosures_for(user=user, today=today).select_related(*SHOWN_WITH_THE_CASE).get(token=token)
    except Disclosure.DoesNotExist:
        raise CaseNotFound(str(token)) from None


def assignments_for(*, user: Any) -> AssignmentQuerySet:
    """Return what the agencies in whose teams `user` works were asked to do for families."""
    if not may_pass(user):
        return Assignment.objects.none()
    return Assignment.objects.filter(agency__in=agencies_of(user)).exclude(case__in=barred_from(user))


def get_assignment(*, user: Any, token: uuid.UUID) -> Assignment:
    """Return what one of the person's agencies was asked to do; raise `CaseNotFound` otherwise."""
    try:
        return (
            assignments_for(user=user).select_related(*SHOWN_WITH_THE_CASE, "disclosure", DECIDED_AT).get(token=token)
        )
    except Assignment.DoesNotExist:
        raise CaseNotFound(str(token)) from None


def seats_of(*, user: Any, today: dt.date) -> QuerySet[CouncilMember]:
    """Return the seats that `user` has today in councils."""
    if not may_pass(user):
        return CouncilMember.objects.none()
    return CouncilMember.objects.filter(sits_on(today), person=user)


def councils_of(*, user: Any, today: dt.date) -> QuerySet[Council]:
    """Return the councils in which `user` sits today, and those that their own agencies hold."""
    if not may_pass(user):
        return Council.objects.none()
    sits_in = seats_of(user=user, today=today).values("council")
    return Council.objects.filter(Q(pk__in=sits_in) | Q(agency__in=agencies_of(user)))


def get_meeting(*, user: Any, token: uuid.UUID, today: dt.date) -> Meeting:
    """Return a meeting of one of the person's councils; raise `CaseNotFound` otherwise. It opens no case of its agenda."""
    found = Meeting.objects.filter(council__in=councils_of(user=user, today=today))
    try:
        return found.select_related("council__agency").get(token=token)
    except Meeting.DoesNotExist:
        raise CaseNotFound(str(token)) from None


def emergencies_for(*, user: Any, at: dt.datetime) -> QuerySet[EmergencyOpening]:
    """Return the cases that `user` has opened in an emergency, while that lasts."""
    if not may_pass(user):
        return EmergencyOpening.objects.none()
    return EmergencyOpening.objects.filter(person=user, ends_at__gt=at).exclude(case__in=barred_from(user))


def get_emergency(*, user: Any, token: uuid.UUID, at: dt.datetime) -> EmergencyOpening:
    """Return the opening of a case that `user` has made in an emergency, while it lasts; raise `CaseNotFound` otherwise."""
    found = emergencies_for(user=user, at=at)
    try:
        return found.select_related("case__agency", "case__curator").get(token=token)
    except EmergencyOpening.DoesNotExist:
        raise CaseNotFound(str(token)) from None
