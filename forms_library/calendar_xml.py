"""The calendar of a year as a file: the XML of the open «xmlcalendar» tables. Pure: bytes in, a table out.

`<day d="MM.DD" t="…"/>`: t=1 is a day off (with h a holiday, with f moved from another day), t=2 a short working day of
any weekday, t=3 a working weekend day. Some tables name only where a day off was moved from: then people work on it.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from forms_library.working_calendar import SATURDAY

MAX_BYTES = 64 * 1024
FIRST_YEAR, LAST_YEAR = 1992, 2100
HOLIDAY, MOVED_OFF, WORKING, SHORT = "holiday", "moved_off", "working", "short"
_MONTH_AND_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")


class BadCalendar(ValueError):
    """The file is no calendar of a year; the words say what is wrong with it."""


@dataclass(frozen=True)
class TableDay:
    """What a table says of one day."""

    kind: str
    moved_from: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class YearTable:
    """The days of a year that are not what their weekday suggests."""

    year: int
    days: Mapping[dt.date, TableDay] = field(default_factory=dict)


def read_calendar(data: bytes) -> YearTable:
    """Return the table in a file. Raises `BadCalendar` for anything else, never opens what the file points to."""
    root = _root(data)
    if root.tag != "calendar":
        raise BadCalendar(_("This is not a calendar: the file has no “calendar” in it."))
    if root.get("country", "ru").lower() != "ru":
        raise BadCalendar(_("This is the calendar of another country: %(country)s.") % {"country": root.get("country")})
    year = _year(root.get("year", ""))
    holidays = {each.get("id") for each in root.iterfind("holidays/holiday")}
    days: dict[dt.date, TableDay] = {}
    seen: set[dt.date] = set()
    for element in root.iterfind("days/day"):
        day = _day(element.get("d", ""), year)
        if day in seen:
            raise BadCalendar(_("The day %(day)s stands in the file twice.") % {"day": _written(day)})
        seen.add(day)
        found = _table_day(element, day, holidays)
        if found:
            days[day] = found
    if not any(found.kind == HOLIDAY for found in days.values()):
        raise BadCalendar(_("There is not a single holiday in this file. It is not the calendar of a year."))
    return YearTable(year=year, days=days | _worked_instead(days, seen))


def _root(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise BadCalendar(
            _("The file is too big for a calendar: it may have %(size)s KB.") % {"size": MAX_BYTES // 1024}
        )
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadCalendar(_("The file holds definitions (DTD, entities) that a calendar does not need.")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise BadCalendar(_("The file cannot be read as XML. Download the calendar.xml of the year anew.")) from error


def _year(text: str) -> int:
    if not _YEAR.fullmatch(text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise BadCalendar(
            _("The file does not say of which year it is: from %(first)s to %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return int(text)


def _day(text: str, year: int) -> dt.date:
    found = _MONTH_AND_DAY.fullmatch(text)
    try:
        if found:
            return dt.date(year, int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise BadCalendar(_("“%(text)s” is no day of the year %(year)s.") % {"text": text[:20], "year": year})


def _table_day(element: Any, day: dt.date, holidays: set[str | None]) -> TableDay | None:
    """Return what the file says of a day; `None` for an ordinary working day, which needs no row."""
    kind, holiday, moved_from = element.get("t", ""), element.get("h"), element.get("f")
    if holiday is not None and holiday not in holidays:
        raise BadCalendar(_("The day %(day)s has a holiday that the file does not name.") % {"day": _written(day)})
    match kind:
        case "1" if holiday is not None:
            return TableDay(HOLIDAY)
        case "1":
            return TableDay(MOVED_OFF, _day(moved_from, day.year) if moved_from else None)
        case "2":
            return TableDay(SHORT)
        case "3":
            return TableDay(WORKING) if _is_weekend(day) else None
    raise BadCalendar(
        _("The day %(day)s is of an unknown kind, “%(kind)s”: it may be 1, 2 or 3.")
        % {"day": _written(day), "kind": kind[:20]}
    )


def _worked_instead(days: Mapping[dt.date, TableDay], seen: set[dt.date]) -> dict[dt.date, TableDay]:
    """Return the weekend days that were moved elsewhere and have no row of their own: people work then."""
    moved = {found.moved_from for found in days.values() if found.moved_from}
    return {day: TableDay(WORKING) for day in sorted(moved - seen) if _is_weekend(day)}


def _is_weekend(day: dt.date) -> bool:
    return day.weekday() >= SATURDAY


def _written(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"
