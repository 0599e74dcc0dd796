"""The agenda of a meeting: which cases come before a council, why, and in what order."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from casework import access
from casework.actions.agenda_proposals import proposals_for
from casework.actions.cases import locked_running
from casework.actions.council_refusals import (
    AlreadyOnAgenda,
    CaseNotYours,
    MeetingBegun,
    MeetingOver,
    NotACaller,
    NotThisCouncil,
    OpinionsStand,
)
from casework.actions.council_steps import Question, questions_for
from casework.actions.councils import Seat, seat_in
from casework.actions.log import record
from casework.actions.packs import end_packs_of_item, held_meeting
from casework.actions.refusals import CaseEnded
from casework.actions.roles import MAY_DO
from casework.models import AgendaItem, Case, CaseProcedure, Council, Event, ItemDisclosure, Meeting


def upcoming_meetings(case: Case, *, at: dt.datetime) -> QuerySet[Meeting]:
    """Return the meetings on whose agenda a case may be put: of the councils that decide for it, not begun yet."""
    councils = Council.objects.deciding_for(case)
    found = Meeting.objects.filter(council__in=councils, stage=Meeting.Stage.CALLED, held_at__gte=at)
    return found.exclude(items__case=case).select_related("council__agency").order_by("held_at", "pk")


def meetings_of(case: Case) -> QuerySet[AgendaItem]:
    """Return where a case stands or stood on an agenda, the newest first."""
    return case.agenda_items.select_related("meeting__council", "protocol").order_by("-meeting__held_at", "-pk")


def case_by_number(*, user: Any, meeting: Meeting, reference: str, at: dt.datetime) -> Case:
    """Return the case with this number if `user` may read it, or if it is proposed.

    Raises `AlreadyOnAgenda` when `user` sees it on the agenda already, `CaseNotYours` otherwise.
    """
    try:
        return access.get_case(user=user, reference=reference, today=meeting.council.agency.local(at).date())
    except access.CaseNotFound:
        pass
    for proposal in proposals_for(meeting.council, at=at):
        if proposal.reference == reference:
            return Case.objects.select_related("agency").get(pk=proposal.case_id)
    on_agenda = meeting.items.exclude(case__in=access.barred_from(user))
    if on_agenda.filter(case__reference=reference).exists():
        raise AlreadyOnAgenda
    raise CaseNotYours


@transaction.atomic
def put_on_agenda(
    *,
    meeting: Meeting,
    case: Case,
    reason: str,
    question: str,
    actor: Any,
    at: dt.datetime,
    case_procedure: CaseProcedure | None = None,
    step: str = "",
) -> AgendaItem:
    """Put a running case on the agenda, the last in order; `step` is what its procedure leaves to the council.

    Who calls the meeting puts on what they may read and what is proposed; who works or decides on a case puts on that case.
    Raises `MeetingOver`, `MeetingBegun` (for whoever does not lead it), `CaseEnded`, `CaseNotYours`, `AlreadyOnAgenda`,
    `NotThisCouncil` (the step does not wait for a council of this kind).
    """
    meeting = held_meeting(meeting)
    case = locked_running(case)
    if meeting.items.filter(case=case).exists():
        raise AlreadyOnAgenda
    seat = _check_may_put(meeting, case, actor=actor, at=at)
    if meeting.stage != Meeting.Stage.CALLED and not seat.leads:
        raise MeetingBegun
    _check_step(case, case_procedure, step, council=meeting.council)
    question_of_it = {"reason": reason, "question": question, "case_procedure": case_procedure, "step": step}
    return _put(meeting, case, actor=actor, at=at, **question_of_it)


def _put(meeting: Meeting, case: Case, *, actor: Any, at: dt.datetime, **question: Any) -> AgendaItem:
    """Add the case as the last of a meeting; the caller holds both."""
    order = (meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    item = AgendaItem.objects.create(meeting=meeting, case=case, order=order, **question)
    record(case=case, event=Event.ON_AGENDA, actor=actor, at=at, subject=name_of(meeting))
    return item


@transaction.atomic
def put_silent(case: Case, *, question: str, at: dt.datetime) -> AgendaItem | None:
    """Put a case that silence has brought here on the agenda of the nearest meeting that is called, without anybody's press.

    Where the case stands on the agenda of a meeting to come already, the question is added to its own. `None` when it stands there
    with this very question, and when no meeting is called: then it is proposed for the next one.
    """
    standing = case.agenda_items.filter(meeting__stage=Meeting.Stage.CALLED, meeting__held_at__gte=at)
    item = standing.select_related("meeting__council__agency").order_by("meeting__held_at", "pk").first()
    meeting = item.meeting if item else upcoming_meetings(case, at=at).first()
    if meeting is None:
        return None
    try:
        meeting, case = held_meeting(meeting), locked_running(case)
    except (MeetingOver, CaseEnded):
        return None
    if meeting.stage != Meeting.Stage.CALLED:
        return None
    item = meeting.items.filter(case=case).first()
    if item is not None:
        return _ask_too(item, question=question, at=at)
    return _put(meeting, case, actor=None, at=at, reason=AgendaItem.Reason.SILENT_REFERRAL, question=question)


def _ask_too(item: AgendaItem, *, question: str, at: dt.datetime) -> AgendaItem | None:
    """Add a question to an item whose meeting the caller holds; `None` when it is asked there already."""
    if question in item.question:
        return None
    item.question, item.version = f"{item.question}\n{question}".strip(), item.version + 1
    item.save(update_fields=["question", "version"])
    record(case=item.case, event=Event.ON_AGENDA, actor=None, at=at, subject=name_of(item.meeting))
    return item


def put_own_case(
    *, meeting: Meeting, case: Case, question: str, actor: Any, at: dt.datetime, **step: Any
) -> AgendaItem:
    """Put one's own case on an agenda: for its approval when a step is named, because a member of its team asks otherwise.

    Raises what `put_on_agenda` raises.
    """
    reason = AgendaItem.Reason.APPROVAL if step else AgendaItem.Reason.ASKED
    return put_on_agenda(meeting=meeting, case=case, reason=reason, question=question, actor=actor, at=at, **step)


def name_of(meeting: Meeting) -> str:
    """Return how the log names a meeting."""
    return f"{meeting.council}, {meeting}"


def _check_may_put(meeting: Meeting, case: Case, *, actor: Any, at: dt.datetime) -> Seat:
    """Return what `actor` is in the council; raise `CaseNotYours` unless they may bring this case before it."""
    today = meeting.council.agency.local(at).date()
    seat = seat_in(meeting.council, user=actor, today=today)
    held = access.permissions_on(case, user=actor, today=today)
    brings_own = bool(MAY_DO & held) and upcoming_meetings(case, at=at).filter(pk=meeting.pk).exists()
    if access.is_barred(case, user=actor) or not (brings_own or seat.calls):
        raise CaseNotYours
    if not (brings_own or access.CasePermission.VIEW in held):
        proposed = {proposal.case_id for proposal in proposals_for(meeting.council, at=at)}
        if case.pk not in proposed:
            raise CaseNotYours
    return seat


def steps_for(meetings: Iterable[Meeting], case: Case) -> list[tuple[str, str]]:
    """Return the steps that wait in the case for the councils of these meetings: their key («procedure:step») and title."""
    councils = {meeting.council_id: meeting.council for meeting in meetings}
    questions = [question for council in councils.values() for question in questions_for(council, case)]
    return list({_key(question): question.step.title for question in questions}.items())


def _key(question: Question) -> str:
    return f"{question.followed.pk}:{question.step.code}"


def named_step(case: Case, key: str) -> dict[str, Any]:
    """Return what a key of `steps_for` names, as `put_on_agenda` takes it; nothing for a blank key."""
    number, _colon, step = key.partition(":")
    if not number.isdecimal():
        return {}
    return {"case_procedure": case.procedures.running().filter(pk=number).first(), "step": step}


def _check_step(case: Case, followed: CaseProcedure | None, step: str, *, council: Council) -> None:
    """Raise `NotThisCouncil` unless `step` waits in the case for this council, or nothing is asked."""
    if followed is None and not step:
        return
    waiting = {_key(question) for question in questions_for(council, case)}
    if followed is None or f"{followed.pk}:{step}" not in waiting:
        raise NotThisCouncil


def get_line(*, user: Any, meeting: Meeting, number: int) -> AgendaItem:
    """Return a case on the agenda for whoever makes it; raise `CaseNotFound` when they are kept out of it by name."""
    lines = meeting.items.exclude(case__in=access.barred_from(user)).select_related("case", "meeting")
    found = lines.filter(pk=number).first()
    if found is None:
        raise access.CaseNotFound(str(number))
    return found


@transaction.atomic
def take_off_agenda(*, item: AgendaItem, actor: Any, at: dt.datetime) -> None:
    """Take a case off the agenda of a meeting that has not begun: its packs end at once.

    Raises `MeetingOver`, `MeetingBegun`, `NotACaller`, `OpinionsStand` (the words of members are kept).
    """
    meeting = held_meeting(item.meeting)
    if meeting.stage != Meeting.Stage.CALLED:
        raise MeetingBegun
    if not seat_in(meeting.council, user=actor, today=meeting.council.agency.local(at).date()).calls:
        raise NotACaller
    if any(words.exists() for words in (item.opinions, item.information, item.services, item.decisions)):
        raise OpinionsStand
    end_packs_of_item(item, actor=actor, at=at)
    ItemDisclosure.objects.filter(item=item).delete()
    case = item.case
    AgendaItem.objects.filter(pk=item.pk).delete()
    _number(meeting.items.order_by("order", "pk"))
    record(case=case, event=Event.OFF_AGENDA, actor=actor, at=at, subject=name_of(meeting))


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, actor: Any, at: dt.datetime) -> None:
    """Put a case before the one above it, or after the one below it. Raises `MeetingOver`, `NotACaller`.

    A case from which `actor` is kept out by name is passed over: they do not see it in the list.
    """
    meeting = held_meeting(item.meeting)
    if not seat_in(meeting.council, user=actor, today=meeting.council.agency.local(at).date()).calls:
        raise NotACaller
    items = list(meeting.items.order_by("order", "pk"))
    kept_out = set(access.barred_from(actor).values_list("case", flat=True))
    here = [each.pk for each in items].index(item.pk)
    way = range(here - 1, -1, -1) if up else range(here + 1, len(items))
    there = next((place for place in way if items[place].case_id not in kept_out), None)
    if there is not None:
        items.insert(there, items.pop(here))
        _number(items)


def _number(items: Iterable[AgendaItem]) -> None:
    """Number the cases of an agenda from 1, as they come: refusals name a case by its place."""
    items = list(items)
    for order, each in enumerate(items, start=1):
        each.order = order
    AgendaItem.objects.bulk_update(items, ["order"])
