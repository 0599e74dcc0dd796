"""The daily digest of the library: made once a day, and sent to the methodologists when there is something in it."""

import datetime as dt
import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library import daily_digest, permissions
from forms_library.models import LibraryDigest

logger = logging.getLogger(__name__)


def make_digest(*, at: dt.datetime) -> LibraryDigest | None:
    """Write down and send what is found on the day of `at`; return `None` when that day has its digest already."""
    day = timezone.localtime(at).date()
    if LibraryDigest.objects.filter(day=day).exists():
        return None
    found = [finding.to_json() for finding in daily_digest.findings(at=at)]
    # Two clocks may strike at once: only the one whose row it is sends the mail.
    digest, is_first = LibraryDigest.objects.get_or_create(day=day, defaults={"made_at": at, "findings": found})
    if not is_first:
        return None
    if found:
        _send(digest)
    return digest


def _send(digest: LibraryDigest) -> None:
    """Write to every active methodologist. Mail that cannot be sent never stops the clock: the admin shows the same."""
    members = get_user_model().objects.filter(groups__name=permissions.METHODOLOGISTS, is_active=True)
    addresses = members.exclude(email="").order_by("email").values_list("email", flat=True).distinct()
    lines = [f"{each['title']}: {each['problem']}\n{_absolute(each['url'])}" for each in digest.findings]
    body = "\n\n".join([_("What has to be looked after in the library of forms:"), *lines])
    subject = _("Library of forms: %(count)s to look after") % {"count": len(lines)}
    try:
        get_connection().send_messages([EmailMessage(subject, body, to=[address]) for address in addresses])
    except OSError:
        logger.warning("the digest of %s was not sent", digest.day)


def _absolute(path: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"
