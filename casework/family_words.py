"""Does a text that must not tell of families name a case or a family? Pure; on the safe side (S004, domain.md D: supervisor)."""

import re
from collections.abc import Iterable

CASE_NUMBER = re.compile(r"\b20\d\d-\d{3,6}\b")
WORD = re.compile(r"[А-ЯЁA-Z][а-яёa-z-]{2,}")
SHORTEST_STEM = 3


def stem_of(surname: str) -> str:
    """Return what all cases of a surname have in common: «Ветрова», «Ветровой», «Ветров» begin alike."""
    plain = surname.casefold().replace("ё", "е")
    cut = 3 if plain.endswith(("ова", "ева", "ина", "ский", "ская", "ой")) else 2
    return plain[: max(len(plain) - cut, SHORTEST_STEM)] if len(plain) > SHORTEST_STEM else plain


def names_a_case(text: str) -> bool:
    """Return whether the text bears the number of a case."""
    return bool(CASE_NUMBER.search(text))


def names_a_family(text: str, full_names: Iterable[str]) -> bool:
    """Return whether a capitalised word of the text is the surname of one of `full_names`, in whatever case."""
    words = {word.casefold().replace("ё", "е") for word in WORD.findall(text)}
    if not words:
        return False
    for full_name in full_names:
        surname = full_name.split()[0] if full_name.split() else ""
        stem = stem_of(surname)
        if len(stem) >= SHORTEST_STEM and any(
            word.startswith(stem) and abs(len(word) - len(surname)) <= SHORTEST_STEM for word in words
        ):
            return True
    return False
