"""Contacts: every agency that works now, how to reach it and what to come with."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from forms_library.models import Agency, AgencyKind, CalendarDay
from portal.blocks import body_blocks
from portal.models.pages import PublicPage
from portal.opening_hours import OpeningState, WeekRow, moscow_offset, opening_state, weekly_rows


@dataclass(frozen=True)
class AgencyCard:
    """An agency as the contacts page shows it at one moment."""

    agency: Agency
    state: OpeningState
    week: list[WeekRow]
    clock: str


class ContactsPage(PublicPage):
    """The list of agencies, kind by kind."""

    intro = models.TextField(_("introduction"), blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text after the list"), blank=True)

    searched_fields = ("intro", "body")
    content_panels = [*PublicPage.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    template = "portal/contacts_page.html"

    class Meta:
        verbose_name = _("contacts page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the agencies that work now, as pairs of a kind and its cards."""
        context = super().get_context(request, *args, **kwargs)
        context["kinds"] = list(agencies_by_kind(at=timezone.now()))
        return context


def agencies_by_kind(*, at: dt.datetime) -> Iterator[tuple[str, list[AgencyCard]]]:
    """Yield each kind that has agencies, in the order of `AgencyKind`, with their cards at the moment `at`."""
    agencies = Agency.objects.open().prefetch_related("phones", "opening_hours").order_by("name")
    calendars = CalendarDay.objects.calendars()
    cards: dict[str, list[AgencyCard]] = {}
    for agency in agencies:
        cards.setdefault(agency.kind, []).append(_card(agency, at, calendars.of(agency).days_off))
    for kind in AgencyKind:
        if kind in cards:
            yield str(kind.label), cards[kind]


def _card(agency: Agency, at: dt.datetime, days_off: frozenset[dt.date]) -> AgencyCard:
    hours = list(agency.opening_hours.all())
    return AgencyCard(
        agency=agency,
        state=opening_state(hours, agency.local(at), days_off),
        week=weekly_rows(hours),
        clock=moscow_offset(agency.time_zone, at),
    )
