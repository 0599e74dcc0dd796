"""Editions come into force, replace each other and are withdrawn. Nothing about them ever changes afterwards."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from forms_library import proofs
from forms_library.models.editions import Edition, EditionEnd, EditionProof
from forms_library.rendering import TemplateError

logger = logging.getLogger(__name__)


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
    prove(edition=edition, at=at)
    if current:
        EditionEnd.objects.create(edition=current, in_force_to=at, reason=EditionEnd.Reason.SUPERSEDED)
    return edition


def prove(*, edition: Edition, at: dt.datetime) -> EditionProof | None:
    """Write down what a sample of an edition's papers is, byte by byte; return `None` when it cannot be printed.

    A readable template is settled before the approval. Should it fail here all the same, the edition has no proof, and
    `manage.py check_editions` and the daily digest name it: a failure must not stop the clock for other forms.
    """
    try:
        proof = proofs.sample_proof(edition, at=at)
    except TemplateError as error:
        logger.warning("a sample of edition %s of form %s cannot be printed: %s", edition.number, edition.code, error)
        return None
    proof.save(force_insert=True)
    return proof


def verify(*, edition: Edition, at: dt.datetime) -> str:
    """Return in words why an edition no longer prints what it printed; nothing when it does.

    An edition that is older than its proof gets one now.
    """
    proof: EditionProof | None = getattr(edition, "proof", None)
    # One edition that fails must not hide the others, whatever it fails with.
    try:
        if proof is None:
            proofs.sample_proof(edition, at=at).save(force_insert=True)
            return ""
        printed = proofs.digests(edition, proof.answers, name_forms=proof.name_forms)
    except Exception as error:
        return _("it cannot be printed (%(error)s)") % {"error": error}
    if printed == (proof.sha256, proof.blank_sha256):
        return ""
    return _("it is printed otherwise than when it came into force")


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
