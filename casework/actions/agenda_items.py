"""What is said and decided about one case at a meeting, by the three stages of S000, written down by the secretary or the chair.

Services and decisions are rows of their own, so two tabs only add to each other. Words that one tab would lay over another's
carry the version of the page: one wins, the other is told and keeps what was typed.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from casework import access
from casework.actions.agenda import name_of
from casework.actions.agenda_proposals import STILL_TO_DO
from casework.actions.council_refusals import (
    AccountOfAnotherAgency,
    AgencyIsClosed,
    DueInThePast,
    HowMissing,
    ItemChanged,
    NoDueDay,
    NoExecutor,
    NoNewDay,
    NothingDecided,
    NotRunning,
    ReasonMissing,
    StageNotReached,
    TooManyVotes,
    UnknownOutcome,
)
from casework.actions.council_steps import decisions_of
from casework.actions.councils import people_of_agency, seat_in
from casework.actions.log import record
from casework.actions.meetings import STAGES, taking_part
from casework.actions.packs import held_meeting
from casework.models import (
    AgendaItem,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Attendance,
    Case,
    Council,
    Event,
    ItemDecision,
    ItemInformation,
    ItemService,
    Meeting,
)
from forms_library.models import Agency


def get_item(*, user: Any, meeting: Meeting, number: int, today: dt.date) -> AgendaItem:
    """Return a case on the agenda for a member of the council; raise `CaseNotFound` for everybody else.

    Whoever is kept out of the case by name does not see it here either: deny beats allow. A cancelled meeting shows nothing.
    """
    found = meeting.items.exclude(case__in=access.barred_from(user)).select_related("case__agency").filter(pk=number)
    item = found.first() if meeting.stage != Meeting.Stage.CANCELLED else None
    if item is None or not access.seats_of(user=user, today=today).filter(council=meeting.council).exists():
        raise access.CaseNotFound(str(number))
    item.meeting = meeting
    return item


def record_item_read(*, item: AgendaItem, actor: Any, at: dt.datetime) -> None:
    """Write down that a member read what the council has on a case."""
    record(case=item.case, event=Event.COUNCIL_READ, actor=actor, at=at, subject=name_of(item.meeting))


def unfinished_before(council: Council, case: Case) -> list[Assignment]:
    """Return what this council has decided about the case before and is not done, the oldest first. One query."""
    decided = Assignment.objects.filter(
        state__in=[*STILL_TO_DO, AssignmentState.ACCEPTED],
        case=case,
        kind=AssignmentKind.DECISION,
        source__agenda_item__meeting__council=council,
    )
    return list(decided.select_related("agency", "person", "source").order_by("due", "pk"))


def _led(
    item: AgendaItem, *, stage: str, actor: Any, at: dt.datetime, version: int | None = None
) -> tuple[Meeting, AgendaItem]:
    """Return the meeting and the case on its agenda, held, for somebody who leads it and may write at this stage.

    `version` is the one that the page was made from, when its words lie over those of others.
    """
    meeting = held_meeting(item.meeting)
    if not seat_in(meeting.council, user=actor, today=meeting.council.agency.local(at).date()).leads:
        raise NotRunning
    if STAGES.index(Meeting.Stage(meeting.stage)) < STAGES.index(Meeting.Stage(stage)):
        raise StageNotReached
    item = AgendaItem.objects.select_related("case", "case_procedure__edition").get(pk=item.pk)
    item.meeting = meeting
    if version is not None and item.version != version:
        raise ItemChanged
    return meeting, item


def _saved(item: AgendaItem, *fields: str, actor: Any, at: dt.datetime) -> AgendaItem:
    item.version += 1
    item.save(update_fields=[*fields, "version"])
    _write_down(item, actor=actor, at=at)
    return item


def _write_down(item: AgendaItem, *, actor: Any, at: dt.datetime) -> None:
    record(case=item.case, event=Event.COUNCIL_WRITTEN, actor=actor, at=at, subject=name_of(item.meeting))


@transaction.atomic
def write_family(
    *,
    item: AgendaItem,
    family_invited: bool | None,
    not_invited_reason: str,
    family_attended: bool | None,
    child_opinion: str,
    child_opinion_how: str,
    version: int,
    actor: Any,
    at: dt.datetime,
) -> AgendaItem:
    """Write down whether the family is invited and came, and what the child thinks and how that was learned.

    Raises `MeetingOver`, `NotRunning`, `ItemChanged`, `ReasonMissing`, `HowMissing`.
    """
    _meeting, item = _led(item, stage=Meeting.Stage.CALLED, version=version, actor=actor, at=at)
    if family_invited is False and not not_invited_reason:
        raise ReasonMissing
    if child_opinion and not child_opinion_how:
        raise HowMissing
    item.family_invited, item.not_invited_reason = family_invited, not_invited_reason
    item.family_attended = family_attended
    item.child_opinion, item.child_opinion_how = child_opinion, child_opinion_how
    fields = ("family_invited", "not_invited_reason", "family_attended", "child_opinion", "child_opinion_how")
    return _saved(item, *fields, actor=actor, at=at)


@transaction.atomic
def write_information(
    *, item: AgendaItem, facts: Mapping[int, str], version: int, actor: Any, at: dt.datetime
) -> AgendaItem:
    """Stage 1: write down what each member (by the key of their seat) has told. Blank words take the former ones away.

    Raises `MeetingOver`, `NotRunning`, `StageNotReached`, `ItemChanged`.
    """
    meeting, item = _led(item, stage=Meeting.Stage.INFORMATION, version=version, actor=actor, at=at)
    invited = set(Attendance.objects.filter(meeting=meeting).values_list("member", flat=True))
    item.information.filter(member__in=facts).delete()
    ItemInformation.objects.bulk_create(
        [
            ItemInformation(item=item, member_id=member, facts=words)
            for member, words in facts.items()
            if words and member in invited
        ]
    )
    return _saved(item, actor=actor, at=at)


@transaction.atomic
def add_service(
    *,
    item: AgendaItem,
    who: str,
    need: str,
    service: str,
    agency: Agency,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
) -> ItemService:
    """Stage 2: write down a type of service that fits a need; the same `token` twice is the same service.

    Raises `MeetingOver`, `NotRunning`, `StageNotReached`, `AgencyIsClosed`.
    """
    _meeting, item = _led(item, stage=Meeting.Stage.SERVICES, actor=actor, at=at)
    token = uuid.uuid5(token, f"item {item.pk}")
    if (written := ItemService.objects.filter(token=token).first()) is not None:
        return written
    if not agency.is_open:
        raise AgencyIsClosed
    added = ItemService.objects.create(item=item, who=who, need=need, service=service, agency=agency, token=token)
    _write_down(item, actor=actor, at=at)
    return added


@transaction.atomic
def drop_service(*, service: ItemService, actor: Any, at: dt.datetime) -> None:
    """Take away a service that was written down by mistake. Raises `MeetingOver`, `NotRunning`, `StageNotReached`."""
    _meeting, item = _led(service.item, stage=Meeting.Stage.SERVICES, actor=actor, at=at)
    ItemService.objects.filter(pk=service.pk).delete()
    _write_down(item, actor=actor, at=at)


@transaction.atomic
def add_decision(
    *,
    item: AgendaItem,
    text: str,
    agency: Agency | None,
    person: Any,
    due: dt.date | None,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
) -> ItemDecision:
    """Stage 3: write down a decision, who carries it out and by when; the same `token` twice is the same decision.

    Raises `MeetingOver`, `NotRunning`, `StageNotReached`, `NothingDecided`, `NoExecutor`, `AgencyIsClosed`,
    `AccountOfAnotherAgency`, `NoDueDay`, `DueInThePast`.
    """
    meeting, item = _led(item, stage=Meeting.Stage.DECISIONS, actor=actor, at=at)
    token = uuid.uuid5(token, f"item {item.pk}")
    if (written := ItemDecision.objects.filter(token=token).first()) is not None:
        return written
    if not text.strip():
        raise NothingDecided
    if agency is None:
        raise NoExecutor
    if not agency.is_open:
        raise AgencyIsClosed
    if person is not None and person not in people_of_agency(agency):
        raise AccountOfAnotherAgency
    if due is None:
        raise NoDueDay
    if due < meeting.council.agency.local(at).date():
        raise DueInThePast
    added = ItemDecision.objects.create(item=item, text=text, agency=agency, person=person, due=due, token=token)
    _write_down(item, actor=actor, at=at)
    return added


@transaction.atomic
def drop_decision(*, decision: ItemDecision, actor: Any, at: dt.datetime) -> None:
    """Take away a decision that was written down by mistake. Raises `MeetingOver`, `NotRunning`, `StageNotReached`."""
    _meeting, item = _led(decision.item, stage=Meeting.Stage.DECISIONS, actor=actor, at=at)
    ItemDecision.objects.filter(pk=decision.pk).delete()
    _write_down(item, actor=actor, at=at)


@transaction.atomic
def write_outcome(
    *,
    item: AgendaItem,
    heard: str,
    decided: str,
    votes: tuple[int | None, int | None, int | None],
    outcome: str,
    until: dt.date | None,
    version: int,
    actor: Any,
    at: dt.datetime,
) -> AgendaItem:
    """Stage 3: write down what was heard and decided, the votes (for, against, abstained) and what the step ends with.

    Raises `MeetingOver`, `NotRunning`, `StageNotReached`, `ItemChanged`, `TooManyVotes`, `UnknownOutcome`, `NoNewDay`.
    """
    meeting, item = _led(item, stage=Meeting.Stage.DECISIONS, version=version, actor=actor, at=at)
    present, cast = taking_part(meeting), sum(number or 0 for number in votes)
    if cast > present:
        raise TooManyVotes(votes=cast, present=present)
    chosen = next((each for each in decisions_of(item) if each.code == outcome), None)
    if outcome and chosen is None:
        raise UnknownOutcome
    if chosen and chosen.asks_until and until is None:
        raise NoNewDay
    item.heard, item.decided, item.outcome, item.until = heard, decided, outcome, until
    item.votes_for, item.votes_against, item.votes_abstained = votes
    fields = ("heard", "decided", "outcome", "until", "votes_for", "votes_against", "votes_abstained")
    return _saved(item, *fields, actor=actor, at=at)
