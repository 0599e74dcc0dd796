import datetime as dt
from dataclasses import fields, replace

import pytest
from django.utils import translation

from forms_library.deadlines import Rule, Unit
from forms_library.procedures.definition import (
    DoneBy,
    Due,
    FormUse,
    Guard,
    GuardKind,
    Level,
    Outcome,
    Role,
    Step,
)
from forms_library.procedures.differences import differences, differences_of_procedures
from forms_library.procedures.moving import moved
from forms_library.procedures.progress import Happening, What, replay
from tests.forms_library.invented_procedures import SUPPORT, TITLES, with_step, without_step

DAY = dt.date(2026, 3, 2)
OTHERWISE = {
    "title": "Иначе",
    "role": "curator",
    "done_by": DoneBy.EVENT,
    "after": ("level_set",),
    "hint": "Подсказка",
    "needs": (Guard(kind=GuardKind.STATEMENT, words="Согласие"),),
    "required": ("child_sheet",),
    "forms": (FormUse(code="risk_notice", per_child=True),),
    "decided_by": "risk_notice.level",
    "outcomes": (Outcome(code="done", title="Готово"),),
    "appoints": "curator",
    "due": Due(rule=Rule(number=5, unit=Unit.WORKING_DAYS)),
    "every": Rule(number=1, unit=Unit.MONTHS),
    "ends_with": ("ended",),
    "waived_by": "",
    "is_optional": True,
    "source": "S004",
}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def words(pair):
    return [change.words for change in pair.changes]


def only(old, new, **options):
    (pair,) = differences(old, new, **options).noticed
    return pair


class TestSteps:
    def test_that_are_the_same_are_no_difference(self):
        found = differences(SUPPORT, SUPPORT)
        assert not found
        assert [pair.state for pair in found.pairs] == ["same"] * 5

    @pytest.mark.parametrize("name", [each.name for each in fields(Step) if each.name != "code"])
    def test_are_compared_in_every_part(self, name):
        pair = only(SUPPORT, with_step("notice", **{name: OTHERWISE[name]}))
        assert pair.state == "changed"
        assert not any("Described otherwise" in text for text in words(pair))

    def test_tell_how_long_they_took_and_take_now(self):
        longer = with_step("notice", due=Due(rule=Rule(number=5, unit=Unit.WORKING_DAYS)))
        assert words(only(SUPPORT, longer)) == ["Term: was “3 working days”, now “5 working days”"]

    def test_tell_the_whole_term_when_it_is_counted_from_another_day(self):
        moved_term = with_step("level_set", due=Due(rule=Rule(number=1, unit=Unit.CALENDAR_DAYS)))
        assert words(only(SUPPORT, moved_term)) == [
            "Term: was “1 calendar day from the day of the step “Извещение передано” (internal term)”, now “1 calendar day"
            " from the day of the step “Извещение передано””"
        ]

    def test_tell_of_a_term_that_differs_only_in_its_clause(self):
        clause = Due(rule=Rule(number=3, unit=Unit.WORKING_DAYS, clause="п. 4"))
        assert len(words(only(SUPPORT, with_step("notice", due=clause)))) == 1

    def test_tell_that_people_are_told_of_a_term_in_good_time_now(self):
        warned = with_step("notice", due=Due(rule=Rule(number=3, unit=Unit.WORKING_DAYS), warn_days=2))
        pair = only(SUPPORT, warned)
        term = "3 working days from the day of the event: “Поступил сигнал”"
        assert words(pair) == [f"Term: was “{term}”, now “{term}; a reminder comes 2 days before”"]
        assert not pair.is_breaking
        longer = with_step("notice", due=Due(rule=Rule(number=5, unit=Unit.WORKING_DAYS), warn_days=2))
        assert words(only(warned, longer)) == ["Term: was “3 working days”, now “5 working days”"]

    def test_tell_of_a_removed_one_where_it_stood(self):
        found = differences(SUPPORT, without_step("appointed"))
        assert [(pair.title, pair.old_stage, pair.is_breaking) for pair in found.removed] == [
            ("Куратор назначен", "Работа", True)
        ]
        assert [pair.part.code for pair in found.pairs] == [step.code for step in SUPPORT.steps]

    def test_tell_of_a_new_one(self):
        (pair,) = differences(without_step("sheet"), SUPPORT).added
        assert (pair.title, pair.new_stage, pair.is_breaking) == ("Мониторинг", "Работа", False)

    def test_tell_of_one_that_stands_in_another_stage(self):
        intake, work = SUPPORT.stages
        other = replace(
            SUPPORT,
            stages=(
                replace(intake, steps=intake.steps[:1]),
                replace(work, steps=(intake.steps[1], *work.steps)),
            ),
        )
        assert words(only(SUPPORT, other)) == ["Stage: was “Приём”, now “Работа”"]

    def test_tell_of_one_that_moved_and_only_of_that_one(self):
        intake, work = SUPPORT.stages
        other = replace(SUPPORT, stages=(intake, replace(work, steps=(work.steps[1], work.steps[0], work.steps[2]))))
        assert [pair.state for pair in differences(SUPPORT, other).pairs].count("moved") == 1

    def test_name_forms_by_their_titles(self):
        other = with_step("sheet", forms=(FormUse(code="risk_notice"),))
        assert words(only(SUPPORT, other, titles=TITLES)) == [
            "Form: removed “Лист мониторинга”",
            "Form: added “Извещение”",
        ]

    def test_tell_what_an_outcome_says_otherwise(self):
        low, high = SUPPORT.step("level_set").outcomes
        other = with_step("level_set", outcomes=(replace(low, needs_words=False), replace(high, level="low")))
        assert words(only(SUPPORT, other)) == [
            "Outcome “Случай не открывать”. No reason is asked any more",
            "Outcome “Открыть случай”. Risk level: was “Высокий”, now “Низкий”",
        ]

    def test_tell_of_a_condition_that_is_checked_otherwise(self):
        other = with_step("level_set", needs=(Guard(kind=GuardKind.STATEMENT, words="Извещение подано"),))
        assert words(only(SUPPORT, other)) == ["Condition “Извещение подано”: it is checked otherwise now"]


class TestBreaking:
    @pytest.mark.parametrize(
        ("step", "facts", "is_breaking"),
        [
            ("level_set", {"outcomes": SUPPORT.step("level_set").outcomes[:1]}, True),
            ("level_set", {"outcomes": (*SUPPORT.step("level_set").outcomes, Outcome(code="x", title="Икс"))}, False),
            ("notice", {"forms": SUPPORT.step("notice").forms[:1]}, True),
            ("sheet", {"forms": (*SUPPORT.step("sheet").forms, FormUse(code="risk_notice"))}, True),
            ("sheet", {"forms": (*SUPPORT.step("sheet").forms, FormUse(code="x", is_optional=True))}, False),
            ("sheet", {"forms": (FormUse(code="monitoring_sheet", per_child=True),)}, True),
            ("ended", {"after": ("appointed",)}, True),
            ("ended", {"after": ("appointed", "level_set.low", "notice")}, False),
            ("notice", {"title": "Иначе"}, False),
            ("notice", {"due": None}, False),
            ("notice", {"done_by": DoneBy.EVENT}, True),
        ],
    )
    def test_is_what_a_case_under_way_would_feel(self, step, facts, is_breaking):
        assert only(SUPPORT, with_step(step, **facts)).is_breaking is is_breaking

    def test_is_a_role_or_a_level_that_is_no_more(self):
        fewer = replace(SUPPORT, roles=SUPPORT.roles[:2], levels=SUPPORT.levels[:1])
        found = differences(SUPPORT, fewer)
        assert found.breaking_in_words == ("Role: removed “Куратор”", "Risk level: removed “Высокий”")

    def test_is_told_in_words(self):
        assert differences(SUPPORT, without_step("sheet")).breaking_in_words == ("Мониторинг: Removed",)


class TestTheRest:
    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            ({"start": "Иначе"}, "How it begins: was “Поступил сигнал”, now “Иначе”"),
            ({"roles": (*SUPPORT.roles, Role(code="x", title="Икс"))}, "Role: added “Икс”"),
            (
                {"roles": (replace(SUPPORT.roles[0], named_by="risk_notice.org"), *SUPPORT.roles[1:])},
                f"Role “{SUPPORT.roles[0].title}”. Which answer names the agency: added “risk_notice.org”",
            ),
            ({"levels": (SUPPORT.levels[1], SUPPORT.levels[0])}, "Risk level: another order"),
            (
                {"levels": (Level(code="low", title="Малый"), SUPPORT.levels[1])},
                "Risk level “Малый”. Title: was “Низкий”, now “Малый”",
            ),
            (
                {"levels": (replace(SUPPORT.levels[0], papers=("risk_notice",)), SUPPORT.levels[1])},
                "Risk level “Низкий”. Document of the level: added “risk_notice”",
            ),
            (
                {"levels": (replace(SUPPORT.levels[0], to=("head",)), SUPPORT.levels[1])},
                "Risk level “Низкий”. Sent to: added “Руководитель”",
            ),
            ({"level_role": "officer"}, "Who sets the risk level: was “Руководитель”, now “Специалист службы”"),
            ({"suggested_by": ("risk_notice.level",)}, "Answer that suggests a level: added “risk_notice.level”"),
            ({"grounds": SUPPORT.grounds[:1]}, "Closure ground: removed “Семья переехала”"),
            (
                {"grounds": (SUPPORT.grounds[0], replace(SUPPORT.grounds[1], leads_to="mrg"))},
                "Closure ground “Семья переехала”. Procedure that takes over: added “mrg”",
            ),
            ({"principles": ()}, "Principle: removed “Семья участвует”"),
            (
                {"checklists": (replace(SUPPORT.checklists[0], items=()),)},
                "Checklist “Обязанности куратора”. Item of the list: removed “Вести карту”",
            ),
            (
                {"stages": (replace(SUPPORT.stages[0], title="Начало"), SUPPORT.stages[1])},
                "Stage “Начало”. Title: was “Приём”, now “Начало”",
            ),
        ],
    )
    def test_is_told_beside_the_steps(self, facts, told):
        found = differences(SUPPORT, replace(SUPPORT, **facts))
        assert (not found.noticed, [change.words for change in found.others]) == (True, [told])

    def test_tells_what_is_said_about_the_procedure(self):
        old = {"title": "Порядок", "legal_basis": "Приказ", "definition": SUPPORT.to_json()}
        found = differences_of_procedures(old, old | {"legal_basis": "Закон"})
        assert [change.words for change in found.facts] == ["Legal basis: was “Приказ”, now “Закон”"]


def happened(what, step="", code="", **facts):
    return Happening(what=what, on=DAY, step=step, code=code, **facts)


BEGUN = (
    happened(What.OPENED),
    happened(What.FILED, code="risk_notice"),
    happened(What.FILED, code="child_sheet"),
    happened(What.DECIDED, "level_set", "high"),
    happened(What.APPOINTED, "appointed", "curator"),
)


class TestACaseThatIsMoved:
    def test_keeps_what_both_editions_have(self):
        found = moved(replay(SUPPORT, BEGUN), SUPPORT)
        assert found.is_harmless
        assert {step.code: (step.is_done, step.is_open) for step in found.kept} == {
            "notice": (True, False),
            "level_set": (True, False),
            "appointed": (True, False),
            "sheet": (False, True),
            "ended": (False, True),
        }

    def test_is_told_of_terms_and_roles_that_change(self):
        longer = with_step("sheet", every=Rule(number=1, unit=Unit.MONTHS), role="officer")
        found = moved(replay(SUPPORT, BEGUN), longer)
        (step,) = [each for each in found.kept if each.changes]
        assert [change.words for change in step.changes] == [
            "Who does it: was “Куратор”, now “Специалист службы”",
            "Term: was “every 3 months from the day of the step “Куратор назначен””, now “every month from the day of the"
            " step “Куратор назначен””",
        ]
        assert found.is_harmless

    def test_loses_a_step_that_is_no_more(self):
        found = moved(replay(SUPPORT, BEGUN), without_step("sheet"))
        assert [(step.code, step.state_in_words) for step in found.gone] == [("sheet", "the step is open")]
        assert not found.is_harmless

    def test_does_not_miss_a_removed_step_that_it_never_reached(self):
        assert moved(replay(SUPPORT, BEGUN[:1]), without_step("sheet")).gone == ()

    def test_is_told_what_is_new_and_whether_it_opens(self):
        old = replay(without_step("sheet"), BEGUN)
        (step,) = moved(old, SUPPORT, replayed=replay(SUPPORT, BEGUN)).new
        assert (step.code, step.is_open) == ("sheet", True)

    def test_is_told_what_has_to_be_done_again(self):
        more = with_step("notice", forms=(*SUPPORT.step("notice").forms, FormUse(code="monitoring_sheet")))
        found = moved(replay(SUPPORT, BEGUN), more, replayed=replay(more, BEGUN))
        again = {step.code for step in found.kept if step.reopens}
        assert "notice" in again
        assert {step.code for step in found.kept if step.closes} == {"sheet", "ended"}
        assert not found.is_harmless
