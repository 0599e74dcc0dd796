"""What was typed into one question, in words for the screen: for somebody who chooses between two versions. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from forms_library.answer_fields import Attached, Documents
from forms_library.schema import Column, Kind, Question
from forms_library.typed import WHY, YES, Typed, row_indexes


def typed_words(question: Question, typed: Typed, *, attached: Attached, documents: Documents) -> str:
    """Return the words, one line for each row of a table; empty when nothing was typed."""
    names: dict[Kind, Mapping[int, Mapping[str, Any]]] = {Kind.ATTACHMENT: attached, Kind.DOCUMENT: documents}
    if question.kind.is_table:
        return "\n".join(_row(question, index, typed) for index in row_indexes(question, typed)).strip()
    if question.kind == Kind.SIGNATURE:
        parts = [_joined(typed.get(f"{question.key}__{part}", [])) for part in ("post", "name")]
        words = ", ".join(part for part in parts if part)
    elif question.kind in names:
        known = {str(number): each["name"] for number, each in names[question.kind].items()}
        words = ", ".join(known.get(value, value) for value in typed.get(question.key, []))
    else:
        words = _cell(question, typed.get(question.key, []))
    why = _joined(typed.get(f"{question.key}{WHY}", []))
    return "\n".join(
        part for part in (words, _("Why it is not filled in: %(why)s") % {"why": why} if why else "") if part
    )


def _row(question: Question, index: int, typed: Typed) -> str:
    label = question.rows[index].label if question.kind.has_fixed_rows else str(index + 1)
    cells = [_cell(column, typed.get(f"{question.key}-{index}-{column.key}", [])) for column in question.cells]
    return f"{label}: {'; '.join(cell for cell in cells if cell) or '—'}"


def _cell(asked: Question | Column, values: list[str]) -> str:
    if asked.kind == Kind.YES_NO:
        return ", ".join(_("yes") if value == YES else _("no") for value in values if value)
    return _joined(values)


def _joined(values: list[str]) -> str:
    return ", ".join(value.strip() for value in values if value.strip())
