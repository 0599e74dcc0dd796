"""Search finds what a parent means, and nothing that is not published."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

pytestmark = pytest.mark.django_db


def titles(client, query: str) -> list[str]:
    return [page.title for page in client.get(reverse("search"), {"q": query}).context["page_obj"]]


class TestSearch:
    @pytest.mark.parametrize("query", ["выплаты", "выплата", "выплатами", "ВЫПЛАТА", "ребёнок", "ребенка", "дети"])
    def test_any_inflection_finds_the_page(self, client, site, query):
        assert site.programme.title in titles(client, query)

    def test_all_the_words_must_be_there(self, client, site):
        assert titles(client, "выплаты слонам") == []

    def test_words_of_the_body_are_found(self, client, site):
        site.text.body = [{"type": "facts", "value": [{"term": "консилиум", "meaning": "Совет специалистов"}]}]
        site.text.save()
        assert titles(client, "консилиумы") == [site.text.title]

    def test_official_forms_are_found_with_the_pages(self, client, site, official_form):
        assert titles(client, "планы мероприятий") == [official_form.title]

    def test_a_page_for_signed_in_people_is_not_found(self, client, site):
        PageViewRestriction.objects.create(page=site.programme, restriction_type=PageViewRestriction.LOGIN)
        assert titles(client, "выплаты") == []

    def test_an_unpublished_page_is_not_found(self, client, site):
        site.programme.unpublish()
        assert titles(client, "выплаты") == []

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "   ",
            "\x00",
            "'\"*()-:^",
            "AND OR NOT",
            "NEAR(",
            "%_\\",
            "😀",
            "\u202eабв",
            "а" * 10_000,
            "<b>",
            "{{ 7*7 }}",
        ],
    )
    def test_strange_words_are_answered_calmly(self, client, site, query):
        response = client.get(reverse("search"), {"q": query})
        assert response.status_code == 200
        assert len(response.context["query"]) <= 200

    @pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, ""])
    def test_strange_page_numbers_are_answered_calmly(self, client, site, number):
        assert client.get(reverse("search"), {"q": "выплаты", "page": number}).status_code == 200

    def test_long_lists_are_cut_into_pages(self, client, site):
        for number in range(12):
            page = type(site.text)(title=f"Справка {number}", slug=f"spravka-{number}")
            site.home.add_child(instance=page)
        response = client.get(reverse("search"), {"q": "справки", "page": "2"})
        assert response.context["total"] == 12
        assert len(response.context["page_obj"]) == 2

    def test_what_was_looked_for_is_not_written_down(self, client, site, caplog):
        client.get(reverse("search"), {"q": "выплаты"})
        assert "выплаты" not in caplog.text
