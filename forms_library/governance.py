"""From a published page to an edition in force, and from an unpublished one to an edition withdrawn.

Wagtail announces both by signals, whoever asked for it: a workflow, the scheduler or a command. An expired page is
unpublished as a plain `Page`, which is why this listens to signals and not to methods of the page.
"""

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from forms_library import daily_digest, impact, procedure_digest, procedures_of_forms
from forms_library.actions import editions, procedure_editions
from forms_library.models.approvals import approval_of
from forms_library.models.official_forms import OfficialForm
from forms_library.models.procedures import ProcedurePage

LATE = dt.timedelta(minutes=5)
"""What is due at midnight is published by the next tick of the clock."""


def connect() -> None:
    """Start listening, and tell what procedures mean for forms and for the digest. Called once, when the application is ready."""
    page_published.connect(put_in_force, sender=OfficialForm, dispatch_uid="forms_library.put_in_force")
    page_unpublished.connect(withdraw, sender=OfficialForm, dispatch_uid="forms_library.withdraw")
    page_published.connect(follow, sender=ProcedurePage, dispatch_uid="forms_library.follow")
    page_unpublished.connect(stop_following, sender=ProcedurePage, dispatch_uid="forms_library.stop_following")
    impact.register(procedures_of_forms.procedures_that_use)
    daily_digest.register(procedure_digest.procedures_past_review)


def put_in_force(sender: type[OfficialForm], instance: OfficialForm, revision: Revision, **kwargs: Any) -> None:
    """Make the edition of a revision that has just gone live; raise `NotApproved` when nobody else approved it."""
    if not _is_live(instance, revision):
        return
    approval = approval_of(revision)
    editions.put_in_force(
        official_form=instance,
        revision=revision,
        approved_by=approval.finished_by,
        approved_at=approval.finished_at,
        at=_moment(instance, approved_at=approval.finished_at, now=timezone.now()),
    )


def withdraw(sender: type[OfficialForm], instance: OfficialForm, **kwargs: Any) -> None:
    """End the edition in force of a form that has been unpublished or has expired."""
    editions.withdraw(official_form=instance, at=timezone.now())


def follow(sender: type[ProcedurePage], instance: ProcedurePage, revision: Revision, **kwargs: Any) -> None:
    """Make the edition of a procedure that has just gone live; raise `NotApproved` when nobody else approved it."""
    if not _is_live(instance, revision):
        return
    approval = approval_of(revision)
    procedure_editions.put_in_force(
        page=instance,
        revision=revision,
        approved_by=approval.finished_by,
        approved_at=approval.finished_at,
        at=_moment(instance, approved_at=approval.finished_at, now=timezone.now()),
    )


def stop_following(sender: type[ProcedurePage], instance: ProcedurePage, **kwargs: Any) -> None:
    """End the edition in force of a procedure that has been unpublished or has expired."""
    procedure_editions.withdraw(page=instance, at=timezone.now())


def _is_live(page: Page, revision: Revision) -> bool:
    # Wagtail announces a publication that is only scheduled, too (wagtail issue 13959).
    return bool(page.live and page.live_revision_id == revision.pk)


def _moment(page: OfficialForm | ProcedurePage, *, approved_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when an edition comes into force: on the minute that was set, although the clock strikes a little later."""
    due = page.go_live_at
    if due is None or not approved_at < due <= now < due + LATE:
        return now
    return now if page.editions.filter(in_force_from__gte=due).exists() else due
