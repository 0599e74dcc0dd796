"""Documents sent to other agencies: the addressee gets this document, and never the case."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from casework.actions.cases import locked
from casework.actions.log import record
from casework.actions.procedure_refusals import AlreadyReceived, CannotBeSent
from casework.models import CaseProcedure, Delivery, Event, Submission
from forms_library.models import Agency
from forms_library.procedures.progress import Progress


def send_papers(followed: CaseProcedure, progress: Progress, *, actor: Any, at: dt.datetime) -> None:
    """Send the papers of the steps that are done to the agencies that the procedure names, each of them once."""
    wanted = list(_papers(progress))
    papers = {submission for submission, _kinds in wanted}
    known = set(
        Delivery.objects.filter(submission__in=papers).values_list("submission", "agency__kind") if papers else ()
    )
    for submission, kinds in wanted:
        # What has gone to a body does not follow on its own when another agency of the kind opens on the territory.
        if any((submission.pk, kind) in known for kind in kinds):
            continue
        agency = addressee(submission, kinds=kinds, keeper=followed.case.agency)
        if agency:
            send(submission=submission, agency=agency, actor=actor, at=at)


def send(*, submission: Submission, agency: Agency, actor: Any, at: dt.datetime) -> Delivery:
    """Send one document to an agency and write it down; a second time changes nothing."""
    delivery, made = Delivery.objects.get_or_create(
        submission=submission, agency=agency, defaults={"sent_by": actor, "sent_at": at}
    )
    if made:
        subject = f"№ {submission.number}, {agency}"
        record(case=submission.case, event=Event.SENT, actor=actor, at=at, subject=subject)
    return delivery


@transaction.atomic
def send_by_hand(*, submission: Submission, agency: Agency, actor: Any, at: dt.datetime) -> Delivery:
    """Send a document to an agency that somebody has chosen. Raises `CannotBeSent` to a closed agency or to the keeper."""
    locked(submission.case)
    if not agency.is_open or agency.pk == submission.case.agency_id:
        raise CannotBeSent
    return send(submission=submission, agency=agency, actor=actor, at=at)


@transaction.atomic
def register(*, delivery: Delivery, number: str, actor: Any, at: dt.datetime) -> Delivery:
    """Write down that the addressee has received a document, under its own incoming number. The first one counts."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("submission__case").get(pk=delivery.pk)
    if delivery.received_at is not None:
        raise AlreadyReceived
    delivery.received_by, delivery.received_at, delivery.incoming_number = actor, at, number.strip()
    delivery.save(update_fields=["received_by", "received_at", "incoming_number"])
    case = delivery.submission.case
    record(case=case, event=Event.RECEIVED, actor=actor, at=at, subject=f"№ {delivery.submission.number}")
    return delivery


def _papers(progress: Progress) -> Iterator[tuple[Submission, frozenset[str]]]:
    """Yield the filed forms of the steps that are done, once for each body that gets them, with the kinds it may have."""
    for turn in progress.turns:
        for use in turn.step.forms if turn.done_on else ():
            filed = [each.ref for each in turn.used if each.code == use.code and each.ref]
            for role in use.to:
                kinds = frozenset(progress.procedure.role(role).agency_kinds)
                yield from ((submission, kinds) for submission in filed if kinds)


def addressee(submission: Submission, *, kinds: frozenset[str], keeper: Agency) -> Agency | None:
    """Return the agency that a document goes to: the one that it names itself, else the only one on the territory.

    `None` when neither is clear: then somebody chooses it by hand. A document that names its addressee never goes to
    another one, not even when that one is closed or keeps the case itself.
    """
    named = [answer.get("id") for answer in submission.answers.values() if isinstance(answer, dict)]
    of_kind = Agency.objects.filter(kind__in=kinds)
    found = list(of_kind.filter(pk__in=[number for number in named if isinstance(number, int)]))
    if not found:
        found = list(of_kind.open().filter(territory=keeper.territory).exclude(pk=keeper.pk)[:2])
    others = [agency for agency in found if agency.is_open and agency.pk != keeper.pk]
    return others[0] if len(others) == 1 else None
