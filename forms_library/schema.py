"""An edition's typed questions: what is asked, in what order, under which rules, and what may be answered.

A schema is plain data. It is frozen into an edition as JSON, and everything that is done with a filled form (showing,
checking, printing) reads the schema of that form's own edition, never the page that has moved on since.
No database, no clock, no request. What makes a schema unusable is said by `schema_problems`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """The kinds of questions. The codes of domain.md C are in brackets."""

    TEXT = "singleline"  # t
    LONG_TEXT = "multiline"  # T
    DATE = "date"  # d
    BIRTH_DATE = "birth_date"  # d, never in the future
    DATE_TIME = "datetime"  # dt
    INTEGER = "integer"  # n
    MONEY = "money"  # m
    YES_NO = "yes_no"  # b
    CHOICE = "radio"  # c{..}
    CHOICES = "checkboxes"  # mc{..}
    FIO = "fio"  # fio
    PERSON = "person"  # per: somebody of the case
    AGENCY = "agency"  # org
    PHONE = "phone"  # ph
    EMAIL = "email"
    ADDRESS = "address"  # adr
    SNILS = "snils"
    ATTACHMENT = "attachment"  # f
    DOCUMENT = "document"  # link(..): a form filed earlier in the same case
    SIGNATURE = "signature"  # sig
    NUMBER = "number"  # num: given by the register when the form is filed
    COMPUTED = "computed"  # calc
    TABLE = "table"  # tab[..]
    FIXED_TABLE = "fixed_table"  # fix[..]
    CHECKLIST = "checklist"  # sc
    MATRIX = "matrix"  # fix[..] with a scale of its own in each row
    SECTION = "section"
    NOTE = "note"

    @property
    def is_date(self) -> bool:
        """True for a day without a time: all such answers are kept, shown and printed alike."""
        return self in {Kind.DATE, Kind.BIRTH_DATE}

    @property
    def is_table(self) -> bool:
        """True for everything that is answered row by row."""
        return self == Kind.TABLE or self.has_fixed_rows

    @property
    def has_fixed_rows(self) -> bool:
        return self in {Kind.FIXED_TABLE, Kind.CHECKLIST, Kind.MATRIX}

    @property
    def is_answered(self) -> bool:
        """False for what only structures the page."""
        return self not in {Kind.SECTION, Kind.NOTE}

    @property
    def is_typed(self) -> bool:
        """True when a person answers; false for headings and for what the program itself works out."""
        return self.is_answered and self not in {Kind.COMPUTED, Kind.NUMBER}


CELL_KINDS = (
    Kind.TEXT,
    Kind.LONG_TEXT,
    Kind.DATE,
    Kind.BIRTH_DATE,
    Kind.DATE_TIME,
    Kind.INTEGER,
    Kind.MONEY,
    Kind.YES_NO,
    Kind.CHOICE,
    Kind.FIO,
    Kind.PERSON,
    Kind.AGENCY,
    Kind.PHONE,
    Kind.EMAIL,
    Kind.ADDRESS,
    Kind.SNILS,
    Kind.COMPUTED,
)
MAX_ROWS = 200
"""No table takes more rows than this, whatever the form says."""
MAX_FILES = 20
MAX_MEGABYTES = 20
MARK, ANSWER = "mark", "answer"
"""The keys under which each row of a checklist and of a matrix keeps what was chosen."""
CHECKLIST_MARKS = ("есть", "нет", "нет данных")
"""What an item of a checklist is marked with when its form says nothing else; the first one counts its weight."""


class Sensitivity(StrEnum):
    """How closely an answer is kept (152-ФЗ, ст. 6, 10 and 10.3; Семейный кодекс, ст. 139)."""

    ORDINARY = "ordinary"
    PERSONAL = "personal"
    SPECIAL = "special"  # health, beliefs, intimate life
    CRIMINAL = "criminal"  # criminal record
    ADOPTION = "adoption"  # the secret of adoption

    @property
    def is_told_to_few(self) -> bool:
        """Whether it takes a leave of its own to read the answer (domain.md D, principle 4)."""
        return self in {Sensitivity.SPECIAL, Sensitivity.CRIMINAL, Sensitivity.ADOPTION}


class SchemaError(ValueError):
    """The data is not a schema."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    group: str = ""  # the heading over this and the neighbouring columns of the same group
    expression: str = ""  # of a computed cell: may name other columns of its row
    fact: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a table with fixed rows, item of a checklist or line of a matrix."""

    label: str
    scale: str = ""  # of a checklist: the group whose sum this item belongs to
    weight: int = 0  # of a checklist: what the first mark counts
    choices: tuple[str, ...] = ()  # of a matrix: the scale of this row


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """From which sum on a checklist suggests which level. It only suggests (domain.md D10)."""

    at_least: int
    level: str
    scale: str = ""  # empty: the sum of the whole checklist


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that must be true of several answers together."""

    condition: str
    message: str
    key: str = ""  # the question beside which the message stands


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, section heading, explanatory note or table."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    recommended: bool = False  # a gap does not stop the filing, but it is listed with its reason
    help_text: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()  # of tables with fixed rows
    thresholds: tuple[Threshold, ...] = ()  # of a checklist
    min_rows: int = 0
    max_rows: int = MAX_ROWS
    numbered_columns: bool = False  # a row of numbers under the headings of the printed table
    extract_by: str = ""  # the key of the column that names the addressee: each may be sent their own rows only
    not_before: str = ""  # the key of another date, which this one may not precede
    shown_when: str = ""  # an expression: asked only while it is true
    expression: str = ""  # of a computed answer
    number_pattern: str = "{n}"  # of a registration number: {n} and {year} are filled in
    file_kinds: tuple[str, ...] = ()  # extensions that an attachment may have; empty: those of the house
    max_files: int = MAX_FILES
    max_megabytes: int = MAX_MEGABYTES
    forms: tuple[str, ...] = ()  # codes of the forms that a link may lead to; empty: any
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    fact: str = ""  # «whose.what»: child.birth_date, family.address
    guidance: str = ""  # the address of the paragraph of methodology that explains the question
    block: str = ""  # «code@version» of the reusable block this was copied from

    @property
    def cells(self) -> tuple[Column, ...]:
        """The columns that are answered in each row; those of a matrix still without the row's own choices."""
        if self.kind == Kind.CHECKLIST:
            marks = self.choices or CHECKLIST_MARKS
            return (
                Column(key=MARK, label="Отметка", kind=Kind.CHOICE, required=self.required, choices=marks),
                *self.columns,
            )
        if self.kind == Kind.MATRIX:
            return (
                Column(key=ANSWER, label="Оценка", kind=Kind.CHOICE, required=self.required, choices=self.choices),
                *self.columns,
            )
        return self.columns

    def cells_of(self, index: int) -> tuple[Column, ...]:
        """Return the columns of row `index`, with its own choices when it has some."""
        if self.kind == Kind.MATRIX and index < len(self.rows) and self.rows[index].choices:
            answer, *others = self.cells
            return (replace(answer, choices=self.rows[index].choices), *others)
        return self.cells


@dataclass(frozen=True, kw_only=True)
class Schema:
    """All the questions of one form, in order, and what must hold between them."""

    questions: tuple[Question, ...] = field(default=())
    checks: tuple[Check, ...] = field(default=())

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __getitem__(self, key: str) -> Question:
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(question.key == key for question in self.questions)

    @property
    def answered(self) -> tuple[Question, ...]:
        """The questions that have an answer in the end: all but headings and notes."""
        return tuple(question for question in self.questions if question.kind.is_answered)

    @property
    def typed(self) -> tuple[Question, ...]:
        """The questions that a person answers."""
        return tuple(question for question in self.questions if question.kind.is_typed)

    def sections(self) -> list[tuple[Question | None, list[Question]]]:
        """Return the questions grouped under their section headings; the first group may have none."""
        groups: list[tuple[Question | None, list[Question]]] = [(None, [])]
        for question in self.questions:
            if question.kind == Kind.SECTION:
                groups.append((question, []))
            else:
                groups[-1][1].append(question)
        return [(heading, questions) for heading, questions in groups if heading or questions]

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads back to an equal schema; what has its default value is left out."""
        data: dict[str, Any] = {"questions": [_plain(question) for question in self.questions]}
        if self.checks:
            data["checks"] = [_plain(check) for check in self.checks]
        return json.loads(json.dumps(data))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a schema; raise `SchemaError` when the data is not one."""
        try:
            return cls(
                questions=tuple(_question(item) for item in data["questions"]),
                checks=tuple(Check(**item) for item in data.get("checks", ())),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SchemaError(str(error)) from error


def _plain(item: Any) -> dict[str, Any]:
    """Return a dataclass as data without what has its default value, all the way down."""
    found: dict[str, Any] = {}
    for each in fields(item):
        value = getattr(item, each.name)
        if each.default is not MISSING and value == each.default:
            continue
        parts = isinstance(value, tuple) and value and not isinstance(value[0], str)
        found[each.name] = [_plain(part) for part in value] if parts else value
    return found


def _question(data: Mapping[str, Any]) -> Question:
    parts: dict[str, Any] = {"kind": Kind(data["kind"])}
    for name in ("choices", "file_kinds", "forms"):
        parts[name] = _texts(data.get(name, ()))
    parts["columns"] = tuple(_column(column) for column in data.get("columns", ()))
    # The first editions kept only the labels of fixed rows.
    parts["rows"] = tuple(_row({"label": row} if isinstance(row, str) else row) for row in data.get("rows", ()))
    parts["thresholds"] = tuple(Threshold(**threshold) for threshold in data.get("thresholds", ()))
    parts["sensitivity"] = Sensitivity(data.get("sensitivity", Sensitivity.PERSONAL))
    return Question(**{**data, **parts})


def _column(data: Mapping[str, Any]) -> Column:
    kind = Kind(data.get("kind", Kind.TEXT))
    return Column(**{**data, "kind": kind, "choices": _texts(data.get("choices", ()))})


def _row(data: Mapping[str, Any]) -> Row:
    return Row(**{**data, "choices": _texts(data.get("choices", ()))})


def _texts(values: Any) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise SchemaError(f"a list of texts was expected: {values!r}"[:100])
    return tuple(values)


def digest(data: Any) -> str:
    """Return the SHA-256 of plain data in its canonical JSON form."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
