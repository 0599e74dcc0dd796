"""An edition's typed questions: what is asked, in what order, and what may be answered.

A schema is plain data. It is frozen into an edition as JSON, and everything that is done with a filled form (showing,
checking, printing) reads the schema of that form's own edition, never the page that has moved on since.
No database, no clock, no request.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
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
    YES_NO = "yes_no"  # b
    CHOICE = "radio"  # c{..}
    CHOICES = "checkboxes"  # mc{..}
    FIO = "fio"  # fio
    AGENCY = "agency"  # org
    PHONE = "phone"  # ph
    EMAIL = "email"
    ADDRESS = "address"  # adr
    ATTACHMENT = "attachment"  # f
    SIGNATURE = "signature"  # sig
    TABLE = "table"  # tab[..]
    FIXED_TABLE = "fixed_table"  # fix[..]
    SECTION = "section"
    NOTE = "note"

    @property
    def is_date(self) -> bool:
        """True for a day without a time: all such answers are kept, shown and printed alike."""
        return self in {Kind.DATE, Kind.BIRTH_DATE}

    @property
    def is_table(self) -> bool:
        return self in {Kind.TABLE, Kind.FIXED_TABLE}

    @property
    def is_answered(self) -> bool:
        """False for what only structures the page."""
        return self not in {Kind.SECTION, Kind.NOTE}


CELL_KINDS = (
    Kind.TEXT,
    Kind.LONG_TEXT,
    Kind.DATE,
    Kind.BIRTH_DATE,
    Kind.INTEGER,
    Kind.YES_NO,
    Kind.CHOICE,
    Kind.FIO,
    Kind.PHONE,
    Kind.ADDRESS,
)
MAX_ROWS = 200
"""No table takes more rows than this, whatever the form says."""


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


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, section heading, explanatory note or table."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    help_text: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[str, ...] = ()  # labels of a fixed table's rows
    min_rows: int = 0
    max_rows: int = MAX_ROWS
    not_before: str = ""  # the key of another date, which this one may not precede


@dataclass(frozen=True, kw_only=True)
class Schema:
    """All the questions of one form, in order."""

    questions: tuple[Question, ...] = field(default=())

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
        """The questions that take an answer: all but headings and notes."""
        return tuple(question for question in self.questions if question.kind.is_answered)

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
        """Return plain data that `from_json` reads back to an equal schema."""
        return json.loads(json.dumps(asdict(self)))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a schema; raise `SchemaError` when the data is not one."""
        try:
            return cls(questions=tuple(_question(item) for item in data["questions"]))
        except (KeyError, TypeError, ValueError) as error:
            raise SchemaError(str(error)) from error

    def problems(self) -> list[str]:
        """Return what makes this schema unusable, as codes with the key they concern: `double_key:children`."""
        found = []
        seen: set[str] = set()
        for question in self.questions:
            if question.key in seen:
                found.append(f"double_key:{question.key}")
            seen.add(question.key)
            if question.kind in {Kind.CHOICE, Kind.CHOICES} and not question.choices:
                found.append(f"no_choices:{question.key}")
            if question.kind.is_table:
                found.extend(_table_problems(question))
            if question.not_before:
                found.extend(self._order_problems(question))
        if not self.answered:
            found.append("no_questions:")
        return found

    def _order_problems(self, question: Question) -> list[str]:
        with_a_day = {other.key for other in self.questions if other.kind.is_date or other.kind == Kind.DATE_TIME}
        if question.key not in with_a_day:
            return [f"not_before_of_no_date:{question.key}"]
        if question.not_before not in with_a_day - {question.key}:
            return [f"not_before_unknown:{question.key}"]
        return []


def _table_problems(question: Question) -> list[str]:
    found = []
    keys = [column.key for column in question.columns]
    if not keys:
        found.append(f"no_columns:{question.key}")
    if len(set(keys)) < len(keys):
        found.append(f"double_column:{question.key}")
    if question.kind == Kind.FIXED_TABLE and not question.rows:
        found.append(f"no_rows:{question.key}")
    if question.min_rows > question.max_rows:
        found.append(f"min_over_max:{question.key}")
    found.extend(
        f"no_choices:{question.key}.{column.key}"
        for column in question.columns
        if column.kind == Kind.CHOICE and not column.choices
    )
    return found


def _question(data: Mapping[str, Any]) -> Question:
    columns = tuple(
        Column(**{**column, "kind": Kind(column["kind"]), "choices": tuple(column["choices"])})
        for column in data["columns"]
    )
    return Question(
        **{
            **data,
            "kind": Kind(data["kind"]),
            "choices": tuple(data["choices"]),
            "rows": tuple(data["rows"]),
            "columns": columns,
        }
    )


def digest(data: Any) -> str:
    """Return the SHA-256 of plain data in its canonical JSON form."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
