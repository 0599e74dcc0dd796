"""Finding a professional family for a child: the needs card, what the rules say of each family, and what people choose (S003, 3–4).

The rules exclude and advise; somebody chooses with reasons, and the choice is written down and carried into «Лист подбора семьи».
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from casework import access
from casework.actions.carer_register import facts_of, with_what_counts
from casework.actions.carers import locked_carer, note_down
from casework.actions.cases import locked_running
from casework.actions.closed import refuse_closed
from casework.actions.log import record, record_document_read
from casework.actions.matching_steps import family_found
from casework.actions.refusals import ActionRefused
from casework.actions.roles import MAY_DO
from casework.matching import Verdict, in_order, judge
from casework.models import (
    CarerEvent,
    CarerFamily,
    CarerPlacement,
    CarerState,
    Case,
    Event,
    MatchingDecision,
    Person,
    PersonRole,
    Submission,
)
from casework.needs_card import TOGETHER, Needs, needs_in, plain
from forms_library.expressions.values import months

CARD = "pf_child_needs"
CONSIDERED = (CarerState.CANDIDATE, CarerState.REWORK, CarerState.INCLUDED, CarerState.PAUSED)
"""Whoever was refused or has left is not thought of at all."""


class NoNeedsCard(ActionRefused):
    """Nobody looks for a family before it is known what the child needs."""

    message = _("First file the card of the child's needs. What nobody knows yet is answered “unknown” there.")


class NotOfThisCase(ActionRefused):
    """Somebody else's child, or a family of another register."""

    message = _("Choose a child of this case and a family of your own register.")


class MayNotMatch(ActionRefused):
    """Whoever only reads the case chooses nothing in it."""

    message = _("A family is chosen by whoever works on the case. Ask its curator.")


class ReasonsNeeded(ActionRefused):
    """A choice says why; one that is made says what is done about the risks as well."""

    message = _("Write why. When you choose a family, write also the risks and what will be done about them.")


class FamilyExcluded(ActionRefused):
    """A family that cannot take this child now: on expired papers, without a place, and so on."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__()

    def __str__(self) -> str:
        words = gettext("This family cannot be given this child now.")
        return " ".join([words, *(each.words for each in self.verdict.exclusions)])


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What people know beside the card: how many children must not be parted, and needs that the card does not name."""

    together: int = 1
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Considered:
    """One family with what the rules say of it, and the last word of people about it for this child."""

    family: CarerFamily
    verdict: Verdict
    last: MatchingDecision | None


def children_in(case: Case) -> list[Person]:
    """Return the children of a case."""
    return list(case.people.filter(role=PersonRole.CHILD, is_mistake=False))


def cards_of(case: Case) -> list[Submission]:
    """Return the valid needs cards of a case, the newest first."""
    found = Submission.objects.filter(case=case, edition__code=CARD).valid()
    return list(found.select_related("edition").defer("edition__docx_template").order_by("-number"))


def card_of(child: Person, *, cards: Sequence[Submission], children: Sequence[Person]) -> Submission | None:
    """Return the newest card of a child: the one that bears the name; of an only child also one that names it «неизвестно»."""
    name = plain(child.full_name)
    for card in cards:
        if plain(str(card.answers.get("child", ""))) == name:
            return card
    return cards[0] if cards and len(children) == 1 else None


def read_card(card: Submission, *, case: Case, user: Any, at: dt.datetime) -> None:
    """Write down that `user` reads a needs card. Raises `CategoryClosed` when it tells what they may not read."""
    refuse_closed([card], case=case, user=user, today=case.agency.local(at).date())
    record_document_read(case=case, actor=user, at=at, number=card.number)


def age_in_months(card: Submission, *, child: Person, today: dt.date) -> int | None:
    """Return how old a child is on a day, by the card or by what the case knows; `None` when nobody knows."""
    birth, guess = card.answers.get("birth"), card.answers.get("age_guess")
    if birth:
        return months(dt.date.fromisoformat(birth), today)
    if guess is not None and (filled_on := card.answers.get("filled_on")):
        return int(guess) + max(months(dt.date.fromisoformat(filled_on), today), 0)
    return months(child.birth_date, today) if child.birth_date else None


def needs_of(child: Person, *, card: Submission, around: Circumstances, today: dt.date) -> Needs:
    """Return what is asked of a family for this child."""
    return needs_in(
        card.edition.schema,
        card.answers,
        age_months=age_in_months(card, child=child, today=today),
        together=around.together,
        also=around.also,
        lives_at=tuple(place for place in (child.address, child.case.agency.territory) if place),
        siblings_with=siblings_with(child, card=card, around=around),
    )


def siblings_with(child: Person, *, card: Submission, around: Circumstances) -> list[frozenset[int]]:
    """Return for each brother or sister from whom the child must not be parted where they live, and where they are to move.

    Only those count who live with a professional family now, and not with this child: children who live together may move
    together, one after the other. No query where the card and people say nothing of the kind.
    """
    is_said = card.answers.get("siblings") == TOGETHER
    if not is_said and (around.together < 2 or around.together < len(children_in(child.case))):
        return []
    stays = CarerPlacement.objects.filter(case=child.case_id, ended_on=None).select_related("child")
    where = {stay.child: stay.family_id for stay in stays}
    found = []
    for sibling, family in where.items():
        if sibling != child and family != where.get(child):
            chosen = chosen_for(sibling)
            found.append(frozenset({family, chosen.family_id} if chosen else {family}))
    return found


def consider(child: Person, *, card: Submission, around: Circumstances, user: Any, today: dt.date) -> list[Considered]:
    """Return the families of the person's registers with what the rules say of each, the possible ones first. Four queries."""
    needs = needs_of(child, card=card, around=around, today=today)
    families = with_what_counts(access.carers_for(user).filter(state__in=CONSIDERED))
    decisions = MatchingDecision.objects.filter(child=child).select_related("decided_by").order_by("pk")
    last = {decision.family_id: decision for decision in decisions}
    judged = [
        (family, judge(needs, facts_of(family, today=today, case_id=child.case_id), today=today)) for family in families
    ]
    return [Considered(family, verdict, last.get(family.pk)) for family, verdict in in_order(judged)]


def verdict_on(
    family: CarerFamily, *, child: Person, card: Submission, around: Circumstances, today: dt.date
) -> Verdict:
    """Return what the rules say of one family for a child now."""
    [fresh] = with_what_counts(CarerFamily.objects.filter(pk=family.pk))
    facts = facts_of(fresh, today=today, case_id=child.case_id)
    return judge(needs_of(child, card=card, around=around, today=today), facts, today=today)


def chosen_for(child: Person) -> MatchingDecision | None:
    """Return the standing choice for a child: the latest word of people, unless it turned a family down or was used already."""
    latest = MatchingDecision.objects.filter(child=child, is_chosen=True)
    latest = latest.select_related("family__agency", "child", "case__agency", "decided_by", "placement")
    found = latest.order_by("-pk").first()
    if found is None or hasattr(found, "placement"):
        return None
    later = MatchingDecision.objects.filter(child=child, family=found.family_id, pk__gt=found.pk, is_chosen=False)
    return None if later.exists() else found


@transaction.atomic
def decide_match(
    *,
    case: Case,
    child: Person,
    family: CarerFamily,
    is_chosen: bool,
    reasons: str,
    risks: str,
    around: Circumstances,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
) -> MatchingDecision:
    """Choose a family for a child, or turn it down, with reasons; the same `token` twice is the same decision.

    A choice does the step of the procedure in which a family is looked for, where it is open to `actor`.

    The score decides nothing: any family that nothing excludes can be chosen. Raises `CaseEnded`, `MayNotMatch`, `NotOfThisCase`,
    `NoNeedsCard`, `CategoryClosed`, `ReasonsNeeded`, and `FamilyExcluded` with the reasons for one that cannot be (S003, step 4).
    """
    case = locked_running(case)
    token = uuid.uuid5(token, case.reference)  # the token of a page counts within its case only
    if (decided := MatchingDecision.objects.filter(token=token).first()) is not None:
        return decided
    today = case.agency.local(at).date()
    child, card = _checked(case, child, family, actor=actor, today=today)
    if not reasons.strip() or (is_chosen and not risks.strip()):
        raise ReasonsNeeded
    family = locked_carer(family)
    verdict = verdict_on(family, child=child, card=card, around=around, today=today)
    if is_chosen and not verdict.is_possible:
        raise FamilyExcluded(verdict)
    decision = MatchingDecision.objects.create(
        case=case,
        child=child,
        card=card,
        family=family,
        is_chosen=is_chosen,
        reasons=reasons,
        risks=risks,
        together=around.together,
        also=list(around.also),
        decided_by=actor,
        decided_at=at,
        token=token,
    )
    event = CarerEvent.CHOSEN if is_chosen else CarerEvent.TURNED_DOWN
    record(case=case, event=Event.CARER_DECIDED, actor=actor, at=at, subject=f"{family}: {event.label}")
    note_down(family, event, actor=actor, at=at)
    if is_chosen:
        family_found(case, actor=actor, at=at)
    return decision


def _checked(
    case: Case, child: Person, family: CarerFamily, *, actor: Any, today: dt.date
) -> tuple[Person, Submission]:
    """Return the child as the case knows it and its card, when `actor` may match them with `family`."""
    if not MAY_DO & access.permissions_on(case, user=actor, today=today):
        raise MayNotMatch
    children = children_in(case)
    found = next((each for each in children if each.pk == child.pk), None)
    if found is None or not access.carers_for(actor).filter(pk=family.pk).exists():
        raise NotOfThisCase
    card = card_of(found, cards=cards_of(case), children=children)
    if card is None:
        raise NoNeedsCard
    refuse_closed([card], case=case, user=actor, today=today)
    found.case = case
    return found, card


def decisions_about(case: Case, *, user: Any) -> QuerySet[MatchingDecision]:
    """Return what was decided in a case about families of the person's own registers, the latest first."""
    found = MatchingDecision.objects.filter(case=case, family__in=access.carers_for(user))
    return found.select_related("family", "child", "decided_by").order_by("-pk")
