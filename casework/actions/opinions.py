"""What members think of a case: asked in advance, given remotely, dissenting. A member speaks for themselves."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction

from casework.actions.agenda import name_of
from casework.actions.council_refusals import (
    NoDissentYet,
    NoRemoteOpinion,
    NotAMember,
    OpinionIsLate,
)
from casework.actions.councils import members_on, seat_in
from casework.actions.log import record
from casework.actions.packs import held_meeting
from casework.models import AgendaItem, Attendance, Bar, CouncilMember, Event, Meeting, Opinion

GOES_ON = (Meeting.Stage.INFORMATION, Meeting.Stage.SERVICES, Meeting.Stage.DECISIONS)


KINDS = dict(Opinion.Kind.choices)
"""Kinds of opinions, and what they are called."""


def kind_open_now(meeting: Meeting, member: CouncilMember, *, at: dt.datetime) -> tuple[str, ...]:
    """Return which kinds of opinion a member may write now. One query at most."""
    if meeting.is_over:
        return ()
    if meeting.stage == Meeting.Stage.CALLED:
        return () if _is_late(meeting, at=at) else (Opinion.Kind.ADVANCE,)
    kinds: list[str] = []
    if meeting.attendance.filter(member=member, presence=Attendance.Presence.REMOTE).exists():
        kinds.append(Opinion.Kind.REMOTE)
    if meeting.stage == Meeting.Stage.DECISIONS:
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
