"""A baby whose mother was taken to hospital: a family is found today, the baby lives there, and goes home again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from casework.models import Case, CaseProcedure, MatchingDecision
from tests.casework.professional_families import CARD
from tests.journeys.conftest import DESKTOP, PHONE, sign_in
from tests.journeys.procedures import day, file, looked_at, press, send, waits

pytestmark = pytest.mark.django_db(transaction=True)

SPECIALIST, STRANGER = "kcson.specialist@ochag.example", "shkola.specialist@ochag.example"
PROCEDURE = "Порядок экстренного размещения ребёнка в профессиональной семье"
BABY, BORN = "Тихонов Матвей Олегович", day(-320)
MOTHER, PHONE_OF_MOTHER = "Тихонова Злата Аркадьевна", "8 (900) 000-00-63"
STREET = "Приречный район, ул. Незаметная, д. 9, кв. 3"
FITTING, EXCLUDED = "Берегова Анна Викторовна", "Полянская Вера Олеговна"
RISKS = "Не знаем об аллергии: сегодня спросим медсестру, до этого — только знакомая еда"
NEEDS = {
    **CARD,
    "child": BABY,
    "birth": str(BORN),
    "filled_on": str(day()),
    "siblings": "нет",
    "mother_fio": MOTHER,
    "mother_phone": PHONE_OF_MOTHER,
    "family_plan": "Мать выписывают через три недели, до дома провожает куратор",
    "follow_up": [
        {"what": "Аллергия", "who": "Ким О.Д. у участковой медсестры", "due": str(day())},
        {"what": "Прививки", "who": "Ким О.Д. у участковой медсестры", "due": str(day(1))},
    ],
}
"""What the mother could say on her way to hospital: of the allergy and the vaccinations nobody knows."""


def card_of(page: Page, name: str) -> Locator:
    """Return what the page of matching says of one family."""
    return page.locator("#families .card", has_text=name)


def says(place: Locator, *words: str) -> None:
    """Expect all these words in a place of the page."""
    for each in words:
        expect(place).to_contain_text(each)


def told(page: Page, words: str) -> None:
    """Expect the message that the page begins with."""
    expect(page.locator(".messages")).to_contain_text(words)


def row_of(page: Page, name: str) -> Locator:
    """Return the line of a family in the register of the agency."""
    page.goto("/cases/families/")
    return page.locator("tbody tr", has_text=name)


class TestABabyNeedsAFamilyToday:
    """The family centre, on a phone; a school of the same district learns nothing of it."""

    def test_finds_a_family_lives_there_and_goes_home(self, open_browser, tmp_path):
        page = open_browser(viewport=PHONE).new_page()
        stranger = open_browser(viewport=DESKTOP).new_page()
        sign_in(page, SPECIALIST)
        sign_in(stranger, STRANGER)
        case = self.case_is_opened(page)
        followed = self.procedure_begins(page, case, tmp_path)
        file(followed, "pf_child_needs", by=SPECIALIST, **NEEDS)
        self.what_nobody_knows_becomes_tasks(page, case, tmp_path)
        self.families_are_weighed(page, case, tmp_path)
        self.excluded_family_cannot_be_chosen(page, case, tmp_path)
        self.fitting_family_is_chosen(page, followed, tmp_path)
        self.baby_is_placed(page, case, tmp_path)
        self.family_is_told_only_what_care_needs(page, case, tmp_path)
        self.stranger_finds_nothing(stranger, case)
        self.baby_goes_home_and_the_family_rests(page, case, tmp_path)

    def case_is_opened(self, page: Page) -> Case:
        page.goto("/cases/")
        page.get_by_role("main").get_by_role("link", name="Открыть случай", exact=True).click()
        page.get_by_label("Сопровождение семьи").check()
        page.get_by_role("button", name="Открыть случай").click()
        page.wait_for_url(re.compile(r"/cases/\d{4}-\d{5}/$"))
        case = Case.objects.get(reference=page.url.rstrip("/").rsplit("/", 1)[-1])
        self.person_is_added(page, "ребёнок", BABY, **{"Дата рождения": f"{BORN:%d.%m.%Y}", "Адрес": STREET})
        self.person_is_added(page, "мать", MOTHER, Телефон=PHONE_OF_MOTHER, Адрес=STREET)
        return case

    def person_is_added(self, page: Page, role: str, name: str, **fields: str) -> None:
        page.get_by_role("link", name="Добавить человека").first.click()
        page.get_by_label(role, exact=True).check()
        for label, typed in {"Фамилия, имя, отчество": name, **fields}.items():
            page.get_by_label(label).fill(typed)
        page.get_by_role("button", name="Сохранить").click()
        expect(page.locator(".page-head")).to_contain_text(name)

    def procedure_begins(self, page: Page, case: Case, shots: Path) -> CaseProcedure:
        page.get_by_role("link", name="Выбрать порядок").click()
        page.get_by_label(PROCEDURE).check()
        page.get_by_role("button", name="Начать порядок").click()
        page.wait_for_url(re.compile(r"/procedures/\d+/$"))
        address = page.url
        page.goto(f"/cases/{case.reference}/matching/")
        says(page.get_by_role("main"), "карту потребностей", "неизвестно")
        expect(page.locator("#families")).to_have_count(0)
        page.goto(address)
        press(page, "request")
        send(page)
        waits(page, "assessment", "Оценить потребности ребёнка", "0 из 1")
        looked_at(page, "assessment", shots)
        return CaseProcedure.objects.get(case=case)

    def what_nobody_knows_becomes_tasks(self, page: Page, case: Case, shots: Path) -> None:
        page.goto(f"/cases/{case.reference}/")
        page.get_by_role("link", name="Что узнать о ребёнке").click()
        unknown = page.locator(".panel", has_text="Ответ «неизвестно»").locator("li")
        assert [each.split(" —")[0] for each in unknown.all_inner_texts()] == ["Аллергия", "Прививки"]
        rows = page.locator("tbody tr")
        says(rows.nth(0), "Аллергия", "у участковой медсестры", f"{day():%d.%m.%Y}", "ещё не поставлена")
        looked_at(page, "needs", shots)
        page.get_by_role("button", name="Поставить задачи").click()
        told(page, "Вам поставлено задач: 2")
        expect(rows.locator("a")).to_have_count(2)
        expect(page.get_by_role("button", name="Поставить задачи")).to_have_count(0)
        rows.nth(1).get_by_role("link").click()
        says(page.get_by_role("main"), "карты потребностей", f"{day(1):%d.%m.%Y}")
        expect(page.get_by_role("main")).not_to_contain_text("Прививки")

    def families_are_weighed(self, page: Page, case: Case, shots: Path) -> None:
        page.goto(f"/cases/{case.reference}/")
        page.get_by_role("link", name="Подобрать профессиональную семью").first.click()
        says(page.locator(".callout", has_text="Работа с кровной семьёй"), f"Идёт с {day():%d.%m.%Y}")
        says(page.locator("#needs"), "10 месяцев", "Аллергия, Прививки")
        assert page.locator("#families .card-title").all_inner_texts() == [FITTING, EXCLUDED]
        fitting, excluded = card_of(page, FITTING), card_of(page, EXCLUDED)
        says(fitting, "можно выбрать", "Живёт в районе ребёнка", "семья отдохнула", "Риски и что поможет")
        says(fitting, "Пока неизвестно: Аллергия, Прививки", "чего не сможет: Не сможем принять ребёнка")
        says(fitting, f"справка об отсутствии судимости, {day(20):%d.%m.%Y}", "Обновите документ сейчас")
        expect(fitting).not_to_contain_text("принять ребёнка нельзя:")
        says(excluded, "сейчас выбрать нельзя", "Руководитель ещё не включил семью в список")
        says(
            excluded, "Принимает детей от 12 до 48 мес., а ребёнку 10 мес.", "не готова к такому: встречи с родителями"
        )
        says(excluded, "Не внесено в карточку: справка об отсутствии судимости", "подготовка пройдена")
        expect(excluded.get_by_role("link", name="Выбрать или отклонить")).to_have_count(0)
        looked_at(page, "matching", shots)

    def excluded_family_cannot_be_chosen(self, page: Page, case: Case, shots: Path) -> None:
        """Not even by whoever tries it on the page where the family is turned down."""
        card_of(page, EXCLUDED).get_by_role("link", name="Отклонить с причиной").click()
        says(page.get_by_role("main"), "Сейчас выбрать эту семью нельзя")
        self.decide(page, "Выбрать эту семью", "Она свободна", risks=RISKS)
        told(page, "Этой семье сейчас нельзя доверить этого ребёнка. Руководитель ещё не включил семью в список")
        expect(page.get_by_label("Почему")).to_have_value("Она свободна")
        assert not MatchingDecision.objects.filter(case=case).exists()
        looked_at(page, "excluded", shots)
        self.decide(page, "Не выбирать эту семью", "Не прошла подготовку")
        says(card_of(page, EXCLUDED), f"{day():%d.%m.%Y}", "Не прошла подготовку")

    def decide(self, page: Page, choice: str, reasons: str, *, risks: str = "") -> None:
        page.get_by_label(choice).check()
        page.get_by_label("Почему").fill(reasons)
        page.get_by_label("Риски и что с ними делаем").fill(risks)
        page.get_by_role("button", name="Записать решение").click()

    def fitting_family_is_chosen(self, page: Page, followed: CaseProcedure, shots: Path) -> None:
        """With the risks in words: without them nobody is chosen."""
        card_of(page, FITTING).get_by_role("link", name="Выбрать или отклонить").click()
        self.decide(page, "Выбрать эту семью", "Живёт рядом с домом, брала малышей")
        expect(page.locator(".error-summary")).to_be_visible()
        self.decide(page, "Выбрать эту семью", "Живёт рядом с домом, брала малышей", risks=RISKS)
        told(page, "Семья выбрана.")
        says(page.locator("#chosen"), FITTING, "Живёт рядом с домом, брала малышей", RISKS)
        looked_at(page, "chosen", shots)
        page.goto(f"/cases/{followed.case.reference}/procedures/{followed.pk}/")
        waits(page, "matching", "Подобрать семью и получить её согласие")
        says(page.get_by_role("main"), "Есть семья, которая подходит ребёнку")

    def baby_is_placed(self, page: Page, case: Case, shots: Path) -> None:
        says(row_of(page, FITTING), "свободно 2 из 2")
        page.goto(f"/cases/{case.reference}/matching/")
        page.get_by_role("link", name="Записать размещение").click()
        page.get_by_label("Живёт в семье с").fill(f"{day():%d.%m.%Y}")
        page.get_by_label("Предположительно до").fill(f"{day(21):%d.%m.%Y}")
        looked_at(page, "place", shots)
        page.get_by_role("button", name="Записать размещение").click()
        told(page, "Размещение записано. Работа с кровной семьёй из-за него не прекращается.")
        says(page.locator("#placements"), BABY, FITTING, f"предположительно до {day(21):%d.%m.%Y}")
        expect(page.locator("#chosen")).to_have_count(0)
        says(row_of(page, FITTING), "свободно 1 из 2")

    def family_is_told_only_what_care_needs(self, page: Page, case: Case, shots: Path) -> None:
        page.goto(f"/cases/{case.reference}/matching/")
        page.locator("#placements").get_by_role("link", name="Памятка для семьи").click()
        says(page.locator("article.paper"), "с ложки", "с серым зайцем", "возможны при специалисте", "до месяца", "112")
        says(page.locator("article.paper"), "Ким Ольга Дмитриевна")
        looked_at(page, "sheet", shots)
        digits = re.sub(r"\D", "", PHONE_OF_MOTHER)
        assert digits not in re.sub(r"[ ()-]", "", page.content())
        for hidden in (*MOTHER.split(), "Незаметная", "экстренное", "операция", "под опекой", "выписывают"):
            assert hidden not in page.content(), hidden

    def stranger_finds_nothing(self, page: Page, case: Case) -> None:
        decision = MatchingDecision.objects.get(case=case, is_chosen=True)
        family, child = decision.family, decision.child
        own = f"/cases/{case.reference}/"
        for address in (
            *(own, f"{own}documents/1/", f"{own}needs/", f"{own}matching/", f"{own}matching/?child={child.pk}"),
            *(f"{own}matching/{family.token}/", f"{own}matching/decisions/{decision.pk}/place/"),
            *(f"{own}placements/{decision.placement.pk}/end/", f"{own}families-sheet/"),
            f"/cases/families/{family.token}/",
        ):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 404, address
            assert not [name for name in (BABY, MOTHER, FITTING) if name in page.content()], address
        page.goto("/cases/families/")
        expect(page.locator("body")).not_to_contain_text(FITTING)

    def baby_goes_home_and_the_family_rests(self, page: Page, case: Case, shots: Path) -> None:
        page.goto(f"/cases/{case.reference}/matching/")
        page.locator("#placements").get_by_role("link", name="Записать окончание").click()
        page.get_by_label("Последний день в семье").fill(f"{day():%d.%m.%Y}")
        page.get_by_label("ребёнок вернулся к родителям").check()
        page.get_by_label("Что дальше будет с ребёнком").fill("Дома с мамой, куратор приходит через день")
        looked_at(page, "end", shots)
        page.get_by_role("button", name="Записать окончание").click()
        told(page, "Окончание записано: место свободно, семья отдыхает.")
        ended = f"закончилось {day():%d.%m.%Y}: ребёнок вернулся к родителям"
        says(page.locator("#placements"), ended, "куратор приходит через день")
        rests_until = f"{day(14):%d.%m.%Y}"
        says(card_of(page, FITTING), "сейчас выбрать нельзя", f"Отдыхает после прошлого размещения по {rests_until}")
        looked_at(page, "rest", shots)
        says(row_of(page, FITTING), "свободно 2 из 2", f"отдыхает по {rests_until}")
