"""Tasks as people live with them: one inbox, what is asked of a colleague, and whose business it is."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.actions import absences, cases, procedure_changes as changes, procedures, sharing, tasks
from casework.actions.inbox import get_task, tasks_of_case
from casework.actions.procedures import Word
from casework.actions.refusals import CaseEnded
from casework.actions.task_refusals import (
    CannotDoTask,
    DayHasPassed,
    DoneByItsStep,
    NotYourTask,
    TaskOfAnotherTeam,
    TaskOver,
    TaskTaken,
)
from casework.models import Task, TaskStatus, Team, TeamRole
from tests.casework.conftest import NOW, lines_of
from tests.casework.following import PROCEDURE
from tests.factories import AgencyFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def colleague(agency):
    return member_of(agency)


@pytest.fixture
def stranger():
    return member_of(AgencyFactory())


@pytest.fixture
def step(case, specialist):
    """The task of the first step of a procedure: the team of the heads has it, and nobody in particular."""
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))
    followed = procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )
    return followed.tasks.get()


def give(case, owner, actor, **said):
    """Return a task that `actor` has given to `owner`."""
    asked = {"title": "Позвонить в школу", "due": TODAY, "at": NOW, "token": uuid.uuid4(), **said}
    return tasks.give_task(case=case, owner=owner, actor=actor, **asked)


def task_of(case, owner=None, role=TeamRole.SPECIALIST, **fields):
    """Return a task put straight into the table."""
    team = Team.objects.get(agency=case.agency, role=role)
    return Task.objects.create(
        **{"case": case, "team": team, "owner": owner, "title": "Позвонить", "opened_on": TODAY, **fields}
    )


class TestAskingAColleague:
    def test_gives_a_task_and_writes_it_down(self, case, specialist, colleague, events):
        task = give(case, colleague, specialist)
        assert (task.owner, task.asked_by, task.team.role, task.due) == (colleague, specialist, "specialist", TODAY)
        assert events() == ["task_given"]

    def test_the_same_page_twice_gives_one_task(self, case, specialist, colleague):
        token = uuid.uuid4()
        assert give(case, colleague, specialist, token=token) == give(case, colleague, specialist, token=token)

    def test_a_task_needs_no_day(self, case, specialist, colleague):
        assert give(case, colleague, specialist, due=None).due is None

    def test_is_refused_by_a_day_in_the_past(self, case, specialist, colleague):
        with pytest.raises(DayHasPassed):
            give(case, colleague, specialist, due=TODAY - dt.timedelta(days=1))

    def test_is_refused_in_a_case_that_has_ended(self, case, specialist, colleague):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=cases.ClosureGround.ANSWERED)
        with pytest.raises(CaseEnded):
            give(case, colleague, specialist)

    def test_is_refused_for_somebody_who_may_not_work_on_the_case(self, case, specialist, stranger):
        with pytest.raises(CannotDoTask):
            give(case, stranger, specialist)

    def test_is_refused_to_whoever_may_only_read(self, case, specialist, stranger):
        sharing.share_case(
            case=case,
            agency=Team.objects.get(group__user=stranger).agency,
            level="view",
            last_day=TODAY,
            reason="психолог",
            actor=specialist,
            at=NOW,
        )
        with pytest.raises(NotYourTask):
            give(case, specialist, stranger)

    def test_reaches_a_colleague_of_an_agency_that_works_on_the_case(self, case, specialist, stranger):
        agency = Team.objects.get(group__user=stranger).agency
        sharing.share_case(
            case=case, agency=agency, level="work", last_day=TODAY, reason="психолог", actor=specialist, at=NOW
        )
        assert give(case, stranger, specialist).team.agency == agency


class TestDoingATask:
    def test_ends_it_once(self, case, specialist, colleague, events):
        task = give(case, colleague, specialist)
        tasks.finish_task(task=task, actor=colleague, at=NOW)
        task.refresh_from_db()
        assert (task.status, task.finished_on) == (TaskStatus.DONE, TODAY)
        with pytest.raises(TaskOver):
            tasks.finish_task(task=task, actor=colleague, at=NOW)
        assert events() == ["task_given", "task_done"]

    @pytest.mark.parametrize("who", ["owner", "asker", "curator", "head"])
    def test_is_said_by_whoever_is_concerned(self, case, specialist, colleague, head, agency, who):
        asker = member_of(agency)
        people = {"owner": colleague, "asker": asker, "curator": specialist, "head": head}
        task = give(case, colleague, asker)
        assert tasks.finish_task(task=task, actor=people[who], at=NOW).status == TaskStatus.DONE

    def test_is_not_said_by_another_colleague(self, case, specialist, colleague, agency):
        task = give(case, colleague, specialist)
        for other in (member_of(agency), member_of(AgencyFactory())):
            with pytest.raises(NotYourTask):
                tasks.finish_task(task=task, actor=other, at=NOW)

    def test_of_a_procedure_happens_on_its_own_page(self, step, head):
        with pytest.raises(DoneByItsStep):
            tasks.finish_task(task=step, actor=head, at=NOW)

    def test_is_refused_in_a_case_that_has_ended(self, case, specialist, colleague):
        task = give(case, colleague, specialist)
        cases.close_case(case=case, actor=specialist, at=NOW, ground=cases.ClosureGround.ANSWERED)
        with pytest.raises(CaseEnded):
            tasks.finish_task(task=task, actor=colleague, at=NOW)


class TestGivingATaskToSomebodyElse:
    def test_changes_who_does_it_and_leaves_the_day(self, case, specialist, colleague, agency, events):
        task, other = give(case, colleague, specialist), member_of(agency)
        tasks.hand_over(task=task, owner=other, actor=colleague, at=NOW)
        task.refresh_from_db()
        assert (task.owner, task.due) == (other, TODAY)
        assert events() == ["task_given", "task_given"]

    def test_to_whoever_has_it_changes_nothing(self, case, specialist, colleague, events):
        tasks.hand_over(task=give(case, colleague, specialist), owner=colleague, actor=specialist, at=NOW)
        assert events() == ["task_given"]

    def test_is_for_whoever_is_concerned(self, case, specialist, colleague, agency):
        other = member_of(agency)
        with pytest.raises(NotYourTask):
            tasks.hand_over(task=give(case, colleague, specialist), owner=other, actor=other, at=NOW)

    def test_to_a_stranger_is_refused(self, case, specialist, colleague, stranger):
        with pytest.raises(CannotDoTask):
            tasks.hand_over(task=give(case, colleague, specialist), owner=stranger, actor=specialist, at=NOW)

    def test_when_it_is_done_is_refused(self, case, specialist, colleague):
        task = give(case, colleague, specialist)
        tasks.finish_task(task=task, actor=colleague, at=NOW)
        with pytest.raises(TaskOver):
            tasks.hand_over(task=task, owner=specialist, actor=specialist, at=NOW)

    def test_keeps_a_step_in_the_team_that_may_do_it(self, step, head, specialist, agency):
        second = member_of(agency, TeamRole.HEAD)
        with pytest.raises(CannotDoTask):
            tasks.hand_over(task=step, owner=specialist, actor=head, at=NOW)
        assert tasks.hand_over(task=step, owner=second, actor=head, at=NOW).owner == second


class TestGivingAStepOn:
    """The step of a procedure is done by whoever plays its role, so nobody else is given it."""

    @pytest.fixture
    def plan_task(self, step, head, specialist):
        """The task of the curator, who is the only specialist."""
        act = {"followed": step.case_procedure, "turn": 1, "word": Word(on=TODAY), "actor": head, "at": NOW}
        procedures.decide(step="check", outcome="medium", **act)
        procedures.appoint(step="curator", person=specialist, **act)
        return Task.objects.get(step="plan")

    def test_never_gives_it_to_somebody_who_would_be_refused(self, plan_task, specialist, head, colleague):
        assert set(tasks.possible_owners(plan_task.case, today=TODAY, task=plan_task)) == {specialist, head}
        with pytest.raises(CannotDoTask):
            tasks.hand_over(task=plan_task, owner=colleague, actor=specialist, at=NOW)
        assert tasks.hand_over(task=plan_task, owner=head, actor=specialist, at=NOW).owner == head

    def test_never_gives_it_to_whoever_only_stands_in(self, plan_task, specialist, head, colleague):
        away = {"first_day": TODAY, "last_day": TODAY, "actor": head, "at": NOW}
        absences.write_absence(person=specialist, substitute=colleague, **away)
        with pytest.raises(CannotDoTask):
            tasks.hand_over(task=plan_task, owner=colleague, actor=head, at=NOW)

    def test_of_a_role_without_anybody_appointed_goes_to_any_colleague_and_to_no_helper(
        self, step, specialist, head, colleague, stranger
    ):
        followed = step.case_procedure
        changes.set_level(followed=followed, level="danger", word=Word(on=TODAY, words="Да"), actor=head, at=NOW)
        share = {"last_day": TODAY, "reason": "психолог", "actor": head, "at": NOW}
        agency = Team.objects.get(group__user=stranger).agency
        sharing.share_case(case=step.case, agency=agency, level="work", **share)
        rescue = Task.objects.get(step="rescue")
        assert set(tasks.possible_owners(step.case, today=TODAY, task=rescue)) == {specialist, head, colleague}

    def test_asks_as_often_for_many_colleagues(self, plan_task, agency):
        def asked():
            with CaptureQueriesContext(connection) as context:
                tasks.possible_owners(plan_task.case, today=TODAY, task=Task.objects.get(pk=plan_task.pk))
            return len(context)

        asked()
        few = asked()
        for _each in range(5):
            member_of(agency)
        assert asked() == few

    def test_says_what_to_do_when_there_is_nobody_else(self, plan_task, head, desk):
        page = f"/cases/{plan_task.case.reference}/tasks/{plan_task.pk}/hand-over/"
        assert [str(person) for person in desk.get(page).context["others"]] == [str(head)]
        head.groups.clear()
        answer = desk.get(page)
        assert answer.context["others"] == []
        words = answer.content.decode()
        for link in (f"/cases/{plan_task.case.reference}/assign/", "/cases/absences/"):
            assert f'href="{link}"' in words
        assert '<form method="post" novalidate' not in words

    def test_of_a_step_that_is_done_is_told_so(self, plan_task, file_plan, desk):
        file_plan()
        page = f"/cases/{plan_task.case.reference}/tasks/{plan_task.pk}/hand-over/"
        answer = desk.get(page, follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]


class TestTakingATaskOfNobody:
    def test_makes_it_ones_own_and_a_second_press_changes_nothing(self, step, head):
        events = lines_of(step.case)
        assert tasks.take_task(task=step, actor=head, at=NOW).owner == head
        assert tasks.take_task(task=step, actor=head, at=NOW).owner == head
        assert lines_of(step.case) == [*events, "task_given"]

    def test_is_refused_when_a_colleague_was_quicker(self, step, head, agency):
        tasks.take_task(task=step, actor=head, at=NOW)
        with pytest.raises(TaskTaken):
            tasks.take_task(task=step, actor=member_of(agency, TeamRole.HEAD), at=NOW)

    def test_is_refused_to_another_team(self, step, specialist, stranger):
        for other in (specialist, stranger):
            with pytest.raises(TaskOfAnotherTeam):
                tasks.take_task(task=step, actor=other, at=NOW)

    def test_is_refused_when_the_step_is_done(self, step, head):
        procedures.decide(
            followed=step.case_procedure,
            step="check",
            turn=1,
            outcome="medium",
            word=Word(on=TODAY),
            actor=head,
            at=NOW,
        )
        with pytest.raises(TaskOver):
            tasks.take_task(task=step, actor=head, at=NOW)


class TestTheCasePage:
    def test_shows_the_open_tasks_and_who_may_do_what(self, case, specialist, colleague, head, step):
        task = give(case, colleague, specialist)
        seen = {line.task: line for line in tasks_of_case(case, user=specialist, at=NOW)}
        assert set(seen) == {task, step}
        assert (seen[task].may_finish, seen[task].may_answer) == (True, True)
        assert (seen[step].may_finish, seen[step].may_take) == (False, False)
        assert {line.task: line.may_take for line in tasks_of_case(case, user=head, at=NOW)}[step]

    def test_costs_the_same_for_one_task_and_for_many(self, case, specialist, colleague, desk):
        path = f"/cases/{case.reference}/"
        desk.get(path)
        give(case, colleague, specialist)
        few = queries(desk, path)
        for _number in range(15):
            give(case, colleague, specialist)
        assert queries(desk, path) == few


def queries(browser, path):
    with CaptureQueriesContext(connection) as context:
        assert browser.get(path).status_code == 200
    return len(context)


class TestTheDesk:
    @pytest.mark.parametrize("role", list(TeamRole))
    @pytest.mark.parametrize("path", ["/cases/", "/cases/tasks/?show=team"])
    def test_costs_the_same_for_three_cases_and_for_three_hundred(self, agency, role, path):
        user, other = member_of(agency, role), member_of(agency)
        browser = Client()
        browser.force_login(user)

        def grow(times):
            for number in range(times):
                case = open_case(agency, accepted_by=other)
                due = timezone.localdate() + dt.timedelta(days=number % 20 - 5)
                term = {"term": {"number": 3, "unit": "wd"}, "counted_from": due - dt.timedelta(days=9)}
                for owner in (user, None, other):
                    task_of(case, owner, due=due, asked_by=None if owner else user, **term)

        grow(3)
        browser.get(path)
        few = queries(browser, path)
        grow(30 if path != "/cases/" else 297)
        assert queries(browser, path) == few

    def test_names_no_family(self, case, specialist, desk, agency):
        task_of(case, specialist, due=timezone.localdate())
        page = desk.get("/cases/").content.decode()
        assert "Позвонить" in page
        assert case.reference in page


class TestTheScreens:
    def test_give_do_and_hand_over(self, case, specialist, colleague, desk):
        path = f"/cases/{case.reference}/tasks/"
        assert desk.get(path).status_code == 200
        day = timezone.localdate() + dt.timedelta(days=1)
        words = {"title": "Позвонить", "owner": colleague.pk, "due": f"{day:%d.%m.%Y}", "token": uuid.uuid4()}
        assert desk.post(path, words)["Location"] == f"/cases/{case.reference}/"
        task = Task.objects.get()
        assert (task.owner, task.due) == (colleague, day)
        place = f"{path}{task.pk}/"
        assert desk.get(f"{place}hand-over/").status_code == 200
        assert desk.post(f"{place}hand-over/", {"owner": specialist.pk}).status_code == 302
        task.refresh_from_db()
        assert task.owner == specialist
        assert desk.post(f"{place}done/", {"back": "desk"})["Location"] == "/cases/"
        task.refresh_from_db()
        assert task.status == TaskStatus.DONE

    def test_say_what_is_wrong(self, case, specialist, colleague, desk):
        past = timezone.localdate() - dt.timedelta(days=1)
        words = {"title": "Позвонить", "owner": "0", "due": f"{past:%d.%m.%Y}", "token": uuid.uuid4()}
        form = desk.post(f"/cases/{case.reference}/tasks/", words).context["form"]
        assert form.errors.as_data().keys() == {"owner", "due"}

    def test_tell_why_something_was_refused(self, case, specialist, colleague, agency, desk, monkeypatch):
        task = task_of(case, colleague)
        outsider = Client()
        outsider.force_login(member_of(agency))
        place = f"/cases/{case.reference}/tasks/{task.pk}/"
        for path, data in (("done/", {}), ("take/", {}), ("hand-over/", {"owner": specialist.pk})):
            answer = outsider.post(place + path, data, follow=True)
            assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        cases.close_case(case=case, actor=specialist, at=NOW, ground=cases.ClosureGround.ANSWERED)
        words = {"title": "Позвонить", "owner": colleague.pk, "due": "", "token": uuid.uuid4()}
        answer = desk.post(f"/cases/{case.reference}/tasks/", words)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]

    def test_take_a_task_from_the_desk(self, case, specialist, desk):
        task = task_of(case)
        assert desk.post(f"/cases/{case.reference}/tasks/{task.pk}/take/", {"back": "desk"})["Location"] == "/cases/"
        task.refresh_from_db()
        assert task.owner == specialist

    def test_a_number_leads_to_where_the_task_is_done(self, case, specialist, step, desk):
        free = task_of(case, specialist)
        followed = step.case_procedure_id
        assert desk.get(f"/cases/tasks/{free.pk}/")["Location"] == f"/cases/{case.reference}/#task-{free.pk}"
        assert desk.get(f"/cases/tasks/{step.pk}/")["Location"] == f"/cases/{case.reference}/procedures/{followed}/"
        assert desk.get(f"/cases/tasks/{10**30}/").status_code == 404

    def test_a_number_tells_a_stranger_nothing(self, case, specialist, stranger):
        browser = Client()
        browser.force_login(stranger)
        assert browser.get(f"/cases/tasks/{task_of(case, specialist).pk}/").status_code == 404

    def test_a_task_of_another_case_is_not_found_here(self, case, specialist, agency, desk):
        other = task_of(open_case(agency), specialist)
        assert desk.post(f"/cases/{case.reference}/tasks/{other.pk}/done/").status_code == 404
        assert get_task(user=specialist, number=other.pk, today=TODAY) == other


class TestAProcedureTask:
    def test_is_in_the_hands_of_the_substitute_too(self, case, specialist, colleague, agency):
        task = give(case, specialist, specialist)
        absences.write_absence(
            person=specialist, substitute=colleague, first_day=TODAY, last_day=TODAY, actor=specialist, at=NOW
        )
        assert tasks.finish_task(task=task, actor=colleague, at=NOW).status == TaskStatus.DONE

    def test_is_never_made_for_a_step_that_was_done_before_it_opened(self, step, head, specialist, file_plan):
        file_plan()
        act = {"followed": step.case_procedure, "turn": 1, "word": Word(on=TODAY), "actor": head, "at": NOW}
        procedures.decide(step="check", outcome="medium", **act)
        procedures.appoint(step="curator", person=specialist, **act)
        assert not Task.objects.filter(step="plan").exists()
        assert Task.objects.filter(step="review").exists()
