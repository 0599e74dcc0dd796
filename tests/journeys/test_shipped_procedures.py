"""Two procedures that come with the product, each walked by the people of its agencies, every one in their own browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from casework.actions import sharing
from casework.models import CaseKind, CaseProcedure
from forms_library.models import Agency
from tests.journeys.conftest import DESKTOP, PHONE, sign_in
from tests.journeys.procedures import (
    come_under,
    day,
    file,
    file_typed,
    fill_in,
    looked_at,
    press,
    refused,
    register_incoming,
    send,
    waits,
    waits_not,
)

pytestmark = pytest.mark.django_db(transaction=True)

OFFICER, HEAD_OF_WINDOW = "okno.specialist@ochag.example", "okno.rukovoditel@ochag.example"
TEACHER = "shkola.specialist@ochag.example"
SPECIALIST, HEAD = "kcson.specialist@ochag.example", "kcson.rukovoditel@ochag.example"
GUARDIAN = "opeka.specialist@ochag.example"

NOTICE = {
    "to": "Служба «Единое окно»",
    "legal_ground": "Не требуется: направляет не медицинская организация",
    "found_on": f"{day(-3):%d.%m.%Y}",
    "registered_on": f"{day(-3):%d.%m.%Y} 10:00",
    "life_threat": "no",
    "factors": "Дети приходят голодными, вечером одни",
    "family_informed": "yes",
    "address": "г. Новосибирск, ул. Вымышленная, д. 1, кв. 2",
    "assessments": "all",
    "sign__post": "заместитель директора",
    "sign__name": "Т. Н. Белова",
}
DECISION = {
    "decided_on": f"{day():%d.%m.%Y}",
    "kdn": "КДНиЗП Приречного района",
    "notice": "first",
    "sender": "Школа № 17",
    "level": "высокий",
    "reasons": "Оценки и проверка показали одно и то же",
    "case_opened": "yes",
    "org": "Комплексный центр социального обслуживания населения «Лад»",
    "track": "социальное обслуживание",
    "sign__post": "куратор службы",
    "sign__name": "А. С. Лаптев",
    "sign_chair__post": "председатель",
    "sign_chair__name": "П. П. Образцов",
}
REACHED = (
    "достижение запланированных в Плане результатов работы с семьей и отсутствие риска нарушения прав и законных "
    "интересов ребенка в семье"
)
AGREEMENT = {
    "date": f"{day():%d.%m.%Y}",
    "place": "г. Новосибирск",
    "director": "Соболева Марина Игоревна",
    "ground": "Устава",
    "parent": "Примерова Анна Сергеевна",
    "parent_doc": "паспорт 00 00 000000",
    "parent_adr": "г. Новосибирск, ул. Вымышленная, д. 1, кв. 2",
    "term_to": f"{day(90):%d.%m.%Y}",
    "sign_org__post": "заведующая отделением",
    "sign_org__name": "М. И. Соболева",
    "sign_parent__post": "мать",
    "sign_parent__name": "А. С. Примерова",
}
DECISION_TO_END = {
    "ground": REACHED,
    "results_reached": "yes",
    "no_risk": "yes",
    "family": "Примеровы: Анна Сергеевна, Полина, Егор",
    "file": "first",
    "agreement": "first",
    "protocol": "first",
    "reasons": "Дети дома, мама справляется сама",
    "date": f"{day():%d.%m.%Y}",
    "members-0-fio": "Ким Ольга Дмитриевна",
    "members-0-post": "специалист по социальной работе",
    "members-1-fio": "Зайцев Роман Олегович",
    "members-1-post": "психолог",
    "sign_chair__post": "заведующая отделением",
    "sign_chair__name": "М. И. Соболева",
    "copy_to": "Отдел опеки и попечительства Приречного района",
    "copy_sent_on": f"{day():%d.%m.%Y}",
}
CARD_AND_ITS_GROUNDS = ("housing_survey", "nso_kkss", "nso_case_analysis")


@pytest.fixture
def person(open_browser):
    """Return a function that opens a browser in which somebody is signed in."""

    def at_the_desk(email: str, **options: object) -> Page:
        page = open_browser(**{"viewport": DESKTOP, **options}).new_page()
        sign_in(page, email)
        return page

    return at_the_desk


class Interagency:
    """Novosibirsk: the window keeps the case; the school and the family centre file their papers in it."""

    @pytest.fixture
    def followed(self, site) -> CaseProcedure:
        followed = come_under(
            "nso_interagency", agency="edinoe-okno", by=OFFICER, kind=CaseKind.RISK_NOTICE, days_ago=4
        )
        for helper in Agency.objects.filter(code__in=("shkola-17", "kcson")):
            sharing.share_case(
                case=followed.case,
                agency=helper,
                level="work",
                last_day=day(90),
                reason="совместная работа с семьёй",
                actor=followed.case.curator,
                at=timezone.now(),
            )
        return followed

    def school_sends_the_notice(self, page, followed, address, shots):
        page.goto(address)
        waits(page, "signal", "Специалист, который заметил факторы риска", "Срока нет", "ещё не подана")
        file(followed, "nso_signal_record", by=TEACHER, registered_at=f"{day(-3)}T10:00")
        page.reload()
        waits(page, "diagnosis", f"3 дня с {day(-3):%d.%m.%Y}", "0 из 2 детей")
        file(followed, "nso_child_indicators", "nso_child_indicators", "nso_family_risk_factors", by=TEACHER)
        page.reload()
        waits(page, "notice", "1 день с", "Извещение об обнаружении факторов риска семейного неблагополучия — ещё не")
        press(page, "notice")
        fill_in(page, NOTICE)
        file_typed(page)
        page.goto(address)
        waits(page, "notice_registered", "Это делает: Куратор службы «Единое окно»")
        looked_at(page, "notice", shots)

    def window_checks_and_decides(self, page, address, shots):
        page.goto(address)
        waits(page, "notice_registered", "Лаптев Андрей Сергеевич", "это делаете вы")
        press(page, "notice_registered")
        send(page)
        waits(page, "check", f"3 дня с {day():%d.%m.%Y}", "это делаете вы")
        press(page, "check")
        send(page, "confirmed")
        press(page, "risk_decision")
        fill_in(page, DECISION)
        file_typed(page)
        page.goto(address)
        expect(page.locator(".page-head")).to_contain_text("Высокий")
        waits_not(page, "risk_decision", "low_consent")
        waits(page, "appoint_curator", "Руководитель учреждения")
        looked_at(page, "decision", shots)

    def family_centre_learns_of_it(self, page):
        register_incoming(page, "Решение об уровне риска", "15/26")

    def head_appoints_the_curator(self, page, followed, address):
        """The curator comes from the family centre, while the window keeps the case."""
        page.goto(address)
        press(page, "appoint_curator")
        page.get_by_label("Ким Ольга Дмитриевна").check()
        send(page)
        last = followed.tasks.get(step="kkss").due
        waits(page, "kkss", f"До {last:%d.%m.%Y}", "20 дней с", "Ким Ольга", "Анализ кейса (ККСС) — ещё не")

    def card_is_approved(self, page, followed, address):
        file(followed, *CARD_AND_ITS_GROUNDS, by=SPECIALIST)
        page.goto(address)
        waits(page, "consilium", "10 дней с", "Протокол консилиума — ещё не подана")
        file(followed, "consilium_protocol", by=OFFICER, date=str(day()))
        page.reload()
        press(page, "consilium")
        send(page, "approved")
        waits(page, "card_approved", "Председатель КДНиЗП")
        press(page, "card_approved")
        send(page)

    def plan_is_watched(self, page, followed, address, shots):
        waits(page, "individual_plan", "Индивидуальный план")
        file(followed, "nso_individual_plan", by=SPECIALIST)
        page.reload()
        waits(page, "plan_work", "3 месяца с")
        waits(page, "monitoring", "1-й раз", "3 месяца с", "Лист мониторинга — ещё не подана")
        waits(page, "supervision", "1 месяц с")
        looked_at(page, "plan", shots)
        file(followed, "nso_monitoring", by=SPECIALIST, actual_on=str(day()), decision="закрыть")

    def work_ends_on_a_ground(self, page, followed, address, shots):
        page.goto(address)
        waits_not(page, "monitoring", "plan_work", "supervision", "early_end")
        press(page, "end")
        page.locator("[name=choice][value=causes_removed]").check()
        expect(refused(page)).to_contain_text("Причины неблагополучия устранены, дети в безопасности")
        page.locator("[name='stated-causes_removed-0']").check()
        looked_at(page, "end", shots)
        send(page)
        followed.refresh_from_db()
        assert followed.ground == "causes_removed"
        assert not followed.tasks.open().exists()
        expect(page.get_by_role("link", name="Закрыть случай")).to_be_visible()
        looked_at(page, "ended", shots)


class TestTheInteragencyProcedure(Interagency):
    """Where there is no council yet, its decisions are written down by hand."""

    def test_leads_a_family_at_high_risk_from_the_notice_to_the_end(self, person, followed, tmp_path):
        address = f"/cases/{followed.case.reference}/procedures/{followed.pk}/"
        self.school_sends_the_notice(person(TEACHER), followed, address, tmp_path)
        officer = person(OFFICER)
        self.window_checks_and_decides(officer, address, tmp_path)
        self.family_centre_learns_of_it(person(SPECIALIST))
        self.head_appoints_the_curator(person(HEAD_OF_WINDOW), followed, address)
        self.card_is_approved(officer, followed, address)
        self.plan_is_watched(officer, followed, address, tmp_path)
        self.work_ends_on_a_ground(officer, followed, address, tmp_path)

    def test_lets_a_threat_to_life_change_everything_at_once(self, person, followed, tmp_path):
        file(followed, "nso_signal_record", by=TEACHER, registered_at=f"{day(-3)}T10:00")
        page = person(TEACHER, viewport=PHONE)
        page.goto(f"/cases/{followed.case.reference}/procedures/{followed.pk}/")
        page.locator(".radar-danger a").click()
        page.locator("[name=words]").fill("Мама пьяна, дети заперты")
        looked_at(page, "threat", tmp_path)
        send(page, "life_threat")
        expect(page.locator(".page-head")).to_contain_text("Угроза жизни")
        today = f"Сегодня, {day():%d.%m.%Y}, последний день"
        waits(page, "tell_agencies", today, "Сообщить в орган опеки и в полицию")
        waits(page, "protect_child", today, "Это делает: Орган опеки и попечительства")
        waits(page, "emergency_curator", "Руководитель учреждения")
        looked_at(page, "emergency", tmp_path)


class TestSupportAfterReturn:
    """Tomsk: the organisation keeps the case, on a phone; the guardianship body gets papers and registers them."""

    @pytest.fixture
    def followed(self, site) -> CaseProcedure:
        return come_under("tom_support", agency="kcson", by=SPECIALIST, kind=CaseKind.SUPPORT, days_ago=1)

    def test_lasts_no_longer_than_six_months_and_ends_with_a_copy_to_the_guardians(self, person, followed, tmp_path):
        address = f"/cases/{followed.case.reference}/procedures/{followed.pk}/"
        guardian, head = person(GUARDIAN), person(HEAD, viewport=PHONE)
        page = person(SPECIALIST, viewport=PHONE)
        page.goto(address)
        self.family_is_referred(page, guardian, followed, tmp_path)
        self.responsible_is_appointed(head, followed, address)
        self.agreement_is_made(page, address, followed)
        self.plan_is_approved(page, followed, tmp_path)
        self.work_is_extended_within_six_months(page, followed, tmp_path)
        self.work_ends(page, followed, address, tmp_path)
        register_incoming(guardian, "Решение о прекращении сопровождения семьи", "77/26")
        page.goto(address.split("procedures")[0] + f"documents/{followed.case.submissions.count()}/send/")
        expect(page.locator("#sent")).to_contain_text("77/26")

    def family_is_referred(self, page, guardian, followed, shots):
        waits(page, "notice", "2 рабочих дня", "другая организация; вы записываете")
        looked_at(page, "return", shots)
        file(followed, "tom_return_notice", by=SPECIALIST, date=str(day()))
        register_incoming(guardian, "Уведомление о возвращении ребенка родителю", "12/26")
        page.reload()
        press(page, "notice_received")
        send(page)
        waits(page, "referral", "1 рабочий день")
        file(followed, "tom_referral", by=SPECIALIST, date=str(day()))

    def responsible_is_appointed(self, page, followed, address):
        page.goto(address)
        press(page, "referral_received")
        send(page)
        waits(page, "appoint_responsible", "Приказ о назначении ответственного за работу с семьей — ещё не подана")
        file(followed, "tom_responsible_order", by=HEAD, date=str(day()))
        page.reload()
        press(page, "appoint_responsible")
        page.locator(f"[name=person][value='{followed.case.curator_id}']").check()
        send(page)

    def agreement_is_made(self, page, address, followed):
        file(followed, "tom_informing_note", by=SPECIALIST, informed_at=f"{day()}T10:00")
        page.goto(address)
        waits(page, "agreement", "7 рабочих дней", "Ким Ольга Дмитриевна")
        press(page, "agreement")
        fill_in(page, AGREEMENT)
        file_typed(page)
        page.goto(address)
        waits_not(page, "agreement", "refusal_memo")

    def plan_is_approved(self, page, followed, shots):
        waits(page, "support_plan", "1 месяц")
        file(followed, "tom_support_plan", by=SPECIALIST)
        file(followed, "consilium_protocol", by=SPECIALIST, date=str(day()))
        page.reload()
        press(page, "plan_approval")
        send(page, "approved")
        waits(page, "plan_review", "3 месяца")
        waits(page, "termination", "6 месяцев")
        looked_at(page, "plan", shots)

    def work_is_extended_within_six_months(self, page, followed, shots):
        file(followed, "tom_plan_review", by=SPECIALIST, review_date=str(day()))
        file(followed, "consilium_protocol", by=SPECIALIST, date=str(day()))
        page.reload()
        press(page, "review_decision")
        page.locator("[name=choice][value=extended]").check()
        page.locator("[name=until]").fill(f"{day(200):%d.%m.%Y}")
        expect(refused(page)).to_contain_text("Всё сопровождение длится не больше шести месяцев")
        expect(page.locator("[name=until]")).to_have_value(f"{day(200):%d.%m.%Y}")
        looked_at(page, "too_long", shots)
        page.locator("[name=until]").fill(f"{day(150):%d.%m.%Y}")
        send(page)
        waits(page, "scheduled_review", "Анализ эффективности")

    def work_ends(self, page, followed, address, shots):
        file(followed, "tom_support_plan", by=SPECIALIST)
        file(followed, "tom_plan_review", by=SPECIALIST, review_date=str(day()))
        file(followed, "consilium_protocol", by=SPECIALIST, date=str(day()))
        page.reload()
        press(page, "review_decision")
        send(page, "finish")
        press(page, "termination")
        fill_in(page, DECISION_TO_END)
        file_typed(page)
        page.goto(address)
        looked_at(page, "before_end", shots)
        press(page, "termination")
        page.locator("[name=choice][value=goals_reached]").check()
        for number in range(2):
            page.locator(f"[name='stated-goals_reached-{number}']").check()
        looked_at(page, "end", shots)
        send(page)
        looked_at(page, "ended", shots)
