"""A signed meeting of the world's council: its protocol for members, the extract of a decision for the strangers' agency."""

import datetime as dt
import json
import uuid
from types import SimpleNamespace

from casework.actions import assignments, submissions
from casework.models import AgendaItem, AssignmentKind, Council, Meeting
from forms_library.packs import shipped
from tests.casework.addresses import ALL_NOT, SENT, Row
from tests.factories import put_in_force

# fmt: off
#          anon par  spec head read help str  edit meth appr supe inac
LEADS    = "in   in   ok   no   ok   no   no   no   no   no   no   in"
LEADS_GO = "in   in   go   no   go   no   no   no   no   no   no   in"
SITS     = "in   in   ok   no   ok   ok   no   no   no   no   no   in"
# fmt: on

SIGNED = "/cases/meetings/{signed_meeting}/"
WORDS = {"token": str(uuid.UUID(int=71)), "text": "Опечатка в сроке"}

ROWS = [
    Row("casework:protocol", "/cases/meetings/{meeting}/protocol/", LEADS, may_see=("reader",)),
    Row("casework:protocol", SIGNED + "protocol/", SITS),
    Row("casework:sign_protocol", "/cases/meetings/{meeting}/protocol/sign/", ALL_NOT, LEADS_GO),
    Row("casework:item_protocol", SIGNED + "items/{signed_item}/protocol/", LEADS, may_see=("reader",)),
    Row("casework:item_addendum", SIGNED + "items/{signed_item}/addendum/", LEADS, LEADS_GO, WORDS),
    Row("casework:assignment_extract", "/cases/assigned/{of_protocol}/extract/", SENT, may_see=("stranger",)),
]


def prepare(world: SimpleNamespace) -> None:
    """Sign a protocol in the case of the world, with a decision for the strangers' agency."""
    people, at, stranger = world.people, world.at, world.own_agency["stranger"]
    executor = {"id": stranger.pk, "name": stranger.name}
    answers = json.loads((shipped.SOURCES / "consilium_protocol" / "demo_answers.json").read_text(encoding="utf-8"))
    answers["decisions"] = [row | {"executor": executor} for row in answers["decisions"]]
    protocol = submissions.file_submission(
        case=world.case,
        edition=put_in_force("consilium_protocol"),
        answers=answers,
        token=uuid.uuid4(),
        actor=people["specialist"],
        at=at,
    )
    meeting = Meeting.objects.create(
        council=Council.objects.get(pk=world.names["council"]),
        number=99,
        year=2020,
        held_at=at - dt.timedelta(days=1),
        place="Зал",
        stage=Meeting.Stage.SIGNED,
        called_by=people["specialist"],
        called_at=at,
        signed_by=people["specialist"],
        signed_at=at,
    )
    item = AgendaItem.objects.create(
        meeting=meeting, case=world.case, order=1, reason="asked", question="Как помочь?", protocol=protocol
    )
    given = world.case.assignments.filter(source=protocol).first() or assignments.assign(
        case=world.case,
        kind=AssignmentKind.DECISION,
        agency=stranger,
        text="Открыть место",
        actor=people["specialist"],
        at=at,
        source=protocol,
        table="decisions",
    )
    world.names |= {"signed_meeting": meeting.token, "signed_item": item.pk, "of_protocol": given.token}
