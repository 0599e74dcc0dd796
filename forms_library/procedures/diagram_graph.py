"""Which steps lead to which, and in which row of the picture each stands. Pure.

Stages are bands, one below the other. Within its band a step stands below the steps of the same stage that lead to it,
as far down as the longest way from the beginning of the stage; ways that go back do not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forms_library.procedures.definition import LEVEL, OPENED, Outcome, Procedure, Step

START = -1
COLUMNS = 3
FEW = 1


@dataclass(frozen=True, kw_only=True)
class Way:
    """One thing leads to others: `source` and `targets` are places in `Graph.places`, `labels` the outcomes that lead
    there, none when every outcome does. `far` are those of the targets that are named instead of drawing a long line."""

    source: int
    targets: tuple[int, ...]
    labels: tuple[str, ...] = ()
    far: tuple[int, ...] = ()

    @property
    def near(self) -> tuple[int, ...]:
        """The targets to which a line is drawn."""
        return tuple(target for target in self.targets if target not in self.far)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Something that stands in the picture: the start, a level that is set by hand, or a step; `number` counts steps."""

    stage: int
    row: int
    step: Step | None = None
    number: int = 0
    level: str = ""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """All that stands in the picture, in which row, and what leads where."""

    places: tuple[Place, ...]
    ways: tuple[Way, ...]
    stage_of_row: tuple[int, ...]


def graph(procedure: Procedure) -> Graph:
    """Return the picture of a procedure before anything is measured. It also takes drafts that cannot run."""
    steps = [(number, step) for number, stage in enumerate(procedure.stages) for step in stage.steps]
    levels = list(_levels_by_hand(procedure))
    sources: list[Step | str] = [OPENED, *levels, *(step for _stage, step in steps)]
    first = 1 + len(levels)
    hubs = {level: 1 + at for at, level in enumerate(levels)}
    ways = [way for place, source in enumerate(sources) for way in _ways(procedure, place, source, hubs)]
    stages = [START, *(_stage_of_level(way, steps, first) for way in ways if 1 <= way.source < first)]
    stages += [stage for stage, _step in steps]
    rows, stage_of_row = _rows(stages, ways, first)
    places = [
        Place(
            stage=stages[at],
            row=rows[at],
            step=source if isinstance(source, Step) else None,
            number=at - first + 1 if isinstance(source, Step) else 0,
            level=source.partition(".")[2] if isinstance(source, str) else "",
        )
        for at, source in enumerate(sources)
    ]
    return Graph(places=tuple(places), ways=tuple(_named_when_far(ways, stages)), stage_of_row=tuple(stage_of_row))


def _named_when_far(ways: Sequence[Way], stages: Sequence[int]) -> Iterator[Way]:
    """Yield the ways; where many of them would run past whole stages, those are named at both ends instead."""
    far = {(way, target) for way in ways for target in way.targets if _is_far(stages[way.source], stages[target])}
    for way in ways:
        named = tuple(target for target in way.targets if (way, target) in far) if len(far) > FEW else ()
        yield replace(way, far=named)


def _is_far(source: int, target: int) -> bool:
    return target < source or target > source + 1


def _levels_by_hand(procedure: Procedure) -> Iterator[str]:
    """Yield the levels that open steps and are set at once or by hand, not only by an outcome: each stands in the picture."""
    waited = {event for step in procedure.steps for event in step.after}
    produced = {event for step in procedure.steps for event in procedure.events_of(step)}
    for level in procedure.levels:
        event = f"{LEVEL}.{level.code}"
        if event in waited and (level.at_once or event not in produced):
            yield event


def _ways(procedure: Procedure, place: int, source: Step | str, hubs: Mapping[str, int]) -> Iterator[Way]:
    """Yield the ways out of one place; outcomes that lead to the same steps share one."""
    first = 1 + len(hubs)
    if isinstance(source, str):
        targets = _opened_by(procedure, {source}, first)
        if targets:
            yield Way(source=place, targets=targets)
        return
    always = _opened_by(procedure, {source.code}, first)
    if always:
        yield Way(source=place, targets=always)
    labels: dict[tuple[int, ...], list[str]] = {}
    for outcome in source.outcomes:
        targets = _led_to(procedure, source, outcome, hubs)
        targets = tuple(at for at in targets if at not in always)
        if targets:
            labels.setdefault(targets, []).append(outcome.title)
    for targets, titles in labels.items():
        yield Way(source=place, targets=targets, labels=tuple(titles))


def _led_to(procedure: Procedure, step: Step, outcome: Outcome, hubs: Mapping[str, int]) -> tuple[int, ...]:
    """Return where an outcome leads; one that sets a level which stands in the picture leads to that."""
    events = {f"{step.code}.{outcome.code}"}
    level = f"{LEVEL}.{outcome.level}"
    if level in hubs:
        return hubs[level], *_opened_by(procedure, events, 1 + len(hubs))
    return _opened_by(procedure, events | ({level} if outcome.level else set()), 1 + len(hubs))


def _opened_by(procedure: Procedure, events: set[str], first: int) -> tuple[int, ...]:
    return tuple(first + at for at, step in enumerate(procedure.steps) if events.intersection(step.after))


def _stage_of_level(way: Way, steps: Sequence[tuple[int, Step]], first: int) -> int:
    return min(steps[target - first][0] for target in way.targets)


def _rows(stages: Sequence[int], ways: Sequence[Way], first: int) -> tuple[list[int], list[int]]:
    """Return the row of every place, and the stage of every row."""
    rows = [0] * len(stages)
    stage_of_row = [START]
    for stage in sorted(set(stages) - {START}):
        members = [at for at, its in enumerate(stages) if its == stage]
        for layer in _layers(members, ways, first):
            for begin in range(0, len(layer), COLUMNS):
                for at in layer[begin : begin + COLUMNS]:
                    rows[at] = len(stage_of_row)
                stage_of_row.append(stage)
    return rows, stage_of_row


def _layers(members: Sequence[int], ways: Sequence[Way], first: int) -> list[list[int]]:
    """Return the places of one stage by the longest way that leads to them."""
    leads = {
        at: [target for way in ways if way.source == at for target in way.targets if target in members]
        for at in members
    }
    order = _order(members, leads)
    depth = dict.fromkeys(members, 0)
    for at in order:
        for target in leads[at]:
            if order.index(target) > order.index(at):
                depth[target] = max(depth[target], depth[at] + 1)
    for at in members:  # a level stands just above what it opens
        if at < first and leads[at]:
            depth[at] = max(0, min(depth[target] for target in leads[at]) - 1)
    used = sorted(set(depth.values()))
    return [[at for at in members if depth[at] == layer] for layer in used]


def _order(members: Sequence[int], leads: dict[int, list[int]]) -> list[int]:
    """Return the places so that whatever does not go back leads to a later one (depth first, without recursion)."""
    seen: set[int] = set()
    finished: list[int] = []
    for root in members:
        if root in seen:
            continue
        seen.add(root)
        open_ways = [(root, iter(leads[root]))]
        while open_ways:
            at, onward = open_ways[-1]
            target = next((each for each in onward if each not in seen), None)
            if target is None:
                finished.append(at)
                open_ways.pop()
            else:
                seen.add(target)
                open_ways.append((target, iter(leads[target])))
    return finished[::-1]
