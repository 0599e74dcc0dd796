"""Tasks in people's own calendars: the page with the secret address, and the file that lies there."""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from casework import ics
from casework.actions import calendar_feeds
from casework.forms import FeedForm
from casework.notifications import task_address
from casework.views.doors import staff_only

MOST_AN_HOUR = 600
"""From one address: a whole office, whose calendars look a few times an hour each. No secret is guessed at this speed."""


@staff_only
def calendar(request: HttpRequest) -> HttpResponse:
    """Show how to see tasks in one's own calendar; a POST makes a new address and shows it, once."""
    form, address = FeedForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        secret = calendar_feeds.make_feed(owner=request.user, token=form.cleaned_data["token"], at=timezone.now())
        address = settings.WAGTAILADMIN_BASE_URL + reverse("casework:calendar_feed", args=[secret])
    # A new page has a new token, so pressing the button there makes another address.
    context = {"form": FeedForm(), "feed": calendar_feeds.feed_of(request.user), "address": address}
    return render(request, "casework/calendar_feed.html", context)


@require_POST
@staff_only
def switch_off(request: HttpRequest) -> HttpResponse:
    """Let the address lead nowhere."""
    calendar_feeds.switch_off(owner=request.user)
    messages.success(request, _("The address is switched off: no calendar can read your tasks any more."))
    return redirect("casework:calendar")


@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the file to whoever has the secret address. It names tasks and cases by number, and nobody by name."""
    now = timezone.now()
    if _is_asked_too_often(request, at=now):
        return HttpResponse(status=429)
    owner = calendar_feeds.owner_of(secret)
    if owner is None:
        raise Http404
    tasks = calendar_feeds.tasks_in_calendar(owner, at=now)
    site = settings.WAGTAILADMIN_BASE_URL
    content = ics.calendar_of(tasks, at=now, site=site, address_of=lambda task: task_address(task.pk))
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _is_asked_too_often(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Count one more question from this address in this hour. allauth's own limits, used elsewhere, let every GET pass."""
    key = f"calendar_feed:{get_adapter(request).get_client_ip(request)}:{at:%Y%m%d%H}"
    cache.add(key, 0, timeout=60 * 60)
    return bool(cache.incr(key) > MOST_AN_HOUR)
