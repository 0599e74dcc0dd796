"""Deadlines are counted as the law counts them (domain.md E.3, decisions D1–D9)."""

import datetime as dt
import pickle

import pytest
from hypothesis import assume, given, settings, strategies as st

from forms_library.deadlines import BadRule, DayKind, Rule, Unit, WorkingCalendar, count, months_after, nth
from tests.forms_library import calendar_tables as tables

KINDS = {day: kind for year in tables.YEARS for day, kind in tables.kinds(year).items()}
CALENDAR = WorkingCalendar(
    days_off=frozenset(day for day, kind in KINDS.items() if kind in {"holiday", "moved_off"}),
    working_days=frozenset(day for year in tables.YEARS for day in tables.dates(tables.WORKING_SATURDAYS[year], year)),
    short_days=frozenset(day for day, kind in KINDS.items() if kind == "short"),
    years=frozenset(tables.YEARS),
    reasons={day: DayKind(kind) for day, kind in KINDS.items() if kind in {"holiday", "moved_off"}},
)
NO_TABLE = WorkingCalendar()


def day(text):
    number, month, year = map(int, text.split("."))
    return dt.date(year, month, number)


def deadline(rule, event, **more):
    rule = Rule.parse(rule, roll=more.pop("roll", True), clause=more.pop("clause", ""))
    return count(rule, event=day(event), calendar=more.pop("calendar", CALENDAR), **more)


def due(rule, event, **more):
    return f"{deadline(rule, event, **more).due:%d.%m.%Y}"


class TestWorkingDays:
    """«рабочие дни»: only working days after the event."""

    def test_start_the_day_after_the_event(self):
        assert due("1 wd", "05.05.2026") == "06.05.2026"

    def test_start_the_day_after_an_event_on_a_day_off(self):
        assert due("1 wd", "02.05.2026") == "04.05.2026"

    def test_pass_over_a_holiday_and_the_weekend_after_it(self):
        assert due("3 wd", "30.04.2026") == "06.05.2026"

    def test_pass_over_a_moved_day_off(self):
        assert due("1 wd", "08.05.2026") == "12.05.2026"

    def test_count_a_working_saturday(self):
        assert due("1 wd", "26.04.2024") == "27.04.2024"

    def test_count_a_short_day_in_full(self):
        assert due("1 wd", "29.04.2026") == "30.04.2026"

    def test_count_a_working_saturday_that_is_short(self):
        assert due("1 wd", "19.02.2027") == "20.02.2027"

    def test_pass_over_the_new_year_holidays(self):
        assert due("1 wd", "30.12.2026") == "11.01.2027"

    def test_tell_the_days_that_they_passed_over(self):
        found = deadline("3 wd", "30.04.2026")
        assert found.skipped == (day("01.05.2026"), day("02.05.2026"), day("03.05.2026"))
        assert found.kinds == (DayKind.HOLIDAY, DayKind.WEEKEND, DayKind.WEEKEND)
        assert found.rolled_from is None


class TestCalendarDays:
    """D1: calendar days; a last day on which nobody works gives way (ГК ст. 193)."""

    def test_start_the_day_after_the_event(self):
        assert due("3 cd", "05.05.2026") == "08.05.2026"

    def test_roll_to_the_next_working_day(self):
        found = deadline("10 cd", "29.04.2026")
        assert (found.due, found.rolled_from) == (day("12.05.2026"), day("09.05.2026"))
        assert found.skipped == (day("09.05.2026"), day("10.05.2026"), day("11.05.2026"))

    def test_do_not_roll_past_a_working_saturday(self):
        found = deadline("1 cd", "31.10.2025")
        assert (found.due, found.rolled_from) == (day("01.11.2025"), None)

    def test_stay_when_days_off_are_only_on_the_way(self):
        found = deadline("6 cd", "30.04.2026")
        assert (found.due, found.skipped) == (day("06.05.2026"), ())

    def test_of_a_validity_period_do_not_roll(self):
        assert due("10 cd", "29.04.2026", roll=False) == "09.05.2026"


class TestMonths:
    """Months end on the same date, or on the last day of a shorter month (ГК ст. 192 п. 3)."""

    @pytest.mark.parametrize(
        ("start", "number", "end"),
        [
            ("15.01.2026", 3, "15.04.2026"),
            ("31.01.2026", 1, "28.02.2026"),
            ("31.01.2024", 1, "29.02.2024"),
            ("31.08.2026", 6, "28.02.2027"),
            ("30.11.2026", 3, "28.02.2027"),
            ("31.12.2026", 12, "31.12.2027"),
        ],
    )
    def test_end_on_the_same_date_or_the_last_of_the_month(self, start, number, end):
        assert months_after(day(start), number) == day(end)

    def test_roll_when_the_term_is_for_an_action(self):
        assert due("6 m", "09.11.2025") == "12.05.2026"

    def test_of_a_validity_period_do_not_roll(self):
        found = deadline("6 m", "09.11.2025", roll=False)
        assert (found.due, found.skipped, found.rolled_from) == (day("09.05.2026"), (), None)

    def test_roll_from_a_shortened_month_end(self):
        assert due("1 m", "31.01.2026") == "02.03.2026"


class TestAtOnce:
    def test_is_the_very_day_even_when_nobody_works(self):
        found = deadline("now", "09.05.2026")
        assert (found.due, found.skipped, found.provisional) == (day("09.05.2026"), (), False)


class TestExtension:
    """A term that stood still is longer by that many calendar days, then its last day is looked at."""

    def test_moves_working_days_by_calendar_days(self):
        assert due("3 wd", "30.04.2026", extended_days=1) == "07.05.2026"
        assert due("3 wd", "30.04.2026", extended_days=3) == "12.05.2026"

    def test_comes_before_the_roll(self):
        assert due("9 cd", "29.04.2026", extended_days=1) == "12.05.2026"
        assert due("6 m", "08.11.2025", extended_days=1) == "12.05.2026"

    @pytest.mark.parametrize("days", [-1, 10_001])
    def test_is_refused_when_absurd(self, days):
        with pytest.raises(BadRule):
            deadline("3 wd", "30.04.2026", extended_days=days)


class TestRecurring:
    """D7: n times the rule from the anchor; each due date rolls and the anchor does not move."""

    RULE = Rule.parse("3 m")

    def test_is_counted_from_the_anchor_every_time(self):
        # 09.05.2026 is a day off: the second time does not start from 12.05.
        found = [nth(self.RULE, number, anchor=day("09.02.2026"), calendar=CALENDAR).due for number in (1, 2, 3)]
        assert found == [day("12.05.2026"), day("10.08.2026"), day("09.11.2026")]

    def test_does_not_drift_from_the_end_of_a_month(self):
        found = [nth(self.RULE, number, anchor=day("30.11.2025"), calendar=CALENDAR).due for number in (1, 2)]
        assert found == [day("02.03.2026"), day("01.06.2026")]

    @pytest.mark.parametrize(("rule", "number"), [("3 m", 0), ("now", 1), ("3 m", 4000)])
    def test_is_refused_when_absurd(self, rule, number):
        with pytest.raises(BadRule):
            nth(Rule.parse(rule), number, anchor=day("01.01.2026"), calendar=CALENDAR)


class TestProvisional:
    """D9: a year without a table is counted with weekends only, and said to be provisional."""

    def test_is_what_ends_in_a_year_without_a_table(self):
        found = deadline("3 wd", "29.02.2028")
        assert (found.due, found.provisional, found.unknown_years) == (day("03.03.2028"), True, (2028,))

    def test_is_what_passes_through_such_a_year(self):
        holes = WorkingCalendar(years=frozenset({2025, 2027}))
        assert deadline("270 wd", "30.12.2025", calendar=holes).provisional

    def test_is_what_rolls_into_such_a_year(self):
        assert deadline("1 cd", "30.12.2027").provisional
        assert deadline("1 cd", "30.12.2027").due == day("03.01.2028")

    def test_is_nothing_that_only_begins_before(self):
        assert not deadline("3 wd", "31.12.2023").provisional

    def test_is_not_a_validity_period_for_it_asks_no_calendar(self):
        assert not deadline("6 m", "01.03.2028", roll=False).provisional


class TestRule:
    @pytest.mark.parametrize(
        ("text", "number", "unit"),
        [
            ("3 wd", 3, Unit.WORKING_DAYS),
            (" 10CD ", 10, Unit.CALENDAR_DAYS),
            ("6 m", 6, Unit.MONTHS),
            ("now", 0, Unit.AT_ONCE),
            ("10000 wd", 10_000, Unit.WORKING_DAYS),
        ],
    )
    def test_is_parsed(self, text, number, unit):
        assert Rule.parse(text) == Rule(number=number, unit=unit)

    @pytest.mark.parametrize(
        "text",
        ["", "3", "wd", "0 wd", "-3 wd", "10001 cd", "3.5 wd", "3 y", "٣ wd", "3 wd 4", "now 3", "9" * 5000 + " m"],
    )
    def test_is_refused_in_plain_words(self, text):
        with pytest.raises(BadRule, match=r"\w+ \w+"):
            Rule.parse(text)

    @pytest.mark.parametrize("text", ["3 wd", "10 cd", "6 m", "now"])
    def test_is_kept_as_plain_data(self, text):
        for rule in (Rule.parse(text), Rule.parse(text, clause="п. 4 порядка")):
            assert Rule.from_json(rule.to_json()) == rule

    def test_keeps_only_what_is_unusual(self):
        assert Rule.parse("3 wd").to_json() == {"number": 3, "unit": "wd"}
        assert Rule.parse("6 m", roll=False).to_json() == {"number": 6, "unit": "m", "roll": False}
        assert Rule.parse("now").to_json() == {"unit": "now"}

    @pytest.mark.parametrize(
        "value",
        [
            None,
            "3 wd",
            [],
            {},
            {"number": 3},
            {"number": True, "unit": "wd"},
            {"number": "3", "unit": "wd"},
            {"number": 3, "unit": "y"},
            {"number": 3, "unit": ["wd"]},
            {"number": 3, "unit": "wd", "roll": 1},
            {"number": 3, "unit": "wd", "clause": 4},
            {"number": 3, "unit": "now"},
            {"number": 3, "unit": "wd", "extra": 1},
        ],
    )
    def test_is_read_from_nothing_else(self, value):
        with pytest.raises(BadRule):
            Rule.from_json(value)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("1 wd", "1 рабочий день"),
            ("3 wd", "3 рабочих дня"),
            ("1 cd", "1 день"),
            ("10 cd", "10 дней"),
            ("1 m", "1 месяц"),
            ("6 m", "6 месяцев"),
            ("now", "немедленно"),
        ],
    )
    def test_is_said_as_people_say_it(self, text, words):
        assert Rule.parse(text).in_words() == words


class TestTooFar:
    @pytest.mark.parametrize("rule", ["3 wd", "3 cd", "1 m"])
    def test_is_refused_in_plain_words(self, rule):
        with pytest.raises(BadRule, match="9999"):
            deadline(rule, "31.12.9999")

    def test_is_refused_when_only_the_roll_goes_over(self):
        # 31.12.9999 is a Friday; this one makes it a day off.
        calendar = WorkingCalendar(days_off=frozenset({dt.date.max}))
        with pytest.raises(BadRule):
            deadline("1 cd", "30.12.9999", calendar=calendar)


class TestExplanation:
    @pytest.mark.parametrize(
        ("rule", "event", "more", "sentence"),
        [
            (
                "3 wd",
                "30.04.2026",
                {"clause": "п. 4 порядка"},
                "3 рабочих дня с 30.04.2026: не считаются 01–03.05 (праздник, выходные); срок — 06.05.2026, п. 4 порядка",
            ),
            ("3 wd", "12.05.2026", {}, "3 рабочих дня с 12.05.2026: срок — 15.05.2026"),
            (
                "1 wd",
                "30.12.2026",
                {},
                "1 рабочий день с 30.12.2026: не считаются 31.12–10.01.2027 (перенесённый выходной, праздники, выходные);"
                " срок — 11.01.2027",
            ),
            (
                "5 wd",
                "06.05.2026",
                {},
                "5 рабочих дней с 06.05.2026: не считаются 09–11.05 (праздник, выходной, перенесённый выходной);"
                " срок — 14.05.2026",
            ),
            (
                "10 cd",
                "29.04.2026",
                {"clause": "п. 2"},
                "10 дней с 29.04.2026: последний день 09.05.2026 — праздник, срок переходит на 12.05.2026"
                " (ГК ст. 193), п. 2",
            ),
            ("6 m", "09.11.2025", {"roll": False}, "6 месяцев с 09.11.2025: срок — 09.05.2026, не переносится"),
            ("now", "09.05.2026", {}, "немедленно: в день события, 09.05.2026"),
            (
                "3 wd",
                "29.02.2028",
                {},
                "3 рабочих дня с 29.02.2028: срок — 03.03.2028; предварительно: календарь на 2028 год ещё не утверждён",
            ),
            ("3 cd", "12.05.2026", {"extended_days": 3}, "3 дня с 12.05.2026 и ещё 3 дня: срок — 18.05.2026"),
            (
                "60 wd",
                "12.01.2026",
                {},
                "60 рабочих дней с 12.01.2026: не считаются выходные и праздники (всего 26); срок — 08.04.2026",
            ),
        ],
    )
    def test_lets_a_person_check_the_date(self, rule, event, more, sentence):
        assert deadline(rule, event, **more).explanation() == sentence

    @pytest.mark.parametrize(
        ("rule", "more", "short"),
        [
            ("3 wd", {}, "3 рабочих дня с 12.05.2026"),
            ("3 cd", {"extended_days": 3}, "3 дня с 12.05.2026 и ещё 3 дня"),
            ("now", {}, "немедленно"),
        ],
    )
    def test_has_a_beginning_that_stands_beside_the_date(self, rule, more, short):
        assert deadline(rule, "12.05.2026", **more).in_short() == short

    def test_names_days_off_of_a_region_and_of_an_agency(self):
        calendar = WorkingCalendar(
            days_off=frozenset({day("12.05.2026"), day("13.05.2026"), day("14.05.2026")}),
            years=frozenset({2026}),
            reasons={
                day("12.05.2026"): DayKind.REGIONAL,
                day("13.05.2026"): DayKind.AGENCY,
                day("14.05.2026"): DayKind.AGENCY,
            },
        )
        words = deadline("1 wd", "11.05.2026", calendar=calendar).explanation()
        assert "12–14.05 (выходной региона, выходные организации)" in words

    @settings(max_examples=200, deadline=None)
    @given(
        event=st.dates(dt.date(2023, 6, 1), dt.date(2029, 1, 1)),
        number=st.integers(1, 400),
        unit=st.sampled_from(["wd", "cd", "m"]),
        roll=st.booleans(),
    )
    def test_always_names_the_due_date(self, event, number, unit, roll):
        found = count(Rule.parse(f"{number} {unit}", roll=roll), event=event, calendar=CALENDAR)
        assert f"{found.due:%d.%m.%Y}" in found.explanation()
        assert ("предварительно" in found.explanation()) == found.provisional


class TestCalendar:
    def test_can_be_compared_hashed_and_sent_elsewhere(self):
        count(Rule.parse("3 wd"), event=day("30.04.2026"), calendar=CALENDAR)
        assert pickle.loads(pickle.dumps(CALENDAR)) == CALENDAR  # noqa: S301
        assert len({CALENDAR, NO_TABLE}) == 2

    def test_says_what_a_day_is(self):
        kinds = ["09.05.2026", "11.05.2026", "10.05.2026", "30.04.2026", "12.05.2026", "02.11.2024", "27.04.2024"]
        assert [CALENDAR.kind_of(day(text)).value for text in kinds] == [
            *("holiday", "moved_off", "weekend", "short", "working", "short", "working"),
        ]


# What follows is counted a second time, day by day and of the table itself.

EVENTS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
ONE_DAY = dt.timedelta(days=1)


def slow_working_days(event, number):
    found = event
    while number:
        found += ONE_DAY
        number -= tables.works(found)
    return found


def slow_roll(last):
    while not tables.works(last):
        last += ONE_DAY
    return last


def slow_months(event, number):
    """Walk month by month; then back from the day that does not exist."""
    year, month = event.year, event.month
    for _step in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number_of_day = event.day
    while True:
        try:
            return dt.date(year, month, number_of_day)
        except ValueError:
            number_of_day -= 1


class TestAgainstASlowCounter:
    @settings(max_examples=300, deadline=None)
    @given(event=EVENTS, number=st.integers(1, 240))
    def test_working_days(self, event, number):
        found = count(Rule.parse(f"{number} wd"), event=event, calendar=CALENDAR)
        assert found.due == slow_working_days(event, number)
        between = [event + ONE_DAY * step for step in range(1, (found.due - event).days)]
        assert found.skipped == tuple(each for each in between if not tables.works(each))
        assert not found.provisional

    @settings(max_examples=200, deadline=None)
    @given(event=EVENTS, number=st.integers(1, 330), roll=st.booleans())
    def test_calendar_days(self, event, number, roll):
        last = event + ONE_DAY * number
        found = count(Rule.parse(f"{number} cd", roll=roll), event=event, calendar=CALENDAR)
        assert found.due == (slow_roll(last) if roll else last)
        assert found.rolled_from == (last if found.due != last else None)

    @settings(max_examples=200, deadline=None)
    @given(event=EVENTS, number=st.integers(1, 11), roll=st.booleans())
    def test_months(self, event, number, roll):
        last = slow_months(event, number)
        found = count(Rule.parse(f"{number} m", roll=roll), event=event, calendar=CALENDAR)
        assert found.due == (slow_roll(last) if roll else last)

    @settings(max_examples=100, deadline=None)
    @given(anchor=EVENTS, n=st.integers(1, 4))
    def test_recurring_months(self, anchor, n):
        last = slow_months(anchor, 3 * n)
        assume(last.year < 2028)
        assert nth(Rule.parse("3 m"), n, anchor=anchor, calendar=CALENDAR).due == slow_roll(last)
