"""Draws the lines between placed boxes: down, along a track of their own between two tiers, and down again. Pure.

Ways that go back leave through lanes at the sides, so that no line runs through a box.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from forms_library.procedures.diagram_layout import Cell, Layout, Net, Thread, rising

TRACK = 16
PORT = 26
LANE = 20
ROUND = 8
NEAR = 10

Point = tuple[int, int]
Bundle = tuple[str, int]


@dataclass(kw_only=True)
class Lane:
    """Where the ways back to one box run: its x, and which side it is on."""

    on_left: bool
    place: int
    x: int = 0


@dataclass(kw_only=True)
class Routes:
    """Where the lines leave and enter cells, and at which height they run between tiers."""

    upper: dict[tuple[Bundle, Cell], int] = field(default_factory=dict)
    lower: dict[tuple[Bundle, Cell], int] = field(default_factory=dict)
    track: dict[tuple[Bundle, int], int] = field(default_factory=dict)
    lanes: dict[Bundle, Lane] = field(default_factory=dict)
    width: int = 0
    height: int = 0
    tier_top: list[int] = field(default_factory=list)
    tier_bottom: list[int] = field(default_factory=list)


def routed(layout: Layout, *, side: int, top: int, room: Callable[[int], tuple[int, int]]) -> Routes:
    """Return the routes, and move all cells to where they stand in the finished picture.

    `side` is left free on both sides, `top` above. `room(channel)` is what stays free of tracks below the tier above a
    channel and above the tier below it.
    """
    routes = Routes(lanes=_lanes(layout))
    _widen(layout, routes, side)
    for channel in range(len(layout.nets)):
        _ports(layout, routes, channel)
    y = top
    for channel, nets in enumerate(layout.nets):
        after, before = room(channel)
        tracks = _tracks(nets, routes)
        for net, number in tracks.items():
            routes.track[net.bundle, channel] = y + after + TRACK // 2 + number * TRACK
        y += after + TRACK * (max(tracks.values(), default=-1) + 1) + before
        if channel < len(layout.tiers):
            y = _stand(layout.tiers[channel], routes, y)
    routes.height = y
    return routes


def drawn(thread: Thread, routes: Routes) -> list[list[Point]]:
    """Return the lines of one way, from the bottom of its box to the top of its target, parted at its label."""
    lines: list[list[Point]] = [[]]
    for (upper, lower), bundle in zip(pairwise(thread.cells), thread.bundles, strict=True):
        if lines[-1] and not upper.is_line:
            lines.append([])
        lane = routes.lanes.get(bundle)
        ends = (routes.upper[bundle, upper], upper.y + upper.height), (routes.lower[bundle, lower], lower.y)
        lines[-1] += (
            _back(ends, bundle, (upper.tier + 1, lower.tier), routes, lane)
            if lane
            else _down(ends, bundle, lower.tier, routes)
        )
    return lines


def path(points: Sequence[Point]) -> str:
    """Return the drawing commands of a line with rounded corners."""
    corners = _corners(points)
    told = f"M{corners[0][0]} {corners[0][1]}"
    for before, at, after in zip(corners, corners[1:], corners[2:], strict=False):
        radius = min(ROUND, _length(before, at) // 2, _length(at, after) // 2)
        enter, leave = _toward(at, before, radius), _toward(at, after, radius)
        told += f"L{enter[0]} {enter[1]}Q{at[0]} {at[1]} {leave[0]} {leave[1]}"
    return told + f"L{corners[-1][0]} {corners[-1][1]}"


def _lanes(layout: Layout) -> dict[Bundle, Lane]:
    """Give the ways back to each box a lane on the side where they begin; shorter ones nearer to the boxes."""
    middle = max((cell.x + cell.width for tier in layout.tiers for cell in tier), default=0) / 2
    ends: dict[Bundle, list[Cell]] = defaultdict(list)
    reach: dict[Bundle, list[int]] = defaultdict(list)
    for channel, nets in enumerate(layout.nets):
        for net in nets:
            if net.is_back:
                ends[net.bundle] += [*net.uppers, *net.lowers]
                reach[net.bundle].append(channel)
    lanes: dict[Bundle, Lane] = {}
    for bundle in sorted(ends, key=lambda each: (max(reach[each]) - min(reach[each]), each)):
        on_left = sum(cell.centre - middle for cell in ends[bundle]) <= 0
        beside = [
            lane.place
            for other, lane in lanes.items()
            if lane.on_left == on_left
            and min(reach[other]) <= max(reach[bundle])
            and min(reach[bundle]) <= max(reach[other])
        ]
        lanes[bundle] = Lane(on_left=on_left, place=max(beside, default=-1) + 1)
    return lanes


def _widen(layout: Layout, routes: Routes, side: int) -> None:
    """Move the cells to the right of the left lanes and give every lane its x."""
    lefts = max((lane.place + 1 for lane in routes.lanes.values() if lane.on_left), default=0)
    rights = max((lane.place + 1 for lane in routes.lanes.values() if not lane.on_left), default=0)
    shift = side + lefts * LANE
    for tier in layout.tiers:
        for cell in tier:
            cell.x += shift
    edge = max((cell.x + cell.width for tier in layout.tiers for cell in tier), default=shift)
    for lane in routes.lanes.values():
        out = (lane.place + 1) * LANE - LANE // 4
        lane.x = shift - out if lane.on_left else edge + out
    routes.width = edge + rights * LANE + side


def _ports(layout: Layout, routes: Routes, channel: int) -> None:
    """Choose where lines leave the cells above a channel and enter those below: straight down where they can."""
    leaving: dict[Cell, list[tuple[float, Net]]] = defaultdict(list)
    entering: dict[Cell, list[tuple[float, Net]]] = defaultdict(list)
    for net in layout.nets[channel]:
        lane = routes.lanes.get(net.bundle)
        for cell in net.uppers:
            aims = [other.centre for other in net.lowers]
            straight = len(aims) == 1 and len(net.uppers) == 1 and not lane
            leaving[cell].append((lane.x if lane else aims[0] if straight else cell.centre, net))
    for cell, wanted in leaving.items():
        for net, x in _spaced(cell, wanted):
            routes.upper[net.bundle, cell] = x
    for net in layout.nets[channel]:
        lane = routes.lanes.get(net.bundle)
        for cell in net.lowers:
            starts = [routes.upper[net.bundle, other] for other in net.uppers]
            straight = len(starts) == 1 and len(net.lowers) == 1 and not lane
            entering[cell].append((lane.x if lane else starts[0] if straight else cell.centre, net))
    for cell, wanted in entering.items():
        for net, x in _spaced(cell, wanted):
            routes.lower[net.bundle, cell] = x


def _spaced(cell: Cell, wanted: list[tuple[float, Net]]) -> list[tuple[Net, int]]:
    """Return an x on the edge of a cell for each of its lines, in the order in which they come."""
    if cell.is_line:
        return [(net, cell.centre) for _x, net in wanted]
    inner = min(30, cell.width // 4)
    low, high = cell.x + inner, cell.x + cell.width - inner
    wanted = sorted(wanted, key=lambda pair: pair[0])
    step = min(PORT, (high - low) // max(len(wanted) - 1, 1))
    aims = [min(max(x, low), high) - number * step for number, (x, _net) in enumerate(wanted)]
    places = [min(place, high - (len(wanted) - 1) * step) for place in rising(aims, [1] * len(aims))]
    return [
        (net, round(max(place, low)) + number * step)
        for number, ((_x, net), place) in enumerate(zip(wanted, places, strict=True))
    ]


def _tracks(nets: Sequence[Net], routes: Routes) -> dict[Net, int]:
    """Give every net that goes sideways a track; a line that comes down where another leaves stays below it."""
    tops = {net: [routes.upper[net.bundle, cell] for cell in net.uppers] for net in nets}
    bottoms = {net: [routes.lower[net.bundle, cell] for cell in net.lowers] for net in nets}
    spans = {}
    for net in nets:
        lane = routes.lanes.get(net.bundle)
        xs = [*tops[net], *bottoms[net], *([lane.x] if lane else [])]
        if max(xs) > min(xs):
            spans[net] = (min(xs), max(xs))
    above = {
        net: {
            other
            for other in spans
            if other is not net and any(abs(a - b) < NEAR for a in tops[other] for b in bottoms[net])
        }
        for net in spans
    }
    return _stacked(spans, above)


def _stacked(spans: Mapping[Net, tuple[int, int]], above: Mapping[Net, set[Net]]) -> dict[Net, int]:
    placed: dict[Net, int] = {}
    waiting = sorted(spans, key=lambda net: (spans[net][1] - spans[net][0], spans[net]))
    while waiting:
        ready = [net for net in waiting if above[net] <= set(placed)] or waiting[:1]  # the second: they go in a circle
        net = ready[0]
        waiting.remove(net)
        track = max((placed[other] + 1 for other in above[net] if other in placed), default=0)
        while any(placed[other] == track and _overlap(spans[other], spans[net]) for other in placed):
            track += 1
        placed[net] = track
    return placed


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] + NEAR and other[0] < one[1] + NEAR


def _stand(tier: Sequence[Cell], routes: Routes, y: int) -> int:
    """Put the cells of a tier at the height `y`; return where the tier ends."""
    height = max((cell.height for cell in tier), default=0)
    for cell in tier:
        cell.y = y
        if cell.is_line:
            cell.height = height
    routes.tier_top.append(y)
    routes.tier_bottom.append(y + height)
    return y + height


def _down(ends: tuple[Point, Point], bundle: Bundle, channel: int, routes: Routes) -> list[Point]:
    (x, y), (to_x, to_y) = ends
    track = routes.track.get((bundle, channel), y)
    return [(x, y), (x, track), (to_x, track), (to_x, to_y)]


def _back(
    ends: tuple[Point, Point], bundle: Bundle, channels: tuple[int, int], routes: Routes, lane: Lane
) -> list[Point]:
    (x, y), (to_x, to_y) = ends
    below, above = routes.track[bundle, channels[0]], routes.track[bundle, channels[1]]
    return [(x, y), (x, below), (lane.x, below), (lane.x, above), (to_x, above), (to_x, to_y)]


def _corners(points: Sequence[Point]) -> list[Point]:
    """Return the points without those that lie on a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept if len(kept) > 1 else [*kept, *kept]


def _length(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(start: Point, end: Point, distance: int) -> Point:
    def sign(value: int) -> int:
        return (value > 0) - (value < 0)

    return start[0] + sign(end[0] - start[0]) * distance, start[1] + sign(end[1] - start[1]) * distance
