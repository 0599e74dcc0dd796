"""Who answers for a case: named by its keeper, and no longer when they may not work on it any more."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework import access
from casework.actions.cases import locked, may_be_curator
from casework.actions.log import record
from casework.actions.progress import progress_of
from casework.actions.refusals import CaseNotInWork, NotOfThisAgency
from casework.actions.roles import MAY_DO
from casework.actions.tasks import give_to_new_curator
from casework.models import Case, CaseProcedure, CaseStatus, Event, Task


@transaction.atomic
def assign_curator(*, case: Case, actor: Any, at: dt.datetime, curator: Any) -> Case:
    """Make `curator` answer for a case in work. Raises `CaseNotInWork`, `NotOfThisAgency`."""
    case = locked(case)
    if case.status != CaseStatus.IN_WORK:
        raise CaseNotInWork
    if not may_be_curator(case, curator, today=case.agency.local(at).date()):
        raise NotOfThisAgency
    hand_case_to(curator, case=case, actor=actor, at=at)
    return case


def hand_case_to(curator: Any, *, case: Case, actor: Any, at: dt.datetime) -> None:
    """Make `curator` answer for a case that the caller holds, and for its open tasks: those that the one before had, or nobody.

    Tasks of a role to which somebody is appointed by name stay with them: nobody else plays it.
    """
    left, case.curator = case.curator_id, curator
    case.save(update_fields=["curator"])
    record(case=case, event=Event.ASSIGNED, actor=actor, at=at, subject=str(curator))
    if left:
        Task.objects.open().filter(case=case, owner=left, step="").update(owner=curator)
    running = CaseProcedure.objects.running().filter(case=case).select_related("edition", "case__agency")
    for followed in running:
        give_to_new_curator(followed, progress_of(followed), left=left, today=case.agency.local(at).date())


def release(case: Case, people: Collection[int], *, today: dt.date, actor: Any, at: dt.datetime) -> None:
    """Take from `people` what they answered for in a case that the caller holds, as far as they may not work on it any more.

    Their tasks become nobody's, so that whoever keeps the case sees them; a case without a curator says so.
    """
    able = {
        viewer.user.pk for viewer in access.viewers_of(case, today=today) if MAY_DO.intersection(viewer.permissions)
    }
    gone = set(people) - able
    Task.objects.open().filter(case=case, owner__in=gone).update(owner=None)
    if case.curator_id in gone:
        case.curator = None
        case.save(update_fields=["curator"])
        record(case=case, event=Event.ASSIGNED, actor=actor, at=at, subject=_("nobody"))
