"""A form with a question of every kind that rules can speak of, its answers, and what becomes of a rule."""

import datetime as dt

import pytest

from forms_library.expressions import (
    Evaluation,
    ExpressionError,
    kind_of,
    parse,
)
from forms_library.schema import Column, Kind, Question, Row, Schema, Threshold

TODAY = dt.date(2026, 3, 5)


def question(key, kind=Kind.TEXT, **facts):
    return Question(key=key, label=key, kind=kind, **facts)


def column(key, kind=Kind.TEXT, **facts):
    return Column(key=key, label=key, kind=kind, **facts)


SPENT = question(
    "spent",
    Kind.TABLE,
    columns=(
        column("what"),
        column("price", Kind.MONEY),
        column("amount", Kind.INTEGER),
        column("paid", Kind.YES_NO),
        column("on", Kind.DATE),
        column("total", Kind.COMPUTED, expression="price * amount"),
        column("double", Kind.COMPUTED, expression="total * 2"),
    ),
)
RISKS = question(
    "risks",
    Kind.CHECKLIST,
    rows=(
        Row(label="холодно", scale="жильё", weight=5),
        Row(label="голодно", scale="питание", weight=3),
        Row(label="тесно", scale="жильё", weight=1),
    ),
    thresholds=(
        Threshold(at_least=3, level="средний"),
        Threshold(at_least=8, level="высокий"),
        Threshold(at_least=5, level="плохо", scale="жильё"),
    ),
)
QUESTIONS = (
    question("threat", Kind.YES_NO),
    question("born", Kind.BIRTH_DATE),
    question("drawn_up", Kind.DATE),
    question("start", Kind.DATE_TIME),
    question("end", Kind.DATE_TIME),
    question("rooms", Kind.INTEGER),
    question("people", Kind.INTEGER),
    question("income", Kind.MONEY),
    question("level", Kind.CHOICE, choices=("низкий", "высокий")),
    question("kinds", Kind.CHOICES, choices=("еда", "вещи")),
    question("name", Kind.FIO),
    question("story", Kind.LONG_TEXT),
    question("agency", Kind.AGENCY),
    question("paper", Kind.ATTACHMENT),
    question("heading", Kind.SECTION),
    SPENT,
    RISKS,
)
SCHEMA = Schema(questions=QUESTIONS)
ANSWERS = {
    "threat": True,
    "born": "2012-02-29",
    "drawn_up": "2026-02-28",
    "start": "2026-03-01T10:00",
    "end": "2026-03-01T11:05",
    "rooms": 2,
    "people": 5,
    "income": "10000.50",
    "level": "высокий",
    "kinds": ["еда"],
    "name": "Иванова Анна",
    "agency": {"id": 1, "name": "Школа № 17"},
    "paper": [{"id": 1, "name": "Справка.pdf"}],
    "spent": [
        {"what": "хлеб", "price": "50.25", "amount": 2, "paid": True, "on": "2026-02-28"},
        {"what": "", "price": None, "amount": None, "paid": False},
        {"what": "соль", "price": "20", "amount": None, "paid": None, "on": "2026-02-27"},
    ],
    "risks": [{"mark": "есть"}, {"mark": "нет"}, {"mark": "есть"}],
}


def worked_out(source, answers=ANSWERS, today=TODAY, schema=SCHEMA):
    """Return what a computed question with that formula comes out as."""
    it = question("it", Kind.COMPUTED, expression=source)
    return Evaluation(Schema(questions=(*schema.questions, it)), answers, today=today).computed("it")


def refusal(source, schema=SCHEMA):
    with pytest.raises(ExpressionError) as refused:
        kind_of(parse(source), schema)
    return refused.value.code, refused.value.detail
