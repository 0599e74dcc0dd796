"""Numbers, sums and dates in words."""

import pytest
from hypothesis import given, strategies as st

from forms_library.in_words import date_in_words, date_spelled, money, money_in_words, number_in_words


class TestANumber:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("0", "ноль"),
            ("1", "один"),
            ("21", "двадцать один"),
            ("12 345", "двенадцать тысяч триста сорок пять"),
            ("2002", "две тысячи два"),
            ("1 000 000", "один миллион"),
            ("-3", "минус три"),
        ],
    )
    def test_is_said_in_words(self, typed, words):
        assert number_in_words(typed) == words

    def test_takes_the_gender_of_what_is_counted(self):
        assert [number_in_words("21", gender) for gender in ("м", "ж", "с", "?")] == [
            "двадцать один",
            "двадцать одна",
            "двадцать одно",
            "двадцать один",
        ]

    @pytest.mark.parametrize("text", ["", "три", "1,5", "3 шт.", "1e5", "٣", "9" * 16])
    def test_stays_as_it_is_when_it_is_none(self, text):
        assert number_in_words(text) == text


class TestASum:
    @pytest.mark.parametrize(
        ("typed", "figures", "words"),
        [
            ("12345.50", "12 345,50", "двенадцать тысяч триста сорок пять рублей 50 копеек"),
            ("12 345,5", "12 345,50", "двенадцать тысяч триста сорок пять рублей 50 копеек"),
            ("1", "1,00", "один рубль 00 копеек"),
            ("21.01", "21,01", "двадцать один рубль 01 копейка"),
            ("1002.22", "1 002,22", "одна тысяча два рубля 22 копейки"),
            ("11.11", "11,11", "одиннадцать рублей 11 копеек"),
            ("0", "0,00", "ноль рублей 00 копеек"),
            ("-5", "-5,00", "минус пять рублей 00 копеек"),
        ],
    )
    def test_is_written_in_figures_and_in_words(self, typed, figures, words):
        assert money(typed).replace("\xa0", " ") == figures
        assert money_in_words(typed).replace("\xa0", " ") == words

    @pytest.mark.parametrize("text", ["", "много", "1,234", "5 руб.", "NaN", "1.2.3"])
    def test_stays_as_it_is_when_it_is_none(self, text):
        assert money(text) == money_in_words(text) == text


class TestADate:
    @pytest.mark.parametrize(
        ("typed", "words", "spelled"),
        [
            ("05.03.2026", "5 марта 2026 г.", "пятое марта две тысячи двадцать шестого года"),
            ("2026-03-05", "5 марта 2026 г.", "пятое марта две тысячи двадцать шестого года"),
            ("01.01.2000", "1 января 2000 г.", "первое января двухтысячного года"),
            ("23.10.1999", "23 октября 1999 г.", "двадцать третье октября тысяча девятьсот девяносто девятого года"),
            ("05.03.2026 14:30", "5 марта 2026 г., 14:30", "пятое марта две тысячи двадцать шестого года, 14:30"),
        ],
    )
    def test_is_said_with_its_month_or_wholly_in_words(self, typed, words, spelled):
        assert date_in_words(typed).replace("\xa0", " ") == words
        assert date_spelled(typed) == spelled

    @pytest.mark.parametrize("text", ["", "завтра", "31.02.2026", "05.03.20261", "2026-13-01", "к 05.03.2026"])
    def test_stays_as_it_is_when_it_is_none(self, text):
        assert date_in_words(text) == date_spelled(text) == text


@given(st.text(max_size=40))
def test_no_text_breaks_them(text):
    for change in (number_in_words, money, money_in_words, date_in_words, date_spelled):
        assert isinstance(change(text), str)
