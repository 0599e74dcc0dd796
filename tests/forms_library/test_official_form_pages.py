"""What visitors see of official forms, and the blanks they take home."""

import io
import zipfile

import pytest
from django.urls import reverse

from forms_library.models import EditionEnd, FormField
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(lib):
    form = drafting.draft(lib)
    page = form.get_latest_revision_as_object()
    page.form_fields.add(FormField(label="Согласие даётся на один год.", field_type="note"))
    page.save_revision(user=lib.methodologist)
    return form


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestCatalogue:
    def test_lists_only_what_is_in_force(self, lib, form, client):
        draft = drafting.draft(lib, title="Только черновик")
        drafting.put_in_force(lib, form)
        page = text_of(client.get(lib.catalogue.url))
        assert form.title in page
        assert draft.title not in page

    def test_says_when_it_is_empty(self, lib, client):
        assert 'class="empty"' in text_of(client.get(lib.catalogue.url))

    def test_takes_the_same_number_of_queries_for_any_number_of_forms(self, lib, client, django_assert_max_num_queries):
        for _number in range(3):
            drafting.put_in_force(lib, drafting.draft(lib))
        client.get(lib.catalogue.url)
        with django_assert_max_num_queries(25):
            client.get(lib.catalogue.url)


class TestFormPage:
    def test_is_not_there_for_a_draft(self, lib, form, client):
        assert client.get(form.get_url()).status_code == 404

    def test_shows_what_the_edition_in_force_says(self, lib, form, client):
        edition = drafting.put_in_force(lib, form)
        page = text_of(client.get(form.get_url()))
        for words in (edition.code, edition.title, edition.purpose, edition.filled_by, edition.received_by):
            assert words in page
        assert edition.issuing_agency_name in page
        assert edition.legal_basis in page

    def test_prints_notes_and_questions_as_text(self, lib, form, client):
        drafting.put_in_force(lib, form)
        page = text_of(client.get(form.get_url()))
        assert "Согласие даётся на один год." in page
        assert "Имя" in page

    def test_lists_earlier_editions_with_their_blanks(self, lib, form, client):
        drafting.put_in_force(lib, form)
        drafting.rename(form, "Вторая редакция", by=lib.methodologist)
        drafting.put_in_force(lib, form)
        page = text_of(client.get(form.get_url()))
        for number in (1, 2):
            assert reverse("forms_library:blank_form", args=[form.code, number]) in page

    def test_does_not_show_the_next_draft(self, lib, form, client):
        drafting.put_in_force(lib, form)
        drafting.rename(form, "Ещё не утверждено", by=lib.methodologist)
        assert "Ещё не утверждено" not in text_of(client.get(form.get_url()))

    def test_is_the_same_for_everybody_and_sets_no_cookie(self, lib, form, client):
        drafting.put_in_force(lib, form)
        response = client.get(form.get_url())
        assert reverse("casework:start_form", args=[form.code]) in text_of(response)
        assert not response.cookies

    def test_takes_nothing_that_is_posted(self, lib, form, client):
        drafting.put_in_force(lib, form)
        client.post(form.get_url(), {"name": "Пётр"})
        assert "Пётр" not in text_of(client.get(form.get_url()))

    def test_shows_markup_in_a_label_literally(self, lib, client):
        form = drafting.draft(lib, title="<script>alert(1)</script>")
        drafting.put_in_force(lib, form)
        assert "<script>alert(1)" not in text_of(client.get(form.get_url()))


class TestWithdrawnForm:
    @pytest.fixture
    def withdrawn(self, lib, form):
        drafting.put_in_force(lib, form)
        drafting.rename(form, "Вторая редакция", by=lib.methodologist)
        drafting.put_in_force(lib, form)
        drafting.fresh(form).unpublish()
        return drafting.fresh(form)

    def test_stays_at_its_address_and_says_since_when(self, lib, withdrawn, client):
        response = client.get(withdrawn.get_url())
        page = text_of(response)
        last = EditionEnd.objects.get(reason=EditionEnd.Reason.WITHDRAWN).in_force_to
        assert response.context["edition"] is None
        assert response.context["not_in_force_since"] == last
        assert "callout" in page
        assert "Вторая редакция" in page

    def test_lists_its_editions_with_blanks_and_offers_nothing_to_fill_in(self, lib, withdrawn, client):
        page = text_of(client.get(withdrawn.get_url()))
        for number in (1, 2):
            url = reverse("forms_library:blank_form", args=[withdrawn.code, number])
            assert page.count(url) == 1
            assert client.get(url).status_code == 200
        assert reverse("casework:start_form", args=[withdrawn.code]) not in page

    def test_is_named_apart_in_the_catalogue(self, lib, withdrawn, client):
        response = client.get(lib.catalogue.url)
        assert not response.context["editions"]
        assert [edition.number for edition in response.context["withdrawn"]] == [2]
        assert withdrawn.get_url() in text_of(response)

    def test_is_not_on_the_map_of_the_site_nor_in_the_search(self, lib, withdrawn, client):
        assert withdrawn.get_url() not in text_of(client.get(reverse("sitemap")))
        assert withdrawn.get_url() not in text_of(client.get(reverse("search"), {"q": "Вторая редакция"}))

    def test_does_not_show_the_next_draft(self, lib, withdrawn, client):
        drafting.rename(withdrawn, "Ещё не утверждено", by=lib.methodologist)
        assert "Ещё не утверждено" not in text_of(client.get(withdrawn.get_url()))
        assert "Ещё не утверждено" not in text_of(client.get(lib.catalogue.url))

    def test_comes_back_into_force_with_its_next_edition(self, lib, withdrawn, client):
        drafting.put_in_force(lib, withdrawn)
        response = client.get(lib.catalogue.url)
        assert [edition.number for edition in response.context["editions"]] == [3]
        assert not response.context["withdrawn"]
        assert client.get(withdrawn.get_url()).context["not_in_force_since"] is None

    def test_has_nothing_below_it(self, lib, withdrawn, client):
        assert client.get(f"{withdrawn.get_url()}more/").status_code == 404


class TestBlank:
    def test_is_a_word_document_with_a_readable_name(self, lib, form, client):
        edition = drafting.put_in_force(lib, form)
        response = client.get(reverse("forms_library:blank_form", args=[form.code, edition.number]))
        assert response.status_code == 200
        assert response["Content-Type"].endswith("wordprocessingml.document")
        assert ".docx" in response["Content-Disposition"]
        assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(response.content)).namelist()

    def test_is_the_same_every_time(self, lib, form, client):
        edition = drafting.put_in_force(lib, form)
        url = reverse("forms_library:blank_form", args=[form.code, edition.number])
        assert client.get(url).content == client.get(url).content

    def test_of_an_earlier_edition_stays(self, lib, form, client):
        drafting.put_in_force(lib, form)
        drafting.fresh(form).unpublish()
        assert client.get(reverse("forms_library:blank_form", args=[form.code, 1])).status_code == 200

    @pytest.mark.parametrize(("code", "number"), [("unknown", 1), (None, 7)])
    def test_of_an_unknown_edition_is_not_found(self, lib, form, client, code, number):
        drafting.put_in_force(lib, form)
        assert client.get(reverse("forms_library:blank_form", args=[code or form.code, number])).status_code == 404

    def test_is_only_read(self, lib, form, client):
        drafting.put_in_force(lib, form)
        assert client.post(reverse("forms_library:blank_form", args=[form.code, 1])).status_code == 405
