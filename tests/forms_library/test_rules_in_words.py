"""The rules of a form as sentences. The words are checked in the language of the code."""

import pytest
from django.utils.translation import override

from forms_library.rules_in_words import cell_in_words, condition_in_words, rules_of, rules_of_checks
from forms_library.schema import Check, Column, Kind, Question, Row, Schema, Threshold


@pytest.fixture(autouse=True)
def in_the_language_of_the_code():
    with override("en"):
        yield


def question(key, label, kind=Kind.TEXT, **facts):
    return Question(key=key, label=label, kind=kind, **facts)


SPENT = question(
    "spent",
    "Расходы",
    Kind.TABLE,
    min_rows=1,
    max_rows=10,
    extract_by="who",
    columns=(
        Column(key="who", label="Кому", required=True),
        Column(key="price", label="Цена", kind=Kind.MONEY),
        Column(key="on", label="День", kind=Kind.DATE),
        Column(key="double", label="Вдвое", kind=Kind.COMPUTED, expression="price * 2"),
    ),
)
RISKS = question(
    "risks",
    "Риски",
    Kind.CHECKLIST,
    rows=(Row(label="холодно", scale="дом", weight=5),),
    thresholds=(Threshold(at_least=9, level="высокий"), Threshold(at_least=5, level="плохо", scale="дом")),
)
SCHEMA = Schema(
    questions=(
        question("threat", "Угроза жизни", Kind.YES_NO),
        question("born", "Дата рождения", Kind.BIRTH_DATE),
        question("on", "Дата составления", Kind.DATE),
        question("start", "Начало", Kind.DATE_TIME),
        question("rooms", "Комнат", Kind.INTEGER),
        question("level", "Уровень", Kind.CHOICE, choices=("низкий", "высокий")),
        question("kinds", "Виды", Kind.CHOICES, choices=("еда",)),
        question("name", "ФИО", Kind.FIO),
        SPENT,
        RISKS,
    ),
    checks=(Check(condition="born <= on", message="Проверьте даты"), Check(condition="a b", message="Нет")),
)


class TestConditions:
    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("threat = да", "«Угроза жизни» = да"),
            ("threat", "«Угроза жизни» = да"),
            ("not threat", "«Угроза жизни» = нет"),
            ("нет", "нет"),
            ("age(born, on) < 14", "the age (from «Дата рождения» to «Дата составления») is less than 14"),
            ("born < on", "«Дата рождения» is before «Дата составления»"),
            ("born >= today", "«Дата рождения» is not before today"),
            ("born != on", "«Дата рождения» ≠ «Дата составления»"),
            ("1 < rooms <= 2.5", "1 is less than «Комнат» and «Комнат» is not more than 2,5"),
            (
                "threat и (rooms > 1 или rooms = 0)",
                "«Угроза жизни» = да and («Комнат» is more than 1 or «Комнат» = 0)",
            ),
            ("threat или filled(name)", "«Угроза жизни» = да or «ФИО» is filled in"),
            ("не filled(name)", "«ФИО» is not filled in"),
            ("не (rooms > 1)", "it is not true that «Комнат» is more than 1"),
            ("не (threat и threat)", "it is not true that («Угроза жизни» = да and «Угроза жизни» = да)"),
            ("level in [«низкий», «высокий»]", "«Уровень» is one of: «низкий», «высокий»"),
            ("level not in [«низкий»]", "«Уровень» is none of: «низкий»"),
            ("«еда» in kinds", "«еда» is chosen in «Виды»"),
            ("«еда» not in kinds", "«еда» is not chosen in «Виды»"),
            ("(rooms + 1) * 2 - 1", "(«Комнат» + 1) × 2 − 1"),
            ("rooms / (2 * 3)", "«Комнат» ÷ (2 × 3)"),
            ("-(rooms + 1)", "−(«Комнат» + 1)"),
            (
                "latest(spent.on) <= on",
                "the latest day of «День» of the table «Расходы» is not after «Дата составления»",
            ),
            ("earliest(spent.on)", "the earliest day of «День» of the table «Расходы»"),
            ("sum(spent.price)", "the sum of «Цена» of the table «Расходы»"),
            ("count(spent)", "the number of entries in «Расходы»"),
            ("score(risks)", "the points of «Риски»"),
            ("level(risks, «дом»)", "the level by the points of «Риски» on the scale «дом»"),
            ("add_months(on, 3)", "«Дата составления» plus 3 months"),
            ("min(rooms, 3)", "the smaller of: «Комнат», 3"),
            ("choose(threat, «да», «нет»)", "(«да» if «Угроза жизни» = да, otherwise «нет»)"),
            ("1 if threat else 2", "1 if «Угроза жизни» = да, otherwise 2"),
            ("name ~ «!»", "«ФИО» ~ «!»"),
            ("rooms", "«Комнат»"),
        ],
    )
    def test_read_as_words(self, source, words):
        assert condition_in_words(source, SCHEMA) == words

    @pytest.mark.parametrize("source", ["1 +", "removed = да", "name < rooms", ""])
    def test_that_are_broken_are_shown_as_written(self, source):
        assert condition_in_words(source, SCHEMA) == source

    def test_of_cells_name_the_columns(self):
        assert cell_in_words("price * 2", SPENT) == "«Цена» × 2"
        assert cell_in_words("rooms", SPENT) == "rooms"


class TestRules:
    @pytest.mark.parametrize(
        ("facts", "sentences"),
        [
            ({}, []),
            ({"shown_when": "threat = да", "required": True}, ["Shown if «Угроза жизни» = да.", "Required."]),
            ({"recommended": True}, ["Recommended: a gap does not stop the filing, but its reason will be asked."]),
            ({"kind": Kind.DATE, "not_before": "on"}, ["Not before «Дата составления»."]),
            ({"kind": Kind.DATE, "not_before": "removed"}, ["Not before «removed»."]),
            ({"kind": Kind.BIRTH_DATE}, ["Not in the future."]),
            ({"kind": Kind.COMPUTED, "expression": "rooms + 1"}, ["Computed: «Комнат» + 1."]),
            (
                {"kind": Kind.NUMBER, "number_pattern": "{n}/{year}"},
                ["The register gives the number at the filing: №/year"],
            ),
            ({"kind": Kind.DOCUMENT, "forms": ("a", "b")}, ["Only these forms: a, b."]),
            (
                {"kind": Kind.ATTACHMENT, "file_kinds": ("pdf", "jpg"), "max_files": 1, "max_megabytes": 5},
                ["Only files of these kinds: pdf, jpg.", "At most 1 file.", "No file over 5 MB."],
            ),
            ({"kind": Kind.ATTACHMENT}, ["At most 20 files.", "No file over 20 MB."]),
            ({"kind": Kind.TABLE, "max_rows": 5}, ["At most 5 rows."]),
            ({"kind": Kind.TABLE, "extract_by": "removed"}, None),
        ],
    )
    def test_read_as_sentences(self, facts, sentences):
        found = rules_of(question("it", "Это", **facts), SCHEMA)
        assert found == sentences if sentences is not None else "removed" in found[-1]

    def test_of_a_table_speak_of_its_rows_and_columns(self):
        assert rules_of(SPENT, SCHEMA) == [
            "From 1 to 10 rows.",
            "Required in each row: «Кому».",
            "«Вдвое» is computed: «Цена» × 2.",
            "Everyone named in «Кому» may be sent an extract with their own rows.",
        ]

    def test_of_a_checklist_tell_what_it_suggests(self):
        assert rules_of(RISKS, SCHEMA) == [
            "A sum of 9 or more suggests: высокий.",
            "A sum of 5 or more on the scale «дом» suggests: плохо.",
        ]

    def test_between_answers_tell_what_is_said(self):
        assert rules_of_checks(SCHEMA) == [
            "It must be true that «Дата рождения» is not after «Дата составления». Otherwise it is said: «Проверьте даты»",
            "It must be true that a b. Otherwise it is said: «Нет»",
        ]
