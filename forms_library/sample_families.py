"""Invented families, on which a methodologist tries a form out before anybody real is written into it.

Each family is awkward in its own way: no patronymic, five children, two guardians, an address that never ends. Nobody here
exists, and nothing that is tried out is stored. No database, no clock.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms_library.questionnaire import Answers, Questionnaire, Surroundings, completed
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.things_to_do import ABOUT_THE_FORM
from forms_library.typed import typed_from_answers

TODAY = dt.date(2026, 3, 5)
"""The day on which the invented families live, so that a trial looks the same every time."""


SAMPLE_FILE = {"id": 1, "name": "Справка для пробы.pdf", "sha256": ""}


@dataclass(frozen=True, kw_only=True)
class Family:
    """One invented family: `people` by role, each with the last parts of fact keys."""

    code: str
    name: Any
    children: tuple[Mapping[str, str], ...]
    adults: tuple[Mapping[str, str], ...]
    address: str
    phone: str = "8 (383) 000-00-00"
    words: str = "Запись для пробы. Семья вымышлена."
    term_changes: tuple[Mapping[str, str], ...] = ()

    def facts(self, whose: str) -> tuple[Mapping[str, str], ...]:
        """Return the people that the first part of a fact key means; nobody when the family has no such person."""
        place = {"address": self.address, "phone": self.phone}
        if whose in {"child", "children"}:
            found = self.children
        elif whose in {"family", "household"}:
            found = ({"name": self.adults[0]["fio"]},)
        elif whose == "term":
            found = self.term_changes
        elif whose in {"mother", "father"}:
            found = tuple(
                adult for adult in self.adults if adult["relation"] == {"mother": "мать", "father": "отец"}[whose]
            )
        else:
            found = self.adults
        return tuple({**place, **person} for person in found)


def _child(fio: str, born: str, school: str = "", class_: str = "", sex: str = "") -> dict[str, str]:
    return {"fio": fio, "birth_date": born, "school": school, "class": class_, "sex": sex}


def _adult(fio: str, born: str, relation: str, work: str = "не работает") -> dict[str, str]:
    document = "паспорт 00 00 000000, выдан отделом внутренних дел, 01.02.2020"
    return {"fio": fio, "birth_date": born, "relation": relation, "work": work, "document": document}


LONG_ADDRESS = (
    "Новосибирская область, Вымышленный муниципальный округ, сельское поселение Дальнее Заречье, посёлок станции "
    "Примерная-Сортировочная, улица Имени Первых Строителей Железной Дороги, дом 148, корпус 3, квартира 1206"
)
FAMILIES = (
    Family(
        code="usual",
        name=_("An ordinary family: a mother, a father, two children"),
        children=(
            _child("Примерова Полина Игоревна", "2016-03-05", "Школа № 0", "3 «Б»", "женский"),
            _child("Примеров Егор Игоревич", "2020-11-30", "Детский сад № 0", "", "мужской"),
        ),
        adults=(
            _adult("Примерова Анна Сергеевна", "1990-07-14", "мать", "ООО «Пример», кассир"),
            _adult("Примеров Игорь Петрович", "1988-01-02", "отец"),
        ),
        address="г. Новосибирск, ул. Вымышленная, д. 1, кв. 2",
        term_changes=(
            {
                "step": "План составлен",
                "what": "срок продлён",
                "on": "2026-03-04",
                "until": "2026-03-20",
                "ground": "Мама в больнице до 15 марта",
                "document": "№ 2, Протокол консилиума",
            },
        ),
    ),
    Family(
        code="no_patronymic",
        name=_("No patronymic: names of one and of two words"),
        children=(_child("Ким Лиён", "2018-06-01", "Школа № 0", "1 «А»", "женский"),),
        adults=(_adult("Ким Сохи", "1992-02-29", "мать"),),
        address="г. Томск, пер. Вымышленный, д. 3",
    ),
    Family(
        code="five_children",
        name=_("Five children, one of them a month old"),
        children=tuple(
            _child(f"Многодетнов {name}", born, school, class_, "мужской")
            for name, born, school, class_ in (
                ("Архип Львович", "2010-01-15", "Школа № 0", "9 «В»"),
                ("Богдан Львович", "2013-05-20", "Школа № 0", "6 «А»"),
                ("Виктор Львович", "2016-09-09", "Школа № 0", "3 «Г»"),
                ("Глеб Львович", "2021-12-31", "Детский сад № 0", ""),
                ("Давид Львович", "2026-02-05", "", ""),
            )
        ),
        adults=(_adult("Многодетнова Вера Олеговна", "1987-04-01", "мать"),),
        address="с. Вымышленное, ул. Полевая, д. 10",
    ),
    Family(
        code="two_guardians",
        name=_("Two guardians instead of the parents"),
        children=(
            _child("Салтыкова-Щедрина Мария-Антуанетта Оглы кызы", "2012-08-18", "Школа № 0", "7 «Б»", "женский"),
        ),
        adults=(
            _adult("Заяц Роман Ильич", "1970-03-03", "опекун", "пенсионер"),
            _adult("Заяц Любовь Ивановна", "1972-10-10", "опекун", "пенсионер"),
        ),
        address="г. Новосибирск, проезд Вымышленный, д. 5, кв. 6",
    ),
    Family(
        code="long_address",
        name=_("An address of 200 characters and long words"),
        children=(_child("Примеров Константин Вячеславович", "2015-05-05", "Школа № 0", "4 «А»", "мужской"),),
        adults=(_adult("Примерова-Вымышленная Александра Константиновна", "1985-05-05", "мать"),),
        address=LONG_ADDRESS,
        words="Длинная запись для пробы. " * 30,
    ),
)
FAMILY = {family.code: family for family in FAMILIES}


def answers_for(schema: Schema, family: Family) -> Answers:
    """Return answers to the whole form as this family would give them, what is computed and hidden included.

    Where the rules of the form refuse such answers, they are returned as far as they go: a trial shows the rule at work.
    """
    offered = around(schema).documents.values()
    given = {question.key: _answer(question, family) for question in schema.typed}
    for question in schema.typed:
        if question.kind == Kind.DOCUMENT:
            fitting = [each for each in offered if not question.forms or each["form"] in question.forms]
            given[question.key] = [{"id": each["id"], "name": each["name"]} for each in fitting[:1]]
    for question in schema.typed:
        earlier = question.not_before
        if earlier in schema and schema[earlier].kind == question.kind:
            given[question.key] = given[earlier] or given[question.key]
    typed = typed_from_answers(schema, given)
    questionnaire = Questionnaire(schema, typed=typed, check=True, around=around(schema))
    return questionnaire.answers() if questionnaire.is_valid() else completed(schema, given, today=TODAY)


def around(schema: Schema) -> Surroundings:
    """Return what an invented family may choose: one file, and one filed form of each kind that the form asks for."""
    forms = {code for question in schema for code in question.forms} or {""}
    documents = {
        number: {"id": number, "name": f"№ {number}, документ для пробы", "form": code}
        for number, code in enumerate(sorted(forms), start=1)
    }
    return Surroundings(attached={1: SAMPLE_FILE}, documents=documents, today=TODAY)


def _answer(question: Question, family: Family) -> Any:
    if question.kind.has_fixed_rows:
        return [_row(question.cells_of(index), family, {}) for index, _row_of_form in enumerate(question.rows)]
    if question.kind == Kind.TABLE:
        return _rows(question, family)
    whose, what = _of_whom(question.fact)
    people = family.facts(whose) if what else ()
    known = people[0].get(what, "") if people else ""
    if what and not known and not question.required:
        return _value(question, family, empty=True)
    return _value(question, family, known=known)


def _rows(question: Question, family: Family) -> list[dict[str, Any]]:
    whose = next(filter(None, (_of_whom(column.fact)[0] for column in question.columns)), "")
    people = family.facts(whose) if whose else ({},) * 2
    rows = [_row(question.columns, family, person) for person in people]
    while len(rows) < max(question.min_rows, int(question.required)):
        rows.append(_row(question.columns, family, {}))
    return rows[: question.max_rows]


def _of_whom(fact: str) -> tuple[str, str]:
    """Return whom a fact is about and what it tells; two empty strings for what says how the form is read, of nobody."""
    whose, _dot, what = ("", "", "") if fact.startswith(ABOUT_THE_FORM) else fact.partition(".")
    return whose, what


def _row(columns: tuple[Column, ...], family: Family, person: Mapping[str, str]) -> dict[str, Any]:
    return {
        column.key: _value(column, family, known=person.get(column.fact.partition(".")[2], "")) for column in columns
    }


def _value(question: Question | Column, family: Family, *, known: str = "", empty: bool = False) -> Any:
    first_choice = question.choices[0] if question.choices else ""
    values: dict[Kind, tuple[Any, Any]] = {
        Kind.DATE: (known or TODAY.isoformat(), None),
        Kind.BIRTH_DATE: (known or "2016-03-05", None),
        Kind.DATE_TIME: (f"{TODAY.isoformat()}T14:30", None),
        Kind.INTEGER: (3, None),
        Kind.MONEY: ("12345.50", ""),
        Kind.YES_NO: (True, None),
        Kind.CHOICE: (known if known in question.choices else first_choice, ""),
        Kind.CHOICES: ([first_choice], []),
        Kind.FIO: (known or family.adults[0]["fio"], ""),
        Kind.PERSON: ({"id": None, "name": known or family.adults[0]["fio"]}, {"id": None, "name": ""}),
        Kind.AGENCY: ({"id": None, "name": known or "Центр помощи «Пример»"}, {"id": None, "name": ""}),
        Kind.PHONE: (family.phone, ""),
        Kind.EMAIL: ("primer@ochag.example", ""),
        Kind.ADDRESS: (family.address, ""),
        Kind.SNILS: ("112-233-445 95", ""),
        Kind.SIGNATURE: ({"post": "специалист", "name": "Образцова Ольга Олеговна"}, {"post": "", "name": ""}),
        Kind.ATTACHMENT: ([SAMPLE_FILE], []),
        Kind.LONG_TEXT: (known or family.words, ""),
        Kind.COMPUTED: (None, None),
    }
    filled, nothing = values.get(question.kind, (known or "для пробы", ""))
    return nothing if empty else filled
