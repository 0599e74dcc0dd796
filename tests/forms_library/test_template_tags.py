"""Tags that Word has torn, and blocks that end in another kind of place than they begin in."""

import pytest
from django.utils import translation
from docx import Document

from forms_library import template_check
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.template_tags import in_plain_words
from tests.forms_library.filled_forms import saved, with_part, word_template

SCHEMA = Schema(
    questions=(
        Question(key="name", label="ФИО", kind=Kind.FIO),
        Question(key="children", label="Дети", kind=Kind.TABLE, columns=(Column(key="fio", label="ФИО"),)),
    )
)
LOOP = "{%tr for child in children %}"


def codes(template):
    problems = template_check.report(template, SCHEMA).errors
    assert all(template_check.problem_text(problem) for problem in problems)
    return {problem.code for problem in problems}


def table_of(*rows, after=""):
    word = Document()
    table = word.add_table(rows=len(rows), cols=1)
    for row, text in enumerate(rows):
        table.cell(row, 0).text = text
    if after:
        word.add_paragraph(after)
    return saved(word)


class TestABlock:
    def test_of_rows_that_ends_in_its_table_is_right(self):
        assert codes(table_of(LOOP, "{{ child.fio }}", "{%tr endfor %}")) == set()

    @pytest.mark.parametrize(
        "template",
        [
            table_of(LOOP, "{{ child.fio }}", "{%p endfor %}"),
            table_of(LOOP, "{{ child.fio }}", "{% endfor %}"),
            table_of(LOOP, "{{ child.fio }}", after="{%tr endfor %}"),
            table_of("{%p if name %}", "{{ name }}", "{%p endif %}"),
            table_of("{% if name %}", "{{ name }}", after="{% endif %}"),
            word_template("{%p if name %}", "{{ name }}", "{% else %}", "{%p endif %}"),
        ],
        ids=["as a paragraph", "inside a line", "behind the table", "in another cell", "deeper", "else"],
    )
    def test_that_ends_in_another_kind_of_place_is_named(self, template):
        assert "levels" in codes(template)

    def test_may_reach_over_several_lines(self):
        assert codes(word_template("{% if name %}да", "{{ name }}", "нет{% endif %}")) == set()


class TestATag:
    def test_cut_into_runs_by_its_looks_is_joined(self):
        word = Document()
        paragraph = word.add_paragraph("{{ na")
        paragraph.add_run("me }}").bold = True
        assert codes(saved(word)) == set()

    @pytest.mark.parametrize("holder", ["ins", "hyperlink"])
    def test_cut_by_an_edit_or_a_link_is_named(self, holder):
        pieces = f"{{{{ na</w:t></w:r><w:{holder}><w:r><w:t>me }}}}</w:t></w:r></w:{holder}>"
        whole = b"{{ name }}</w:t></w:r>"
        assert codes(with_part(word_template("{{ name }}"), "word/document.xml", replace=(whole, pieces.encode()))) == {
            "torn"
        }


class TestAComplaint:
    @pytest.mark.parametrize(
        ("tag", "word"),
        [
            ("{% endtr %}", "endtr"),
            ("{% wenn name %}", "wenn"),
            ("{% if name %}", "if"),
            ("{{ name|nosuch }}", "nosuch"),
            ("{{ name№ }}", "№"),
            ("{{ name name }}", "name"),
        ],
    )
    def test_names_the_word_that_is_wrong_and_not_the_inner_life_of_jinja(self, tag, word):
        (problem,) = template_check.report(word_template(tag), SCHEMA).errors
        with translation.override("en"):
            text = template_check.problem_text(problem)
        assert f"“{word}”" in text
        assert "Jinja" not in text
        assert "token" not in text

    def test_that_nobody_foresaw_stays_as_it_is(self):
        assert in_plain_words("something quite new") == "something quite new"
