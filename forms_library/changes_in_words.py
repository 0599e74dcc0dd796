"""What one part of a form says otherwise than before, in words: a question, its choices, columns and rows, a check.

No database, no clock, no request. No part that differs is passed over.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from forms_library.changes import Change, both, parts_changes, reordered, said, within, without
from forms_library.models.form_fields import KIND_LABELS, SENSITIVITY_LABELS
from forms_library.rules_in_words import condition_in_words
from forms_library.schema import Check, Column, Question, Row, Schema, Threshold

NAMES = {
    "label": gettext_lazy("Wording"),
    "help_text": gettext_lazy("Hint"),
    "default": gettext_lazy("Offered answer"),
    "min_rows": gettext_lazy("Fewest rows"),
    "max_rows": gettext_lazy("Most rows"),
    "extract_by": gettext_lazy("Addressee column"),
    "not_before": gettext_lazy("Not before the date"),
    "shown_when": gettext_lazy("Asked when"),
    "expression": gettext_lazy("Formula"),
    "number_pattern": gettext_lazy("Pattern of the registration number"),
    "max_files": gettext_lazy("Most files"),
    "max_megabytes": gettext_lazy("Biggest file, MB"),
    "fact": gettext_lazy("Fact key"),
    "guidance": gettext_lazy("Paragraph of methodology"),
    "block": gettext_lazy("Taken from the block"),
    "group": gettext_lazy("Heading above"),
    "scale": gettext_lazy("Scale"),
    "weight": gettext_lazy("Weight"),
    "message": gettext_lazy("What is said"),
    "key": gettext_lazy("Beside the question"),
}
FACTS = {
    "title": gettext_lazy("Title of the form"),
    "purpose": gettext_lazy("Purpose"),
    "filled_by": gettext_lazy("Who fills it in"),
    "received_by": gettext_lazy("Who receives it"),
    "legal_basis": gettext_lazy("Legal basis"),
    "issuing_agency": gettext_lazy("Issuing agency"),
    "restriction_mark": gettext_lazy("Restriction mark"),
}
LISTS = {
    "file_kinds": gettext_lazy("Kinds of files"),
    "forms": gettext_lazy("Which forms"),
}
RULES = ("shown_when", "expression")
"""What is written in the language of rules and read as a sentence."""
LIMITS = {"max_rows", "max_files", "max_megabytes"}
"""Whoever has more than a lowered limit cannot keep it all."""

Part = Question | Column | Row | Check


def question_changes(was: Question, now: Question, old: Schema, new: Schema) -> Iterator[Change]:
    """Yield what a question says otherwise; its rules are read as sentences of their own wordings, `old` and `new`."""
    yield from _parts(was, now, besides=RULES)
    for name in RULES:
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            words = (condition_in_words(before, old), condition_in_words(after, new))
            yield from said(NAMES[name], *(words if words[0] != words[1] else (before, after)))


def _value_changes(name: str) -> Callable[[Any, Any], Iterator[Change]]:
    """Return what tells of a plain value: a text, a number, a list of words."""

    def told(old: Any, new: Any) -> Iterator[Change]:
        lowered = name in LIMITS and new < old
        yield from said(NAMES[name], old, new, breaking=lowered)

    return told


def _kind_changes(old: Any, new: Any) -> Iterator[Change]:
    yield from said(_("Kind"), KIND_LABELS[old], KIND_LABELS[new], breaking=True)


def _sensitivity_changes(old: Any, new: Any) -> Iterator[Change]:
    yield from said(_("How it is kept"), SENSITIVITY_LABELS[old], SENSITIVITY_LABELS[new])


def _required_changes(old: bool, new: bool) -> Iterator[Change]:
    yield Change(words=_("Must be answered now") if new else _("May be left empty now"), breaking=new)


def _recommended_changes(old: bool, new: bool) -> Iterator[Change]:
    yield Change(words=_("A gap has to be explained now") if new else _("A gap need not be explained any more"))


def _numbered_changes(old: bool, new: bool) -> Iterator[Change]:
    yield Change(
        words=_("The columns are numbered on paper now") if new else _("The columns are not numbered any more")
    )


def _choice_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    for choice in without(old, new):
        yield Change(words=_("Choice removed: “%(choice)s”") % {"choice": choice}, breaking=True)
    for choice in without(new, old):
        yield Change(words=_("Choice added: “%(choice)s”") % {"choice": choice})
    if old != new and sorted(old) == sorted(new):
        yield Change(words=_("The choices stand in another order"))


def _list_changes(name: str) -> Callable[[Any, Any], Iterator[Change]]:
    def told(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
        yield from said(LISTS[name], ", ".join(old), ", ".join(new))

    return told


def _column_changes(old: Sequence[Column], new: Sequence[Column]) -> Iterator[Change]:
    before, after = ({column.key: column for column in columns} for columns in (old, new))
    for key in without(before, after):
        yield Change(words=_("Column removed: “%(column)s”") % {"column": before[key].label}, breaking=True)
    for key in without(after, before):
        column = after[key]
        yield Change(words=_("Column added: “%(column)s”") % {"column": column.label}, breaking=column.required)
    for key in both(before, after):
        yield from within(_("Column “%(name)s”") % {"name": after[key].label}, _parts(before[key], after[key]))
    yield from reordered(before, after, _("The columns stand in another order"))


def _row_changes(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Change]:
    before, after = ({row.label: row for row in rows} for rows in (old, new))
    for label in without(before, after):
        yield Change(words=_("Row removed: “%(row)s”") % {"row": label}, breaking=True)
    for label in without(after, before):
        yield Change(words=_("Row added: “%(row)s”") % {"row": label})
    for label in both(before, after):
        yield from within(_("Row “%(name)s”") % {"name": label}, _parts(before[label], after[label]))
    yield from reordered(before, after, _("The rows stand in another order"), breaking=True)


def _threshold_changes(old: Sequence[Threshold], new: Sequence[Threshold]) -> Iterator[Change]:
    before, after = _threshold_words(old), _threshold_words(new)
    for words in without(before, after):
        yield from said(_("Threshold"), words, "")
    for words in without(after, before):
        yield from said(_("Threshold"), "", words)


def _threshold_words(thresholds: Sequence[Threshold]) -> list[str]:
    return [
        _("from %(sum)s on: %(level)s") % {"sum": threshold.at_least, "level": threshold.level}
        if not threshold.scale
        else _("%(scale)s, from %(sum)s on: %(level)s")
        % {"scale": threshold.scale, "sum": threshold.at_least, "level": threshold.level}
        for threshold in thresholds
    ]


def check_changes(old: Schema, new: Schema) -> Iterator[Change]:
    """Yield which checks of several answers are gone, new or said otherwise."""
    before, after = ({check.condition: check for check in schema.checks} for schema in (old, new))
    for condition in without(before, after):
        yield from said(_("Check"), condition_in_words(condition, old), "")
    for condition in without(after, before):
        yield from said(_("Check"), "", condition_in_words(condition, new))
    for condition in both(before, after):
        name = _("Check “%(name)s”") % {"name": condition_in_words(condition, new)}
        yield from within(name, _parts(before[condition], after[condition]))


def fact_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what is said otherwise about the form itself, each as `Edition.frozen()` tells it."""
    for name, words in FACTS.items():
        yield from said(words, old.get(name, ""), new.get(name, ""))
    if old.get("audience") != new.get("audience"):
        yield Change(words=_("Other people see the form online"))
    if old.get("template_sha256") != new.get("template_sha256"):
        yield Change(words=_("The Word template is another one"))


def _parts(old: Part, new: Part, *, besides: Collection[str] = ()) -> Iterator[Change]:
    """Compare two questions, columns, rows or checks part by part."""
    return parts_changes(old, new, lambda name: _CHANGES.get(name, _value_changes(name)), besides=besides)


_CHANGES: Mapping[str, Callable[[Any, Any], Iterator[Change]]] = {
    "kind": _kind_changes,
    "required": _required_changes,
    "recommended": _recommended_changes,
    "numbered_columns": _numbered_changes,
    "sensitivity": _sensitivity_changes,
    "choices": _choice_changes,
    "columns": _column_changes,
    "rows": _row_changes,
    "thresholds": _threshold_changes,
    "file_kinds": _list_changes("file_kinds"),
    "forms": _list_changes("forms"),
}
