"""Pages of the public site: where they may stand, and that each can be read, empty and full."""

import datetime as dt

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from forms_library.models import FormsBranch, FormsCatalogue, OfficialForm, ProcedurePage
from portal import models

PAGE_NAMES = ["home", "programmes", "programme", "methodology", "entry", "contacts", "text"]
EVERY_BLOCK = [
    {"type": "heading", "value": "Как это устроено"},
    {"type": "paragraph", "value": "<p>Первый <b>абзац</b></p>"},
    {"type": "steps", "value": [{"title": "Шаг", "text": "Что", "term": "3 рабочих дня", "who": "Куратор"}]},
    {"type": "facts", "value": [{"term": "МРГ", "meaning": "Межведомственная рабочая группа"}]},
    {"type": "callout", "value": {"kind": "danger", "title": "Опасно", "text": "<p>Звоните 112</p>"}},
    {"type": "table", "value": {"caption": "Сроки", "head": ["Что", "Срок"], "rows": [{"cells": ["План", "20 дней"]}]}},
    {"type": "phone", "value": {"label": "Дежурный", "number": "8 (383) 344-83-54"}},
]


def subpages(model: type[Page]) -> set[type[Page]]:
    return set(model.allowed_subpage_models())


class TestPlacesOfPages:
    def test_under_the_home_page_stand_the_sections(self):
        assert subpages(models.HomePage) == {
            models.ProgrammeIndexPage,
            models.MethodologyIndexPage,
            models.ContactsPage,
            models.ResourceMapPage,
            models.ContactRequestPage,
            models.TextPage,
            FormsCatalogue,
        }

    def test_each_list_takes_its_own_pages_only(self):
        assert subpages(models.ProgrammeIndexPage) == {models.ProgrammePage}
        assert subpages(models.MethodologyIndexPage) == {models.MethodologyPage}
        assert subpages(models.TextPage) == {models.TextPage}
        assert subpages(FormsCatalogue) == {OfficialForm, ProcedurePage, FormsBranch}

    @pytest.mark.parametrize(
        "model", [models.ProgrammePage, models.MethodologyPage, models.ContactsPage, models.ContactRequestPage]
    )
    def test_the_last_pages_have_nothing_below(self, model):
        assert subpages(model) == set()

    def test_a_home_page_stands_nowhere_but_at_the_root(self):
        assert models.HomePage.allowed_parent_page_models() == [Page]


class TestReadingPages:
    @pytest.mark.parametrize("name", PAGE_NAMES)
    def test_a_page_with_nothing_on_it_can_be_read(self, client, site, name):
        assert client.get(getattr(site, name).url).status_code == 200

    @pytest.mark.parametrize("name", ["home", "programme", "entry", "contacts", "text"])
    def test_a_page_with_every_block_can_be_read(self, client, site, name):
        page = getattr(site, name)
        page.body = [
            *EVERY_BLOCK,
            {"type": "pages", "value": [site.text.pk]},
        ]
        page.save()
        html = client.get(page.url).content.decode()
        for words in ("Как это устроено", "3 рабочих дня", "Звоните 112", "20 дней", "tel:+73833448354", "О портале"):
            assert words in html

    def test_a_programme_links_to_official_forms(self, client, site, official_form):
        site.programme.body = [{"type": "forms", "value": [official_form.pk]}]
        site.programme.save()
        html = client.get(site.programme.url).content.decode()
        assert f'href="{official_form.url}"' in html
        assert official_form.purpose in html

    def test_a_link_to_an_unpublished_page_is_not_shown(self, client, site):
        site.programme.body = [{"type": "pages", "value": [site.entry.pk]}]
        site.programme.save()
        site.entry.unpublish()
        assert site.entry.title not in client.get(site.programme.url).content.decode()

    def test_html_in_plain_text_is_shown_as_it_was_typed(self, client, site):
        site.programme.summary = "<script>alert(1)</script>"
        site.programme.save()
        assert b"<script>alert" not in client.get(site.programme.url).content

    def test_the_home_page_says_whom_to_call_and_where_to_ask(self, client, site):
        html = client.get("/").content.decode()
        assert "tel:+73833448354" in html
        assert site.request.url in html
        assert site.programme.url in html

    def test_every_programme_ends_with_what_to_do_next(self, client, site, one_window):
        site.programme.next_step = "<p>Приходите во вторник</p>"
        site.programme.contact_agency = one_window
        site.programme.save()
        html = client.get(site.programme.url).content.decode()
        last = html[html.index("Приходите во вторник") : html.index("</main>")]
        assert one_window.name in last
        assert f'href="{site.request.url}"' in last

    def test_search_engines_get_one_address_and_a_description(self, client, site, settings):
        site.programme.search_description = "Коротко о программе"
        site.programme.save()
        html = client.get(site.programme.url).content.decode()
        assert f'<link rel="canonical" href="{settings.WAGTAILADMIN_BASE_URL}{site.programme.url}">' in html
        assert '<meta name="description" content="Коротко о программе">' in html

    @pytest.mark.parametrize("name", [*PAGE_NAMES, "catalogue"])
    def test_no_public_page_opens_a_session_or_sets_a_cookie(self, client, site, name):
        response = client.get(getattr(site, name).url)
        assert not response.cookies
        assert not response.has_header("Vary")

    def test_a_page_asks_the_database_a_bounded_number_of_times(self, client, site, django_assert_max_num_queries):
        client.get(site.programme.url)
        with django_assert_max_num_queries(15):
            client.get(site.programme.url)


class TestMethodologyPage:
    @pytest.mark.parametrize(("days", "needs_review"), [(-1, True), (0, False), (1, False)])
    def test_a_text_whose_day_has_passed_needs_review(self, client, site, days, needs_review):
        site.entry.review_by = dt.datetime.now(tz=dt.UTC).astimezone().date() + dt.timedelta(days=days)
        site.entry.save()
        assert client.get(site.entry.url).context["needs_review"] is needs_review

    def test_a_text_without_a_day_never_does(self, client, site):
        assert client.get(site.entry.url).context["needs_review"] is False


class TestContactsPage:
    def test_an_agency_has_its_own_anchor_and_telephone(self, client, site, one_window):
        html = client.get(site.contacts.url).content.decode()
        assert f'id="{one_window.code}"' in html
        assert 'href="tel:+73833448354"' in html

    def test_a_closed_agency_is_not_listed(self, client, site, one_window):
        one_window.is_open = False
        one_window.save()
        assert list(client.get(site.contacts.url).context["kinds"]) == []

    def test_more_agencies_do_not_mean_more_questions(self, client, site, django_assert_max_num_queries):
        client.get(site.contacts.url)
        with django_assert_max_num_queries(18):
            client.get(site.contacts.url)


class TestContactRequestPage:
    @pytest.mark.parametrize(("below", "step"), [("", ""), ("gotovo/", "receipt"), ("sostoyanie/", "state")])
    def test_each_address_is_a_step_of_the_same_view(self, client, site, below, step):
        response = client.get(site.request.url + below)
        assert response.content.decode() == f"napisat-nam/{step}"

    def test_an_unknown_address_below_is_not_found(self, client, site):
        assert client.get(f"{site.request.url}drugoe/").status_code == 404

    def test_what_a_family_types_is_kept_by_no_cache(self, client, site):
        assert "no-store" in client.get(site.request.url)["Cache-Control"]


class TestOldAddresses:
    def test_an_old_address_leads_to_the_new_one(self, client, site):
        Redirect.objects.create(old_path="/old", redirect_page=site.programme)
        response = client.get("/old/")
        assert response.status_code == 301
        assert response.url.endswith(site.programme.url)


class TestSiteMap:
    def test_published_pages_are_on_the_map(self, client, site):
        site.text.unpublish()
        xml = client.get(reverse("sitemap")).content.decode()
        assert site.programme.url in xml
        assert site.text.url not in xml

    def test_robots_are_kept_out_of_the_desk_and_shown_the_map(self, client, site):
        text = client.get("/robots.txt").content.decode()
        assert "Disallow: /cases/" in text
        assert reverse("sitemap") in text


class TestHeadings:
    def test_have_latin_names_to_which_a_question_of_a_form_can_link(self, client, site):
        site.entry.body = [{"type": "heading", "value": "Как говорить с ребёнком"}]
        site.entry.save_revision().publish()
        assert '<h2 id="kak_govorit_s_rebenkom">' in client.get(site.entry.url).content.decode()
