"""Mail about what agencies were asked and have not answered or done: how many, which numbers, and where; nothing of the family."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from casework import notifications
from casework.models import Assignment

TO_EXECUTOR = {
    "silent": gettext_lazy("Your agency has not answered in time:"),
    "overdue": gettext_lazy("Your agency has taken this on, and its last day has passed:"),
}
TO_SENDER = {
    "silent": gettext_lazy("Another agency has not answered in time. Call it:"),
    "overdue": gettext_lazy("Another agency has not said that this is done. Call it:"),
}


class AssignmentLetters:
    """One letter for each person, however many assignments it tells of."""

    def __init__(self) -> None:
        self._people: dict[int, Any] = {}
        self._parts: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def to_executor(self, person: Any, assignment: Assignment, *, kind: str) -> None:
        """Tell somebody of the agency that was asked; the address leads to what was asked."""
        self._add(
            person, assignment, title=TO_EXECUTOR[kind], link=reverse("casework:assignment", args=[assignment.token])
        )

    def to_sender(self, person: Any, assignment: Assignment, *, kind: str) -> None:
        """Tell somebody of the agency that asked; the address leads to what their case has asked for."""
        link = reverse("casework:referrals", args=[assignment.case.reference])
        self._add(person, assignment, title=TO_SENDER[kind], link=link)

    def _add(self, person: Any, assignment: Assignment, *, title: Any, link: str) -> None:
        self._people[person.pk] = person
        facts = {"number": assignment.pk, "link": settings.WAGTAILADMIN_BASE_URL + link}
        self._parts[person.pk][str(title)].append(_("No. %(number)s: %(link)s") % facts)

    def send(self) -> None:
        """Send every letter."""
        letters = {key: _as_mail(person, self._parts[key]) for key, person in self._people.items()}
        notifications.send_each(letters, about="assignments")


def _as_mail(person: Any, parts: dict[str, list[str]]) -> EmailMessage:
    total = sum(len(lines) for lines in parts.values())
    subject = ngettext(
        "What agencies ask each other: %(number)s reminder", "What agencies ask each other: %(number)s reminders", total
    )
    body = "\n\n".join("\n".join([title, *_shortened(lines)]) for title, lines in parts.items())
    return EmailMessage(subject % {"number": total}, body, to=[person.email])


def _shortened(lines: list[str]) -> list[str]:
    shown = lines[: notifications.MOST_LISTED]
    more = len(lines) - len(shown)
    said = ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more}
    return [*shown, said] if more else shown
