"""From a published page to an edition in force, and from an unpublished one to an edition withdrawn.

Wagtail announces both by signals, whoever asked for it: a workflow, the scheduler or a command. An expired page is
unpublished as a plain `Page`, which is why this listens to signals and not to methods of the page.
"""

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from forms_library import impact, procedures_of_forms
from forms_library.actions import editions
from forms_library.models.approvals import approval_of
from forms_library.models.official_forms import OfficialForm
from forms_library.models.procedures import ProcedurePage

LATE = dt.timedelta(minutes=5)
"""What is due at midnight is published by the next tick of the clock."""


def connect() -> None:
    """Start listening, and tell what procedures mean for forms. Called once, when the application is ready."""
    for governed in (OfficialForm, ProcedurePage):
        name = governed.__name__
        page_published.connect(put_in_force, sender=governed, dispatch_uid=f"forms_library.put_in_force.{name}")
        page_unpublished.connect(withdraw, sender=governed, dispatch_uid=f"forms_library.withdraw.{name}")
    impact.register(procedures_of_forms.procedures_that_use)


def put_in_force(sender: type[Page], instance: OfficialForm | ProcedurePage, revision: Revision, **kwargs: Any) -> None:
    """Make the edition of a revision that has just gone live; raise `NotApproved` when nobody else approved it."""
    if not _is_live(instance, revision):
        return
    approval = approval_of(revision)
    editions.put_in_force(
        page=instance,
        revision=revision,
        approved_by=approval.finished_by,
        approved_at=approval.finished_at,
        at=_moment(instance, approved_at=approval.finished_at, now=timezone.now()),
    )


def withdraw(sender: type[Page], instance: OfficialForm | ProcedurePage, **kwargs: Any) -> None:
    """End the edition in force of a form or a procedure that has been unpublished or has expired."""
    editions.withdraw(page=instance, at=timezone.now())


def _is_live(page: Page, revision: Revision) -> bool:
    # Wagtail announces a publication that is only scheduled, too (wagtail issue 13959).
    return bool(page.live and page.live_revision_id == revision.pk)


def _moment(page: OfficialForm | ProcedurePage, *, approved_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when an edition comes into force: on the minute that was set, although the clock strikes a little later."""
    due = page.go_live_at
    if due is None or not approved_at < due <= now < due + LATE:
        return now
    return now if page.editions.filter(in_force_from__gte=due).exists() else due
