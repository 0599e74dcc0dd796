"""What methodologists have to look after: reviews that nobody can end, papers that nobody can sign, templates that broke.

What stands above the library (who may sign) registers a source when it is loaded. A finding names a form and a place in
the admin, never a person.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from forms_library.actions import editions
from forms_library.models import Edition, FourEyesTask, FourEyesTaskState
from forms_library.models.approvals import authors_of


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look after, and the form that it is about."""

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


def about(edition: Edition, problem: str) -> Finding:
    """Return a finding about the form of an edition."""
    return Finding(problem=problem, title=edition.title, url=editor_url(edition.official_form_id))


def editor_url(form_id: int) -> str:
    """Return where a form is drafted in the admin."""
    return reverse("wagtailadmin_pages:edit", args=[form_id])


def _reviews_without_an_approver(at: dt.datetime) -> Iterator[Finding]:
    waiting = FourEyesTaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("revision", "task")
    for task_state in waiting:
        groups = FourEyesTask.objects.filter(pk=task_state.task_id).values("groups")
        approvers = get_user_model().objects.filter(Q(groups__in=groups) | Q(is_superuser=True), is_active=True)
        if not approvers.exclude(pk__in=authors_of(task_state.revision)).exists():
            page = task_state.revision.as_object()
            problem = _("waits for an approval that nobody can give: all approvers took part in the draft")
            yield Finding(problem=problem, title=page.title, url=editor_url(page.pk))


def _editions_that_print_otherwise(at: dt.datetime) -> Iterator[Finding]:
    for edition in Edition.objects.with_proofs().iterator(chunk_size=10):
        problem = editions.verify(edition=edition, at=at)
        if problem:
            yield about(edition, _("edition %(number)s: %(problem)s") % {"number": edition.number, "problem": problem})


def _editions_past_review(at: dt.datetime) -> Iterator[Finding]:
    in_force = Edition.objects.in_force(at=at).without_template().order_by("review_on", "title")
    for edition in in_force.filter(review_on__lte=timezone.localtime(at).date()):
        yield about(edition, _("was to be reviewed by %(day)s") % {"day": f"{edition.review_on:%d.%m.%Y}"})


OWN_SOURCES: tuple[Source, ...] = (_reviews_without_an_approver, _editions_that_print_otherwise, _editions_past_review)
