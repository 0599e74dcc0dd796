"""Mail goes out after the act. Whatever happens to it then, the act stands, and the server's log says what happened."""

import logging
import uuid

import pytest

from casework import notifications
from casework.actions import deliveries, emergencies, meetings, submissions
from casework.models import Delivery, EmergencyOpening, Submission, Task
from tests.casework.boards import board, meeting_of, put_on
from tests.casework.conftest import NOW
from tests.casework.test_visits import DANGER
from tests.factories import AgencyFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db


def broken(*_what, **_more):
    raise RuntimeError("no letter today")


@pytest.fixture
def after(monkeypatch, caplog, django_capture_on_commit_callbacks):
    """Return a function that does something while no letter can be written, and says how often that was logged."""
    for name in ("tell_about_delivery", "tell_about_emergency", "tell_about_danger"):
        monkeypatch.setattr(notifications, name, broken)
    monkeypatch.setattr(meetings, "tell_about_meeting", broken)

    def act(work):
        with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
            work()
        return len([line for line in caplog.records if "on_commit" in line.getMessage()])

    return act


class TestALetterThatFails:
    def test_leaves_the_members_invited(self, after, case, specialist):
        made = board(at=NOW)
        called = meeting_of(made, at=NOW)
        put_on(called, case, specialist, at=NOW)
        assert after(lambda: meetings.invite(meeting=called, actor=made.secretary, at=NOW)) == 1
        called.refresh_from_db()
        assert called.invited_at == NOW
        assert called.attendance.count() == len(made.members)

    def test_leaves_the_case_open_in_an_emergency(self, after, case):
        officer = member_of(AgencyFactory())
        reason = "Ребёнок один в запертой квартире"
        asked = {"reference": case.reference, "reason": reason, "actor": officer, "at": NOW}
        assert after(lambda: emergencies.open_in_emergency(**asked)) == 1
        assert EmergencyOpening.objects.get().person == officer

    def test_leaves_the_document_sent(self, after, file_plan, specialist):
        document, addressee = file_plan(), AgencyFactory()
        assert (
            after(lambda: deliveries.send_by_hand(submission=document, agency=addressee, actor=specialist, at=NOW)) == 1
        )
        assert Delivery.objects.get().agency == addressee

    def test_leaves_the_sign_of_danger_with_the_curator(self, after, case, specialist):
        sheet = put_in_force("patronage_visit")
        filed = {"case": case, "edition": sheet, "answers": DANGER, "token": uuid.uuid4()}
        assert after(lambda: submissions.file_submission(**filed, actor=specialist, at=NOW)) == 1
        assert Submission.objects.count() == Task.objects.count() == 1
