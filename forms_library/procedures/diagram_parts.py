"""What the picture of a procedure is made of: plain numbers and lines of text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext as _, ngettext

UNITS_PER_REM = 16


class StandingState(StrEnum):
    """Where a case stands at a step."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    WAITING = "waiting"  # its term stands still, or something else has to come first
    GONE = "gone"  # it is no longer needed


@dataclass(frozen=True, kw_only=True)
class StepStanding:
    """Where a case stands at a step, and the same in words («Сделано 05.03.2026»), which never name a person."""

    state: StandingState
    words: str


Standing = Mapping[str, StepStanding]
NOWHERE: Standing = MappingProxyType({})


class Shape(StrEnum):
    """What a box is, said by its outline."""

    START = "start"
    LEVEL = "level"
    STEP = "step"
    DECISION = "decision"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of text in the picture; `kind` is what it says: title, who, term, loop, note or the state of a case."""

    text: str
    kind: str
    x: int = 0
    y: int = 0


@dataclass(frozen=True, kw_only=True)
class Node:
    """A box. `full` is all that it says, uncut; `outline` and `inner` are drawing commands."""

    shape: Shape
    full: str
    lines: tuple[Line, ...]
    x: int
    y: int
    width: int
    height: int
    code: str = ""
    state: str = ""
    is_optional: bool = False
    outline: str = ""
    inner: str = ""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A way from a box to another, by their places in `Diagram.nodes`. One that `is_named` ends at a plate that names the
    target: a line across the whole picture would be read by nobody."""

    source: int
    target: int
    labels: tuple[str, ...]
    paths: tuple[str, ...]
    arrow: str
    is_back: bool = False
    is_named: bool = False


@dataclass(frozen=True, kw_only=True)
class Label:
    """The outcomes that lead along a way, on a plate of their own."""

    full: str
    lines: tuple[Line, ...]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stage: everything between its upper and lower edge belongs to it. The plate is what its title stands on."""

    full: str
    lines: tuple[Line, ...]
    x: int
    y: int
    width: int
    height: int
    plate_x: int
    plate_y: int
    plate_width: int
    plate_height: int


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """The whole picture."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    labels: tuple[Label, ...]
    bands: tuple[Band, ...]

    @property
    def rem_width(self) -> str:
        """How wide the picture stands on the page, in the visitor's own text size."""
        return f"{self.width / UNITS_PER_REM:.4g}rem"

    @property
    def rem_height(self) -> str:
        """How high it stands on the page."""
        return f"{self.height / UNITS_PER_REM:.5g}rem"

    @property
    def description(self) -> str:
        """What is in the picture, in one sentence, for whoever does not see it."""
        steps = sum(node.shape not in {Shape.START, Shape.LEVEL} for node in self.nodes)
        stages = ngettext("%(count)s stage", "%(count)s stages", len(self.bands)) % {"count": len(self.bands)}
        told = ngettext("%(count)s step", "%(count)s steps", steps) % {"count": steps}
        return _("From top to bottom: %(stages)s, %(steps)s. All of it is said in words below the picture.") % {
            "stages": stages,
            "steps": told,
        }
