"""Protocols in the hands of those who may have them: the whole paper, or only what one agency carries out.

Who gets which is the rule of `casework.actions.protocol_readers`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casework import access
from casework.actions.councils import Seat
from casework.actions.issued import Handed, issue_extract, issue_word
from casework.actions.papers import addressees_of
from casework.actions.protocol_readers import reach_at_table, reach_of
from casework.actions.refusals import NotAnAddressee
from casework.models import AgendaItem, Assignment, AssignmentState, Meeting, Submission
from forms_library.schema import Kind

OVER = frozenset({AssignmentState.WITHDRAWN, AssignmentState.REFUSED})
"""What an agency does not do, it does not read any more."""


@dataclass(frozen=True, kw_only=True)
class FiledPaper:
    """The signed protocol of one case, its number, and how much of it whoever looks gets at the table.

    Whoever reads the case itself finds the protocol there, too, by the rules of the case.
    """

    item: AgendaItem
    number: str
    is_whole: bool
    has_extract: bool
    reads_case: bool
    by_hand: tuple[str, ...] = ()
    """The executors of whom nobody works in the system: they get their extract on paper. Told to whoever leads."""


def filed_papers(meeting: Meeting, *, seat: Seat, user: Any, today: dt.date) -> list[FiledPaper]:
    """Return the protocols of a signed meeting that a member may know of. Deny beats allow. Four queries."""
    rows = meeting.items.exclude(case__in=access.barred_from(user)).order_by("order", "pk")
    items = list(rows.select_related("case", "protocol__edition").defer("protocol__edition__docx_template"))
    reach = reach_at_table(items, seat=seat)
    read = access.readers_of([item.case_id for item in items], among=[user.pk], today=today)
    by_hand = _executors_by_hand(item.protocol_id for item in items) if seat.leads else {}
    return [
        FiledPaper(
            item=item,
            number=number_of(item.protocol),
            is_whole=item.protocol is not None and reach[item.pk].reads_whole(item.protocol),
            has_extract=_is_addressed(seat, item.protocol),
            reads_case=(item.case_id, user.pk) in read,
            by_hand=tuple(by_hand.get(item.protocol_id, ())),
        )
        for item in items
    ]


def _executors_by_hand(protocols: Iterable[int | None]) -> dict[int | None, list[str]]:
    """Return the names of the executors whom nobody tells but on paper, by protocol. One query."""
    asked = Assignment.objects.open().filter(source__in=[each for each in protocols if each]).seen_by_nobody()
    found: dict[int | None, list[str]] = {}
    named = asked.order_by("agency__short_name").values_list("source", "agency__short_name")
    for protocol, name in named.distinct():
        found.setdefault(protocol, []).append(name)
    return found


def number_of(protocol: Submission | None) -> str:
    """Return the registration number of a protocol, whatever its form calls the question; empty without a protocol."""
    if protocol is None:
        return ""
    numbered = [each.key for each in protocol.edition.schema if each.kind == Kind.NUMBER]
    return str(protocol.answers.get(numbered[0], "")) if numbered else ""


def _is_addressed(seat: Seat, protocol: Submission | None) -> bool:
    if protocol is None or seat.member is None:
        return False
    return seat.member.agency.name in addressees_of(protocol)


def issue_protocol(*, item: AgendaItem, seat: Seat, actor: Any, at: dt.datetime) -> Handed:
    """Hand the signed protocol of one case out to a member: whole when nothing in it is closed to them, else their extract.

    Raises `NotAnAddressee` when there is none yet, or when nothing in it is for them.
    """
    protocol = _filed(item.protocol_id)
    if protocol is None or seat.member is None:
        raise NotAnAddressee
    today = item.meeting.council.agency.local(at).date()
    if reach_of(item, seat=seat, user=actor, today=today).reads_whole(protocol):
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
