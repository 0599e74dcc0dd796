"""The demo portal: loading it is polite, and every fact of the five sources has a home on some page."""

import html
import io
import re
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from casework.actions.council_steps import deciding
from casework.models import CaseProcedure, Council, CouncilMember
from forms_library.models import Agency, Edition, OfficialForm, ProcedurePage
from portal.demo.agencies import AGENCIES
from portal.demo.all_pages import PAGES
from portal.demo.staff import ACCOUNTS, DEMO_PASSWORD, memberships
from portal.models import ProgrammePage, SiteContacts
from tests.portal.source_facts import FACTS

WITH_A_COUNCIL = ("kdnizp-lesnoy", "oso-tomsk")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo portal, loaded once for the whole module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=io.StringIO(), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demo, db):
    """The demo portal, with the test's own changes undone after it."""


@pytest.fixture(scope="module")
def page_texts(demo, django_db_blocker):
    """What a visitor reads on every public page, by slug."""
    with django_db_blocker.unblock():
        return {page.slug: plain(Client().get(page.url).content.decode()) for page in public_pages()}


def public_pages():
    return list(Page.objects.descendant_of(home(), inclusive=True).live())


def home():
    return Site.objects.get(is_default_site=True).root_page


def named_in(block_type):
    """Return the slugs or codes that the blocks of one type point at."""
    streams = [value for page in PAGES for value in page.fields.values() if isinstance(value, list)]
    return {name for stream in streams for block in stream if block["type"] == block_type for name in block["value"]}


def plain(text):
    """Return the words of a page or of a fact, without tags and without differences nobody hears."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").replace("ё", "е").replace("Ё", "Е")
    return re.sub(r"\s+", " ", text).lower()


def census():
    counted = (Page, Revision, Site, Agency, OfficialForm, Edition, get_user_model())
    return Counter({model.__name__: model.objects.count() for model in counted})


class TestLoading:
    def test_everything_of_the_demo_is_there(self, loaded):
        slugs = {page.slug for page in public_pages()}

        assert slugs >= {page.slug for page in PAGES}
        assert set(Agency.objects.values_list("code", flat=True)) >= {agency.code for agency in AGENCIES}
        assert get_user_model().objects.filter(email__endswith="@ochag.example").count() == len(ACCOUNTS)

    def test_a_second_run_makes_nothing(self, loaded):
        before = census()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert census() == before

    def test_what_a_person_changed_stays_changed(self, loaded):
        page = ProgrammePage.objects.get(slug="mrg")
        page.title = "Changed by a person"
        page.save_revision().publish()
        Agency.objects.filter(code="kcson").update(name="Renamed by a person")
        contacts = SiteContacts.objects.get()
        contacts.phone = "8 (383) 111-11-11"
        contacts.save()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert ProgrammePage.objects.get(slug="mrg").title == "Changed by a person"
        assert Agency.objects.get(code="kcson").name == "Renamed by a person"
        assert SiteContacts.objects.get().phone == "8 (383) 111-11-11"

    def test_a_page_that_a_person_unpublished_stays_unpublished(self, loaded):
        ProgrammePage.objects.get(slug="mrg").unpublish()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert not ProgrammePage.objects.get(slug="mrg").live

    def test_a_run_that_was_killed_between_sketches_and_texts_is_finished_by_the_next(self, loaded):
        page = ProgrammePage.objects.get(slug="mrg")
        parent = page.get_parent()
        page.delete()
        Page.objects.get(pk=parent.pk).add_child(
            instance=ProgrammePage(title="Sketch", slug="mrg", summary="Sketch", live=False)
        )

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        finished = ProgrammePage.objects.get(slug="mrg")
        assert finished.live
        assert len(finished.body) > 0

    def test_pages_are_published_by_the_editor_and_have_no_unpublished_changes(self, loaded):
        editor = get_user_model().objects.get(email="redaktor@ochag.example")

        for page in public_pages():
            if page.slug in {demo_page.slug for demo_page in PAGES}:
                assert page.live_revision.user == editor
                assert not page.has_unpublished_changes

    def test_every_link_between_pages_leads_to_a_page(self, loaded):
        procedures = set(ProcedurePage.objects.live().values_list("slug", flat=True))
        assert named_in("pages") <= procedures | {page.slug for page in PAGES}
        assert procedures <= named_in("pages")

    def test_every_form_that_a_page_names_is_in_force(self, loaded):
        assert named_in("forms") <= set(OfficialForm.objects.live().values_list("code", flat=True))

    def test_wagtails_welcome_page_is_gone(self, loaded):
        assert Page.objects.filter(depth=2).count() == 1


class TestCouncils:
    def test_decide_in_their_own_district_and_organisation_and_nowhere_else(self, loaded):
        deciders = {}
        for followed in CaseProcedure.objects.select_related("edition", "case__agency"):
            found = deciding(followed, today=timezone.localdate())
            deciders[followed.case.agency.code, followed.edition.code] = {council.kind for council in found.values()}

        assert deciders["kdnizp-lesnoy", "nso_interagency"] == {"territorial_consilium"}
        assert deciders["oso-tomsk", "tom_support"] == {"org_consilium"}
        elsewhere = [kinds for (code, _procedure), kinds in deciders.items() if code not in WITH_A_COUNCIL]
        assert elsewhere
        assert not any(elsewhere)

    def test_a_second_run_founds_none(self, loaded):
        members = CouncilMember.objects.count()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert Council.objects.count() == 3
        assert CouncilMember.objects.count() == members
        assert CouncilMember.objects.filter(person=None).exists()


class TestAccounts:
    def test_the_demo_password_opens_an_account(self, loaded):
        assert get_user_model().objects.get(email="kcson.specialist@ochag.example").check_password(DEMO_PASSWORD)

    def test_only_the_administrator_is_a_superuser(self, loaded):
        superusers = get_user_model().objects.filter(is_superuser=True).values_list("email", flat=True)

        assert list(superusers) == ["admin@ochag.example"]

    def test_every_agency_that_takes_requests_has_a_head_and_a_specialist(self):
        staffed = {(member["agency"], member["role"]) for member in memberships()}

        for agency in AGENCIES:
            if agency.takes_requests:
                assert {(agency.code, "head"), (agency.code, "specialist")} <= staffed

    def test_the_table_names_every_account_and_changes_nothing(self, db):
        before = census()
        output = io.StringIO()

        call_command("load_demo", "--table", stdout=output)

        assert all(account.email in output.getvalue() for account in ACCOUNTS)
        assert census() == before


class TestPages:
    @pytest.mark.parametrize("slug", [page.slug for page in PAGES])
    def test_the_page_opens(self, loaded, client, slug):
        page = Page.objects.descendant_of(home(), inclusive=True).get(slug=slug)

        assert client.get(page.url).status_code == 200

    @pytest.mark.parametrize(
        "page", [page for page in PAGES if page.kind == "ProgrammePage"], ids=lambda page: page.slug
    )
    def test_a_programme_ends_with_what_to_do_next(self, page):
        assert page.fields["next_step"]
        assert page.contact_agency

    @pytest.mark.parametrize(
        "page", [page for page in PAGES if page.kind == "MethodologyPage"], ids=lambda page: page.slug
    )
    def test_a_methodological_page_says_who_answers_for_it_and_until_when(self, page):
        assert page.fields["text_owner"]
        assert page.fields["legal_basis"]
        assert page.fields["review_by"]


class TestSources:
    @pytest.mark.parametrize(("source", "slug"), FACTS)
    def test_every_fact_has_a_home(self, page_texts, source, slug):
        homeless = [fact for fact in FACTS[source, slug] if plain(fact) not in page_texts[slug]]

        assert homeless == []

    def test_the_curator_has_thirteen_duties(self):
        page = next(page for page in PAGES if page.slug == "kurator-sluchaya")

        assert [len(block["value"]) for block in page.fields["body"] if block["type"] == "steps"] == [13]

    def test_the_professional_family_has_ten_steps(self):
        page = next(page for page in PAGES if page.slug == "professionalnaya-semya")

        assert [len(block["value"]) for block in page.fields["body"] if block["type"] == "steps"] == [10]

    def test_the_real_telephone_is_given_as_the_source_gives_it(self, loaded):
        agency = Agency.objects.get(code="zhemchuzhina")

        assert [phone.number for phone in agency.phones.all()] == ["344-83-54"]
        assert not agency.address
        assert not agency.opening_hours.exists()
