"""Keeping the map of the district: by the agencies that give the help, and by the editors of the site."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from forms_library.models import LocalService, ServiceAudience


@transaction.atomic
def keep_service(*, service: LocalService, audiences: Collection[str], actor: Any, today: dt.date) -> LocalService:
    """Save an entry that somebody has just looked at, and say so in Wagtail's log: the public pages are made anew by that."""
    is_new = service.pk is None
    service.checked_on = today
    service.save()
    ServiceAudience.objects.filter(service=service).exclude(who__in=audiences).delete()
    known = set(ServiceAudience.objects.filter(service=service).values_list("who", flat=True))
    ServiceAudience.objects.bulk_create(
        ServiceAudience(service=service, who=who) for who in audiences if who not in known
    )
    log(instance=service, action="wagtail.create" if is_new else "wagtail.edit", user=actor, content_changed=True)
    return service
