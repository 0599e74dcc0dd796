"""Professional families: the register, the matching of a child, the placement."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from casework.actions import cases, people
from casework.models import CaseKind, Person
from tests.casework.addresses import ALL_NOT, TEAMS, TEAMS_GO, Row
from tests.casework.professional_families import card_in, choose, family_of, paper, place
from tests.factories import put_in_force

# fmt: off
#           anon par  spec head read help str  edit meth appr supe inac
KEEPERS   = "in   in   ok   ok   no   no   no   no   no   no   no   in"
KEEPERS_GO = "in   in   go   go   no   no   no   no   no   no   no   in"
BOSS      = "in   in   no   ok   no   no   no   no   no   no   no   in"
BOSS_GO   = "in   in   no   go   no   no   no   no   no   no   no   in"
# Whoever works on the case or decides in it; the families are those of their own agency.
MATCH     = "in   in   ok   ok   no   ok   no   no   no   no   no   in"
MATCH_GO  = "in   in   go   go   no   go   no   no   no   no   no   in"
# The head has no leave for the child's health, and is told so instead of being let through.
CHOOSE    = "in   in   ok   go   no   no   no   no   no   no   no   in"
CHOOSE_GO = "in   in   go   go   no   no   no   no   no   no   no   in"
DAY = timezone.localdate().strftime("%d.%m.%Y")
FAMILY = {"name": "Лугова Вера", "age_from": "0", "age_to": "36", "places": "1", "rest_days": "14", "version": "1", "token": str(uuid.UUID(int=71))}
PAPER = {"kind": "contract", "issued_on": (timezone.localdate() - dt.timedelta(days=9)).strftime("%d.%m.%Y"), "token": str(uuid.UUID(int=72))}
MATCHED = {"is_chosen": "no", "reasons": "Далеко", "token": str(uuid.UUID(int=73))}

ROWS = [
    Row("casework:carers", "/cases/families/", TEAMS),
    Row("casework:waiting_children", "/cases/families/waiting/", TEAMS),
    Row("casework:add_carer", "/cases/families/new/", TEAMS, TEAMS_GO, FAMILY),
    Row("casework:carer", "/cases/families/{carer}/", KEEPERS),
    Row("casework:change_carer", "/cases/families/{carer}/change/", KEEPERS, KEEPERS_GO, FAMILY | {"version": "2"}),
    Row("casework:add_carer_paper", "/cases/families/{carer}/papers/", KEEPERS, KEEPERS_GO, PAPER),
    Row("casework:strike_carer_paper", "/cases/families/{carer}/papers/{carer_paper}/strike/", ALL_NOT, KEEPERS_GO),
    Row("casework:decide_on_carer", "/cases/families/{carer}/decide/", BOSS, BOSS_GO, {"decision": "paused", "reasons": "Отпуск"}),
    Row("casework:child_needs", "/cases/{fostered}/needs/", KEEPERS),
    Row("casework:ask_child_needs", "/cases/{fostered}/needs/ask/", ALL_NOT, KEEPERS_GO),
    Row("casework:matching", "/cases/{case}/matching/", MATCH),
    Row("casework:begin_matching_sheet", "/cases/{case}/matching/sheet/", ALL_NOT, MATCH_GO),
    Row("casework:match_family", "/cases/{fostered}/matching/{carer}/", CHOOSE, CHOOSE_GO, MATCHED),
    Row("casework:place_child", "/cases/{fostered}/matching/decisions/{carer_choice}/place/", KEEPERS, KEEPERS_GO, {"started_on": DAY}),
    Row("casework:end_placement", "/cases/{fostered}/placements/{placement}/end/", KEEPERS, KEEPERS_GO, {"ended_on": DAY, "how": "other"}),
    Row("casework:family_sheet", "/cases/{case}/families-sheet/", MATCH),
]
# fmt: on


def prepare(world: Any) -> None:
    """Put a family into the register of the keeper, and a case of a child who is placed there and chosen for again."""
    now, keeper, specialist = timezone.now(), world.keeper, world.people["specialist"]
    head = world.people["head"]
    for code in ("pf_matching",):
        put_in_force(code, at=now - dt.timedelta(days=2))
    family = family_of(keeper, specialist, included_by=head, at=now, places=5)
    case = cases.open_case(agency=keeper, kind=CaseKind.SUPPORT, actor=specialist, at=now)
    cases.accept_case(case=case, actor=specialist, at=now)
    child = people.keep_person(
        case=case,
        actor=specialist,
        at=now,
        person=Person(role="child", full_name="Иванов Иван", birth_date=dt.date(2025, 1, 1)),
    )
    card_in(case, specialist, at=now, child=child.full_name)
    placement = place(choose(case, child, family, specialist, at=now), specialist, at=now, on=keeper.local(now).date())
    world.names |= {
        "carer": family.token,
        "carer_paper": paper(family, "other", actor=specialist, at=now).pk,
        "fostered": case.reference,
        "placement": placement.pk,
        "carer_choice": placement.decision_id,
    }
