"""What the register of professional families knows: facts for matching, the list with its warnings, the card of one family."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from casework import access
from casework.matching import WARN_DAYS, FamilyFacts, PaperFacts, papers_lacking
from casework.models import (
    AcceptedNeed,
    CarerEvent,
    CarerFamily,
    CarerPaper,
    CarerPlacement,
    CarerRecord,
    CarerState,
)
from forms_library.deadlines import months_after

GONE = (CarerState.REFUSED, CarerState.LEFT)
"""Whoever was refused or has left stands in the register only when it is asked for."""
LINES_ON_A_CARD = 30


@dataclass(frozen=True, kw_only=True)
class FamilyCard:
    """Everything that the card of a family shows; a placement comes with whether the reader may see the case of the child."""

    family: CarerFamily
    facts: FamilyFacts
    renew: Sequence[PaperFacts]
    lacking: Sequence[str]
    papers: Sequence[CarerPaper]
    placements: Sequence[tuple[CarerPlacement, bool]]
    lines: Sequence[CarerRecord]
    accepted: Sequence[str]


def family_card(family: CarerFamily, *, user: Any, today: dt.date) -> FamilyCard:
    """Return the card of a family. Eight queries at most, whatever has happened."""
    [family] = with_what_counts(CarerFamily.objects.filter(pk=family.pk))
    facts = facts_of(family, today=today)
    placements = CarerPlacement.objects.filter(family=family).select_related("case", "child").order_by("-pk")
    readable = access.cases_for(user=user, today=today).filter(placements__family=family)
    seen = set(readable.values_list("pk", flat=True))
    return FamilyCard(
        family=family,
        facts=facts,
        renew=papers_to_renew(family, today=today),
        lacking=[each.words for each in papers_lacking(facts.papers, today=today)],
        papers=list(CarerPaper.objects.filter(family=family).select_related("written_by")),
        placements=[(placement, placement.case_id in seen) for placement in placements],
        lines=list(family.log.exclude(event=CarerEvent.READ).select_related("actor")[:LINES_ON_A_CARD]),
        accepted=[str(need.label) for need in AcceptedNeed if need in family.accepted],
    )


@dataclass(frozen=True)
class Listed:
    """One line of the register."""

    family: CarerFamily
    facts: FamilyFacts
    renew: Sequence[PaperFacts]
    is_resting: bool
    lacks_papers: bool


def listed(families: QuerySet[CarerFamily], *, today: dt.date) -> list[Listed]:
    """Return the lines of the register for these families. Three queries however many they are."""
    found = []
    for family in with_what_counts(families):
        facts = facts_of(family, today=today)
        is_resting = facts.rests_until is not None and today <= facts.rests_until
        lacks = bool(papers_lacking(facts.papers, today=today))
        found.append(Listed(family, facts, papers_to_renew(family, today=today), is_resting, lacks))
    return found


def register_for(user: Any, *, with_gone: bool) -> QuerySet[CarerFamily]:
    """Return the families of the person's registers in order of their names; those that were refused or have left when asked."""
    families = access.carers_for(user).order_by("name", "pk")
    return families if with_gone else families.exclude(state__in=GONE)


def papers_that_count(papers: Iterable[CarerPaper]) -> tuple[PaperFacts, ...]:
    """Return of every kind the paper that is good for longest; what was struck out does not count."""
    best: dict[str, CarerPaper] = {}
    for paper in papers:
        known = best.get(paper.kind)
        if not paper.is_mistake and (known is None or _last_day(known) < _last_day(paper)):
            best[paper.kind] = paper
    return tuple(PaperFacts(kind, best[kind].valid_until) for kind in sorted(best))


def _last_day(paper: CarerPaper) -> dt.date:
    return paper.valid_until or dt.date.max


def with_what_counts(families: QuerySet[CarerFamily]) -> list[CarerFamily]:
    """Return families with their agency, papers and placements: three queries however many they are."""
    placements = CarerPlacement.objects.only("family_id", "case_id", "started_on", "ended_on")
    return list(
        families.select_related("agency")
        .prefetch_related("papers", Prefetch("placements", queryset=placements))
        .order_by("name", "pk")
    )


def facts_of(family: CarerFamily, *, today: dt.date, case_id: int | None = None) -> FamilyFacts:
    """Return what matching looks at, from a family as `with_what_counts` brings it."""
    placements = list(family.placements.all())
    ended = [placement.ended_on for placement in placements if placement.ended_on]
    year_ago = months_after(today, -12)
    return FamilyFacts(
        number=family.pk,
        state=family.state,
        age_from=family.age_from,
        age_to=family.age_to,
        places=family.places,
        accepts_siblings=family.accepts_siblings,
        accepted=frozenset(family.accepted),
        limits=family.limits,
        district=family.district,
        has_pets=family.has_pets,
        smokes_at_home=family.smokes_at_home,
        papers=papers_that_count(family.papers.all()),
        taken=sum(placement.ended_on is None for placement in placements),
        of_case=sum(placement.ended_on is None and placement.case_id == case_id for placement in placements),
        finished=len(ended),
        recent=sum(placement.ended_on is None or placement.ended_on > year_ago for placement in placements),
        rests_until=max(ended) + dt.timedelta(days=family.rest_days) if ended else None,
    )


def papers_to_renew(family: CarerFamily, *, today: dt.date) -> Sequence[PaperFacts]:
    """Return the papers of a family that have expired or will soon; nobody asks them of a family that has gone."""
    if family.state in GONE:
        return ()
    papers = papers_that_count(family.papers.all())
    return [paper for paper in papers if paper.has_expired(today=today) or paper.expires_soon(today=today)]


def renewals_waiting(user: Any, *, today: dt.date) -> int:
    """Return how many families of the person's registers have papers that have expired or expire within 30 days. Two queries."""
    soon = Q(papers__is_mistake=False, papers__valid_until__lte=today + dt.timedelta(days=WARN_DAYS))
    families = access.carers_for(user).exclude(state__in=GONE).filter(soon).distinct()
    return sum(bool(papers_to_renew(family, today=today)) for family in families.prefetch_related("papers"))
