"""Mail to specialists. It says that there is something and where; never who or what about."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from casework.models import Assignment, Case, EmergencyOpening, Meeting, Task, TeamRole

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


def tell_about_assignment(agency: int) -> None:
    """Write to those who register what comes to an agency that it was asked for something. Mail never stops the work."""
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:assigned")
    body = _("Another agency has asked yours to do something for a family. Open the list and answer: %(link)s")
    _write_to(
        _who_registers(agency),
        subject=_("Your agency was asked to do something"),
        body=body % {"link": link},
        about=f"an assignment for agency {agency}",
    )


def tell_about_answer(assignment: Assignment) -> None:
    """Write to the curator of a case that what was asked has been answered, and not how. Mail never stops the work."""
    curator, number = assignment.case.curator, assignment.pk
    if curator is None or not curator.is_active:
        return
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:referrals", args=[assignment.case.reference])
    body = _("There is an answer to what you asked another agency for: No. %(number)s.\nRead it: %(link)s")
    _write_to(
        [curator.email],
        subject=_("An answer to No. %(number)s") % {"number": number},
        body=body % {"number": number, "link": link},
        about=f"the answer to assignment {number}",
    )


def tell_about_emergency(opening: EmergencyOpening, heads: Iterable[str]) -> None:
    """Write at once that a case was opened in an emergency: to heads, the curator and the data officer. Mail never stops the work."""
    case = opening.case
    curator = case.curator.email if case.curator and case.curator.is_active else ""
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:case_access", args=[case.reference])
    body = _(
        "Case No. %(reference)s was opened in an emergency by somebody of another agency (opening No. %(number)s).\n"
        "It is to be reviewed by %(day)s. Who, why and until when: %(link)s"
    ) % {
        "reference": case.reference,
        "number": opening.pk,
        "day": f"{opening.review_due:%d.%m.%Y}",
        "link": link,
    }
    _write_to(
        dict.fromkeys(filter(None, [*heads, curator, settings.DATA_OFFICER_EMAIL])),
        subject=_("Case No. %(reference)s was opened in an emergency") % {"reference": case.reference},
        body=body,
        about=f"emergency opening {opening.pk}",
    )


def tell_about_review(opening: EmergencyOpening, heads: Iterable[str]) -> None:
    """Write to heads that an opening in an emergency has not been reviewed in time. Mail that cannot be sent never stops the work."""
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:review_emergency", args=[opening.token])
    body = _("Opening No. %(number)s should have been reviewed by %(day)s. Review it: %(link)s") % {
        "number": opening.pk,
        "day": f"{opening.review_due:%d.%m.%Y}",
        "link": link,
    }
    _write_to(
        heads,
        subject=_("An opening in an emergency waits for your review"),
        body=body,
        about=f"the review of emergency opening {opening.pk}",
    )


def tell_about_meeting(meeting: Meeting, addresses: Iterable[str]) -> None:
    """Write to members of a council that they are invited. Mail that cannot be sent never stops the work."""
    link = settings.WAGTAILADMIN_BASE_URL + reverse("casework:meeting", args=[meeting.token])
    when = date_format(meeting.council.agency.local(meeting.held_at), "d.m.Y H:i")
    body = _("You are invited to a meeting: %(when)s, %(place)s.\nThe agenda and the papers are here: %(link)s") % {
        "when": when,
        "place": meeting.place,
        "link": link,
    }
    subject = _("Meeting of a council: %(when)s") % {"when": when}
    _write_to(addresses, subject=subject, body=body, about=f"meeting {meeting.pk}")


def tell_about_danger(task: Task, heads: Iterable[str]) -> None:
    """Write to whoever answers for a case, and to the heads of its agency, that something is to be done today. Mail never stops the work."""
    addresses = set(heads)
    if task.owner is None:
        addresses |= set(_who_registers(task.team.agency_id))
    elif task.owner.is_active:
        addresses.add(task.owner.email)
    _write_to(
        sorted(addresses),
        subject=_("Urgent task No. %(number)s") % {"number": task.pk},
        body=_("There is a task that must be answered today. Open it: %(link)s") % {"link": task_address(task.pk)},
        about=f"the urgent task {task.pk}",
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
        """Send every letter."""
        send_each({person: _as_mail(letter) for person, letter in self._letters.items()}, about="tasks")


def send_each(letters: Mapping[int, EmailMessage], *, about: str) -> None:
    """Send one letter to each person. One that cannot be sent stops neither the others nor the clock."""
    if not letters:
        return
    connection = get_connection()
    try:
        connection.open()
    except OSError:
        logger.warning("%s reminders of %s were not sent: no mail server answers", len(letters), about)
        return
    for person, letter in letters.items():
        try:
            connection.send_messages([letter])
        except OSError:
            logger.warning("a reminder of %s was not sent to person %s", about, person)
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
