"""Silence after a referral: the executor, the curator, the head and the council hear of it, each once, on working days."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from casework.actions import absences, assignment_clock, assignments, cases
from casework.models import (
    AgendaItem,
    AssignmentKind,
    AssignmentNudge,
    AssignmentState,
    Bar,
    Case,
    ClosureGround,
    TeamRole,
)
from casework.notifications import MOST_LISTED
from forms_library.models import CalendarDay
from tests.casework.boards import board, meeting_of, put_on
from tests.casework.conftest import NOW
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db

LAST_DAY = dt.date(2026, 11, 24)
"""A Tuesday: one working day after `NOW`. The next working days are 25, 26, 27 and 30 November."""


def at(day, hour=9, minute=0):
    """Return a moment by the clock of Novosibirsk, seven hours ahead."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def school(db):
    agency = AgencyFactory(short_name="Школа № 7")
    return SimpleNamespace(agency=agency, teacher=member_of(agency), head=member_of(agency, TeamRole.HEAD))


@pytest.fixture
def referral(case, specialist, head, school):
    """A referral that is to be answered by Tuesday, 24 November."""
    return refer(case, specialist, school.agency)


def refer(case, actor, agency, *, due=dt.date(2026, 12, 30)):
    return assignments.refer(
        case=case, agency=agency, text="Занятия с Тимофеем", due=due, answer_within=1, shown=None, actor=actor, at=NOW,
        token=uuid.uuid4(),
    )  # fmt: skip


def measure(case, actor, agency, **facts):
    facts = {"due": LAST_DAY, "text": "Занятия с Тимофеем", **facts}
    return assignments.assign(case=case, kind=AssignmentKind.MEASURE, agency=agency, actor=actor, at=NOW, **facts)


def rungs():
    return list(AssignmentNudge.objects.order_by("id").values_list("to", flat=True))


def told(days, hour=9):
    """Return who was told on each of these days of November."""
    found = {}
    for day in days:
        before = len(rungs())
        assignment_clock.nudge_silent(at=at(day, hour))
        assignment_clock.nudge_silent(at=at(day, 17))
        found[day] = rungs()[before:]
    return {day: said for day, said in found.items() if said}


def sent_to():
    return [address for message in mail.outbox for address in message.to]


class TestSilence:
    def test_goes_up_the_ladder_a_working_day_at_a_time(self, referral, school, specialist, head):
        assert told(range(23, 31)) == {25: ["executor"], 26: ["curator"], 27: ["head"], 30: ["council"]}
        assert sent_to() == [school.teacher.email, specialist.email, head.email]

    def test_ends_with_an_answer(self, referral, school):
        told([25])
        assignments.answer(assignment=referral, accepts=True, version=1, actor=school.teacher, at=at(25, 12))
        assert told(range(26, 31)) == {}

    def test_that_was_missed_by_the_clock_is_made_up_for_at_once(self, referral):
        assert told([30]) == {30: ["executor", "curator", "head", "council"]}

    def test_puts_itself_on_the_agenda_of_the_nearest_meeting_once(self, case, referral, agency):
        made = board(at=NOW, territory=agency.territory)
        later, soon = meeting_of(made, at=NOW, in_days=30), meeting_of(made, at=NOW, in_days=15)
        told(range(23, 31))
        (item,) = AgendaItem.objects.all()
        assert (item.meeting, item.case, item.reason) == (soon, case, "silent_referral")
        assert f"№ {referral.pk}" in item.question
        assert "Тимоф" not in item.question
        assert not later.items.exists()
        told([30])
        assert AgendaItem.objects.count() == 1

    def test_is_asked_where_the_case_stands_on_an_agenda_already(self, case, specialist, referral, agency):
        made = board(at=NOW, territory=agency.territory)
        far = meeting_of(made, at=NOW, in_days=30)
        put_on(far, case, specialist, at=NOW)
        meeting_of(made, at=NOW, in_days=15)
        told(range(23, 31))
        told([30])
        (item,) = AgendaItem.objects.all()
        assert (item.meeting, item.question.count(f"№ {referral.pk}")) == (far, 1)

    def test_is_not_kept_off_an_agenda_by_a_meeting_whose_day_has_passed(self, case, specialist, referral, agency):
        made = board(at=NOW, territory=agency.territory)
        put_on(meeting_of(made, at=NOW, in_days=2), case, specialist, at=NOW)
        soon = meeting_of(made, at=NOW, in_days=15)
        told(range(23, 31))
        assert f"№ {referral.pk}" in soon.items.get().question

    def test_waits_for_the_working_morning_of_whoever_hears(self, referral, school, agency):
        CalendarDay.objects.create(day=dt.date(2026, 11, 25), kind="holiday", agency=school.agency, act="Приказ")
        CalendarDay.objects.create(day=dt.date(2026, 11, 26), kind="holiday", agency=agency, act="Приказ")
        assignment_clock.nudge_silent(at=at(26, 7, 59))
        assert rungs() == []
        assert told(range(25, 31)) == {26: ["executor"], 27: ["curator"], 30: ["head"]}

    def test_in_a_case_that_has_ended_is_nobodys(self, referral, case, specialist):
        Case.objects.update(status="closed", closed_at=NOW, closure_ground="moved")
        assert told([30]) == {}
        Case.objects.update(status="in_work", closed_at=None, closure_ground="")
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        assert told([30]) == {}


class TestWhoHears:
    def test_is_the_head_where_nobody_registers(self, case, specialist, head):
        empty = AgencyFactory()
        theirs = member_of(empty, TeamRole.HEAD)
        refer(case, specialist, empty)
        told([25])
        assert sent_to() == [theirs.email]

    def test_is_nobody_who_is_kept_out(self, referral, case, school, specialist, head):
        for person in (school.teacher, specialist):
            Bar.objects.create(case=case, person=person, reason="Тётя", barred_by=UserFactory(), barred_at=NOW)
        told([25, 26])
        assert sent_to() == [school.head.email, head.email]

    def test_is_nobody_when_everybody_there_is_kept_out(self, referral, case, school, specialist):
        for person in (school.teacher, school.head):
            Bar.objects.create(case=case, person=person, reason="сосед", barred_by=specialist, barred_at=NOW)
        assignment_clock.nudge_silent(at=at(25))
        assert rungs() == ["executor"]
        assert mail.outbox == []

    def test_is_the_substitute_of_a_curator_who_is_away(self, referral, specialist, agency, school):
        colleague = member_of(agency)
        absences.write_absence(
            person=specialist, substitute=colleague, first_day=dt.date(2026, 11, 24), last_day=dt.date(2026, 11, 30),
            actor=specialist, at=NOW,
        )  # fmt: skip
        told([25, 26])
        assert sent_to() == [school.teacher.email, colleague.email]

    def test_of_a_measure_is_the_one_person_it_is_for_as_long_as_they_are_there(self, case, specialist, school):
        colleague, gone = member_of(school.agency), UserFactory()
        measure(case, specialist, school.agency, person=colleague)
        told([25])
        assert sent_to() == [colleague.email]
        mail.outbox.clear()
        measure(case, specialist, school.agency, person=gone)
        told([25])
        assert sorted(sent_to()) == sorted([school.teacher.email, colleague.email])


class TestWhatIsNotDoneInTime:
    def test_is_told_to_the_executor_and_then_to_the_curator(self, case, specialist, head, school):
        measure(case, specialist, school.agency)
        assert told(range(23, 31)) == {25: ["executor"], 26: ["curator"]}
        assert sent_to() == [school.teacher.email, specialist.email]

    def test_is_told_of_again_when_silence_was_told_of_before(self, case, specialist, head, school):
        sent = refer(case, specialist, school.agency, due=dt.date(2026, 11, 26))
        told([25])
        assignments.answer(assignment=sent, accepts=True, version=1, actor=school.teacher, at=at(25, 12))
        assert told(range(25, 31)) == {27: ["executor"], 30: ["curator"]}

    def test_is_not_told_of_when_it_is_done_or_has_no_day(self, case, specialist, school):
        done = measure(case, specialist, school.agency)
        assignments.mark(
            assignment=done, state=AssignmentState.DONE, words="Прошли", version=1, actor=school.teacher, at=NOW
        )
        measure(case, specialist, school.agency, due=None)
        assert told(range(23, 31)) == {}


class TestTheLetter:
    def test_leads_to_where_it_is_answered_and_says_nothing_of_the_family(self, referral, case):
        told([25, 26])
        to_school, to_curator = mail.outbox
        assert reverse("casework:assignment", args=[referral.token]) in to_school.body
        assert case.reference not in to_school.body + to_school.subject
        assert reverse("casework:referrals", args=[case.reference]) in to_curator.body
        for letter in mail.outbox:
            assert "Тимофе" not in letter.subject + letter.body

    def test_is_one_for_all_and_stays_short(self, case, specialist, school, agency):
        for _number in range(MOST_LISTED + 5):
            measure(open_case(agency, accepted_by=specialist, at=NOW), specialist, school.agency)
        told([25])
        (letter,) = mail.outbox
        assert letter.body.count("http") == MOST_LISTED
        assert "5" in letter.body.splitlines()[-1]

    def test_costs_the_same_number_of_queries_for_three_and_for_thirty(
        self, specialist, school, agency, django_assert_num_queries
    ):
        def silent(times):
            for _number in range(times):
                refer(open_case(agency, accepted_by=specialist, at=NOW), specialist, school.agency)

        silent(3)
        with django_assert_num_queries(17):
            assert assignment_clock.nudge_silent(at=at(25)) == 3
        silent(30)
        with django_assert_num_queries(17):
            assert assignment_clock.nudge_silent(at=at(25)) == 30


class TestTheCommand:
    def test_is_run_by_the_clock(self):
        assert "nudge" in settings.TICK_COMMANDS

    def test_says_how_many(self, referral, capsys, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(25))
        call_command("nudge")
        call_command("nudge")
        assert capsys.readouterr().out == "Words about silence: 1.\n"


@pytest.mark.django_db(transaction=True)
class TestTwoClocks:
    def test_tell_everybody_once(self, referral):
        mail.outbox.clear()  # the letter that came with the referral itself
        results = at_once(*[lambda: assignment_clock.nudge_silent(at=at(25))] * 3)
        assert sorted(results) == [0, 0, 1], results
        assert len(sent_to()) == 1
