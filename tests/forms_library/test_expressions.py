"""The small language of official forms: what may be written, what it comes out as, and that nothing can break it."""

import pytest

from forms_library.expressions import (
    Evaluation,
)
from forms_library.schema import Check, Kind, Question, Schema
from tests.forms_library.invented_rules import ANSWERS, QUESTIONS, SCHEMA, SPENT, TODAY, question, worked_out


class TestWhatComesOut:
    @pytest.mark.parametrize(
        ("source", "result"),
        [
            ("threat", True),
            ("threat = да", True),
            ("threat == нет", False),
            ("не threat", False),
            ("not true or false", False),
            ("threat = да и age(born, today) < 14", False),
            ("threat = нет или rooms = 2", True),
            ("threat and threat", True),
            ("нет или нет", False),
            ("rooms ≠ 2", False),
            ("rooms ≥ 2 and rooms ≤ 2", True),
            ("1 < rooms < 3", True),
            ("1 < rooms < 2", False),
            ("level = «высокий»", True),
            ('level in ["низкий", "высокий"]', True),
            ("level not in ['низкий']", True),
            ("«еда» in kinds", True),
            ("'вещи' in kinds", False),
            ("born < drawn_up", True),
            ("start > drawn_up", True),
            ("start < end", True),
            ("rooms + people * 2 - 1", 11),
            ("-(rooms + 1)", -3),
            ("rooms / people", "0.40"),
            ("income / people", "2000.10"),
            ("income + rooms", "10002.50"),
            ("rooms * 1.5", "3.00"),
            ("rooms / 0", None),
            ("rooms / (people - 5)", None),
            ("sum(spent.price)", "70.25"),
            ("sum(spent.amount)", 2),
            ("sum(spent.total)", "100.50"),
            ("sum(spent.double)", "201.00"),
            ("earliest(spent.on)", "2026-02-27"),
            ("latest(spent.on) <= drawn_up", True),
            ("count(spent)", 3),
            ("count(spent.price)", 2),
            ("count(spent.paid)", 1),
            ("count(kinds)", 1),
            ("count(paper)", 1),
            ("age(born, drawn_up)", 13),
            ("age(born, today)", 14),
            ("age(today, born)", None),
            ("days(born, born)", 0),
            ("days(drawn_up, start)", 1),
            ("days(start, drawn_up)", -1),
            ("months(born, drawn_up)", 168),
            ("months(drawn_up, today)", 0),
            ("months(drawn_up, born)", -168),
            ("minutes(start, end)", 65),
            ("minutes(end, start)", -65),
            ("add_days(drawn_up, 1)", "2026-03-01"),
            ("add_days(start, 1)", "2026-03-02"),
            ("add_months(born, 12)", "2013-02-28"),
            ("add_days(drawn_up, 100000000)", None),
            ("add_days(drawn_up, 90000)", None),
            ("add_months(drawn_up, 100000)", None),
            ("filled(name)", True),
            ("filled(story)", False),
            ("filled(spent)", True),
            ("filled(spent.paid)", True),
            ("score(risks)", 6),
            ("score(risks, «питание»)", 0),
            ("score(risks, «жильё»)", 6),
            ("level(risks)", "средний"),
            ("level(risks, «жильё»)", "плохо"),
            ("level(risks, «питание»)", ""),
            ("min(rooms, people)", 2),
            ("max(rooms, people)", 5),
            ("max(born, drawn_up)", "2026-02-28"),
            ("max(start, end)", "2026-03-01T11:05"),
            ("choose(rooms > 1, «много», «мало»)", "много"),
            ("«мало» if rooms < 2 else «много»", "много"),
            ("choose(rooms > 1, 0, income)", "0.00"),
            ("name ~ «, » ~ rooms ~ ' ' ~ born", "Иванова Анна, 2 29.02.2012"),
            ("income ~ start ~ threat ~ нет ~ kinds ~ agency", "10000,5001.03.2026 10:00данетедаШкола № 17"),
            ("story ~ «!»", None),
            ("rooms + 999999999999999 + 1", None),
            ("1e400", None),
            ("story = «а»", None),
            ("не (story = «а»)", None),
            ("story = «а» и threat", None),
            ("story = «а» или нет", None),
            ("story = «а» или threat", True),
            ("choose(story = «а», 1, 2)", None),
            ("min(age(today, born), 1)", None),
            ("-age(today, born)", None),
            ("«а и не б» ~ '='", "а и не б="),
            ('«он сказал "да"»', 'он сказал "да"'),
        ],
    )
    def test_of_a_rule(self, source, result):
        assert worked_out(source) == result
        assert type(worked_out(source)) is type(result)

    def test_without_a_day_is_unknown_where_today_matters(self):
        assert worked_out("age(born, today)", today=None) is None

    def test_of_no_answers_is_unknown(self):
        assert worked_out("rooms + people", {}) is None
        assert worked_out("rooms < 5", {}) is None
        assert worked_out("add_days(drawn_up, rooms)", {}) is None

    def test_of_an_empty_table_is_nothing(self):
        assert worked_out("count(spent)", {}) == 0
        assert worked_out("sum(spent.amount)", {}) == 0
        assert worked_out("sum(spent.price)", {}) == "0.00"

    def test_a_day_of_no_rows_is_not_known(self):
        assert worked_out("latest(spent.on)", {}) is None
        assert worked_out("earliest(spent.on)", {"spent": [{"on": "вчера"}]}) is None

    def test_suggests_no_level_until_something_is_marked(self):
        assert worked_out("level(risks)", {"risks": [{"mark": ""}, {}, {}]}) is None
        assert worked_out("level(risks)", {"risks": [{"mark": "нет"}, {}, {}]}) == ""
        assert worked_out("filled(it2)", schema=Schema(questions=(question("it2", Kind.NOTE),))) is False

    def test_is_never_longer_than_a_paper_takes(self):
        assert worked_out("story ~ story", {"story": "я" * 1000}) == "я" * 2000
        assert worked_out("story ~ story", {"story": "я" * 1001}) is None

    @pytest.mark.parametrize(
        ("key", "answer"),
        [
            ("born", "1899-12-31"),
            ("born", "9999-12-31"),
            ("born", 5),
            ("start", "2026-03-01T10:00+03:00"),
            ("rooms", True),
            ("rooms", "2"),
            ("rooms", 10**15 + 1),
            ("income", 5),
            ("income", "1e9"),
            ("income", "1234567890123456.00"),
            ("kinds", "еда"),
            ("kinds", [5]),
            ("kinds", []),
            ("agency", "Школа"),
            ("paper", {"name": "Справка"}),
            ("paper", [5]),
            ("name", "  "),
            ("threat", 1),
            ("spent", {"what": "хлеб"}),
            ("spent", [5, None]),
        ],
    )
    def test_of_an_answer_of_the_wrong_shape_is_unknown(self, key, answer):
        assert worked_out(f"filled({key})", {key: answer}) is False

    @pytest.mark.parametrize(
        "source",
        [
            "name + 1",
            "not name",
            "name and threat",
            "name < rooms",
            "threat = rooms",
            "«а» in name",
            "story in kinds",
            "score(name)",
            "level(nothing)",
            "spent.price",
            "age(name, born)",
            "minutes(born, start)",
            "add_days(born, 1.5)",
            "count(rooms) + nothing",
            "kinds",
            "spent",
            "1 +",
            "it",
        ],
    )
    def test_of_a_rule_that_does_not_fit_is_unknown(self, source):
        assert worked_out(source) is None


class TestShowing:
    SCHEMA = Schema(
        questions=(
            question("threat", Kind.YES_NO),
            question("why", shown_when="threat = да"),
            question("more", shown_when="filled(why)"),
            question("child", Kind.SECTION, shown_when="threat"),
            question("name"),
            question("age", Kind.INTEGER, shown_when="filled(name)"),
            question("end", Kind.SECTION),
            question("twice", Kind.COMPUTED, expression="age * 2"),
            question("never", shown_when="1 +"),
        )
    )

    def shown(self, **answers):
        evaluation = Evaluation(self.SCHEMA, answers, today=TODAY)
        return [item.key for item in self.SCHEMA if evaluation.is_shown(item.key)]

    def test_follows_the_answers(self):
        answers = {"why": "так", "name": "Аня", "age": 5}
        assert self.shown(threat=True, **answers) == [
            *("threat", "why", "more", "child", "name", "age", "end", "twice"),
        ]

    def test_of_what_is_unknown_waits(self):
        assert self.shown() == ["threat", "end", "twice"]

    def test_forgets_what_was_answered_before_it_was_hidden(self):
        evaluation = Evaluation(self.SCHEMA, {"threat": False, "why": "так", "name": "Аня", "age": 5}, today=TODAY)
        assert not evaluation.is_shown("more")
        assert evaluation.value("age") is None
        assert evaluation.computed("twice") is None

    def test_of_an_unknown_key_is_no(self):
        assert not Evaluation(self.SCHEMA, {}, today=TODAY).is_shown("nothing")

    def test_counts_nothing_of_a_hidden_table(self):
        schema = Schema(
            questions=(
                Question(**{**vars(SPENT), "shown_when": "нет"}),
                question("total", Kind.COMPUTED, expression="sum(spent.amount)"),
            )
        )
        assert Evaluation(schema, ANSWERS, today=None).computed("total") == 0


class TestCells:
    def test_are_computed_in_their_row(self):
        evaluation = Evaluation(SCHEMA, ANSWERS, today=TODAY)
        assert evaluation.computed_cell("spent", 0, "total") == "100.50"
        assert evaluation.computed_cell("spent", 0, "double") == "201.00"
        assert evaluation.computed_cell("spent", 1, "total") is None

    @pytest.mark.parametrize(
        "place", [("spent", 9, "total"), ("spent", -1, "total"), ("name", 0, "x"), ("no", 0, "x"), ("spent", 0, "no")]
    )
    def test_elsewhere_are_unknown(self, place):
        assert Evaluation(SCHEMA, ANSWERS, today=TODAY).computed_cell(*place) is None

    def test_of_matrices_and_checklists_count_with_their_marks(self):
        assert Evaluation(SCHEMA, ANSWERS, today=TODAY).value("risks")[0] == {"mark": "есть"}


class TestChecks:
    def failed(self, condition, **answers):
        schema = Schema(questions=QUESTIONS, checks=(Check(condition=condition, message="Исправьте", key="rooms"),))
        return bool(Evaluation(schema, answers, today=TODAY).failed_checks())

    def test_fail_when_they_do_not_hold(self):
        assert self.failed("born <= drawn_up", born="2026-01-02", drawn_up="2026-01-01")
        assert not self.failed("born <= drawn_up", born="2026-01-01", drawn_up="2026-01-01")

    def test_pass_until_everything_is_answered(self):
        assert not self.failed("born <= drawn_up", born="2026-01-02")
        assert not self.failed("rooms > 1 and people > 1", rooms=1)

    def test_may_ask_that_one_of_several_is_answered(self):
        assert self.failed("filled(name) or filled(story)")
        assert self.failed("count(spent) > 0 or threat", threat=False)
        assert not self.failed("filled(name) or filled(story)", story="было так")

    def test_that_are_broken_stop_nobody(self):
        assert not self.failed("1 +")
        assert not self.failed("nothing")
