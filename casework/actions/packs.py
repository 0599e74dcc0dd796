"""Packs: what the members of a council are shown of the cases on the agenda, agency by agency, until the protocol is signed.

A pack is a disclosure like any other, made for a whole agenda at once: the number of statements does not grow with cases × members.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.actions.council_refusals import MeetingOver, NotForThisAgency, NotTheChair
from casework.actions.councils import members_on, seat_in
from casework.actions.log import record
from casework.models import (
    AccessRecord,
    AgendaItem,
    Case,
    Category,
    Disclosure,
    Event,
    ItemDisclosure,
    Meeting,
    Submission,
)
from casework.packs_of_members import FOR_COUNCILS, pack_of
from forms_library.models import Agency
from forms_library.models.agencies import AgencyKind

DAYS_AFTER_THE_MEETING = dt.timedelta(days=3)
"""A pack ends when the protocol is signed, and at the latest so many days after the meeting."""


def held_meeting(meeting: Meeting) -> Meeting:
    """Return the meeting as it is now, held until the end of the transaction; raise `MeetingOver` when it is over.

    Whoever holds cases too takes them after the meeting, in the order of their keys.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("council__agency").get(pk=meeting.pk)
    if meeting.is_over:
        raise MeetingOver
    return meeting


def day_of(meeting: Meeting) -> dt.date:
    """Return the day of a meeting by the clock of the agency that holds the council."""
    return meeting.council.agency.local(meeting.held_at).date()


def last_day_of_packs(meeting: Meeting) -> dt.date:
    """Return the last day on which the packs of a meeting show anything."""
    return day_of(meeting) + DAYS_AFTER_THE_MEETING


def prepare_packs(meeting: Meeting, *, actor: Any, at: dt.datetime) -> int:
    """Give every agency of the council its pack of every case on the agenda; return how many are new.

    The caller holds the meeting. The keeper of a case sees the case itself. A case that has ended is shown to nobody new.
    The same few statements, however many cases and members there are.
    """
    items = list(meeting.items.select_related("case").order_by("case_id"))
    _hold_cases(items)
    agencies = _agencies_of(meeting, at=at)
    known = set(ItemDisclosure.objects.filter(item__meeting=meeting).values_list("item", "agency"))
    packs = [
        ItemDisclosure(
            item=item, agency=agency, disclosure=_disclosure(item, agency, meeting=meeting, actor=actor, at=at)
        )
        for item in items
        for agency in agencies
        if item.case.is_running and agency.pk != item.case.agency_id and (item.pk, agency.pk) not in known
    ]
    Disclosure.objects.bulk_create([pack.disclosure for pack in packs])
    ItemDisclosure.objects.bulk_create(packs)
    _add_papers(packs)
    _write_down([pack.disclosure for pack in packs], Event.DISCLOSED, actor=actor, at=at)
    return len(packs)


def _hold_cases(items: Iterable[AgendaItem]) -> None:
    """Hold the cases of an agenda, in the order of their keys."""
    numbers = [item.case_id for item in items]
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk").values_list("pk"))


def _agencies_of(meeting: Meeting, *, at: dt.datetime) -> list[Agency]:
    """Return the working agencies that have members in the council today."""
    today = meeting.council.agency.local(at).date()
    found = {member.agency_id: member.agency for member in members_on(meeting.council, today=today)}
    return [agency for agency in found.values() if agency.is_open]


def _disclosure(item: AgendaItem, agency: Agency, *, meeting: Meeting, actor: Any, at: dt.datetime) -> Disclosure:
    return Disclosure(
        case=item.case,
        agency=agency,
        sections=list(pack_of(agency.kind).sections),
        categories=[],
        reason=_("%(council)s, meeting %(meeting)s") % {"council": meeting.council, "meeting": meeting},
        last_day=last_day_of_packs(meeting),
        disclosed_by=actor,
        disclosed_at=at,
    )


def _add_papers(packs: Iterable[ItemDisclosure]) -> None:
    """Put into each pack the last valid papers that its agency may see. Two statements."""
    packs = list(packs)
    papers = _papers_of({pack.disclosure.case_id for pack in packs})
    between = Disclosure.documents.through
    between._default_manager.bulk_create(
        [
            between(disclosure_id=pack.disclosure.pk, submission_id=paper)
            for pack in packs
            for code, paper in papers.get(pack.disclosure.case_id, {}).items()
            if code in pack_of(pack.agency.kind).forms
        ]
    )


def _papers_of(cases: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Return the last valid paper of each form that is addressed to councils, by case and code of the form."""
    found: dict[int, dict[str, int]] = {}
    filed = Submission.objects.valid().filter(case__in=cases, edition__code__in=FOR_COUNCILS).order_by("number")
    for case, code, paper in filed.values_list("case", "edition__code", "pk"):
        found.setdefault(case, {})[code] = paper
    return found


def _write_down(disclosures: Iterable[Disclosure], event: Event, *, actor: Any, at: dt.datetime) -> None:
    AccessRecord.objects.bulk_create(
        [
            AccessRecord(case_id=each.case_id, event=event, actor=actor, at=at, subject=str(each.agency)[:300])
            for each in disclosures
        ]
    )


@transaction.atomic
def end_packs(*, meeting: Meeting, actor: Any, at: dt.datetime) -> int:
    """Take back at once every pack of a meeting: its protocol is signed, or it was cancelled. Return how many.

    The caller holds the meeting. Those that have ended already stay as they are.
    """
    return _end(Disclosure.objects.filter(pack__item__meeting=meeting), actor=actor, at=at)


def end_packs_of_item(item: AgendaItem, *, actor: Any, at: dt.datetime) -> int:
    """Take back the packs of one case that is taken off an agenda; return how many."""
    return _end(Disclosure.objects.filter(pack__item=item), actor=actor, at=at)


def _end(wanted: QuerySet[Disclosure], *, actor: Any, at: dt.datetime) -> int:
    standing = list(wanted.filter(withdrawn_at=None).select_related("agency"))
    Disclosure.objects.filter(pk__in=[each.pk for each in standing]).update(withdrawn_by=actor, withdrawn_at=at)
    _write_down(standing, Event.DISCLOSURE_ENDED, actor=actor, at=at)
    return len(standing)


@transaction.atomic
def open_categories(*, pack: ItemDisclosure, categories: Collection[str], actor: Any, at: dt.datetime) -> Disclosure:
    """Let one agency read exactly these special categories in the papers of one case; only the chair does it (domain.md D).

    Raises `MeetingOver`, `NotTheChair`, `NotForThisAgency` (the secret of an adoption, СК ст. 139).
    """
    meeting = held_meeting(pack.item.meeting)
    today = meeting.council.agency.local(at).date()
    if not seat_in(meeting.council, user=actor, today=today).is_chair:
        raise NotTheChair
    if Category.ADOPTION in categories and pack.agency.kind != AgencyKind.GUARDIANSHIP_BODY:
        raise NotForThisAgency
    disclosure = Disclosure.objects.select_related("case").get(pk=pack.disclosure_id)
    before, after = set(disclosure.categories), {Category(code).value for code in categories}
    disclosure.categories = sorted(after)
    disclosure.save(update_fields=["categories"])
    for event, changed in ((Event.CATEGORY_OPENED, after - before), (Event.CATEGORY_CLOSED, before - after)):
        for code in sorted(changed):
            record(
                case=disclosure.case, event=event, actor=actor, at=at, subject=f"{Category(code).label} → {pack.agency}"
            )
    return disclosure


def lengthen_packs(meeting: Meeting) -> None:
    """Let the packs of a meeting that was put off last as long after its new day. The caller holds the meeting."""
    packs = Disclosure.objects.filter(pack__item__meeting=meeting, withdrawn_at=None)
    packs.update(last_day=last_day_of_packs(meeting))
