import io
import subprocess
import sys
import zipfile

import pytest
from docx import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from hypothesis import example, given, settings, strategies as st
from jinja2 import Environment, StrictUndefined
from lxml import etree

from forms_library import rendering, sandbox
from forms_library.packs import shipped
from forms_library.rendering import TemplateError
from forms_library.schema import Column, Kind, Question, Row, Schema
from tests.forms_library.filled_forms import ANSWERS, part_of, saved, sha256, text_of, with_part, word_template

ABOUT = {"title": "План & <срок>", "edition": "2", "case": "А-1", "document": "3", "filed_on": "05.03.2026"}
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
FOOTNOTE = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2"><w:p><w:r><w:t>{{{{ note }}}}</w:t></w:r></w:p></w:footnote></w:footnotes>'


def filled(*paragraphs: str, rows=(), **context) -> str:
    return text_of(render(word_template(*paragraphs, rows=rows), **context)).strip()


def render(template: bytes, **context) -> bytes:
    return rendering.render(template, sha256=sha256(template), context=context)


def refusal(*paragraphs: str, rows=(), **context) -> tuple[str, str]:
    with pytest.raises(TemplateError) as caught:
        filled(*paragraphs, rows=rows, **context)
    return caught.value.problem.code, caught.value.problem.detail


def canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


def as_docxtpl(template: bytes, context: dict) -> bytes:
    """Fill the template the slow way, by docxtpl in stock Jinja."""
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["cell"] = lambda value: "" if isinstance(value, sandbox.BlankLine) else value
    environment.filters |= sandbox.WORD_FILTERS
    slow = DocxTemplate(io.BytesIO(template))
    slow.render(context, jinja_env=environment)
    stream = io.BytesIO()
    slow.save(stream)
    return stream.getvalue()


def assert_same_as_docxtpl(template: bytes, context: dict) -> None:
    fast, slow = render(template, **context), as_docxtpl(template, context)
    with zipfile.ZipFile(io.BytesIO(fast)) as ours, zipfile.ZipFile(io.BytesIO(slow)) as theirs:
        assert sorted(ours.namelist()) == sorted(theirs.namelist())
        for name in set(ours.namelist()) - {"docProps/core.xml"}:
            read = canonical if name.endswith((".xml", ".rels")) else bytes
            assert read(ours.read(name)) == read(theirs.read(name)), name


class TestTheSandbox:
    @pytest.mark.parametrize(
        "attack",
        [
            "{{ q.__class__ }}",
            "{{ q.__class__.__mro__ }}",
            "{{ cycler.__init__.__globals__ }}",
            "{{ q.format(q) }}",
            "{{ range(10) }}",
            "{{ 9 ** 9 }}",
            "{{ q * 1000000 }}",
            "{{ q % q }}",
            "{{ [q] }}",
            "{% include 'x' %}",
            "{% import 'x' as x %}",
            "{% extends 'x' %}",
            "{% macro m() %}{{ m() }}{% endmacro %}",
            "{% set a = q ~ q %}",
            "{% for a in t %}{% for b in t %}{% for c in t %}{% endfor %}{% endfor %}{% endfor %}",
        ],
    )
    def test_refuses_what_is_more_than_printing(self, attack):
        assert refusal(attack, q="x", t=[])[0] == "forbidden"

    @pytest.mark.parametrize(
        "attack", ["{{ q['__class__'] }}", "{{ q.upper }}", "{{ t.append }}", "{{ t['__class__'] }}", "{{ d.items }}"]
    )
    def test_shows_no_attribute_of_an_object(self, attack):
        assert refusal(attack, q="x", t=[], d={"a": "b"})[0] == "missing"

    def test_calls_nothing_even_when_the_first_wall_falls(self, monkeypatch):
        monkeypatch.setattr(sandbox, "_check", lambda *args, **kwargs: None)
        assert refusal("{{ q() }}", q="x") == ("forbidden", "call")
        assert refusal("{{ q * 2 }}", q="x") == ("forbidden", "*")

    def test_loops_over_lists_only(self):
        assert refusal("{% for letter in q %}{{ letter }}{% endfor %}", q="слово") == ("not_a_list", "слово")
        assert refusal("{{ q|join(', ') }}", q="слово") == ("not_a_list", "слово")

    def test_prints_text_and_numbers_only(self):
        assert refusal("{{ t }}", t=["a"]) == ("not_text", "list")

    def test_stops_a_document_that_grows_without_end(self, monkeypatch):
        monkeypatch.setattr(sandbox, "MAX_CHARACTERS", 5_000)
        rows = [{"n": "текст " * 20}] * 50
        assert refusal("{% for a in t %}{% for b in t %}{{ b.n }}{% endfor %}{% endfor %}", t=rows)[0] == "too_long"

    def test_refuses_a_template_too_long_to_prepare(self, monkeypatch):
        monkeypatch.setattr(sandbox, "MAX_SOURCE", 100)
        assert refusal("{{ q }}", q="x")[0] == "too_long"

    @pytest.mark.parametrize("text", ["{{ q", "q }}", "{% if q }}", "{{ q {{ q }}", "{# note"])
    def test_names_the_tag_that_is_not_closed(self, text):
        assert refusal(text, q="x")[0] == "unclosed"

    @pytest.mark.parametrize(
        "text",
        [
            "{{ q q }}",
            "{% if q %}",
            "{{ q|unknown }}",
            "{{ q is callable }}",
            "{{ " + "(" * 5000 + "q" + ")" * 5000 + " }}",
            "{{ " + "9" * 5000 + " }}",
        ],
    )
    def test_says_so_when_a_template_is_not_jinja(self, text):
        assert refusal(text, q="x")[0] == "syntax"

    @pytest.mark.parametrize("text", ["{{ " + "not " * 300 + "q }}", "{% if q %}" * 60 + "{% endif %}" * 60])
    def test_refuses_a_template_that_takes_minutes_to_compile(self, text):
        assert refusal(text, q="x")[0] == "too_deep"

    def test_says_so_when_a_filter_does_not_fit_its_value(self):
        assert refusal("{{ q|round }}", q="x")[0] == "cannot_fill"

    def test_offers_the_filters_and_counters_that_forms_need(self):
        template = [
            "{{ q|e|upper }} {{ q|escape|trim }} {{ t|join('; ') }} {{ t[0] }} {{ d['k'] }} {{ none|default('нет', true) }}"
        ]
        loop = "{% for x in t %}{{ loop.index }}. {{ x }}{% if not loop.last %}, {% endif %}{% endfor %}"
        text = filled(*template, loop, q="a", t=["й", "ц"], d={"k": "в"}, none="")
        assert text == "A a й; ц й в нет\n1. й, 2. ц"

    def test_leaves_bordered_cells_of_a_blank_form_empty(self):
        assert filled("[{{ a|cell }}] [{{ b|cell }}]", a=sandbox.BlankLine("____"), b="текст") == "[] [текст]"


class TestMissingAnswers:
    def test_are_named(self):
        assert refusal("{{ mother_fio }}", q="x") == ("missing", "mother_fio")

    def test_are_named_inside_tables(self):
        assert refusal("{% for row in t %}{{ row.birth }}{% endfor %}", t=[{"n": "1"}]) == ("missing", "birth")

    @pytest.mark.parametrize(
        "use", ["{% for x in t %}{% endfor %}", "{% if t %}{% endif %}", "{{ t|join }}", "{{ t[7] }}"]
    )
    def test_are_errors_however_they_are_used(self, use):
        assert refusal(use) == ("missing", "t")

    def test_are_errors_beyond_the_end_of_a_list(self):
        assert refusal("{{ t[7] }}", t=["a"]) == ("missing", "7")


class TestAnswers:
    @given(text=st.text(max_size=60))
    @example(text="{{ q }} {% if %} {_{ }_} {# #}")
    @example(text="</w:t></w:r><w:p/> <b>&amp; ' \"")
    @example(text="NUL\0 звонок\a страница\f возврат\rконец\r\nстроки\x85ещё\u2028и\u2029ещё\tтаб")
    @example(text="\ud800 \ufffe \u202eакте\u202c \u2066x\u2069 \u200fא")
    @example(text="👩‍👧‍👦 " + "длинно" * 2000)
    @example(text="  пробелы  по краям  ")
    @settings(max_examples=150, deadline=None)
    def test_of_any_kind_are_printed_as_typed(self, text):
        document = render(word_template("[{{ q }}]"), q=text)
        assert Document(io.BytesIO(document))
        assert text_of(document) == f"[{sandbox.printed(text)}]"

    def test_lose_only_what_xml_and_readers_cannot_take(self):
        assert sandbox.printed("а\0б\x1b\ud83dв\u202eг\u2067д\u200fе") == "абвгд\u200fе"
        assert sandbox.printed("1\r\n2\r3\u20284\t5") == "1\n2\n3\n4\t5"

    def test_of_several_lines_become_word_breaks(self):
        xml = part_of(render(word_template("{{ q }}"), q="раз\nдва\tтри"), "word/document.xml")
        assert xml.count(b"<w:br/>") == 1
        assert xml.count(b"<w:tab/>") == 1


class TestDocuments:
    @pytest.mark.parametrize("code", ANSWERS)
    def test_are_what_docxtpl_would_have_made(self, code):
        context = rendering.printable(shipped.form(code).schema, ANSWERS[code]) | {"about": rendering.about_form(ABOUT)}
        assert_same_as_docxtpl(shipped.form(code).template, context)

    @pytest.mark.parametrize(
        ("paragraphs", "rows", "context"),
        [
            (["{%p if q %}", "{{ q }}", "{%p endif %}", "после"], (), {"q": ""}),
            (["{_{ скобки }_}  {_% и %_}"], (), {}),
            ([], [["№", "{%tc for c in cs %}", "{{ c }}", "{%tc endfor %}"]], {"cs": ["а", "б", "в", "г", "д"]}),
            ([], [["№", "{%tc for c in cs %}", "{{ c }}", "{%tc endfor %}"]], {"cs": ["а"]}),
            ([], [["{%tr for c in cs %}", ""], ["{{ c }}", "x"], ["{%tr endfor %}", ""]], {"cs": []}),
        ],
    )
    def test_of_difficult_templates_are_docxtpls_too(self, paragraphs, rows, context):
        template = word_template(*paragraphs, rows=rows, header="{{ head }}", footer="лист")
        assert_same_as_docxtpl(template, context | {"head": "дело\nА-1"})

    def test_fill_footnotes_once_however_many_sections_there_are(self):
        word = Document()
        word.add_section()
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, FOOTNOTE.encode(), word.part.package)
        word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        document = render(saved(word), note="{{ note }}")
        assert b'<w:t xml:space="preserve">{{ note }}</w:t>' in part_of(document, "word/footnotes.xml")

    def test_keep_the_line_ends_of_the_template_itself(self):
        template = with_part(
            word_template("[{{ q }}]"), "word/document.xml", replace=(b"[", "строка\nи\tтаб ".encode())
        )
        assert_same_as_docxtpl(template, {"q": "раз\nдва"})
        assert text_of(render(template, q="раз\nдва")) == "строка\nи\tтаб раз\nдва]"

    def test_have_their_pictures_numbered_as_docxtpl_does(self):
        drawing = b'<w:r><w:drawing><wp:inline><wp:docPr id="7" name="x"/></wp:inline></w:drawing></w:r></w:p>'
        plain = word_template("{{ q }}")
        template = with_part(plain, "word/document.xml", replace=(b"</w:p>", drawing))
        assert_same_as_docxtpl(template, {"q": "x"})

    def test_are_the_same_bytes_every_time_and_in_every_process(self):
        code = (
            "from forms_library import rendering\n"
            "from forms_library.packs import shipped\n"
            "from tests.forms_library.filled_forms import ANSWERS, sha256\n"
            "t = shipped.form('nso_dept_plan').template\n"
            f"d = rendering.document(shipped.form('nso_dept_plan').schema, ANSWERS['nso_dept_plan'], template=t,"
            f" template_sha256=sha256(t), about={ABOUT!r})\n"
            "print(sha256(d))"
        )
        fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        template = shipped.form("nso_dept_plan").template
        ours = [
            rendering.document(
                shipped.form("nso_dept_plan").schema,
                ANSWERS["nso_dept_plan"],
                template=memoryview(template),
                template_sha256=sha256(template),
                about=ABOUT,
            )
            for _ in range(2)
        ]
        assert ours[0] == ours[1]
        assert sha256(ours[0]) == fresh.stdout.strip()

    def test_are_named_and_dated_by_nobody(self):
        template = word_template("{{ about.title }}")
        document = render(template, about={"title": ABOUT["title"]})
        properties = Document(io.BytesIO(document)).core_properties
        assert (properties.title, properties.language, properties.author) == (ABOUT["title"], "ru-RU", "")
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            assert package.testzip() is None
            assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert package.namelist() == sorted(package.namelist())

    def test_come_from_the_approved_template_only(self):
        with pytest.raises(TemplateError) as caught:
            rendering.render(word_template("{{ q }}"), sha256=sha256(b"another"), context={"q": "x"})
        assert caught.value.problem.code == "altered"

    @pytest.mark.parametrize(
        ("rows", "xml"),
        [
            ([["а", "б"]], (b"<w:tblGrid>", b'<w:tblGrid><w:gridCol w:w="x"/>')),
            ([["а", "{%tc if q %}"]], (b"<w:tblGrid>", b"<w:tblGrid>")),
        ],
    )
    def test_that_would_be_broken_are_refused(self, rows, xml):
        template = with_part(word_template("{{ q }}", rows=rows), "word/document.xml", replace=xml)
        with pytest.raises(TemplateError) as caught:
            render(template, q="x")
        assert caught.value.problem.code in {"broken_xml", "syntax"}

    def test_with_tags_across_paragraphs_are_refused(self):
        template = word_template("{{ q }}", rows=[["{% if q %}", "а"], ["{% endif %}", "б"]])
        with pytest.raises(TemplateError) as caught:
            render(with_part(template, "word/document.xml", replace=(b"{% endif %}", b"</w:t>{% endif %}<w:t>")), q="")
        assert caught.value.problem.code == "broken_xml"


class TestPreparation:
    def steady(self, *, replace=(b"", b""), rows=(("а", "б"), ("в", "г"))) -> bool:
        xml = part_of(word_template("x", rows=rows), "word/document.xml").replace(*replace)
        return not rendering._reshapes(xml.decode().split("?>", 1)[1])

    def test_spares_documents_the_correction_of_whole_tables(self):
        assert self.steady()
        two_columns = b'<w:tcPr><w:gridSpan w:val="2"/>'
        assert not self.steady(replace=(b"<w:tcPr>", two_columns))

    def test_leaves_every_doubtful_table_to_docxtpl(self):
        assert not self.steady(replace=(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="{{ n }}"/>'))
        assert not self.steady(replace=(b"</w:tc>", b"<w:tbl/></w:tc>"))
        assert not self.steady(rows=[["{%tr if q %}", ""], ["а", "б"], ["{%tr endif %}", ""]])
        assert not self.steady(rows=[["{% colspan 2 %}а", "б"]])

    def test_reports_a_table_that_cannot_be_corrected(self):
        template = word_template("{{ q }}", rows=[["{%tc if q %}", "а", "{%tc endif %}"]])
        broken = with_part(template, "word/document.xml", replace=(b"<w:tblGrid>", b"<w:tblLook/><w:tblGrid1>"))
        broken = with_part(broken, "word/document.xml", replace=(b"</w:tblGrid>", b"</w:tblGrid1>"))
        with pytest.raises(TemplateError) as caught:
            render(broken, q="x")
        assert caught.value.problem.code == "broken_xml"


def question(kind: Kind, **facts) -> Question:
    return Question(key="q", label="Вопрос", kind=kind, **facts)


def shown(asked: Question, answer) -> dict:
    return rendering.printable(Schema(questions=(asked,)), {"q": answer})


class TestPrintedAnswers:
    @pytest.mark.parametrize(
        ("kind", "answer", "text"),
        [
            (Kind.TEXT, "слово", "слово"),
            (Kind.DATE, "2026-03-05", "05.03.2026"),
            (Kind.BIRTH_DATE, "2016-03-05", "05.03.2016"),
            (Kind.DATE, "", ""),
            (Kind.DATE, "завтра", "завтра"),
            (Kind.DATE_TIME, "2026-03-05T14:30", "05.03.2026 14:30"),
            (Kind.DATE_TIME, "", ""),
            (Kind.INTEGER, 0, "0"),
            (Kind.INTEGER, None, ""),
            (Kind.YES_NO, True, "да"),
            (Kind.YES_NO, False, "нет"),
            (Kind.YES_NO, None, ""),
            (Kind.AGENCY, {"id": 1, "name": "Служба"}, "Служба"),
            (Kind.AGENCY, None, ""),
            (Kind.ATTACHMENT, [{"id": 1, "name": "а.pdf", "sha256": ""}], ["а.pdf"]),
            (Kind.ATTACHMENT, None, []),
            (Kind.SIGNATURE, {"post": "врач", "name": "О. Орлов"}, {"post": "врач", "name": "О. Орлов"}),
            (Kind.SIGNATURE, None, {"post": "", "name": ""}),
            (Kind.TABLE, None, []),
        ],
    )
    def test_look_as_on_paper(self, kind, answer, text):
        assert shown(question(kind), answer)["q"] == text

    def test_show_all_the_choices_with_marks(self):
        one = shown(question(Kind.CHOICE, choices=("а", "б")), "б")
        several = shown(question(Kind.CHOICES, choices=("а", "б", "в")), ["а", "в"])
        assert [item["mark"] for item in one["q__marks"]] == ["☐", "☒"]
        assert (several["q"], [item["mark"] for item in several["q__marks"]]) == ("а; в", ["☒", "☐", "☒"])
        assert [item["label"] for item in shown(question(Kind.YES_NO), True)["q__marks"]] == ["да", "нет"]

    def test_number_the_rows_of_tables(self):
        columns = (Column(key="day", label="День", kind=Kind.DATE),)
        table = shown(question(Kind.TABLE, columns=columns), [{"day": "2026-03-05"}])
        fixed = shown(
            question(Kind.FIXED_TABLE, columns=columns, rows=(Row(label="а"), Row(label="б"))),
            [{"day": ""}, {"day": ""}],
        )
        assert table["q"] == [{"n": "1", "day": "05.03.2026"}]
        assert [(row["n"], row["label"]) for row in fixed["q"]] == [("1", "а"), ("2", "б")]

    def test_carry_headings_and_notes_word_for_word(self):
        assert shown(question(Kind.NOTE), None)["q"] == "Вопрос"

    @pytest.mark.parametrize("answers", [{}, {"q": [{}]}])
    def test_of_another_form_are_refused(self, answers):
        table = question(Kind.TABLE, columns=(Column(key="day", label="День"),))
        with pytest.raises(TemplateError) as caught:
            rendering.printable(Schema(questions=(table,)), answers)
        assert caught.value.problem.code == "no_answer"


class TestBlankForms:
    @pytest.mark.parametrize("code", ANSWERS)
    def test_print_the_whole_form_with_room_to_write(self, code):
        template = shipped.form(code).template
        blank = rendering.blank(
            shipped.form(code).schema, template=template, template_sha256=sha256(template), about=ABOUT
        )
        text = text_of(blank)
        assert "____" in text
        assert "☒" not in text
        for note in (item for item in shipped.form(code).schema if item.kind == Kind.NOTE):
            assert note.label in text
        for choice in (choice for item in shipped.form(code).schema for choice in item.choices):
            assert choice in text

    def test_have_a_line_for_every_kind_of_answer(self):
        asked = (
            *(Question(key=kind.name.lower(), label="Вопрос", kind=kind) for kind in Kind if not kind.is_table),
            question(Kind.TABLE, columns=(Column(key="c", label="Столбец"),), max_rows=3),
            Question(
                key="fixed",
                label="Строки",
                kind=Kind.FIXED_TABLE,
                rows=(Row(label="а"),),
                columns=(Column(key="c", label="С"),),
            ),
        )
        context = rendering.blank_answers(Schema(questions=asked))
        assert context["q"] == [{"n": "", "c": ""}] * 3
        assert context["fixed"] == [{"label": "а", "n": "1", "c": ""}]
        assert context["yes_no"] == "да / нет"
        assert "____" in context["date_time"]
        assert len(context["attachment"]) == 3
