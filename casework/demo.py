"""Invented families of the demo. Every name, number and address here is made up."""

import datetime as dt
from typing import Any

QUESTIONS: list[dict[str, Any]] = [
    {
        "agency": "kcson",
        "answers": {
            "question": "Сын живёт у бабушки, я прошла лечение и хочу, чтобы он вернулся домой. С чего начать и к кому прийти?",
            "name": "Марина",
            "contact_way": "Позвонить",
            "phone": "8 (900) 000-00-01",
            "safe_time": "После 18 часов, в выходные — в любое время",
            "discreet": "Да, не говорите",
        },
    },
    {
        "agency": "",
        "answers": {
            "question": "Внучка второй месяц не ходит в школу, дочь отмалчивается. Чем можно помочь?",
            "name": "Анна Петровна",
            "contact_way": "Позвонить",
            "phone": "8 (900) 000-00-02",
            "safe_time": "С 10 до 16 часов",
            "discreet": "Можно сказать",
        },
    },
]

FAMILY: dict[str, Any] = {
    "agency": "shkola-17",
    "people": [
        {
            "role": "child",
            "full_name": "Ветрова Полина Андреевна",
            "birth_date": dt.date(2016, 4, 9),
            "school": "Школа № 17",
            "school_class": "4 «Б»",
            "address": "г. Новосибирск, ул. Примерная, д. 12, кв. 7",
        },
        {
            "role": "child",
            "full_name": "Ветров Егор Андреевич",
            "birth_date": dt.date(2020, 11, 30),
            "school": "Детский сад № 3",
            "school_class": "старшая группа",
            "address": "г. Новосибирск, ул. Примерная, д. 12, кв. 7",
        },
        {
            "role": "mother",
            "full_name": "Ветрова Ольга Сергеевна",
            "birth_date": dt.date(1992, 7, 21),
            "phone": "8 (900) 000-00-03",
            "address": "г. Новосибирск, ул. Примерная, д. 12, кв. 7",
        },
    ],
}

NOTE = (
    "Говорили с мамой в школе. Она устала: работает в две смены, младший часто болеет. "
    "Согласна на помощь с группой продлённого дня и на встречи с психологом."
)
