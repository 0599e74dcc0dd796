"""Showing a case to another agency for a time, and taking that back."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from casework import access
from casework.actions.cases import locked, locked_running, make_teams
from casework.actions.curators import release
from casework.actions.log import record, up_to
from casework.actions.refusals import AlreadyShared, NothingToShare
from casework.models import Case, Event, Share
from forms_library.models import Agency


@transaction.atomic
def share_case(
    *, case: Case, agency: Agency, level: str, last_day: dt.date, reason: str, actor: Any, at: dt.datetime
) -> Share:
    """Open a running case to the teams of `agency` up to and including `last_day`.

    Raises `CaseEnded`, `NothingToShare` (the keeper itself, a closed agency, a day in the past), `AlreadyShared`.
    """
    case = locked_running(case)
    today = case.agency.local(at).date()
    if agency == case.agency or not agency.is_open or last_day < today:
        raise NothingToShare
    for old in Share.objects.filter(case=case, agency=agency, withdrawn_at=None):
        if old.is_standing(today=today):
            raise AlreadyShared
        _end(old, case=case, actor=actor, at=at)
    make_teams(agency)
    share = Share.objects.create(
        case=case, agency=agency, level=level, reason=reason, last_day=last_day, granted_by=actor, granted_at=at
    )
    access.admit_agency(case, agency=agency, share=share)
    record(
        case=case,
        event=Event.SHARED,
        actor=actor,
        at=at,
        subject=f"{agency} ({share.get_level_display()}, {up_to(last_day)})",
    )
    return share


@transaction.atomic
def withdraw_share(*, share: Share, actor: Any, at: dt.datetime) -> Share:
    """Take a share back at once; a share that was already taken back stays as it is."""
    case = locked(share.case)
    share = Share.objects.get(pk=share.pk)
    if share.withdrawn_at is None:
        _end(share, case=case, actor=actor, at=at)
        record(case=share.case, event=Event.WITHDRAWN, actor=actor, at=at, subject=str(share.agency))
    return share


def _end(share: Share, *, case: Case, actor: Any, at: dt.datetime) -> None:
    """End a share of a case that the caller holds; nobody there answers for anything in it any more."""
    share.withdrawn_by, share.withdrawn_at = actor, at
    share.save(update_fields=["withdrawn_by", "withdrawn_at"])
    access.dismiss_share(share)
    people = get_user_model().objects.filter(groups__team__agency=share.agency_id).values_list("pk", flat=True)
    release(case, set(people), today=case.agency.local(at).date(), actor=actor, at=at)


def expire_shares(*, today: dt.date, at: dt.datetime) -> int:
    """Clear away the grants of shares whose last day has passed (they open nothing any more); return how many."""
    over = list(Share.objects.filter(withdrawn_at=None, last_day__lt=today).values_list("pk", flat=True))
    return sum(_expire(number, at=at) for number in over)


@transaction.atomic
def _expire(number: int, *, at: dt.datetime) -> bool:
    case = locked(Case.objects.get(shares=number))
    share = Share.objects.get(pk=number)
    if share.withdrawn_at is not None:  # another clock, or a person, was quicker
        return False
    _end(share, case=case, actor=None, at=at)
    record(case=share.case, event=Event.WITHDRAWN, actor=None, at=at, subject=str(share.agency))
    return True
