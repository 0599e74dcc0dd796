"""The calendar changes, and the last days of open tasks with it."""

import datetime as dt
import uuid
from io import StringIO

import pytest
from django.core.management import call_command

from casework.actions import procedure_changes as changes, procedures, recounting
from casework.actions.procedures import Word
from casework.models import AccessRecord, Task
from forms_library import calendar_changes
from forms_library.deadlines import Rule
from forms_library.models import CalendarDay
from tests.casework.conftest import NOW
from tests.casework.following import PROCEDURE
from tests.casework.test_tasks import task_of
from tests.factories import AgencyFactory, UserFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
WEDNESDAY, THURSDAY = dt.date(2026, 11, 25), dt.date(2026, 11, 26)


@pytest.fixture
def step(case, specialist):
    """The first step of a procedure: three working days from Monday 23.11.2026, so Thursday 26.11."""
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))
    followed = procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )
    return followed.tasks.get()


def holiday(day, *, announced=True, actor=None, **fields):
    """Make a day one on which nobody works, as the admin does."""
    row = CalendarDay.objects.create(**{"day": day, "kind": "holiday", "act": "Указ", **fields})
    if announced:
        calendar_changes.announce([day], at=NOW, actor=actor)
    return row


def due(task):
    task.refresh_from_db()
    return task.due


def counted(case, owner, number, unit="wd", **fields):
    """Return a task with a term of its own, due as the calendar has it now."""
    task = task_of(
        case,
        owner,
        **{
            "term": Rule.parse(f"{number} {unit}").to_json(),
            "counted_from": TODAY,
            "due": TODAY,
            **fields,
        },
    )
    recounting.recount([TODAY, TODAY + dt.timedelta(days=1)], at=NOW)
    task.refresh_from_db()
    return task


class TestAChangeOfTheCalendar:
    def test_moves_the_last_day_and_writes_it_down(self, step, case):
        admin = UserFactory()
        holiday(WEDNESDAY, actor=admin)
        assert due(step) == dt.date(2026, 11, 27)
        line = case.log.get(event="deadline_recounted")
        assert line.actor == admin
        assert str(step.pk) in line.subject
        assert line.subject.index("26.11.2026") < line.subject.index("27.11.2026")

    def test_back_again_moves_it_back(self, step):
        row = holiday(WEDNESDAY)
        row.delete()
        calendar_changes.announce([WEDNESDAY], at=NOW)
        assert due(step) == THURSDAY

    def test_gives_what_the_replay_of_the_procedure_gives(self, step):
        holiday(WEDNESDAY)
        recounted = due(step)
        procedures.follow(step.case_procedure, actor=step.case.curator, at=NOW)
        assert due(step) == recounted

    def test_of_a_day_outside_the_term_changes_nothing(self, step):
        holiday(dt.date(2026, 11, 27))
        holiday(TODAY)
        assert due(step) == THURSDAY
        assert not AccessRecord.objects.filter(event="deadline_recounted").exists()

    def test_of_one_agency_concerns_its_tasks_only(self, step, agency):
        other = AgencyFactory()
        theirs = counted(open_case(other, at=NOW), member_of(other), 3)
        holiday(WEDNESDAY, agency=agency)
        assert (due(step), due(theirs)) == (dt.date(2026, 11, 27), THURSDAY)

    def test_of_a_region_concerns_the_agencies_there(self, step, agency):
        there = AgencyFactory(region="Томская область")
        theirs = counted(open_case(there, at=NOW), member_of(there), 3)
        holiday(WEDNESDAY, region="Томская область")
        assert (due(step), due(theirs)) == (THURSDAY, dt.date(2026, 11, 27))

    def test_is_heard_of_once(self):
        assert calendar_changes._listeners.count(recounting.calendar_changed) == 1


class TestEveryKindOfTerm:
    def test_a_last_day_that_becomes_a_day_off_rolls(self, case, specialist):
        task = counted(case, specialist, 2, "cd")
        assert task.due == WEDNESDAY
        holiday(WEDNESDAY)
        assert due(task) == THURSDAY

    def test_a_step_that_comes_again_keeps_its_anchor(self, case, specialist):
        task = counted(case, specialist, 1, "m", recurrence=3)
        assert task.due == dt.date(2027, 2, 24)  # 23.02 is a holiday
        holiday(dt.date(2027, 2, 24))
        assert due(task) == dt.date(2027, 2, 25)

    def test_days_for_which_it_stood_still_are_kept(self, case, specialist):
        task = counted(case, specialist, 3, paused_days=7)
        assert task.due == dt.date(2026, 12, 3)
        holiday(dt.date(2026, 12, 3))
        assert due(task) == dt.date(2026, 12, 4)

    def test_a_term_that_stands_still_is_counted_when_it_runs_again(self, step, file_plan):
        act = {"followed": step.case_procedure, "step": "check", "turn": 1, "actor": step.case.curator}
        act["actor"] = member_of(step.case.agency, "head")
        changes.suspend_term(**act, word=Word(on=TODAY, words="Уехали", document=file_plan()), at=NOW)
        holiday(WEDNESDAY)
        assert due(step) is None
        later = NOW + dt.timedelta(days=7)
        changes.resume_term(**act, word=Word(on=later.date(), words="Вернулись"), at=later)
        assert due(step) == dt.date(2026, 12, 4)

    def test_an_extended_day_stays(self, step, file_plan):
        act = {"followed": step.case_procedure, "step": "check", "turn": 1}
        act["actor"] = member_of(step.case.agency, "head")
        until = dt.date(2026, 12, 1)
        changes.extend_term(**act, word=Word(on=TODAY, words="Ждём", document=file_plan(), until=until), at=NOW)
        holiday(WEDNESDAY)
        holiday(until)
        assert due(step) == until

    def test_a_day_that_somebody_chose_stays(self, case, specialist):
        task = task_of(case, specialist, due=WEDNESDAY)
        holiday(WEDNESDAY)
        assert due(task) == WEDNESDAY

    def test_what_has_ended_stays_as_it_was(self, step):
        Task.objects.filter(pk=step.pk).update(status="done", finished_on=TODAY)
        holiday(WEDNESDAY)
        assert due(step) == THURSDAY
        assert not AccessRecord.objects.filter(event="deadline_recounted").exists()


class TestAYearThatIsNotKnownYet:
    FAR = dt.date(2031, 1, 20)
    DAYS = tuple(dt.date(2031, 1, number) for number in (1, 2, 3, 6, 7, 8, 9, 10, 13, 14))

    @pytest.fixture
    def guess(self, case, specialist):
        """Three working days from Monday 20.01.2031."""
        return counted(case, specialist, 3, counted_from=self.FAR, due=self.FAR, is_provisional=True)

    def load(self):
        for day in self.DAYS:
            holiday(day, announced=False)
        calendar_changes.announce(self.DAYS, at=NOW)

    def test_becomes_certain_when_it_is_loaded(self, guess):
        assert (guess.due, guess.is_provisional) == (dt.date(2031, 1, 23), True)
        self.load()
        assert due(guess) == dt.date(2031, 1, 23)
        assert not guess.is_provisional

    def test_is_a_guess_again_when_it_is_taken_away(self, guess):
        self.load()
        CalendarDay.objects.filter(day__year=2031).delete()
        calendar_changes.announce(self.DAYS, at=NOW)
        guess.refresh_from_db()
        assert guess.is_provisional

    def test_gets_a_line_only_when_the_day_itself_moves(self, guess, events):
        self.load()
        assert events() == []
        holiday(dt.date(2031, 1, 21))
        assert events() == ["deadline_recounted"]


class TestManyTasks:
    def test_are_read_in_pieces_and_all_of_them_change(self, case, specialist, monkeypatch):
        monkeypatch.setattr(recounting, "CHUNK", 3)
        known = [counted(case, specialist, number) for number in (3, 3, 4, 5, 3, 2, 6)]
        days = [task.due for task in known]
        holiday(WEDNESDAY)
        assert [due(task) > before for task, before in zip(known, days, strict=True)] == [True] * 7

    def test_cost_queries_by_days_and_not_by_tasks(self, case, specialist, django_assert_max_num_queries):
        Task.objects.bulk_create(
            Task(
                case=case,
                team=task_of(case).team,
                title="Позвонить",
                opened_on=TODAY,
                term=Rule.parse("3 wd").to_json(),
                counted_from=TODAY,
                due=THURSDAY,
            )
            for _number in range(60)
        )
        holiday(WEDNESDAY, announced=False)
        with django_assert_max_num_queries(12):
            assert recounting.recount([WEDNESDAY], at=NOW) == 60
        assert AccessRecord.objects.filter(event="deadline_recounted").count() == 60


class TestTheCommand:
    def test_counts_everything_anew(self, step):
        holiday(WEDNESDAY, announced=False)
        out = StringIO()
        call_command("recount_deadlines", stdout=out)
        assert due(step) == dt.date(2026, 11, 27)
        assert "1" in out.getvalue()
