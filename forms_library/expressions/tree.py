"""The tree of a rule and the answers -> a value. What depends on something unknown is unknown.

`да или unknown` is true all the same, and `нет и unknown` is false. A wrong type is unknown too: a rule that was
never checked against its form still harms nobody.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from jinja2 import nodes

from forms_library.expressions import values
from forms_library.expressions.syntax import NO, TODAY, YES, Expression, Node
from forms_library.expressions.values import Value, bounded
from forms_library.schema import Question


@dataclass(frozen=True)
class Known:
    """Everything that a rule may look at: the values by name, and the tables they are rows of."""

    values: Mapping[str, Value]
    today: dt.date | None
    tables: Mapping[str, Question] = field(default_factory=dict)

    def rows(self, table: str) -> tuple[Mapping[str, Value], ...]:
        """Return the rows of a table; none when it is hidden or not answered."""
        return self.values.get(table) or () if table in self.tables else ()

    def cells(self, node: Node) -> list[Value]:
        """Return the known cells of a column."""
        found = [row.get(node.attr) for row in self.rows(node.node.name)]
        return [value for value in found if value is not None]


def evaluate(expression: Expression, known: Known) -> Value:
    """Return what the rule says, None when that is not known."""
    value = _value(expression.tree, known)
    return None if isinstance(value, str) and len(value) > values.MAX_TEXT else value


def _value(node: Node, known: Known) -> Value:
    return bounded(_READINGS[type(node)](node, known))


def _const(node: Node, known: Known) -> Value:
    return Decimal(str(node.value)) if isinstance(node.value, float) else node.value


def _name(node: Node, known: Known) -> Value:
    own = {YES: True, NO: False, TODAY: known.today}
    return own[node.name] if node.name in own else known.values.get(node.name)


def _unknown(node: Node, known: Known) -> Value:
    return None


def _list(node: Node, known: Known) -> Value:
    return tuple(_value(item, known) for item in node.items)


def _and(node: Node, known: Known) -> Value:
    sides = [_truth(node.left, known), _truth(node.right, known)]
    if False in sides:
        return False
    return None if None in sides else True


def _or(node: Node, known: Known) -> Value:
    sides = [_truth(node.left, known), _truth(node.right, known)]
    if True in sides:
        return True
    return None if None in sides else False


def _not(node: Node, known: Known) -> Value:
    truth = _truth(node.node, known)
    return None if truth is None else not truth


def _truth(node: Node, known: Known) -> bool | None:
    value = _value(node, known)
    return value if isinstance(value, bool) else None


def _number(node: Node, known: Known) -> int | Decimal | None:
    value = _value(node, known)
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


_ARITHMETIC: dict[type[nodes.Node], Callable[..., Value]] = {
    nodes.Add: operator.add,
    nodes.Sub: operator.sub,
    nodes.Mul: operator.mul,
}


def _arithmetic(node: Node, known: Known) -> Value:
    left, right = _number(node.left, known), _number(node.right, known)
    if left is None or right is None:
        return None
    return _ARITHMETIC[type(node)](left, right)


def _divide(node: Node, known: Known) -> Value:
    left, right = _number(node.left, known), _number(node.right, known)
    return Decimal(left) / Decimal(right) if left is not None and right else None


def _negative(node: Node, known: Known) -> Value:
    number = _number(node.node, known)
    return None if number is None else -number


def _concat(node: Node, known: Known) -> Value:
    parts = [_value(part, known) for part in node.nodes]
    if None in parts:
        return None
    return "".join(values.in_text(part) for part in parts)


def _choice(node: Node, known: Known) -> Value:
    return _one_of(node.test, node.expr1, node.expr2, known)


def _one_of(test: Node, yes: Node, no: Node, known: Known) -> Value:
    truth = _truth(test, known)
    return None if truth is None else _value(yes if truth else no, known)


def _compare(node: Node, known: Known) -> Value:
    results = []
    left = _value(node.expr, known)
    for operand in node.ops:
        right = _value(operand.expr, known)
        results.append(_compare_two(left, operand.op, right))
        left = right
    if False in results:
        return False
    return None if None in results else True


_COMPARE: dict[str, Callable[..., bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def _compare_two(left: Value, sign: str, right: Value) -> bool | None:
    if sign in ("in", "notin"):
        if left is None or not isinstance(right, tuple):
            return None
        return (left in right) == (sign == "in")
    pair = _alike(left, right)
    return _COMPARE[sign](*pair) if pair else None


def _alike(left: Value, right: Value) -> tuple[Value, Value] | None:
    """Return two values that can be compared, None when they cannot be."""
    if isinstance(left, bool) != isinstance(right, bool):
        return None
    if isinstance(left, dt.date) and isinstance(right, dt.date) and type(left) is not type(right):
        return values.as_day(left), values.as_day(right)
    for family in (int | Decimal, dt.date, str):
        if isinstance(left, family) and isinstance(right, family):
            return left, right
    return None


def _call(node: Node, known: Known) -> Value:
    return _FUNCTIONS[node.node.name](node, known)


def _of_days(function: Callable[..., Value]) -> Callable[[Node, Known], Value]:
    def call(node: Node, known: Known) -> Value:
        start, end = (values.as_day(_value(argument, known)) for argument in node.args)
        return None if start is None or end is None else function(start, end)

    return call


def _shifted(function: Callable[..., Value]) -> Callable[[Node, Known], Value]:
    def call(node: Node, known: Known) -> Value:
        day, number = values.as_day(_value(node.args[0], known)), _number(node.args[1], known)
        return function(day, number) if day is not None and isinstance(number, int) else None

    return call


def _minutes(node: Node, known: Known) -> Value:
    start, end = (_value(argument, known) for argument in node.args)
    moments = isinstance(start, dt.datetime) and isinstance(end, dt.datetime)
    return values.minutes(start, end) if moments else None


def _sum(node: Node, known: Known) -> Value:
    cells = known.cells(node.args[0])
    return sum(value for value in cells if isinstance(value, int | Decimal) and not isinstance(value, bool))


def _days(node: Node, known: Known) -> list[dt.date]:
    return [day for value in known.cells(node.args[0]) if (day := values.as_day(value)) is not None]


def _earliest(node: Node, known: Known) -> Value:
    return min(_days(node, known), default=None)


def _latest(node: Node, known: Known) -> Value:
    return max(_days(node, known), default=None)


def _count(node: Node, known: Known) -> Value:
    (argument,) = node.args
    if isinstance(argument, nodes.Getattr):
        return sum(value is not False for value in known.cells(argument))
    if argument.name in known.tables:
        return sum(any(value is not None for value in row.values()) for row in known.rows(argument.name))
    value = _value(argument, known)
    return len(value) if isinstance(value, tuple) else 0


def _filled(node: Node, known: Known) -> Value:
    (argument,) = node.args
    if isinstance(argument, nodes.Getattr) or argument.name in known.tables:
        return bool(_count(node, known))
    return _value(argument, known) not in (None, "")


def _of_checklist(function: Callable[..., Value]) -> Callable[[Node, Known], Value]:
    def call(node: Node, known: Known) -> Value:
        checklist = known.tables.get(node.args[0].name)
        scales = [argument.value for argument in node.args[1:]]
        return checklist and function(checklist, known.rows(checklist.key), *scales)

    return call


def _the_one_that(sign: str) -> Callable[[Node, Known], Value]:
    def call(node: Node, known: Known) -> Value:
        left, right = (_value(argument, known) for argument in node.args)
        first = _compare_two(left, sign, right)
        return None if first is None else (left if first else right)

    return call


def _choose(node: Node, known: Known) -> Value:
    condition, yes, no = node.args
    return _one_of(condition, yes, no, known)


_FUNCTIONS: dict[str, Callable[[Node, Known], Value]] = {
    "sum": _sum,
    "earliest": _earliest,
    "latest": _latest,
    "count": _count,
    "filled": _filled,
    "score": _of_checklist(values.score),
    "level": _of_checklist(values.level),
    "age": _of_days(values.age),
    "days": _of_days(values.days),
    "months": _of_days(values.months),
    "minutes": _minutes,
    "add_days": _shifted(values.add_days),
    "add_months": _shifted(values.add_months),
    "min": _the_one_that("lteq"),
    "max": _the_one_that("gteq"),
    "choose": _choose,
}
_READINGS: dict[type[nodes.Node], Callable[..., Value]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.Getattr: _unknown,
    nodes.List: _list,
    nodes.Compare: _compare,
    nodes.And: _and,
    nodes.Or: _or,
    nodes.Not: _not,
    nodes.Add: _arithmetic,
    nodes.Sub: _arithmetic,
    nodes.Mul: _arithmetic,
    nodes.Div: _divide,
    nodes.Neg: _negative,
    nodes.Concat: _concat,
    nodes.CondExpr: _choice,
    nodes.Call: _call,
}
