"""The Tomsk procedure reads like its source (S002, domain.md B.2)."""

import datetime as dt

import pytest

from tests.forms_library.shipped_walks import GROWN_UP, agreed, appointed, approved
from tests.forms_library.walking import CALENDAR, Walk, day, procedure_of


class TestTomsk:
    """S002: support after the child has come back to the family."""

    procedure = procedure_of("tom_support")

    def test_notice_is_due_two_working_days_after_the_child_is_handed_over(self):
        assert Walk("tom_support", on="2026-04-29").due("notice") == day("2026-05-04")

    def test_referral_is_due_on_the_next_working_day_after_the_notice_is_received(self):
        walk = Walk("tom_support", on="2026-04-29").through("notice").on("2026-04-30").through("notice_received")
        assert walk.due("referral") == day("2026-05-04")

    def test_responsible_is_due_on_the_next_working_day_after_the_referral_is_received(self):
        walk = Walk("tom_support", on="2026-05-06").through("notice", "notice_received", "referral")
        assert walk.on("2026-05-08").through("referral_received").due("appoint_responsible") == day("2026-05-12")

    def test_parent_is_told_three_working_days_after_the_responsible_is_appointed(self):
        assert appointed(on="2026-05-06").due("inform_parent") == day("2026-05-12")

    def test_agreement_is_due_seven_working_days_after_the_responsible_is_appointed(self):
        walk = appointed(on="2026-05-06")
        assert walk.due("agreement") == day("2026-05-18")
        assert walk.on("2026-05-12").through("inform_parent").due("agreement") == day("2026-05-18")

    def test_refusal_is_told_to_the_guardianship_body_by_the_term_of_the_agreement(self):
        assert appointed(on="2026-05-06").due("refusal_memo") == day("2026-05-18")
        assert self.procedure.step("refusal_memo").forms[0].to == ("guardianship_residence",)

    def test_a_refusal_takes_the_agreement_away_and_an_agreement_the_refusal(self):
        assert "agreement" not in appointed().through("refusal_memo").waiting
        assert "refusal_memo" not in appointed().through("agreement").waiting

    def test_plan_is_due_one_month_after_the_agreement_and_so_is_its_approval(self):
        walk = agreed(on="2026-04-09")
        assert walk.due("family_file") == walk.due("support_plan") == day("2026-05-12")
        assert walk.on("2026-04-30").through("support_plan").due("plan_approval") == day("2026-05-12")

    def test_a_plan_lasts_three_months_also_when_that_is_a_day_off(self):
        assert approved(on="2026-02-09").due("plan_control") == day("2026-05-09")

    def test_review_is_due_three_months_after_the_approval(self):
        assert approved(on="2026-02-09").due("plan_review") == day("2026-05-12")

    def test_support_ends_six_months_after_the_approval_at_the_latest(self):
        walk = approved(on="2026-02-09")
        assert walk.due("termination") == day("2026-08-09")  # a Sunday, and not moved (D6)

    def test_people_are_told_fourteen_days_before_the_six_months_are_over(self):
        turn = approved(on="2026-02-09").progress.open_turn("termination")
        assert turn.warn_on(CALENDAR) == day("2026-07-26")

    def test_six_months_count_from_the_first_approval(self):
        walk = approved(on="2026-02-09").on("2026-05-12").through("plan_review")
        walk.through("review_decision.extended", until="2026-08-09").through("new_plan")
        assert walk.due("termination") == day("2026-08-09")

    @pytest.mark.parametrize("outcome", ["extended", "corrected"])
    def test_an_extension_beyond_six_months_is_refused(self, outcome):
        walk = approved(on="2026-02-09").on("2026-05-12").through("plan_review")
        place = f"review_decision.{outcome}"
        assert walk.stopped_by(place, until="2026-08-10")
        assert walk.stopped_by(place, until=None)
        assert not walk.stopped_by(place, until="2026-08-09")

    def test_an_extended_plan_is_reviewed_by_the_day_that_the_consilium_names(self):
        walk = approved(on="2026-02-09").on("2026-05-12").through("plan_review")
        walk.through("review_decision.extended", until="2026-07-01")
        assert walk.due("scheduled_review") == day("2026-07-01")

    def test_the_notice_goes_to_the_guardianship_body_of_the_residence(self):
        assert self.procedure.step("notice").forms[0].to == ("guardianship_residence",)

    def test_a_refusal_and_an_early_end_are_only_for_when_they_come(self):
        assert {step.code for step in self.procedure.steps if step.is_optional} == {"refusal_memo", "early_end"}
        assert "early_end" in agreed().waiting
        assert "early_end" not in approved().waiting
        assert "early_end" not in appointed().through("refusal_memo").waiting

    def test_the_decision_to_stop_rests_on_a_protocol_of_the_consilium(self):
        assert self.procedure.step("termination").required == ("consilium_protocol",)

    def test_has_the_seven_grounds_of_the_source_in_its_words(self):
        answers = [ground.answer for ground in self.procedure.grounds]
        assert answers == [
            "достижение запланированных в Плане результатов работы с семьей и отсутствие риска нарушения прав и законных "
            "интересов ребенка в семье",
            "достижение ребенком (детьми) возраста совершеннолетия",
            "отказ родителя от сопровождения",
            "смена места жительства ребенка и семьи",
            "открытие «случая» в соответствии с Распоряжением № 201-р",
            "заключение родителей под стражу / направление в места лишения свободы",
            "истечение срока сопровождения – 6 месяцев",
        ]

    def test_goals_reached_needs_both_statements(self):
        walk = approved()
        first, second, _approval = (guard.words for guard in self.procedure.ground("goals_reached").guards)
        assert walk.ending_stopped_by("goals_reached", states=[first]) == [second]
        assert walk.ending_stopped_by("goals_reached", states=[second]) == [first]
        assert not walk.ending_stopped_by("goals_reached", states=[first, second])

    def test_the_term_has_not_expired_the_day_before(self):
        walk = approved(on="2026-02-09")
        assert walk.on("2026-08-08").ending_stopped_by("term_expired")
        assert not walk.on("2026-08-09").ending_stopped_by("term_expired")

    def test_adulthood_needs_every_child(self):
        walk = approved()
        walk.born = (GROWN_UP, dt.date(2015, 3, 1))
        assert walk.ending_stopped_by("adulthood")

    def test_an_opened_case_leads_to_the_interagency_procedure(self):
        assert self.procedure.ground("case_201r").leads_to == "nso_interagency"

    def test_the_copy_of_the_decision_goes_to_the_guardianship_body_of_the_residence(self):
        (use,) = self.procedure.step("termination").forms
        assert (use.code, use.to) == ("tom_termination", ("guardianship_residence",))
        assert self.procedure.role("guardianship_residence").agency_kinds == ("guardianship_body",)
