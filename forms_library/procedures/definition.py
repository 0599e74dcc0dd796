"""A procedure (порядок) as data: who does what, after what, by when, on which forms, and how it ends.

The same data is read by visitors as the algorithm, drawn as a diagram and followed by every case. It is frozen into an
edition as JSON. No database, no clock, no request; what makes a procedure unusable is said by `problems`.

What happens in a case has a name, an *event*:

* `opened`: the first event of the procedure;
* `CODE`: the step of this code is done;
* `CODE.OUTCOME`: it is done with this outcome;
* `level.CODE`: the risk level is now this one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import lru_cache
from types import UnionType
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints

from forms_library.deadlines import Rule

OPENED = "opened"
LEVEL = "level"


class DefinitionError(ValueError):
    """The data is not that of a procedure. Says where."""


class DoneBy(StrEnum):
    """What finishes a step. Nothing is ticked by hand."""

    FORMS = "forms"  # its forms are filed
    DECISION = "decision"  # somebody named decides for one of its outcomes
    APPOINTMENT = "appointment"  # somebody is appointed to a role
    EVENT = "event"  # something happens outside, and its day is written down
    CLOSURE = "closure"  # the work under this procedure ends on a ground


class GuardKind(StrEnum):
    """What a guard looks at."""

    EVENT = "event"  # this has happened
    FORM = "form"  # this form is filed in the case
    ANSWER = "answer"  # the last filed form of this code answers so
    STATEMENT = "statement"  # whoever acts states it
    NOT_BEFORE = "not_before"  # the term from the event has passed
    UNTIL_WITHIN = "until_within"  # the new last day lies within the term from the event
    CHILDREN_ADULT = "children_adult"  # every child of the case is 18


class PlayedBy(StrEnum):
    """Who plays a role until somebody is appointed to it: a team of the agency that keeps the case, or another body."""

    SPECIALIST = "specialist"
    HEAD = "head"
    CURATOR = "curator"
    OTHER_AGENCY = "agency"


class CouncilKind(StrEnum):
    """Kinds of councils to which a decision may belong, by the codes of domain.md A.1."""

    ORG_CONSILIUM = "org_consilium"  # held by the agency that keeps the case
    TERRITORIAL_CONSILIUM = "territorial_consilium"
    MRG = "mrg"


class Part:
    """A piece of a procedure that is written as a sparse JSON object: what has its default value is left out."""

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads back to an equal value."""
        shown = {}
        for each in fields(self):  # type: ignore[arg-type]
            value = getattr(self, each.name)
            if each.default is MISSING or value != each.default:
                shown[each.name] = _plain(value)
        return shown

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Read plain data. Raises `DefinitionError` for an unknown or missing name or a value of the wrong kind."""
        if not isinstance(data, Mapping):
            raise DefinitionError(f"{cls.__name__}: {data!r:.60}")
        hints = _hints(cls)  # type: ignore[arg-type]
        strange = set(data) - set(hints)
        missing = {each.name for each in fields(cls) if each.default is MISSING} - set(data)  # type: ignore[arg-type]
        if strange or missing:
            raise DefinitionError(f"{cls.__name__}: {', '.join(sorted(strange | missing))}")
        return cls(**{name: _read(hints[name], value, name) for name, value in data.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Part | Rule):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value


@lru_cache
def _hints(part: type) -> dict[str, Any]:
    return get_type_hints(part)


def _read(hint: Any, value: Any, place: str) -> Any:
    """Return one value as its field declares it: text, yes or no, a part, nothing, or a tuple of those."""
    try:
        if get_origin(hint) is tuple:
            if not isinstance(value, list | tuple):
                raise DefinitionError(f"{value!r:.60}")
            return tuple(_read(get_args(hint)[0], each, place) for each in value)
        if isinstance(hint, UnionType):
            return None if value is None else _read(get_args(hint)[0], value, place)
        if issubclass(hint, Part | Rule):
            return hint.from_json(value)
        if issubclass(hint, StrEnum):
            return hint(value)
    except (TypeError, ValueError) as error:
        raise DefinitionError(f"{place}: {error}") from error
    if type(value) is not hint:
        raise DefinitionError(f"{place}: {value!r:.60}")
    return value


@dataclass(frozen=True, kw_only=True)
class Named(Part):
    """A part that others refer to by its code, and that people know by its title."""

    code: str
    title: str


N = TypeVar("N", bound=Named)


@dataclass(frozen=True, kw_only=True)
class Role(Named):
    """Somebody who acts in the procedure («куратор случая»), and who plays it until somebody is appointed.

    Another agency is of one of the kinds `agency_kinds`; `named_by` («form.question») is the answer that names it.
    What the role decides belongs to a council of one of the kinds `council_kinds` wherever the case has one: then it is
    decided at its meeting and nowhere else. Where there is none, the role is played as `played_by` says.
    """

    played_by: PlayedBy = PlayedBy.SPECIALIST
    agency_kinds: tuple[str, ...] = ()
    named_by: str = ""
    council_kinds: tuple[str, ...] = ()

    @property
    def naming(self) -> tuple[str, str]:
        """The form and the question whose answer is the agency; two empty strings when no form names it."""
        return _form_and_question(self.named_by)

    def is_outside(self, keeper: str) -> bool:
        """Return whether a body plays it that an agency of the kind `keeper` is not itself."""
        return self.played_by == PlayedBy.OTHER_AGENCY and keeper not in self.agency_kinds


@dataclass(frozen=True, kw_only=True)
class Due(Part):
    """A term: how long, and from which event; from the opening of the step when none is named.

    `is_internal` marks a reminder of our own where the source gives no term. `warn_days` is how many calendar days before
    the last one people are told of it; with 0, on the working day before, as of every term.
    """

    rule: Rule
    since: str = ""
    is_internal: bool = False
    warn_days: int = 0

    @property
    def is_limit(self) -> bool:
        """Whether it is a validity period or a maximum (D6), which only a decision of the procedure makes longer."""
        return not self.rule.roll


@dataclass(frozen=True, kw_only=True)
class Guard(Part):
    """What must hold before something may be done, and the same in words for whoever is stopped by it."""

    kind: GuardKind
    words: str
    event: str = ""
    form: str = ""
    question: str = ""
    value: str = ""
    term: Rule | None = None


@dataclass(frozen=True, kw_only=True)
class FormUse(Part):
    """A form that a step produces.

    `per_child`: one for each child. `dated_by`: the question whose answer is the day that counts, instead of the day of
    filing. `to`: roles whose agencies get the document (the document, not the case).
    """

    code: str
    per_child: bool = False
    is_optional: bool = False
    dated_by: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome(Named):
    """One way in which a step can end. `answer` is the answer of the deciding form that stands for it."""

    answer: str = ""
    level: str = ""
    needs_words: bool = False
    asks_until: bool = False
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step(Named):
    """One step: it opens after any of the events `after`, and is done by somebody in `role`.

    `needs` must hold before it may be done, `required` are forms that must lie in the case by then. `decided_by`
    («form.question») makes the answer of a filed form the outcome. `every` makes the step come again, counted from the
    event that opened it (D7), until one of `ends_with`, which also takes an open step away. `appoints` is the role that
    an appointment fills.
    """

    role: str
    done_by: DoneBy = DoneBy.FORMS
    after: tuple[str, ...] = ()
    hint: str = ""
    needs: tuple[Guard, ...] = ()
    required: tuple[str, ...] = ()
    forms: tuple[FormUse, ...] = ()
    decided_by: str = ""
    outcomes: tuple[Outcome, ...] = ()
    appoints: str = ""
    due: Due | None = None
    every: Rule | None = None
    ends_with: tuple[str, ...] = ()
    waived_by: str = ""
    is_optional: bool = False
    source: str = ""

    @property
    def deciding(self) -> tuple[str, str]:
        """The form and the question whose answer is the outcome; two empty strings when somebody decides."""
        return _form_and_question(self.decided_by)

    def outcome(self, code: str) -> "Outcome | None":
        """Return the outcome of this code; `None` when there is none."""
        return next((each for each in self.outcomes if each.code == code), None)


@dataclass(frozen=True, kw_only=True)
class Stage(Named):
    """Steps that people see as one stage («2. Первичная диагностика»)."""

    hint: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ground(Named):
    """A ground on which the work may end. `leads_to` is the procedure that takes over (domain.md B.7)."""

    answer: str = ""
    guards: tuple[Guard, ...] = ()
    needs_words: bool = False
    leads_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Checklist(Part):
    """What somebody in a role has to keep in mind («13 обязанностей куратора»)."""

    title: str
    role: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Level(Named):
    """A risk level. One that works `at_once` may be set by anybody who works on the case, at any hour.

    While the level is this one, the filed forms `papers` go to the agencies of the roles `to`.
    """

    at_once: bool = False
    papers: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Procedure(Part):
    """A whole procedure. `start` says in words what its first event is; `suggested_by` («form.question») are the
    assessments that suggest a level."""

    start: str
    roles: tuple[Role, ...] = ()
    stages: tuple[Stage, ...] = ()
    grounds: tuple[Ground, ...] = ()
    levels: tuple[Level, ...] = ()
    level_role: str = ""
    suggested_by: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    checklists: tuple[Checklist, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the order of their stages."""
        return tuple(step for stage in self.stages for step in stage.steps)

    def step(self, code: str) -> Step:
        """Return the step of this code; raise `KeyError` when there is none."""
        return _by_code(self.steps, code)

    def role(self, code: str) -> Role:
        """Return the role of this code; raise `KeyError` when there is none."""
        return _by_code(self.roles, code)

    def ground(self, code: str) -> Ground:
        """Return the closure ground of this code; raise `KeyError` when there is none."""
        return _by_code(self.grounds, code)

    def level(self, code: str) -> Level:
        """Return the risk level of this code; raise `KeyError` when there is none."""
        return _by_code(self.levels, code)

    def form_codes(self) -> frozenset[str]:
        """Return the codes of all forms that the procedure names."""
        return frozenset(self._named_forms())

    def events_of(self, step: Step) -> tuple[str, ...]:
        """Return the events that doing `step` can produce."""
        levels = (f"{LEVEL}.{each.level}" for each in step.outcomes if each.level)
        return (step.code, *(f"{step.code}.{each.code}" for each in step.outcomes), *levels)

    def events(self) -> frozenset[str]:
        """Return every event that can happen under this procedure."""
        of_steps = {event for step in self.steps for event in self.events_of(step)}
        return frozenset({OPENED, *of_steps, *(f"{LEVEL}.{level.code}" for level in self.levels)})

    def event_in_words(self, event: str) -> str:
        """Return an event as people name it: the title of its step, outcome or level."""
        if event == OPENED:
            return self.start
        first, _dot, second = event.partition(".")
        try:
            if first == LEVEL:
                return self.level(second).title
            step = self.step(first)
        except KeyError:
            return event
        outcome = step.outcome(second)
        return f"{step.title}: {outcome.title}" if outcome else step.title

    def _named_forms(self) -> Iterator[str]:
        for step in self.steps:
            yield from step.required
            yield from (use.code for use in step.forms)
            yield from (guard.form for guard in guards_of(step) if guard.form)
        yield from (guard.form for ground in self.grounds for guard in ground.guards if guard.form)
        yield from (form for level in self.levels for form in level.papers)
        yield from (place.partition(".")[0] for place in self.suggested_by)
        yield from (role.naming[0] for role in self.roles if role.named_by)


def _form_and_question(place: str) -> tuple[str, str]:
    form, _dot, question = place.partition(".")
    return form, question


def _by_code(parts: tuple[N, ...], code: str) -> N:
    for part in parts:
        if part.code == code:
            return part
    raise KeyError(code)


def guards_of(step: Step) -> Iterator[Guard]:
    """Yield the guards of a step and of its outcomes."""
    yield from step.needs
    for outcome in step.outcomes:
        yield from outcome.guards
