"""Who has a form open besides oneself."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from casework.models import Draft, DraftVisit

STAYS = dt.timedelta(minutes=10)
"""Somebody who has neither opened nor typed for so long is no longer there."""


def visit(*, draft: Draft, actor: Any, at: dt.datetime) -> list[DraftVisit]:
    """Write down that `actor` has the draft open, and return the visits of the others who are there now.

    Nobody visits a draft that was filed or thrown away meanwhile: what the person sends next is told so.
    """
    try:
        # Two requests of one person at once: one statement, which inserts or updates.
        with transaction.atomic():
            DraftVisit.objects.bulk_create(
                [DraftVisit(draft=draft, user=actor, seen_at=at)],
                update_conflicts=True,
                unique_fields=["draft", "user"],
                update_fields=["seen_at"],
            )
    except IntegrityError:
        return []
    return list(
        DraftVisit.objects.filter(draft=draft, seen_at__gt=at - STAYS)
        .exclude(user=actor)
        .select_related("user")
        .order_by("-seen_at")
    )
