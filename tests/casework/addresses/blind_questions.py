"""Rows of the question «is this child known?»: for teams of open agencies, and never a word of the family."""

import uuid
from typing import Any

from casework.actions.people import keep_person
from casework.models import Person
from tests.casework.addresses import TEAMS, Row

SNILS = "112-233-445 95"
KNOWN = {
    "surname": "Некто",
    "first_name": "Вера",
    "snils": SNILS,
    "agency": "{own_agency}",
    "reason": "Ребёнок не приходит в школу",
    "token": str(uuid.UUID(int=40)),
}

ROWS = [Row("casework:known", "/cases/known/", TEAMS, TEAMS, KNOWN)]


def prepare(world: Any) -> None:
    """Enter a child that the question finds by the SNILS."""
    child = Person(role="child", full_name="Лукошкина Вера", address="ул. Малиновая, д. 1", snils=SNILS)
    keep_person(case=world.case, actor=world.people["specialist"], at=world.at, person=child)
