"""Editions come into force, replace each other and are withdrawn. Nothing about them ever changes afterwards.

Forms and procedures alike. A procedure prints nothing, so only a form has papers to prove byte by byte.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from forms_library import proofs
from forms_library.models.editions import BaseEditionEnd, Edition, EditionEnd, EditionProof
from forms_library.models.governed_pages import GovernedPage
from forms_library.models.procedures import ProcedureEdition, ProcedureEditionEnd
from forms_library.procedures.definition import Procedure
from forms_library.rendering import TemplateError

FEW = 10  # each edition of a form brings its Word template along
logger = logging.getLogger(__name__)


class CodeChanged(ValueError):
    """A form or a procedure that has editions keeps its code: cases, case files and Word documents name it."""


@transaction.atomic
def put_in_force(
    *, page: GovernedPage, revision: Revision, approved_by: Any, approved_at: dt.datetime, at: dt.datetime
) -> Edition | ProcedureEdition:
    """Freeze an approved revision as the next edition of its form or procedure, and end the one before it.

    Returns the edition in force when the wording is the same to the letter. Raises `CodeChanged`. Who may approve is
    settled before (`forms_library.models.approvals.approval_of`).
    """
    _lock(page)
    edition: Edition | ProcedureEdition = revision.as_object().as_edition()
    current = page.editions.in_force(at=at).first()
    if current and current.digest == edition.digest:
        return current
    if page.editions.exclude(code=edition.code).exists():
        raise CodeChanged(_("The code of what has been in force cannot change."))
    edition.number = (page.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition.drafted_by_id = revision.user_id
    edition.approved_by = approved_by
    edition.approved_at = approved_at
    edition.in_force_from = at
    edition.save(force_insert=True)
    if isinstance(edition, Edition):
        prove(edition=edition, at=at)
    if current:
        _end(current, at=at, reason=BaseEditionEnd.Reason.SUPERSEDED)
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


def verified(*, at: dt.datetime) -> Iterator[tuple[Edition | ProcedureEdition, str]]:
    """Yield every edition ever in force, and in words what is wrong with it: those of forms, then those of procedures."""
    forms = Edition.objects.with_proofs().iterator(chunk_size=FEW)
    procedures = ProcedureEdition.objects.order_by("code", "number").iterator(chunk_size=FEW)
    for edition in chain[Edition | ProcedureEdition](forms, procedures):
        yield edition, verify(edition=edition, at=at)


def verify(*, edition: Edition | ProcedureEdition, at: dt.datetime) -> str:
    """Return in words why an edition is no longer what came into force; nothing when it still is.

    It says what its digest stands for, and the papers of a form are printed as they were. A form's edition that is older
    than its proof gets one now.
    """
    if not edition.is_as_frozen():
        return _("it says something else than when it came into force")
    return _problem_of_papers(edition, at=at) if isinstance(edition, Edition) else _problem_of_reading(edition)


def _problem_of_papers(edition: Edition, *, at: dt.datetime) -> str:
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


def _problem_of_reading(edition: ProcedureEdition) -> str:
    try:
        Procedure.from_json(edition.definition)
    except Exception as error:
        return _("it cannot be read, and cases cannot follow it (%(error)s)") % {"error": error}
    return ""


@transaction.atomic
def withdraw(*, page: GovernedPage, at: dt.datetime) -> BaseEditionEnd | None:
    """End the edition in force, with none in its place; return `None` when there is none."""
    _lock(page)
    current = page.editions.in_force(at=at).first()
    return _end(current, at=at, reason=BaseEditionEnd.Reason.WITHDRAWN) if current else None


def _end(edition: Edition | ProcedureEdition, *, at: dt.datetime, reason: str) -> BaseEditionEnd:
    ends: Any = EditionEnd if isinstance(edition, Edition) else ProcedureEditionEnd
    end: BaseEditionEnd = ends.objects.create(edition=edition, in_force_to=at, reason=reason)
    return end


def _lock(page: GovernedPage) -> None:
    """Let one transaction at a time change the editions of a form or a procedure."""
    Page.objects.select_for_update().get(pk=page.pk)
