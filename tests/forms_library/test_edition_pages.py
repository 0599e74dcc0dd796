"""What visitors learn of the editions of a form: the act behind each, what changed, and which was in force on a day."""

import datetime as dt
import io
import threading
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from forms_library import pdf
from forms_library.models import Edition, FormField
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Novosibirsk")
FIRST_DAY = dt.datetime(2026, 3, 2, 10, 0, tzinfo=HERE)
MIDNIGHT = dt.datetime(2026, 4, 1, tzinfo=HERE)
AFTER = MIDNIGHT + dt.timedelta(seconds=40)


@pytest.fixture
def form(lib):
    """A form in force since the first day, with a second edition due at midnight."""
    with time_machine.travel(FIRST_DAY, tick=False):
        form = drafting.draft(lib, act_number="12-од")
        drafting.put_in_force(lib, form)
        page = form.get_latest_revision_as_object()
        page.go_live_at, page.act_reason, page.act_number = MIDNIGHT, "Добавлен срок", "77-од"
        page.form_fields.add(FormField(label="Срок", clean_name="term", field_type="date", required=True))
        page.save_revision(user=lib.methodologist)
        drafting.send(form, by=lib.methodologist)
        drafting.approve(form, by=lib.approver)
    return form


def strike(moment):
    with time_machine.travel(moment, tick=False):
        call_command("publish_scheduled")


def on(client, form, day):
    response = client.get(form.get_url(), {"on": day})
    assert response.status_code == 200
    return response


def numbers(response):
    return [edition.number for edition in response.context["in_force_on"]]


class TestMidnight:
    def test_brings_the_next_edition_and_not_a_minute_earlier(self, form):
        strike(MIDNIGHT - dt.timedelta(minutes=1))
        assert Edition.objects.count() == 1
        strike(AFTER)
        first, second = Edition.objects.order_by("number")
        assert first.in_force_to == second.in_force_from == MIDNIGHT

    def test_that_the_clock_missed_by_long_is_not_pretended(self, form):
        late = MIDNIGHT + dt.timedelta(hours=3)
        strike(late)
        assert Edition.objects.latest("number").in_force_from == late


class TestOnADay:
    @pytest.fixture
    def both(self, form):
        strike(AFTER)
        return form

    @pytest.mark.parametrize(
        ("day", "expected"),
        [("01.03.2026", []), ("02.03.2026", [1]), ("31.03.2026", [1]), ("01.04.2026", [2]), ("2026-04-02", [2])],
    )
    def test_shows_the_edition_that_was_in_force(self, both, client, day, expected):
        response = on(client, both, day)
        assert numbers(response) == expected
        assert ("77-од" in response.content.decode().split('id="on-date"')[1]) == (expected == [2])

    def test_shows_both_when_they_changed_in_the_middle_of_it(self, form, client):
        strike(MIDNIGHT + dt.timedelta(hours=9))
        assert numbers(on(client, form, "01.04.2026")) == [1, 2]

    @pytest.mark.parametrize("day", ["", "31.02.2026", "вчера", "31.12.9999", "01.01.0001", "<script>", "1" * 400])
    def test_that_is_none_is_said_at_its_place(self, both, client, day):
        response = on(client, both, day)
        assert response.context["in_force_on"] is None
        assert response.context["on_date"].errors
        assert '<script>"' not in response.content.decode()

    def test_asks_the_database_for_nothing_more(
        self, both, client, django_assert_num_queries, django_assert_max_num_queries
    ):
        client.get(both.get_url())
        with django_assert_max_num_queries(20) as plain:
            client.get(both.get_url())
        with django_assert_num_queries(len(plain)):
            on(client, both, "01.04.2026")


class TestTheAct:
    def test_stands_on_the_page_of_the_form(self, form, client):
        strike(AFTER)
        page = client.get(form.get_url()).content.decode()
        for words in ("77-од", "15.01.2026", "Добавлен срок"):
            assert words in page


class TestWhatHasChanged:
    @pytest.fixture
    def url(self, form):
        strike(AFTER)
        return reverse("forms_library:edition_differences", args=[form.code])

    def test_is_linked_from_the_form_once_there_are_two_editions(self, form, client):
        url = reverse("forms_library:edition_differences", args=[form.code])
        assert url not in client.get(form.get_url()).content.decode()
        strike(AFTER)
        assert url in client.get(form.get_url()).content.decode()

    def test_compares_the_newest_edition_with_the_one_before_it(self, form, url, client):
        response = client.get(url)
        assert (response.context["old"].number, response.context["new"].number) == (1, 2)
        assert [pair.question.key for pair in response.context["differences"].added] == ["term"]
        page = response.content.decode()
        assert "callout-danger" in page
        for number in (1, 2):
            assert reverse("forms_library:blank_form", args=[form.code, number]) in page

    def test_compares_any_two(self, url, client):
        response = client.get(url, {"old": "2", "new": "1"})
        assert [pair.question.key for pair in response.context["differences"].removed] == ["term"]

    @pytest.mark.parametrize("asked", [{"old": "9", "new": "1"}, {"old": "x"}, {"new": "-1"}, {"old": "1" * 5000}])
    def test_says_at_its_place_when_there_is_no_such_edition(self, url, client, asked):
        response = client.get(url, asked)
        assert response.status_code == 200
        assert response.context["form"].errors
        assert (response.context["old"].number, response.context["new"].number) == (1, 2)

    def test_of_a_form_with_one_edition_is_nothing(self, form, client):
        response = client.get(reverse("forms_library:edition_differences", args=[form.code]))
        assert 'class="empty"' in response.content.decode()

    def test_of_an_unknown_form_is_not_found(self, client):
        assert client.get(reverse("forms_library:edition_differences", args=["unknown"])).status_code == 404

    def test_takes_few_queries(self, url, client, django_assert_max_num_queries):
        client.get(url)
        with django_assert_max_num_queries(15):
            client.get(url)


class TestPictureOfABlank:
    @pytest.fixture
    def url(self, form, settings, tmp_path):
        settings.VAR_DIR = tmp_path
        return reverse("forms_library:blank_picture", args=[form.code, 1])

    @pytest.fixture
    def office(self):
        """An office that makes two pages of everything, and counts."""
        page = io.BytesIO()
        Image.new("RGB", (40, 50), "white").save(page, "PNG")
        with mock.patch("forms_library.pdf.page_images", return_value=[page.getvalue()] * 2) as page_images:
            yield page_images

    def test_shows_its_pages_under_one_another(self, url, office, client):
        response = client.get(url)
        assert response["Content-Type"] == "image/png"
        width, height = Image.open(io.BytesIO(response.content)).size
        assert width == 40
        assert height > 100

    def test_is_made_once(self, url, office, client):
        assert client.get(url).content == client.get(url).content
        assert office.call_count == 1

    def test_is_not_there_without_libreoffice(self, url, client):
        with mock.patch("forms_library.pdf.page_images", side_effect=pdf.PdfUnavailable):
            assert client.get(url).status_code == 404

    def test_waits_while_too_many_are_asked_for(self, url, office, client):
        places = threading.BoundedSemaphore(1)
        with mock.patch("forms_library.blank_pictures._places", places):
            with places:
                assert client.get(url).status_code == 503
            assert client.get(url).status_code == 200

    def test_is_shown_on_the_page_of_changes_only_where_it_can_be_made(self, form, url, client):
        strike(AFTER)
        page = reverse("forms_library:edition_differences", args=[form.code])
        for available in (True, False):
            with mock.patch("forms_library.pdf.is_available", return_value=available):
                assert (url in client.get(page).content.decode()) == available
