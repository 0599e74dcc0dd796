"""Numbers, sums and dates as papers say them: «двенадцать», «сто рублей 50 копеек», «5 марта 2026 г.».

Takes what people type and what printed answers hold; what is no number, sum or date stays as it is, and nothing raises.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from num2words import num2words

MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_ROUBLES = ("рубль", "рубля", "рублей")
_KOPECKS = ("копейка", "копейки", "копеек")
_SPACES = re.compile(r"\s+")
_WHOLE = re.compile(r"[-−]?\d{1,15}", re.ASCII)
_SUM = re.compile(r"[-−]?\d{1,15}(?:[.,]\d{1,2})?", re.ASCII)
_DATE = re.compile(r"(?:(\d{2})\.(\d{2})\.(\d{4})|(\d{4}-\d{2}-\d{2}))(?:,? |T)?(\d{2}:\d{2})?", re.ASCII)
_GENDERS = {"м": "m", "ж": "f", "с": "n"}


def number_in_words(text: str, gender: str = "м") -> str:
    """Return a whole number in words: «двадцать один», with «ж» «двадцать одна», with «с» «двадцать одно»."""
    digits = _SPACES.sub("", text)
    if not _WHOLE.fullmatch(digits):
        return text
    return _in_words(int(digits.replace("−", "-")), _GENDERS.get(gender, "m"))


def money(text: str) -> str:
    """Return a sum as papers write it: «12 345,50»."""
    amount = _amount(text)
    return text if amount is None else f"{amount:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def money_in_words(text: str) -> str:
    """Return a sum in words, kopecks in digits: «двенадцать тысяч триста сорок пять рублей 50 копеек»."""
    amount = _amount(text)
    if amount is None:
        return text
    roubles, kopecks = divmod(int(abs(amount) * 100), 100)
    minus = "минус " if amount < 0 else ""
    words = f"{minus}{_in_words(roubles)} {_counted(roubles, _ROUBLES)}"
    return f"{words} {kopecks:02d}\N{NO-BREAK SPACE}{_counted(kopecks, _KOPECKS)}"


def date_in_words(text: str) -> str:
    """Return a date with its month in words: «5 марта 2026 г.»; a time after it stays."""
    found = _date(text)
    if found is None:
        return text
    day, rest = found
    return f"{day.day}\N{NO-BREAK SPACE}{MONTHS[day.month - 1]} {day.year}\N{NO-BREAK SPACE}г.{rest}"


def date_spelled(text: str) -> str:
    """Return a date wholly in words: «пятое марта две тысячи двадцать шестого года»; a time after it stays."""
    found = _date(text)
    if found is None:
        return text
    day, rest = found
    number = num2words(day.day, lang="ru", to="ordinal", gender="n")
    year = num2words(day.year, lang="ru", to="ordinal", case="g")
    return f"{number} {MONTHS[day.month - 1]} {year} года{rest}"


def _in_words(number: int, gender: str = "m") -> str:
    return num2words(number, lang="ru", gender=gender)


def _counted(number: int, forms: tuple[str, str, str]) -> str:
    """Return the form of a noun that goes with a number: 1 рубль, 2 рубля, 5 рублей."""
    if 10 < number % 100 < 20:
        return forms[2]
    return forms[{1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)]


def _amount(text: str) -> Decimal | None:
    digits = _SPACES.sub("", text)
    if not _SUM.fullmatch(digits):
        return None
    try:
        return Decimal(digits.replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None


def _date(text: str) -> tuple[dt.date, str] | None:
    """Return a date and the time after it, with the comma before it; `None` when the text is nothing but words."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        day = dt.date.fromisoformat(found[4]) if found[4] else dt.date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return day, f", {found[5]}" if found[5] else ""
