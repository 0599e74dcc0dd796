"""Puts the demo portal into the database, politely.

Everything here makes what is missing and leaves what exists alone, so a second run changes nothing and a run that was
killed can simply be repeated. Pages are made in two passes, because pages and forms point at each other: first every
page as an unpublished sketch, then, when all of them and the forms have a number, the whole text, published.
"""

from dataclasses import asdict
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Page, Site

from forms_library import permissions
from forms_library.models import Agency, AgencyPhone, LocalService, OfficialForm, OpeningHours, ServiceAudience
from portal.accounts.models import User
from portal.demo.agencies import AGENCIES, ONE_WINDOW, SITE_CONTACTS, DemoAgency
from portal.demo.all_pages import PAGES
from portal.demo.local_services import SERVICES, DemoService
from portal.demo.site_pages import HOME
from portal.demo.staff import (
    ACCOUNTS,
    ADMINISTRATOR,
    APPROVER,
    DEMO_PASSWORD,
    METHODOLOGIST,
    PORTAL_EDITOR,
    DemoAccount,
)
from portal.demo.writing import Block, DemoPage
from portal.models import HomePage, SiteContacts

GROUP_OF_ACCOUNT = {
    METHODOLOGIST: permissions.METHODOLOGISTS,
    APPROVER: permissions.APPROVERS,
    PORTAL_EDITOR: permissions.EDITORS,
}


class Made(NamedTuple):
    """How many things a step made and how many it found there already."""

    made: int
    kept: int


def _count(flags: list[bool]) -> Made:
    return Made(made=sum(flags), kept=len(flags) - sum(flags))


# Agencies and staff


def load_agencies() -> Made:
    """Make the agencies whose code is not taken."""
    return _count([_load_agency(agency) for agency in AGENCIES])


@transaction.atomic
def _load_agency(demo: DemoAgency) -> bool:
    if Agency.objects.filter(code=demo.code).exists():
        return False
    agency = Agency(
        code=demo.code,
        kind=demo.kind,
        name=demo.name,
        short_name=demo.short_name,
        territory=demo.territory,
        region=demo.region,
        address=demo.address,
        directions=demo.directions,
        email=demo.email,
        time_zone=demo.time_zone,
        helps_with=demo.helps_with,
        bring_along=demo.bring_along,
        takes_requests=demo.takes_requests,
    )
    agency.phones = [AgencyPhone(number=number, note=note) for number, note in demo.phones]
    agency.opening_hours = [
        OpeningHours(weekday=weekday, opens_at=opens_at, closes_at=closes_at)
        for weekdays, opens_at, closes_at in demo.hours
        for weekday in weekdays
    ]
    agency.full_clean()
    agency.save()
    return True


def load_staff() -> Made:
    """Make the accounts whose e-mail is not taken; their groups must be there (`forms_library.permissions.set_up`)."""
    return _count([_load_account(account) for account in ACCOUNTS])


@transaction.atomic
def _load_account(demo: DemoAccount) -> bool:
    if User.objects.filter(email=demo.email).exists():
        return False
    make = User.objects.create_superuser if demo.email == ADMINISTRATOR else User.objects.create_user
    user = make(
        email=demo.email,
        password=DEMO_PASSWORD,
        last_name=demo.last_name,
        first_name=demo.first_name,
        patronymic=demo.patronymic,
        post=demo.post,
        work_phone=demo.work_phone,
    )
    if demo.email in GROUP_OF_ACCOUNT:
        user.groups.add(Group.objects.get(name=GROUP_OF_ACCOUNT[demo.email]))
    return True


# The site


@transaction.atomic
def load_site() -> Made:
    """Put our home page in the place of Wagtail's welcome page; a site that has its own home page is left alone."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and issubclass(site.root_page.specific_class or Page, HomePage):
        return Made(made=0, kept=1)
    welcome = site.root_page if site else None
    if welcome and welcome.slug == HOME.slug:
        welcome.slug = f"{HOME.slug}-wagtail"
        welcome.save(clean=False)
    home = _sketch(HOME, parent=Page.get_first_root_node())
    _point_site(site, home)
    if welcome and welcome.specific_class is Page and not welcome.get_children().exists():
        Page.objects.get(pk=welcome.pk).delete()
    return Made(made=1, kept=0)


def _point_site(site: Site | None, home: Page) -> None:
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = site or Site(is_default_site=True)
    site.root_page = home
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.save()


def load_local_services() -> Made:
    """Put the services of the invented districts on the map, unless one of that name is there."""
    return _count([_load_service(service) for service in SERVICES])


@transaction.atomic
def _load_service(demo: DemoService) -> bool:
    if LocalService.objects.filter(name=demo.name, territory=demo.territory).exists():
        return False
    words = asdict(demo)
    audiences, agency = words.pop("audiences"), Agency.objects.get(code=words.pop("agency"))
    places_on = demo.checked_on if demo.free_places is not None else None
    service = LocalService(**words, agency=agency, places_on=places_on)
    service.audiences = [ServiceAudience(who=who) for who in audiences]
    service.full_clean()
    service.save()
    return True


@transaction.atomic
def load_contacts() -> Made:
    """Fill the telephones of the site, if nobody has touched them yet."""
    contacts = SiteContacts.for_site(Site.objects.get(is_default_site=True))
    if contacts.phone or contacts.one_window_id or contacts.emergency_text or contacts.notice:
        return Made(made=0, kept=1)
    for name, value in SITE_CONTACTS.items():
        setattr(contacts, name, value)
    contacts.one_window = Agency.objects.filter(code=ONE_WINDOW.code).first()
    contacts.save()
    return Made(made=1, kept=0)


# Pages


def sketch_pages() -> Made:
    """Make the missing pages, unpublished and without links to each other, so that every page has a number."""
    home = _home()
    return _count([_sketch_missing(demo, home) for demo in PAGES if demo is not HOME])


@transaction.atomic
def _sketch_missing(demo: DemoPage, home: Page) -> bool:
    if _page(demo.slug) is not None:
        return False
    parent = _page(demo.parent) if demo.parent else home
    if parent is None:
        return False  # somebody took away the page above: nothing to hang this one on
    _sketch(demo, parent=parent)
    return True


def _sketch(demo: DemoPage, *, parent: Page) -> Page:
    model = apps.get_model("portal", demo.kind)
    page: Page = model(
        title=demo.title,
        slug=demo.slug,
        search_description=demo.search_description,
        show_in_menus=demo.in_menu,
        live=False,
        has_unpublished_changes=True,
        **{name: value for name, value in demo.fields.items() if not isinstance(value, list)},
    )
    # treebeard keeps counts on the object it is given, so it must be a fresh one.
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    return page


def publish_pages() -> Made:
    """Write the whole text of every sketch and publish it; pages that were ever saved by anybody are left alone."""
    editor = User.objects.filter(email=PORTAL_EDITOR).first()
    return _count([_publish(demo, editor) for demo in PAGES])


@transaction.atomic
def _publish(demo: DemoPage, editor: User | None) -> bool:
    found = _home() if demo is HOME else _page(demo.slug)
    if found is None or found.latest_revision_id or found.live:
        return False
    page = found.specific
    page.owner = editor
    if demo.contact_agency:
        page.contact_agency = Agency.objects.filter(code=demo.contact_agency).first()
    for name, value in demo.fields.items():
        if isinstance(value, list):
            setattr(page, name, _stream(page, name, value))
    page.save_revision(user=editor, clean=True).publish(user=editor, skip_permission_checks=True)
    return True


def _stream(page: Page, name: str, content: list[Block]) -> Any:
    """Return the value of a StreamField in which every block has its lasting id."""
    field: Any = page._meta.get_field(name)
    linked = [block for block in map(_linked, content) if block["value"]]
    value = field.stream_block.to_python(linked)
    list(value)  # a block that was never looked at gives its items no ids
    return field.stream_block.to_python(field.stream_block.get_prep_value(value))


def _linked(block: Block) -> Block:
    """Return `block` with codes of forms and slugs of pages replaced by numbers; those that are missing are left "
    "out."""
    if block["type"] == "forms":
        found = dict(OfficialForm.objects.filter(code__in=block["value"]).values_list("code", "pk"))
    elif block["type"] == "pages":
        found = {slug: page.pk for slug in block["value"] if (page := _page(slug)) is not None}
    else:
        return block
    return {"type": block["type"], "value": [found[name] for name in block["value"] if name in found]}


def _home() -> Page:
    return Site.objects.select_related("root_page").get(is_default_site=True).root_page


def _page(slug: str) -> Page | None:
    return Page.objects.descendant_of(_home()).filter(slug=slug).order_by("path").first()
