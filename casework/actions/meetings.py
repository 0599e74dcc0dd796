"""A meeting of a council: called, its members invited, who takes part, and its three stages (S000), up to the signature.

What is said about each case is in `casework.actions.agenda_items`; the signature is in `casework.actions.protocols`.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from casework.actions.council_refusals import (
    AlreadyWrittenDown,
    CouncilClosed,
    MeetingBegun,
    MeetingChanged,
    MeetingDayNotCome,
    MeetingInThePast,
    NoQuorum,
    NotACaller,
    NothingOnAgenda,
    NotRunning,
    NotTheNextStage,
    OpinionsTooLate,
    QuorumTooBig,
)
from casework.actions.councils import Seat, members_on, seat_in
from casework.actions.packs import day_of, end_packs, held_meeting, lengthen_packs, prepare_packs
from casework.models import Attendance, Council, Meeting, Opinion
from casework.notifications import tell_about_meeting

STAGES = (
    Meeting.Stage.CALLED,
    Meeting.Stage.INFORMATION,
    Meeting.Stage.SERVICES,
    Meeting.Stage.DECISIONS,
)
"""The stages through which a secretary leads a meeting, in their order; the last step, the signature, is its own."""

WRITTEN_DOWN = (
    Q(information__isnull=False)
    | Q(services__isnull=False)
    | Q(decisions__isnull=False)
    | Q(opinions__kind__in=(Opinion.Kind.REMOTE, Opinion.Kind.DISSENT))
    | Q(votes_for__isnull=False)
    | Q(votes_against__isnull=False)
    | Q(votes_abstained__isnull=False)
    | Q(until__isnull=False)
    | ~Q(heard="", decided="", outcome="")
)
"""The cases about which something was said or decided since their meeting began."""

TAKES_PART = (Attendance.Presence.PRESENT, Attendance.Presence.REMOTE)


@transaction.atomic
def call_meeting(
    *,
    council: Council,
    held_at: dt.datetime,
    place: str,
    is_remote_allowed: bool,
    opinions_by: dt.date | None,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
) -> Meeting:
    """Call a meeting and give it the next number of the year; the same `token` twice is the same meeting.

    Raises `CouncilClosed`, `NotACaller`, `QuorumTooBig` (too few members), `MeetingInThePast`, `OpinionsTooLate`.
    """
    council = Council.objects.select_for_update(of=("self",)).select_related("agency").get(pk=council.pk)
    token = uuid.uuid5(token, f"council {council.pk}")  # the token of a page counts within its council only
    if (called := Meeting.objects.filter(token=token).first()) is not None:
        return called
    local = council.agency.local
    today = local(at).date()
    if not council.is_open:
        raise CouncilClosed
    if not seat_in(council, user=actor, today=today).calls:
        raise NotACaller
    _check_members(council, today=today)
    if held_at < at:
        raise MeetingInThePast
    if opinions_by is not None and not today <= opinions_by <= local(held_at).date():
        raise OpinionsTooLate
    year = local(held_at).year
    last = council.meetings.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    return Meeting.objects.create(
        council=council,
        number=last + 1,
        year=year,
        held_at=held_at,
        place=place,
        is_remote_allowed=is_remote_allowed,
        opinions_by=opinions_by,
        called_by=actor,
        called_at=at,
        token=token,
    )


def _check_members(council: Council, *, today: dt.date) -> None:
    """Raise `QuorumTooBig` when the members of a council cannot make a quorum."""
    members = len(members_on(council, today=today))
    if members < council.quorum:
        raise QuorumTooBig(quorum=council.quorum, members=members)


def _seat(meeting: Meeting, *, user: Any, at: dt.datetime) -> Seat:
    return seat_in(meeting.council, user=user, today=meeting.council.agency.local(at).date())


@transaction.atomic
def invite(*, meeting: Meeting, actor: Any, at: dt.datetime) -> int:
    """Invite every member, and give every agency its pack of every case; return how many packs are new.

    A second press adds what has come since: members, cases. The letters say nothing of any case.
    Raises `MeetingOver`, `NotACaller`, `QuorumTooBig`, `NothingOnAgenda`.
    """
    meeting = held_meeting(meeting)
    today = meeting.council.agency.local(at).date()
    if not _seat(meeting, user=actor, at=at).calls:
        raise NotACaller
    if not meeting.items.exists():
        raise NothingOnAgenda
    _check_members(meeting.council, today=today)
    invited = set(meeting.attendance.values_list("member", flat=True))
    new = [member for member in members_on(meeting.council, today=today) if member.pk not in invited]
    Attendance.objects.bulk_create([Attendance(meeting=meeting, member=member) for member in new])
    made = prepare_packs(meeting, actor=actor, at=at)
    if meeting.invited_at is None:
        meeting.invited_at = at
        meeting.save(update_fields=["invited_at"])
    addresses = [member.person.email for member in new if member.person is not None and member.person.is_active]
    transaction.on_commit(lambda: tell_about_meeting(meeting, addresses), robust=True)
    return made


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, actor: Any, at: dt.datetime) -> Meeting:
    """Cancel a meeting: nobody sees anything of its cases any more. Raises `MeetingOver`, `NotACaller`."""
    meeting = held_meeting(meeting)
    if not _seat(meeting, user=actor, at=at).calls:
        raise NotACaller
    end_packs(meeting=meeting, actor=actor, at=at)
    return _save_stage(meeting, Meeting.Stage.CANCELLED)


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, held_at: dt.datetime, place: str, opinions_by: dt.date | None, actor: Any, at: dt.datetime
) -> Meeting:
    """Put a meeting that has not begun off to another time or place; its packs last as long after the new day.

    Raises `MeetingOver`, `NotACaller`, `MeetingBegun`, `MeetingInThePast`, `OpinionsTooLate`.
    """
    meeting = held_meeting(meeting)
    local = meeting.council.agency.local
    if not _seat(meeting, user=actor, at=at).calls:
        raise NotACaller
    if meeting.stage != Meeting.Stage.CALLED:
        raise MeetingBegun
    if held_at < at:
        raise MeetingInThePast
    if opinions_by is not None and not local(at).date() <= opinions_by <= local(held_at).date():
        raise OpinionsTooLate
    meeting.held_at, meeting.place, meeting.opinions_by = held_at, place, opinions_by
    meeting.save(update_fields=["held_at", "place", "opinions_by"])
    lengthen_packs(meeting)
    return meeting


def taking_part(meeting: Meeting) -> int:
    """Return how many members take part, in the room or remotely. One query."""
    return meeting.attendance.filter(presence__in=TAKES_PART).count()


def has_not_begun(meeting: Meeting) -> bool:
    """Return whether a meeting is only called yet."""
    return meeting.stage == Meeting.Stage.CALLED


def its_day_has_come(meeting: Meeting, *, at: dt.datetime) -> bool:
    """Return whether it is the day of a meeting, or a later one, where the council is."""
    return day_of(meeting) <= meeting.council.agency.local(at).date()


def is_begun_by_mistake(meeting: Meeting) -> bool:
    """Return whether a meeting is at its first stage with nothing written down, so that it can be called once more. One query."""
    return meeting.stage == Meeting.Stage.INFORMATION and not _is_written_down(meeting)


def _is_written_down(meeting: Meeting) -> bool:
    return meeting.items.filter(WRITTEN_DOWN).exists()


def stages_of(meeting: Meeting) -> list[tuple[str, bool, bool]]:
    """Return the three stages of S000: what each is called, whether the meeting is at it, whether it has passed it."""
    order = [*STAGES, Meeting.Stage.SIGNED]
    now = order.index(Meeting.Stage(meeting.stage)) if meeting.stage in order else 0
    return [(str(stage.label), place == now, place < now) for place, stage in enumerate(order) if stage in STAGES[1:]]


def stage_after(meeting: Meeting) -> tuple[str, str] | None:
    """Return the code and the name of the stage that comes next; `None` when the signature does, or nothing."""
    if meeting.stage not in STAGES[:-1]:
        return None
    following = STAGES[STAGES.index(Meeting.Stage(meeting.stage)) + 1]
    return following.value, str(following.label)


@transaction.atomic
def mark_attendance(
    *, meeting: Meeting, presence: Mapping[int, str], version: int, actor: Any, at: dt.datetime
) -> Meeting:
    """Write down how each invited member (by the key of their seat) takes part.

    Raises `MeetingOver`, `NotRunning`, `MeetingChanged` (somebody else was quicker).
    """
    meeting = _led(meeting, version=version, actor=actor, at=at)
    rows = list(meeting.attendance.all())
    for row in rows:
        row.presence = Attendance.Presence(presence.get(row.member_id, row.presence))
    Attendance.objects.bulk_update(rows, ["presence"])
    meeting.version += 1
    meeting.save(update_fields=["version"])
    return meeting


@transaction.atomic
def go_to_stage(*, meeting: Meeting, stage: str, version: int, actor: Any, at: dt.datetime) -> Meeting:
    """Lead a meeting on to its next stage, or back to an earlier one. Nothing is decided without a quorum.

    It begins on its day, and goes back to being called from its first stage as long as nothing was written down.
    Raises `MeetingOver`, `NotRunning`, `MeetingChanged`, `NotTheNextStage`, `AlreadyWrittenDown`, `NothingOnAgenda`,
    `MeetingDayNotCome`, `NoQuorum`.
    """
    meeting = _led(meeting, version=version, actor=actor, at=at)
    now = STAGES.index(Meeting.Stage(meeting.stage))
    if stage not in STAGES[: now + 2] or stage == meeting.stage:
        raise NotTheNextStage
    if stage == Meeting.Stage.CALLED:
        return _called_again(meeting)
    if not meeting.items.exists():
        raise NothingOnAgenda
    if not its_day_has_come(meeting, at=at):
        raise MeetingDayNotCome(day=f"{day_of(meeting):%d.%m.%Y}")
    present = taking_part(meeting)
    if stage == Meeting.Stage.DECISIONS and present < meeting.council.quorum:
        raise NoQuorum(present=present, quorum=meeting.council.quorum)
    return _save_stage(meeting, Meeting.Stage(stage))


def _called_again(meeting: Meeting) -> Meeting:
    """Take back the beginning of a meeting. Raises `NotTheNextStage`, `AlreadyWrittenDown`."""
    if meeting.stage != Meeting.Stage.INFORMATION:
        raise NotTheNextStage
    if _is_written_down(meeting):
        raise AlreadyWrittenDown
    return _save_stage(meeting, Meeting.Stage.CALLED)


def _led(meeting: Meeting, *, version: int, actor: Any, at: dt.datetime) -> Meeting:
    """Return the meeting, held, for somebody who leads it and has seen it as it is now."""
    meeting = held_meeting(meeting)
    if not _seat(meeting, user=actor, at=at).leads:
        raise NotRunning
    if meeting.version != version:
        raise MeetingChanged
    return meeting


def _save_stage(meeting: Meeting, stage: Meeting.Stage) -> Meeting:
    meeting.stage = stage
    meeting.version += 1
    meeting.save(update_fields=["stage", "version"])
    return meeting
