"""Notices on top of a paper and addenda at its end, whatever the template looks like; and extracts of tables."""

import io

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from hypothesis import given, settings, strategies as st
from lxml import etree

from forms_library import extracts, inventory, rendering
from forms_library.paper_notes import PaperAddendum
from forms_library.schema import Column, Kind, Question, Schema
from tests.forms_library.filled_forms import part_of, sha256, text_of, word_template

NAME = Schema(questions=(Question(key="name", label="Имя", kind=Kind.TEXT),))
ADDENDUM = PaperAddendum(heading="Дополнение № 1 от 05.03.2026", text="Первое\nВторое", signed="Ветрова О. С.")
TAIL = ["Дополнение № 1 от 05.03.2026", "Первое", "Второе", "Ветрова О. С. ____________________"]


def printed(template, *, schema=NAME, answers=None, **notes):
    return rendering.document(
        schema,
        {"name": "Марина"} if answers is None else answers,
        template=template,
        template_sha256=sha256(template),
        about={},
        **notes,
    )


def lines(data):
    return [line for line in text_of(data).splitlines() if line.strip()]


def body(data):
    return etree.fromstring(part_of(data, "word/document.xml")).find(qn("w:body"))


class TestNotesOnAPaper:
    def test_stand_first_and_last(self):
        data = printed(word_template("Имя: {{ name }}"), notices=["ИСПРАВЛЕНО", "ВЫПИСКА"], addenda=[ADDENDUM])
        assert lines(data) == ["ИСПРАВЛЕНО", "ВЫПИСКА", "Имя: Марина", *TAIL]

    def test_are_the_same_bytes_every_time(self):
        template = word_template("Имя: {{ name }}")
        assert printed(template, notices=["Да"], addenda=[ADDENDUM]) == printed(
            template, notices=["Да"], addenda=[ADDENDUM]
        )

    def test_leave_a_paper_without_notes_as_it_was(self):
        template = word_template("Имя: {{ name }}")
        assert printed(template, notices=[], addenda=[]) == printed(template)

    def test_stand_on_a_paper_that_prints_no_answers(self):
        assert lines(printed(word_template("Памятка"), notices=["ИСПРАВЛЕНО"]))[:2] == ["ИСПРАВЛЕНО", "Памятка"]

    def test_keep_the_last_section_of_the_document_last(self):
        document = Document()
        document.add_paragraph("{{ name }}")
        document.add_section(WD_SECTION.NEW_PAGE)
        document.add_paragraph("Конец")
        stream = io.BytesIO()
        document.save(stream)
        data = printed(stream.getvalue(), addenda=[ADDENDUM])
        assert body(data)[-1].tag == qn("w:sectPr")
        assert lines(data) == ["Марина", "Конец", *TAIL]

    def test_stand_in_a_document_without_sections(self):
        document = Document()
        document.add_paragraph("{{ name }}")
        document.element.body.remove(document.element.body.sectPr)
        stream = io.BytesIO()
        document.save(stream)
        assert lines(printed(stream.getvalue(), addenda=[ADDENDUM]))[-4:] == TAIL

    @settings(max_examples=50, deadline=None)
    @given(st.text())
    def test_never_break_a_document(self, words):
        addendum = PaperAddendum(heading=words, text=words, signed=words)
        data = printed(word_template("{{ name }}"), notices=[words], addenda=[addendum])
        Document(io.BytesIO(data))

    def test_are_not_templates(self):
        assert lines(printed(word_template("{{ name }}"), notices=["{{ name }} {% raw %} <w:p/> &amp;"]))[0] == (
            "{{ name }} {% raw %} <w:p/> &amp;"
        )


class TestAnExtract:
    COLUMNS = (Column(key="what", label="Что"), Column(key="who", label="Кто", kind=Kind.AGENCY))
    SCHEMA = Schema(
        questions=(
            Question(key="items", label="Пункты", kind=Kind.TABLE, columns=COLUMNS, extract_by="who"),
            Question(key="votes", label="Голоса", kind=Kind.TABLE, columns=(Column(key="who", label="Кто"),)),
        )
    )
    ANSWERS = {
        "items": [
            {"what": "Первое", "who": {"id": 1, "name": "Школа  № 17"}},
            {"what": "Второе", "who": {"id": None, "name": "Больница"}},
            {"what": "Третье", "who": {"id": 1, "name": "Школа № 17"}},
            {"what": "Ничьё", "who": None},
        ],
        "votes": [{"who": "Больница"}],
    }

    def test_can_be_made_for_everybody_whom_a_row_names(self):
        assert extracts.addressees(self.SCHEMA, self.ANSWERS) == ["Школа № 17", "Больница"]
        assert extracts.addressees(NAME, {"name": "Марина"}) == []
        assert extracts.addressees(self.SCHEMA, {"items": None}) == []

    def test_holds_only_the_rows_of_the_addressee_under_their_own_numbers(self):
        rows = extracts.rows_for(self.SCHEMA, self.ANSWERS, "Школа № 17")
        assert rows == {"items": {0, 2}}
        template = word_template(
            "{%p for item in items %}", "{{ item.n }} {{ item.what }}", "{%p endfor %}",
            "{%p for vote in votes %}", "{{ vote.who }}", "{%p endfor %}",
        )  # fmt: skip
        data = printed(template, schema=self.SCHEMA, answers=self.ANSWERS, rows=rows)
        assert lines(data) == ["1 Первое", "3 Третье", "Больница"]


class TestNamesOfFilesInAPackage:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("План: «семья/ребёнок»\\..", "План «семья ребёнок» № 4.docx"),
            ("а" * 300, "а" * 80 + " № 4.docx"),
            ("../../etc/passwd", ".. .. etc passwd № 4.docx"),
        ],
    )
    def test_can_be_written_on_every_system(self, title, name):
        paper = inventory.Paper(title=title, number="4", date="", kind="docx", sha256="", data=b"")
        assert inventory.file_name(paper) == name
