"""When somebody answers: pure, no database, the moment is given."""

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from portal.opening_hours import moscow_offset, opening_state, weekly_rows


class Hours(NamedTuple):
    weekday: int
    opens_at: dt.time
    closes_at: dt.time


WITH_LUNCH = [
    stretch
    for day in range(5)
    for stretch in (Hours(day, dt.time(14), dt.time(18)), Hours(day, dt.time(9), dt.time(13)))
]
ROUND_THE_WEEK = [Hours(day, dt.time(0), dt.time(23, 59)) for day in range(7)]
MONDAY, FRIDAY, SATURDAY, SUNDAY = (dt.date(2026, 3, day) for day in (2, 6, 7, 8))


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute))


class TestOpeningState:
    def test_it_is_open_inside_a_stretch_and_says_until_when(self):
        state = opening_state(WITH_LUNCH, at(MONDAY, 10))
        assert state.is_open
        assert state.closes_at == dt.time(13)
        assert "13:00" in state.sentence

    def test_lunch_is_closed_and_opens_the_same_day(self):
        state = opening_state(WITH_LUNCH, at(MONDAY, 13, 30))
        assert not state.is_open
        assert state.opens_next == at(MONDAY, 14)

    @pytest.mark.parametrize(("hour", "is_open"), [(8, False), (9, True), (13, False), (14, True), (18, False)])
    def test_the_opening_minute_is_open_and_the_closing_minute_is_not(self, hour, is_open):
        assert opening_state(WITH_LUNCH, at(MONDAY, hour)).is_open is is_open

    def test_sunday_waits_for_monday(self):
        state = opening_state(WITH_LUNCH, at(SUNDAY, 12))
        assert not state.is_open
        assert state.hours_today == ""
        assert state.opens_next == at(SUNDAY + dt.timedelta(days=1), 9)

    def test_friday_night_waits_for_monday(self):
        assert opening_state(WITH_LUNCH, at(FRIDAY, 23)).opens_next == at(FRIDAY + dt.timedelta(days=3), 9)

    def test_a_holiday_is_closed_and_the_next_working_day_opens(self):
        state = opening_state(WITH_LUNCH, at(MONDAY, 10), days_off={MONDAY})
        assert not state.is_open
        assert state.opens_next == at(MONDAY + dt.timedelta(days=1), 9)

    def test_long_holidays_name_the_date(self):
        holidays = {MONDAY + dt.timedelta(days=day) for day in range(8)}
        state = opening_state(WITH_LUNCH, at(MONDAY, 10), days_off=holidays)
        assert state.opens_next == at(dt.date(2026, 3, 10), 9)
        assert "10.03" in state.sentence

    def test_a_desk_that_works_all_seven_days_has_no_holidays(self):
        assert opening_state(ROUND_THE_WEEK, at(MONDAY, 3), days_off={MONDAY}).is_open

    def test_without_hours_nothing_is_promised(self):
        state = opening_state([], at(MONDAY, 10))
        assert not state.is_open
        assert state.opens_next is None
        assert state.sentence == ""

    def test_the_same_moment_is_another_time_in_another_zone(self):
        moment = dt.datetime(2026, 3, 2, 2, 30, tzinfo=dt.UTC)
        there = moment.astimezone(ZoneInfo("Asia/Novosibirsk"))
        in_moscow = moment.astimezone(ZoneInfo("Europe/Moscow"))
        assert opening_state(WITH_LUNCH, there).is_open
        assert not opening_state(WITH_LUNCH, in_moscow).is_open

    @pytest.mark.parametrize("day", range(7))
    def test_every_day_of_the_week_has_a_sentence(self, day):
        hours = [Hours(day, dt.time(9), dt.time(10))]
        for ahead in range(7):
            assert "9:00" in opening_state(hours, at(MONDAY + dt.timedelta(days=ahead), 11)).sentence


class TestWeeklyRows:
    def test_neighbouring_days_with_the_same_hours_share_a_line(self):
        rows = weekly_rows(WITH_LUNCH)
        assert [row.hours for row in rows] == ["9:00–13:00, 14:00–18:00", ""]

    def test_no_hours_make_no_table(self):
        assert weekly_rows([]) == []


class TestMoscowOffset:
    MOMENT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)

    def test_a_clock_east_of_moscow_is_ahead(self):
        assert moscow_offset("Asia/Novosibirsk", self.MOMENT).endswith("+4")

    def test_a_clock_west_of_moscow_is_behind(self):
        assert moscow_offset("Europe/Kaliningrad", self.MOMENT).endswith("-1")

    def test_moscow_has_no_offset(self):
        assert not moscow_offset("Europe/Moscow", self.MOMENT).endswith("0")
