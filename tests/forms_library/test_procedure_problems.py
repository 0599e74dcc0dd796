"""What keeps a procedure from running is found, each mistake by its name and its place."""

from dataclasses import replace

import pytest

from forms_library.deadlines import Rule
from forms_library.procedures.definition import (
    DefinitionError,
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
from forms_library.procedures.problems import problems
from tests.casework.following import CHECK, CURATOR, END, PLANNED, PROCEDURE, RESCUE, REVIEW

FREE = Step(code="free", title="Лишний шаг", role="officer", done_by=DoneBy.EVENT, after=("opened",))


def with_steps(*steps, **changes):
    return replace(PROCEDURE, stages=(Stage(code="one", title="Всё", steps=steps),), **changes)


def found(procedure, **around):
    return {(problem.code, problem.place, problem.subject) for problem in problems(procedure, **around)}


def beside(**wrong):
    """Return the procedure with one more step, which has something wrong about it."""
    return with_steps(CHECK, CURATOR, RESCUE, PLANNED, REVIEW, END, replace(FREE, **wrong))


def with_due(due):
    """Return the data of a procedure whose only step has this term."""
    step = {"code": "x", "title": "Х", "role": "r", "due": due}
    return {"start": "Сигнал", "stages": [{"code": "a", "title": "А", "steps": [step]}]}


class TestAProcedureThatRuns:
    def test_has_no_problems(self):
        assert problems(PROCEDURE) == []
        assert problems(beside()) == []

    def test_reads_back_as_it_was_written(self):
        assert Procedure.from_json(PROCEDURE.to_json()) == PROCEDURE

    @pytest.mark.parametrize(
        "wrong",
        [
            None,
            [],
            {"start": 5},
            {"start": "Сигнал", "stage": []},
            {},
            {"start": "Сигнал", "stages": "нет"},
            {"start": "Сигнал", "stages": [{"code": "a", "title": "А", "steps": [{"code": "x"}]}]},
            {"start": "Сигнал", "roles": [{"code": "a", "title": "А", "played_by": "никто"}]},
            with_due({"rule": {"number": 6, "unit": "m"}, "warn_days": "14"}),
            with_due({"rule": {"number": 6, "unit": "m"}, "warn_days": True}),
            with_due({"warn_days": 14}),
            with_due({"rule": {"number": "три"}}),
        ],
    )
    def test_refuses_data_that_is_no_procedure(self, wrong):
        with pytest.raises(DefinitionError):
            Procedure.from_json(wrong)

    @pytest.mark.parametrize("days", [0, 1, 14, 366])
    def test_may_tell_people_in_good_time(self, days):
        assert problems(beside(due=Due(rule=Rule.parse("6 m"), warn_days=days))) == []


class TestProblems:
    @pytest.mark.parametrize(
        ("wrong", "code", "subject"),
        [
            ({"role": ""}, "no_role", ""),
            ({"role": "nobody"}, "unknown_role", "nobody"),
            ({"done_by": DoneBy.FORMS}, "no_forms", ""),
            ({"done_by": DoneBy.FORMS, "forms": (FormUse(code="a", is_optional=True),)}, "no_forms", ""),
            ({"done_by": DoneBy.DECISION}, "no_outcomes", ""),
            ({"done_by": DoneBy.APPOINTMENT}, "appoints_nobody", ""),
            ({"decided_by": "form.question"}, "decided_by_unknown", "form.question"),
            ({"after": ("never",)}, "unknown_event", "never"),
            ({"ends_with": ("never",)}, "unknown_event", "never"),
            ({"due": Due(rule=Rule.parse("1 wd"), since="never")}, "unknown_event", "never"),
            ({"due": Due(rule=Rule.parse("1 wd"), since="free")}, "counts_from_itself", ""),
            ({"due": Due(rule=Rule.parse("6 m"), warn_days=-1)}, "warns_too_early", ""),
            ({"due": Due(rule=Rule.parse("6 m"), warn_days=367)}, "warns_too_early", ""),
            ({"due": Due(rule=Rule.parse("now"), warn_days=1)}, "warns_of_no_term", ""),
            ({"needs": (Guard(kind=GuardKind.EVENT, words="w", event="never"),)}, "unknown_event", "never"),
            ({"every": Rule.parse("now")}, "comes_again_at_once", ""),
            ({"after": ()}, "never_opens", ""),
            ({"after": ("free",)}, "unreachable", ""),
            (
                {"done_by": DoneBy.DECISION, "outcomes": (Outcome(code="a", title="А", level="top"),)},
                "unknown_level",
                "top",
            ),
            (
                {
                    "forms": (FormUse(code="f"),),
                    "decided_by": "f.q",
                    "outcomes": (Outcome(code="a", title="Да"),),
                },
                "outcome_without_answer",
                "Да",
            ),
        ],
    )
    def test_of_a_step(self, wrong, code, subject):
        assert (code, FREE.title, subject) in found(beside(**wrong))

    def test_codes(self):
        assert ("code_twice", "", "check") in found(with_steps(CHECK, CHECK, END))
        assert ("bad_code", "Лишний шаг", "Шаг 1") in found(beside(code="Шаг 1"))
        assert ("reserved_code", "", "opened") in found(beside(code="opened"))

    def test_nothing_to_do_and_no_end(self):
        assert ("no_steps", "", "") in found(replace(PROCEDURE, stages=()))
        assert ("no_grounds", "", "") in found(replace(PROCEDURE, grounds=()))
        assert ("no_end", "", "") in found(with_steps(CHECK, CURATOR, RESCUE, PLANNED, REVIEW))

    def test_a_loop_that_nobody_leaves(self):
        there = replace(FREE, code="there", title="Туда", after=("opened", "back"))
        back = replace(FREE, code="back", title="Обратно", after=("there",))
        loops = found(with_steps(CHECK, CURATOR, RESCUE, PLANNED, REVIEW, END, there, back))
        assert loops == {("no_exit", "Туда", ""), ("no_exit", "Обратно", "")}

    def test_a_loop_with_a_way_out_is_none(self):
        there = replace(FREE, code="there", title="Туда", after=("opened", "back"))
        back = replace(FREE, code="back", title="Обратно", after=("there",))
        end = replace(END, after=(*END.after, "back"))
        assert not found(with_steps(CHECK, CURATOR, RESCUE, PLANNED, REVIEW, end, there, back))

    def test_a_form_without_an_edition_in_force(self):
        assert found(PROCEDURE, forms_in_force=()) == {("form_not_in_force", "План составлен", "nso_dept_plan")}
        assert not found(PROCEDURE, forms_in_force={"nso_dept_plan"})

    def test_a_ground_that_waits_for_nothing(self):
        ground = Ground(code="g", title="Цель", guards=(Guard(kind=GuardKind.EVENT, words="w", event="never"),))
        assert ("unknown_event", "Цель", "never") in found(replace(PROCEDURE, grounds=(ground,)))

    def test_roles_of_levels_and_checklists(self):
        assert ("unknown_role", "", "nobody") in found(replace(PROCEDURE, level_role="nobody"))

    @pytest.mark.parametrize(
        ("role", "said", "code"),
        [
            ("guardians", "nso_dept_plan", "named_by_unknown"),
            ("guardians", "nso_dept_plan.", "named_by_unknown"),
            ("guardians", ".org", "named_by_unknown"),
            ("guardians", "other_form.org", "named_by_unknown"),
            ("curator", "nso_dept_plan.org", "named_but_no_agency"),
        ],
    )
    def test_a_role_whose_agency_no_answer_can_name(self, role, said, code):
        wrong = replace(PROCEDURE.role(role), named_by=said)
        others = tuple(each for each in PROCEDURE.roles if each.code != role)
        assert (code, wrong.title) in {each[:2] for each in found(replace(PROCEDURE, roles=(*others, wrong)))}

    def test_a_role_whose_agency_a_form_names(self):
        named = replace(PROCEDURE.role("guardians"), named_by="nso_dept_plan.org")
        assert not found(replace(PROCEDURE, roles=(*PROCEDURE.roles[:-1], named)))

    @pytest.mark.parametrize(
        ("sends", "problem"),
        [
            ({"papers": ("a",)}, ("papers_to_nobody", "угроза", "")),
            ({"to": ("guardians",)}, ("nothing_to_send", "угроза", "")),
            ({"papers": ("a",), "to": ("nobody",)}, ("unknown_role", "", "nobody")),
            ({"papers": ("a",), "to": ("curator",)}, ("not_an_agency", "угроза", "Куратор случая")),
            ({"papers": ("a",), "to": ("anybody",)}, ("not_an_agency", "угроза", "Кто-то ещё")),
        ],
    )
    def test_papers_of_a_level_that_cannot_go_out(self, sends, problem):
        kindless = Role(code="anybody", title="Кто-то ещё", played_by=PlayedBy.OTHER_AGENCY)
        level = Level(code="danger", title="угроза", **sends)
        wrong = replace(PROCEDURE, roles=(*PROCEDURE.roles, kindless), levels=(*PROCEDURE.levels[:2], level))
        assert found(wrong) == {problem}

    def test_papers_of_a_level_that_go_to_another_agency(self):
        level = Level(code="danger", title="угроза", papers=("a",), to=("guardians",))
        fine = replace(PROCEDURE, levels=(*PROCEDURE.levels[:2], level))
        assert not found(fine)
        assert found(fine, forms_in_force={"nso_dept_plan"}) == {("form_not_in_force", "", "a")}
