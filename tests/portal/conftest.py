"""A small site to look at: a home page with one page of each kind under it."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page, Site

from forms_library.models import Agency, AgencyKind, AgencyPhone, FormsCatalogue, OfficialForm, OpeningHours
from portal.models import (
    ContactRequestPage,
    ContactsPage,
    HomePage,
    MethodologyIndexPage,
    MethodologyPage,
    ProgrammeIndexPage,
    ProgrammePage,
    SiteContacts,
    TextPage,
)


def take_request(request: HttpRequest, page: Page, step: str) -> HttpResponse:
    """Stand in for the view of the protected records: say which step was asked for."""
    return HttpResponse(f"{page.slug}/{step}")


@pytest.fixture(autouse=True)
def no_page_cache(settings):
    settings.PUBLIC_PAGE_CACHE_SECONDS = 0
    settings.CONTACT_REQUEST_VIEW = "tests.portal.conftest.take_request"
    cache.clear()


@pytest.fixture
def one_window(db) -> Agency:
    agency = Agency.objects.create(
        code="okno",
        name="Служба «Единое окно»",
        short_name="Единое окно",
        kind=AgencyKind.ONE_WINDOW,
        territory="Район",
    )
    AgencyPhone.objects.create(agency=agency, number="8 (383) 344-83-54", note="дежурный")
    for weekday in range(5):
        OpeningHours.objects.create(agency=agency, weekday=weekday, opens_at=dt.time(9), closes_at=dt.time(18))
    return agency


@pytest.fixture
def official_form(site) -> OfficialForm:
    """A published official form in the catalogue of the small site."""
    form = OfficialForm(title="План мероприятий", slug="plan", code="plan", purpose="Помощь семье", filled_by="Куратор")
    form.received_by, form.legal_basis, form.issuing_agency = "Комиссия", "Порядок", site.settings.one_window
    # Only a live page is wanted here: how a form comes into force is told in the tests of the library.
    return site.catalogue.add_child(instance=form)


@pytest.fixture
def site(db, one_window) -> SimpleNamespace:
    """The pages of a small site by their names, `site.site` and `site.contacts`."""
    root = Page.get_first_root_node()
    for child in root.get_children():
        child.delete()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title="Портал", slug="home"))
    saved, _created = Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    programmes = home.add_child(instance=ProgrammeIndexPage(title="Программы", slug="programmy", show_in_menus=True))
    methodology = home.add_child(instance=MethodologyIndexPage(title="Методика", slug="metodika"))
    pages = SimpleNamespace(
        site=saved,
        home=home,
        programmes=programmes,
        programme=programmes.add_child(
            instance=ProgrammePage(title="Возвращение ребёнка", slug="vozvrat", summary="Выплаты и поддержка семьи")
        ),
        methodology=methodology,
        entry=methodology.add_child(
            instance=MethodologyPage(title="Порядок", slug="poryadok", text_owner="Методист центра")
        ),
        contacts=home.add_child(instance=ContactsPage(title="Контакты", slug="kontakty", show_in_menus=True)),
        request=home.add_child(instance=ContactRequestPage(title="Попросить связаться", slug="napisat-nam")),
        text=home.add_child(instance=TextPage(title="О портале", slug="o-portale")),
        catalogue=home.add_child(instance=FormsCatalogue(title="Формы", slug="formy")),
    )
    pages.settings = SiteContacts.objects.create(site=saved, phone="8 (383) 344-83-54", one_window=one_window)
    Site.clear_site_root_paths_cache()
    return pages
