"""The interagency procedure of the Novosibirsk region reads like its source (S004, domain.md B.1)."""

import datetime as dt

import pytest

from tests.forms_library.shipped_walks import (
    GROWN_UP,
    at_dept_plan,
    at_emergency_plan,
    at_plan,
    decided,
    in_emergency,
    notified,
    with_curator,
)
from tests.forms_library.walking import Walk, day, procedure_of, questions_of, rules_of


class TestNovosibirsk:
    """S004: the interagency procedure."""

    procedure = procedure_of("nso_interagency")

    def test_has_the_terms_of_the_source_and_no_other(self):
        terms = {(step.code, f"{rule.number} {rule.unit}") for step, rule in rules_of(self.procedure)}
        assert terms == {
            ("diagnosis", "3 cd"),
            ("notice", "1 cd"),
            ("check", "3 cd"),
            ("risk_decision", "3 cd"),
            ("dept_plan_work", "3 m"),
            ("dept_monitoring", "3 m"),
            ("kkss", "20 cd"),
            ("consilium", "10 cd"),
            ("plan_work", "3 m"),
            ("monitoring", "3 m"),
            ("supervision", "1 m"),
            ("recheck", "3 cd"),
            ("tell_agencies", "0 now"),
            ("protect_child", "0 now"),
            ("tell_prosecutor", "0 now"),
            ("court_claim", "7 cd"),
        }

    def test_diagnosis_is_due_three_days_after_the_signal_is_registered(self):
        walk = Walk("nso_interagency", on="2026-04-29").through("signal")
        assert walk.due("diagnosis") == day("2026-05-04")  # the third day is a Saturday

    def test_every_child_is_assessed(self):
        walk = Walk("nso_interagency", children=2).through("signal").file("nso_family_risk_factors")
        assert "diagnosis" in walk.file("nso_child_indicators").waiting
        assert "notice" in walk.file("nso_child_indicators").waiting

    def test_notice_is_due_one_day_after_the_diagnosis(self):
        walk = Walk("nso_interagency", on="2026-04-30").through("signal", "diagnosis")
        assert walk.due("notice") == day("2026-05-04")  # the next day is the First of May

    def test_check_and_decision_are_due_within_the_same_three_days(self):
        assert notified(on="2026-05-06").due("check") == day("2026-05-12")  # 9 May, and 11 May is a day off instead
        walk = notified(on="2026-04-13")
        assert walk.due("check") == day("2026-04-16")
        assert walk.on("2026-04-15").through("check.confirmed").due("risk_decision") == day("2026-04-16")

    def test_low_level_opens_no_case_and_waits_for_the_consent_of_the_family(self):
        walk = decided("low")
        assert walk.progress.level == "low"
        assert "low_consent" in walk.waiting
        assert not {"appoint_curator", "dept_plan"} & set(walk.waiting)

    @pytest.mark.parametrize("level", ["low", "medium", "high", "life_threat"])
    def test_every_decision_sets_the_level(self, level):
        assert decided(level).progress.level == level
        low = at_dept_plan().through("dept_monitoring.change_level", f"low_level_review.{level}")
        assert low.progress.level == level
        opened = at_plan().through("monitoring.change_level", f"level_review.{level}")
        assert opened.progress.level == level

    def test_what_has_to_lie_in_the_case_and_who_gets_a_paper(self):
        steps = self.procedure.steps
        assessments = ("nso_child_indicators", "nso_family_risk_factors")
        assert {step.code: step.required for step in steps if step.required} == {
            "notice": assessments,
            "kkss": (*assessments, "housing_survey"),
            "dept_plan": ("family_support_consent",),
        }
        sent = {"nso_risk_notice": ("window_officer",), "nso_risk_decision": ("responsible_org", "detecting_body")}
        for use in (use for step in steps for use in step.forms):
            assert use.to == sent.get(use.code, ())

    def test_a_level_that_rises_takes_the_dept_plan_away(self):
        walk = at_dept_plan().through("dept_monitoring.change_level", "low_level_review.medium")
        assert not {"dept_plan_work", "dept_monitoring"} & set(walk.waiting)

    @pytest.mark.parametrize(
        ("at", "gone"),
        [
            (lambda: decided("medium"), "appoint_curator"),
            (with_curator, "kkss"),
            (lambda: with_curator().through("kkss"), "consilium"),
            (lambda: with_curator().through("kkss", "consilium.returned"), "kkss_rework"),
            (lambda: with_curator().through("kkss", "consilium.approved"), "individual_plan"),
            (lambda: with_curator().through("kkss", "consilium.approved"), "card_approved"),
            (at_plan, "plan_work"),
            (at_plan, "monitoring"),
            (at_dept_plan, "dept_plan_work"),
            (at_dept_plan, "dept_monitoring"),
        ],
    )
    def test_a_threat_to_life_takes_the_ordinary_steps_away(self, at, gone):
        walk = at()
        assert gone in walk.waiting
        assert gone not in walk.level("life_threat").waiting

    @pytest.mark.parametrize("gone", ["emergency_consilium", "emergency_plan", "emergency_monitoring"])
    def test_a_level_that_falls_takes_the_steps_of_the_emergency_away(self, gone):
        walk = in_emergency().through("emergency_curator", "emergency_card")
        if gone == "emergency_monitoring":
            walk.through("emergency_plan")
        assert gone in walk.waiting
        assert gone not in walk.level("medium").waiting

    def test_what_is_done_only_when_needed(self):
        assert {step.code for step in self.procedure.steps if step.is_optional} == {
            *("new_notice", "parents_measures", "emergency_consilium", "emergency_monitoring", "early_end")
        }

    def test_without_consent_there_is_no_plan(self):
        walk = decided("low").through("low_consent.refused")
        assert "dept_plan" not in walk.waiting

    def test_a_dept_plan_lasts_three_months_also_when_that_is_a_day_off(self):
        assert at_dept_plan(on="2026-02-09").due("dept_plan_work") == day("2026-05-09")

    def test_a_dept_plan_is_monitored_every_three_months(self):
        assert at_dept_plan(on="2026-02-09").due("dept_monitoring") == day("2026-05-12")

    @pytest.mark.parametrize("level", ["medium", "high"])
    def test_a_curator_is_appointed_for_a_medium_and_a_high_level(self, level):
        walk = decided(level)
        assert "appoint_curator" in walk.waiting
        assert walk.due("appoint_curator") is None
        assert walk.through("appoint_curator").progress.appointed.keys() == {"case_curator"}

    def test_card_is_due_twenty_days_after_the_curator_is_appointed(self):
        walk = decided("medium", on="2026-04-20").through("appoint_curator")
        assert walk.due("kkss") == day("2026-05-12")  # 10 May is a Sunday

    def test_card_waits_for_the_survey(self):
        walk = decided("medium").through("appoint_curator").file("nso_kkss").file("nso_case_analysis")
        assert "consilium" not in walk.waiting
        assert "consilium" in walk.file("housing_survey").waiting

    def test_consilium_is_due_ten_days_after_the_card(self):
        assert with_curator(on="2026-04-29").through("kkss").due("consilium") == day("2026-05-12")

    def test_a_returned_card_comes_before_the_consilium_again(self):
        walk = with_curator(on="2026-02-09").through("kkss", "consilium.returned")
        assert "consilium" not in walk.waiting
        assert walk.on("2026-04-29").through("kkss_rework").due("consilium") == day("2026-05-12")

    def test_an_individual_plan_lasts_three_months_also_when_that_is_a_day_off(self):
        assert at_plan(on="2026-02-09").due("plan_work") == day("2026-05-09")

    def test_monitoring_comes_every_three_months_and_being_late_moves_nothing(self):
        walk = at_plan(on="2026-02-09")
        assert walk.due("monitoring") == day("2026-05-12")
        walk.on("2026-05-20").through("monitoring.continue")
        assert walk.due("monitoring") == day("2026-08-10")  # 9 August is a Sunday
        assert walk.on("2026-08-10").through("monitoring.continue").due("monitoring") == day("2026-11-09")

    def test_a_corrected_plan_does_not_move_the_monitoring(self):
        walk = at_plan(on="2026-02-09").on("2026-05-12").through("monitoring.adjust", "individual_plan")
        assert walk.due("plan_work") == day("2026-08-12")
        assert walk.due("monitoring") == day("2026-08-10")

    def test_monitoring_stops_when_the_case_closes(self):
        walk = at_plan().through("monitoring.close")
        assert not {"monitoring", "supervision", "plan_work"} & set(walk.waiting)
        assert "end" in walk.waiting

    def test_supervision_comes_every_month(self):
        walk = with_curator(on="2026-04-09")
        assert walk.due("supervision") == day("2026-05-12")
        assert walk.on("2026-05-12").through("supervision").due("supervision") == day("2026-06-09")

    @pytest.mark.parametrize(
        "at",
        [
            lambda: Walk("nso_interagency"),
            notified,
            lambda: notified().through("check.confirmed"),
            at_dept_plan,
            with_curator,
            at_plan,
        ],
    )
    def test_a_threat_to_life_starts_the_emergency_at_once_from_any_state(self, at):
        walk = at().on("2026-05-09").level("life_threat")  # a Saturday and a holiday
        assert walk.progress.level == "life_threat"
        assert walk.due("tell_agencies") == walk.due("protect_child") == day("2026-05-09")
        assert {"placement", "emergency_curator"} <= set(walk.waiting)
        assert walk.progress.procedure.level("life_threat").at_once

    def test_a_decision_for_a_threat_to_life_starts_the_emergency(self):
        assert {"tell_agencies", "placement", "emergency_curator"} <= set(decided("life_threat").waiting)

    def test_a_curator_of_the_emergency_is_not_appointed_again_by_the_first_decision(self):
        walk = Walk("nso_interagency", on="2026-04-13").level("life_threat").through("emergency_curator")
        walk.on("2026-04-20").through("signal", "diagnosis", "notice", "notice_registered", "check.confirmed")
        walk.through("risk_decision.medium")
        assert not {"appoint_curator", "emergency_curator", "emergency_card"} & set(walk.waiting)
        assert walk.due("kkss") == day("2026-05-12")  # twenty days from the decision; 10 May is a Sunday

    def test_a_curator_who_is_not_appointed_yet_is_asked_for_once(self):
        walk = Walk("nso_interagency").level("life_threat").through("signal", "diagnosis", "notice")
        walk.through("notice_registered", "check.confirmed", "risk_decision.high")
        assert [step for step in walk.waiting if step.endswith("curator")] == ["appoint_curator"]

    def test_a_threat_to_life_after_the_appointment_asks_to_confirm_the_curator(self):
        assert "emergency_curator" in with_curator().level("life_threat").waiting

    def test_in_an_emergency_monitoring_is_on_request_and_the_consilium_optional(self):
        walk = at_plan().level("life_threat").through("emergency_curator", "emergency_card", "emergency_plan")
        assert "monitoring" not in walk.waiting
        assert walk.due("emergency_monitoring") is None
        assert self.procedure.step("emergency_consilium").is_optional

    @pytest.mark.parametrize("measure", ["removal", "limitation", "deprivation", "temporary"])
    def test_in_an_emergency_work_with_the_family_goes_on_whatever_is_decided(self, measure):
        walk = in_emergency().through("placement.institution", f"parents_measures.{measure}")
        walk.through("emergency_curator", "emergency_card")
        assert "emergency_plan" in walk.waiting

    def test_a_removal_is_told_at_once_and_brought_to_court_in_seven_days(self):
        walk = in_emergency(on="2026-05-02").through("parents_measures.removal")
        assert walk.due("tell_prosecutor") == day("2026-05-02")
        assert walk.due("court_claim") == day("2026-05-12")

    def test_a_new_notice_joins_the_open_case(self):
        walk = at_plan(on="2026-05-06").through("new_notice")
        assert walk.due("recheck") == day("2026-05-12")
        walk.through("recheck.review", "level_review.life_threat")
        assert {"tell_agencies", "new_notice"} <= set(walk.waiting)

    def test_the_emergency_starts_again_when_the_threat_comes_back(self):
        walk = at_emergency_plan().through("emergency_monitoring.change_level", "level_review.medium")
        assert "emergency_monitoring" not in walk.waiting
        assert "tell_agencies" in walk.level("life_threat").waiting

    def test_not_confirmed_is_no_ground_before_the_check_says_so(self):
        assert notified().ending_stopped_by("not_confirmed")

    def test_lowered_is_no_ground_before_there_is_a_dept_plan(self):
        walk = at_plan().through("monitoring.change_level", "level_review.low")
        assert walk.ending_stopped_by("lowered") == ["План ведомственных мероприятий составлен"]

    def test_children_of_age_are_no_ground_while_one_is_younger(self):
        walk = at_plan()
        walk.born = (GROWN_UP, dt.date(2015, 3, 1))
        assert walk.ending_stopped_by("children_adult")

    def test_causes_removed_has_to_be_stated(self):
        assert at_plan().ending_stopped_by("causes_removed", states=())

    def test_closes_on_the_grounds_that_the_monitoring_sheet_offers(self):
        offered = questions_of("nso_monitoring")["closure_ground"].choices
        assert set(offered) == {ground.answer for ground in self.procedure.grounds if ground.answer}

    def test_shows_thirteen_duties_eight_criteria_and_four_principles(self):
        criteria, others, duties = self.procedure.checklists
        assert (len(criteria.items), len(others.items), len(duties.items)) == (4, 4, 13)
        assert len(self.procedure.principles) == 4
