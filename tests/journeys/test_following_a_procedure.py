"""A case at a social service organisation under a procedure, from the first event to the end, in a real browser."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.actions import cases, drafts, submissions
from casework.models import CaseKind, CaseProcedure
from forms_library.models import Agency
from portal.accounts.models import User
from tests.casework.conftest import filled
from tests.casework.following import PROCEDURE
from tests.factories import procedure_in_force, put_in_force
from tests.journeys.conftest import DESKTOP, PHONE, sign_in
from tests.journeys.procedures import looked_at, press, refused, send
from tests.journeys.test_every_page import WIDER_THAN_THE_SCREEN, problems

pytestmark = pytest.mark.django_db(transaction=True)

SPECIALIST, HEAD = "kcson.specialist@ochag.example", "kcson.rukovoditel@ochag.example"


@pytest.fixture
def case(site):
    """A fresh case of the family centre, and a procedure that it can come under."""
    now = timezone.now()
    procedure_in_force(PROCEDURE, code="journey", at=now - dt.timedelta(minutes=1))
    return cases.open_by_hand(
        agency=Agency.objects.get(code="kcson"),
        kind=CaseKind.SUPPORT,
        actor=User.objects.get(email=SPECIALIST),
        at=now,
        token=uuid.uuid4(),
    )


def begin(page: Page, case) -> None:
    """Put the case under the procedure, from its own page on."""
    page.goto(f"/cases/{case.reference}/")
    page.locator(f"a[href='/cases/{case.reference}/procedures/start/']").click()
    page.locator("[name=code][value=journey]").check()
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/procedures/\d+/$"))


class TestACase:
    @pytest.mark.parametrize(
        ("screen", "scripts"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone without scripts"]
    )
    def test_is_led_from_the_first_event_to_the_end(self, open_browser, case, tmp_path, screen, scripts):
        mine, theirs = (open_browser(viewport=screen, java_script_enabled=scripts).new_page() for _person in range(2))
        sign_in(mine, SPECIALIST)
        sign_in(theirs, HEAD)
        begin(mine, case)
        expect(mine.locator("#step-check")).to_be_visible()
        expect(mine.locator("#step-check .buttons .button:not(.button-link)")).to_have_count(0)
        address = mine.url
        theirs.goto(address)
        press(theirs, "check")
        send(theirs, "medium")
        press(theirs, "curator")
        theirs.locator(f"[name=person][value='{case.curator_id}']").check()
        send(theirs)
        self.plan_is_filed(case)
        mine.goto(address)
        if scripts:
            looked_at(mine, "radar", tmp_path)
        press(mine, "end")
        refused(mine)
        mine.locator("[name=choice][value=done]").check()
        mine.locator("[name=words]").fill("Дома спокойно")
        expect(refused(mine)).to_contain_text("Риска для ребёнка нет")
        expect(mine.locator("[name=words]")).to_have_value("Дома спокойно")
        mine.locator("[name='stated-done-0']").check()
        send(mine)
        assert CaseProcedure.objects.get(case=case).ground == "done"
        theirs.goto(address)
        expect(theirs.locator(f"a[href='/cases/{case.reference}/close/']")).to_be_visible()

    def plan_is_filed(self, case) -> None:
        now = timezone.now()
        case.refresh_from_db()
        draft = drafts.start_draft(case=case, edition=put_in_force("nso_dept_plan", at=now), actor=case.curator, at=now)
        submissions.file_draft(draft=filled(draft, case.curator), actor=case.curator, at=now)


class TestDanger:
    def test_is_told_with_the_keyboard_alone(self, open_browser, case, tmp_path):
        page = open_browser(viewport=PHONE).new_page()
        sign_in(page, SPECIALIST)
        begin(page, case)
        address = page.url
        page.locator(".radar-danger a").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/level/"))
        looked_at(page, "level", tmp_path)
        expect(page.locator("[name=choice][value=danger]")).to_be_checked()
        page.locator("[name=words]").focus()
        page.keyboard.type("Ребёнок один дома")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(address)
        expect(page.locator("#step-rescue")).to_be_visible()
        expect(page.locator(".radar-danger")).to_have_count(0)


class TestEveryPage:
    def test_can_be_read_on_a_phone_and_in_the_dark(self, open_browser, case, tmp_path):
        page = open_browser(viewport={"width": 320, "height": 640}).new_page()
        sign_in(page, HEAD)
        page.goto(f"/cases/{case.reference}/procedures/start/")
        looked_at(page, "start", tmp_path)
        begin(page, case)
        address = page.url
        for name in ("", "level/", "end/", "timeline/", "steps/check/", "steps/check/term/", "steps/plan/waive/"):
            page.goto(address + name)
            page.emulate_media(color_scheme="light")
            looked_at(page, f"page-{name.replace('/', '-')}", tmp_path)
            page.emulate_media(color_scheme="dark")
            assert problems(page, runOnly=["color-contrast"]) == []
            page.evaluate("document.documentElement.dataset.text = 'largest'")
            assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
