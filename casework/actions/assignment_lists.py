"""Lists of what agencies ask each other: «Нам поручили» for whoever was asked, and how it goes for whoever asked.

Every list costs the same number of queries for three rows and for three hundred.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.assignments import MAY_BE_MARKED, is_of_the_curator, may_withdraw, term_of
from casework.actions.cases import may_speak
from casework.models import Assignment, AssignmentKind, AssignmentNudge, AssignmentState, Case
from casework.models.assignments import AssignmentQuerySet
from forms_library.deadlines import Deadline
from forms_library.models import CalendarDay
from forms_library.working_calendar import WorkingCalendar

FILTERS = {"open": _("To do"), "silent": _("Wait for our answer"), "over": _("What is over")}
"""What the list of whoever was asked can be narrowed to, and what that is called."""

TONES = {
    AssignmentState.SENT: "new",
    AssignmentState.ACCEPTED: "work",
    AssignmentState.DONE: "done",
    AssignmentState.PARTLY: "wait",
    AssignmentState.NOT_DONE: "danger",
    AssignmentState.REFUSED: "danger",
    AssignmentState.WITHDRAWN: "quiet",
}
"""The shape and colour beside the word that says how far it has come."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One assignment as a list or a page shows it on one day."""

    assignment: Assignment
    today: dt.date
    term: Deadline | None
    days_left: int
    may_mark: bool = False
    may_withdraw: bool = False
    may_close_part: bool = False
    told: tuple[AssignmentNudge, ...] = ()

    @property
    def tone(self) -> str:
        return TONES[AssignmentState(self.assignment.state)]

    @property
    def waits_for_an_answer(self) -> bool:
        return self.assignment.state == AssignmentState.SENT

    @property
    def goes_on_paper(self) -> bool:
        """Whether nobody of the executor finds it here, so that somebody has to hand it over."""
        return self.assignment.is_open and not getattr(self.assignment, "is_seen_there", True)

    @property
    def is_silent(self) -> bool:
        return self.assignment.is_silent(today=self.today)

    @property
    def is_overdue(self) -> bool:
        return self.assignment.is_overdue(today=self.today)

    @property
    def may_be_marked(self) -> bool:
        """Whether it can still be said what came of it."""
        return self.assignment.state in MAY_BE_MARKED


def assigned(user: Any, *, show: str) -> AssignmentQuerySet:
    """Return one filter of «Нам поручили»: what is open by its nearest day, what is over with the newest first."""
    found = access.assignments_for(user=user)
    found = found.select_related("agency", "case__agency", "case__curator", access.DECIDED_AT)
    found = found.defer("source__answers", "source__name_forms")
    if show == "over":
        return found.over().order_by("-pk")
    if show == "silent":
        return found.filter(state=AssignmentState.SENT).order_by("answer_by", "pk")
    return found.open().order_by(F("due").asc(nulls_last=True), "pk")


def counts_for(user: Any, *, today: dt.date) -> dict[str, int]:
    """Return how much the agencies of `user` were asked for, by others and by their own plans: open, not answered, overdue. One query."""
    is_silent = Q(state=AssignmentState.SENT)
    is_late = Q(due__lt=today) | is_silent & Q(answer_by__lt=today)
    return (
        access.assignments_for(user=user)
        .open()
        .aggregate(total=Count("pk"), silent=Count("pk", is_silent), late=Count("pk", is_late))
    )


def line_of(assignment: Assignment, *, today: dt.date, calendar: WorkingCalendar, **facts: Any) -> Line:
    """Return an assignment as its page shows it."""
    answer_by = assignment.answer_by
    waits = assignment.state == AssignmentState.SENT and answer_by is not None
    return Line(
        assignment=assignment,
        today=today,
        term=term_of(assignment, calendar),
        days_left=_working_days_until(answer_by, today=today, calendar=calendar) if waits and answer_by else 0,
        **facts,
    )


def page_of(assignment: Assignment, *, at: dt.datetime) -> Line:
    """Return an assignment as its own page shows it to whoever was asked. One query."""
    agency = assignment.agency
    calendar = CalendarDay.objects.working_calendar(agency)
    return line_of(assignment, today=agency.local(at).date(), calendar=calendar)


def lines_of(assignments: Iterable[Assignment], *, at: dt.datetime) -> list[Line]:
    """Return the lines of a list for whoever was asked. One query."""
    calendars = CalendarDay.objects.calendars()
    return [
        line_of(each, today=each.agency.local(at).date(), calendar=calendars.of(each.agency)) for each in assignments
    ]


def asked_in(case: Case) -> AssignmentQuerySet:
    """Return what was asked in a case: what is open first, by its nearest day; then what is over, the newest first."""
    is_over = ~Q(state__in=[AssignmentState.SENT, AssignmentState.ACCEPTED])
    found = Assignment.objects.filter(case=case).with_reach().annotate(is_over=is_over)
    related = ("agency", "disclosure", "sent_by", "answered_by", "marked_by", "source__edition")
    return found.select_related(*related).order_by("is_over", F("due").asc(nulls_last=True), "-pk")


def lines_of_case(case: Case, assignments: Iterable[Assignment], *, user: Any, at: dt.datetime) -> list[Line]:
    """Return the lines of a list for whoever asked: how it goes, and who has been told of silence. Five queries."""
    assignments = list(assignments)
    calendars = CalendarDay.objects.calendars()
    today = case.agency.local(at).date()
    held = access.permissions_on(case, user=user, today=today) if case.is_running else frozenset()
    may_mark = is_of_the_curator(case, user, at=at, held=held)
    speaks = may_speak(case, user, held=held)
    told: dict[int, list[AssignmentNudge]] = {}
    for nudge in AssignmentNudge.objects.filter(assignment__in=assignments).order_by("pk"):
        told.setdefault(nudge.assignment_id, []).append(nudge)
    return [
        line_of(
            each,
            today=today,
            calendar=calendars.of(each.agency),
            may_mark=may_mark and each.state in MAY_BE_MARKED,
            may_withdraw=each.is_open
            and each.kind == AssignmentKind.REFERRAL
            and may_withdraw(each, user, case=case, held=held),
            may_close_part=speaks
            and not each.is_open
            and each.disclosure is not None
            and each.disclosure.is_standing(today=today),
            told=tuple(told.get(each.pk, ())),
        )
        for each in assignments
    ]


def _working_days_until(day: dt.date, *, today: dt.date, calendar: WorkingCalendar) -> int:
    """Return how many working days are left to answer, the last one included and today not."""
    left = 0
    while today < day:
        today = calendar.working_day_after(today, 1)
        left += today <= day
    return left
