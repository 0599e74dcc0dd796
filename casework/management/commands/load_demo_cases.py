"""`manage.py load_demo_cases`: demo teams and three cases of invented families. Called by `load_demo`."""

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from casework.actions import cases, contact_requests
from casework.demo import FAMILY, NOTE, QUESTIONS
from casework.models import Case, CaseKind, Person, Team, TeamRole
from forms_library.models import Agency, Edition

NAMESPACE = uuid.UUID("6f0c6f3e-0000-4000-8000-00006f636861")


class Command(BaseCommand):
    help = "Make the teams of the demo agencies and three demo cases, leaving what exists alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--memberships", default="[]", help="JSON: [{email, agency, role}]")

    def handle(self, *args: Any, memberships: str, **options: Any) -> None:
        make_demo_teams(json.loads(memberships))
        request, consent = contact_requests.editions_for_request(at=timezone.now())
        if request and consent:
            for number, question in enumerate(QUESTIONS):
                receive_demo_request(number, question, request, consent)
        open_demo_case()


@transaction.atomic
def make_demo_teams(memberships: list[dict[str, str]]) -> None:
    """Make the teams of every agency and put the demo staff into those that are new (people may have moved since)."""
    people = get_user_model().objects.in_bulk([member["email"] for member in memberships], field_name="email")
    for agency in Agency.objects.all():
        if Team.objects.filter(agency=agency).exists():
            continue
        teams = {team.role: team for team in cases.make_teams(agency)}
        for member in memberships:
            if member["agency"] == agency.code and member["email"] in people:
                teams[TeamRole(member["role"])].group.user_set.add(people[member["email"]])


def receive_demo_request(number: int, question: dict[str, Any], request: Edition, consent: Edition) -> None:
    """Send one invented request, once."""
    agency = Agency.objects.taking_requests().filter(code=question["agency"]).first()
    words = {
        "agency": {"id": agency.pk if agency else None, "name": agency.name if agency else ""},
        **question["answers"],
    }
    answers = {asked.key: words.get(asked.key, "") for asked in request.schema.answered}
    token = uuid.uuid5(NAMESPACE, f"request-{number}")
    if not Case.objects.filter(submissions__token=token).exists():
        contact_requests.receive(
            answers=answers,
            request_edition=request,
            consent_edition=consent,
            asked_agency=agency,
            token=token,
            at=timezone.now(),
        )


@transaction.atomic
def open_demo_case() -> None:
    """Open a case of an invented family at the school, once, with its people and a note."""
    token = uuid.uuid5(NAMESPACE, "family")
    team = Team.objects.filter(agency__code=FAMILY["agency"], role=TeamRole.SPECIALIST).first()
    specialist = team.group.user_set.order_by("pk").first() if team else None
    if team is None or specialist is None or Case.objects.filter(token=token).exists():
        return
    now = timezone.now()
    case = cases.open_case(agency=team.agency, kind=CaseKind.RISK_NOTICE, actor=specialist, at=now, token=token)
    cases.accept_case(case=case, actor=specialist, at=now)
    for person in FAMILY["people"]:
        cases.keep_person(case=case, actor=specialist, at=now, person=Person(**person))
    cases.write_note(case=case, actor=specialist, at=now, text=NOTE, token=uuid.uuid5(NAMESPACE, "note"))
