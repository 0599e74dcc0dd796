"""The printed look of a filed form: what its Word document says, and what is written on it beside the answers.

A paper comes from a sealed form, from its edition and from a few facts that may be added later: addenda, a correction. Those are
`PaperFacts`; the same facts give the same bytes, so what was handed out once can be made again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.formats import date_format

from casework.closed_answers import is_closed
from casework.models import Addendum, Case, CaseFile, PaperMark, Submission
from forms_library import extracts, rendering
from forms_library.paper_notes import PaperAddendum
from forms_library.schema import Kind


@dataclass(frozen=True, kw_only=True)
class PaperFacts:
    """What goes onto a paper beside the sealed form: how many addenda, which newer document, for whom only.

    Extracts that were handed out before they began to be certified, or to name the children, stay without it.
    """

    addenda: int = 0
    corrected_by: int | None = None
    addressee: str = ""
    is_certified: bool = False
    names_children: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def facts_now(submission: Submission, *, addressee: str = "") -> PaperFacts:
    """Return what a paper of this form, printed now, has to say. An extract takes no addenda: they may be about others."""
    newer = Submission.objects.filter(supersedes=submission).values_list("number", flat=True).first()
    addenda = 0 if addressee else submission.addenda.count()
    is_extract = bool(addressee)
    return PaperFacts(
        addenda=addenda,
        corrected_by=newer,
        addressee=addressee,
        is_certified=is_extract,
        names_children=is_extract,
    )


def word_document(submission: Submission, *, facts: PaperFacts | None = None) -> bytes:
    """Return the Word document of a filed form: the same bytes every time, from the edition it was filed on."""
    facts = facts or facts_now(submission)
    edition = submission.edition
    answers = submission.answers
    if facts.addressee:
        answers = extracts.without_the_rest(edition.schema, answers, names_children=facts.names_children)
    return rendering.document(
        edition.schema,
        answers,
        template=bytes(edition.docx_template),
        template_sha256=edition.template_sha256,
        about={
            **edition.about(),
            "case": submission.case.reference,
            "document": str(submission.number),
            "filed_on": filed_on(submission),
        },
        notices=_notices(submission, facts),
        addenda=_addenda(submission, facts),
        name_forms=submission.name_forms,
        rows=extracts.rows_for(edition.schema, submission.answers, facts.addressee) if facts.addressee else None,
    )


def filed_on(submission: Submission) -> str:
    """Return the day of a filed form as papers say it."""
    return date_format(submission.case.agency.local(submission.filed_at), "d.m.Y")


def _notices(submission: Submission, facts: PaperFacts) -> Sequence[str]:
    """Return the lines above the form, in the Russian of official papers."""
    lines = []
    if facts.corrected_by is not None:
        newer = submission.case.submissions.get(number=facts.corrected_by)
        lines.append(f"ИСПРАВЛЕНО: действует документ № {newer.number} от {filed_on(newer)}")
    if facts.addressee:
        lines.append(f"ВЫПИСКА из документа № {submission.number} от {filed_on(submission)} для: {facts.addressee}")
    if (older := submission.supersedes) is not None:
        lines.append(f"Исправляет документ № {older.number} от {filed_on(older)}")
    return lines


def _addenda(submission: Submission, facts: PaperFacts) -> Sequence[PaperAddendum]:
    agency = submission.case.agency
    added_later = [
        PaperAddendum(
            heading=f"Дополнение № {added.number} от {date_format(agency.local(added.added_at), 'd.m.Y')}",
            text=added.text,
            signed=signature(added),
        )
        for added in submission.addenda.filter(number__lte=facts.addenda)
    ]
    return [*added_later, extracts.TRUE_EXTRACT] if facts.is_certified else added_later


def signature(added: Addendum) -> str:
    """Return the post and the name of whoever wrote an addendum, as they were then."""
    return ", ".join(part for part in (added.author_post, added.author_name) if part)


def addressees_of(submission: Submission) -> list[str]:
    """Return to whom an extract of this form may be sent; nobody when its tables name no addressees."""
    return extracts.addressees(submission.edition.schema, submission.answers)


def attached_files(submission: Submission, *, closed: Collection[str] = frozenset()) -> QuerySet[CaseFile]:
    """Return the files that the answers of a filed form name, in the order they were kept; not those of closed answers."""
    named = [
        int(kept["id"])
        for question in submission.edition.schema
        if question.kind == Kind.ATTACHMENT and not is_closed(question, closed)
        for kept in submission.answers.get(question.key) or ()
    ]
    return submission.case.files.filter(pk__in=named).select_related("result")


def documents_of(case: Case) -> QuerySet[Submission]:
    """Return the filed forms of a case for a list, each with `paper_step`: how far its sheet of paper has come."""
    reached = PaperMark.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
    return (
        case.submissions.select_related("edition", "filed_by", "supersedes", "corrected_by")
        .defer("edition__docx_template", "edition__questions", "answers", "name_forms")
        .annotate(paper_step=Subquery(reached.annotate(step_reached=Max("step")).values("step_reached")))
    )
