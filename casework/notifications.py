"""Mail to specialists. It says that there is something and where; never who or what about."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

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


KINDS = {
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
