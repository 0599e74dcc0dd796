"""What one agency asks another to do for a family: sent, accepted or refused, marked, withdrawn.

A referral waits for an answer, and silence has a clock (`assignment_clock`). What a plan or a council asks is in work from the
start. Whoever was asked never sees the case: only these words and what was disclosed with them.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from django.contrib.auth import get_user_model
from django.db import transaction

from casework import access, notifications
from casework.actions.assignment_refusals import (
    AgencyIsClosed,
    AssignmentAnswered,
    NobodyToAsk,
    NotYourAssignment,
    ReferralToOneself,
    StillWaitsForAnAnswer,
    WordsMissing,
)
from casework.actions.cases import locked_running, make_teams, may_speak
from casework.actions.disclosures import disclose, end_disclosure
from casework.actions.log import record
from casework.actions.roles import acting_for
from casework.actions.task_refusals import DayHasPassed
from casework.models import Assignment, AssignmentKind, AssignmentState, Case, Disclosure, Event, Submission
from forms_library.deadlines import Deadline, Rule, Unit, count
from forms_library.models import Agency, CalendarDay
from forms_library.working_calendar import WorkingCalendar

LONGEST_REASON = 500
"""What is asked is what the part of the case is shown for, as far as there is room for it."""
ANSWER_WITHIN = 3
"""Working days to answer a referral, unless whoever asks says otherwise."""

MARKS = frozenset({AssignmentState.DONE, AssignmentState.PARTLY, AssignmentState.NOT_DONE})
MAY_BE_MARKED = frozenset({AssignmentState.ACCEPTED, AssignmentState.PARTLY, AssignmentState.NOT_DONE})
"""What was done in part, or not at all, can still be done: a council asks again until it is."""


class RowOfDocument(TypedDict, total=False):
    """Where an assignment stands in a filed form, and what that row says beside the thing to do."""

    source: Submission | None
    table: str
    row: int
    person: Any
    person_name: str
    group: str
    aim: str
    resource: str
    expected: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What of the case goes with a referral, and up to and including which day."""

    sections: Collection[str]
    documents: Collection[Submission]
    categories: Collection[str]
    last_day: dt.date


@transaction.atomic
def refer(
    *,
    case: Case,
    agency: Agency,
    text: str,
    due: dt.date,
    answer_within: int,
    shown: Shown | None,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
) -> Assignment:
    """Send a referral and show the addressee what it needs for that; the same `token` twice is the same referral.

    Raises what `assign` raises, and `NothingToDisclose`, `NotYoursToDisclose`.
    """
    sent = assign(
        case=case, kind=AssignmentKind.REFERRAL, agency=agency, text=text, due=due, answer_within=answer_within,
        actor=actor, at=at, token=token,
    )  # fmt: skip
    if shown and sent.disclosure_id is None and sent.sent_at == at:
        sent.disclosure = disclose(
            case=case, agency=agency, sections=shown.sections, documents=shown.documents, categories=shown.categories,
            reason=text[:LONGEST_REASON], last_day=shown.last_day, actor=actor, at=at,
        )  # fmt: skip
        sent.save(update_fields=["disclosure"])
    return sent


@transaction.atomic
def assign(
    *,
    case: Case,
    kind: AssignmentKind,
    agency: Agency,
    text: str,
    actor: Any,
    at: dt.datetime,
    due: dt.date | None = None,
    answer_within: int | None = None,
    disclosure: Disclosure | None = None,
    token: uuid.UUID | None = None,
    **row: Unpack[RowOfDocument],
) -> Assignment:
    """Ask an agency to do something; the same `token` twice is the same assignment.

    A referral waits for an answer during `answer_within` working days of the addressee (3 by default); what comes from a sealed
    document is in work at once, as the document says it. Raises `CaseEnded`, and for a referral `DayHasPassed`,
    `ReferralToOneself`, `AgencyIsClosed`, `NobodyToAsk`.
    """
    case = locked_running(case)
    token = (
        uuid.uuid5(token, case.reference) if token else uuid.uuid4()
    )  # the token of a page counts within its case only
    if (given := Assignment.objects.filter(token=token, case=case).first()) is not None:
        return given
    make_teams(agency)
    facts: dict[str, Any] = {"state": AssignmentState.ACCEPTED}
    if kind == AssignmentKind.REFERRAL:
        _must_take_referrals(agency, case=case, due=due, actor=actor, at=at)
        facts = _term(agency, within=answer_within or ANSWER_WITHIN, at=at) | {"state": AssignmentState.SENT}
    assignment = Assignment.objects.create(
        case=case, kind=kind, agency=agency, text=text, due=due, disclosure=disclosure, token=token,
        sent_by=actor, sent_at=at, **facts, **row,
    )  # fmt: skip
    _write_down(assignment, Event.ASSIGNED_TO_AGENCY, actor=actor, at=at)
    if agency.pk != case.agency_id and not _was_asked_before(assignment):
        transaction.on_commit(lambda: notifications.tell_about_assignment(agency.pk), robust=True)
    return assignment


def _must_take_referrals(agency: Agency, *, case: Case, due: dt.date | None, actor: Any, at: dt.datetime) -> None:
    if due is not None and due < case.agency.local(at).date():
        raise DayHasPassed
    if agency.pk == case.agency_id or access.agencies_of(actor).filter(pk=agency.pk).exists():
        raise ReferralToOneself
    if not agency.is_open:
        raise AgencyIsClosed
    if not get_user_model().objects.filter(groups__team__agency=agency, is_active=True).exists():
        raise NobodyToAsk


def _term(agency: Agency, *, within: int, at: dt.datetime) -> dict[str, Any]:
    calendar = CalendarDay.objects.working_calendar(agency)
    deadline = count(_rule(within), event=agency.local(at).date(), calendar=calendar)
    return {"answer_within": within, "answer_by": deadline.due}


def _rule(within: int) -> Rule:
    return Rule(number=within, unit=Unit.WORKING_DAYS)


def term_of(assignment: Assignment, calendar: WorkingCalendar) -> Deadline | None:
    """Return how the last day to answer was counted; `None` without one, and when the calendar has changed since."""
    if assignment.answer_within is None:
        return None
    sent_on = assignment.agency.local(assignment.sent_at).date()
    deadline = count(_rule(assignment.answer_within), event=sent_on, calendar=calendar)
    return deadline if deadline.due == assignment.answer_by else None


def _was_asked_before(assignment: Assignment) -> bool:
    """Return whether the same action has asked this agency for something else already: one letter tells of all of it."""
    together = Assignment.objects.filter(agency=assignment.agency_id, sent_at=assignment.sent_at)
    return together.exclude(pk=assignment.pk).exists()


@transaction.atomic
def answer(
    *, assignment: Assignment, accepts: bool, words: str = "", version: int, actor: Any, at: dt.datetime
) -> Assignment:
    """Accept a referral, or refuse it with a reason. A second press of the same person changes nothing.

    Raises `CaseEnded`, `NotYourAssignment`, `AssignmentAnswered` (somebody was quicker), `WordsMissing`.
    """
    assignment = _held(assignment)
    state = AssignmentState.ACCEPTED if accepts else AssignmentState.REFUSED
    if not _is_of_the_executor(assignment, actor):
        raise NotYourAssignment
    if assignment.answered_by_id == actor.pk and assignment.state == state and assignment.version == version + 1:
        return assignment
    if assignment.state != AssignmentState.SENT or assignment.version != version:
        raise AssignmentAnswered(assignment)
    if not accepts and not words.strip():
        raise WordsMissing
    assignment.answered_by, assignment.answered_at = actor, at
    _change(assignment, state, words=words)
    if not accepts:
        _show_no_more(assignment, actor=actor, at=at)
    _write_down(assignment, Event.ASSIGNMENT_ANSWERED, actor=actor, at=at)
    _tell_the_curator(assignment, actor=actor)
    return assignment


@transaction.atomic
def mark(
    *, assignment: Assignment, state: AssignmentState, words: str, version: int, actor: Any, at: dt.datetime
) -> Assignment:
    """Write down what came of something in work: done, done in part or not done, in words.

    The executor marks it; the curator of the case may, when the executor or the family has told them. A second press changes
    nothing. Raises `CaseEnded`, `NotYourAssignment`, `StillWaitsForAnAnswer`, `AssignmentAnswered`, `WordsMissing`.
    """
    assignment = _held(assignment)
    if not (_is_of_the_executor(assignment, actor) or is_of_the_curator(assignment.case, actor, at=at)):
        raise NotYourAssignment
    if assignment.state == AssignmentState.SENT:
        raise StillWaitsForAnAnswer
    pressed_before = (assignment.marked_by_id, assignment.state, assignment.words, assignment.version)
    if pressed_before == (actor.pk, state, words.strip(), version + 1):
        return assignment
    if assignment.state not in MAY_BE_MARKED or assignment.version != version:
        raise AssignmentAnswered(assignment)
    if state not in MARKS or not words.strip():
        raise WordsMissing
    assignment.marked_by, assignment.marked_at = actor, at
    _change(assignment, state, words=words)
    _write_down(assignment, Event.ASSIGNMENT_MARKED, actor=actor, at=at)
    _tell_the_curator(assignment, actor=actor)
    return assignment


@transaction.atomic
def withdraw(*, assignment: Assignment, actor: Any, at: dt.datetime, words: str = "") -> Assignment:
    """Take back, at once, what nobody has finished yet; a second press changes nothing.

    Raises `CaseEnded`, and `AssignmentAnswered` when it was refused or finished meanwhile.
    """
    assignment = _held(assignment)
    if assignment.state == AssignmentState.WITHDRAWN:
        return assignment
    if not assignment.is_open:
        raise AssignmentAnswered(assignment)
    assignment.marked_by, assignment.marked_at = actor, at
    _change(assignment, AssignmentState.WITHDRAWN, words=words)
    _show_no_more(assignment, actor=actor, at=at)
    _write_down(assignment, Event.ASSIGNMENT_WITHDRAWN, actor=actor, at=at)
    return assignment


def is_of_the_curator(
    case: Case, user: Any, *, at: dt.datetime, held: Collection[access.CasePermission] | None = None
) -> bool:
    """Return whether `user` is the curator of the case today, or stands in for them, and works on it.

    `held` is what they may do with the case, when the caller has asked already.
    """
    today = case.agency.local(at).date()
    held = access.permissions_on(case, user=user, today=today) if held is None else held
    return access.CasePermission.WORK in held and case.curator_id in acting_for(user, today=today)


def may_withdraw(assignment: Assignment, user: Any, *, case: Case, held: Collection[access.CasePermission]) -> bool:
    """Return whether `user`, who holds these permissions, may take a referral back: their own, or in the name of the case."""
    is_theirs = assignment.sent_by_id == user.pk and access.CasePermission.WORK in held
    return is_theirs or may_speak(case, user, held=held)


def _is_of_the_executor(assignment: Assignment, user: Any) -> bool:
    return access.assignments_for(user=user).filter(pk=assignment.pk).exists()


def _held(assignment: Assignment) -> Assignment:
    """Return an assignment of a running case as it is now, held until the end of the transaction."""
    case = locked_running(assignment.case)
    related = ("agency", "disclosure", "answered_by", "marked_by")
    assignment = Assignment.objects.select_related(*related).get(pk=assignment.pk)
    assignment.case = case
    return assignment


def _change(assignment: Assignment, state: AssignmentState, *, words: str) -> None:
    assignment.state, assignment.words = state, words.strip()
    assignment.version += 1
    assignment.save(update_fields=["state", "words", "version", "answered_by", "answered_at", "marked_by", "marked_at"])


def _show_no_more(assignment: Assignment, *, actor: Any, at: dt.datetime) -> None:
    """Whoever does not do it needs nothing of the case any more."""
    if assignment.disclosure is not None:
        end_disclosure(disclosure=assignment.disclosure, actor=actor, at=at)


def _tell_the_curator(assignment: Assignment, *, actor: Any) -> None:
    """Let the curator hear of an answer that they have not written down themselves."""
    if assignment.case.curator_id not in {None, actor.pk}:
        transaction.on_commit(lambda: notifications.tell_about_answer(assignment), robust=True)


def _write_down(assignment: Assignment, event: Event, *, actor: Any, at: dt.datetime) -> None:
    subject = f"№ {assignment.pk}, {assignment.agency}: {assignment.get_state_display()}"
    record(case=assignment.case, event=event, actor=actor, at=at, subject=subject)
