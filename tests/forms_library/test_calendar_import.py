"""The calendar of a year comes in as a file: safely, shown first, and applied as a whole."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from forms_library import calendar_changes
from forms_library.actions.calendar import ChangedMeanwhile, NoAct, calendar_difference, import_calendar
from forms_library.calendar_xml import MAX_BYTES, BadCalendar, TableDay, read_calendar
from forms_library.models import Agency, CalendarDay
from tests.forms_library import calendar_tables as tables

ACT = "Постановление от 01.10.2027 № 1"
AT = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    b'<calendar year="2026">&y;</calendar>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><calendar year="2026">&x;</calendar>'
)


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(calendar_changes, "_listeners", [])
    found = []
    calendar_changes.on_change(lambda days, *, at, actor: found.append((days, at, actor)))
    return found


def calendar(days, *, year="2028", holidays='<holiday id="1" title="Праздник"/>', root="calendar", more=""):
    return (f'<{root} year="{year}" {more}><holidays>{holidays}</holidays><days>{days}</days></{root}>').encode()


def apply(data, **more):
    return import_calendar(table=read_calendar(data), **{"act": ACT, "actor": None, "at": AT, **more})


class TestFile:
    @pytest.mark.parametrize("year", tables.YEARS)
    @pytest.mark.parametrize("moved_from", [True, False])
    def test_is_read_as_it_is_published(self, year, moved_from):
        table = read_calendar(tables.xml_of(year, moved_from=moved_from))
        assert (table.year, {day: found.kind for day, found in table.days.items()}) == (year, tables.kinds(year))
        assert {day: found.moved_from for day, found in table.days.items() if found.moved_from} == (
            tables.moves(year) if moved_from else {}
        )

    def test_may_name_only_where_a_day_off_was_moved_from(self):
        table = read_calendar(tables.xml_of(2024, leave_out={"04.27", "12.28"}))
        assert table.days == read_calendar(tables.xml_of(2024)).days

    def test_says_a_short_saturday_is_worked(self):
        assert read_calendar(tables.xml_of(2027)).days[dt.date(2027, 2, 20)] == TableDay("short")

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"not xml",
            b"\x00\xff\xfe",
            b"<calendar",
            BOMB,
            OUTSIDE,
            b"<!DOCTYPE calendar>" + calendar('<day d="01.01" t="1" h="1"/>'),
            b'<?xml version="1.0" encoding="unknown-1"?><calendar/>',
            calendar('<day d="01.01" t="1" h="1"/>', root="almanac"),
            calendar('<day d="01.01" t="1" h="1"/>', year=""),
            calendar('<day d="01.01" t="1" h="1"/>', year="99999"),
            calendar('<day d="01.01" t="1" h="1"/>', year="0000"),
            calendar('<day d="01.01" t="1" h="1"/>', more='country="kz"'),
            calendar('<day d="01.01" t="1" h="2"/>'),
            calendar('<day d="02.30" t="1" h="1"/>'),
            calendar('<day d="31.12" t="1" h="1"/>'),
            calendar('<day t="1" h="1"/>'),
            calendar('<day d="01.01" t="4"/>'),
            calendar('<day d="01.01"/>'),
            calendar('<day d="01.01" t="1" h="1"/><day d="05.10" t="1" f="13.01"/>'),
            calendar('<day d="01.01" t="1" h="1"/><day d="01.01" t="1" h="1"/>'),
            calendar('<day d="01.09" t="1"/>'),
            calendar(""),
            calendar('<day d="01.01" t="1" h="1"/>' + " " * MAX_BYTES),
        ],
    )
    def test_that_is_no_calendar_is_refused_in_plain_words(self, data):
        with pytest.raises(BadCalendar, match=r"\w+ \w+"):
            read_calendar(data)


@pytest.mark.django_db
class TestDifference:
    @pytest.mark.parametrize("year", tables.YEARS)
    @pytest.mark.parametrize("moved_from", [True, False])
    def test_is_empty_for_the_official_tables(self, year, moved_from):
        assert calendar_difference(read_calendar(tables.xml_of(year, moved_from=moved_from))).changes == ()

    def test_tells_what_is_added_changed_and_removed(self):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        CalendarDay.objects.filter(day=dt.date(2026, 12, 31)).update(moved_from=dt.date(2026, 1, 10))
        CalendarDay.objects.create(day=dt.date(2026, 5, 12), kind="holiday", act="Слух")
        found = calendar_difference(read_calendar(tables.xml_of(2026)))
        assert [change.day for change in found.added] == [dt.date(2026, 5, 8)]
        assert [change.day for change in found.changed] == [dt.date(2026, 12, 31)]
        assert [change.day for change in found.removed] == [dt.date(2026, 5, 12)]


@pytest.mark.django_db
class TestImport:
    def new_year(self):
        return calendar(
            "".join(f'<day d="01.{number:02}" t="1" h="1"/>' for number in range(1, 11))
            + '<day d="02.22" t="2"/><day d="02.26" t="3"/><day d="05.05" t="1" f="02.26"/>'
        )

    def test_makes_the_calendar_what_the_file_says(self):
        apply(self.new_year())
        found = CalendarDay.objects.working_calendar()
        assert 2028 in found.years
        assert found.is_working(dt.date(2028, 2, 26))
        assert not found.is_working(dt.date(2028, 5, 5))
        assert calendar_difference(read_calendar(self.new_year())).changes == ()

    def test_names_the_act_on_changed_days_only(self):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        apply(tables.xml_of(2026))
        assert list(CalendarDay.objects.filter(act=ACT).values_list("day", flat=True)) == [dt.date(2026, 5, 8)]

    def test_leaves_the_days_of_agencies_and_regions(self):
        agency = Agency.objects.create(code="a", name="a", short_name="a", kind="kcson", territory="Район")
        for scope in ({"agency": agency}, {"region": "Томская область"}):
            CalendarDay.objects.create(day=dt.date(2026, 5, 12), kind="holiday", act="Приказ", **scope)
        apply(tables.xml_of(2026))
        assert CalendarDay.objects.filter(day=dt.date(2026, 5, 12)).count() == 2

    def test_is_heard_once_with_every_changed_day(self, heard):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        CalendarDay.objects.create(day=dt.date(2026, 5, 12), kind="holiday", act="Слух")
        apply(tables.xml_of(2026))
        assert heard == [({dt.date(2026, 5, 8), dt.date(2026, 5, 12)}, AT, None)]

    def test_that_changes_nothing_is_no_news(self, heard):
        apply(tables.xml_of(2026))
        assert heard == []
        assert not ModelLogEntry.objects.exists()

    def test_changes_nothing_when_a_listener_fails(self, heard):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()

        def fail(days, *, at, actor):
            raise RuntimeError

        calendar_changes.on_change(fail)
        with pytest.raises(RuntimeError):
            apply(tables.xml_of(2026))
        assert not CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).exists()

    def test_leaves_a_line_for_every_day(self):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        CalendarDay.objects.create(day=dt.date(2026, 5, 12), kind="holiday", act="Слух")
        apply(tables.xml_of(2026))
        assert sorted(ModelLogEntry.objects.values_list("action", flat=True)) == [
            "forms_library.import_calendar",
            "wagtail.delete",
        ]

    def test_without_an_act_is_refused(self):
        with pytest.raises(NoAct):
            apply(tables.xml_of(2026), act="  ")

    def test_of_differences_that_were_not_shown_is_refused(self):
        shown = calendar_difference(read_calendar(self.new_year())).fingerprint()
        CalendarDay.objects.create(day=dt.date(2028, 1, 1), kind="holiday", act="Закон")
        with pytest.raises(ChangedMeanwhile):
            apply(self.new_year(), shown=shown)
        assert CalendarDay.objects.of_year(2028).count() == 1


@pytest.mark.django_db
class TestCommand:
    def told(self, path, **options):
        out = io.StringIO()
        call_command("import_calendar", str(path), stdout=out, **options)
        return out.getvalue()

    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "calendar.xml"
        path.write_bytes(tables.xml_of(2026))
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        return path

    def test_imports_by_an_act(self, file):
        assert self.told(file, act=ACT).startswith("+ 08.05.2026")
        assert CalendarDay.objects.get(day=dt.date(2026, 5, 8)).act == ACT

    def test_only_tells_on_a_dry_run(self, file):
        assert self.told(file, dry_run=True).startswith("+ 08.05.2026")
        assert not CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).exists()

    def test_says_so_when_nothing_changes(self, file):
        apply(tables.xml_of(2026), at=timezone.now())
        assert "2026" in self.told(file, act=ACT)

    @pytest.mark.parametrize("options", [{}, {"act": " "}, {"act": ACT, "actor": "nobody@example.org"}])
    def test_refuses_without_an_act_or_with_a_stranger(self, file, options):
        with pytest.raises(CommandError):
            self.told(file, **options)
        assert not CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).exists()

    def test_refuses_what_is_no_calendar(self, tmp_path):
        path = tmp_path / "x.xml"
        for data in (BOMB, b"no"):
            path.write_bytes(data)
            with pytest.raises(CommandError):
                self.told(path, act=ACT)
        with pytest.raises(CommandError):
            self.told(tmp_path / "absent.xml", act=ACT)
        with pytest.raises(CommandError):
            self.told(tmp_path, act=ACT)
