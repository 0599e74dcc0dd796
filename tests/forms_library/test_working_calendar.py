"""The working calendar: the seed is the official one, and regions and agencies have days of their own."""

import datetime as dt

import holidays
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from forms_library.deadlines import DayKind
from forms_library.models import Agency, CalendarDay
from tests.forms_library import calendar_tables as tables

pytestmark = pytest.mark.django_db
VICTORY_BRIDGE = dt.date(2026, 5, 12)


@pytest.fixture
def calendar():
    return CalendarDay.objects.working_calendar()


def agency(code, region=""):
    return Agency.objects.create(code=code, name=code, short_name=code, kind="kcson", territory="Район", region=region)


def add(day, kind, **more):
    return CalendarDay.objects.create(day=day, kind=kind, act="Распоряжение № 1", **more)


class TestSeed:
    @pytest.mark.parametrize("year", tables.YEARS)
    def test_is_the_official_table(self, year):
        rows = CalendarDay.objects.of_year(year).values_list("day", "kind")
        assert dict(rows) == tables.kinds(year)
        assert len(rows) == len(tables.kinds(year))

    @pytest.mark.parametrize("year", tables.YEARS)
    def test_has_the_official_number_of_working_days(self, calendar, year):
        number = sum(calendar.is_working(day) for day in tables.days_of(year))
        assert number == tables.NUMBER_OF_WORKING_DAYS[year]

    @pytest.mark.parametrize("year", tables.YEARS)
    def test_knows_the_short_days(self, calendar, year):
        assert {day for day in calendar.short_days if day.year == year} == tables.dates(tables.SHORT[year], year)

    @pytest.mark.parametrize("year", tables.YEARS)
    def test_knows_where_days_off_were_moved_from(self, year):
        rows = CalendarDay.objects.of_year(year).exclude(moved_from=None).values_list("day", "moved_from")
        assert dict(rows) == tables.moves(year)

    @pytest.mark.parametrize("year", tables.YEARS)
    def test_agrees_with_the_package_holidays(self, calendar, year):
        theirs = holidays.country_holidays("RU", years=year)
        unlike = [day for day in tables.days_of(year) if calendar.is_working(day) != theirs.is_working_day(day)]
        assert unlike == []

    def test_names_the_act_of_every_day(self):
        assert not CalendarDay.objects.filter(act="").exists()
        assert set(CalendarDay.objects.filter(day=dt.date(2024, 11, 2)).values_list("act", flat=True)) == {
            "Постановление Правительства РФ от 10.08.2023 № 1314; ТК РФ, статья 95"
        }

    def test_is_loaded_for_four_years(self, calendar):
        assert calendar.years == {2024, 2025, 2026, 2027}


class TestYears:
    def test_begun_by_hand_are_not_loaded_yet(self):
        add(dt.date(2028, 1, 1), "holiday")
        assert 2028 not in CalendarDay.objects.working_calendar().years

    def test_are_loaded_by_federal_days_only(self):
        for number in range(1, 15):
            add(dt.date(2028, 1, number), "holiday", region="Томская область")
        assert 2028 not in CalendarDay.objects.working_calendar(agency("t", "Томская область")).years


class TestScopes:
    def test_of_a_region_apply_to_its_agencies_only(self):
        add(VICTORY_BRIDGE, "holiday", region="Томская область")
        tomsk = CalendarDay.objects.working_calendar(agency("t", "Томская область"))
        assert tomsk.kind_of(VICTORY_BRIDGE) == DayKind.REGIONAL
        for other in (None, agency("n", "Новосибирская область"), agency("x")):
            assert CalendarDay.objects.working_calendar(other).is_working(VICTORY_BRIDGE)

    def test_of_an_agency_apply_to_it_only(self):
        mine = agency("mine", "Томская область")
        add(VICTORY_BRIDGE, "moved_off", agency=mine)
        assert CalendarDay.objects.working_calendar(mine).kind_of(VICTORY_BRIDGE) == DayKind.AGENCY
        for other in (None, agency("other", "Томская область")):
            assert CalendarDay.objects.working_calendar(other).is_working(VICTORY_BRIDGE)

    def test_stand_before_the_wider_one(self):
        mine = agency("mine", "Томская область")
        add(dt.date(2026, 12, 31), "working", agency=mine)
        add(dt.date(2026, 5, 9), "short", region="Томская область")
        add(VICTORY_BRIDGE, "holiday", region="Томская область")
        add(VICTORY_BRIDGE, "short", agency=mine)
        calendar = CalendarDay.objects.working_calendar(mine)
        assert calendar.is_working(dt.date(2026, 12, 31))
        assert calendar.kind_of(dt.date(2026, 5, 9)) == DayKind.SHORT
        assert calendar.kind_of(VICTORY_BRIDGE) == DayKind.SHORT
        assert not CalendarDay.objects.working_calendar().is_working(dt.date(2026, 12, 31))

    def test_of_many_agencies_are_read_at_once(self):
        mine, other = agency("mine", "Томская область"), agency("other")
        add(VICTORY_BRIDGE, "holiday", region="Томская область")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            calendars = CalendarDay.objects.calendars()
            assert not calendars.of(mine).is_working(VICTORY_BRIDGE)
            assert calendars.of(other).is_working(VICTORY_BRIDGE)
            assert calendars.of(other) is calendars.of(None)
        assert len(queries) == 1
        assert calendars.of(mine) == CalendarDay.objects.working_calendar(mine)


class TestRows:
    @pytest.mark.parametrize(
        "row",
        [
            {"day": dt.date(2026, 5, 9), "kind": "short"},
            {"day": VICTORY_BRIDGE, "kind": "holiday", "act": ""},
            {"day": VICTORY_BRIDGE, "kind": "holiday", "region": "Томская область", "agency": True},
            {"day": VICTORY_BRIDGE, "kind": "holiday", "moved_from": dt.date(2026, 5, 2)},
        ],
        ids=["twice", "no-act", "region-and-agency", "holiday-moved"],
    )
    def test_that_contradict_themselves_are_refused(self, row):
        if "agency" in row:
            row = {**row, "agency": agency("mine")}
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarDay.objects.create(**{"act": "Закон", **row})

    @pytest.mark.parametrize("scope", ["region", "agency"])
    def test_stand_once_for_a_day_and_a_scope(self, scope):
        value = agency("mine") if scope == "agency" else "Томская область"
        add(dt.date(2026, 5, 9), "working", **{scope: value})
        with pytest.raises(IntegrityError), transaction.atomic():
            add(dt.date(2026, 5, 9), "holiday", **{scope: value})
