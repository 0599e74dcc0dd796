"""Editions come into force, replace each other and are withdrawn. Nothing about them ever changes afterwards."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from forms_library.models.editions import Edition, EditionEnd


class CodeChanged(ValueError):
    """A form that has editions keeps its code: case files and Word documents name it."""


@transaction.atomic
def put_in_force(
    *, official_form: Page, revision: Revision, approved_by: Any, approved_at: dt.datetime, at: dt.datetime
) -> Edition:
    """Freeze an approved revision as the next edition of its form, and end the one before it.

    Returns the edition in force when the wording is the same to the letter. Raises `CodeChanged`. Who may approve is
    settled before (`forms_library.models.approvals.approval_of`).
    """
    _lock(official_form)
    edition = revision.as_object().as_edition()
    earlier = Edition.objects.filter(official_form=official_form.pk)
    current = earlier.in_force(at=at).without_template().first()
    if current and current.digest == edition.digest:
        return current
    if earlier.exclude(code=edition.code).exists():
        raise CodeChanged(_("The code of a form that has been in force cannot change."))
    edition.number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    edition.drafted_by_id = revision.user_id
    edition.approved_by = approved_by
    edition.approved_at = approved_at
    edition.in_force_from = at
    edition.save(force_insert=True)
    if current:
        EditionEnd.objects.create(edition=current, in_force_to=at, reason=EditionEnd.Reason.SUPERSEDED)
    return edition


@transaction.atomic
def withdraw(*, official_form: Page, at: dt.datetime) -> EditionEnd | None:
    """End the edition in force, with none in its place; return `None` when there is none."""
    _lock(official_form)
    editions = Edition.objects.filter(official_form=official_form.pk)
    current = editions.in_force(at=at).without_template().first()
    if current is None:
        return None
    return EditionEnd.objects.create(edition=current, in_force_to=at, reason=EditionEnd.Reason.WITHDRAWN)


def _lock(official_form: Page) -> None:
    """Let one transaction at a time change the editions of a form."""
    Page.objects.select_for_update().get(pk=official_form.pk)
