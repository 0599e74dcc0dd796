"""From the blocks that a methodologist fills in to a pure procedure, and back: nothing is lost on either way."""

import re
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from forms_library.deadlines import Rule, Unit
from forms_library.procedure_blocks import PARTS, STREAMS
from forms_library.procedures.definition import Due, Part, Procedure

FIELDS = ("start", "level_role", "suggested_by", *STREAMS)
_LISTS = {"items", "agency_kinds", "council_kinds"}
"""Several texts that are chosen or written one by one; elsewhere several codes stand in one field."""


def procedure_of(values: Mapping[str, Any]) -> Procedure:
    """Return what a methodologist wrote as a procedure; `values` are the fields of a `ProcedurePage` by name."""
    streams: dict[str, Any] = {
        name: tuple(_part(cls, block.value) for block in values.get(name) or ()) for name, (_name, cls) in PARTS.items()
    }
    return Procedure(
        start=_text(values.get("start")),
        level_role=_text(values.get("level_role")),
        suggested_by=_listed(values.get("suggested_by")),
        principles=tuple(_text(block.value) for block in values.get("principles") or ()),
        **streams,
    )


def values_of(procedure: Procedure) -> dict[str, Any]:
    """Return the fields of a `ProcedurePage` that say what `procedure` says."""
    return {
        "start": procedure.start,
        "level_role": procedure.level_role,
        "suggested_by": ", ".join(procedure.suggested_by),
        "principles": [("principle", words) for words in procedure.principles],
        **{name: [(block, _value(each)) for each in getattr(procedure, name)] for name, (block, _cls) in PARTS.items()},
    }


def _part(cls: type[Part], value: Mapping[str, Any]) -> Any:
    hints = get_type_hints(cls)
    return cls(**{each.name: _read(hints[each.name], value.get(each.name)) for each in fields(cls)})  # type: ignore[arg-type]


def _read(hint: Any, value: Any) -> Any:
    inner = _inner(hint)
    if get_origin(hint) is tuple:
        return _listed(value) if inner is str else tuple(_part(inner, each) for each in value or ())
    if inner is Rule:
        return _rule(value)
    if inner is Due:
        rule = _rule(value)
        return rule and _due(rule, value)
    if issubclass(inner, StrEnum):
        # A draft may be saved without a choice; the first one is what is usual.
        return inner(value) if value else next(iter(inner))
    return bool(value) if inner is bool else _text(value)


def _rule(value: Any) -> Rule | None:
    if not value or not value["unit"]:
        return None
    return Rule(
        number=value["number"] or 0, unit=Unit(value["unit"]), roll=bool(value["roll"]), clause=_text(value["clause"])
    )


def _due(rule: Rule, value: Any) -> Due:
    return Due(
        rule=rule,
        since=_text(value["since"]),
        is_internal=bool(value["is_internal"]),
        warn_days=value["warn_days"] or 0,
    )


def _value(part: Part) -> dict[str, Any]:
    """Return a part as the value of its block."""
    hints = get_type_hints(type(part))
    return {each.name: _shown(each.name, hints[each.name], getattr(part, each.name)) for each in fields(part)}  # type: ignore[arg-type]


def _shown(name: str, hint: Any, value: Any) -> Any:
    inner = _inner(hint)
    if inner in {Rule, Due}:
        return _shown_rule(value)
    if get_origin(hint) is not tuple:
        return value.value if isinstance(value, StrEnum) else value
    if inner is not str:
        return [_value(each) for each in value]
    return list(value) if name in _LISTS else ", ".join(value)


def _shown_rule(value: Due | Rule | None) -> dict[str, Any]:
    if value is None:
        return {"number": None, "unit": "", "roll": True, "clause": ""}
    if isinstance(value, Due):
        said = {"since": value.since, "is_internal": value.is_internal, "warn_days": value.warn_days or None}
        return {**_shown_rule(value.rule), **said}
    return {"number": value.number or None, "unit": value.unit.value, "roll": value.roll, "clause": value.clause}


def _inner(hint: Any) -> Any:
    """Return what a field holds: one of it, none, or several."""
    return next(iter(get_args(hint)), hint)


def _text(value: Any) -> str:
    # Browsers send the ends of lines as two characters.
    return (value or "").replace("\r\n", "\n")


def _listed(value: Any) -> tuple[str, ...]:
    """Return the codes that stand in one field, or the texts of several."""
    if isinstance(value, str):
        return tuple(code for code in re.split(r"[\s,;]+", value) if code)
    return tuple(_text(each) for each in value or ())
