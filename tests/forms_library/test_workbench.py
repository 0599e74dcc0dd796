"""The workbench: a methodologist sees where a template is wrong, starts from a starter and tries the form out."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document as WordDocument
from docx.oxml.ns import qn

from forms_library import file_checks, pdf, template_check, workbench_views
from forms_library.models import Document
from forms_library.package_check import UnsafeTemplate
from forms_library.schema import Kind, Question, Schema
from forms_library.template_places import marked, places
from tests.forms_library import drafting
from tests.forms_library.drafting import word_template

SCHEMA = Schema(questions=(Question(key="name", label="ФИО", kind=Kind.FIO),))


def found(*paragraphs):
    """Return (number of the paragraph, codes) of what is wrong with a template."""
    template = word_template(*paragraphs)
    report = template_check.report(template, SCHEMA)
    missing = [template_check.TemplateProblem(code="missing", detail=name) for name in report.missing]
    return [
        (place.number, {problem.code for problem in place.problems})
        for place in places(template, [*report.errors, *missing])
    ]


class TestPlacesOfMistakes:
    @pytest.mark.parametrize(
        ("paragraphs", "expected"),
        [
            (("Имя: {{ name }}", "Дата: {{ date_of }}"), [(2, {"missing"})]),
            (("Имя", "{{ name | }}"), [(2, {"syntax"})]),
            (("{%p for row in name %}", "{{ name }}", "{%p endfor %}"), [(1, {"not_a_list"})]),
            (("{%p if name %}", "{{ name }}"), [(1, {"unbalanced"})]),
            (("{{ name }}", "{%p endif %}"), [(2, {"unbalanced"})]),
            (("{ { name } }",), [(1, {"split"})]),
            (("Это пропадёт {%p if name %}", "{{ name }}", "{%p endif %}"), [(1, {"swallowed"})]),
            (("{{ name }}",), []),
        ],
    )
    def test_are_the_paragraphs_with_them(self, paragraphs, expected):
        assert (
            [(number, codes & expected[0][1]) for number, codes in found(*paragraphs)] == expected
            if expected
            else (found(*paragraphs) == [])
        )

    def test_stand_out_on_a_copy_and_nowhere_else(self):
        word = WordDocument(io.BytesIO(marked(word_template("{{ name }}", "{{ date_of }}"), [2])))
        assert [paragraph._p.find(f".//{qn('w:shd')}") is not None for paragraph in word.paragraphs] == [False, True]

    def test_of_a_file_that_is_no_document_are_none(self):
        assert places(b"PK", []) == []

    def test_a_template_of_another_form_is_known(self):
        report = template_check.report(word_template("{{ a }} {{ b }} {{ c }}"), SCHEMA)
        assert report.is_of_another_form(SCHEMA)
        assert not template_check.report(word_template("{{ name }} {{ b }}"), SCHEMA).is_of_another_form(SCHEMA)


@pytest.fixture
def library(db):
    return drafting.library()


@pytest.fixture
def draft(library):
    return drafting.draft(library)


def page(name, form):
    return reverse(name, args=[form.pk])


class TestTheWorkbench:
    def test_hands_out_a_starter_that_fits_the_draft(self, client, library, draft):
        client.force_login(library.methodologist)
        answer = client.get(page("form_starter", draft) + "?requisite=approval&requisite=herald")
        report = template_check.report(answer.content, draft.schema())
        assert (report.errors, report.missing, report.unused) == ((), (), ())

    def test_names_the_paragraph_of_a_mistake(self, client, library, draft, settings):
        settings.LIBREOFFICE = "no-such-office"
        document = Document(title="Шаблон")
        document.file.save("wrong.docx", ContentFile(word_template("Начало", "{{ nobody_knows }}")))
        draft.docx_template = document
        draft.save_revision()
        client.force_login(library.methodologist)
        answer = client.get(page("form_workbench", draft))
        assert [place.number for place, _problems in answer.context["places"]] == [2]
        assert answer.context["paper_problem"]

    def test_tries_a_file_without_keeping_it(self, client, library, draft, settings):
        settings.LIBREOFFICE = "no-such-office"
        client.force_login(library.methodologist)
        kept = Document.objects.count()
        answer = client.post(
            page("form_workbench", draft), {"docx": ContentFile(word_template("{{ name }}", "{{ other }}"), "try.docx")}
        )
        assert answer.context["tried"] == "try.docx"
        assert [place.number for place, _problems in answer.context["places"]] == [2]
        refused = client.post(page("form_workbench", draft), {"docx": ContentFile(b"%PDF-1.7", "try.docx")})
        assert refused.context["refusal"]
        assert Document.objects.count() == kept

    def test_does_not_read_a_file_that_is_too_large(self, client, library, draft, settings, monkeypatch):
        settings.LIBREOFFICE = "no-such-office"
        monkeypatch.setattr(file_checks, "MAX_FILE", 100)
        monkeypatch.setattr(workbench_views, "_looked_at", pytest.fail)
        client.force_login(library.methodologist)
        answer = client.post(
            page("form_workbench", draft), {"docx": ContentFile(word_template("{{ name }}"), "try.docx")}
        )
        assert answer.context["refusal"] == template_check.problem_text(UnsafeTemplate("too_big"))
        assert str(answer.context["refusal"]) in answer.content.decode()

    def test_that_others_keep_busy_says_so(self, client, library, draft, monkeypatch):
        def busy(docx):
            raise pdf.PdfBusy

        monkeypatch.setattr(pdf, "page_images", busy)
        client.force_login(library.methodologist)
        answer = client.post(
            page("form_workbench", draft), {"docx": ContentFile(word_template("{{ name }}"), "try.docx")}
        )
        assert answer.context["paper_problem"] == str(pdf.PdfBusy())

    def test_and_the_trial_are_not_for_strangers(self, client, library, draft):
        client.force_login(drafting.user())
        for name in ("form_workbench", "form_starter", "form_trial"):
            assert client.get(page(name, draft)).status_code in {302, 403}


class TestATrial:
    def test_fills_the_draft_in_and_keeps_nothing(self, client, library, draft, settings):
        settings.LIBREOFFICE = "no-such-office"
        client.force_login(library.approver)
        answer = client.get(page("form_trial", draft) + "?family=five_children")
        assert answer.status_code == 200
        assert answer.context["family"].code == "five_children"
        typed = {name: values[0] for name, values in answer.context["questionnaire"].data.lists() if values}
        assert client.post(page("form_trial", draft), typed | {"_check": "1"}).context["is_right"]
        printed = client.post(page("form_trial", draft), typed | {"_print": "1"})
        assert WordDocument(io.BytesIO(printed.content)).paragraphs
