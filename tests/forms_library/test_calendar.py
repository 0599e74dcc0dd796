"""The working calendar of 2024–2027 agrees with the official number of working days."""

import datetime as dt

import pytest

from forms_library.deadlines import working_days_after
from forms_library.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    return CalendarDay.objects.working_calendar()


def days_of(year):
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=number) for number in range((dt.date(year + 1, 1, 1) - first).days)]


class TestWorkingYear:
    @pytest.mark.parametrize(("year", "working_days"), [(2024, 248), (2025, 247), (2026, 247), (2027, 247)])
    def test_has_the_official_number_of_working_days(self, calendar, year, working_days):
        assert sum(calendar.is_working(day) for day in days_of(year)) == working_days

    @pytest.mark.parametrize("day", ["2024-04-27", "2024-11-02", "2024-12-28", "2025-11-01", "2027-02-20"])
    def test_counts_a_working_saturday(self, calendar, day):
        assert calendar.is_working(dt.date.fromisoformat(day))

    @pytest.mark.parametrize("day", ["2024-12-30", "2025-05-02", "2026-01-09", "2026-05-11", "2027-06-14"])
    def test_leaves_out_a_moved_day_off(self, calendar, day):
        assert not calendar.is_working(dt.date.fromisoformat(day))

    @pytest.mark.parametrize("day", ["2025-02-24", "2025-03-10", "2026-04-30"])
    def test_counts_days_that_only_look_like_days_off(self, calendar, day):
        assert calendar.is_working(dt.date.fromisoformat(day))


class TestDeadlines:
    def test_pass_over_the_new_year_holidays(self, calendar):
        deadline = working_days_after(dt.date(2026, 12, 30), 1, calendar=calendar)
        assert deadline.due == dt.date(2027, 1, 11)
        assert not deadline.provisional

    def test_in_a_year_without_a_table_are_provisional(self, calendar):
        assert working_days_after(dt.date(2028, 3, 1), 1, calendar=calendar).provisional


class TestRows:
    def test_name_the_act_they_rest_on(self):
        assert not CalendarDay.objects.filter(act="").exists()

    def test_never_call_one_day_both_working_and_off(self):
        working = CalendarDay.objects.filter(kind=CalendarDay.Kind.WORKING).values("day")
        assert not CalendarDay.objects.filter(kind__in=CalendarDay.OFF_KINDS, day__in=working).exists()
