"""What the page of a plan shows to one reader: measures with their marks beside the analysis they came from, and earlier versions.

Every page costs the same number of queries, however many measures and versions there are.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from casework import access
from casework.actions.assignments import MAY_BE_MARKED, is_of_the_curator
from casework.actions.closed import closed_in, closed_to
from casework.actions.measures import holds_now
from casework.actions.plans import Plan, editions_of, latest_analysis, marks_by_place, plans_of
from casework.answers_on_screen import Answer, on_screen
from casework.case_analysis import Domain, domains_in
from casework.closed_answers import TOLD_TO_FEW, closed_questions
from casework.facts import same_name
from casework.measures import CHILD_OPINION, DONE, Difference, Mark, Measure, difference, measures_in
from casework.models import Assignment, Case, Submission
from forms_library.models import Edition

FAMILY_OPINIONS = frozenset({"family_opinion", "parent_opinion", "child_opinion"})
"""Keys under which forms of plans ask what the family says; a question with the fact child.opinion asks it too."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure: what came of it, who may say so, and on which page."""

    measure: Measure
    mark: Mark
    assignment: Assignment | None
    is_overdue: bool
    is_own: bool
    may_mark: bool


@dataclass(kw_only=True)
class Group:
    """The measures of one domain of the plan, and what the analysis says of it."""

    title: str
    domain: Domain | None = None
    lines: list[Line] = field(default_factory=list)


@dataclass(kw_only=True)
class PlanPage:
    """One plan as one reader sees it."""

    current: Submission
    goal: str
    since: dt.date | None
    until: dt.date | None
    voices: list[Answer]
    groups: list[Group]
    versions: list[tuple[Submission, Difference]]
    waits_for_approval: bool
    is_closed: bool  # the measures themselves are told to few, and not to this reader

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def done(self) -> int:
        """How many measures are done wholly."""
        return sum(line.mark.state == DONE for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.is_overdue for line in self.lines)

    @property
    def next_due(self) -> dt.date | None:
        """The nearest day of what is still to be done."""
        days = [line.measure.due for line in self.lines if line.measure.due and line.mark.state != DONE]
        return min(days, default=None)


class Reader:
    """Who looks at the plans of a case, and what they may do there. The same few queries for every case."""

    def __init__(self, case: Case, *, user: Any, at: dt.datetime) -> None:
        self.user = user
        self.today = case.agency.local(at).date()
        self.closed = closed_to(case, user=user, today=self.today)
        self.is_curator = case.is_running and is_of_the_curator(case, user, at=at)
        self.agencies = set(access.agencies_of(user).values_list("pk", flat=True)) if case.is_running else set()

    def closed_in(self, submission: Submission) -> frozenset[str]:
        """Return the categories that a document tells of and the reader may not read."""
        return closed_in(submission, user=self.user, closed=self.closed)

    def line_of(self, measure: Measure, mark: Mark, assignment: Assignment | None) -> Line:
        """Return a measure as this reader sees it."""
        is_own = assignment is not None and assignment.agency_id in self.agencies
        can_be = assignment is not None and assignment.state in MAY_BE_MARKED
        return Line(
            measure=measure,
            mark=mark,
            assignment=assignment,
            is_overdue=bool(assignment and assignment.is_overdue(today=self.today)),
            is_own=is_own,
            may_mark=can_be and (is_own or self.is_curator),
        )


def plan_pages(case: Case, *, user: Any, at: dt.datetime) -> list[PlanPage]:
    """Return the plans of a case as `user` sees them, the one that was begun last first."""
    editions = editions_of(case)
    plans = plans_of(case, editions)
    if not plans:
        return []
    reader = Reader(case, user=user, at=at)
    asked = _asked(plans)
    domains = _domains(case, editions, reader)
    return [_page(plan, asked.get(plan.current.pk, []), domains, reader) for plan in reversed(plans)]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A plan in three lines, for the page of its case."""

    number: int
    title: str
    goal: str
    done: int
    total: int
    overdue: int
    next_due: dt.date | None


def briefs_of(case: Case, *, at: dt.datetime) -> list[Brief]:
    """Return the plans of a case in short, the one that was begun last first, without what is told to few. Three queries."""
    plans, today = plans_of(case), case.agency.local(at).date()
    asked = _asked(plans)
    return [_brief(plan.current, asked.get(plan.current.pk, []), today=today) for plan in reversed(plans)]


def _brief(current: Submission, asked: list[Assignment], *, today: dt.date) -> Brief:
    schema, answers = current.edition.schema, current.answers
    measures, marks = measures_in(schema, answers), marks_by_place(asked)
    waiting = [each for each in measures if marks.get(each.place, each.mark).state != DONE]
    hidden = closed_questions(schema, TOLD_TO_FEW)
    return Brief(
        number=current.number,
        title=current.edition.title,
        goal="" if "goal" in hidden else str(answers.get("goal") or ""),
        done=len(measures) - len(waiting),
        total=len(measures),
        overdue=sum(each.is_overdue(today=today) for each in asked),
        next_due=min((each.due for each in waiting if each.due), default=None),
    )


def _asked(plans: Iterable[Plan]) -> dict[int, list[Assignment]]:
    """Return what the versions that hold ask agencies for, by their ids. One query."""
    current = [plan.current.pk for plan in plans]
    asked: dict[int, list[Assignment]] = {}
    found = Assignment.objects.filter(source__in=current).select_related("agency", "marked_by", "case__agency")
    for each in found if current else ():
        asked.setdefault(each.source_id or 0, []).append(each)
    return asked


def _domains(case: Case, editions: Mapping[int, Edition], reader: Reader) -> list[Domain]:
    found = latest_analysis(case, editions)
    if found is None or reader.closed_in(found):
        return []
    return [domain for domain in domains_in(found.edition.schema, found.answers) if domain.says_something]


def _page(plan: Plan, asked: list[Assignment], domains: list[Domain], reader: Reader) -> PlanPage:
    current = plan.current
    schema = current.edition.schema
    closed = reader.closed_in(current)
    hidden = closed_questions(schema, closed)
    measures = measures_in(schema, current.answers)
    shown = [each for each in measures if each.table not in hidden]
    marks, by_place = marks_by_place(asked), {(each.table, each.row): each for each in asked}
    lines = [reader.line_of(each, marks.get(each.place, each.mark), by_place.get(each.place)) for each in shown]
    answers = [answer for section in on_screen(schema, current.answers, closed=closed) for answer in section.answers]
    by_key = {answer.question.key: answer.words for answer in answers}
    return PlanPage(
        current=current,
        goal=by_key.get("goal", ""),
        since=_day(current, "period_from"),
        until=_day(current, "period_to"),
        voices=[answer for answer in answers if _is_voice(answer)],
        groups=_groups(lines, domains),
        versions=_versions(plan, reader),
        waits_for_approval=bool(measures and not asked and not holds_now(current)),
        is_closed=len(shown) < len(measures),
    )


def _is_voice(answer: Answer) -> bool:
    question = answer.question
    return question.fact == CHILD_OPINION or question.key in FAMILY_OPINIONS


def _day(submission: Submission, key: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(submission.answers.get(key) or ""))
    except ValueError:
        return None


def _groups(lines: Iterable[Line], domains: Iterable[Domain]) -> list[Group]:
    """Return the measures by domain, in the order of the plan; a domain that was analysed and has none comes last."""
    groups: dict[str, Group] = {}
    for line in lines:
        name = same_name(line.measure.group)
        groups.setdefault(name, Group(title=line.measure.group)).lines.append(line)
    for domain in domains:
        title = domain.title.capitalize() if domain.title.isupper() else domain.title
        groups.setdefault(domain.name, Group(title=title)).domain = domain
    return list(groups.values())


def _versions(plan: Plan, reader: Reader) -> list[tuple[Submission, Difference]]:
    """Return the versions, the newest first, each with what it has changed in the one before."""
    read = []
    for version in plan.versions:
        hidden = closed_questions(version.edition.schema, reader.closed_in(version))
        found = measures_in(version.edition.schema, version.answers)
        read.append([each for each in found if each.table not in hidden])
    changed = [difference(before, after) for before, after in pairwise(read)]
    return list(zip(reversed(plan.versions[1:]), reversed(changed), strict=True))
