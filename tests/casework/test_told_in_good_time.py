"""A long term is told of in good time: the day from which people see it, and what becomes of that day."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from casework.actions import procedure_changes as changes, procedures
from casework.actions.inbox import inbox_of
from casework.actions.procedures import Word
from forms_library import calendar_changes
from forms_library.deadlines import Rule
from forms_library.models import CalendarDay
from forms_library.procedures.definition import Due, Stage
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, END, PROCEDURE
from tests.casework.test_tasks import task_of
from tests.factories import AgencyFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
FORTNIGHT = dt.timedelta(days=14)
LAST_DAY = dt.date(2026, 12, 23)
"""Thirty days from Monday 23.11.2026, a Wednesday."""


def warned(days):
    """Return the invented procedure whose check takes thirty days and is told of `days` before the last one."""
    check = replace(CHECK, due=Due(rule=Rule.parse("30 cd"), warn_days=days))
    return replace(PROCEDURE, stages=(Stage(code="one", title="Всё", steps=(check, replace(END, after=("check",)))),))


def follow(case, actor, *, days):
    """Return the task of the check in a case that follows `warned(days)`."""
    edition = procedure_in_force(warned(days), at=NOW - dt.timedelta(days=90))
    asked = {"on": TODAY, "at": NOW, "token": uuid.uuid4()}
    return procedures.start_procedure(case=case, edition=edition, actor=actor, **asked).tasks.get()


@pytest.fixture
def task(case, specialist):
    return follow(case, specialist, days=14)


@pytest.fixture
def act(task, agency, file_plan):
    """Return what every change of the term says: whose, of which step, by whom, on which paper."""

    def said(*, at=NOW, until=None, document=None):
        word = Word(on=at.date(), words="Ждём", document=document or file_plan(), until=until)
        step = {"followed": task.case_procedure, "step": "check", "turn": 1, "actor": member_of(agency, "head")}
        return {**step, "word": word, "at": at}

    return said


def days_of(task):
    task.refresh_from_db()
    return task.due, task.warn_on


def holiday(day):
    row = CalendarDay.objects.create(day=day, kind="holiday", act="Указ")
    calendar_changes.announce([day], at=NOW, actor=None)
    return row


class TestTheDayOfTheWarning:
    def test_is_so_many_days_before_the_last_one(self, task):
        assert days_of(task) == (LAST_DAY, LAST_DAY - FORTNIGHT)

    def test_is_none_where_the_procedure_asks_for_none(self, case, specialist):
        assert days_of(follow(case, specialist, days=0)) == (LAST_DAY, None)

    def test_moves_with_an_extension(self, task, act):
        until = LAST_DAY + dt.timedelta(days=10)
        changes.extend_term(**act(until=until))
        assert days_of(task) == (until, until - FORTNIGHT)

    def test_is_none_while_the_term_stands_still_and_later_afterwards(self, task, act):
        changes.suspend_term(**act())
        assert days_of(task) == (None, None)
        later = NOW + dt.timedelta(days=6)
        changes.resume_term(**act(at=later, document=task.case.submissions.get()))
        assert days_of(task) == (dt.date(2026, 12, 29), dt.date(2026, 12, 15))

    def test_is_none_also_while_an_extended_term_stands_still(self, task, act):
        changes.extend_term(**act(until=LAST_DAY + FORTNIGHT))
        changes.suspend_term(**act(document=task.case.submissions.get()))
        assert days_of(task)[1] is None

    def test_is_that_of_the_newer_edition_when_the_case_moves(self, task, specialist):
        edition = procedure_in_force(warned(20), at=NOW)
        word = Word(on=TODAY, words="Новая редакция")
        changes.move_to(followed=task.case_procedure, edition=edition, word=word, actor=specialist, at=NOW)
        assert days_of(task) == (LAST_DAY, LAST_DAY - dt.timedelta(days=20))


class TestAChangeOfTheCalendar:
    def test_moves_the_warning_with_the_last_day_and_back(self, task):
        row = holiday(LAST_DAY)
        assert days_of(task) == (dt.date(2026, 12, 24), dt.date(2026, 12, 10))
        row.delete()
        calendar_changes.announce([LAST_DAY], at=NOW)
        assert days_of(task) == (LAST_DAY, LAST_DAY - FORTNIGHT)

    def test_gives_what_the_replay_of_the_procedure_gives(self, task):
        holiday(LAST_DAY)
        recounted = days_of(task)
        procedures.follow(task.case_procedure, actor=task.case.curator, at=NOW)
        assert days_of(task) == recounted

    def test_on_the_day_of_the_warning_moves_nothing(self, task):
        holiday(LAST_DAY - FORTNIGHT)
        assert days_of(task) == (LAST_DAY, LAST_DAY - FORTNIGHT)

    def test_tells_apart_tasks_that_are_due_on_one_day(self, task, case, specialist):
        term = {"term": Rule.parse("30 cd").to_json(), "counted_from": TODAY, "due": LAST_DAY}
        unwarned = task_of(case, specialist, **term)
        holiday(LAST_DAY)
        moved = dt.date(2026, 12, 24)
        assert (days_of(task), days_of(unwarned)) == ((moved, moved - FORTNIGHT), (moved, None))


def part_of(user, task, *, at):
    """Return in which part of the inbox a task stands."""
    return [name for name, part in inbox_of(user, at=at).items() if task in [line.task for line in part.lines]]


class TestTheInbox:
    @pytest.mark.parametrize(
        ("before", "part"), [(15, "later"), (14, "soon"), (13, "soon"), (7, "soon"), (0, "today"), (-1, "overdue")]
    )
    def test_shows_a_long_term_as_soon_from_the_day_of_the_warning(self, case, specialist, before, part):
        due = TODAY + dt.timedelta(days=before)
        task = task_of(case, specialist, due=due, warn_on=due - FORTNIGHT)
        assert part_of(specialist, task, at=NOW) == [part]

    def test_reads_the_day_from_the_clock_of_the_agency(self):
        west, east = (AgencyFactory(time_zone=zone) for zone in ("Europe/Kaliningrad", "Asia/Novosibirsk"))
        found = []
        for agency in (west, east):  # it is still the 22nd in Kaliningrad
            user = member_of(agency)
            case = open_case(agency, accepted_by=user, at=NOW - dt.timedelta(days=2))
            task = task_of(case, user, due=TODAY + FORTNIGHT, warn_on=TODAY)
            found += part_of(user, task, at=dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC))
        assert found == ["later", "soon"]
