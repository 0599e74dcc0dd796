"""The map of the district's resources: what a parent finds on it, and what is never shown."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forms_library.models import Agency, LocalService, ServiceAudience
from portal.models import ResourceMapPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def map_page(site):
    return site.home.add_child(instance=ResourceMapPage(title="Карта помощи", slug="karta"))


def on_the_map(name, *audiences, **fields):
    wanted = {
        "territory": "Приречный район",
        "domain": "health",
        "provider": "Клуб",
        "checked_on": timezone.localdate(),
    }
    service = LocalService.objects.create(name=name, gives="Помогаем", **wanted | fields)
    ServiceAudience.objects.bulk_create(ServiceAudience(service=service, who=who) for who in audiences or ["everybody"])
    return service


def found(client, map_page, **query):
    response = client.get(map_page.url, query)
    assert response.status_code == 200
    return [service.name for service, _stale in response.context["services"]]


class TestTheMap:
    def test_shows_what_fits_and_what_is_for_everybody(self, client, map_page):
        on_the_map("Няня", "infants")
        on_the_map("Психолог", "everybody")
        on_the_map("Мастерская", "teenagers", domain="education_development")
        on_the_map("Лесная", "infants", territory="Лесной район")
        assert found(client, map_page) == ["Лесная", "Мастерская", "Няня", "Психолог"]
        assert found(client, map_page, district="Приречный район", **{"for": "infants"}) == ["Няня", "Психолог"]
        assert found(client, map_page, domain="education_development") == ["Мастерская"]

    def test_with_room_leaves_out_what_is_full_or_does_not_say(self, client, map_page):
        today = timezone.localdate()
        on_the_map("Есть", free_places=2, places_on=today)
        on_the_map("Полно", free_places=0, places_on=today)
        on_the_map("Не знаем")
        assert found(client, map_page, room="1") == ["Есть"]

    def test_never_shows_what_is_hidden_or_kept_by_a_closed_agency(self, client, map_page):
        closed = Agency.objects.create(code="closed", name="Закрыто", short_name="Закрыто", kind="kcson", is_open=False)
        on_the_map("Спрятано", is_shown=False)
        on_the_map("Закрытое", agency=closed)
        assert found(client, map_page) == []

    def test_says_when_an_entry_is_old(self, client, map_page):
        on_the_map("Старое", checked_on=timezone.localdate() - dt.timedelta(days=200))
        on_the_map("Свежее")
        stale = {service.name: is_stale for service, is_stale in client.get(map_page.url).context["services"]}
        assert stale == {"Старое": True, "Свежее": False}

    def test_answers_words_that_nobody_offers_with_everything(self, client, map_page):
        on_the_map("Няня")
        for query in ({"district": "x' OR 1=1"}, {"for": "\0"}, {"domain": "нет"}, {"page": "abc"}, {"page": "99"}):
            assert found(client, map_page, **query) == ["Няня"]

    def test_more_services_do_not_mean_more_questions(self, client, map_page):
        for number in range(30):
            on_the_map(f"Кружок {number}", "parents", "need")
        self.questions(client, map_page)  # what surrounds every page is read once
        few = self.questions(client, map_page)
        for number in range(200):
            on_the_map(f"Много {number}", "parents")
        assert self.questions(client, map_page) == few

    def questions(self, client, map_page):
        with CaptureQueriesContext(connection) as asked:
            client.get(map_page.url)
        return len(asked)

    def test_keeps_the_choice_on_the_next_page(self, client, map_page):
        for number in range(35):
            on_the_map(f"Кружок {number:02}", "teenagers")
        text = client.get(map_page.url, {"for": "teenagers"}).content.decode()
        assert "?for=teenagers&amp;page=2" in text
        assert len(found(client, map_page, page="2", **{"for": "teenagers"})) == 5
