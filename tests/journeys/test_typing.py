"""Nothing that a person typed is lost: drafts that save themselves, sessions that end, strange words, wrong files."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from casework.actions import drafts, forms_to_fill
from casework.models import Case, Draft
from portal.accounts.models import User
from tests.journeys.conftest import DESKTOP, PHONE, choose_file, docx_text, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

SPECIALIST = "shkola.specialist@ochag.example"
STRANGE = (
    "Ёлка 🎄 \u202eзадом наперёд\u202c <b>жирно</b> <script>alert(1)</script> {{ 7*7 }} {% if x %} =1+1 & «кавычки»"
)


@pytest.fixture
def case(site) -> Case:
    return Case.objects.get(agency__code="shkola-17")


@pytest.fixture
def draft(case) -> Draft:
    """A fresh plan, begun by the specialist."""
    author = User.objects.get(email=SPECIALIST)
    now = timezone.now()
    edition = forms_to_fill.edition_to_fill(code="nso_dept_plan", at=now)
    return drafts.start_draft(case=case, edition=edition, actor=author, at=now)


@pytest.fixture
def address(case, draft) -> str:
    return f"/cases/{case.reference}/drafts/{draft.pk}/"


def at_the_draft(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    sign_in(page, SPECIALIST)
    page.goto(address)
    return page


def end_session(context: BrowserContext) -> None:
    """End the person's session on the server, as a night does."""
    for cookie in context.cookies():
        if cookie["name"] == "sessionid":
            Session.objects.filter(session_key=cookie["value"]).delete()


def saved_state(page: Page) -> str:
    state = page.locator("[data-saved-state]")
    expect(state).to_have_attribute("data-state", "saved")
    return state.inner_text()


class TestADraftWithScripts:
    def test_saves_itself_and_survives_a_reload(self, open_browser, address, draft):
        page = at_the_draft(open_browser(viewport=DESKTOP), address)
        with page.expect_response("**/autosave/") as answer:
            page.locator("[name=factors]").fill("Пропуски уроков")
        assert answer.value.status == 200
        assert re.fullmatch(r"Сохранено в \d\d:\d\d", saved_state(page))
        page.reload()
        expect(page.locator("[name=factors]")).to_have_value("Пропуски уроков")

    def test_waits_while_its_author_signs_in_again_in_another_tab(self, open_browser, address):
        context = open_browser(viewport=DESKTOP)
        page = at_the_draft(context, address)
        end_session(context)
        page.locator("[name=factors]").fill("Написано после конца сеанса")
        banner = page.locator("[data-autosave-banner]")
        expect(banner).to_be_visible()
        with context.expect_page() as opened:
            banner.get_by_role("link").click()
        sign_in(opened.value, SPECIALIST)
        opened.value.close()
        with page.expect_response(lambda answer: "/autosave/" in answer.url and answer.status == 200):
            page.locator("[name=resp_post]").fill("социальный педагог")
        expect(banner).to_be_hidden()
        page.get_by_role("button", name="Сохранить черновик").click()
        expect(page.locator(".message-success")).to_be_visible()
        expect(page.locator("[name=factors]")).to_have_value("Написано после конца сеанса")
        expect(page.locator("[name=resp_post]")).to_have_value("социальный педагог")

    def test_changed_in_two_tabs_leaves_the_choice_to_its_author(self, open_browser, address, draft):
        context = open_browser(viewport=DESKTOP)
        first = at_the_draft(context, address)
        second = context.new_page()
        second.goto(address)
        with second.expect_response("**/autosave/"):
            second.locator("[name=factors]").fill("из второго окна")
        with first.expect_response("**/autosave/") as answer:
            first.locator("[name=factors]").fill("из первого окна")
        assert answer.value.status == 409
        expect(first.locator("[data-autosave-banner]")).to_be_visible()
        first.get_by_role("button", name="Сохранить черновик").click()
        expect(first.locator("[name=_overwrite]")).to_be_visible()
        expect(first.locator("[name=factors]")).to_have_value("из первого окна")
        draft.refresh_from_db()
        assert draft.typed["factors"] == ["из второго окна"]
        first.locator("[name=_overwrite]").click()
        expect(first.locator(".message-success")).to_be_visible()
        draft.refresh_from_db()
        assert draft.typed["factors"] == ["из первого окна"]


class TestADraftWithoutScripts:
    def test_keeps_the_words_of_a_session_that_ended(self, open_browser, address):
        context = open_browser(viewport=PHONE, java_script_enabled=False)
        page = at_the_draft(context, address)
        end_session(context)
        page.locator("[name=factors]").fill("Слова на исходе дня")
        page.locator("[name=measures-0-task]").fill("И строка таблицы")
        page.locator("[name=_save]").last.click()
        assert "/accounts/login/" in page.url
        sign_in(page, SPECIALIST)
        page.wait_for_url(f"**{address}")
        expect(page.locator("[name=factors]")).to_have_value("Слова на исходе дня")
        expect(page.locator("[name=measures-0-task]")).to_have_value("И строка таблицы")

    def test_adds_and_removes_rows(self, open_browser, address):
        page = at_the_draft(open_browser(viewport=PHONE, java_script_enabled=False), address)
        page.locator("[name=measures-0-task]").fill("первая")
        page.locator("[name=_add_row][value=measures]").click()
        page.locator("[name=measures-1-task]").fill("вторая")
        page.locator("[name=_remove_row][value='measures:0']").click()
        expect(page.locator("[name=measures-0-task]")).to_have_value("вторая")
        expect(page.locator("[name=measures-1-task]")).to_have_count(0)


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [("scan.pdf", b"%PDF-1.7" + b"0" * 30 * 1024 * 1024), ("program.pdf", b"MZ\x90\x00 this is a program")],
        ids=["too large", "a program called pdf"],
    )
    def test_that_cannot_be_kept_are_said_and_the_rest_stays(
        self, open_browser, address, case, tmp_path, name, content
    ):
        page = at_the_draft(open_browser(viewport=DESKTOP), address)
        kept = case.files.count()
        page.locator("[name=factors]").fill("Остаётся на месте")
        (tmp_path / name).write_bytes(content)
        choose_file(page, "consent_scan", tmp_path / name)
        page.get_by_role("button", name="Сохранить черновик").click()
        expect(page.locator("[data-error-summary] li")).to_have_count(1)
        expect(page.locator("[name=factors]")).to_have_value("Остаётся на месте")
        assert case.files.count() == kept


class TestStrangeWords:
    def test_come_to_the_case_and_into_word_as_they_were_typed(self, open_browser):
        parent = open_browser(viewport=PHONE).new_page()
        long_question = STRANGE + " " + "Длинный рассказ. " * 590
        assert len(long_question) > 10_000
        parent.goto("/napisat-nam/")
        parent.locator("[name=question]").fill(long_question)
        parent.locator("[name=name]").fill(STRANGE[:60])
        parent.get_by_label("Позвонить").check()
        parent.locator("[name=phone]").fill("8 (900) 000-00-07")
        parent.get_by_label(re.compile("КЦСОН «Лад»")).check()
        parent.locator("[name=consent]").check()
        parent.get_by_role("button", name="Отправить обращение").click()
        if "/gotovo/" not in parent.url:  # longer than the form takes: said plainly, and nothing is lost
            expect(parent.locator("[data-error-summary] li")).to_have_count(1)
            assert parent.locator("[name=question]").input_value().startswith(STRANGE[:30])
            long_question = STRANGE + " " + "Короткий рассказ."
            parent.locator("[name=question]").fill(long_question)
            parent.get_by_role("button", name="Отправить обращение").click()
            parent.wait_for_url("**/gotovo/")
        case = Case.objects.filter(kind="contact_request", agency__code="kcson").latest("pk")
        specialist = open_browser(viewport=DESKTOP)
        page = specialist.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a script of the parent ran: {dialog.message}"))
        sign_in(page, "kcson.specialist@ochag.example")
        page.goto(f"/cases/{case.reference}/")
        expect(page.locator("#people")).to_contain_text("<b>")
        page.goto(f"/cases/{case.reference}/documents/1/")
        shown = page.get_by_role("main").inner_text()
        for words in ("<b>жирно</b>", "<script>alert(1)</script>", "{{ 7*7 }}", "{% if x %}", "🎄", "=1+1 & «кавычки»"):
            assert words in shown
        with page.expect_download() as waiting:
            page.locator("a[href$='/word/']").first.click()
        paper = docx_text(waiting.value.path().read_bytes())
        for words in ("<b>жирно</b>", "<script>alert(1)</script>", "{{ 7*7 }}", "{% if x %}", "🎄", "=1+1 & «кавычки»"):
            assert words in paper


class TestKeyboardAlone:
    def test_reaches_and_sends_the_contact_form_with_the_focus_always_seen(self, open_browser):
        page = open_browser(viewport=DESKTOP).new_page()
        page.goto("/napisat-nam/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className").startswith("skip-link")
        page.keyboard.press("Enter")
        typed = {"question": "Нужен совет", "name": "Вера", "phone": "8 (900) 000-00-08"}
        unseen, visited = [], []
        for _press in range(60):
            page.keyboard.press("Tab")
            name, kind, seen = page.evaluate(FOCUS)
            visited.append(name)
            if not seen:
                unseen.append(name)
            if name in typed:
                page.keyboard.type(typed.pop(name))
            elif name in {"contact_way", "consent"}:
                page.keyboard.press("Space")
            elif kind == "submit" and "question" in visited:
                break
        assert not unseen
        assert not typed
        page.keyboard.press("Enter")
        page.wait_for_url("**/gotovo/")

    def test_leaves_the_site_at_once(self, open_browser):
        context = open_browser(viewport=PHONE)
        context.route(lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(body="<title>Погода</title>"))
        page = context.new_page()
        page.goto("/")
        page.goto("/napisat-nam/")
        page.locator("[name=question]").fill("тайна")
        for _press in range(3):
            page.keyboard.press("Escape")
        page.wait_for_url(lambda url: "127.0.0.1" not in url)
        page.go_back()
        page.wait_for_url(lambda url: "127.0.0.1" not in url or "napisat-nam" not in url)
        assert "тайна" not in page.content()


FOCUS = """() => {
    const element = document.activeElement;
    const rule = (target, name) => getComputedStyle(target)[name];
    const ring = target => rule(target, "outlineStyle") !== "none" && parseFloat(rule(target, "outlineWidth")) >= 2;
    const box = element.getBoundingClientRect();
    const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return [element.name || element.textContent.trim().slice(0, 30), element.type || "", ring(element) && inView];
}"""
