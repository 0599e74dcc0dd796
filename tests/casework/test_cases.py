"""A case from its opening to its end: every step once, in its order, written down."""

import uuid

import pytest

from casework.actions import cases, people
from casework.actions.refusals import (
    ActionRefused,
    CaseAlreadyDecided,
    CaseEnded,
    CaseNotInWork,
    NotOfThisAgency,
    PersonChanged,
)
from casework.models import Case, CaseKind, CaseNote, CaseStatus, ClosureGround, Team, TeamRole
from tests.casework.conftest import NOW, lines_of
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case

pytestmark = pytest.mark.django_db


class TestOpening:
    def test_gives_the_next_number_of_the_year_on_the_agencys_own_clock(self, agency):
        new_year_there = NOW.replace(month=12, day=31, hour=18)
        first, second, third = (
            open_case(agency, at=NOW),
            open_case(agency, at=NOW),
            open_case(agency, at=new_year_there),
        )
        assert [first.reference, second.reference] == ["2026-00001", "2026-00002"]
        assert third.reference == "2027-00001"

    def test_lets_the_teams_in_and_writes_both_down(self, agency):
        case = open_case(agency, at=NOW)
        assert lines_of(case) == ["opened", "granted"]
        assert {team.role for team in Team.objects.filter(agency=agency)} == set(TeamRole)

    def test_with_the_same_token_twice_is_one_case(self, agency):
        token = uuid.uuid4()
        opened = [
            cases.open_case(agency=agency, kind=CaseKind.SUPPORT, actor=None, at=NOW, token=token)
            for _press in range(2)
        ]
        assert opened[0] == opened[1]
        assert Case.objects.count() == 1
        assert lines_of(opened[0]) == ["opened", "granted"]

    def test_makes_teams_of_agencies_with_the_same_name_apart(self):
        one, other = AgencyFactory(short_name="Центр «Семья»"), AgencyFactory(short_name="Центр «Семья»")
        groups = {team.group_id for agency in (one, other) for team in cases.make_teams(agency)}
        assert len(groups) == 4

    def test_makes_teams_once(self, agency):
        assert cases.make_teams(agency) == cases.make_teams(agency)


class TestAccepting:
    def test_puts_the_case_in_work_with_its_first_curator(self, agency, specialist):
        case = cases.accept_case(case=open_case(agency, at=NOW), actor=specialist, at=NOW)
        case.refresh_from_db()
        assert (case.status, case.curator, case.accepted_at) == (CaseStatus.IN_WORK, specialist, NOW)
        assert lines_of(case) == ["opened", "granted", "accepted", "assigned"]

    def test_happens_once(self, case, events):
        with pytest.raises(CaseAlreadyDecided):
            cases.accept_case(case=case, actor=member_of(case.agency), at=NOW)
        assert events() == []

    def test_comes_with_opening_a_case_by_hand_for_a_specialist_and_not_for_a_head(self, agency, specialist):
        by_hand = {"agency": agency, "kind": CaseKind.SUPPORT, "at": NOW}
        opened = cases.open_by_hand(**by_hand, actor=specialist, token=uuid.UUID(int=1))
        assert (opened.status, opened.curator) == (CaseStatus.IN_WORK, specialist)
        assert cases.open_by_hand(**by_hand, actor=specialist, token=uuid.UUID(int=1)) == opened
        head = member_of(agency, TeamRole.HEAD)
        assert cases.open_by_hand(**by_hand, actor=head, token=uuid.UUID(int=2)).status == CaseStatus.NEW

    def test_by_a_head_names_a_specialist(self, agency, specialist):
        head = member_of(agency, TeamRole.HEAD)
        with pytest.raises(NotOfThisAgency):
            cases.accept_case(case=open_case(agency, at=NOW), actor=head, at=NOW)
        accepted = cases.accept_case(case=open_case(agency, at=NOW), actor=head, at=NOW, curator=specialist)
        assert accepted.curator == specialist

    def test_trusts_the_database_and_not_the_object_in_hand(self, agency, specialist):
        stale = open_case(agency, at=NOW)
        cases.refuse_case(case=Case.objects.get(pk=stale.pk), actor=specialist, at=NOW, reason="не к нам")
        with pytest.raises(CaseAlreadyDecided):
            cases.accept_case(case=stale, actor=specialist, at=NOW)


class TestRefusing:
    def test_ends_a_new_case_with_words_for_whoever_asked(self, agency, specialist):
        case = cases.refuse_case(case=open_case(agency, at=NOW), actor=specialist, at=NOW, reason="Обратитесь в КДН")
        case.refresh_from_db()
        assert (case.status, case.closed_at, case.closing_words) == (CaseStatus.REFUSED, NOW, "Обратитесь в КДН")
        assert lines_of(case) == ["opened", "granted", "refused"]

    def test_is_for_new_cases_only(self, case, specialist, events):
        with pytest.raises(CaseAlreadyDecided):
            cases.refuse_case(case=case, actor=specialist, at=NOW, reason="поздно")
        assert events() == []


class TestClosing:
    def test_ends_the_work_on_a_ground(self, case, specialist, events):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED, words="Уехали в Бердск")
        case.refresh_from_db()
        assert (case.status, case.closure_ground, case.closed_at) == (CaseStatus.CLOSED, "moved", NOW)
        assert events() == ["closed"]
        assert case.log.first().subject == ClosureGround.MOVED.label

    def test_happens_once_and_not_before_accepting(self, case, specialist, events):
        with pytest.raises(CaseNotInWork):
            cases.close_case(case=open_case(case.agency), actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseNotInWork):
            cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.DEATH)
        assert events() == ["closed"]


class TestNotes:
    def test_are_written_once_for_each_page(self, case, specialist, events):
        token = uuid.uuid4()
        notes = [
            cases.write_note(case=case, actor=specialist, at=NOW, text="Звонили", token=token) for _press in range(2)
        ]
        assert notes[0] == notes[1]
        assert events() == ["noted"]

    def test_of_a_page_that_was_sent_to_another_case_are_notes_of_that_case(self, case, specialist):
        token = uuid.uuid4()
        other = open_case(case.agency, accepted_by=specialist)
        for each in (case, other):
            cases.write_note(case=each, actor=specialist, at=NOW, text="Звонили", token=token)
        assert CaseNote.objects.filter(case=case).count() == CaseNote.objects.filter(case=other).count() == 1


class TestPeople:
    def test_are_added_and_changed_and_named_in_the_log_by_their_role_only(self, case, specialist, events):
        person = people.keep_person(case=case, actor=specialist, at=NOW, person=PersonFactory.build())
        person.school = "Школа № 1"
        people.keep_person(case=case, actor=specialist, at=NOW, person=person)
        assert case.people.get().school == "Школа № 1"
        assert events() == ["person_added", "person_changed"]
        assert not any("Ветрова" in line.subject for line in case.log.filter(event__startswith="person"))

    def test_are_one_when_the_same_page_is_sent_twice(self, case, specialist, events):
        typed = PersonFactory.build()
        first = people.keep_person(case=case, actor=specialist, at=NOW, person=typed)
        again = PersonFactory.build(token=first.token)
        assert people.keep_person(case=case, actor=specialist, at=NOW, person=again) == first
        assert events() == ["person_added"]

    def test_changed_by_somebody_else_meanwhile_are_not_overwritten(self, case, specialist):
        person = people.keep_person(case=case, actor=specialist, at=NOW, person=PersonFactory.build())
        mine, theirs = case.people.get(pk=person.pk), case.people.get(pk=person.pk)
        theirs.phone = "8 (900) 000-00-09"
        people.keep_person(case=case, actor=specialist, at=NOW, person=theirs)
        mine.school = "Школа № 1"
        with pytest.raises(PersonChanged):
            people.keep_person(case=case, actor=specialist, at=NOW, person=mine)
        assert case.people.get(pk=person.pk).phone == "8 (900) 000-00-09"


class TestAnEndedCase:
    @pytest.fixture(params=["closed", "refused"])
    def ended(self, request, agency, specialist):
        if request.param == "refused":
            return cases.refuse_case(case=open_case(agency), actor=specialist, at=NOW, reason="не к нам")
        case = open_case(agency, accepted_by=specialist)
        return cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)

    def test_takes_nothing_more(self, ended, specialist):
        before = lines_of(ended)
        with pytest.raises(CaseEnded):
            cases.write_note(case=ended, actor=specialist, at=NOW, text="поздно", token=uuid.uuid4())
        with pytest.raises(CaseEnded):
            people.keep_person(case=ended, actor=specialist, at=NOW, person=PersonFactory.build())
        with pytest.raises(ActionRefused) as refused:
            cases.accept_case(case=ended, actor=specialist, at=NOW)
        assert str(refused.value)
        assert lines_of(ended) == before
