"""What methodologists have to look after: reviews that nobody can end, papers that nobody can sign, templates that broke.

What stands above the library (who may sign) registers a source when it is loaded. A finding names a form or a procedure, and a
place in the admin, never a person.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from forms_library.actions import editions
from forms_library.impact import editor_url
from forms_library.models import Edition, FourEyesTask, FourEyesTaskState, ProcedureEdition
from forms_library.models.approvals import authors_of


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look after, and the form or the procedure that it is about."""

    problem: str
    title: str
    url: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


Source = Callable[[dt.datetime], Iterable[Finding]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let `source` find something, too. Called once, when its application is ready."""
    if source not in _sources:
        _sources.append(source)
    return source


def findings(*, at: dt.datetime) -> list[Finding]:
    """Return all that somebody has to look after at the moment `at`."""
    return [finding for source in (*OWN_SOURCES, *_sources) for finding in source(at)]


def about(edition: Edition | ProcedureEdition, problem: str) -> Finding:
    """Return a finding about the form or the procedure of an edition."""
    return Finding(problem=problem, title=edition.title, url=editor_url(edition.page_id))


def _reviews_without_an_approver(at: dt.datetime) -> Iterator[Finding]:
    waiting = FourEyesTaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("revision", "task")
    for task_state in waiting:
        groups = FourEyesTask.objects.filter(pk=task_state.task_id).values("groups")
        approvers = get_user_model().objects.filter(Q(groups__in=groups) | Q(is_superuser=True), is_active=True)
        if not approvers.exclude(pk__in=authors_of(task_state.revision)).exists():
            page = task_state.revision.as_object()
            problem = _("waits for an approval that nobody can give: all approvers took part in the draft")
            yield Finding(problem=problem, title=page.title, url=editor_url(page.pk))


def _editions_not_as_they_were(at: dt.datetime) -> Iterator[Finding]:
    for edition, problem in editions.verified(at=at):
        if problem:
            yield about(edition, _("edition %(number)s: %(problem)s") % {"number": edition.number, "problem": problem})


def _editions_past_review(at: dt.datetime) -> Iterator[Finding]:
    for each in (Edition.objects.without_template(), ProcedureEdition.objects.defer("definition")):
        due = each.in_force(at=at).filter(review_on__lte=timezone.localtime(at).date())
        for edition in due.order_by("review_on", "title"):
            yield about(edition, _("was to be reviewed by %(day)s") % {"day": f"{edition.review_on:%d.%m.%Y}"})


OWN_SOURCES: tuple[Source, ...] = (_reviews_without_an_approver, _editions_not_as_they_were, _editions_past_review)
