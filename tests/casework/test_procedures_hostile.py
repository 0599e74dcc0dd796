"""What somebody careless, unlucky or curious does to a case under a procedure."""

import datetime as dt
import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings, strategies as st

from casework.actions import curators, procedure_changes as changes, procedures, sharing, submissions
from casework.actions.outgoing import Outgoing, possible_addressees
from casework.actions.procedure_refusals import AlreadyAnnulled, AlreadyFollowed, NotYourStep
from casework.actions.progress import progress_of
from casework.actions.roles import players, roles_played
from casework.actions.tasks import _facts, _turns
from casework.models import Absence, Delivery, TaskStatus, TeamRole
from casework.terms import deadline_of
from forms_library.procedures.definition import FormUse, Role, Stage
from forms_library.procedures.progress import replay
from forms_library.questionnaire import empty_answer
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, CURATOR, END, PLAN, PLANNED, PROCEDURE, RESCUE, REVIEW
from tests.casework.test_procedures import TODAY, appoint, check, open_steps, tasks, word
from tests.factories import AgencyFactory, member_of, procedure_in_force
from tests.forms_library.test_progress import ANYTHING, OPENED
from tests.forms_library.walking import CALENDAR

POLICE = replace(PROCEDURE.role("guardians"), code="police", agency_kinds=("police_juvenile_unit",))


def with_plan(**how):
    steps = (CHECK, CURATOR, RESCUE, replace(PLANNED, **how), REVIEW, END)
    return replace(PROCEDURE, roles=(*PROCEDURE.roles, POLICE), stages=(Stage(code="one", title="Всё", steps=steps),))


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def begin(case, specialist):
    """Return a function that puts the case under a procedure."""

    def start(procedure=PROCEDURE):
        edition = procedure_in_force(procedure, at=NOW - dt.timedelta(days=90))
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
        )

    return start


@pytest.fixture
def followed(begin):
    return begin()


@pytest.fixture
def planned(begin, head, specialist, file_plan):
    """Return a function that leads a case up to its filed plan."""

    def lead(procedure=PROCEDURE):
        followed = begin(procedure)
        check(followed, head)
        appoint(followed, head, specialist)
        file_plan()
        return followed

    return lead


def annul(event, actor):
    return changes.annul(event=event, word=word(words="Ошибка"), actor=actor, at=NOW)


def review(followed, actor):
    return procedures.decide(
        followed=followed, step="review", turn=1, outcome="go_on", word=word(), actor=actor, at=NOW
    )


class TestTakingBack:
    def test_an_entry_by_whoever_wrote_it(self, followed, helper):
        event = changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=helper, at=NOW)
        annul(event, helper)
        assert open_steps(followed) == ["check"]

    def test_not_the_decision_of_somebody_else(self, followed, head, helper, specialist):
        event = check(followed, head)
        for curious in (helper, specialist):
            with pytest.raises(NotYourStep):
                annul(event, curious)

    def test_the_entry_of_a_colleague_in_the_same_role(self, followed, head, agency):
        event = check(followed, head)
        annul(event, member_of(agency, TeamRole.HEAD))
        assert open_steps(followed) == ["check"]

    def test_the_head_takes_back_whatever_was_written(self, planned, specialist, head):
        followed = planned()
        annul(review(followed, specialist), head)
        assert "review" in open_steps(followed)

    def test_an_end_is_taken_back_by_whoever_may_end_the_work(self, planned, specialist, helper):
        followed = planned()
        changes.end_procedure(followed=followed, ground="moved", word=word(words="В Томск"), actor=specialist, at=NOW)
        end = followed.events.get(what="closed")
        with pytest.raises(NotYourStep):
            annul(end, helper)
        annul(end, specialist)
        assert open_steps(followed) == ["review", "end"]

    def test_not_an_end_after_which_the_case_has_begun_anew(self, planned, begin, specialist):
        followed = planned()
        changes.end_procedure(followed=followed, ground="moved", word=word(words="В Томск"), actor=specialist, at=NOW)
        begin()
        with pytest.raises(AlreadyFollowed):
            annul(followed.events.get(what="closed"), specialist)

    def test_twice(self, followed, head):
        event = check(followed, head)
        annul(event, head)
        with pytest.raises(AlreadyAnnulled):
            annul(event, head)

    def test_the_same_turn_that_comes_back_has_the_same_task(self, followed, head, agency):
        event = check(followed, head)
        task = tasks(followed)["curator"]
        annul(event, head)
        assert followed.tasks.get(step="curator").status == TaskStatus.GONE
        check(followed, head)
        assert tasks(followed)["curator"] == task


class TestTheKeeperDecides:
    def test_about_terms(self, followed, helper, file_plan):
        said = word(words="Ждём", document=file_plan(), until=dt.date(2027, 1, 11))
        for change in (changes.suspend_term, changes.extend_term):
            with pytest.raises(NotYourStep):
                change(followed=followed, step="check", turn=1, word=said, actor=helper, at=NOW)

    def test_about_a_newer_edition(self, followed, helper):
        newer = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=1))
        for curious in (helper, member_of(AgencyFactory(), TeamRole.HEAD)):
            with pytest.raises(NotYourStep):
                changes.move_to(followed=followed, edition=newer, word=word(words="Так"), actor=curious, at=NOW)


class TestSomebodyOfAnotherAgency:
    """«Единое окно» keeps the case, and the curator comes from a social service institution (domain.md B.1)."""

    def test_plays_the_role_to_which_the_keeper_has_appointed_them(self, begin, head, helper, file_plan):
        followed = begin()
        check(followed, head)
        appoint(followed, head, helper)
        file_plan()
        review(followed, helper)
        assert tasks(followed)["review"].owner == helper

    def test_and_no_other(self, followed, head, helper):
        with pytest.raises(NotYourStep):
            check(followed, helper)
        check(followed, head)
        appoint(followed, head, helper)
        now = procedures.held(followed)
        assert roles_played(now, progress_of(now), user=helper, today=TODAY) == {"curator"}

    def test_until_the_case_is_shared_no_longer(self, begin, case, head, helper, file_plan):
        followed = begin()
        check(followed, head)
        appoint(followed, head, helper)
        file_plan()
        sharing.withdraw_share(share=case.shares.get(), actor=head, at=NOW)
        with pytest.raises(NotYourStep):
            review(followed, helper)
        review(followed, head)

    def test_is_given_the_tasks_of_their_role_by_a_colleague_who_leads(self, planned, case, head, helper):
        followed = planned()
        curators.assign_curator(case=case, actor=head, at=NOW, curator=helper)
        now = procedures.held(followed)
        assert set(players("curator", now, progress_of(now), today=TODAY)) == {head, helper}


class TestWhoIsAway:
    def test_a_new_curator_does_what_the_one_who_left_was_appointed_to(self, planned, case, specialist, head, agency):
        followed, colleague = planned(), member_of(agency)
        specialist.is_active = False
        specialist.save()
        curators.assign_curator(case=case, actor=head, at=NOW, curator=colleague)
        review(followed, colleague)
        assert tasks(followed)["review"].owner == colleague

    def away(self, person, substitute):
        Absence.objects.create(
            person=person, substitute=substitute, first_day=TODAY, last_day=TODAY, written_by=person, written_at=NOW
        )

    def test_the_substitute_of_the_head_decides(self, followed, specialist, head):
        self.away(head, specialist)
        check(followed, specialist)
        assert open_steps(followed) == ["curator"]

    def test_not_for_a_head_who_has_left(self, followed, specialist, head):
        self.away(head, specialist)
        head.is_active = False
        head.save()
        with pytest.raises(NotYourStep):
            check(followed, specialist)

    def test_not_the_substitute_in_another_agency(self, planned, specialist, helper):
        followed = planned()
        self.away(specialist, helper)
        with pytest.raises(NotYourStep):
            review(followed, helper)

    def test_not_the_substitute_who_may_not_work_on_the_case(self, followed, head):
        self.away(head, stranger := member_of(AgencyFactory()))
        with pytest.raises(NotYourStep):
            check(followed, stranger)


class TestClock:
    def test_a_clock_that_was_put_back_loses_nothing(self, followed, head, specialist, file_plan):
        check(followed, head)
        earlier = NOW - dt.timedelta(seconds=2)
        procedures.appoint(
            followed=followed, step="curator", turn=1, person=specialist, word=word(), actor=head, at=earlier
        )
        assert open_steps(followed) == ["plan"]
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=head, at=earlier)
        assert progress_of(followed).level == "danger"


class TestTerms:
    @pytest.mark.parametrize("said", ["0001-01-01", "2026-11-22", "2026-12-01", "9999-12-31", "", "никогда"])
    def test_a_form_counts_from_no_impossible_day(self, begin, case, head, specialist, plan, said):
        followed = begin(with_plan(forms=(FormUse(code=PLAN, dated_by="period_from"),)))
        check(followed, head)
        appoint(followed, head, specialist)
        answers = {question.key: empty_answer(question) for question in plan.schema.answered} | {"period_from": said}
        filing = {"case": case, "edition": plan, "answers": answers, "actor": specialist, "at": NOW}
        submissions.file_submission(**filing, token=uuid.uuid4())
        assert progress_of(followed).happened_on("plan") == TODAY

    def test_a_day_on_which_the_term_stood_still_counts_once(self, followed, head, file_plan):
        paper, act = file_plan(), {"followed": followed, "step": "check", "turn": 1, "actor": head}

        def suspend(first, last):
            said = {"words": "Семья уехала", "document": paper}
            at = NOW + dt.timedelta(days=last)
            days = [TODAY + dt.timedelta(days=number) for number in (first, last)]
            changes.suspend_term(**act, word=word(**said, on=days[0]), at=at)
            changes.resume_term(**act, word=word(**said, on=days[1]), at=at)

        suspend(0, 10)
        suspend(5, 12)
        assert tasks(followed)["check"].paused_days == 12

    @given(st.lists(ANYTHING, max_size=40))
    @settings(max_examples=200, deadline=None)
    def test_a_task_says_the_same_day_as_its_turn(self, happenings):
        progress = replay(PROCEDURE, [OPENED, *happenings])
        for _place, turn in _turns(progress):
            facts = _facts(turn, progress, keeper="", calendar=CALENDAR, today=TODAY)
            task = SimpleNamespace(**facts)
            assert task.due == turn.due(CALENDAR)
            assert deadline_of(task, CALENDAR) == turn.deadline(CALENDAR)
            assert (task.status == TaskStatus.OPEN) == (task.finished_on is None)


class TestAddressees:
    def test_each_body_gets_the_paper(self, planned, agency):
        bodies = [
            AgencyFactory(kind=kind, territory=agency.territory) for kind in ("guardianship_body", *POLICE.agency_kinds)
        ]
        planned(with_plan(forms=(FormUse(code=PLAN, to=("guardians", "police")),)))
        assert {sent.agency for sent in Delivery.objects.all()} == set(bodies)

    def test_a_paper_does_not_follow_to_the_next_agency(self, planned, specialist, agency):
        first = AgencyFactory(kind="guardianship_body", territory=agency.territory)
        followed = planned()
        first.is_open = False
        first.save()
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        review(followed, specialist)
        assert Delivery.objects.get().agency == first

    @pytest.mark.parametrize("named", ["closed", "keeper"])
    def test_a_paper_that_names_its_addressee_goes_nowhere_else(self, agency, named):
        closed = AgencyFactory(kind=agency.kind, territory=agency.territory, is_open=False)
        AgencyFactory(kind=agency.kind, territory=agency.territory)
        meant = {"closed": closed, "keeper": agency}[named]
        paper = SimpleNamespace(answers={"to": {"id": meant.pk, "name": meant.name}})
        role = Role(code="body", title="Орган", agency_kinds=(agency.kind,))
        assert possible_addressees([Outgoing(submission=paper, role=role)], keeper=agency) == [[]]

    def test_filing_costs_the_same_after_many_papers(self, planned, file_plan, agency):
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        planned(with_plan(every=REVIEW.every))
        counts = []
        for _time in range(4):
            with CaptureQueriesContext(connection) as queries:
                file_plan()
            counts.append(len(queries))
        assert len(set(counts)) == 1
