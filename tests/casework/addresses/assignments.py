"""What agencies ask each other: the strangers' agency was asked, and sees that and nothing else."""

import datetime as dt
import uuid
from types import SimpleNamespace

from django.utils import timezone

from casework.actions import assignments
from casework.models import AssignmentKind
from tests.casework.addresses import ALL_NOT, LEAD_GO, READ, SENDS_GO, SENT, SENT_GO, STAFF, WORK, Row

TODAY = timezone.localdate()
LATER = TODAY + dt.timedelta(days=9)
REFERRAL = {
    "agency": "{stranger_agency}", "text": "Занятия с психологом", "due": f"{LATER:%d.%m.%Y}", "answer_within": "3",
    "sections": "people", "last_day": f"{LATER:%d.%m.%Y}", "token": str(uuid.UUID(int=61)), "_send": "1",
}  # fmt: skip
DONE = {"version": "1", "state": "done", "words": "Прошли все занятия"}
# The curator writes down what they were told; nobody else of the case does.
CURATOR = "in   in   ok   no   no   no   no   no   no   no   no   in"
CURATOR_GO = "in   in   go   no   no   no   no   no   no   no   no   in"

ROWS = [
    Row("casework:assigned", "/cases/assigned/", STAFF),
    Row("casework:assignment", "/cases/assigned/{referral}/", SENT, may_see=("stranger",)),
    Row("casework:accept_assignment", "/cases/assigned/{referral}/accept/", ALL_NOT, SENT_GO, {"version": "1"}),
    Row("casework:refuse_assignment", "/cases/assigned/{referral}/refuse/", SENT, SENT_GO, {"version": "1", "words": "Некому"}, may_see=("stranger",)),
    Row("casework:mark_assignment", "/cases/assigned/{measure}/mark/", SENT, SENT_GO, DONE, may_see=("stranger",)),
    Row("casework:referrals", "/cases/{case}/referrals/", READ),
    Row("casework:new_referral", "/cases/{case}/referrals/new/", WORK, SENDS_GO, REFERRAL),
    Row("casework:withdraw_referral", "/cases/{case}/referrals/{referral}/withdraw/", ALL_NOT, LEAD_GO),
    Row("casework:mark_for_executor", "/cases/{case}/referrals/{measure}/mark/", CURATOR, CURATOR_GO, DONE),
]  # fmt: skip


def prepare(world: SimpleNamespace) -> None:
    """Ask the strangers' agency for something, by a referral and by a plan."""
    asked = {"case": world.case, "text": "Занятия с психологом", "actor": world.people["specialist"], "at": world.at}
    agency = world.own_agency["stranger"]
    sent = assignments.refer(
        **asked,
        agency=agency,
        due=LATER,
        answer_within=3,
        shown=assignments.Shown(sections=["people"], documents=[], categories=[], last_day=LATER),
        token=uuid.uuid4(),
    )
    measure = assignments.assign(**asked, kind=AssignmentKind.MEASURE, agency=agency)
    world.names |= {"referral": sent.token, "measure": measure.token}
