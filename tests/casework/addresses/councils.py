"""A council held by the keeper's head: `specialist` is in the chair, `reader` its secretary, `helper` a member."""

import datetime as dt
import uuid
from types import SimpleNamespace

from casework.actions import agenda, councils, meetings
from casework.models import CouncilKind, ItemDecision, ItemService
from tests.casework.addresses import ACTS, ALL_NOT, READ, STAFF, Row

# fmt: off
#          anon par  spec head read help str  edit meth appr supe inac
HOLDER   = "in   in   no   ok   no   no   no   no   no   no   no   in"
HOLDER_GO = "in   in   no   go   no   no   no   no   no   no   no   in"
CALLS    = "in   in   ok   ok   ok   no   no   no   no   no   no   in"
CALLS_GO = "in   in   go   go   go   no   no   no   no   no   no   in"
LEADS    = "in   in   ok   no   ok   no   no   no   no   no   no   in"
LEADS_GO = "in   in   go   no   go   no   no   no   no   no   no   in"
SITS     = "in   in   ok   no   ok   ok   no   no   no   no   no   in"
CHAIR    = "in   in   ok   no   no   no   no   no   no   no   no   in"
CHAIR_GO = "in   in   go   no   no   no   no   no   no   no   no   in"
# fmt: on

COUNCIL, MEETING = "/cases/councils/{council}/", "/cases/meetings/{meeting}/"
ITEM = MEETING + "items/{item}/"

ROWS = [
    Row("casework:councils", "/cases/councils/", STAFF, STAFF),
    Row("casework:new_council", "/cases/councils/new/", HOLDER, HOLDER),
    Row("casework:council", COUNCIL, READ, READ),
    Row("casework:change_council", COUNCIL + "change/", HOLDER, HOLDER),
    Row("casework:choose_member_agency", COUNCIL + "members/", HOLDER, HOLDER),
    Row("casework:add_member", COUNCIL + "members/add/{stranger_agency}/", HOLDER, HOLDER),
    Row("casework:member_leaves", COUNCIL + "members/{seat}/leave/", ALL_NOT, HOLDER_GO),
    Row("casework:call_meeting", COUNCIL + "call/", CALLS, CALLS),
    Row("casework:meeting", MEETING, READ, READ),
    Row("casework:agenda", MEETING + "agenda/", CALLS, CALLS),
    Row("casework:invite", MEETING + "invite/", ALL_NOT, CALLS_GO),
    Row("casework:move_meeting", MEETING + "move/", CALLS, CALLS),
    Row("casework:cancel_meeting", MEETING + "cancel/", CALLS, CALLS_GO),
    Row("casework:attendance", MEETING + "attendance/", LEADS, LEADS),
    Row("casework:meeting_stage", MEETING + "stage/", ALL_NOT, LEADS_GO, {"stage": "information", "version": "1"}),
    Row("casework:agenda_item", ITEM, SITS, SITS),
    Row("casework:take_off", ITEM + "off/", ALL_NOT, CALLS_GO),
    Row("casework:move_item", ITEM + "order/", ALL_NOT, CALLS_GO, {"to": "up"}),
    Row("casework:opinion", ITEM + "opinion/advance/", SITS, SITS),
    Row("casework:opinion_from_paper", ITEM + "opinion/advance/{paper_seat}/", LEADS, LEADS),
    Row("casework:item_family", ITEM + "family/", LEADS, LEADS),
    Row("casework:item_information", ITEM + "information/", LEADS, LEADS),
    Row("casework:item_services", ITEM + "services/", LEADS, LEADS),
    Row("casework:drop_service", ITEM + "services/{service}/drop/", ALL_NOT, LEADS_GO),
    Row("casework:item_decisions", ITEM + "decisions/", LEADS, LEADS),
    Row("casework:drop_decision", ITEM + "decisions/{decision}/drop/", ALL_NOT, LEADS_GO),
    Row("casework:item_outcome", ITEM + "outcome/", LEADS, LEADS),
    Row("casework:item_packs", ITEM + "packs/", CHAIR, CHAIR_GO),
    Row("casework:put_on_agenda", "/cases/{case}/council/", ACTS, ACTS),
]


def prepare(world: SimpleNamespace) -> None:
    """Found the council, call a meeting and put the case of the world on its agenda."""
    people, keeper, at = world.people, world.keeper, world.at
    council = councils.make_council(
        agency=keeper,
        name="Консилиум",
        kind=CouncilKind.ORG_CONSILIUM,
        territory=keeper.territory,
        quorum=2,
        place="Зал",
        actor=people["head"],
        at=at,
    )
    seats = {
        role: councils.add_member(
            council=council,
            agency=world.own_agency[name],
            person=people[name],
            full_name="",
            post="",
            role=role,
            actor=people["head"],
            at=at,
        )
        for name, role in (("specialist", "chair"), ("reader", "secretary"), ("helper", "member"))
    }
    by_paper = councils.add_member(
        council=council,
        agency=keeper,
        person=None,
        full_name="Бумажный Участник",
        post="методист",
        role="member",
        actor=people["head"],
        at=at,
    )
    meeting = meetings.call_meeting(
        council=council,
        held_at=at + dt.timedelta(days=7),
        place="Зал",
        is_remote_allowed=True,
        opinions_by=None,
        actor=people["reader"],
        at=at,
        token=uuid.uuid4(),
    )
    item = agenda.put_own_case(
        meeting=meeting, case=world.case, question="Как помочь?", actor=people["specialist"], at=at
    )
    meetings.invite(meeting=meeting, actor=people["reader"], at=at)
    rows = {"item": item, "agency": keeper}
    world.names |= {
        "council": council.pk,
        "meeting": meeting.token,
        "item": item.pk,
        "seat": seats["member"].pk,
        "paper_seat": by_paper.pk,
        "service": ItemService.objects.create(who="child", need="общение", service="кружок", **rows).pk,
        "decision": ItemDecision.objects.create(
            text="Записать в кружок", due=meeting.council.agency.local(at).date(), **rows
        ).pk,
    }
