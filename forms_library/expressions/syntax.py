"""A rule as it is written -> its tree. Whatever is not on the short list of what a rule may contain is refused.

Jinja's own parser reads the text, so brackets, quotes and the order of operations are the ones that Word templates have.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from jinja2 import Environment, TemplateSyntaxError, nodes

Node = Any
"""A node of Jinja's tree; what it has is known from its type, which the dispatch tables settle."""
MAX_LENGTH = 500
MAX_DEPTH = 60
YES, NO, TODAY = "да", "нет", "today"
OWN_NAMES = frozenset({YES, NO, TODAY})
"""Names that are no questions. Jinja itself reads `true` and `false`."""


class ExpressionError(ValueError):
    """A rule cannot be used; `code` says why and `detail` names the part of it that is wrong."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Expression:
    """A rule that was read; `names` are the questions it needs, `columns` the columns of tables (table, column)."""

    source: str
    tree: nodes.Expr = field(repr=False, compare=False)
    names: frozenset[str] = field(default=frozenset(), compare=False)
    columns: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    compared: frozenset[str] = field(default=frozenset(), compare=False)
    """The names whose answers matter; the others are only asked whether they are filled and how often."""


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Read a rule; raise `ExpressionError` when it is none."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError("too_long", str(len(source)))
    tree = _tree(_in_the_words_of_jinja(source))
    for node, depth in _walk(tree):
        _refuse_strangers(node, depth)
    found: list[Node] = [node for node, _depth in _walk(tree)]
    calls = [node for node in found if isinstance(node, nodes.Call)]
    for call in calls:
        _refuse_wrong_call(call)
    return Expression(
        source=source,
        tree=tree,
        names=frozenset(_names(tree)),
        columns=frozenset(
            (cast(nodes.Name, node.node).name, node.attr) for node in found if type(node) is nodes.Getattr
        ),
        compared=frozenset(_names(tree, leave_out={"filled", "count"})),
    )


def scale_of(source: str, checklist: str) -> str | None:
    """Return which scale of a checklist a rule counts (empty: all of them); `None` when it is another rule."""
    try:
        call: Node = parse(source).tree
    except ExpressionError:
        return None
    match call:
        case nodes.Call(node=nodes.Name(name="score" | "level"), args=[nodes.Name(name=name), *rest]) if (
            name == checklist
        ):
            return rest[0].value if rest and isinstance(rest[0], nodes.Const) else ""
    return None


_TOKEN = re.compile(
    r"""
      (?P<text> "[^"\\\ud800-\udfff]*" | '[^'\\\ud800-\udfff]*' )
    | «(?P<quoted> [^»\\\ud800-\udfff]* )»
    | (?P<stray> [\\"'«»\ud800-\udfff] )
    | (?P<word> \w+ )
    | (?P<sign> [=!<>]= | [=≤≥≠] )
    """,
    re.VERBOSE,
)
_WORDS = {"и": "and", "или": "or", "не": "not"}
_TAGS = ("{{", "}}", "{%", "%}", "{#", "#}")
_SIGNS = {"=": "==", "≤": "<=", "≥": ">=", "≠": "!="}
_JINJA = Environment(autoescape=True)


def _in_the_words_of_jinja(source: str) -> str:
    for tag in _TAGS:
        if tag in source:
            raise ExpressionError("syntax", tag)
    return _TOKEN.sub(_translated, source)


def _translated(found: re.Match[str]) -> str:
    if found["stray"]:
        raise ExpressionError("syntax", found["stray"] if found["stray"].isprintable() else "")
    if found["quoted"] is not None:
        quote = "'" if '"' in found["quoted"] else '"'
        if quote in found["quoted"]:
            raise ExpressionError("syntax", found["quoted"])
        return f"{quote}{found['quoted']}{quote}"
    if found["word"]:
        return _WORDS.get(found["word"], found["word"])
    return _SIGNS.get(found[0], found[0])


def _tree(text: str) -> Node:
    try:
        body = _JINJA.parse("{{ " + text + " }}").body
    except TemplateSyntaxError as error:
        raise ExpressionError("syntax", text.strip()) from error
    except RecursionError:
        raise ExpressionError("too_deep") from None
    output = cast(nodes.Output, body[0])  # the only one: a rule that holds a tag was refused before
    return output.nodes[0]


def _walk(tree: Node, depth: int = 1) -> Iterator[tuple[Node, int]]:
    yield tree, depth
    for child in tree.iter_child_nodes():
        yield from _walk(child, depth + 1)


def _names(tree: Node, leave_out: frozenset[str] | set[str] = frozenset()) -> Iterator[str]:
    if isinstance(tree, nodes.Name) and tree.name not in OWN_NAMES:
        yield tree.name
    children: list[Node] = list(tree.iter_child_nodes())
    if isinstance(tree, nodes.Call):
        children = [] if cast(nodes.Name, tree.node).name in leave_out else list(tree.args)
    for child in children:
        yield from _names(child, leave_out)


_ALLOWED = (
    nodes.Const,
    nodes.Name,
    nodes.Getattr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.Neg,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Call,
    nodes.List,
)


def _refuse_strangers(node: Node, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError("too_deep")
    if type(node) not in _ALLOWED:
        raise ExpressionError("forbidden", type(node).__name__)
    strange = (
        (isinstance(node, nodes.Const) and type(node.value) not in (bool, int, float, str))
        or (isinstance(node, nodes.Getattr) and not isinstance(node.node, nodes.Name))
        or (isinstance(node, nodes.List) and not all(isinstance(item, nodes.Const) for item in node.items))
        or (isinstance(node, nodes.CondExpr) and node.expr2 is None)
        or (isinstance(node, nodes.Call) and not _is_plain_call(node))
    )
    if strange:
        raise ExpressionError("forbidden", type(node).__name__)


def _is_plain_call(call: Node) -> bool:
    others = (call.kwargs, call.dyn_args, call.dyn_kwargs)
    return isinstance(call.node, nodes.Name) and not any(others)


def _is_name(node: Node) -> bool:
    return isinstance(node, nodes.Name)


def _is_column(node: Node) -> bool:
    return isinstance(node, nodes.Getattr)


def _is_name_or_column(node: Node) -> bool:
    return _is_name(node) or _is_column(node)


def _is_text(node: Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _is_anything(node: Node) -> bool:
    return True


_SHAPES: dict[str, tuple[Callable[[Node], bool], ...]] = {
    "sum": (_is_column,),
    "earliest": (_is_column,),
    "latest": (_is_column,),
    "count": (_is_name_or_column,),
    "filled": (_is_name_or_column,),
    "score": (_is_name, _is_text),
    "level": (_is_name, _is_text),
    "age": (_is_anything,) * 2,
    "days": (_is_anything,) * 2,
    "months": (_is_anything,) * 2,
    "minutes": (_is_anything,) * 2,
    "add_days": (_is_anything,) * 2,
    "add_months": (_is_anything,) * 2,
    "min": (_is_anything,) * 2,
    "max": (_is_anything,) * 2,
    "choose": (_is_anything,) * 3,
}
"""What stands between the brackets of each function, as far as its look goes."""
_MAY_LACK_THE_LAST = {"score", "level"}


def _refuse_wrong_call(call: Node) -> None:
    name = call.node.name
    if name not in _SHAPES:
        raise ExpressionError("unknown_function", name)
    shape = _SHAPES[name]
    fewest = len(shape) - (name in _MAY_LACK_THE_LAST)
    fits = fewest <= len(call.args) <= len(shape) and all(
        fitting(argument) for fitting, argument in zip(shape, call.args, strict=False)
    )
    if not fits:
        raise ExpressionError("wrong_arguments", name)
