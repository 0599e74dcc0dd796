"""What is shown on the time axis of a case: marks, spans, the silence between them; and all of it as a table. Pure."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext as _, gettext_lazy, ngettext

SILENCE = 14
"""More days than this with nothing happening are silence."""


class MarkKind(StrEnum):
    """What a mark is."""

    EVENT = "event"
    DOCUMENT = "document"
    DEADLINE = "deadline"


class SpanKind(StrEnum):
    """What a span is. Silence that follows from the marks is found here; a caller need not give it."""

    STAGE = "stage"
    PAUSE = "pause"
    SILENCE = "silence"


class Tone(StrEnum):
    """How a mark or a bar looks; each has a shape and a word of its own."""

    EVENT = "event"
    DOCUMENT = "document"
    MET = "met"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"
    STAGE = "stage"
    PAUSE = "pause"
    SILENCE = "silence"


TONES = {
    Tone.EVENT: gettext_lazy("An event"),
    Tone.DOCUMENT: gettext_lazy("A document"),
    Tone.MET: gettext_lazy("Deadline: met"),
    Tone.LATE: gettext_lazy("Deadline: met late"),
    Tone.RUNNING: gettext_lazy("Deadline: running"),
    Tone.OVERDUE: gettext_lazy("Deadline: overdue"),
    Tone.STAGE: gettext_lazy("Stage"),
    Tone.PAUSE: gettext_lazy("Pause"),
    Tone.SILENCE: gettext_lazy("Silence"),
}
"""What each tone is called."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something on one day. For a deadline `on` is its last day.

    `is_late`: it was not done in time. `is_open`: it is not done yet; a caller who does not know leaves `None`, and a
    deadline is taken to run until its last day.
    """

    on: dt.date
    kind: MarkKind
    words: str
    is_late: bool = False
    is_open: bool | None = None
    url: str = ""

    def tone(self, today: dt.date) -> Tone:
        """Return how it looks on the day `today`."""
        if self.kind != MarkKind.DEADLINE:
            return Tone(self.kind.value)
        if self.is_open or (self.is_open is None and self.on >= today and not self.is_late):
            return Tone.OVERDUE if self.is_late or self.on < today else Tone.RUNNING
        return Tone.LATE if self.is_late else Tone.MET


@dataclass(frozen=True, kw_only=True)
class Span:
    """Something that lasted from a day to a day, both included; without `until` it still lasts."""

    since: dt.date
    until: dt.date | None
    words: str
    kind: SpanKind


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A mark or a span as a row of the table. `until` only for a span of more than a day."""

    on: dt.date
    words: str
    kind: str
    tone: Tone
    until: dt.date | None = None
    note: str = ""
    url: str = ""


def silences(marks: Sequence[Mark], *, today: dt.date) -> Iterator[Span]:
    """Yield the times of more than `SILENCE` days in which nothing happened: no event and no document."""
    days = sorted({mark.on for mark in marks if mark.kind != MarkKind.DEADLINE and mark.on <= today})
    day = dt.timedelta(days=1)
    for before, after in pairwise(days):
        yield from _silence(before + day, after - day)
    if days:
        yield from _silence(days[-1] + day, today)


def _silence(since: dt.date, until: dt.date) -> Iterator[Span]:
    days = (until - since).days + 1
    if days > SILENCE:
        yield Span(since=since, until=until, words=silence_words(days), kind=SpanKind.SILENCE)


def silence_words(days: int) -> str:
    """Return how long nothing happened."""
    return ngettext("nothing happened for %(count)s day", "nothing happened for %(count)s days", days) % {"count": days}


def table(marks: Sequence[Mark], spans: Sequence[Span], *, today: dt.date) -> tuple[TableRow, ...]:
    """Return everything in the order of time, the spans by their first days."""
    rows = [_mark_row(mark, today) for mark in marks] + [_span_row(span) for span in spans]
    return tuple(sorted(rows, key=lambda row: row.on))


def _mark_row(mark: Mark, today: dt.date) -> TableRow:
    tone = mark.tone(today)
    return TableRow(
        on=mark.on, words=mark.words, kind=str(TONES[tone]), tone=tone, note=_mark_note(mark, tone, today), url=mark.url
    )


def _mark_note(mark: Mark, tone: Tone, today: dt.date) -> str:
    days = abs((mark.on - today).days)
    if tone == Tone.OVERDUE:
        return ngettext("overdue by %(count)s day", "overdue by %(count)s days", days) % {"count": days} if days else ""
    if tone == Tone.RUNNING:
        if not days:
            return _("today is the last day")
        return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}
    return _("it came late") if mark.is_late and tone != Tone.LATE else ""


def _span_row(span: Span) -> TableRow:
    tone = Tone(span.kind.value)
    note = "" if span.until else _("still goes on")
    until = span.until if span.until != span.since else None
    return TableRow(on=span.since, until=until, words=span.words, kind=str(TONES[tone]), tone=tone, note=note)
