"""Official forms filed in a case: sealed, never changed."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max

from casework.actions.cases import locked_running
from casework.actions.drafts import locked_draft, refuse_to_replace
from casework.actions.facts import keep_facts
from casework.actions.log import record
from casework.actions.measures import assignments_from
from casework.actions.names import names_to_freeze
from casework.actions.numbers import registered
from casework.actions.parts import keep_parts, settle_parts
from casework.actions.placement_acts import settle_placement
from casework.actions.procedures import follow_all
from casework.actions.refusals import DraftGone, DraftIncomplete
from casework.actions.surroundings import agency_of_the_actor, questionnaire_of
from casework.actions.visits import raise_alert, refuse_visit_to_come
from casework.models import Case, Draft, Event, Submission
from forms_library.models import Agency, Edition
from forms_library.questionnaire import Answers


@transaction.atomic
def file_draft(*, draft: Draft, actor: Any, at: dt.datetime, take_parts_back: bool = False) -> Submission:
    """Seal a draft: from now on it is a document of the case. A second press returns the same document.

    Raises `DraftIncomplete`, `PartsOpen` (unless told to take them back, `NotYourDraft`), `DraftGone` (thrown away),
    `AlreadyCorrected`, `CaseEnded`, `VisitToCome`.
    """
    try:
        draft = locked_draft(draft)
    except DraftGone:
        filed = Submission.objects.filter(token=draft.token).first()
        if filed is None:
            raise
        return filed
    questionnaire = questionnaire_of(draft, at=at, check=True)
    if not questionnaire.is_valid():
        raise DraftIncomplete
    answers = questionnaire.answers()
    refuse_visit_to_come(draft.edition.schema, answers, case=draft.case, at=at)
    parts = settle_parts(draft=draft, actor=actor, at=at, take_back=take_parts_back)
    submission = file_submission(
        case=draft.case,
        edition=draft.edition,
        answers=answers,
        token=draft.token,
        supersedes=draft.corrects,
        actor=actor,
        at=at,
    )
    keep_parts(parts=parts, submission=submission)
    draft.delete()
    return submission


@transaction.atomic
def file_submission(
    *,
    case: Case,
    edition: Edition,
    answers: Answers,
    token: uuid.UUID,
    actor: Any,
    at: dt.datetime,
    supersedes: Submission | None = None,
    agency: Agency | None = None,
) -> Submission:
    """Add a sealed document to a running case and return it. Raises `CaseEnded`, `AlreadyCorrected`, `ProtocolStands`.

    It is filed in the name of `agency`, whose series gives its number; of the actor's own one when none is named.
    """
    case = locked_running(case)
    if supersedes:
        refuse_to_replace(supersedes)
    last = Submission.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    return seal(
        case=case,
        number=last + 1,
        edition=edition,
        answers=answers,
        token=token,
        actor=actor,
        at=at,
        supersedes=supersedes,
        agency=agency,
    )


def seal(
    *,
    case: Case,
    number: int,
    edition: Edition,
    answers: Answers,
    token: uuid.UUID,
    actor: Any,
    at: dt.datetime,
    supersedes: Submission | None = None,
    agency: Agency | None = None,
) -> Submission:
    """Write a document and its line of the log into a case that the caller holds or has just opened; the case goes on.

    `number` is the next one of the case; everybody else files with `file_submission`.
    """
    agency = agency or agency_of_the_actor(case, actor=actor)
    answers = registered(
        answers,
        schema=edition.schema,
        form_code=edition.code,
        agency=agency,
        year=case.agency.local(at).year,
        earlier=supersedes.answers if supersedes else None,
    )
    submission = Submission.objects.create(
        case=case,
        edition=edition,
        number=number,
        answers=answers,
        filed_by=actor,
        filed_at=at,
        token=token,
        supersedes=supersedes,
        name_forms=names_to_freeze(agency=agency, edition=edition, answers=answers),
    )
    keep_facts(submission)
    event = Event.CORRECTED if supersedes else Event.FILED
    record(case=case, event=event, actor=actor, at=at, subject=f"№ {submission.number}, {edition.title}")
    follow_all(case, actor=actor, at=at)
    assignments_from(submission, actor=actor, at=at)
    raise_alert(submission, actor=actor, at=at)
    settle_placement(submission, actor=actor, at=at)
    return submission
