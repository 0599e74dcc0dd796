"""Procedures of a pack are adopted as drafts: a second person still approves each of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from wagtail.models import Page, Revision

from forms_library.actions.pack_drafts import last_draft, save_draft, take_facts
from forms_library.actions.pack_refusals import refuse_unfit
from forms_library.models import Agency, ProcedurePage
from forms_library.packs import PROCEDURE_FACTS, PackError, PackProcedure
from forms_library.procedure_blocks import STREAMS


def save_procedure(
    theirs: PackProcedure, known: ProcedurePage | None, *, catalogue: Page, actor: Any, agency: Agency | None
) -> tuple[ProcedurePage, Revision]:
    """Save a procedure of a pack as the newest draft of the one that bears its code here; return it and its revision.

    Raises `PackError` when it does not fit.
    """
    page = last_draft(ProcedurePage, known, theirs, actor=actor)
    take_facts(page, theirs, PROCEDURE_FACTS, agency=agency)
    page.from_procedure(theirs.procedure)
    refuse_unfit(page, (), theirs.code)
    _refuse_unfit_streams(page, theirs.code)
    if page.procedure() != theirs.procedure:
        raise PackError(
            "bad_form", gettext("this site would keep it otherwise: %(keys)s") % {"keys": "procedure"}, page.code
        )
    return page, save_draft(page, catalogue=catalogue, actor=actor)


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
