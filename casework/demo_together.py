"""What the demo agencies do together: a working group with a meeting called, what the school has asked of the centre, two councils.

The group only advises. The councils decide what their procedures leave to them, in a district and an organisation of their own:
everywhere else in the demo somebody goes on deciding by hand, with the protocol on paper.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from casework.actions import agenda, assignments, councils, meetings
from casework.models import Case, Council, CouncilKind, Section, Team, TeamRole
from forms_library.models import Agency

NAMESPACE = uuid.UUID("6f0c6f3e-0000-4000-8000-746f67657468")
HOLDER, SCHOOL, CENTRE = "kdnizp", "shkola-17", "kcson"
MEMBERS = (
    (HOLDER, TeamRole.HEAD, "chair"),
    (HOLDER, TeamRole.SPECIALIST, "secretary"),
    (SCHOOL, TeamRole.SPECIALIST, "member"),
    (CENTRE, TeamRole.SPECIALIST, "member"),
    ("oopip", TeamRole.SPECIALIST, "member"),
    ("pdn", TeamRole.SPECIALIST, "member"),
)
"""Who sits in the group: agency, team, seat."""


@dataclass(frozen=True, kw_only=True)
class DemoCouncil:
    """A council that decides: who holds it, who sits in it with an account, and who has none."""

    holder: str
    kind: CouncilKind
    name: str
    place: str
    members: tuple[tuple[str, TeamRole, str], ...]
    by_paper: tuple[tuple[str, str], ...] = ()


COUNCILS = (
    DemoCouncil(
        holder="kdnizp-lesnoy",
        kind=CouncilKind.TERRITORIAL_CONSILIUM,
        name="Территориальный консилиум Лесного района",
        place="посёлок Боровой, Вымышленная улица, 2, зал заседаний",
        members=(
            ("kdnizp-lesnoy", TeamRole.HEAD, "chair"),
            ("kdnizp-lesnoy", TeamRole.SPECIALIST, "secretary"),
            ("srcn", TeamRole.SPECIALIST, "member"),
        ),
    ),
    DemoCouncil(
        holder="oso-tomsk",
        kind=CouncilKind.ORG_CONSILIUM,
        name="Консилиум Центра «Росток»",
        place="Кедровая улица, 3, кабинет 7",
        members=(("oso-tomsk", TeamRole.HEAD, "chair"), ("oso-tomsk", TeamRole.SPECIALIST, "secretary")),
        by_paper=(("Лебедева Зоя Аркадьевна", "педагог-психолог"),),
    ),
)
"""Councils that decide: the commission of a district holds one, an organisation the other."""
QUORUM = 2
GROUP = "Межведомственная рабочая группа Приречного района"
ASKED = "Предложите маме консультацию психолога: ей трудно договориться со старшей дочерью."


def load_demo_together(*, case: Case | None, at: dt.datetime) -> None:
    """Found the councils and the group, call its meeting, put the demo case before it and refer the family; once."""
    for council in COUNCILS:
        _found_council(council, at=at)
    people: dict[tuple[str, str], Any] = {(code, role): _somebody(code, role) for code, role, _seat in MEMBERS}
    if case is None or None in people.values() or Council.objects.filter(name=GROUP).exists():
        return
    _found_group(case, people, at=at)
    _refer_to_centre(case, people, at=at)


def _somebody(agency: str, role: str) -> Any:
    team = Team.objects.filter(agency__code=agency, role=role).select_related("group").first()
    return team.group.user_set.filter(is_active=True).order_by("pk").first() if team else None


@transaction.atomic
def _found_council(demo: DemoCouncil, *, at: dt.datetime) -> None:
    """Found a council and seat its people, unless it is there or somebody of it is missing."""
    people = [(code, seat, _somebody(code, role)) for code, role, seat in demo.members]
    if any(person is None for _code, _seat, person in people) or Council.objects.filter(name=demo.name).exists():
        return
    holder = Agency.objects.get(code=demo.holder)
    head = next(person for _code, seat, person in people if seat == "chair")
    council = councils.make_council(
        agency=holder,
        name=demo.name,
        kind=demo.kind,
        territory=holder.territory,
        quorum=QUORUM,
        place=demo.place,
        actor=head,
        at=at,
    )
    named = [(code, seat, person, "", "") for code, seat, person in people]
    named += [(demo.holder, "member", None, full_name, post) for full_name, post in demo.by_paper]
    for code, seat, person, full_name, post in named:
        councils.add_member(
            council=council,
            agency=Agency.objects.get(code=code),
            person=person,
            full_name=full_name,
            post=post,
            role=seat,
            actor=head,
            at=at,
        )


@transaction.atomic
def _found_group(case: Case, people: dict[tuple[str, str], Any], *, at: dt.datetime) -> None:
    holder = Agency.objects.get(code=HOLDER)
    head, secretary = people[HOLDER, TeamRole.HEAD], people[HOLDER, TeamRole.SPECIALIST]
    council = councils.make_council(
        agency=holder,
        name=GROUP,
        kind=CouncilKind.MRG,
        territory=holder.territory,
        quorum=4,
        place="ул. Примерная, д. 1, зал 2",
        actor=head,
        at=at,
    )
    for code, role, seat in MEMBERS:
        councils.add_member(
            council=council,
            agency=Agency.objects.get(code=code),
            person=people[code, role],
            full_name="",
            post="",
            role=seat,
            actor=head,
            at=at,
        )
    held_at = holder.local(at).replace(hour=15, minute=0, second=0, microsecond=0) + dt.timedelta(days=7)
    meeting = meetings.call_meeting(
        council=council,
        held_at=held_at,
        place=council.place,
        is_remote_allowed=True,
        opinions_by=held_at.date() - dt.timedelta(days=2),
        actor=secretary,
        at=at,
        token=uuid.uuid5(NAMESPACE, "meeting"),
    )
    question = "Как помочь семье: дети пропускают занятия, мама не справляется одна"
    curator = people[SCHOOL, TeamRole.SPECIALIST]
    agenda.put_own_case(meeting=meeting, case=case, question=question, actor=curator, at=at)


def _refer_to_centre(case: Case, people: dict[tuple[str, str], Any], *, at: dt.datetime) -> None:
    today = case.agency.local(at).date()
    assignments.refer(
        case=case,
        agency=Agency.objects.get(code=CENTRE),
        text=ASKED,
        due=today + dt.timedelta(days=21),
        answer_within=3,
        shown=assignments.Shown(
            sections=[Section.PEOPLE, Section.CONTACTS],
            documents=[],
            categories=[],
            last_day=today + dt.timedelta(days=30),
        ),
        actor=people[SCHOOL, TeamRole.SPECIALIST],
        at=at,
        token=uuid.uuid5(NAMESPACE, "referral"),
    )
