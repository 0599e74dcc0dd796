"""What a pack holds: forms with their templates and demo answers, reusable blocks of questions, and procedures.

Plain data without a database. What is read is checked to the last type, because a pack comes from outside.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import UnionType
from typing import Any, Self, get_args, get_origin, get_type_hints

from forms_library import schema_problems
from forms_library.package_check import UnsafeTemplate
from forms_library.packs.archive import CODE, DEVICES
from forms_library.packs.errors import PackError
from forms_library.procedures import in_words, problems as procedure_problems
from forms_library.procedures.definition import DefinitionError, Procedure
from forms_library.readiness import schema_problem
from forms_library.schema import Schema, SchemaError
from forms_library.template_check import inspect, problem_text

MAX_ANSWERS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class PackForm:
    """One official form as it travels: its facts, its questions, its Word template, its demo answers."""

    code: str
    title: str
    purpose: str
    filled_by: str
    received_by: str
    legal_basis: str
    issuing_agency: str = ""  # the kind of agency: each site has its own
    audience: str = "specialist"
    kept_over_ten_years: bool = False
    restriction_mark: str = ""
    act_number: str = ""
    act_date: str = ""  # ISO
    act_reason: str = ""
    review_on: str = ""  # ISO
    schema: Schema = field(default_factory=Schema)
    template: bytes = b""
    demo_answers: Mapping[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Return what the form is, without its questions; what has its default value is left out."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name in FACTS and getattr(self, each.name) != each.default
        }

    def to_json(self) -> dict[str, Any]:
        """Return the facts and the questions as `from_json` reads them back."""
        return self.facts() | self.schema.to_json()

    @classmethod
    def from_json(cls, data: Any, *, template: bytes, demo_answers: Any = None) -> Self:
        """Read a form; raise `PackError` («bad_form»), with the form's code as the place."""
        place = str(data.get("code", "")) if isinstance(data, dict) else ""
        facts, schema = _read(data, FACTS, place)
        form = cls(**facts, schema=schema, template=template, demo_answers=demo_answers or {})
        _refuse_no_days(form.act_date, form.review_on, place=place)
        if not isinstance(form.demo_answers, dict) or len(canonical(form.demo_answers)) > MAX_ANSWERS:
            raise PackError("bad_form", "demo_answers.json", place)
        try:
            inspect(template)
        except UnsafeTemplate as unsafe:
            raise PackError("bad_form", problem_text(unsafe), place) from unsafe
        return form


@dataclass(frozen=True, kw_only=True)
class PackBlock:
    """One reusable block of questions."""

    code: str
    title: str
    hint: str = ""
    schema: Schema = field(default_factory=Schema)

    def to_json(self) -> dict[str, Any]:
        """Return the block as `from_json` reads it back."""
        facts = {"code": self.code, "title": self.title} | ({"hint": self.hint} if self.hint else {})
        return facts | self.schema.to_json()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read a block; raise `PackError` («bad_form»), with the block's code as the place."""
        place = str(data.get("code", "")) if isinstance(data, dict) else ""
        facts, schema = _read(data, ("code", "title", "hint"), place)
        return cls(**facts, schema=schema)


@dataclass(frozen=True, kw_only=True)
class PackProcedure:
    """One procedure as it travels: its facts and its definition. It names forms by their codes, and brings none."""

    code: str
    title: str
    purpose: str
    legal_basis: str
    intro: str = ""
    issuing_agency: str = ""  # the kind of agency: each site has its own
    act_number: str = ""
    act_date: str = ""  # ISO
    act_reason: str = ""
    review_on: str = ""  # ISO
    procedure: Procedure = field(default_factory=lambda: Procedure(start=""))

    def to_json(self) -> dict[str, Any]:
        """Return the facts and the definition as `from_json` reads them back."""
        facts = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name in PROCEDURE_FACTS and getattr(self, each.name) != each.default
        }
        return facts | {"procedure": self.procedure.to_json()}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read a procedure that a case could follow; raise `PackError` («bad_form»), with its code as the place.

        Whether its forms are in force is not asked: that is so on one site and not on another.
        """
        place = str(data.get("code", "")) if isinstance(data, dict) else ""
        facts = _facts(data, cls, PROCEDURE_FACTS, place, besides={"procedure"})
        try:
            procedure = Procedure.from_json(data.get("procedure"))
        except (RecursionError, DefinitionError) as error:
            raise PackError("bad_form", str(error)[:200], place) from error
        problems = procedure_problems.problems(procedure)
        if problems:
            raise PackError("bad_form", in_words.problem_text(problems[0]), place)
        told = cls(**facts, procedure=procedure)
        _refuse_no_days(told.act_date, told.review_on, place=place)
        return told


@dataclass(frozen=True, kw_only=True)
class PackContent:
    """Everything that the publisher signs."""

    name: str
    title: str
    publisher: str
    forms: tuple[PackForm, ...] = ()
    blocks: tuple[PackBlock, ...] = ()
    procedures: tuple[PackProcedure, ...] = ()

    def agency_kinds(self) -> set[str]:
        """Return the kinds of agencies that issue something of it; the empty one when something names none."""
        return {part.issuing_agency for part in self.issued}

    @property
    def issued(self) -> tuple[PackForm | PackProcedure, ...]:
        """What an agency issues, and a second person approves: forms, then procedures."""
        return (*self.forms, *self.procedures)


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack that was read: its content, and the public key whose signature it bears."""

    content: PackContent
    public_key: str
    sha256: str

    def __getitem__(self, code: str) -> PackForm:
        for form in self.content.forms:
            if form.code == code:
                return form
        raise KeyError(code)

    def procedure(self, code: str) -> PackProcedure:
        """Return the procedure of this code; raise `KeyError` when there is none."""
        for procedure in self.content.procedures:
            if procedure.code == code:
                return procedure
        raise KeyError(code)


FACTS = tuple(each.name for each in fields(PackForm) if each.name not in {"schema", "template", "demo_answers"})
PROCEDURE_FACTS = tuple(each.name for each in fields(PackProcedure) if each.name != "procedure")


def canonical(data: Any) -> bytes:
    """Return plain data as JSON in the one way that a pack writes it."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def parsed(data: bytes, place: str) -> Any:
    """Return the plain data of a JSON file; raise `PackError` («damaged») with the name of the file."""
    try:
        return json.loads(data)
    except (RecursionError, ValueError) as error:
        raise PackError("damaged", place) from error


def _read(data: Any, names: tuple[str, ...], place: str) -> tuple[dict[str, Any], Schema]:
    """Return the facts and the questions of a form or a block."""
    facts = _facts(data, PackForm, names, place, besides={"questions", "checks"})
    return facts, _schema(data, place)


def _facts(data: Any, kind: type, names: tuple[str, ...], place: str, *, besides: set[str]) -> dict[str, Any]:
    """Return the facts of a part of a pack, each of the type that `kind` declares; nothing else but `besides` is there."""
    if not isinstance(data, dict):
        raise PackError("bad_form", type(data).__name__, place)
    strange = set(data) - {*names, *besides}
    if strange:
        raise PackError("bad_form", ", ".join(sorted(strange)), place)
    facts = {name: data[name] for name in names if name in data}
    hints = get_type_hints(kind)
    for name, value in facts.items():
        if not _fits(value, hints.get(name, str)):
            raise PackError("bad_form", name, place)
    missing = _needed(kind, names) - set(facts)
    if missing:
        raise PackError("bad_form", ", ".join(sorted(missing)), place)
    if not re.fullmatch(CODE, facts["code"]) or DEVICES.fullmatch(facts["code"]):
        raise PackError("bad_form", "code", place)
    return facts


def _needed(kind: type, names: tuple[str, ...]) -> set[str]:
    return {each.name for each in fields(kind) if each.name in names and each.default is MISSING}


def _refuse_no_days(*days: str, place: str) -> None:
    for day in days:
        if day and _date(day) is None:
            raise PackError("bad_form", day, place)


def _schema(data: dict[str, Any], place: str) -> Schema:
    try:
        schema = Schema.from_json(data)
    except (RecursionError, SchemaError) as error:
        raise PackError("bad_form", str(error)[:200], place) from error
    for part in (*schema.questions, *schema.checks):
        wrong = _misfit(part)
        if wrong:
            raise PackError("bad_form", wrong, place)
    problems = schema_problems.problems(schema)
    if problems:
        raise PackError("bad_form", schema_problem(problems[0]), place)
    return schema


def _misfit(item: Any) -> str:
    """Return the name of the first value that is not of the type its dataclass declares; empty when all are."""
    hints = get_type_hints(type(item))
    for each in fields(item):
        value = getattr(item, each.name)
        if not _fits(value, hints[each.name]):
            return each.name
        if isinstance(value, tuple):
            for part in value:
                wrong = "" if isinstance(part, str) else _misfit(part)
                if wrong:
                    return wrong
    return ""


def _fits(value: Any, hint: Any) -> bool:
    if isinstance(hint, UnionType):
        return any(_fits(value, option) for option in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(part, get_args(hint)[0]) for part in value)
    # A yes is a number to Python, but not to a form.
    return isinstance(value, hint) and not (isinstance(value, bool) and hint is int)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
