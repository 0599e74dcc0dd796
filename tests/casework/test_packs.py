"""Packs: every agency of a council sees its part of every case on the agenda, and only until the protocol is signed."""

import datetime as dt

import pytest
from django.test import Client

from casework import access
from casework.actions import councils, meetings, packs
from casework.actions.council_refusals import MeetingOver, NotForThisAgency, NotTheChair
from casework.models import Bar, Disclosure, ItemDisclosure, Person
from casework.packs_of_members import FOR_COUNCILS, PACKS, pack_of, reads_the_whole_protocol
from forms_library.models.agencies import AgencyKind
from forms_library.packs import shipped
from tests.casework.boards import board, meeting_of, put_on, seat
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of, open_case

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def made(db):
    return board(at=NOW)


@pytest.fixture
def meeting(made, case, specialist):
    """A meeting with one case on its agenda, to which everybody is invited."""
    Person.objects.create(
        case=case, role="child", full_name="Иванов Пётр", address="ул. Лесная, д. 5", school="Школа № 17"
    )
    called = meeting_of(made, at=NOW)
    put_on(called, case, specialist, at=NOW)
    meetings.invite(meeting=called, actor=made.secretary, at=NOW)
    return called


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def shown_to(meeting, agency):
    return Disclosure.objects.get(pack__item__meeting=meeting, agency=agency)


class TestTheRule:
    def test_names_every_kind_of_agency_and_forms_that_exist(self):
        assert set(PACKS) == set(AgencyKind.values)
        assert set(FOR_COUNCILS) <= set(shipped.codes())

    def test_gives_police_no_plan_and_nobody_but_coordinators_the_risk_decision(self):
        assert "plan" not in pack_of(AgencyKind.POLICE_JUVENILE_UNIT).sections
        assert {kind for kind in PACKS if "nso_risk_decision" in PACKS[kind].forms} == {
            AgencyKind.JUVENILE_COMMISSION,
            AgencyKind.ONE_WINDOW,
            AgencyKind.FAMILY_DEPARTMENT,
        }
        assert not reads_the_whole_protocol(AgencyKind.POLICE_JUVENILE_UNIT)
        assert reads_the_whole_protocol(AgencyKind.EDUCATION_ORG)


class TestInviting:
    def test_gives_each_agency_exactly_its_part_and_the_keeper_nothing(self, made, meeting, case):
        found = {pack.agency: pack.disclosure for pack in ItemDisclosure.objects.select_related("disclosure", "agency")}
        assert set(found) == set(made.agencies.values())
        assert case.agency not in found
        assert found[made.agencies["school"]].sections == ["people", "schools", "stage", "plan"]
        assert found[made.agencies["police"]].sections == ["people", "contacts", "stage"]
        assert {tuple(each.categories) for each in found.values()} == {()}
        assert {each.last_day for each in found.values()} == {TODAY + dt.timedelta(days=8)}

    def test_is_written_down_in_the_case_once_for_each_agency(self, made, meeting, case):
        assert case.log.filter(event="disclosed").count() == len(made.agencies)

    def test_once_more_adds_only_what_has_come_since(self, made, meeting, specialist, case):
        assert meetings.invite(meeting=meeting, actor=made.secretary, at=NOW) == 0
        agency = AgencyFactory(kind=AgencyKind.GUARDIANSHIP_BODY)
        seat(made, agency, member_of(agency), at=NOW)
        assert meetings.invite(meeting=meeting, actor=made.secretary, at=NOW) == 1
        assert meeting.attendance.count() == 6

    def test_writes_letters_that_say_nothing_of_the_case(
        self, made, case, specialist, mailoutbox, django_capture_on_commit_callbacks
    ):
        called = meeting_of(made, at=NOW)
        put_on(called, case, specialist, at=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            meetings.invite(meeting=called, actor=made.secretary, at=NOW)
        assert {letter.to[0] for letter in mailoutbox} == {
            getattr(made, name).email for name in ("chair", "secretary", "school", "clinic", "police")
        }
        assert not [letter for letter in mailoutbox if case.reference in letter.subject + letter.body]
        assert all(str(called.token) in letter.body for letter in mailoutbox)

    def test_costs_the_same_for_one_case_and_for_many(self, made, agency, specialist, django_assert_num_queries):
        few, many = meeting_of(made, at=NOW), meeting_of(made, at=NOW)
        cases = [open_case(agency, accepted_by=specialist, at=NOW) for _number in range(6)]
        put_on(few, cases[0], specialist, at=NOW)
        for case in cases:
            put_on(many, case, specialist, at=NOW)
        for called in (few, many):
            with django_assert_num_queries(19):
                meetings.invite(meeting=called, actor=made.secretary, at=NOW)
        assert many.items.count() * 4 == ItemDisclosure.objects.filter(item__meeting=many).count()


class TestWhoSeesAPack:
    def test_is_the_member_and_not_their_colleague(self, made, meeting):
        token = shown_to(meeting, made.agencies["school"]).token
        assert access.get_disclosure(user=made.school, token=token, today=TODAY)
        for person in (member_of(made.agencies["school"]), made.clinic, made.head, member_of(AgencyFactory())):
            with pytest.raises(access.CaseNotFound):
                access.get_disclosure(user=person, token=token, today=TODAY)

    def test_reads_it_on_a_page_and_never_the_case(self, made, meeting, case):
        shown = browser(made.school).get(f"/cases/disclosed/{shown_to(meeting, made.agencies['school']).token}/")
        assert shown.status_code in {200, 404}  # today may be later than the invented day
        for person in (made.school, made.clinic, made.police, made.secretary):
            assert browser(person).get(f"/cases/{case.reference}/").status_code == 404

    def test_loses_it_with_the_seat(self, made, meeting):
        token = shown_to(meeting, made.agencies["school"]).token
        councils.member_leaves(member=made.members["school"], actor=made.head, at=NOW)
        with pytest.raises(access.CaseNotFound):
            access.get_disclosure(user=made.school, token=token, today=TODAY)

    def test_is_nobody_who_is_kept_out_of_the_case(self, made, meeting, case, specialist):
        Bar.objects.create(case=case, person=made.school, reason="сосед", barred_by=specialist, barred_at=NOW)
        with pytest.raises(access.CaseNotFound):
            access.get_disclosure(user=made.school, token=shown_to(meeting, made.agencies["school"]).token, today=TODAY)

    def test_ends_by_itself_three_days_after_the_meeting(self, made, meeting):
        token = shown_to(meeting, made.agencies["school"]).token
        assert access.get_disclosure(user=made.school, token=token, today=TODAY + dt.timedelta(days=8))
        with pytest.raises(access.CaseNotFound):
            access.get_disclosure(user=made.school, token=token, today=TODAY + dt.timedelta(days=9))


class TestTheEndOfPacks:
    def test_comes_at_once_with_the_cancelled_meeting(self, made, meeting, case, events):
        meetings.cancel_meeting(meeting=meeting, actor=made.secretary, at=NOW)
        assert not Disclosure.objects.standing(today=TODAY).exists()
        assert events().count("disclosure_ended") == len(made.agencies)
        with pytest.raises(MeetingOver):
            meetings.cancel_meeting(meeting=meeting, actor=made.secretary, at=NOW)

    def test_comes_when_the_protocol_is_signed_and_once_only(self, made, meeting):
        assert packs.end_packs(meeting=meeting, actor=made.chair, at=NOW) == len(made.agencies)
        assert packs.end_packs(meeting=meeting, actor=made.chair, at=NOW) == 0

    def test_moves_with_the_meeting(self, made, meeting):
        held_at = NOW + dt.timedelta(days=10)
        meetings.move_meeting(
            meeting=meeting, held_at=held_at, place="Зал", opinions_by=None, actor=made.secretary, at=NOW
        )
        assert shown_to(meeting, made.agencies["school"]).last_day == TODAY + dt.timedelta(days=13)


class TestSpecialCategories:
    def pack(self, made, name):
        return ItemDisclosure.objects.select_related("item__meeting", "agency").get(agency=made.agencies[name])

    def test_are_opened_to_one_agency_by_the_chair_and_written_down(self, made, meeting, events):
        for person in (made.secretary, made.head, made.clinic):
            with pytest.raises(NotTheChair):
                packs.open_categories(pack=self.pack(made, "clinic"), categories=["special"], actor=person, at=NOW)
        packs.open_categories(pack=self.pack(made, "clinic"), categories=["special"], actor=made.chair, at=NOW)
        assert shown_to(meeting, made.agencies["clinic"]).categories == ["special"]
        assert shown_to(meeting, made.agencies["school"]).categories == []
        packs.open_categories(pack=self.pack(made, "clinic"), categories=[], actor=made.chair, at=NOW)
        assert shown_to(meeting, made.agencies["clinic"]).categories == []
        assert events()[-2:] == ["category_opened", "category_closed"]

    def test_open_the_secret_of_an_adoption_to_guardianship_bodies_only(self, made, meeting):
        with pytest.raises(NotForThisAgency):
            packs.open_categories(pack=self.pack(made, "school"), categories=["adoption"], actor=made.chair, at=NOW)
