"""What one part of a procedure says otherwise than before, in words: a step, a role, an outcome, a ground, a level.

Breaking is what a case under way would feel at once: a step, an outcome, a role or a level that is no more, a form that was
not asked before, another way in which a step is done. No database, no clock, no request.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from forms_library.changes import Change, both, parts_changes, reordered, said, within, without
from forms_library.procedures.definition import Checklist, FormUse, Guard, Outcome, Procedure, Step
from forms_library.procedures.in_words import (
    COUNCIL_NAMES,
    DONE_BY_NAMES,
    PLAYED_BY_NAMES,
    Titles,
    level_title,
    role_title,
    term_in_words,
)

NAMES = {
    "title": gettext_lazy("Title"),
    "purpose": gettext_lazy("Purpose"),
    "intro": gettext_lazy("What it means for the family"),
    "legal_basis": gettext_lazy("Legal basis"),
    "issuing_agency": gettext_lazy("Issuing agency"),
    "start": gettext_lazy("How it begins"),
    "hint": gettext_lazy("Hint"),
    "role": gettext_lazy("Who does it"),
    "done_by": gettext_lazy("How it is done"),
    "appoints": gettext_lazy("To which role somebody is appointed"),
    "waived_by": gettext_lazy("Who may waive it"),
    "decided_by": gettext_lazy("Which answer decides"),
    "source": gettext_lazy("Source"),
    "answer": gettext_lazy("Answer of the form"),
    "level": gettext_lazy("Risk level"),
    "played_by": gettext_lazy("Who plays the role"),
    "named_by": gettext_lazy("Which answer names the agency"),
    "leads_to": gettext_lazy("Procedure that takes over"),
    "dated_by": gettext_lazy("Question that names the day"),
    "level_role": gettext_lazy("Who sets the risk level"),
    "stage": gettext_lazy("Stage"),
    "term": gettext_lazy("Term"),
}
YES_AND_NO = {
    "is_optional": (gettext_lazy("Only when it is needed now"), gettext_lazy("Has to be done now")),
    "needs_words": (gettext_lazy("The reason is written down now"), gettext_lazy("No reason is asked any more")),
    "asks_until": (gettext_lazy("A new last day is named now"), gettext_lazy("No new last day is named any more")),
    "per_child": (gettext_lazy("One for each child now"), gettext_lazy("One for all children now")),
    "at_once": (
        gettext_lazy("Anybody who works on the case may set it at once now"),
        gettext_lazy("May not be set at once by anybody any more"),
    ),
}
"""What is said when a mark has been set, and when it has been taken away."""
FACTS = ("title", "purpose", "intro", "legal_basis", "issuing_agency")
_SHOWN_AS_TERM = ("due", "every")

Teller = Callable[[Any, Any], Iterable[Change]]


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """Two wordings of a procedure and the titles of forms: all that is needed to name what they name."""

    old: Procedure
    new: Procedure
    titles: Titles

    def step_changes(self, was: Step, now: Step) -> Iterator[Change]:
        """Yield what a step says otherwise; how long it may take is said once, whatever part of it differs."""
        yield from self._parts(was, now, besides=("code", *_SHOWN_AS_TERM))
        yield from self._term(was, now)

    def other_changes(self) -> Iterator[Change]:
        """Yield what is said otherwise beside the steps: how it begins, roles, levels, grounds, principles, checklists."""
        yield from said(NAMES["start"], self.old.start, self.new.start)
        yield from self._stages()
        yield from self._listed(_("Role"), "roles", breaking=True)
        yield from self._listed(_("Risk level"), "levels", breaking=True)
        yield from self._role("level_role")(self.old.level_role, self.new.level_role)
        yield from _texts(_("Answer that suggests a level"), self.old.suggested_by, self.new.suggested_by)
        yield from self._listed(_("Closure ground"), "grounds")
        yield from _texts(_("Principle"), self.old.principles, self.new.principles)
        yield from self._named(_("Checklist"), _by_title(self.old.checklists), _by_title(self.new.checklists))

    def _parts(self, was: Any, now: Any, *, besides: Sequence[str] = ("code",)) -> Iterator[Change]:
        return parts_changes(was, now, lambda name: self._tellers.get(name, _value(name)), besides=besides)

    @property
    def _tellers(self) -> Mapping[str, Teller]:
        return {
            **{name: _mark(name) for name in YES_AND_NO},
            **{name: self._role(name) for name in ("role", "waived_by")},
            "appoints": self._role("appoints", breaking=True),
            "done_by": _done_by,
            "is_optional": _optional,
            "per_child": _per_child,
            "played_by": _played_by,
            "level": self._level,
            "after": self._events(_("Opens after"), removing_breaks=True),
            "ends_with": self._events(_("Ends with"), adding_breaks=True),
            "needs": _guards,
            "guards": _guards,
            "required": lambda old, new: _texts(_("Form needed by then"), self._forms(old), self._forms(new)),
            "papers": lambda old, new: _texts(_("Document of the level"), self._forms(old), self._forms(new)),
            "forms": self._form_uses,
            "outcomes": self._outcomes,
            "decided_by": lambda old, new: said(NAMES["decided_by"], old, new, breaking=True),
            "answer": lambda old, new: said(NAMES["answer"], old, new, breaking=bool(old)),
            "to": lambda old, new: _texts(_("Sent to"), self._roles(self.old, old), self._roles(self.new, new)),
            "agency_kinds": lambda old, new: _texts(_("Kind of agency"), old, new),
            "council_kinds": lambda old, new: _texts(_("Decided at the council"), _councils(old), _councils(new)),
            "items": lambda old, new: _texts(_("Item of the list"), old, new),
        }

    def _term(self, was: Step, now: Step) -> Iterator[Change]:
        if (was.due, was.every) == (now.due, now.every):
            return
        words = (term_in_words(self.old, was), term_in_words(self.new, now))
        if _counted_alike(was, now):
            rules = (was.due or now.due, now.due or was.due)
            words = tuple(due.rule.in_words() for due in rules if due)  # type: ignore[assignment]
        told = tuple(said(NAMES["term"], *words))
        yield from told or (Change(words=_("Term: its place in the act, or how its last day moves, is another one")),)

    def _stages(self) -> Iterator[Change]:
        yield from self._listed(_("Stage"), "stages", besides=("code", "steps"))

    def _listed(
        self, name: str, parts: str, *, breaking: bool = False, besides: Sequence[str] = ("code",)
    ) -> Iterator[Change]:
        """Compare two lists of parts that bear codes."""
        before, after = ({part.code: part for part in getattr(each, parts)} for each in (self.old, self.new))
        yield from self._named(name, before, after, breaking=breaking, besides=besides)

    def _named(
        self,
        name: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        breaking: bool = False,
        besides: Sequence[str] = ("code",),
    ) -> Iterator[Change]:
        for code in without(before, after):
            yield from said(name, before[code].title, "", breaking=breaking)
        for code in without(after, before):
            yield from said(name, "", after[code].title)
        for code in both(before, after):
            yield from within(_called(name, after[code].title), self._parts(before[code], after[code], besides=besides))
        yield from reordered(before, after, _("%(name)s: another order") % {"name": name})

    def _role(self, name: str, *, breaking: bool = False) -> Teller:
        def told(old: str, new: str) -> Iterator[Change]:
            words = (role_title(self.old, old), role_title(self.new, new))
            yield from said(NAMES[name], *(words if words[0] != words[1] else (old, new)), breaking=breaking)

        return told

    def _level(self, old: str, new: str) -> Iterator[Change]:
        words = (level_title(self.old, old), level_title(self.new, new))
        yield from said(NAMES["level"], *(words if words[0] != words[1] else (old, new)))

    def _events(self, name: str, *, removing_breaks: bool = False, adding_breaks: bool = False) -> Teller:
        def told(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
            for event in without(old, new):
                yield from said(name, self.old.event_in_words(event), "", breaking=removing_breaks)
            for event in without(new, old):
                yield from said(name, "", self.new.event_in_words(event), breaking=adding_breaks)
            yield from reordered(old, new, _("%(name)s: another order") % {"name": name})

        return told

    def _form_uses(self, old: Sequence[FormUse], new: Sequence[FormUse]) -> Iterator[Change]:
        before, after = ({use.code: use for use in uses} for uses in (old, new))
        for code in without(before, after):
            yield from said(_("Form"), self._form(code), "", breaking=True)
        for code in without(after, before):
            yield from said(_("Form"), "", self._form(code), breaking=not after[code].is_optional)
        for code in both(before, after):
            yield from within(_called(_("Form"), self._form(code)), self._parts(before[code], after[code]))
        yield from reordered(before, after, _("%(name)s: another order") % {"name": _("Form")})

    def _outcomes(self, old: Sequence[Outcome], new: Sequence[Outcome]) -> Iterator[Change]:
        before, after = ({outcome.code: outcome for outcome in outcomes} for outcomes in (old, new))
        yield from self._named(_("Outcome"), before, after, breaking=True)

    def _form(self, code: str) -> str:
        return self.titles.get(code, code)

    def _forms(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._form(code) for code in codes)

    @staticmethod
    def _roles(procedure: Procedure, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(role_title(procedure, code) for code in codes)


def fact_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what is said otherwise about the procedure itself, each as `ProcedureEdition.frozen()` tells it."""
    for name in FACTS:
        yield from said(NAMES[name], old.get(name, ""), new.get(name, ""))


def _called(name: str, title: str) -> str:
    return _("%(name)s “%(title)s”") % {"name": name, "title": title}


def _counted_alike(was: Step, now: Step) -> bool:
    """Return whether two terms differ in their length only, so that the event need not be said again."""
    if was.due is None or now.due is None or was.every or now.every:
        return False
    return replace(was.due, rule=now.due.rule) == now.due


def _by_title(checklists: Iterable[Checklist]) -> dict[str, Checklist]:
    return {checklist.title: checklist for checklist in checklists}


def _texts(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    for text in without(old, new):
        yield from said(name, text, "")
    for text in without(new, old):
        yield from said(name, "", text)
    yield from reordered(old, new, _("%(name)s: another order") % {"name": name})


def _guards(old: Sequence[Guard], new: Sequence[Guard]) -> Iterator[Change]:
    before, after = ({guard.words: guard for guard in guards} for guards in (old, new))
    yield from _texts(_("Condition"), tuple(before), tuple(after))
    for words in both(before, after):
        if before[words] != after[words]:
            yield Change(words=_("Condition “%(words)s”: it is checked otherwise now") % {"words": words})


def _value(name: str) -> Teller:
    return lambda old, new: said(NAMES[name], old, new) if name in NAMES else ()


def _mark(name: str) -> Teller:
    return lambda _old, new: (Change(words=str(YES_AND_NO[name][0 if new else 1])),)


def _optional(_old: bool, new: bool) -> Iterator[Change]:
    yield Change(words=str(YES_AND_NO["is_optional"][0 if new else 1]), breaking=not new)


def _per_child(_old: bool, new: bool) -> Iterator[Change]:
    yield Change(words=str(YES_AND_NO["per_child"][0 if new else 1]), breaking=new)


def _done_by(old: Any, new: Any) -> Iterator[Change]:
    yield from said(NAMES["done_by"], DONE_BY_NAMES[old], DONE_BY_NAMES[new], breaking=True)


def _councils(kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(COUNCIL_NAMES.get(kind, kind)) for kind in kinds)


def _played_by(old: Any, new: Any) -> Iterator[Change]:
    yield from said(NAMES["played_by"], PLAYED_BY_NAMES[old], PLAYED_BY_NAMES[new])
