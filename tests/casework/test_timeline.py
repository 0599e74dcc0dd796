"""The time axis of a case stays readable whatever happened, and its table says all of it."""

import datetime as dt
import itertools
from xml.etree import ElementTree

from django.template.loader import render_to_string
from hypothesis import given, settings, strategies as st

from casework.templatetags.timeline_tags import case_timeline
from casework.timeline import APART, Mark, MarkKind, Span, SpanKind, Timeline, Tone, timeline
from casework.timeline_marks import SILENCE

TODAY = dt.date(2026, 3, 30)
DAYS = st.one_of(
    st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2030, 1, 1)),
    st.dates(min_value=dt.date(2026, 1, 1), max_value=dt.date(2026, 4, 1)),  # near each other
)
MARKS = st.lists(
    st.builds(
        Mark,
        on=DAYS,
        kind=st.sampled_from(MarkKind),
        words=st.text(max_size=40),
        is_late=st.booleans(),
        is_open=st.sampled_from([None, True, False]),
    ),
    max_size=40,
)
NASTY = "<b>&\"'</text>"


def mark(on: dt.date, kind: MarkKind = MarkKind.EVENT, words: str = "Что-то случилось", **more: object) -> Mark:
    return Mark(on=on, kind=kind, words=words, **more)


def rendered(shown: Timeline) -> str:
    return render_to_string("casework/includes/timeline.html", case_timeline(shown))


def svg_of(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])  # noqa: S314


def dots(shown: Timeline) -> list[list]:
    return [list(row.dots) for row in shown.rows]


class TestTheAxis:
    @given(MARKS)
    @settings(max_examples=100, deadline=2000)
    def test_never_draws_a_mark_on_a_mark_and_counts_every_one(self, marks: list[Mark]) -> None:
        shown = timeline(marks, [], today=TODAY)
        for row in dots(shown):
            assert all(after.x - before.x >= APART for before, after in itertools.pairwise(row))
            assert all(0 <= dot.x <= shown.width for dot in row)
        assert sum(dot.count for row in dots(shown) for dot in row) == len(marks)
        assert len(shown.table) == len(marks) + shown.silences

    @given(MARKS)
    @settings(max_examples=100, deadline=2000)
    def test_never_draws_a_line_or_words_through_words(self, marks: list[Mark]) -> None:
        for row in dots(timeline(marks, [], today=TODAY)):
            for one, other in itertools.combinations([dot for dot in row if dot.lines], 2):
                reached = other.x < one.x + 250
                assert not (reached and other.lines_y >= one.lines_y)

    def test_keeps_five_hundred_marks_readable_by_weeks(self) -> None:
        first = dt.date(2024, 6, 3)
        marks = [mark(first + dt.timedelta(days=at * 650 // 500)) for at in range(500)]
        shown = timeline(marks, [], today=TODAY)
        row = next(each for each in dots(shown) if each)
        assert 90 <= len(row) <= 94  # the weeks of 650 days
        assert sum(dot.count for dot in row) == 500
        assert len([each for each in shown.table if each.tone == Tone.EVENT]) == 500

    def test_shows_one_mark_only(self) -> None:
        shown = timeline([mark(TODAY)], [], today=TODAY)
        assert [dot.count for row in dots(shown) for dot in row] == [1]
        svg_of(rendered(shown))

    def test_shows_many_marks_of_one_day_as_one_with_their_number(self) -> None:
        shown = timeline([mark(TODAY) for _each in range(12)], [], today=TODAY)
        assert [(dot.count, dot.sign) for row in dots(shown) for dot in row] == [(12, "12")]

    def test_says_in_words_that_nothing_has_happened(self) -> None:
        html = rendered(timeline([], [], today=TODAY))
        assert "<svg" not in html
        assert 'class="empty"' in html

    def test_shows_today(self) -> None:
        shown = timeline([mark(TODAY - dt.timedelta(days=30)), mark(TODAY + dt.timedelta(days=30))], [], today=TODAY)
        before, after = next(row for row in dots(shown) if row)
        assert before.x < shown.today_x < after.x


class TestSilence:
    def silent(self, *days: int, today: int) -> list[tuple[str, str]]:
        start = dt.date(2026, 1, 1)
        marks = [mark(start + dt.timedelta(days=day)) for day in days]
        shown = timeline(marks, [], today=start + dt.timedelta(days=today))
        return [(str(row.on), str(row.until)) for row in shown.table if row.tone == Tone.SILENCE]

    def test_is_more_than_fourteen_days_with_nothing(self) -> None:
        assert self.silent(0, SILENCE + 1, today=SILENCE + 1) == []
        assert self.silent(0, SILENCE + 2, today=SILENCE + 2) == [("2026-01-02", "2026-01-16")]

    def test_lasts_until_today(self) -> None:
        assert self.silent(0, today=SILENCE) == []
        assert self.silent(0, today=SILENCE + 1) == [("2026-01-02", "2026-01-16")]

    def test_is_not_ended_by_a_deadline(self) -> None:
        marks = [mark(TODAY - dt.timedelta(days=20)), mark(TODAY - dt.timedelta(days=10), MarkKind.DEADLINE)]
        assert timeline(marks, [], today=TODAY).silences == 1

    def test_says_how_long_it_was(self) -> None:
        shown = timeline([mark(TODAY - dt.timedelta(days=20))], [], today=TODAY)
        assert "20" in next(row.words for row in shown.table if row.tone == Tone.SILENCE)


class TestADeadline:
    def tone(self, days: int, **more: object) -> Tone:
        return mark(TODAY + dt.timedelta(days=days), MarkKind.DEADLINE, **more).tone(TODAY)

    def test_is_met_late_running_or_overdue(self) -> None:
        assert self.tone(-1) == Tone.MET
        assert self.tone(3, is_open=False) == Tone.MET
        assert self.tone(-1, is_late=True) == Tone.LATE
        assert self.tone(0) == Tone.RUNNING
        assert self.tone(3, is_open=True) == Tone.RUNNING
        assert self.tone(-1, is_open=True) == Tone.OVERDUE

    def test_shows_the_worst_of_those_that_are_drawn_as_one(self) -> None:
        day = TODAY - dt.timedelta(days=3)
        marks = [mark(day, MarkKind.DEADLINE), mark(day, MarkKind.DEADLINE, is_open=True)]
        dot = next(dot for row in dots(timeline(marks, [], today=TODAY)) for dot in row)
        assert (dot.tone, dot.sign) == (Tone.OVERDUE, "!2")


class TestWhatIsWrittenDown:
    def test_is_escaped_and_well_formed_and_has_no_style_of_its_own(self) -> None:
        spans = [Span(since=TODAY - dt.timedelta(days=3), until=None, words=NASTY, kind=SpanKind.STAGE)]
        marks = [mark(TODAY, kind, NASTY) for kind in MarkKind]
        html = rendered(timeline(marks, spans, today=TODAY))
        assert "<b>" not in html
        assert "style=" not in html
        assert NASTY in "".join(svg_of(html).itertext())

    def test_has_a_table_with_every_word_and_its_link(self) -> None:
        marks = [mark(TODAY, words=f"Запись {at}", url=f"/record/{at}/") for at in range(40)]
        html = rendered(timeline(marks, [], today=TODAY))
        table = html[html.index("<table") :]
        assert all(f'<a href="/record/{at}/">Запись {at}</a>' in table for at in range(40))
        assert "<a " not in html[: html.index("<table")]
