"""An invented form that asks everything, put in force for the tests of filling in."""

from forms_library.schema import Check, Column, Kind, Question, Row, Schema
from tests.factories import put_in_force

SCHEMA = Schema(
    questions=(
        Question(key="about", label="О семье", kind=Kind.SECTION),
        Question(key="threat", label="Есть угроза жизни", kind=Kind.YES_NO, required=True),
        Question(key="told", label="Кому сообщили", kind=Kind.TEXT, required=True, shown_when="threat == да"),
        Question(key="story", label="Что произошло", kind=Kind.LONG_TEXT, recommended=True),
        Question(key="income", label="Доход", kind=Kind.MONEY),
        Question(key="heads", label="Человек в семье", kind=Kind.INTEGER),
        Question(key="each", label="На человека", kind=Kind.COMPUTED, expression="income / heads"),
        Question(key="help", label="Помощь", kind=Kind.SECTION),
        Question(
            key="measures",
            label="Меры",
            kind=Kind.TABLE,
            columns=(
                Column(key="what", label="Что", required=True),
                Column(key="cost", label="Цена", kind=Kind.INTEGER, group="Расходы"),
                Column(key="twice", label="Вдвое", kind=Kind.COMPUTED, expression="cost * 2", group="Расходы"),
            ),
        ),
        Question(
            key="signs",
            label="Признаки",
            kind=Kind.CHECKLIST,
            rows=(Row(label="Нет еды", scale="Быт", weight=3), Row(label="Прогулы", scale="Школа", weight=2)),
        ),
        Question(key="score", label="Сумма «Быт»", kind=Kind.COMPUTED, expression='score(signs, "Быт")'),
        Question(key="urgent", label="Срочно", kind=Kind.SECTION, shown_when="threat == да"),
        Question(key="steps", label="Что сделано", kind=Kind.LONG_TEXT, required=True),
        Question(key="signed", label="Подпись", kind=Kind.SECTION),
        Question(key="sign", label="Составил", kind=Kind.SIGNATURE, required=True),
        Question(key="scan", label="Файлы", kind=Kind.ATTACHMENT),
    ),
    checks=(
        Check(condition="heads > 0", message="Хотя бы один человек", key="heads"),
        Check(condition="count(measures) < 3", message="Не больше двух мер", key="measures"),
        Check(condition="income < 1000000", message="Похоже на доход за год"),
    ),
)
WHOLE = {
    "threat": ["no"],
    "told": [""],
    "story": ["Приходили домой"],
    "income": ["20000"],
    "heads": ["4"],
    "measures-0-what": ["Продукты"],
    "measures-0-cost": ["5"],
    "signs-0-mark": ["есть"],
    "signs-1-mark": ["нет"],
    "steps": [""],
    "sign__post": ["педагог"],
    "sign__name": ["Н. Ю. Орлова"],
    "scan": [],
}


def everything(**changes):
    """Return the edition in force."""
    return put_in_force("nso_dept_plan", schema=SCHEMA, **changes)
