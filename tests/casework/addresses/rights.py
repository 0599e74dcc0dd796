"""Who may see what in a case, and a case opened in an emergency."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from casework.actions import emergencies, rights
from tests.casework.addresses import ALL_NOT, LEAD, LEAD_GO, READ, READ_GO, TEAMS, TEAMS_GO, Row
from tests.factories import member_of

# fmt: off
# The curator and the heads of the keeper open what is told to few; only heads look on demand.
OPENS    = "in   in   ok   ok   no   no   no   no   no   no   no   in"
OPENS_GO = "in   in   go   go   no   no   no   no   no   no   no   in"
# Of an agency that nobody heads its people review; they see an empty list when there is nothing of theirs.
REVIEWS  = "in   in   no   ok   ok   ok   ok   no   no   no   no   in"
HEADS    = "in   in   no   ok   no   no   no   no   no   no   no   in"
HEADS_GO = "in   in   no   go   no   no   no   no   no   no   no   in"
# Opened by somebody of the strangers' agency, who sees it and nobody else.
BROKEN   = "in   in   no   no   no   no   ok   no   no   no   no   in"
# fmt: on

ROWS = [
    Row("casework:case_access", "/cases/{case}/access/", READ),
    Row("casework:keep_out", "/cases/{case}/access/keep-out/", LEAD, LEAD_GO, {"person": "{neighbour}", "reason": "Сосед"}),
    Row("casework:let_in", "/cases/{case}/access/keep-out/{bar}/let-in/", ALL_NOT, LEAD_GO),
    Row("casework:open_category", "/cases/{case}/access/open/", OPENS, OPENS_GO, {"person": "{curator}", "category": "special", "last_day": "{later}", "reason": "Психолог"}),
    Row("casework:close_category", "/cases/{case}/access/open/{leave}/close/", ALL_NOT, READ_GO),
    Row("casework:look_at_category", "/cases/{case}/access/look/", HEADS, HEADS_GO, {"category": "special", "reason": "Жалоба"}),
    Row("casework:rights_table", "/cases/rights/", HEADS),
    Row("casework:begin_emergency", "/cases/emergency/", TEAMS, TEAMS_GO, {"reference": "{case}", "reason": "Ребёнок один в запертой квартире", "is_threat": "on"}, may_see=("stranger",)),
    Row("casework:emergency_reviews", "/cases/emergency/reviews/", REVIEWS),
    Row("casework:emergency", "/cases/emergency/{emergency}/", BROKEN, may_see=("stranger",)),
    Row("casework:review_emergency", "/cases/emergency/{emergency}/review/", HEADS, HEADS_GO, {"was_justified": "yes", "words": "Ребёнок найден"}),
]  # fmt: skip


def prepare(world: SimpleNamespace) -> None:
    """Keep somebody out, open something to somebody, and break a door open."""
    keeper, at = world.keeper, world.at
    colleague, neighbour, other = member_of(keeper), member_of(keeper), member_of(keeper)
    bar = rights.bar(
        case=world.case, person=other, concerned=[other], reason="Сосед", actor=world.people["head"], at=at
    )
    leave = rights.open_category(
        case=world.case,
        person=colleague,
        category="criminal",
        reason="Сопровождение",
        last_day=timezone.localdate() + dt.timedelta(days=9),
        actor=world.people["specialist"],
        at=at,
    )
    opening = emergencies.open_in_emergency(
        reference=world.case.reference,
        reason="Ребёнок один в запертой квартире",
        actor=world.people["stranger"],
        at=at,
    )
    world.names |= {"neighbour": neighbour.pk, "bar": bar.pk, "leave": leave.pk, "emergency": opening.token}
