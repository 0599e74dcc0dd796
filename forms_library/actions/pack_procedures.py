"""Procedures of a pack are adopted as drafts: a second person still approves each of them."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from wagtail.models import Page, Revision

from forms_library.actions.drafts import NotYours, UnderReview, indexed_once
from forms_library.actions.pack_refusals import refuse_unfit, unfit
from forms_library.models import Agency, ProcedurePage
from forms_library.packs import PROCEDURE_FACTS, PackError, PackProcedure
from forms_library.procedure_blocks import STREAMS

_DAYS = ("act_date", "review_on")
_COPIED = tuple(name for name in PROCEDURE_FACTS if name not in {"code", "issuing_agency", *_DAYS})


def refuse_changes(page: ProcedurePage, *, actor: Any) -> None:
    """Raise `NotYours` or `UnderReview` when this person may not save a new draft of the procedure now."""
    if not page.permissions_for_user(actor).can_edit():
        raise NotYours(gettext("You may not change the procedure “%(title)s”.") % {"title": page.title})
    if page.workflow_in_progress:
        raise UnderReview(
            gettext("The procedure “%(title)s” is under review. Approve it or return it first.") % {"title": page.title}
        )


def save_procedure(
    theirs: PackProcedure, known: ProcedurePage | None, *, catalogue: Page, actor: Any, agency: Agency | None
) -> tuple[ProcedurePage, Revision]:
    """Save a procedure of a pack as the newest draft of the one that bears its code here; return it and its revision.

    Raises `PackError` when it does not fit.
    """
    page = _draft(theirs, known, actor=actor, agency=agency)
    with indexed_once(page):
        try:
            if known is None:
                catalogue.refresh_from_db()
                catalogue.add_child(instance=page)
        except ValidationError as error:
            raise unfit(error, theirs.code) from error
        # Already checked; a draft may lack its agency, which Wagtail would ask for.
        return page, page.save_revision(user=actor, clean=False)


def _draft(theirs: PackProcedure, known: ProcedurePage | None, *, actor: Any, agency: Agency | None) -> ProcedurePage:
    page = known.get_latest_revision_as_object() if known else _new_page(theirs, actor)
    for name in _COPIED:
        setattr(page, name, getattr(theirs, name))
    for name in _DAYS:
        text = getattr(theirs, name)
        setattr(page, name, dt.date.fromisoformat(text) if text else None)
    if agency and (page.issuing_agency is None or page.issuing_agency.kind != theirs.issuing_agency):
        page.issuing_agency = agency
    page.from_procedure(theirs.procedure)
    refuse_unfit(page, (), theirs.code)
    _refuse_unfit_streams(page, theirs.code)
    if page.procedure() != theirs.procedure:
        raise PackError(
            "bad_form", gettext("this site would keep it otherwise: %(keys)s") % {"keys": "procedure"}, page.code
        )
    return page


def _refuse_unfit_streams(page: ProcedurePage, code: str) -> None:
    """Raise `PackError` when the editor's screen would refuse what stands in a stream: a title too long, a strange code."""
    for name in STREAMS:
        stream = getattr(page, name)
        try:
            stream.stream_block.clean(stream)
        except ValidationError as error:
            raise PackError("bad_form", f"{name}: {'; '.join(_leaves(error))}"[:300], code) from error


def _leaves(error: Any) -> list[str]:
    """Return the plain messages inside an error of nested blocks."""
    parts: list[Any] = []
    for name in ("block_errors", "non_block_errors"):
        within = getattr(error, name, None)
        if within:
            parts.extend(within.values() if isinstance(within, dict) else within)
    if not parts:
        return [str(message) for message in getattr(error, "messages", ())]
    return [message for part in parts if part for message in _leaves(part)]


def _new_page(theirs: PackProcedure, actor: Any) -> ProcedurePage:
    return ProcedurePage(
        code=theirs.code,
        title=theirs.title,
        slug="poryadok-" + theirs.code.replace("_", "-"),
        search_description=theirs.purpose,
        owner=actor,
        live=False,
    )
