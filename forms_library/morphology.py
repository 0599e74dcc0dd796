"""Russian words as the dictionary knows them, so that «выплаты» is found by «выплата» on every database."""

import re
from functools import cache, lru_cache

import pymorphy3
from pymorphy3.analyzer import Parse

WORD = re.compile(r"[0-9A-Za-zА-Яа-яЁё]+")


@cache
def _analyser() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


def parses(word: str) -> list[Parse]:
    """Return every reading of one word in small letters, the likeliest first."""
    return _analyser().parse(word)


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """Return the dictionary shape of one word, in small letters, with е for ё."""
    return _analyser().parse(word.lower())[0].normal_form.replace("ё", "е")


def lemmas(text: str) -> str:
    """Return the dictionary shapes of all the words of a text."""
    return " ".join(lemma(word) for word in WORD.findall(text or ""))
