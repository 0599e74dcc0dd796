"""What members think of a case: asked in advance, given remotely, dissenting.

A member speaks for themselves; for a member without an account, whoever leads the meeting writes down what came on paper.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction

from casework.actions.agenda import name_of
from casework.actions.council_refusals import (
    NoDissentYet,
    NoRemoteOpinion,
    NotAMember,
    NotRunning,
    OpinionIsLate,
    SpeaksForThemselves,
)
from casework.actions.councils import members_on, seat_in
from casework.actions.log import record
from casework.actions.packs import held_meeting
from casework.models import AgendaItem, Attendance, Bar, CouncilMember, Event, Meeting, Opinion

GOES_ON = (Meeting.Stage.INFORMATION, Meeting.Stage.SERVICES, Meeting.Stage.DECISIONS)


KINDS = dict(Opinion.Kind.choices)
"""Kinds of opinions, and what they are called."""


def kind_open_now(meeting: Meeting, member: CouncilMember, *, at: dt.datetime) -> tuple[str, ...]:
    """Return which kinds of opinion a member may write now. One query at most.

    What came on paper by the last day is written down until the meeting begins.
    """
    if meeting.is_over:
        return ()
    if meeting.stage == Meeting.Stage.CALLED:
        is_on_paper = member.person_id is None
        return (Opinion.Kind.ADVANCE,) if is_on_paper or not _is_late(meeting, at=at) else ()
    marked = meeting.attendance.filter(member=member).values_list("presence", flat=True).first()
    return _open_at(meeting, presence=marked)


def _open_at(meeting: Meeting, *, presence: str | None) -> tuple[str, ...]:
    """Return which kinds of opinion a member gives at a meeting that has begun, by how they take part in it.

    Only who took part in the decision dissents from it; nobody is taken for absent before they are marked so.
    """
    kinds: list[str] = [Opinion.Kind.REMOTE] if presence == Attendance.Presence.REMOTE else []
    if meeting.stage == Meeting.Stage.DECISIONS and presence != Attendance.Presence.ABSENT:
        kinds.append(Opinion.Kind.DISSENT)
    return tuple(kinds)


def _is_late(meeting: Meeting, *, at: dt.datetime) -> bool:
    today = meeting.council.agency.local(at).date()
    return meeting.opinions_by is not None and today > meeting.opinions_by


REFUSALS = {
    Opinion.Kind.ADVANCE: OpinionIsLate,
    Opinion.Kind.REMOTE: NoRemoteOpinion,
    Opinion.Kind.DISSENT: NoDissentYet,
}


@transaction.atomic
def give_opinion(*, item: AgendaItem, kind: str, text: str, actor: Any, at: dt.datetime) -> Opinion:
    """Write a member's own opinion of a case; written once more, it takes the place of the former one.

    Raises `MeetingOver`, `NotAMember`, `OpinionIsLate`, `NoRemoteOpinion`, `NoDissentYet`.
    """
    meeting = held_meeting(item.meeting)
    today = meeting.council.agency.local(at).date()
    member = seat_in(meeting.council, user=actor, today=today).member
    if member is None:
        raise NotAMember
    return _write(item, meeting, member, kind=kind, text=text, actor=actor, at=at)


@transaction.atomic
def write_from_paper(
    *, item: AgendaItem, member: CouncilMember, kind: str, text: str, actor: Any, at: dt.datetime
) -> Opinion:
    """Write down the opinion that a member without an account gave on paper; `given_by` says who wrote it down.

    Raises `MeetingOver`, `NotRunning`, `SpeaksForThemselves`, `OpinionIsLate`, `NoRemoteOpinion`, `NoDissentYet`.
    """
    meeting = held_meeting(item.meeting)
    today = meeting.council.agency.local(at).date()
    if not seat_in(meeting.council, user=actor, today=today).leads:
        raise NotRunning
    if member not in _without_account(meeting, today=today):
        raise SpeaksForThemselves
    return _write(item, meeting, member, kind=kind, text=text, actor=actor, at=at)


def _without_account(meeting: Meeting, *, today: dt.date) -> list[CouncilMember]:
    return [member for member in members_on(meeting.council, today=today) if member.person_id is None]


def papers_to_write_down(meeting: Meeting, *, at: dt.datetime) -> list[tuple[CouncilMember, tuple[str, ...]]]:
    """Return the members without an account whose opinions may be written down now, and of which kinds. Two queries."""
    if meeting.is_over:
        return []
    members = _without_account(meeting, today=meeting.council.agency.local(at).date())
    if meeting.stage == Meeting.Stage.CALLED:
        return [(member, (Opinion.Kind.ADVANCE,)) for member in members]
    presence = dict(meeting.attendance.values_list("member", "presence"))
    open_now = [(member, _open_at(meeting, presence=presence.get(member.pk))) for member in members]
    return [(member, kinds) for member, kinds in open_now if kinds]


def _write(
    item: AgendaItem, meeting: Meeting, member: CouncilMember, *, kind: str, text: str, actor: Any, at: dt.datetime
) -> Opinion:
    """Write an opinion of a member, the meeting being held. Raises why a kind is not open to them."""
    if kind not in kind_open_now(meeting, member, at=at):
        raise REFUSALS[Opinion.Kind(kind)]
    opinion, _made = Opinion.objects.update_or_create(
        item=item, member=member, kind=kind, defaults={"text": text, "given_by": actor, "given_at": at}
    )
    record(case=item.case, event=Event.COUNCIL_WRITTEN, actor=actor, at=at, subject=name_of(meeting))
    return opinion


def silent_members(meeting: Meeting, *, at: dt.datetime) -> list[tuple[CouncilMember, int]]:
    """Return the members with an account who have not said what they think of so many cases. Four queries.

    Nobody is asked about a case from which they are kept out by name.
    """
    total = meeting.items.count()
    today = meeting.council.agency.local(at).date()
    said: dict[int, set[int]] = {}
    for member, item in Opinion.objects.filter(item__meeting=meeting).values_list("member", "item"):
        said.setdefault(member, set()).add(item)
    bars = Bar.objects.filter(case__in=meeting.items.values("case"), lifted_at=None)
    without = Counter(person for person, _case in bars.values_list("person", "case").distinct())
    missing = [
        (member, total - without[member.person_id] - len(said.get(member.pk, ())))
        for member in members_on(meeting.council, today=today)
        if member.person_id is not None
    ]
    return [(member, count) for member, count in missing if count > 0]
