"""A case follows a procedure: it begins, its steps are done in order and by whom they may be, and it ends on a ground.

Every action holds the case, reads anew where it stands, refuses what may not be done now, writes one event, one line of
the log, and brings the tasks into step. The same `token` twice is the same event.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import transaction

from casework import access
from casework.actions.cases import locked_running, may_be_curator
from casework.actions.council_steps import deciding
from casework.actions.curators import hand_case_to
from casework.actions.deliveries import send_papers, take_back
from casework.actions.log import record
from casework.actions.measures import ask_for_what_was_approved
from casework.actions.procedure_refusals import (
    AlreadyFollowed,
    CannotBeAppointed,
    DayBeforeBirth,
    DayBeforeStart,
    DayInFuture,
    DecidedByCouncil,
    DecidedByForm,
    GuardsUnmet,
    LastDayNeeded,
    NoSuchOutcome,
    NotYourStep,
    ProcedureNotInForce,
    ProcedureOver,
    StepAlreadyDone,
    StepNotOpen,
    WordsNeeded,
)
from casework.actions.progress import children_of, circumstances, form_titles, moment_after, progress_of
from casework.actions.roles import MAY_DO, plays
from casework.actions.tasks import give_to_appointed, keep_tasks_in_step
from casework.models import Case, CaseEvent, CaseProcedure, Event, PersonRole, Submission
from forms_library.models import ProcedureEdition
from forms_library.procedures.definition import DoneBy, Outcome, PlayedBy
from forms_library.procedures.guards import unmet, unmet_of_turn
from forms_library.procedures.progress import Progress, Turn

EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Word:
    """What somebody says when they act: the day that counts, why, what they state, the new last day, the document."""

    on: dt.date
    words: str = ""
    stated: Collection[str] = field(default=())
    until: dt.date | None = None
    document: Submission | None = None
    token: uuid.UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def start_procedure(
    *,
    case: Case,
    edition: ProcedureEdition,
    actor: Any,
    at: dt.datetime,
    on: dt.date,
    token: uuid.UUID,
    came_from: CaseProcedure | None = None,
) -> CaseProcedure:
    """Put a running case under an edition in force; `on` is the day of the procedure's first event.

    Raises `CaseEnded`, `ProcedureNotInForce`, `AlreadyFollowed`, and what `refuse_impossible_day` does.
    """
    case = locked_running(case)
    token = uuid.uuid5(token, f"{case.reference}/{edition.code}")
    if (started := CaseProcedure.objects.filter(token=token).first()) is not None:
        return started
    if not ProcedureEdition.objects.in_force(at=at).filter(pk=edition.pk).exists():
        raise ProcedureNotInForce
    if CaseProcedure.objects.running().filter(case=case, code=edition.code).exists():
        raise AlreadyFollowed
    refuse_impossible_day(case, on, at=at)
    followed = CaseProcedure.objects.create(
        case=case,
        edition=edition,
        code=edition.code,
        started_on=on,
        started_at=at,
        started_by=actor,
        came_from=came_from,
        token=token,
    )
    opened = CaseEvent(case_procedure=followed, what=CaseEvent.What.OPENED, on=on, actor=actor, at=at)
    opened.code = str(children_of(followed))
    opened.save()
    record(case=case, event=Event.PROCEDURE_STARTED, actor=actor, at=at, subject=edition.title)
    follow(followed, actor=actor, at=at)
    return followed


def follow_all(case: Case, *, actor: Any, at: dt.datetime) -> None:
    """Bring every procedure of a case into step with what was filed in it. One query when there is none."""
    running = CaseProcedure.objects.running().filter(case=case)
    for followed in running.select_related("edition", "case__agency", "case__curator"):
        follow(followed, actor=actor, at=at)


def follow(followed: CaseProcedure, *, actor: Any, at: dt.datetime) -> Progress:
    """Compute where the case stands, keep its tasks in step and return it. The caller holds the case."""
    progress = progress_of(followed)
    if followed.is_running and progress.children != (children := children_of(followed)):
        _count_children(followed, children, actor=actor, at=at)
        progress = progress_of(followed)
    left = followed.level
    if left != progress.level:
        followed.level = progress.level
        followed.save(update_fields=["level"])
    keep_tasks_in_step(followed, progress, at=at)
    send_papers(followed, progress, actor=actor, at=at)
    if left and left != progress.level:
        take_back(followed, level=left, actor=actor, at=at)
    if followed.is_running:
        ask_for_what_was_approved(followed, progress, actor=actor, at=at)
    return progress


def _count_children(followed: CaseProcedure, children: int, *, actor: Any, at: dt.datetime) -> None:
    """Write down how many children there are from now on: some papers are filed for each of them."""
    CaseEvent.objects.create(
        case_procedure=followed,
        what=CaseEvent.What.CHILDREN,
        code=str(children),
        on=followed.case.agency.local(at).date(),
        actor=actor,
        at=moment_after(followed, at),
    )


def held(followed: CaseProcedure) -> CaseProcedure:
    """Return a procedure as it is now, with its running case held until the end of the transaction. Raises `CaseEnded`."""
    locked_running(followed.case)
    return CaseProcedure.objects.select_related("edition", "case__agency", "case__curator").get(pk=followed.pk)


class Writing:
    """Somebody is about to write an entry down: the case is held, and `known` is that entry when it is written already.

    `place` is what the entry is about: the token of a page counts there only. Raises `CaseEnded`, and `ProcedureOver` when
    the work under the procedure has ended, unless the entry is one that is written `after_the_end`.
    """

    def __init__(
        self,
        followed: CaseProcedure,
        place: str,
        *,
        word: Word,
        actor: Any,
        at: dt.datetime,
        after_the_end: bool = False,
    ) -> None:
        self.token = uuid.uuid5(word.token, f"{followed.pk}/{place}")
        self.followed = held(followed)
        self.known = CaseEvent.objects.filter(token=self.token).first()
        self.word, self.actor, self.at = word, actor, at
        self.today = self.followed.case.agency.local(at).date()
        if not (self.known or self.followed.is_running or after_the_end):
            raise ProcedureOver

    @cached_property
    def progress(self) -> Progress:
        """Where the case stands before the entry."""
        return progress_of(self.followed)

    def refuse_others(self, role: str) -> None:
        """Raise `NotYourStep` unless whoever acts plays a role."""
        if not plays(role, self.followed, self.progress, user=self.actor, today=self.today):
            raise NotYourStep

    def refuse_silence(self) -> None:
        """Raise `WordsNeeded` when no reason is given."""
        if not self.word.words.strip():
            raise WordsNeeded

    def refuse_impossible_day(self, not_before: dt.date) -> None:
        """Raise what `refuse_impossible_day` does."""
        refuse_impossible_day(self.followed.case, self.word.on, at=self.at, not_before=not_before)

    def write(self, what: CaseEvent.What, *, log: Event, subject: str, **facts: Any) -> CaseEvent:
        """Write the entry down and let the case go on; whoever is appointed now has the open tasks of their role."""
        before = self.progress
        said = {
            "on": self.word.on,
            "until": self.word.until,
            "words": self.word.words.strip(),
            "stated": sorted(self.word.stated),
            "document": self.word.document,
            "at": moment_after(self.followed, self.at),
        }
        event = CaseEvent.objects.create(
            case_procedure=self.followed, what=what, actor=self.actor, token=self.token, **{**said, **facts}
        )
        record(case=self.followed.case, event=log, actor=self.actor, at=self.at, subject=subject)
        after = follow(self.followed, actor=self.actor, at=self.at)
        give_to_appointed(self.followed, before, after, today=self.today)
        return event


class StepWriting(Writing):
    """Somebody is about to write an entry down about an open step. Raises what `Writing` and `open_turn` do."""

    def __init__(
        self, followed: CaseProcedure, step: str, turn: int, *, word: Word, actor: Any, at: dt.datetime, place: str = ""
    ) -> None:
        super().__init__(followed, f"{step}/{turn}{place}", word=word, actor=actor, at=at)
        if not self.known:
            self.turn = open_turn(self.progress, step, turn)

    def refuse_instead_of_council(self) -> None:
        """Raise `DecidedByCouncil` when the case has a council to which the step belongs."""
        if (council := deciding(self.followed, today=self.today).get(self.turn.step.role)) is not None:
            raise DecidedByCouncil(council.name)

    def refuse_unmet(self, outcome: Outcome | None = None) -> None:
        """Raise `GuardsUnmet` with what is missing, in words."""
        around = circumstances(self.followed, at=self.at, stated=self.word.stated, until=self.word.until)
        missing = missing_in_words(self.progress, self.turn)
        missing += [g.words for g in unmet_of_turn(self.turn, progress=self.progress, around=around, outcome=outcome)]
        if missing:
            raise GuardsUnmet(missing)

    def decide(self, outcome: str) -> CaseEvent:
        """Write down that the step ends with an outcome.

        Raises `DecidedByForm`, `NoSuchOutcome`, `WordsNeeded`, `LastDayNeeded`, `GuardsUnmet`.
        """
        if self.turn.step.decided_by:
            raise DecidedByForm
        chosen = self.turn.step.outcome(outcome)
        if chosen is None:
            raise NoSuchOutcome
        if chosen.needs_words:
            self.refuse_silence()
        if chosen.asks_until and (self.word.until is None or self.word.until < self.today):
            raise LastDayNeeded
        self.refuse_unmet(chosen)
        return self.write_of_step(CaseEvent.What.DECIDED, code=outcome)

    def tell(self) -> CaseEvent:
        """Write down that it has happened. Raises `StepNotOpen` of a step that something else finishes, and `GuardsUnmet`."""
        if self.turn.step.done_by != DoneBy.EVENT:
            raise StepNotOpen
        self.refuse_unmet()
        return self.write_of_step(CaseEvent.What.HAPPENED)

    def write_of_step(self, what: CaseEvent.What, *, log: Event = Event.STEP_DONE, **facts: Any) -> CaseEvent:
        """Write the entry down, and let the case go on."""
        step = self.turn.step
        return self.write(what, log=log, subject=step.title, step=step.code, **facts)


def _doing(followed: CaseProcedure, step: str, turn: int, *, word: Word, actor: Any, at: dt.datetime) -> StepWriting:
    """Return what is about to be written of a step that somebody does.

    Raises what `StepWriting` does, `NotYourStep`, `DecidedByCouncil`, and what `refuse_impossible_day` does: a step is done on the day on which
    the case came to it, or later. Where it came to it by a form that only tells when it was typed in (a notice is written
    and registered at «Единое окно» before anybody finds the time), the earlier days up to the step of that form can be, too.
    """
    doing = StepWriting(followed, step, turn, word=word, actor=actor, at=at)
    if not doing.known:
        doing.refuse_others(doing.turn.step.role)
        doing.refuse_instead_of_council()
        doing.refuse_impossible_day(doing.turn.earliest)
    return doing


@transaction.atomic
def decide(
    *, followed: CaseProcedure, step: str, turn: int, outcome: str, word: Word, actor: Any, at: dt.datetime
) -> CaseEvent:
    """End a step with one of its outcomes.

    Raises what `_doing` does, and what `StepWriting.decide` does.
    """
    doing = _doing(followed, step, turn, word=word, actor=actor, at=at)
    return doing.known or doing.decide(outcome)


@transaction.atomic
def tell_what_happened(
    *, followed: CaseProcedure, step: str, turn: int, word: Word, actor: Any, at: dt.datetime
) -> CaseEvent:
    """Write down that something has happened outside. Raises what `_doing` and `StepWriting.tell` do."""
    doing = _doing(followed, step, turn, word=word, actor=actor, at=at)
    return doing.known or doing.tell()


@transaction.atomic
def appoint(
    *, followed: CaseProcedure, step: str, turn: int, person: Any, word: Word, actor: Any, at: dt.datetime
) -> CaseEvent:
    """Appoint somebody to the role of a step: they get its open tasks; the case gets a new curator when it is the curator's.

    Raises what `open_turn` does, `CannotBeAppointed`, `GuardsUnmet`.
    """
    doing = _doing(followed, step, turn, word=word, actor=actor, at=at)
    if doing.known:
        return doing.known
    if doing.turn.step.done_by != DoneBy.APPOINTMENT:
        raise StepNotOpen
    case = doing.followed.case
    if not may_be_curator(case, person, today=doing.today):
        raise CannotBeAppointed
    doing.refuse_unmet()
    role = doing.followed.edition.procedure.role(doing.turn.step.appoints)
    if role.played_by == PlayedBy.CURATOR and case.curator_id != person.pk:
        hand_case_to(person, case=case, actor=actor, at=at)
    return doing.write_of_step(CaseEvent.What.APPOINTED, code=role.code, person=person)


def open_turn(progress: Progress, step: str, turn: int) -> Turn:
    """Return the open turn that somebody means; raise `StepAlreadyDone` or `StepNotOpen`, which says what comes first."""
    turns = progress.turns_of(step)
    found = progress.open_turn(step)
    if found is None or turns.index(found) + 1 != turn:
        if turns:
            raise StepAlreadyDone
        try:
            wanted = progress.procedure.step(step)
        except KeyError:
            raise StepNotOpen from None
        raise StepNotOpen([progress.procedure.event_in_words(event) for event in wanted.after])
    return found


def missing_in_words(progress: Progress, turn: Turn) -> list[str]:
    """Return the titles of the forms that are still to be filed before a step that somebody does by hand."""
    codes = [use.code for use, _number in progress.missing_forms(turn)]
    return form_titles([*codes, *progress.missing_required(turn)])


def refuse_impossible_day(case: Case, on: dt.date, *, at: dt.datetime, not_before: dt.date = EARLIEST) -> None:
    """Raise `DayInFuture`, `DayBeforeStart`, or `DayBeforeBirth` (before any child of the case was born)."""
    if on > case.agency.local(at).date():
        raise DayInFuture
    if on < not_before:
        raise DayBeforeStart(not_before)
    children = case.people.filter(role=PersonRole.CHILD, is_mistake=False, birth_date__isnull=False)
    born = children.order_by("birth_date").values_list("birth_date", flat=True).first()
    if born and on < born:
        raise DayBeforeBirth


def guards_of_ground(
    followed: CaseProcedure, ground: str, *, progress: Progress, word: Word, at: dt.datetime
) -> list[str]:
    """Return what still stands against ending the work on a ground, in words."""
    around = circumstances(followed, at=at, stated=word.stated, until=word.until)
    return [g.words for g in unmet(progress.procedure.ground(ground).guards, progress=progress, around=around)]


def may_act(followed: CaseProcedure, *, user: Any, today: dt.date) -> bool:
    """Return whether somebody may write down anything at all under this procedure."""
    return bool(MAY_DO & access.permissions_on(followed.case, user=user, today=today))


def leads(followed: CaseProcedure, *, user: Any, at: dt.datetime) -> bool:
    """Return whether somebody decides on the case itself: the people of its keeper, and nobody with whom it is shared."""
    today = followed.case.agency.local(at).date()
    return access.CasePermission.LEAD in access.permissions_on(followed.case, user=user, today=today)
