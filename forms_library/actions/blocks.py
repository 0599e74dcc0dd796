"""Reusable blocks are copied into drafts, and their newer wording is taken form by form. No form ever changes by itself."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms_library import reusable_blocks
from forms_library.actions.drafts import save_questions
from forms_library.differences import Differences, differences
from forms_library.models import OfficialForm, ReusableBlock
from forms_library.models.blocks import origins
from forms_library.schema import Schema


class NothingToTake(ValueError):
    """The form has no copy of the block, or only copies of its present wording."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A form that has copied a block."""

    form: OfficialForm
    is_outdated: bool


def insert_block(*, form: OfficialForm, block: ReusableBlock, after: str | None, actor: Any) -> OfficialForm:
    """Save a new draft with a copy of the block behind the question `after`, or at the end; return it.

    Raises `UnderReview` and `NotYours` (`forms_library.actions.drafts`).
    """

    def inserted(schema: Schema) -> Schema:
        place = after if after is not None and after in schema else None
        return reusable_blocks.insert(schema, block.schema().questions, code=block.code, after=place)

    return save_questions(form=form, change=inserted, actor=actor)


def take_new_wording(*, form: OfficialForm, block: ReusableBlock, actor: Any) -> OfficialForm:
    """Save a new draft in which every copy of the block has its present wording; return it.

    Raises `NothingToTake`, `forms_library.reusable_blocks.KeysTaken`, `UnderReview` and `NotYours`.
    """

    def taken(schema: Schema) -> Schema:
        if not reusable_blocks.is_outdated(schema, block.code, block.version()):
            raise NothingToTake(_("The form has the present wording of this block already."))
        return reusable_blocks.take(schema, block.schema().questions, code=block.code)

    return save_questions(form=form, change=taken, actor=actor)


def would_change(form: OfficialForm, block: ReusableBlock) -> Differences:
    """Return what the new wording would change in the last draft; raise `KeysTaken`."""
    schema = form.get_latest_revision_as_object().schema()
    taken = reusable_blocks.take(schema, block.schema().questions, code=block.code)
    return differences(_without_origins(schema), _without_origins(taken))


def uses(block: ReusableBlock) -> list[Use]:
    """Return the forms whose last draft has a copy of the block, by title."""
    present = {block.origin()}
    forms = OfficialForm.objects.select_related("latest_revision").order_by("title")
    copied = ((form, {each for each in origins(form) if each.partition("@")[0] == block.code}) for form in forms)
    return [Use(form=form, is_outdated=found != present) for form, found in copied if found]


def _without_origins(schema: Schema) -> Schema:
    return replace(schema, questions=tuple(replace(question, block="") for question in schema))
