"""The door of the register of professional families: for the people of the agency that keeps it, and nobody else.

It opens families, never the cases of the children who live with them.
"""

import uuid
from typing import Any

from django.db.models import QuerySet

from casework.access.cases import CaseNotFound, agencies_of, may_pass
from casework.models import CarerFamily
from forms_library.models import Agency
from forms_library.models.agencies import AgencyKind, AgencyQuerySet

KEEPERS = (
    AgencyKind.SOCIAL_SERVICE_ORG,
    AgencyKind.KCSON,
    AgencyKind.SRCN,
    AgencyKind.FAMILY_CENTRE,
    AgencyKind.ORPHAN_ORG,
    AgencyKind.KIN_SERVICE,
)
"""Kinds of agencies that give social services, and so may look for professional families [I]: S003 names only «служба»."""


def keepers_of_carers(user: Any) -> AgencyQuerySet:
    """Return those of the person's agencies that may keep a register of professional families."""
    if not may_pass(user):
        return Agency.objects.none()
    return agencies_of(user).filter(kind__in=KEEPERS)


def carers_for(user: Any) -> QuerySet[CarerFamily]:
    """Return the families in the registers of the agencies in whose teams `user` works; none for strangers."""
    if not may_pass(user):
        return CarerFamily.objects.none()
    return CarerFamily.objects.filter(agency__in=agencies_of(user))


def get_carer(*, user: Any, token: uuid.UUID) -> CarerFamily:
    """Return a family of the register of one of the person's agencies; raise `CaseNotFound` otherwise."""
    try:
        return carers_for(user).select_related("agency").get(token=token)
    except CarerFamily.DoesNotExist:
        raise CaseNotFound(str(token)) from None
