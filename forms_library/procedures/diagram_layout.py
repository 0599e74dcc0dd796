"""Places boxes of known size in rows and says which lines leave each row for the next. Pure geometry.

A picture is a pile of tiers: the boxes of a row, and below them the labels of the ways that leave them. A way that goes
down past a tier keeps a narrow cell of its own there, so no line ever runs through a box. Ways from one place, or to one
place, run together as one *bundle* where that makes fewer lines. Ways that go back leave through a lane at the side.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean

GAP = 28
LINE_GAP = 20
LABEL_GAP = 14
SWEEPS = 12
STRAIGHT = 1000


@dataclass(eq=False, kw_only=True)
class Cell:
    """Something that takes room in a tier: a box, a label, or nothing but a line that passes."""

    tier: int
    width: int
    height: int
    is_line: bool = False
    is_label: bool = False
    x: int = 0
    y: int = 0

    @property
    def centre(self) -> int:
        """The middle, from the left."""
        return self.x + self.width // 2


@dataclass(eq=False, kw_only=True)
class Net:
    """Lines that run together between two tiers: every upper cell is joined with every lower one. One that goes back has
    upper cells only (it goes to its lane) or lower ones only (it comes from there)."""

    bundle: tuple[str, int]
    uppers: list[Cell] = field(default_factory=list)
    lowers: list[Cell] = field(default_factory=list)

    @property
    def is_back(self) -> bool:
        """Whether it goes to, or comes from, the lane of a way back."""
        return self.bundle[0] == "back"


@dataclass(frozen=True, kw_only=True)
class Wire:
    """From a box to others; the size of its label, if it has one. One that only has a label ends there."""

    source: int
    targets: tuple[int, ...]
    label: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Thread:
    """One way from a box to another (`None`: to its label only): the cells it goes through, with its bundle between each two of them."""

    wire: int
    source: int
    target: int | None
    cells: tuple[Cell, ...]
    bundles: tuple[tuple[str, int], ...]


@dataclass(kw_only=True)
class Layout:
    """Tiers of cells with the nets below each (the first nets are above the first tier), and every way as a thread."""

    boxes: list[Cell]
    labels: dict[int, Cell]
    tiers: list[list[Cell]]
    nets: list[list[Net]]
    threads: list[Thread]
    row_of_tier: list[int]


def laid_out(sizes: Sequence[tuple[int, int]], rows: Sequence[int], wires: Sequence[Wire]) -> Layout:
    """Return every cell in its tier, ordered and placed from left to right; heights are not given yet."""
    layout = _tiers(sizes, rows, wires)
    _Bundling(layout, wires).run()
    links = [[(upper, lower) for net in nets for upper in net.uppers for lower in net.lowers] for nets in layout.nets]
    _order(layout.tiers, links)
    _place(layout.tiers, links)
    return layout


def _tiers(sizes: Sequence[tuple[int, int]], rows: Sequence[int], wires: Sequence[Wire]) -> Layout:
    labelled = {rows[wire.source] for wire in wires if wire.label}
    row_of_tier: list[int] = []
    first_tier: dict[int, int] = {}
    for row in sorted(set(rows)):
        first_tier[row] = len(row_of_tier)
        row_of_tier += [row, row] if row in labelled else [row]
    boxes = [
        Cell(tier=first_tier[row], width=width, height=height) for (width, height), row in zip(sizes, rows, strict=True)
    ]
    labels = {
        at: Cell(tier=boxes[wire.source].tier + 1, width=wire.label[0], height=wire.label[1], is_label=True)
        for at, wire in enumerate(wires)
        if wire.label
    }
    tiers: list[list[Cell]] = [[] for _tier in row_of_tier]
    for cell in [*boxes, *labels.values()]:
        tiers[cell.tier].append(cell)
    nets: list[list[Net]] = [[] for _channel in range(len(tiers) + 1)]
    return Layout(boxes=boxes, labels=labels, tiers=tiers, nets=nets, threads=[], row_of_tier=row_of_tier)


class _Bundling:
    """Decides which ways run together, and gives the passing lines their cells."""

    def __init__(self, layout: Layout, wires: Sequence[Wire]) -> None:
        self.layout = layout
        self.wires = wires
        self.passing: dict[tuple[tuple[str, int], int], Cell] = {}
        self.made: dict[tuple[tuple[str, int], int], Net] = {}

    def run(self) -> None:
        into: dict[int, int] = defaultdict(int)
        for wire in self.wires:
            for target in wire.targets:
                into[target] += not self._goes_back(wire, target)
        for at, wire in enumerate(self.wires):
            onward = sum(not self._goes_back(wire, target) for target in wire.targets)
            for target in wire.targets:
                together = into[target] > 1 and into[target] > onward
                self._thread(at, wire, target, bundle=("to", target) if together else ("from", at))
            if not wire.targets:
                self._stub(at, wire)

    def _goes_back(self, wire: Wire, target: int) -> bool:
        return self.layout.boxes[target].tier <= self.layout.boxes[wire.source].tier

    def _stub(self, at: int, wire: Wire) -> None:
        cells = (self.layout.boxes[wire.source], self.layout.labels[at])
        bundle = ("out", wire.source)
        self._join(bundle, *cells)
        self.layout.threads.append(Thread(wire=at, source=wire.source, target=None, cells=cells, bundles=(bundle,)))

    def _thread(self, at: int, wire: Wire, target: int, *, bundle: tuple[str, int]) -> None:
        box, end = self.layout.boxes[wire.source], self.layout.boxes[target]
        cells, bundles = [box], []
        label = self.layout.labels.get(at)
        if label:
            self._join(("out", wire.source), box, label)
            cells.append(label)
            bundles.append(("out", wire.source))
        elif bundle == ("from", at):
            bundle = ("out", wire.source)  # a way without a label leaves together with the labelled ones
        start = cells[-1]
        if self._goes_back(wire, target):
            bundle = ("back", target)
            self._net(bundle, start.tier + 1, upper=start)
            self._net(bundle, end.tier, lower=end)
        else:
            for tier in range(start.tier + 1, end.tier):
                cells.append(self._pass(bundle, tier))
                bundles.append(bundle)
                self._join(bundle, cells[-2], cells[-1])
            self._join(bundle, cells[-1], end)
        thread = Thread(wire=at, source=wire.source, target=target, cells=(*cells, end), bundles=(*bundles, bundle))
        self.layout.threads.append(thread)

    def _pass(self, bundle: tuple[str, int], tier: int) -> Cell:
        key = (bundle, tier)
        if key not in self.passing:
            self.passing[key] = Cell(tier=tier, width=2, height=0, is_line=True)
            self.layout.tiers[tier].append(self.passing[key])
        return self.passing[key]

    def _join(self, bundle: tuple[str, int], upper: Cell, lower: Cell) -> None:
        self._net(bundle, lower.tier, upper=upper, lower=lower)

    def _net(
        self, bundle: tuple[str, int], channel: int, *, upper: Cell | None = None, lower: Cell | None = None
    ) -> None:
        key = (bundle, channel)
        if key not in self.made:
            self.made[key] = Net(bundle=bundle)
            self.layout.nets[channel].append(self.made[key])
        net = self.made[key]
        if upper is not None and upper not in net.uppers:
            net.uppers.append(upper)
        if lower is not None and lower not in net.lowers:
            net.lowers.append(lower)


Links = list[list[tuple[Cell, Cell]]]


def _order(tiers: list[list[Cell]], links: Links) -> None:
    """Sort each tier by where its neighbours stand, down and up, and keep the order in which the fewest lines cross."""
    best, fewest = [list(tier) for tier in tiers], _crossings(tiers, links)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        for at in range(1, len(tiers)) if down else range(len(tiers) - 2, -1, -1):
            near = _neighbours(links[at] if down else links[at + 1], down=down)
            places = {cell: place for place, cell in enumerate(tiers[at - 1 if down else at + 1])}
            share = max(len(places), 1) / max(len(tiers[at]), 1)
            keys = {
                cell: mean(places[other] for other in near[cell]) if near[cell] else place * share
                for place, cell in enumerate(tiers[at])
            }
            tiers[at].sort(key=keys.__getitem__)
        crossings = _crossings(tiers, links)
        if crossings < fewest:
            best, fewest = [list(tier) for tier in tiers], crossings
    tiers[:] = best


def _neighbours(links: Iterable[tuple[Cell, Cell]], *, down: bool) -> Mapping[Cell, list[Cell]]:
    """Return the upper neighbours of lower cells, or the other way round."""
    near: dict[Cell, list[Cell]] = defaultdict(list)
    for upper, lower in links:
        near[lower if down else upper].append(upper if down else lower)
    return near


def _crossings(tiers: list[list[Cell]], links: Links) -> int:
    count = 0
    places = {cell: place for tier in tiers for place, cell in enumerate(tier)}
    for between in links:
        ends = sorted((places[upper], places[lower]) for upper, lower in between)
        count += sum(
            first[1] > second[1] and first[0] < second[0] for at, first in enumerate(ends) for second in ends[at + 1 :]
        )
    return count


def _place(tiers: list[list[Cell]], links: Links) -> None:
    """Give every cell its x: under what leads to it, as far left as there is room, nothing over anything.

    The main way so runs down at the left, where a narrow screen begins.
    """
    for tier in tiers:
        _spread(tier, [0.0] * len(tier), [1] * len(tier))
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for at in range(1, len(tiers)) if down else range(len(tiers) - 2, -1, -1):
            near = _neighbours(links[at] if down else links[at + 1], down=down)
            wanted = [min((other.centre for other in near[cell]), default=0) for cell in tiers[at]]
            _spread(tiers[at], wanted, [8 if cell.is_line else 2 if near[cell] else 1 for cell in tiers[at]])
    for between, tier in zip(links[1:-1], tiers[1:], strict=True):  # lines that nearly are straight become so
        near = _neighbours(between, down=True)
        above = [near[cell][0].centre if cell.is_line and len(near[cell]) == 1 else cell.centre for cell in tier]
        _spread(tier, above, [STRAIGHT if cell.is_line else 1 for cell in tier])


def _spread(tier: list[Cell], wanted: Sequence[float], weights: Sequence[int]) -> None:
    """Place the cells of a tier as near to `wanted` as their order and room allow, and none left of 0."""
    offsets = []
    right = 0
    for at, cell in enumerate(tier):
        gap = _gap(tier[at - 1], cell) if at else 0
        offsets.append(right + gap + cell.width // 2)
        right += gap + cell.width
    free = rising([want - offset for want, offset in zip(wanted, offsets, strict=True)], weights)
    for cell, place, offset in zip(tier, free, offsets, strict=True):
        cell.x = round(max(place, 0)) + offset - cell.width // 2


def _gap(one: Cell, other: Cell) -> int:
    if one.is_line or other.is_line:
        return LINE_GAP
    return LABEL_GAP if one.is_label else GAP


def rising(values: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Return the never falling row of numbers that is nearest to `values` (pool adjacent violators)."""
    pools: list[tuple[float, int, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, heavy, some), (other, light, more) = pools[-2:]
            pools[-2:] = [((one * heavy + other * light) / (heavy + light), heavy + light, some + more)]
    return [value for value, _weight, number in pools for _each in range(number)]
