"""Handing papers out: each is numbered within its case and known by the hash of its bytes.

The same form with the same addenda is the same paper: handed out twice, it keeps its number. A PDF is made once and kept, because
LibreOffice never makes the same bytes again; everything else is made anew (`issued_bytes`), which proves itself by the hash.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils.translation import gettext

from casework.actions.cases import locked
from casework.actions.kept_files import all_or_nothing, write
from casework.actions.log import record
from casework.actions.papers import PaperFacts, addressees_of, facts_now, filed_on, word_document
from casework.actions.refusals import NotAnAddressee, PdfIsBusy, PdfIsUnavailable, TooManyPapers
from casework.models import Case, Event, IssuedDocument, IssuedKind, Submission
from forms_library import inventory, pdf
from forms_library.rendering import TemplateError

MOST_DOCUMENTS = 40
"""So many documents go into one package: all of its papers are in memory at once, and each PDF takes seconds."""


@dataclass(frozen=True)
class Handed:
    """A paper on its way out: its row and its bytes."""

    issued: IssuedDocument
    data: bytes


def issue_word(*, submission: Submission, actor: Any, at: dt.datetime) -> Handed:
    """Hand out the Word document of a filed form."""
    return _hand_out(_word(submission, facts_now(submission)), actor=actor, at=at)


def issue_extract(*, submission: Submission, addressee: str, actor: Any, at: dt.datetime) -> Handed:
    """Hand out the paper that holds only what is for `addressee`. Raises `NotAnAddressee`."""
    if addressee not in addressees_of(submission):
        raise NotAnAddressee
    return _hand_out(_word(submission, facts_now(submission, addressee=addressee)), actor=actor, at=at)


def issue_pdf(*, submission: Submission, actor: Any, at: dt.datetime) -> Handed:
    """Hand out the PDF of a filed form: made by LibreOffice the first time, the kept one afterwards.

    Raises `PdfIsUnavailable`.
    """
    return _hand_out(_pdf(submission), actor=actor, at=at)


def issue_package(*, case: Case, submissions: list[Submission], with_pdf: bool, actor: Any, at: dt.datetime) -> Handed:
    """Hand out several papers of a case as one archive with an inventory.

    Raises `TooManyPapers` and `PdfIsUnavailable`.
    """
    if len(submissions) > MOST_DOCUMENTS:
        raise TooManyPapers(count=MOST_DOCUMENTS, chosen=len(submissions))
    papers = []
    for submission in submissions:
        papers.append(_word(submission, facts_now(submission)))
        if with_pdf:
            papers.append(_pdf(submission))
    with all_or_nothing():
        papers = [_hand_out(paper, actor=actor, at=at) for paper in papers]
        data = inventory.archive(_listed(papers), case=case.reference)
        package = IssuedDocument(
            case=case,
            kind=IssuedKind.PACKAGE,
            sha256=sha256(data),
            source_sha256=sha256(data),
            made_from={"papers": [paper.issued.number for paper in papers]},
        )
        return _hand_out(Handed(package, data), actor=actor, at=at)


def _word(submission: Submission, facts: PaperFacts) -> Handed:
    data = word_document(submission, facts=facts)
    paper = IssuedDocument(
        case=submission.case,
        submission=submission,
        kind=IssuedKind.EXTRACT if facts.addressee else IssuedKind.DOCX,
        addressee=facts.addressee,
        sha256=sha256(data),
        source_sha256=sha256(data),
        made_from=facts.to_json(),
    )
    return Handed(paper, data)


def _pdf(submission: Submission) -> Handed:
    """Return a PDF with its row; LibreOffice takes seconds, so this is never called inside a transaction."""
    facts = facts_now(submission)
    word = word_document(submission, facts=facts)
    source = sha256(word)
    made = IssuedDocument.objects.filter(submission=submission, kind=IssuedKind.PDF, source_sha256=source).first()
    if made:
        return Handed(made, issued_bytes(made))
    try:
        data = pdf.to_pdf(word)
    except pdf.PdfBusy as error:
        raise PdfIsBusy from error
    except pdf.PdfUnavailable as error:
        raise PdfIsUnavailable from error
    paper = IssuedDocument(
        case=submission.case,
        submission=submission,
        kind=IssuedKind.PDF,
        sha256=sha256(data),
        source_sha256=source,
        made_from=facts.to_json(),
    )
    return Handed(paper, data)


@all_or_nothing()
def _hand_out(handed: Handed, *, actor: Any, at: dt.datetime) -> Handed:
    """Number a paper, or find the number it was handed out under before; write the download down either way."""
    paper = handed.issued
    locked(paper.case)
    of_case = IssuedDocument.objects.filter(case=paper.case)
    same = of_case.filter(
        submission=paper.submission, kind=paper.kind, addressee=paper.addressee, source_sha256=paper.source_sha256
    ).first()
    if same is None:
        paper.number = (of_case.aggregate(last=Max("number"))["last"] or 0) + 1
        paper.issued_by, paper.issued_at = actor, at
        if paper.kind == IssuedKind.PDF:
            write(paper.file, ContentFile(handed.data, name="paper"))
        paper.save(force_insert=True)
    elif same.pk != paper.pk:  # somebody else's PDF of the same paper was quicker: that one is the PDF
        handed = Handed(same, issued_bytes(same) if same.kind == IssuedKind.PDF else handed.data)
    record(case=paper.case, event=Event.DOWNLOADED, actor=actor, at=at, subject=_subject(handed.issued))
    return handed


def _subject(issued: IssuedDocument) -> str:
    what = gettext("issue No. %(number)d, %(kind)s") % {"number": issued.number, "kind": issued.get_kind_display()}
    return f"№ {issued.submission.number}, {what}" if issued.submission else what


def _listed(papers: list[Handed]) -> list[inventory.Paper]:
    listed = []
    for paper in papers:
        submission = paper.issued.submission
        assert submission is not None  # noqa: S101 - a package holds no packages
        listed.append(
            inventory.Paper(
                title=submission.edition.title,
                number=str(submission.number),
                date=filed_on(submission),
                kind=paper.issued.kind,
                sha256=paper.issued.sha256,
                data=paper.data,
            )
        )
    return listed


# Made again


def issued_bytes(issued: IssuedDocument) -> bytes:
    """Return the bytes of a paper that was handed out: made again, or as they were kept."""
    if issued.kind == IssuedKind.PDF:
        with issued.file.open() as kept:
            return kept.read()
    if issued.kind == IssuedKind.PACKAGE:
        numbers = issued.made_from["papers"]
        rows = {row.number: row for row in issued.case.issued.select_related(*_WHOLE).filter(number__in=numbers)}
        papers = [Handed(rows[number], issued_bytes(rows[number])) for number in numbers]
        return inventory.archive(_listed(papers), case=issued.case.reference)
    assert issued.submission is not None  # noqa: S101 - the database keeps it so
    return word_document(issued.submission, facts=PaperFacts.from_json(issued.made_from))


_WHOLE = ("case__agency", "submission__edition", "submission__case__agency")


def differing() -> Iterator[tuple[IssuedDocument, str]]:
    """Yield every issued paper whose bytes cannot be produced any more, with the reason in short."""
    for issued in IssuedDocument.objects.select_related(*_WHOLE).order_by("pk").iterator(chunk_size=100):
        try:
            made = sha256(issued_bytes(issued))
        except (TemplateError, OSError, LookupError) as error:
            yield issued, type(error).__name__
        else:
            if made != issued.sha256:
                yield issued, f"{issued.sha256[:12]} → {made[:12]}"


def sha256(data: bytes) -> str:
    """Return the hash by which a paper is known."""
    return hashlib.sha256(data).hexdigest()
