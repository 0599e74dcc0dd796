"""A procedure as a picture: stages as bands, steps as boxes, what leads where as lines; and where a case stands in it.

Everything here is plain numbers and lines of text; `templates/forms_library/includes/procedure_diagram.html` writes them
down as SVG, and `diagram_words` says the same in words. One unit is a sixteenth of the visitor's text size, so the
picture grows together with the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from django.utils.translation import gettext as _, ngettext

from forms_library.picture_text import is_shortened, text_width, wrapped
from forms_library.procedures.definition import DoneBy, Procedure, Step
from forms_library.procedures.diagram_graph import START, Graph, Place, Way, graph
from forms_library.procedures.diagram_layout import Cell, Layout, Wire, laid_out
from forms_library.procedures.diagram_parts import (
    NOWHERE,
    Band,
    Diagram,
    Edge,
    Label,
    Line,
    Node,
    Shape,
    Standing,
    StandingState,
    StepStanding,
)
from forms_library.procedures.diagram_routes import Routes, drawn, path, routed
from forms_library.procedures.in_words import length_in_words, level_title, rhythm_in_words, role_title, term_in_words

__all__ = ["NOWHERE", "Diagram", "Shape", "Standing", "StandingState", "StepStanding", "diagram", "level_words"]

TEXT = 18
LINE = 23
START_PLACE = 0
WIDTH = 296
PADDING = 14
SIDE = 12
CUT = 14
MARK = 24
TITLE_LINES = 4
LABEL_WIDTH = 190
BAND_TITLE_LINES = 2
BAND_GAP = 10


def diagram(procedure: Procedure, *, standing: Standing = NOWHERE) -> Diagram:
    """Return the picture of a procedure; with `standing`, by the codes of steps, also where a case stands in it."""
    drawing = graph(procedure)
    texts = [
        [*_texts(procedure, place, standing), *_from_afar(procedure, drawing, at)]
        for at, place in enumerate(drawing.places)
    ]
    plates = [_plate(procedure, drawing, way) for way in drawing.ways]
    wires = [_wire(way, plate) for way, plate in zip(drawing.ways, plates, strict=True)]
    sizes = [(WIDTH, _height(lines)) for lines in texts]
    layout = laid_out(sizes, [place.row for place in drawing.places], wires)
    heads = _Heads(procedure, drawing, layout)
    routes = routed(layout, side=SIDE, top=2, room=heads.room)
    return Diagram(
        width=routes.width,
        height=routes.height,
        nodes=tuple(
            _node(procedure, place, lines, cell, standing)
            for place, lines, cell in zip(drawing.places, texts, layout.boxes, strict=True)
        ),
        edges=tuple(_edges(drawing, layout, routes)),
        labels=tuple(_label(plates[at], cell) for at, cell in layout.labels.items()),
        bands=tuple(heads.bands(routes)),
    )


def _texts(procedure: Procedure, place: Place, standing: Standing) -> list[Line]:
    if place.step is None:
        words = level_words(procedure, place.level) if place.level else procedure.start
        return _lines(words, "title", TITLE_LINES)
    step = place.step
    lines = _lines(f"{place.number}. {step.title}", "title", TITLE_LINES)
    if step.role:
        lines += _lines(role_title(procedure, step.role), "who", 3)
    if step.every:
        lines += _lines(rhythm_in_words(step.every), "loop", 2)
    elif step.due:
        lines += _lines(_term(procedure, step), "term", 3)
    if step.done_by == DoneBy.CLOSURE and procedure.grounds:
        lines += _lines(_grounds(len(procedure.grounds)), "note", 2)
    if step.is_optional:
        lines += _lines(_("Only when it is needed"), "note", 1)
    if stands := standing.get(step.code):
        lines += _lines(stands.words, "state", 2)
    return lines


def level_words(procedure: Procedure, code: str) -> str:
    """Return what has happened when a level that no step sets is set."""
    return _("The risk level is set: %(level)s") % {"level": level_title(procedure, code)}


def _grounds(number: int) -> str:
    return ngettext("On one of %(count)s ground", "On one of %(count)s grounds", number) % {"count": number}


def _term(procedure: Procedure, step: Step) -> str:
    """Return the term; what it is counted from only where that is not simply what opens the step."""
    if step.due is None:
        return ""
    words = length_in_words(step.due.rule)
    since = _number_of(procedure, step.due.since) if step.due.since not in step.after else 0
    if since:
        words = _("%(length)s from step %(number)s") % {"length": words, "number": since}
    if step.due.is_internal:
        words = _("%(term)s (internal term)") % {"term": words}
    return _("Term: %(term)s") % {"term": words}


def _number_of(procedure: Procedure, event: str) -> int:
    """Return the number of the step that an event belongs to; 0 when it belongs to none."""
    code = event.partition(".")[0]
    return next((number for number, step in enumerate(procedure.steps, start=1) if step.code == code), 0)


def _lines(text: str, kind: str, lines: int) -> list[Line]:
    indent = MARK if kind in {"loop", "state"} else 0
    room = WIDTH - 2 * PADDING - indent
    return [Line(text=each, kind=kind) for each in wrapped(text, room, TEXT, lines=lines, bold=kind == "title")]


def _height(lines: Sequence[Line]) -> int:
    return 2 * PADDING + len(lines) * LINE + _breaks(lines) * 4


def _breaks(lines: Sequence[Line]) -> int:
    return sum(one.kind != other.kind for one, other in pairwise(lines))


@dataclass(frozen=True, kw_only=True)
class _Plate:
    """What stands on the plate of a way: its outcomes, and the places that are named instead of drawn."""

    outcomes: str
    jump: str
    lines: tuple[Line, ...]

    @property
    def full(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.outcomes, self.jump) if part)


def _plate(procedure: Procedure, drawing: Graph, way: Way) -> _Plate:
    step = drawing.places[way.source].step
    outcomes = _(" or ").join(way.labels)
    if way.far and not way.labels and step and step.outcomes:
        outcomes = _("in any case")
    jump = _named(procedure, drawing, way.far)
    if jump:
        jump = _("→ also %(places)s") % {"places": jump} if way.near else f"→ {jump}"
    lines = [Line(text=text, kind="label") for text in wrapped(outcomes, LABEL_WIDTH, TEXT, lines=TITLE_LINES)]
    lines += [Line(text=text, kind="jump") for text in wrapped(jump, LABEL_WIDTH, TEXT, lines=3, bold=True)]
    return _Plate(outcomes=outcomes, jump=jump, lines=tuple(lines))


def _named(procedure: Procedure, drawing: Graph, targets: Sequence[int]) -> str:
    """Return places in the picture as a reader finds them: by the numbers of the steps."""
    places = [drawing.places[at] for at in targets]
    words = [level_title(procedure, place.level) for place in places if place.level]
    if START_PLACE in targets:
        words.append(_("the start"))
    numbers = [str(place.number) for place in places if place.step]
    if numbers:
        told = ngettext("step %(numbers)s", "steps %(numbers)s", len(numbers)) % {"numbers": ", ".join(numbers)}
        words.append(told)
    return ", ".join(words)


def _from_afar(procedure: Procedure, drawing: Graph, at: int) -> list[Line]:
    """Return from where ways lead to a box that are not drawn as lines."""
    sources = list(dict.fromkeys(way.source for way in drawing.ways if at in way.far))
    if not sources:
        return []
    return _lines(_("Also from: %(places)s") % {"places": _named(procedure, drawing, sources)}, "jump", 3)


def _wire(way: Way, plate: _Plate) -> Wire:
    if not plate.lines:
        return Wire(source=way.source, targets=way.near)
    width = max(text_width(line.text, TEXT, bold=line.kind == "jump") for line in plate.lines) + 2 * PADDING
    return Wire(source=way.source, targets=way.near, label=(width, len(plate.lines) * LINE + 10))


def _stood(lines: Sequence[Line], x: int, y: int) -> tuple[Line, ...]:
    """Return the lines of a box where they stand: groups of one kind a little apart, room for marks before some."""
    stood = []
    for at, line in enumerate(lines):
        y += LINE + (4 if at and lines[at - 1].kind != line.kind else 0)
        indent = MARK if line.kind in {"loop", "state"} else 0
        stood.append(Line(text=line.text, kind=line.kind, x=x + indent, y=y - 6))
    return tuple(stood)


def _node(procedure: Procedure, place: Place, lines: Sequence[Line], cell: Cell, standing: Standing) -> Node:
    step = place.step
    stands = standing.get(step.code) if step else None
    shape = _shape(place)
    title = step.title if step else level_words(procedure, place.level) if place.level else procedure.start
    said = [title]
    if step:
        said += [role_title(procedure, step.role), term_in_words(procedure, step), stands.words if stands else ""]
    return Node(
        shape=shape,
        full=". ".join(words.rstrip(".") for words in said if words),
        lines=_stood(lines, cell.x + PADDING, cell.y + PADDING),
        x=cell.x,
        y=cell.y,
        width=cell.width,
        height=cell.height,
        code=step.code if step else "",
        state=stands.state.value if stands else "",
        is_optional=bool(step and step.is_optional),
        outline=_outline(shape, cell),
        inner=_rounded(cell.x + 5, cell.y + 5, cell.width - 10, cell.height - 10, 21) if shape == Shape.END else "",
    )


def _shape(place: Place) -> Shape:
    if place.step is None:
        return Shape.LEVEL if place.level else Shape.START
    if place.step.done_by == DoneBy.CLOSURE:
        return Shape.END
    return Shape.DECISION if place.step.outcomes else Shape.STEP


def _outline(shape: Shape, cell: Cell) -> str:
    x, y, width, height = cell.x, cell.y, cell.width, cell.height
    if shape == Shape.DECISION:  # corners cut off, as in a road sign that makes one stop and choose
        return (
            f"M{x + CUT} {y}H{x + width - CUT}L{x + width} {y + CUT}V{y + height - CUT}L{x + width - CUT} {y + height}"
            f"H{x + CUT}L{x} {y + height - CUT}V{y + CUT}z"
        )
    if shape == Shape.LEVEL:  # a flag that points at what it opens
        return f"M{x} {y}H{x + width}V{y + height - 10}L{x + width // 2} {y + height}L{x} {y + height - 10}z"
    return _rounded(x, y, width, height, 8 if shape == Shape.STEP else 26)


def _rounded(x: int, y: int, width: int, height: int, radius: int) -> str:
    radius = min(radius, width // 2, height // 2)
    across, down = width - 2 * radius, height - 2 * radius
    turn = f"a{radius} {radius} 0 0 1"
    return (
        f"M{x + radius} {y}h{across}{turn} {radius} {radius}v{down}{turn} -{radius} {radius}"
        f"h-{across}{turn} -{radius} -{radius}v-{down}{turn} {radius} -{radius}z"
    )


def _edges(drawing: Graph, layout: Layout, routes: Routes) -> Iterator[Edge]:
    """Yield every way as it is drawn; one that is named instead ends at the plate that names it."""
    for thread in layout.threads:
        way = drawing.ways[thread.wire]
        lines = drawn(thread, routes)
        x, y = lines[-1][-1]
        if thread.target is not None:
            yield Edge(
                source=thread.source,
                target=thread.target,
                labels=way.labels,
                paths=tuple(path(line) for line in lines),
                arrow=f"M{x} {y}l-6 -11h12z",
                is_back=thread.bundles[-1] in routes.lanes,
            )
    for at, way in enumerate(drawing.ways):
        stub = next((path(drawn(each, routes)[0]) for each in layout.threads if each.wire == at), "")
        for target in way.far:
            yield Edge(source=way.source, target=target, labels=way.labels, paths=(stub,), arrow="", is_named=True)


def _label(plate: _Plate, cell: Cell) -> Label:
    lines = [replace(line, x=cell.centre, y=cell.y + (at + 1) * LINE - 1) for at, line in enumerate(plate.lines)]
    full = plate.full if is_shortened(plate.full, tuple(line.text for line in plate.lines)) else ""
    return Label(full=full, lines=tuple(lines), x=cell.x, y=cell.y, width=cell.width, height=cell.height)


@dataclass
class _Heads:
    """The titles of the stages, and the room that bands need around their rows."""

    procedure: Procedure
    drawing: Graph
    layout: Layout
    titles: dict[int, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        width = max((cell.x + cell.width for tier in self.layout.tiers for cell in tier), default=WIDTH) - 2 * PADDING
        self.titles = {
            stage: wrapped(self.procedure.stages[stage].title, width, TEXT, lines=BAND_TITLE_LINES, bold=True)
            for stage in set(self.drawing.stage_of_row) - {START}
        }

    def stage(self, tier: int) -> int:
        """Return the stage of a tier; `START` outside of all."""
        if not 0 <= tier < len(self.layout.tiers):
            return START
        return self.drawing.stage_of_row[self.layout.row_of_tier[tier]]

    def room(self, channel: int) -> tuple[int, int]:
        """Return what stays free of lines that go sideways, below the tier above a channel and above the next one."""
        over, under = self.stage(channel - 1), self.stage(channel)
        is_label = (
            0 < channel < len(self.layout.tiers)
            and self.layout.row_of_tier[channel - 1] == self.layout.row_of_tier[channel]
        )
        if over == under:
            return (6, 6) if is_label or over == START else (8, 20)
        return (PADDING if over != START else 0) + BAND_GAP // 2, self._head(under) + BAND_GAP // 2

    def _head(self, stage: int) -> int:
        return len(self.titles[stage]) * LINE + 10 + 20 if stage != START else 2

    def bands(self, routes: Routes) -> list[Band]:
        """Return the bands where they stand."""
        bands = []
        left = min(cell.x for tier in self.layout.tiers for cell in tier)  # right of the lanes of the ways back
        for stage, titles in sorted(self.titles.items()):
            tiers = [tier for tier in range(len(self.layout.tiers)) if self.stage(tier) == stage]
            top = routes.tier_top[tiers[0]] - self._head(stage)
            bottom = routes.tier_bottom[tiers[-1]] + PADDING
            full = self.procedure.stages[stage].title
            bands.append(
                Band(
                    full=full if is_shortened(full, titles) else "",
                    lines=tuple(
                        Line(text=text, kind="band", x=left, y=top + (at + 1) * LINE) for at, text in enumerate(titles)
                    ),
                    x=1,
                    y=top,
                    width=routes.width - 2,
                    height=bottom - top,
                    plate_x=left - SIDE // 2,
                    plate_y=top + 3,
                    plate_width=min(
                        max((text_width(text, TEXT, bold=True) for text in titles), default=0) + SIDE,
                        routes.width - left,
                    ),
                    plate_height=len(titles) * LINE + 5,
                )
            )
        return bands
