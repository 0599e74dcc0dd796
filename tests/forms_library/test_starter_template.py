"""A starter: the Word template that the program makes of a form's questions, for a methodologist to make pretty."""

import hashlib
import io
from dataclasses import replace

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings as hypothesis_settings, strategies as st

from forms_library import rendering, template_check
from forms_library.questionnaire import Questionnaire
from forms_library.rendering import TemplateError
from forms_library.sample_families import FAMILIES, answers_for
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.starter import REQUISITES, StarterFacts, starter_template
from forms_library.typed import typed_from_post
from tests.forms_library.asking import AROUND, filled_forms
from tests.forms_library.test_sample_families import every_kind

FACTS = StarterFacts(title="Проба {{ пера }}", requisites=tuple(REQUISITES))


def filled(schema, template, answers):
    about = {"title": "Проба", "code": "proba", "restriction_mark": "Конфиденциально"}
    sha256 = hashlib.sha256(template).hexdigest()
    return rendering.document(schema, answers, template=template, template_sha256=sha256, about=about)


def words(docx):
    return "\n".join(element.text or "" for element in Document(io.BytesIO(docx)).element.body.iter(qn("w:t")))


class TestAStarter:
    def test_prints_every_kind_of_answer_and_asks_for_nothing_else(self):
        schema = every_kind()
        report = template_check.report(starter_template(schema, about=FACTS), schema)
        assert (report.errors, report.missing, report.unused) == ((), (), ())

    def test_is_the_same_bytes_for_the_same_form(self):
        assert starter_template(every_kind(), about=FACTS) == starter_template(every_kind(), about=FACTS)

    @pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.code)
    def test_is_filled_for_every_family(self, family):
        schema = every_kind()
        paper = words(filled(schema, starter_template(schema, about=FACTS), answers_for(schema, family)))
        assert family.address in paper
        assert "Конфиденциально" in paper
        assert "{" not in paper

    def test_knows_the_two_styles_of_pages(self):
        margins = [
            Document(
                io.BytesIO(starter_template(every_kind(), about=StarterFacts(title="П", kept_over_ten_years=kept)))
            )
            .sections[0]
            .left_margin
            for kept in (True, False)
        ]
        assert [round(margin.cm, 1) for margin in margins] == [3, 2]

    def test_numbers_pages_from_the_second_and_is_written_in_russian(self):
        word = Document(io.BytesIO(starter_template(every_kind(), about=FACTS)))
        section = word.sections[0]
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        assert {element.get(qn("w:val")) for element in word.styles.element.iter(qn("w:lang"))} == {"ru-RU"}

    def test_puts_columns_of_one_group_under_one_heading_that_comes_again_on_every_page(self):
        columns = (
            Column(key="what", label="Что"),
            Column(key="plan", label="План", group="Срок"),
            Column(key="fact", label="Факт", group="Срок"),
        )
        table = Question(key="t", label="Меры", kind=Kind.TABLE, columns=columns, numbered_columns=True)
        word = Document(io.BytesIO(starter_template(Schema(questions=(table,)), about=StarterFacts(title="П"))))
        drawn = word.tables[-1]
        assert [cell.text for cell in drawn.rows[0].cells] == ["№ п/п", "Что", "Срок", "Срок"]
        assert [cell.text for cell in drawn.rows[1].cells][2:] == ["План", "Факт"]
        assert [cell.text for cell in drawn.rows[2].cells] == ["1", "2", "3", "4"]
        assert len(list(drawn._tbl.iter(qn("w:tblHeader")))) == 3

    def test_leaves_out_what_was_not_asked(self):
        threat = Question(key="threat", label="Угроза", kind=Kind.YES_NO)
        heading = Question(key="head", label="Об угрозе", kind=Kind.SECTION, shown_when="threat = да")
        how = Question(key="how", label="В чём она", kind=Kind.LONG_TEXT)
        schema = Schema(questions=(threat, heading, how))
        template = starter_template(schema, about=StarterFacts(title="П", requisites=()))
        assert "Об угрозе" not in words(filled(schema, template, {"threat": False, "how": ""}))
        assert "Об угрозе" in words(filled(schema, template, {"threat": True, "how": "огонь"}))

    def test_draws_no_card_when_none_of_its_answers_was_asked(self):
        threat = Question(key="threat", label="Угроза", kind=Kind.LONG_TEXT)
        asked = Question(key="how", label="В чём она", kind=Kind.TEXT, shown_when="filled(threat)")
        schema = Schema(questions=(threat, asked))
        template = starter_template(schema, about=StarterFacts(title="П", requisites=()))
        papers = [filled(schema, template, {"threat": "", "how": how}) for how in ("", "огонь")]
        assert [len(Document(io.BytesIO(paper)).tables) for paper in papers] == [0, 1]

    def test_prints_in_a_requisite_what_belongs_there_and_not_once_more(self):
        questions = (
            Question(key="to", label="Кому", kind=Kind.AGENCY),
            Question(key="number", label="Номер", kind=Kind.NUMBER),
            Question(key="found_on", label="Дата обнаружения", kind=Kind.DATE),
            Question(key="drawn_on", label="Дата составления", kind=Kind.DATE),
        )
        schema = Schema(questions=questions)
        text = words(starter_template(schema, about=FACTS))
        assert [text.count(f"{{{{ {question.key}") for question in questions] == [1, 1, 1, 1]
        assert text.index("{{ drawn_on") < text.index("{{ found_on")
        plain = words(starter_template(schema, about=StarterFacts(title="П", requisites=())))
        assert "Кому" in plain
        assert "Кому" not in text

    def test_turns_the_page_for_a_wide_table_and_goes_on_counting(self):
        columns = tuple(Column(key=f"c{number}", label=f"Столбец {number}") for number in range(7))
        table = Question(key="t", label="Меры", kind=Kind.TABLE, columns=columns)
        before = [Question(key=f"q{number}", label="Вопрос", kind=Kind.TEXT) for number in range(8)]
        long, short = (
            Document(io.BytesIO(starter_template(Schema(questions=questions), about=StarterFacts(title="П"))))
            for questions in ((*before, table), (table,))
        )
        assert [section.orientation for section in long.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
        assert [section.different_first_page_header_footer for section in long.sections] == [True, False]
        assert long.sections[1].header.is_linked_to_previous
        assert [section.orientation for section in short.sections] == [WD_ORIENT.LANDSCAPE]

    def test_numbers_sections_when_each_of_them_is_always_asked(self):
        def sections(**last):
            headings = [Question(key=f"s{number}", label="Раздел", kind=Kind.SECTION) for number in range(3)]
            headings[2] = replace(headings[2], **last)
            answers = [Question(key=f"q{number}", label="Вопрос", kind=Kind.TEXT) for number in range(3)]
            schema = Schema(questions=tuple(each for pair in zip(headings, answers, strict=True) for each in pair))
            return words(starter_template(schema, about=StarterFacts(title="П")))

        assert "3. {{ s2 }}" in sections()
        assert "1. " not in sections(shown_when="filled(q0)")
        assert "1. " not in sections(label="3 Итог")

    def test_hangs_the_code_into_the_corner_of_the_first_page(self):
        body = Document(io.BytesIO(starter_template(every_kind(), about=FACTS))).element.body
        (picture,) = body.iter(qn("wp:docPr"))
        assert picture.get("descr") == "QR"
        assert picture.getparent().tag == qn("wp:anchor")

    def test_of_an_unknown_requisite_is_refused(self):
        with pytest.raises(KeyError):
            starter_template(every_kind(), about=StarterFacts(title="П", requisites=("herald",)))

    def test_prints_the_code_of_the_record(self):
        schema = Schema(questions=(Question(key="q", label="Вопрос", kind=Kind.TEXT),))
        template = starter_template(schema, about=FACTS)
        sha256 = hashlib.sha256(template).hexdigest()
        papers = [
            rendering.document(
                schema,
                {"q": ""},
                template=template,
                template_sha256=sha256,
                about={"title": "П", "code": "proba", "case": "2026-00001", "document": document},
            )
            for document in ("1", "1", "2")
        ]
        assert papers[0] == papers[1] != papers[2]


class TestAnyForm:
    @hypothesis_settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(filled_forms())
    def test_goes_from_schema_to_screen_to_answers_to_paper(self, form):
        schema, posted = form
        questionnaire = Questionnaire(schema, typed=typed_from_post(schema, posted), check=True, around=AROUND)
        if not questionnaire.is_valid():
            assert questionnaire.error_summary
            return
        paper = filled(schema, starter_template(schema, about=StarterFacts(title="П")), questionnaire.answers())
        assert Document(io.BytesIO(paper)).element.body is not None

    @hypothesis_settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(
        st.dictionaries(
            st.sampled_from([question.key for question in every_kind()]),
            st.recursive(
                st.none()
                | st.booleans()
                | st.integers()
                | st.text()
                | st.sampled_from(["{{ about }}", "</w:t>", "\x00"]),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
                max_leaves=6,
            ),
        )
    )
    def test_makes_a_sound_paper_or_a_named_refusal_of_hostile_answers(self, hostile):
        schema = every_kind()
        template = starter_template(schema, about=StarterFacts(title="П"))
        try:
            paper = filled(schema, template, answers_for(schema, FAMILIES[0]) | hostile)
        except TemplateError:
            return
        assert Document(io.BytesIO(paper)).element.body is not None
