"""What forms and procedures of a pack have in common when they become drafts of this site."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from wagtail.models import Page, Revision

from forms_library.actions.drafts import indexed_once
from forms_library.actions.pack_refusals import unfit
from forms_library.exchange import DAYS
from forms_library.models import Agency, OfficialForm, ProcedurePage
from forms_library.packs import PackForm, PackProcedure

_Page = TypeVar("_Page", OfficialForm, ProcedurePage)


def last_draft(kind: type[_Page], known: _Page | None, theirs: PackForm | PackProcedure, *, actor: Any) -> _Page:
    """Return the last draft of the page that bears the code here, else a new page that is in no catalogue yet."""
    if known:
        return known.get_latest_revision_as_object()
    prefix = "poryadok-" if kind is ProcedurePage else ""
    return kind(
        code=theirs.code,
        title=theirs.title,
        slug=prefix + theirs.code.replace("_", "-"),
        search_description=theirs.purpose,
        owner=actor,
        live=False,
    )


def take_facts(
    page: OfficialForm | ProcedurePage,
    theirs: PackForm | PackProcedure,
    names: Iterable[str],
    *,
    agency: Agency | None,
) -> None:
    """Write the facts of a pack onto a page; one in force keeps its code.

    `agency` was chosen here for the kind that the pack names; an agency of that kind that stands there already stays.
    """
    for name in {*names} - {"code", "issuing_agency"}:
        value = getattr(theirs, name)
        if name in DAYS:
            value = dt.date.fromisoformat(value) if value else None
        setattr(page, name, value)
    if agency and (page.issuing_agency is None or page.issuing_agency.kind != theirs.issuing_agency):
        page.issuing_agency = agency


def save_draft(page: OfficialForm | ProcedurePage, *, catalogue: Page, actor: Any) -> Revision:
    """Save a page as its newest draft, a new one in the catalogue; return the revision. Raises `PackError`."""
    with indexed_once(page):
        try:
            if page.pk is None:
                catalogue.refresh_from_db()
                catalogue.add_child(instance=page)
        except ValidationError as error:
            raise unfit(error, page.code) from error
        # Already checked; a draft may lack its agency, which Wagtail would ask for.
        return page.save_revision(user=actor, clean=False)
