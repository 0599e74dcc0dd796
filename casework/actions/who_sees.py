"""Everybody who sees a case or a part of it, with the ground on which they do; and who is kept out.

The same doors that open things are asked, so that the page and `manage.py who_can_see` say what is really so.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch

from casework import access
from casework.models import (
    AssignmentState,
    Bar,
    Case,
    CategoryGrant,
    Council,
    CouncilMember,
    Delivery,
    Disclosure,
    EmergencyOpening,
    Meeting,
    Team,
)
from casework.models.councils import sits_on
from forms_library.models import Agency

NOTHING_TO_DO = (AssignmentState.WITHDRAWN, AssignmentState.REFUSED)


@dataclass(frozen=True, kw_only=True)
class PartSeen:
    """What the people of one agency see of a case, without seeing the case: a shown part, papers, things to do.

    `papers` are the numbers of the documents that were sent to it; `asked` is how many things it was asked to do. Of a `council`
    only those who sit in it see a part (`access.disclosures_for`); with no part shown yet they and the agency that holds it read
    the agenda.
    """

    agency: Agency
    people: tuple[Any, ...]
    disclosure: Disclosure | None = None
    council: str = ""
    papers: tuple[int, ...] = ()
    asked: int = 0

    @property
    def is_on_an_agenda(self) -> bool:
        """Whether it is only the question on an agenda that they see."""
        return bool(self.council) and self.disclosure is None


@dataclass(frozen=True, kw_only=True)
class WhoSees:
    """Who sees a case on one day."""

    case: Case
    whole: list[access.Viewer]
    parts: list[PartSeen]
    emergencies: list[EmergencyOpening]
    kept_out: list[Bar]
    leaves: list[CategoryGrant] = field(default_factory=list)

    @property
    def people(self) -> dict[int, Any]:
        """Everybody who sees anything, by key: those can be kept out."""
        seen = [viewer.user for viewer in self.whole]
        seen += [person for part in self.parts for person in part.people]
        seen += [opening.person for opening in self.emergencies]
        return {person.pk: person for person in seen}


def who_sees(case: Case, *, at: dt.datetime) -> WhoSees:
    """Return who sees `case` at the moment `at`. The same number of queries however many they are."""
    today = case.agency.local(at).date()
    kept_out = Bar.objects.filter(case=case, lifted_at=None).select_related("person", "barred_by", "case__agency")
    openings = EmergencyOpening.objects.filter(case=case, ends_at__gt=at, person__is_active=True)
    leaves = CategoryGrant.objects.filter(case=case, withdrawn_at=None, last_day__gte=today)
    whole = access.viewers_of(case, today=today)
    readers = {viewer.user.pk for viewer in whole}  # a leave opens nothing to whoever does not see the case any more
    return WhoSees(
        case=case,
        whole=whole,
        parts=_parts(case, today=today),
        emergencies=list(
            openings.exclude(person__in=kept_out.values("person")).select_related("person", "case__agency")
        ),
        kept_out=list(kept_out),
        leaves=[leave for leave in leaves.select_related("person", "granted_by") if leave.person_id in readers],
    )


def _parts(case: Case, *, today: dt.date) -> list[PartSeen]:
    shown = list(
        Disclosure.objects.standing(today=today)
        .filter(case=case)
        .select_related("agency", "disclosed_by", "pack__item__meeting__council")
    )
    papers: dict[int, list[int]] = {}
    for agency, number in _deliveries(case):
        papers.setdefault(agency, []).append(number)
    stands = case.assignments.exclude(agency=case.agency_id).exclude(state__in=NOTHING_TO_DO)
    asked = Counter(stands.values_list("agency", flat=True))
    councils = list(
        Council.objects.filter(meetings__items__case=case)
        .exclude(meetings__stage=Meeting.Stage.CANCELLED)
        .select_related("agency")
        .distinct()
    )
    agencies = Agency.objects.in_bulk(
        {*papers, *asked, *(each.agency_id for each in shown), *(each.agency_id for each in councils)}
    )
    members = _members(case, agencies)
    seats = _seats(case, today=today)
    parts = [_shown_part(each, people=members.get(each.agency_id, ()), seats=seats) for each in shown]
    parts += [
        PartSeen(
            agency=each.agency,
            people=tuple(sorted({*seats.get(each.pk, ()), *members.get(each.agency_id, ())}, key=str)),
            council=str(each),
        )
        for each in councils
    ]
    parts += [
        PartSeen(agency=agencies[number], people=members.get(number, ()), papers=tuple(sorted(sent)))
        for number, sent in papers.items()
    ]
    parts += [
        PartSeen(agency=agencies[number], people=members.get(number, ()), asked=count)
        for number, count in asked.items()
    ]
    return sorted(parts, key=lambda part: part.agency.short_name)


def _shown_part(disclosure: Disclosure, *, people: tuple[Any, ...], seats: Mapping[int, set[Any]]) -> PartSeen:
    """Return a shown part with those of an agency who see it: of the pack of a council only those who sit there."""
    pack = getattr(disclosure, "pack", None)
    if pack is None:
        return PartSeen(agency=disclosure.agency, people=people, disclosure=disclosure)
    council = pack.item.meeting.council
    sitting = tuple(person for person in people if person in seats.get(council.pk, ()))
    return PartSeen(agency=disclosure.agency, people=sitting, disclosure=disclosure, council=str(council))


def _seats(case: Case, *, today: dt.date) -> dict[int, set[Any]]:
    """Return who sits today in the councils that have met about a case or will, as far as they are let in. One query."""
    met = CouncilMember.objects.filter(council__meetings__items__case=case)
    sitting = met.filter(sits_on(today), person__in=_let_in(case))
    found: dict[int, set[Any]] = {}
    for seat in sitting.select_related("person").distinct():
        found.setdefault(seat.council_id, set()).add(seat.person)
    return found


def _deliveries(case: Case) -> Iterable[tuple[int, int]]:
    """Return the agency and the number of every document that was sent and not taken back."""
    sent = Delivery.objects.filter(submission__case=case, recalled_at=None)
    return sent.order_by("submission__number").values_list("agency", "submission__number")


def _let_in(case: Case) -> Any:
    kept_out = Bar.objects.filter(case=case, lifted_at=None).values("person")
    return get_user_model().objects.filter(is_active=True).exclude(pk__in=kept_out)


def _members(case: Case, agencies: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Return the active people of each agency who are not kept out, by name. Two queries."""
    teams = Team.objects.filter(agency__in=list(agencies)).select_related("group")
    found: dict[int, set[Any]] = {}
    for team in teams.prefetch_related(Prefetch("group__user_set", queryset=_let_in(case))):
        found.setdefault(team.agency_id, set()).update(team.group.user_set.all())
    return {agency: tuple(sorted(people, key=str)) for agency, people in found.items()}
