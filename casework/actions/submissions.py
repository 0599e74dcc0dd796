"""Filling in official forms inside a case: drafts, filing, corrections, printing."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext

from casework import access
from casework.actions.cases import locked, locked_running, write_note
from casework.actions.files import keep_file
from casework.actions.log import record
from casework.actions.refusals import AlreadyCorrected, DraftChanged, DraftGone, DraftIncomplete, FileRefused
from casework.models import Case, CaseFile, Draft, Event, Submission
from casework.prefill import Known, prefill
from forms_library import rendering
from forms_library.answer_fields import Attached
from forms_library.models import Agency, Edition, EditionEnd, OfficialForm
from forms_library.questionnaire import Answers, Questionnaire
from forms_library.schema import Kind
from forms_library.typed import Typed, carry_over, typed_from_answers, typed_from_post

# What can be filled in


def editions_to_fill(*, at: dt.datetime) -> list[Edition]:
    """Return the editions in force that specialists fill in, in order of their titles, without their templates."""
    return list(
        Edition.objects.in_force(at=at)
        .filter(audience=OfficialForm.Audience.SPECIALIST)
        .without_template()
        .order_by("title")
    )


def edition_to_fill(*, code: str, at: dt.datetime) -> Edition | None:
    """Return the edition of the form `code` that is in force for specialists, or `None`."""
    return next((edition for edition in editions_to_fill(at=at) if edition.code == code), None)


# Drafts


@transaction.atomic
def start_draft(*, case: Case, edition: Edition, actor: Any, at: dt.datetime) -> Draft:
    """Begin to fill in a form in a running case, with what the case already knows. Raises `CaseEnded`.

    A second press on «fill in» opens the person's own draft of the same form instead of making another.
    """
    case = locked_running(case)
    mine = Draft.objects.filter(case=case, author=actor, edition__official_form=edition.official_form_id, corrects=None)
    if (begun := mine.first()) is not None:
        return begun
    offered = prefill(edition.schema, known_for(case, actor=actor, at=at))
    draft = Draft.objects.create(
        case=case,
        edition=edition,
        author=actor,
        typed=typed_from_answers(edition.schema, offered),
        started_at=at,
        saved_at=at,
    )
    record(case=case, event=Event.DRAFT_STARTED, actor=actor, at=at, subject=edition.title)
    return draft


def known_for(case: Case, *, actor: Any, at: dt.datetime) -> Known:
    """Return what the case and the specialist's own account can fill in."""
    agency = access.agencies_of(actor).filter(pk=case.agency_id).first() or access.agencies_of(actor).first()
    people = tuple(
        {
            "role": person.role,
            "role_name": str(person.get_role_display()),
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat() if person.birth_date else "",
            "phone": person.phone,
            "address": person.address,
            "school": person.school,
            "school_class": person.school_class,
        }
        for person in case.people.filter(is_mistake=False)
    )
    return Known(
        people=people,
        specialist={"fio": actor.get_full_name(), "post": actor.post, "phone": actor.work_phone},
        agency={"id": agency.pk, "name": agency.name} if agency else {},
        today=case.agency.local(at).date(),
    )


def questionnaire_of(
    draft: Draft, *, at: dt.datetime, typed: Typed | None = None, check: bool = False
) -> Questionnaire:
    """Return the draft as a form on the screen, with `typed` in place of what was kept when it is given."""
    return Questionnaire(
        draft.edition.schema,
        typed=draft.typed if typed is None else typed,
        check=check,
        agencies=known_agencies(),
        attached=attached_to(draft.case),
        today=draft.case.agency.local(at).date(),
    )


def known_agencies() -> dict[str, int]:
    """Return the names of the agencies of the register with their ids."""
    return dict(Agency.objects.open().order_by("name").values_list("name", "pk"))


def attached_to(case: Case) -> Attached:
    """Return the files of a case as a form shows and keeps them."""
    return {kept["id"]: kept for kept in CaseFile.objects.filter(case=case).values("id", "name", "sha256")}


def drafts_of(user: Any, *, today: dt.date) -> QuerySet[Draft]:
    """Return the drafts that `user` has begun in cases they may still work on, the latest first."""
    open_cases = access.cases_for(user=user, permission=access.CasePermission.WORK, today=today)
    return (
        Draft.objects.filter(author=user, case__in=open_cases)
        .select_related("case", "edition")
        .defer("edition__docx_template", "edition__questions", "typed")
    )


@transaction.atomic
def save_draft(*, draft: Draft, typed: Typed, version: int, at: dt.datetime, overwrite: bool = False) -> Draft:
    """Keep what was typed, right or wrong, on top of `version` of the draft; return it with its new version.

    Raises `DraftChanged` when another window has saved something else meanwhile (unless told to `overwrite`),
    `DraftGone` when it was filed or thrown away, `CaseEnded`.
    """
    draft = _held(draft)
    locked_running(draft.case)
    if draft.typed == typed:
        return draft
    if draft.version != version and not overwrite:
        raise DraftChanged
    draft.typed, draft.version, draft.saved_at = typed, draft.version + 1, at
    draft.save(update_fields=["typed", "version", "saved_at"])
    return draft


def _held(draft: Draft) -> Draft:
    try:
        return Draft.objects.select_for_update(of=("self",)).select_related("edition", "case").get(pk=draft.pk)
    except Draft.DoesNotExist:
        raise DraftGone from None


def typed_with_files(
    *, draft: Draft, post: Mapping[str, Any], files: Mapping[str, Any], actor: Any, at: dt.datetime
) -> tuple[Typed, list[tuple[str, FileRefused]]]:
    """Return what a request typed, with its uploads kept in the case, and the uploads that were refused: (label, why).

    A file that was ticked to be taken off leaves the form and stays in the case. Raises `CaseEnded`.
    """
    schema = draft.edition.schema
    typed = typed_from_post(schema, post)
    refused: list[tuple[str, FileRefused]] = []
    lists = dict(post.lists()) if hasattr(post, "lists") else dict(post)
    for question in schema.answered:
        if question.kind != Kind.ATTACHMENT:
            continue
        taken_off = set(lists.get(f"{question.key}-remove", []))
        kept = [number for number in typed.get(question.key, []) if number not in taken_off]
        for upload in _uploads(files, question.key):
            try:
                kept.append(str(keep_file(case=draft.case, upload=upload, actor=actor, at=at).pk))
            except FileRefused as error:
                refused.append((question.label, error))
        typed[question.key] = kept
    return typed, refused


def _uploads(files: Mapping[str, Any], name: str) -> list[UploadedFile]:
    return files.getlist(name) if hasattr(files, "getlist") else []


@transaction.atomic
def discard_draft(*, draft: Draft, actor: Any, at: dt.datetime) -> None:
    """Throw a draft away. Raises `DraftGone`."""
    draft = _held(draft)
    record(case=draft.case, event=Event.DRAFT_DISCARDED, actor=actor, at=at, subject=draft.edition.title)
    draft.delete()


def end_of_edition(draft: Draft, *, at: dt.datetime) -> dt.datetime | None:
    """Return when the draft's own edition stopped being in force; `None` while it is."""
    end = EditionEnd.objects.filter(edition=draft.edition_id, in_force_to__lte=at).first()
    return end.in_force_to if end else None


def newer_edition(draft: Draft, *, at: dt.datetime) -> Edition | None:
    """Return the edition that has replaced the draft's own since it was begun, or `None`."""
    return (
        Edition.objects.in_force(at=at)
        .filter(official_form=draft.edition.official_form_id, number__gt=draft.edition.number)
        .first()
    )


@transaction.atomic
def carry_draft_over(*, draft: Draft, edition: Edition, actor: Any, at: dt.datetime) -> tuple[Draft, list[str]]:
    """Move a draft to a newer edition; return it and the labels of answers that had no place there.

    What had no place is kept as a note of the case, so that nothing typed is lost. Raises `DraftGone`, `CaseEnded`.
    """
    draft = _held(draft)
    locked_running(draft.case)
    typed, left = carry_over(draft.edition.schema, edition.schema, draft.typed)
    if left:
        heading = gettext("Not carried over from %(edition)s:") % {"edition": draft.edition}
        text = "\n".join([heading, *(f"{label}: {words}" for label, words in left)])
        write_note(case=draft.case, actor=actor, at=at, text=text, token=uuid.uuid4())
    draft.edition, draft.typed, draft.version, draft.saved_at = edition, typed, draft.version + 1, at
    draft.save(update_fields=["edition", "typed", "version", "saved_at"])
    record(case=draft.case, event=Event.DRAFT_CARRIED_OVER, actor=actor, at=at, subject=str(edition))
    return draft, [label for label, _words in left]


# Filing


@transaction.atomic
def file_draft(*, draft: Draft, actor: Any, at: dt.datetime) -> Submission:
    """Seal a draft: from now on it is a document of the case. A second press returns the same document.

    Raises `DraftIncomplete`, `DraftGone` (thrown away), `AlreadyCorrected`, `CaseEnded`.
    """
    try:
        draft = _held(draft)
    except DraftGone:
        filed = Submission.objects.filter(token=draft.token).first()
        if filed is None:
            raise
        return filed
    questionnaire = questionnaire_of(draft, at=at, check=True)
    if not questionnaire.is_valid():
        raise DraftIncomplete
    submission = file_submission(
        case=draft.case,
        edition=draft.edition,
        answers=questionnaire.answers(),
        token=draft.token,
        supersedes=draft.corrects,
        actor=actor,
        at=at,
    )
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
) -> Submission:
    """Add a sealed document to a running case and return it. Raises `CaseEnded`, `AlreadyCorrected`."""
    case = locked_running(case)
    if supersedes and Submission.objects.filter(supersedes=supersedes).exists():
        raise AlreadyCorrected
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
) -> Submission:
    """Write a document and its line of the log into a case that the caller holds or has just opened.

    `number` is the next one of the case; everybody else files with `file_submission`.
    """
    submission = Submission.objects.create(
        case=case,
        edition=edition,
        number=number,
        answers=answers,
        filed_by=actor,
        filed_at=at,
        token=token,
        supersedes=supersedes,
    )
    event = Event.CORRECTED if supersedes else Event.FILED
    record(case=case, event=event, actor=actor, at=at, subject=f"№ {submission.number}, {edition.title}")
    return submission


@transaction.atomic
def start_correction(*, submission: Submission, actor: Any, at: dt.datetime) -> Draft:
    """Begin to correct a filed document, on its own edition, with its answers. Raises `AlreadyCorrected`, `CaseEnded`."""
    case = locked_running(submission.case)
    if Submission.objects.filter(supersedes=submission).exists():
        raise AlreadyCorrected
    if (begun := Draft.objects.filter(corrects=submission, author=actor).first()) is not None:
        return begun
    draft = Draft.objects.create(
        case=case,
        edition=submission.edition,
        author=actor,
        corrects=submission,
        typed=typed_from_answers(submission.edition.schema, submission.answers),
        started_at=at,
        saved_at=at,
    )
    record(case=case, event=Event.DRAFT_STARTED, actor=actor, at=at, subject=f"№ {submission.number}")
    return draft


# Printing


def word_document(submission: Submission) -> bytes:
    """Return the Word document of a filed form: the same bytes every time, from the edition it was filed on."""
    edition = submission.edition
    return rendering.document(
        edition.schema,
        submission.answers,
        template=bytes(edition.docx_template),
        template_sha256=edition.template_sha256,
        about={
            **edition.about(),
            "case": submission.case.reference,
            "document": str(submission.number),
            "filed_on": date_format(submission.case.agency.local(submission.filed_at), "d.m.Y"),
        },
    )


@transaction.atomic
def download_document(*, submission: Submission, actor: Any, at: dt.datetime) -> bytes:
    """Return the Word document of a filed form and write the download down."""
    locked(submission.case)
    record(case=submission.case, event=Event.DOWNLOADED, actor=actor, at=at, subject=f"№ {submission.number}")
    return word_document(submission)
