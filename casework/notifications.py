"""Mail to specialists. It says that there is something and where; never who or what about."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from casework.models import Case, TeamRole

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
    _write_to(addresses, subject=subject, body=body, about=f"case {case.reference}")


def tell_about_delivery(agency: int) -> None:
    """Write to those who register what comes to an agency that a document has come. Mail that cannot be sent never stops the work."""
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:incoming")
    body = _("Another agency has sent your agency a document. Open and register it: %(link)s") % {"link": link}
    _write_to(
        _who_registers(agency),
        subject=_("A document was sent to you"),
        body=body,
        about=f"a document for agency {agency}",
    )


def _who_registers(agency: int) -> list[str]:
    """Return the addresses of the specialists of an agency, or of its heads when it has none. One query."""
    members = get_user_model().objects.filter(groups__team__agency=agency, is_active=True)
    roles = list(members.order_by("email").values_list("email", "groups__team__role"))
    return [email for email, role in roles if role == TeamRole.SPECIALIST] or [email for email, _role in roles]


def _write_to(addresses: Iterable[str], *, subject: str, body: str, about: str) -> None:
    try:
        get_connection().send_messages([EmailMessage(subject, body, to=[address]) for address in addresses])
    except OSError:
        logger.warning("mail about %s was not sent", about)


KINDS = {
    "in_good_time": gettext_lazy("The term ends soon, and there is still time:"),
    "before": gettext_lazy("Due tomorrow or on the next working day:"),
    "on_the_day": gettext_lazy("Due today:"),
    "after": gettext_lazy("Overdue:"),
    "to_the_head": gettext_lazy("Overdue for two working days, in your agency:"),
}
MOST_LISTED = 30
"""So many numbers of each kind stand in one letter; whoever has more opens the list."""


@dataclass(kw_only=True)
class _Letter:
    person: Any
    numbers: dict[str, list[int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class Letters:
    """Reminders of tasks: one letter for each person, however many tasks there are. Memory grows with people only."""

    def __init__(self) -> None:
        self._letters: dict[int, _Letter] = {}

    def add(self, person: Any, *, kind: str, task: int) -> None:
        """Tell `person` about the task with this number."""
        letter = self._letters.setdefault(person.pk, _Letter(person=person))
        letter.counts[kind] += 1
        if letter.counts[kind] <= MOST_LISTED:
            letter.numbers.setdefault(kind, []).append(task)

    def send(self) -> None:
        """Send every letter. One that cannot be sent stops neither the others nor the clock."""
        if not self._letters:
            return
        connection = get_connection()
        try:
            connection.open()
        except OSError:
            logger.warning("%s reminders of tasks were not sent: no mail server answers", len(self._letters))
            return
        for letter in self._letters.values():
            try:
                connection.send_messages([_as_mail(letter)])
            except OSError:
                logger.warning("a reminder of tasks was not sent to person %s", letter.person.pk)
        connection.close()


def _as_mail(letter: _Letter) -> EmailMessage:
    total = letter.counts.total()
    subject = ngettext("Tasks: %(number)s reminder", "Tasks: %(number)s reminders", total) % {"number": total}
    parts = [_part_of_mail(letter, kind, str(title)) for kind, title in KINDS.items() if kind in letter.numbers]
    all_tasks = _("All tasks: %(link)s") % {"link": settings.WAGTAILADMIN_BASE_URL + reverse("casework:tasks")}
    return EmailMessage(subject, "\n\n".join([*parts, all_tasks]), to=[letter.person.email])


def _part_of_mail(letter: _Letter, kind: str, title: str) -> str:
    lines = [
        _("Task No. %(number)s: %(link)s") % {"number": number, "link": task_address(number)}
        for number in letter.numbers[kind]
    ]
    if more := letter.counts[kind] - len(lines):
        lines.append(ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more})
    return "\n".join([title, *lines])


def task_address(number: int) -> str:
    """Return the address that leads to where a task is done; it says nothing of its case."""
    return settings.WAGTAILADMIN_BASE_URL + reverse("casework:task", args=[number])
