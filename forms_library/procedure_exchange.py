"""Procedures of this site as a pack tells them, and how those of a pack differ from them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from forms_library.exchange import Comparison, as_frozen, known_kinds, other_changes, told_facts, with_known_agency
from forms_library.models import Edition, OfficialForm, ProcedureEdition, ProcedurePage
from forms_library.packs import PROCEDURE_FACTS, Pack, PackProcedure
from forms_library.procedures.definition import Procedure
from forms_library.procedures.differences import differences, differences_of_procedures

FACTS_BESIDES = ("act_number", "act_date", "act_reason", "review_on")
NOTHING = Procedure(start="")


def procedures_by_code(codes: Iterable[str]) -> dict[str, ProcedurePage]:
    """Return the procedures of this site that bear these codes."""
    pages = ProcedurePage.objects.filter(code__in=list(codes)).select_related("latest_revision", "issuing_agency")
    return {page.code: page for page in pages}


def told(page: ProcedurePage) -> PackProcedure:
    """Return a procedure as a pack tells it."""
    return PackProcedure(**told_facts(page, PROCEDURE_FACTS), procedure=page.procedure())


def shared(codes: Iterable[str], *, at: dt.datetime) -> tuple[PackProcedure, ...]:
    """Return these procedures by code: the wording in force, else the last draft."""
    pages = procedures_by_code(codes)
    in_force = set(
        ProcedureEdition.objects.in_force(at=at).filter(page__in=pages.values()).values_list("code", flat=True)
    )
    return tuple(
        told(page if code in in_force else page.get_latest_revision_as_object()) for code, page in sorted(pages.items())
    )


def compared_procedures(pack: Pack, *, at: dt.datetime) -> list[Comparison]:
    """Return what the import of each procedure would change, in the order of the pack, and which forms it would lack."""
    mine = procedures_by_code(procedure.code for procedure in pack.content.procedures)
    titles = form_titles(pack)
    at_hand = {form.code for form in pack.content.forms} | _in_force(pack, at=at)
    kinds = known_kinds()
    return [
        replace(
            _compared(theirs, mine.get(theirs.code), kinds, titles),
            missing_forms=tuple(sorted(theirs.procedure.form_codes() - at_hand)),
        )
        for theirs in pack.content.procedures
    ]


def form_titles(pack: Pack) -> Mapping[str, str]:
    """Return the titles of the forms that the procedures of a pack name, as this site calls them, else the pack."""
    named = _named(pack)
    theirs = {form.code: form.title for form in pack.content.forms}
    return theirs | dict(OfficialForm.objects.filter(code__in=named).values_list("code", "title"))


def _compared(
    theirs: PackProcedure, page: ProcedurePage | None, kinds: set[str], titles: Mapping[str, str]
) -> Comparison:
    if page is None:
        found = differences(NOTHING, theirs.procedure, titles=titles)
        return Comparison(code=theirs.code, title=theirs.title, differences=found, is_procedure=True)
    ours = told(page.get_latest_revision_as_object())
    theirs = with_known_agency(theirs, ours, kinds)
    return Comparison(
        code=theirs.code,
        title=theirs.title,
        mine=page,
        differences=differences_of_procedures(_as_frozen(ours), _as_frozen(theirs), titles=titles),
        other_changes=tuple(other_changes(ours, theirs, FACTS_BESIDES)),
        is_same=ours == theirs,
        is_under_review=page.workflow_in_progress,
        is_procedure=True,
    )


def _as_frozen(procedure: PackProcedure) -> dict[str, Any]:
    return as_frozen(procedure, definition=procedure.procedure.to_json())


def _in_force(pack: Pack, *, at: dt.datetime) -> set[str]:
    return set(Edition.objects.in_force(at=at).filter(code__in=_named(pack)).values_list("code", flat=True))


def _named(pack: Pack) -> set[str]:
    return {code for procedure in pack.content.procedures for code in procedure.procedure.form_codes()}
