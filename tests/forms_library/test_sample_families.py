"""Invented families, with whom a methodologist tries a form out."""

import pytest

from forms_library.questionnaire import Questionnaire
from forms_library.rendering import printable
from forms_library.sample_families import FAMILIES, FAMILY, answers_for, around
from forms_library.schema import Column, Kind, Question, Row, Schema
from forms_library.typed import typed_from_answers

CHILDREN = Question(
    key="children",
    label="Дети",
    kind=Kind.TABLE,
    required=True,
    columns=(
        Column(key="fio", label="ФИО", kind=Kind.FIO, required=True, fact="child.fio"),
        Column(key="birth", label="Дата рождения", kind=Kind.BIRTH_DATE, fact="child.birth_date"),
    ),
)
FATHER = Question(key="father", label="ФИО отца", kind=Kind.FIO, fact="father.fio")


def every_kind():
    """Return a schema with one question of each kind."""
    columns = (Column(key="c", label="С"), Column(key="twice", label="Дважды", kind=Kind.COMPUTED, expression="1 + 1"))
    questions = [
        Question(
            key=f"q_{kind.value}",
            label=f"Вопрос {kind.value}",
            kind=kind,
            required=kind.is_typed,
            choices=("да, так", "нет"),
            columns=columns if kind.is_table else (),
            rows=(Row(label="раз", scale="а", weight=1, choices=("х", "у")),) if kind.has_fixed_rows else (),
            expression="1 + 1" if kind == Kind.COMPUTED else "",
        )
        for kind in Kind
    ]
    return Schema(questions=tuple(questions))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.code)
class TestAnInventedFamily:
    def test_answers_every_kind_of_question_as_the_form_wants_it(self, family):
        schema = every_kind()
        answers = answers_for(schema, family)
        again = Questionnaire(schema, typed=typed_from_answers(schema, answers), check=True, around=around(schema))
        assert again.error_summary == []
        assert printable(schema, answers)["q_computed"] == "2"

    def test_has_its_own_children_in_the_table_of_children(self, family):
        rows = answers_for(Schema(questions=(CHILDREN,)), family)["children"]
        assert [row["fio"] for row in rows] == [child["fio"] for child in family.children]


class TestTheFamilies:
    def test_are_awkward_in_their_own_ways(self):
        schema = Schema(questions=(FATHER, CHILDREN, Question(key="home", label="Адрес", kind=Kind.ADDRESS)))
        answers = {code: answers_for(schema, family) for code, family in FAMILY.items()}
        assert len(answers["five_children"]["children"]) == 5
        assert len(answers["no_patronymic"]["children"][0]["fio"].split()) == 2
        assert len(answers["long_address"]["home"]) >= 200
        assert answers["two_guardians"]["father"] == ""
