"""A person's tasks in the calendar of their own phone: a secret address, and nothing personal behind it."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.db.models import F
from django.utils.crypto import salted_hmac

from casework.actions.inbox import Reader
from casework.models import CalendarFeed
from casework.models.tasks import TaskQuerySet

MOST_TASKS = 1000
"""More than this no calendar shows; the most urgent come first."""


def make_feed(*, owner: Any, token: uuid.UUID, at: dt.datetime) -> str:
    """Give somebody a new secret address, which is shown once; the old one leads nowhere from now on. Return the secret.

    The secret comes from the token of the page and a key of the server, so a second press gives the same one.
    """
    secret = salted_hmac("casework.calendar_feed", f"{owner.pk}/{token}", algorithm="sha256").hexdigest()
    CalendarFeed.objects.update_or_create(owner=owner, defaults={"secret_hash": _hash(secret), "made_at": at})
    return secret


def switch_off(*, owner: Any) -> None:
    """Let the address of somebody lead nowhere. A second press changes nothing."""
    CalendarFeed.objects.filter(owner=owner).delete()


def feed_of(owner: Any) -> CalendarFeed | None:
    """Return the feed that somebody has switched on."""
    return CalendarFeed.objects.filter(owner=owner).first()


def owner_of(secret: str) -> Any:
    """Return whose tasks lie at a secret address; `None` when it leads nowhere, or to somebody who works here no more.

    The secret has 256 bits, so the question whether it is right need not take the same time for every answer.
    """
    found = (
        CalendarFeed.objects.filter(secret_hash=_hash(secret), owner__is_active=True).select_related("owner").first()
    )
    return found.owner if found else None


def tasks_in_calendar(owner: Any, *, at: dt.datetime) -> TaskQuerySet:
    """Return the dated tasks that somebody does at the moment, their own and those they stand in for."""
    reader = Reader.of(owner, at=at)
    return reader.tasks().filter(owner__in=reader.people, due__isnull=False).order_by(F("due"), "id")[:MOST_TASKS]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
