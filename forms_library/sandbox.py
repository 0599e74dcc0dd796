"""The closed room in which Word templates run.

A template is written by a person who may put into it anything Jinja understands. Here it can only read the plain answers
it is given, loop over tables, choose and print: there is nothing to call, nothing to import, no way to a Python object.
What is printed is always text: whatever a person typed is shown as typed and never becomes markup.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateError as JinjaError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from forms_library.in_words import date_in_words, date_spelled, money, money_in_words, number_in_words
from forms_library.inflection import CASES, initials_after, initials_before, suggested

NAME_FORMS = "name forms"
"""Under this key, which no question can have, the context keeps the forms of names that are known already."""
MAX_CHARACTERS = 20_000_000
"""One part of a document is never longer than this."""
MAX_SOURCE = 5_000_000
MAX_LOOP_DEPTH = 2
MAX_NESTING = 40
"""Tags and expressions stand inside one another this deep at most: compiling what is deeper can take minutes."""
MAX_SEPARATOR = 20
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
TAB = '</w:t><w:tab/><w:t xml:space="preserve">'

# Characters XML cannot hold, and the marks that turn the direction of writing: with them «отец» can be made to read as
# something else on paper. Single right-to-left marks (U+200E, U+200F, U+061C) do no harm and stay.
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_TAG_ENDS = re.compile(r"[{][{%#]|[}%#][}]")
_MARKUP = re.compile(r"<[^>]*>")

_ALLOWED_NODES = (
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)
_LOOP_FACTS = {"index", "index0", "revindex", "revindex0", "first", "last", "length"}
_FILTERS = {"upper", "lower", "title", "default", "length", "trim", "round", "first", "last"}
_TESTS = {"defined", "undefined", "odd", "even", "none", "eq", "ne", "lt", "le", "gt", "ge", "in"}


@dataclass(frozen=True, kw_only=True)
class TemplateProblem:
    """What is wrong with a template: a code, and the words of the template it concerns."""

    code: str
    detail: str = ""


class TemplateError(ValueError):
    """The template cannot be filled; `problem` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.problem = TemplateProblem(code=code, detail=detail)


class BlankLine(str):
    """A line to write on by hand, as a blank form shows it in place of an answer."""


class _Missing(StrictUndefined):
    """A variable that has no answer: using it in any way is an error that names it."""

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


def printed(text: str) -> str:
    """Return what is left of a typed text on paper: lines and tabs kept, unprintable characters gone."""
    if text.isprintable():  # most answers are: then there is nothing to look for
        return text
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def _finalize(value: Any) -> Any:
    if isinstance(value, Markup | Undefined):  # a constant of the template, already escaped; or a missing answer
        return value
    if isinstance(value, str):
        text = escape(printed(value))
        if "\n" in text or "\t" in text:
            return Markup(str(text).replace("\n", BREAK).replace("\t", TAB))  # noqa: S704 - escaped two lines above
        return text
    if isinstance(value, int):
        return value
    raise TemplateError("not_text", type(value).__name__)


def _rows(value: Any) -> Any:
    """Let loops run over lists only: looping over the letters of a long answer would never end."""
    if isinstance(value, Undefined | list):
        return value
    raise TemplateError("not_a_list", str(value)[:40])


def _joined(items: list[str], separator: str = ", ") -> str:
    return separator[:MAX_SEPARATOR].join(str(item) for item in _rows(items))


def _cell(value: str) -> str:
    return "" if isinstance(value, BlankLine) else value


def _words_of(value: Any) -> str:
    """Return what a filter of words is given as text; a missing answer is an error that names it."""
    if isinstance(value, BlankLine):
        return value
    if isinstance(value, str | int | Undefined):
        return str(value)
    raise TemplateError("not_text", type(value).__name__)


def _changed_by(change: Callable[..., str]) -> Callable[..., str]:
    """Return a filter that changes words; a line to write on by hand stays a line."""

    def changed(value: Any, *settings: str) -> str:
        words = _words_of(value)
        return words if isinstance(words, BlankLine) else change(words, *settings)

    return changed


class _Name(str):
    """A name that filters have changed: what it was, how it is inflected, and which filter left only its initials."""

    nominative: str
    inflected: str
    shorten: Callable[..., str] | None

    @classmethod
    def made(cls, nominative: str, inflected: str, shorten: Callable[..., str] | None) -> "_Name":
        shown = shorten(nominative, inflected=inflected) if shorten else inflected
        name = cls(shown)
        name.nominative, name.inflected, name.shorten = nominative, inflected, shorten
        return name


def _inflected(case: str) -> Callable[..., str]:
    """Return a filter that puts a name, a post or an agency into a case: as a person has checked it, else as suggested."""

    @pass_context
    def inflected(context: Context, value: Any) -> str:
        if isinstance(value, _Name):
            return _Name.made(value.nominative, inflected(context, value.nominative), value.shorten)
        words = _words_of(value)
        if isinstance(words, BlankLine) or not words.strip():
            return words
        kept = " ".join(words.split())
        known = context.get(NAME_FORMS, {}).get(kept, {})
        return _Name.made(kept, known.get(case) or suggested(kept)[case], None)

    return inflected


def _shortened_by(shorten: Callable[..., str]) -> Callable[..., str]:
    """Return a filter that leaves the initials of a name, in whatever case it stands: «Ветровой П. А.»."""

    def shortened(value: Any) -> str:
        words = _words_of(value)
        if isinstance(words, BlankLine):
            return words
        nominative, inflected = (value.nominative, value.inflected) if isinstance(value, _Name) else (words, words)
        return _Name.made(nominative, inflected, shorten)

    return shortened


WORD_FILTERS: Mapping[str, Callable[..., str]] = {case: _inflected(case) for case in CASES} | {
    "initials": _shortened_by(initials_before),
    "initials_after": _shortened_by(initials_after),
    "date_words": _changed_by(date_in_words),
    "date_spelled": _changed_by(date_spelled),
    "words": _changed_by(number_in_words),
    "money": _changed_by(money),
    "money_words": _changed_by(money_in_words),
}
"""Filters that change words and know Russian: they take one text and give one text."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja that knows dictionaries, lists and text, and nothing else."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Missing, finalize=_finalize)
        self.globals = {}
        self.filters = {name: call for name, call in self.filters.items() if name in _FILTERS}
        # Escaping is always on, so «|e», which many templates carry by habit, has nothing left to do.
        self.filters |= {"e": str, "escape": str, "join": _joined, "cell": _cell, "rows of": _rows, **WORD_FILTERS}
        self.tests = {name: call for name, call in self.tests.items() if name in _TESTS}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> NoReturn:
        """Refuse the operators that make a small text huge."""
        raise SecurityError(operator)

    def call(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse every call: a template has nothing to call."""
        raise SecurityError("call")

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look only into dictionaries, and at the counters of a loop."""
        if isinstance(obj, Undefined):
            return obj  # so that the error names what is missing, not a part of it
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP_FACTS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look only into dictionaries by key and into lists by number."""
        if isinstance(obj, list) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.getattr(obj, argument)


def check_tags(xml: str) -> None:
    """Raise `TemplateError` unless every `{{`, `{%` and `{#` of the text is closed before the next one opens.

    This also keeps the preparation of a hostile template from running for hours.
    """
    if len(xml) > MAX_SOURCE:
        raise TemplateError("too_long", str(len(xml)))
    text = _MARKUP.sub("", xml)
    expected = ""
    for tag in _TAG_ENDS.finditer(text):
        mark = tag.group()
        opens = mark.startswith("{")
        if (opens and expected) or (not opens and mark != expected):
            raise TemplateError("unclosed", text[max(tag.start() - 40, 0) : tag.end()].strip())
        expected = {"{{": "}}", "{%": "%}", "{#": "#}"}[mark] if opens else ""
    if expected:
        raise TemplateError("unclosed", text[-40:].strip())


def parse(sandbox: Sandbox, source: str) -> nodes.Template:
    """Return the tree of a template; raise `TemplateError` when it is not Jinja or does more than print answers."""
    try:
        tree = sandbox.parse(source)
        _check(tree.body)
    except TemplateSyntaxError as error:
        raise TemplateError("syntax", error.message or "") from error
    except (RecursionError, ValueError, MemoryError) as error:
        if isinstance(error, TemplateError):
            raise
        raise TemplateError("syntax", type(error).__name__) from error
    return tree


def _check(children: Iterable[nodes.Node], *, loops: int = 0, nesting: int = 0) -> None:
    if nesting > MAX_NESTING:
        raise TemplateError("too_deep", str(MAX_NESTING))
    for node in children:
        if not isinstance(node, _ALLOWED_NODES):
            raise TemplateError("forbidden", type(node).__name__)
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise TemplateError("forbidden", node.attr)
        inner = loops + isinstance(node, nodes.For)
        if inner > MAX_LOOP_DEPTH:
            raise TemplateError("forbidden", "for … for … for")
        _check(node.iter_child_nodes(), loops=inner, nesting=nesting + 1)


def compiled(sandbox: Sandbox, tree: nodes.Template) -> Template:
    """Return a template made ready from its tree; raise `TemplateError` when that cannot be done."""
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "rows of", [], [], None, None, lineno=loop.lineno)
    for data in tree.find_all(nodes.TemplateData):
        # docxtpl's own way to print braces. It does this in the finished text, where it would also change answers.
        for written, meant in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
            data.data = data.data.replace(written, meant)
    try:
        return Template.from_code(sandbox, sandbox.compile(tree), sandbox.globals)  # type: ignore[arg-type]
    except TemplateSyntaxError as error:
        raise TemplateError("syntax", error.message or "") from error


def filled(template: Template, context: Mapping[str, Any]) -> str:
    """Return the text of a template with its answers; raise `TemplateError` naming the variable that has none."""
    try:
        return "".join(_bounded(template.root_render_func(template.new_context(dict(context)))))
    except UndefinedError as error:
        raise TemplateError("missing", error.message or "") from error
    except JinjaError as error:
        raise TemplateError("forbidden", error.message or "") from error
    except (TypeError, AttributeError, OverflowError) as error:
        raise TemplateError("cannot_fill", str(error)) from error


def _bounded(chunks: Iterable[str]) -> Iterator[str]:
    left = MAX_CHARACTERS
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise TemplateError("too_long", str(MAX_CHARACTERS))
        yield chunk
