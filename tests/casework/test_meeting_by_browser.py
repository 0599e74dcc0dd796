"""A meeting from its first page to its signature, by the browser of its secretary; and what she is refused, in plain words."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from casework.actions import agenda, agenda_items, meetings, protocols
from casework.actions.council_refusals import (
    AgencyIsClosed,
    AlreadyOnAgenda,
    AlreadyWrittenDown,
    CaseNotYours,
    MeetingBegun,
    MeetingDayNotCome,
    MeetingInThePast,
    MeetingOver,
    NoAgencyOfMember,
    NoExecutor,
    NoNewDay,
    NoQuorum,
    NotACaller,
    NothingOnAgenda,
    NotRunning,
    OpinionsTooLate,
    UnknownOutcome,
)
from casework.actions.procedures import start_procedure
from casework.actions.protocol_refusals import MeetingNotHeldYet
from casework.models import Bar, Meeting, Opinion
from tests.casework.boards import begin, board, meeting_of, put_on, seat
from tests.casework.councils import PROCEDURE
from tests.factories import AgencyFactory, procedure_in_force, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def made(now):
    put_in_force("consilium_protocol")
    return board(at=now)


@pytest.fixture
def meeting(made, case, specialist, now):
    """A meeting with one case, to which everybody is invited."""
    called = meeting_of(made, at=now)
    put_on(called, case, specialist, at=now)
    meetings.invite(meeting=called, actor=made.secretary, at=now)
    return fresh(called)


@pytest.fixture
def item(meeting):
    return meeting.items.get()


@pytest.fixture
def deciding(meeting, made, now):
    return begin(meeting, made, at=now, stage="decisions")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def send(made, meeting, item):
    """Return a function that sends a form of the secretary and returns the page that answers."""
    client = browser(made.secretary)

    def post(name, *places, by=None, **words):
        at = [item.pk] if name in OF_THE_CASE else []
        address = reverse(f"casework:{name}", args=[meeting.token, *at, *places])
        chosen = client if by is None else browser(by)
        return chosen.post(address, words, follow=True).content.decode()

    return post


OF_THE_CASE = frozenset(
    {
        *("item_family", "item_information", "item_services", "drop_service", "item_decisions", "drop_decision"),
        *("item_outcome", "item_packs", "opinion", "take_off", "move_item", "item_addendum"),
    }
)


def says(page, refusal):
    """Return whether a page tells why something was refused."""
    return escape(str(refusal)) in page


class TestTheWholeMeeting:
    def test_is_held_from_its_pages_and_signed(self, made, meeting, item, send, now):
        everybody = {f"member_{each.pk}": "present" for each in made.members.values()}
        send("attendance", version=meeting.version, **everybody)
        assert meetings.taking_part(meeting) == len(made.members)
        Meeting.objects.update(held_at=now)
        for stage in ("information", "services", "decisions"):
            send("meeting_stage", stage=stage, version=fresh(meeting).version)
        assert fresh(meeting).stage == "decisions"
        send("item_family", family_invited="yes", family_attended="yes", version=fresh(item).version)
        told = {f"member_{made.members['school'].pk}": "Пропускает уроки"}
        send("item_information", version=fresh(item).version, **told)
        school = made.agencies["school"].pk
        need = {"who": "child", "need": "общение", "service": "кружок", "agency": school}
        send("item_services", token=uuid.uuid4(), **need)
        due = f"{timezone.localdate() + dt.timedelta(days=20):%d.%m.%Y}"
        for text in ("Открыть кружок", "Лишнее"):
            send("item_decisions", token=uuid.uuid4(), text=text, agency=school, person="", due=due)
        send("drop_decision", item.decisions.get(text="Лишнее").pk)
        votes = {"votes_for": 5, "votes_against": 0, "votes_abstained": 0}
        send("item_outcome", heard="О плане", decided="Помочь", version=fresh(item).version, **votes)
        send("opinion", "dissent", by=made.clinic, text="Кружка мало")
        Meeting.objects.update(held_at=now + dt.timedelta(days=2))
        assert says(send("sign_protocol"), MeetingNotHeldYet())
        Meeting.objects.update(held_at=now)
        send("sign_protocol")
        answers = fresh(item).protocol.answers
        assert answers["items"][0]["dissent"].endswith("Кружка мало")
        assert [row["decision"] for row in answers["decisions"]] == ["Открыть кружок"]

    def test_takes_back_what_was_written_by_mistake_until_the_signature(self, made, deciding, item, send, now):
        words = {"who": "child", "need": "общение", "service": "кружок", "agency": made.agencies["school"]}
        service = agenda_items.add_service(item=item, actor=made.secretary, at=now, token=uuid.uuid4(), **words)
        send("drop_service", service.pk)
        assert not item.services.exists()
        assert item.case.log.filter(event="council_written").count() == 2

    def test_opens_a_category_to_one_agency_and_not_to_a_pack_that_is_not_there(self, made, meeting, item, send):
        pack = item.packs.get(agency=made.agencies["clinic"])
        send("item_packs", by=made.chair, pack=pack.pk, categories=["special"])
        send("item_packs", by=made.chair, pack=0, categories=["criminal"])
        assert fresh(pack.disclosure).categories == ["special"]
        assert {tuple(each.disclosure.categories) for each in item.packs.exclude(pk=pack.pk)} == {()}


class TestBadInput:
    """Every refusal is told on the page, and nothing is written."""

    def test_a_member_without_an_agency(self, made, now):
        client = browser(made.head)
        page = client.get(f"/cases/councils/{made.council.pk}/members/", {"agency": ""})
        assert page.context["form"].errors["agency"]
        assert client.get(f"/cases/councils/{made.council.pk}/members/add/0/").status_code == 404
        with pytest.raises(NoAgencyOfMember):
            seat(made, None, made.school, at=now)

    def test_a_decision_without_an_executor_words_or_a_day(self, deciding, item, send, made):
        whole = {"text": "Помочь", "agency": made.agencies["school"].pk, "person": "", "due": "01.01.2099"}
        for missing in ("text", "agency", "due"):
            page = send("item_decisions", token=uuid.uuid4(), **whole | {missing: ""})
            assert "error" in page
        assert says(send("item_decisions", token=uuid.uuid4(), **whole | {"agency": ""}), NoExecutor())
        assert not item.decisions.exists()

    def test_a_meeting_that_begins_before_its_day(self, made, meeting, send):
        page = browser(made.secretary).get(f"/cases/meetings/{meeting.token}/").content.decode()
        assert 'value="information"' not in page
        day = f"{made.holder.local(meeting.held_at):%d.%m.%Y}"
        page = send("meeting_stage", stage="information", version=meeting.version)
        assert says(page, MeetingDayNotCome(day=day))
        assert fresh(meeting).stage == "called"

    def test_a_beginning_taken_back_after_something_was_written_down(self, made, meeting, item, send, now):
        begun = begin(meeting, made, at=now)
        assert 'value="called"' in browser(made.secretary).get(f"/cases/meetings/{meeting.token}/").content.decode()
        send("item_information", version=fresh(item).version, **{f"member_{made.members['school'].pk}": "Пропускает"})
        page = send("meeting_stage", stage="called", version=begun.version)
        assert says(page, AlreadyWrittenDown())
        assert 'value="called"' not in page

    def test_a_meeting_without_a_quorum(self, made, meeting, send, now):
        Meeting.objects.update(held_at=now)
        for stage in ("information", "services"):
            send("meeting_stage", stage=stage, version=fresh(meeting).version)
        page = send("meeting_stage", stage="decisions", version=fresh(meeting).version)
        assert says(page, NoQuorum(present=0, quorum=3))
        assert fresh(meeting).stage == "services"

    def test_a_signature_when_those_who_took_part_have_gone(self, made, deciding, item, now):
        Meeting.objects.update(held_at=now)
        deciding.attendance.update(presence="absent")
        with pytest.raises(NoQuorum):
            protocols.sign_protocol(meeting=fresh(deciding), actor=made.chair, at=now)

    def test_a_service_of_an_agency_that_works_no_more(self, made, deciding, item, now):
        words = {"who": "child", "need": "общение", "service": "кружок", "agency": AgencyFactory(closed=True)}
        with pytest.raises(AgencyIsClosed):
            agenda_items.add_service(item=item, actor=made.secretary, at=now, token=uuid.uuid4(), **words)

    def test_a_meeting_moved_to_the_past_or_by_somebody_else_or_when_it_has_begun(self, made, meeting, send, now):
        where = {"place": "Зал", "opinions_by": ""}
        assert says(send("move_meeting", held_at="01.01.2020 10:00", **where), MeetingInThePast())
        later = f"{timezone.localdate() + dt.timedelta(days=9):%d.%m.%Y}"
        after = f"{timezone.localdate() + dt.timedelta(days=12):%d.%m.%Y}"
        late = send("move_meeting", held_at=f"{later} 10:00", place="Зал", opinions_by=after)
        assert says(late, OpinionsTooLate())
        send("move_meeting", held_at=f"{later} 10:00", **where)
        assert made.holder.local(fresh(meeting).held_at).hour == 10
        begin(fresh(meeting), made, at=now)
        assert says(send("move_meeting", held_at=f"{later} 11:00", **where), MeetingBegun())

    def test_acts_of_a_member_who_does_not_call_meetings(self, made, meeting, now):
        by_the_school = {"meeting": meeting, "actor": made.school, "at": now}
        moved = {"held_at": now + dt.timedelta(days=8), "place": "Зал", "opinions_by": None}
        for act, words in ((meetings.invite, {}), (meetings.cancel_meeting, {}), (meetings.move_meeting, moved)):
            with pytest.raises(NotACaller):
                act(**by_the_school, **words)
        with pytest.raises(NotACaller):
            agenda.take_off_agenda(item=meeting.items.get(), actor=made.school, at=now)
        begin(meeting, made, at=now, stage="decisions")
        decision = meeting.items.get().decisions.create(text="Помочь", agency=made.holder, due=timezone.localdate())
        with pytest.raises(NotRunning):
            agenda_items.drop_decision(decision=decision, actor=made.school, at=now)

    def test_a_case_on_the_agenda_of_a_meeting_that_has_begun(self, made, meeting, case, now, send):
        begin(meeting, made, at=now)
        assert says(send("take_off"), MeetingBegun())
        assert says(send("agenda", reference="2020-00001", reason="asked", question="?"), CaseNotYours())

    def test_a_case_that_is_on_the_agenda_already(self, made, meeting, case, specialist, send):
        typed = {"reference": case.reference, "reason": "asked", "question": "?"}
        assert says(send("agenda", **typed), AlreadyOnAgenda())
        Bar.objects.create(
            case=case, person=made.secretary, reason="сосед", barred_by=specialist, barred_at=timezone.now()
        )
        assert says(send("agenda", **typed), CaseNotYours())
        assert meeting.items.count() == 1

    def test_an_invitation_to_nothing(self, made, now):
        empty = meeting_of(made, at=now)
        page = browser(made.secretary).post(f"/cases/meetings/{empty.token}/invite/", follow=True)
        assert says(page.content.decode(), NothingOnAgenda())

    def test_anything_at_a_meeting_that_was_cancelled(self, made, meeting, send, now):
        send("cancel_meeting")
        assert fresh(meeting).stage == "cancelled"
        for name, words in (("cancel_meeting", {}), ("invite", {}), ("meeting_stage", {"stage": "services"})):
            assert says(send(name, **words), MeetingOver())
        with pytest.raises(MeetingOver):
            protocols.sign_protocol(meeting=meeting, actor=made.chair, at=now)

    def test_an_opinion_of_a_kind_that_there_is_not(self, made, meeting, item):
        address = f"/cases/meetings/{meeting.token}/items/{item.pk}/opinion/loud/"
        assert browser(made.school).post(address, {"text": "Да"}).status_code == 404
        assert not Opinion.objects.exists()

    def test_an_addendum_to_a_protocol_that_is_not_signed(self, made, meeting, item):
        address = f"/cases/meetings/{meeting.token}/items/{item.pk}/addendum/"
        assert browser(made.secretary).get(address).status_code == 404


class TestOutcomesOfAStep:
    def test_are_those_of_the_procedure_and_name_a_day_when_they_ask_for_one(self, made, case, specialist, now):
        edition = procedure_in_force(PROCEDURE, at=now - dt.timedelta(days=9))
        followed = start_procedure(
            case=case, edition=edition, actor=specialist, at=now, on=timezone.localdate(), token=uuid.uuid4()
        )
        called = meeting_of(made, at=now)
        item = agenda.put_own_case(
            meeting=called, case=case, question="План", actor=specialist, at=now, case_procedure=followed,
            step="approval",
        )  # fmt: skip
        meetings.invite(meeting=called, actor=made.secretary, at=now)
        begin(fresh(called), made, at=now, stage="decisions")
        words = {"heard": "", "decided": "", "votes": (3, 0, 0), "until": None, "version": fresh(item).version}
        act = {"item": item, "actor": made.secretary, "at": now, **words}
        for outcome, refusal in (("dreamt", UnknownOutcome), ("extended", NoNewDay)):
            with pytest.raises(refusal):
                agenda_items.write_outcome(**act, outcome=outcome)
        assert agenda_items.write_outcome(**act, outcome="approved").outcome == "approved"
