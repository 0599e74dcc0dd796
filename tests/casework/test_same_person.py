"""Is this the same child? Whichever way a name is typed it is one name; nothing is guessed beyond that."""

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from casework.same_person import Named, is_same, plain_parts

whatever_the_load = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

BORN, SWAPPED = dt.date(2016, 4, 9), dt.date(2016, 9, 4)
POLINA = "Ветрова Полина Андреевна"

# How one letter is written by the passport (ICAO 9303), by ISO 9 and every day. Signs are left out or written as apostrophes.
ICAO = dict(zip("абвгдежзийклмнопрстуфхцчшщыьэюя", "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch y _ e iu ia".split(), strict=True))  # fmt: skip # noqa: SIM905
ISO_9 = ICAO | dict(zip("жйхцчшщьэюя", "ž j h c č š ŝ ' è û â".split(), strict=True))  # noqa: SIM905
EVERYDAY = ICAO | {"й": "y", "ю": "yu", "я": "ya", "щ": "sch", "ь": "'"}
SCHEMES = [ICAO, ISO_9, EVERYDAY]

syllables = st.tuples(st.sampled_from("бвгджзклмнпрстфхчшщ"), st.sampled_from("аеиоуыюя")).map("".join)
words = st.lists(syllables, min_size=2, max_size=5).map("".join).map(str.capitalize)
names = st.lists(words, min_size=2, max_size=4).map(" ".join)
dates = st.none() | st.dates(dt.date(2008, 1, 1), dt.date(2026, 11, 23))
numbers = st.sampled_from(["", "112-233-445 95", "001-001-998 11"])
children = st.builds(Named, names | st.sampled_from([POLINA, "Ветрова Полина", "Полина Ветрова", "Vetrova Polina Andreyevna"]), dates | st.sampled_from([BORN, SWAPPED]), numbers)  # fmt: skip


def latin(name: str, scheme: dict[str, str]) -> str:
    return "".join(scheme.get(letter, letter).replace("_", "") for letter in name.lower())


class TestPlainParts:
    @whatever_the_load
    @given(name=names, scheme=st.sampled_from(SCHEMES))
    def test_are_the_same_in_cyrillic_and_by_every_scheme(self, name, scheme):
        assert plain_parts(latin(name, scheme)) == plain_parts(name)

    @whatever_the_load
    @given(name=names)
    def test_are_the_same_in_capitals_with_hyphens_and_with_the_other_e(self, name):
        for other in (name.upper(), name.replace(" ", "-"), f"  {name.replace(' ', '   ')} ", name.replace("е", "ё")):
            assert plain_parts(other) == plain_parts(name)

    @pytest.mark.parametrize(
        "spellings",
        [
            "Дмитрий Dmitry Dmitriy Dmitrii Dmitri Dmitrij",
            "Наталья Наталия Natalia Natalya Nataliya Natal'ya",
            "Григорьев Grigorev Grigoryev Grigoriev Grigor’ev",
            "Андреевна Andreevna Andreyevna",
            "Щербакова Shcherbakova Scherbakova Ŝerbakova Ščerbakova",
            "Цветков Tsvetkov Cvetkov Czvetkov",
            "Хабаров Khabarov Habarov",
            "Евгений Evgeny Yevgeny Evgenii",
            "Муравьёва Муравьева Muravyova Muravyeva Muravieva",
            "Ветрова Вeтpoва Vetrova",  # the second one has Latin letters in it
        ],
    )
    def test_of_names_as_people_write_them_are_one(self, spellings):
        assert len({tuple(plain_parts(each)) for each in spellings.split()}) == 1

    def test_keep_names_apart_that_are_different(self):
        different = [
            "Ветров",
            "Ветрова",
            "Петров",
            "Петрова",
            "Павлов",
            "Павлова",
            "Полина",
            "Паулина",
            "Иван",
            "Иванна",
            "Саша",
            "Сажа",
            "Юрий",
            "Игорь",
        ]
        for one, other in itertools.combinations(different, 2):
            assert plain_parts(one) != plain_parts(other)

    def test_have_no_initials_no_particles_and_no_signs(self):
        assert plain_parts("Мамедов А. Гасан-оглы (7)") == plain_parts("Мамедов Гасан")
        assert plain_parts("…, 17 — '’") == []


class TestTheSameChild:
    @whatever_the_load
    @given(one=children, other=children)
    def test_is_the_same_from_both_sides(self, one, other):
        assert is_same(one, other) == is_same(other, one)

    @whatever_the_load
    @given(one=children, other=children)
    def test_is_always_found_by_a_key(self, one, other):
        if is_same(one, other):
            assert (one.keys | {one.number} - {""}) & (other.keys | {other.number})

    @whatever_the_load
    @given(name=names.filter(lambda name: len(plain_parts(name)) > 1), born=dates.filter(bool))
    def test_is_the_same_as_itself_in_any_order_of_the_parts(self, name, born):
        for parts in itertools.islice(itertools.permutations(name.split()), 6):
            assert is_same(Named(name, born), Named(" ".join(parts), born))

    @pytest.mark.parametrize(
        "other",
        [
            Named(POLINA, BORN),
            Named("полина андреевна ВЕТРОВА", BORN),
            Named("Ветрова Полина", BORN),
            Named("Vetrova Polina Andreyevna", BORN),
            Named(POLINA, SWAPPED),
            Named(POLINA),
            Named("Полина Андреевна Ветрова"),
            Named("Совсем Другая", snils="112-233-445 95"),
            Named(POLINA, BORN, "001-001-998 11"),  # the very day: one of the two numbers is a mistake
        ],
        ids=str,
    )
    def test_is_found_however_named(self, other):
        assert is_same(Named(POLINA, BORN, "112-233-445 95"), other)

    @pytest.mark.parametrize(
        "other",
        [
            Named("Ветрова Полина"),  # no date and no patronymic
            Named("Ветрова Полина Игоревна", BORN),
            Named("Ветрова Алина Андреевна", BORN),
            Named("Петрова Полина Андреевна", BORN),
            Named("Полина Андреевна", BORN),
            Named("Ветрова П. А.", BORN),
            Named("Ветрова", BORN),
            Named("", BORN),
            Named(POLINA, dt.date(2016, 4, 10)),
            Named(POLINA, snils="001-001-998 11"),
            Named(POLINA, SWAPPED, "001-001-998 11"),
        ],
        ids=str,
    )
    def test_is_not_guessed(self, other):
        assert not is_same(Named(POLINA, BORN, "112-233-445 95"), other)

    def test_may_have_a_surname_that_looks_like_a_patronymic_or_a_name_without_one(self):
        for whole, short in (
            ("Абрамович Роман Аркадьевич", "Абрамович Роман"),
            ("Мамедов Али Гасан оглы", "Мамедов Али"),
            ("Ким Ли Сун", "Ли Ким"),
            ("Кузьмич Пётр Ильич", "Петр Кузьмич"),
        ):
            assert is_same(Named(whole, BORN), Named(short, BORN))
