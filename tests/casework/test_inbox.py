"""«Мой день» and the list of tasks: what stands in which part, on whose day, and what is hidden."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from casework.actions import cases, procedure_changes as changes, procedures, tasks
from casework.actions.inbox import SHOWN, inbox_of, task_list
from casework.actions.procedures import Word
from casework.local_days import LocalDays
from casework.models import Task, Team, TeamRole
from forms_library.procedures.definition import Stage
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, PROCEDURE
from tests.casework.test_tasks import TODAY, give, task_of
from tests.factories import AgencyFactory, UserFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def colleague(agency):
    return member_of(agency)


@pytest.fixture
def stranger():
    return member_of(AgencyFactory())


@pytest.fixture
def step(case, specialist):
    """The task of the first step of a procedure: the team of the heads has it, and nobody in particular."""
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))
    followed = procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )
    return followed.tasks.get()


def numbers(part):
    return [line.task for line in part.lines]


class TestTheInbox:
    def test_sorts_tasks_by_when_they_are_due(self, case, specialist):
        days = {"overdue": -1, "today": 0, "soon": 7, "later": 8}
        wanted = {part: task_of(case, specialist, due=TODAY + dt.timedelta(days=days[part])) for part in reversed(days)}
        wanted["undated"] = task_of(case, specialist)
        parts = inbox_of(specialist, at=NOW)
        assert {part: numbers(parts[part]) for part in wanted} == {part: [task] for part, task in wanted.items()}
        assert {parts[part].total for part in wanted} == {1}

    def test_explains_the_day_of_a_step(self, step, head):
        tasks.take_task(task=step, actor=head, at=NOW)
        [line] = inbox_of(head, at=NOW)["soon"].lines
        assert line.explanation.short == "3 рабочих дня с 23.11.2026"
        assert line.explanation.full.startswith("3 рабочих дня с 23.11.2026: срок — 26.11.2026, п. 4")

    def test_says_that_a_term_stands_still_or_was_extended(self, step, head, file_plan):
        tasks.take_task(task=step, actor=head, at=NOW)
        act = {"followed": step.case_procedure, "step": "check", "turn": 1, "actor": head, "at": NOW}
        paper = file_plan()
        later = Word(on=TODAY, words="Ждём", document=paper, until=dt.date(2026, 12, 1))
        changes.extend_term(**act, word=later)
        [line] = inbox_of(head, at=NOW)["later"].lines
        assert line.task.due == dt.date(2026, 12, 1)
        assert line.explanation.short == "срок продлён до 01.12.2026"
        assert "26.11.2026" in line.explanation.full
        assert "01.12.2026" in line.explanation.full
        changes.suspend_term(**act, word=Word(on=TODAY, words="Уехали", document=paper))
        [line] = numbers_and_lines(inbox_of(head, at=NOW), step)
        assert line.task.is_paused
        assert line.explanation

    def test_keeps_apart_what_waits_for_others(self, case, specialist, colleague, stranger):
        outside = task_of(case, specialist, waits_for_others=True, due=TODAY)
        asked = give(case, colleague, specialist, due=TODAY + dt.timedelta(days=1))
        give(case, specialist, specialist)
        parts = inbox_of(specialist, at=NOW)
        assert numbers(parts["waiting"]) == [outside, asked]
        assert len(parts["today"].lines) == 1

    def test_offers_the_tasks_of_nobody_to_the_team(self, case, specialist, stranger, head):
        task = task_of(case)
        [line] = inbox_of(specialist, at=NOW)["nobodys"].lines
        assert (line.task, line.may_take) == (task, True)
        assert inbox_of(stranger, at=NOW)["nobodys"].total == 0
        [line] = inbox_of(head, at=NOW)["nobodys"].lines
        assert not line.may_take  # a head does not work on the case, and gives it to somebody

    def test_shows_heads_what_is_overdue_in_their_agency(self, case, specialist, colleague, head):
        late = task_of(case, colleague, due=TODAY - dt.timedelta(days=1))
        task_of(case, colleague, due=TODAY)
        assert numbers(inbox_of(head, at=NOW)["team"]) == [late]
        assert inbox_of(specialist, at=NOW)["team"].total == 0

    def test_hides_what_may_no_longer_be_read_and_what_has_ended(self, case, specialist, agency):
        ended = open_case(agency, accepted_by=specialist, at=NOW)
        task_of(case, specialist, due=TODAY)
        task_of(ended, specialist, due=TODAY)
        assert inbox_of(specialist, at=NOW)["today"].total == 2
        cases.close_case(case=ended, actor=specialist, at=NOW, ground=cases.ClosureGround.ANSWERED)
        assert inbox_of(specialist, at=NOW)["today"].total == 1
        specialist.groups.clear()
        assert inbox_of(specialist, at=NOW)["today"].total == 0

    def test_shows_the_most_urgent_and_says_how_many_there_are(self, case, specialist):
        for number in range(SHOWN + 3):
            task_of(case, specialist, due=TODAY - dt.timedelta(days=number + 1))
        part = inbox_of(specialist, at=NOW)["overdue"]
        assert (len(part.lines), part.total) == (SHOWN, SHOWN + 3)
        assert part.lines[0].task.due == TODAY - dt.timedelta(days=SHOWN + 3)

    def test_of_somebody_without_a_team_is_empty(self):
        assert {part.total for part in inbox_of(UserFactory(), at=NOW).values()} == {0}


def numbers_and_lines(parts, task):
    """Return the lines of a task, in whatever part of the inbox it stands."""
    return [line for part in parts.values() for line in part.lines if line.task.pk == task.pk]


class TestTheDayOfTheAgency:
    """One moment, two agencies: it is still Monday in Kaliningrad and already Tuesday in Novosibirsk (D8)."""

    MOMENT = dt.datetime(2026, 11, 23, 17, 0, tzinfo=dt.UTC)
    MONDAY = dt.date(2026, 11, 23)

    @pytest.fixture
    def late(self):
        """A specialist of two agencies, with a task due on Monday in each."""
        west, east = AgencyFactory(time_zone="Europe/Kaliningrad"), AgencyFactory(time_zone="Asia/Novosibirsk")
        user = member_of(east)
        west_case, east_case = open_case(west, at=NOW), open_case(east, at=NOW)
        Team.objects.get(agency=west, role=TeamRole.SPECIALIST).group.user_set.add(user)
        return user, *(task_of(case, user, due=self.MONDAY) for case in (west_case, east_case))

    def test_makes_a_task_overdue_from_midnight_on(self, late):
        user, west, east = late
        parts = inbox_of(user, at=self.MOMENT)
        assert numbers(parts["today"]) == [west]
        assert numbers(parts["overdue"]) == [east]
        assert [line.is_overdue for line in parts["today"].lines + parts["overdue"].lines] == [False, True]
        assert parts["today"].lines[0].is_today

    def test_a_second_before_midnight_it_is_in_time(self, late):
        user, west, east = late
        before = dt.datetime(2026, 11, 23, 16, 59, 59, tzinfo=dt.UTC)
        assert numbers(inbox_of(user, at=before)["today"]) == [west, east]

    def test_counts_the_week_from_its_own_today(self, late):
        user, west, east = late
        week = self.MONDAY + dt.timedelta(days=8)
        Task.objects.update(due=week)
        parts = inbox_of(user, at=self.MOMENT)
        assert (numbers(parts["later"]), numbers(parts["soon"])) == ([west], [east])

    def test_narrows_the_list_as_well(self, late):
        user, _west, east = late
        found, _lines = task_list(user, show="overdue", at=self.MOMENT)
        assert list(found) == [east]

    def test_of_no_agency_at_all_is_no_day(self):
        assert not Task.objects.filter(due__gt=LocalDays(at=NOW, zones=[]).expression("case__agency")).exists()


class TestTheList:
    def test_is_narrowed_by_its_address(self, case, specialist, colleague, head):
        mine = task_of(case, specialist, due=TODAY + dt.timedelta(days=3))
        late = task_of(case, colleague, due=TODAY - dt.timedelta(days=3))
        nobodys = task_of(case)
        asked = give(case, colleague, specialist)
        shown = {
            show: set(task_list(specialist, show=show, at=NOW)[0])
            for show in ("mine", "waiting", "team", "overdue", "nobodys")
        }
        assert shown == {
            "mine": {mine},
            "waiting": {asked},
            "team": {mine, late, nobodys, asked},
            "overdue": {late},
            "nobodys": {nobodys},
        }

    def test_goes_on_page_by_page(self, case, specialist, desk):
        for _number in range(53):
            task_of(case, specialist)
        first, second = (desk.get("/cases/tasks/", {"show": "mine", "page": page}) for page in (1, 2))
        assert (len(first.context["lines"]), len(second.context["lines"])) == (50, 3)
        assert desk.get("/cases/tasks/", {"show": "everything"}).status_code == 404


@pytest.mark.parametrize(("keeper", "waits"), [("guardianship_body", False), ("kcson", True)])
def test_a_step_of_a_body_waits_for_others_unless_that_body_keeps_the_case(keeper, waits):
    specialist = member_of(AgencyFactory(kind=keeper))
    case = open_case(specialist.groups.get().team.agency, accepted_by=specialist, at=NOW)
    stage = Stage(code="one", title="Одна", steps=(replace(CHECK, role="guardians"),))
    edition = procedure_in_force(replace(PROCEDURE, stages=(stage,)), at=NOW - dt.timedelta(days=90))
    followed = procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )
    assert followed.tasks.get().waits_for_others is waits
