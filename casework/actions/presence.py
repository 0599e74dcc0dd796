"""Who has a form open besides oneself."""

import datetime as dt
from typing import Any

from casework.models import Draft, DraftVisit

STAYS = dt.timedelta(minutes=10)
"""Somebody who has neither opened nor typed for so long is no longer there."""


def visit(*, draft: Draft, actor: Any, at: dt.datetime) -> list[DraftVisit]:
    """Write down that `actor` has the draft open, and return the visits of the others who are there now."""
    DraftVisit.objects.update_or_create(draft=draft, user=actor, defaults={"seen_at": at})
    return list(
        DraftVisit.objects.filter(draft=draft, seen_at__gt=at - STAYS)
        .exclude(user=actor)
        .select_related("user")
        .order_by("-seen_at")
    )
