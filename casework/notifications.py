"""Mail to specialists. It says that there is something and where; never who or what about."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Case

logger = logging.getLogger(__name__)


def tell_about_new_case(case: Case) -> None:
    """Write to every active member of the teams of the case's agency. Mail that cannot be sent never stops the work."""
    members = get_user_model().objects.filter(groups__team__agency=case.agency_id, is_active=True)
    addresses = members.order_by("email").values_list("email", flat=True).distinct()
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:case", args=[case.reference])
    body = _("There is a new case for your agency: No. %(reference)s.\nOpen it: %(link)s") % {
        "reference": case.reference,
        "link": link,
    }
    subject = _("New case No. %(reference)s") % {"reference": case.reference}
    try:
        get_connection().send_messages([EmailMessage(subject, body, to=[address]) for address in addresses])
    except OSError:
        logger.warning("mail about case %s was not sent", case.reference)
