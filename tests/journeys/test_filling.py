"""A long form in the browser: questions come and go, steps, two people at once; the same without scripts."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from casework.actions import cases, drafts
from casework.models import Case, Draft
from portal.accounts.models import User
from tests.casework.filling import everything
from tests.journeys.conftest import DESKTOP, PHONE, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

SPECIALIST, COLLEAGUE = "kcson.specialist@ochag.example", "kcson.specialist2@ochag.example"


@pytest.fixture
def draft(site) -> Draft:
    """A fresh form that asks everything, in a case of the family centre."""
    now = timezone.now()
    author = User.objects.get(email=SPECIALIST)
    case = Case.objects.filter(agency__code="kcson").latest("pk")
    if case.status == "new":
        case = cases.accept_case(case=case, actor=author, at=now)
    return Draft.objects.create(
        case=case, edition=everything(at=now), author=author, typed={}, started_at=now, saved_at=now
    )


@pytest.fixture
def address(draft) -> str:
    return f"/cases/{draft.case.reference}/drafts/{draft.pk}/"


@pytest.fixture
def at_the_form(open_browser, address):
    """Return a function that signs somebody in and opens the form."""

    def opened(email=SPECIALIST, **options):
        page = open_browser(**{"viewport": DESKTOP, **options}).new_page()
        sign_in(page, email)
        page.goto(address)
        return page

    return opened


class TestQuestions:
    def test_appear_and_vanish_as_the_server_answers(self, at_the_form):
        page = at_the_form()
        expect(page.locator("[name=told]")).to_be_hidden()
        expect(page.locator("[name=steps]")).to_be_hidden()
        page.locator("[name=threat][value=yes]").check()
        expect(page.locator("[name=told]")).to_be_visible()
        expect(page.locator("[name=steps]")).to_be_visible()
        expect(page.locator("[data-appeared]")).to_contain_text("Кому сообщили")
        page.locator("[name=threat][value=no]").check()
        expect(page.locator("[name=told]")).to_be_hidden()

    def test_that_the_form_computes_follow_what_is_typed(self, at_the_form):
        page = at_the_form()
        page.locator("[name=income]").fill("30 000,50")
        page.locator("[name=heads]").fill("2")
        expect(page.locator("[data-given=each]")).to_have_text("15\N{NO-BREAK SPACE}000,25")
        page.locator("[name='signs-0-mark'][value='есть']").check()
        expect(page.locator("[data-given=score]").first).to_have_text("3")

    def test_all_stand_on_the_page_without_scripts_with_their_conditions(self, at_the_form):
        page = at_the_form(viewport=PHONE, java_script_enabled=False)
        expect(page.locator("[name=told]")).to_be_visible()
        expect(page.locator("#question-told .condition")).to_be_visible()
        assert page.locator("body").bounding_box()["width"] <= PHONE["width"]


class TestSteps:
    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_lead_through_the_form_and_lose_no_word(self, at_the_form, draft, scripts):
        page = at_the_form(viewport=PHONE, java_script_enabled=scripts)
        page.locator("[name=_view]").click()
        page.locator("[name=income]").fill("20000")
        page.locator("[name=_next]").click()
        page.locator("[name='measures-0-what']").fill("Продукты")
        page.locator("[name=_next]").click()
        expect(page.locator("[name=_file]")).to_be_visible()
        page.locator("[name=sign__name]").fill("Н. Ю. Орлова")
        page.locator("[name=_back]").click()
        expect(page.locator("[name='measures-0-what']")).to_have_value("Продукты")
        page.locator("[name=_view]").click()
        for name, words in (("income", "20000"), ("measures-0-what", "Продукты"), ("sign__name", "Н. Ю. Орлова")):
            expect(page.locator(f"[name='{name}']")).to_have_value(words)


class TestTwoPeople:
    def test_see_each_other_and_choose_between_their_words(self, at_the_form, draft):
        mine = at_the_form()
        theirs = at_the_form(COLLEAGUE)
        expect(theirs.locator("[data-others]")).to_be_visible()
        with theirs.expect_response("**/autosave/"):
            theirs.locator("[name=income]").fill("111")
        with theirs.expect_response("**/autosave/"):
            theirs.locator("[name=heads]").fill("1")
        mine.locator("[name=story]").fill("Только моё")
        mine.locator("[name=heads]").fill("2")
        mine.locator("[name=income]").fill("222")
        expect(mine.locator("[data-autosave-banner]")).to_be_visible()
        mine.locator(".form-bar [name=_save]").click()
        mine.locator("[name=take-income][value=mine]").check()
        mine.locator("[name=take-heads][value=theirs]").check()
        mine.locator("[name=_settle]").click()
        expect(mine.locator(".message-success")).to_be_visible()
        draft.refresh_from_db()
        kept = {name: draft.typed[name] for name in ("income", "heads", "story")}
        assert kept == {"income": ["222"], "heads": ["1"], "story": ["Только моё"]}


class TestAForm:
    def test_goes_on_saving_after_its_author_has_signed_in_again(self, at_the_form, draft):
        page = at_the_form()
        page.context.clear_cookies()
        page.locator("[name=income]").fill("555")
        banner = page.locator("[data-autosave-banner]")
        expect(banner).to_be_visible()
        with page.context.expect_page() as opened:
            banner.get_by_role("link").click()
        sign_in(opened.value, SPECIALIST)
        opened.value.close()
        with page.expect_response(lambda answer: "/autosave/" in answer.url and answer.status == 200):
            page.locator("[name=heads]").fill("5")
        draft.refresh_from_db()
        assert (draft.typed["income"], draft.typed["heads"]) == (["555"], ["5"])
        assert drafts.contested(draft, typed=draft.typed, version=1) == []
