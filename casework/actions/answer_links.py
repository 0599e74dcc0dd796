"""An agency without accounts answers one question by a link: the address goes by letter, the word by telephone.

What comes never moves a case by itself: words and files become a note, a filled form becomes a draft, and somebody of ours
reads them. Nothing about the family is said before the word, and after it only the question.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from casework.actions.answer_refusals import (
    FormNotForOutsiders,
    LinkAnswered,
    LinkLeadsNowhere,
    LinkTooLong,
    WrongWord,
)
from casework.actions.cases import locked, locked_running, make_teams
from casework.actions.files import keep_file
from casework.actions.forms_to_fill import editions_to_fill
from casework.actions.kept_files import all_or_nothing
from casework.actions.log import record
from casework.actions.refusals import CaseEnded, TooManyFiles
from casework.models import AnswerLink, Case, CaseFile, CaseNote, Draft, Event, Task, TeamRole
from casework.phone_words import plain, word_of
from forms_library.models import Edition
from forms_library.schema import Kind
from forms_library.typed import Typed

USUAL_DAYS, MOST_DAYS = 7, 30
MOST_FILES = 3
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Signs that nobody takes for one another when the address is typed from paper."""
SIGNS = 20
NOT_ON_ONE_PAGE = frozenset({Kind.ATTACHMENT, Kind.DOCUMENT, Kind.PERSON})
"""Questions that need the case itself: its files, its documents, its people."""


@dataclass(frozen=True)
class MadeLink:
    """What is told once: the secret of the address, and the word."""

    link: AnswerLink
    secret: str
    word: str


@transaction.atomic
def make_link(
    *,
    case: Case,
    addressee: str,
    purpose: str,
    last_day: dt.date,
    actor: Any,
    at: dt.datetime,
    token: uuid.UUID,
    edition: Edition | None = None,
) -> MadeLink:
    """Make a link that one agency answers once; the same `token` twice is the same link, secret and word.

    Raises `CaseEnded`, `LinkTooLong`, `FormNotForOutsiders`.
    """
    case = locked_running(case)
    token = uuid.uuid5(token, case.reference)  # the token of a page counts within its case only
    secret, word = _secret_of(token), _word_of(token)
    if (made := AnswerLink.objects.filter(token=token).first()) is not None:
        return MadeLink(made, secret, word)
    today = case.agency.local(at).date()
    if not today <= last_day <= today + dt.timedelta(days=MOST_DAYS):
        raise LinkTooLong
    if edition and not is_for_outsiders(edition):
        raise FormNotForOutsiders
    link = AnswerLink.objects.create(
        case=case,
        addressee=addressee,
        purpose=purpose,
        edition=edition,
        secret_hash=_hash(secret),
        word_hash=_hash(f"{token}:{plain(word)}"),
        last_day=last_day,
        made_by=actor,
        made_at=at,
        token=token,
    )
    record(case=case, event=Event.ANSWER_ASKED, actor=actor, at=at, subject=f"№ {link.pk}")
    return MadeLink(link, secret, word)


def is_for_outsiders(edition: Edition) -> bool:
    """Return whether somebody who sees nothing of a case can fill a form in on one page."""
    return not any(question.kind in NOT_ON_ONE_PAGE for question in edition.schema)


def editions_for_outsiders(*, at: dt.datetime) -> list[Edition]:
    """Return the forms in force that can be filled in by a link."""
    return [edition for edition in editions_to_fill(at=at) if is_for_outsiders(edition)]


def links_of(case: Case) -> QuerySet[AnswerLink]:
    """Return the links of a case with what their list shows, the newest first. Two queries."""
    related = ("made_by", "withdrawn_by", "case", "edition", "draft")
    found = AnswerLink.objects.filter(case=case).select_related(*related).prefetch_related("files")
    return found.defer("edition__docx_template", "edition__questions", "typed").order_by("-pk")


@transaction.atomic
def withdraw_link(*, link: AnswerLink, actor: Any, at: dt.datetime) -> AnswerLink:
    """Let a link lead nowhere from now on. A second press changes nothing. Raises `LinkAnswered`."""
    case = locked(link.case)
    link = AnswerLink.objects.get(pk=link.pk)
    if link.answered_at:
        raise LinkAnswered
    if link.withdrawn_at is None:
        link.withdrawn_by, link.withdrawn_at = actor, at
        link.save(update_fields=["withdrawn_by", "withdrawn_at"])
        record(case=case, event=Event.ANSWER_WITHDRAWN, actor=actor, at=at, subject=f"№ {link.pk}")
    return link


# Outside


def find_link(secret: str, *, at: dt.datetime) -> AnswerLink:
    """Return the link of a secret address that can still be answered. Raises `LinkLeadsNowhere`.

    The secret has 99 bits, so the question whether it is right need not take the same time for every answer.
    """
    related = ("case__agency", "case__curator", "edition")
    found = AnswerLink.objects.select_related(*related).filter(secret_hash=_hash(secret)).first()
    if found is None or not found.is_open(today=found.case.agency.local(at).date()):
        raise LinkLeadsNowhere
    return found


def was_answered(secret: str, *, token: str | None) -> bool:
    """Return whether the link was answered, to the browser that has said its word (`token`)."""
    if token is None:
        return False
    return AnswerLink.objects.filter(secret_hash=_hash(secret), token=token, answered_at__isnull=False).exists()


def check_word(*, link: AnswerLink, word: str) -> None:
    """Count a try before looking at it, so that tries at the same moment count too; a right word does not stay counted.

    Raises `WrongWord`, `LinkLeadsNowhere` after the last try.
    """
    tries = AnswerLink.objects.filter(pk=link.pk)
    if not tries.filter(wrong_words__lt=AnswerLink.MOST_WRONG_WORDS).update(wrong_words=F("wrong_words") + 1):
        raise LinkLeadsNowhere
    if constant_time_compare(link.word_hash, _hash(f"{link.token}:{plain(word)}")):
        tries.update(wrong_words=F("wrong_words") - 1)
        return
    link.refresh_from_db(fields=["wrong_words"])
    raise LinkLeadsNowhere if link.is_locked else WrongWord


@all_or_nothing()
def take_answer(
    *, link: AnswerLink, who: str, words: str, uploads: Sequence[File], at: dt.datetime, typed: Typed | None = None
) -> AnswerLink:
    """Keep what has come: a note with the files, a draft of the form, and a task to read them. The link is used up.

    Raises `LinkLeadsNowhere` and what `keep_file` does: then nothing is kept and the link still works.
    """
    try:
        case = locked_running(link.case)
    except CaseEnded:
        raise LinkLeadsNowhere from None
    link = AnswerLink.objects.select_related("edition").get(pk=link.pk)
    link.case = case
    if not link.is_open(today=case.agency.local(at).date()):
        raise LinkLeadsNowhere
    if len(uploads) > MOST_FILES:
        raise TooManyFiles(count=MOST_FILES)
    kept = [keep_file(case=case, upload=upload, actor=None, at=at) for upload in uploads]
    link.files.set(kept)
    link.answered_at, link.answered_by, link.words, link.typed = at, who, words, typed or {}
    link.draft = _draft_of(link, at=at)
    link.save(update_fields=["answered_at", "answered_by", "words", "typed", "draft"])
    CaseNote.objects.create(case=case, author=None, written_at=at, text=_note_of(link, kept), token=link.token)
    record(case=case, event=Event.ANSWER_CAME, actor=None, at=at, subject=f"№ {link.pk}")
    _ask_to_read(link, case=case, at=at)
    return link


def _draft_of(link: AnswerLink, *, at: dt.datetime) -> Draft | None:
    """Return the form as it was typed, as a draft that somebody of ours reads and files; `None` when words were asked for."""
    if link.edition is None:
        return None
    author = link.case.curator or link.made_by
    record(case=link.case, event=Event.DRAFT_STARTED, actor=None, at=at, subject=link.edition.title)
    return Draft.objects.create(
        case=link.case, edition=link.edition, author=author, typed=link.typed, started_at=at, saved_at=at
    )


def _note_of(link: AnswerLink, kept: Sequence[CaseFile]) -> str:
    came = _("Came by link No. %(number)s from %(addressee)s. Answered by: %(who)s.")
    lines = [came % {"number": link.pk, "addressee": link.addressee, "who": link.answered_by}]
    lines.append(_("Asked: %(purpose)s") % {"purpose": link.purpose})
    if link.edition:
        lines.append(
            _("The form “%(title)s” waits among the drafts: read and file it.") % {"title": link.edition.title}
        )
    if link.words:
        lines.append(link.words)
    if kept:
        lines.append(_("Files: %(names)s") % {"names": ", ".join(each.name for each in kept)})
    return "\n\n".join(lines)


def _ask_to_read(link: AnswerLink, *, case: Case, at: dt.datetime) -> None:
    """Give the curator, or whoever of the keeper is there, the task to read what has come."""
    team = next(team for team in make_teams(case.agency) if team.role == TeamRole.SPECIALIST)
    Task.objects.create(
        case=case,
        title=_("Read the answer that came by link No. %(number)s") % {"number": link.pk},
        owner=case.curator,
        team=team,
        opened_on=case.agency.local(at).date(),
        asked_by=link.made_by,
        token=uuid.uuid5(link.token, "task"),
    )


def _digest(token: uuid.UUID, what: str) -> int:
    return int(salted_hmac(f"casework.answer_links.{what}", str(token), algorithm="sha256").hexdigest(), 16)


def _secret_of(token: uuid.UUID) -> str:
    """Return the secret of a link: the same every time for a page that is sent twice, and for nobody without the server's key."""
    number, signs = _digest(token, "secret"), []
    for _place in range(SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "-".join("".join(signs[place : place + 5]) for place in range(0, SIGNS, 5))


def _word_of(token: uuid.UUID) -> str:
    return word_of(_digest(token, "word"))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.strip().lower().encode(errors="replace")).hexdigest()
