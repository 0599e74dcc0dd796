"""Protocols in the hands of those who may have them: the whole paper, or only what one agency carries out (domain.md D)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from casework import access
from casework.actions.councils import Seat
from casework.actions.issued import Handed, issue_extract, issue_word
from casework.actions.papers import addressees_of
from casework.actions.refusals import NotAnAddressee
from casework.models import AgendaItem, Assignment, AssignmentState, Meeting, Submission
from casework.packs_of_members import reads_the_whole_protocol
from forms_library.schema import Kind

OVER = frozenset({AssignmentState.WITHDRAWN, AssignmentState.REFUSED})
"""What an agency does not do, it does not read any more."""


def reads_whole(seat: Seat) -> bool:
    """Return whether a member gets the whole protocol: the chair, the secretary, and agencies that read all of it."""
    return seat.leads or (seat.member is not None and reads_the_whole_protocol(seat.member.agency.kind))


@dataclass(frozen=True)
class FiledPaper:
    """The signed protocol of one case, its number, and whether there is anything in it for whoever looks."""

    item: AgendaItem
    number: str
    is_for_me: bool


def filed_papers(meeting: Meeting, *, seat: Seat, user: Any) -> list[FiledPaper]:
    """Return the protocols of a signed meeting that a member may know of. Deny beats allow."""
    items = meeting.items.exclude(case__in=access.barred_from(user)).order_by("order", "pk")
    rows = items.select_related("case", "protocol__edition")
    return [FiledPaper(item, number_of(item.protocol), _is_for(seat, item.protocol)) for item in rows]


def number_of(protocol: Submission | None) -> str:
    """Return the registration number of a protocol, whatever its form calls the question; empty without a protocol."""
    if protocol is None:
        return ""
    numbered = [each.key for each in protocol.edition.schema if each.kind == Kind.NUMBER]
    return str(protocol.answers.get(numbered[0], "")) if numbered else ""


def _is_for(seat: Seat, protocol: Submission | None) -> bool:
    if protocol is None or seat.member is None:
        return False
    return reads_whole(seat) or seat.member.agency.name in addressees_of(protocol)


def issue_protocol(*, item: AgendaItem, seat: Seat, actor: Any, at: dt.datetime) -> Handed:
    """Hand the signed protocol of one case out to a member: whole, or as the extract of their agency.

    Raises `NotAnAddressee` when there is none yet, or when nothing in it is for them.
    """
    protocol = _filed(item.protocol_id)
    if protocol is None or seat.member is None:
        raise NotAnAddressee
    if reads_whole(seat):
        return issue_word(submission=protocol, actor=actor, at=at)
    return issue_extract(submission=protocol, addressee=seat.member.agency.name, actor=actor, at=at)


def issue_own_extract(*, assignment: Assignment, actor: Any, at: dt.datetime) -> Handed:
    """Hand the extract out to the executor: their items of the document, and nothing of the others'.

    Raises `NotAnAddressee` for what comes from no document, or from one of which no extracts are made.
    """
    document = _filed(assignment.source_id)
    if document is None or assignment.state in OVER:
        raise NotAnAddressee
    return issue_extract(submission=document, addressee=executor_in(document, assignment), actor=actor, at=at)


def has_extract(assignment: Assignment) -> bool:
    """Return whether there is an extract for the executor of an assignment."""
    if assignment.state in OVER:
        return False
    document = _filed(assignment.source_id)
    return document is not None and executor_in(document, assignment) in addressees_of(document)


def executor_in(document: Submission, assignment: Assignment) -> str:
    """Return the executor of an assignment as its document names them; nothing when it names nobody there."""
    schema = document.edition.schema
    column = schema[assignment.table].extract_by if assignment.table in schema else ""
    rows = document.answers.get(assignment.table) or []
    named = rows[assignment.row].get(column) if column and assignment.row < len(rows) else None
    return str(named.get("name", "")) if isinstance(named, dict) else ""


def _filed(number: int | None) -> Submission | None:
    if number is None:
        return None
    return Submission.objects.select_related("edition", "case__agency", "supersedes").get(pk=number)
