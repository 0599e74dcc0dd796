"""What the small language of official forms lets nobody write, of which kind a rule is, and that nothing can break it."""

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
from tests.forms_library.invented_rules import (
    QUESTIONS,
    SCHEMA,
    SPENT,
    TODAY,
    column,
    question,
    refusal,
)


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
