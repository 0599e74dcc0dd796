"""Two people sign one protocol, or decide and sign, at the same moment: real threads on a real database."""

import uuid

import pytest

from casework.actions import agenda_items, protocols
from casework.actions.council_refusals import MeetingOver
from casework.actions.protocol_refusals import AlreadySigned
from casework.models import Assignment, Meeting, Submission
from tests.casework.conftest import NOW
from tests.casework.councils import NEXT_MONTH, PLACE, Board, fresh
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, put_in_force

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agency(db):
    return AgencyFactory(territory=PLACE)


@pytest.fixture
def board(db):
    put_in_force("consilium_protocol", at=NOW)
    return Board()


@pytest.fixture
def item(board, case):
    """The case of a meeting about which everything is written down."""
    return board.write_all(board.held(case).items.get())


def sign(item, who):
    return protocols.sign_protocol(meeting=item.meeting, actor=who, at=NOW)


class TestTwoSignatures:
    def test_of_chair_and_secretary_are_one_and_the_other_is_told_who_was_quicker(self, board, item):
        results = at_once(*(lambda who=who: sign(item, who) for who in (board.chair, board.secretary)))
        assert sorted(isinstance(each, AlreadySigned) for each in results) == [False, True], results
        signed = next(each for each in results if isinstance(each, Meeting))
        told = next(each for each in results if isinstance(each, AlreadySigned))
        assert str(signed.signed_by) in str(told)
        assert fresh(item).protocol == Submission.objects.get()
        assert Assignment.objects.count() == 1

    def test_of_one_person_who_presses_twice_are_one_and_nobody_is_told(self, board, item):
        results = at_once(*[lambda: sign(item, board.chair)] * 3)
        assert results == [item.meeting] * 3
        assert Submission.objects.count() == Assignment.objects.count() == 1

    def test_and_a_decision_at_the_same_moment_never_part(self, board, item):
        """Either the decision is in the protocol and with its executor, or whoever wrote it is told that it came too late."""
        decision = {"text": "Позвонить маме", "agency": board.school, "person": None, "due": NEXT_MONTH}
        _signed, written = at_once(
            lambda: sign(item, board.chair),
            lambda: agenda_items.add_decision(item=item, actor=board.secretary, at=NOW, token=uuid.uuid4(), **decision),
        )
        filed = [row["decision"] for row in fresh(item).protocol.answers["decisions"]]
        is_late = isinstance(written, MeetingOver)
        assert ("Позвонить маме" in filed) is not is_late, written
        assert Assignment.objects.filter(text="Позвонить маме").exists() is not is_late
