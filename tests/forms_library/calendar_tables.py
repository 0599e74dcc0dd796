"""The official calendars of 2024–2027 as domain.md E.1 has them, and files and counts made from them."""

import datetime as dt

HOLIDAYS = "01.01 02.01 03.01 04.01 05.01 06.01 07.01 08.01 23.02 08.03 01.05 09.05 12.06 04.11"
MOVED = {
    2024: "27.04>29.04 02.11>30.04 06.01>10.05 28.12>30.12 07.01>31.12",
    2025: "04.01>02.05 23.02>08.05 08.03>13.06 01.11>03.11 05.01>31.12",
    2026: "03.01>09.01 04.01>31.12 08.03>09.03 09.05>11.05",
    2027: "20.02>22.02 02.01>05.11 03.01>31.12 01.05>03.05 09.05>10.05 12.06>14.06",
}
WORKING_SATURDAYS = {2024: "27.04 02.11 28.12", 2025: "01.11", 2026: "", 2027: "20.02"}
SHORT = {
    2024: "22.02 07.03 08.05 11.06 02.11",
    2025: "07.03 30.04 11.06 01.11",
    2026: "30.04 08.05 11.06 03.11",
    2027: "20.02 30.04 11.06 03.11",
}
NUMBER_OF_WORKING_DAYS = {2024: 248, 2025: 247, 2026: 247, 2027: 247}
YEARS = tuple(NUMBER_OF_WORKING_DAYS)


def date(text, year):
    """Return the day that is written as «dd.mm»."""
    number, month = map(int, text.split("."))
    return dt.date(year, month, number)


def dates(text, year):
    """Return the days that are written as «dd.mm dd.mm»."""
    return {date(part, year) for part in text.split()}


def moves(year):
    """Return the moved days off and where they came from."""
    pairs = (move.split(">") for move in MOVED[year].split())
    return {date(day, year): date(moved_from, year) for moved_from, day in pairs}


def kinds(year):
    """Return the kind of every day that is not what its weekday suggests; one for a day."""
    return {
        **dict.fromkeys(dates(HOLIDAYS, year), "holiday"),
        **dict.fromkeys(moves(year), "moved_off"),
        **dict.fromkeys(dates(WORKING_SATURDAYS[year], year), "working"),
        **dict.fromkeys(dates(SHORT[year], year), "short"),
    }


def days_of(year):
    """Return every day of a year."""
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=number) for number in range((dt.date(year + 1, 1, 1) - first).days)]


def works(day):
    """Return whether people work on a day of 2024–2027, asked of the table itself and of nothing that is tested."""
    year = day.year
    if day in dates(WORKING_SATURDAYS[year], year):
        return True
    return day.weekday() < 5 and day not in dates(HOLIDAYS, year) and day not in moves(year)


def xml_of(year, *, leave_out=(), moved_from=True):
    """Return the calendar of a year as a file; `leave_out` names days «mm.dd» that it lacks."""
    types = {"holiday": 1, "moved_off": 1, "short": 2, "working": 3}
    rows = []
    for day, kind in sorted(kinds(year).items()):
        more = ' h="1"' if kind == "holiday" else ""
        if kind == "moved_off" and moved_from:
            more = f' f="{moves(year)[day]:%m.%d}"'
        if f"{day:%m.%d}" not in leave_out:
            rows.append(f'<day d="{day:%m.%d}" t="{types[kind]}"{more}/>')
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<calendar year="{year}" lang="ru" country="ru">'
        f'<holidays><holiday id="1" title="Праздник"/></holidays><days>{"".join(rows)}</days></calendar>'
    ).encode()
