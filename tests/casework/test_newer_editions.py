"""A methodologist changes «3 working days» to «5»: new cases follow, those under way do not, and nobody writes code."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from casework.actions import procedure_changes, procedures
from casework.actions.procedure_refusals import ProcedureNotInForce
from casework.actions.procedures import Word
from casework.models import TeamRole
from forms_library.deadlines import Rule
from forms_library.procedures.definition import Due, Stage
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, PROCEDURE
from tests.factories import member_of, open_case, procedure_in_force

TODAY = NOW.date()
FIVE_DAYS = replace(
    PROCEDURE,
    stages=(
        Stage(
            code="first",
            title="Проверка",
            steps=(replace(CHECK, due=Due(rule=Rule.parse("5 wd"))), *PROCEDURE.stages[0].steps[1:]),
        ),
        PROCEDURE.stages[1],
    ),
)


def begun(case, actor, edition):
    return procedures.start_procedure(case=case, edition=edition, actor=actor, at=NOW, on=TODAY, token=uuid.uuid4())


def due(followed):
    return followed.tasks.get(step="check").due


@pytest.fixture
def older(case, specialist):
    """A case that came under the procedure before it was changed."""
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=30))
    return begun(case, specialist, edition)


@pytest.fixture
def newer(older):
    return procedure_in_force(FIVE_DAYS, at=NOW - dt.timedelta(minutes=1))


class TestAChangedTerm:
    def test_is_followed_by_new_cases_and_not_by_old_ones(self, older, newer, agency, specialist):
        fresh = begun(open_case(agency, accepted_by=specialist, at=NOW), specialist, newer)
        assert (due(older), due(fresh)) == (dt.date(2026, 11, 26), dt.date(2026, 11, 30))

    def test_is_followed_by_an_old_case_that_somebody_moves(self, older, newer, agency):
        word = Word(on=TODAY, words="Новый приказ")
        head = member_of(agency, TeamRole.HEAD)
        procedure_changes.move_to(followed=older, edition=newer, word=word, actor=head, at=NOW)
        assert due(older) == dt.date(2026, 11, 30)

    def test_leaves_the_earlier_edition_to_the_cases_that_have_it(self, older, newer, agency, specialist):
        with pytest.raises(ProcedureNotInForce):
            begun(open_case(agency, accepted_by=specialist, at=NOW), specialist, older.edition)

    def test_gives_the_task_to_whoever_does_the_step_now(self, older, agency, specialist):
        steps = (replace(CHECK, role="curator"), *PROCEDURE.stages[0].steps[1:])
        stages = (Stage(code="first", title="Проверка", steps=steps), PROCEDURE.stages[1])
        newer = procedure_in_force(replace(PROCEDURE, stages=stages), at=NOW - dt.timedelta(minutes=1))
        assert older.tasks.get(step="check").owner is None
        word = Word(on=TODAY, words="Новый приказ")
        procedure_changes.move_to(
            followed=older, edition=newer, word=word, actor=member_of(agency, TeamRole.HEAD), at=NOW
        )
        task = older.tasks.get(step="check")
        assert (task.owner, task.team.role) == (specialist, TeamRole.SPECIALIST)
