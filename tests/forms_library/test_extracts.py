"""An extract says which paper it is of and what its addressee is to do, and nothing of what the others said."""

from dataclasses import replace

import pytest

from forms_library import rendering
from forms_library.extracts import TRUE_EXTRACT, rows_for, without_the_rest
from forms_library.schema import Column, Kind, Question, Schema, Sensitivity
from tests.forms_library.filled_forms import sha256, text_of, word_template

SCHEMA = Schema(
    questions=(
        Question(key="number", label="Номер", kind=Kind.NUMBER),
        Question(key="talk", label="Ход обсуждения", kind=Kind.LONG_TEXT),
        Question(key="members", label="Участники", kind=Kind.TABLE, columns=(Column(key="fio", label="ФИО"),)),
        Question(
            key="decisions",
            label="Решения",
            kind=Kind.TABLE,
            extract_by="who",
            columns=(Column(key="who", label="Кто"), Column(key="what", label="Что")),
        ),
        Question(
            key="children",
            label="Дети",
            kind=Kind.TABLE,
            columns=(
                Column(key="fio", label="ФИО", kind=Kind.FIO, fact="child.fio"),
                Column(key="birth", label="Дата рождения", kind=Kind.BIRTH_DATE, fact="child.birth_date"),
                Column(key="health", label="Здоровье", fact="child.health"),
            ),
        ),
        Question(key="files", label="Приложения", kind=Kind.ATTACHMENT),
    )
)
ANSWERS = {
    "number": "7",
    "talk": "Обсудили здоровье ребёнка",
    "members": [{"fio": "Примерова А. С."}],
    "decisions": [{"who": "Школа", "what": "Расписание"}, {"who": "Клиника", "what": "Осмотр"}],
    "children": [{"fio": "Примерова Полина", "birth": "2016-03-05", "health": "Астма"}],
    "files": [{"id": 1, "name": "Справка.pdf"}],
}


class TestAnExtract:
    def test_leaves_out_discussions_opinions_and_other_tables(self):
        kept = without_the_rest(SCHEMA, ANSWERS)
        assert kept | {"children": []} == ANSWERS | {"talk": "", "members": [], "files": [], "children": []}

    def test_says_for_which_child_and_nothing_else_of_them(self):
        (child,) = without_the_rest(SCHEMA, ANSWERS)["children"]
        assert child == {"fio": "Примерова Полина", "birth": "2016-03-05", "health": None}
        assert without_the_rest(SCHEMA, ANSWERS, names_children=False)["children"] == []

    @pytest.mark.parametrize("sensitivity", [each for each in Sensitivity if each.is_told_to_few])
    def test_keeps_names_to_itself_that_are_told_to_few(self, sensitivity):
        questions = [replace(each, sensitivity=sensitivity) if each.key == "children" else each for each in SCHEMA]
        assert without_the_rest(Schema(questions=tuple(questions)), ANSWERS)["children"] == []

    def test_names_the_rows_of_its_addressee(self):
        assert rows_for(SCHEMA, ANSWERS, "Школа") == {"decisions": {0}}

    def test_ends_with_the_lines_by_which_it_is_believed(self):
        template = word_template("{% for each in decisions %}{{ each.what }}{% endfor %}")
        data = rendering.document(
            SCHEMA,
            without_the_rest(SCHEMA, ANSWERS),
            template=template,
            template_sha256=sha256(template),
            about={},
            addenda=[TRUE_EXTRACT],
            rows=rows_for(SCHEMA, ANSWERS, "Школа"),
        )
        assert [line.partition(":")[0] for line in text_of(data).splitlines() if line.strip()] == [
            "Расписание",
            "Верно",
            "Должность",
            "Подпись, инициалы, фамилия",
            "Дата",
        ]
