"""Tasks in people's own calendars: a secret address, numbers and days, and nothing about a family."""

import datetime as dt
import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from casework.actions import absences, calendar_feeds, cases
from casework.models import CalendarFeed, Task
from casework.views import calendar_feeds as feeds_view
from tests.casework.conftest import NOW
from tests.casework.test_tasks import task_of
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def make(owner, token=None):
    return calendar_feeds.make_feed(owner=owner, token=token or uuid.uuid4(), at=NOW)


def read(secret):
    return Client().get(f"/cases/calendar/{secret}.ics")


@pytest.fixture(autouse=True)
def _no_limits_yet():
    cache.clear()


class TestTheFile:
    def test_has_a_whole_day_for_each_dated_task(self, case, specialist):
        PersonFactory(case=case, full_name="Лукошкин Тимофей")
        task = task_of(case, specialist, due=TODAY, title="Позвонить маме Тимофея")
        task_of(case, specialist)
        task_of(case, member_of(case.agency), due=TODAY)
        response = read(make(specialist))
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        [event] = Calendar.from_ical(response.content).walk("VEVENT")
        assert re.findall(r"[\d-]+", str(event["SUMMARY"])) == [str(task.pk), case.reference]
        assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (TODAY, TODAY + dt.timedelta(days=1))
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert str(event["URL"]).endswith(f"/cases/tasks/{task.pk}/")
        assert str(event["UID"]).startswith(f"task-{task.pk}@")
        text = response.content.decode()
        assert not [word for word in ("Тимофе", "Позвонить", specialist.last_name, specialist.email) if word in text]

    def test_keeps_to_the_standard(self, case, specialist):
        for _number in range(3):
            task_of(case, specialist, due=TODAY)
        content = read(make(specialist)).content
        lines = content.split(b"\r\n")
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert (lines[0], lines[-2], lines[-1]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"")
        assert max(len(line) for line in lines) <= 75
        assert rb"\, " in content.replace(b"\r\n ", b"")
        assert {b"VERSION:2.0", b"REFRESH-INTERVAL;VALUE=DURATION:PT1H"} <= set(lines)
        assert sum(line.startswith(b"DTSTAMP:") and line.endswith(b"Z") for line in lines) == 3
        assert len({line for line in lines if line.startswith(b"UID:task-")}) == 3

    def test_has_the_tasks_of_a_colleague_who_is_away(self, case, specialist, agency):
        substitute, today = member_of(agency), dt.datetime.now(dt.UTC)
        task_of(case, specialist, due=TODAY)
        secret = make(substitute)
        assert b"VEVENT" not in read(secret).content
        absences.write_absence(
            person=specialist,
            substitute=substitute,
            first_day=today.date() - dt.timedelta(days=1),
            last_day=today.date() + dt.timedelta(days=2),
            actor=specialist,
            at=today,
        )
        assert b"VEVENT" in read(secret).content

    def test_drops_what_is_done_what_has_ended_and_what_may_no_longer_be_read(self, case, specialist, agency):
        secret, ended = make(specialist), open_case(agency, accepted_by=specialist, at=NOW)
        done, _kept, _ended = (task_of(each, specialist, due=TODAY) for each in (case, case, ended))
        Task.objects.filter(pk=done.pk).update(status="done", finished_on=TODAY)
        cases.close_case(case=ended, actor=specialist, at=NOW, ground=cases.ClosureGround.ANSWERED)
        assert read(secret).content.count(b"BEGIN:VEVENT") == 1
        specialist.groups.clear()
        assert read(secret).content.count(b"BEGIN:VEVENT") == 0


class TestTheAddress:
    def test_is_kept_as_a_hash_only(self, specialist):
        secret = make(specialist)
        assert secret not in str(CalendarFeed.objects.values_list().get())
        assert len(secret) == 64

    def test_that_nobody_has_leads_nowhere(self, specialist):
        make(specialist)
        for secret in ("0" * 64, "x", "\x00", "а" * 5000):
            assert read(secret).status_code == 404

    def test_made_anew_replaces_the_old_one(self, specialist):
        old, new = make(specialist), make(specialist)
        assert (read(old).status_code, read(new).status_code) == (404, 200)

    def test_of_a_second_press_is_the_same(self, specialist):
        token = uuid.uuid4()
        assert make(specialist, token) == make(specialist, token)
        assert make(member_of(AgencyFactory()), token) != make(specialist, token)

    def test_of_somebody_who_left_leads_nowhere(self, specialist):
        secret = make(specialist)
        specialist.is_active = False
        specialist.save()
        assert read(secret).status_code == 404

    def test_is_kept_by_no_cache(self, specialist):
        response = read(make(specialist))
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert not response.cookies

    def test_is_read_so_many_times_an_hour(self, specialist, monkeypatch):
        secret = make(specialist)
        monkeypatch.setattr(feeds_view, "MOST_AN_HOUR", 2)
        assert [read(secret).status_code for _time in range(3)] == [200, 200, 429]

    def test_takes_no_other_method(self, specialist):
        assert Client().post(f"/cases/calendar/{make(specialist)}.ics").status_code == 405


class TestThePage:
    def test_makes_an_address_shows_it_once_and_switches_it_off(self, desk, specialist):
        page = desk.get("/cases/tasks/calendar/")
        assert not page.context["address"]
        assert page.context["feed"] is None
        made = desk.post("/cases/tasks/calendar/", {"token": page.context["form"]["token"].value()})
        address = made.context["address"]
        assert address in made.content.decode()
        assert read(address.rpartition("/")[2].removesuffix(".ics")).status_code == 200
        assert address not in desk.get("/cases/tasks/calendar/").content.decode()
        desk.post("/cases/tasks/calendar/off/")
        assert read(address.rpartition("/")[2].removesuffix(".ics")).status_code == 404
        assert calendar_feeds.feed_of(specialist) is None

    def test_makes_nothing_of_a_broken_page(self, desk, specialist):
        assert desk.post("/cases/tasks/calendar/", {"token": "x"}).context["address"] == ""
        assert calendar_feeds.feed_of(specialist) is None
