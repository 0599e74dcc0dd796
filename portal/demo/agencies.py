"""The agencies of the demo portal: of the kinds of domain.md A.1, invented, with numbers that nobody answers.

The one that exists is Центр «Жемчужина»: its source (S001) gives a name and a telephone, so nothing else is said of it.
"""

import datetime as dt
from dataclasses import dataclass

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(6)
MONDAY_TO_THURSDAY = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)
WORKING_DAYS = (*MONDAY_TO_THURSDAY, FRIDAY)

NOVOSIBIRSK = "Asia/Novosibirsk"
TOMSK = "Asia/Tomsk"

Stretch = tuple[tuple[int, ...], dt.time, dt.time]


def at(hour: int, minute: int = 0) -> dt.time:
    """Return a time of day."""
    return dt.time(hour, minute)


OFFICE_HOURS: tuple[Stretch, ...] = (
    (WORKING_DAYS, at(9), at(13)),
    (MONDAY_TO_THURSDAY, at(14), at(18)),
    ((FRIDAY,), at(14), at(17)),
)
LONG_HOURS: tuple[Stretch, ...] = (
    (WORKING_DAYS, at(8), at(13)),
    (WORKING_DAYS, at(14), at(20)),
    ((SATURDAY,), at(9), at(14)),
)


@dataclass(frozen=True)
class DemoAgency:
    """One agency as the contacts page shows it; a phone is (number, who answers)."""

    code: str
    kind: str
    name: str
    short_name: str
    territory: str
    region: str
    helps_with: str
    phones: tuple[tuple[str, str], ...]
    address: str = ""
    directions: str = ""
    bring_along: str = ""
    email: str = ""
    time_zone: str = NOVOSIBIRSK
    hours: tuple[Stretch, ...] = OFFICE_HOURS
    takes_requests: bool = False


ONE_WINDOW = DemoAgency(
    code="edinoe-okno",
    kind="one_window",
    name="Служба «Единое окно» комиссии по делам несовершеннолетних и защите их прав Приречного района",
    short_name="«Единое окно»",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with=(
        "Выслушает, поможет понять, что делать, и найдёт того, кто поможет дальше. Начните отсюда, если не знаете, "
        "куда."
    ),
    phones=(("8 (383) 000-00-11", "специалист службы"), ("8 (383) 000-00-12", "если первый номер занят")),
    address="Новосибирск, Тихая улица, 5, кабинет 12",
    directions="Остановка «Тихая улица». Вход со двора, звонок слева от двери. Первый этаж, лестницы нет.",
    bring_along="Ничего не нужно. Если есть паспорт и письма из организаций — возьмите.",
    email="okno@ochag.example",
    hours=LONG_HOURS,
    takes_requests=True,
)
COMMISSION = DemoAgency(
    code="kdnizp",
    kind="juvenile_commission",
    name="Комиссия по делам несовершеннолетних и защите их прав Приречного района",
    short_name="КДНиЗП Приречного района",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with="Координирует работу всех, кто помогает семье, и защищает права детей.",
    phones=(("8 (383) 000-00-21", "аппарат комиссии"),),
    address="Новосибирск, Тихая улица, 5, кабинет 14",
    directions="Остановка «Тихая улица», вход с улицы, второй этаж.",
    bring_along="Паспорт и письмо комиссии, если вы его получили.",
)
FOREST_COMMISSION = DemoAgency(
    code="kdnizp-lesnoy",
    kind="juvenile_commission",
    name="Комиссия по делам несовершеннолетних и защите их прав Лесного района",
    short_name="КДНиЗП Лесного района",
    territory="Лесной район",
    region="Новосибирская область",
    helps_with="Координирует работу всех, кто помогает семье, и защищает права детей. Здесь собирается консилиум района.",
    phones=(("8 (383) 000-00-91", "аппарат комиссии"),),
    address="Новосибирская область, Лесной район, посёлок Боровой, Вымышленная улица, 2",
    directions="Остановка «Администрация», вход с улицы, первый этаж.",
    bring_along="Паспорт и письмо комиссии, если вы его получили.",
)
GUARDIANSHIP = DemoAgency(
    code="oopip",
    kind="guardianship_body",
    name="Отдел опеки и попечительства Приречного района",
    short_name="Опека Приречного района",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with="Отвечает на вопросы о правах детей и родителей, об опеке и о возвращении ребёнка домой.",
    phones=(("8 (383) 000-00-31", "приём родителей"),),
    address="Новосибирск, Садовая улица, 18",
    directions="Остановка «Школьная», пять минут пешком через сквер. У входа есть пандус.",
    bring_along=(
        "Паспорт. Если есть: свидетельство о рождении ребёнка, решения суда. Нет документов — приходите без них."
    ),
    takes_requests=True,
)
SOCIAL_CENTRE = DemoAgency(
    code="kcson",
    kind="kcson",
    name="Комплексный центр социального обслуживания населения «Лад»",
    short_name="КЦСОН «Лад»",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with=(
        "Работает с кровной семьёй: помогает с документами, доходом и жильём, поддерживает до и после возвращения "
        "ребёнка."
    ),
    phones=(("8 (383) 000-00-41", "отделение помощи семье и детям"),),
    address="Новосибирск, Берёзовая улица, 7",
    directions="Остановка «Поликлиника», жёлтое двухэтажное здание. Можно прийти с ребёнком: есть игровая комната.",
    bring_along="Паспорт, если он под рукой.",
    email="lad@ochag.example",
    takes_requests=True,
)
REHABILITATION_CENTRE = DemoAgency(
    code="srcn",
    kind="srcn",
    name="Социально-реабилитационный центр для несовершеннолетних «Причал»",
    short_name="СРЦН «Причал»",
    territory="Приречный и Лесной районы",
    region="Новосибирская область",
    helps_with=(
        "Здесь ребёнок живёт временно, пока семье помогают. Родители могут спросить о ребёнке и о встречах с ним."
    ),
    phones=(
        ("8 (383) 000-00-51", "дежурный воспитатель"),
        ("8 (383) 000-00-52", "социальный педагог, в рабочее время"),
    ),
    address="Новосибирск, Заречная улица, 30",
    directions="Автобус до остановки «Лодочная станция», дальше по аллее до зелёных ворот.",
    bring_along="Паспорт. Что можно передать ребёнку, заранее спросите по телефону.",
)
SCHOOL = DemoAgency(
    code="shkola-17",
    kind="education_org",
    name="Средняя общеобразовательная школа № 17 Приречного района",
    short_name="Школа № 17",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with="Социальный педагог и психолог поддержат ученика и родителей.",
    phones=(("8 (383) 000-00-61", "социальный педагог"),),
    address="Новосибирск, Школьная улица, 17",
    directions="Остановка «Школьная». Скажите на входе, что идёте к социальному педагогу.",
    bring_along="Паспорт: его спросит вахтёр.",
    hours=(((*WORKING_DAYS,), at(8, 30), at(12, 30)), ((*WORKING_DAYS,), at(13), at(16, 30))),
)
CLINIC = DemoAgency(
    code="poliklinika-4",
    kind="health_org",
    name="Детская поликлиника № 4",
    short_name="Детская поликлиника № 4",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with="Участковый педиатр и медицинская сестра помогут со здоровьем ребёнка и подскажут, кто ещё нужен.",
    phones=(("8 (383) 000-00-71", "регистратура"),),
    address="Новосибирск, Берёзовая улица, 9",
    directions="Остановка «Поликлиника», вход с колясками — с торца.",
    bring_along="Если есть: полис и свидетельство о рождении ребёнка.",
    hours=((WORKING_DAYS, at(8), at(20)), ((SATURDAY,), at(9), at(14))),
)
POLICE_UNIT = DemoAgency(
    code="pdn",
    kind="police_juvenile_unit",
    name="Подразделение по делам несовершеннолетних отдела полиции Приречного района",
    short_name="ПДН Приречного района",
    territory="Приречный район",
    region="Новосибирская область",
    helps_with="Инспектор по делам несовершеннолетних. Если опасно прямо сейчас, звоните не сюда, а 112.",
    phones=(("8 (383) 000-00-81", "инспектор по делам несовершеннолетних"),),
    address="Новосибирск, Садовая улица, 2",
    directions="Остановка «Садовая». На входе дежурный, он проводит.",
    bring_along="Паспорт.",
)
TOMSK_ORGANISATION = DemoAgency(
    code="oso-tomsk",
    kind="social_service_org",
    name="Центр социального обслуживания несовершеннолетних и семей «Росток»",
    short_name="Центр «Росток»",
    territory="Томск и Томский район",
    region="Томская область",
    helps_with=(
        "Сопровождает семью после возвращения ребёнка: знакомится, составляет с вами План, поддерживает 3–6 месяцев."
    ),
    phones=(("8 (3822) 00-00-11", "отделение сопровождения семей"),),
    address="Томск, Кедровая улица, 3",
    directions="Остановка «Кедровая», вход под синим козырьком. Есть лифт.",
    bring_along="Паспорт. Если опека дала вам бумаги — возьмите их.",
    email="rostok@ochag.example",
    time_zone=TOMSK,
    takes_requests=True,
)
TOMSK_DEPARTMENT = DemoAgency(
    code="department-tomsk",
    kind="family_department",
    name="Региональный департамент по вопросам семьи и детей (демонстрационная запись)",
    short_name="Департамент по вопросам семьи и детей",
    territory="Томская область",
    region="Томская область",
    helps_with="Региональный орган власти: отвечает на вопросы о помощи семьям в области.",
    phones=(("8 (3822) 00-00-21", "приёмная"),),
    address="Томск, Соборная улица, 1",
    directions="Остановка «Соборная», вход с улицы, бюро пропусков справа.",
    bring_along="Паспорт.",
    time_zone=TOMSK,
)
ZHEMCHUZHINA = DemoAgency(
    code="zhemchuzhina",
    kind="kin_service",
    name="МКУ Центр «Жемчужина», Служба сотрудничества с кровной семьёй",
    short_name="Центр «Жемчужина»",
    territory="территорию уточните по телефону",
    region="",
    helps_with="Помогает ребёнку и родителям снова стать семьёй. Адрес и часы работы уточните по телефону.",
    phones=(("344-83-54", "Служба сотрудничества с кровной семьёй"),),
    hours=(),
    takes_requests=True,
)

AGENCIES: tuple[DemoAgency, ...] = (
    ONE_WINDOW,
    COMMISSION,
    FOREST_COMMISSION,
    GUARDIANSHIP,
    SOCIAL_CENTRE,
    REHABILITATION_CENTRE,
    SCHOOL,
    CLINIC,
    POLICE_UNIT,
    TOMSK_ORGANISATION,
    TOMSK_DEPARTMENT,
    ZHEMCHUZHINA,
)

SITE_CONTACTS = {
    "phone": "8 (383) 000-00-11",
    "hours": "по рабочим дням с 8 до 20, обед с 13 до 14; в субботу с 9 до 14",
    "emergency_text": "Если вам или ребёнку угрожает опасность, звоните 112: бесплатно, в любое время.",
    "notice": (
        "Это демонстрация. Организации и их телефоны вымышлены, кроме Центра «Жемчужина» (344-83-54). Если опасно, "
        "звоните 112."
    ),
    "quick_exit_url": "https://ya.ru/",
}
