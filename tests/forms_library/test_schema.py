"""A schema is plain data that survives being frozen, and says what is wrong with it."""

import pytest

from forms_library.official_form_admin import FIELD_OF_PROBLEM
from forms_library.readiness import SCHEMA_PROBLEMS, schema_problem
from forms_library.schema import Check, Column, Kind, Question, Row, Schema, SchemaError, Threshold, digest
from forms_library.schema_problems import TROUBLES, problems


def question(key="name", kind=Kind.TEXT, **facts):
    return Question(key=key, label=key, kind=kind, **facts)


ROWS = (Row(label="Один"), Row(label="Два"))


@pytest.fixture
def schema():
    return Schema(
        questions=(
            question("name"),
            question("born", Kind.BIRTH_DATE),
            question("met", Kind.DATE_TIME, not_before="born"),
            question("about", Kind.SECTION),
            question("choice", Kind.CHOICE, choices=("Да", "Нет")),
            question("note", Kind.NOTE),
            question(
                "measures",
                Kind.TABLE,
                columns=(Column(key="what", label="Что"), Column(key="by", label="Срок", kind=Kind.DATE)),
            ),
            question("levels", Kind.FIXED_TABLE, columns=(Column(key="yes", label="Есть"),), rows=ROWS),
            question(
                "risks",
                Kind.CHECKLIST,
                rows=(Row(label="Один", scale="дом", weight=2),),
                thresholds=(Threshold(at_least=2, level="высокий", scale="дом"),),
            ),
            question("marks", Kind.MATRIX, rows=(Row(label="Один", choices=("да", "нет")),)),
            question("number", Kind.NUMBER, number_pattern="{n}/{year}"),
            question("why", shown_when="choice = «Да»", fact="child.reason"),
            question("sum", Kind.COMPUTED, expression="score(risks)"),
        ),
        checks=(Check(condition="born <= met", message="Исправьте", key="met"),),
    )


class TestRoundTrip:
    def test_gives_an_equal_schema(self, schema):
        assert Schema.from_json(schema.to_json()) == schema

    def test_gives_the_same_digest(self, schema):
        assert digest(Schema.from_json(schema.to_json()).to_json()) == digest(schema.to_json())

    def test_keeps_russian_words(self, schema):
        assert Schema.from_json(schema.to_json())["choice"].choices == ("Да", "Нет")

    def test_reads_what_was_frozen_before_dates_had_an_order(self, schema):
        data = schema.to_json()
        for item in data["questions"]:
            item.pop("not_before", None)
        assert Schema.from_json(data)["met"].not_before == ""

    def test_reads_fixed_rows_that_were_frozen_as_texts(self, schema):
        data = schema.to_json()
        levels = next(item for item in data["questions"] if item["key"] == "levels")
        levels["rows"] = ["Один", "Два"]
        assert Schema.from_json(data)["levels"].rows == ROWS

    @pytest.mark.parametrize(
        "data", [{}, {"questions": [{}]}, {"questions": None}, {"questions": [{"key": "a", "kind": "unknown"}]}]
    )
    def test_of_something_else_is_refused(self, data):
        with pytest.raises(SchemaError):
            Schema.from_json(data)


class TestDigest:
    def test_does_not_depend_on_the_order_of_keys(self):
        assert digest({"a": 1, "b": "ё"}) == digest({"b": "ё", "a": 1})

    def test_changes_with_one_letter(self):
        assert digest({"a": "е"}) != digest({"a": "ё"})


class TestReading:
    def test_by_key(self, schema):
        assert schema["measures"].kind.is_table
        assert "name" in schema
        assert "nothing" not in schema
        with pytest.raises(KeyError):
            schema["nothing"]

    def test_leaves_headings_and_notes_unanswered(self, schema):
        assert [item.key for item in schema.answered][:6] == ["name", "born", "met", "choice", "measures", "levels"]

    def test_leaves_to_people_what_the_program_does_not_work_out(self, schema):
        assert {item.key for item in schema.answered} - {item.key for item in schema.typed} == {"number", "sum"}

    def test_by_sections(self, schema):
        groups = [(heading and heading.key, [item.key for item in items]) for heading, items in schema.sections()]
        assert groups[0] == (None, ["name", "born", "met"])
        assert groups[1][0] == "about"
        assert groups[1][1][:4] == ["choice", "note", "measures", "levels"]

    def test_in_order(self, schema):
        assert [item.key for item in schema][:2] == ["name", "born"]


X = Column(key="x", label="X")


def of_a_table(**facts):
    return (question("a", Kind.TABLE, **{"columns": (X,), **facts}),)


def computed(expression, key="a"):
    return question(key, Kind.COMPUTED, expression=expression)


class TestProblems:
    def test_are_none_in_a_sound_schema(self, schema):
        assert problems(schema) == []

    @pytest.mark.parametrize(
        ("questions", "problem"),
        [
            ((), "no_questions:"),
            ((question("only", Kind.NOTE),), "no_questions:"),
            ((question(), question()), "double_key:name"),
            ((question("a", Kind.CHOICE),), "no_choices:a"),
            ((question("a", Kind.CHOICES),), "no_choices:a"),
            (of_a_table(columns=()), "no_columns:a"),
            (of_a_table(columns=(X, X)), "double_column:a"),
            (of_a_table(min_rows=5, max_rows=1), "min_over_max:a"),
            (of_a_table(columns=(Column(key="x", label="X", kind=Kind.CHOICE),)), "no_choices:a.x"),
            (of_a_table(extract_by="y"), "extract_by_unknown:a:y"),
            (of_a_table(columns=(Column(key="x", label="X", fact="x"),)), "fact_shape:a.x"),
            (of_a_table(columns=(Column(key="x", label="X", kind=Kind.COMPUTED),)), "no_expression:a.x"),
            (
                of_a_table(columns=(Column(key="x", label="X", kind=Kind.COMPUTED, expression="y"),)),
                "formula_unknown:a.x:y",
            ),
            (
                of_a_table(columns=(Column(key="x", label="X", kind=Kind.COMPUTED, expression="x"),)),
                "formula_circular:a.x:x → x",
            ),
            ((question("a", Kind.FIXED_TABLE, columns=(X,)),), "no_rows:a"),
            ((question("a", Kind.CHECKLIST),), "no_rows:a"),
            ((question("a", Kind.CHECKLIST, rows=ROWS, columns=(Column(key="mark", label=""),)),), "double_column:a"),
            (
                (question("a", Kind.CHECKLIST, rows=ROWS, thresholds=(Threshold(at_least=1, level="", scale="быт"),)),),
                "threshold_scale_unknown:a:быт",
            ),
            ((question("a", Kind.MATRIX, choices=("да",)),), "no_rows:a"),
            ((question("a", Kind.MATRIX, rows=(*ROWS, Row(label="Три", choices=("да",)))),), "no_choices:a"),
            ((question("a", Kind.DATE, not_before="b"),), "not_before_unknown:a"),
            ((question("a", Kind.DATE, not_before="a"),), "not_before_unknown:a"),
            ((question("a", Kind.DATE, not_before="b"), question("b", Kind.TEXT)), "not_before_unknown:a"),
            ((question("a", Kind.TEXT, not_before="b"), question("b", Kind.DATE)), "not_before_of_no_date:a"),
            ((question("a", Kind.NUMBER, number_pattern="{year}"),), "number_pattern:a"),
            ((question("a", Kind.NUMBER, number_pattern="{n}{m}"),), "number_pattern:a"),
            ((question("a", Kind.NUMBER, number_pattern="{n}}"),), "number_pattern:a"),
            ((question("a", fact="child.birth.date"),), "fact_shape:a"),
            ((question("a", fact="Child.name"),), "fact_shape:a"),
            ((computed(" "),), "no_expression:a"),
            ((computed("1 +"),), "formula_syntax:a:1 +"),
            ((computed("b"),), "formula_unknown:a:b"),
            ((computed("a"),), "formula_circular:a:a → a"),
            ((question("a", shown_when="b = «x:y"),), "rule_syntax:a:b = «x:y"),
            ((question("a", shown_when="b|upper"),), "rule_syntax:a:b|upper"),
            ((question("a", shown_when="removed = да"),), "rule_unknown:a:removed"),
            ((question("a", shown_when="eval(1)"),), "rule_function:a:eval"),
            ((question("a", shown_when="age(a, a) > 1"),), "rule_arguments:a:age"),
            ((question("a", shown_when="1 + 1"),), "rule_no_condition:a"),
            ((question("a", shown_when="(" * 400),), f"rule_too_long:a:{'(' * 400}"),
            ((question("a", Kind.SECTION, shown_when="removed"),), "rule_unknown:a:removed"),
            (
                (question("a", Kind.CHOICE, choices=("да",)), question("b", shown_when="a = «нет»")),
                "rule_choice:b:нет",
            ),
            (
                (question("a", shown_when="filled(b)"), question("b", shown_when="filled(a)")),
                "rule_circular:b:b → a → b",
            ),
            (
                (question("s", Kind.SECTION, shown_when="filled(a)"), question("a")),
                "rule_circular:s:s → a → s",
            ),
            ((computed("b + 1"), computed("a + 1", "b")), "formula_circular:a:a → b → a"),
        ],
    )
    def test_are_named_with_the_key_they_concern(self, questions, problem):
        assert problem in problems(Schema(questions=questions))

    @pytest.mark.parametrize(
        ("check", "problem"),
        [
            (Check(condition="1 +", message=""), "check_syntax:2:1 +"),
            (Check(condition="removed = да", message=""), "check_unknown:2:removed"),
            (Check(condition="1", message=""), "check_no_condition:2"),
            (Check(condition="да", message="", key="removed"), "check_key_unknown:2:removed"),
        ],
    )
    def test_of_checks_are_named_with_their_number(self, check, problem):
        schema = Schema(questions=(question(),), checks=(Check(condition="filled(name)", message=""), check))
        assert problems(schema) == [problem]

    def test_of_circles_spare_those_who_only_look_on(self):
        schema = Schema(questions=(computed("b"), computed("c", "b"), computed("b", "c"), question("d")))
        assert [problem.split(":")[1] for problem in problems(schema)] == ["b", "c"]

    def test_of_circles_are_found_in_a_crowd(self):
        everyone = " + ".join(f"k{number}" for number in range(50))
        schema = Schema(questions=tuple(computed(everyone, f"k{number}") for number in range(50)))
        assert len(problems(schema)) == 50

    @pytest.mark.parametrize("code", SCHEMA_PROBLEMS)
    def test_have_words(self, code):
        words = schema_problem(f"{code}:a:b")
        assert words
        assert "%(" not in words

    def test_all_have_words_and_a_place(self):
        troubles = {f"{subject}_{trouble}" for subject in ("rule", "formula", "check") for trouble in TROUBLES.values()}
        assert troubles <= SCHEMA_PROBLEMS.keys()
        assert {code for code in troubles if not code.startswith("check_")} <= FIELD_OF_PROBLEM.keys()

    def test_say_which_name_is_wrong(self):
        assert "removed" in schema_problem("rule_unknown:a:removed")
