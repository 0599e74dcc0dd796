"""What every page of the public site shows around its text: the menu, the way back, whom to call.

All of them work on error pages too: with no page, no site and no settings they answer with nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from wagtail.models import Page, Site

from forms_library.models.form_fields import field_key
from portal import surroundings
from portal.telephones import tel_href

register = template.Library()


class MenuItem(NamedTuple):
    """A link of the menu or of the way back."""

    title: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Contacts:
    """Whom to call from any page of the site."""

    phone: str = ""
    phone_href: str = ""
    hours: str = ""
    hours_today: str = ""
    is_open_now: bool = False
    state_text: str = ""
    clock: str = ""
    one_window_name: str = ""
    emergency_text: str = ""
    notice: str = ""
    quick_exit_url: str = ""
    request_url: str = ""
    request_title: str = ""


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[MenuItem]:
    """Return the published pages under the home page that editors have put into the menu."""
    request, site = _request_and_site(context)
    if request is None or site is None:
        return []
    return [_link(section, request) for section in surroundings.sections(request, site) if section.is_in_menu]


@register.simple_tag(takes_context=True)
def about_pages(context: Context) -> list[MenuItem]:
    """Return the plain pages under the home page that are not in the menu: about the site, its rules, personal data."""
    request, site = _request_and_site(context)
    if request is None or site is None:
        return []
    sections = surroundings.sections(request, site)
    return [_link(section, request) for section in sections if section.is_plain_text and not section.is_in_menu]


@register.simple_tag(takes_context=True)
def breadcrumbs(context: Context) -> list[MenuItem]:
    """Return the way back from this page to the home page: its ancestors, the home page first, never itself."""
    request, site = _request_and_site(context)
    page = context.get("page")
    if request is None or site is None or not isinstance(page, Page) or page.depth is None:
        return []
    return [MenuItem(above.title, above.url) for above in surroundings.ancestors(request, site, page)]


@register.simple_tag(takes_context=True)
def site_contacts(context: Context) -> Contacts:
    """Return whom to call now and where to ask to be contacted."""
    request, site = _request_and_site(context)
    if request is None or site is None:
        return Contacts()
    # Asked for by several parts of one page: counted once.
    known: Contacts | None = getattr(request, "_site_contacts", None)
    if known is None:
        known = _contacts(request, site, at=timezone.now())
        request._site_contacts = known  # type: ignore[attr-defined]
    return known


@register.simple_tag(takes_context=True)
def canonical_url(context: Context) -> str:
    """Return the one address of this page that search engines should keep; empty when there is no page."""
    request = context.get("request")
    page = context.get("page")
    address = page.get_url(request) if isinstance(page, Page) and request is not None else ""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{address}" if address else ""


@register.filter
def anchor(heading: str) -> str:
    """Return the Latin name of a heading, by which a question of a form can link to the paragraph that explains it."""
    return field_key(heading)


@register.filter
def tel(number: str) -> str:
    """Return the `tel:` address of a telephone number."""
    return tel_href(str(number))


def _request_and_site(context: Context) -> tuple[HttpRequest | None, Site | None]:
    request = context.get("request")
    return (request, Site.find_for_request(request)) if request is not None else (None, None)


def _link(section: surroundings.Section, request: HttpRequest) -> MenuItem:
    return MenuItem(section.title, section.url, is_current=request.path.startswith(section.url))


def _contacts(request: HttpRequest, site: Site, *, at: dt.datetime) -> Contacts:
    desk = surroundings.desk(request, site)
    state = desk.state(at=at)
    request_page = next((page for page in surroundings.sections(request, site) if page.takes_requests), None)
    return Contacts(
        phone=desk.phone,
        phone_href=desk.phone_href,
        hours=desk.hours,
        hours_today=state.hours_today if state else desk.hours,
        is_open_now=bool(state and state.is_open),
        state_text=state.sentence if state else "",
        clock=desk.clock(at=at),
        one_window_name=desk.one_window_name,
        emergency_text=desk.emergency_text,
        notice=desk.notice,
        quick_exit_url=desk.quick_exit_url,
        request_url=request_page.url if request_page else "",
        request_title=request_page.title if request_page else "",
    )
