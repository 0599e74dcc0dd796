"""Names, posts and agencies in the cases that papers need: «направить Ветровой Полине Андреевне», «директора Центра».

Everything here only suggests: a name is a person's own, and whoever knows it has the last word (domain.md F.1). Names are
inflected by pytrovich, posts and agencies by pymorphy3. What is not understood stays as it is, and nothing ever raises.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from functools import cache

from pymorphy3.analyzer import Parse
from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case as NameCase, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from forms_library.morphology import parses

# It writes the names it is unsure of into the log of the program.
logging.getLogger("pytrovich").setLevel(logging.CRITICAL)

CASES = ("gen", "dat", "acc", "ins", "pre")
"""Родительный, дательный, винительный, творительный, предложный: the filters of a template have these names."""
MALE, FEMALE = "male", "female"
MAX_LETTERS = 300
"""What is longer is neither a name nor a post, and stays as it is."""
Forms = dict[str, str]

_CASE_OF_NAME = dict(zip(CASES, list(NameCase)[:5], strict=True))
_CASE_OF_PHRASE = dict(zip(CASES, ("gent", "datv", "accs", "ablt", "loct"), strict=True))
_OBLIQUE = {"gent", "datv", "ablt", "loct"}
_GENDERS = {MALE: Gender.MALE, FEMALE: Gender.FEMALE}
_CYRILLIC = re.compile(r"[А-ЯЁа-яё]+(?:[-\u2011][А-ЯЁа-яё]+)*")
_NAME_WORD = re.compile(r"\(?(" + _CYRILLIC.pattern + r")\)?,?")
_INITIALS = re.compile(r"(?:[А-ЯЁ]\.-?)+,?")
_INITIAL = re.compile(r"[А-ЯЁ]\.-[А-ЯЁ]\.|[А-ЯЁ]\.")
_MALE_PATRONYMIC = re.compile(r".+(?:ович|евич|ич|[\s-]оглы|[\s-]улы)", re.IGNORECASE)
_FEMALE_PATRONYMIC = re.compile(r".+(?:овна|евна|ична|инична|[\s-]к[ыи]зы)", re.IGNORECASE)
_AFTER_PATRONYMIC = {"оглы", "кызы", "кизи", "улы"}
_FULL_NAME_AT_END = re.compile(r"(?<=\s)" + r"\s+".join([r"[А-ЯЁ][А-ЯЁа-яё-]+"] * 3) + r"$")
_QUOTED = re.compile(r"«[^«»]*(?:«[^»]*»[^«»]*)*»|\"[^\"]*\"|“[^”]*”|„[^“]*“")
_JOINS = {",", "и", "-", "\N{EN DASH}", "\N{EM DASH}", "/"}


def suggested(text: str) -> Forms:
    """Return the forms of a text in every case of `CASES`: as a name when it looks like one, otherwise as a phrase."""
    return name_forms(text) if looks_like_name(text) else phrase_forms(text)


# Names


def _name_in_cases(full_name: str, sex: str) -> tuple[str, ...]:
    pieces = re.split(r"(\s+)", full_name)
    places = [place for place, piece in enumerate(pieces) if piece.strip() and not _INITIALS.fullmatch(piece)]
    words = [_NAME_WORD.fullmatch(pieces[place]) for place in places]
    if not all(words) or len(full_name) > MAX_LETTERS:
        return (full_name,) * len(CASES)
    plain = [word.group(1) for word in words if word]
    parts = _parts(plain, has_initials=len(plain) < sum(bool(piece.strip()) for piece in pieces))
    gender = _GENDERS.get(sex) or _gender(plain, parts)
    if not parts or gender is None:
        return (full_name,) * len(CASES)
    found = []
    for case in _CASE_OF_NAME.values():
        shown = list(pieces)
        for place, word, part in zip(places, plain, parts, strict=True):
            shown[place] = pieces[place].replace(word, _inflected_name(word, part, gender, case))
        found.append("".join(shown))
    return tuple(found)


def name_forms(full_name: str, *, sex: str = "") -> Forms:
    """Return a person's name in every case. Unless `sex` says it, the name itself tells whether it is a woman's.

    A name that tells neither (Ким Саша) stays as it is, as does one that is not in Russian letters.
    """
    return dict(zip(CASES, _name_in_cases(full_name, sex), strict=True))


def sex_of(full_name: str) -> str:
    """Return `MALE` or `FEMALE` when the name tells it, otherwise nothing."""
    words = [match.group(1) for word in full_name.split() if (match := _NAME_WORD.fullmatch(word))]
    gender = _gender(words, _parts(words, has_initials=len(words) < len(full_name.split())))
    return next((sex for sex, of_sex in _GENDERS.items() if of_sex == gender), "")


def looks_like_name(text: str) -> bool:
    """Return whether a text is the name of a person: «Ветрова П. А.», «Ветрова Полина», «Нгуен Тхи Хоа», «Марина»."""
    pieces = text.split()
    words = [piece for piece in pieces if not _INITIALS.fullmatch(piece)]
    matches = [_NAME_WORD.fullmatch(word) for word in words]
    if not words or len(words) > 4 or len(text) > MAX_LETTERS or not all(matches):
        return False
    plain = [match.group(1) for match in matches if match]
    named = [word for word in plain if word.lower() not in _AFTER_PATRONYMIC]
    if not named or not all(word[0].isupper() for word in named):
        return False
    if len(words) < len(pieces):
        return len(words) <= 2
    if any(_is_patronymic(word) for word in named[1:]) or len(named) < len(plain):
        return True
    if len(named) == 1:
        return _is_tagged(named[0], {"Name", "Surn"})
    return any(_is_tagged(word, {"Name", "Surn"}) for word in named) or not any(
        parse.is_known for word in named for parse in parses(word.lower())
    )


def _parts(words: Sequence[str], *, has_initials: bool) -> list[NamePart]:
    """Return which part of a name each word is; nothing when that cannot be told."""
    first, middle, last = NamePart.FIRSTNAME, NamePart.MIDDLENAME, NamePart.LASTNAME
    if len(words) > 1 and words[-1].lower() in _AFTER_PATRONYMIC:
        return [*_parts([*words[:-2], f"{words[-2]} {words[-1]}"], has_initials=has_initials), middle]
    match words:
        case [_] | [_, _] if has_initials:
            return [last] * len(words)
        case [word]:
            return [first if _is_tagged(word, {"Name"}) else last] if _is_tagged(word, {"Name", "Surn"}) else []
        case [name, other] if _is_patronymic(other) and _gender_of_word(name) in {None, _gender_of_patronymic(other)}:
            return [first, middle]
        case [name, other] if _only(name, "Name", not_="Surn") and _only(other, "Surn", not_="Name"):
            return [first, last]
        case [_, _]:
            return [last, first]
        case [_, patronymic, other] if _is_patronymic(patronymic) and not _is_patronymic(other):
            return [first, middle, last]
        case [_, _, _]:
            return [last, first, middle]
        case [_, _, _, patronymic] if _is_patronymic(patronymic):  # Иванова (Петрова) Анна Ивановна
            return [last, last, first, middle]
    return []


def _is_patronymic(word: str) -> bool:
    return _gender_of_patronymic(word) is not None


def _gender_of_patronymic(word: str) -> Gender | None:
    if _FEMALE_PATRONYMIC.fullmatch(word):
        return Gender.FEMALE
    return Gender.MALE if _MALE_PATRONYMIC.fullmatch(word) else None


def _gender(words: Sequence[str], parts: Sequence[NamePart]) -> Gender | None:
    """Return the gender that the parts of a name tell together, or `None`."""
    known = dict(zip(parts, words, strict=False))
    if len(words) > 1 and words[-1].lower() in _AFTER_PATRONYMIC:
        return _gender_of_patronymic(f"{words[-2]} {words[-1]}")
    middle = known.get(NamePart.MIDDLENAME)
    if middle is not None:
        return _gender_of_patronymic(middle)  # a third word that is no patronymic belongs to a foreign name
    if not parts:
        return None
    firstname, lastname = known.get(NamePart.FIRSTNAME), known.get(NamePart.LASTNAME)
    found = _detector().detect(firstname=firstname, lastname=lastname)
    if found != Gender.ANDROGYNOUS:
        return found
    return _gender_of_word(firstname) if firstname else None


def _gender_of_word(name: str) -> Gender | None:
    """Return the gender of a first name, when every dictionary meaning of it agrees."""
    genders = {
        parse.tag.gender
        for parse in parses(name.lower())
        if "Name" in parse.tag and "nomn" in parse.tag and "Fixd" not in parse.tag
    }
    return {"masc": Gender.MALE, "femn": Gender.FEMALE}.get(genders.pop() or "") if len(genders) == 1 else None


def _is_tagged(word: str, tags: set[str]) -> bool:
    return any("nomn" in parse.tag and tags & parse.tag.grammemes for parse in parses(word.lower()))


def _only(word: str, tag: str, *, not_: str) -> bool:
    return _is_tagged(word, {tag}) and not _is_tagged(word, {not_})


def _inflected_name(word: str, part: NamePart, gender: Gender, case: NameCase) -> str:
    if word.lower() in _AFTER_PATRONYMIC or (part == NamePart.MIDDLENAME and not _is_patronymic(word)):
        return word
    found = _maker().make(part, gender, case, word)
    return found.upper() if len(word) > 1 and word.isupper() else found


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@cache
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()


# Initials


def initials_before(full_name: str, *, inflected: str = "") -> str:
    """Return «И. О. Фамилия», as a signature is deciphered; what is no full name stays as it is.

    With the same name `inflected`, the surname is taken from there: «И. О. Фамилии».
    """
    surname, initials = _surname_and_initials(full_name, inflected or full_name)
    return f"{initials}\N{NO-BREAK SPACE}{surname}" if initials else inflected or full_name


def initials_after(full_name: str, *, inflected: str = "") -> str:
    """Return «Фамилия И. О.», as an addressee and a list have it; otherwise the same as `initials_before`."""
    surname, initials = _surname_and_initials(full_name, inflected or full_name)
    return f"{surname}\N{NO-BREAK SPACE}{initials}" if initials else inflected or full_name


def _surname_and_initials(full_name: str, inflected: str) -> tuple[str, str]:
    words, words_in_case = full_name.split(), inflected.split()
    if not looks_like_name(full_name) or len(words) != len(words_in_case):
        return full_name, ""
    own = [place for place, word in enumerate(words) if word.lower() not in _AFTER_PATRONYMIC and word[0] != "("]
    surname = _place_of_surname([words[place] for place in own])
    if surname is None:
        return full_name, ""
    given = [words[place] for place in own if place != own[surname]]
    initials = [piece for word in given for piece in (_INITIAL.findall(word) or [_initial(word)])]
    return words_in_case[own[surname]].strip(","), "\N{NO-BREAK SPACE}".join(initials)


def _place_of_surname(words: Sequence[str]) -> int | None:
    whole = [place for place, word in enumerate(words) if not _INITIAL.match(word)]
    if len(whole) < len(words):
        return whole[0] if len(whole) == 1 else None
    parts = _parts(words, has_initials=False)
    return parts.index(NamePart.LASTNAME) if NamePart.LASTNAME in parts else None


def _initial(name: str) -> str:
    pieces = [piece for piece in re.split("[-\u2011]", name) if piece.lower() not in _AFTER_PATRONYMIC]
    return "-".join(f"{piece[0]}." for piece in pieces)


# Posts and agencies


def phrase_forms(phrase: str) -> Forms:
    """Return a post or the name of an agency in every case.

    Only its head is inflected, up to the first dependent word: «директор Центра помощи» gives «директора Центра помощи».
    Abbreviations and names in quotes stay as they are; a full name at the end is inflected as a name.
    """
    person = _FULL_NAME_AT_END.search(phrase)
    if person and _is_patronymic(person.group().split()[-1]):
        of_person = _name_in_cases(person.group(), "")
        of_post = _phrase_in_cases(phrase[: person.start()])
        return {case: post + name for case, post, name in zip(CASES, of_post, of_person, strict=True)}
    return dict(zip(CASES, _phrase_in_cases(phrase), strict=True))


def _phrase_in_cases(phrase: str) -> tuple[str, ...]:
    if len(phrase) > MAX_LETTERS:
        return (phrase,) * len(CASES)
    heads = list(_heads(phrase))
    found = []
    for case in _CASE_OF_PHRASE.values():
        pieces, end = [], 0
        for head in heads:
            is_animate = _is_animate(head)
            for word, parse in head:
                pieces += [phrase[end : word.start()], _inflected_word(word.group(), parse, case, is_animate)]
                end = word.end()
        found.append("".join([*pieces, phrase[end:]]))
    return tuple(found)


_Head = list[tuple[re.Match[str], Parse]]
"""The words of a head, each with its reading in the nominative: «старший», «инспектор»."""


def _heads(phrase: str) -> Iterator[_Head]:
    """Yield the heads of a phrase: one, and another after each «и» or comma that follows directly."""
    head: _Head = []
    end = 0
    for word in _CYRILLIC.finditer(_QUOTED.sub(lambda quoted: " " * len(quoted.group()), phrase)):
        between = phrase[end : word.start()].strip()
        end = word.end()
        joins = between in _JOINS or word.group().lower() in _JOINS
        if joins and _has_noun(head):
            yield head
            head = []
        if word.group().lower() in _JOINS:
            continue
        parse = _next_of_head(word.group(), head) if joins or not between else None
        if parse is None:
            break
        head.append((word, parse))
    if head:
        yield head


def _has_noun(head: _Head) -> bool:
    return any(parse.tag.POS == "NOUN" for _word, parse in head)


def _is_animate(head: _Head) -> bool:
    nouns = [parse for _word, parse in head if parse.tag.POS == "NOUN"]
    return not nouns or nouns[0].tag.animacy == "anim"


def _next_of_head(word: str, head: _Head) -> Parse | None:
    """Return the reading of a word as the next one of a head; `None` when it is an abbreviation or a dependent word."""
    if any(letter.isupper() for letter in re.sub("(^|-).", "", word)):
        return None
    read = parses(word.lower())
    if _has_noun(head) and any(_OBLIQUE & parse.tag.grammemes for parse in read):
        return None
    found = [
        parse
        for parse in read
        if "nomn" in parse.tag
        and parse.tag.POS in {"NOUN", "ADJF", "PRTF"}
        and "Fixd" not in parse.tag
        and all(_agree(parse, other) for _word, other in head)
    ]
    if not found:
        return None
    best = max(found, key=_likelihood)
    # «учителя» is one teacher's or many teachers: it is likelier not in the nominative at all.
    is_doubtful = best.tag.number == "plur" and any("gent" in parse.tag and parse.score > best.score for parse in read)
    return None if is_doubtful and not head else best


def _likelihood(parse: Parse) -> tuple[bool, bool, float]:
    """Return what to sort the readings of a word by: «специалист-эксперт», which no dictionary knows, is a person."""
    is_one = parse.tag.POS != "NOUN" or parse.tag.number == "sing"
    is_person = not parse.is_known and parse.tag.animacy == "anim" and "Surn" not in parse.tag
    return is_one, is_person, parse.score


def _agree(one: Parse, other: Parse) -> bool:
    """Return whether two words of a head go together; two nouns always do: «школа-интернат», «женщина врач»."""
    if one.tag.number != other.tag.number:
        return False
    genders = {one.tag.gender, other.tag.gender}
    both_nouns = one.tag.POS == other.tag.POS == "NOUN"
    return both_nouns or one.tag.number == "plur" or len(genders) == 1 or None in genders


def _inflected_word(word: str, parse: Parse, case: str, is_animate: bool) -> str:
    wanted = {case}
    if parse.tag.POS != "NOUN":
        wanted |= {str(grammeme) for grammeme in (parse.tag.number, parse.tag.gender) if grammeme}
        if case == "accs" and (parse.tag.number == "plur" or parse.tag.gender == "masc"):
            wanted.add("anim" if is_animate else "inan")
    inflected = parse.inflect(wanted)
    return _as_written(inflected.word, word) if inflected else word


def _as_written(inflected: str, word: str) -> str:
    if "ё" not in word.lower():
        inflected = inflected.replace("ё", "е")
    return inflected[0].upper() + inflected[1:] if word[0].isupper() else inflected
