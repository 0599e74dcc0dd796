"""What stands around every page: read once, never older than the last change, and never about one visitor."""

import datetime as dt

import pytest
from django.test import RequestFactory

from forms_library.models import Agency, CalendarDay, OpeningHours
from portal import page_cache, surroundings
from portal.models.contacts import agencies_by_kind

NOVOSIBIRSK = dt.timezone(dt.timedelta(hours=7))


@pytest.fixture(autouse=True)
def page_cache_on(settings, tmp_path, no_page_cache):
    settings.PUBLIC_PAGE_CACHE_SECONDS = 60
    settings.VAR_DIR = tmp_path


def titles(site) -> list[str]:
    return [section.title for section in surroundings.sections(RequestFactory().get("/"), site.site)]


class TestSurroundings:
    def test_are_read_once_for_all_pages(self, site, django_assert_num_queries):
        titles(site)
        with django_assert_num_queries(0):
            titles(site)

    def test_follow_what_is_published(self, site, django_capture_on_commit_callbacks):
        titles(site)
        with django_capture_on_commit_callbacks(execute=True):
            site.text.title = "Другое имя"
            site.text.save_revision().publish()
        assert "Другое имя" in titles(site)

    def test_follow_what_another_process_has_changed(self, site, settings, monkeypatch):
        monkeypatch.setattr(page_cache, "LOOK_AGAIN_SECONDS", 0)
        titles(site)
        type(site.text).objects.filter(pk=site.text.pk).update(title="Другое имя")
        assert "Другое имя" not in titles(site)
        (settings.VAR_DIR / "public_pages.stamp").touch()
        assert "Другое имя" in titles(site)

    def test_are_read_anew_when_nothing_is_kept(self, site, settings):
        settings.PUBLIC_PAGE_CACHE_SECONDS = 0
        titles(site)
        type(site.text).objects.filter(pk=site.text.pk).update(title="Другое имя")
        assert "Другое имя" in titles(site)

    def test_leave_open_now_to_the_clock(self, site):
        desk = surroundings.desk(RequestFactory().get("/"), site.site)
        monday = dt.datetime(2026, 11, 23, tzinfo=NOVOSIBIRSK)
        assert desk.state(at=monday.replace(hour=10)).is_open
        assert not desk.state(at=monday.replace(hour=20)).is_open

    def test_leave_the_current_link_to_the_page(self, client, site):
        assert b'aria-current="true"' in client.get(site.contacts.url).content
        assert b'aria-current="true"' not in client.get(site.text.url).content


class TestOwnDaysOff:
    """A day off of one agency closes that agency, and no other."""

    MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=NOVOSIBIRSK)

    def test_close_its_card_among_the_contacts(self, one_window):
        other = Agency.objects.create(code="kcson", name="Центр", short_name="Центр", kind="kcson", territory="Район")
        OpeningHours.objects.create(agency=other, weekday=0, opens_at=dt.time(9), closes_at=dt.time(18))
        CalendarDay.objects.create(day=self.MONDAY.date(), kind="holiday", act="Приказ", agency=other)
        cards = [card for _kind, cards in agencies_by_kind(at=self.MONDAY) for card in cards]
        assert {card.agency.code: card.state.is_open for card in cards} == {"okno": True, "kcson": False}

    def test_close_the_single_desk(self, site, one_window):
        CalendarDay.objects.create(day=self.MONDAY.date(), kind="holiday", act="Приказ", agency=one_window)
        desk = surroundings.desk(RequestFactory().get("/"), site.site)
        assert not desk.state(at=self.MONDAY).is_open
