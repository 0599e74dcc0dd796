"""Links by which an agency without accounts answers: made on the desk, opened by a word, silent about the family."""

import datetime as dt
import uuid
from types import SimpleNamespace

from casework.actions import answer_links
from tests.casework.addresses import ALL_NO, ALL_NOT, ALL_OK, LEAD, LEAD_GO, Row

ASKED = {
    "token": str(uuid.UUID(int=92)),
    "addressee": "Поликлиника",
    "purpose": "Осмотры",
    "edition": "",
    "last_day": "{today}",
}
ALL_422 = "422  422  422  422  422  422  422  422  422  422  422  422"

ROWS = [
    Row("casework:answer_links", "/cases/{case}/answer-links/", LEAD, LEAD, ASKED),
    Row("casework:withdraw_answer_link", "/cases/{case}/answer-links/{answer_link}/withdraw/", ALL_NOT, LEAD_GO),
    Row("casework:answer", "/cases/answer/{answer_secret}/", ALL_OK, ALL_422, {"phone-word": ""}),
    Row("casework:answer", "/cases/answer/nikogda/", ALL_NO, ALL_NO),
]  # fmt: skip


def prepare(world: SimpleNamespace) -> None:
    """Ask a polyclinic by a link."""
    made = answer_links.make_link(
        case=world.case,
        addressee="Поликлиника № 3",
        purpose="Были ли плановые осмотры?",
        last_day=world.case.agency.local(world.at).date() + dt.timedelta(days=3),
        actor=world.people["specialist"],
        at=world.at,
        token=uuid.UUID(int=93),
    )
    world.names |= {"answer_link": made.link.pk, "answer_secret": made.secret}
