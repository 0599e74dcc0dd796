"""The things to do that a filed form lists: read from its rows, compared with an earlier version, offered to the next. Pure.

Marks are words of `casework.models.AssignmentState`: done, partly, not_done; empty while nobody has marked.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.answers_on_screen import words
from casework.facts import same_name, told
from forms_library.questionnaire import Answers
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.things_to_do import MARKED_ON, OF_MEASURES, OF_PLAN, question_of, tables_of_measures

PROTOCOLS = frozenset({"consilium_protocol", "mrg_protocol"})
"""Forms whose things to do are decisions of a council; those of every other form are measures of a plan."""
DONE, PARTLY, NOT_DONE = "done", "partly", "not_done"
CHILD, CHILD_OPINION = "child.fio", "child.opinion"

Place = tuple[str, int]
"""A table of a form and the number of a row, from 0."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What came of a measure, in words, and on what day somebody said so."""

    state: str = ""
    words: str = ""
    on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One row of a form that is a thing to do; `agency` is the id of an agency of the register."""

    table: str
    row: int
    text: str
    agency: int | None = None
    executor: str = ""
    person: str = ""
    group: str = ""
    aim: str = ""
    resource: str = ""
    expected: str = ""
    due: dt.date | None = None
    mark: Mark = Mark()

    @property
    def place(self) -> Place:
        """Where it stands in its form."""
        return self.table, self.row

    @property
    def name(self) -> str:
        """By what it is found again in another version: its words."""
        return same_name(self.text)

    @property
    def who(self) -> str:
        """Who does it, as the form names them."""
        return ", ".join(part for part in (self.executor, self.person) if part)


def measures_in(schema: Schema, answers: Mapping[str, Any]) -> list[Measure]:
    """Return the things to do of a filed form, in its order; a row without words is none."""
    return [
        measure
        for table in tables_of_measures(schema)
        for index, row in enumerate(answers.get(table.key) or ())
        if (measure := _measure(table, index, row)).text
    ]


def _measure(table: Question, index: int, row: Mapping[str, Any]) -> Measure:
    columns = {_part(column): column for column in table.columns if column.fact.startswith(OF_MEASURES)}
    said = {part: words(column.kind, row.get(column.key)).strip() for part, column in columns.items()}
    named = row.get(columns["executor"].key) if "executor" in columns else None
    state = state_of(said.get("mark", ""))
    return Measure(
        table=table.key,
        row=index,
        agency=named.get("id") if isinstance(named, dict) else None,
        due=_day(row, columns.get("due")),
        mark=Mark(state=state, words=said.get("result", ""), on=_day(row, columns.get("marked_on"))),
        **{part: said.get(part, "") for part in ("text", "executor", "person", "group", "aim", "resource", "expected")},
    )


def _part(column: Column) -> str:
    return column.fact.partition(".")[2]


def _day(row: Mapping[str, Any], column: Column | None) -> dt.date | None:
    value = row.get(column.key) if column and column.kind.is_date else None
    return dt.date.fromisoformat(value) if value else None


def state_of(choice: str) -> str:
    """Return the mark that a choice of a form means: «выполнено», «исполнено частично», «не выполнено»; empty for none."""
    chosen = same_name(choice)
    if not chosen:
        return ""
    if chosen.startswith("не "):
        return NOT_DONE
    return PARTLY if "частично" in chosen else DONE


# Versions


def is_version_of(schema: Schema, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether a later form of the same code goes on with the plan of an earlier one.

    A case may have several plans by one form (the programme of the family, that of each child): they are told apart by what is
    chosen outside of tables («Для кого программа») and by the children they name.
    """
    choices = [question.key for question in schema.typed if question.kind == Kind.CHOICE]
    if any(old.get(key) and new.get(key) and old[key] != new[key] for key in choices):
        return False
    before, after = (_children(schema, answers) for answers in (old, new))
    return bool(before & after) or not (before and after)


def _children(schema: Schema, answers: Mapping[str, Any]) -> set[str]:
    return {each.whom or same_name(each.words) for each in told(schema, answers) if each.key == CHILD}


@dataclass(frozen=True)
class Difference:
    """What a version has changed: measures it has added, dropped, or given another day or another executor."""

    added: list[Measure]
    dropped: list[Measure]
    moved: list[tuple[Measure, Measure]]

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.moved)


def difference(old: Sequence[Measure], new: Sequence[Measure]) -> Difference:
    """Return what the version `new` has changed in the version `old`."""
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    return Difference(
        added=[each for each in new if each.name not in before],
        dropped=[each for each in old if each.name not in after],
        moved=[
            (before[each.name], each)
            for each in new
            if each.name in before and (each.due, each.who) != (before[each.name].due, before[each.name].who)
        ],
    )


# What the next form is offered


def with_marks(schema: Schema, answers: Mapping[str, Any], marks: Mapping[Place, Mark]) -> Answers:
    """Return the answers of a plan with the marks that its measures have got since it was filed."""
    marked = dict(answers)
    for table in tables_of_measures(schema):
        rows = answers.get(table.key) or []
        marked[table.key] = [
            row | _mark_cells(table.columns, marks.get((table.key, index), Mark()), OF_MEASURES)
            for index, row in enumerate(rows)
        ]
    return marked


def _mark_cells(columns: Iterable[Column], mark: Mark, family: str) -> dict[str, Any]:
    """Return the cells of a row that a mark fills in; none without a mark."""
    found: dict[str, Any] = {}
    for column in columns if mark.state else ():
        if column.fact == f"{family}mark" and (choice := _choice(column, mark.state)):
            found[column.key] = choice
        elif column.fact == f"{family}result" and mark.words:
            found[column.key] = mark.words
        elif column.fact == MARKED_ON and mark.on and column.kind.is_date:
            found[column.key] = mark.on.isoformat()
    return found


def _choice(column: Column, state: str) -> str:
    return next((choice for choice in column.choices if state_of(choice) == state), "")


def next_version(old: Schema, answers: Mapping[str, Any], new: Schema) -> Answers:
    """Return the rows of a plan, as far as the columns of the next version of it take them."""
    found: Answers = {}
    for table in tables_of_measures(new):
        twin = old[table.key] if table.key in old else None
        kinds = {column.key: column.kind for column in twin.columns} if twin else {}
        keys = [column.key for column in table.columns if kinds.get(column.key) == column.kind]
        rows = [{key: row[key] for key in keys if key in row} for row in answers.get(table.key) or ()]
        if rows:
            found[table.key] = rows[: table.max_rows]
    return found


def about_the_plan(schema: Schema, document: Mapping[str, Any], plan: Sequence[tuple[Measure, Mark]]) -> Answers:
    """Return what a form is told of the plan in force: the document itself, how many measures it has, and each of them.

    A form that reviews plans by another form is told nothing.

    `document` is the plan as a question of kind «document» keeps it: id, name, form.
    """
    done = sum(mark.state == DONE for _measure, mark in plan)
    found: Answers = {}
    link = question_of(schema, f"{OF_PLAN}document")
    if link and link.forms and document["form"] not in link.forms:
        return {}
    if link and link.kind == Kind.DOCUMENT:
        found[link.key] = [dict(document)]
    for fact, number in (("measures_total", len(plan)), ("measures_done", done)):
        question = question_of(schema, f"{OF_PLAN}{fact}")
        if question and question.kind == Kind.INTEGER:
            found[question.key] = number
    for table in schema:
        text = next((column for column in table.columns if column.fact == f"{OF_PLAN}text"), None)
        if table.kind == Kind.TABLE and text and plan:
            rows = [{text.key: each.text} | _mark_cells(table.columns, mark, OF_PLAN) for each, mark in plan]
            found[table.key] = rows[: table.max_rows]
    return found
