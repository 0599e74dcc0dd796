"""Councils: made and kept by the head of the agency that holds them, seen by those who sit in them and by no one else."""

import datetime as dt

import pytest
from django.test import Client

from casework import access
from casework.actions import councils
from casework.actions.council_refusals import (
    AccountOfAnotherAgency,
    AgencyIsClosed,
    AlreadyAMember,
    CouncilExists,
    MemberLeft,
    NoAgencyOfMember,
    NobodyNamed,
    NotHolder,
    NotThisTerritory,
    QuorumTooBig,
    QuorumTooSmall,
    SeatTaken,
)
from casework.models import Council, CouncilMember, TeamRole
from forms_library.models import AgencyKind
from tests.casework.boards import board, meeting_of, put_on, seat
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def made(db):
    return board(at=NOW)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def new_member(made, **changes):
    agency = AgencyFactory()
    wanted = {"agency": agency, "person": None, "full_name": "Орлова Вера Ивановна", "post": "завуч", "role": "member"}
    return councils.add_member(council=made.council, actor=made.head, at=NOW, **wanted | changes)


@pytest.fixture
def agency(db):
    """A commission: it may hold councils that hear the cases of its territory."""
    return AgencyFactory(kind=AgencyKind.JUVENILE_COMMISSION, territory="Приречный район")


class TestFoundingACouncil:
    @pytest.mark.parametrize("kind", ["mrg", "territorial_consilium", "org_consilium"])
    def test_over_other_territories_or_by_an_agency_without_a_say_there_is_refused(self, kind):
        """Its members are shown the cases of the territory: nobody may found that for themselves."""
        centre = AgencyFactory(kind=AgencyKind.KCSON, territory="Приречный район")
        department = AgencyFactory(kind=AgencyKind.FAMILY_DEPARTMENT, territory="Область")
        for holder, territory, is_allowed in (
            (centre, "Лесной район", False),
            (centre, "Приречный район", kind == "org_consilium"),
            (department, "Лесной район", True),
        ):
            words = {"name": f"Совет {territory}", "kind": kind, "territory": territory, "quorum": 3, "place": ""}
            head = member_of(holder, role=TeamRole.HEAD)
            if is_allowed:
                councils.make_council(agency=holder, actor=head, at=NOW, **words)
                continue
            with pytest.raises(NotThisTerritory):
                councils.make_council(agency=holder, actor=head, at=NOW, **words)

    def test_is_not_moved_to_another_territory(self, made):
        words = {"name": "Консилиум", "territory": "Лесной район", "place": "", "is_open": True, "quorum": 3}
        with pytest.raises(NotThisTerritory):
            councils.change_council(council=made.council, actor=made.head, at=NOW, **words)

    def test_is_for_the_head_of_the_agency_that_holds_it(self, agency, specialist):
        words = {"name": "МРГ", "kind": "mrg", "territory": "Приречный район", "quorum": 3, "place": ""}
        stranger = member_of(AgencyFactory(), role=TeamRole.HEAD)
        for person in (specialist, stranger):
            with pytest.raises(NotHolder):
                councils.make_council(agency=agency, actor=person, at=NOW, **words)
        assert not Council.objects.exists()
        head = member_of(agency, role=TeamRole.HEAD)
        assert councils.make_council(agency=agency, actor=head, at=NOW, **words).is_open
        with pytest.raises(CouncilExists):
            councils.make_council(agency=agency, actor=head, at=NOW, **words)

    def test_with_a_quorum_of_one_or_in_a_closed_agency_is_refused(self, agency):
        head = member_of(agency, role=TeamRole.HEAD)
        words = {"name": "МРГ", "kind": "mrg", "territory": "Приречный район", "place": "", "actor": head, "at": NOW}
        with pytest.raises(QuorumTooSmall):
            councils.make_council(agency=agency, quorum=1, **words)
        agency.is_open = False
        agency.save()
        with pytest.raises(AgencyIsClosed):
            councils.make_council(agency=agency, quorum=3, **words)

    def test_on_its_page_asks_only_for_agencies_that_one_heads(self, agency):
        head = member_of(agency, role=TeamRole.HEAD)
        other = AgencyFactory()
        typed = {"kind": "mrg", "name": "МРГ района", "territory": "Приречный район", "quorum": "3", "place": ""}
        answer = browser(head).post("/cases/councils/new/", {**typed, "agency": other.pk})
        assert answer.status_code == 200
        assert not Council.objects.exists()
        browser(head).post("/cases/councils/new/", {**typed, "agency": agency.pk})
        assert Council.objects.get().agency == agency

    def test_changes_are_refused_when_the_members_could_not_make_the_quorum(self, made):
        words = {"name": "Консилиум", "territory": "Приречный район", "place": "", "is_open": True}
        with pytest.raises(QuorumTooBig) as refused:
            councils.change_council(council=made.council, quorum=6, actor=made.head, at=NOW, **words)
        assert "6" in str(refused.value)
        assert "5" in str(refused.value)
        with pytest.raises(NotHolder):
            councils.change_council(council=made.council, quorum=4, actor=made.secretary, at=NOW, **words)
        assert councils.change_council(council=made.council, quorum=5, actor=made.head, at=NOW, **words).quorum == 5


class TestMembers:
    def test_sit_for_an_agency_that_works(self, made):
        with pytest.raises(NoAgencyOfMember):
            new_member(made, agency=None)
        with pytest.raises(AgencyIsClosed):
            new_member(made, agency=AgencyFactory(closed=True))

    def test_have_an_account_of_their_own_agency_or_none(self, made):
        with pytest.raises(AccountOfAnotherAgency):
            new_member(made, person=member_of(AgencyFactory()))
        with pytest.raises(NobodyNamed):
            new_member(made, full_name="")
        agency = AgencyFactory()
        person = member_of(agency)
        member = new_member(made, agency=agency, person=person, full_name="", post="")
        assert (member.full_name, member.post) == (str(person), person.post)

    def test_are_one_chair_one_secretary_and_nobody_twice(self, made):
        for role in ("chair", "secretary"):
            with pytest.raises(SeatTaken):
                new_member(made, role=role)
        first = new_member(made)
        with pytest.raises(AlreadyAMember):
            new_member(made, agency=first.agency)
        with pytest.raises(AlreadyAMember):
            seat(made, made.agencies["school"], made.school, at=NOW)

    def test_are_added_and_taken_out_by_the_holders_head_only(self, made):
        for person in (made.chair, made.secretary, member_of(AgencyFactory(), role=TeamRole.HEAD)):
            with pytest.raises(NotHolder):
                councils.member_leaves(member=made.members["school"], actor=person, at=NOW)
        left = councils.member_leaves(member=made.members["school"], actor=made.head, at=NOW)
        assert left.left_on == TODAY
        with pytest.raises(MemberLeft):
            councils.member_leaves(member=left, actor=made.head, at=NOW)

    def test_give_their_seat_to_a_successor(self, made):
        councils.member_leaves(member=made.members["chair"], actor=made.head, at=NOW)
        assert new_member(made, role="chair").role == CouncilMember.Role.CHAIR

    def test_are_added_in_two_steps_without_a_script(self, made):
        agency = AgencyFactory()
        person = member_of(agency)
        client = browser(made.head)
        chosen = client.get(f"/cases/councils/{made.council.pk}/members/", {"agency": agency.pk})
        assert chosen.url == f"/cases/councils/{made.council.pk}/members/add/{agency.pk}/"
        client.post(chosen.url, {"person": person.pk, "full_name": "", "post": "", "role": "member"})
        assert made.council.members.get(person=person).agency == agency


class TestWhoSeesACouncil:
    def test_are_its_members_and_the_people_of_the_holder_and_no_stranger(self, made):
        address = f"/cases/councils/{made.council.pk}/"
        colleague = member_of(made.holder)
        for person in (made.head, made.chair, made.school, made.police, colleague):
            assert browser(person).get(address).status_code == 200
        colleague_of_the_teacher = member_of(made.agencies["school"])
        for person in (member_of(AgencyFactory()), colleague_of_the_teacher):
            assert browser(person).get(address).status_code == 404
            assert "Территориальный" not in browser(person).get("/cases/councils/").content.decode()

    def test_keep_its_members_to_its_head(self, made):
        for path in ("change/", "members/", f"members/add/{made.holder.pk}/"):
            assert browser(made.head).get(f"/cases/councils/{made.council.pk}/{path}").status_code == 200
            assert browser(made.chair).get(f"/cases/councils/{made.council.pk}/{path}").status_code == 404

    def test_end_with_the_seat_at_once(self, made, case, specialist):
        meeting = meeting_of(made, at=NOW)
        put_on(meeting, case, specialist, at=NOW)
        assert access.get_meeting(user=made.school, token=meeting.token, today=TODAY) == meeting
        councils.member_leaves(member=made.members["school"], actor=made.head, at=NOW)
        with pytest.raises(access.CaseNotFound):
            access.get_meeting(user=made.school, token=meeting.token, today=TODAY)

    def test_costs_the_same_whether_members_are_few_or_many(self, made, django_assert_num_queries):
        client = browser(made.head)
        client.get(f"/cases/councils/{made.council.pk}/")
        with django_assert_num_queries(8):
            client.get(f"/cases/councils/{made.council.pk}/")
        for _number in range(4):
            agency = AgencyFactory()
            seat(made, agency, member_of(agency), at=NOW)
        with django_assert_num_queries(8):
            client.get(f"/cases/councils/{made.council.pk}/")
