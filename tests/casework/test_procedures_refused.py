"""What is refused under a procedure, and what the replay leaves out: each in plain words, and nothing is written."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from casework.actions import procedure_changes as changes, procedures, sharing, submissions
from casework.actions.procedure_refusals import (
    CannotBeWaived,
    DecidedByForm,
    GroundNotOfDocument,
    GuardsUnmet,
    NoSuchGround,
    NoSuchLevel,
    NoSuchOutcome,
    NotYourStep,
    ProcedureNotInForce,
    ProcedureOver,
    StepNotOpen,
    TermIsALimit,
    TermNotPaused,
    WordsNeeded,
)
from casework.actions.procedures import Word
from casework.actions.progress import progress_of
from casework.actions.roles import roles_played
from casework.models import Absence, CaseEvent, TeamRole
from forms_library.deadlines import Rule
from forms_library.models import Edition
from forms_library.procedures.definition import Due, FormUse, Ground, Outcome
from forms_library.questionnaire import empty_answer
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, CURATOR, END, PLANNED, PROCEDURE, RESCUE, REVIEW
from tests.factories import AgencyFactory, member_of, open_case, procedure_in_force, put_in_force

TODAY = NOW.date()
LATER = NOW + dt.timedelta(minutes=5)


def word(**said):
    return Word(**{"on": TODAY, **said})


def with_steps(*steps, **facts):
    stages = (replace(PROCEDURE.stages[0], steps=steps),)
    return replace(PROCEDURE, stages=stages, **facts)


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def begin(case, specialist):
    """Return a function that puts the case under a procedure."""

    def beginning(procedure=PROCEDURE, *, at=NOW, on=TODAY):
        edition = procedure_in_force(procedure, at=NOW - dt.timedelta(days=90))
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=at, on=on, token=uuid.uuid4()
        )

    return beginning


@pytest.fixture
def file(case, specialist):
    """Return a function that files a form with some answers."""

    def filing(code, *, at=LATER, supersedes=None, **answers):
        if not Edition.objects.filter(code=code).exists():
            put_in_force(code, at=NOW - dt.timedelta(days=90))
        edition = Edition.objects.get(code=code)
        whole = {question.key: empty_answer(question) for question in edition.schema.answered} | answers
        return submissions.file_submission(
            case=case,
            edition=edition,
            answers=whole,
            token=uuid.uuid4(),
            actor=specialist,
            at=at,
            supersedes=supersedes,
        )

    return filing


class TestSteps:
    def act(self, followed, actor, step="check", turn=1):
        return {"followed": followed, "step": step, "turn": turn, "word": word(), "actor": actor, "at": NOW}

    def test_what_a_form_decides_nobody_decides_by_hand(self, begin, head):
        outcomes = (Outcome(code="yes", title="Да", answer="да"),)
        check = replace(CHECK, forms=(FormUse(code="nso_dept_plan"),), decided_by="nso_dept_plan.a", outcomes=outcomes)
        followed = begin(with_steps(check, END))
        with pytest.raises(DecidedByForm):
            procedures.decide(**self.act(followed, head), outcome="yes")

    def test_an_outcome_that_there_is_not(self, begin, head):
        with pytest.raises(NoSuchOutcome):
            procedures.decide(**self.act(begin(), head), outcome="never")

    def test_a_step_that_there_is_not(self, begin, head):
        with pytest.raises(StepNotOpen) as refusal:
            procedures.decide(**self.act(begin(), head, step="never"), outcome="low")
        assert str(refusal.value)

    def test_a_step_is_done_in_its_own_way(self, begin, head, specialist):
        followed = begin()
        with pytest.raises(StepNotOpen):
            procedures.tell_what_happened(**self.act(followed, head))
        with pytest.raises(StepNotOpen):
            procedures.appoint(**self.act(followed, head), person=specialist)

    def test_a_second_press_is_the_same_event(self, begin, head, specialist):
        followed = begin()
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=head, at=NOW)
        tell = self.act(followed, head, step="rescue")
        appoint = self.act(followed, head, step="curator") | {"person": specialist}
        assert procedures.tell_what_happened(**tell) == procedures.tell_what_happened(**tell)
        assert procedures.appoint(**appoint) == procedures.appoint(**appoint)

    def test_what_is_missing_is_said_in_words(self, begin, head):
        check = replace(CHECK, required=("housing_survey",))
        with pytest.raises(GuardsUnmet) as refusal:
            procedures.decide(**self.act(begin(with_steps(check, END)), head), outcome="medium")
        assert "housing_survey" in str(refusal.value)


class TestLevels:
    def test_a_level_that_there_is_not(self, begin, head):
        with pytest.raises(NoSuchLevel):
            changes.set_level(followed=begin(), level="never", word=word(words="Так"), actor=head, at=NOW)

    def test_the_gravest_suggestion_counts(self, begin, file):
        asks = ("nso_child_indicators.suggested", "nso_family_risk_factors.suggested", "nso_monitoring.level_now")
        followed = begin(replace(PROCEDURE, suggested_by=asks))
        assert changes.suggested_level(progress_of(followed)) == ""
        file("nso_family_risk_factors", suggested="Средний")
        file("nso_child_indicators", suggested="низкий")
        assert changes.suggested_level(progress_of(followed)) == "medium"


class TestWaivers:
    def waive(self, followed, actor, *, what="", step="plan", **said):
        return changes.waive(followed=followed, step=step, turn=1, what=what, word=word(**said), actor=actor, at=NOW)

    @pytest.fixture
    def waiting(self, begin, head):
        return begin(with_steps(replace(PLANNED, after=("opened",)), CHECK, END))

    def test_of_what_is_no_requirement(self, waiting, head):
        with pytest.raises(CannotBeWaived):
            self.waive(waiting, head, what="never", words="Так")

    def test_of_a_step_that_nobody_may_do_without(self, waiting, head):
        with pytest.raises(CannotBeWaived):
            self.waive(waiting, head, step="check", words="Так")

    def test_without_a_reason(self, waiting, head):
        with pytest.raises(WordsNeeded):
            self.waive(waiting, head)


class TestTerms:
    def test_need_a_reason(self, begin, head, file_plan):
        act = {"followed": begin(), "step": "check", "turn": 1, "actor": head, "at": NOW}
        with pytest.raises(WordsNeeded):
            changes.suspend_term(**act, word=word(document=file_plan()))

    def test_run_already(self, begin, head):
        act = {"followed": begin(), "step": "check", "turn": 1, "actor": head, "at": NOW}
        with pytest.raises(TermNotPaused):
            changes.resume_term(**act, word=word(words="Вернулись"))

    def test_that_are_limits_stay_as_they_are(self, begin, head, file_plan):
        six_months = Due(rule=Rule.parse("6 m", roll=False))
        act = {
            "followed": begin(with_steps(replace(CHECK, due=six_months), END)),
            "step": "check",
            "turn": 1,
            "actor": head,
            "at": NOW,
        }
        said = {"words": "Ждём суда", "document": file_plan(), "until": dt.date(2030, 1, 9)}
        for change in (changes.extend_term, changes.suspend_term):
            with pytest.raises(TermIsALimit):
                change(**act, word=word(**said))


class TestTheEnd:
    def end(self, followed, actor, ground="moved", **said):
        return changes.end_procedure(followed=followed, ground=ground, word=word(**said), actor=actor, at=LATER)

    def test_on_a_ground_that_there_is_not(self, begin, head):
        with pytest.raises(NoSuchGround):
            self.end(begin(), head, "never")

    def test_without_a_reason(self, begin, head):
        with pytest.raises(WordsNeeded):
            self.end(begin(), head)

    def test_a_second_time(self, begin, head):
        followed = begin()
        self.end(followed, head, words="Уехали")
        with pytest.raises(ProcedureOver):
            self.end(followed, head, words="Уехали ещё раз")

    def test_on_another_ground_than_the_filed_decision(self, begin, head, file):
        grounds = (Ground(code="a", title="А", answer="раз"), Ground(code="b", title="Б", answer="два"))
        end = replace(
            END, after=("opened",), forms=(FormUse(code="tom_termination"),), decided_by="tom_termination.ground"
        )
        followed = begin(with_steps(CHECK, end, grounds=grounds))
        file("tom_termination", ground="раз")
        with pytest.raises(GroundNotOfDocument):
            self.end(followed, head, "b")
        assert self.end(followed, head, "a").ground == "a"


class TestTakingBack:
    @pytest.fixture
    def decided(self, begin, head):
        return procedures.decide(
            followed=begin(), step="check", turn=1, outcome="medium", word=word(), actor=head, at=NOW
        )

    def test_needs_a_reason(self, decided, head):
        with pytest.raises(WordsNeeded):
            changes.annul(event=decided, word=word(), actor=head, at=LATER)

    def test_is_for_those_who_may_act(self, decided):
        stranger = member_of(AgencyFactory())
        with pytest.raises(NotYourStep):
            changes.annul(event=decided, word=word(words="Так"), actor=stranger, at=LATER)

    def test_of_the_end_is_for_those_who_may_end(self, begin, head, specialist):
        followed = begin()
        changes.end_procedure(followed=followed, ground="moved", word=word(words="Да"), actor=head, at=NOW)
        closed = followed.events.get(what=CaseEvent.What.CLOSED)
        changes.annul(event=closed, word=word(words="Не уехали"), actor=specialist, at=LATER)
        followed.refresh_from_db()
        assert followed.is_running

    def test_of_a_level_is_for_those_who_may_set_it(self, begin, head, specialist, agency):
        followed = begin()
        event = changes.set_level(followed=followed, level="medium", word=word(words="Да"), actor=head, at=NOW)
        with pytest.raises(NotYourStep):
            changes.annul(event=event, word=word(words="Так"), actor=specialist, at=LATER)
        other_head = member_of(agency, TeamRole.HEAD)
        assert changes.annul(event=event, word=word(words="Так"), actor=other_head, at=LATER)

    def test_of_the_entry_of_a_colleague_who_is_away(self, decided, specialist, head, agency):
        colleague = member_of(agency)
        with pytest.raises(NotYourStep):
            changes.annul(event=decided, word=word(words="Так"), actor=colleague, at=LATER)
        Absence.objects.create(
            person=head, substitute=colleague, first_day=TODAY, last_day=TODAY, written_by=head, written_at=NOW
        )
        assert changes.annul(event=decided, word=word(words="Так"), actor=colleague, at=LATER)

    def test_of_ones_own_entry(self, begin, specialist, case, head):
        helping = AgencyFactory()
        helper = member_of(helping)
        followed = begin()
        sharing.share_case(
            case=case, agency=helping, level="work", last_day=TODAY, reason="психолог", actor=head, at=NOW
        )
        event = changes.set_level(followed=followed, level="danger", word=word(words="Да"), actor=helper, at=NOW)
        changes.annul(event=event, word=word(words="Ошибка"), actor=helper, at=LATER)
        assert progress_of(followed).level == ""


class TestMoving:
    def test_to_the_edition_that_it_has_changes_nothing(self, begin, head):
        followed = begin()
        moved = changes.move_to(followed=followed, edition=followed.edition, word=word(), actor=head, at=NOW)
        assert moved == followed
        assert not followed.events.filter(what=CaseEvent.What.MOVED).exists()

    def test_to_another_procedure(self, begin, head):
        other = procedure_in_force(PROCEDURE, code="mrg", at=NOW - dt.timedelta(days=1))
        with pytest.raises(ProcedureNotInForce):
            changes.move_to(followed=begin(), edition=other, word=word(words="Так"), actor=head, at=NOW)

    def test_without_a_reason(self, begin, head):
        followed = begin()
        newer = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=1))
        with pytest.raises(WordsNeeded):
            changes.move_to(followed=followed, edition=newer, word=word(), actor=head, at=NOW)


class TestWhatIsReplayed:
    ASKS = replace(
        PLANNED,
        after=("opened",),
        forms=(FormUse(code="tom_plan_review"),),
        decided_by="tom_plan_review.conclusion",
        outcomes=(
            Outcome(code="finish", title="Завершить", answer="завершить"),
            Outcome(code="extend", title="Продлить", answer="продлить"),
        ),
    )

    def test_a_corrected_form_says_what_its_correction_says(self, begin, file):
        followed = begin(with_steps(self.ASKS, CHECK, END))
        first = file("tom_plan_review", conclusion="завершить")
        assert progress_of(followed).happened_on("plan.finish")
        second = file("tom_plan_review", conclusion="продлить", supersedes=first, at=LATER + dt.timedelta(hours=1))
        file("tom_plan_review", conclusion="продлить", supersedes=second, at=LATER + dt.timedelta(hours=2))
        progress = progress_of(followed)
        assert (progress.happened_on("plan.finish"), progress.happened_on("plan.extend")) == (None, TODAY)

    def test_a_form_of_earlier_times_does_no_step(self, case, specialist, agency, file):
        early = open_case(agency, accepted_by=specialist, at=NOW - dt.timedelta(days=9))
        edition = procedure_in_force(with_steps(self.ASKS, CHECK, END), at=NOW - dt.timedelta(days=90))
        put_in_force("tom_plan_review", at=NOW - dt.timedelta(days=90))
        form = Edition.objects.get(code="tom_plan_review")
        whole = {question.key: empty_answer(question) for question in form.schema.answered}
        submissions.file_submission(
            case=early,
            edition=form,
            answers=whole | {"conclusion": "завершить"},
            token=uuid.uuid4(),
            actor=specialist,
            at=NOW - dt.timedelta(days=5),
        )
        followed = procedures.start_procedure(
            case=early, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
        )
        assert "plan" in [turn.step.code for turn in progress_of(followed).open_turns]


class TestRoles:
    def test_nobody_plays_one_in_a_case_that_they_do_not_see(self, begin):
        followed = begin(with_steps(CHECK, CURATOR, RESCUE, PLANNED, REVIEW, END))
        stranger = member_of(AgencyFactory())
        assert roles_played(followed, progress_of(followed), user=stranger, today=TODAY) == frozenset()
