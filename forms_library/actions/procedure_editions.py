"""Editions of procedures come into force, replace each other and are withdrawn. Nothing about them changes afterwards.

Unlike a form, a procedure prints nothing, so there is nothing to prove byte by byte (see `actions.editions`).
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from forms_library.actions.editions import CodeChanged
from forms_library.models.procedures import ProcedureEdition, ProcedureEditionEnd


@transaction.atomic
def put_in_force(
    *, page: Page, revision: Revision, approved_by: Any, approved_at: dt.datetime, at: dt.datetime
) -> ProcedureEdition:
    """Freeze an approved revision as the next edition of its procedure, and end the one before it.

    Returns the edition in force when the wording is the same to the letter. Raises `CodeChanged`. Who may approve is
    settled before (`forms_library.models.approvals.approval_of`).
    """
    _lock(page)
    edition: ProcedureEdition = revision.as_object().as_edition()
    earlier = ProcedureEdition.objects.filter(page=page.pk)
    current = earlier.in_force(at=at).first()
    if current and current.digest == edition.digest:
        return current
    if earlier.exclude(code=edition.code).exists():
        raise CodeChanged(_("The code of a procedure that has been in force cannot change."))
    edition.number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    edition.drafted_by_id = revision.user_id
    edition.approved_by = approved_by
    edition.approved_at = approved_at
    edition.in_force_from = at
    edition.save(force_insert=True)
    if current:
        _end(current, at=at, reason=ProcedureEditionEnd.Reason.SUPERSEDED)
    return edition


@transaction.atomic
def withdraw(*, page: Page, at: dt.datetime) -> ProcedureEditionEnd | None:
    """End the edition in force, with none in its place; return `None` when there is none."""
    _lock(page)
    current = ProcedureEdition.objects.filter(page=page.pk).in_force(at=at).first()
    return _end(current, at=at, reason=ProcedureEditionEnd.Reason.WITHDRAWN) if current else None


def _end(edition: ProcedureEdition, *, at: dt.datetime, reason: str) -> ProcedureEditionEnd:
    return ProcedureEditionEnd.objects.create(edition=edition, in_force_to=at, reason=reason)


def _lock(page: Page) -> None:
    """Let one transaction at a time change the editions of a procedure."""
    Page.objects.select_for_update().get(pk=page.pk)
