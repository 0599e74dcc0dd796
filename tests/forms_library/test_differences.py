"""Two wordings of a form are compared in words, and nothing that differs is passed over."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings, strategies as st

from forms_library.differences import differences, differences_of_forms
from forms_library.schema import Check, Column, Kind, Question, Row, Schema, Sensitivity, Threshold

OTHERWISE = {
    "label": "Иначе",
    "kind": Kind.LONG_TEXT,
    "required": True,
    "recommended": True,
    "help_text": "Подсказка",
    "default": "Пётр",
    "choices": ("Да",),
    "columns": (Column(key="what", label="Что"),),
    "rows": (Row(label="Один"),),
    "thresholds": (Threshold(at_least=3, level="высокий"),),
    "min_rows": 2,
    "max_rows": 3,
    "numbered_columns": True,
    "extract_by": "who",
    "not_before": "born",
    "shown_when": "threat = да",
    "expression": "1 + 1",
    "number_pattern": "{n}/{year}",
    "file_kinds": ("pdf",),
    "max_files": 1,
    "max_megabytes": 1,
    "forms": ("nso_dept_plan",),
    "sensitivity": Sensitivity.SPECIAL,
    "fact": "child.name",
    "guidance": "/metodika/",
    "block": "child@2",
}


def question(key="name", kind=Kind.TEXT, **facts):
    return Question(key=key, label=f"Вопрос {key}", kind=kind, **facts)


def schema(*questions, checks=()):
    return Schema(questions=questions, checks=checks)


def words_of(changes):
    return [change.words for change in changes]


def breaking(old, new):
    return bool(differences(schema(old), schema(new)).breaking)


def keys(pairs):
    return [pair.question.key for pair in pairs]


texts = st.text(st.sampled_from("абв "), max_size=4)
columns = st.builds(Column, key=st.sampled_from("xyz"), label=texts, required=st.booleans())
rows = st.builds(Row, label=texts, scale=texts, weight=st.integers(0, 2), choices=st.lists(texts).map(tuple))
questions = st.builds(
    Question,
    key=st.sampled_from("abcdefgh"),
    label=texts,
    kind=st.sampled_from(Kind),
    required=st.booleans(),
    choices=st.lists(texts, max_size=3).map(tuple),
    columns=st.lists(columns, max_size=3).map(tuple),
    rows=st.lists(rows, max_size=3).map(tuple),
    max_rows=st.integers(1, 4),
    shown_when=texts,
    fact=texts,
)
checks = st.builds(Check, condition=st.text("абв", min_size=1, max_size=2), message=texts)
schemas = st.builds(
    Schema,
    questions=st.lists(questions, max_size=6, unique_by=lambda each: each.key).map(tuple),
    checks=st.lists(checks, max_size=2, unique_by=lambda each: each.condition).map(tuple),
)


class TestDifferences:
    @given(schemas)
    def test_of_a_wording_from_itself_are_none(self, wording):
        assert not differences(wording, wording)
        assert not differences(wording, wording).breaking

    @given(schemas, schemas)
    @settings(max_examples=300)
    def test_are_there_whenever_the_questions_differ(self, old, new):
        assert bool(differences(old, new)) == (old.questions != new.questions or set(old.checks) != set(new.checks))

    @given(schemas, schemas)
    def test_seen_from_the_other_side_swap_added_and_removed(self, old, new):
        there, back = differences(old, new), differences(new, old)
        assert set(keys(there.added)) == set(keys(back.removed))
        assert set(keys(there.changed)) == set(keys(back.changed))

    @given(schemas, schemas)
    def test_name_each_question_of_both_wordings_once_and_keep_the_order_of_the_newer(self, old, new):
        pairs = differences(old, new).pairs
        assert [pair.new for pair in pairs if pair.new] == list(new)
        assert sorted(pair.old.key for pair in pairs if pair.old) == sorted(each.key for each in old)

    @pytest.mark.parametrize("name", [each.name for each in fields(Question) if each.name != "key"])
    def test_tell_of_every_part_of_a_question(self, name):
        (pair,) = differences(schema(question()), schema(replace(question(), **{name: OTHERWISE[name]}))).changed
        assert all(pair.changes)
        assert not any(f": {name}" in words for words in words_of(pair.changes))

    def test_tell_the_old_words_and_the_new_ones(self):
        found = differences(schema(question()), schema(replace(question(), label="Имя ребёнка")))
        (words,) = words_of(found.changed[0].changes)
        assert "Вопрос name" in words
        assert "Имя ребёнка" in words

    def test_read_a_rule_as_a_sentence(self):
        threat = Question(key="threat", label="Угроза жизни", kind=Kind.YES_NO)
        asked = replace(question(), shown_when="threat = да")
        (words,) = words_of(differences(schema(threat, question()), schema(threat, asked)).changed[0].changes)
        assert "Угроза жизни" in words

    def test_name_the_column_and_the_row_that_changed(self):
        table = question(kind=Kind.FIXED_TABLE, columns=(Column(key="x", label="Срок"),), rows=(Row(label="Опека"),))
        later = replace(
            table,
            columns=(Column(key="x", label="Срок", required=True),),
            rows=(Row(label="Опека", choices=("Да",)),),
        )
        column, row = words_of(differences(schema(table), schema(later)).changed[0].changes)
        assert "Срок" in column
        assert "Опека" in row

    def test_show_a_removed_question_where_it_stood(self):
        old = schema(question("a"), question("b"), question("c"))
        assert keys(differences(old, schema(question("a"), question("c"))).pairs) == ["a", "b", "c"]

    def test_tell_of_a_question_that_moved_and_only_of_that_one(self):
        old = schema(*(question(key) for key in "abcd"))
        new = schema(*(question(key) for key in "bcda"))
        assert keys(differences(old, new).moved) == ["a"]

    def test_tell_of_checks(self):
        before = schema(question(), checks=(Check(condition="a", message="Сверьте"),))
        after = schema(
            question(), checks=(Check(condition="a", message="Проверьте"), Check(condition="b", message="Б"))
        )
        assert len(differences(before, after).checks) == 2


class TestBreaking:
    def test_is_a_removed_question_but_no_removed_heading(self):
        assert differences(schema(question()), schema()).breaking
        assert not differences(schema(question(kind=Kind.SECTION)), schema()).breaking

    def test_is_a_new_question_only_when_it_must_be_answered(self):
        assert differences(schema(), schema(question(required=True))).breaking
        assert not differences(schema(), schema(question())).breaking

    def test_is_another_kind(self):
        assert breaking(question(), question(kind=Kind.DATE))

    @pytest.mark.parametrize(
        ("name", "wider"),
        [
            ("choices", ("Да", "Нет")),
            ("columns", (Column(key="a", label="А"), Column(key="b", label="Б"))),
            ("rows", (Row(label="А"), Row(label="Б"))),
        ],
    )
    def test_is_a_removed_part_but_no_added_one(self, name, wider):
        less, more = question(**{name: wider[:1]}), question(**{name: wider})
        assert breaking(more, less)
        assert not breaking(less, more)

    def test_is_a_lowered_limit(self):
        assert breaking(question(max_rows=9), question(max_rows=8))
        assert not breaking(question(max_rows=8), question(max_rows=9))

    def test_is_no_better_wording(self):
        assert not breaking(question(), question(help_text="Как в паспорте", fact="child.name"))


class TestFormsCompared:
    def test_tell_what_is_said_about_the_form_and_of_its_template(self):
        old = {"questions": schema(question()).to_json(), "title": "План", "template_sha256": "1", "audience": "public"}
        new = {**old, "title": "План работы", "template_sha256": "2", "audience": "specialist"}
        found = differences_of_forms(old, new)
        assert len(found.facts) == 3
        assert "План работы" in found.facts[0].words
        assert not found.noticed
