"""`manage.py load_demo_cases`: demo teams and cases of invented families. Called by `load_demo`."""

import datetime as dt
import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from casework.actions import cases, contact_requests, people, procedures
from casework.demo import FAMILIES, QUESTIONS
from casework.demo_carers import load_demo_carers
from casework.demo_together import load_demo_together
from casework.models import Case, CaseKind, Person, Team, TeamRole
from forms_library.models import Agency, Edition, ProcedureEdition

NAMESPACE = uuid.UUID("6f0c6f3e-0000-4000-8000-00006f636861")


class Command(BaseCommand):
    help = "Make the teams of the demo agencies and the demo cases, leaving what exists alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--memberships", default="[]", help="JSON: [{email, agency, role}]")

    def handle(self, *args: Any, memberships: str, **options: Any) -> None:
        make_demo_teams(json.loads(memberships))
        request, consent = contact_requests.editions_for_request(at=timezone.now())
        if request and consent:
            for number, question in enumerate(QUESTIONS):
                receive_demo_request(number, question, request, consent)
        for family in FAMILIES:
            open_demo_case(family)
        now, first = timezone.now(), uuid.uuid5(NAMESPACE, FAMILIES[0]["name"])
        load_demo_carers(agency_code="kcson", at=now)
        load_demo_together(case=Case.objects.filter(token=first).select_related("agency").first(), at=now)


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
def open_demo_case(family: dict[str, Any]) -> None:
    """Open the case of an invented family, once, with its people, a note, and the procedure that it follows."""
    token = uuid.uuid5(NAMESPACE, family["name"])
    team = Team.objects.filter(agency__code=family["agency"], role=TeamRole.SPECIALIST).first()
    specialist = team.group.user_set.order_by("pk").first() if team else None
    if team is None or specialist is None or Case.objects.filter(token=token).exists():
        return
    now = timezone.now()
    kind = CaseKind(family["kind"])
    case = cases.open_case(agency=team.agency, kind=kind, actor=specialist, at=now, token=token)
    cases.accept_case(case=case, actor=specialist, at=now)
    for person in family["people"]:
        people.keep_person(case=case, actor=specialist, at=now, person=Person(**person))
    cases.write_note(case=case, actor=specialist, at=now, text=family["note"], token=uuid.uuid5(token, "note"))
    edition = ProcedureEdition.objects.in_force(at=now).filter(code=family["procedure"]).first()
    if edition:
        begun = team.agency.local(now).date() - dt.timedelta(days=family["days_ago"])
        procedures.start_procedure(case=case, edition=edition, actor=specialist, at=now, on=begun, token=token)
