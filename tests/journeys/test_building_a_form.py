"""A form that no developer has ever seen: built, tried out, approved, filled in and printed by people in their browsers."""

import io
import re
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import Case
from forms_library.models import FormsCatalogue, OfficialForm
from tests.journeys.conftest import DESKTOP, docx_text, sign_in
from tests.journeys.test_the_road import press_action

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Заключение о посещениях семьи"
CODE = "visits_opinion"
REASON = "Органы опеки просят заключение с оценкой дома"
AGREED = "Согласиться с просьбой {{ fio|gen }}."
REFUSED = "Отказать {{ fio|dat }} в просьбе."


def word_template(path: Path) -> Path:
    """Write the paper as a methodologist draws it in Word: two sentences to choose from, a two-level head, a matrix."""
    word = Document()
    word.add_heading("Заключение", 1)
    for line in ('{%p if decision == "согласиться" %}', AGREED, "{%p else %}", REFUSED, "{%p endif %}"):
        word.add_paragraph(line)
    visits = word.add_table(rows=2, cols=3, style="Table Grid")
    visits.cell(0, 0).merge(visits.cell(1, 0)).text = "День"
    visits.cell(0, 1).merge(visits.cell(0, 2)).text = "Время"
    visits.cell(1, 1).text, visits.cell(1, 2).text = "начало", "конец"
    for texts in (
        ("{%tr for row in visits %}", "", ""),
        ("{{ row.day }}", "{{ row.starts }}", "{{ row.ends }}"),
        ("{%tr endfor %}", "", ""),
    ):
        for cell, text in zip(visits.add_row().cells, texts, strict=True):
            cell.text = text
    word.add_paragraph("")
    marks = word.add_table(rows=0, cols=2, style="Table Grid")
    boxes = "{% for each in row.marks %}{{ each.mark }} {{ each.label }} {% endfor %}"
    for texts in (("{%tr for row in home %}", ""), ("{{ row.label }}", boxes), ("{%tr endfor %}", "")):
        for cell, text in zip(marks.add_row().cells, texts, strict=True):
            cell.text = text
    word.save(str(path))
    return path


class TestBuildingAForm:
    def test_from_nothing_to_a_printed_paper_without_a_line_of_code(self, open_browser, tmp_path):
        methodologist = open_browser(viewport=DESKTOP)
        page = self.methodologist_describes_the_form(methodologist)
        self.chooses_a_word_template(page, word_template(tmp_path / "zaklyuchenie.docx"))
        self.tries_it_out_on_an_invented_family(methodologist, page)
        self.names_the_act_and_sends_it_to_review(page)
        self.somebody_else_approves_it(open_browser(viewport=DESKTOP))
        paper = self.specialist_fills_it_in(open_browser(viewport=DESKTOP))
        self.paper_says_what_was_chosen(paper)

    def methodologist_describes_the_form(self, context: BrowserContext) -> Page:
        page = context.new_page()
        sign_in(page, "metodist@ochag.example")
        page.goto(f"/admin/pages/{FormsCatalogue.objects.get().pk}/add_subpage/")
        page.get_by_role("main").get_by_role("link", name="Официальная форма").first.click()
        for name, value in {
            "title": TITLE,
            "code": CODE,
            "purpose": "Сказать, что увидели в семье и с чем согласились",
            "filled_by": "Специалист",
            "received_by": "Орган опеки",
            "legal_basis": "Порядок межведомственного взаимодействия",
        }.items():
            page.locator(f"[name={name}]").fill(value)
        choose(page, "issuing_agency", "«Лад»")
        self.asks(page, 0, label="О ком заключение", kind="fio", key="fio")
        self.asks(page, 1, label="Решение", kind="radio", key="decision", choices="согласиться\nотказать")
        self.asks(page, 2, label="Посещения", kind="table", key="visits")
        columns = (("День", "", "day", "date"), ("начало", "Время", "starts", ""), ("конец", "Время", "ends", ""))
        for index, (label, group, key, kind) in enumerate(columns):
            column = add_block(page, "form_fields-2-columns", index)
            page.locator(f"[name={column}-label]").fill(label)
            page.locator(f"[name={column}-group]").fill(group)
            page.locator(f"[name={column}-key]").fill(key)
            if kind:
                page.locator(f"[name={column}-kind]").select_option(kind)
        self.asks(page, 3, label="Дом", kind="matrix", key="home")
        for index, (label, choices) in enumerate(
            (("Порядок", "чисто\nгрязно"), ("Тепло", "тепло\nпрохладно\nхолодно"))
        ):
            item = add_block(page, "form_fields-3-items", index)
            page.locator(f"[name={item}-label]").fill(label)
            page.locator(f"[name={item}-choices]").fill(choices)
        press_action(page, ".action-save")
        expect(page.get_by_role("main")).to_contain_text("Нет шаблона Word")
        return page

    def asks(self, page: Page, index: int, *, label: str, kind: str, key: str, choices: str = "") -> None:
        """Add a question; what does not concern its kind is out of the way."""
        page.locator("#id_form_fields-ADD").click()
        row = f"form_fields-{index}"
        page.locator(f"[name={row}-label]").fill(label)
        page.locator(f"[name={row}-field_type]").select_option(kind)
        page.locator(f"[name={row}-clean_name]").fill(key)
        expect(page.locator(f"[name={row}-expression]")).to_be_hidden()
        expect(page.locator(f"[name={row}-choices]")).to_be_visible(visible=kind in {"radio", "matrix"})
        if choices:
            page.locator(f"[name={row}-choices]").fill(choices)

    def chooses_a_word_template(self, page: Page, template: Path) -> None:
        page.locator("[data-contentpath=docx_template] [data-chooser-action-choose]").first.click()
        page.get_by_role("tab", name="Загрузка").click()
        upload = page.locator("#tab-upload")
        upload.locator("[name$=title]").fill("Шаблон заключения")
        upload.locator("input[type=file]").set_input_files(template)
        upload.locator("[type=submit]").click()
        expect(page.locator("[data-contentpath=docx_template] [data-chooser-title]")).to_have_text("Шаблон заключения")
        press_action(page, ".action-save")
        missing = page.locator("#readiness-problems li")
        expect(missing).to_have_count(1)
        expect(missing).to_contain_text("Укажите акт")
        rules = page.locator(".builder-rules")
        expect(rules).to_contain_text("Не больше 20 строк.")

    def tries_it_out_on_an_invented_family(self, context: BrowserContext, page: Page) -> None:
        with context.expect_page() as opened:
            page.get_by_role("link", name="Попробовать форму на вымышленной семье").click()
        trial = opened.value
        expect(trial.locator("[name=fio]")).to_have_value("Примерова Анна Сергеевна")
        trial.locator("[name=decision][value=отказать]").check()
        with trial.expect_download() as waiting:
            trial.locator("[name=_print]").click()
        text = docx_text(waiting.value.path().read_bytes())
        assert "Отказать Примеровой Анне Сергеевне в просьбе." in text
        assert "Согласиться" not in text
        trial.close()

    def names_the_act_and_sends_it_to_review(self, page: Page) -> None:
        page.locator("[name=act_number]").fill("121-од")
        page.locator("[name=act_date]").fill("01.12.2026")
        page.locator("[name=act_reason]").fill(REASON)
        press_action(page, "[name=action-submit]")
        expect(page.locator("body")).to_contain_text("отправлена на")

    def somebody_else_approves_it(self, context: BrowserContext) -> None:
        page = context.new_page()
        sign_in(page, "utverzhdayu@ochag.example")
        form = OfficialForm.objects.get(code=CODE)
        assert not form.editions.exists()
        page.goto(f"/admin/pages/{form.pk}/edit/")
        press_action(page, "[data-workflow-action-name=approve]:not([data-launch-modal=true])")
        page.wait_for_load_state("networkidle")
        edition = form.editions.get()
        assert (edition.number, edition.act_number, edition.act_reason) == (1, "121-од", REASON)
        page.goto(OfficialForm.objects.get(code=CODE).url)
        expect(page.get_by_role("main")).to_contain_text("121-од")

    def specialist_fills_it_in(self, context: BrowserContext) -> bytes:
        page = context.new_page()
        sign_in(page, "shkola.specialist@ochag.example")
        page.goto(f"/cases/{Case.objects.get(agency__code='shkola-17').reference}/")
        button = page.locator(f"form[action$='/forms/{CODE}/'] button")
        folded = page.locator("details:not([open])", has=button)
        if folded.count():
            folded.locator("summary").click()
        button.click()
        expect(page.locator("#table-visits thead tr")).to_have_count(2)
        page.locator("[name=fio]").fill("Ветрова Полина Андреевна")
        page.locator("[name=decision][value=согласиться]").check()
        for name, value in {"day": "05.03.2026", "starts": "14:30", "ends": "15:10"}.items():
            page.locator(f"[name=visits-0-{name}]").fill(value)
        page.locator("[name=home-0-answer][value=чисто]").check()
        page.locator("[name=home-1-answer][value=прохладно]").check()
        page.locator("[name=_file]").click()
        page.wait_for_url("**/documents/*/")
        with page.expect_download() as waiting:
            page.locator("a[href$='/word/']").first.click()
        return waiting.value.path().read_bytes()

    def paper_says_what_was_chosen(self, paper: bytes) -> None:
        text = docx_text(paper)
        assert "Согласиться с просьбой Ветровой Полины Андреевны." in text
        assert "Отказать" not in text
        visits, home = Document(io.BytesIO(paper)).tables
        head = [[cell.text for cell in row.cells] for row in visits.rows]
        assert head == [["День", "Время", "Время"], ["День", "начало", "конец"], ["05.03.2026", "14:30", "15:10"]]
        assert [[cell.text.strip() for cell in row.cells] for row in home.rows] == [
            ["Порядок", "☒ чисто ☐ грязно"],
            ["Тепло", "☐ тепло ☒ прохладно ☐ холодно"],
        ]


def choose(page: Page, field: str, name: str) -> None:
    """Choose something in the window that Wagtail opens for it."""
    page.locator(f"[data-contentpath={field}] [data-chooser-action-choose]").first.click()
    page.locator("a[data-chooser-modal-choice]", has_text=name).first.click()
    expect(page.locator(f"[data-contentpath={field}] [data-chooser-title]")).to_contain_text(
        re.compile(re.escape(name))
    )


def add_block(page: Page, name: str, index: int) -> str:
    """Add a block at the end of a list of blocks, and return what its fields are called."""
    page.locator(f"#{name}-root .c-sf-add-button").last.click()
    block = f"{name}-{index}-value"
    expect(page.locator(f"[name={block}-label]")).to_be_visible()
    return block
