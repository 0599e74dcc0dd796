"""What a Word template may do with words: names in cases, initials, dates and sums in words."""

import io
import zipfile

import pytest
from docxtpl import DocxTemplate
from hypothesis import given, settings, strategies as st
from jinja2 import Environment, StrictUndefined

from forms_library import rendering
from forms_library.inflection import CASES
from forms_library.rendering import TemplateError
from forms_library.sandbox import NAME_FORMS, WORD_FILTERS, BlankLine
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.template_check import report
from tests.forms_library.filled_forms import part_of, sha256, text_of, word_template

FIO = "Ветрова Полина Андреевна"
SCHEMA = Schema(
    questions=(
        Question(key="fio", label="ФИО", kind=Kind.FIO),
        Question(key="day", label="Дата", kind=Kind.DATE),
        Question(key="sum", label="Сумма", kind=Kind.MONEY),
        Question(key="sign", label="Подпись", kind=Kind.SIGNATURE),
        Question(key="rows", label="Дети", kind=Kind.TABLE, columns=(Column(key="fio", label="ФИО", kind=Kind.FIO),)),
    )
)
ANSWERS = {
    "fio": FIO,
    "day": "2026-03-05",
    "sum": "12345.50",
    "sign": {"post": "директор", "name": "Орлова Н.Ю."},
    "rows": [{"fio": "Ветров Егор Андреевич"}, {"fio": ""}],
}
TEMPLATE = word_template(
    "Направить {{ fio|dat }} ({{ fio|initials_after|gen }})",
    "от {{ day|date_words }}, {{ day|date_spelled }}",
    "{{ sum|money }} ({{ sum|money_words }})",
    "{% for row in rows %}{{ row.fio|ins }};{% endfor %}",
    "{{ sign.post|gen }} {{ sign.name|initials }}",
)


def render(template: bytes, **context) -> bytes:
    return rendering.render(template, sha256=sha256(template), context=context)


def filled(*paragraphs: str, **context) -> str:
    return text_of(render(word_template(*paragraphs), **context)).strip().replace("\xa0", " ")


def document(template: bytes = TEMPLATE, answers=None, **more) -> bytes:
    return rendering.document(
        SCHEMA, answers or ANSWERS, template=template, template_sha256=sha256(template), about={}, **more
    )


class TestAFilterOfWords:
    def test_puts_names_dates_and_sums_into_words(self):
        assert text_of(document()).strip().replace("\xa0", " ").split("\n") == [
            "Направить Ветровой Полине Андреевне (Ветровой П. А.)",
            "от 5 марта 2026 г., пятое марта две тысячи двадцать шестого года",
            "12 345,50 (двенадцать тысяч триста сорок пять рублей 50 копеек)",
            "Ветровым Егором Андреевичем;;",
            "директора Н. Ю. Орлова",
        ]

    def test_counts_in_the_gender_of_what_is_counted(self):
        assert filled("{{ n|words }} {{ n|words('ж') }}", n="21") == "двадцать один двадцать одна"
        assert filled("{{ n|words }}", n=3) == "три"

    def test_takes_words_of_the_template_and_words_put_together(self):
        assert filled("{{ 'законный представитель'|ins }}") == "законным представителем"
        assert filled("{{ (post ~ ' ' ~ fio)|dat }}", post="директор", fio=FIO) == "директору Ветровой Полине Андреевне"

    @pytest.mark.parametrize("name", WORD_FILTERS)
    def test_leaves_a_line_to_write_on_as_it_is(self, name):
        assert filled(f"{{{{ line|{name} }}}}", line=BlankLine("____5____")) == "____5____"

    @pytest.mark.parametrize("name", WORD_FILTERS)
    def test_names_the_answer_that_is_missing(self, name):
        with pytest.raises(TemplateError) as caught:
            filled(f"{{{{ lost|{name} }}}}")
        assert (caught.value.problem.code, caught.value.problem.detail) == ("missing", "lost")

    @pytest.mark.parametrize("name", WORD_FILTERS)
    @pytest.mark.parametrize("value", [["а"], {"a": "б"}, None, 1.5])
    def test_takes_words_only(self, name, value):
        with pytest.raises(TemplateError) as caught:
            filled(f"{{{{ value|{name} }}}}", value=value)
        assert caught.value.problem.code == "not_text"

    @given(st.text(max_size=60))
    @settings(max_examples=40, deadline=None)
    def test_prints_hostile_words_as_words(self, text):
        template = word_template("".join(f"{{{{ q|{name} }}}}" for name in WORD_FILTERS))
        for words in (text, f"<w:p/>&amp;{text}", f"{{{{ q }}}} Иванов{text} «"):
            part_of(render(template, q=words), "word/document.xml")  # what is not well formed is refused

    def test_lets_nothing_become_markup(self):
        assert filled("{{ q|gen }}", q="директор <w:br/>& {{ q }}") == "директора <w:br/>& {{ q }}"


class TestInitials:
    ZAYATS = {"Заяц Иван Петрович": {"gen": "Зайца Ивана Петровича", "dat": "Зайцу"}}

    @pytest.mark.parametrize("chain", ["gen|initials_after", "initials_after|gen", "dat|initials|gen|initials_after"])
    def test_follow_the_checked_form_of_the_name_whichever_filter_comes_first(self, chain):
        assert filled(f"{{{{ q|{chain} }}}}", q="Заяц Иван Петрович", **{NAME_FORMS: self.ZAYATS}) == "Зайца И. П."

    def test_are_not_made_when_the_checked_form_has_other_words(self):
        assert filled("{{ q|initials|dat }}", q="Заяц Иван Петрович", **{NAME_FORMS: self.ZAYATS}) == "Зайцу"


class TestFormsThatAreKnown:
    KNOWN = {FIO: {"gen": "Ветровой Полины А.", "dat": "Ветровой <Полине>"}}

    def test_come_before_what_would_be_suggested(self):
        text = text_of(document(name_forms=self.KNOWN))
        assert "Направить Ветровой <Полине> (" in text

    def test_leave_the_other_cases_to_be_suggested(self):
        assert filled("{{ q|ins }}", q=FIO, **{NAME_FORMS: self.KNOWN}) == "Ветровой Полиной Андреевной"

    def test_are_found_whatever_spaces_were_typed(self):
        assert (
            filled("{{ q|gen }}", q=" Ветрова  Полина\xa0Андреевна", **{NAME_FORMS: self.KNOWN}) == "Ветровой Полины А."
        )

    def test_of_one_paper_never_reach_another(self):
        known = document(name_forms=self.KNOWN)
        assert document() != known
        assert document() == document(name_forms={})
        assert document(name_forms=self.KNOWN) == known

    def test_keep_the_bytes_when_the_program_learns_to_suggest_better(self, monkeypatch):
        words = rendering.inflected_words(
            SCHEMA, ANSWERS, template=TEMPLATE, template_sha256=sha256(TEMPLATE), about={}
        )
        frozen = {word: dict.fromkeys(CASES, word.upper()) for word in words}
        before = document(name_forms=frozen)
        monkeypatch.setattr("forms_library.sandbox.suggested", lambda words: dict.fromkeys(CASES, "иначе"))
        assert document(name_forms=frozen) == before
        assert document() != before

    def test_are_asked_for_by_name(self):
        asked = rendering.inflected_words(
            SCHEMA, ANSWERS, template=TEMPLATE, template_sha256=sha256(TEMPLATE), about={}
        )
        assert asked == {FIO, "Ветров Егор Андреевич", "директор"}

    def test_are_asked_for_by_no_template_that_inflects_nothing(self):
        plain = word_template("{{ fio }}")
        assert not rendering.inflected_words(SCHEMA, ANSWERS, template=plain, template_sha256=sha256(plain), about={})

    def test_are_asked_for_until_a_broken_template_breaks(self):
        broken = word_template("{{ fio|gen }} {{ lost }}")
        asked = rendering.inflected_words(SCHEMA, ANSWERS, template=broken, template_sha256=sha256(broken), about={})
        assert asked == {FIO}


class TestTheSlowWay:
    def test_of_docxtpl_makes_the_same_document(self):
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        environment.filters |= WORD_FILTERS
        context = rendering.printable(SCHEMA, ANSWERS) | {"about": rendering.about_form({})}
        context[NAME_FORMS] = {"директор": {"gen": "директора <школы>"}}
        slow = DocxTemplate(io.BytesIO(TEMPLATE))
        slow.render(context, jinja_env=environment)
        stream = io.BytesIO()
        slow.save(stream)
        assert text_of(stream.getvalue()) == text_of(render(TEMPLATE, **context))
        assert "директора <школы>" in text_of(stream.getvalue())
        assert zipfile.is_zipfile(stream)


class TestTheCheckOfATemplate:
    def test_accepts_the_filters(self):
        found = report(TEMPLATE, SCHEMA)
        assert (found.missing, found.unused, found.errors) == ((), (), ())

    def test_counts_an_inflected_question_as_used_and_an_unknown_one_as_missing(self):
        found = report(word_template("{{ fio|gen }} {{ lost|dat }}"), SCHEMA)
        assert (found.missing, "fio" in found.unused) == (("lost",), False)

    @pytest.mark.parametrize("name", ["sign", "rows"])
    def test_tells_that_parts_and_rows_are_not_one_text(self, name):
        found = report(word_template(f"{{{{ {name}|gen }}}}"), SCHEMA)
        assert [(error.code, error.detail) for error in found.errors] == [("not_text", name)]
