"""The page of a case: what comes next stands there once, beside the procedure that asks for it."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.actions import procedures
from casework.actions.radar import NEAREST
from casework.models import TaskStatus, Team, TeamRole
from casework.radar_steps import Act
from tests.casework.conftest import NOW
from tests.casework.following import PROCEDURE
from tests.factories import member_of, procedure_in_force

pytestmark = pytest.mark.django_db

QUERIES_OF_PAGE = 41


@pytest.fixture
def followed(case, specialist):
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))
    return procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=NOW.date(), token=uuid.uuid4()
    )


@pytest.fixture
def case_page(case, desk):
    """Return the page as the specialist sees it."""
    return lambda: desk.get(f"/cases/{case.reference}/")


def waits(case, *, step="", followed=None, number=1, owner=None):
    """Put open tasks into a case: steps of a procedure, or what a colleague was asked for."""
    team = Team.objects.get(agency=case.agency, role=TeamRole.SPECIALIST)
    for turn in range(2, number + 2):
        case.tasks.create(
            case_procedure=followed, step=step, turn=turn, title=f"Дело {turn}", team=team, owner=owner, opened_on=NOW
        )


class TestWhatComesNext:
    def test_a_step_stands_with_its_procedure_and_not_among_the_errands(self, case, followed, specialist, case_page):
        waits(case, owner=specialist)
        context = case_page().context
        (summary,) = context["procedures"]
        assert [(each.line.task.step, each.act) for each in summary.steps] == [("check", Act.DECIDE)]
        assert [line.task.title for line in context["tasks"]] == ["Дело 2"]

    def test_every_task_has_one_place_on_the_page(self, case, followed, specialist, case_page):
        waits(case, owner=specialist, number=12)
        waits(case, owner=specialist, step="plan", followed=followed, number=5)
        shown = case_page().content.decode()
        for task in case.tasks.filter(status=TaskStatus.OPEN):
            assert shown.count(f'id="task-{task.pk}"') == 1

    def test_only_the_nearest_steps_stand_there_at_once(self, case, followed, specialist, case_page):
        waits(case, owner=specialist, step="plan", followed=followed, number=5)
        (summary,) = case_page().context["procedures"]
        assert (len(summary.nearest), len(summary.others)) == (NEAREST, 6 - NEAREST)

    def test_a_step_of_ones_own_has_a_button_and_that_of_another_has_none(self, case, followed, specialist, case_page):
        waits(case, owner=specialist, step="review", followed=followed)
        waits(case, owner=member_of(case.agency), step="rescue", followed=followed)
        places = f"/cases/{case.reference}/procedures/{followed.pk}/steps/"
        shown = case_page().content.decode()
        assert f'href="{places}review/"' in shown
        assert f'href="{places}rescue/"' not in shown

    def test_the_general_advice_gives_way_to_the_procedure(self, case, case_page, request):
        assert not case_page().context["is_led_by_a_procedure"]
        request.getfixturevalue("followed")
        assert case_page().context["is_led_by_a_procedure"]

    def test_costs_the_same_for_one_task_and_for_forty(self, case, followed, specialist, case_page):
        case_page()
        with CaptureQueriesContext(connection) as few:
            case_page()
        waits(case, owner=specialist, number=20)
        waits(case, owner=specialist, step="plan", followed=followed, number=20)
        with CaptureQueriesContext(connection) as many:
            case_page()
        assert len(few) == len(many) == QUERIES_OF_PAGE
