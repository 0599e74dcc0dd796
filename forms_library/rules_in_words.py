"""The rules of a form as sentences that a colleague reads: «Показывается, если «Угроза жизни» = да.»

A rule that is broken is shown as it was written. No database, no clock, no request.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, cast

from django.utils.translation import gettext as _, gettext_lazy, ngettext
from jinja2 import nodes

from forms_library.expressions import Expression, ExpressionError, check, check_cell, kind_of, kind_of_cell, parse
from forms_library.expressions.syntax import NO, TODAY, YES, Node
from forms_library.expressions.values import in_text
from forms_library.schema import MAX_FILES, MAX_MEGABYTES, MAX_ROWS, Column, Kind, Question, Schema


@dataclass(frozen=True)
class _Around:
    """What the words of a rule are taken from: the questions of the form, or the columns of one row."""

    items: tuple[Question | Column, ...]
    kind: Callable[[Expression], Kind]

    def named(self, key: str) -> Any:
        return next(item for item in self.items if item.key == key)

    def is_day(self, node: Node) -> bool:
        return self.kind(Expression("", node)) in {Kind.DATE, Kind.DATE_TIME}


def condition_in_words(source: str, schema: Schema) -> str:
    """Return a condition or formula of a form as words."""
    try:
        rule = parse(source)
        check(rule, schema)
    except ExpressionError:
        return source
    return _claim(rule.tree, _Around(schema.questions, lambda part: kind_of(part, schema)))


def cell_in_words(source: str, table: Question) -> str:
    """Return the formula of a computed column as words."""
    try:
        rule = parse(source)
        check_cell(rule, table.cells)
    except ExpressionError:
        return source
    return _words(rule.tree, _Around(table.cells, lambda part: kind_of_cell(part, table.cells)))


def rules_of(question: Question, schema: Schema) -> list[str]:
    """Return everything that is asked of an answer, one sentence per rule."""
    found = []
    if question.shown_when.strip():
        found.append(_("Shown if %(condition)s.") % {"condition": condition_in_words(question.shown_when, schema)})
    if question.required:
        found.append(_("Required."))
    if question.recommended:
        found.append(_("Recommended: a gap does not stop the filing, but its reason will be asked."))
    if question.not_before:
        label = schema[question.not_before].label if question.not_before in schema else question.not_before
        found.append(_("Not before «%(date)s».") % {"date": label})
    found.extend(_rules_of_kind(question, schema))
    return found


def rules_of_checks(schema: Schema) -> list[str]:
    """Return what must hold between several answers, one sentence per check."""
    return [
        _("It must be true that %(condition)s. Otherwise it is said: «%(message)s»")
        % {"condition": condition_in_words(item.condition, schema), "message": item.message}
        for item in schema.checks
    ]


def _rules_of_kind(question: Question, schema: Schema) -> Iterator[str]:
    if question.kind == Kind.COMPUTED:
        yield _("Computed: %(formula)s.") % {"formula": condition_in_words(question.expression, schema)}
    if question.kind == Kind.NUMBER:
        yield _("The register gives the number at the filing: %(pattern)s") % {
            "pattern": question.number_pattern.replace("{n}", "№").replace("{year}", _("year"))
        }
    if question.kind == Kind.BIRTH_DATE:
        yield _("Not in the future.")
    if question.kind == Kind.ATTACHMENT:
        yield from _rules_of_files(question)
    if question.kind == Kind.DOCUMENT and question.forms:
        yield _("Only these forms: %(forms)s.") % {"forms": ", ".join(question.forms)}
    if question.kind.is_table:
        yield from _rules_of_table(question)


def _rules_of_files(question: Question) -> Iterator[str]:
    if question.file_kinds:
        yield _("Only files of these kinds: %(kinds)s.") % {"kinds": ", ".join(question.file_kinds)}
    files = min(question.max_files, MAX_FILES)
    yield ngettext("At most %(count)d file.", "At most %(count)d files.", files) % {"count": files}
    yield _("No file over %(size)d MB.") % {"size": min(question.max_megabytes, MAX_MEGABYTES)}


def _rules_of_table(table: Question) -> Iterator[str]:
    if table.kind == Kind.TABLE:
        yield _number_of_rows(table.min_rows, table.max_rows)
    required = [f"«{column.label}»" for column in table.columns if column.required]
    if required:
        yield _("Required in each row: %(columns)s.") % {"columns": ", ".join(required)}
    for column in table.columns:
        if column.kind == Kind.COMPUTED:
            yield _("«%(column)s» is computed: %(formula)s.") % {
                "column": column.label,
                "formula": cell_in_words(column.expression, table),
            }
    if table.extract_by:
        labels = {column.key: column.label for column in table.cells}
        yield _("Everyone named in «%(column)s» may be sent an extract with their own rows.") % {
            "column": labels.get(table.extract_by, table.extract_by)
        }
    for threshold in sorted(table.thresholds, key=lambda item: (item.scale, item.at_least)):
        yield _suggestion(threshold.at_least, threshold.level, threshold.scale)


def _number_of_rows(fewest: int, most: int) -> str:
    most = min(most, MAX_ROWS)
    if not fewest:
        return ngettext("At most %(count)d row.", "At most %(count)d rows.", most) % {"count": most}
    return ngettext("From %(fewest)d to %(count)d row.", "From %(fewest)d to %(count)d rows.", most) % {
        "fewest": fewest,
        "count": most,
    }


def _suggestion(at_least: int, level: str, scale: str) -> str:
    if scale:
        return _("A sum of %(sum)d or more on the scale «%(scale)s» suggests: %(level)s.") % {
            "sum": at_least,
            "scale": scale,
            "level": level,
        }
    return _("A sum of %(sum)d or more suggests: %(level)s.") % {"sum": at_least, "level": level}


def _words(node: Node, around: _Around) -> str:
    return _WORDS[type(node)](node, around)


def _in_brackets(node: Node, around: _Around, loose: tuple[type[nodes.Node], ...]) -> str:
    words = _words(node, around)
    return f"({words})" if isinstance(node, loose) else words


def _const(node: Node, around: _Around) -> str:
    return f"«{node.value}»" if isinstance(node.value, str) else in_text(node.value).replace(".", ",")


def _name(node: Node, around: _Around) -> str:
    if node.name in (YES, NO):
        return node.name
    return _("today") if node.name == TODAY else f"«{around.named(node.name).label}»"


def _column(node: Node, around: _Around) -> str:
    table = around.named(node.node.name)
    column = next(column for column in table.cells if column.key == node.attr)
    return _("«%(column)s» of the table «%(table)s»") % {"column": column.label, "table": table.label}


def _list(node: Node, around: _Around) -> str:
    return ", ".join(_words(item, around) for item in node.items)


_LOOSE = (nodes.And, nodes.Or, nodes.CondExpr)
_SUMS = (nodes.Add, nodes.Sub, nodes.CondExpr)


def _claim(node: Node, around: _Around) -> str:
    """Return what must hold; a question that is itself the condition is compared with «да»."""
    words = _words(node, around)
    is_question = isinstance(node, nodes.Name) and node.name not in (YES, NO)
    return f"{words} = {YES}" if is_question and around.kind(Expression("", node)) == Kind.YES_NO else words


def _both(node: Node, around: _Around) -> str:
    sides = [_in_claim(side, around, (nodes.Or, nodes.CondExpr)) for side in (node.left, node.right)]
    return _("%(left)s and %(right)s") % {"left": sides[0], "right": sides[1]}


def _either(node: Node, around: _Around) -> str:
    sides = [_in_claim(side, around, (nodes.And, nodes.CondExpr)) for side in (node.left, node.right)]
    return _("%(left)s or %(right)s") % {"left": sides[0], "right": sides[1]}


def _in_claim(node: Node, around: _Around, loose: tuple[type[nodes.Node], ...]) -> str:
    words = _claim(node, around)
    return f"({words})" if isinstance(node, loose) else words


def _not(node: Node, around: _Around) -> str:
    if isinstance(node.node, nodes.Name):
        return f"{_words(node.node, around)} = {NO}"
    inner: Node = node.node
    if isinstance(inner, nodes.Call) and cast(nodes.Name, inner.node).name == "filled":
        return _("%(answer)s is not filled in") % {"answer": _words(inner.args[0], around)}
    return _("it is not true that %(condition)s") % {"condition": _in_brackets(node.node, around, _LOOSE)}


_COMPARED = {
    "eq": "%(left)s = %(right)s",
    "ne": "%(left)s ≠ %(right)s",
    "lt": gettext_lazy("%(left)s is less than %(right)s"),
    "lteq": gettext_lazy("%(left)s is not more than %(right)s"),
    "gt": gettext_lazy("%(left)s is more than %(right)s"),
    "gteq": gettext_lazy("%(left)s is not less than %(right)s"),
}
_COMPARED_DAYS = {
    "lt": gettext_lazy("%(left)s is before %(right)s"),
    "lteq": gettext_lazy("%(left)s is not after %(right)s"),
    "gt": gettext_lazy("%(left)s is after %(right)s"),
    "gteq": gettext_lazy("%(left)s is not before %(right)s"),
}
_AMONG = {
    ("in", True): gettext_lazy("%(left)s is one of: %(right)s"),
    ("notin", True): gettext_lazy("%(left)s is none of: %(right)s"),
    ("in", False): gettext_lazy("%(left)s is chosen in %(right)s"),
    ("notin", False): gettext_lazy("%(left)s is not chosen in %(right)s"),
}


def _compare(node: Node, around: _Around) -> str:
    found = []
    left = node.expr
    for operand in node.ops:
        words = {"left": _in_brackets(left, around, _LOOSE), "right": _in_brackets(operand.expr, around, _LOOSE)}
        found.append(_comparison(left, operand, around) % words)
        left = operand.expr
    return reduce(lambda one, other: _("%(left)s and %(right)s") % {"left": one, "right": other}, found)


def _comparison(left: Node, operand: Node, around: _Around) -> str:
    if operand.op in ("in", "notin"):
        return str(_AMONG[operand.op, isinstance(operand.expr, nodes.List)])
    if operand.op in _COMPARED_DAYS and around.is_day(left):
        return str(_COMPARED_DAYS[operand.op])
    return str(_COMPARED[operand.op])


_SIGNS: dict[type[nodes.Node], str] = {nodes.Add: "+", nodes.Sub: "−", nodes.Mul: "×", nodes.Div: "÷"}


def _arithmetic(node: Node, around: _Around) -> str:
    is_sum = isinstance(node, nodes.Add | nodes.Sub)
    left = _in_brackets(node.left, around, (nodes.CondExpr,) if is_sum else _SUMS)
    right = _in_brackets(node.right, around, _SUMS if is_sum else (*_SUMS, nodes.Mul, nodes.Div))
    return f"{left} {_SIGNS[type(node)]} {right}"


def _negative(node: Node, around: _Around) -> str:
    return f"−{_in_brackets(node.node, around, (*_SUMS, nodes.Mul, nodes.Div))}"


def _concat(node: Node, around: _Around) -> str:
    return " ~ ".join(_in_brackets(part, around, _LOOSE) for part in node.nodes)


def _choice(node: Node, around: _Around) -> str:
    return _one_of(node.test, node.expr1, node.expr2, around)


def _one_of(test: Node, yes: Node, no: Node, around: _Around) -> str:
    return _("%(yes)s if %(condition)s, otherwise %(no)s") % {
        "yes": _in_brackets(yes, around, _LOOSE),
        "condition": _claim(test, around),
        "no": _words(no, around),
    }


_CALLS = {
    "sum": gettext_lazy("the sum of %(first)s"),
    "earliest": gettext_lazy("the earliest day of %(first)s"),
    "latest": gettext_lazy("the latest day of %(first)s"),
    "count": gettext_lazy("the number of entries in %(first)s"),
    "filled": gettext_lazy("%(first)s is filled in"),
    "score": gettext_lazy("the points of %(first)s"),
    "level": gettext_lazy("the level by the points of %(first)s"),
    "age": gettext_lazy("the age (from %(first)s to %(second)s)"),
    "days": gettext_lazy("the days from %(first)s to %(second)s"),
    "months": gettext_lazy("the full months from %(first)s to %(second)s"),
    "minutes": gettext_lazy("the minutes from %(first)s to %(second)s"),
    "add_days": gettext_lazy("%(first)s plus %(second)s days"),
    "add_months": gettext_lazy("%(first)s plus %(second)s months"),
    "min": gettext_lazy("the smaller of: %(first)s, %(second)s"),
    "max": gettext_lazy("the bigger of: %(first)s, %(second)s"),
}
_CALLS_ON_A_SCALE = {
    "score": gettext_lazy("the points of %(first)s on the scale %(second)s"),
    "level": gettext_lazy("the level by the points of %(first)s on the scale %(second)s"),
}


def _call(node: Node, around: _Around) -> str:
    name = node.node.name
    if name == "choose":
        condition, yes, no = node.args
        return f"({_one_of(condition, yes, no, around)})"
    words = [_in_brackets(argument, around, _LOOSE) for argument in node.args]
    if name in _CALLS_ON_A_SCALE and len(words) > 1:
        return str(_CALLS_ON_A_SCALE[name]) % {"first": words[0], "second": words[1]}
    return str(_CALLS[name]) % {"first": words[0], "second": words[-1]}


_WORDS: dict[type[nodes.Node], Callable[..., str]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.Getattr: _column,
    nodes.List: _list,
    nodes.Compare: _compare,
    nodes.And: _both,
    nodes.Or: _either,
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
