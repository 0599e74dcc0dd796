"""What changes the course of a procedure: risk level, waivers, terms, mistakes, a newer edition, and the end."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from casework import access
from casework.actions.log import record
from casework.actions.procedure_refusals import (
    AlreadyAnnulled,
    AlreadyFollowed,
    CannotBeWaived,
    DocumentNeeded,
    GroundNotOfDocument,
    GuardsUnmet,
    NoSuchGround,
    NoSuchLevel,
    NotYourStep,
    ProcedureNotInForce,
    ProcedureOver,
    SameLevel,
    TermNotLater,
    TermNotPaused,
    WordsNeeded,
)
from casework.actions.procedures import Word, follow, guards_of_ground, held, may_act, open_turn, refuse_impossible_day
from casework.actions.progress import form_titles, moment_after, progress_of
from casework.actions.roles import acting_for, is_head, plays, roles_played
from casework.models import CaseEvent, CaseProcedure, Event
from forms_library.models import CalendarDay, ProcedureEdition
from forms_library.procedures.definition import DoneBy, Ground, Procedure, Step
from forms_library.procedures.progress import Progress, Turn

What = CaseEvent.What


@transaction.atomic
def set_level(*, followed: CaseProcedure, level: str, word: Word, actor: Any, at: dt.datetime) -> CaseEvent:
    """Set the risk level, with reasons, by whoever the procedure names; one that works at once, by whoever works on the case.

    Raises `NoSuchLevel`, `SameLevel`, `WordsNeeded`, `NotYourStep`.
    """
    token = uuid.uuid5(word.token, f"{followed.pk}/level")
    followed = held(followed)
    if (known := CaseEvent.objects.filter(token=token).first()) is not None:
        return known
    progress = progress_of(followed)
    try:
        wanted = progress.procedure.level(level)
    except KeyError:
        raise NoSuchLevel from None
    if progress.level == level:
        raise SameLevel
    if not word.words.strip():
        raise WordsNeeded
    if not may_set_level(followed, progress, level=wanted.code, user=actor, at=at):
        raise NotYourStep
    refuse_impossible_day(followed.case, word.on, at=at, not_before=followed.started_on)
    event = _write(followed, What.LEVEL, code=level, word=word, token=token, actor=actor, at=at)
    record(case=followed.case, event=Event.LEVEL_SET, actor=actor, at=at, subject=wanted.title)
    follow(followed, actor=actor, at=at)
    return event


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
    token = uuid.uuid5(word.token, f"{followed.pk}/{step}/{turn}/waive/{what}")
    followed = held(followed)
    if (known := CaseEvent.objects.filter(token=token).first()) is not None:
        return known
    progress = progress_of(followed)
    waiting = open_turn(progress, step, turn)
    role = waiting.step.waived_by
    if not role or what not in waivable(waiting.step):
        raise CannotBeWaived
    if not plays(role, followed, progress, user=actor, today=followed.case.agency.local(at).date()):
        raise NotYourStep
    if not word.words.strip():
        raise WordsNeeded
    refuse_impossible_day(followed.case, word.on, at=at, not_before=followed.started_on)
    event = _write(followed, What.WAIVED, step=step, code=what, word=word, token=token, actor=actor, at=at)
    record(case=followed.case, event=Event.WAIVED, actor=actor, at=at, subject=waiting.step.title)
    follow(followed, actor=actor, at=at)
    return event


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
    token = uuid.uuid5(word.token, f"{followed.pk}/{step}/{turn}/{what}")
    followed = held(followed)
    if (known := CaseEvent.objects.filter(token=token).first()) is not None:
        return known
    waiting = open_turn(progress_of(followed), step, turn)
    if not leads(followed, user=actor, at=at):
        raise NotYourStep
    if not word.words.strip():
        raise WordsNeeded
    if what != What.RESUMED and (word.document is None or word.document.case_id != followed.case_id):
        raise DocumentNeeded
    if what in {What.RESUMED, What.SUSPENDED} and waiting.is_paused != (what == What.RESUMED):
        raise TermNotPaused
    refuse_impossible_day(followed.case, word.on, at=at, not_before=waiting.opened_on)
    if what == What.EXTENDED:
        _refuse_earlier(waiting, word.until, CalendarDay.objects.working_calendar(followed.case.agency))
    event = _write(followed, what, step=step, word=word, token=token, actor=actor, at=at)
    record(case=followed.case, event=Event.TERM_CHANGED, actor=actor, at=at, subject=waiting.step.title)
    follow(followed, actor=actor, at=at)
    return event


def _refuse_earlier(turn: Turn, until: dt.date | None, calendar: Any) -> None:
    due = turn.due(calendar)
    if until is None or due is None or until <= due:
        raise TermNotLater


@transaction.atomic
def end_procedure(*, followed: CaseProcedure, ground: str, word: Word, actor: Any, at: dt.datetime) -> CaseProcedure:
    """End the work under a procedure on one of its grounds. A second press returns the same end.

    Raises `NoSuchGround`, `NotYourStep`, `WordsNeeded`, `GuardsUnmet`, `GroundNotOfDocument`.
    """
    token = uuid.uuid5(word.token, f"{followed.pk}/end")
    followed = _held_also_ended(followed)
    if CaseEvent.objects.filter(token=token).exists():
        return followed
    if not followed.is_running:
        raise ProcedureOver
    progress = progress_of(followed)
    procedure = progress.procedure
    try:
        chosen = procedure.ground(ground)
    except KeyError:
        raise NoSuchGround from None
    if not may_end(followed, progress, user=actor, at=at):
        raise NotYourStep
    if chosen.needs_words and not word.words.strip():
        raise WordsNeeded
    refuse_impossible_day(followed.case, word.on, at=at, not_before=followed.started_on)
    missing = guards_of_ground(followed, ground, progress=progress, word=word, at=at)
    missing += form_titles(missing_papers_of_end(progress))
    if missing:
        raise GuardsUnmet(missing)
    _refuse_other_ground(procedure, progress, chosen)
    _write(followed, What.CLOSED, code=ground, word=word, token=token, actor=actor, at=at)
    followed.ended_on, followed.ground = word.on, ground
    followed.save(update_fields=["ended_on", "ground"])
    record(case=followed.case, event=Event.PROCEDURE_ENDED, actor=actor, at=at, subject=chosen.title)
    follow(followed, actor=actor, at=at)
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

    Raises `WordsNeeded`, `AlreadyAnnulled` (also for the first event and for what cannot be taken back), `NotYourStep`, and
    `AlreadyFollowed` when an end is taken back and the case has come under the same procedure anew meanwhile.
    """
    token = uuid.uuid5(word.token, f"{event.pk}/annul")
    followed = _held_also_ended(event.case_procedure)
    if (known := CaseEvent.objects.filter(token=token).first()) is not None:
        return known
    if not word.words.strip():
        raise WordsNeeded
    if event.what in CaseEvent.STAND_FOR_EVER or CaseEvent.objects.filter(annuls=event).exists():
        raise AlreadyAnnulled
    if not may_annul(event, followed, user=actor, at=at):
        raise NotYourStep
    if event.what == What.CLOSED:
        if CaseProcedure.objects.running().filter(case=followed.case_id, code=followed.code).exists():
            raise AlreadyFollowed
        followed.ended_on, followed.ground = None, ""
        followed.save(update_fields=["ended_on", "ground"])
    annulling = CaseEvent.objects.create(
        case_procedure=followed,
        what=What.ANNULLED,
        step=event.step,
        on=followed.case.agency.local(at).date(),
        words=word.words.strip(),
        annuls=event,
        actor=actor,
        at=at,
        token=token,
    )
    record(case=followed.case, event=Event.ANNULLED, actor=actor, at=at, subject=event.get_what_display())
    follow(followed, actor=actor, at=at)
    return annulling


def may_annul(event: CaseEvent, followed: CaseProcedure, *, user: Any, at: dt.datetime) -> bool:
    """Return whether somebody may take an entry back: whoever wrote it, or who might have written it in their place."""
    today = followed.case.agency.local(at).date()
    if not may_act(followed, user=user, today=today):
        return False
    if event.actor_id == user.pk:
        return True
    if not leads(followed, user=user, at=at):
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


def leads(followed: CaseProcedure, *, user: Any, at: dt.datetime) -> bool:
    """Return whether somebody decides on the case itself: the people of its keeper, and nobody with whom it is shared."""
    today = followed.case.agency.local(at).date()
    return access.CasePermission.LEAD in access.permissions_on(followed.case, user=user, today=today)


def _held_also_ended(followed: CaseProcedure) -> CaseProcedure:
    """Return a procedure as it is now, held, also when the work under it has ended."""
    try:
        return held(followed)
    except ProcedureOver:
        return CaseProcedure.objects.select_related("edition", "case__agency").get(pk=followed.pk)


@transaction.atomic
def move_to(
    *, followed: CaseProcedure, edition: ProcedureEdition, word: Word, actor: Any, at: dt.datetime
) -> CaseProcedure:
    """Let a case follow a newer edition of its procedure from now on. A second press changes nothing.

    Raises `NotYourStep`, `ProcedureNotInForce`, `WordsNeeded`. The screen shows before what becomes of every step.
    """
    followed = held(followed)
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
        at=at,
    )
    followed.edition = edition
    followed.save(update_fields=["edition"])
    record(case=followed.case, event=Event.PROCEDURE_MOVED, actor=actor, at=at, subject=str(edition))
    follow(followed, actor=actor, at=at)
    return followed


def _write(
    followed: CaseProcedure,
    what: CaseEvent.What,
    *,
    word: Word,
    token: uuid.UUID,
    actor: Any,
    at: dt.datetime,
    step: str = "",
    code: str = "",
) -> CaseEvent:
    return CaseEvent.objects.create(
        case_procedure=followed,
        what=what,
        step=step,
        code=code,
        on=word.on,
        until=word.until,
        words=word.words.strip(),
        stated=sorted(word.stated),
        document=word.document,
        actor=actor,
        at=moment_after(followed, at),
        token=token,
    )
