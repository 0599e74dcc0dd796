"""A parent asks to be contacted: one transaction stores the request, the consent, the case, the grants and the log."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from casework import notifications
from casework.actions.cases import open_case
from casework.actions.log import record
from casework.actions.refusals import NoAgencyTakesRequests
from casework.actions.submissions import file_submission, seal
from casework.models import Case, CaseKind, ContactRequest, Event, Person, PersonRole, Submission
from forms_library.deadlines import Rule, Unit, count
from forms_library.models import Agency, CalendarDay, Edition
from forms_library.questionnaire import Answers

REQUEST_FORM, CONSENT_FORM = "contact_request", "contact_consent"
TIME_TO_ANSWER = Rule(number=1, unit=Unit.WORKING_DAYS)
CODE_DIGITS = 10
FRESH_FOR = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Receipt:
    """What the parent takes away: the number of the request and the secret code to it.

    `has_these_words` is false when the request was known and could not take the words that came now.
    """

    request: ContactRequest
    code: str
    has_these_words: bool = True


def editions_for_request(*, at: dt.datetime) -> tuple[Edition | None, Edition | None]:
    """Return the editions of the request and of the consent that are in force; `None` for one that is not."""
    found = {
        edition.code: edition
        for edition in Edition.objects.in_force(at=at).filter(code__in=[REQUEST_FORM, CONSENT_FORM]).without_template()
    }
    return found.get(REQUEST_FORM), found.get(CONSENT_FORM)


def agencies_to_ask() -> list[Agency]:
    """Return the agencies a parent may choose from, in order of their names."""
    return list(Agency.objects.taking_requests().order_by("short_name"))


def secret_code(token: uuid.UUID) -> str:
    """Return the code of the request sent with `token`: the same every time, so that a repeated POST shows it again."""
    number = int(salted_hmac("casework.contact_request", str(token), algorithm="sha256").hexdigest(), 16)
    digits = str(number % 10**CODE_DIGITS).zfill(CODE_DIGITS)
    return f"{digits[:4]}-{digits[4:7]}-{digits[7:]}"


def _hash(token: uuid.UUID, code: str) -> str:
    digits = "".join(character for character in code if character.isdecimal())
    return hashlib.sha256(f"{token}:{digits}".encode()).hexdigest()


def receive(
    *,
    answers: Answers,
    request_edition: Edition,
    consent_edition: Edition,
    asked_agency: Agency | None,
    token: uuid.UUID,
    at: dt.datetime,
) -> Receipt:
    """Take a contact request in and return the receipt. The same `token` is the same request, however often it comes.

    When the words differ the second time (the parent went back and added something), they are filed in the same case as
    a correction. Raises `NoAgencyTakesRequests` when nobody can take it.
    """
    known = ContactRequest.objects.filter(token=token).first()
    if known is None:
        try:
            opened = _open(
                answers=answers,
                request_edition=request_edition,
                consent_edition=consent_edition,
                asked_agency=asked_agency,
                token=token,
                at=at,
            )
            return Receipt(opened, secret_code(token))
        except IntegrityError:  # the other press of a double click was quicker
            known = ContactRequest.objects.get(token=token)
    added = _add_words(known, answers=answers, at=at)
    return Receipt(known, secret_code(token), has_these_words=added)


@transaction.atomic
def _open(
    *,
    answers: Answers,
    request_edition: Edition,
    consent_edition: Edition,
    asked_agency: Agency | None,
    token: uuid.UUID,
    at: dt.datetime,
) -> ContactRequest:
    agency = (
        asked_agency or Agency.objects.one_window().order_by("pk").first() or Agency.objects.taking_requests().first()
    )
    if agency is None:
        raise NoAgencyTakesRequests
    case = open_case(
        agency=agency, kind=CaseKind.CONTACT_REQUEST, actor=None, at=at, answer_by=answer_due(agency, at=at)
    )
    # Nobody else can know of this case yet: it needs no lock, and its first two numbers are free.
    submission = seal(case=case, number=1, edition=request_edition, answers=answers, token=token, actor=None, at=at)
    consent = seal(
        case=case,
        number=2,
        edition=consent_edition,
        answers=consent_answers(answers),
        token=uuid.uuid5(token, "consent"),
        actor=None,
        at=at,
    )
    Person.objects.create(
        case=case,
        role=PersonRole.APPLICANT,
        full_name=answers.get("name", "")[:200],
        phone=answers.get("phone", "")[:40],
    )
    request = ContactRequest.objects.create(
        case=case,
        submission=submission,
        consent=consent,
        asked_agency=asked_agency,
        token=token,
        code_hash=_hash(token, secret_code(token)),
    )
    transaction.on_commit(lambda: notifications.tell_about_new_case(case), robust=True)
    return request


def consent_answers(answers: Answers) -> Answers:
    """Return the answers of the consent document that goes with a request."""
    contact = ", ".join(value for value in (answers.get("phone", ""), answers.get("email", "")) if value)
    return {"agreed": True, "name": answers.get("name", ""), "contact": contact}


def answer_due(agency: Agency, *, at: dt.datetime) -> dt.date:
    """Return the day by which a specialist of `agency` answers: the next working day after the request came."""
    came_on = agency.local(at).date()
    return count(TIME_TO_ANSWER, event=came_on, calendar=CalendarDay.objects.working_calendar(agency)).due


def is_fresh(request: ContactRequest, *, at: dt.datetime) -> bool:
    """Return whether the browser that sent the request may still show its receipt and add to its words.

    Long enough for a lost connection and for writing the code down; short enough for a telephone that others pick up.
    """
    return at - request.case.opened_at <= FRESH_FOR


def words_of(case: Case) -> Submission | None:
    """Return the parent's request as it stands now, the latest words; `None` for a case that began otherwise."""
    return (
        case.submissions.valid()
        .filter(edition__code=REQUEST_FORM, filed_by=None)
        .select_related("edition")
        .defer("edition__docx_template")
        .first()
    )


@transaction.atomic
def _add_words(request: ContactRequest, *, answers: Answers, at: dt.datetime) -> bool:
    """File words that differ as a correction; return whether the request now has these words."""
    case = Case.objects.select_for_update().get(pk=request.case_id)
    newest = words_of(case)
    if newest is not None and newest.answers == answers:
        return True
    if newest is None or not case.is_running or set(newest.answers) != set(answers):
        return False  # the case has ended, or the words were typed on another edition of the form
    token = uuid.uuid5(request.token, str(newest.number))
    file_submission(
        case=case, edition=newest.edition, answers=answers, token=token, actor=None, at=at, supersedes=newest
    )
    return True


def find_by_code(*, reference: str, code: str, at: dt.datetime) -> ContactRequest | None:
    """Return the request with this number if the code is its own, and write the look down; `None` otherwise."""
    request = (
        ContactRequest.objects.select_related("case__agency", "case__curator").filter(case__reference=reference).first()
    )
    if request is None or not constant_time_compare(request.code_hash, _hash(request.token, code)):
        return None
    record(case=request.case, event=Event.STATE_ASKED, actor=None, at=at)
    return request


def find_by_token(token: Any) -> ContactRequest | None:
    """Return the request sent with `token`, which only the browser that sent it knows."""
    try:
        token = uuid.UUID(str(token))
    except ValueError:
        return None
    return ContactRequest.objects.select_related("case__agency", "case__curator").filter(token=token).first()
