"""Showing a part of a case to an agency: chosen sections and documents, until a day, and taking that back at once.

The addressee gets a page of its own and never the case; whoever shows it can look at that page first (domain.md D, principle 3).
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.cases import locked, locked_running, speaks_for
from casework.actions.log import record, up_to
from casework.actions.refusals import ActionRefused
from casework.answers_on_screen import on_screen
from casework.closed_answers import TOLD_TO_FEW, closed_categories
from casework.models import (
    Assignment,
    AssignmentKind,
    AssignmentState,
    Case,
    CaseProcedure,
    Category,
    Disclosure,
    Event,
    Person,
    Section,
    Submission,
    Task,
)
from forms_library.models import Agency, AgencyKind

LONGEST = dt.timedelta(days=366)
"""Nobody needs to know for ever: after a year somebody looks anew at what is shown (our own proposal)."""


class NothingToDisclose(ActionRefused):
    """To the keeper itself, to a closed agency, until a day in the past or too far ahead, or nothing at all."""

    message = _(
        "Choose another agency that works now, a day not earlier than today and not later than in a year, and at least one section"
        " or document of this case."
    )


class NotYoursToDisclose(ActionRefused):
    """By somebody who does not answer for the case, of what is closed to them, or of an adoption to anybody else (СК ст. 139)."""

    message = _(
        "The curator of the case, or whoever decides on it, shows a part of it, and only what they may read themselves; the secret"
        " of an adoption is shown to guardianship bodies only. Ask the curator."
    )


@dataclass(frozen=True, kw_only=True)
class ShownProcedure:
    """Where the work stands under one procedure: its title, the level of risk, what waits."""

    title: str
    level: str
    waiting: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True)
class ShownDocument:
    """A document of the part, whether it can be printed (paper hides nothing), and which categories are hidden in it."""

    submission: Submission
    is_whole: bool
    hidden: frozenset[str]

    @property
    def sections(self) -> list[Any]:
        """Its answers as the page of the part shows them."""
        return on_screen(self.submission.edition.schema, self.submission.answers, closed=self.hidden)


@dataclass(frozen=True, kw_only=True)
class ShownPart:
    """What an agency sees of a case. A section that is not shown is `None`; one that is shown may be empty."""

    people: list[Person] | None = None
    shows_contacts: bool = False
    shows_schools: bool = False
    procedures: list[ShownProcedure] | None = None
    measures: list[Assignment] | None = None
    documents: list[ShownDocument] = field(default_factory=list)


@transaction.atomic
def disclose(
    *,
    case: Case,
    agency: Agency,
    sections: Collection[str],
    documents: Collection[Submission],
    reason: str,
    last_day: dt.date,
    actor: Any,
    at: dt.datetime,
    categories: Collection[str] = (),
) -> Disclosure:
    """Show a part of a running case to the teams of `agency` up to and including `last_day`, and return what is shown.

    Raises `CaseEnded`, `NothingToDisclose`, and `NotYoursToDisclose`.
    """
    case = locked_running(case)
    today = case.agency.local(at).date()
    refuse_impossible(case, agency=agency, sections=sections, documents=documents, last_day=last_day, today=today)
    if is_secret_from(agency, categories) or not speaks_for(case, actor, today=today):
        raise NotYoursToDisclose
    if not frozenset(categories) <= access.categories_open(case, user=actor, today=today):
        raise NotYoursToDisclose
    shown = Disclosure.objects.create(
        case=case,
        agency=agency,
        sections=in_order(sections),
        categories=sorted(categories),
        reason=reason,
        last_day=last_day,
        disclosed_by=actor,
        disclosed_at=at,
    )
    shown.documents.set(documents)
    record(case=case, event=Event.DISCLOSED, actor=actor, at=at, subject=f"{agency} ({up_to(last_day)})")
    return shown


def is_secret_from(agency: Agency, categories: Collection[str]) -> bool:
    """Return whether something of these categories may not be told to an agency at all: an adoption, to all but guardianship bodies."""
    return Category.ADOPTION in categories and agency.kind != AgencyKind.GUARDIANSHIP_BODY


def refuse_impossible(
    case: Case,
    *,
    agency: Agency,
    sections: Collection[str],
    documents: Collection[Submission],
    last_day: dt.date,
    today: dt.date,
) -> None:
    """Raise `NothingToDisclose` for what cannot be shown to an agency, or to anybody."""
    is_possible = agency.pk != case.agency_id and agency.is_open and today <= last_day <= today + LONGEST
    is_of_the_case = all(document.case_id == case.pk for document in documents) and set(sections) <= set(Section.values)
    if not (is_possible and is_of_the_case and (sections or documents)):
        raise NothingToDisclose


def in_order(sections: Collection[str]) -> list[str]:
    """Return sections in the order in which pages show them, each once."""
    return [code for code in Section.values if code in sections]


@transaction.atomic
def end_disclosure(*, disclosure: Disclosure, actor: Any, at: dt.datetime) -> Disclosure:
    """Take a shown part back at once; what was already taken back stays as it is."""
    case = locked(disclosure.case)
    disclosure = Disclosure.objects.select_related("agency").get(pk=disclosure.pk)
    if disclosure.withdrawn_at is None:
        disclosure.withdrawn_by, disclosure.withdrawn_at = actor, at
        disclosure.save(update_fields=["withdrawn_by", "withdrawn_at"])
        record(case=case, event=Event.DISCLOSURE_ENDED, actor=actor, at=at, subject=str(disclosure.agency))
    return disclosure


def part_shown(disclosure: Disclosure, *, closed: Collection[str] = ()) -> ShownPart:
    """Return what a disclosure shows now; `closed` as in `part_of`."""
    return part_of(
        disclosure.case,
        sections=disclosure.sections,
        documents=documents_of(disclosure),
        categories=disclosure.categories,
        closed=closed,
    )


def documents_of(disclosure: Disclosure) -> list[Submission]:
    """Return the documents of a disclosure in the order they were filed. One query."""
    found = disclosure.documents.select_related("edition", "filed_by", "case__agency", "corrected_by")
    return list(found.defer("edition__docx_template").order_by("number"))


def part_of(
    case: Case,
    *,
    sections: Collection[str],
    documents: Iterable[Submission],
    categories: Collection[str] = (),
    closed: Collection[str] = (),
) -> ShownPart:
    """Return what an agency sees, or would see, of a case. Four queries at most; nothing is written down.

    `closed` are the categories that are closed to whoever looks at it beforehand: nobody reads more there than in the case.
    """
    hidden = TOLD_TO_FEW - frozenset(categories) | frozenset(closed)
    wants_people = {Section.PEOPLE, Section.CONTACTS, Section.SCHOOLS} & set(sections)
    return ShownPart(
        people=list(case.people.filter(is_mistake=False)) if wants_people else None,
        shows_contacts=Section.CONTACTS in sections,
        shows_schools=Section.SCHOOLS in sections,
        procedures=_stages(case) if Section.STAGE in sections else None,
        measures=_measures(case) if Section.PLAN in sections else None,
        documents=[
            ShownDocument(submission=each, is_whole=not closed_in_part(each, categories=categories), hidden=hidden)
            for each in documents
        ],
    )


def closed_in_part(submission: Submission, *, categories: Collection[str]) -> frozenset[str]:
    """Return the categories of which a document tells something that its part does not show."""
    return closed_categories(submission.edition.schema, submission.answers, TOLD_TO_FEW - frozenset(categories))


def _stages(case: Case) -> list[ShownProcedure]:
    running = CaseProcedure.objects.running().filter(case=case).select_related("edition")
    waiting = Task.objects.open().filter(case=case, case_procedure__in=running).order_by("due", "pk")
    of_procedure: dict[int, list[Task]] = {}
    for task in waiting:
        of_procedure.setdefault(task.case_procedure_id or 0, []).append(task)
    return [
        ShownProcedure(
            title=followed.edition.title,
            level=next((each.title for each in followed.edition.procedure.levels if each.code == followed.level), ""),
            waiting=tuple(task for task in of_procedure.get(followed.pk, ()) if not _is_optional(followed, task)),
        )
        for followed in running
    ]


def _is_optional(followed: CaseProcedure, task: Task) -> bool:
    """Return whether a step is done only when it is needed: it tells nothing about where the work stands."""
    return any(step.code == task.step and step.is_optional for step in followed.edition.procedure.steps)


def _measures(case: Case) -> list[Assignment]:
    measures = Assignment.objects.filter(case=case, kind=AssignmentKind.MEASURE).exclude(
        state=AssignmentState.WITHDRAWN
    )
    return list(measures.select_related("agency"))
