"""Official forms and reusable blocks of this site as a pack tells them, and how a pack differs from them."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy

from forms_library.changes import DifferencesOf
from forms_library.differences import differences, differences_of_forms
from forms_library.models import Agency, AgencyKind, Edition, OfficialForm, ProcedurePage, ReusableBlock
from forms_library.packs import FACTS, Pack, PackBlock, PackContent, PackForm, PackProcedure
from forms_library.schema import Schema

_Part = TypeVar("_Part", PackForm, PackProcedure)

OTHER_FACTS = {
    "title": gettext_lazy("Another title"),
    "hint": gettext_lazy("Another hint"),
    "kept_over_ten_years": gettext_lazy("Kept for another time"),
    "act_number": gettext_lazy("Another number of the act"),
    "act_date": gettext_lazy("Another date of the act"),
    "act_reason": gettext_lazy("Another reason for this edition"),
    "review_on": gettext_lazy("Another day of the review"),
    "demo_answers": gettext_lazy("Other demo answers"),
}
FACTS_BESIDES = ("kept_over_ten_years", "act_number", "act_date", "act_reason", "review_on", "demo_answers")

DAYS = ("act_date", "review_on")

Agencies = Mapping[str, Agency | None]
"""Which agency of this site issues the forms that a pack gives to a kind of agencies."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One form, block or procedure of a pack beside the one of this site that bears its code."""

    code: str
    title: str
    mine: OfficialForm | ReusableBlock | ProcedurePage | None = None
    differences: DifferencesOf[Any]
    other_changes: tuple[str, ...] = ()  # what a difference of two editions does not tell, in words
    is_same: bool = False
    is_under_review: bool = False
    is_procedure: bool = False
    missing_forms: tuple[str, ...] = ()  # those that a procedure names, neither in the pack nor in force here

    @property
    def state(self) -> str:
        """One word for what the import would do: new, changed or same."""
        if self.mine is None:
            return "new"
        return "same" if self.is_same else "changed"

    @property
    def number_of_changes(self) -> int:
        """How many things would change."""
        told = self.differences
        return len(told.facts) + len(told.noticed) + len(told.others) + len(self.other_changes)


def forms_by_code(codes: Iterable[str]) -> dict[str, OfficialForm]:
    """Return the forms of this site that bear these codes."""
    forms = OfficialForm.objects.filter(code__in=list(codes))
    return {form.code: form for form in forms.select_related("latest_revision", "issuing_agency", "docx_template")}


def latest(form: OfficialForm) -> OfficialForm:
    """Return the form as its last draft has it."""
    return form.get_latest_revision_as_object()


def told(form: OfficialForm) -> PackForm:
    """Return a form as a pack tells it."""
    return PackForm(
        **told_facts(form, FACTS),
        schema=form.schema(),
        template=form.template_bytes() or b"",
        demo_answers=form.demo_answers,
    )


def told_facts(page: OfficialForm | ProcedurePage, names: Iterable[str]) -> dict[str, Any]:
    """Return the facts of a page as a pack tells them: days in ISO, the agency by its kind."""
    facts = {name: getattr(page, name) for name in names}
    days = {name: facts[name].isoformat() if facts[name] else "" for name in DAYS}
    return {**facts, **days, "issuing_agency": page.issuing_agency.kind if page.issuing_agency else ""}


def told_block(block: ReusableBlock) -> PackBlock:
    """Return a reusable block as a pack tells it."""
    return PackBlock(code=block.code, title=block.title, hint=block.hint, schema=block.schema())


def content(
    *,
    name: str,
    title: str,
    publisher: str,
    codes: Iterable[str],
    block_codes: Iterable[str],
    at: dt.datetime,
    procedures: tuple[PackProcedure, ...] = (),
) -> PackContent:
    """Return these forms, blocks and procedures as the content of a pack: the wording in force, else the last draft."""
    forms = forms_by_code(codes)
    templates = dict(
        Edition.objects.in_force(at=at).filter(official_form__in=forms.values()).values_list("code", "docx_template")
    )
    shared = tuple(_shared(form, templates.get(code)) for code, form in sorted(forms.items()))
    wanted = {*block_codes, *copied_block_codes(shared)}
    blocks = ReusableBlock.objects.filter(code__in=wanted).prefetch_related("questions")
    return PackContent(
        name=name,
        title=title,
        publisher=publisher,
        forms=shared,
        blocks=tuple(told_block(block) for block in sorted(blocks, key=lambda block: block.code)),
        procedures=procedures,
    )


def copied_block_codes(forms: Iterable[PackForm]) -> set[str]:
    """Return the codes of the blocks that the questions of these forms were copied from."""
    origins = (question.block for form in forms for question in form.schema)
    return {origin.partition("@")[0] for origin in origins if origin}


def agencies_for(kinds: Iterable[str]) -> dict[str, list[Agency]]:
    """Return, for each kind of agencies, those of this site that work today; the oldest first."""
    found: dict[str, list[Agency]] = {kind: [] for kind in sorted(set(kinds) - {""})}
    for agency in Agency.objects.open().filter(kind__in=found).order_by("pk"):
        found[agency.kind].append(agency)
    return found


def known_kinds() -> set[str]:
    """Return the kinds of the agencies of this site that work today."""
    return set(Agency.objects.open().values_list("kind", flat=True))


def compared(pack: Pack) -> list[Comparison]:
    """Return what the import of each form would change, in the order of the pack."""
    mine = forms_by_code(form.code for form in pack.content.forms)
    kinds = known_kinds()
    return [_compared(form, mine.get(form.code), kinds) for form in pack.content.forms]


def compared_blocks(pack: Pack) -> list[Comparison]:
    """Return what the import of each block would change, in the order of the pack."""
    codes = [block.code for block in pack.content.blocks]
    mine = {block.code: block for block in ReusableBlock.objects.filter(code__in=codes).prefetch_related("questions")}
    found = []
    for theirs in pack.content.blocks:
        known = mine.get(theirs.code)
        ours = told_block(known) if known else None
        found.append(
            Comparison(
                code=theirs.code,
                title=theirs.title,
                mine=known,
                differences=differences(ours.schema if ours else Schema(), theirs.schema),
                other_changes=tuple(other_changes(ours, theirs, ("title", "hint"))) if ours else (),
                is_same=ours == theirs,
            )
        )
    return found


def _compared(theirs: PackForm, form: OfficialForm | None, kinds: set[str]) -> Comparison:
    if form is None:
        return Comparison(code=theirs.code, title=theirs.title, differences=differences(Schema(), theirs.schema))
    ours = told(latest(form))
    theirs = with_known_agency(theirs, ours, kinds)
    return Comparison(
        code=theirs.code,
        title=theirs.title,
        mine=form,
        differences=differences_of_forms(_as_frozen(ours), _as_frozen(theirs)),
        other_changes=tuple(other_changes(ours, theirs, FACTS_BESIDES)),
        is_same=ours == theirs,
        is_under_review=form.workflow_in_progress,
    )


def other_changes(ours: Any, theirs: Any, names: Iterable[str]) -> Iterator[str]:
    """Put into words what differs besides the questions and what `differences_of_forms` tells."""
    for name in names:
        if getattr(ours, name) != getattr(theirs, name):
            yield str(OTHER_FACTS[name])


def with_known_agency(theirs: _Part, ours: _Part, kinds: set[str]) -> _Part:
    """Return a part of a pack as it would be here: without such an agency on the site, a draft keeps the one it has."""
    return theirs if theirs.issuing_agency in kinds else replace(theirs, issuing_agency=ours.issuing_agency)


def as_frozen(told: PackForm | PackProcedure, **wording: Any) -> dict[str, Any]:
    """Return what a pack tells as an edition would freeze it; `wording` is what its kind alone lays down."""
    facts = {name: value for name, value in vars(told).items() if isinstance(value, str)}
    kinds = dict(AgencyKind.choices)
    return {**facts, "issuing_agency": str(kinds.get(told.issuing_agency, told.issuing_agency)), **wording}


def _as_frozen(form: PackForm) -> dict[str, Any]:
    return as_frozen(form, questions=form.schema.to_json(), template_sha256=hashlib.sha256(form.template).hexdigest())


def _shared(form: OfficialForm, template: bytes | memoryview | None) -> PackForm:
    """Return what is shared of a form. The template in force is the edition's: the file behind it may have been replaced."""
    if template is None:
        return told(latest(form))
    return replace(told(form), template=bytes(template))
