"""The shipped procedures are sound data, can run, and are walked from the first event to the end."""

import datetime as dt
from collections import defaultdict
from functools import cache

import pytest

from forms_library.deadlines import Rule
from forms_library.packs import shipped
from forms_library.procedures.definition import DoneBy, Procedure, guards_of
from forms_library.procedures.problems import problems
from tests.forms_library.shipped_walks import WALKS
from tests.forms_library.walking import CALENDAR, CODES, FOLDER, KEPT, Walk, facts, procedure_of, questions_of, rules_of

NAMES = {
    "code",
    "title",
    "purpose",
    "intro",
    "legal_basis",
    "issuing_agency",
    "act_number",
    "act_date",
    "act_reason",
    "review_on",
    "procedure",
}
by_code = pytest.mark.parametrize("code", CODES)


@cache
def walked():
    """Return what every walk has done, by the code of its procedure."""
    found = defaultdict(list)
    for walk in (taken() for taken in WALKS):
        found[walk.code].append(walk.walked())
    return found


class TestData:
    def test_is_there_for_the_six_procedures_and_no_other(self):
        assert {path.stem for path in FOLDER.glob("*.json")} == set(CODES)

    @by_code
    def test_has_every_fact_and_no_other(self, code):
        assert set(facts(code)) == NAMES
        assert facts(code)["code"] == code
        assert dt.date.fromisoformat(facts(code)["act_date"]) < dt.date.fromisoformat(facts(code)["review_on"])

    @by_code
    def test_round_trips(self, code):
        written = facts(code)["procedure"]
        assert Procedure.from_json(written).to_json() == written

    @by_code
    def test_can_run(self, code):
        assert problems(procedure_of(code), forms_in_force=shipped.codes()) == []

    @by_code
    def test_hands_over_only_to_shipped_procedures(self, code):
        assert {ground.leads_to for ground in procedure_of(code).grounds} <= {"", *CODES}

    @by_code
    def test_names_the_source_of_every_term(self, code):
        for step, rule in rules_of(procedure_of(code)):
            assert rule.clause, step.code
            assert len(rule.clause) < 200, "a longer one is cut off when it is read"

    @by_code
    def test_says_that_a_source_gives_no_term_or_where_the_term_is_ours(self, code):
        """Every internal term and every proposal is called one, where people read it."""
        for step in procedure_of(code).steps:
            if step.due and step.due.is_internal:
                assert "предложение" in step.due.rule.clause
                assert "источник срока не даёт" in step.hint.casefold()


class TestAnswers:
    @by_code
    def test_that_decide_can_be_given_in_the_form(self, code):
        for step in procedure_of(code).steps:
            form, question = step.deciding
            if form:
                asked = questions_of(form)[question]
                known = set(asked.choices) or set(KEPT)
                grounds = procedure_of(code).grounds if step.done_by == DoneBy.CLOSURE else ()
                for each in (*step.outcomes, *grounds):
                    assert each.answer in known, (step.code, each.answer)

    @by_code
    def test_that_decide_are_all_provided_for(self, code):
        """A choice of the form that no outcome stands for would leave the step open for ever."""
        meant_for_others = {"ipsr.kind", "pf_visit.counted"}
        for step in procedure_of(code).steps:
            if step.decided_by and step.decided_by not in meant_for_others:
                form, question = step.deciding
                parts = step.outcomes or procedure_of(code).grounds
                known = set(questions_of(form)[question].choices) or set(KEPT)
                assert known == {part.answer for part in parts}, step.code

    @by_code
    def test_that_guards_ask_for_can_be_given(self, code):
        procedure = procedure_of(code)
        guards = [guard for step in procedure.steps for guard in guards_of(step)]
        guards += [guard for ground in procedure.grounds for guard in ground.guards]
        for guard in guards:
            if guard.question:
                assert guard.value in questions_of(guard.form)[guard.question].choices

    @by_code
    def test_that_date_a_form_are_dates_and_the_same_in_every_step(self, code):
        dated = defaultdict(set)
        for step in procedure_of(code).steps:
            for use in step.forms:
                dated[use.code].add(use.dated_by)
        for form, keys in dated.items():
            assert len(keys) == 1, (form, keys)
            for key in keys - {""}:
                assert questions_of(form)[key].kind in {"date", "datetime"}

    @by_code
    def test_that_name_the_agency_of_a_role_are_agencies(self, code):
        for role in procedure_of(code).roles:
            form, question = role.naming
            assert not form or questions_of(form)[question].kind == "agency", role.code

    def test_tell_bodies_of_one_kind_apart(self):
        """Where a paper goes to two roles that one agency could play, a form names the agency of each."""
        roles = procedure_of("nso_interagency").role
        assert roles("responsible_org").named_by != roles("detecting_body").named_by != ""

    def test_that_suggest_a_level_are_computed(self):
        for place in procedure_of("nso_interagency").suggested_by:
            form, _dot, question = place.partition(".")
            assert questions_of(form)[question].kind == "computed"


class TestWalks:
    @pytest.mark.parametrize("taken", WALKS, ids=lambda taken: taken.__name__)
    def test_come_to_the_end(self, taken):
        walk = taken()
        assert walk.progress.closed
        assert not list(walk.progress.gaps())

    @by_code
    def test_go_through_every_step_outcome_and_ground(self, code):
        procedure = procedure_of(code)
        wanted = {f"{step.code}.{outcome.code}" for step in procedure.steps for outcome in step.outcomes}
        wanted |= {step.code for step in procedure.steps} | {f"ground {ground.code}" for ground in procedure.grounds}
        assert not wanted - set().union(*walked()[code])

    def test_refuse_a_step_that_does_not_wait(self):
        with pytest.raises(AssertionError, match="does not wait"):
            Walk("nso_interagency").through("notice")


class TestLoops:
    """What `problems` calls going round and round."""

    VISITS = {
        "start": "Начало",
        "roles": [{"code": "worker", "title": "Специалист"}],
        "stages": [
            {
                "code": "work",
                "title": "Работа",
                "steps": [
                    {"code": "visit", "title": "Посещение", "role": "worker", "forms": [{"code": "sheet"}]},
                    {"code": "done", "title": "Готово", "role": "worker", "done_by": "event", "after": ["opened"]},
                    {"code": "end", "title": "Конец", "role": "worker", "done_by": "closure", "after": ["done"]},
                ],
            }
        ],
        "grounds": [{"code": "finished", "title": "Работа закончена"}],
    }

    def visiting(self, **options):
        (stage,) = self.VISITS["stages"]
        visit, *others = stage["steps"]
        steps = [visit | {"after": ["opened", "visit"]} | options, *others]
        return Procedure.from_json(self.VISITS | {"stages": [stage | {"steps": steps}]})

    def test_have_an_exit_when_the_road_to_the_end_takes_them_away(self):
        assert problems(self.visiting(ends_with=["done"])) == []

    def test_have_none_when_nothing_takes_them_away(self):
        assert [problem.code for problem in problems(self.visiting())] == ["no_exit"]

    def test_have_none_when_only_they_themselves_end_it(self):
        assert [problem.code for problem in problems(self.visiting(ends_with=["visit"]))] == ["no_exit"]


class TestCalendar:
    @pytest.mark.parametrize("year", [2026, 2027])
    def test_of_these_walks_is_the_official_one(self, year):
        first = dt.date(year, 1, 1)
        days = [first + dt.timedelta(days=number) for number in range(365)]
        assert sum(CALENDAR.is_working(each) for each in days) == 247

    def test_rules_are_read_as_written(self):
        for code in CODES:
            for step, rule in rules_of(procedure_of(code)):
                assert Rule.from_json(rule.to_json()) == rule, step.code
