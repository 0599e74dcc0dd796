"""The demo portal: loading it is polite, and every fact of the five sources has a home on some page."""

import html
import io
import re
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from wagtail.models import Page, Revision, Site

from forms_library.models import Agency, Edition, OfficialForm, ProcedurePage
from portal.demo.agencies import AGENCIES
from portal.demo.all_pages import PAGES
from portal.demo.staff import ACCOUNTS, DEMO_PASSWORD, memberships
from portal.models import ProgrammePage, SiteContacts

# What each source says, in the words that must not be lost; beside it the page that says it.
FACTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("S000", "vozvrashchenie-rebenka"): (
        "Социально-психологическая работа с кровной семьёй",
        "Социально-реабилитационная работа с ребёнком",
        "последствиями психологической травмы",
        "Индивидуальная профилактическая работа с кровной семьёй после воссоединения с ребёнком",
        "чтобы ребёнок смог вернуться в кровную семью",
        "особенности личностного статуса",
        "насколько вы готовы выполнять родительские функции",
        "позитивный образ семьи",
        "снова стать для ребёнка родителями",
        "изменить образ жизни и восстановить отношения с ребёнком",
        "социально-правовыми и социально-экономическими вопросами",
        "собирают информацию о семье и её трудностях",
        "Социальная диагностика",
        "индивидуальную программу социальной реабилитации",
        "уточняют до того дня, когда ребёнок вернётся",
        "текущие и контрольные",
        "патронаж",
        "жилищно-бытовые условия",
        "КЦСОН совместно с другими субъектами системы профилактики безнадзорности и правонарушений несовершеннолетних",
        "СРЦН передаёт ребёнка кровной семье",
        "СРЦН передаёт информацию",
        "социальная реабилитация ребёнка и подготовка семьи и ребёнка к воссоединению",
        "диагностику психоэмоционального и функционального состояния",
        "индивидуальную программу социальной реабилитации несовершеннолетнего",
        "хорошо относиться к родителям",
        "безопасное место",
        "Комплексное диагностическое обследование",
        "Коррекционно-реабилитационная работа",
        "Возврат в кровную семью",
        "при необходимости",
        "систематически отслеживать и оценивать",
        "эмоциональным благополучием ребёнка",
        "реабилитационные мероприятия для семьи и ребёнка",
        "Новая или уточнённая ИПСР",
        "межведомственное взаимодействие",
        "наладить отношения между близкими",
        "Индивидуальную профилактическую работу прекращают",
    ),
    ("S000", "mrg"): (
        "команда специалистов разных специальностей из разных организаций",
        "в интересах ребёнка",
        "что нужно ребёнку, могут ли родители это дать и какая помощь доступна семье",
        "ребёнку лучше в семье",
        "интересы ребёнка — прежде всего",
        "мнение ребёнка должно быть учтено",
        "решения принимаются коллегиально",
        "долгосрочная перспектива",
        "взаимоотношения ребёнка с семьёй должны быть сохранены",
        "семья — активный участник реабилитационного процесса",
        "наиболее сложные случаи семейного неблагополучия",
        "разрабатывает рекомендации",
        "координирует всестороннюю помощь ребёнку и семье",
        "мониторинг: проверяет, выполнены ли решения и рекомендации",
        "Обмен и анализ информации",
        "какой тип услуг лучше всего подходит к потребностям ребёнка и семьи",
        "решение и рекомендации фиксируют",
    ),
    ("S001", "sluzhba-sotrudnichestva"): (
        "344-83-54",
        "квалифицированную помощь",
        "МКУ Центр «Жемчужина»",
        "комплексную психолого-педагогическую, терапевтическую и коррекционно-развивающую работу",
        "готовы жить в семье",
        "права и интересы ребёнка на воспитание в кровной семье",
        "позитивные отношения между родителями и детьми",
        "роль субъектов в кровной семье",
        "приоритетное право ребёнка, оставшегося без попечения родителей, жить и воспитываться в семье",
        "последствия травматического опыта",
        "кровной семье восстановиться (это называется реабилитацией)",
        "социальные навыки, повысить социальную компенсацию и способность к адаптации",
        "«бывших» родителей",
        "семейное и социальное окружение кровной семьи",
        "подготовить детей психологически и педагогически к возврату в кровные семьи",
        "восстановить детско-родительские отношения",
        "индивидуальную программу восстановления отношений с кровными родителями и родственниками",
        "предотвращать рецидивы",
        "восстановить утраченные контакты с семьёй",
        "специально подобранную и подготовленную семью",
        "социально-психологическая работа с кровной семьёй",
        "психолого-педагогическая работа с ребёнком",
        "сопровождение кровной семьи после воссоединения с ребёнком",
        "социально-психологическая и правовая работа с кровной семьёй",
        "в местах лишения свободы",
        "потенциальные усыновители",
        "отказались от ребёнка при рождении",
        "лишённые родительских прав или ограниченные в родительских правах",
        "временно поместили ребёнка в центр",
        "Тепло родного очага",
        "комплекса мероприятий по восстановлению кровной семьи",
        "Психолого-педагогическая подготовка детей, оставшихся без попечения родителей, к семейным формам",
    ),
    ("S002", "podderzhka-posle-vozvrashcheniya"): (
        "Порядку работы по сопровождению семьи после возврата ребёнка в семью",
        "Биологическим родителям, которые вернули ребёнка в свою семью",
        "из организации для детей-сирот и детей, оставшихся без попечения родителей",
        "замещающей семьи",
        "восстановить детско-родительские отношения",
        "Департамент по вопросам семьи и детей Томской области",
        "Органы опеки и попечительства",
        "Организации социального обслуживания несовершеннолетних",
        "Уведомление о возвращении ребёнка родителю",
        "2 рабочих дня",
        "Направление на сопровождение биологической семьи",
        "не позже следующего рабочего дня",
        "не позднее следующего рабочего дня",
        "3 рабочих дня",
        "Соглашение о сопровождении семьи",
        "7 рабочих дней",
        "служебное сообщение об отказе от заключения Соглашения",
        "дело по работе с семьёй",
        "до 1 месяца",
        "на консилиуме",
        "самое большее — 6 месяцев",
        "через 3 месяца",
        "по отдельному графику",
        "3–6 месяцев",
        "План мероприятий по подготовке к возвращению в биологическую семью",
        "копию анализа выполнения этого Плана",
        "копии заключений специалистов",
        "копии рекомендаций, выданных родителю",
        "результаты достигнуты и нет риска",
        "достиг совершеннолетия",
        "родитель отказался от сопровождения",
        "сменили место жительства",
        "Распоряжением № 201-р",
        "под стражу или направлены в места лишения свободы",
        "истёк срок сопровождения — 6 месяцев",
        "Решение о прекращении сопровождения семьи",
    ),
    ("S002", "soprovozhdenie-sroki"): (
        "ООиП по местонахождению ребёнка до передачи биологическому родителю",
        "ООиП по месту проживания семьи",
        "после получения Направления на сопровождение",
        "о возможности получить помощь",
        "План сопровождения семьи (на 3 месяца)",
        "с возможностью продления; максимальный срок — 6 месяцев",
        "копию — в ООиП по месту проживания семьи",
        "Для органа опеки и попечительства",
        "Для организации социального обслуживания несовершеннолетних",
    ),
    ("S003", "professionalnaya-semya"): (
        "модель социальной услуги",
        "экстренное размещение детей младшего возраста",
        "от 0 до 3 лет",
        "временно остались без семейного ухода",
        "срочно попала в больницу",
        "проходит реабилитацию",
        "социально опасном положении",
        "методика отбора кандидатов в профессиональные семьи",
        "образовательная программа",
        "технология сопровождения и контроля размещения детей в профессиональной семье",
        "работа с кровной семьёй на реинтеграцию",
        "Руководящие указания ООН по альтернативному уходу за детьми",
        "социально-психологическое обследование",
        "специалисты ООиП (опеки), органов социальной защиты населения",
        "Семья в кризисе может обратиться и сама",
        "ресурсы есть у биологической семьи и что нужно ребёнку",
        "больше всего подходит интересам и потребностям ребёнка",
        "совместно с профессиональной партнёрской семьёй",
        "форму размещения ребёнка и оформляют документы",
        "не менее 1 часа",
        "мониторинг актуальных потребностей",
        "возвращается в биологическую семью (реинтеграция)",
        "постоянным опекунам или усыновителям",
        "в постоянную форму жизнеустройства",
        "выгорают",
        "ресурсов всегда меньше, чем потребностей",
        "ситуация меняется",
        "не хватает информации, особенно при экстренном размещении",
        "межведомственное взаимодействие",
    ),
    ("S003", "podbor-semi"): (
        "Потребности",
        "Возможности",
        "Риски",
        "Каждая команда получает краткое описание случая",
        "риски и сильные стороны",
        "исходя из потребностей ребёнка",
        "Подберите дополнительные ресурсы",
        "Обсудите возможные риски",
    ),
    ("S004", "poryadok-vzaimodeystviya"): (
        "систему помогающих специалистов",
        "сохранить благополучие ребёнка в семье",
        "на ранних стадиях кризиса",
        "едиными инструментами оценки",
        "принципу «единого окна»",
        "через куратора случая",
        "факторы риска детского и семейного неблагополучия",
        "оценку показателей неблагополучия ребёнка",
        "оценку факторов риска семейного неблагополучия",
        "Извещение об обнаружении факторов риска семейного неблагополучия",
        "Куратор службы «Единое окно»",
        "ответственную за работу с семьёй",
        "по плану ведомственных мероприятий",
        "по карте комплексного сопровождения семьи",
        "в течение 3 дней",
        "в течение 1 дня",
        "в течение 20 дней",
        "в течение 10 дней",
        "1 раз в 3 месяца",
        "классные руководители, учителя, социальные педагоги, воспитатели, психологи школ и ДДУ",
        "участковые педиатры, участковые медицинские сестры, фельдшеры ФАП",
        "специалисты по социальной работе ОПБ, ОПППСиД",
        "специалисты в рамках функционала",
        "инспектор по делам несовершеннолетних",
        "испытывающие сложности в социальной адаптации",
        "трудная жизненная ситуация",
        "угроза жизни и здоровью ребёнка",
        "координатор: рассматривает вопросы по семьям в СОП",
        "ККСС обсуждают на территориальном консилиуме",
        "акт обследования ЖБУ",
        "комплексная оценка семейного неблагополучия",
        "индивидуальный план реабилитации семьи и результативная часть",
        "Нет инструментов диагностики для разных специалистов",
        "Раннее выявление и ранняя помощь",
        "без участия семьи, без учёта пола и возраста детей",
        "Семейно-ориентированный подход",
        "карту ресурсов района",
    ),
    ("S004", "urovni-riska"): (
        "Низкий",
        "Средний",
        "Высокий",
        "Угроза жизни",
        "горячее питание в школе",
        "подбор репетиторов",
        "льготы, пособия и выплаты",
        "трудоустройство членов семьи",
        "правовые (юридические) консультации",
        "повышение родительских компетенций",
        "не требует длительного вмешательства",
        "в рамках профилактических мероприятий",
        "общий профилактический характер",
        "безопасные условия жизни",
        "выполнение медицинских назначений",
        "длительного, спланированного сопровождения и назначения куратора",
        "специалисты разных сфер",
        "для конкретного человека (физического лица)",
        "специалист аппарата КДНиЗП",
        "с согласия семьи",
        "которые посещают образовательные учреждения",
        "которые не посещают образовательные учреждения",
        "из сотрудников учреждения социального обслуживания",
        "ООиП и МВД",
        "родственная опека",
        "приёмная семья",
        "отобрание",
        "ОРП",
        "ЛРП",
        "Работа с семьёй обязательна",
        "учреждении временного пребывания или центре помощи семье и детям",
        "со специалистами стационарных учреждений",
        "по запросу",
    ),
    ("S004", "kurator-sluchaya"): (
        "координатор работы с семьёй",
        "Составляет, дополняет и хранит Карту комплексного сопровождения семьи",
        "Диагностирует проблемы и оценивает ресурсы семьи и детей",
        "вовремя корректирует собственную работу",
        "координирует и корректирует работу с семьёй специалистов органов и учреждений системы профилактики",
        "услуги и ресурсы, которые ведут к целям плана",
        "почему семья или дети обращаются к ним",
        "транспорт, уход за ребёнком в отсутствие родителей",
        "Контролирует, как семья получает услуги",
        "Индивидуальному плану социального сопровождения (реабилитации) семьи",
        "альтернативные ресурсы",
        "на Межведомственном территориальном консилиуме",
        "«адвоката» семьи и ребёнка",
        "мониторинг качества",
        "к оценке эффективности работы",
    ),
    ("S004", "karta-soprovozhdeniya"): (
        "единый документ",
        "динамику результатов, формы и методы работы",
        "СОСТАВЛЕНА",
        "Директор учреждения",
        "УТВЕРЖДЕНА",
        "КДНиЗП по месту жительства (нахождения) ребёнка",
        "ФИО законного представителя",
        "адрес проживания",
        "Жильё, занятость, доход",
        "Здоровье",
        "Безопасность, стабильность, защищённость",
        "Образование и развитие",
        "Отношения внутри семьи",
        "Отношения вне семьи",
        "Сильные стороны",
        "Слабые стороны",
        "Мероприятия/ресурсы",
        "Исполнители",
    ),
    ("S004", "plan-vedomstvennyh-meropriyatiy"): (
        "наименование органа (учреждения) системы профилактики",
        "ФИО, должность, телефон ответственного специалиста",
        "период планирования (на 3 месяца)",
        "ФИО, дата рождения ребёнка, класс, школа, ДОУ",
        "ФИО матери, дата рождения, телефон",
        "ФИО отца, дата рождения, телефон",
        "выявленные факторы неблагополучия",
        "№ п/п",
        "Наименование задачи*, на решение которой направлено проведение мероприятий",
        "Результаты",
        "планируются в соответствии с выявленными показателями неблагополучия ребёнка и факторами риска",
        "Раннее выявление семейного неблагополучия",
    ),
    ("S004", "konsilium-i-monitoring"): (
        "совещательный орган",
        "нарушение прав и законных интересов несовершеннолетних",
        "руководители и специалисты субъектов системы профилактики",
        "Индивидуальный план социального сопровождения (реабилитации) семьи",
        "на 3 месяца",
        "выполнены ли мероприятия индивидуального плана",
        "супервизию",
        "1 раз в месяц",
    ),
}


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo portal, loaded once for the whole module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=io.StringIO(), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demo, db):
    """The demo portal, with the test's own changes undone after it."""


@pytest.fixture(scope="module")
def page_texts(demo, django_db_blocker):
    """What a visitor reads on every public page, by slug."""
    with django_db_blocker.unblock():
        return {page.slug: plain(Client().get(page.url).content.decode()) for page in public_pages()}


def public_pages():
    return list(Page.objects.descendant_of(home(), inclusive=True).live())


def home():
    return Site.objects.get(is_default_site=True).root_page


def named_in(block_type):
    """Return the slugs or codes that the blocks of one type point at."""
    streams = [value for page in PAGES for value in page.fields.values() if isinstance(value, list)]
    return {name for stream in streams for block in stream if block["type"] == block_type for name in block["value"]}


def plain(text):
    """Return the words of a page or of a fact, without tags and without differences nobody hears."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").replace("ё", "е").replace("Ё", "Е")
    return re.sub(r"\s+", " ", text).lower()


def census():
    counted = (Page, Revision, Site, Agency, OfficialForm, Edition, get_user_model())
    return Counter({model.__name__: model.objects.count() for model in counted})


class TestLoading:
    def test_everything_of_the_demo_is_there(self, loaded):
        slugs = {page.slug for page in public_pages()}

        assert slugs >= {page.slug for page in PAGES}
        assert set(Agency.objects.values_list("code", flat=True)) >= {agency.code for agency in AGENCIES}
        assert get_user_model().objects.filter(email__endswith="@ochag.example").count() == len(ACCOUNTS)

    def test_a_second_run_makes_nothing(self, loaded):
        before = census()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert census() == before

    def test_what_a_person_changed_stays_changed(self, loaded):
        page = ProgrammePage.objects.get(slug="mrg")
        page.title = "Changed by a person"
        page.save_revision().publish()
        Agency.objects.filter(code="kcson").update(name="Renamed by a person")
        contacts = SiteContacts.objects.get()
        contacts.phone = "8 (383) 111-11-11"
        contacts.save()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert ProgrammePage.objects.get(slug="mrg").title == "Changed by a person"
        assert Agency.objects.get(code="kcson").name == "Renamed by a person"
        assert SiteContacts.objects.get().phone == "8 (383) 111-11-11"

    def test_a_page_that_a_person_unpublished_stays_unpublished(self, loaded):
        ProgrammePage.objects.get(slug="mrg").unpublish()

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        assert not ProgrammePage.objects.get(slug="mrg").live

    def test_a_run_that_was_killed_between_sketches_and_texts_is_finished_by_the_next(self, loaded):
        page = ProgrammePage.objects.get(slug="mrg")
        parent = page.get_parent()
        page.delete()
        Page.objects.get(pk=parent.pk).add_child(
            instance=ProgrammePage(title="Sketch", slug="mrg", summary="Sketch", live=False)
        )

        call_command("load_demo", stdout=io.StringIO(), verbosity=0)

        finished = ProgrammePage.objects.get(slug="mrg")
        assert finished.live
        assert len(finished.body) > 0

    def test_pages_are_published_by_the_editor_and_have_no_unpublished_changes(self, loaded):
        editor = get_user_model().objects.get(email="redaktor@ochag.example")

        for page in public_pages():
            if page.slug in {demo_page.slug for demo_page in PAGES}:
                assert page.live_revision.user == editor
                assert not page.has_unpublished_changes

    def test_every_link_between_pages_leads_to_a_page(self, loaded):
        procedures = set(ProcedurePage.objects.live().values_list("slug", flat=True))
        assert named_in("pages") <= procedures | {page.slug for page in PAGES}
        assert procedures <= named_in("pages")

    def test_every_form_that_a_page_names_is_in_force(self, loaded):
        assert named_in("forms") <= set(OfficialForm.objects.live().values_list("code", flat=True))

    def test_wagtails_welcome_page_is_gone(self, loaded):
        assert Page.objects.filter(depth=2).count() == 1


class TestAccounts:
    def test_the_demo_password_opens_an_account(self, loaded):
        assert get_user_model().objects.get(email="kcson.specialist@ochag.example").check_password(DEMO_PASSWORD)

    def test_only_the_administrator_is_a_superuser(self, loaded):
        superusers = get_user_model().objects.filter(is_superuser=True).values_list("email", flat=True)

        assert list(superusers) == ["admin@ochag.example"]

    def test_every_agency_that_takes_requests_has_a_head_and_a_specialist(self):
        staffed = {(member["agency"], member["role"]) for member in memberships()}

        for agency in AGENCIES:
            if agency.takes_requests:
                assert {(agency.code, "head"), (agency.code, "specialist")} <= staffed

    def test_the_table_names_every_account_and_changes_nothing(self, db):
        before = census()
        output = io.StringIO()

        call_command("load_demo", "--table", stdout=output)

        assert all(account.email in output.getvalue() for account in ACCOUNTS)
        assert census() == before


class TestPages:
    @pytest.mark.parametrize("slug", [page.slug for page in PAGES])
    def test_the_page_opens(self, loaded, client, slug):
        page = Page.objects.descendant_of(home(), inclusive=True).get(slug=slug)

        assert client.get(page.url).status_code == 200

    @pytest.mark.parametrize(
        "page", [page for page in PAGES if page.kind == "ProgrammePage"], ids=lambda page: page.slug
    )
    def test_a_programme_ends_with_what_to_do_next(self, page):
        assert page.fields["next_step"]
        assert page.contact_agency

    @pytest.mark.parametrize(
        "page", [page for page in PAGES if page.kind == "MethodologyPage"], ids=lambda page: page.slug
    )
    def test_a_methodological_page_says_who_answers_for_it_and_until_when(self, page):
        assert page.fields["text_owner"]
        assert page.fields["legal_basis"]
        assert page.fields["review_by"]


class TestSources:
    @pytest.mark.parametrize(("source", "slug"), FACTS)
    def test_every_fact_has_a_home(self, page_texts, source, slug):
        homeless = [fact for fact in FACTS[source, slug] if plain(fact) not in page_texts[slug]]

        assert homeless == []

    def test_the_curator_has_thirteen_duties(self):
        page = next(page for page in PAGES if page.slug == "kurator-sluchaya")

        assert [len(block["value"]) for block in page.fields["body"] if block["type"] == "steps"] == [13]

    def test_the_professional_family_has_ten_steps(self):
        page = next(page for page in PAGES if page.slug == "professionalnaya-semya")

        assert [len(block["value"]) for block in page.fields["body"] if block["type"] == "steps"] == [10]

    def test_the_real_telephone_is_given_as_the_source_gives_it(self, loaded):
        agency = Agency.objects.get(code="zhemchuzhina")

        assert [phone.number for phone in agency.phones.all()] == ["344-83-54"]
        assert not agency.address
        assert not agency.opening_hours.exists()
