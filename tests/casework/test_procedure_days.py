"""On what day a step is done, and until what day a decision holds."""

import datetime as dt
import uuid

import pytest

from casework.actions import procedure_changes as changes, procedures
from casework.actions.procedure_refusals import DayBeforeStart, LastDayNeeded
from casework.models import TeamRole
from tests.casework.conftest import NOW
from tests.casework.following import PROCEDURE
from tests.casework.test_procedures import TODAY, appoint, check, open_steps, tasks, word
from tests.factories import member_of, procedure_in_force


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def begin(case, specialist):
    """Return a function that puts the case under the procedure since a day."""
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))

    def beginning(on):
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=on, token=uuid.uuid4()
        )

    return beginning


class TestTheDay:
    """A step is done on the day on which the case came to it, or later."""

    EARLIER, LATER = TODAY - dt.timedelta(days=5), TODAY - dt.timedelta(days=3)

    @pytest.fixture
    def begun(self, begin):
        return begin(self.EARLIER)

    def test_before_the_decision_that_opened_the_step_is_refused(self, begun, head, specialist):
        check(begun, head, on=self.LATER)
        act = {"followed": begun, "step": "curator", "turn": 1, "person": specialist, "actor": head, "at": NOW}
        with pytest.raises(DayBeforeStart) as refusal:
            procedures.appoint(**act, word=word(on=self.LATER - dt.timedelta(days=1)))
        assert f"{self.LATER:%d.%m.%Y}" in str(refusal.value)
        procedures.appoint(**act, word=word(on=self.LATER))
        assert open_steps(begun) == ["plan"]

    def test_before_the_step_opened_nothing_is_waived(self, begun, head, specialist):
        check(begun, head, on=self.LATER)
        appoint(begun, head, specialist)
        said = word(on=self.LATER, words="Есть ИППСУ")
        with pytest.raises(DayBeforeStart):
            changes.waive(followed=begun, step="plan", turn=1, what="", word=said, actor=head, at=NOW)

    def test_after_a_form_that_was_typed_in_late_can_be_before_that(self, begun, head, specialist, file_plan):
        check(begun, head, on=self.EARLIER)
        act = {"followed": begun, "turn": 1, "actor": head, "at": NOW}
        procedures.appoint(**act, step="curator", person=specialist, word=word(on=self.LATER))
        file_plan()
        review = {**act, "step": "review", "outcome": "go_on"}
        with pytest.raises(DayBeforeStart):
            procedures.decide(**review, word=word(on=self.LATER - dt.timedelta(days=1)))
        procedures.decide(**review, word=word(on=self.LATER))
        assert tasks(begun)["review"].turn == 2


class TestALastDay:
    @pytest.mark.parametrize("until", [None, TODAY - dt.timedelta(days=1)])
    def test_is_named_and_has_not_passed(self, begin, head, specialist, file_plan, until):
        followed = begin(TODAY)
        check(followed, head)
        appoint(followed, head, specialist)
        file_plan()
        with pytest.raises(LastDayNeeded):
            procedures.decide(
                followed=followed, step="review", turn=1, outcome="extend", word=word(until=until), actor=head, at=NOW
            )
