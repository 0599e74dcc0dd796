"""Whether a rule fits the questions it speaks of, and what kind of answer comes out of it.

Numbers are whole (`INTEGER`) until money or a division comes in: then they have two decimals (`MONEY`). A date-time may
stand wherever a date may, and counts as its day.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from jinja2 import nodes

from forms_library.expressions.syntax import NO, TODAY, YES, Expression, ExpressionError, Node, parse
from forms_library.schema import Column, Kind, Question, Schema

NUMBERS = frozenset({Kind.INTEGER, Kind.MONEY})
DAYS = frozenset({Kind.DATE, Kind.DATE_TIME})
LISTS = frozenset({Kind.CHOICES, Kind.ATTACHMENT, Kind.DOCUMENT})
CONDITION = frozenset({Kind.YES_NO})
_OWN_KIND = NUMBERS | DAYS | LISTS | CONDITION
_ORDERED = NUMBERS | DAYS | {Kind.TEXT}

Known = Kind | None
"""A kind; None stands for that of another rule that is itself broken and has been complained of there."""


@dataclass(frozen=True)
class _Things:
    """What a rule may name: the questions of a form, or the columns of one row."""

    known: Mapping[str, Question | Column]
    computed: Mapping[str, Known]

    def get(self, name: str) -> Question | Column:
        if name not in self.known:
            raise ExpressionError("unknown_name", name)
        return self.known[name]

    def table(self, name: str) -> Question:
        found = self.get(name)
        if not isinstance(found, Question) or not found.kind.is_table:
            raise ExpressionError("wrong_arguments", name)
        return found

    def column(self, node: Node) -> tuple[Column, Known]:
        table = self.table(node.node.name)
        for column in table.cells:
            if column.key == node.attr:
                return column, _things_of_row(table.cells).kind(column.key)
        raise ExpressionError("unknown_name", f"{table.key}.{node.attr}")

    def kind(self, name: str) -> Known:
        thing = self.get(name)
        if not thing.kind.is_answered:
            raise ExpressionError("unknown_name", name)
        if thing.kind == Kind.COMPUTED:
            return self.computed.get(name)
        return _as_compared(thing.kind)


def check(expression: Expression, schema: Schema) -> None:
    """Raise `ExpressionError` when the rule does not fit the questions of its form."""
    _kind(expression.tree, _things_of_form(schema))


def check_cell(expression: Expression, columns: Iterable[Column]) -> None:
    """Raise `ExpressionError` when the rule of a cell does not fit the other cells of its row."""
    _kind(expression.tree, _things_of_row(columns))


def kind_of(expression: Expression, schema: Schema) -> Kind:
    """Return what kind of answer comes out; raise `ExpressionError` when the rule does not fit the form."""
    return _kind_of_answer(expression, _things_of_form(schema))


def kind_of_cell(expression: Expression, columns: Iterable[Column]) -> Kind:
    """Return what kind of answer comes out in a row; raise `ExpressionError` when the rule does not fit."""
    return _kind_of_answer(expression, _things_of_row(columns))


def kinds_of_computed(items: Iterable[Question | Column]) -> dict[str, Known]:
    """Return what comes out of each computed answer; those that are broken or go in circles come out as None."""
    known = _by_key(items)
    found: dict[str, Known] = {}
    things = _Things(known, found)
    rules = {key: _rule(item) for key, item in known.items() if item.kind == Kind.COMPUTED}
    for key in in_order({key: rule.names & rules.keys() if rule else set() for key, rule in rules.items()}):
        rule = rules[key]
        found[key] = _kind_or_none(rule, things) if rule else None
    return found


def in_order(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the names so that each stands after those it needs; names that need themselves in a circle are left out."""
    sorter = TopologicalSorter(needs)
    with suppress(CycleError):  # whatever stands outside of the circle is still put in order
        sorter.prepare()
    ordered: list[str] = []
    while ready := sorter.get_ready():
        ordered.extend(ready)
        sorter.done(*ready)
    return ordered


def _rule(item: Question | Column) -> Expression | None:
    try:
        return parse(item.expression)
    except ExpressionError:
        return None


def _kind_or_none(rule: Expression, things: _Things) -> Known:
    try:
        return _must(rule.tree, _ORDERED | CONDITION, things, rule.source)
    except ExpressionError:
        return None


def _by_key(items: Iterable[Question | Column]) -> dict[str, Question | Column]:
    known: dict[str, Question | Column] = {}
    for item in items:
        known.setdefault(item.key, item)
    return known


def _things_of_form(schema: Schema) -> _Things:
    return _Things(_by_key(schema), kinds_of_computed(schema))


def _things_of_row(columns: Iterable[Column]) -> _Things:
    known = _by_key(columns)
    return _Things(known, kinds_of_computed(known.values()))


def _kind_of_answer(expression: Expression, things: _Things) -> Kind:
    return _must(expression.tree, _ORDERED | CONDITION, things, expression.source) or Kind.TEXT


def _as_compared(kind: Kind) -> Kind:
    if kind.is_date:
        return Kind.DATE
    if kind in _OWN_KIND or kind.is_table:
        return kind
    return Kind.TEXT


def _kind(node: Node, things: _Things) -> Known:
    return _KINDS[type(node)](node, things)


def _must(node: Node, allowed: frozenset[Kind], things: _Things, blamed: str) -> Known:
    kind = _kind(node, things)
    if kind is not None and kind not in allowed:
        raise ExpressionError("wrong_arguments", blamed)
    return kind


def _const(node: Node, things: _Things) -> Known:
    kinds = {bool: Kind.YES_NO, int: Kind.INTEGER, float: Kind.MONEY, str: Kind.TEXT}
    return kinds[type(node.value)]


def _name(node: Node, things: _Things) -> Known:
    if node.name in (YES, NO):
        return Kind.YES_NO
    return Kind.DATE if node.name == TODAY else things.kind(node.name)


def _column_alone(node: Node, things: _Things) -> Known:
    things.column(node)
    raise ExpressionError("wrong_arguments", f"{node.node.name}.{node.attr}")


def _list(node: Node, things: _Things) -> Known:
    return Kind.CHOICES


def _condition(node: Node, things: _Things) -> Known:
    word = "и" if isinstance(node, nodes.And) else "или"
    for side in (node.left, node.right):
        _must(side, CONDITION, things, word)
    return Kind.YES_NO


def _not(node: Node, things: _Things) -> Known:
    _must(node.node, CONDITION, things, "не")
    return Kind.YES_NO


def _arithmetic(node: Node, things: _Things) -> Known:
    kinds = {_must(side, NUMBERS, things, node.operator) for side in (node.left, node.right)}
    return Kind.MONEY if Kind.MONEY in kinds or isinstance(node, nodes.Div) else Kind.INTEGER


def _negative(node: Node, things: _Things) -> Known:
    return _must(node.node, NUMBERS, things, "-")


def _concat(node: Node, things: _Things) -> Known:
    for part in node.nodes:
        kind = _kind(part, things)
        if kind is not None and kind.is_table:
            raise ExpressionError("wrong_arguments", "~")
    return Kind.TEXT


def _choice(node: Node, things: _Things) -> Known:
    return _one_of(node.test, node.expr1, node.expr2, things, "if")


def _one_of(test: Node, yes: Node, no: Node, things: _Things, blamed: str) -> Known:
    _must(test, CONDITION, things, blamed)
    return _common([_kind(yes, things), _kind(no, things)], blamed)


def _common(kinds: list[Known], blamed: str) -> Known:
    """Return the kind of whichever of them it will be."""
    left, right = kinds
    if None in kinds or left == right:
        return left if right is None else right
    for family, widest in ((NUMBERS, Kind.MONEY), (DAYS, Kind.DATE)):
        if {left, right} <= family:
            return widest
    raise ExpressionError("wrong_arguments", blamed)


_SIGNS = {"eq": "=", "ne": "≠", "lt": "<", "lteq": "≤", "gt": ">", "gteq": "≥", "in": "in", "notin": "in"}


def _compare(node: Node, things: _Things) -> Known:
    left = node.expr
    for operand in node.ops:
        _compare_two(left, operand.op, operand.expr, things)
        left = operand.expr
    return Kind.YES_NO


def _compare_two(left: Node, sign: str, right: Node, things: _Things) -> None:
    if sign in ("in", "notin"):
        _must(right, frozenset({Kind.CHOICES}), things, _SIGNS[sign])
        _must(left, _OWN_KIND - LISTS | {Kind.TEXT}, things, _SIGNS[sign])
    else:
        kind = _common([_kind(left, things), _kind(right, things)], _SIGNS[sign])
        comparable = _ORDERED if sign not in ("eq", "ne") else _ORDERED | CONDITION
        if kind is not None and kind not in comparable:
            raise ExpressionError("wrong_arguments", _SIGNS[sign])
    for one, other in ((left, right), (right, left)):
        _refuse_strange_choices(one, other, things)


def _refuse_strange_choices(node: Node, other: Node, things: _Things) -> None:
    """Raise when a question is compared with a text that it does not offer: somebody has renamed the choice."""
    thing = things.known.get(node.name) if isinstance(node, nodes.Name) else None
    if thing is None or thing.kind not in (Kind.CHOICE, Kind.CHOICES):
        return
    texts = other.items if isinstance(other, nodes.List) else [other]
    for text in texts:
        if isinstance(text, nodes.Const) and text.value not in thing.choices:
            raise ExpressionError("unknown_choice", str(text.value))


@dataclass(frozen=True)
class _Function:
    """What kinds a function takes and gives."""

    takes: tuple[frozenset[Kind], ...]
    gives: Kind


_MOMENT = frozenset({Kind.DATE_TIME})
_WHOLE = frozenset({Kind.INTEGER})
_PLAIN_FUNCTIONS = {
    "age": _Function((DAYS, DAYS), Kind.INTEGER),
    "days": _Function((DAYS, DAYS), Kind.INTEGER),
    "months": _Function((DAYS, DAYS), Kind.INTEGER),
    "minutes": _Function((_MOMENT, _MOMENT), Kind.INTEGER),
    "add_days": _Function((DAYS, _WHOLE), Kind.DATE),
    "add_months": _Function((DAYS, _WHOLE), Kind.DATE),
}


def _call(node: Node, things: _Things) -> Known:
    name = node.node.name
    function = _PLAIN_FUNCTIONS.get(name)
    if function is None:
        return _SPECIAL_FUNCTIONS[name](node, things)
    for allowed, argument in zip(function.takes, node.args, strict=True):
        _must(argument, allowed, things, name)
    return function.gives


def _sum(node: Node, things: _Things) -> Known:
    _column, kind = things.column(node.args[0])
    if kind is not None and kind not in NUMBERS:
        raise ExpressionError("wrong_arguments", "sum")
    return kind


def _first_or_last_day(node: Node, things: _Things) -> Known:
    _column, kind = things.column(node.args[0])
    if kind is not None and kind not in DAYS:
        raise ExpressionError("wrong_arguments", node.node.name)
    return Kind.DATE


def _count(node: Node, things: _Things) -> Known:
    (argument,) = node.args
    if isinstance(argument, nodes.Getattr):
        things.column(argument)
        return Kind.INTEGER
    kind = _kind(argument, things)
    if kind is not None and kind not in LISTS and not kind.is_table:
        raise ExpressionError("wrong_arguments", "count")
    return Kind.INTEGER


def _filled(node: Node, things: _Things) -> Known:
    (argument,) = node.args
    if isinstance(argument, nodes.Getattr):
        things.column(argument)
    else:
        _kind(argument, things)
    return Kind.YES_NO


def _of_checklist(node: Node, things: _Things) -> Known:
    name = node.node.name
    checklist = things.table(node.args[0].name)
    if checklist.kind != Kind.CHECKLIST:
        raise ExpressionError("wrong_arguments", name)
    scales = [argument.value for argument in node.args[1:]]
    if any(scale not in {row.scale for row in checklist.rows} for scale in scales):
        raise ExpressionError("wrong_arguments", f"{name}: {scales[0]}")
    return Kind.INTEGER if name == "score" else Kind.TEXT


def _smaller_or_bigger(node: Node, things: _Things) -> Known:
    name = node.node.name
    return _common([_must(argument, _ORDERED, things, name) for argument in node.args], name)


def _choose(node: Node, things: _Things) -> Known:
    condition, yes, no = node.args
    return _one_of(condition, yes, no, things, "choose")


_SPECIAL_FUNCTIONS: dict[str, Callable[[Node, _Things], Known]] = {
    "sum": _sum,
    "earliest": _first_or_last_day,
    "latest": _first_or_last_day,
    "count": _count,
    "filled": _filled,
    "score": _of_checklist,
    "level": _of_checklist,
    "min": _smaller_or_bigger,
    "max": _smaller_or_bigger,
    "choose": _choose,
}
_KINDS: dict[type[nodes.Node], Callable[..., Known]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.Getattr: _column_alone,
    nodes.List: _list,
    nodes.Compare: _compare,
    nodes.And: _condition,
    nodes.Or: _condition,
    nodes.Not: _not,
    nodes.Add: _arithmetic,
    nodes.Sub: _arithmetic,
    nodes.Mul: _arithmetic,
    nodes.Div: _arithmetic,
    nodes.Neg: _negative,
    nodes.Concat: _concat,
    nodes.CondExpr: _choice,
    nodes.Call: _call,
}
