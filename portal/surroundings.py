"""What stands around every public page: the sections of the site, the way back, whom to call.

It is the same on every page, so each piece is read once and kept until something is published (page_cache). What the
clock or the visitor decides («open now», the current link) is worked out for each page.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from wagtail.models import Page, Site

from forms_library.models import CalendarDay
from portal.models import ContactRequestPage, SiteContacts, TextPage
from portal.opening_hours import OpeningState, moscow_offset, opening_state
from portal.page_cache import kept_surroundings
from portal.telephones import tel_href


class Section(NamedTuple):
    """A published page right under the home page."""

    title: str
    url: str
    is_in_menu: bool
    is_plain_text: bool
    takes_requests: bool


class Ancestor(NamedTuple):
    """A page on the way back to the home page."""

    title: str
    url: str


@dataclass
class Hours:
    """A stretch of one weekday when somebody answers."""

    weekday: int
    opens_at: dt.time
    closes_at: dt.time


class Desk(NamedTuple):
    """Whom to call, as the editors have written it down."""

    phone: str
    phone_href: str
    hours: str
    one_window_name: str
    emergency_text: str
    notice: str
    quick_exit_url: str
    opening_hours: tuple[Hours, ...]
    time_zone: str
    days_off: frozenset[dt.date]

    def state(self, *, at: dt.datetime) -> OpeningState | None:
        """Return whether somebody answers at the moment `at`; `None` when no hours are known."""
        if not self.opening_hours:
            return None
        return opening_state(self.opening_hours, at.astimezone(ZoneInfo(self.time_zone)), self.days_off)

    def clock(self, *, at: dt.datetime) -> str:
        """Return how far its clock is from Moscow; empty when no hours are known."""
        return moscow_offset(self.time_zone, at) if self.opening_hours else ""


def sections(request: HttpRequest, site: Site) -> tuple[Section, ...]:
    """Return the published pages right under the home page that everybody may read, in the order of the editors."""
    return _once(request, f"sections of {site.pk}", lambda: _read_sections(request, site))


def ancestors(request: HttpRequest, site: Site, page: Page) -> tuple[Ancestor, ...]:
    """Return the published pages above `page`, the home page first."""
    above = page.path[: -page.steplen]  # neighbours have the same way back
    return _once(request, f"above {above} of {site.pk}", lambda: _read_ancestors(request, site, page))


def desk(request: HttpRequest, site: Site) -> Desk:
    """Return whom to call."""
    return _once(request, f"desk of {site.pk}", lambda: _read_desk(site))


def _once(request: HttpRequest, key: str, read: Callable[[], Any]) -> Any:
    # Several parts of one page ask for the same, also when nothing is kept for the next page.
    known = request.__dict__.setdefault("_surroundings", {})
    if key not in known:
        known[key] = kept_surroundings(key, read)
    return known[key]


def _read_sections(request: HttpRequest, site: Site) -> tuple[Section, ...]:
    return tuple(
        Section(
            title=page.title,
            url=page.get_url(request) or "/",
            is_in_menu=page.show_in_menus,
            is_plain_text=page.specific_class is TextPage,
            takes_requests=page.specific_class is ContactRequestPage,
        )
        for page in site.root_page.get_children().live().public()
    )


def _read_ancestors(request: HttpRequest, site: Site, page: Page) -> tuple[Ancestor, ...]:
    pages = page.get_ancestors().live().filter(depth__gte=site.root_page.depth) if page.depth > 1 else ()
    return tuple(Ancestor(above.title, above.get_url(request) or "/") for above in pages)


def _read_desk(site: Site) -> Desk:
    saved = SiteContacts.base_queryset().filter(site=site).first() or SiteContacts(site=site)
    agency = saved.one_window
    rows = agency.opening_hours.all() if agency and agency.is_open else ()
    hours = tuple(Hours(row.weekday, row.opens_at, row.closes_at) for row in rows)
    return Desk(
        phone=saved.phone,
        phone_href=tel_href(saved.phone),
        hours=saved.hours,
        one_window_name=agency.name if agency else "",
        emergency_text=saved.emergency_text,
        notice=saved.notice,
        quick_exit_url=saved.quick_exit_url,
        opening_hours=hours,
        time_zone=agency.time_zone if agency else "",
        days_off=CalendarDay.objects.working_calendar(agency).days_off if hours else frozenset(),
    )
