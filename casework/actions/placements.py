"""A child lives with a professional family: placed in a free place, and the end of it (S003, steps 7–10)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.carers import locked_carer, note_down
from casework.actions.cases import locked, locked_running
from casework.actions.closed import refuse_closed
from casework.actions.log import record
from casework.actions.matching import (
    Circumstances,
    FamilyExcluded,
    MayNotMatch,
    NoNeedsCard,
    card_of,
    cards_of,
    children_in,
    chosen_for,
    verdict_on,
)
from casework.actions.refusals import ActionRefused
from casework.actions.roles import MAY_DO
from casework.models import (
    CarerEvent,
    CarerPlacement,
    Case,
    Event,
    MatchingDecision,
    Person,
    Submission,
)

ACT_FORM = "pf_placement_act"


class NobodyChosen(ActionRefused):
    """A child is placed with a family that people have chosen."""

    message = _("No family is chosen for this child now. Choose one on the page of matching first.")


class AlreadyPlaced(ActionRefused):
    """A child lives with one family at a time."""

    message = _("This child lives with a professional family already. Write down the end of that placement first.")


class BadDays(ActionRefused):
    """A placement begins today or has begun, and ends after it began."""

    message = _("Check the days: a placement begins today or earlier, and it ends no earlier than it began.")


class BeginsBeforeBirth(BadDays):
    """A child lives nowhere before it was born."""

    message = _(
        "The placement begins before the child was born. Check the day and, in the people of the case, the date of birth."
    )


class EndHasPassed(BadDays):
    """Nobody begins a placement whose end has passed."""

    message = _("This day has passed. Name a day to come, or leave it blank while nobody knows.")


class PlacementOver(ActionRefused):
    """A placement ends once."""

    message = _("Somebody has written down the end of this placement meanwhile.")


@transaction.atomic
def place_child(
    *,
    decision: MatchingDecision,
    started_on: dt.date,
    expected_until: dt.date | None,
    actor: Any,
    at: dt.datetime,
) -> CarerPlacement:
    """Give a child to the family that was chosen for it, if nothing excludes the family now; a second press changes nothing.

    The case is held, then the family: of two who place two children into the last place one waits, looks again and is told.
    Raises `CaseEnded`, `MayNotMatch`, `AlreadyPlaced`, `NobodyChosen`, `BadDays` (`EndHasPassed`, `BeginsBeforeBirth`), `NoNeedsCard`,
    `CategoryClosed`, `FamilyExcluded`.
    """
    case, child = locked_running(decision.case), decision.child
    today = case.agency.local(at).date()
    if not MAY_DO & access.permissions_on(case, user=actor, today=today):
        raise MayNotMatch
    if (placed := CarerPlacement.objects.filter(decision=decision).first()) is not None:
        return placed
    earlier = CarerPlacement.objects.filter(child=child)
    if earlier.filter(ended_on=None).exists():
        raise AlreadyPlaced
    chosen = chosen_for(child)
    if chosen is None or chosen.pk != decision.pk:
        raise NobodyChosen
    if started_on > today or (expected_until and expected_until < started_on):
        raise BadDays
    if child.birth_date and started_on < child.birth_date:
        raise BeginsBeforeBirth
    if expected_until and expected_until < today:
        raise EndHasPassed
    if earlier.filter(ended_on__gt=started_on).exists():
        raise BadDays
    _refuse_excluded(chosen, case=case, actor=actor, today=today)
    placement = CarerPlacement.objects.create(
        case=case,
        child=child,
        family=chosen.family,
        decision=chosen,
        started_on=started_on,
        expected_until=expected_until,
        placed_by=actor,
        placed_at=at,
    )
    record(case=case, event=Event.CHILD_PLACED, actor=actor, at=at, subject=str(chosen.family))
    note_down(chosen.family, CarerEvent.PLACED, actor=actor, at=at)
    return placement


def _refuse_excluded(chosen: MatchingDecision, *, case: Case, actor: Any, today: dt.date) -> None:
    """Hold the chosen family and look at it again: what was true when it was chosen may be true no more."""
    family = locked_carer(chosen.family)
    children = children_in(case)
    child = next((each for each in children if each.pk == chosen.child_id), None)
    card = card_of(child, cards=cards_of(case), children=children) if child else None
    if child is None or card is None:
        raise NoNeedsCard
    refuse_closed([card], case=case, user=actor, today=today)
    child.case = case
    around = Circumstances(together=chosen.together, also=tuple(chosen.also))
    verdict = verdict_on(family, child=child, card=card, around=around, today=today)
    if not verdict.is_possible:
        raise FamilyExcluded(verdict)


@transaction.atomic
def end_placement(
    *, placement: CarerPlacement, ended_on: dt.date, how: str, words: str, actor: Any, at: dt.datetime
) -> CarerPlacement:
    """Write down that a child does not live with the family any more: the place is free, and the family rests.

    A case that has ended may still have a child to bring home, so this asks nothing of it. Raises `MayNotMatch`, `PlacementOver`,
    `BadDays`.
    """
    case = locked(placement.case)
    today = case.agency.local(at).date()
    if not MAY_DO & access.permissions_on(case, user=actor, today=today):
        raise MayNotMatch
    family = locked_carer(placement.family)
    placement = CarerPlacement.objects.get(pk=placement.pk)
    if placement.ended_on is not None:
        if (placement.ended_on, placement.ended_how, placement.ended_by_id) == (ended_on, how, actor.pk):
            return placement  # the same button, pressed twice
        raise PlacementOver
    if not placement.started_on <= ended_on <= today:
        raise BadDays
    placement.ended_on, placement.ended_how, placement.words, placement.ended_by = ended_on, how, words, actor
    placement.save(update_fields=["ended_on", "ended_how", "words", "ended_by"])
    record(case=case, event=Event.PLACEMENT_ENDED, actor=actor, at=at, subject=str(family))
    note_down(family, CarerEvent.PLACEMENT_ENDED, actor=actor, at=at)
    return placement


def placements_in(case: Case) -> QuerySet[CarerPlacement]:
    """Return where the children of a case live or have lived, the latest first."""
    return CarerPlacement.objects.filter(case=case).select_related("family", "child", "placed_by").order_by("-pk")


def expected_until(child: Person) -> dt.date | None:
    """Return until what day a child is expected to live where it lives now. One query."""
    lives = CarerPlacement.objects.filter(child=child, ended_on=None)
    return lives.values_list("expected_until", flat=True).first()


def days_agreed(act: Submission | None) -> dict[str, dt.date]:
    """Return the days of a filed placement act as the placement is written down with them: nobody types them twice."""
    answers = act.answers if act else {}
    first = str(answers.get("placed_from") or answers.get("placed_at") or "")[:10]
    found = {"started_on": first, "expected_until": str(answers.get("placed_to") or "")}
    return {name: dt.date.fromisoformat(day) for name, day in found.items() if day}
