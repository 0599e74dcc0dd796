"""The procedure of professional families and the pages on which a family is sought tell one another (S003, steps 3–9).

Nobody writes twice: whoever chooses a family does the step in which it is looked for, and the decision where the child goes from the
family is carried into the end of the placement. Where the step is not open, or is somebody else's, the choice stands all the same.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from casework import access
from casework.actions.procedures import Word, decide
from casework.actions.progress import progress_of
from casework.actions.refusals import ActionRefused
from casework.models import CarerPlacement, Case, CaseEvent, CaseProcedure, PlacementEnd
from forms_library.procedures.progress import Progress

PROCEDURE = "professional_family"
BIRTH_FAMILY_STEP = "birth_family_work"
CHOICE_STEP = "choice"
FOUND, WAITING = "found", "waiting"
OUTCOME_STEP = "outcome"
ENDS = {"reintegration": PlacementEnd.REINTEGRATION, "permanent": PlacementEnd.PERMANENT}
"""How a placement ends by what was decided in the step `OUTCOME_STEP`."""


@dataclass(frozen=True)
class BirthFamilyWork:
    """The line of the work with the birth family: since when it goes on, or that it has not begun; `followed` where it stands.

    `chooses` says whether the choice of a family is open there, so that it can be written down that the child waits.
    """

    followed: CaseProcedure
    since: dt.date | None
    done_on: dt.date | None
    chooses: bool = False


@dataclass(frozen=True)
class Waiting:
    """A child for whom there is no family yet: since when, and why."""

    case: Case
    since: dt.date
    words: str


@dataclass(frozen=True)
class EndDecided:
    """Where the children of a case go from their professional families: decided on a day, and how a placement ends by it."""

    on: dt.date
    title: str
    how: PlacementEnd


def procedure_in(case: Case) -> CaseProcedure | None:
    """Return the procedure of professional families that runs in a case."""
    running = CaseProcedure.objects.running().filter(case=case, code=PROCEDURE)
    return running.select_related("edition", "case__agency", "case__curator").first()


def family_found(case: Case, *, actor: Any, at: dt.datetime) -> CaseEvent | None:
    """Write down, in the open step in which a family is looked for, that there is one; return the entry, `None` where nothing is.

    No word of the choice goes with it: its reasons are read by those who keep the family. The caller holds the case.
    """
    followed = procedure_in(case)
    if followed is None:
        return None
    progress = progress_of(followed)
    turn = progress.open_turn(CHOICE_STEP)
    if turn is None:
        return None
    number = progress.turns_of(CHOICE_STEP).index(turn) + 1
    word = Word(on=case.agency.local(at).date())
    try:
        return decide(followed=followed, step=CHOICE_STEP, turn=number, outcome=FOUND, word=word, actor=actor, at=at)
    except ActionRefused:  # somebody else's step, or something is missing: it stays open and says what
        return None


def birth_family_work(followed: CaseProcedure) -> BirthFamilyWork:
    """Return the line of the work with the birth family: it always has one («Работа с кровной семьей на реинтеграцию», S003)."""
    progress = progress_of(followed)
    turns = progress.turns_of(BIRTH_FAMILY_STEP)
    last = turns[-1] if turns else None
    chooses = progress.open_turn(CHOICE_STEP) is not None
    return BirthFamilyWork(followed, last.opened_on if last else None, last.done_on if last else None, chooses)


def end_decided(progress: Progress) -> EndDecided | None:
    """Return what was decided last about where the child goes; `None` while nothing is."""
    found = None
    for turn in progress.turns_of(OUTCOME_STEP):
        outcome = turn.step.outcome(turn.outcome)
        if turn.done_on and outcome and outcome.code in ENDS:
            found = EndDecided(turn.done_on, outcome.title, ENDS[outcome.code])
    return found


def children_to_move(case: Case, *, progress: Progress) -> list[CarerPlacement]:
    """Return the placements that go on though it is decided where the child goes. One query; none before the decision."""
    if end_decided(progress) is None:
        return []
    stays = CarerPlacement.objects.filter(case=case, ended_on=None).select_related("child", "family")
    return list(stays.order_by("pk"))


def waiting_children(user: Any, *, today: dt.date) -> list[Waiting]:
    """Return the cases that the person may read in which the last word was that no family fits yet, the longest wait first.

    It is the step «Посмотреть, есть ли подходящая семья» that says so, with its reasons. One query.
    """
    later = CaseEvent.objects.filter(
        case_procedure=OuterRef("case_procedure"),
        step=CHOICE_STEP,
        what=CaseEvent.What.DECIDED,
        annulled_by=None,
        pk__gt=OuterRef("pk"),
    )
    placed = CarerPlacement.objects.filter(case=OuterRef("case_procedure__case"), placed_at__gt=OuterRef("at"))
    last_words = CaseEvent.objects.filter(
        ~Exists(later),
        ~Exists(placed),
        case_procedure__in=CaseProcedure.objects.running().filter(code=PROCEDURE),
        case_procedure__case__in=access.cases_for(user=user, today=today).running(),
        step=CHOICE_STEP,
        what=CaseEvent.What.DECIDED,
        code=WAITING,
        annulled_by=None,
    ).select_related("case_procedure__case__agency", "case_procedure__case__curator")
    return [Waiting(each.case_procedure.case, each.on, each.words) for each in last_words.order_by("on", "pk")]
