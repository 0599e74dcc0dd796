"""Answers as a rule sees them, what its functions make of them, and how a result is kept again.

An answer that is missing, empty, of the wrong shape or out of all bounds is unknown: None. Nothing here ever raises.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from forms_library.deadlines import months_after
from forms_library.schema import Kind, Question

Value = Any
"""A bool, int, Decimal, date, datetime, text, tuple of texts or tuple of rows; None when it is not known."""
LIMIT = 10**15
MAX_TEXT = 2000
FIRST_YEAR, LAST_YEAR = 1900, 2200
MAX_DAYS = (LAST_YEAR - FIRST_YEAR + 1) * 366
MONTHS_IN_A_YEAR = 12
KOPECKS = Decimal("0.01")
_MONEY = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")


def bounded(value: Any) -> Value:
    """Return the value, or None when it is bigger, earlier or later than any paper needs."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return value if -LIMIT <= value <= LIMIT else None
    if isinstance(value, dt.date):
        return value if FIRST_YEAR <= value.year <= LAST_YEAR else None
    return value


def from_answer(kind: Kind, answer: Any) -> Value:
    """Return a kept answer of a question that is no table as a value."""
    return bounded(_READERS.get(kind, _text)(answer))


def to_answer(value: Value, kind: Kind | None) -> Any:
    """Return a result as the plain answer that is kept; money always has its kopecks."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal) or (isinstance(value, int) and kind == Kind.MONEY):
        return f"{Decimal(value).quantize(KOPECKS, ROUND_HALF_UP):f}"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, int | str) else None


def in_text(value: Value) -> str:
    """Return a value as it reads inside of a sentence."""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, dt.datetime):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, Decimal):
        return f"{value.quantize(KOPECKS, ROUND_HALF_UP):f}".replace(".", ",")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _text(answer: Any) -> Value:
    return answer.strip() or None if isinstance(answer, str) else None


def _day(answer: Any) -> Value:
    moment = _moment(answer)
    return moment and moment.date()


def _moment(answer: Any) -> Value:
    try:
        moment = dt.datetime.fromisoformat(answer)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is None else None


def _money(answer: Any) -> Value:
    return Decimal(answer) if isinstance(answer, str) and _MONEY.fullmatch(answer) else None


def _whole(answer: Any) -> Value:
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None


def _flag(answer: Any) -> Value:
    return answer if isinstance(answer, bool) else None


def _texts(answer: Any) -> Value:
    texts = tuple(_text(item) for item in answer) if isinstance(answer, list) else ()
    return texts if texts and all(texts) else None


def _name(answer: Any) -> Value:
    return _text(answer.get("name")) if isinstance(answer, Mapping) else None


def _names(answer: Any) -> Value:
    return _texts([_name(item) for item in answer]) if isinstance(answer, list) else None


_READERS: dict[Kind, Callable[[Any], Value]] = {
    Kind.DATE: _day,
    Kind.BIRTH_DATE: _day,
    Kind.DATE_TIME: _moment,
    Kind.INTEGER: _whole,
    Kind.MONEY: _money,
    Kind.YES_NO: _flag,
    Kind.CHOICES: _texts,
    Kind.AGENCY: _name,
    Kind.PERSON: _name,
    Kind.SIGNATURE: _name,
    Kind.ATTACHMENT: _names,
    Kind.DOCUMENT: _names,
}


def as_day(value: Value) -> dt.date | None:
    """Return the day of a date or a date-time."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def age(born: dt.date, on: dt.date) -> int | None:
    """Return the full years on a day; somebody born on the 29th of February grows older on the 1st of March."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years if years >= 0 else None


def days(start: dt.date, end: dt.date) -> int:
    """Return how many days `end` is after `start`."""
    return (end - start).days


def months(start: dt.date, end: dt.date) -> int:
    """Return how many full months `end` is after `start`, counted as terms are (ГК ст. 192 п. 3)."""
    if end < start:
        return -months(end, start)
    number = (end.year - start.year) * MONTHS_IN_A_YEAR + end.month - start.month
    return number - (months_after(start, number) > end)


def minutes(start: dt.datetime, end: dt.datetime) -> int:
    """Return how many full minutes `end` is after `start`."""
    return int((end - start).total_seconds() / 60)


def add_days(day: dt.date, number: int) -> dt.date | None:
    """Return the day that many days later."""
    return bounded(day + dt.timedelta(days=number)) if abs(number) <= MAX_DAYS else None


def add_months(day: dt.date, number: int) -> dt.date | None:
    """Return the same day that many months later, or the last day of that month (ГК ст. 192 п. 3)."""
    return bounded(months_after(day, number)) if abs(number) <= MAX_DAYS // 31 else None


def score(checklist: Question, rows: Value, scale: str | None = None) -> int | None:
    """Return the weights of the items with the first mark (of one scale, or of all); None until anything is marked."""
    marks = [row.get("mark") for row in rows or ()]
    items = [
        (item.weight, mark)
        for item, mark in zip(checklist.rows, marks, strict=False)
        if scale is None or item.scale == scale
    ]
    if not any(mark for _weight, mark in items):
        return None
    first = checklist.cells[0].choices[0]
    return sum(weight for weight, mark in items if mark == first)


def level(checklist: Question, rows: Value, scale: str | None = None) -> str | None:
    """Return the level of the highest threshold that the score reaches, "" below all of them."""
    reached = score(checklist, rows, scale)
    if reached is None:
        return None
    thresholds = [item for item in checklist.thresholds if item.scale == (scale or "") and item.at_least <= reached]
    return max(thresholds, key=lambda item: item.at_least).level if thresholds else ""
