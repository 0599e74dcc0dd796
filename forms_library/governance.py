"""From a published page to an edition in force, and from an unpublished one to an edition withdrawn.

Wagtail announces both by signals, whoever asked for it: a workflow, the scheduler or a command. An expired page is
unpublished as a plain `Page`, which is why this listens to signals and not to methods of the page.
"""

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished

from forms_library.actions import editions
from forms_library.models.approvals import approval_of
from forms_library.models.official_forms import OfficialForm

LATE = dt.timedelta(minutes=5)
"""What is due at midnight is published by the next tick of the clock."""


def connect() -> None:
    """Start listening. Called once, when the application is ready."""
    page_published.connect(put_in_force, sender=OfficialForm, dispatch_uid="forms_library.put_in_force")
    page_unpublished.connect(withdraw, sender=OfficialForm, dispatch_uid="forms_library.withdraw")


def put_in_force(sender: type[OfficialForm], instance: OfficialForm, revision: Revision, **kwargs: Any) -> None:
    """Make the edition of a revision that has just gone live; raise `NotApproved` when nobody else approved it."""
    # Wagtail announces a publication that is only scheduled, too (wagtail issue 13959).
    if not instance.live or instance.live_revision_id != revision.pk:
        return
    approval = approval_of(revision)
    editions.put_in_force(
        official_form=instance,
        revision=revision,
        approved_by=approval.finished_by,
        approved_at=approval.finished_at,
        at=_moment(instance, approved_at=approval.finished_at, now=timezone.now()),
    )


def _moment(official_form: OfficialForm, *, approved_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when an edition comes into force: on the minute that was set, although the clock strikes a little later."""
    due = official_form.go_live_at
    if due is None or not approved_at < due <= now < due + LATE:
        return now
    return now if official_form.editions.filter(in_force_from__gte=due).exists() else due


def withdraw(sender: type[OfficialForm], instance: OfficialForm, **kwargs: Any) -> None:
    """End the edition in force of a form that has been unpublished or has expired."""
    editions.withdraw(official_form=instance, at=timezone.now())
