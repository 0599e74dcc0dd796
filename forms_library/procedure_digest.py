"""Procedures in the daily digest: those that were to be looked through again by now."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library.daily_digest import Finding, editor_url
from forms_library.models import ProcedureEdition


def procedures_past_review(at: dt.datetime) -> Iterator[Finding]:
    """Yield the procedures in force whose day of review has come."""
    in_force = ProcedureEdition.objects.in_force(at=at).order_by("review_on", "title")
    for edition in in_force.filter(review_on__lte=timezone.localtime(at).date()):
        problem = _("was to be reviewed by %(day)s") % {"day": f"{edition.review_on:%d.%m.%Y}"}
        yield Finding(problem=problem, title=edition.title, url=editor_url(edition.page_id))
