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

FAMILIES: list[dict[str, Any]] = [
    {
        "name": "family",
        "agency": "shkola-17",
        "kind": "risk_notice",
        "procedure": "nso_interagency",
        "days_ago": 0,
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
        "note": (
            "Говорили с мамой в школе. Она устала: работает в две смены, младший часто болеет. "
            "Согласна на помощь с группой продлённого дня и на встречи с психологом."
        ),
    },
    {
        "name": "returned",
        "agency": "kcson",
        "kind": "support",
        "procedure": "tom_support",
        "days_ago": 6,
        "people": [
            {
                "role": "child",
                "full_name": "Ручьёв Матвей Денисович",
                "birth_date": dt.date(2015, 2, 17),
                "school": "Школа № 5",
                "school_class": "5 «А»",
                "address": "г. Новосибирск, ул. Вымышленная, д. 3",
            },
            {
                "role": "mother",
                "full_name": "Ручьёва Инна Павловна",
                "birth_date": dt.date(1990, 10, 4),
                "phone": "8 (900) 000-00-04",
                "address": "г. Новосибирск, ул. Вымышленная, д. 3",
            },
        ],
        "note": "Мама забрала Матвея домой. Комната готова, с бабушкой договорились о вечерах, когда мама на работе.",
    },
    {
        "name": "forest",
        "agency": "kdnizp-lesnoy",
        "kind": "risk_notice",
        "procedure": "nso_interagency",
        "days_ago": 1,
        "people": [
            {
                "role": "child",
                "full_name": "Боровикова Дарина Ильинична",
                "birth_date": dt.date(2017, 9, 2),
                "school": "Школа № 2 посёлка Боровой",
                "school_class": "2 «А»",
                "address": "Лесной район, посёлок Боровой, ул. Вымышленная, д. 9",
            },
            {
                "role": "mother",
                "full_name": "Боровикова Лариса Глебовна",
                "birth_date": dt.date(1994, 1, 15),
                "phone": "8 (900) 000-00-05",
                "address": "Лесной район, посёлок Боровой, ул. Вымышленная, д. 9",
            },
        ],
        "note": "Школа сообщила о пропусках. Карту и план семьи здесь согласует Территориальный консилиум района.",
    },
    {
        "name": "tomsk",
        "agency": "oso-tomsk",
        "kind": "support",
        "procedure": "tom_support",
        "days_ago": 2,
        "people": [
            {
                "role": "child",
                "full_name": "Кедрина Ася Романовна",
                "birth_date": dt.date(2014, 5, 23),
                "school": "Школа № 8",
                "school_class": "6 «В»",
                "address": "г. Томск, ул. Вымышленная, д. 14, кв. 2",
            },
            {
                "role": "father",
                "full_name": "Кедрин Роман Эдуардович",
                "birth_date": dt.date(1988, 3, 30),
                "phone": "8 (900) 000-00-06",
                "address": "г. Томск, ул. Вымышленная, д. 14, кв. 2",
            },
        ],
        "note": "Ася вернулась к отцу. План сопровождения и его окончание здесь решает консилиум Центра.",
    },
]
"""Families whose cases are under way: in which agency, under which procedure, how many days ago it began."""
