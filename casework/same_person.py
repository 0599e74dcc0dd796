"""Is this the same child? Names as people type them, birth dates, SNILS. No database, no clock.

A name becomes a row of plain letters that is the same whichever way it was typed: «ё» or «е», capital or small, with a hyphen or
a space, in Cyrillic or in Latin letters by any of the usual schemes (passport, ISO 9, everyday). Parts are compared without their
order. The patronymic may be missing on one side. Nothing is guessed beyond that: a surname with a slip in it is another surname.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LONGEST_KEY = 250
MOST_PARTS = 8
"""No name has more; more would only make more keys."""

_CYRILLIC = str.maketrans("абвгдезийклмнопрстуфыэіїєґўәөүұңқғ", "abvgdeziiklmnoprstufieiieguaouunkg") | str.maketrans(
    {
        "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia",
        "җ": "zh", "һ": "h",
    }
)  # fmt: skip
_LATIN = {"ž": "zh", "š": "sh", "ŝ": "sh", "č": "ch", "â": "ia", "û": "iu", "ı": "i"}
_LETTERS = _CYRILLIC | str.maketrans(_LATIN)
_LOOK_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_SCHEMES = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("shch|sch|shh", "sh"),
        ("tch", "ch"),
        ("kh", "h"),
        ("ph", "f"),
        ("x", "ks"),
        ("w", "v"),
        ("cz|tz|tc(?!h)", "ts"),
        ("c(?=[aoutrlk])", "k"),
        ("c(?!h)", "ts"),
        ("[yj]", "i"),
        (r"(.)\1+", r"\1"),  # Анна and Ana, Наталия (iia) and Наталья (ia)
        ("i[eo]", "e"),  # Семёнов: Semenov, Semyonov; Андреевна: Andreevna, Andreyevna
        (r"(.)\1+", r"\1"),
    )
)
_SILENT = re.compile(r"['`\u2019\u02b9\u02ba\u02bc\u2032\"]")  # soft and hard signs as Latin letters write them
_WORD = re.compile(r"[^\W\d_]+")
_PATRONYMIC = re.compile(r"(?:[oe]v|l|m|k|t)ich$|(?:[oe]v|ich)na$")
_PARTICLES = {"ogli", "oglu", "ugli", "kizi", "gizi", "uli"}
"""What follows a father's name and is left out as often as not: оглы, кызы, улы."""


@dataclass(frozen=True)
class Named:
    """Somebody as they were named: in one line or in parts, with the date of birth and the SNILS if they are known."""

    name: str
    birth_date: dt.date | None = None
    snils: str = ""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of the name in plain letters, in the order of the alphabet. Initials say too little to count."""
        return tuple(sorted(plain_parts(self.name)[:MOST_PARTS]))

    @cached_property
    def whole(self) -> str:
        """The key of the whole name; nothing for a name of one part, by which nobody can be told."""
        return _key(self.parts) if len(self.parts) > 1 else ""

    @cached_property
    def has_initials(self) -> bool:
        """Whether a part of the name is a single letter, which no key counts: whoever is asked for so is not found."""
        return any(len(word) == 1 for word in _WORD.findall(self.name))

    @cached_property
    def alone(self) -> str:
        """The key that counts without a date of birth: the whole name, when it has three parts at least."""
        return self.whole if len(self.parts) > 2 else ""

    @cached_property
    def keys(self) -> frozenset[str]:
        """The whole name, and the name without its patronymic: without any one part where none looks like a patronymic."""
        parts, keys = self.parts, {self.whole} - {""}
        if len(parts) > 2:
            likely = [place for place, part in enumerate(parts) if _PATRONYMIC.search(part)]
            places = likely or range(len(parts))
            keys |= {_key(parts[:place] + parts[place + 1 :]) for place in places}
        return frozenset(keys)

    @cached_property
    def number(self) -> str:
        """The key of the SNILS: its digits."""
        return re.sub(r"\D", "", self.snils)

    @cached_property
    def days(self) -> frozenset[dt.date]:
        """The days on which they may have been born: the one named, and the one with day and month swapped."""
        born = self.birth_date
        if born is None:
            return frozenset()
        return frozenset({born, born.replace(day=born.month, month=born.day) if born.day <= 12 else born})


def plain_parts(name: str) -> list[str]:
    """Return the parts of a name in plain letters, in their order, without initials and particles."""
    words = _WORD.findall(_SILENT.sub("", unicodedata.normalize("NFKC", name).casefold()))
    folded = [_plain(word) for word in words if len(word) > 1]
    return [part for part in folded if part and part not in _PARTICLES]


def _plain(word: str) -> str:
    if re.search("[\u0400-\u052f]", word):  # a Latin «c» in a Russian word is a slip of the keyboard
        word = word.translate(_LOOK_ALIKE)
    bare = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter)).translate(_LETTERS)
    for pattern, letters in _SCHEMES:
        bare = pattern.sub(letters, bare)
    return bare


def _key(parts: tuple[str, ...]) -> str:
    return " ".join(parts)[:LONGEST_KEY]


def is_same(one: Named, other: Named) -> bool:
    """Return whether these are one child, as far as paper can tell.

    The same SNILS decides. Otherwise the names must fit, one of them perhaps without its patronymic, and the birth dates be equal
    or have day and month swapped. Where a date is missing only the whole name counts, of three parts at least. Two different SNILS
    speak against it, unless the whole name and the very day are the same: then one of the numbers is a mistake.
    """
    if one.number and one.number == other.number:
        return True
    same_whole = bool(one.alone) and one.alone == other.alone
    if one.number and other.number:
        return same_whole and one.birth_date is not None and one.birth_date == other.birth_date
    if one.birth_date is None or other.birth_date is None:
        return same_whole
    fits = one.whole in other.keys or other.whole in one.keys
    return fits and bool(one.days & other.days)
