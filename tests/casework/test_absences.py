"""Days away: who writes them down, what is refused, and whose the tasks are meanwhile."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from casework.actions import absences
from casework.actions.inbox import inbox_of
from casework.actions.task_refusals import (
    AbsenceOver,
    AbsencesOverlap,
    NotASubstitute,
    NotYourAbsence,
    StandsInForSomebody,
    SubstituteAway,
)
from casework.models import Absence, TeamRole
from tests.casework.conftest import NOW
from tests.casework.test_tasks import task_of
from tests.factories import AgencyFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def day(number):
    return TODAY + dt.timedelta(days=number)


@pytest.fixture
def specialist(agency):
    return member_of(agency, last_name="Орлова", first_name="Наталья", patronymic="Юрьевна")


@pytest.fixture
def colleague(agency):
    return member_of(agency)


@pytest.fixture
def other(agency):
    return member_of(agency)


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


def away(person, substitute, first=0, last=4, *, actor=None, at=NOW):
    return absences.write_absence(
        person=person, substitute=substitute, first_day=day(first), last_day=day(last), actor=actor or person, at=at
    )


class TestWritingDown:
    def test_is_for_the_person_and_their_head(self, specialist, colleague, other, head):
        assert away(specialist, colleague).written_by == specialist
        assert away(other, head, actor=head).written_by == head

    def test_is_not_for_a_colleague_nor_for_a_stranger(self, specialist, colleague, other):
        for actor in (other, member_of(AgencyFactory(), TeamRole.HEAD)):
            with pytest.raises(NotYourAbsence):
                away(specialist, colleague, actor=actor)

    def test_twice_is_the_same_absence(self, specialist, colleague):
        assert away(specialist, colleague) == away(specialist, colleague)

    @pytest.mark.parametrize(("first", "last"), [(-3, -1), (2, 1)])
    def test_of_days_that_cannot_be_is_refused(self, specialist, colleague, first, last):
        with pytest.raises(AbsenceOver):
            away(specialist, colleague, first, last)

    def test_of_an_illness_that_has_begun_is_taken(self, specialist, colleague):
        assert away(specialist, colleague, -3, 0).first_day == day(-3)

    def test_needs_a_colleague_who_works_here(self, specialist, agency):
        gone = member_of(agency)
        gone.is_active = False
        gone.save()
        for nobody in (member_of(AgencyFactory()), gone, specialist):
            with pytest.raises(NotASubstitute):
                away(specialist, nobody)

    @pytest.mark.parametrize(("first", "last", "is_taken"), [(4, 9, False), (-2, 0, False), (5, 9, True)])
    def test_of_days_that_are_written_down_already_is_refused(
        self, specialist, colleague, other, first, last, is_taken
    ):
        away(specialist, colleague, 0, 4)
        if is_taken:
            assert away(specialist, other, first, last)
        else:
            with pytest.raises(AbsencesOverlap):
                away(specialist, other, first, last)

    def test_of_a_substitute_who_is_away_is_refused(self, specialist, colleague, other):
        away(colleague, other, 4, 9)
        with pytest.raises(SubstituteAway):
            away(specialist, colleague, 0, 4)

    def test_of_whoever_stands_in_for_a_colleague_is_refused(self, specialist, colleague, other):
        away(specialist, colleague, 0, 4)
        with pytest.raises(StandsInForSomebody):
            away(colleague, other, 4, 9)

    def test_the_table_itself_refuses_what_cannot_be(self, specialist):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(
                person=specialist,
                substitute=specialist,
                first_day=day(0),
                last_day=day(1),
                written_by=specialist,
                written_at=NOW,
            )


class TestMeanwhile:
    def test_the_tasks_are_in_the_inbox_of_the_substitute(self, case, specialist, colleague, other):
        task = task_of(case, specialist, due=TODAY)
        away(specialist, colleague, 0, 1)
        [line] = inbox_of(colleague, at=NOW)["today"].lines
        assert (line.task, line.instead_of) == (task, "Орлову Н. Ю.".replace(" ", "\N{NO-BREAK SPACE}"))
        task_of(case, specialist, due=TODAY)
        assert len({line.instead_of for line in inbox_of(colleague, at=NOW)["today"].lines}) == 1
        assert inbox_of(other, at=NOW)["today"].total == 0
        assert {line.instead_of for line in inbox_of(specialist, at=NOW)["today"].lines} == {""}

    def test_it_begins_and_ends_by_itself(self, case, specialist, colleague):
        task_of(case, specialist, due=day(1))
        away(specialist, colleague, 1, 2)
        seen = [inbox_of(colleague, at=NOW + dt.timedelta(days=number)) for number in range(4)]
        assert [sum(part.total for part in parts.values()) for parts in seen] == [0, 1, 1, 0]


class TestComingBack:
    def test_earlier_gives_the_tasks_back(self, case, specialist, colleague, head):
        absence = away(specialist, colleague, -1, 4)
        absences.end_absence(absence=absence, actor=head, at=NOW)
        absence.refresh_from_db()
        assert absence.last_day == day(-1)

    def test_before_it_has_begun_takes_it_away(self, specialist, colleague):
        absences.end_absence(absence=away(specialist, colleague, 0, 4), actor=specialist, at=NOW)
        assert not Absence.objects.exists()

    def test_is_said_by_the_person_and_their_head(self, specialist, colleague):
        with pytest.raises(NotYourAbsence):
            absences.end_absence(absence=away(specialist, colleague), actor=colleague, at=NOW)

    def test_after_the_end_changes_nothing(self, specialist, colleague):
        absence = away(specialist, colleague)
        with pytest.raises(AbsenceOver):
            absences.end_absence(absence=absence, actor=specialist, at=NOW + dt.timedelta(days=9))


class TestTheScreen:
    @pytest.fixture
    def words(self, specialist, colleague):
        today = timezone.localdate()
        return {
            "person": specialist.pk,
            "substitute": colleague.pk,
            "first_day": f"{today:%d.%m.%Y}",
            "last_day": f"{today + dt.timedelta(days=3):%d.%m.%Y}",
        }

    def test_writes_down_shows_and_ends(self, desk, specialist, colleague, words):
        assert desk.get("/cases/absences/").status_code == 200
        assert desk.post("/cases/absences/", words).status_code == 302
        [(absence, may_end)] = desk.get("/cases/absences/").context["absences"]
        assert (absence.person, may_end) == (specialist, True)
        assert desk.post(f"/cases/absences/{absence.pk}/end/").status_code == 302
        assert not Absence.objects.exists()

    def test_says_why_not(self, desk, specialist, colleague, words):
        desk.post("/cases/absences/", words)
        answer = desk.post("/cases/absences/", {**words, "substitute": colleague.pk, "last_day": words["first_day"]})
        assert [message.level_tag for message in answer.context["messages"]][-1] == "error"
        answer = desk.post("/cases/absences/", {**words, "last_day": "01.01.2020"})
        assert answer.context["form"].errors.as_data().keys() == {"last_day"}

    def test_offers_a_head_the_people_of_the_agency(self, head, specialist, colleague, words):
        browser = Client()
        browser.force_login(head)
        people = browser.get("/cases/absences/").context["form"].fields["person"].people
        assert {str(head.pk), str(specialist.pk), str(colleague.pk)} == set(people)
        assert browser.post("/cases/absences/", words).status_code == 302

    def test_lets_nobody_else_end_it(self, specialist, colleague, other):
        absence = away(specialist, colleague, actor=specialist, at=timezone.now(), last=4000)
        for who, status in ((other, 404), (UserFactory(), 404)):
            browser = Client()
            browser.force_login(who)
            assert browser.post(f"/cases/absences/{absence.pk}/end/").status_code == status

    def test_says_when_the_days_have_passed(self, desk, specialist, colleague, monkeypatch):
        absence = away(specialist, colleague, actor=specialist, at=timezone.now(), last=4000)
        monkeypatch.setattr("casework.views.absences.absences.end_absence", refuse)
        answer = desk.post(f"/cases/absences/{absence.pk}/end/", follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def refuse(**said):
    raise AbsenceOver
