"""Visits to the family of a case: what they found, and the alert that a sign of danger raises at once."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _

from casework import notifications
from casework.actions.emergencies import heads_of
from casework.actions.log import record
from casework.actions.plans import editions_of, filed_with
from casework.actions.refusals import ActionRefused
from casework.models import Case, Event, Submission, Task, Team, TeamRole
from casework.visits import Visit, is_of_a_visit, tells_of_danger, visit_in
from forms_library.questionnaire import Answers
from forms_library.schema import Schema

ALERT = uuid.UUID("6f1d0f5e-6c1b-4b62-9d43-5f0f0b1c2a77")
"""From this and the token of a sheet comes the token of its alert: one alert for a visit, however often it is corrected."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A filed sheet of a visit, and what it tells. `is_overdue`: the next visit it promised has not been made in time.

    `is_awaited`: that visit is still to be made, in time or not.
    """

    submission: Submission
    visit: Visit
    is_awaited: bool = False
    is_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Signs of danger that nobody has answered yet: the sheet, and the task in which the answer is written down."""

    submission: Submission
    task: Task


class VisitToCome(ActionRefused):
    """A sheet tells of a visit that has been made."""

    message = _("This visit has not begun yet. File the sheet after the visit, or correct when it began.")


def refuse_visit_to_come(schema: Schema, answers: Answers, *, case: Case, at: dt.datetime) -> None:
    """Refuse a form about a visit that begins later than now by the clock of the keeper. Raises `VisitToCome`."""
    started = visit_in(schema, answers).started_at
    if started is not None and started > case.agency.local(at).replace(tzinfo=None):
        raise VisitToCome


def raise_alert(submission: Submission, *, actor: Any, at: dt.datetime) -> Task | None:
    """Tell of the danger that a filed form has seen: a task for today, and mail without a word of the case (domain.md C, 25).

    The task is the curator's; of a case without one, its keeper's specialists'. A correction of the sheet raises no second
    alert. The caller holds the case.
    """
    if not tells_of_danger(submission.edition.schema, submission.answers):
        return None
    case, token = submission.case, _token_of(_first_version(submission))
    if Task.objects.filter(token=token).exists():
        return None
    today = case.agency.local(at).date()
    task = Task.objects.create(
        case=case,
        title=gettext("Signs of danger for a child: read document No. %(number)s and act today")
        % {"number": submission.number},
        owner=case.curator,
        team=_team_of_curator(case),
        opened_on=today,
        due=today,
        asked_by=actor,
        token=token,
    )
    record(
        case=case, event=Event.TASK_GIVEN, actor=actor, at=at, subject=f"№ {task.pk} → {case.curator or case.agency}"
    )
    heads = heads_of(case).values_list("email", flat=True)
    transaction.on_commit(lambda: notifications.tell_about_danger(task, heads), robust=True)
    return task


def _first_version(submission: Submission) -> Submission:
    while submission.supersedes is not None:
        submission = submission.supersedes
    return submission


def _token_of(sheet: Submission) -> uuid.UUID:
    return uuid.uuid5(ALERT, str(sheet.token))


def _team_of_curator(case: Case) -> Team:
    """Return the team to which a task of the curator belongs: their own, or that of the keeper's specialists."""
    specialists = Team.objects.filter(role=TeamRole.SPECIALIST)
    own = specialists.filter(group__user=case.curator_id).first() if case.curator_id else None
    return own or specialists.get(agency=case.agency_id)


def open_alerts(case: Case) -> list[Alert]:
    """Return the signs of danger that nobody has answered yet. Two queries, whatever has been filed."""
    filed = Submission.objects.filter(case=case).only("number", "token", "filed_at", "case")
    by_token = {_token_of(each): each for each in filed}
    tasks = Task.objects.open().filter(case=case, token__in=by_token).select_related("owner").order_by("pk")
    return [Alert(submission=by_token[task.token], task=task) for task in tasks]


def visits_of(case: Case, *, today: dt.date) -> list[Sheet]:
    """Return the visits of a case, the last one first, with what is overdue after the last of each form. Two queries."""
    of_visits = [edition for edition in editions_of(case).values() if is_of_a_visit(edition.schema)]
    filed = filed_with(case, of_visits)
    corrected = {each.supersedes_id for each in filed}
    found = [(each, visit_in(each.edition.schema, each.answers)) for each in filed if each.pk not in corrected]
    found.sort(key=lambda pair: (str(pair[1].started_at or ""), pair[0].number), reverse=True)
    seen: set[str] = set()
    sheets = []
    for submission, visit in found:
        is_last = submission.edition.code not in seen
        seen.add(submission.edition.code)
        is_awaited = is_last and case.is_running and visit.next_on is not None
        is_overdue = is_awaited and visit.next_on is not None and visit.next_on < today
        sheets.append(Sheet(submission=submission, visit=visit, is_awaited=is_awaited, is_overdue=is_overdue))
    return sheets


def awaited(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return the sheets whose next visit is still to be made, by its day."""
    return sorted((sheet for sheet in sheets if sheet.is_awaited), key=lambda sheet: str(sheet.visit.next_on))
