"""Rules, sums, SNILS, links, checklists and matrices of a form on the screen."""

import datetime as dt

import pytest

from forms_library.questionnaire import Questionnaire, Surroundings
from forms_library.schema import Check, Column, Kind, Question, Row, Schema, Threshold
from forms_library.typed import GAPS, carry_over

AROUND = Surroundings(
    people={"Примерова Анна": 4},
    documents={
        3: {"id": 3, "name": "№ 3, Извещение", "form": "nso_risk_notice"},
        4: {"id": 4, "name": "№ 4, План", "form": "nso_dept_plan"},
    },
    today=dt.date(2026, 3, 5),
)


def asked(*questions, typed, checks=(), check=True):
    return Questionnaire(Schema(questions=questions, checks=checks), typed=typed, check=check, around=AROUND)


def question(kind, **facts):
    return Question(**{"key": "it", "label": "Вопрос", "kind": kind, **facts})


class TestMoney:
    @pytest.mark.parametrize("typed", ["12345,5", "12 345,50", "12 345.50 руб.", "12345,50 ₽"])
    def test_is_read_as_people_write_it(self, typed):
        assert asked(question(Kind.MONEY), typed={"it": [typed]}).answers() == {"it": "12345.50"}

    @pytest.mark.parametrize("typed", ["сто", "1,234", "1e5", "١٢", "1,2,3"])
    def test_that_is_no_sum_is_refused(self, typed):
        assert not asked(question(Kind.MONEY), typed={"it": [typed]}).is_valid()


class TestSnils:
    @pytest.mark.parametrize("typed", ["112-233-445 95", "11223344595", "112 233 445 95"])
    def test_is_kept_in_one_shape(self, typed):
        assert asked(question(Kind.SNILS), typed={"it": [typed]}).answers() == {"it": "112-233-445 95"}

    @pytest.mark.parametrize("typed", ["112-233-445 96", "1122334459", "١١٢٢٣٣٤٤٥٩٥"])
    def test_with_a_wrong_control_sum_or_length_is_refused(self, typed):
        assert not asked(question(Kind.SNILS), typed={"it": [typed]}).is_valid()

    def test_of_the_first_numbers_has_no_control_sum(self):
        assert asked(question(Kind.SNILS), typed={"it": ["00100199811"]}).is_valid()


class TestPeopleAndDocumentsOfTheCase:
    def test_a_person_of_the_case_keeps_the_number(self):
        answers = asked(question(Kind.PERSON), typed={"it": ["Примерова Анна"]}).answers()
        assert answers == {"it": {"id": 4, "name": "Примерова Анна"}}

    def test_only_forms_of_the_asked_kind_can_be_linked(self):
        link = question(Kind.DOCUMENT, forms=("nso_risk_notice",), required=True)
        assert asked(link, typed={"it": ["3"]}).answers() == {"it": [{"id": 3, "name": "№ 3, Извещение"}]}
        assert not asked(link, typed={"it": ["4"]}).is_valid()
        assert not asked(link, typed={}).is_valid()

    def test_no_more_forms_are_linked_than_the_question_allows(self):
        assert not asked(question(Kind.DOCUMENT, max_files=1), typed={"it": ["3", "4"]}).is_valid()


class TestWhatTheRulesHide:
    THREAT = Question(key="threat", label="Угроза жизни", kind=Kind.YES_NO, required=True)
    HOW = Question(key="how", label="В чём угроза", kind=Kind.LONG_TEXT, required=True, shown_when="threat = да")

    def test_is_not_missed_and_not_kept(self):
        hidden = asked(self.THREAT, self.HOW, typed={"threat": ["no"], "how": ["осталось от прежнего ответа"]})
        assert hidden.answers() == {"threat": False, "how": ""}

    def test_is_required_as_soon_as_it_is_asked(self):
        questionnaire = asked(self.THREAT, self.HOW, typed={"threat": ["yes"]})
        assert [label for _place, label, _message in questionnaire.error_summary] == ["В чём угроза"]

    def test_together_with_a_whole_section(self):
        heading = Question(key="about", label="Об угрозе", kind=Kind.SECTION, shown_when="threat = да")
        table = Question(key="rows", label="Кто", kind=Kind.TABLE, required=True, columns=(Column(key="c", label="С"),))
        questionnaire = asked(self.THREAT, heading, table, typed={"threat": ["no"], "rows-0-c": ["лишнее"]})
        assert questionnaire.answers() == {"threat": False, "rows": []}
        assert [section.is_shown for section in questionnaire.sections] == [True, False]

    def test_stays_on_the_page_with_its_condition_in_words(self):
        questionnaire = asked(self.THREAT, self.HOW, typed={}, check=False)
        (item,) = [item for section in questionnaire.sections for item in section.items if item.question is self.HOW]
        assert (item.is_shown, "Угроза жизни" in item.condition) == (False, True)


class TestWhatTheFormComputes:
    def test_is_an_answer_like_any_other(self):
        start = Question(key="start", label="С", kind=Kind.DATE_TIME)
        end = Question(key="end", label="До", kind=Kind.DATE_TIME)
        minutes = Question(key="minutes", label="Минут", kind=Kind.COMPUTED, expression="minutes(start, end)")
        typed = {"start": ["05.03.2026 10:00"], "end": ["05.03.2026 11:05"], "minutes": ["999"]}
        assert asked(start, end, minutes, typed=typed).answers()["minutes"] == 65

    def test_in_a_row_and_from_the_rows(self):
        columns = (
            Column(key="price", label="Цена", kind=Kind.MONEY),
            Column(key="amount", label="Количество", kind=Kind.INTEGER),
            Column(key="cost", label="Стоимость", kind=Kind.COMPUTED, expression="price * amount"),
        )
        table = Question(key="things", label="Вещи", kind=Kind.TABLE, columns=columns)
        total = Question(key="total", label="Всего", kind=Kind.COMPUTED, expression="sum(things.price)")
        typed = {"things-0-price": ["10,50"], "things-0-amount": ["2"], "things-1-price": ["1"]}
        answers = asked(table, total, typed=typed).answers()
        assert answers["things"][0]["cost"] == "21.00"
        assert answers["things"][1]["cost"] is None
        assert answers["total"] == "11.50"


class TestChecksOfSeveralAnswers:
    FROM = Question(key="since", label="С", kind=Kind.DATE)
    TO = Question(key="till", label="По", kind=Kind.DATE)

    def test_say_their_message_beside_the_question(self):
        rule = Check(condition="till <= add_months(since, 3)", message="Не больше трёх месяцев.", key="till")
        questionnaire = asked(
            self.FROM, self.TO, typed={"since": ["05.03.2026"], "till": ["06.06.2026"]}, checks=(rule,)
        )
        assert not questionnaire.is_valid()
        assert questionnaire.error_summary == [("id_till", "По", "Не больше трёх месяцев.")]

    def test_pass_while_something_is_not_known(self):
        rule = Check(condition="till <= add_months(since, 3)", message="Не больше трёх месяцев.")
        assert asked(self.FROM, self.TO, typed={"till": ["06.06.2026"]}, checks=(rule,)).is_valid()

    def test_of_the_whole_form_stand_above_it(self):
        rule = Check(condition="filled(since) or filled(till)", message="Назовите хотя бы один день.")
        questionnaire = asked(self.FROM, self.TO, typed={}, checks=(rule,))
        assert [message for _place, _label, message in questionnaire.error_summary] == ["Назовите хотя бы один день."]


class TestRecommendedQuestions:
    WORK = Question(key="work", label="Место работы", kind=Kind.TEXT, recommended=True)

    def test_do_not_stop_the_form_and_keep_the_reason_of_the_gap(self):
        questionnaire = asked(self.WORK, typed={"work__why": ["мать не ответила"]})
        assert questionnaire.answers() == {"work": "", GAPS: {"work": "мать не ответила"}}

    def test_that_are_answered_have_no_gap(self):
        questionnaire = asked(self.WORK, typed={"work": ["школа"], "work__why": ["старое"]})
        assert questionnaire.answers() == {"work": "школа"}


RISKS = Question(
    key="risks",
    label="Признаки",
    kind=Kind.CHECKLIST,
    required=True,
    rows=(Row(label="Нет еды", scale="Питание", weight=3), Row(label="Нет сна", scale="Здоровье", weight=2)),
    thresholds=(Threshold(scale="Питание", at_least=3, level="высокий"), Threshold(at_least=1, level="средний")),
    columns=(Column(key="note", label="Примечание"),),
)


class TestChecklists:
    def test_add_up_the_weights_scale_by_scale_and_suggest_a_level(self):
        score = Question(key="score", label="Баллы", kind=Kind.COMPUTED, expression='score(risks, "Питание")')
        level = Question(key="level", label="Уровень", kind=Kind.COMPUTED, expression='level(risks, "Питание")')
        typed = {"risks-0-mark": ["есть"], "risks-1-mark": ["нет данных"], "risks-0-note": ["со слов соседей"]}
        answers = asked(RISKS, score, level, typed=typed).answers()
        assert answers["risks"] == [{"mark": "есть", "note": "со слов соседей"}, {"mark": "нет данных", "note": ""}]
        assert (answers["score"], answers["level"]) == (3, "высокий")

    def test_that_are_required_want_a_mark_in_every_row(self):
        assert not asked(RISKS, typed={"risks-0-mark": ["есть"]}).is_valid()


class TestMatrices:
    STATE = Question(
        key="state",
        label="Состояние",
        kind=Kind.MATRIX,
        rows=(
            Row(label="Сон", choices=("спокойный", "тревожный")),
            Row(label="Аппетит", choices=("хороший", "плохой")),
        ),
    )

    def test_offer_each_row_its_own_scale(self):
        good = asked(self.STATE, typed={"state-0-answer": ["тревожный"], "state-1-answer": ["хороший"]})
        assert good.answers() == {"state": [{"answer": "тревожный"}, {"answer": "хороший"}]}
        assert not asked(self.STATE, typed={"state-0-answer": ["хороший"]}).is_valid()

    def test_are_carried_over_by_the_names_of_their_rows(self):
        turned = Question(key="state", label="Состояние", kind=Kind.MATRIX, rows=self.STATE.rows[::-1])
        typed = {"state-0-answer": ["тревожный"]}
        moved, left = carry_over(Schema(questions=(self.STATE,)), Schema(questions=(turned,)), typed)
        assert (moved, left) == ({"state-1-answer": ["тревожный"]}, [])
