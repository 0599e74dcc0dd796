"""The plans of a case: the official forms that list things to do, their versions, and the marks that measures have got.

The plan is the filed form itself (S001, S004); its versions are its corrections and its later filings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from casework.measures import PROTOCOLS, Mark, Place, is_version_of
from casework.models import Assignment, AssignmentState, Case, Submission
from forms_library.models import Edition
from forms_library.things_to_do import table_of_analysis, tables_of_measures

MARKED = frozenset({AssignmentState.DONE, AssignmentState.PARTLY, AssignmentState.NOT_DONE})


@dataclass
class Plan:
    """One plan of a case with all its versions, in the order of their first filing."""

    versions: list[Submission] = field(default_factory=list)

    @property
    def current(self) -> Submission:
        """The version that holds: the last one that nothing corrects."""
        corrected = {each.supersedes_id for each in self.versions}
        return next(each for each in reversed(self.versions) if each.pk not in corrected)

    def goes_on_with(self, later: Submission) -> bool:
        """Return whether a later document is a version of this plan."""
        if any(later.supersedes_id == each.pk for each in self.versions):
            return True
        last = self.current
        if later.supersedes_id or last.edition.code != later.edition.code:
            return False
        return is_version_of(later.edition.schema, last.answers, later.answers)

    def add(self, later: Submission) -> None:
        """Put a version in its place: a correction right after what it corrects."""
        places = [index for index, each in enumerate(self.versions) if later.supersedes_id == each.pk]
        self.versions.insert(places[0] + 1 if places else len(self.versions), later)


def editions_of(case: Case) -> dict[int, Edition]:
    """Return every edition by which something was filed in a case, by its id. One query; each reads its questions once."""
    filed = Submission.objects.filter(case=case).values("edition")
    return Edition.objects.filter(pk__in=filed).defer("docx_template").in_bulk()


def filed_with(case: Case, editions: Iterable[Edition]) -> list[Submission]:
    """Return what was filed in a case by these editions, corrected or not, the first one first. One query at most."""
    wanted = {edition.pk: edition for edition in editions}
    if not wanted:
        return []
    filed = Submission.objects.filter(case=case, edition__in=wanted).select_related("filed_by").order_by("number")
    for submission in (found := list(filed)):
        submission.edition = wanted[submission.edition_id]
    return found


def plans_of(case: Case, editions: Mapping[int, Edition] | None = None) -> list[Plan]:
    """Return the plans of a case, the one that was begun last at the end. Two queries, whatever has been filed.

    A case may have several: the programme of the family and one for each child.
    """
    known = (editions_of(case) if editions is None else editions).values()
    of_plans = [each for each in known if each.code not in PROTOCOLS and tables_of_measures(each.schema)]
    plans: list[Plan] = []
    for submission in filed_with(case, of_plans):
        plan = next((each for each in plans if each.goes_on_with(submission)), None)
        if plan is None:
            plans.append(plan := Plan())
        plan.add(submission)
    return plans


def plan_of(submission: Submission) -> Plan | None:
    """Return the plan of which a filed form is a version; `None` when it is no plan."""
    return next((plan for plan in plans_of(submission.case) if submission in plan.versions), None)


def latest_analysis(case: Case, editions: Mapping[int, Edition]) -> Submission | None:
    """Return the last valid document that analyses the case domain by domain. One query, none when no form does."""
    filed = filed_with(case, [each for each in editions.values() if table_of_analysis(each.schema)])
    corrected = {each.supersedes_id for each in filed}
    return next((each for each in reversed(filed) if each.pk not in corrected), None)


def assignments_of(submission: Submission) -> QuerySet[Assignment]:
    """Return what agencies were asked to do by a filed form."""
    return Assignment.objects.filter(source=submission).select_related("agency", "marked_by", "case__agency")


def marks_by_place(assignments: Iterable[Assignment]) -> dict[Place, Mark]:
    """Return what came of the things to do of one document, by their places in it."""
    return {
        (each.table, each.row): Mark(
            state=each.state,
            words=each.words,
            on=each.case.agency.local(each.marked_at).date() if each.marked_at else None,
        )
        for each in assignments
        if each.state in MARKED
    }
