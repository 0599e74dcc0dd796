"""A case follows a procedure: its steps, who may do them, what opens, what is refused, how it ends."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from casework.actions import (
    cases,
    people,
    procedure_changes as changes,
    procedures,
    sharing,
    submissions,
)
from casework.actions.procedure_refusals import (
    AlreadyFollowed,
    CannotBeAppointed,
    DayBeforeBirth,
    DayBeforeStart,
    DayInFuture,
    DocumentNeeded,
    GuardsUnmet,
    NotYourStep,
    ProcedureOver,
    ProcedureStillRuns,
    StepAlreadyDone,
    StepNotOpen,
    TermNotLater,
    WordsNeeded,
)
from casework.actions.procedures import Word
from casework.actions.progress import progress_of
from casework.models import CaseEvent, Delivery, PersonRole, TaskStatus, TeamRole
from forms_library.models import Edition
from forms_library.procedures.definition import FormUse, Role
from forms_library.questionnaire import empty_answer
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, CURATOR, END, PLANNED, PROCEDURE, RESCUE
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case, procedure_in_force, put_in_force

TODAY = NOW.date()


@pytest.fixture
def edition(db):
    return procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def followed(case, specialist, edition):
    return procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )


def word(**said):
    return Word(**{"on": TODAY, **said})


def check(followed, actor, outcome="medium", **said):
    return procedures.decide(
        followed=followed, step="check", turn=1, outcome=outcome, word=word(**said), actor=actor, at=NOW
    )


def appoint(followed, actor, person):
    return procedures.appoint(
        followed=followed, step="curator", turn=1, person=person, word=word(), actor=actor, at=NOW
    )


def open_steps(followed):
    return [turn.step.code for turn in progress_of(followed).open_turns]


def tasks(followed):
    return {task.step: task for task in followed.tasks.open()}


class TestBeginning:
    def test_the_first_event_opens_the_first_step_and_makes_its_task(self, followed):
        assert open_steps(followed) == ["check"]
        task = tasks(followed)["check"]
        assert (task.due, task.team.role, task.owner) == (dt.date(2026, 11, 26), TeamRole.HEAD, None)

    def test_the_same_page_twice_begins_once(self, case, specialist, edition):
        token = uuid.uuid4()
        begin = {"case": case, "edition": edition, "actor": specialist, "at": NOW, "on": TODAY, "token": token}
        assert procedures.start_procedure(**begin) == procedures.start_procedure(**begin)

    def test_a_case_follows_a_procedure_once_at_a_time(self, followed, case, specialist, edition):
        with pytest.raises(AlreadyFollowed):
            procedures.start_procedure(
                case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
            )

    @pytest.mark.parametrize(
        ("days", "refusal"), [(1, DayInFuture), (-365 * 30, DayBeforeStart), (-365 * 12, DayBeforeBirth)]
    )
    def test_a_day_that_cannot_be_is_refused(self, case, specialist, edition, days, refusal):
        PersonFactory(case=case, role=PersonRole.CHILD, birth_date=dt.date(2016, 4, 9))
        with pytest.raises(refusal):
            procedures.start_procedure(
                case=case,
                edition=edition,
                actor=specialist,
                at=NOW,
                on=TODAY + dt.timedelta(days=days),
                token=uuid.uuid4(),
            )

    def test_an_event_never_changes(self, followed):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseEvent.objects.update(words="другое")


class TestDoingSteps:
    def test_a_decision_opens_what_it_leads_to_and_sets_the_level(self, followed, head):
        check(followed, head)
        followed.refresh_from_db()
        assert (open_steps(followed), followed.level) == (["curator"], "medium")
        assert followed.tasks.get(step="check").status == TaskStatus.DONE

    def test_a_decision_belongs_to_whoever_plays_the_role(self, followed, specialist):
        with pytest.raises(NotYourStep):
            check(followed, specialist)

    def test_a_decision_that_needs_words_asks_for_them(self, followed, head):
        with pytest.raises(WordsNeeded):
            check(followed, head, "low")

    def test_two_people_decide_and_one_wins(self, followed, head):
        check(followed, head)
        with pytest.raises(StepAlreadyDone):
            check(followed, head, "low", words="Есть причины")

    def test_a_double_click_decides_once(self, followed, head):
        token = uuid.uuid4()
        assert check(followed, head, token=token) == check(followed, head, token=token)

    def test_a_step_out_of_order_says_what_comes_first(self, followed, head, specialist):
        with pytest.raises(StepNotOpen) as refusal:
            appoint(followed, head, specialist)
        assert refusal.value.after == ["средний", "угроза жизни"]
        assert "средний" in str(refusal.value)

    def test_an_appointment_changes_the_curator(self, followed, head, agency):
        colleague = member_of(agency)
        check(followed, head)
        appoint(followed, head, colleague)
        followed.case.refresh_from_db()
        assert followed.case.curator == colleague
        assert tasks(followed)["plan"].owner == colleague

    def test_whoever_is_appointed_has_the_open_tasks_of_the_role(self, case, specialist, head, agency):
        second = member_of(agency)
        role = Role(code="worker", title="Ответственный")
        named = replace(CURATOR, appoints="worker", after=("check", "rescue"))
        steps = (CHECK, named, replace(RESCUE, after=("check",)), replace(PLANNED, role="worker"), END)
        procedure = replace(
            PROCEDURE, roles=(*PROCEDURE.roles, role), stages=(replace(PROCEDURE.stages[0], steps=steps),)
        )
        edition = procedure_in_force(procedure, at=NOW - dt.timedelta(days=90))
        begin = {"case": case, "edition": edition, "actor": specialist, "at": NOW, "on": TODAY}
        followed = procedures.start_procedure(**begin, token=uuid.uuid4())
        check(followed, head)
        appoint(followed, head, specialist)
        assert tasks(followed)["plan"].owner == specialist
        tell = {"followed": followed, "turn": 1, "word": word(), "actor": head, "at": NOW}
        procedures.tell_what_happened(step="rescue", **tell)
        again = procedures.appoint(step="curator", person=second, **{**tell, "turn": 2})
        assert tasks(followed)["plan"].owner == second
        changes.annul(event=again, word=word(words="Не того"), actor=head, at=NOW)
        assert tasks(followed)["plan"].owner == specialist

    def test_a_new_curator_has_the_open_tasks_of_the_one_before(self, followed, head, specialist, agency):
        check(followed, head)
        appoint(followed, head, specialist)
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=head, at=NOW)
        colleague = member_of(agency)
        again = {"followed": followed, "step": "curator", "turn": 2, "person": colleague, "word": word()}
        procedures.appoint(**again, actor=head, at=NOW)
        assert tasks(followed)["plan"].owner == colleague

    def test_the_first_curator_of_a_case_takes_nothing_from_anybody(self, agency, edition, head, specialist):
        case = open_case(agency, at=NOW)
        begin = {"case": case, "edition": edition, "actor": head, "at": NOW, "on": TODAY}
        followed = procedures.start_procedure(**begin, token=uuid.uuid4())
        changes.set_level(followed=followed, level="medium", word=word(words="Так"), actor=head, at=NOW)
        appoint(followed, head, specialist)
        assert followed.case.curator is None
        followed.case.refresh_from_db()
        assert followed.case.curator == specialist
        assert tasks(followed)["check"].owner is None

    def test_a_stranger_cannot_be_appointed(self, followed, head):
        check(followed, head)
        with pytest.raises(CannotBeAppointed):
            appoint(followed, head, member_of(AgencyFactory()))

    def test_filing_a_form_does_the_step_and_sends_the_paper(self, followed, head, specialist, file_plan, agency):
        guardians = AgencyFactory(kind="guardianship_body", territory=agency.territory)
        check(followed, head)
        appoint(followed, head, specialist)
        submission = file_plan()
        assert open_steps(followed) == ["review", "end"]
        assert Delivery.objects.get().submission == submission
        assert Delivery.objects.get().agency == guardians

    def test_a_step_that_comes_again_is_counted_from_its_anchor(self, followed, head, specialist, file_plan):
        check(followed, head)
        appoint(followed, head, specialist)
        file_plan()
        done = progress_of(followed).happened_on("plan")
        procedures.decide(
            followed=followed, step="review", turn=1, outcome="go_on", word=word(), actor=specialist, at=NOW
        )
        again = tasks(followed)["review"]
        assert (again.turn, again.recurrence, again.counted_from) == (2, 2, done)

    def test_a_new_last_day_stays_within_the_limit(self, followed, head, specialist, file_plan):
        check(followed, head)
        appoint(followed, head, specialist)
        file_plan()
        extend = {
            "followed": followed,
            "step": "review",
            "turn": 1,
            "outcome": "extend",
            "actor": specialist,
            "at": NOW,
        }
        with pytest.raises(GuardsUnmet) as refusal:
            procedures.decide(**extend, word=word(until=TODAY + dt.timedelta(days=300)))
        assert refusal.value.missing == ["не дольше 6 месяцев"]
        procedures.decide(**extend, word=word(until=TODAY + dt.timedelta(days=100)))


class TestRiskLevel:
    def test_threat_to_life_works_at_once_for_whoever_works_on_the_case(self, followed, specialist):
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=specialist, at=NOW)
        assert open_steps(followed) == ["check", "curator", "rescue"]
        assert tasks(followed)["rescue"].due == TODAY

    def test_another_level_is_for_the_named_officer(self, followed, specialist):
        with pytest.raises(NotYourStep):
            changes.set_level(followed=followed, level="medium", word=word(words="Так"), actor=specialist, at=NOW)

    def test_a_level_needs_words(self, followed, head):
        with pytest.raises(WordsNeeded):
            changes.set_level(followed=followed, level="medium", word=word(), actor=head, at=NOW)

    def test_a_lower_level_ends_the_monitoring(self, followed, head, specialist, file_plan):
        check(followed, head)
        appoint(followed, head, specialist)
        file_plan()
        changes.set_level(followed=followed, level="low", word=word(words="Стало лучше"), actor=head, at=NOW)
        assert open_steps(followed) == ["end"]
        assert followed.tasks.get(step="review").status == TaskStatus.GONE


class TestTerms:
    def test_a_term_stands_still_and_runs_again(self, followed, specialist, file_plan, case, head):
        paper = file_plan()
        act = {"followed": followed, "step": "check", "turn": 1, "actor": head}
        changes.suspend_term(**act, word=word(words="Семья уехала", document=paper), at=NOW)
        assert tasks(followed)["check"].due is None
        later = NOW + dt.timedelta(days=7)
        changes.resume_term(**act, word=word(words="Вернулась", on=later.date()), at=later)
        assert tasks(followed)["check"].due == dt.date(2026, 12, 3)

    def test_a_term_changes_on_the_ground_of_a_document(self, followed, head):
        act = {"followed": followed, "step": "check", "turn": 1, "actor": head, "at": NOW}
        with pytest.raises(DocumentNeeded):
            changes.suspend_term(**act, word=word(words="Семья уехала"))

    def test_an_extension_gives_a_later_day(self, followed, file_plan, head):
        paper = file_plan()
        act = {"followed": followed, "step": "check", "turn": 1, "actor": head, "at": NOW}
        with pytest.raises(TermNotLater):
            changes.extend_term(**act, word=word(words="Ждём", document=paper, until=TODAY))
        changes.extend_term(**act, word=word(words="Ждём", document=paper, until=dt.date(2026, 12, 10)))
        assert tasks(followed)["check"].due == dt.date(2026, 12, 10)


class TestWaivers:
    def test_a_waived_form_stays_visible_as_a_gap(self, followed, head, specialist):
        check(followed, head)
        appoint(followed, head, specialist)
        changes.waive(
            followed=followed,
            step="plan",
            turn=1,
            what="nso_dept_plan",
            word=word(words="Есть ИППСУ"),
            actor=head,
            at=NOW,
        )
        progress = progress_of(followed)
        assert [gap.words for _turn, gap in progress.gaps()] == ["Есть ИППСУ"]
        assert "review" in open_steps(followed)

    def test_only_the_named_role_waives(self, followed, head, specialist):
        check(followed, head)
        appoint(followed, head, specialist)
        with pytest.raises(NotYourStep):
            changes.waive(
                followed=followed, step="plan", turn=1, what="", word=word(words="Так"), actor=specialist, at=NOW
            )


class TestMistakes:
    def test_an_annulled_entry_counts_no_more_and_stays(self, followed, head):
        event = check(followed, head)
        changes.annul(event=event, word=word(words="Не то дело"), actor=head, at=NOW + dt.timedelta(minutes=1))
        followed.refresh_from_db()
        assert (open_steps(followed), followed.level) == (["check"], "")
        assert followed.tasks.get(step="curator").status == TaskStatus.GONE
        assert followed.tasks.get(step="check").status == TaskStatus.OPEN


class TestEnd:
    @pytest.fixture
    def planned(self, followed, head, specialist, file_plan):
        check(followed, head)
        appoint(followed, head, specialist)
        file_plan()
        return followed

    def end(self, followed, actor, ground, **said):
        return changes.end_procedure(followed=followed, ground=ground, word=word(**said), actor=actor, at=NOW)

    def test_a_ground_says_what_is_missing(self, planned, specialist):
        with pytest.raises(GuardsUnmet) as refusal:
            self.end(planned, specialist, "done")
        assert refusal.value.missing == ["Риска для ребёнка нет"]

    def test_a_ground_whose_guards_hold_ends_the_work(self, planned, specialist):
        ended = self.end(planned, specialist, "done", stated=["Риска для ребёнка нет"])
        assert (ended.ended_on, ended.ground) == (TODAY, "done")
        assert not ended.tasks.open().exists()
        with pytest.raises(ProcedureOver):
            changes.set_level(followed=ended, level="low", word=word(words="Так"), actor=specialist, at=NOW)

    @pytest.mark.parametrize(("born", "ends"), [(dt.date(2008, 11, 23), True), (dt.date(2008, 11, 24), False)])
    def test_adulthood_needs_every_child_to_be_18(self, planned, specialist, case, born, ends):
        PersonFactory(case=case, role=PersonRole.CHILD, birth_date=born)
        if ends:
            assert self.end(planned, specialist, "grown").ground == "grown"
        else:
            with pytest.raises(GuardsUnmet):
                self.end(planned, specialist, "grown")

    def test_a_case_ends_after_its_procedures(self, planned, case, specialist):
        with pytest.raises(ProcedureStillRuns):
            cases.close_case(case=case, actor=specialist, at=NOW, ground="moved")


class TestChildren:
    """Papers that are filed for each child (domain.md B.1, N2)."""

    @pytest.fixture
    def for_each(self, agency, specialist, head):
        """A case with one child, whose plan has been filed, under a procedure that wants a plan for each child."""
        plan = replace(PLANNED, after=("check",), forms=(FormUse(code="nso_dept_plan", per_child=True),))
        second = replace(PROCEDURE.stages[1], steps=(plan, *PROCEDURE.stages[1].steps[1:]))
        edition = procedure_in_force(
            replace(PROCEDURE, stages=(PROCEDURE.stages[0], second)), at=NOW - dt.timedelta(days=9)
        )
        case = open_case(agency, accepted_by=specialist, at=NOW)
        self.keep(case, specialist, full_name="Первый")
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
        )

    def keep(self, case, actor, **facts):
        person = PersonFactory.build(case=case, role=PersonRole.CHILD, birth_date=dt.date(2015, 1, 1), **facts)
        return people.keep_person(case=case, actor=actor, at=NOW, person=person)

    def plan(self, case, specialist):
        put_in_force("nso_dept_plan")
        edition = Edition.objects.filter(code="nso_dept_plan").last()
        whole = {question.key: empty_answer(question) for question in edition.schema.answered}
        at = NOW + dt.timedelta(minutes=1)
        return submissions.file_submission(
            case=case, edition=edition, answers=whole, token=uuid.uuid4(), actor=specialist, at=at
        )

    def test_a_child_who_comes_while_the_step_waits_needs_a_paper_too(self, for_each, specialist, head):
        check(for_each, head)
        self.keep(for_each.case, specialist)
        self.plan(for_each.case, specialist)
        assert "plan" in open_steps(for_each)
        self.plan(for_each.case, specialist)
        assert "plan" not in open_steps(for_each)

    def test_a_child_who_comes_later_opens_nothing_anew(self, for_each, specialist, head):
        check(for_each, head)
        self.plan(for_each.case, specialist)
        before = open_steps(for_each)
        self.keep(for_each.case, specialist)
        assert open_steps(for_each) == before
        procedures.decide(followed=for_each, step="review", turn=1, outcome="go_on", word=word(), actor=head, at=NOW)
        assert for_each.tasks.get(step="review", turn=1).status == TaskStatus.DONE

    def test_a_child_entered_by_mistake_frees_no_paper(self, for_each, specialist, head):
        second = self.keep(for_each.case, specialist)
        check(for_each, head)
        for _each in range(2):
            self.plan(for_each.case, specialist)
        before = open_steps(for_each)
        second.is_mistake = True
        people.keep_person(case=for_each.case, actor=specialist, at=NOW, person=second)
        assert open_steps(for_each) == before
        assert not progress_of(for_each).unused


class TestAnotherAgency:
    def test_plays_no_role_not_even_that_of_any_specialist(self, followed, case, head):
        helper = member_of(helping := AgencyFactory())
        sharing.share_case(
            case=case, agency=helping, level="work", last_day=TODAY, reason="психолог", actor=head, at=NOW
        )
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=head, at=NOW)
        with pytest.raises(NotYourStep):
            procedures.tell_what_happened(followed=followed, step="rescue", turn=1, word=word(), actor=helper, at=NOW)

    def test_works_on_the_case_and_decides_nothing(self, followed, case, head):
        helping = AgencyFactory()
        helper = member_of(helping)
        sharing.share_case(
            case=case, agency=helping, level="work", last_day=TODAY, reason="психолог", actor=head, at=NOW
        )
        for act in (
            check,
            lambda *who: changes.end_procedure(
                followed=followed, ground="moved", word=word(words="Так"), actor=helper, at=NOW
            ),
        ):
            with pytest.raises(NotYourStep):
                act(followed, helper)

    def test_may_say_at_any_hour_that_a_life_is_in_danger(self, followed, case, head):
        helping = AgencyFactory()
        helper = member_of(helping)
        sharing.share_case(
            case=case, agency=helping, level="work", last_day=TODAY, reason="психолог", actor=head, at=NOW
        )
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=helper, at=NOW)
        assert "rescue" in open_steps(followed)
