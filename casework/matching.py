"""Which professional families can take a child, which cannot and why, and in what order to think of them. Pure (S003, step 4).

Exclusions are hard and each says its reason; the order is advice with its reasons; no number decides: people choose, and write why.
The source gives the frame (потребности, возможности, РИСКИ, дополнительные ресурсы) and the difficulties (burnout, too few families,
little information at the start); points and days are proposals [I].
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from casework.models import AcceptedNeed, CarerState, PaperKind
from casework.needs_card import Needs, plain

WARN_DAYS = 30
"""How long before its last day a paper is told of."""
MANY_PLACEMENTS = 4
"""Placements in twelve months from which the team thinks of burnout [I]."""
REQUIRED = (PaperKind.HEALTH, PaperKind.RECORD, PaperKind.TRAINING)
"""What is asked of every family (domain.md C.4, form 29)."""
POINTS = {"district": 3, "siblings": 2, "experience": 1, "recent": -1}
MOST_EXPERIENCE = 3


@dataclass(frozen=True)
class PaperFacts:
    """One paper of a family: its kind, and its last day when it has one."""

    kind: str
    valid_until: dt.date | None

    @property
    def label(self) -> str:
        """What it is called."""
        return str(PaperKind(self.kind).label)

    def has_expired(self, *, today: dt.date) -> bool:
        """Return whether its last day has passed."""
        return self.valid_until is not None and self.valid_until < today

    def expires_soon(self, *, today: dt.date) -> bool:
        """Return whether it is still good, but not for long."""
        return self.valid_until is not None and today <= self.valid_until <= today + dt.timedelta(days=WARN_DAYS)


@dataclass(frozen=True, kw_only=True)
class FamilyFacts:
    """What the register knows of a family; `papers` are the best of each kind, `of_case` children of the same case live there."""

    number: int = 0
    state: str = CarerState.INCLUDED
    age_from: int = 0
    age_to: int = 36
    places: int = 1
    accepts_siblings: bool = False
    accepted: frozenset[str] = frozenset()
    limits: str = ""
    district: str = ""
    has_pets: bool = False
    smokes_at_home: bool = False
    papers: tuple[PaperFacts, ...] = ()
    taken: int = 0
    of_case: int = 0
    finished: int = 0
    recent: int = 0
    rests_until: dt.date | None = None

    @property
    def free(self) -> int:
        """How many more children can live there now."""
        return max(self.places - self.taken, 0)


class Why(StrEnum):
    """Kinds of hard exclusions."""

    STATE = "state"
    AGE = "age"
    NO_PLACE = "no_place"
    PAPERS = "papers"
    TRAINING = "training"
    RESTING = "resting"
    SIBLINGS = "siblings"
    NEED = "need"


@dataclass(frozen=True)
class Exclusion:
    """Why a family cannot take this child now."""

    why: Why
    words: str


@dataclass(frozen=True)
class Risk:
    """What can go wrong, and the extra resource that would help."""

    words: str
    resource: str


@dataclass(frozen=True)
class Reason:
    """What speaks for a family, or against it, in the advisory order."""

    words: str
    points: int


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one family for one child. It advises; it decides nothing."""

    exclusions: tuple[Exclusion, ...] = ()
    reasons: tuple[Reason, ...] = ()
    risks: tuple[Risk, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether nothing excludes the family."""
        return not self.exclusions

    @property
    def points(self) -> int:
        """The advice as one number, to put families in an order."""
        return sum(reason.points for reason in self.reasons)


def judge(needs: Needs, family: FamilyFacts, *, today: dt.date) -> Verdict:
    """Return what the rules say of `family` for a child with these `needs` on the day `today`."""
    return Verdict(
        exclusions=tuple(exclusions(needs, family, today=today)),
        reasons=tuple(_reasons(needs, family)),
        risks=tuple(_risks(needs, family, today=today)),
    )


def in_order(verdicts: Iterable[tuple[Any, Verdict]]) -> list[tuple[Any, Verdict]]:
    """Return families with their verdicts, those that are possible first, then by advice; what is equal keeps its order."""
    return sorted(verdicts, key=lambda pair: (not pair[1].is_possible, -pair[1].points))


# Hard exclusions


def exclusions(needs: Needs, family: FamilyFacts, *, today: dt.date) -> list[Exclusion]:
    """Return every hard reason for which the family cannot take the child now."""
    found = [
        *_state(family),
        *_age(needs, family),
        *_places(needs, family),
        *papers_lacking(family.papers, today=today),
    ]
    if family.rests_until and today <= family.rests_until:
        day = date_format(family.rests_until, "d.m.Y")
        found.append(
            Exclusion(Why.RESTING, _("Rests after the last placement up to and including %(day)s.") % {"day": day})
        )
    if refused := [str(need.label) for need in AcceptedNeed if need in needs.wanted - family.accepted]:
        words = _("The family is not ready for: %(needs)s.") % {"needs": ", ".join(refused)}
        found.append(Exclusion(Why.NEED, words))
    return found


def _state(family: FamilyFacts) -> list[Exclusion]:
    if family.state == CarerState.INCLUDED:
        return []
    if family.state == CarerState.PAUSED:
        return [Exclusion(Why.STATE, _("The family takes no children for a time."))]
    return [Exclusion(Why.STATE, _("The head has not included the family in the register."))]


def _age(needs: Needs, family: FamilyFacts) -> list[Exclusion]:
    if needs.age_months is None or family.age_from <= needs.age_months <= family.age_to:
        return []
    words = _("Takes children from %(from)s to %(to)s months; this child is %(age)s months old.")
    return [Exclusion(Why.AGE, words % {"from": family.age_from, "to": family.age_to, "age": needs.age_months})]


def _places(needs: Needs, family: FamilyFacts) -> list[Exclusion]:
    """Children of the same case who live there already have their places."""
    if not family.free:
        words = _("No place now: %(taken)s of %(places)s taken.") % {"taken": family.taken, "places": family.places}
        return [Exclusion(Why.NO_PLACE, words)]
    if any(family.number not in families for families in needs.siblings_with):
        words = _(
            "A brother or sister, from whom the child must not be parted, lives with another professional family. Choose that"
            " family, or choose this one for the brother or sister first."
        )
        return [Exclusion(Why.SIBLINGS, words)]
    still = needs.together - family.of_case
    if needs.together > 1 and not family.accepts_siblings:
        return [Exclusion(Why.SIBLINGS, _("Does not take brothers and sisters together, and they must not be parted."))]
    if still > family.free:
        words = ngettext(
            "The children who must not be parted need %(still)s places, and %(free)s place is free.",
            "The children who must not be parted need %(still)s places, and %(free)s places are free.",
            family.free,
        )
        return [Exclusion(Why.SIBLINGS, words % {"still": still, "free": family.free})]
    return []


def papers_lacking(papers: Sequence[PaperFacts], *, today: dt.date) -> list[Exclusion]:
    """Return which papers are not there, or not good any more: with any of them no child is given to a family."""
    kinds = {paper.kind for paper in papers}
    found = []
    for kind in REQUIRED:
        if kind not in kinds:
            why = Why.TRAINING if kind == PaperKind.TRAINING else Why.PAPERS
            found.append(Exclusion(why, _("Not in the register: %(paper)s.") % {"paper": kind.label}))
    for paper in papers:
        if paper.valid_until and paper.has_expired(today=today):
            facts = {"paper": paper.label, "day": date_format(paper.valid_until, "d.m.Y")}
            found.append(Exclusion(Why.PAPERS, _("Has expired: %(paper)s, good until %(day)s.") % facts))
    return found


# Advice


def _reasons(needs: Needs, family: FamilyFacts) -> list[Reason]:
    found = []
    district = plain(family.district)
    if district and any(district in plain(place) for place in needs.lives_at):
        found.append(Reason(_("Lives in the child's own district."), POINTS["district"]))
    if needs.together > 1 and family.accepts_siblings:
        found.append(Reason(_("Takes brothers and sisters together."), POINTS["siblings"]))
    if family.finished:
        words = ngettext(
            "%(number)s placement came to its end here.",
            "%(number)s placements came to their end here.",
            family.finished,
        )
        points = POINTS["experience"] * min(family.finished, MOST_EXPERIENCE)
        found.append(Reason(words % {"number": family.finished}, points))
    if family.recent:
        words = ngettext(
            "%(number)s placement in the last 12 months: the family may be tired.",
            "%(number)s placements in the last 12 months: the family may be tired.",
            family.recent,
        )
        found.append(Reason(words % {"number": family.recent}, POINTS["recent"] * family.recent))
    else:
        found.append(Reason(_("No placement in the last 12 months: the family is rested."), 0))
    return found


def _risks(needs: Needs, family: FamilyFacts, *, today: dt.date) -> list[Risk]:
    found = []
    if needs.age_months is None:
        found.append(Risk(_("The age of the child is not known."), _("Ask a paediatrician for the age first.")))
    if needs.unknown:
        words = _("Not known yet: %(what)s.") % {"what": ", ".join(needs.unknown)}
        found.append(Risk(words, _("Find it out by the list of questions, and tell the family what is not known.")))
    if family.has_pets and needs.allergy not in {"", "нет"}:
        words = _("There are animals in the house, and an allergy is possible.")
        found.append(Risk(words, _("Ask the doctor before the placement.")))
    if family.smokes_at_home:
        found.append(Risk(_("Somebody smokes at home."), _("Agree that nobody smokes in the home.")))
    if family.limits:
        words = _("The family said what it cannot do: %(limits)s") % {"limits": family.limits}
        found.append(Risk(words, _("Talk it over with the family before choosing it.")))
    if family.recent >= MANY_PLACEMENTS:
        found.append(Risk(_("Signs of burnout are possible."), _("Offer the family supervision and a longer rest.")))
    for paper in family.papers:
        if paper.valid_until and paper.expires_soon(today=today):
            facts = {"paper": paper.label, "day": date_format(paper.valid_until, "d.m.Y")}
            found.append(Risk(_("Expires soon: %(paper)s, %(day)s.") % facts, _("Renew the paper now.")))
    return found
