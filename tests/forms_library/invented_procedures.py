"""A small invented procedure that has one of everything: decisions, an appointment, forms, rhythms, guards, levels."""

from dataclasses import replace

from forms_library.procedures.definition import Procedure

SUPPORT = Procedure.from_json(
    {
        "start": "Поступил сигнал",
        "roles": [
            {"code": "officer", "title": "Специалист службы"},
            {"code": "head", "title": "Руководитель", "played_by": "head"},
            {"code": "curator", "title": "Куратор", "played_by": "curator"},
        ],
        "levels": [{"code": "low", "title": "Низкий"}, {"code": "high", "title": "Высокий", "at_once": True}],
        "level_role": "head",
        "stages": [
            {
                "code": "intake",
                "title": "Приём",
                "steps": [
                    {
                        "code": "notice",
                        "title": "Извещение передано",
                        "role": "officer",
                        "after": ["opened"],
                        "forms": [{"code": "risk_notice"}, {"code": "child_sheet", "per_child": True}],
                        "due": {"rule": {"number": 3, "unit": "wd"}},
                        "waived_by": "head",
                    },
                    {
                        "code": "level_set",
                        "title": "Уровень определён",
                        "role": "head",
                        "done_by": "decision",
                        "after": ["notice"],
                        "needs": [{"kind": "form", "words": "Извещение подано", "form": "risk_notice"}],
                        "due": {"rule": {"number": 1, "unit": "cd"}, "since": "notice", "is_internal": True},
                        "outcomes": [
                            {"code": "low", "title": "Случай не открывать", "level": "low", "needs_words": True},
                            {
                                "code": "high",
                                "title": "Открыть случай",
                                "level": "high",
                                "guards": [{"kind": "statement", "words": "семья согласна"}],
                            },
                        ],
                    },
                ],
            },
            {
                "code": "work",
                "title": "Работа",
                "steps": [
                    {
                        "code": "appointed",
                        "title": "Куратор назначен",
                        "role": "head",
                        "done_by": "appointment",
                        "appoints": "curator",
                        "after": ["level_set.high"],
                        "due": {"rule": {"unit": "now"}},
                    },
                    {
                        "code": "sheet",
                        "title": "Мониторинг",
                        "role": "curator",
                        "after": ["appointed"],
                        "forms": [{"code": "monitoring_sheet"}],
                        "every": {"number": 3, "unit": "m"},
                        "ends_with": ["level_set.low"],
                    },
                    {
                        "code": "ended",
                        "title": "Работа завершена",
                        "role": "head",
                        "done_by": "closure",
                        "after": ["appointed", "level_set.low"],
                        "required": ["risk_notice"],
                    },
                ],
            },
        ],
        "grounds": [
            {"code": "solved", "title": "Причины устранены", "guards": [{"kind": "statement", "words": "рисков нет"}]},
            {"code": "moved", "title": "Семья переехала", "needs_words": True},
        ],
        "principles": ["Семья участвует"],
        "checklists": [{"title": "Обязанности куратора", "role": "curator", "items": ["Вести карту"]}],
    }
)
TITLES = {"risk_notice": "Извещение", "child_sheet": "Лист ребёнка", "monitoring_sheet": "Лист мониторинга"}


def with_step(code, procedure=SUPPORT, **facts):
    """The procedure with something else said about one step."""
    stages = tuple(
        replace(stage, steps=tuple(replace(step, **facts) if step.code == code else step for step in stage.steps))
        for stage in procedure.stages
    )
    return replace(procedure, stages=stages)


def without_step(code, procedure=SUPPORT):
    """The procedure without one of its steps."""
    stages = tuple(
        replace(stage, steps=tuple(step for step in stage.steps if step.code != code)) for stage in procedure.stages
    )
    return replace(procedure, stages=stages)
