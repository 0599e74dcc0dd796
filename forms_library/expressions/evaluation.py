"""A form and what was answered so far -> what is shown, what is computed, which checks fail.

Everything is worked out once, in the order in which the rules need each other; what needs itself in a circle stays
unknown. Broken rules are unknown as well: `schema_problems` keeps them out of editions.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from forms_library.expressions.kinds import Known as KnownKind, in_order, kinds_of_computed
from forms_library.expressions.syntax import Expression, ExpressionError, parse
from forms_library.expressions.tree import Known, evaluate
from forms_library.expressions.values import Value, from_answer, to_answer
from forms_library.schema import Check, Column, Kind, Question, Schema

Row = dict[str, Value]


class Evaluation:
    """What the rules of a form make of its answers, which may be those of a half-filled draft."""

    def __init__(self, schema: Schema, answers: Mapping[str, Any], *, today: dt.date | None) -> None:
        self.schema = schema
        self.answers = answers
        self.today = today

    def is_shown(self, key: str) -> bool:
        """Return whether the question or heading is asked now: its own condition and that of its heading hold."""
        return key in self._settled[0]

    def value(self, key: str) -> Value:
        """Return the answer as a Python value; None while it is hidden or unknown."""
        return self._settled[1].get(key)

    def computed(self, key: str) -> Any:
        """Return a computed answer as it is kept, None while it is unknown."""
        return to_answer(self.value(key), self._kinds.get(key))

    def computed_cell(self, table_key: str, row_index: int, column_key: str) -> Any:
        """Return a computed cell as it is kept, None while it is unknown."""
        rows = self.value(table_key)
        if table_key not in self._tables or not rows or not 0 <= row_index < len(rows):
            return None
        return to_answer(rows[row_index].get(column_key), self._kinds_of_cells[table_key].get(column_key))

    def failed_checks(self) -> list[Check]:
        """Return the checks that are broken for sure: everything they compare is answered, and they do not hold."""
        return [check for check in self.schema.checks if self._fails(check)]

    def _fails(self, check: Check) -> bool:
        rule = _rule(check.condition)
        if rule is None or any(self.value(name) is None for name in rule.compared):
            return False
        return evaluate(rule, self._known) is False

    @cached_property
    def _questions(self) -> dict[str, Question]:
        found: dict[str, Question] = {}
        for question in self.schema:
            found.setdefault(question.key, question)
        return found

    @cached_property
    def _tables(self) -> dict[str, Question]:
        return {key: question for key, question in self._questions.items() if question.kind.is_table}

    @cached_property
    def _kinds(self) -> dict[str, KnownKind]:
        return kinds_of_computed(self.schema)

    @cached_property
    def _kinds_of_cells(self) -> dict[str, dict[str, KnownKind]]:
        return {key: kinds_of_computed(table.cells) for key, table in self._tables.items()}

    @cached_property
    def _known(self) -> Known:
        return Known(self._settled[1], self.today, self._tables)

    @cached_property
    def _settled(self) -> tuple[set[str], dict[str, Value]]:
        shown: set[str] = set()
        found: dict[str, Value] = {}
        known = Known(found, self.today, self._tables)
        heading_of = headings(self.schema)
        for key in in_order(needs(self.schema)):
            question = self._questions[key]
            heading = heading_of.get(key)
            if (heading is None or heading in shown) and _holds(question.shown_when, known):
                shown.add(key)
                found[key] = self._answered(question, known)
        return shown, found

    def _answered(self, question: Question, known: Known) -> Value:
        if question.kind == Kind.COMPUTED:
            return _worked_out(question.expression, known)
        answer = self.answers.get(question.key) if isinstance(self.answers, Mapping) else None
        if question.kind.is_table:
            return self._rows(question, answer)
        return from_answer(question.kind, answer)

    def _rows(self, table: Question, answer: Any) -> tuple[Row, ...]:
        rows = answer if isinstance(answer, list) else []
        order = in_order(needs_of_row(table.cells))
        return tuple(self._row(table.cells, order, row if isinstance(row, Mapping) else {}) for row in rows)

    def _row(self, columns: Iterable[Column], order: Iterable[str], row: Mapping[str, Any]) -> Row:
        typed = [column for column in columns if column.kind != Kind.COMPUTED]
        rules = {column.key: column.expression for column in columns if column.kind == Kind.COMPUTED}
        found = {column.key: from_answer(column.kind, row.get(column.key)) for column in typed}
        known = Known(found, self.today)
        for key in order:
            found[key] = _worked_out(rules[key], known)
        return found


def headings(schema: Schema) -> dict[str, str]:
    """Return the key of the section heading that each question stands under."""
    return {
        question.key: heading.key
        for heading, questions in schema.sections()
        if heading is not None
        for question in questions
    }


def needs(schema: Schema) -> dict[str, set[str]]:
    """Return which questions each question must wait for: those its rules name, and its heading."""
    heading_of = headings(schema)
    found: dict[str, set[str]] = {}
    for question in schema:
        heading = {heading_of[question.key]} if question.key in heading_of else set()
        found.setdefault(question.key, _named(question.shown_when, question.expression) | heading)
    return {key: names & found.keys() for key, names in found.items()}


def needs_of_row(columns: Iterable[Column]) -> dict[str, set[str]]:
    """Return which computed cells of a row each of its computed cells must wait for."""
    rules = {column.key: column.expression for column in columns if column.kind == Kind.COMPUTED}
    return {key: _named(source) & rules.keys() for key, source in rules.items()}


def _named(*sources: str) -> set[str]:
    rules = [_rule(source) for source in sources if source.strip()]
    return {name for rule in rules if rule for name in rule.names}


def _rule(source: str) -> Expression | None:
    try:
        return parse(source)
    except ExpressionError:
        return None


def _holds(condition: str, known: Known) -> bool:
    return not condition.strip() or _worked_out(condition, known) is True


def _worked_out(source: str, known: Known) -> Value:
    rule = _rule(source)
    return evaluate(rule, known) if rule else None
