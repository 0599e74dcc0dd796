"""The protocol of a meeting is signed: filed in every case, its decisions handed to their executors, its approvals carried out."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from casework import access
from casework.actions.agenda import name_of
from casework.actions.council_refusals import MeetingOver, NoQuorum, NothingOnAgenda, NotRunning, StageNotReached
from casework.actions.council_steps import on_day, states, step_of
from casework.actions.councils import seat_in
from casework.actions.log import record
from casework.actions.meetings import taking_part
from casework.actions.packs import end_packs, held_meeting
from casework.actions.procedure_changes import end, missing_papers_of_end
from casework.actions.procedure_refusals import GuardsUnmet
from casework.actions.procedures import StepWriting, Word, Writing, guards_of_ground
from casework.actions.protocol_papers import Paper, edition_of, gaps_of_meeting, papers_of
from casework.actions.protocol_refusals import (
    AlreadySigned,
    ItemRefused,
    MeetingNotHeldYet,
    ProtocolIncomplete,
    SignerKeptOut,
    of_item,
)
from casework.actions.refusals import ActionRefused
from casework.actions.submissions import file_submission
from casework.models import AgendaItem, Assignment, Case, CaseProcedure, Event, Meeting, Submission
from forms_library.models import Edition
from forms_library.procedures.definition import DoneBy, Step


@transaction.atomic
def sign_protocol(*, meeting: Meeting, actor: Any, at: dt.datetime) -> Meeting:
    """Sign the protocol of a meeting, by its chair or secretary. A second press of the same person changes nothing.

    In every case of the agenda the official form of the protocol is filed in the name of the council's holder, and what the
    council decided on a step of the procedure is done with the protocol as its document. The packs of members end.

    Raises `MeetingOver` (cancelled), `AlreadySigned` (by somebody else), `NotRunning`, `SignerKeptOut`, `StageNotReached`,
    `MeetingNotHeldYet`, `NothingOnAgenda`, `NoQuorum`, `NoFormOfProtocol`, `ProtocolIncomplete`, and `ItemRefused` with why
    something cannot be carried out.
    """
    try:
        meeting = held_meeting(meeting)
    except MeetingOver:
        return _signed_before(meeting, actor=actor, at=at)
    _refuse_signature(meeting, actor=actor, at=at)
    # After the meeting the cases, in the order of their keys: whoever prepares packs takes them so, too.
    list(Case.objects.select_for_update(no_key=True).filter(agenda_items__meeting=meeting).order_by("pk"))
    edition, papers = edition_of(meeting, at=at), papers_of(meeting, actor=actor, at=at)
    _refuse_gaps(meeting, papers)
    for paper in papers:
        try:
            protocol = _file(paper, edition, actor=actor, at=at)
            _carry_out(paper.item, protocol, actor=actor, at=at)
        except ActionRefused as refusal:
            raise ItemRefused(paper.item.order, refusal) from refusal
    meeting.stage, meeting.signed_by, meeting.signed_at = Meeting.Stage.SIGNED, actor, at
    meeting.version += 1
    meeting.save(update_fields=["stage", "signed_by", "signed_at", "version"])
    end_packs(meeting=meeting, actor=actor, at=at)
    return meeting


def _signed_before(meeting: Meeting, *, actor: Any, at: dt.datetime) -> Meeting:
    """Return a meeting whose protocol `actor` has signed already. Raises `MeetingOver`, `NotRunning`, `AlreadySigned`."""
    meeting = Meeting.objects.select_related("council__agency", "signed_by").get(pk=meeting.pk)
    local = meeting.council.agency.local
    if meeting.signed_at is None:
        raise MeetingOver
    if not seat_in(meeting.council, user=actor, today=local(at).date()).leads:
        raise NotRunning
    if meeting.signed_by_id != actor.pk:
        raise AlreadySigned(str(meeting.signed_by), local(meeting.signed_at))
    return meeting


def _refuse_signature(meeting: Meeting, *, actor: Any, at: dt.datetime) -> None:
    local = meeting.council.agency.local
    if not seat_in(meeting.council, user=actor, today=local(at).date()).leads:
        raise NotRunning
    if meeting.items.filter(case__in=access.barred_from(actor)).exists():
        raise SignerKeptOut
    if meeting.stage != Meeting.Stage.DECISIONS:
        raise StageNotReached
    if local(meeting.held_at).date() > local(at).date():
        raise MeetingNotHeldYet
    if not meeting.items.exists():
        raise NothingOnAgenda
    present = taking_part(meeting)
    if present < meeting.council.quorum:
        raise NoQuorum(present=present, quorum=meeting.council.quorum)


def _refuse_gaps(meeting: Meeting, papers: list[Paper]) -> None:
    missing = [gap.words for gap in gaps_of_meeting(meeting)]
    missing += [of_item(paper.item.order, gap.words) for paper in papers for gap in paper.gaps]
    if missing:
        raise ProtocolIncomplete(missing)


def _file(paper: Paper, edition: Edition, *, actor: Any, at: dt.datetime) -> Submission:
    """File the protocol of one case, and tell each decision's executor by name where the council has named somebody."""
    item = paper.item
    protocol = file_submission(
        case=item.case,
        edition=edition,
        answers=paper.form.answers(),
        token=uuid.uuid5(item.token, "protocol"),
        actor=actor,
        at=at,
        agency=item.meeting.council.agency,
    )
    item.protocol = protocol
    item.version += 1
    item.save(update_fields=["protocol", "version"])
    for row, decision in enumerate(item.decisions.all()):
        if decision.person is not None:
            Assignment.objects.filter(source=protocol, row=row).update(person=decision.person)
    record(case=item.case, event=Event.COUNCIL_DECIDED, actor=actor, at=at, subject=name_of(item.meeting))
    return protocol


def _carry_out(item: AgendaItem, protocol: Submission, *, actor: Any, at: dt.datetime) -> None:
    """Do what the council decided on the step of the case's procedure; without an outcome the step waits for another meeting."""
    step, followed = step_of(item), item.case_procedure
    if step is None or followed is None or not item.outcome:
        return
    word = Word(
        on=on_day(item, at=at),
        words=item.decided,
        stated=states(followed.edition.procedure, step, item.outcome),
        until=item.until,
        document=protocol,
        token=item.token,
    )
    if step.done_by == DoneBy.CLOSURE:
        _end_work(followed, item.outcome, word=word, actor=actor, at=at)
    else:
        _do_step(followed, step, item.outcome, word=word, actor=actor, at=at)


def _do_step(followed: CaseProcedure, step: Step, outcome: str, *, word: Word, actor: Any, at: dt.datetime) -> None:
    """Write the council's decision down. Raises what `StepWriting` does: nobody asks whose step it is, the council's it is."""
    times = len(Writing(followed, step.code, word=word, actor=actor, at=at).progress.turns_of(step.code))
    doing = StepWriting(followed, step.code, times, word=word, actor=actor, at=at)
    if doing.known:
        return
    doing.refuse_impossible_day(doing.turn.earliest)
    if step.done_by == DoneBy.EVENT:
        doing.tell()
    else:
        doing.decide(outcome)


def _end_work(followed: CaseProcedure, ground: str, *, word: Word, actor: Any, at: dt.datetime) -> None:
    """End the work on the ground that the council decided, if every paper of the end lies in the case.

    «Решение о прекращении» is written on the ground of the protocol: when it is still to be filed, the case's own people end
    the work afterwards, on this ground and no other (`end_procedure`).
    """
    writing = Writing(followed, "end", word=word, actor=actor, at=at)
    if writing.known:
        return
    if missing := guards_of_ground(writing.followed, ground, progress=writing.progress, word=word, at=at):
        raise GuardsUnmet(missing)
    if not missing_papers_of_end(writing.progress):
        end(writing, ground)
