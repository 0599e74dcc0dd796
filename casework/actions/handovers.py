"""A case goes to another curator: a pack is made of what waits in it, and accepted item by item.

Until the last item is accepted the first curator answers for the case. The agency that keeps it stays the same: whoever takes
it over in another agency works there by a share for work (domain.md B.1).
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework.actions.cases import locked, locked_running, may_be_curator, speaks_for
from casework.actions.curators import hand_case_to
from casework.actions.handover_packs import pack_of
from casework.actions.handover_refusals import (
    CuratorChanged,
    HandoverOver,
    HandoverToTheCurator,
    HandoverUnderWay,
    NotTheReceiver,
    NotYourHandover,
    ReceiverLeft,
)
from casework.actions.log import record
from casework.actions.refusals import CaseNotInWork, NotOfThisAgency
from casework.actions.tasks import give_task
from casework.models import Case, CaseStatus, Event, Handover, HandoverItem, Task, TaskStatus

Kind = HandoverItem.Kind


@transaction.atomic
def begin_handover(
    *, case: Case, to_person: Any, ground: str, words: str, actor: Any, at: dt.datetime, token: uuid.UUID
) -> Handover:
    """Make the pack of a case in work and ask `to_person` to accept it. The same `token` twice is the same handover.

    Raises `CaseEnded`, `CaseNotInWork`, `NotYourHandover`, `HandoverUnderWay`, `HandoverToTheCurator`, `NotOfThisAgency`.
    """
    case = locked_running(case)
    token = uuid.uuid5(token, case.reference)  # the token of a page counts within its case only
    if (begun := Handover.objects.filter(token=token).first()) is not None:
        return begun
    today = case.agency.local(at).date()
    if not speaks_for(case, actor, today=today):
        raise NotYourHandover
    if case.status != CaseStatus.IN_WORK:
        raise CaseNotInWork
    if Handover.objects.under_way().filter(case=case).exists():
        raise HandoverUnderWay
    if to_person.pk == case.curator_id:
        raise HandoverToTheCurator
    if not may_be_curator(case, to_person, today=today):
        raise NotOfThisAgency
    title = _("Take the case over: open “Handover” beside its curator and accept every item")
    task = give_task(case=case, title=title, owner=to_person, due=None, actor=actor, at=at, token=token)
    handover = Handover.objects.create(
        case=case,
        from_person=case.curator,
        to_person=to_person,
        ground=ground,
        words=words,
        begun_by=actor,
        begun_at=at,
        task=task,
        token=token,
    )
    _add_what_is_new(handover, today=today)
    record(case=case, event=Event.HANDED_OVER, actor=actor, at=at, subject=_("begun → %(who)s") % {"who": to_person})
    return handover


@transaction.atomic
def accept_items(
    *, handover: Handover, numbers: Collection[int], remarks: Mapping[int, str], actor: Any, at: dt.datetime
) -> Handover:
    """Accept the items `numbers` of the pack; when nothing is left, the curator changes. What was accepted stays accepted.

    What has come into the case since the pack was made is added to it, before the case goes anywhere.
    Raises `CaseEnded`, `HandoverOver`, `NotTheReceiver`, `ReceiverLeft`, `CuratorChanged`.
    """
    case, handover = _held(handover)
    if handover.finished_at and handover.to_person_id == actor.pk:
        return handover  # the other tab was quicker
    if not handover.is_under_way:
        raise HandoverOver
    if handover.to_person_id != actor.pk:
        raise NotTheReceiver
    today = case.agency.local(at).date()
    if not may_be_curator(case, actor, today=today):
        raise ReceiverLeft
    if case.curator_id != handover.from_person_id:
        raise CuratorChanged
    for item in handover.items.filter(pk__in=numbers, accepted_at=None):
        item.accepted_at, item.remark = at, remarks.get(item.pk, "")
        item.save(update_fields=["accepted_at", "remark"])
    if not handover.items.filter(accepted_at=None).exists() and not _add_what_is_new(handover, today=today):
        _finish(handover, case=case, at=at)
    return handover


@transaction.atomic
def withdraw_handover(*, handover: Handover, actor: Any, at: dt.datetime) -> Handover:
    """Take a handover back: the curator stays who it is. A second press changes nothing.

    Raises `HandoverOver` when the case has gone over already, `NotYourHandover`.
    """
    case, handover = _held(handover, running=False)
    if handover.withdrawn_at:
        return handover
    if handover.finished_at:
        raise HandoverOver
    today = case.agency.local(at).date()
    if not speaks_for(case, actor, today=today):
        raise NotYourHandover
    handover.withdrawn_by, handover.withdrawn_at = actor, at
    handover.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _end_task(handover, status=TaskStatus.GONE, today=today)
    record(case=case, event=Event.HANDED_OVER, actor=actor, at=at, subject=_("taken back"))
    return handover


def handover_of(case: Case) -> Handover | None:
    """Return the latest handover of a case: if one is under way, it is this one. One query."""
    people = ("from_person", "to_person", "begun_by", "withdrawn_by")
    return Handover.objects.filter(case=case).select_related(*people).order_by("-pk").first()


def _held(handover: Handover, *, running: bool = True) -> tuple[Case, Handover]:
    """Return a handover as it is now and its case, held until the end of the transaction."""
    case = locked_running(handover.case) if running else locked(handover.case)
    handover = Handover.objects.select_related("to_person", "task").get(pk=handover.pk)
    handover.case = case
    return case, handover


def _add_what_is_new(handover: Handover, *, today: dt.date) -> bool:
    """Add what the pack does not hold yet; return whether there was anything."""
    known = set(handover.items.values_list("ref", flat=True))
    found = [each for each in pack_of(handover.case, today=today, without=handover.task) if each.ref not in known]
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, kind=each.kind, ref=each.ref, text=each.text, due=each.due) for each in found
    )
    return bool(found)


def _finish(handover: Handover, *, case: Case, at: dt.datetime) -> None:
    receiver = handover.to_person
    handover.finished_at = at
    handover.save(update_fields=["finished_at"])
    _end_task(handover, status=TaskStatus.DONE, today=case.agency.local(at).date())
    record(
        case=case, event=Event.HANDED_OVER, actor=receiver, at=at, subject=_("finished → %(who)s") % {"who": receiver}
    )
    hand_case_to(receiver, case=case, actor=receiver, at=at)


def _end_task(handover: Handover, *, status: str, today: dt.date) -> None:
    """The task that asks to accept the pack is over, unless somebody has ticked it off before."""
    Task.objects.open().filter(pk=handover.task_id).update(status=status, finished_on=today)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The items of one kind."""

    title: str
    items: list[HandoverItem]


def groups_of(handover: Handover) -> list[Group]:
    """Return the pack by kind, the most urgent kind first. One query."""
    order = (Kind.RISK, Kind.DEADLINE, Kind.DECISION, Kind.PAPER, Kind.CONTACT)
    items = list(handover.items.all())
    groups = [Group(title=str(kind.label), items=[each for each in items if each.kind == kind]) for kind in order]
    return [group for group in groups if group.items]
