"""A schema is plain data that survives being frozen, and says what is wrong with it."""

import pytest

from forms_library.readiness import SCHEMA_PROBLEMS, schema_problem
from forms_library.schema import Column, Kind, Question, Schema, SchemaError, digest


def question(key="name", kind=Kind.TEXT, **facts):
    return Question(key=key, label=key, kind=kind, **facts)


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
            question("levels", Kind.FIXED_TABLE, columns=(Column(key="yes", label="Есть"),), rows=("Один", "Два")),
        )
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
            del item["not_before"]
        assert Schema.from_json(data)["met"].not_before == ""

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
        assert [item.key for item in schema.answered] == ["name", "born", "met", "choice", "measures", "levels"]

    def test_by_sections(self, schema):
        groups = [(heading and heading.key, [item.key for item in items]) for heading, items in schema.sections()]
        assert groups == [(None, ["name", "born", "met"]), ("about", ["choice", "note", "measures", "levels"])]

    def test_in_order(self, schema):
        assert [item.key for item in schema][:2] == ["name", "born"]


class TestProblems:
    def test_are_none_in_a_sound_schema(self, schema):
        assert schema.problems() == []

    @pytest.mark.parametrize(
        ("questions", "problem"),
        [
            ((), "no_questions:"),
            ((question("only", Kind.NOTE),), "no_questions:"),
            ((question(), question()), "double_key:name"),
            ((question("a", Kind.CHOICE),), "no_choices:a"),
            ((question("a", Kind.CHOICES),), "no_choices:a"),
            ((question("a", Kind.TABLE),), "no_columns:a"),
            ((question("a", Kind.TABLE, columns=(Column(key="x", label="X"),) * 2),), "double_column:a"),
            ((question("a", Kind.FIXED_TABLE, columns=(Column(key="x", label="X"),)),), "no_rows:a"),
            (
                (question("a", Kind.TABLE, columns=(Column(key="x", label="X"),), min_rows=5, max_rows=1),),
                "min_over_max:a",
            ),
            ((question("a", Kind.TABLE, columns=(Column(key="x", label="X", kind=Kind.CHOICE),)),), "no_choices:a.x"),
            ((question("a", Kind.DATE, not_before="b"),), "not_before_unknown:a"),
            ((question("a", Kind.DATE, not_before="a"),), "not_before_unknown:a"),
            ((question("a", Kind.DATE, not_before="b"), question("b", Kind.TEXT)), "not_before_unknown:a"),
            ((question("a", Kind.TEXT, not_before="b"), question("b", Kind.DATE)), "not_before_of_no_date:a"),
        ],
    )
    def test_are_named_with_the_key_they_concern(self, questions, problem):
        assert problem in Schema(questions=questions).problems()

    @pytest.mark.parametrize("code", SCHEMA_PROBLEMS)
    def test_have_words(self, code):
        assert schema_problem(f"{code}:a")
