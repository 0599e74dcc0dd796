import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from forms_library.deadlines import Rule, Unit
from forms_library.procedures import in_words, problems as problems_module
from forms_library.procedures.definition import Due, Ground, Outcome, Procedure
from forms_library.procedures.in_words import problem_text
from forms_library.procedures.problems import Problem, problems
from tests.forms_library.invented_procedures import SUPPORT, TITLES, with_step

CODES = set(re.findall(r'code="(\w+)"', Path(problems_module.__file__).read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class TestAProblem:
    def test_of_every_code_has_words_and_no_words_are_left_over(self):
        assert set(in_words.PROBLEMS) == CODES
        assert set(in_words.PLACELESS) <= CODES

    @pytest.mark.parametrize("code", sorted(CODES))
    @pytest.mark.parametrize("place", ["", "Извещение"])
    def test_says_where_and_on_what(self, code, place):
        template = str(in_words.PROBLEMS[code])
        text = problem_text(Problem(code=code, place=place, subject="some_subject"))
        assert "%(" not in text
        assert ("%(subject)s" in template) <= ("some_subject" in text)
        if place and "%(place)s" in template:
            assert place in text

    def test_says_what_to_do(self):
        (found,) = problems(with_step("notice", role=""))
        assert problem_text(found) == "Step “Извещение передано”: choose who does it."

    def test_without_a_place_names_none(self):
        (found,) = problems(replace(SUPPORT, level_role="nobody"))
        assert (found.code, "“”" in problem_text(found)) == ("unknown_role", False)

    def test_names_a_form_by_its_title(self):
        found = problems(SUPPORT, forms_in_force={"risk_notice", "child_sheet"})
        assert [problem_text(each, titles=TITLES) for each in found] == [
            "Step “Мониторинг”: the form “Лист мониторинга” is not in force. Approve the form first, or choose another"
            " one."
        ]


class TestATerm:
    @pytest.mark.parametrize(
        ("step", "words"),
        [
            ("notice", "3 working days from the day of the event: “Поступил сигнал”"),
            ("level_set", "1 calendar day from the day of the step “Извещение передано” (internal term)"),
            ("appointed", "at once, on the day of: “Уровень определён” (outcome: “Открыть случай”)"),
            ("sheet", "every 3 months from the day of the step “Куратор назначен”"),
            ("ended", ""),
        ],
    )
    def test_says_how_long_and_from_when(self, step, words):
        assert in_words.term_in_words(SUPPORT, SUPPORT.step(step)) == words

    def test_that_is_a_validity_period_says_that_its_last_day_stays(self):
        changed = with_step("notice", due=Due(rule=Rule(number=6, unit=Unit.MONTHS, roll=False), since="level_set"))
        assert in_words.term_in_words(changed, changed.step("notice")) == (
            "6 months from the day of the step “Уровень определён”; the last day is not moved, even if it is a day off"
        )

    @pytest.mark.parametrize(("days", "told"), [(1, "1 day"), (14, "14 days")])
    def test_says_that_people_are_told_of_it_in_good_time(self, days, told):
        changed = with_step("notice", due=Due(rule=Rule(number=6, unit=Unit.MONTHS), since="level_set", warn_days=days))
        assert in_words.term_in_words(changed, changed.step("notice")) == (
            f"6 months from the day of the step “Уровень определён”; a reminder comes {told} before"
        )

    @pytest.mark.parametrize(("number", "words"), [(1, "every month"), (2, "every 2 months")])
    def test_that_comes_again_is_a_rhythm(self, number, words):
        assert in_words.rhythm_in_words(Rule(number=number, unit=Unit.MONTHS)) == words

    def test_that_cannot_come_again_is_still_told(self):
        assert in_words.rhythm_in_words(Rule(number=0, unit=Unit.AT_ONCE)) == "at once"


class TestAStep:
    def test_names_what_opens_it_when_there_are_several_ways(self):
        assert in_words.opens_in_words(SUPPORT, SUPPORT.step("ended")) == (
            "After: “Куратор назначен” or “Уровень определён” (outcome: “Случай не открывать”)"
        )

    def test_names_outcomes_of_one_step_and_levels_together(self):
        events = ("level_set.open", "level.low", "level_set.leave", "level.high")
        told = in_words.events_in_words(SUPPORT, events)
        assert told.count("Уровень определён") == told.count("the risk level") == 1
        assert "“Низкий”, “Высокий”" in told

    def test_is_enough_when_it_is_named_beside_its_outcome(self):
        assert in_words.events_in_words(SUPPORT, ("level_set", "level_set.open")) == "“Уровень определён”"

    def test_tells_what_takes_it_away(self):
        step = next(each for each in SUPPORT.steps if each.ends_with)
        assert in_words.ends_in_words(SUPPORT, step).startswith("Taken away by: “")
        assert in_words.ends_in_words(SUPPORT, SUPPORT.step("notice")) == ""

    def test_names_its_conditions_and_who_may_waive_them(self):
        assert in_words.conditions_in_words(SUPPORT, SUPPORT.step("level_set")) == ("Condition: Извещение подано",)
        assert in_words.conditions_in_words(SUPPORT, SUPPORT.step("ended"), titles=TITLES) == (
            "These forms are needed by then: “Извещение”",
        )
        assert in_words.conditions_in_words(SUPPORT, SUPPORT.step("notice")) == (
            "May be waived, with the reason written down, by: Руководитель",
        )

    def test_names_the_forms_that_finish_it(self):
        assert in_words.done_by_in_words(SUPPORT.step("notice"), titles=TITLES) == (
            "Done when the forms are filed: “Извещение”; “Лист ребёнка” (one for each child)"
        )

    def test_that_a_form_decides_names_the_form(self):
        step = replace(SUPPORT.step("notice"), decided_by="risk_notice.level")
        assert in_words.done_by_in_words(step, titles=TITLES).endswith(
            "The outcome is what the form “Извещение” answers"
        )

    def test_tells_what_each_outcome_leads_to(self):
        assert in_words.outcomes_in_words(SUPPORT, SUPPORT.step("level_set")) == (
            "Случай не открывать. The reason is written down. The risk level becomes “Низкий”. Then: “Работа завершена”.",
            "Открыть случай. Whoever acts confirms: семья согласна. The risk level becomes “Высокий”. Then: “Куратор"
            " назначен”.",
        )

    def test_that_ends_the_work_tells_the_grounds(self):
        assert in_words.outcomes_in_words(SUPPORT, SUPPORT.step("ended")) == (
            "Причины устранены. Whoever acts confirms: рисков нет.",
            "Семья переехала. The reason is written down.",
        )

    def test_that_ends_the_work_names_the_next_procedure_by_its_title_or_not_at_all(self):
        ground = Ground(code="handed_over", title="Передано", leads_to="next_one")
        assert in_words.ground_in_words(ground) == "Передано"
        told = in_words.ground_in_words(ground, procedures={"next_one": "Порядок МРГ"})
        assert told == "Передано. The work may go on under the procedure “Порядок МРГ”."

    def test_of_a_half_written_draft_is_told_all_the_same(self):
        draft = with_step(
            "level_set",
            role="nobody",
            after=("nothing.at_all",),
            outcomes=(Outcome(code="x", title="Икс", level="missing"),),
        )
        told = in_words.step_in_words(draft, draft.step("level_set"))
        assert "Done by: nobody" in told
        assert any("missing" in words for words in told)

    def test_is_told_whole(self):
        told = in_words.step_in_words(SUPPORT, SUPPORT.step("notice"), titles=TITLES)
        assert told[:3] == (
            "After: “Поступил сигнал”",
            "Done by: Специалист службы",
            "Term: 3 working days from the day of the event: “Поступил сигнал”",
        )

    def test_of_an_empty_procedure_is_no_step(self):
        assert [problem.code for problem in problems(Procedure(start=""))][:2] == ["no_steps", "no_grounds"]


class TestALevel:
    def test_says_who_gets_which_documents_while_it_lasts(self):
        low, high = SUPPORT.levels
        danger = replace(high, papers=("risk_notice", "act"), to=("officer", "head"))
        assert in_words.level_in_words(SUPPORT, danger, titles=TITLES) == (
            "While the level is “Высокий”, the documents “Извещение”; “act” go to: Специалист службы, Руководитель."
        )
        assert in_words.level_in_words(SUPPORT, low) == ""
