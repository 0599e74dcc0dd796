"""What a Word template asks for, and what the form has to offer: the two compared by walking the template's own tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from forms_library.printed_answers import options
from forms_library.rendering import ABOUT
from forms_library.sandbox import WORD_FILTERS, TemplateProblem
from forms_library.schema import Kind, Question, Schema
from forms_library.typed import GAPS


@dataclass(frozen=True)
class Offer:
    """Something that a template may use: a text, a list of `item`s, or a set of `fields`."""

    path: str
    item: "Offer | None" = None
    fields: Mapping[str, "Offer"] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        return self.item is None and not self.fields


LOOP = Offer(
    "loop", fields={name: Offer("loop") for name in ("index", "index0", "revindex", "first", "last", "length")}
)


def offered(schema: Schema) -> dict[str, Offer]:
    """Return everything that a form offers to its template, by name."""
    gap = Offer(GAPS, fields={"label": Offer(GAPS), "reason": Offer(GAPS)})
    offers = {
        "about": Offer("about", fields={name: Offer("about") for name in ABOUT}),
        GAPS: Offer(GAPS, item=gap),
    }
    for question in schema:
        offers[question.key] = _offer(question)
        if options(question):
            mark = Offer(question.key, fields={"label": Offer(question.key), "mark": Offer(question.key)})
            offers[f"{question.key}__marks"] = Offer(question.key, item=mark)
        if question.kind == Kind.CHECKLIST:
            offers |= _groups(question, offers[question.key])
    return offers


def _groups(question: Question, rows: Offer) -> dict[str, Offer]:
    texts = {name: Offer(question.key) for name in ("scale", "score", "level")}
    groups = Offer(question.key, item=Offer(question.key, fields={**texts, "rows": rows}))
    return {f"{question.key}__groups": groups, f"{question.key}__scales": groups}


def _offer(question: Question) -> Offer:
    key = question.key
    match question.kind:
        case Kind.SIGNATURE:
            return Offer(key, fields={"post": Offer(key), "name": Offer(key)})
        case Kind.ATTACHMENT | Kind.DOCUMENT:
            return Offer(key, item=Offer(key))
    if question.kind.is_table:
        columns = {column.key: Offer(f"{key}.{column.key}") for column in question.columns}
        return Offer(key, item=Offer(key, fields={**_own(question), **columns}))
    return Offer(key)


def _own(question: Question) -> dict[str, Offer]:
    """Return what each row of a table has besides its columns."""
    key = question.key
    own = {"n": Offer(key)}
    if question.kind.has_fixed_rows:
        own["label"] = Offer(key)
    if question.kind in {Kind.CHECKLIST, Kind.MATRIX}:
        own[question.cells[0].key] = Offer(key)
        own["marks"] = Offer(key, item=Offer(key, fields={"label": Offer(key), "mark": Offer(key)}))
    if question.kind == Kind.CHECKLIST:
        own |= {"scale": Offer(key), "weight": Offer(key)}
    return own


class Variables:
    """Collects what templates use: names that are `missing`, paths that are `used`, and `errors` of use."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.offers = offered(schema)
        self.missing: dict[str, None] = {}
        self.used: set[str] = set()
        self.errors: dict[TemplateProblem, None] = {}

    def read(self, tree: nodes.Template) -> None:
        """Look at one part of the document."""
        for node in tree.body:
            self._read(node, self.offers)

    def unused(self) -> list[str]:
        """Return the questions, and the columns of tables, that no part of the template prints."""
        found = []
        for question in self.schema.answered:
            if question.key not in self.used:
                found.append(question.key)
            else:
                paths = (f"{question.key}.{column.key}" for column in question.columns)
                found.extend(path for path in paths if path not in self.used)
        return found

    def _read(self, node: nodes.Node, scope: Mapping[str, Offer]) -> Offer | None:
        """Return what an expression stands for; `None` when that is not known or has been reported already."""
        match node:
            case nodes.Name():
                return self._found(scope, node.name, node.name)
            case nodes.Getattr():
                return self._inside(self._read(node.node, scope), node.attr)
            case nodes.Getitem(arg=nodes.Const(value=str() as name)):
                return self._inside(self._read(node.node, scope), name)
            case nodes.Getitem(arg=nodes.Const()):
                whole = self._read(node.node, scope)
                return whole.item if whole else None
            case nodes.For():
                self._read_loop(node, scope)
            case nodes.Output():
                self._read_output(node, scope)
            case nodes.Filter(name="default" | "first" | "last"):
                return self._read_filter(node, scope)
            case nodes.Filter(name=name) if name in WORD_FILTERS:
                self._read_words(node, scope)
            case _:
                for child in node.iter_child_nodes():
                    self._read(child, scope)
        return None

    def _read_filter(self, node: nodes.Filter, scope: Mapping[str, Offer]) -> Offer | None:
        for argument in node.args:
            self._read(argument, scope)
        whole = self._read(node.node, scope) if node.node else None
        return whole if node.name == "default" or whole is None else whole.item

    def _read_words(self, node: nodes.Filter, scope: Mapping[str, Offer]) -> None:
        """Report a filter of words that is given a list or something with parts."""
        shown = self._read(node.node, scope) if node.node else None
        if shown and not shown.is_text:
            self.errors[TemplateProblem(code="not_text", detail=shown.path)] = None

    def _read_output(self, node: nodes.Output, scope: Mapping[str, Offer]) -> None:
        for child in node.nodes:
            shown = self._read(child, scope)
            if shown and not shown.is_text:
                self.errors[TemplateProblem(code="not_text", detail=shown.path)] = None

    def _read_loop(self, node: nodes.For, scope: Mapping[str, Offer]) -> None:
        whole = self._read(node.iter, scope)
        if whole and whole.item is None:
            self.errors[TemplateProblem(code="not_a_list", detail=whole.path)] = None
        item = (whole and whole.item) or Offer("")
        assert isinstance(node.target, nodes.Name)  # noqa: S101 - the sandbox has refused everything else
        inner = {**scope, node.target.name: item, "loop": LOOP}
        for child in (*node.body, *([node.test] if node.test else [])):
            self._read(child, inner)
        for child in node.else_:
            self._read(child, scope)

    def _inside(self, whole: Offer | None, name: str) -> Offer | None:
        return self._found(whole.fields, name, f"{whole.path}.{name}") if whole and whole.path else None

    def _found(self, offers: Mapping[str, Offer], name: str, path: str) -> Offer | None:
        if name not in offers:
            self.missing[path] = None
            return None
        self.used.add(offers[name].path)
        return offers[name]
