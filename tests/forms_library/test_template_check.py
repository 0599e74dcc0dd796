import io
import struct
import zipfile

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from forms_library import package_check, template_check
from forms_library.packs import shipped
from forms_library.schema import Column, Kind, Question, Row, Schema
from forms_library.template_check import UnsafeTemplate, inspect, problem_text
from tests.forms_library.filled_forms import saved, with_part, word_template

DOCUMENT = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"
FIELD = "<w:r><w:fldChar w:fldCharType='%s'/></w:r>"


def code_of(data: bytes) -> str:
    with pytest.raises(UnsafeTemplate) as caught:
        inspect(data)
    assert problem_text(caught.value)
    return caught.value.code


def archive(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, data in parts:
            package.writestr(name, data)
    return stream.getvalue()


def with_related(kind: str, target: str, *, external: bool = True) -> bytes:
    mode = ' TargetMode="External"' if external else ""
    added = f'<Relationship Id="rId999" Type="http://x/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    return with_part(word_template("x"), RELATIONS, replace=(b"</Relationships>", added))


def with_field(*codes: str) -> bytes:
    """Return a document with one complex field, its code spread over several runs."""
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    field = FIELD % "begin" + runs + FIELD % "separate" + "<w:r><w:t>1</w:t></w:r>" + FIELD % "end"
    return with_part(word_template("x"), DOCUMENT, replace=(b"</w:p>", f"{field}</w:p>".encode()))


class TestInspection:
    @pytest.mark.parametrize("code", shipped.codes())
    def test_lets_the_demo_templates_through(self, code):
        inspect(shipped.form(code).template)

    def test_lets_an_ordinary_document_through(self):
        word = Document()
        word.part.relate_to("https://example.org", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        inspect(saved(word))
        inspect(with_field(" PAGE "))
        inspect(with_part(word_template("x"), "word/", b""))

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "damaged"),
            (b"%PDF-1.7", "damaged"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600, "encrypted"),
            (archive(("a.xml", b"<a/>")), "not_a_docx"),
            (archive((TYPES, b"<Types/>")), "not_a_docx"),
            (archive((TYPES, b"<Types/>"), method=zipfile.ZIP_LZMA), "damaged"),
            (archive((TYPES, b"<Types>")), "damaged"),
        ],
    )
    def test_refuses_what_is_not_a_docx(self, data, code):
        assert code_of(data) == code

    def test_refuses_an_encrypted_part(self):
        data = bytearray(word_template("x"))
        at = data.rfind(b"PK\x01\x02")
        struct.pack_into("<H", data, at + 8, struct.unpack_from("<H", data, at + 8)[0] | 1)
        assert code_of(bytes(data)) == "encrypted"

    def test_refuses_a_part_with_a_wrong_checksum(self):
        data = bytearray(archive((TYPES, b"<Types/>" * 20), method=zipfile.ZIP_STORED))
        data[50] ^= 1
        assert code_of(bytes(data)) == "damaged"

    def test_refuses_bombs(self, monkeypatch):
        assert code_of(b"PK" + b"0" * package_check.MAX_FILE) == "too_big"
        assert code_of(archive(*((f"word/{n}.xml", b" " * 11_000_000) for n in range(3)))) == "too_big"
        assert code_of(archive(("word/a.xml", b" " * 2_000_000))) == "bomb"
        assert code_of(archive(*((f"word/{n}.xml", b"<a/>") for n in range(400)))) == "too_many_parts"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_refuses_two_parts_of_one_name(self):
        assert code_of(archive((DOCUMENT, b"<a/>"), (DOCUMENT.upper(), b"<b/>"))) == "double_name"

    @pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "word\\evil.xml", "C:/evil.xml"])
    def test_refuses_paths_that_lead_out(self, name):
        assert code_of(archive((name, b"<a/>"))) == "bad_path"

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("word/vbaProject.bin", "macros"),
            ("word/activeX/activeX1.xml", "macros"),
            ("word/embeddings/oleObject1.bin", "embedded"),
            ("word/printerSettings.bin", "embedded"),
            ("word/run.exe", "strange_part"),
            ("word/page.html", "strange_part"),
        ],
    )
    def test_refuses_parts_that_are_not_text_or_pictures(self, name, code):
        assert code_of(with_part(word_template("x"), name, b"x")) == code

    @pytest.mark.parametrize(
        ("declared", "code"),
        [
            (b"application/vnd.ms-word.document.macroEnabled.main+xml", "macros"),
            (b"application/vnd.ms-office.vbaProject", "macros"),
        ],
    )
    def test_refuses_macro_documents_in_disguise(self, declared, code):
        ordinary = package_check.DOCUMENT.encode()
        assert code_of(with_part(word_template("x"), TYPES, replace=(ordinary, declared))) == code

    @pytest.mark.parametrize(
        "entry",
        [
            b'<Default Extension="png" ContentType="application/xml"/></Types>',
            b'<Override PartName="/word/a.png" ContentType="application/xml"/></Types>',
        ],
    )
    def test_refuses_xml_that_calls_itself_a_picture(self, entry):
        assert code_of(with_part(word_template("x"), TYPES, replace=(b"</Types>", entry))) == "strange_part"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize("doctype", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY x "y">]>'])
    def test_refuses_document_types_in_any_encoding(self, encoding, doctype):
        xml = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<a/>'.encode(encoding)
        assert code_of(with_part(word_template("x"), "word/extra.xml", xml)) == "dtd"

    @pytest.mark.parametrize(
        ("kind", "target", "code"),
        [
            ("image", "http://example.org/a.png", "external"),
            ("hyperlink", "file://server/share", "external"),
            ("hyperlink", "\\\\server\\share", "external"),
            ("attachedTemplate", "http://example.org/t.dotm", "attached_template"),
            ("oleObject", "http://example.org/o", "embedded"),
            ("aFChunk", "x.xml", "embedded"),
            ("subDocument", "x.docx", "embedded"),
            ("vbaProject", "x.xml", "macros"),
        ],
    )
    def test_refuses_what_word_would_fetch_by_itself(self, kind, target, code):
        assert code_of(with_related(kind, target)) == code

    def test_refuses_active_parts_inside_the_package_too(self):
        assert code_of(with_related("control", "a.xml", external=False)) == "macros"

    def test_refuses_chunks_of_other_formats(self):
        assert code_of(with_part(word_template("x"), DOCUMENT, replace=(b"<w:p>", b"<w:altChunk/><w:p>"))) == "embedded"

    @pytest.mark.parametrize(
        "codes",
        [
            [" DDE cmd "],
            [" DD", "EAUTO c:\\\\cmd.exe "],
            ["INCLUDETEXT x"],
            ["includepicture x"],
            ["LINK x"],
            ["MACROBUTTON x"],
            [" "],
        ],
    )
    def test_refuses_fields_that_fetch_or_run(self, codes):
        assert code_of(with_field(*codes)) == "field"

    def test_refuses_simple_and_nested_and_unfinished_fields(self):
        simple = b"<w:fldSimple w:instr='DDE x'/></w:p>"
        nested = (FIELD % "begin" * 2 + "<w:r><w:instrText>QUOTE 68</w:instrText></w:r>" + FIELD % "end" * 2).encode()
        unfinished = (FIELD % "begin" + "<w:r><w:instrText>DDE x</w:instrText></w:r>").encode()
        bare = b"<w:r><w:instrText>DDE x</w:instrText></w:r>"
        stray = (FIELD % "end" + FIELD % "other" + "<w:r><w:instrText>DDE</w:instrText></w:r>").encode()
        for field in (simple[: -len(b"</w:p>")], nested, unfinished, bare, stray):
            assert code_of(with_part(word_template("x"), DOCUMENT, replace=(b"</w:p>", field + b"</w:p>"))) == "field"


SCHEMA = Schema(
    questions=(
        Question(key="head", label="Раздел", kind=Kind.SECTION),
        Question(key="name", label="Имя", kind=Kind.TEXT),
        Question(key="way", label="Способ", kind=Kind.CHOICE, choices=("а", "б")),
        Question(key="needs", label="Что нужно", kind=Kind.CHOICES, choices=("а", "б")),
        Question(key="sign", label="Подпись", kind=Kind.SIGNATURE),
        Question(key="files", label="Файлы", kind=Kind.ATTACHMENT),
        Question(
            key="children",
            label="Дети",
            kind=Kind.TABLE,
            columns=(
                Column(key="fio", label="ФИО"),
                Column(key="birth", label="Родился", kind=Kind.DATE),
                Column(key="sex", label="Пол", kind=Kind.CHOICE, choices=("м", "ж")),
            ),
        ),
        Question(
            key="domains",
            label="Сферы",
            kind=Kind.FIXED_TABLE,
            rows=(Row(label="Жильё"),),
            columns=(Column(key="good", label="+"),),
        ),
    )
)
WHOLE = (
    "{{ head }}: {{ name|default('—', true)|upper }} {{ name }} {{ sign.post }} {{ sign['name'] }}",
    "{% for choice in way__marks %}{{ choice.mark }} {{ choice.label }}{% endfor %} {{ needs }}",
    "{% for file in files if file %}{{ loop.index }}. {{ file }}{% else %}нет {{ about.title }}{% endfor %}",
    "{% for child in children %}{{ child.n }} {{ child.fio }} {{ child.birth }} {{ child.sex }}{% endfor %}",
    "{% for row in domains %}{{ row.label }} {{ row.good }}{% endfor %}",
    "{{ (children|first).fio|default('') if children else '' }}",
)


def report(*paragraphs: str, rows=(), header: str = "", schema: Schema = SCHEMA) -> template_check.TemplateReport:
    return template_check.report(word_template(*paragraphs, rows=rows, header=header), schema)


def codes(*paragraphs: str, rows=()) -> list[tuple[str, str]]:
    found = report(*paragraphs, rows=rows).errors
    assert all(problem_text(problem) for problem in found)
    return [(problem.code, problem.detail) for problem in found]


class TestReport:
    def test_of_a_good_template_is_empty(self):
        assert report(*WHOLE) == template_check.TemplateReport()

    @pytest.mark.parametrize("code", shipped.codes())
    def test_of_the_demo_forms_is_empty(self, code):
        assert (
            template_check.report(shipped.form(code).template, shipped.form(code).schema)
            == template_check.TemplateReport()
        )

    def test_names_the_variables_that_the_form_lacks(self):
        found = report(
            "{{ mother }} {{ name }} {% if father and father.fio %}{{ father }}{% endif %}",
            "{% for child in children %}{{ child.age }} {{ child['height'] }}{% endfor %}",
            "{{ sign.date }} {{ about.phone }}",
            "{% for x in unknown %}{{ x.y }}{% endfor %} {{ unknown[0].z }} {{ files[0] }} {{ nobody|first }}",
            header="{{ mother }} {{ headline }}",
        )
        assert found.missing == (
            *("mother", "father", "children.age", "children.height", "sign.date", "about.phone", "unknown", "nobody"),
            "headline",
        )

    def test_names_the_questions_that_are_never_printed(self):
        found = report("{{ name }} {% for child in children %}{{ child.fio }}{% endfor %}")
        assert found.unused == ("way", "needs", "sign", "files", "children.birth", "children.sex", "domains")

    def test_says_what_is_printed_or_looped_in_the_wrong_way(self):
        assert codes("{{ children }} {{ sign }}") == [("not_text", "children"), ("not_text", "sign")]
        assert codes("{% for x in name %}{{ x }}{% endfor %}") == [("not_a_list", "name")]

    def test_says_what_would_vanish_beside_a_tag(self):
        assert codes("{%p if name %} важный текст", "{{ name }}", "{%p endif %}") == [("swallowed", "важный текст")]
        rows = [["{%tr for c in children %}", "потеряно"], ["{{ c.fio }}", ""], ["{%tr endfor %}", ""]]
        assert codes(rows=rows) == [("swallowed", "потеряно")]

    def test_looks_for_the_row_that_holds_the_tag_in_tables_within_tables(self):
        word = Document()
        inner = word.add_table(rows=1, cols=1).cell(0, 0).add_table(rows=3, cols=1)
        for row, text in enumerate(("{%tr for c in children %}", "{{ c.fio }}", "{%tr endfor %}")):
            inner.cell(row, 0).text = text
        assert not template_check.report(saved(word), SCHEMA).errors

    def test_says_where_the_language_is_broken(self):
        assert [code for code, _ in codes("{% if name %}")] == ["syntax"]
        assert [code for code, _ in codes("{{ name")] == ["unclosed"]
        assert [code for code, _ in codes("{{ name.__class__ }}")] == ["forbidden"]

    def test_fills_the_template_to_see_that_it_can_be_filled(self):
        assert [code for code, _ in codes("{{ name|round }}")] == ["cannot_fill"]
        # With no children at all there is no first one.
        assert codes("{{ children[0].fio }}") == [("missing", "0")]

    def test_does_not_fall_over_a_package_that_is_no_document(self):
        data = with_part(
            word_template("x"), "_rels/.rels", replace=(b"relationships/officeDocument", b"relationships/x")
        )
        assert [problem.code for problem in template_check.report(data, SCHEMA).errors] == ["damaged"]

    def test_can_judge_a_form_whose_choices_are_not_written_yet(self):
        unfinished = Schema(questions=(Question(key="way", label="Способ", kind=Kind.CHOICE),))
        assert report("{{ way }}", schema=unfinished) == template_check.TemplateReport()

    def test_of_a_hostile_template_comes_quickly(self):
        loops = "{% for a in children %}{% for b in children %}{{ a.fio }}{% endfor %}{% endfor %}" * 300
        assert "name" in report(loops).unused
        assert [code for code, _ in codes("{{r " * 20_000)] == ["unclosed"]

    def test_of_a_table_without_a_grid_says_that_it_cannot_be_filled(self):
        bare = b"<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p>"
        data = with_part(word_template("{{ name }}"), DOCUMENT, replace=(b"<w:p>", bare))
        assert [problem.code for problem in template_check.report(data, SCHEMA).errors] == ["broken_xml"]
