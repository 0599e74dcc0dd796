"""Councils and who sits in them: made and kept by the head of the agency that holds the council."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from casework import access
from casework.actions.council_refusals import (
    AccountOfAnotherAgency,
    AgencyIsClosed,
    AlreadyAMember,
    CouncilExists,
    MemberLeft,
    NoAgencyOfMember,
    NobodyNamed,
    NotHolder,
    NotThisTerritory,
    QuorumTooBig,
    QuorumTooSmall,
    SeatTaken,
)
from casework.actions.roles import is_head
from casework.models import Council, CouncilKind, CouncilMember, TeamRole
from casework.models.councils import sits_on
from forms_library.models import Agency, AgencyKind
from forms_library.models.agencies import AgencyQuerySet

HOLDERS_OF_TERRITORIES = frozenset({AgencyKind.JUVENILE_COMMISSION, AgencyKind.ONE_WINDOW})
"""Who holds a council that hears the cases of others on its territory (S004; for the interagency group our own proposal)."""
SMALLEST_QUORUM = 2


@dataclass(frozen=True)
class Seat:
    """What somebody is in a council today. Whoever is nothing of it reads only when meetings are."""

    member: CouncilMember | None
    is_holders_head: bool

    @property
    def leads(self) -> bool:
        """Whether they lead meetings: the chair and the secretary."""
        return self.member is not None and self.member.role != CouncilMember.Role.MEMBER

    @property
    def is_chair(self) -> bool:
        return self.member is not None and self.member.role == CouncilMember.Role.CHAIR

    @property
    def calls(self) -> bool:
        """Whether they call meetings and make the agenda."""
        return self.leads or self.is_holders_head

    @property
    def sees_agenda(self) -> bool:
        """Whether they see which cases are on an agenda."""
        return self.member is not None or self.is_holders_head


def seat_in(council: Council, *, user: Any, today: dt.date) -> Seat:
    """Return what `user` is in a council today. Two queries."""
    member = access.seats_of(user=user, today=today).filter(council=council).select_related("agency").first()
    return Seat(member=member, is_holders_head=is_head(user, agency_id=council.agency_id))


def agencies_headed_by(user: Any) -> AgencyQuerySet:
    """Return the working agencies that `user` heads: each may hold councils."""
    return Agency.objects.open().filter(teams__group__user=user, teams__role=TeamRole.HEAD).distinct()


def get_council(*, user: Any, number: int, today: dt.date) -> Council:
    """Return a council in which `user` sits, or that their agency holds; raise `CaseNotFound` otherwise."""
    found = access.councils_of(user=user, today=today).select_related("agency").filter(pk=number).first()
    if found is None:
        raise access.CaseNotFound(str(number))
    return found


def members_on(council: Council, *, today: dt.date) -> list[CouncilMember]:
    """Return who sits in a council today: the chair, the secretary, then the others as they came. One query."""
    order = [CouncilMember.Role.CHAIR, CouncilMember.Role.SECRETARY, CouncilMember.Role.MEMBER]
    sitting = council.members.filter(sits_on(today)).select_related("agency", "person")
    return sorted(sitting, key=lambda member: (order.index(CouncilMember.Role(member.role)), member.pk))


def people_of_agency(agency: Agency) -> list[Any]:
    """Return the active people of the teams of an agency, by name: the accounts that a member may have."""
    found = get_user_model().objects.filter(groups__team__agency=agency, is_active=True).distinct()
    return sorted(found, key=str)


@transaction.atomic
def make_council(
    *, agency: Agency, name: str, kind: str, territory: str, quorum: int, place: str, actor: Any, at: dt.datetime
) -> Council:
    """Found a council held by `agency`. Its members are added next, so its quorum is held against them at the first call.

    Raises `NotHolder`, `AgencyIsClosed`, `QuorumTooSmall`, `CouncilExists`.
    """
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if not is_head(actor, agency_id=agency.pk):
        raise NotHolder
    if not agency.is_open:
        raise AgencyIsClosed
    _refuse_foreign(agency, kind=kind, territory=territory)
    if quorum < SMALLEST_QUORUM:
        raise QuorumTooSmall
    if Council.objects.filter(agency=agency, name=name).exists():
        raise CouncilExists
    return Council.objects.create(
        agency=agency, name=name, kind=kind, territory=territory, quorum=quorum, place=place, is_open=True
    )


def _refuse_foreign(agency: Agency, *, kind: str, territory: str) -> None:
    """Raise `NotThisTerritory` for a council that would open the cases of a territory to an agency with no say there.

    Only the department works for a whole region (domain.md A.1); who holds an interagency group, the sources do not say.
    """
    if agency.kind == AgencyKind.FAMILY_DEPARTMENT:
        return
    is_own = territory == agency.territory
    if not is_own or (kind != CouncilKind.ORG_CONSILIUM and agency.kind not in HOLDERS_OF_TERRITORIES):
        raise NotThisTerritory


@transaction.atomic
def change_council(
    *, council: Council, name: str, territory: str, quorum: int, place: str, is_open: bool, actor: Any, at: dt.datetime
) -> Council:
    """Change what a council is called, where it meets, how many make its quorum, and whether it works.

    Raises `NotHolder`, `QuorumTooSmall`, `QuorumTooBig` (fewer members than that), `CouncilExists`.
    """
    council = _held(council, actor=actor)
    _refuse_foreign(council.agency, kind=council.kind, territory=territory)
    members = len(members_on(council, today=council.agency.local(at).date()))
    if quorum < SMALLEST_QUORUM:
        raise QuorumTooSmall
    if members and quorum > members:
        raise QuorumTooBig(quorum=quorum, members=members)
    if Council.objects.filter(agency=council.agency_id, name=name).exclude(pk=council.pk).exists():
        raise CouncilExists
    council.name, council.territory, council.quorum = name, territory, quorum
    council.place, council.is_open = place, is_open
    council.save(update_fields=["name", "territory", "quorum", "place", "is_open"])
    return council


@transaction.atomic
def add_member(
    *,
    council: Council,
    agency: Agency | None,
    person: Any,
    full_name: str,
    post: str,
    role: str,
    actor: Any,
    at: dt.datetime,
) -> CouncilMember:
    """Seat somebody of `agency` in a council; `person` is their account, if they have one, and gives name and post.

    Raises `NotHolder`, `NoAgencyOfMember`, `AgencyIsClosed`, `AccountOfAnotherAgency`, `NobodyNamed`, `AlreadyAMember`,
    `SeatTaken`.
    """
    council = _held(council, actor=actor)
    if agency is None:
        raise NoAgencyOfMember
    if not agency.is_open:
        raise AgencyIsClosed
    if person is not None and person not in people_of_agency(agency):
        raise AccountOfAnotherAgency
    full_name = full_name or (str(person) if person is not None else "")
    post = post or (person.post if person is not None else "")
    if not (full_name and post):
        raise NobodyNamed
    sitting = council.members.filter(left_on__isnull=True)
    same = Q(person=person) if person is not None else Q(agency=agency, full_name=full_name)
    if sitting.filter(same).exists():
        raise AlreadyAMember
    if role != CouncilMember.Role.MEMBER and sitting.filter(role=role).exists():
        raise SeatTaken
    return CouncilMember.objects.create(
        council=council,
        agency=agency,
        person=person,
        full_name=full_name,
        post=post,
        role=role,
        since=council.agency.local(at).date(),
    )


@transaction.atomic
def member_leaves(*, member: CouncilMember, actor: Any, at: dt.datetime) -> CouncilMember:
    """Take a member out of a council: from this moment on they see nothing of it. Raises `NotHolder`, `MemberLeft`."""
    council = _held(member.council, actor=actor)
    member = CouncilMember.objects.get(pk=member.pk)
    if member.left_on is not None:
        raise MemberLeft
    member.left_on = max(member.since, council.agency.local(at).date())
    member.save(update_fields=["left_on"])
    return member


def _held(council: Council, *, actor: Any) -> Council:
    """Return the council as it is now, held until the end of the transaction; raise `NotHolder` for anybody but its head."""
    council = Council.objects.select_for_update(of=("self",)).select_related("agency").get(pk=council.pk)
    if not is_head(actor, agency_id=council.agency_id):
        raise NotHolder
    return council
