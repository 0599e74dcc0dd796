"""What happened in a case, when, and when nothing did: a time axis as a picture, and the same as a table. Pure.

Callers give the words, and never put personal data into them. Marks that would lie on each other are drawn as one with
their number; the table names each of them. `templates/casework/includes/timeline.html` writes it down.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from casework.timeline_marks import TONES, Mark, MarkKind, Span, SpanKind, TableRow, Tone, silences, table
from forms_library.picture_text import text_width, wrapped

__all__ = ["Dot", "Mark", "MarkKind", "Span", "SpanKind", "Timeline", "Tone", "timeline"]

UNITS_PER_REM = 16
TEXT = 18
LINE = 22
LEFT = 16
HEAD = 30
MARK = 30
APART = 42
NARROWEST = 900
WIDEST = 6000
WORDS_WIDTH = 250
LANES = 3
LANE = 2 * LINE + 8
BAR = 30
MONTH_WIDTH = 110

ROWS = (
    (MarkKind.EVENT, gettext_lazy("Events")),
    (MarkKind.DOCUMENT, gettext_lazy("Documents")),
    (MarkKind.DEADLINE, gettext_lazy("Deadlines")),
)
WORST_FIRST = (Tone.OVERDUE, Tone.LATE, Tone.RUNNING, Tone.MET, Tone.DOCUMENT, Tone.EVENT)


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A mark in the picture, or several that are drawn as one with their number. `full` is all they say. The words, if
    there is room for them, stand at `lines_y` beside a thin line down from the mark."""

    x: int
    y: int
    tone: Tone
    count: int
    full: str
    lines: tuple[str, ...] = ()
    lines_y: int = 0
    width: int = MARK

    @property
    def outline(self) -> str:
        """Its shape around its middle: round for an event, a sheet for a document, pointed for a deadline."""
        half, high = self.width // 2, MARK // 2
        if self.tone == Tone.EVENT:
            across = self.width - MARK
            return (
                f"M{high - half} -{high}h{across}a{high} {high} 0 0 1 0 {MARK}h-{across}a{high} {high} 0 0 1 0 -{MARK}z"
            )
        if self.tone == Tone.DOCUMENT:
            return f"M{2 - half} -{high}H{half - 9}l7 7V{high}H{2 - half}z"
        if self.tone == Tone.OVERDUE and self.count == 1:
            return f"M0 -{high}L{half} {high - 2}H-{half}z"
        flat = 0 if self.count == 1 else half - 8
        return f"M-{flat} -{high}H{flat}L{half} 0L{flat} {high}H-{flat}L-{half} 0z"

    @property
    def sign(self) -> str:
        """What is written on it: how many there are, and a warning where the deadline is missed."""
        number = str(self.count) if self.count > 1 else ""
        return f"!{number}" if self.tone in {Tone.OVERDUE, Tone.LATE} else number


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A span in the picture; its words stand inside or beside it, and all of them in `full`."""

    x: int
    y: int
    width: int
    tone: Tone
    full: str
    words: str = ""
    words_x: int = 0


@dataclass(frozen=True, kw_only=True)
class Tick:
    """The beginning of a month (or of a year, when months are too near)."""

    x: int
    words: str


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """A row of the picture: what it shows, from `y` on, `height` high."""

    title: str
    y: int
    height: int
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The picture and its table. When nothing has happened yet there are no rows."""

    width: int
    height: int
    rows: tuple[TimelineRow, ...]
    ticks: tuple[Tick, ...]
    today_x: int
    table: tuple[TableRow, ...]
    marks: int
    silences: int

    @property
    def rem_width(self) -> str:
        """How wide the picture stands on the page, in the reader's own text size."""
        return f"{self.width / UNITS_PER_REM:.5g}rem"

    @property
    def rem_height(self) -> str:
        """How high it stands on the page."""
        return f"{self.height / UNITS_PER_REM:.5g}rem"

    @property
    def legend(self) -> tuple[Dot, ...]:
        """Every kind of mark that stands in the picture, once, with its word."""
        shown = {dot.tone for row in self.rows for dot in row.dots}
        return tuple(
            Dot(x=18, y=18, tone=tone, count=1, full=str(TONES[tone]))
            for tone in reversed(WORST_FIRST)
            if tone in shown
        )

    @property
    def description(self) -> str:
        """What is in the picture, in one sentence, for whoever does not see it."""
        marks = ngettext("%(count)s mark", "%(count)s marks", self.marks) % {"count": self.marks}
        quiet = ngettext("%(count)s time of silence", "%(count)s times of silence", self.silences) % {
            "count": self.silences
        }
        return _("%(marks)s, %(silences)s. All of it is in the table below.") % {"marks": marks, "silences": quiet}


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Which x a day has."""

    first: dt.date
    last: dt.date
    width: int

    @property
    def day(self) -> float:
        """How wide a day is."""
        return self.width / ((self.last - self.first).days + 1)

    def x(self, day: dt.date) -> int:
        """Return the middle of a day."""
        return round(LEFT + ((day - self.first).days + 0.5) * self.day)


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Marks that are drawn as one, and where."""

    marks: list[Mark]
    x: int


def timeline(marks: Sequence[Mark], spans: Sequence[Span], *, today: dt.date) -> Timeline:
    """Return the time axis of these marks and spans, with the silence between them."""
    given = {span for span in spans if span.kind == SpanKind.SILENCE}
    quiet = [*given, *(span for span in silences(marks, today=today) if span not in given)]
    spans = [*(span for span in spans if span.kind != SpanKind.SILENCE), *quiet]
    listed = table(marks, spans, today=today)
    if not listed:
        return Timeline(width=0, height=0, rows=(), ticks=(), today_x=0, table=(), marks=0, silences=0)
    scale = _scale(marks, spans, today)
    rows = list(_rows(marks, spans, scale, today))
    return Timeline(
        width=scale.width + 2 * LEFT + WORDS_WIDTH,
        height=rows[-1].y + rows[-1].height + 8,
        rows=tuple(rows),
        ticks=tuple(_ticks(scale)),
        today_x=scale.x(today),
        table=listed,
        marks=len(marks),
        silences=len(quiet),
    )


def _scale(marks: Sequence[Mark], spans: Sequence[Span], today: dt.date) -> _Scale:
    """Return a scale on which a week of marks is as wide as a mark, if that is possible at all."""
    days = [today, *(mark.on for mark in marks), *(span.since for span in spans)]
    days += [span.until for span in spans if span.until]
    first, last = min(days), max(days)
    long = (last - first).days + 1
    return _Scale(first=first, last=last, width=min(max(NARROWEST, long * (APART + 2) // 7), WIDEST))


def _rows(marks: Sequence[Mark], spans: Sequence[Span], scale: _Scale, today: dt.date) -> Iterator[TimelineRow]:
    y = 2 * LINE + 16  # above: the months, and where today is
    lasting = [span for span in spans if span.kind != SpanKind.SILENCE]
    quiet = [span for span in spans if span.kind == SpanKind.SILENCE]
    if lasting:
        yield (row := _bars(_("Periods"), lasting, scale, y, today))
        y = row.y + row.height
    for kind, title in ROWS:
        yield (row := _dots(str(title), [mark for mark in marks if mark.kind == kind], scale, y, today))
        y = row.y + row.height
    yield _bars(_("Silence"), quiet, scale, y, today)


def _dots(title: str, marks: Sequence[Mark], scale: _Scale, y: int, today: dt.date) -> TimelineRow:
    groups = _groups(marks, scale)
    middle = y + HEAD + MARK // 2 + 4
    lanes = _lanes([group.x for group in groups])
    dots = tuple(_dot(group, middle, lane, today) for group, lane in zip(groups, lanes, strict=True))
    used = max((lane for lane in lanes if lane is not None), default=-1) + 1
    return TimelineRow(title=title, y=y, height=HEAD + MARK + 12 + used * LANE, dots=dots)


def _dot(gathered: _Group, y: int, lane: int | None, today: dt.date) -> Dot:
    group = gathered.marks
    tones = {mark.tone(today) for mark in group}
    tone = next(each for each in WORST_FIRST if each in tones)
    days = _days(group)
    words = group[0].words
    if len(group) > 1:
        words = ngettext("%(count)s in all: %(words)s…", "%(count)s in all: %(words)s…", len(group)) % {
            "count": len(group),
            "words": words,
        }
    told = "; ".join(f"{mark.words} ({str(TONES[mark.tone(today)]).lower()})" for mark in group)
    text = wrapped(words, WORDS_WIDTH - 16, TEXT, lines=1)
    return Dot(
        x=gathered.x,
        y=y,
        tone=tone,
        count=len(group),
        full=f"{days}: {told}",
        lines=() if lane is None else (days, *text),
        lines_y=0 if lane is None else y + MARK // 2 + 4 + lane * LANE,
        width=MARK if len(group) < 10 else MARK + 10 if len(group) < 100 else MARK + 22,
    )


def _days(group: Sequence[Mark]) -> str:
    first, last = group[0].on, group[-1].on
    if first == last:
        return date_format(first, "d.m.Y")
    return f"{date_format(first, 'd.m')} – {date_format(last, 'd.m.Y')}"


# Each period by its first and last day.
PERIODS: tuple[Callable[[dt.date], tuple[dt.date, dt.date]], ...] = (
    lambda day: (day, day),
    lambda day: (day - dt.timedelta(days=day.weekday()), day + dt.timedelta(days=6 - day.weekday())),
    lambda day: (day.replace(day=1), day.replace(day=28)),
    lambda day: (
        day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        day.replace(month=(day.month - 1) // 3 * 3 + 3, day=28),
    ),
    lambda day: (day.replace(month=1, day=1), day.replace(month=12, day=31)),
)


def _groups(marks: Sequence[Mark], scale: _Scale) -> list[_Group]:
    """Return marks that are drawn as one: those of a day, or of the shortest period that keeps all marks apart.

    They stand in the middle of their days; where those are too near, in the middle of their period.
    """
    groups: list[_Group] = []
    for period in PERIODS:
        found: dict[tuple[dt.date, dt.date], list[Mark]] = defaultdict(list)
        for mark in sorted(marks, key=lambda each: each.on):
            found[period(mark.on)].append(mark)
        own = [_Group(marks=group, x=_middle(group[0].on, group[-1].on, scale)) for group in found.values()]
        groups = [_Group(marks=group, x=_middle(*days, scale)) for days, group in found.items()]
        for tried in (own, groups):
            if all(after.x - before.x >= APART for before, after in pairwise(tried)):
                return tried
    return _merged(groups)


def _middle(first: dt.date, last: dt.date, scale: _Scale) -> int:
    """Return the middle of some days, and never a place outside of the axis."""
    middle = first + (last - first) // 2
    return scale.x(min(max(middle, scale.first), scale.last))


def _merged(groups: Sequence[_Group]) -> list[_Group]:
    """Return the groups, those that still lie on each other as one."""
    merged: list[_Group] = []
    for group in groups:
        if merged and group.x - merged[-1].x < APART:
            merged[-1] = _Group(marks=merged[-1].marks + group.marks, x=merged[-1].x)
        else:
            merged.append(group)
    return merged


def _lanes(places: Sequence[int]) -> list[int | None]:
    """Return how deep below its mark the words of each stand; `None` where there is no room.

    Words stand to the right of a thin line that comes down from their mark. Whoever's words reach below later marks goes
    deeper than those, so that no line runs through words.
    """
    lanes: list[int | None] = [None] * len(places)
    for at in range(len(places) - 1, -1, -1):
        deep = 0
        for later in range(at + 1, len(places)):
            if places[later] >= places[at] + WORDS_WIDTH:
                break
            below = lanes[later]
            deep = max(deep, -1 if below is None else below + 1)
        lanes[at] = deep if deep < LANES else None
    return lanes


def _bars(title: str, spans: Sequence[Span], scale: _Scale, y: int, today: dt.date) -> TimelineRow:
    bars = []
    ends: list[int] = []
    for span in sorted(spans, key=lambda each: (each.since, each.until or today)):
        until = max(span.until or today, span.since)
        left = round(scale.x(span.since) - scale.day / 2)
        width = max(round(((until - span.since).days + 1) * scale.day), 4)
        words, beside = _bar_words(span, width, (until - span.since).days + 1)
        lane = next((lane for lane, end in enumerate(ends) if end <= left), len(ends))
        ends[lane : lane + 1] = [left + width + (text_width(words, TEXT, bold=True) + 14 if beside else 0)]
        last = date_format(until, "d.m.Y") if span.until else _("until now")
        days = f"{date_format(span.since, 'd.m.Y')} – {last}"
        bars.append(
            Bar(
                x=left,
                y=y + HEAD + lane * (BAR + 6),
                width=width,
                tone=Tone(span.kind.value),
                full=f"{days}: {span.words}",
                words=words,
                words_x=left + (width if beside else 0) + 6,
            )
        )
    return TimelineRow(title=title, y=y, height=HEAD + max(len(ends), 1) * (BAR + 6) + 6, bars=tuple(bars))


def _bar_words(span: Span, width: int, days: int) -> tuple[str, bool]:
    """Return what is written on a bar, and whether it stands beside it. Silence is shortened to its days."""
    if text_width(span.words, TEXT, bold=True) + 12 <= width:
        return span.words, False
    if span.kind != SpanKind.SILENCE:
        return wrapped(span.words, WORDS_WIDTH, TEXT, lines=1, bold=True)[0] if span.words.split() else "", True
    told = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    for words in (told, str(days)):
        if text_width(words, TEXT, bold=True) + 12 <= width:
            return words, False
    return "", False


def _ticks(scale: _Scale) -> Iterator[Tick]:
    """Yield as many months as there is room for their names; the first day of the axis is always named."""
    yield Tick(x=LEFT, words=date_format(scale.first, "d.m.Y"))
    step = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if each * 30 * scale.day >= MONTH_WIDTH)
    month = scale.first.year * 12 + scale.first.month
    while month // 12 < dt.MAXYEAR:
        year, number = divmod(month, 12)
        day = dt.date(year, number + 1, 1)
        if day > scale.last:
            return
        x = round(scale.x(day) - scale.day / 2)
        if month % step == 0 and x - LEFT >= MONTH_WIDTH:
            yield Tick(x=x, words=date_format(day, "m.Y"))
        month += 1
