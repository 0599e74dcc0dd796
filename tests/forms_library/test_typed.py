"""What somebody typed: carried over to another edition, and the same again after a road through the answers."""

import json

from hypothesis import given, settings as hypothesis_settings

from forms_library.questionnaire import Questionnaire
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.typed import GAPS, carry_over, typed_from_answers, typed_from_post
from tests.forms_library.asking import AROUND, CHILDREN, RISKS, filled_forms, question


class TestCarryingOver:
    def test_moves_answers_of_the_same_key_and_kind(self):
        old = Schema(questions=(question(Kind.TEXT), CHILDREN, Question(key="sign", label="П", kind=Kind.SIGNATURE)))
        typed = {"it": ["слово"], "children-0-fio": ["Полина"], "sign__post": ["директор"], "sign__name": ["Белова"]}
        assert carry_over(old, old, typed) == (typed, [])

    def test_moves_a_date_that_became_a_date_of_birth(self):
        typed = {"it": ["09.04.2016"]}
        old, new = Schema(questions=(question(Kind.DATE),)), Schema(questions=(question(Kind.BIRTH_DATE),))
        assert carry_over(old, new, typed) == (typed, [])
        assert carry_over(new, old, typed) == (typed, [])

    def test_says_what_had_no_place(self):
        old = Schema(questions=(question(Kind.TEXT), CHILDREN))
        column = Column(key="fio", label="ФИО", kind=Kind.FIO)
        new = Schema(
            questions=(
                question(Kind.DATE),
                Question(key="children", label="Дети", kind=Kind.TABLE, max_rows=1, columns=(column,)),
            )
        )
        typed = {
            "it": ["слово"],
            "children-0-fio": ["Полина"],
            "children-0-birth": ["09.04.2016"],
            "children-1-fio": ["Егор"],
            "children-1-birth": [""],
        }
        moved, left = carry_over(old, new, typed)
        assert moved == {"children-0-fio": ["Полина"]}
        assert left == [("Вопрос", "слово"), ("Дети", "09.04.2016; Егор")]

    def test_does_not_hide_a_choice_that_is_offered_no_more(self):
        old = Schema(questions=(question(Kind.CHOICE, choices=("а", "б")), RISKS))
        fewer = Column(key="level", label="Уровень", kind=Kind.CHOICE, choices=("низкий",))
        new = Schema(
            questions=(
                question(Kind.CHOICE, choices=("а",)),
                Question(key="risks", label="Риски", kind=Kind.FIXED_TABLE, rows=RISKS.rows, columns=(fewer,)),
            )
        )
        typed = {"it": ["б"], "risks-0-level": ["высокий"], "risks-1-level": ["низкий"], "risks-2-level": [""]}
        moved, left = carry_over(old, new, typed)
        assert moved == {"risks-1-level": ["низкий"], "risks-2-level": [""]}
        assert left == [("Вопрос", "б"), ("Риски", "высокий")]

    def test_leaves_a_question_that_is_gone(self):
        assert carry_over(Schema(questions=(question(Kind.TEXT),)), Schema(), {"it": ["слово"]}) == (
            {},
            [("Вопрос", "слово")],
        )


class TestTheRoundTrip:
    @hypothesis_settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(filled_forms())
    def test_of_answers_through_the_screen_changes_nothing(self, filled):
        schema, posted = filled
        typed = typed_from_post(schema, posted)
        first = Questionnaire(schema, typed=typed, check=True, around=AROUND)
        if not first.is_valid():
            assert first.error_summary
            return
        answers = first.answers()
        assert json.loads(json.dumps(answers)) == answers
        assert set(answers) - {GAPS} == {each.key for each in schema.answered}
        again = typed_from_answers(schema, answers)
        assert typed_from_post(schema, again) == again
        second = Questionnaire(schema, typed=again, check=True, around=AROUND)
        assert second.answers() == answers
        assert typed_from_answers(schema, second.answers()) == again

    def test_takes_answers_that_are_there_and_leaves_the_rest_alone(self):
        schema = Schema(questions=(question(Kind.TEXT), CHILDREN))
        assert typed_from_answers(schema, {"children": [{"fio": "Полина"}]}) == {"children-0-fio": ["Полина"]}
