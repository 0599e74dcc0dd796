"""Invented services of two invented districts, for the map of resources. Nobody answers these numbers."""

import datetime as dt
from dataclasses import dataclass

RIVERSIDE, TOMSK_AREA = "Приречный район", "Томск и Томский район"
CHECKED_ON = dt.date(2026, 11, 2)


@dataclass(frozen=True)
class DemoService:
    """One entry; `agency` is the code of the agency that keeps it."""

    name: str
    gives: str
    domain: str
    audiences: tuple[str, ...]
    agency: str
    territory: str = RIVERSIDE
    provider: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    cost: str = ""
    conditions: str = ""
    free_places: int | None = None
    checked_on: dt.date = CHECKED_ON


SERVICES: tuple[DemoService, ...] = (
    DemoService(
        name="Социальная няня на несколько часов",
        gives="Побудем с ребёнком, пока вы у врача, в суде или на собеседовании.",
        domain="outside_family",
        audiences=("infants", "preschool"),
        agency="kcson",
        phone="8 (383) 000-00-31",
        hours="по рабочим дням с 8 до 20",
        conditions="Позвоните за день. Документы не нужны.",
        free_places=3,
    ),
    DemoService(
        name="Психолог для родителей и детей",
        gives="Поможет пережить расставание, вернуть доверие, договориться с подростком.",
        domain="inside_family",
        audiences=("everybody",),
        agency="kcson",
        phone="8 (383) 000-00-32",
        hours="вторник и четверг с 10 до 19",
        free_places=5,
    ),
    DemoService(
        name="Пункт вещей и продуктов",
        gives="Одежда по сезону, кроватки, школьные наборы, продукты на первое время.",
        domain="housing_work_income",
        audiences=("need", "parents"),
        agency="kcson",
        provider="Благотворительный склад «Полка добра»",
        phone="8 (383) 000-00-33",
        address="ул. Примерная, д. 3",
        hours="среда с 12 до 18, суббота с 10 до 14",
    ),
    DemoService(
        name="Юрист по жилью и выплатам",
        gives="Расскажет о пособиях, прописке, алиментах и поможет написать заявление.",
        domain="housing_work_income",
        audiences=("parents", "need"),
        agency="kcson",
        phone="8 (383) 000-00-34",
        hours="понедельник с 14 до 18",
        conditions="Возьмите паспорт и все бумаги, какие есть.",
    ),
    DemoService(
        name="Группа поддержки для тех, кто бросает пить",
        gives="Встречи раз в неделю. Никого не записывают и никому не сообщают.",
        domain="health",
        audiences=("parents",),
        agency="poliklinika-4",
        phone="8 (383) 000-00-41",
        address="ул. Примерная, д. 20, кабинет 6",
        hours="четверг в 18:30",
    ),
    DemoService(
        name="Кабинет здорового ребёнка",
        gives="Осмотр, прививки, кормление и уход за младенцем без очереди.",
        domain="health",
        audiences=("infants",),
        agency="poliklinika-4",
        phone="8 (383) 000-00-42",
        hours="по рабочим дням с 9 до 14",
    ),
    DemoService(
        name="Группа продлённого дня и помощь с уроками",
        gives="Ребёнок обедает, делает уроки с педагогом и не остаётся один до вечера.",
        domain="education_development",
        audiences=("school_age",),
        agency="shkola-17",
        phone="8 (383) 000-00-17",
        hours="по учебным дням с 13 до 18",
        cost="бесплатно, обед — 90 рублей",
        free_places=2,
    ),
    DemoService(
        name="Мастерская и спортзал для подростков",
        gives="Столярное дело, велосипеды, волейбол. Можно просто прийти.",
        domain="education_development",
        audiences=("teenagers",),
        agency="shkola-17",
        provider="Дворовый клуб «Ключ»",
        address="ул. Примерная, д. 9",
        hours="каждый день с 15 до 21",
    ),
    DemoService(
        name="Кризисная квартира для мамы с детьми",
        gives="Безопасное место на срок до двух месяцев, если дома опасно.",
        domain="safety_stability",
        audiences=("parents", "infants", "preschool", "school_age"),
        agency="srcn",
        phone="8 (383) 000-00-51",
        hours="круглосуточно",
        conditions="Адрес скажут по телефону. Приехать можно без документов.",
        free_places=1,
    ),
    DemoService(
        name="Клуб для семей с особыми детьми",
        gives="Родители отдыхают и советуются, дети играют под присмотром дефектолога.",
        domain="outside_family",
        audiences=("disability",),
        agency="srcn",
        phone="8 (383) 000-00-52",
        hours="суббота с 11 до 15",
        free_places=0,
    ),
    DemoService(
        name="Школа для родителей, к которым вернулись дети",
        gives="Восемь встреч: как жить дальше вместе, что говорить ребёнку, где искать помощь.",
        domain="inside_family",
        audiences=("parents",),
        agency="oso-tomsk",
        territory=TOMSK_AREA,
        phone="8 (3822) 00-00-21",
        hours="вторник в 18:00",
        free_places=6,
    ),
    DemoService(
        name="Прокат колясок и кроваток",
        gives="Даём на время детские вещи, пока вы не купите свои.",
        domain="housing_work_income",
        audiences=("infants", "need"),
        agency="oso-tomsk",
        territory=TOMSK_AREA,
        phone="8 (3822) 00-00-22",
        hours="по рабочим дням с 9 до 17",
        checked_on=dt.date(2026, 3, 2),
    ),
)
