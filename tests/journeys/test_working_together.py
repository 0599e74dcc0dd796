"""One family and five agencies: a referral, a meeting of their working group and its protocol, everybody in their own browser.

Who sees what is told here once more in plain words, away from the rules of `casework.packs_of_members`.
"""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from casework.actions import agenda
from casework.demo_together import ASKED
from casework.models import Assignment, Case, Meeting
from forms_library.models import Edition
from portal.accounts.models import User
from tests.journeys.conftest import DESKTOP, PHONE, docx_text, sign_in
from tests.journeys.procedures import day, looked_at

pytestmark = pytest.mark.django_db(transaction=True)

SCHOOL, CENTRE = "shkola.specialist@ochag.example", "kcson.specialist@ochag.example"
GUARDIAN, POLICE = "opeka.specialist@ochag.example", "pdn.specialist@ochag.example"
SECRETARY, STRANGER = "kdnizp.specialist@ochag.example", "tomsk.specialist@ochag.example"
MEMBERS = (SECRETARY, SCHOOL, CENTRE, GUARDIAN, POLICE)

CHILD, MOTHER, NURSERY = "Ветров Егор Андреевич", "Ветрова Ольга Сергеевна", "Детский сад № 3"
TELEPHONE = "8 (900) 000-00-03"
FAMILY, STAGE, PLAN = "Семья", "Где находится работа", "План"
SECTIONS = {
    SECRETARY: [FAMILY, STAGE, PLAN],
    CENTRE: [FAMILY, STAGE, PLAN],
    GUARDIAN: [FAMILY, STAGE, PLAN],
    POLICE: [FAMILY, STAGE],
}
"""The headings of each agency's papers; the school keeps the case and has no papers but the case."""
SEE_SCHOOLS = {SECRETARY, CENTRE}

OPINION = "Маме хватит двух встреч в неделю, об изъятии речи нет."
TOLD = "Полина пропустила шесть дней, в классе её ждут."
TO_CENTRE = "Провести с мамой шесть консультаций психолога"
TO_GUARDIAN = "Оформить предварительную опеку бабушки на время смен мамы"
RESULT = "Мама пришла на все шесть встреч, с дочерью они снова разговаривают."


@pytest.fixture
def person(open_browser):
    """Return a function that opens a browser in which somebody is signed in."""

    def at_the_desk(email: str, **options: object) -> Page:
        page = open_browser(**{"viewport": DESKTOP, **options}).new_page()
        sign_in(page, email)
        return page

    return at_the_desk


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def follow(page: Page, name: str) -> None:
    """Follow the link of this name, wherever on the page it is said first."""
    main(page).get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Press the button of this name and wait for the page that answers."""
    with page.expect_navigation():
        main(page).get_by_role("button", name=name, exact=True).click()


def choose(page: Page, question: str, answer: str) -> None:
    """Choose one of the answers to a question."""
    main(page).get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def status(page: Page, address: str) -> int:
    """Return what the server answers at an address."""
    answer = page.goto(address)
    assert answer is not None
    return answer.status


class TestFiveAgenciesAndOneFamily:
    def test_each_sees_its_part_from_the_referral_to_what_came_of_the_decision(self, person, tmp_path):
        self.shots = tmp_path
        self.case = Case.objects.get(agency__code="shkola-17")
        self.address = f"/cases/{self.case.reference}/"
        self.meeting = f"/cases/meetings/{Meeting.objects.get().token}/"
        self.pages = {email: person(email) for email in MEMBERS if email != POLICE}
        self.pages[POLICE] = person(POLICE, viewport=PHONE)
        self.pages[STRANGER] = person(STRANGER)
        self.centre_accepts_the_referral()
        other = self.centre_puts_a_case_of_its_own_on_the_agenda()
        self.secretary_invites(sets=8)
        papers = {email: self.member_reads_own_papers(email) for email in SECTIONS}
        self.school_reads_the_case()
        self.school_is_shown_no_telephone_of_another_case(other)
        self.centre_writes_an_opinion()
        self.stranger_finds_nothing(papers)
        self.meeting_is_held()
        self.protocol_is_signed()
        self.papers_are_closed(papers)
        self.executor_has_own_decision_only(CENTRE, TO_CENTRE, TO_GUARDIAN)
        self.executor_has_own_decision_only(GUARDIAN, TO_GUARDIAN, TO_CENTRE)
        self.police_carries_nothing_out()
        self.centre_says_what_came_of_it()
        self.school_reads_what_came_of_it()

    def centre_accepts_the_referral(self):
        page = self.pages[CENTRE]
        page.goto("/cases/")
        page.get_by_role("link", name="Нам поручили").first.click()
        follow(page, "Направление №")
        expect(main(page)).to_contain_text(ASKED)
        asked = page.url
        follow(page, "Открыть показанную вам часть случая")
        for shown in (CHILD, MOTHER, TELEPHONE):
            expect(main(page)).to_contain_text(shown)
        assert self.sections(page) == [FAMILY]
        expect(main(page)).not_to_contain_text(NURSERY)
        looked_at(page, "shown", self.shots)
        assert status(page, self.address) == 404
        page.goto(asked)
        looked_at(page, "referral", self.shots)
        press(page, "Принять")
        expect(main(page)).to_contain_text("в работе")
        school = self.pages[SCHOOL]
        school.goto(f"{self.address}referrals/")
        expect(main(school)).to_contain_text(ASKED)
        expect(main(school)).to_contain_text("в работе")
        looked_at(school, "referrals", self.shots)

    def sections(self, page: Page) -> list[str]:
        return page.locator(".desk-main h2").all_inner_texts()

    def centre_puts_a_case_of_its_own_on_the_agenda(self) -> Case:
        case, actor = Case.objects.get(agency__code="kcson", kind="support"), User.objects.get(email=CENTRE)
        meeting = Meeting.objects.get()
        agenda.put_own_case(meeting=meeting, case=case, question="Мальчик дома", actor=actor, at=timezone.now())
        return case

    def secretary_invites(self, *, sets: int):
        page = self.pages[SECRETARY]
        page.goto(self.meeting)
        expect(main(page)).to_contain_text("ещё не разосланы")
        press(page, "Пригласить участников")
        expect(page.locator("body")).to_contain_text(f"подготовлено {sets} комплектов материалов")
        looked_at(page, "invited", self.shots)

    def member_reads_own_papers(self, email: str) -> str:
        page = self.pages[email]
        page.goto(self.meeting)
        self.follow_papers(page, self.case)
        assert self.sections(page) == SECTIONS[email]
        for shown in (CHILD, MOTHER, TELEPHONE):
            expect(main(page)).to_contain_text(shown)
        assert (NURSERY in main(page).inner_text()) == (email in SEE_SCHOOLS)
        looked_at(page, f"papers of {email}", self.shots)
        papers = page.url
        assert status(page, self.address) == 404
        return papers

    def line(self, page: Page, case: Case) -> Locator:
        return page.locator("#agenda tr", has_text=case.reference)

    def follow_papers(self, page: Page, case: Case) -> None:
        self.line(page, case).get_by_role("link", name="материалы для вашей организации").click()
        page.wait_for_url("**/disclosed/**")

    def school_reads_the_case(self):
        page = self.pages[SCHOOL]
        page.goto(self.meeting)
        line = self.line(page, self.case)
        expect(line.get_by_role("link", name="материалы для вашей организации")).to_have_count(0)
        line.get_by_role("link", name="случай").click()
        page.wait_for_url(f"**{self.address}")
        expect(main(page)).to_contain_text(TELEPHONE)

    def school_is_shown_no_telephone_of_another_case(self, other: Case):
        """Education has names and schools; and when the case leaves the agenda, not even those."""
        page, secretary = self.pages[SCHOOL], self.pages[SECRETARY]
        assert status(page, f"/cases/{other.reference}/") == 404
        page.goto(self.meeting)
        self.follow_papers(page, other)
        assert self.sections(page) == [FAMILY, STAGE, PLAN]
        expect(main(page)).to_contain_text("Школа № 5")
        expect(main(page)).not_to_contain_text("8 (900)")
        expect(main(page)).not_to_contain_text("ул. Вымышленная")
        papers = page.url
        secretary.goto(f"{self.meeting}agenda/")
        with secretary.expect_navigation():
            main(secretary).locator("tr, li", has_text=other.reference).get_by_role("button", name="Снять").click()
        assert status(page, papers) == 404

    def centre_writes_an_opinion(self):
        page = self.pages[CENTRE]
        self.open_item(page)
        follow(page, "Написать мнение заранее")
        page.get_by_label("Ваше мнение").fill(OPINION)
        press(page, "Сохранить мнение")
        expect(main(page)).to_contain_text(OPINION)
        for email, reads in ((SECRETARY, True), (GUARDIAN, False)):
            self.open_item(self.pages[email])
            assert (OPINION in main(self.pages[email]).inner_text()) == reads

    def open_item(self, page: Page) -> None:
        page.goto(self.meeting)
        page.locator("#agenda th").get_by_role("link", name=f"№ {self.case.reference}", exact=True).click()

    def stranger_finds_nothing(self, papers: dict[str, str]):
        page = self.pages[STRANGER]
        for address in (self.meeting, f"{self.meeting}protocol/", self.address, *papers.values()):
            assert status(page, address) == 404
            assert "Ветров" not in page.content()

    def meeting_is_held(self):
        page = self.pages[SECRETARY]
        page.goto(self.meeting)
        follow(page, "Отметить, кто участвует")
        for mark in main(page).get_by_role("combobox").all():
            mark.select_option(label="присутствует")
        press(page, "Сохранить")
        expect(main(page)).to_contain_text("Заседание начнётся в свой день")
        expect(main(page).get_by_role("button", name="Дальше")).to_have_count(0)
        Meeting.objects.update(held_at=timezone.now())
        page.goto(self.meeting)
        press(page, "Дальше: обмен и анализ информации")
        self.open_item(page)
        self.family_and_information(page)
        page.goto(self.meeting)
        press(page, "Дальше: определение типа услуг")
        self.open_item(page)
        self.service(page)
        page.goto(self.meeting)
        press(page, "Дальше: решения и рекомендации")
        self.open_item(page)
        self.decisions(page)
        self.open_item(page)
        self.votes(page)
        looked_at(page, "item", self.shots)

    def family_and_information(self, page: Page) -> None:
        page.locator("#family").get_by_role("link", name="Записать").click()
        choose(page, "Семью пригласили?", "да")
        choose(page, "Семья участвовала?", "да")
        page.get_by_label("Мнение ребёнка").fill("Хочу жить с мамой.")
        page.get_by_label("Как его узнали").fill("Разговор с психологом школы")
        press(page, "Сохранить")
        follow(page, "Записать, что сообщили участники")
        expect(main(page)).to_contain_text(OPINION)
        page.get_by_label("Орлова Наталья Юрьевна").fill(TOLD)
        press(page, "Сохранить")
        expect(page.locator("#stage-1")).to_contain_text(TOLD)

    def service(self, page: Page) -> None:
        follow(page, "Записать услуги")
        choose(page, "Для кого", "семья")
        page.get_by_label("Потребность").fill("Снова говорить друг с другом")
        page.get_by_label("Услуга").fill("Консультации психолога")
        self.choose_agency(page, "Какая организация её оказывает", CENTRE)
        press(page, "Добавить услугу")
        expect(main(page)).to_contain_text("Консультации психолога")

    def choose_agency(self, page: Page, question: str, email: str) -> None:
        member = Meeting.objects.get().council.members.get(person__email=email)
        page.get_by_label(question).select_option(value=str(member.agency_id))

    def decisions(self, page: Page) -> None:
        follow(page, "Записать решения")
        for text, email in ((TO_CENTRE, CENTRE), (TO_GUARDIAN, GUARDIAN)):
            page.get_by_label("Решение или рекомендация").fill(text)
            self.choose_agency(page, "Кто исполняет", email)
            page.get_by_label("К какому дню").fill(f"{day(30):%d.%m.%Y}")
            press(page, "Добавить решение")
            expect(main(page)).to_contain_text(text)
        looked_at(page, "decisions", self.shots)

    def votes(self, page: Page) -> None:
        follow(page, "Записать ход обсуждения и голоса")
        page.get_by_label("Слушали").fill("Орлову Н. Ю.: дети пропускают занятия.")
        page.get_by_label("Решили").fill("Помочь маме и бабушке.")
        for name, votes in (("За", 6), ("Против", 0), ("Воздержались", 0)):
            page.get_by_role("spinbutton", name=re.compile(rf"^{name}( |$)")).fill(str(votes))
        press(page, "Сохранить")
        expect(page.locator("#stage-3")).to_contain_text("Помочь маме и бабушке.")

    def protocol_is_signed(self):
        page = self.pages[SECRETARY]
        page.goto(self.meeting)
        follow(page, "Посмотреть протокол и подписать")
        expect(main(page)).to_contain_text("Всё готово")
        looked_at(page, "before the signature", self.shots)
        assert not Assignment.objects.filter(kind="decision").exists()
        press(page, "Подписать протокол")
        page.goto(self.meeting)
        expect(main(page)).to_contain_text("Протокол этого заседания подписан.")
        looked_at(page, "signed", self.shots)

    def papers_are_closed(self, papers: dict[str, str]):
        for email, address in papers.items():
            assert status(self.pages[email], address) == 404

    def executor_has_own_decision_only(self, email: str, own: str, others: str):
        page = self.pages[email]
        page.goto("/cases/assigned/")
        decisions = main(page).get_by_role("link", name="Решение консилиума №")
        expect(decisions).to_have_count(1)
        decisions.click()
        expect(main(page)).to_contain_text(own)
        assert others not in page.content()
        with page.expect_download() as waiting:
            follow(page, "Скачать выписку (Word)")
        extract = docx_text(waiting.value.path().read_bytes())
        assert own in extract
        assert others not in extract
        assert status(page, f"/cases/assigned/{Assignment.objects.get(text=others).token}/") == 404
        assert status(page, self.address) == 404

    def police_carries_nothing_out(self):
        page = self.pages[POLICE]
        page.goto("/cases/assigned/")
        expect(main(page).get_by_role("link", name="Решение консилиума №")).to_have_count(0)
        page.goto(f"{self.meeting}protocol/")
        expect(main(page)).to_contain_text("Ваша организация здесь ничего не исполняет.")
        looked_at(page, "protocol of the police", self.shots)
        self.open_item(page)
        for said in (TO_CENTRE, TO_GUARDIAN, TOLD, OPINION, "Хочу жить с мамой."):
            assert said not in page.content()

    def centre_says_what_came_of_it(self):
        page = self.pages[CENTRE]
        page.goto("/cases/assigned/")
        follow(page, "Решение консилиума №")
        choose(page, "Что получилось", "сделано")
        page.get_by_label("Словами").fill(RESULT)
        press(page, "Записать")
        expect(page.locator("#asked")).to_contain_text("сделано")
        looked_at(page, "carried out", self.shots)

    def school_reads_what_came_of_it(self):
        page = self.pages[SCHOOL]
        page.goto(f"{self.address}referrals/")
        row = main(page).get_by_role("listitem").filter(has_text=TO_CENTRE)
        for said in ("сделано", RESULT, "Ким"):
            expect(row).to_contain_text(said)
        expect(main(page).get_by_role("listitem").filter(has_text=TO_GUARDIAN)).to_contain_text("в работе")
        looked_at(page, "what came of it", self.shots)
        page.goto(self.address)
        title = Edition.objects.in_force(at=timezone.now()).get(code="mrg_protocol").title
        expect(page.locator("#documents")).to_contain_text(title)
        looked_at(page, "case", self.shots)
