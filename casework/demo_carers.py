"""Two invented professional families of the demo: one takes children, one is still a candidate whose papers are not all there."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from casework.actions import carers
from casework.models import CarerFamily, Team, TeamRole

NAMESPACE = uuid.UUID("6f0c6f3e-0000-4000-8000-006361726572")
FAMILIES: list[dict[str, Any]] = [
    {
        "name": "Берегова Анна Викторовна",
        "contacts": "8 (900) 000-00-21, лучше после 10 часов",
        "district": "Приречный район",
        "age_from": 0,
        "age_to": 36,
        "places": 2,
        "accepts_siblings": True,
        "accepted": ["diet", "contact", "illness"],
        "limits": "Не сможем принять ребёнка, которому нужны уколы дома.",
        "days_of_papers": {"health": 300, "record": 20, "training": 700},
        "is_included": True,
    },
    {
        "name": "Полянская Вера Олеговна",
        "contacts": "8 (900) 000-00-22",
        "district": "Левобережный район",
        "age_from": 12,
        "age_to": 48,
        "places": 1,
        "accepted": ["delay"],
        "has_pets": True,
        "days_of_papers": {"health": 200},
        "is_included": False,
    },
]


def load_demo_carers(*, agency_code: str, at: dt.datetime) -> None:
    """Write the two families into the register of an agency, once; nothing when nobody works there."""
    teams = {
        team.role: team for team in Team.objects.filter(agency__code=agency_code).select_related("agency", "group")
    }
    people = {role: team.group.user_set.order_by("pk").first() for role, team in teams.items()}
    specialist, head = people.get(TeamRole.SPECIALIST), people.get(TeamRole.HEAD)
    if specialist is None or head is None:
        return
    agency = teams[TeamRole.SPECIALIST].agency
    for facts in FAMILIES:
        token = uuid.uuid5(NAMESPACE, facts["name"])
        if not CarerFamily.objects.filter(token=token).exists():
            _write(facts, token=token, agency=agency, specialist=specialist, head=head, at=at)


@transaction.atomic
def _write(
    facts: dict[str, Any], *, token: uuid.UUID, agency: Any, specialist: Any, head: Any, at: dt.datetime
) -> None:
    told = {key: value for key, value in facts.items() if key not in {"days_of_papers", "is_included"}}
    family = CarerFamily(token=token, **told)
    family = carers.keep_carer(family=family, agency=agency, actor=specialist, at=at)
    today = agency.local(at).date()
    for kind, days in facts["days_of_papers"].items():
        carers.add_paper(
            family=family,
            kind=kind,
            number="",
            issued_on=today - dt.timedelta(days=30),
            valid_until=today + dt.timedelta(days=days),
            actor=specialist,
            at=at,
            token=uuid.uuid5(token, kind),
        )
    if facts["is_included"]:
        carers.decide_on_carer(family=family, decision="included", reasons="", actor=head, at=at)
