"""Writing supervision down: once a month, by the head or whoever took part, without a word of any family (S004)."""

import calendar
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.refusals import ActionRefused
from casework.actions.roles import heads
from casework.family_words import names_a_case, names_a_family
from casework.models import Case, CaseStatus, Person, Supervision
from forms_library.models import Agency
from forms_library.models.agencies import AgencyQuerySet


class TellsOfAFamily(ActionRefused):
    """Supervision speaks of how it is for the specialists; who the family is stays in the case."""

    message = _(
        "There seems to be a number of a case or a surname of a family in the text. Supervision is written down without"
        " them: say “a family with three children” instead of the name."
    )


class NotHeldYet(ActionRefused):
    """What is still to come is not written down as held."""

    message = _("This day has not come yet. Write supervision down when it has been held.")


class NobodyTookPart(ActionRefused):
    """A supervision has participants, and they are colleagues of the agency."""

    message = _("Name who took part: colleagues of the agency.")


def supervised_agencies(user: Any) -> AgencyQuerySet:
    """Return the agencies whose supervisions somebody may write down: those in whose teams they work."""
    return access.agencies_of(user).open().order_by("name")


def colleagues_of(agency: Agency) -> QuerySet[Any]:
    """Return the people who may take part in a supervision of an agency."""
    people = get_user_model().objects.filter(is_active=True, groups__team__agency=agency)
    return people.distinct().order_by("last_name", "first_name")


def supervisions_for(user: Any) -> QuerySet[Supervision]:
    """Return what somebody may read: where they took part or wrote it down, and all of an agency that they head."""
    headed = [agency.pk for agency in access.agencies_of(user) if heads([user.pk], agency_id=agency.pk)]
    mine = Q(participants=user) | Q(written_by=user) | Q(agency__in=headed)
    return (
        Supervision.objects.filter(mine)
        .select_related("agency", "written_by")
        .prefetch_related("participants")
        .distinct()
    )


@transaction.atomic
def write_supervision(
    *,
    agency: Agency,
    held_on: dt.date,
    supervisor: str,
    participants: Collection[Any],
    themes: str,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
    support: str = "",
    next_on: dt.date | None = None,
) -> Supervision:
    """Write one supervision down; the same `token` twice is the same one.

    Raises `NotHeldYet`, `NobodyTookPart` (nobody, or people of another agency), `TellsOfAFamily`.
    """
    token = uuid.uuid5(token, agency.code)
    if (written := Supervision.objects.filter(token=token).first()) is not None:
        return written
    if held_on > agency.local(at).date():
        raise NotHeldYet
    colleagues = set(colleagues_of(agency).values_list("pk", flat=True))
    if not participants or not {person.pk for person in participants} <= colleagues:
        raise NobodyTookPart
    said = "\n".join((themes, support))
    names = Person.objects.filter(case__agency=agency).values_list("full_name", flat=True)
    if names_a_case(said) or names_a_family(said, names.iterator()):
        raise TellsOfAFamily
    supervision = Supervision.objects.create(
        agency=agency,
        held_on=held_on,
        supervisor=supervisor,
        themes=themes,
        support=support,
        next_on=next_on,
        written_by=actor,
        written_at=at,
        token=token,
    )
    supervision.participants.set(participants)
    return supervision


def is_due(agency: Agency, *, today: dt.date) -> bool:
    """Return whether an agency with cases in work has had no supervision for a month (S004: once a month)."""
    if not Case.objects.filter(agency=agency, status=CaseStatus.IN_WORK).exists():
        return False
    return not Supervision.objects.filter(agency=agency, held_on__gt=_a_month_before(today)).exists()


def headed_without_supervision(user: Any, *, today: dt.date) -> list[Agency]:
    """Return the agencies that somebody heads whose specialists have waited for supervision for a month."""
    mine = access.agencies_of(user).open()
    return [agency for agency in mine if heads([user.pk], agency_id=agency.pk) and is_due(agency, today=today)]


def _a_month_before(day: dt.date) -> dt.date:
    """Return the same date of the month before, or its last day."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
