"""The register of professional families: written down, proved with papers, decided on by the head (S003, step 1).

Every look and every change leaves a line in the family's own log (`CarerRecord`): the log of cases is for cases.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from casework import access
from casework.actions.carer_refusals import (
    BadPaperDays,
    CarerChanged,
    ChildStillThere,
    NotKeeper,
    NotPossibleNow,
    OnlyTheHead,
    PapersLacking,
    ReasonNeeded,
)
from casework.actions.carer_register import papers_that_count
from casework.actions.roles import is_head
from casework.candidate_form import PaperOfCandidate
from casework.matching import papers_lacking
from casework.models import CarerEvent, CarerFamily, CarerPaper, CarerRecord, CarerState
from forms_library.models import Agency

STATE_AFTER: dict[str, CarerState] = {
    CarerEvent.INCLUDED: CarerState.INCLUDED,
    CarerEvent.REWORK: CarerState.REWORK,
    CarerEvent.REFUSED: CarerState.REFUSED,
    CarerEvent.PAUSED: CarerState.PAUSED,
    CarerEvent.LEFT: CarerState.LEFT,
}
"""What the head decides, and where the family stands after it."""

ON_THE_WAY = (CarerState.CANDIDATE, CarerState.REWORK)
DECISIONS_IN: dict[str, tuple[CarerEvent, ...]] = {
    **dict.fromkeys(ON_THE_WAY, (CarerEvent.INCLUDED, CarerEvent.REWORK, CarerEvent.REFUSED)),
    CarerState.INCLUDED: (CarerEvent.PAUSED, CarerEvent.LEFT),
    CarerState.PAUSED: (CarerEvent.INCLUDED, CarerEvent.LEFT),
    CarerState.REFUSED: (CarerEvent.REWORK,),
    CarerState.LEFT: (CarerEvent.REWORK,),
}
"""Which decisions are possible where a family stands: whoever was refused or has left begins anew."""


def note_down(family: CarerFamily, event: CarerEvent, *, actor: Any, at: dt.datetime, words: str = "") -> CarerRecord:
    """Add one line to the log of a family."""
    return CarerRecord.objects.create(family=family, event=event, actor=actor, at=at, words=words)


def record_carer_read(family: CarerFamily, *, actor: Any, at: dt.datetime) -> None:
    """Write down that `actor` read the card of a family."""
    note_down(family, CarerEvent.READ, actor=actor, at=at)


def locked_carer(family: CarerFamily) -> CarerFamily:
    """Return the family as it is now, held until the end of the transaction. A case is always held before a family."""
    return CarerFamily.objects.select_for_update(no_key=True, of=("self",)).select_related("agency").get(pk=family.pk)


@transaction.atomic
def keep_carer(
    *, family: CarerFamily, agency: Agency, actor: Any, at: dt.datetime, papers: Sequence[PaperOfCandidate] = ()
) -> CarerFamily:
    """Write a candidate into the register of `agency`, or keep what was changed; the same `token` twice is one family.

    `papers` are those that the form of a new candidate proves. Raises `NotKeeper`, and `CarerChanged` when somebody else has
    changed the family since `family.version` was read.
    """
    if not access.keepers_of_carers(actor).filter(pk=agency.pk).exists():
        raise NotKeeper
    if family.pk:
        if locked_carer(family).version != family.version:
            raise CarerChanged
        family.version += 1
        family.save()
        note_down(family, CarerEvent.CHANGED, actor=actor, at=at)
        return family
    if (added := CarerFamily.objects.filter(token=family.token, agency=agency).first()) is not None:
        return added
    family.agency, family.written_by, family.written_at = agency, actor, at
    family.save()
    note_down(family, CarerEvent.ADDED, actor=actor, at=at)
    for paper in papers:
        add_paper(
            family=family,
            kind=paper.kind,
            number=gettext("from the form of the candidate"),
            issued_on=paper.issued_on,
            valid_until=paper.valid_until,
            actor=actor,
            at=at,
            token=uuid.uuid5(family.token, paper.kind),
        )
    return family


@transaction.atomic
def add_paper(
    *,
    family: CarerFamily,
    kind: str,
    number: str,
    issued_on: dt.date,
    valid_until: dt.date | None,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
) -> CarerPaper:
    """Write down a paper of a family; the same `token` twice is the same paper. Raises `BadPaperDays`."""
    family = locked_carer(family)
    token = uuid.uuid5(token, str(family.token))  # the token of a page counts within its family only
    if (written := CarerPaper.objects.filter(token=token).first()) is not None:
        return written
    if issued_on > family.agency.local(at).date() or (valid_until and valid_until < issued_on):
        raise BadPaperDays
    paper = CarerPaper.objects.create(
        family=family,
        kind=kind,
        number=number,
        issued_on=issued_on,
        valid_until=valid_until,
        written_by=actor,
        written_at=at,
        token=token,
    )
    note_down(family, CarerEvent.PAPER_ADDED, actor=actor, at=at, words=str(paper.get_kind_display()))
    return paper


@transaction.atomic
def strike_paper(*, paper: CarerPaper, actor: Any, at: dt.datetime) -> CarerPaper:
    """Say that a paper was entered by mistake; it stays in the list and counts no more. A second press changes nothing."""
    locked_carer(paper.family)
    paper = CarerPaper.objects.select_related("family").get(pk=paper.pk)
    if not paper.is_mistake:
        paper.is_mistake = True
        paper.save(update_fields=["is_mistake"])
        note_down(paper.family, CarerEvent.PAPER_STRUCK, actor=actor, at=at, words=str(paper.get_kind_display()))
    return paper


def decisions_possible(family: CarerFamily, *, user: Any) -> tuple[CarerEvent, ...]:
    """Return what `user` may decide about a family where it stands: nothing, unless they are the head."""
    return DECISIONS_IN[family.state] if is_head(user, agency_id=family.agency_id) else ()


@transaction.atomic
def decide_on_carer(*, family: CarerFamily, decision: str, reasons: str, actor: Any, at: dt.datetime) -> CarerFamily:
    """Include a candidate, send it back, refuse it, pause or let it go, as the head decides («включить, отказать, доработать»).

    Raises `OnlyTheHead`, `NotPossibleNow`, `ReasonNeeded` (for all but including), `PapersLacking`, `ChildStillThere`.
    """
    family = locked_carer(family)
    if not is_head(actor, agency_id=family.agency_id):
        raise OnlyTheHead
    if decision not in DECISIONS_IN[family.state]:
        raise NotPossibleNow
    if decision != CarerEvent.INCLUDED and not reasons.strip():
        raise ReasonNeeded
    today = family.agency.local(at).date()
    if decision == CarerEvent.INCLUDED and (
        lacking := papers_lacking(papers_that_count(family.papers.all()), today=today)
    ):
        raise PapersLacking(each.words for each in lacking)
    if decision == CarerEvent.LEFT and family.placements.filter(ended_on=None).exists():
        raise ChildStillThere
    family.state, family.version = STATE_AFTER[decision], family.version + 1
    family.save(update_fields=["state", "version"])
    note_down(family, CarerEvent(decision), actor=actor, at=at, words=reasons)
    return family
