"""A schema as a form on the screen: what may be typed, what is said about mistakes, what becomes an answer."""

import datetime as dt
import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings as hypothesis_settings, strategies as st

from forms_library.answer_fields import MESSAGES
from forms_library.questionnaire import Questionnaire
from forms_library.schema import CELL_KINDS, Column, Kind, Question, Row, Schema
from forms_library.typed import add_row, remove_row, typed_from_post
from tests.forms_library.asking import (
    ATTACHED,
    CHILDREN,
    RISKS,
    TODAY,
    answer,
    asked,
    question,
    refusal,
)


class TestDates:
    @pytest.mark.parametrize("typed", ["05.03.2026", "5.3.2026", " 05.03.2026 ", "2026-03-05"])
    def test_written_the_usual_ways_are_understood(self, typed):
        assert answer(Kind.DATE, typed) == "2026-03-05"

    @pytest.mark.parametrize(
        "typed",
        ["01/02/03", "05.03.26", "31.02.2026", "29.02.2025", "5 марта 2026", "05032026", "0", "завтра", "05.03.20261"],
    )
    def test_that_are_none_or_can_be_read_in_two_ways_are_refused(self, typed):
        assert refusal(Kind.DATE, typed) == "invalid"

    @pytest.mark.parametrize("typed", ["01.01.0001", "31.12.9999", "31.12.1899", "01.01.2101"])
    def test_of_impossible_years_are_refused(self, typed):
        assert refusal(Kind.DATE, typed) == "year"

    def test_left_out_are_empty(self):
        assert answer(Kind.DATE, "") is None
        assert refusal(Kind.DATE, " ", required=True) == "required"

    def test_with_a_time_keep_the_hour_that_was_typed(self):
        assert answer(Kind.DATE_TIME, "05.03.2026 14:30") == "2026-03-05T14:30"
        assert answer(Kind.DATE_TIME, "2026-03-05 14:30") == "2026-03-05T14:30"
        assert answer(Kind.DATE_TIME, " ") is None
        assert answer(Kind.DATE_TIME) is None

    @pytest.mark.parametrize("typed", ["05.03.2026", "05.03.2026 25:00", "14:30", "31.02.2026 10:00"])
    def test_with_a_wrong_time_are_refused(self, typed):
        assert refusal(Kind.DATE_TIME, typed) == "invalid"

    def test_with_a_time_of_an_impossible_year_are_refused(self):
        assert refusal(Kind.DATE_TIME, "01.01.0001 10:00") == "year"


class TestDatesOfBirth:
    def born(self, typed, today=TODAY):
        return asked(question(Kind.BIRTH_DATE), typed={"it": [typed]}, today=today)

    @pytest.mark.parametrize("typed", ["05.03.2026", "01.01.1900", "2016-04-09"])
    def test_until_today_are_taken(self, typed):
        assert self.born(typed).is_valid()

    @pytest.mark.parametrize(
        ("typed", "code"),
        [("06.03.2026", "future"), ("01.01.2100", "future"), ("31.12.1899", "year"), ("31.02.2016", "invalid")],
    )
    def test_on_which_nobody_alive_was_born_are_refused(self, typed, code):
        (error,) = self.born(typed).form.errors.as_data()["it"]
        assert error.code == code

    def test_are_not_compared_with_a_day_that_nobody_told(self):
        assert self.born("01.01.2099", today=None).answers() == {"it": "2099-01-01"}

    def test_in_a_table_are_checked_in_each_row(self):
        column = Column(key="birth", label="Дата рождения", kind=Kind.BIRTH_DATE)
        table = Question(key="children", label="Дети", kind=Kind.TABLE, columns=(column,))
        typed = {"children-0-birth": ["09.04.2016"], "children-1-birth": ["09.04.2062"]}
        questionnaire = asked(table, typed=typed, today=TODAY)
        assert [place for place, _label, _message in questionnaire.error_summary] == ["id_children-1-birth"]

    def test_that_have_not_come_are_named_before_anybody_asks_to_check(self):
        draft = asked(question(Kind.BIRTH_DATE), typed={"it": ["06.03.2026"]}, check=False, today=TODAY)
        assert draft.missing() == ["Вопрос"]


def period(first, last, *, kind=Kind.DATE, check=True):
    """Return a form with a period: two dates, the second not before the first."""
    return asked(
        Question(key="first", label="с", kind=Kind.DATE),
        Question(key="last", label="до", kind=kind, not_before="first"),
        typed={"first": [first], "last": [last]},
        check=check,
    )


class TestTheOrderOfDates:
    @pytest.mark.parametrize("last", ["05.03.2026", "06.03.2026", ""])
    def test_is_right_for_the_same_day_a_later_one_and_none(self, last):
        assert period("05.03.2026", last).is_valid()
        assert period("", last).is_valid()

    def test_is_said_beside_the_later_field_and_names_the_earlier(self):
        questionnaire = period("05.03.2026", "04.03.2026")
        ((place, _label, message),) = questionnaire.error_summary
        assert place == "id_last"
        assert "«с»" in message or "“с”" in message
        assert questionnaire.form.errors.as_data()["last"][0].code == "too_early"

    def test_counts_days_when_one_has_an_hour(self):
        assert period("05.03.2026", "05.03.2026 00:00", kind=Kind.DATE_TIME).is_valid()
        assert not period("05.03.2026", "04.03.2026 23:59", kind=Kind.DATE_TIME).is_valid()

    def test_is_not_asked_while_one_of_them_is_no_date(self):
        assert [place for place, *_rest in period("31.02.2026", "01.01.2026").error_summary] == ["id_first"]

    def test_keeps_quiet_until_asked_to_check(self):
        assert period("05.03.2026", "04.03.2026", check=False).error_summary == []

    @pytest.mark.parametrize("named", ["nothing", "it", "name"])
    def test_with_something_that_is_no_other_date_changes_nothing(self, named):
        name = Question(key="name", label="Имя", kind=Kind.TEXT)
        typed = {"it": ["05.03.2026"], "name": ["слово"]}
        assert asked(question(Kind.DATE, not_before=named), name, typed=typed).is_valid()

    @hypothesis_settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
    def test_is_that_of_the_calendar(self, first, last):
        assert period(f"{first:%d.%m.%Y}", f"{last:%d.%m.%Y}").is_valid() == (first <= last)


class TestTelephones:
    @pytest.mark.parametrize("typed", ["89000000001", "+7 900 000-00-01", "8 (900) 000-00-01", "9000000001"])
    def test_of_the_russian_plan_are_written_one_way(self, typed):
        assert answer(Kind.PHONE, typed) == "8 (900) 000-00-01"

    def test_that_are_short_and_local_stay_as_typed(self):
        assert answer(Kind.PHONE, "344-83-54") == "344-83-54"

    def test_of_other_countries_keep_their_country(self):
        assert answer(Kind.PHONE, "+49 30 123456") == "+49 30 123456"

    @pytest.mark.parametrize("typed", ["нет телефона", "123", "8 900", "+7 900 000 00 01 2", "+", "0" * 60])
    def test_that_nobody_can_dial_are_refused(self, typed):
        assert refusal(Kind.PHONE, typed) == "phone"

    def test_left_out_are_empty(self):
        assert answer(Kind.PHONE, "") == ""


class TestNumbers:
    @pytest.mark.parametrize(("typed", "number"), [("3", 3), ("-2", -2), ("٣", 3), (" 12 ", 12), ("", None)])
    def test_in_digits_are_numbers(self, typed, number):
        assert answer(Kind.INTEGER, typed) == number

    @pytest.mark.parametrize("typed", ["1e5", "три", "1,5", "2.5", "0x10", "NaN", "9" * 5000])
    def test_written_otherwise_are_refused(self, typed):
        assert refusal(Kind.INTEGER, typed) == "invalid"

    def test_that_are_enormous_are_refused(self):
        assert refusal(Kind.INTEGER, "99999999999") == "max_value"
        assert refusal(Kind.INTEGER, "-99999999999") == "min_value"


class TestWords:
    @pytest.mark.parametrize("typed", ["мама@", "anna mail.ru", "@mail.ru", "a@b"])
    def test_that_are_no_address_of_mail_are_refused(self, typed):
        assert refusal(Kind.EMAIL, typed) == "invalid"

    def test_that_are_an_address_of_mail_are_taken(self):
        assert answer(Kind.EMAIL, " anna@mail.ru ") == "anna@mail.ru"

    @pytest.mark.parametrize("name", ["Ким Ли", "О’Коннор Джон", "Мамин-Сибиряк Дмитрий Наркисович", "Оглы Али Вели"])
    def test_of_any_name_are_taken(self, name):
        assert answer(Kind.FIO, name) == name

    @pytest.mark.parametrize("kind", [Kind.TEXT, Kind.FIO, Kind.ADDRESS, Kind.PHONE, Kind.AGENCY])
    def test_too_long_for_a_short_field_are_refused_clearly(self, kind):
        assert refusal(kind, "ж" * 10_000) == "max_length"

    def test_of_ten_thousand_letters_fit_a_long_field(self):
        assert answer(Kind.LONG_TEXT, "ж" * 10_000) == "ж" * 10_000
        assert refusal(Kind.LONG_TEXT, "ж" * 20_001) == "max_length"

    def test_keep_markup_emoji_formulas_and_marks_of_direction_as_typed(self):
        words = "<b>Мама</b> {{ 7*7 }} 👩‍👧 =1+1 \u200fтекст"
        assert answer(Kind.TEXT, words) == words

    def test_lose_only_what_no_paper_can_show(self):
        schema = Schema(questions=(question(Kind.LONG_TEXT),))
        typed = typed_from_post(schema, {"it": ["а\x00б\x1bв\ud800г\ufffeд\tе\nж"]})
        assert typed == {"it": ["абвгд\tе\nж"]}

    @pytest.mark.parametrize("turn", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
    def test_cannot_be_turned_around_on_the_screen(self, turn):
        schema = Schema(questions=(question(Kind.TEXT),))
        assert typed_from_post(schema, {"it": [f"10{turn}05 \u200fשלום"]}) == {"it": ["1005 \u200fשלום"]}

    def test_have_one_kind_of_line_end(self):
        assert answer(Kind.LONG_TEXT, "раз\r\nдва\rтри") == "раз\nдва\nтри"

    def test_longer_than_any_field_are_cut_and_still_refused(self):
        schema = Schema(questions=(question(Kind.LONG_TEXT),))
        typed = typed_from_post(schema, {"it": ["ж" * 3_000_000]})
        assert len(typed["it"][0]) == 50_000
        assert not Questionnaire(schema, typed=typed, check=True).is_valid()


class TestChoices:
    def test_are_taken_from_those_that_are_offered(self):
        assert answer(Kind.CHOICE, "да", choices=("да", "нет")) == "да"
        assert answer(Kind.CHOICE, choices=("да", "нет")) == ""
        assert answer(Kind.CHOICES, "а", "в", choices=("а", "б", "в")) == ["а", "в"]
        assert answer(Kind.CHOICES, choices=("а", "б")) == []

    def test_that_were_never_offered_are_refused(self):
        assert refusal(Kind.CHOICE, "<script>", choices=("да", "нет")) == "invalid_choice"
        assert refusal(Kind.CHOICES, "а", "я", choices=("а", "б")) == "invalid_choice"

    def test_that_must_be_made_are_asked_for(self):
        assert refusal(Kind.CHOICE, required=True, choices=("да", "нет")) == "required"
        assert refusal(Kind.CHOICES, required=True, choices=("да", "нет")) == "required"

    @pytest.mark.parametrize(("typed", "meant"), [("yes", True), ("no", False), ("", None)])
    def test_of_yes_and_no_have_a_third_way(self, typed, meant):
        assert answer(Kind.YES_NO, typed) is meant

    def test_of_yes_and_no_need_an_answer_when_required(self):
        assert answer(Kind.YES_NO, "no", required=True) is False
        assert refusal(Kind.YES_NO, "", required=True) == "required"
        assert refusal(Kind.YES_NO, "maybe") == "invalid_choice"


class TestTicksMadeBeforehand:
    @pytest.mark.parametrize(
        ("default", "ticked"),
        [
            ("", []),
            ("а", ["а"]),
            ("а, б", ["а", "б"]),
            ("а\nб", ["а", "б"]),
            ("а,\r\n\r\nб", ["а", "б"]),
            ("дома, в семье", ["дома, в семье"]),
            ("дома, в семье\nа, б", ["дома, в семье", "а", "б"]),
        ],
    )
    def test_are_one_per_line_or_between_commas(self, default, ticked):
        several = question(Kind.CHOICES, choices=("а", "б", "дома, в семье"), default=default)
        fresh = Questionnaire(Schema(questions=(several,)))
        assert {choice.data["value"] for choice in fresh.form["it"] if choice.data["selected"]} == set(ticked)


class TestMessages:
    """Nothing of Django's own wording reaches the page."""

    @pytest.mark.parametrize(
        ("kind", "typed", "code"),
        [
            (Kind.TEXT, "ж" * 501, "max_length"),
            (Kind.LONG_TEXT, "ж" * 20_001, "max_length"),
            (Kind.AGENCY, "ж" * 301, "max_length"),
            (Kind.EMAIL, f"{'a' * 300}@mail.ru", "max_length"),
            (Kind.PHONE, "8" * 61, "max_length"),
            (Kind.INTEGER, "99999999999", "max_value"),
            (Kind.INTEGER, "-99999999999", "min_value"),
            (Kind.CHOICE, "в", "invalid_choice"),
            (Kind.CHOICES, "в", "invalid_choice"),
            (Kind.YES_NO, "maybe", "invalid_choice"),
        ],
    )
    def test_are_in_the_voice_of_the_portal(self, kind, typed, code):
        questionnaire = asked(question(kind, choices=("а", "б")), typed={"it": [typed]})
        errors = questionnaire.form.errors.as_data()["it"]
        (error,) = [error for error in errors if error.code == code]
        assert error.message == MESSAGES[code]
        assert all("%(" not in message for _place, _label, message in questionnaire.error_summary)

    def test_of_a_signature_too(self):
        sign = Question(key="sign", label="Подпись", kind=Kind.SIGNATURE)
        questionnaire = asked(sign, typed={"sign__post": ["ж" * 201], "sign__name": ["Белова"]})
        assert questionnaire.form.errors.as_data()["sign"][0].message == MESSAGES["max_length"]


class TestAttachments:
    def test_are_the_files_kept_for_this_form_once_each(self):
        assert answer(Kind.ATTACHMENT, "5", "6", "5") == [ATTACHED[5], ATTACHED[6]]

    @pytest.mark.parametrize("foreign", ["7", "-5", "5.0", "٥", "x", "", "9" * 30])
    def test_of_others_do_not_count(self, foreign):
        if foreign == "٥":  # the same number in other digits is the same file
            assert answer(Kind.ATTACHMENT, foreign) == [ATTACHED[5]]
        else:
            assert answer(Kind.ATTACHMENT, foreign) == []
            assert refusal(Kind.ATTACHMENT, foreign, required=True) == "required"


class TestSignatures:
    def test_are_a_post_and_a_name(self):
        typed = {"it__post": [" директор "], "it__name": ["Т.Н. Белова"]}
        assert asked(question(Kind.SIGNATURE), typed=typed).answers() == {
            "it": {"post": "директор", "name": "Т.Н. Белова"}
        }
        assert asked(question(Kind.SIGNATURE)).answers() == {"it": {"post": "", "name": ""}}

    def test_need_a_name_when_required(self):
        questionnaire = asked(question(Kind.SIGNATURE, required=True), typed={"it__post": ["директор"]})
        assert questionnaire.form.errors.as_data()["it"][0].code == "required"
        assert not asked(question(Kind.SIGNATURE, required=True)).is_valid()

    def test_too_long_are_refused(self):
        assert not asked(question(Kind.SIGNATURE), typed={"it__name": ["ж" * 201]}).is_valid()


class TestAgencies:
    def test_that_the_register_knows_keep_their_number(self):
        assert answer(Kind.AGENCY, "Школа № 17") == {"id": 17, "name": "Школа № 17"}

    def test_that_it_does_not_know_are_kept_by_name(self):
        assert answer(Kind.AGENCY, "Школа в Бердске") == {"id": None, "name": "Школа в Бердске"}
        assert answer(Kind.AGENCY, "") == {"id": None, "name": ""}


class TestTables:
    def rows(self, *names, start=0):
        return {f"children-{start + number}-fio": [name] for number, name in enumerate(names)}

    def test_give_a_list_of_rows_and_drop_empty_ones(self):
        typed = self.rows("Полина", "  ", "Егор") | {"children-2-birth": ["30.11.2020"]}
        assert asked(CHILDREN, typed=typed).answers() == {
            "children": [{"fio": "Полина", "birth": None}, {"fio": "Егор", "birth": "2020-11-30"}]
        }

    def test_with_too_few_rows_say_so(self):
        questionnaire = asked(CHILDREN)
        assert questionnaire.tables["children"].problem
        assert questionnaire.error_summary[0][0] == "table-children"
        assert not questionnaire.is_valid()

    def test_that_are_required_need_a_row_even_without_a_minimum(self):
        table = Question(key="it", label="Т", kind=Kind.TABLE, required=True, columns=CHILDREN.columns)
        assert not asked(table).is_valid()

    def test_never_take_more_rows_than_they_may(self):
        typed = self.rows(*[f"Ребёнок {number}" for number in range(9)])
        schema = Schema(questions=(CHILDREN,))
        assert len(typed_from_post(schema, typed)) == 4
        assert len(asked(CHILDREN, typed=typed).answers()["children"]) == 4

    @pytest.mark.parametrize("index", ["999", "4", "-1", "٣", "1e1", "007", "0x1", "", " 1", "99999999999"])
    def test_do_not_listen_to_indexes_that_no_page_sends(self, index):
        typed = typed_from_post(Schema(questions=(CHILDREN,)), {f"children-{index}-fio": ["Чужой"]})
        assert typed == {}
        assert len(asked(CHILDREN, typed={f"children-{index}-fio": ["Чужой"]}).tables["children"].rows) == 1

    def test_check_each_row_and_say_where(self):
        questionnaire = asked(CHILDREN, typed=self.rows("Полина") | {"children-1-birth": ["вчера"]})
        assert [place for place, _label, _message in questionnaire.error_summary] == [
            "id_children-1-fio",
            "id_children-1-birth",
        ]

    def test_with_fixed_rows_answer_every_row_whatever_the_most_rows_says(self):
        typed = typed_from_post(Schema(questions=(RISKS,)), {"risks-2-level": ["высокий"], "risks-3-level": ["низкий"]})
        assert asked(RISKS, typed=typed).answers() == {"risks": [{"level": ""}, {"level": ""}, {"level": "высокий"}]}
        assert "risks-3-level" not in typed
        assert [row.label for row in asked(RISKS).tables["risks"].rows] == [row.label for row in RISKS.rows]

    def test_with_fixed_rows_refuse_a_choice_that_is_not_offered(self):
        assert not asked(RISKS, typed={"risks-0-level": ["чужой"]}).is_valid()


class TestRows:
    def test_are_added_up_to_the_most(self):
        typed = {}
        for expected in (2, 3, 4, 4):
            typed = add_row(CHILDREN, typed)
            assert len(asked(CHILDREN, typed=typed, check=False).tables["children"].rows) == expected
        assert not asked(CHILDREN, typed=typed, check=False).tables["children"].can_add

    def test_are_removed_and_the_later_ones_move_up(self):
        typed = {"children-0-fio": ["А"], "children-1-fio": ["Б"], "children-2-fio": ["В"], "other": ["Г"]}
        assert remove_row(CHILDREN, typed, 1) == {"children-0-fio": ["А"], "children-1-fio": ["В"], "other": ["Г"]}
        assert remove_row(CHILDREN, typed, 77) == typed

    def test_of_a_fixed_table_are_neither_added_nor_removed(self):
        typed = {"risks-0-level": ["низкий"]}
        assert add_row(RISKS, typed) == typed
        assert remove_row(RISKS, typed, 0) == typed
        table = asked(RISKS).tables["risks"]
        assert not table.can_add
        assert not any(row.can_remove for row in table.rows)

    def test_can_be_removed_only_while_another_is_left(self):
        rows = asked(CHILDREN).tables["children"].rows
        assert [row.can_remove for row in rows] == [False]


class TestWhatComesFromThePage:
    def test_is_taken_only_under_names_that_the_form_has(self):
        schema = Schema(questions=(question(Kind.TEXT), CHILDREN, Question(key="s", label="Раздел", kind=Kind.SECTION)))
        post = QueryDict(
            "it=a&it=b&s=x&is_superuser=1&children-0-fio=P&children-0-case=5&csrfmiddlewaretoken=t&children=3"
        )
        assert typed_from_post(schema, post) == {"it": ["a", "b"], "children-0-fio": ["P"]}

    def test_shows_the_typed_words_again_right_or_wrong(self):
        html = rendered(
            asked(question(Kind.DATE), CHILDREN, typed={"it": ["31.02.2026"], "children-0-birth": ["вчера"]})
        )
        assert 'value="31.02.2026"' in html
        assert 'value="вчера"' in html

    def test_is_never_markup_on_the_screen(self):
        typed = {"it": ['"><script>alert(1)</script>{{ 7*7 }}'], "children-0-fio": ["<img src=x>"]}
        html = rendered(asked(question(Kind.LONG_TEXT), CHILDREN, typed=typed))
        assert "<script>" not in html
        assert "<img" not in html
        assert "{{ 7*7 }}" in html

    def test_may_answer_a_question_with_any_key_that_an_editor_can_give(self):
        keys = ("prefix", "errors", "data", "clean", "field_order", "checking", "media", "default_renderer")
        questions = [Question(key=key, label=key, kind=Kind.TEXT) for key in keys]
        questionnaire = asked(*questions, typed={key: [f"о {key}"] for key in keys})
        assert questionnaire.answers() == {key: f"о {key}" for key in keys}


ALL_KINDS = (
    Question(key="s", label="Раздел", kind=Kind.SECTION),
    Question(key="note", label="Пояснение", kind=Kind.NOTE),
    *(
        Question(key=f"q_{kind.value}", label=f"Вопрос {kind}", kind=kind, required=True, choices=("а", "б"))
        for kind in Kind
        if kind.is_answered and not kind.is_table
    ),
    Question(
        key="table",
        label="Таблица",
        kind=Kind.TABLE,
        required=True,
        columns=tuple(
            Column(key=kind.value, label=kind, kind=kind, required=True, choices=("а",)) for kind in CELL_KINDS
        ),
    ),
    Question(
        key="fixed",
        label="Строки",
        kind=Kind.FIXED_TABLE,
        rows=(Row(label="Первая"),),
        columns=tuple(
            Column(key=kind.value, label=kind, kind=kind, required=True, choices=("а",)) for kind in CELL_KINDS
        ),
    ),
)


def rendered(questionnaire):
    return render_to_string("forms_library/questionnaire/questionnaire.html", {"questionnaire": questionnaire})


class TestTheSummaryOfMistakes:
    def test_leads_to_places_that_are_on_the_page_for_every_kind_of_question(self):
        questionnaire = asked(*ALL_KINDS, typed={"table-0-singleline": ["слово"]})
        html = rendered(questionnaire)
        places = [place for place, _label, _message in questionnaire.error_summary]
        ids = re.findall(r'\bid="([^"]*)"', html)
        assert len(places) >= len(Kind) - 4
        assert set(places) <= set(ids)
        assert len(ids) == len(set(ids))

    def test_keeps_quiet_until_asked_to_check(self):
        questionnaire = asked(*ALL_KINDS, check=False)
        assert questionnaire.error_summary == []
        assert not questionnaire.is_valid()
        assert "error-summary" not in rendered(questionnaire)
        with pytest.raises(ValueError, match="not valid"):
            questionnaire.answers()

    def test_of_a_fresh_form_is_empty_and_the_defaults_are_shown(self):
        schema = Schema(questions=(question(Kind.TEXT, default="Новосибирск"), CHILDREN))
        fresh = Questionnaire(schema)
        assert 'value="Новосибирск"' in rendered(fresh)
        assert not fresh.is_valid()
        assert fresh.missing() == ["Вопрос", "Дети"] or fresh.missing() == ["Дети"]

    def test_names_what_is_missing_even_before_anybody_asks_to_check(self):
        questionnaire = asked(question(Kind.TEXT, required=True), CHILDREN, check=False)
        assert questionnaire.missing() == ["Вопрос", "Дети"]
        assert questionnaire.error_summary == []
