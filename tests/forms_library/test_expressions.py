"""The small language of official forms: what may be written, what it comes out as, and that nothing can break it."""

import datetime as dt
import string
from contextlib import suppress

import pytest
from hypothesis import given, settings as hypothesis_settings, strategies as st

from forms_library.expressions import (
    Evaluation,
    ExpressionError,
    check,
    check_cell,
    kind_of,
    kind_of_cell,
    parse,
)
from forms_library.schema import CELL_KINDS, Check, Column, Kind, Question, Row, Schema, Threshold

TODAY = dt.date(2026, 3, 5)


def question(key, kind=Kind.TEXT, **facts):
    return Question(key=key, label=key, kind=kind, **facts)


def column(key, kind=Kind.TEXT, **facts):
    return Column(key=key, label=key, kind=kind, **facts)


SPENT = question(
    "spent",
    Kind.TABLE,
    columns=(
        column("what"),
        column("price", Kind.MONEY),
        column("amount", Kind.INTEGER),
        column("paid", Kind.YES_NO),
        column("total", Kind.COMPUTED, expression="price * amount"),
        column("double", Kind.COMPUTED, expression="total * 2"),
    ),
)
RISKS = question(
    "risks",
    Kind.CHECKLIST,
    rows=(
        Row(label="холодно", scale="жильё", weight=5),
        Row(label="голодно", scale="питание", weight=3),
        Row(label="тесно", scale="жильё", weight=1),
    ),
    thresholds=(
        Threshold(at_least=3, level="средний"),
        Threshold(at_least=8, level="высокий"),
        Threshold(at_least=5, level="плохо", scale="жильё"),
    ),
)
QUESTIONS = (
    question("threat", Kind.YES_NO),
    question("born", Kind.BIRTH_DATE),
    question("drawn_up", Kind.DATE),
    question("start", Kind.DATE_TIME),
    question("end", Kind.DATE_TIME),
    question("rooms", Kind.INTEGER),
    question("people", Kind.INTEGER),
    question("income", Kind.MONEY),
    question("level", Kind.CHOICE, choices=("низкий", "высокий")),
    question("kinds", Kind.CHOICES, choices=("еда", "вещи")),
    question("name", Kind.FIO),
    question("story", Kind.LONG_TEXT),
    question("agency", Kind.AGENCY),
    question("paper", Kind.ATTACHMENT),
    question("heading", Kind.SECTION),
    SPENT,
    RISKS,
)
SCHEMA = Schema(questions=QUESTIONS)
ANSWERS = {
    "threat": True,
    "born": "2012-02-29",
    "drawn_up": "2026-02-28",
    "start": "2026-03-01T10:00",
    "end": "2026-03-01T11:05",
    "rooms": 2,
    "people": 5,
    "income": "10000.50",
    "level": "высокий",
    "kinds": ["еда"],
    "name": "Иванова Анна",
    "agency": {"id": 1, "name": "Школа № 17"},
    "paper": [{"id": 1, "name": "Справка.pdf"}],
    "spent": [
        {"what": "хлеб", "price": "50.25", "amount": 2, "paid": True},
        {"what": "", "price": None, "amount": None, "paid": False},
        {"what": "соль", "price": "20", "amount": None, "paid": None},
    ],
    "risks": [{"mark": "есть"}, {"mark": "нет"}, {"mark": "есть"}],
}


def worked_out(source, answers=ANSWERS, today=TODAY, schema=SCHEMA):
    """Return what a computed question with that formula comes out as."""
    it = question("it", Kind.COMPUTED, expression=source)
    return Evaluation(Schema(questions=(*schema.questions, it)), answers, today=today).computed("it")


def refusal(source, schema=SCHEMA):
    with pytest.raises(ExpressionError) as refused:
        kind_of(parse(source), schema)
    return refused.value.code, refused.value.detail


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


class TestReading:
    @pytest.mark.parametrize(
        ("source", "code"),
        [
            ("", "syntax"),
            ("1 +", "syntax"),
            ("a b", "syntax"),
            ("a }} {{ b", "syntax"),
            ("«}}»", "syntax"),
            ("a {% if b", "syntax"),
            ("a #} b", "syntax"),
            ("«не закрыто", "syntax"),
            ("'не закрыто", "syntax"),
            ('"\\x41"', "syntax"),
            ("«'\"»", "syntax"),
            ("'\ud800'", "syntax"),
            ("\ud800", "syntax"),
            ("a, b", "forbidden"),
            ("a|upper", "forbidden"),
            ("a is defined", "forbidden"),
            ("a[0]", "forbidden"),
            ("a.b.c", "forbidden"),
            ("'x'.upper()", "forbidden"),
            ("a.b()", "forbidden"),
            ("age(*a)", "forbidden"),
            ("age(**a)", "forbidden"),
            ("{'a': 1}", "forbidden"),
            ("[a]", "forbidden"),
            ("a ** 9", "forbidden"),
            ("a % 2", "forbidden"),
            ("a // 2", "forbidden"),
            ("none", "forbidden"),
            ("a if b", "forbidden"),
            ("eval('1')", "unknown_function"),
            ("range(9)", "unknown_function"),
            ("age(a)", "wrong_arguments"),
            ("age(a, b, c)", "wrong_arguments"),
            ("sum(a)", "wrong_arguments"),
            ("count(1)", "wrong_arguments"),
            ("score(a, b)", "wrong_arguments"),
            ("score(a.b)", "wrong_arguments"),
            ("a" * 501, "too_long"),
            ("(" * 400, "too_deep"),
            ("не " * 100 + "a", "too_deep"),
            ("+".join("a" * 100), "too_deep"),
        ],
    )
    def test_refuses(self, source, code):
        with pytest.raises(ExpressionError) as refused:
            parse(source)
        assert refused.value.code == code

    def test_says_in_the_error_what_is_wrong(self):
        with pytest.raises(ExpressionError, match="unknown_function: eval"):
            parse("eval(1)")

    def test_finds_the_questions_and_columns_that_are_needed(self):
        rule = parse("threat = да and sum(spent.price) > age(born, today) and filled(name)")
        assert rule.names == {"threat", "spent", "born", "name"}
        assert rule.columns == {("spent", "price")}

    def test_takes_a_question_that_is_called_like_a_function(self):
        assert parse("age > 5").names == {"age"}

    def test_keeps_the_source(self):
        assert parse("а = да").source == "а = да"

    def test_lets_nobody_change_what_was_read(self):
        with pytest.raises(AttributeError):
            parse("a").source = "b"

    @given(st.text(max_size=60) | st.text(alphabet="ab1(). ,и=<«»'\"[]{}%#|~+-*/", max_size=60))
    def test_of_anything_at_all_ends_in_a_rule_or_a_refusal(self, source):
        with suppress(ExpressionError):
            assert parse(source).source == source


class TestKinds:
    @pytest.mark.parametrize(
        ("source", "kind"),
        [
            ("threat", Kind.YES_NO),
            ("rooms < 5", Kind.YES_NO),
            ("rooms + 1", Kind.INTEGER),
            ("-rooms", Kind.INTEGER),
            ("rooms / 2", Kind.MONEY),
            ("rooms + income", Kind.MONEY),
            ("min(rooms, income)", Kind.MONEY),
            ("born", Kind.DATE),
            ("today", Kind.DATE),
            ("start", Kind.DATE_TIME),
            ("choose(threat, start, born)", Kind.DATE),
            ("add_months(start, 1)", Kind.DATE),
            ("agency", Kind.TEXT),
            ("level", Kind.TEXT),
            ("rooms ~ «»", Kind.TEXT),
            ("level(risks)", Kind.TEXT),
            ("score(risks)", Kind.INTEGER),
            ("sum(spent.total)", Kind.MONEY),
            ("sum(spent.amount)", Kind.INTEGER),
            ("count(spent)", Kind.INTEGER),
            ("count(spent.what)", Kind.INTEGER),
            ("filled(spent.what)", Kind.YES_NO),
            ("count(kinds)", Kind.INTEGER),
            ("threat = нет и «еда» in kinds", Kind.YES_NO),
            ("level in [«низкий»]", Kind.YES_NO),
        ],
    )
    def test_come_out_of_rules(self, source, kind):
        assert kind_of(parse(source), SCHEMA) == kind
        check(parse(source), SCHEMA)

    @pytest.mark.parametrize(
        ("source", "refused"),
        [
            ("nothing", ("unknown_name", "nothing")),
            ("heading", ("unknown_name", "heading")),
            ("sum(spent.nothing)", ("unknown_name", "spent.nothing")),
            ("sum(nothing.price)", ("unknown_name", "nothing")),
            ("level = «средний»", ("unknown_choice", "средний")),
            ("level in [«средний»]", ("unknown_choice", "средний")),
            ("«сны» in kinds", ("unknown_choice", "сны")),
            ("sum(spent.what)", ("wrong_arguments", "sum")),
            ("sum(name.what)", ("wrong_arguments", "name")),
            ("count(name)", ("wrong_arguments", "count")),
            ("score(spent)", ("wrong_arguments", "score")),
            ("score(risks, «сон»)", ("wrong_arguments", "score: сон")),
            ("age(name, today)", ("wrong_arguments", "age")),
            ("minutes(born, born)", ("wrong_arguments", "minutes")),
            ("add_days(born, income)", ("wrong_arguments", "add_days")),
            ("name + 1", ("wrong_arguments", "+")),
            ("-name", ("wrong_arguments", "-")),
            ("not name", ("wrong_arguments", "не")),
            ("name and threat", ("wrong_arguments", "и")),
            ("threat or name", ("wrong_arguments", "или")),
            ("name = 1", ("wrong_arguments", "=")),
            ("threat < да", ("wrong_arguments", "<")),
            ("kinds = kinds", ("wrong_arguments", "=")),
            ("name in name", ("wrong_arguments", "in")),
            ("kinds in kinds", ("wrong_arguments", "in")),
            ("spent ~ name", ("wrong_arguments", "~")),
            ("spent.price", ("wrong_arguments", "spent.price")),
            ("choose(name, 1, 2)", ("wrong_arguments", "choose")),
            ("choose(threat, 1, name)", ("wrong_arguments", "choose")),
            ("1 if threat else name", ("wrong_arguments", "if")),
            ("min(threat, threat)", ("wrong_arguments", "min")),
            ("kinds", ("wrong_arguments", "kinds")),
            ("spent", ("wrong_arguments", "spent")),
        ],
    )
    def test_that_do_not_fit_are_refused(self, source, refused):
        assert refusal(source) == refused

    def test_of_computed_answers_are_followed(self):
        schema = Schema(
            questions=(
                *QUESTIONS,
                question("b", Kind.COMPUTED, expression="a + 1"),
                question("a", Kind.COMPUTED, expression="income"),
            )
        )
        assert kind_of(parse("b"), schema) == Kind.MONEY

    @pytest.mark.parametrize("source", ["1 +", "nothing", "it", "kinds"])
    def test_of_a_broken_computed_answer_are_not_complained_of_twice(self, source):
        schema = Schema(questions=(*QUESTIONS, question("it", Kind.COMPUTED, expression=source)))
        assert kind_of(parse("it"), schema) == Kind.TEXT
        assert kind_of(parse("it < 5 and it = 'a' and count(it) > 0 and not it"), schema) == Kind.YES_NO
        assert kind_of(parse("it ~ 'a'"), schema) == Kind.TEXT

    def test_of_cells_are_those_of_their_row(self):
        assert kind_of_cell(parse("price * amount"), SPENT.columns) == Kind.MONEY
        check_cell(parse("amount > 1 and paid"), SPENT.columns)
        for source in ("rooms", "sum(spent.price)", "count(what.price)"):
            with pytest.raises(ExpressionError):
                check_cell(parse(source), SPENT.columns)


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


class TestCircles:
    def test_stay_unknown(self):
        schema = Schema(
            questions=(
                question("a", Kind.COMPUTED, expression="b + 1"),
                question("b", Kind.COMPUTED, expression="a + 1"),
                question("c", Kind.COMPUTED, expression="a + 1"),
                question("d", shown_when="filled(d)"),
                question("e", Kind.INTEGER),
            )
        )
        evaluation = Evaluation(schema, {"d": "есть", "e": 1}, today=TODAY)
        assert [evaluation.computed(key) for key in "abc"] == [None] * 3
        assert not evaluation.is_shown("d")
        assert evaluation.value("e") == 1

    def test_inside_of_a_row_stay_unknown(self):
        columns = (column("a", Kind.COMPUTED, expression="b"), column("b", Kind.COMPUTED, expression="a"))
        schema = Schema(questions=(question("t", Kind.TABLE, columns=columns),))
        assert Evaluation(schema, {"t": [{}]}, today=TODAY).computed_cell("t", 0, "a") is None

    def test_are_not_confused_with_a_long_chain(self):
        steps = [question(f"k{n}", Kind.COMPUTED, expression=f"k{n + 1} + 1") for n in range(2000)]
        schema = Schema(questions=(*steps, question("k2000", Kind.INTEGER)))
        assert Evaluation(schema, {"k2000": 1}, today=TODAY).computed("k0") == 2001


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


KEYS = st.sampled_from(["a", "b", "c", "d", "e", "today"])
NAMES = st.sampled_from(["a", "b", "c", "d", "e", "today", "да", "нет", "a.a", "b.b", "c.mark", "1", "2.5", "«а»"])
CALLS = st.sampled_from(
    [
        *("sum({})", "count({})", "filled({})", "score({})", "level({})", "age({}, {})", "days({}, {})"),
        *("months({}, {})", "minutes({}, {})", "add_days({}, {})", "add_months({}, {})", "min({}, {})", "max({}, {})"),
        *("choose({}, {}, {})", "({} + {})", "({} - {})", "{} * {}", "{} / {}", "-{}", "не {}", "{} и {}", "{} или {}"),
        *("{} = {}", "{} < {}", "{} ≥ {} > {}", "{} in {}", "{} not in ['а']", "{} ~ {}", "{} if {} else {}", "{} |"),
    ]
)


@st.composite
def rules(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(NAMES)
    pattern = draw(CALLS)
    for _place in range(pattern.count("{}")):
        pattern = pattern.replace("{}", draw(rules(depth=depth - 1)), 1)
    return pattern


LABELS = st.sampled_from(["а", "б"])
COLUMNS = st.builds(
    Column, key=KEYS, label=LABELS, kind=st.sampled_from(CELL_KINDS), expression=rules(), choices=st.just(("а",))
)
QUESTION = st.builds(
    Question,
    key=KEYS,
    label=LABELS,
    kind=st.sampled_from(Kind),
    shown_when=st.just("") | rules(),
    expression=rules(),
    choices=st.just(("а", "б")),
    columns=st.lists(COLUMNS, max_size=3).map(tuple),
    rows=st.lists(st.builds(Row, label=LABELS, scale=st.sampled_from(["", "а"]), weight=st.integers()), max_size=3).map(
        tuple
    ),
    thresholds=st.lists(st.builds(Threshold, at_least=st.integers(), level=LABELS), max_size=2).map(tuple),
)
SCHEMAS = st.builds(
    Schema,
    questions=st.lists(QUESTION, max_size=6).map(tuple),
    checks=st.lists(st.builds(Check, condition=rules(), message=LABELS), max_size=2).map(tuple),
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates().map(dt.date.isoformat)
    | st.datetimes().map(dt.datetime.isoformat)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str)
    | st.text(alphabet=string.digits, min_size=1, max_size=30)
)
HOSTILE = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS | st.sampled_from(["name", "mark", "answer"]), inner, max_size=4)
    ),
    max_leaves=8,
)


class TestAnySchema:
    @given(SCHEMAS, st.dictionaries(KEYS, HOSTILE) | HOSTILE, st.none() | st.dates())
    @hypothesis_settings(max_examples=150, deadline=None)
    def test_takes_hostile_answers_without_breaking(self, schema, answers, today):
        evaluation = Evaluation(schema, answers, today=today)
        for item in schema:
            assert evaluation.is_shown(item.key) in (True, False)
            computed = evaluation.computed(item.key)
            assert computed is None or isinstance(computed, bool | int | str)
            for cell in item.cells:
                cell_answer = evaluation.computed_cell(item.key, 0, cell.key)
                assert cell_answer is None or isinstance(cell_answer, bool | int | str)
        evaluation.failed_checks()

    @given(SCHEMAS, rules())
    @hypothesis_settings(max_examples=150, deadline=None)
    def test_of_a_rule_that_fits_gives_its_kind_and_of_another_a_refusal(self, schema, source):
        try:
            kind = kind_of(parse(source), schema)
        except ExpressionError:
            return
        assert kind in {Kind.YES_NO, Kind.INTEGER, Kind.MONEY, Kind.DATE, Kind.DATE_TIME, Kind.TEXT}
