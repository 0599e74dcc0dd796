"""Somebody at the table is kept out of one of the cases by name: for them it is not on the agenda, whatever their seat."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils.translation import ngettext

from casework.actions import meetings, opinions
from casework.models import Bar
from tests.casework.boards import begin, board, meeting_of, put_on
from tests.casework.conftest import NOW
from tests.factories import open_case, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db):
    return board(at=NOW)


@pytest.fixture
def other(agency, specialist):
    return open_case(agency, accepted_by=specialist, at=NOW)


@pytest.fixture
def items(made, case, other, specialist):
    """Three cases on the agenda of a meeting; `case` stands second."""
    called = meeting_of(made, at=NOW)
    third = open_case(case.agency, accepted_by=specialist, at=NOW)
    return [put_on(called, each, specialist, at=NOW) for each in (other, case, third)]


@pytest.fixture
def meeting(items):
    return items[0].meeting


def keep_out(case, person, by):
    Bar.objects.create(case=case, person=person, reason="родня", barred_by=by, barred_at=NOW)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def words(number):
    return ngettext(
        "%(number)s case is considered without you.", "%(number)s cases are considered without you.", number
    ) % {"number": number}


PAGES = ("", "opinion/advance/", "family/", "information/", "services/", "decisions/", "outcome/", "packs/")


class TestWhoeverIsKeptOut:
    @pytest.mark.parametrize("who", ["chair", "secretary", "school"])
    def test_finds_no_page_of_the_case(self, made, meeting, items, case, specialist, who):
        meetings.invite(meeting=meeting, actor=made.secretary, at=NOW)
        begin(meeting, made, at=NOW, stage="decisions")
        keep_out(case, getattr(made, who), specialist)
        client = browser(getattr(made, who))
        for path in PAGES:
            address = f"/cases/meetings/{meeting.token}/items/{items[1].pk}/{path}"
            assert client.get(address).status_code == 404, path
            typed = {"token": uuid.uuid4(), "version": "1", "text": "Да", "decided": "Да"}
            assert client.post(address, typed).status_code == 404, path

    @pytest.mark.parametrize("who", ["chair", "secretary", "head"])
    def test_neither_takes_the_case_off_nor_moves_it(self, made, meeting, items, case, specialist, who):
        keep_out(case, getattr(made, who), specialist)
        client = browser(getattr(made, who))
        address = f"/cases/meetings/{meeting.token}/items/{items[1].pk}/"
        assert client.post(address + "off/").status_code == 404
        assert client.post(address + "order/", {"to": "up"}).status_code == 404
        assert list(meeting.items.values_list("pk", flat=True)) == [each.pk for each in items]

    def test_moves_another_case_past_the_one_they_do_not_see(self, made, meeting, items, case, specialist):
        keep_out(case, made.secretary, specialist)
        browser(made.secretary).post(f"/cases/meetings/{meeting.token}/items/{items[2].pk}/order/", {"to": "up"})
        assert list(meeting.items.values_list("pk", flat=True)) == [items[2].pk, items[0].pk, items[1].pk]

    @pytest.mark.parametrize("path", ["", "agenda/"])
    def test_sees_that_there_is_a_case_and_not_which(self, made, meeting, items, case, specialist, path):
        keep_out(case, made.secretary, specialist)
        address = f"/cases/meetings/{meeting.token}/{path}"
        page = browser(made.secretary).get(address).content.decode()
        assert case.reference not in page
        assert f"/items/{items[1].pk}/" not in page
        assert words(1) in page
        assert words(1) not in browser(made.chair).get(address).content.decode()

    def test_still_invites_when_it_is_the_only_case(self, made, case, specialist):
        alone = meeting_of(made, at=NOW)
        put_on(alone, case, specialist, at=NOW)
        keep_out(case, made.secretary, specialist)
        page = browser(made.secretary).get(f"/cases/meetings/{alone.token}/").content.decode()
        assert f"/cases/meetings/{alone.token}/invite/" in page

    def test_sees_nothing_of_it_before_the_signature_and_does_not_sign(self, made, meeting, items, case, specialist):
        put_in_force("consilium_protocol", at=NOW - dt.timedelta(days=9))
        meetings.invite(meeting=meeting, actor=made.secretary, at=NOW)
        begin(meeting, made, at=NOW, stage="decisions")
        keep_out(case, made.secretary, specialist)
        address = f"/cases/meetings/{meeting.token}/protocol/"
        shown = browser(made.secretary).get(address)
        assert case.reference not in shown.content.decode()
        assert len(shown.context["papers"]) == 2
        assert not shown.context["is_whole"]
        assert words(1) in shown.content.decode()
        browser(made.secretary).post(address + "sign/")
        meeting.refresh_from_db()
        assert meeting.stage == "decisions"

    def test_is_not_asked_for_an_opinion_on_it(self, made, meeting, items, case, specialist):
        keep_out(case, made.school, specialist)
        missing = {member.full_name: count for member, count in opinions.silent_members(meeting, at=NOW)}
        assert missing[str(made.school)] == 2
        assert missing[str(made.clinic)] == 3
        for item in (items[0], items[2]):
            opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=NOW)
        assert str(made.school) not in {each.full_name for each, _count in opinions.silent_members(meeting, at=NOW)}


class TestPlacesOnAnAgenda:
    def test_follow_each_other_when_a_case_is_taken_off(self, made, meeting, items):
        browser(made.secretary).post(f"/cases/meetings/{meeting.token}/items/{items[0].pk}/off/")
        assert list(meeting.items.values_list("order", flat=True)) == [1, 2]
