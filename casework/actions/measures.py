"""What a filed plan or protocol asks agencies to do: its rows become assignments, and their marks go back into the next form."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from casework.actions.assignments import assign, withdraw
from casework.actions.closed import closed_in, closed_to
from casework.actions.log import record
from casework.actions.plans import (
    MARKED,
    Plan,
    assignments_of,
    editions_of,
    latest_analysis,
    marks_by_place,
    plan_of,
    plans_of,
)
from casework.actions.progress import progress_of
from casework.actions.surroundings import known_agencies
from casework.approvals import forms_to_approve, is_in_force
from casework.case_analysis import as_rows_of_a_plan, domains_in
from casework.facts import same_name
from casework.measures import PROTOCOLS, Mark, Measure, about_the_plan, measures_in, next_version, with_marks
from casework.models import Assignment, AssignmentKind, AssignmentState, Case, CaseProcedure, Event, Submission
from forms_library.models import Agency, Edition
from forms_library.procedures.progress import Progress
from forms_library.questionnaire import Answers
from forms_library.schema import Schema
from forms_library.things_to_do import asks_about_the_plan, tables_of_measures

LONGEST_NAME = 200
"""So many letters of a person's or a group's name an assignment keeps; the document has them all."""


def assignments_from(submission: Submission, *, actor: Any, at: dt.datetime) -> list[Assignment]:
    """Ask agencies for what a filed form lists, and return that; the same form twice asks once. The caller holds the case.

    Which rows are things to do is said by the facts of columns (FACTS.md). A row without an agency of the register is the
    keeper's own. Of a plan only the version that holds asks, and only when it is in force (`approvals`); what an earlier
    version asked is withdrawn, or keeps its mark when the words, the executor and the day are the same.
    """
    schema = submission.edition.schema
    if not tables_of_measures(schema) or assignments_of(submission).exists():
        return []
    replaced = _replaced(submission)
    if replaced is None or not holds_now(submission):
        return []
    before = list(
        Assignment.objects.filter(source__in=replaced).select_related("case", "agency", "marked_by").order_by("-id")
    )
    found = _with_executors(measures_in(schema, submission.answers), keeper=submission.case.agency)
    made = [_ask(submission, measure, agency, actor=actor, at=at) for measure, agency in found]
    for (measure, _agency), asked in zip(found, made, strict=True):
        twin = next((each for each in before if _words_of(each) == _words_of(asked)), None)
        _keep_mark(asked, measure.mark, twin=twin, actor=actor, at=at)
    for each in before:
        if each.is_open:
            withdraw(assignment=each, actor=actor, at=at, words=gettext("There is a newer version of the document."))
    return made


def _words_of(assignment: Assignment) -> tuple[str, int, dt.date | None]:
    """Return by what something asked is found again in another version: the words, the executor and the day."""
    return same_name(assignment.text), assignment.agency_id, assignment.due


def ask_for_what_was_approved(followed: CaseProcedure, progress: Progress, *, actor: Any, at: dt.datetime) -> None:
    """Ask for what the plans list that a council has approved meanwhile. One query when nothing waits for that."""
    codes = {code for code in forms_to_approve(progress.procedure) if is_in_force(progress, code)}
    if not codes:
        return
    waiting = Submission.objects.valid().filter(case=followed.case_id, edition__code__in=codes, assignments=None)
    for submission in waiting.select_related("edition", "case__agency").defer("edition__docx_template"):
        assignments_from(submission, actor=actor, at=at)


def _replaced(submission: Submission) -> list[int] | None:
    """Return the ids of the documents whose place a document takes; `None` when a later version holds already."""
    if submission.edition.code in PROTOCOLS:
        return [submission.supersedes_id] if submission.supersedes_id else []
    plan = plan_of(submission)
    if plan is None or plan.current != submission:
        return None
    return [each.pk for each in plan.versions if each != submission]


def holds_now(submission: Submission) -> bool:
    """Return whether nothing that runs in the case still has to approve a filed form."""
    code = submission.edition.code
    running = CaseProcedure.objects.running().filter(case=submission.case_id).select_related("edition", "case__agency")
    return all(
        is_in_force(progress_of(followed), code)
        for followed in running
        if code in forms_to_approve(followed.edition.procedure)
    )


def _with_executors(measures: Iterable[Measure], *, keeper: Agency) -> list[tuple[Measure, Agency]]:
    """Return each measure with the agency that does it: the keeper, when the register does not know whom the form names."""
    measures = list(measures)
    agencies = Agency.objects.in_bulk({each.agency for each in measures if each.agency})
    return [(each, agencies.get(each.agency or 0, keeper)) for each in measures]


def _ask(submission: Submission, measure: Measure, agency: Agency, *, actor: Any, at: dt.datetime) -> Assignment:
    is_decision = submission.edition.code in PROTOCOLS
    return assign(
        case=submission.case,
        kind=AssignmentKind.DECISION if is_decision else AssignmentKind.MEASURE,
        agency=agency,
        text=measure.text,
        due=measure.due,
        actor=actor,
        at=at,
        source=submission,
        table=measure.table,
        row=measure.row,
        person_name=(measure.person if measure.agency == agency.pk else measure.who)[:LONGEST_NAME],
        group=measure.group[:LONGEST_NAME],
        aim=measure.aim,
        resource=measure.resource,
        expected=measure.expected,
    )


def _keep_mark(asked: Assignment, said: Mark, *, twin: Assignment | None, actor: Any, at: dt.datetime) -> None:
    """Give something that was asked again the mark it has already: the one the new form says, or that of the earlier version.

    The mark goes over, so that nothing is listed twice: what the earlier version asked counts as withdrawn.
    """
    if twin and twin.state in MARKED and said.state in {"", twin.state}:
        asked.state, asked.words = twin.state, twin.words
        asked.marked_by, asked.marked_at = twin.marked_by, twin.marked_at
        twin.state, twin.version = AssignmentState.WITHDRAWN, twin.version + 1
        twin.save(update_fields=["state", "version"])
    elif said.state:
        asked.state, asked.words = said.state, said.words or gettext("So it says in the document.")
        asked.marked_by, asked.marked_at = actor, at
    else:
        return
    asked.save(update_fields=["state", "words", "marked_by", "marked_at"])
    subject = f"№ {asked.pk}, {asked.agency}: {asked.get_state_display()}"
    record(case=asked.case, event=Event.ASSIGNMENT_MARKED, actor=actor, at=at, subject=subject)


# What the next form begins with


def known_of_plans(case: Case, edition: Edition, *, user: Any, at: dt.datetime) -> Answers:
    """Return what the plans of a case, and its analysis, can fill into a form that `user` begins.

    The next version of a plan begins with the rows of the last one and their marks, the first one with the analysis of the
    case; a form that reviews a plan is told how many measures it has and what came of them. No queries for other forms.
    """
    schema = edition.schema
    reviews = asks_about_the_plan(schema)
    if edition.code in PROTOCOLS or not (reviews or tables_of_measures(schema)):
        return {}
    editions = editions_of(case)
    plans = plans_of(case, editions)
    if reviews:
        return _of_the_reviewed(schema, plans)
    mine = [plan for plan in plans if plan.current.edition.code == edition.code]
    if mine:
        last = mine[-1].current
        return next_version(last.edition.schema, answers_to_correct(last), schema)
    return _of_the_analysis(case, schema, editions, user=user, at=at)


def answers_to_correct(submission: Submission) -> Answers:
    """Return the answers of a filed form as its correction begins with them: with the marks got since."""
    schema = submission.edition.schema
    if not tables_of_measures(schema):
        return dict(submission.answers)
    return with_marks(schema, submission.answers, marks_by_place(assignments_of(submission)))


def _of_the_reviewed(schema: Schema, plans: Iterable[Plan]) -> Answers:
    """Return what is known of the plan that was begun last among those that a form reviews."""
    for plan in reversed(list(plans)):
        current = plan.current
        marks = marks_by_place(assignments_of(current))
        measures = [
            (each, marks.get(each.place, each.mark)) for each in measures_in(current.edition.schema, current.answers)
        ]
        document = {"id": current.number, "name": f"№ {current.number}", "form": current.edition.code}
        if found := about_the_plan(schema, document, measures):
            return found
    return {}


def _of_the_analysis(
    case: Case, schema: Schema, editions: Mapping[int, Edition], *, user: Any, at: dt.datetime
) -> Answers:
    found = latest_analysis(case, editions)
    closed = closed_to(case, user=user, today=case.agency.local(at).date())
    if found is None or closed_in(found, user=user, closed=closed):
        return {}
    domains = domains_in(found.edition.schema, found.answers)
    return as_rows_of_a_plan(schema, domains, known_agencies())
