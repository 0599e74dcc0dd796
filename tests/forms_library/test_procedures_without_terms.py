"""Four procedures whose sources give no terms (S000, S001, S003; domain.md B.3 to B.6)."""

import re

import pytest

from tests.forms_library.shipped_walks import assessed, both_blocks, handed_over, meeting, placed
from tests.forms_library.walking import Walk, day, procedure_of, rules_of


class TestBirthFamily:
    """S000: three blocks, no terms."""

    procedure = procedure_of("birth_family")

    def test_has_no_terms(self):
        assert not list(rules_of(self.procedure))

    def test_two_blocks_begin_together(self):
        assert {"family_intake", "child_contact"} <= set(Walk("birth_family").waiting)

    def test_the_programme_of_the_child_is_not_taken_for_that_of_the_family(self):
        walk = Walk("birth_family").through("family_intake", "family_diagnostics", "child_contact", "child_diagnostics")
        walk.file("ipsr", kind="несовершеннолетнего")
        assert "family_ipsr" in walk.waiting
        assert "rehabilitation" in walk.waiting

    def test_an_ordinary_survey_is_not_the_control_survey(self):
        walk = Walk("birth_family").through("family_intake", "family_diagnostics", "family_ipsr.family", "visits")
        walk.file("housing_survey", kind="первичное", return_possible="")
        assert "control_survey" in walk.waiting

    def test_a_child_who_is_not_ready_does_not_return(self):
        walk = both_blocks().through("readiness.not_yet")
        assert "reunification" not in walk.waiting
        assert "rehabilitation" in walk.waiting

    def test_of_two_children_the_one_who_is_not_ready_decides(self):
        walk = both_blocks(children=2).file("child_diagnostics", readiness="пока не готов")
        walk.file("child_diagnostics", readiness="готов")
        assert walk.progress.turns_of("readiness")[-1].outcome == "not_yet"

    def test_return_waits_for_the_survey_the_opinion_of_the_child_and_the_working_group(self):
        walk = Walk("birth_family").through("child_contact", "child_diagnostics", "child_ipsr.child", "rehabilitation")
        walk.through("readiness.ready")
        survey, opinion, group = walk.stopped_by("reunification.returns")
        assert "обследования" in survey
        assert "Мнение ребёнка" in opinion
        assert "МРГ" in group
        stated = [opinion, group]
        assert not both_blocks().through("readiness.ready").stopped_by("reunification.returns", states=stated)

    def test_a_case_that_was_not_put_to_the_working_group_needs_no_paper_of_it(self):
        walk = Walk("birth_family").through("family_intake", "family_diagnostics", "family_ipsr.family")
        walk.through("control_survey.created", "child_contact", "child_diagnostics", "child_ipsr.child")
        walk.through("rehabilitation", "readiness.ready", "reunification.returns")
        assert "mrg_protocol" not in walk.progress.last_filed
        assert "handover" in walk.waiting

    def test_a_return_is_put_off_without_any_word_of_the_working_group(self):
        walk = Walk("birth_family").through("child_contact", "child_diagnostics", "child_ipsr.child", "rehabilitation")
        assert not walk.through("readiness.ready").stopped_by("reunification.postponed")

    def test_every_child_has_papers_of_their_own(self):
        own = {step.code for step in self.procedure.steps for use in step.forms if use.per_child}
        assert own == {"child_diagnostics", "child_ipsr", "readiness", "handover", "srcn_info"}

    def test_what_is_done_only_when_needed(self):
        assert {step.code for step in self.procedure.steps if step.is_optional} == {
            *("visits", "ipsr_correction", "mrg_meeting", "aftercare_visits", "early_end")
        }

    def test_visits_after_the_return_go_on_until_the_work_stops(self):
        walk = handed_over().through(
            "aftercare.needed", "aftercare_ipsr.family", "aftercare_visits", "aftercare_visits"
        )
        assert {"aftercare_visits", "stop_prevention"} <= set(walk.waiting)
        assert "aftercare_visits" not in walk.through("stop_prevention.stop").waiting

    def test_what_belongs_before_the_return_is_over_when_the_child_is_home(self):
        gone = {"visits", "ipsr_correction", "mrg_meeting", "control_survey"}
        walk = Walk("birth_family").through("family_intake", "family_diagnostics", "family_ipsr.family", "mrg_meeting")
        walk.through("visits", "control_survey.created", "child_contact", "child_diagnostics", "child_ipsr.child")
        walk.through("visits", "rehabilitation", "readiness.ready", "reunification.returns")
        walk.through("visits")
        assert gone & set(walk.waiting) == {"visits", "ipsr_correction"}
        assert not gone & set(walk.through("handover").waiting)

    def test_visits_go_on_until_the_child_is_handed_over(self):
        walk = both_blocks()
        assert "visits" in walk.through("visits", "visits").waiting
        assert "visits" not in handed_over().waiting

    def test_the_third_block_follows_only_when_needed(self):
        assert "aftercare_ipsr" not in handed_over().through("aftercare.not_needed").waiting
        assert "aftercare_ipsr" in handed_over().through("aftercare.needed").waiting

    def test_leads_to_the_support_after_the_return(self):
        assert self.procedure.ground("support_goes_on").leads_to == "tom_support"


class TestWorkingGroup:
    """S000: the meeting of the interagency working group."""

    procedure = procedure_of("mrg")

    def test_has_no_terms(self):
        assert not list(rules_of(self.procedure))

    def test_meets_in_three_stages(self):
        walk = Walk("mrg").through("meeting_called")
        for step in ("information", "services", "protocol"):
            assert step in walk.waiting
            walk.through(step)
        assert "execution" in walk.waiting

    def test_looks_at_its_decisions_again_on_the_day_it_names(self):
        assert meeting().through("execution.not_yet", until="2026-03-10").due("execution") == day("2026-03-10")

    def test_keeps_seven_principles_and_four_functions(self):
        (functions,) = self.procedure.checklists
        assert (len(self.procedure.principles), len(functions.items)) == (7, 4)


class TestKinService:
    """S001: the service of cooperation with the birth family."""

    procedure = procedure_of("kin_service")

    def test_has_no_terms(self):
        assert not list(rules_of(self.procedure))

    def test_knows_five_categories_of_families(self):
        assert len(self.procedure.step("category").outcomes) == 5

    def test_every_pupil_has_a_programme_of_their_own(self):
        walk = Walk("kin_service", children=2).through("category.in_prison", "programme.both")
        assert "individual_programme" in walk.file("ipsr", kind="несовершеннолетнего").waiting
        assert "family_work" in walk.file("ipsr", kind="несовершеннолетнего").waiting

    @pytest.mark.parametrize(("done", "missing"), [("family_work", "ребёнком"), ("child_work", "кровной семьёй")])
    def test_result_waits_for_both_kinds_of_work_and_the_opinion_of_the_child(self, done, missing):
        walk = Walk("kin_service").through("category.in_prison", "programme.hearth", "individual_programme.child", done)
        work, opinion = walk.stopped_by("result.returns")
        assert missing in work
        assert "Мнение ребёнка" in opinion

    def test_accompanies_the_family_after_the_return(self):
        walk = Walk("kin_service").through("category.in_prison", "programme.hearth", "individual_programme.child")
        walk.through("family_work")
        assert walk.stopped_by("result.returns")
        assert "accompaniment" in walk.through("child_work", "result.returns", "return_home").waiting


class TestProfessionalFamily:
    """S003: ten steps."""

    procedure = procedure_of("professional_family")

    def test_has_ten_stages(self):
        numbers = [re.match(r"\d+", stage.title).group() for stage in self.procedure.stages]
        assert numbers == [str(number) for number in range(1, 11)]

    def test_has_only_an_internal_reminder(self):
        ((step, rule),) = rules_of(self.procedure)
        assert step.code == "review"
        assert (rule.number, rule.unit) == (3, "m")
        assert step.due.is_internal

    def test_review_is_reminded_of_three_months_after_the_placement(self):
        walk = placed(on="2026-02-09")
        assert walk.due("review") == day("2026-05-12")
        assert walk.on("2026-05-12").through("review.goes_on").due("review") == day("2026-08-12")

    def test_what_is_done_only_when_needed(self):
        optional = {step.code for step in self.procedure.steps if step.is_optional}
        assert optional == {"candidates", "early_end"}

    def test_a_visit_shorter_than_an_hour_does_not_count(self):
        walk = placed().file("pf_visit", counted=False)
        assert len(walk.progress.turns_of("visit")) == 1
        walk.file("pf_visit", counted=True)
        assert [turn.outcome for turn in walk.progress.turns_of("visit")] == ["counted", ""]

    def test_a_child_waits_while_no_family_fits(self):
        walk = assessed().through("choice.waiting")
        assert "candidates" in walk.waiting
        assert "choice" in walk.through("candidates.included").waiting

    def test_the_transition_is_accompanied_before_the_case_closes(self):
        walk = placed().through("review.time_to_close", "outcome.reintegration")
        assert "end" not in walk.waiting
        assert "end" in walk.through("transition").waiting

    def test_reintegration_leads_to_the_birth_family_or_to_support(self):
        leads = {ground.leads_to for ground in self.procedure.grounds if ground.code.startswith("reintegration")}
        assert leads == {"tom_support", "birth_family"}
