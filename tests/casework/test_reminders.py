"""Reminders: the right people, on the right day, once; and the head when a task stays undone."""

import datetime as dt
import re
from unittest import mock

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from casework.actions import absences, cases, reminders
from casework.models import Task, TaskReminder, Team, TeamRole
from casework.notifications import MOST_LISTED
from forms_library.models import CalendarDay
from tests.casework.conftest import NOW
from tests.casework.test_concurrency import at_once
from tests.casework.test_tasks import task_of
from tests.factories import AgencyFactory, UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
"""A week of ordinary days: Monday 23.11 – Friday 27.11.2026."""


def at(day, hour=9, minute=0):
    """Return a moment by the clock of Novosibirsk, seven hours ahead."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def task(case, specialist, head):
    return task_of(case, specialist, due=dt.date(2026, 11, 25))


def kinds():
    return list(TaskReminder.objects.order_by("id").values_list("kind", flat=True))


def sent_to():
    return sorted(address for message in mail.outbox for address in message.to)


class TestTheDays:
    def test_are_counted_by_the_working_calendar(self, task):
        told = {}
        for day in range(22, 31):
            before = len(kinds())
            reminders.remind(at=at(day))
            told[day] = kinds()[before:]
        # Wednesday 25.11 is the last day.
        assert {day: said for day, said in told.items() if said} == {
            24: ["before"],
            25: ["on_the_day"],
            26: ["after"],
            27: ["to_the_head"],
        }

    def test_skip_days_off(self, case, specialist, head):
        task_of(case, specialist, due=dt.date(2026, 11, 27))  # a Friday
        told = {}
        for day in (26, 27, 28, 29, 30):
            before = len(kinds())
            reminders.remind(at=at(day))
            told[day] = kinds()[before:]
        assert told == {26: ["before"], 27: ["on_the_day"], 28: [], 29: [], 30: ["after"]}

    def test_before_a_monday_is_friday(self, case, specialist):
        task_of(case, specialist, due=dt.date(2026, 11, 30))
        reminders.remind(at=at(26))
        assert kinds() == []
        reminders.remind(at=at(27))
        assert kinds() == ["before"]

    def test_follow_the_days_off_of_the_agency(self, task, agency):
        CalendarDay.objects.create(day=dt.date(2026, 11, 24), kind="holiday", agency=agency, act="Приказ")
        reminders.remind(at=at(24))
        assert kinds() == []
        reminders.remind(at=at(23))
        assert kinds() == ["before"]

    def test_begin_in_the_morning_of_the_agency(self, task):
        reminders.remind(at=at(24, 7, 59))
        assert kinds() == []
        reminders.remind(at=at(24, 8))
        assert kinds() == ["before"]

    def test_are_those_of_each_agency_by_its_own_clock(self, task):
        west = AgencyFactory(time_zone="Europe/Kaliningrad")
        theirs = task_of(open_case(west, at=NOW), member_of(west), due=task.due)
        reminders.remind(at=at(24, 9))  # four in the morning in Kaliningrad
        assert list(TaskReminder.objects.values_list("task", flat=True)) == [task.pk]
        reminders.remind(at=at(24, 14))
        assert set(TaskReminder.objects.values_list("task", flat=True)) == {task.pk, theirs.pk}

    def test_that_were_missed_are_made_up_for_at_once(self, task):
        reminders.remind(at=at(30))
        assert sorted(kinds()) == ["after", "to_the_head"]

    def test_of_a_new_last_day_begin_anew(self, task):
        reminders.remind(at=at(25))
        Task.objects.update(due=dt.date(2026, 11, 26))
        reminders.remind(at=at(26))
        assert kinds() == ["on_the_day", "on_the_day"]


class TestALongTerm:
    """Due on Tuesday 8.12.2026 and told of 14 days before: on Tuesday 24.11."""

    DUE = dt.date(2026, 12, 8)

    @pytest.fixture
    def long(self, case, specialist):
        return task_of(case, specialist, due=self.DUE, warn_on=self.DUE - dt.timedelta(days=14))

    def told(self, days):
        """Return what people were told on each of these days of November, at two hours of each."""
        told = {}
        for day in days:
            before = len(kinds())
            reminders.remind(at=at(day))
            reminders.remind(at=at(day, 17))
            told[day] = kinds()[before:]
        return {day: said for day, said in told.items() if said}

    def test_is_told_of_once_that_many_days_before(self, long, specialist):
        assert self.told(range(22, 31)) == {24: ["in_good_time"]}
        assert sent_to() == [specialist.email]

    def test_is_told_of_a_day_late_when_the_clock_did_not_run(self, long):
        assert self.told([25, 26]) == {25: ["in_good_time"]}

    def test_is_told_of_on_the_next_working_morning_of_the_agency(self, long, agency):
        CalendarDay.objects.create(day=dt.date(2026, 11, 24), kind="holiday", agency=agency, act="Приказ")
        reminders.remind(at=at(24))
        reminders.remind(at=at(25, 7, 59))
        assert kinds() == []
        assert self.told([25]) == {25: ["in_good_time"]}

    def test_is_told_of_after_a_weekend(self, case, specialist):
        task_of(case, specialist, due=dt.date(2026, 12, 12), warn_on=dt.date(2026, 11, 28))  # a Saturday
        assert self.told(range(26, 31)) == {30: ["in_good_time"]}

    def test_is_not_told_of_twice_when_the_last_day_is_near_already(self, case, specialist):
        task_of(case, specialist, due=dt.date(2026, 11, 25), warn_on=dt.date(2026, 11, 11))
        assert self.told([24, 25]) == {24: ["before"], 25: ["on_the_day"]}

    def test_that_was_extended_is_told_of_again(self, long):
        assert self.told([24]) == {24: ["in_good_time"]}
        Task.objects.update(due=self.DUE + dt.timedelta(days=3), warn_on=dt.date(2026, 11, 27))
        assert self.told(range(25, 31)) == {27: ["in_good_time"]}

    def test_that_stands_still_is_not_told_of(self, case, specialist):
        task_of(case, specialist, due=self.DUE, warn_on=None, is_paused=True)
        assert self.told(range(22, 31)) == {}

    def test_is_named_in_the_letter_by_its_number_and_nothing_else(self, long):
        Task.objects.update(title="Позвонить маме Тимофея")
        reminders.remind(at=at(24))
        [message] = mail.outbox
        assert f"/cases/tasks/{long.pk}/" in message.body
        assert not re.search(rf"Тимофея|Позвонить|{long.case.reference}", message.subject + message.body)


class TestWhoHears:
    def test_the_owner_and_later_the_head(self, task, specialist, head):
        reminders.remind(at=at(24))
        assert sent_to() == [specialist.email]
        mail.outbox.clear()
        reminders.remind(at=at(27))
        assert sent_to() == sorted([specialist.email, head.email])

    def test_the_heads_when_nobody_has_the_task(self, task, head, agency):
        second = member_of(agency, TeamRole.HEAD)
        Task.objects.update(owner=None)
        reminders.remind(at=at(24))
        assert sent_to() == sorted([head.email, second.email])

    def test_the_substitute_while_the_owner_is_away(self, task, specialist, agency):
        colleague = member_of(agency)
        absences.write_absence(
            person=specialist,
            substitute=colleague,
            first_day=dt.date(2026, 11, 24),
            last_day=dt.date(2026, 11, 24),
            actor=specialist,
            at=NOW,
        )
        reminders.remind(at=at(24))
        reminders.remind(at=at(25))
        assert [message.to for message in mail.outbox] == [[colleague.email], [specialist.email]]

    def test_the_substitute_of_the_head(self, task, head, agency, specialist):
        deputy = member_of(agency)
        absences.write_absence(
            person=head,
            substitute=deputy,
            first_day=dt.date(2026, 11, 27),
            last_day=dt.date(2026, 11, 27),
            actor=head,
            at=NOW,
        )
        reminders.remind(at=at(27))
        assert sent_to() == sorted([specialist.email, deputy.email])

    def test_the_head_when_the_owner_works_here_no_more(self, task, specialist, head):
        specialist.is_active = False
        specialist.save()
        reminders.remind(at=at(24))
        assert sent_to() == [head.email]

    def test_the_head_when_the_owner_may_no_longer_read_the_case(self, task, specialist, head):
        specialist.groups.clear()
        reminders.remind(at=at(24))
        assert sent_to() == [head.email]

    def test_nobody_when_there_is_nobody(self, case):
        task_of(case, due=dt.date(2026, 11, 25))
        reminders.remind(at=at(24))
        assert (sent_to(), kinds()) == ([], ["before"])

    def test_nobody_of_another_agency(self, task):
        stranger = member_of(AgencyFactory(), TeamRole.HEAD)
        reminders.remind(at=at(30))
        assert stranger.email not in sent_to()

    def test_nobody_about_what_has_ended_or_stands_still(self, task, case, specialist):
        task_of(case, specialist, due=None, is_paused=True)
        Task.objects.filter(pk=task.pk).update(status="done", finished_on=MONDAY)
        task_of(case, specialist, due=dt.date(2026, 11, 25))
        cases.close_case(case=case, actor=specialist, at=NOW, ground=cases.ClosureGround.ANSWERED)
        reminders.remind(at=at(30))
        assert (kinds(), sent_to()) == ([], [])


class TestTheLetter:
    def test_names_numbers_and_links_and_nothing_else(self, task, case):
        Task.objects.update(title="Позвонить маме Тимофея")
        reminders.remind(at=at(24))
        [message] = mail.outbox
        text = message.subject + message.body
        assert text.count(str(task.pk)) >= 2
        assert f"/cases/tasks/{task.pk}/" in text
        assert not re.search(rf"Тимофея|Позвонить|{case.reference}", text)

    def test_is_one_for_each_person_however_many_tasks_there_are(self, case, specialist, head):
        for _number in range(MOST_LISTED + 5):
            task_of(case, specialist, due=dt.date(2026, 11, 24))
        reminders.remind(at=at(24))
        [message] = mail.outbox
        assert len(re.findall(r"/cases/tasks/\d+/", message.body)) == MOST_LISTED
        assert re.search(r"\b5\b", message.body.rsplit("/cases/tasks/", 2)[1])

    def test_that_cannot_be_sent_stops_nothing(self, task, specialist, agency):
        other = task_of(task.case, member_of(agency), due=task.due)
        real = mail.get_connection().send_messages

        def send(connection, messages):
            if messages[0].to == [specialist.email]:
                raise ConnectionRefusedError
            return real(messages)

        with mock.patch("django.core.mail.backends.locmem.EmailBackend.send_messages", send):
            assert reminders.remind(at=at(24)) == 2
        assert sent_to() == [other.owner.email]

    def test_without_a_mail_server_stops_nothing(self, task):
        with mock.patch("django.core.mail.backends.locmem.EmailBackend.open", side_effect=ConnectionRefusedError):
            assert reminders.remind(at=at(24)) == 1
        assert sent_to() == []


class TestManyTasks:
    def test_are_read_in_pieces_without_gap_or_repeat(self, case, specialist, monkeypatch):
        monkeypatch.setattr(reminders, "CHUNK", 3)
        for number in range(10):
            task_of(case, specialist, due=dt.date(2026, 11, 20 - number // 4))
        assert reminders.remind(at=at(24)) == 20
        assert reminders.remind(at=at(24)) == 0
        assert len(mail.outbox) == 1

    def test_cost_the_same_for_one_person_and_for_many(self, agency, head, django_assert_max_num_queries):
        for _number in range(12):
            owner = member_of(agency)
            task_of(open_case(agency, accepted_by=owner, at=NOW), owner, due=dt.date(2026, 11, 25))
        with django_assert_max_num_queries(20):
            assert reminders.remind(at=at(24)) == 12


class TestTheCommand:
    def test_reminds_now_and_is_one_of_the_clock(self, case, specialist, settings, capsys):
        assert "remind" in settings.TICK_COMMANDS
        Team.objects.get(agency=case.agency, role=TeamRole.HEAD).group.user_set.add(UserFactory())
        with mock.patch.object(timezone, "now", return_value=at(24)):
            task_of(case, specialist, due=dt.date(2026, 11, 25))
            call_command("remind")
            call_command("remind")
        assert len(mail.outbox) == 1
        assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.django_db(transaction=True)
class TestTwoClocksAtOnce:
    def test_tell_nobody_twice(self, case, specialist, head, monkeypatch):
        monkeypatch.setattr(reminders, "CHUNK", 7)
        for _number in range(40):
            task_of(case, specialist, due=dt.date(2026, 11, 20))
        results = at_once(*[lambda: reminders.remind(at=at(24))] * 3)
        assert sum(results) == 80, results
        assert TaskReminder.objects.count() == 80
        told = [int(number) for message in mail.outbox for number in re.findall(r"tasks/(\d+)/", message.body)]
        assert sorted(told) == sorted([*Task.objects.values_list("pk", flat=True)] * 2)
