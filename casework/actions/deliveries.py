"""Documents sent to other agencies: the addressee gets this document, and never the case.

What a risk level sends opens the document while the level lasts. When the level is another one, what was not registered yet
is taken back; what the addressee has registered stays theirs, and what was sent for good is never taken back.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from casework import notifications
from casework.actions.cases import locked, speaks_for
from casework.actions.closed import refuse_closed
from casework.actions.disclosures import is_secret_from
from casework.actions.log import record
from casework.actions.outgoing import Outgoing, possible_addressees, sent_at_level, sent_for_good
from casework.actions.procedure_refusals import AlreadyReceived, CannotBeSent, NotYoursToSend, TakenBack
from casework.closed_answers import TOLD_TO_FEW, closed_categories
from casework.models import CaseProcedure, Delivery, Event, Submission
from forms_library.models import Agency
from forms_library.procedures.progress import Progress


def send_papers(followed: CaseProcedure, progress: Progress, *, actor: Any, at: dt.datetime) -> None:
    """Send the papers that the procedure addresses to other agencies, each of them once. The caller holds the case.

    Two queries at most when there is nothing to send, whatever has happened.
    """
    sent = deliveries_of(followed)
    waiting = []
    for paper in [*sent_for_good(progress), *sent_at_level(progress, progress.level)]:
        # What has gone to a body does not follow on its own when another agency of the kind opens on the territory.
        gone = gone_out(paper, sent)
        if not any(is_for_good(delivery) for delivery in gone):
            for delivery in gone:
                _let_stand(delivery, level=paper.level, actor=actor, at=at)
        corrected = [] if gone else _sent_of_corrected(paper, sent)
        for delivery in corrected:
            send(submission=paper.submission, agency=delivery.agency, level=paper.level, actor=actor, at=at)
        if not (gone or corrected or paper.waits_for_a_person):
            waiting.append(paper)
    for paper, agencies in zip(waiting, possible_addressees(waiting, keeper=followed.case.agency), strict=True):
        if len(agencies) == 1:
            send(submission=paper.submission, agency=agencies[0], level=paper.level, actor=actor, at=at)


def take_back(followed: CaseProcedure, *, level: str, actor: Any, at: dt.datetime) -> None:
    """Close to their addressees the papers of a level that the case has left, as far as nobody has registered them.

    Another procedure of the case that stands at the same level keeps its papers where they are. The caller holds the case.
    """
    others = CaseProcedure.objects.running().filter(case=followed.case_id, level=level).exclude(pk=followed.pk)
    if others.exists():
        return
    for delivery in deliveries_of(followed):
        if delivery.level == level and not is_for_good(delivery) and delivery.recalled_at is None:
            delivery.recalled_at = at
            delivery.save(update_fields=["recalled_at"])
            _write_down(delivery, Event.RECALLED, actor=actor, at=at)


def deliveries_of(followed: CaseProcedure) -> list[Delivery]:
    """Return what was sent from the case of a procedure. One query."""
    sent = Delivery.objects.filter(submission__case=followed.case_id).select_related("agency", "submission__case")
    return list(sent.defer("submission__answers", "submission__name_forms").order_by("pk"))


def gone_out(paper: Outgoing, sent: Iterable[Delivery]) -> list[Delivery]:
    """Return what was sent of a paper to the body that is to get it, also what was taken back.

    What a level has sent is not yet sent for good.
    """
    of_paper = [each for each in sent if each.submission_id == paper.submission.pk and paper.is_for(each.agency)]
    return [each for each in of_paper if paper.level or is_for_good(each)]


def _sent_of_corrected(paper: Outgoing, sent: Iterable[Delivery]) -> list[Delivery]:
    """Return what stands with the body of the paper that this one corrects: whoever has that one gets this one."""
    before = paper.submission.supersedes_id
    of_before = [each for each in sent if each.submission_id == before and paper.is_for(each.agency)]
    return [each for each in of_before if each.recalled_at is None]


def is_for_good(delivery: Delivery) -> bool:
    """Return whether nobody takes it back: it was not sent for a level, or the addressee acts on it already."""
    return not delivery.level or delivery.received_at is not None


def send(*, submission: Submission, agency: Agency, actor: Any, at: dt.datetime, level: str = "") -> Delivery:
    """Send one document to an agency, for good or while the risk level is `level`, and write it down.

    A second time changes nothing, except that what was sent for a time is now sent for good, and what was taken back opens.
    """
    delivery, made = Delivery.objects.get_or_create(
        submission=submission, agency=agency, defaults={"sent_by": actor, "sent_at": at, "level": level}
    )
    if made:
        _has_come(delivery, actor=actor, at=at)
    elif not is_for_good(delivery):
        _let_stand(delivery, level=level, actor=actor, at=at)
    return delivery


def may_send(submission: Submission, person: Any, *, today: dt.date) -> bool:
    """Return whether `person` may send a document to an agency of their choice: whoever speaks for the case, and who filed it."""
    return submission.filed_by_id == person.pk or speaks_for(submission.case, person, today=today)


@transaction.atomic
def send_by_hand(*, submission: Submission, agency: Agency, actor: Any, at: dt.datetime) -> Delivery:
    """Send a document to an agency that somebody has chosen.

    Raises `NotYoursToSend`, `CannotBeSent` to a closed agency or to the keeper, `CategoryClosed` when it tells what the sender
    may not read.
    """
    case = locked(submission.case)
    today = case.agency.local(at).date()
    if not may_send(submission, actor, today=today):
        raise NotYoursToSend
    refuse_closed([submission], case=case, user=actor, today=today)
    if not agency.is_open or agency.pk == submission.case.agency_id:
        raise CannotBeSent
    if is_secret_from(agency, closed_categories(submission.edition.schema, submission.answers, TOLD_TO_FEW)):
        raise NotYoursToSend
    return send(submission=submission, agency=agency, actor=actor, at=at)


@transaction.atomic
def register(*, delivery: Delivery, number: str, actor: Any, at: dt.datetime) -> Delivery:
    """Write down that the addressee has received a document, under its own incoming number. The first one counts.

    Raises `AlreadyReceived`, and `TakenBack` when the sender has taken it back meanwhile.
    """
    case = locked(delivery.submission.case)  # what takes it back holds the case, too
    delivery = Delivery.objects.select_related("submission").get(pk=delivery.pk)
    if delivery.received_at is not None:
        raise AlreadyReceived
    if delivery.recalled_at is not None:
        raise TakenBack
    delivery.received_by, delivery.received_at, delivery.incoming_number = actor, at, number.strip()
    delivery.save(update_fields=["received_by", "received_at", "incoming_number"])
    record(case=case, event=Event.RECEIVED, actor=actor, at=at, subject=f"№ {delivery.submission.number}")
    return delivery


def _let_stand(delivery: Delivery, *, level: str, actor: Any, at: dt.datetime) -> None:
    """Open what was sent for a level to its addressee: from now on for `level`, or with none for good."""
    if delivery.level == level and delivery.recalled_at is None:
        return
    was_taken_back = delivery.recalled_at is not None
    delivery.level, delivery.recalled_at = level, None
    delivery.save(update_fields=["level", "recalled_at"])
    if was_taken_back:
        _has_come(delivery, actor=actor, at=at)


def _has_come(delivery: Delivery, *, actor: Any, at: dt.datetime) -> None:
    """Write down that a document has come to an agency, which hears by one letter of all that an action sends it."""
    _write_down(delivery, Event.SENT, actor=actor, at=at)
    if not Delivery.objects.filter(agency=delivery.agency_id, sent_at=at).exclude(pk=delivery.pk).exists():
        transaction.on_commit(lambda: notifications.tell_about_delivery(delivery.agency_id), robust=True)


def _write_down(delivery: Delivery, event: Event, *, actor: Any, at: dt.datetime) -> None:
    submission = delivery.submission
    subject = f"№ {submission.number}, {delivery.agency}"
    record(case=submission.case, event=event, actor=actor, at=at, subject=subject)
