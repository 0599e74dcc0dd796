"""An invented procedure that has every kind of step, for the tests of cases that follow one."""

from forms_library.deadlines import Rule
from forms_library.procedures.definition import (
    Checklist,
    DoneBy,
    Due,
    FormUse,
    Ground,
    Guard,
    GuardKind,
    Level,
    Outcome,
    PlayedBy,
    Procedure,
    Role,
    Stage,
    Step,
)

PLAN = "nso_dept_plan"

ROLES = (
    Role(code="reporter", title="Кто заметил"),
    Role(code="officer", title="Служба «Единое окно»", played_by=PlayedBy.HEAD),
    Role(code="curator", title="Куратор случая", played_by=PlayedBy.CURATOR),
    Role(
        code="guardians",
        title="Орган опеки",
        played_by=PlayedBy.OTHER_AGENCY,
        agency_kinds=("guardianship_body",),
    ),
)
CHECK = Step(
    code="check",
    title="Проверка сигнала",
    role="officer",
    done_by=DoneBy.DECISION,
    after=("opened",),
    due=Due(rule=Rule.parse("3 wd", clause="п. 4")),
    outcomes=(
        Outcome(code="medium", title="Средний уровень", level="medium"),
        Outcome(code="low", title="Низкий уровень", level="low", needs_words=True),
    ),
)
CURATOR = Step(
    code="curator",
    title="Назначение куратора",
    role="officer",
    done_by=DoneBy.APPOINTMENT,
    appoints="curator",
    after=("level.medium", "level.danger"),
    due=Due(rule=Rule.parse("1 wd")),
)
PLANNED = Step(
    code="plan",
    title="План составлен",
    role="curator",
    after=("curator",),
    forms=(FormUse(code=PLAN, to=("guardians",)),),
    due=Due(rule=Rule.parse("20 cd")),
    waived_by="officer",
)
REVIEW = Step(
    code="review",
    title="Мониторинг",
    role="curator",
    done_by=DoneBy.DECISION,
    after=("plan",),
    every=Rule.parse("3 m"),
    ends_with=("level.low",),
    outcomes=(
        Outcome(code="go_on", title="Продолжить"),
        Outcome(
            code="extend",
            title="Продлить",
            asks_until=True,
            guards=(
                Guard(
                    kind=GuardKind.UNTIL_WITHIN,
                    words="не дольше 6 месяцев",
                    event="plan",
                    term=Rule.parse("6 m", roll=False),
                ),
            ),
        ),
    ),
)
RESCUE = Step(
    code="rescue",
    title="Сообщено в опеку и полицию",
    role="reporter",
    done_by=DoneBy.EVENT,
    after=("level.danger",),
    due=Due(rule=Rule.parse("now")),
)
END = Step(
    code="end",
    title="Работа завершена",
    role="curator",
    done_by=DoneBy.CLOSURE,
    after=("plan", "level.low"),
)
PROCEDURE = Procedure(
    start="Поступил сигнал",
    roles=ROLES,
    stages=(
        Stage(code="first", title="Проверка", steps=(CHECK, CURATOR, RESCUE)),
        Stage(code="second", title="Сопровождение", steps=(PLANNED, REVIEW, END)),
    ),
    levels=(
        Level(code="low", title="низкий"),
        Level(code="medium", title="средний"),
        Level(code="danger", title="угроза жизни", at_once=True),
    ),
    level_role="officer",
    grounds=(
        Ground(
            code="done",
            title="Причины устранены",
            guards=(Guard(kind=GuardKind.STATEMENT, words="Риска для ребёнка нет"),),
        ),
        Ground(
            code="grown",
            title="Детям исполнилось 18",
            guards=(Guard(kind=GuardKind.CHILDREN_ADULT, words="всем детям 18 лет"),),
        ),
        Ground(code="moved", title="Семья переехала", needs_words=True),
    ),
    checklists=(Checklist(title="Куратор помнит", role="curator", items=("Ведёт карту", "Готовит исполнителей")),),
)
