"""What a form on the screen is made of: sections, items, tables, rows, cells. They hold what is shown and decide how."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.translation import gettext, ngettext

from forms_library.answer_fields import QuestionnaireForm
from forms_library.schema import Column, Kind, Question

Mistake = tuple[str, str, str]
"""(id of the field, its name, what to do)"""
GRID_COLUMNS = 7
"""A table with more columns than this is filled in row by row."""
WIDE_KINDS = frozenset({Kind.LONG_TEXT, Kind.ADDRESS})
SCALE_MARKS = 5
"""A scale with more marks than this does not get a column for each."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table: a field to fill in, or the words that the form has computed."""

    column: Column
    field: BoundField | None = None
    words: str = ""
    origin: str = ""

    @cached_property
    def errors(self) -> list[str]:
        """What is wrong with what was typed."""
        return [str(error) for error in self.field.errors] if self.field is not None else []


@dataclass(frozen=True)
class Row:
    """One row of a table on the screen."""

    index: int
    label: str
    scale: str
    form: QuestionnaireForm
    cells: tuple[Cell, ...]
    can_remove: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was typed into it."""
        names = [self.form.add_prefix(key) for key in self.form.fields]
        return not any(value.strip() for name in names for value in self.form.data.getlist(name))


@dataclass(frozen=True)
class Suggestion:
    """A sum or a level that a question of the form computes of a checklist; `scale` is empty for all of it."""

    scale: str
    question: Question
    words: str


@dataclass(frozen=True)
class Heading:
    """A heading over one or several neighbouring columns."""

    label: str
    width: int
    height: int


@dataclass
class Table:
    """A table of a form on the screen: repeated rows, fixed rows, a checklist or a matrix."""

    question: Question
    rows: list[Row]
    checking: bool
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.question.cells

    @property
    def is_fixed(self) -> bool:
        return self.question.kind.has_fixed_rows

    @property
    def is_marked(self) -> bool:
        """Whether each row is first of all marked on a scale."""
        return self.question.kind in {Kind.CHECKLIST, Kind.MATRIX}

    @cached_property
    def marks(self) -> list[tuple[str, str]]:
        """The marks that stand over columns of their own: those that all the rows share. (value, label)"""
        if not self.is_marked or not self.rows:
            return []
        scales = [list(row.form.fields[self.columns[0].key].choices) for row in self.rows]
        return scales[0] if len(scales[0]) <= SCALE_MARKS and all(scale == scales[0] for scale in scales) else []

    @property
    def is_grid(self) -> bool:
        """Whether a wide screen shows it as a table with headings; otherwise each row is a card of its own."""
        return self.is_marked or (
            len(self.columns) <= GRID_COLUMNS and not any(column.kind in WIDE_KINDS for column in self.columns)
        )

    @property
    def other_columns(self) -> tuple[Column, ...]:
        """The columns that are no marks."""
        return self.columns[1:] if self.is_marked else self.columns

    @property
    def is_two_levelled(self) -> bool:
        return any(column.group for column in self.other_columns)

    @cached_property
    def headings(self) -> list[Heading]:
        """The upper line of headings: a group over its columns, and every other column on its own."""
        found: list[Heading] = []
        last = None
        for column in self.other_columns:
            if column.group and column.group == last:
                found[-1] = Heading(column.group, found[-1].width + 1, 1)
            else:
                height = 2 if self.is_two_levelled and not column.group else 1
                found.append(Heading(column.group or column.label, 1, height))
            last = column.group
        return found

    @property
    def lower_headings(self) -> list[str]:
        """The lower line: the columns that stand under a group."""
        return [column.label for column in self.other_columns if column.group]

    @cached_property
    def scales(self) -> list[tuple[str, list[Row], list[Suggestion]]]:
        """The rows under the headings of their scales, each with what the form suggests of it."""
        found: list[tuple[str, list[Row], list[Suggestion]]] = []
        for row in self.rows:
            if not found or found[-1][0] != row.scale:
                found.append(
                    (row.scale, [], [each for each in self.suggestions if row.scale and each.scale == row.scale])
                )
            found[-1][1].append(row)
        return found

    @property
    def suggestions_of_all(self) -> list[Suggestion]:
        """What the form suggests of the whole checklist."""
        return [each for each in self.suggestions if not each.scale]

    @property
    def can_add(self) -> bool:
        return not self.is_fixed and len(self.rows) < self.question.max_rows

    @cached_property
    def filled_rows(self) -> list[Row]:
        """The rows that count: all of a fixed table, otherwise those with something in them."""
        return self.rows if self.is_fixed else [row for row in self.rows if not row.is_empty]

    @property
    def problem(self) -> str:
        """What is wrong with the table as a whole; empty while nobody asked to check."""
        fewest = max(self.question.min_rows, int(self.question.required))
        if self.checking and not self.is_fixed and len(self.filled_rows) < fewest:
            return ngettext("Fill in at least %(count)d row.", "Fill in at least %(count)d rows.", fewest) % {
                "count": fewest
            }
        return ""

    @property
    def has_answer(self) -> bool:
        return any(not row.is_empty for row in self.rows)

    def mistakes(self) -> Iterator[Mistake]:
        """Yield everything that is wrong in it, row by row."""
        if self.problem:
            yield f"table-{self.key}", self.question.label, self.problem
        for row in self.filled_rows:
            place = row.label or gettext("row %(number)d") % {"number": row.index + 1}
            for cell in row.cells:
                if cell.field is not None:
                    for error in cell.errors:
                        name = f"{self.question.label}, {place}: {cell.column.label}"
                        yield cell.field.id_for_label or cell.field.auto_id, name, error


@dataclass(frozen=True)
class Gap:
    """Why a recommended question has no answer, as typed; `is_open` while it has none."""

    name: str
    words: str
    is_open: bool = True


@dataclass(frozen=True)
class Item:
    """One thing inside a section: a field, a table, a note, or an answer that the form itself gives (`words`)."""

    kind: str
    question: Question
    field: BoundField | None = None
    table: Table | None = None
    words: str = ""
    gap: Gap | None = None
    condition: str = ""  # in words: when the question is asked
    is_shown: bool = True
    problems: tuple[str, ...] = ()  # of checks beside what has no field
    origin: str = ""

    @property
    def mark(self) -> str:
        """How its name is marked: only a required and a recommended question are."""
        return "recommended" if self.question.recommended and not self.question.required else "required"

    def mistakes(self) -> Iterator[Mistake]:
        """Yield everything that is wrong with the answer."""
        if self.field is not None:
            for message in self.field.errors:
                yield self.field.id_for_label or self.field.auto_id, str(self.field.label), str(message)
        elif self.table is not None:
            yield from self.table.mistakes()
        for problem in self.problems:
            yield f"question-{self.question.key}", self.question.label, problem


@dataclass
class Section:
    """A heading (or none) and what stands under it."""

    heading: Question | None
    items: list[Item] = field(default_factory=list)
    condition: str = ""
    is_shown: bool = True

    @property
    def key(self) -> str:
        """What the address of the section is called on the page."""
        return self.heading.key if self.heading else ""

    @property
    def title(self) -> str:
        """What the section is called in lists of sections."""
        return self.heading.label if self.heading else gettext("The beginning of the form")

    def mistakes(self) -> Iterator[Mistake]:
        """Yield everything that is wrong with its answers."""
        for item in self.items:
            yield from item.mistakes()


def answers_of(table: Table, plain: Any) -> list[dict[str, Any]]:
    """Return the answers of a checked table, each made plain by `plain`."""
    return [{key: plain(row.form.cleaned_data[key]) for key in row.form.fields} for row in table.filled_rows]
