"""The picture of a procedure in words: the same steps and the same ways, as a list. No database, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forms_library.procedures.definition import DoneBy, Procedure, Step
from forms_library.procedures.diagram import NOWHERE, Standing, level_words
from forms_library.procedures.diagram_graph import Graph, graph
from forms_library.procedures.in_words import quoted, role_title, term_in_words


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """A step: what it is, after what it comes and what comes next. `next_steps` may be empty."""

    number: int
    title: str
    who: str
    term: str
    after: tuple[str, ...]
    next_steps: tuple[str, ...]
    grounds: tuple[str, ...] = ()
    is_optional: bool = False
    state: str = ""
    standing: str = ""


@dataclass(frozen=True, kw_only=True)
class StageWords:
    """A stage and its steps; `first` is the number of the first of them."""

    title: str
    first: int
    steps: tuple[StepWords, ...]


def diagram_words(procedure: Procedure, *, standing: Standing = NOWHERE) -> tuple[StageWords, ...]:
    """Return the stages of a procedure in words, in their order."""
    drawing = graph(procedure)
    places = {place.number: at for at, place in enumerate(drawing.places) if place.step}
    told = []
    number = 0
    for stage in procedure.stages:
        first = number + 1
        steps = []
        for step in stage.steps:
            number += 1
            steps.append(_step(procedure, drawing, places[number], step, standing))
        told.append(StageWords(title=stage.title, first=first, steps=tuple(steps)))
    return tuple(told)


def _step(procedure: Procedure, drawing: Graph, at: int, step: Step, standing: Standing) -> StepWords:
    stands = standing.get(step.code)
    ends_here = step.done_by == DoneBy.CLOSURE
    return StepWords(
        number=drawing.places[at].number,
        title=step.title,
        who=role_title(procedure, step.role),
        term=term_in_words(procedure, step),
        after=tuple(_after(procedure, drawing, at)),
        next_steps=tuple(_next(procedure, drawing, at)),
        grounds=tuple(ground.title for ground in procedure.grounds) if ends_here else (),
        is_optional=step.is_optional,
        state=stands.state.value if stands else "",
        standing=stands.words if stands else "",
    )


def _after(procedure: Procedure, drawing: Graph, at: int) -> Iterator[str]:
    """Yield what a step comes after: where each of the lines to its box begins."""
    for way in drawing.ways:
        if at in way.targets:
            yield _with_labels(_named(procedure, drawing, way.source), way.labels)


def _next(procedure: Procedure, drawing: Graph, at: int) -> Iterator[str]:
    """Yield where each of the lines from a box leads; an outcome after which nothing opens is named, too."""
    shown: set[str] = set()
    for way in drawing.ways:
        if way.source == at:
            shown.update(way.labels)
            for target in way.targets:
                yield _with_labels(_named(procedure, drawing, target), way.labels)
    step = drawing.places[at].step
    leads_anyway = any(way.source == at and not way.labels for way in drawing.ways)
    for outcome in step.outcomes if step and not leads_anyway else ():
        if outcome.title not in shown:
            yield _with_labels(_("no new step"), (outcome.title,))


def _with_labels(words: str, labels: tuple[str, ...]) -> str:
    if not labels:
        return words
    outcomes = _(" or ").join(quoted(label) for label in labels)
    return _("%(step)s (outcome: %(outcomes)s)") % {"step": words, "outcomes": outcomes}


def _named(procedure: Procedure, drawing: Graph, at: int) -> str:
    place = drawing.places[at]
    if place.step is None:
        return level_words(procedure, place.level) if place.level else procedure.start
    return f"{place.number}. {place.step.title}"
