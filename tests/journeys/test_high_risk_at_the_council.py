"""Novosibirsk, high risk, where a Territorial council meets: from the school's notice to monitoring, six agencies, each in its part.

The council decides here and nowhere else; who sees what is said in plain words, away from the rules of the program.
"""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.actions import councils, meetings
from casework.models import Case, CouncilKind, Meeting
from forms_library.models import Agency
from portal.accounts.models import User
from tests.journeys.conftest import PHONE
from tests.journeys.procedures import day, file, looked_at, press, waits, waits_not
from tests.journeys.test_shipped_procedures import (
    CARD_AND_ITS_GROUNDS,
    HEAD_OF_WINDOW,
    OFFICER,
    SPECIALIST,
    TEACHER,
    Interagency,
    person,
)
from tests.journeys.test_working_together import (
    FAMILY,
    GUARDIAN,
    PLAN,
    POLICE,
    SECRETARY,
    STAGE,
    choose,
    follow,
    main,
    press as press_button,
    status,
)

__all__ = ["person"]

pytestmark = pytest.mark.django_db(transaction=True)

CHAIR = "kdnizp.rukovoditel@ochag.example"
SEATS = (
    (CHAIR, "chair"),
    (SECRETARY, "secretary"),
    *((member, "member") for member in (TEACHER, SPECIALIST, GUARDIAN, POLICE)),
)
QUESTION = "Согласовать карту семьи: дети приходят голодными, мама просит о помощи"
TOLD = "Мама приходит на все встречи, отчим уехал."
TO_GUARDIAN = "Проверить, как дети живут у бабушки в выходные"


def somebody(email: str) -> User:
    return User.objects.get(email=email)


class TestHighRiskAtTheCouncil(Interagency):
    @pytest.fixture
    def meeting(self, site) -> Meeting:
        """A meeting of the Territorial council that the commission holds, called for today."""
        now, holder, head = timezone.now(), Agency.objects.get(code="kdnizp"), somebody(CHAIR)
        council = councils.make_council(
            agency=holder,
            name="Территориальный консилиум Приречного района",
            kind=CouncilKind.TERRITORIAL_CONSILIUM,
            territory=holder.territory,
            quorum=4,
            place="ул. Примерная, д. 1",
            actor=head,
            at=now,
        )
        for email, role in SEATS:
            agency = Agency.objects.get(teams__group__user__email=email)
            councils.add_member(
                council=council,
                agency=agency,
                person=somebody(email),
                full_name="",
                post="",
                role=role,
                actor=head,
                at=now,
            )
        return meetings.call_meeting(
            council=council,
            held_at=now + dt.timedelta(minutes=5),
            place="зал 2",
            is_remote_allowed=True,
            opinions_by=None,
            actor=somebody(SECRETARY),
            at=now,
            token=uuid.uuid4(),
        )

    def test_each_agency_sees_its_part_from_the_notice_to_monitoring(self, person, followed, meeting, tmp_path):
        address = f"/cases/{followed.case.reference}/procedures/{followed.pk}/"
        self.case, self.meeting, self.shots = followed.case, f"/cases/meetings/{meeting.token}/", tmp_path
        officer, curator, secretary = person(OFFICER), person(SPECIALIST), person(SECRETARY)
        guardian, police = person(GUARDIAN), person(POLICE, viewport=PHONE)
        self.school_sends_the_notice(person(TEACHER), followed, address, tmp_path)
        self.window_checks_and_decides(officer, address, tmp_path)
        self.family_centre_learns_of_it(curator)
        self.head_appoints_the_curator(person(HEAD_OF_WINDOW), followed, address)
        self.curator_puts_the_card_before_the_council(curator, followed, address)
        self.members_are_invited(secretary)
        self.others_read_their_part(guardian, [FAMILY, STAGE, PLAN])
        self.others_read_their_part(police, [FAMILY, STAGE])
        self.council_approves_the_card(secretary)
        self.guardian_has_the_decision_and_nothing_else(guardian)
        self.police_has_nothing_to_do(police)
        self.monitoring_goes_on(curator, followed, address)

    def curator_puts_the_card_before_the_council(self, page: Page, followed, address: str) -> None:
        file(followed, *CARD_AND_ITS_GROUNDS, by=SPECIALIST)
        page.goto(address)
        waits(page, "consilium", "10 дней с")
        press(page, "consilium")
        expect(main(page)).to_contain_text("Это решает консилиум")
        assert page.locator("[name=choice]").count() == 0
        looked_at(page, "the council decides", self.shots)
        main(page).get_by_role("link", name="повестку").click()
        page.locator("[name=meeting]").first.check()
        page.locator("[name=question]").fill(QUESTION)
        page.locator("[name=step]").select_option(index=1)
        looked_at(page, "put before the council", self.shots)
        press_button(page, "Внести в повестку")

    def members_are_invited(self, page: Page) -> None:
        page.goto(self.meeting)
        press_button(page, "Пригласить участников")
        looked_at(page, "invited", self.shots)
        assert status(page, f"/cases/{self.case.reference}/") == 404

    def others_read_their_part(self, page: Page, sections: list[str]) -> None:
        page.goto(self.meeting)
        page.locator("#agenda tr", has_text=self.case.reference).get_by_role(
            "link", name="материалы для вашей организации"
        ).click()
        page.wait_for_url("**/disclosed/**")
        assert page.locator(".desk-main h2").all_inner_texts() == sections
        expect(main(page)).to_contain_text("Рассмотреть карту на Территориальном консилиуме")
        expect(main(page)).not_to_contain_text("Закончить работу раньше")  # done only when it is needed
        looked_at(page, f"papers with {len(sections)} sections", self.shots)
        assert status(page, f"/cases/{self.case.reference}/") == 404

    def open_item(self, page: Page) -> None:
        page.goto(self.meeting)
        page.locator("#agenda th").get_by_role("link", name=f"№ {self.case.reference}", exact=True).click()

    def council_approves_the_card(self, page: Page) -> None:
        page.goto(self.meeting)
        follow(page, "Отметить, кто участвует")
        for mark in main(page).get_by_role("combobox").all():
            mark.select_option(label="присутствует")
        press_button(page, "Сохранить")
        press_button(page, "Дальше: обмен и анализ информации")
        self.open_item(page)
        page.locator("#family").get_by_role("link", name="Записать").click()
        choose(page, "Семью пригласили?", "да")
        choose(page, "Семья участвовала?", "да")
        page.get_by_label("Мнение ребёнка").fill("Хочу жить с мамой.")
        page.get_by_label("Как его узнали").fill("Разговор с психологом")
        press_button(page, "Сохранить")
        follow(page, "Записать, что сообщили участники")
        main(page).locator("textarea").first.fill(TOLD)
        press_button(page, "Сохранить")
        for stage in ("определение типа услуг", "решения и рекомендации"):
            page.goto(self.meeting)
            press_button(page, f"Дальше: {stage}")
        self.open_item(page)
        follow(page, "Записать решения")
        page.get_by_label("Решение или рекомендация").fill(TO_GUARDIAN)
        page.get_by_label("Кто исполняет").select_option(value=str(Agency.objects.get(code="oopip").pk))
        page.get_by_label("К какому дню").fill(f"{day(14):%d.%m.%Y}")
        press_button(page, "Добавить решение")
        self.open_item(page)
        follow(page, "Записать ход обсуждения и голоса")
        page.get_by_label("Слушали").fill("Ким О. Д. о карте семьи.")
        page.get_by_label("Решили").fill("Карту согласовать.")
        page.locator("[name=votes_for]").fill("6")
        page.locator("[name=outcome]").select_option(value="approved")
        looked_at(page, "outcome", self.shots)
        press_button(page, "Сохранить")
        page.goto(f"{self.meeting}protocol/")
        expect(main(page)).to_contain_text("Карту согласовали")
        looked_at(page, "before the signature", self.shots)
        press_button(page, "Подписать протокол")
        page.goto(self.meeting)
        expect(main(page)).to_contain_text("Протокол этого заседания подписан.")

    def guardian_has_the_decision_and_nothing_else(self, page: Page) -> None:
        page.goto("/cases/assigned/")
        follow(page, "Решение консилиума №")
        expect(main(page)).to_contain_text(TO_GUARDIAN)
        assert TOLD not in page.content()
        choose(page, "Что получилось", "сделано")
        page.get_by_label("Словами").fill("Бабушка готова помогать и дальше.")
        press_button(page, "Записать")
        looked_at(page, "carried out", self.shots)

    def police_has_nothing_to_do(self, page: Page) -> None:
        page.goto("/cases/assigned/")
        expect(main(page).get_by_role("link", name="Решение консилиума №")).to_have_count(0)

    def monitoring_goes_on(self, page: Page, followed, address: str) -> None:
        page.goto(address)
        waits_not(page, "consilium")
        waits(page, "card_approved", "Председатель КДНиЗП")
        waits(page, "individual_plan", "Индивидуальный план")
        protocol = Case.objects.get(pk=followed.case_id).submissions.get(edition__code="consilium_protocol")
        page.goto(f"/cases/{followed.case.reference}/")
        expect(page.locator("#documents")).to_contain_text(protocol.edition.title)
        page.goto(f"/cases/{followed.case.reference}/referrals/")
        expect(main(page)).to_contain_text("Бабушка готова помогать и дальше.")
        file(followed, "nso_individual_plan", by=SPECIALIST)
        page.goto(address)
        waits(page, "monitoring", "1-й раз", "3 месяца с", "Лист мониторинга — ещё не подана")
        waits(page, "supervision", "1 месяц с")
        looked_at(page, "monitoring", self.shots)
