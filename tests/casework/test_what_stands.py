"""What is written down once stands: a signed protocol, an end that is pressed twice, a day as people write it."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import assignments, drafts, placements, submissions
from casework.actions.blind_questions import NobodyIsNamed, ask
from casework.actions.placements import PlacementOver
from casework.actions.protocol_refusals import ProtocolIncomplete
from casework.actions.refusals import ProtocolStands
from casework.models import Assignment, TeamRole
from casework.same_person import Named
from forms_library.answer_fields import DateField
from tests.casework.conftest import NOW
from tests.casework.councils import Board
from tests.casework.professional_families import TODAY, card_in, child_in, choose, family_of, place
from tests.casework.test_protocols import LATER, fresh, sign
from tests.factories import member_of, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(db):
    put_in_force("consilium_protocol", at=NOW - dt.timedelta(days=9))
    return Board()


@pytest.fixture
def held(board, case):
    meeting = board.held(case)
    board.write_all(meeting.items.get())
    return meeting


class TestASignedProtocol:
    @pytest.fixture
    def protocol(self, board, held):
        sign(held, board.chair)
        return held.items.get().protocol

    def test_is_never_replaced_from_the_case(self, protocol, specialist):
        before = list(Assignment.objects.order_by("pk").values_list("pk", "state", "text"))
        with pytest.raises(ProtocolStands):
            drafts.start_correction(submission=protocol, actor=specialist, at=LATER)
        forged = {"case": protocol.case, "edition": protocol.edition, "answers": protocol.answers}
        with pytest.raises(ProtocolStands):
            submissions.file_submission(**forged, token=uuid.uuid4(), actor=specialist, at=LATER, supersedes=protocol)
        assert list(Assignment.objects.order_by("pk").values_list("pk", "state", "text")) == before

    def test_offers_an_addendum_and_no_correction(self, protocol, specialist):
        desk = Client()
        desk.force_login(specialist)
        place = [protocol.case.reference, protocol.number]
        page = desk.get(reverse("casework:document", args=place)).content.decode()
        assert reverse("casework:correct", args=place) not in page
        assert reverse("casework:addendum", args=place) in page
        assert desk.post(reverse("casework:correct", args=place)).url == reverse("casework:document", args=place)

    def test_says_nothing_of_the_family_that_nobody_wrote_down(self, board, held):
        held.items.update(family_attended=None)
        with pytest.raises(ProtocolIncomplete) as refused:
            sign(held, board.chair)
        assert "была ли семья на заседании" in str(refused.value)
        assert fresh(held).stage == "decisions"


class TestAPlacement:
    @pytest.fixture
    def placement(self, case, agency, specialist):
        head = member_of(agency, TeamRole.HEAD)
        child = child_in(case, specialist)
        card_in(case, specialist)
        return place(choose(case, child, family_of(agency, specialist, included_by=head), specialist), specialist)

    def test_ends_once_by_a_button_that_is_pressed_twice(self, placement, specialist, case):
        end = {"placement": placement, "ended_on": TODAY, "words": "", "actor": specialist, "at": NOW}
        for _press in range(2):
            placements.end_placement(**end, how="reintegration")
        assert case.log.filter(event="placement_ended").count() == 1
        with pytest.raises(PlacementOver):
            placements.end_placement(**end, how="permanent")


class TestAQuestionWithAnInitial:
    @pytest.mark.parametrize("name", ["Ручьёв М. Денисович", "Ручьёв Михаил Д.", "М. Ручьёв"])
    def test_is_refused_because_nobody_would_be_found(self, name, agency, specialist):
        asked = {"agency": agency, "reason": "Извещение", "actor": specialist, "at": NOW, "token": uuid.uuid4()}
        with pytest.raises(NobodyIsNamed):
            ask(child=Named(name, dt.date(2020, 1, 2)), **asked)


class TestADay:
    @pytest.mark.parametrize(
        ("kept", "shown"), [(dt.date(2016, 4, 9), "09.04.2016"), ("9.4.16", "9.4.16"), (None, None)]
    )
    def test_is_shown_as_people_write_it(self, kept, shown):
        assert DateField().prepare_value(kept) == shown


class TestADecision:
    def test_names_the_council_that_took_it_and_not_the_keeper_of_the_case(self, board, held):
        sign(held, board.chair)
        asked = Assignment.objects.latest("pk")
        desk = Client()
        desk.force_login(member_of(asked.agency))
        page = desk.get(reverse("casework:assignment", args=[asked.token])).content.decode()
        listed = desk.get(reverse("casework:assigned")).content.decode()
        for html in (page, listed):
            assert f"{board.council.name}" in html
            assert f"№ {held.number}/{held.year}" in html
        assert f"№&nbsp;{asked.pk}</h1>" not in page

    def test_shows_the_council_what_came_of_it(self, board, held):
        sign(held, board.chair)
        asked = Assignment.objects.latest("pk")
        executor = member_of(asked.agency)
        assignments.mark(
            assignment=asked, state="done", words="Съездили", version=asked.version, actor=executor, at=timezone.now()
        )
        desk = Client()
        desk.force_login(board.secretary)
        page = desk.get(reverse("casework:agenda_item", args=[held.token, held.items.get().pk])).content.decode()
        assert str(Assignment.objects.get(pk=asked.pk).get_state_display()) in page.split('id="stage-3"')[1]
