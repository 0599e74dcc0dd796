"""A filed «Акт (соглашение) о размещении» writes the placement down, so that nobody types it twice (S003, steps 6–7).

It does so only where it is clear what it means: the act names a child of the case and the family that people have chosen for it, or
with which it lives. Everywhere else the act is filed all the same, and says beside itself what is still to be done.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy as _

from casework import access
from casework.actions.carers import note_down
from casework.actions.log import record
from casework.actions.matching import MayNotMatch, children_in, chosen_for
from casework.actions.placements import ACT_FORM, BadDays, NobodyChosen, days_agreed, place_child
from casework.actions.refusals import ActionRefused
from casework.actions.roles import MAY_DO
from casework.models import CarerEvent, CarerFamily, CarerPlacement, Case, Event, MatchingDecision, Person, Submission
from casework.needs_card import plain


class NoSuchChild(ActionRefused):
    """An act of a child whom the case does not know, or knows twice."""

    message = _(
        "The act names a child who is not among the people of the case under exactly this name. Correct the name in the act or"
        " in the case."
    )


class OtherCarer(ActionRefused):
    """An act of one family where another was chosen."""

    message = _(
        "The act names another person than the family that is chosen for the child, or with which the child lives. Correct the"
        " name in the act or in the register."
    )


class NotYourRegister(ActionRefused):
    """A placement is written down by those who keep the family."""

    message = _("The placement is written down by the people of the agency in whose register the family stands.")


@dataclass(frozen=True)
class ActWaits:
    """A filed act with which no placement agrees: why, and the choice from which one can be written down on the screen."""

    number: int
    words: str
    decision: MatchingDecision | None


def settle_placement(submission: Submission, *, actor: Any, at: dt.datetime) -> CarerPlacement | None:
    """Write the placement down that a filed act tells of, or give the one that is there its days; return it, `None` for none.

    A refusal never stands against filing: an act that was signed is a fact. `acts_waiting` tells of it. The caller holds the case.
    """
    if submission.edition.code != ACT_FORM or actor is None:
        return None
    try:
        meant = _meant(submission, user=actor)
        if isinstance(meant, CarerPlacement):
            return _agree(meant, act=submission, actor=actor, at=at)
        days = days_agreed(submission)
        if "started_on" not in days:
            return None
        until = days.get("expected_until")
        return place_child(decision=meant, started_on=days["started_on"], expected_until=until, actor=actor, at=at)
    except ActionRefused:
        return None


def acts_waiting(case: Case, *, user: Any, today: dt.date, only: Submission | None = None) -> list[ActWaits]:
    """Return the valid acts of a running case (or this one, if it is one) with which no placement agrees, the newest first.

    Only for whoever may do something about it.
    """
    if only is not None and only.edition.code != ACT_FORM:
        return []
    if not case.is_running or not MAY_DO & access.permissions_on(case, user=user, today=today):
        return []
    acts = Submission.objects.filter(case=case, edition__code=ACT_FORM).valid().order_by("-number")
    if only is not None:
        acts = acts.filter(pk=only.pk)
    found = [_waiting(act, user=user) for act in acts.select_related("case", "edition").defer("edition__docx_template")]
    return [each for each in found if each]


def _waiting(act: Submission, *, user: Any) -> ActWaits | None:
    try:
        meant = _meant(act, user=user)
    except ActionRefused as refusal:
        return ActWaits(act.number, str(refusal), None)
    if isinstance(meant, CarerPlacement):
        return None
    words = gettext("Look at the days and write it down: if anything stands against it, you are told what.")
    return ActWaits(act.number, words, meant)


def _meant(act: Submission, *, user: Any) -> CarerPlacement | MatchingDecision:
    """Return the placement that an act tells of, or the standing choice that it turns into one.

    Raises `NoSuchChild`, `NobodyChosen`, `OtherCarer`, `NotYourRegister`.
    """
    child = _child_of(act)
    lives, over = _stays(act, child)
    if lives is not None and _names(act, lives.family):
        return lives
    chosen = chosen_for(child)
    if chosen is not None and _names(act, chosen.family):
        if not access.carers_for(user).filter(pk=chosen.family_id).exists():
            raise NotYourRegister
        return chosen
    if over is not None:
        return over
    raise OtherCarer if chosen or lives else NobodyChosen


def is_over(act: Submission, *, child: Person) -> bool:
    """Return whether an act is of a stay that has ended: it says nothing of where the child lives now. One query."""
    lives, over = _stays(act, child)
    return over is not None and not (lives and _names(act, lives.family))


def _stays(act: Submission, child: Person) -> tuple[CarerPlacement | None, CarerPlacement | None]:
    """Return where a child lives now, and the stay of this act that has ended."""
    stays = list(CarerPlacement.objects.filter(child=child).select_related("family").order_by("-pk"))
    first = days_agreed(act).get("started_on", dt.date.min)
    over = [stay for stay in stays if stay.ended_on and first <= stay.ended_on and _names(act, stay.family)]
    return next((stay for stay in stays if stay.ended_on is None), None), next(iter(over), None)


def _child_of(act: Submission) -> Person:
    name = plain(str(act.answers.get("child") or ""))
    found = [child for child in children_in(act.case) if plain(child.full_name) == name]
    if len(found) != 1:
        raise NoSuchChild
    return found[0]


def _names(act: Submission, family: CarerFamily) -> bool:
    return plain(str(act.answers.get("carer") or "")) == plain(family.name)


def _agree(placement: CarerPlacement, *, act: Submission, actor: Any, at: dt.datetime) -> CarerPlacement:
    """Give a placement that goes on the days of an act; return it.

    A new act may prolong the stay, and never moves its beginning; a correction changes only the days that the corrected act
    had given. Raises `MayNotMatch`, `BadDays`.
    """
    days, before = days_agreed(act), days_agreed(act.supersedes)
    changed = {
        name: day
        for name, day in days.items()
        if day != getattr(placement, name)
        and (before.get(name) == getattr(placement, name) if act.supersedes else name == "expected_until")
    }
    if placement.ended_on is not None or not changed:
        return placement
    today = act.case.agency.local(at).date()
    if not MAY_DO & access.permissions_on(act.case, user=actor, today=today):
        raise MayNotMatch
    started_on = changed.get("started_on", placement.started_on)
    until = changed.get("expected_until", placement.expected_until)
    earlier = CarerPlacement.objects.filter(child=placement.child_id, ended_on__gt=started_on)
    if started_on > today or (until and until < started_on) or earlier.exists():
        raise BadDays
    placement.started_on, placement.expected_until = started_on, until
    placement.save(update_fields=["started_on", "expected_until"])
    subject = f"{placement.family}, № {act.number}"
    record(case=act.case, event=Event.CHILD_PLACED, actor=actor, at=at, subject=subject)
    words = gettext("The days are those of the placement act.")
    note_down(placement.family, CarerEvent.PLACED, actor=actor, at=at, words=words)
    return placement
