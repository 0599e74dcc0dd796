"""What changes the course of a procedure: risk level, waivers, terms, mistakes, a newer edition, and the end."""

import datetime as dt
from typing import Any

from django.db import transaction

from casework import access
from casework.actions.cases import may_be_curator
from casework.actions.council_steps import council_that_ends, grounds_decided
from casework.actions.curators import hand_case_to
from casework.actions.log import record
from casework.actions.procedure_refusals import (
    AlreadyAnnulled,
    AlreadyFollowed,
    CannotBeWaived,
    DecidedByCouncil,
    DocumentNeeded,
    GroundNotOfDocument,
    GuardsUnmet,
    NoSuchGround,
    NoSuchLevel,
    NotYourStep,
    ProcedureNotInForce,
    ProcedureOver,
    SameLevel,
    TermIsALimit,
    TermNotLater,
    TermNotPaused,
    WordsNeeded,
)
from casework.actions.procedures import StepWriting, Word, Writing, follow, guards_of_ground, held, leads, may_act
from casework.actions.progress import form_titles, moment_after, progress_of
from casework.actions.roles import MAY_DO, acting_for, is_head, plays, roles_played
from casework.models import CaseEvent, CaseProcedure, Event
from forms_library.models import CalendarDay, ProcedureEdition
from forms_library.procedures.definition import DoneBy, Ground, PlayedBy, Procedure, Step
from forms_library.procedures.progress import Progress, Turn

What = CaseEvent.What


@transaction.atomic
def set_level(*, followed: CaseProcedure, level: str, word: Word, actor: Any, at: dt.datetime) -> CaseEvent:
    """Set the risk level, with reasons, by whoever the procedure names; one that works at once, by whoever works on the case.

    Raises `NoSuchLevel`, `SameLevel`, `WordsNeeded`, `NotYourStep`.
    """
    writing = Writing(followed, "level", word=word, actor=actor, at=at)
    if writing.known:
        return writing.known
    try:
        wanted = writing.progress.procedure.level(level)
    except KeyError:
        raise NoSuchLevel from None
    if writing.progress.level == level:
        raise SameLevel
    writing.refuse_silence()
    if not may_set_level(writing.followed, writing.progress, level=level, user=actor, at=at):
        raise NotYourStep
    writing.refuse_impossible_day(writing.followed.started_on)
    return writing.write(What.LEVEL, log=Event.LEVEL_SET, subject=wanted.title, code=level)


def may_set_level(followed: CaseProcedure, progress: Progress, *, level: str, user: Any, at: dt.datetime) -> bool:
    """Return whether somebody may set this level."""
    today = followed.case.agency.local(at).date()
    if progress.procedure.level(level).at_once:
        return may_act(followed, user=user, today=today)
    role = progress.procedure.level_role
    return bool(role) and plays(role, followed, progress, user=user, today=today)


def suggested_level(progress: Progress) -> str:
    """Return the code of the gravest level that the filed assessments suggest; nothing when they suggest none."""
    levels = progress.procedure.levels
    found = -1
    for place in progress.procedure.suggested_by:
        form, _dot, question = place.partition(".")
        filed = progress.last_filed.get(form)
        said = str(filed.answers.get(question, "")).strip().casefold() if filed else ""
        for order, level in enumerate(levels):
            if said and said in {level.title.casefold(), level.code}:
                found = max(found, order)
    return levels[found].code if found >= 0 else ""


@transaction.atomic
def waive(
    *, followed: CaseProcedure, step: str, turn: int, what: str, word: Word, actor: Any, at: dt.datetime
) -> CaseEvent:
    """Do without a requirement of a step: a form, a guard (by its words), or with an empty `what` the step itself.

    The gap stays visible for ever. Raises what `open_turn` does, `CannotBeWaived`, `NotYourStep`, `WordsNeeded`.
    """
    writing = StepWriting(followed, step, turn, word=word, actor=actor, at=at, place=f"/waive/{what}")
    if writing.known:
        return writing.known
    waived = writing.turn.step
    if not waived.waived_by or what not in waivable(waived):
        raise CannotBeWaived
    writing.refuse_others(waived.waived_by)
    writing.refuse_silence()
    writing.refuse_impossible_day(writing.turn.earliest)
    return writing.write_of_step(What.WAIVED, log=Event.WAIVED, code=what)


def waivable(step: Step) -> list[str]:
    """Return what may be waived of a step: the step itself (an empty string), its forms and its guards."""
    forms = [use.code for use in step.forms if not use.is_optional]
    whole = [] if step.done_by in {DoneBy.DECISION, DoneBy.CLOSURE} else [""]
    return [*whole, *dict.fromkeys([*forms, *step.required, *(guard.words for guard in step.needs)])]


@transaction.atomic
def suspend_term(
    *, followed: CaseProcedure, step: str, turn: int, word: Word, actor: Any, at: dt.datetime
) -> CaseEvent:
    """Let the term of a step stand still from a day on. Needs a ground in words and a document; the keeper decides."""
    return _change_term(What.SUSPENDED, followed, step, turn, word, actor, at)


@transaction.atomic
def resume_term(*, followed: CaseProcedure, step: str, turn: int, word: Word, actor: Any, at: dt.datetime) -> CaseEvent:
    """Let the term of a step run again. Raises `TermNotPaused`."""
    return _change_term(What.RESUMED, followed, step, turn, word, actor, at)


@transaction.atomic
def extend_term(*, followed: CaseProcedure, step: str, turn: int, word: Word, actor: Any, at: dt.datetime) -> CaseEvent:
    """Give a step a later last day. Needs a ground in words and a document; the keeper decides. Raises `TermNotLater`."""
    return _change_term(What.EXTENDED, followed, step, turn, word, actor, at)


def _change_term(
    what: CaseEvent.What, followed: CaseProcedure, step: str, turn: int, word: Word, actor: Any, at: dt.datetime
) -> CaseEvent:
    writing = StepWriting(followed, step, turn, word=word, actor=actor, at=at, place=f"/{what}")
    if writing.known:
        return writing.known
    followed, waiting = writing.followed, writing.turn
    if not leads(followed, user=actor, at=at):
        raise NotYourStep
    writing.refuse_silence()
    if what != What.RESUMED and (word.document is None or word.document.case_id != followed.case_id):
        raise DocumentNeeded
    if what != What.RESUMED and waiting.step.due and waiting.step.due.is_limit:
        raise TermIsALimit
    if what in {What.RESUMED, What.SUSPENDED} and waiting.is_paused != (what == What.RESUMED):
        raise TermNotPaused
    writing.refuse_impossible_day(waiting.opened_on)
    if what == What.EXTENDED:
        _refuse_earlier(waiting, word.until, CalendarDay.objects.working_calendar(followed.case.agency))
    return writing.write_of_step(what, log=Event.TERM_CHANGED)


def _refuse_earlier(turn: Turn, until: dt.date | None, calendar: Any) -> None:
    due = turn.due(calendar)
    if until is None or due is None or until <= due:
        raise TermNotLater


@transaction.atomic
def end_procedure(*, followed: CaseProcedure, ground: str, word: Word, actor: Any, at: dt.datetime) -> CaseProcedure:
    """End the work under a procedure on one of its grounds. A second press returns the same end.

    Raises `NotYourStep`, `DecidedByCouncil` (until the case's council has decided for this ground), and what `end` does.
    """
    writing = Writing(followed, "end", word=word, actor=actor, at=at)
    if writing.known:
        return writing.followed
    if not may_end(writing.followed, writing.progress, user=actor, at=at):
        raise NotYourStep
    council = council_that_ends(writing.followed, writing.progress, today=writing.today)
    if council is not None and ground not in grounds_decided(writing.followed):
        raise DecidedByCouncil(council.name)
    return end(writing, ground)


def end(writing: Writing, ground: str) -> CaseProcedure:
    """End the work on a ground by an entry that is about to be written, whoever has decided it.

    Raises `NoSuchGround`, `WordsNeeded`, `GuardsUnmet`, `GroundNotOfDocument`.
    """
    followed, progress, word = writing.followed, writing.progress, writing.word
    try:
        chosen = progress.procedure.ground(ground)
    except KeyError:
        raise NoSuchGround from None
    if chosen.needs_words:
        writing.refuse_silence()
    writing.refuse_impossible_day(followed.started_on)
    missing = guards_of_ground(followed, ground, progress=progress, word=word, at=writing.at)
    missing += form_titles(missing_papers_of_end(progress))
    if missing:
        raise GuardsUnmet(missing)
    _refuse_other_ground(progress.procedure, progress, chosen)
    followed.ended_on, followed.ground = word.on, ground
    followed.save(update_fields=["ended_on", "ground"])
    writing.write(What.CLOSED, log=Event.PROCEDURE_ENDED, subject=chosen.title, code=ground)
    return followed


def may_end(followed: CaseProcedure, progress: Progress, *, user: Any, at: dt.datetime) -> bool:
    """Return whether somebody may end the work: whoever may do one of the closing steps."""
    today = followed.case.agency.local(at).date()
    roles = {step.role for step in progress.procedure.steps if step.done_by == DoneBy.CLOSURE}
    return any(plays(role, followed, progress, user=user, today=today) for role in roles)


def missing_papers_of_end(progress: Progress) -> list[str]:
    """Return the codes of the forms that the end of the work needs, and that are neither filed nor waived."""
    open_ends = [turn for turn in progress.open_turns if turn.step.done_by == DoneBy.CLOSURE]
    if open_ends:
        return [
            code
            for turn in open_ends
            for code in [*(use.code for use, _n in progress.missing_forms(turn)), *progress.missing_required(turn)]
        ]
    ends = [step for step in progress.procedure.steps if step.done_by == DoneBy.CLOSURE][:1]
    codes = [use.code for step in ends for use in step.forms if not use.is_optional]
    return [code for code in codes if code not in progress.last_filed]


def _refuse_other_ground(procedure: Procedure, progress: Progress, ground: Ground) -> None:
    """Raise `GroundNotOfDocument` when the filed decision names another ground."""
    for step in procedure.steps:
        form, question = step.deciding
        if step.done_by == DoneBy.CLOSURE and form in progress.last_filed and ground.answer:
            if progress.last_filed[form].answers.get(question) != ground.answer:
                raise GroundNotOfDocument


@transaction.atomic
def annul(*, event: CaseEvent, word: Word, actor: Any, at: dt.datetime) -> CaseEvent:
    """Take an entry back that was a mistake: it stays readable and counts no more.

    When an appointment counts no more with it, the case goes back to the curator who was appointed before under this
    procedure, with the open tasks. Was nobody, or can they not answer for the case any more, the curator stays: a family is
    never left without anybody, and the step that appoints waits again. A curator whom the head has named meanwhile stays, too.

    Raises `WordsNeeded`, `AlreadyAnnulled` (also for the first event and for what cannot be taken back), `NotYourStep`, and
    `AlreadyFollowed` when an end is taken back and the case has come under the same procedure anew meanwhile.
    """
    place = f"{event.pk}/annul"
    writing = Writing(event.case_procedure, place, word=word, actor=actor, at=at, after_the_end=True)
    if writing.known:
        return writing.known
    followed, before = writing.followed, writing.progress
    writing.refuse_silence()
    if event.what in CaseEvent.STAND_FOR_EVER or CaseEvent.objects.filter(annuls=event).exists():
        raise AlreadyAnnulled
    if not may_annul(event, followed, user=actor, at=at):
        raise NotYourStep
    if event.what == What.CLOSED:
        _reopen(followed)
    subject = event.get_what_display()
    facts = {"annuls": event, "step": event.step, "on": writing.today}
    annulling = writing.write(What.ANNULLED, log=Event.ANNULLED, subject=subject, **facts)
    earlier = curator_again(followed, before=before, after=progress_of(followed), today=writing.today)
    if earlier:
        hand_case_to(earlier, case=followed.case, actor=actor, at=at)
    return annulling


def _reopen(followed: CaseProcedure) -> None:
    if CaseProcedure.objects.running().filter(case=followed.case_id, code=followed.code).exists():
        raise AlreadyFollowed
    followed.ended_on, followed.ground = None, ""
    followed.save(update_fields=["ended_on", "ground"])


def curator_again(followed: CaseProcedure, *, before: Progress, after: Progress, today: dt.date) -> Any:
    """Return to whom the case goes back when the appointment of its curator counts no more; `None` when the curator stays.

    They stay when the work under the procedure has ended: somebody may answer for the case on other grounds since.
    """
    case = followed.case
    for role in before.procedure.roles if followed.is_running else ():
        was, now = before.appointed.get(role.code), after.appointed.get(role.code)
        if role.played_by != PlayedBy.CURATOR or was is None or now is None:
            continue
        people = was.ref.person, now.ref.person
        if people[0] != people[1] and people[0] == case.curator and may_be_curator(case, people[1], today=today):
            return people[1]
    return None


def may_annul(event: CaseEvent, followed: CaseProcedure, *, user: Any, at: dt.datetime) -> bool:
    """Return whether somebody may take an entry back: whoever wrote it, or who might have written it in their place."""
    today = followed.case.agency.local(at).date()
    permissions = access.permissions_on(followed.case, user=user, today=today)
    if event.actor_id == user.pk:
        return bool(MAY_DO & permissions)
    if access.CasePermission.LEAD not in permissions:
        return False
    if event.actor_id in acting_for(user, today=today):
        return True
    progress = progress_of(followed)
    if event.what == What.CLOSED:
        return may_end(followed, progress, user=user, at=at)
    roles = roles_played(followed, progress, user=user, today=today)
    return _role_of(event, progress.procedure) in roles or is_head(user, agency_id=followed.case.agency_id)


def _role_of(event: CaseEvent, procedure: Procedure) -> str:
    """Return the role in which an entry is written; nothing when the edition does not know its step any more."""
    if event.what == What.LEVEL:
        return procedure.level_role
    step = next((step for step in procedure.steps if step.code == event.step), None)
    return (step.waived_by if event.what == What.WAIVED else step.role) if step else ""


@transaction.atomic
def move_to(
    *, followed: CaseProcedure, edition: ProcedureEdition, word: Word, actor: Any, at: dt.datetime
) -> CaseProcedure:
    """Let a case follow a newer edition of its procedure from now on. A second press changes nothing.

    Nothing that was done before is sent anywhere on its own: the replay knows what was done before the move.

    Raises `NotYourStep`, `ProcedureNotInForce`, `WordsNeeded`. The screen shows before what becomes of every step.
    """
    followed = held(followed)
    if not followed.is_running:
        raise ProcedureOver
    if followed.edition_id == edition.pk:
        return followed
    if not leads(followed, user=actor, at=at):
        raise NotYourStep
    newer = ProcedureEdition.objects.in_force(at=at).filter(pk=edition.pk, code=followed.code)
    if not newer.exists():
        raise ProcedureNotInForce
    if not word.words.strip():
        raise WordsNeeded
    CaseEvent.objects.create(
        case_procedure=followed,
        what=What.MOVED,
        code=f"{followed.edition.number} → {edition.number}",
        on=followed.case.agency.local(at).date(),
        words=word.words.strip(),
        actor=actor,
        at=moment_after(followed, at),
    )
    followed.edition = edition
    followed.save(update_fields=["edition"])
    record(case=followed.case, event=Event.PROCEDURE_MOVED, actor=actor, at=at, subject=str(edition))
    follow(followed, actor=actor, at=at)
    return followed
