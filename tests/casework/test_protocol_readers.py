"""Who reads how much of what a council said about a family: on the page of the case and in its signed protocol alike."""

import datetime as dt
import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from casework.actions import councils, packs, protocols
from casework.models import Category, CouncilKind, CouncilMember, ItemDisclosure, PersonRole
from forms_library.models import AgencyKind
from tests.casework.conftest import NOW
from tests.casework.councils import PLACE, Board, fresh
from tests.factories import AgencyFactory, PersonFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=3)
CHILD, TOLD, DECISION = "Хочу к бабушке", "Ходит в школу", "Открыть место в продлёнке"
OWN = "Девочка здорова"


@pytest.fixture
def agency(db):
    return AgencyFactory(territory=PLACE)


@pytest.fixture
def forms(db):
    return put_in_force("consilium_protocol", at=NOW - dt.timedelta(days=9))


@pytest.fixture
def board(forms):
    """The council, with a clinic and the police at the table beside the school."""
    made = Board()
    made.clinic, made.police = (
        sits(made, AgencyFactory(kind=kind, territory=PLACE))
        for kind in (AgencyKind.HEALTH_ORG, AgencyKind.POLICE_JUVENILE_UNIT)
    )
    return made


def sits(board, agency, person=None):
    """Seat somebody of an agency; return them."""
    person = person or member_of(agency)
    councils.add_member(
        council=board.council, agency=agency, person=person, full_name=str(person), post="специалист",
        role=CouncilMember.Role.MEMBER, actor=board.head, at=NOW,
    )  # fmt: skip
    return person


def held(board, case):
    """Return the one case of a meeting about which everything is written down, who of the newcomers took part included."""
    meeting = board.meeting(case)
    meeting.attendance.update(presence="present")
    type(meeting).objects.filter(pk=meeting.pk).update(stage="decisions")
    return board.write_all(meeting.items.get())


def signed(board, case):
    """Return the case of a meeting whose protocol is signed."""
    item = held(board, case)
    protocols.sign_protocol(meeting=fresh(item.meeting), actor=board.chair, at=LATER)
    return fresh(item)


def opened(item, agency, *categories, by):
    """Let an agency read categories of a case, as the chair does."""
    pack = ItemDisclosure.objects.select_related("item__meeting", "agency").get(item=item, agency=agency)
    packs.open_categories(pack=pack, categories=categories, actor=by, at=NOW)


def get(who, name, item):
    browser = Client()
    browser.force_login(who)
    return browser.get(reverse(f"casework:{name}", args=[item.meeting.token, item.pk]))


def page(who, item):
    return get(who, "agenda_item", item).content.decode()


def listed(who, item):
    """Return the page with the protocols of the meeting."""
    browser = Client()
    browser.force_login(who)
    return browser.get(reverse("casework:protocol", args=[item.meeting.token]))


def paper(who, item):
    """Return the words of the Word document that somebody gets."""
    answer = get(who, "item_protocol", item)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()


class TestTheProtocol:
    def test_is_whole_for_who_wrote_it(self, board, case):
        item = signed(board, case)
        for who in (board.chair, board.secretary):
            words = paper(who, item)
            assert all(said in words for said in (CHILD, TOLD, DECISION))
            assert listed(who, item).context["papers"][0].is_whole

    def test_is_an_extract_for_a_member_to_whom_a_category_is_closed(self, board, case):
        item = signed(board, case)
        words = paper(board.teacher, item)
        assert DECISION in words
        assert CHILD not in words
        assert TOLD not in words
        assert "ВЫПИСКА" in words
        (line,) = listed(board.teacher, item).context["papers"]
        assert (line.is_whole, line.has_extract, line.reads_case) == (False, True, False)

    def test_is_nothing_for_a_member_whose_agency_carries_nothing_out(self, board, case):
        item = signed(board, case)
        for who in (board.clinic, board.police):
            assert get(who, "item_protocol", item).status_code == 404
            assert gettext("Your agency carries nothing out here.") in listed(who, item).content.decode()

    def test_is_whole_for_the_agency_to_which_the_chair_has_opened_it_and_for_no_other(self, board, case):
        item = held(board, case)
        opened(item, board.clinic.groups.get().team.agency, Category.SPECIAL, by=board.chair)
        protocols.sign_protocol(meeting=fresh(item.meeting), actor=board.chair, at=LATER)
        assert CHILD in paper(board.clinic, item)
        assert CHILD not in paper(board.teacher, item)

    def test_stays_an_extract_when_only_another_category_was_opened(self, board, case):
        item = held(board, case)
        opened(item, board.school, Category.CRIMINAL, by=board.chair)
        protocols.sign_protocol(meeting=fresh(item.meeting), actor=board.chair, at=LATER)
        assert CHILD not in paper(board.teacher, item)

    def test_stays_an_extract_for_the_police_whatever_was_opened(self, board, case):
        item = held(board, case)
        opened(item, board.police.groups.get().team.agency, Category.SPECIAL, by=board.chair)
        protocols.sign_protocol(meeting=fresh(item.meeting), actor=board.chair, at=LATER)
        assert get(board.police, "item_protocol", item).status_code == 404

    def test_is_whole_for_the_curator_of_the_case_and_goes_by_the_case_for_their_colleague(
        self, board, case, agency, specialist
    ):
        colleague = member_of(agency)
        for person in (specialist, colleague):
            sits(board, agency, person)
        item = signed(board, case)
        assert CHILD in paper(specialist, item)
        assert get(colleague, "item_protocol", item).status_code == 404
        shown = listed(colleague, item)
        assert shown.context["papers"][0].reads_case
        assert reverse("casework:document", args=[case.reference, item.protocol.number]) in shown.content.decode()

    def test_is_whole_for_members_when_its_form_keeps_nothing_from_them(self, case):
        put_in_force("mrg_protocol", at=NOW - dt.timedelta(days=9))
        PersonFactory(case=case, role=PersonRole.CHILD)
        board = Board(kind=CouncilKind.MRG)
        officer = sits(board, AgencyFactory(kind=AgencyKind.POLICE_JUVENILE_UNIT, territory=PLACE))
        item = signed(board, case)
        assert TOLD in paper(board.teacher, item)
        assert get(officer, "item_protocol", item).status_code == 404


class TestThePageOfTheCase:
    def test_shows_leaders_everything_and_members_the_decisions_and_their_own_words(self, board, case):
        item = held(board, case)
        item.information.create(member=board.council.members.get(person=board.clinic), facts=OWN)
        for who in (board.chair, board.secretary):
            assert all(said in page(who, item) for said in (CHILD, TOLD, OWN, "План утвердить", DECISION))
        seen = page(board.clinic, item)
        assert OWN in seen
        assert DECISION in seen
        assert not [said for said in (CHILD, TOLD, "План утвердить") if said in seen]
        assert gettext("closed to your agency") in seen

    def test_shows_what_the_chair_has_opened(self, board, case):
        item = held(board, case)
        opened(item, board.school, Category.SPECIAL, by=board.chair)
        assert CHILD in page(board.teacher, item)
        assert CHILD not in page(board.clinic, item)

    def test_hides_the_same_after_the_signature(self, board, case):
        item = signed(board, case)
        assert CHILD not in page(board.teacher, item)
        assert DECISION in page(board.teacher, item)

    def test_shows_police_only_what_is_theirs(self, board, case):
        item = held(board, case)
        assert not [said for said in (CHILD, TOLD, DECISION, "План утвердить") if said in page(board.police, item)]

    def test_goes_by_the_form_of_its_council_and_shows_members_nothing_while_there_is_none(self, case):
        board = Board(kind=CouncilKind.MRG)
        item = held(board, case)
        assert not [said for said in (CHILD, "План утвердить") if said in page(board.teacher, item)]
        assert CHILD in page(board.secretary, item)
        put_in_force("mrg_protocol", at=NOW - dt.timedelta(days=9))
        assert CHILD in page(board.teacher, item)
