"""The analysis of a case, domain by domain (S004: six rows, six columns), and the rows of a plan that it leads to. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.answers_on_screen import words
from casework.facts import same_name
from forms_library.questionnaire import Answers
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.things_to_do import OF_ANALYSIS, OF_MEASURES, table_of_analysis, tables_of_measures


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One row of the analysis."""

    title: str
    strengths: str = ""
    weaknesses: str = ""
    aim: str = ""
    text: str = ""
    due: str = ""
    executor: str = ""

    @property
    def says_something(self) -> bool:
        """Whether anything was written about it."""
        return bool(self.strengths or self.weaknesses or self.aim or self.text)

    @property
    def name(self) -> str:
        """By what it is found again among the groups of a plan, whatever the size of letters."""
        return same_name(self.title)


def domains_in(schema: Schema, answers: Mapping[str, Any]) -> list[Domain]:
    """Return the analysis that a filed form holds; nothing when it holds none."""
    table = table_of_analysis(schema)
    if table is None:
        return []
    columns = [column for column in table.columns if column.fact.startswith(OF_ANALYSIS)]
    return [
        Domain(
            title=table.rows[index].label if index < len(table.rows) else str(index + 1),
            **{_part(column): words(column.kind, row.get(column.key)).strip() for column in columns},
        )
        for index, row in enumerate(answers.get(table.key) or ())
    ]


def as_rows_of_a_plan(schema: Schema, domains: Sequence[Domain], agencies: Mapping[str, int]) -> Answers:
    """Return the first rows of a plan: what the analysis wants to be done, a row for each line of its measures.

    What does not fit a column stays in the analysis: an executor that is no agency of the register, a term that is no date.
    """
    known = {same_name(name): {"id": number, "name": name} for name, number in agencies.items()}
    found: Answers = {}
    for table in tables_of_measures(schema):
        rows = [row for domain in domains for row in _rows(table, domain, known)]
        if rows:
            found[table.key] = rows[: table.max_rows]
    return found


def _rows(table: Question, domain: Domain, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = [line for line in domain.text.splitlines() if line.strip()]
    said = []
    for index, line in enumerate(lines):
        parts = {part: _of_line(getattr(domain, part), index, len(lines)) for part in ("aim", "due", "executor")}
        said.append(parts | {"group": domain.title, "text": line.strip()})
    return [
        {
            column.key: value
            for column in table.columns
            if column.fact.startswith(OF_MEASURES) and (value := _cell(column, row.get(_part(column), ""), known))
        }
        for row in said
    ]


def _of_line(text: str, index: int, count: int) -> str:
    """Return the line that belongs to a measure when there is one for each of them; otherwise everything."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[index] if len(lines) == count else "\n".join(lines)


def _cell(column: Column, text: str, known: Mapping[str, Any]) -> Any:
    """Return what a column takes of some words; nothing when they do not fit its kind."""
    if column.kind == Kind.AGENCY:
        return known.get(same_name(text))
    if column.kind == Kind.CHOICE:
        return next((choice for choice in column.choices if same_name(choice) == same_name(text)), None)
    if column.kind.is_date:
        return _day(text)
    return text if column.kind in {Kind.TEXT, Kind.LONG_TEXT} else None


def _day(text: str) -> str | None:
    try:
        return dt.datetime.strptime(text, "%d.%m.%Y").date().isoformat()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def _part(column: Column) -> str:
    return column.fact.partition(".")[2]
