"""Forms being filled in: begun, kept word by word, shared between people and windows, carried to a newer edition."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from casework import access
from casework.actions.cases import locked_running, write_note
from casework.actions.closed import FactsReader, refuse_closed
from casework.actions.facts import standing_for
from casework.actions.files import keep_file
from casework.actions.log import record
from casework.actions.measures import answers_to_correct, known_of_plans
from casework.actions.refusals import (
    AlreadyCorrected,
    DraftChanged,
    DraftGone,
    FileRefused,
    ProtocolStands,
    TooManyFiles,
)
from casework.actions.surroundings import known_for
from casework.facts import offered
from casework.models import AgendaItem, Case, Draft, Event, Submission
from casework.prefill import prefill
from forms_library.models import Edition, EditionEnd
from forms_library.schema import Kind, Question, Schema
from forms_library.typed import (
    Typed,
    by_question,
    carry_over,
    typed_from_answers,
    typed_from_defaults,
    typed_from_post,
)


@transaction.atomic
def start_draft(*, case: Case, edition: Edition, actor: Any, at: dt.datetime) -> Draft:
    """Begin to fill in a form in a running case, with what the case already knows. Raises `CaseEnded`.

    A second press on «fill in» opens the person's own draft of the same form instead of making another.
    """
    case = locked_running(case)
    mine = Draft.objects.filter(case=case, author=actor, edition__official_form=edition.official_form_id, corrects=None)
    if (begun := mine.first()) is not None:
        return begun
    known = prefill(edition.schema, known_for(case, actor=actor, at=at))
    known |= known_of_plans(case, edition, user=actor, at=at)
    reader = FactsReader(case, user=actor, today=case.agency.local(at).date())
    standing = reader.readable(standing_for(case, form_code=edition.code))
    offered_now = offered(edition.schema, standing, already=known)
    typed = typed_from_defaults(edition.schema) | typed_from_answers(edition.schema, offered_now)
    draft = Draft.objects.create(case=case, edition=edition, author=actor, typed=typed, started_at=at, saved_at=at)
    record(case=case, event=Event.DRAFT_STARTED, actor=actor, at=at, subject=edition.title)
    return draft


def refuse_to_replace(submission: Submission) -> None:
    """Raise `AlreadyCorrected` or `ProtocolStands` for a document that no correction takes the place of."""
    if AgendaItem.objects.filter(protocol=submission).exists():
        raise ProtocolStands
    if Submission.objects.filter(supersedes=submission).exists():
        raise AlreadyCorrected


@transaction.atomic
def start_correction(*, submission: Submission, actor: Any, at: dt.datetime) -> Draft:
    """Begin to correct a filed document, on its own edition, with its answers.

    Raises `AlreadyCorrected`, `ProtocolStands`, `CaseEnded`, `CategoryClosed`.
    """
    case = locked_running(submission.case)
    refuse_closed([submission], case=case, user=actor, today=case.agency.local(at).date())
    refuse_to_replace(submission)
    if (begun := Draft.objects.filter(corrects=submission, author=actor).first()) is not None:
        return begun
    draft = Draft.objects.create(
        case=case,
        edition=submission.edition,
        author=actor,
        corrects=submission,
        typed=typed_from_answers(submission.edition.schema, answers_to_correct(submission)),
        started_at=at,
        saved_at=at,
    )
    record(case=case, event=Event.DRAFT_STARTED, actor=actor, at=at, subject=f"№ {submission.number}")
    return draft


def drafts_of(user: Any, *, today: dt.date) -> QuerySet[Draft]:
    """Return the drafts that `user` has begun in cases they may still work on, the latest first."""
    open_cases = access.cases_for(user=user, permission=access.CasePermission.WORK, today=today)
    return (
        Draft.objects.filter(author=user, case__in=open_cases)
        .select_related("case", "edition")
        .defer("edition__docx_template", "edition__questions", "typed", "changes")
    )


def locked_draft(draft: Draft) -> Draft:
    """Return the draft as it is now, held until the end of the transaction. Raises `DraftGone`."""
    try:
        found = Draft.objects.select_for_update(of=("self",)).select_related("edition", "case__agency")
        return found.defer("edition__docx_template").get(pk=draft.pk)
    except Draft.DoesNotExist:
        raise DraftGone from None


# Keeping what was typed


@transaction.atomic
def save_draft(*, draft: Draft, typed: Typed, version: int, at: dt.datetime, overwrite: bool = False) -> Draft:
    """Keep what was typed, right or wrong, by somebody who saw `version` of the draft; return it with its new version.

    Raises `DraftChanged` when another window has changed one of the same answers meanwhile (unless told to
    `overwrite`), `DraftGone` when it was filed or thrown away, `CaseEnded`.
    """
    draft = locked_draft(draft)
    locked_running(draft.case)
    if draft.typed == typed:
        return draft
    if not overwrite and contested(draft, typed=typed, version=version):
        raise DraftChanged
    changed = changed_questions(draft.edition.schema, draft.typed, typed)
    draft.typed, draft.version, draft.saved_at = typed, draft.version + 1, at
    draft.changes = {**draft.changes, **dict.fromkeys(changed, draft.version)}
    draft.save(update_fields=["typed", "version", "saved_at", "changes"])
    return draft


def changed_questions(schema: Schema, before: Typed, after: Typed) -> list[str]:
    """Return the keys of the questions whose words differ, in the order of the form."""
    old, new = by_question(schema, before), by_question(schema, after)
    return [
        question.key
        for question in schema.typed
        if _words_in(old.get(question.key, {})) != _words_in(new.get(question.key, {}))
    ]


def _words_in(typed: Typed) -> Typed:
    kept = {name: [value for value in values if value.strip()] for name, values in typed.items()}
    return {name: values for name, values in kept.items() if values}


def contested(draft: Draft, *, typed: Typed, version: int) -> list[str]:
    """Return the keys of the questions that somebody has changed since `version`, and that `typed` answers otherwise.

    A page that has seen a version which is still to come has seen nothing.
    """
    seen = version if version <= draft.version else 0
    changed = changed_questions(draft.edition.schema, draft.typed, typed)
    return [key for key in changed if draft.changes.get(key, 1) > seen]


def with_choices(draft: Draft, *, typed: Typed, theirs: Collection[str]) -> Typed:
    """Return `typed` with the answers to the questions `theirs` as they are kept in the draft."""
    schema = draft.edition.schema
    mine, kept = by_question(schema, typed), by_question(schema, draft.typed)
    mine |= {key: kept.get(key, {}) for key in theirs}
    return {name: values for answers in mine.values() for name, values in answers.items()}


def with_the_rest(draft: Draft, *, typed: Typed, section: str) -> Typed:
    """Return what was typed into one section together with everything that is kept of the others."""
    own = keys_of(draft.edition.schema, section)
    kept = by_question(draft.edition.schema, draft.typed)
    stays = {name: words for key, answers in kept.items() if key not in own for name, words in answers.items()}
    sent = by_question(draft.edition.schema, typed)
    return stays | {name: words for key, answers in sent.items() if key in own for name, words in answers.items()}


def keys_of(schema: Schema, section: str) -> set[str]:
    """Return the keys of the questions in a section; the first section may have no heading, and then its key is empty."""
    return {
        question.key
        for heading, questions in schema.sections()
        if (heading.key if heading else "") == section
        for question in questions
    }


def typed_with_files(
    *, draft: Draft, post: Mapping[str, Any], files: Mapping[str, Any], actor: Any, at: dt.datetime
) -> tuple[Typed, list[tuple[Question, FileRefused]]]:
    """Return what a request typed, with its uploads kept in the case, and the uploads that were refused: (question, why).

    A file that was ticked to be taken off leaves the form and stays in the case. Raises `CaseEnded`.
    """
    schema = draft.edition.schema
    typed = typed_from_post(schema, post)
    refused: list[tuple[Question, FileRefused]] = []
    lists = dict(post.lists()) if hasattr(post, "lists") else dict(post)
    for question in schema.answered:
        if question.kind != Kind.ATTACHMENT:
            continue
        taken_off = set(lists.get(f"{question.key}-remove", []))
        kept = [number for number in typed.get(question.key, []) if number not in taken_off]
        for upload in _uploads(files, question.key):
            try:
                if len(kept) >= question.max_files:
                    raise TooManyFiles(count=question.max_files)
                limits: dict[str, Any] = {"kinds": question.file_kinds, "max_megabytes": question.max_megabytes}
                kept.append(str(keep_file(case=draft.case, upload=upload, actor=actor, at=at, **limits).pk))
            except FileRefused as error:
                refused.append((question, error))
        typed[question.key] = kept
    return typed, refused


def _uploads(files: Mapping[str, Any], name: str) -> list[UploadedFile]:
    return files.getlist(name) if hasattr(files, "getlist") else []


@transaction.atomic
def discard_draft(*, draft: Draft, actor: Any, at: dt.datetime) -> None:
    """Throw a draft away. Raises `DraftGone`."""
    draft = locked_draft(draft)
    record(case=draft.case, event=Event.DRAFT_DISCARDED, actor=actor, at=at, subject=draft.edition.title)
    draft.delete()


# A newer edition


@dataclass(frozen=True)
class Move:
    """What becomes of a draft on a newer edition: labels of what moves and of new questions, words that find no place."""

    typed: Typed
    moved: tuple[str, ...]
    left: tuple[tuple[str, str], ...]
    new: tuple[str, ...]


def end_of_edition(draft: Draft, *, at: dt.datetime) -> dt.datetime | None:
    """Return when the draft's own edition stopped being in force; `None` while it is."""
    end = EditionEnd.objects.filter(edition=draft.edition_id, in_force_to__lte=at).first()
    return end.in_force_to if end else None


def newer_edition(draft: Draft, *, at: dt.datetime) -> Edition | None:
    """Return the edition that has replaced the draft's own since it was begun, or `None`."""
    return (
        Edition.objects.in_force(at=at)
        .filter(official_form=draft.edition.official_form_id, number__gt=draft.edition.number)
        .without_template()
        .first()
    )


def move_to(draft: Draft, edition: Edition) -> Move:
    """Return what would become of what was typed if the draft moved to `edition`."""
    old, new = draft.edition.schema, edition.schema
    typed, left = carry_over(old, new, draft.typed)
    filled = by_question(new, _words_in(typed))
    return Move(
        typed=typed,
        moved=tuple(question.label for question in new.typed if question.key in filled),
        left=tuple(left),
        new=tuple(question.label for question in new.typed if question.key not in old),
    )


@transaction.atomic
def carry_draft_over(*, draft: Draft, edition: Edition, actor: Any, at: dt.datetime) -> tuple[Draft, list[str]]:
    """Move a draft to a newer edition; return it and the labels of answers that had no place there.

    What had no place is kept as a note of the case, so that nothing typed is lost; parts that were given out and have no
    section there are taken back. Raises `DraftGone`, `CaseEnded`.
    """
    draft = locked_draft(draft)
    locked_running(draft.case)
    move = move_to(draft, edition)
    if move.left:
        heading = gettext("Not carried over from %(edition)s:") % {"edition": draft.edition}
        text = "\n".join([heading, *(f"{label}: {words}" for label, words in move.left)])
        write_note(case=draft.case, actor=actor, at=at, text=text, token=uuid.uuid4())
    draft.edition, draft.typed, draft.version, draft.saved_at = edition, move.typed, draft.version + 1, at
    draft.changes = {question.key: draft.version for question in edition.schema.typed}
    draft.save(update_fields=["edition", "typed", "version", "saved_at", "changes"])
    draft.parts.exclude(
        section__in=[heading.key if heading else "" for heading, _ in edition.schema.sections()]
    ).delete()
    record(case=draft.case, event=Event.DRAFT_CARRIED_OVER, actor=actor, at=at, subject=str(edition))
    return draft, [label for label, _words in move.left]
