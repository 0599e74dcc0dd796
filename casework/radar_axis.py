"""What happened under a procedure as marks and spans of a time axis. Pure, and without the name of any person."""

from collections.abc import Iterable, Iterator

from casework.radar_entries import Entry
from casework.timeline import Mark, MarkKind, Span, SpanKind, Timeline, timeline
from forms_library.procedures.guards import Circumstances
from forms_library.procedures.progress import Progress


def time_axis(progress: Progress, entries: Iterable[Entry], *, around: Circumstances) -> Timeline:
    """Return the time axis of a case under a procedure."""
    marks = [*_happened(entries), *_deadlines(progress, around)]
    return timeline(marks, [*_stages(progress), *_pauses(progress)], today=around.today)


def _happened(entries: Iterable[Entry]) -> Iterator[Mark]:
    """Yield what counts: what was taken back does not stand on the axis."""
    for entry in entries:
        if not entry.taken:
            kind = MarkKind.DOCUMENT if entry.what == "filed" else MarkKind.EVENT
            yield Mark(on=entry.on, kind=kind, words=entry.bare)


def _deadlines(progress: Progress, around: Circumstances) -> Iterator[Mark]:
    for turn in progress.turns:
        due = turn.due(around.calendar)
        if due and (turn.done_on or (turn.is_open and progress.closed is None)):
            day = turn.done_on or around.today
            yield Mark(
                on=due, kind=MarkKind.DEADLINE, words=turn.step.title, is_late=day > due, is_open=turn.done_on is None
            )


def _stages(progress: Progress) -> Iterator[Span]:
    """Yield the stages from the first step that opened to the last one that was done."""
    for stage in progress.procedure.stages:
        codes = {step.code for step in stage.steps}
        turns = [turn for turn in progress.turns if turn.step.code in codes]
        if not turns:
            continue
        is_open = progress.closed is None and any(turn.is_open for turn in turns)
        ended = [day for turn in turns for day in (turn.done_on, turn.ended_on) if day]
        since = min(turn.opened_on for turn in turns)
        until = None if is_open else max([*ended, since])
        yield Span(since=since, until=until, words=stage.title, kind=SpanKind.STAGE)


def _pauses(progress: Progress) -> Iterator[Span]:
    for turn in progress.turns:
        for since, until in turn.paused:
            yield Span(since=since, until=until, words=turn.step.title, kind=SpanKind.PAUSE)
