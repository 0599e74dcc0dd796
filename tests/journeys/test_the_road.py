"""The whole road of the first issue, walked by six people in their own browsers."""

import contextlib
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error as BrowserError, Page, expect

from casework.models import Case, CaseKind
from forms_library.models import OfficialForm
from tests.journeys.conftest import DESKTOP, PHONE, choose_file, docx_text, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Сын живёт у бабушки. Хочу, чтобы он вернулся домой."
MEASURES = (
    ("Вернуть посещаемость уроков", "Встречи с психологом школы", "декабрь"),
    ("Наладить быт", "Помощь с местом в группе продлённого дня", "до 15 января"),
    ("Помочь маме с работой", "Консультация центра занятости", "февраль"),
)
PERSON_OF_CENTRE = "kcson.specialist@ochag.example"
STRANGER = "shkola.specialist@ochag.example"


class TestTheRoad:
    def test_from_a_parents_request_to_a_plan_that_a_new_edition_does_not_touch(self, open_browser, tmp_path):
        self.scan = tmp_path / "soglasie.pdf"
        self.scan.write_bytes(b"%PDF-1.7 scan")
        reference, code = self.parent_asks_for_contact(open_browser(viewport=PHONE, java_script_enabled=False))
        specialist = open_browser(viewport=DESKTOP)
        plan, paper = self.specialist_works_on_it(specialist, reference)
        self.parent_looks_how_it_stands(open_browser(viewport=PHONE, java_script_enabled=False), reference, code)
        self.stranger_finds_nothing(open_browser(viewport=DESKTOP), reference)
        self.second_edition_comes_into_force(open_browser)
        self.plan_is_as_it_was(specialist, plan, paper)

    def parent_asks_for_contact(self, context: BrowserContext) -> tuple[str, str]:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name=re.compile("связаться", re.IGNORECASE)).first.click()
        page.locator("[name=question]").fill(QUESTION)
        page.locator("[name=discreet]").first.check()
        self.send(page)
        expect(page.locator("[data-error-summary]")).to_have_count(1)
        # Whatever is wrong is said once, the consent too, and what was typed is still there.
        places = [link.get_attribute("href") for link in page.locator("[data-error-summary] li a").all()]
        assert len(places) == len(set(places))
        assert {"#id_name", "#id_consent"} <= set(places)
        assert "#id_question" not in places
        expect(page.locator("[name=question]")).to_have_value(QUESTION)
        expect(page.locator("[name=discreet]").first).to_be_checked()
        assert Case.objects.filter(kind=CaseKind.CONTACT_REQUEST, status="new").count() == 2
        page.locator("[name=name]").fill("Марина")
        page.get_by_label("Позвонить").check()
        page.locator("[name=phone]").fill("8 (900) 000-00-01")
        page.get_by_label(re.compile("КЦСОН «Лад»")).check()
        page.locator("[name=consent]").check()
        self.send(page)
        page.wait_for_url("**/gotovo/")
        receipt = page.get_by_role("main").inner_text()
        reference = re.search(r"\d{4}-\d{5}", receipt)
        code = re.search(r"\d{4}-\d{3}-\d{3}", receipt)
        assert reference
        assert code
        page.reload()
        assert page.get_by_role("main").inner_text() == receipt
        # Going back leads to the page with the errors, which no cache may keep: the browser asks before sending it again.
        with contextlib.suppress(BrowserError):
            page.go_back()
        page = context.new_page()
        page.goto("/napisat-nam/gotovo/")
        assert page.get_by_role("main").inner_text() == receipt
        assert Case.objects.filter(kind=CaseKind.CONTACT_REQUEST).count() == 3
        return reference.group(), code.group()

    def send(self, page: Page) -> None:
        page.get_by_role("button", name="Отправить обращение").click()

    def specialist_works_on_it(self, context: BrowserContext, reference: str) -> tuple[str, bytes]:
        page = context.new_page()
        sign_in(page, PERSON_OF_CENTRE)
        page.locator("#new").get_by_role("link", name=reference).click()
        page.get_by_role("button", name="Принять").click()
        page.locator("form[action$='/forms/nso_dept_plan/'] button").click()
        case = Case.objects.get(reference=reference)
        assert case.status == "in_work"
        for name, value in {
            "org": "КЦСОН «Лад»",
            "resp_fio": "Ким Ольга Дмитриевна",
            "resp_post": "специалист по социальной работе",
            "resp_phone": "8 (383) 000-00-41",
            "period_from": "01.12.2026",
            "period_to": "01.03.2027",
            "children-0-fio": "Ветров Егор Андреевич",
            "children-0-birth": "30.11.2018",
            "children-0-class": "2 «А»",
            "children-0-school": "Школа № 17",
            "factors": "Пропуски уроков, мама работает в две смены",
            "sign_resp__post": "специалист",
            "sign_resp__name": "О.Д. Ким",
            "sign_head__post": "директор",
            "sign_head__name": "М.И. Соболева",
        }.items():
            page.locator(f"[name='{name}']").fill(value)
        for index, (task, measure, term) in enumerate(MEASURES):
            if index:
                page.locator("[name=_add_row][value=measures]").click()
                expect(page.locator(f"[name='measures-{index}-task']")).to_be_visible()
            page.locator(f"[name='measures-{index}-task']").fill(task)
            page.locator(f"[name='measures-{index}-measure']").fill(measure)
            page.locator(f"[name='measures-{index}-term']").fill(term)
            page.locator(f"[name='measures-{index}-resp']").fill("Ким О.Д.")
        page.locator("[name=_file]").click()
        expect(page.locator("[data-error-summary] li")).to_have_count(1)  # the consent of the family
        choose_file(page, "consent_scan", self.scan)
        page.locator("[name=_file]").click()
        page.wait_for_url("**/documents/*/")
        plan = page.url
        for _task, measure, _term in MEASURES:
            expect(page.get_by_role("main")).to_contain_text(measure)
        paper = self.download(page)
        text = docx_text(paper)
        for row in MEASURES:
            assert all(cell in text for cell in row)
        assert "Ветров Егор Андреевич" in text
        return plan, paper

    def download(self, page: Page) -> bytes:
        with page.expect_download() as waiting:
            page.locator("a[href$='/word/']").first.click()
        return waiting.value.path().read_bytes()

    def parent_looks_how_it_stands(self, context: BrowserContext, reference: str, code: str) -> None:
        page = context.new_page()
        page.goto("/napisat-nam/sostoyanie/")
        page.locator("[name=reference]").fill(reference)
        page.locator("[name=code]").fill(code)
        page.get_by_role("main").get_by_role("button").click()
        expect(page.get_by_role("main")).to_contain_text("Ким Ольга Дмитриевна")
        assert reference not in page.url
        assert code not in page.url

    def stranger_finds_nothing(self, context: BrowserContext, reference: str) -> None:
        page = context.new_page()
        sign_in(page, STRANGER)
        for address in (
            "",
            "history/",
            "notes/",
            "people/",
            "shares/",
            "close/",
            "documents/1/",
            "documents/3/word/",
            "files/1/",
        ):
            answer = page.goto(f"/cases/{reference}/{address}")
            assert answer is not None
            assert answer.status == 404
            assert "Марина" not in page.content()
        page.goto("/cases/all/")
        assert reference not in page.content()

    def second_edition_comes_into_force(self, open_browser: Any) -> None:
        form = OfficialForm.objects.get(code="nso_dept_plan")
        field = form.form_fields.get(clean_name="factors")
        index = list(form.form_fields.order_by("sort_order")).index(field)
        methodologist = open_browser(viewport=DESKTOP).new_page()
        sign_in(methodologist, "metodist@ochag.example")
        methodologist.goto(f"/admin/pages/{form.pk}/edit/")
        label = methodologist.locator(f"[name='form_fields-{index}-label']")
        expect(label).to_have_value(field.label)
        expect(label).to_be_hidden()  # a long form opens with its questions folded
        methodologist.locator(f"#inline_child_form_fields-{index} [data-panel-toggle]").first.click()
        label.fill("Что беспокоит в семье")
        methodologist.fill("[name=act_number]", "119-од")
        methodologist.fill("[name=act_reason]", "Вопрос назван понятнее")
        press_action(methodologist, "[name=action-submit]")
        expect(methodologist.locator("body")).to_contain_text("отправлена на")
        approver = open_browser(viewport=DESKTOP).new_page()
        sign_in(approver, "utverzhdayu@ochag.example")
        assert form.editions.count() == 1
        approver.goto(f"/admin/pages/{form.pk}/edit/")
        press_action(approver, "[data-workflow-action-name=approve]:not([data-launch-modal=true])")
        approver.wait_for_load_state("networkidle")
        assert form.editions.count() == 2
        visitor = open_browser(viewport=PHONE).new_page()
        visitor.goto(form.url)
        expect(visitor.get_by_role("main")).to_contain_text("Что беспокоит в семье")
        editions = visitor.locator("#editions ~ table tbody tr")
        expect(editions).to_have_count(2)
        expect(editions.nth(0)).to_contain_text("№ 2")
        expect(editions.nth(1)).to_contain_text("№ 1")

    def plan_is_as_it_was(self, context: BrowserContext, plan: str, paper: bytes) -> None:
        page = context.new_page()
        page.goto(plan)
        expect(page.get_by_role("main")).to_contain_text("Выявленные факторы неблагополучия")
        expect(page.get_by_role("main")).not_to_contain_text("Что беспокоит в семье")
        assert self.download(page) == paper


def press_action(page: Page, selector: str) -> None:
    """Press a button of the editor's footer, also when it waits inside the menu of more actions."""
    page.wait_for_load_state("networkidle")  # before its scripts are ready, the button would only save
    button = page.locator(selector).first
    button.wait_for(state="attached")
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with page.expect_navigation():
        button.click()
