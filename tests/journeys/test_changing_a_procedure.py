"""A term of a procedure changes: written by one person, approved by another, read by everybody, and cases keep theirs."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from casework.models import CaseKind, CaseProcedure
from forms_library.models import Agency, Edition, FormsCatalogue, ProcedurePage
from portal.accounts.models import User
from tests.forms_library import procedure_drafting as drafts
from tests.journeys.conftest import DESKTOP, PHONE, sign_in
from tests.journeys.procedures import come_under, looked_at, send, waits
from tests.journeys.test_the_road import press_action

pytestmark = pytest.mark.django_db(transaction=True)

METHODOLOGIST, APPROVER = "metodist@ochag.example", "utverzhdayu@ochag.example"
SPECIALIST = "kcson.specialist@ochag.example"
TITLE = "Порядок первого разговора с семьёй"
REASON = "Трёх дней не хватает сельским службам"
DUE = "stages-0-value-steps-0-value-due-number"


def procedure_in_force() -> ProcedurePage:
    """Put a procedure in force in which the parent is told of help within 3 working days."""
    lib = SimpleNamespace(
        catalogue=FormsCatalogue.objects.get(),
        agency=Agency.objects.first(),
        methodologist=User.objects.get(email=METHODOLOGIST),
        approver=User.objects.get(email=APPROVER),
    )
    procedure = drafts.small(form=Edition.objects.earliest("pk").code)
    page = drafts.draft(lib, procedure=procedure, title=TITLE, slug="razgovor")
    drafts.put_in_force(lib, page)
    return drafts.fresh(page)


class TestChangingAProcedure:
    def test_takes_two_people_shows_the_new_term_to_everybody_and_leaves_cases_alone(self, open_browser, tmp_path):
        procedure = procedure_in_force()
        old = self.case_begun(procedure)
        visitor = open_browser(viewport=PHONE).new_page()
        self.visitor_reads(visitor, procedure, "3 рабочих дня", edition=1)
        self.methodologist_writes_five_days(open_browser(viewport=DESKTOP), procedure)
        self.visitor_reads(visitor, procedure, "3 рабочих дня", edition=1)
        self.somebody_else_approves_it(open_browser(viewport=DESKTOP), procedure)
        self.visitor_reads(visitor, procedure, "5 рабочих дней", edition=2)
        self.earlier_edition_is_still_there(visitor, procedure)
        specialist = open_browser(viewport=DESKTOP).new_page()
        sign_in(specialist, SPECIALIST)
        self.case_has(specialist, self.case_begun(procedure), "5 рабочих дней")
        self.case_has(specialist, old, "3 рабочих дня")
        self.old_case_is_moved(specialist, old, tmp_path)

    def case_begun(self, procedure: ProcedurePage) -> CaseProcedure:
        return come_under(procedure.code, agency="kcson", by=SPECIALIST, kind=CaseKind.SUPPORT, days_ago=0)

    def case_has(self, page: Page, followed: CaseProcedure, term: str) -> None:
        page.goto(f"/cases/{followed.case.reference}/procedures/{followed.pk}/")
        waits(page, "talk_1", term, "п. 4 порядка", f"{followed.tasks.get(step='talk_1').due:%d.%m.%Y}")

    def old_case_is_moved(self, page: Page, followed: CaseProcedure, shots: Path) -> None:
        """After what becomes of every step was shown, and with a reason."""
        page.get_by_role("link", name="Посмотреть, что изменится").click()
        row = page.locator("tbody tr", has_text="Рассказать родителю о помощи 1")
        expect(row).to_contain_text("3 рабочих дня")
        expect(row).to_contain_text("5 рабочих дней")
        looked_at(page, "move", shots)
        early = followed.tasks.get(step="talk_1").due
        page.locator("[name=words]").fill("Район сельский")
        send(page)
        assert followed.tasks.get(step="talk_1").due > early
        self.case_has(page, followed, "5 рабочих дней")

    def visitor_reads(self, page: Page, procedure: ProcedurePage, term: str, *, edition: int) -> None:
        page.goto(procedure.url)
        main = page.get_by_role("main")
        expect(main.locator("#step-talk_1")).to_contain_text(term)
        expect(main.locator(".facts")).to_contain_text(f"№ {edition}")
        assert not Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]

    def methodologist_writes_five_days(self, context: BrowserContext, procedure: ProcedurePage) -> None:
        page = context.new_page()
        sign_in(page, METHODOLOGIST)
        page.goto(f"/admin/pages/{procedure.pk}/edit/")
        # Stages and steps are folded, and named by what they are.
        field = page.locator(f"[name={DUE}]")
        expect(field).to_be_hidden()
        stages = page.locator("[data-contentpath=stages]")
        expect(stages).to_contain_text("Знакомство")
        stages.locator("[data-panel-toggle]").nth(0).click()
        expect(stages).to_contain_text("Рассказать родителю о помощи 1")
        expect(field).to_be_hidden()
        stages.locator("[data-panel-toggle]").nth(1).click()
        expect(field).to_have_value("3")
        field.fill("5")
        page.locator("[name=act_number]").fill("77-п")
        page.locator("[name=act_reason]").fill(REASON)
        press_action(page, "[name=action-submit]")
        expect(page.locator("body")).to_contain_text("отправлена на")
        assert procedure.editions.count() == 1

    def somebody_else_approves_it(self, context: BrowserContext, procedure: ProcedurePage) -> None:
        page = context.new_page()
        sign_in(page, APPROVER)
        page.goto(f"/admin/pages/{procedure.pk}/edit/")
        press_action(page, "[data-workflow-action-name=approve]:not([data-launch-modal=true])")
        page.wait_for_load_state("networkidle")
        edition = procedure.editions.latest("number")
        assert (edition.number, edition.act_number, edition.act_reason) == (2, "77-п", REASON)
        assert (edition.drafted_by.email, edition.approved_by.email) == (METHODOLOGIST, APPROVER)

    def earlier_edition_is_still_there(self, page: Page, procedure: ProcedurePage) -> None:
        page.locator("#editions ~ table a").click()
        expect(page.locator("#step-talk_1")).to_contain_text("3 рабочих дня")
        expect(page.get_by_role("main").locator(".callout a")).to_have_attribute("href", procedure.url)
