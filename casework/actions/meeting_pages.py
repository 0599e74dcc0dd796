"""What the pages of a meeting read. They change nothing, and ask the same few questions whatever the length of the agenda."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from casework import access
from casework.actions.agenda_items import unfinished_before
from casework.actions.council_steps import Decision, decisions_of, step_of
from casework.actions.councils import Seat, seat_in
from casework.actions.opinions import kind_open_now, silent_members
from casework.actions.packs import day_of
from casework.actions.protocol_readers import CHILD, DISCUSSION, Reach, reach_of
from casework.models import (
    AgendaItem,
    Assignment,
    Attendance,
    CouncilMember,
    Disclosure,
    ItemDecision,
    ItemDisclosure,
    ItemInformation,
    ItemService,
    Meeting,
    Opinion,
)
from forms_library.procedures.definition import Step


def to_come(*, user: Any, today: dt.date) -> QuerySet[Meeting]:
    """Return the meetings of the person's councils that are not over, the next first."""
    found = Meeting.objects.filter(council__in=access.councils_of(user=user, today=today)).exclude(
        stage__in=Meeting.OVER
    )
    return found.select_related("council__agency").order_by("held_at", "pk")


@dataclass(frozen=True, kw_only=True)
class Invitations:
    """To how many meetings somebody is invited, the nearest of them, and by what day it still waits for their opinion."""

    count: int
    nearest: Meeting
    day: dt.date
    is_waited_for: bool
    opinion_by: dt.date | None


def invitations_of(user: Any, *, today: dt.date) -> Invitations | None:
    """Return the meetings to come to which `user` is invited as a member; `None` when there are none. One query.

    An opinion is waited for until the meeting begins or its last day passes, on every case but those closed to them by name.
    """
    seats = access.seats_of(user=user, today=today)
    said = Opinion.objects.filter(item=OuterRef("pk"), member__in=seats)
    silent = AgendaItem.objects.filter(~Exists(said), meeting=OuterRef("pk")).exclude(case__in=access.barred_from(user))
    invited = to_come(user=user, today=today).filter(
        pk__in=Attendance.objects.filter(member__in=seats).values("meeting")
    )
    found = [each for each in invited.annotate(is_silent=Exists(silent)) if day_of(each) >= today]
    if not found:
        return None
    nearest = found[0]
    in_time = nearest.opinions_by is None or nearest.opinions_by >= today
    return Invitations(
        count=len(found),
        nearest=nearest,
        day=day_of(nearest),
        is_waited_for=nearest.is_silent and in_time and nearest.stage == Meeting.Stage.CALLED,
        opinion_by=nearest.opinions_by,
    )


@dataclass(frozen=True, kw_only=True)
class AgendaLine:
    """A case on an agenda as one person sees it: with their pack, or the case itself when they may read it."""

    item: AgendaItem
    pack: uuid.UUID | None
    reads_case: bool
    has_spoken: bool
    decisions: int


def agenda_of(meeting: Meeting, *, user: Any, seat: Seat, today: dt.date) -> list[AgendaLine]:
    """Return the agenda as `user` sees it; nothing for who sees only that there is a meeting. Five queries."""
    if not seat.sees_agenda:
        return []
    items = list(
        meeting.items.exclude(case__in=access.barred_from(user))
        .select_related("case__agency", "protocol")
        .annotate(decisions_written=Count("decisions"))
        .order_by("order", "pk")
    )
    read = access.readers_of([item.case_id for item in items], among=[user.pk], today=today)
    packs = dict(_packs(meeting, seat, today=today).values_list("item", "disclosure__token"))
    spoken = set(Opinion.objects.filter(item__meeting=meeting, member=seat.member).values_list("item", flat=True))
    return [
        AgendaLine(
            item=item,
            pack=packs.get(item.pk),
            reads_case=(item.case_id, user.pk) in read,
            has_spoken=item.pk in spoken,
            decisions=item.decisions_written,
        )
        for item in items
    ]


def without(meeting: Meeting, *, user: Any) -> int:
    """Return how many cases of an agenda are considered without `user`, who is kept out of them by name. One query."""
    return meeting.items.filter(case__in=access.barred_from(user)).count()


def _packs(meeting: Meeting, seat: Seat, *, today: dt.date) -> QuerySet[ItemDisclosure]:
    """Return the standing packs of the agency for which somebody sits."""
    if seat.member is None:
        return ItemDisclosure.objects.none()
    standing = Q(disclosure__withdrawn_at=None, disclosure__last_day__gte=today)
    return ItemDisclosure.objects.filter(standing, item__meeting=meeting, agency=seat.member.agency_id)


def attendance_of(meeting: Meeting) -> list[Attendance]:
    """Return the invited members: those who sit in the council, and who was marked before they left."""
    left = Q(member__left_on__isnull=False, presence=Attendance.Presence.UNKNOWN)
    found = meeting.attendance.exclude(left).select_related("member__agency", "member__person")
    return list(found.order_by("pk"))


def waited_for(meeting: Meeting, *, at: dt.datetime) -> list[tuple[CouncilMember, int]]:
    """Return the members whose opinion on so many cases is still waited for; nobody when opinions are not taken any more.

    The chair and the secretary ask; they are not among those who are asked.
    """
    today = meeting.council.agency.local(at).date()
    is_late = meeting.opinions_by is not None and today > meeting.opinions_by
    if meeting.invited_at is None or meeting.stage != Meeting.Stage.CALLED or is_late:
        return []
    asked = silent_members(meeting, at=at)
    return [(member, count) for member, count in asked if member.role == CouncilMember.Role.MEMBER]


def stands_on_coming_agenda(items: Iterable[AgendaItem], *, at: dt.datetime) -> bool:
    """Return whether one of these places on agendas is of a meeting that is still to come."""
    meetings = [item.meeting for item in items]
    return any(meeting.stage == Meeting.Stage.CALLED and meeting.held_at >= at for meeting in meetings)


@dataclass(frozen=True, kw_only=True)
class PackOf:
    """For which case of which meeting a pack was made, and which opinions its reader may write now, in order."""

    item: AgendaItem
    kinds: tuple[str, ...]
    said: frozenset[str]


def pack_of_disclosure(disclosure: Disclosure, *, user: Any, at: dt.datetime) -> PackOf | None:
    """Return what a part of a case, shown to `user`, was shown for; `None` when no council was the reason."""
    related = ("item__case", "item__meeting__council__agency")
    pack = ItemDisclosure.objects.filter(disclosure=disclosure).select_related(*related).first()
    if pack is None:
        return None
    item, council = pack.item, pack.item.meeting.council
    member = seat_in(council, user=user, today=council.agency.local(at).date()).member
    if member is None:
        return None
    said = item.opinions.filter(member=member).values_list("kind", flat=True)
    return PackOf(item=item, kinds=kind_open_now(item.meeting, member, at=at), said=frozenset(said))


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One decision, and what was asked by it once the protocol is signed: its state tells the council what came of it."""

    decision: ItemDecision
    asked: Assignment | None


@dataclass(frozen=True, kw_only=True)
class ItemLook:
    """A case on the agenda as one member sees it."""

    item: AgendaItem
    seat: Seat
    reach: Reach
    hidden: frozenset[str]
    step: Step | None
    possible: tuple[Decision, ...]
    pack: uuid.UUID | None
    reads_case: bool
    opinions: list[Opinion]
    information: list[ItemInformation]
    services: list[ItemService]
    decisions: list[Decided]
    unfinished: list[Assignment]
    earlier: AgendaItem | None
    later: AgendaItem | None

    @property
    def said(self) -> frozenset[str]:
        """Of which kinds the member has given an opinion already."""
        own = self.seat.member.pk if self.seat.member is not None else None
        return frozenset(each.kind for each in self.opinions if each.member_id == own)

    @property
    def is_extract(self) -> bool:
        """Whether the member sees only what concerns their own agency."""
        return self.reach.is_own_only

    @property
    def hides_child(self) -> bool:
        """Whether what the child thinks is closed to the member."""
        return not CHILD.isdisjoint(self.hidden)

    @property
    def hides_discussion(self) -> bool:
        """Whether what was said at the meeting, by others than their own agency, is closed to the member."""
        return not DISCUSSION.isdisjoint(self.hidden)


def look_at_item(item: AgendaItem, *, user: Any, seat: Seat, at: dt.datetime) -> ItemLook:
    """Return what a member sees of a case on the agenda: opinions their own only, unless they lead the meeting.

    What is closed to them in the protocol (`casework.actions.protocol_readers`) is closed here too; members of an agency that gets
    extracts see what their own agency told, gives and carries out (domain.md D). Of what was decided before and is not done, the
    decisions of this very meeting are no part.
    """
    member, today = seat.member, item.meeting.council.agency.local(at).date()
    reach = reach_of(item, seat=seat, user=user, today=today)
    hidden = reach.hides(item, at=at)
    of_agency = {"agency": member.agency_id} if member is not None else {}
    own = of_agency if reach.is_own_only else {}
    told = {} if DISCUSSION.isdisjoint(hidden) or member is None else {"member__agency": member.agency_id}
    opinions = item.opinions.select_related("member__agency", "given_by")
    before = unfinished_before(item.meeting.council, item.case)
    unfinished = [each for each in before if each.source_id != item.protocol_id]
    rows = list(item.meeting.items.exclude(case__in=access.barred_from(user)).order_by("order", "pk"))
    here = [row.pk for row in rows].index(item.pk)
    return ItemLook(
        item=item,
        seat=seat,
        reach=reach,
        hidden=hidden,
        step=step_of(item),
        possible=decisions_of(item),
        pack=_packs(item.meeting, seat, today=today)
        .filter(item=item)
        .values_list("disclosure__token", flat=True)
        .first(),
        reads_case=bool(access.readers_of([item.case_id], among=[user.pk], today=today)),
        opinions=list(opinions if seat.leads else opinions.filter(member=member)),
        information=list(item.information.filter(**told).select_related("member__agency")),
        services=list(item.services.filter(**own).select_related("agency")),
        decisions=_decided(item, **own),
        unfinished=[each for each in unfinished if not own or each.agency_id == own["agency"]],
        earlier=rows[here - 1] if here else None,
        later=rows[here + 1] if here + 1 < len(rows) else None,
    )


def _decided(item: AgendaItem, **own: Any) -> list[Decided]:
    """Return what was decided, each with what was asked by it; the rows of a protocol stand in the order of the decisions. Two queries."""
    signed = item.protocol_id is not None
    asked = {each.row: each for each in Assignment.objects.filter(source=item.protocol_id)} if signed else {}
    rows = {pk: row for row, pk in enumerate(item.decisions.values_list("pk", flat=True))} if signed else {}
    found = item.decisions.filter(**own).select_related("agency", "person")
    return [Decided(decision=each, asked=asked.get(rows.get(each.pk, -1))) for each in found]


def packs_of(item: AgendaItem, *, today: dt.date) -> list[ItemDisclosure]:
    """Return the packs of a case that show something today, by agency: what the chair opens more of. One query."""
    standing = Q(disclosure__withdrawn_at=None, disclosure__last_day__gte=today)
    return list(item.packs.filter(standing).select_related("agency", "disclosure").order_by("agency__short_name"))


def members_taking_part(meeting: Meeting) -> list[CouncilMember]:
    """Return the invited members: whom a decision may name."""
    return [row.member for row in attendance_of(meeting)]
