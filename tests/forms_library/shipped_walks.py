"""Walks through the shipped procedures, from the first event to the end: together through every step, outcome and ground."""

import datetime as dt

from tests.forms_library.walking import Walk

GROWN_UP = dt.date(2008, 1, 20)
WALKS = []


def walk(taken):
    """Keep a function that walks one procedure to its end."""
    WALKS.append(taken)
    return taken


# Novosibirsk: the interagency procedure (S004)


def notified(**options):
    return Walk("nso_interagency", **options).through("signal", "diagnosis", "notice", "notice_registered")


def decided(level, **options):
    return notified(**options).through("check.confirmed", f"risk_decision.{level}")


def at_dept_plan(**options):
    return decided("low", **options).through("low_consent.agreed", "dept_plan")


def with_curator(level="medium", **options):
    return decided(level, **options).through("appoint_curator").file("housing_survey")


def at_plan(level="medium", **options):
    return with_curator(level, **options).through("kkss", "consilium.approved", "individual_plan")


def in_emergency(**options):
    return decided("life_threat", **options).through("tell_agencies", "protect_child")


def at_emergency_plan(**options):
    return in_emergency(**options).through("emergency_curator", "emergency_card", "emergency_plan")


@walk
def nso_not_confirmed():
    return notified().through("check.not_confirmed").end("not_confirmed")


@walk
def nso_low_without_consent():
    return decided("low").through("low_consent.refused").end("no_consent")


@walk
def nso_low_to_the_end():
    walk = at_dept_plan().on("2026-05-08").through("dept_plan_work", "dept_monitoring.continue")
    walk.on("2026-08-10").through("dept_monitoring.adjust", "dept_plan")
    return walk.on("2026-11-09").through("dept_monitoring.close").end("causes_removed")


@walk
def nso_low_stays_low_then_rises():
    walk = at_dept_plan().through("dept_monitoring.change_level", "low_level_review.low", "dept_plan")
    walk.through("dept_monitoring.change_level", "low_level_review.medium", "appoint_curator")
    return walk.end("moved")


@walk
def nso_low_rises_to_high():
    walk = at_dept_plan().through("new_notice", "recheck.decide", "low_level_review.high", "appoint_curator")
    return walk.end("death")


@walk
def nso_low_rises_to_a_threat():
    walk = at_dept_plan().through(
        "dept_monitoring.change_level", "low_level_review.life_threat", "placement.institution"
    )
    return walk.end("srcn_stay")


@walk
def nso_medium_to_the_end():
    walk = with_curator("medium").through("kkss", "consilium.returned", "kkss_rework", "consilium.approved")
    walk.through("card_approved", "individual_plan", "supervision").on("2026-05-12").through("monitoring.continue")
    walk.through("plan_work").on("2026-08-10").through("monitoring.adjust", "individual_plan", "plan_work")
    return walk.on("2026-11-09").through("monitoring.close").end("causes_removed")


@walk
def nso_high_lowered_to_a_dept_plan():
    walk = at_plan("high").through("monitoring.change_level", "level_review.medium", "individual_plan")
    walk.through("new_notice", "recheck.review", "level_review.high", "individual_plan", "new_notice", "recheck.stands")
    walk.through("monitoring.change_level", "level_review.low", "low_consent.agreed", "dept_plan")
    return walk.end("lowered")


@walk
def nso_grown_up():
    return at_plan(born=GROWN_UP).end("children_adult")


@walk
def nso_threat_with_removal():
    walk = in_emergency().through("placement.kin_guardianship", "parents_measures.removal")
    walk.through("tell_prosecutor", "court_claim", "emergency_curator", "supervision", "emergency_card")
    walk.through(
        "emergency_consilium", "emergency_plan", "emergency_monitoring.continue", "emergency_monitoring.adjust"
    )
    return walk.through("emergency_plan", "emergency_monitoring.close").end("children_placed")


@walk
def nso_threat_passes():
    walk = at_emergency_plan().through("placement.stays_home", "parents_measures.limitation")
    walk.through("emergency_monitoring.change_level", "level_review.medium", "individual_plan", "monitoring.close")
    return walk.end("causes_removed")


@walk
def nso_threat_stays():
    walk = at_emergency_plan().through("placement.foster_family", "parents_measures.deprivation")
    walk.through("emergency_monitoring.change_level", "level_review.life_threat", "emergency_monitoring.close")
    return walk.end("children_placed")


@walk
def nso_threat_with_a_stay_for_a_time():
    walk = in_emergency().through("placement.institution", "parents_measures.temporary")
    return walk.end("srcn_stay")


@walk
def nso_moved_before_any_decision():
    return notified().end("moved")


# Tomsk: support after the child has come back (S002)


def appointed(**options):
    walk = Walk("tom_support", **options).through("notice", "notice_received", "referral", "referral_received")
    return walk.through("appoint_responsible")


def agreed(**options):
    return appointed(**options).through("inform_parent", "agreement")


def approved(**options):
    return agreed(**options).through("family_file", "support_plan", "plan_approval.approved")


@walk
def tom_goals_reached():
    walk = agreed().through("family_file", "support_plan", "plan_approval.returned", "support_plan")
    walk.through("plan_approval.approved").on("2026-05-08").through("plan_control", "plan_review")
    return walk.through("review_decision.finish").end("goals_reached")


@walk
def tom_extended_to_the_last_day():
    walk = approved().on("2026-05-08").through("plan_control", "plan_review")
    walk.through("review_decision.extended", until="2026-07-09").through("new_plan")
    walk.on("2026-07-09").through("scheduled_review").through("review_decision.corrected", until="2026-08-09")
    walk.through("new_plan").on("2026-08-07").through("scheduled_review", "review_decision.finish")
    return walk.on("2026-08-09").end("term_expired")


@walk
def tom_refused():
    return appointed().through("inform_parent", "refusal_memo").end("parent_withdrew")


@walk
def tom_grown_up():
    return approved(born=GROWN_UP).end("adulthood")


@walk
def tom_moved():
    return appointed().end("moved")


@walk
def tom_case_opened():
    return approved().end("case_201r")


@walk
def tom_parents_in_custody():
    return agreed().end("custody")


# The birth family: three blocks (S000)


def family_visited(**options):
    walk = Walk("birth_family", **options).through("family_intake", "family_diagnostics", "family_ipsr.family")
    return walk.through("mrg_meeting", "visits", "ipsr_correction.family")


def both_blocks(**options):
    walk = family_visited(**options).through("control_survey.created")
    walk.through("child_contact", "child_diagnostics", "child_ipsr.child", "rehabilitation")
    return walk


def handed_over(**options):
    walk = both_blocks(**options).through("readiness.ready", "reunification.returns", "handover")
    return walk.through("srcn_info")


@walk
def family_prevention_stopped():
    walk = family_visited().through("control_survey.not_yet", "child_contact", "child_diagnostics", "child_ipsr.child")
    walk.through("rehabilitation", "readiness.not_yet", "rehabilitation", "readiness.with_support")
    walk.through("control_survey.created", "reunification.postponed", "control_survey.created", "rehabilitation")
    walk.through("readiness.ready", "reunification.returns", "handover", "srcn_info", "aftercare.needed")
    walk.through("aftercare_ipsr.family", "interagency", "relations", "aftercare_visits", "stop_prevention.go_on")
    return walk.through("aftercare_ipsr.family", "relations", "stop_prevention.stop").end("prevention_stopped")


@walk
def family_needs_no_aftercare():
    return handed_over(children=2).through("aftercare.not_needed").end("no_aftercare")


@walk
def family_goes_on_with_support():
    return handed_over().end("support_goes_on")


@walk
def family_cannot_take_the_child_back():
    return family_visited().end("other_placement")


@walk
def family_with_grown_up_children():
    return family_visited(born=GROWN_UP).end("children_adult")


@walk
def family_moved():
    return Walk("birth_family").end("moved")


# The interagency working group (S000)


def meeting(**options):
    return Walk("mrg", **options).through("meeting_called", "information", "services", "protocol")


@walk
def mrg_executed():
    walk = meeting().through("execution.not_yet", until="2026-03-10").through("execution.new_meeting")
    walk.through("meeting_called", "information", "services", "protocol", "execution.executed")
    return walk.end("executed")


@walk
def mrg_withdrawn():
    return Walk("mrg").end("withdrawn")


@walk
def mrg_grown_up():
    return meeting(born=GROWN_UP).end("children_adult")


# The service of cooperation with the birth family (S001)


def kin_worked(category="rights_lost", programme="hearth", **options):
    walk = Walk("kin_service", **options).through(f"category.{category}", f"programme.{programme}")
    return walk.through("individual_programme.child", "family_work", "child_work", "legal_work")


@walk
def kin_child_returns():
    walk = kin_worked("in_prison", "hearth", children=2).through(
        "contact", "result.go_on", "individual_programme.child"
    )
    walk.through("family_work", "child_work", "result.returns", "return_home", "accompaniment")
    return walk.end("returned")


@walk
def kin_contact_restored():
    return kin_worked("kin_adopters", "preparation").through("result.contact_restored").end("contact_restored")


@walk
def kin_another_family():
    return kin_worked("refused_at_birth", "both").through("result.other_placement").end("other_placement")


@walk
def kin_grown_up():
    return kin_worked("rights_lost", born=GROWN_UP).end("children_adult")


@walk
def kin_left():
    return Walk("kin_service").through("category.placed_for_a_time").end("left")


# The professional family (S003)


def assessed(**options):
    return Walk("professional_family", **options).through("request", "assessment")


def placed(papers="parent_agreement", **options):
    walk = assessed(**options).through("choice.found", "matching.agreed", "case_plan", f"papers.{papers}")
    return walk.through("placement")


@walk
def pf_reintegration():
    walk = assessed().through("candidates.rework", "candidates.refused", "choice.waiting", "candidates.included")
    walk.through("choice.found", "matching.refused", "choice.found", "matching.agreed", "case_plan")
    walk.through("papers.preliminary_guardianship", "placement", "visit.counted", "review.goes_on", "visit.counted")
    walk.through("birth_family_work", "review.time_to_close", "outcome.reintegration", "transition")
    return walk.end("reintegration")


@walk
def pf_reintegration_with_aftercare():
    walk = placed("other").through("review.other_family", "choice.found", "matching.agreed", "case_plan")
    walk.through("papers.parent_agreement", "placement", "review.time_to_close", "outcome.reintegration", "transition")
    return walk.end("reintegration_aftercare")


@walk
def pf_permanent_placement():
    walk = placed(children=2).through("review.time_to_close", "outcome.permanent", "transition")
    return walk.end("permanent_placement")


@walk
def pf_not_placed():
    return assessed().end("not_placed")
