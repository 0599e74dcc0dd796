"""Which cases are proposed for the agenda of a council, and why."""

import datetime as dt
import uuid

import pytest

from casework.actions import assignments, procedures, protocols, submissions
from casework.actions.agenda_proposals import proposals_for
from casework.models import AgendaItem, Assignment, AssignmentKind, AssignmentNudge, Case, CaseEvent, CouncilKind, Task
from forms_library.procedures.definition import DoneBy, FormUse, Level, Outcome, Procedure, Role, Stage, Step
from tests.casework.conftest import NOW
from tests.casework.councils import NEXT_MONTH, PLACE, PROCEDURE, TODAY, Board, fresh
from tests.factories import AgencyFactory, PersonFactory, open_case, procedure_in_force, put_in_force

Reason = AgendaItem.Reason
LEVELS = (Level(code="low", title="низкий"), Level(code="high", title="высокий"))
BY_HAND = Step(
    code="weigh", title="Оценить риск", role="keeper", done_by=DoneBy.DECISION, after=("opened", "weigh.high"),
    outcomes=(
        Outcome(code="low", title="Низкий", level="low"),
        Outcome(code="high", title="Высокий", level="high"),
        Outcome(code="none", title="Риска нет"),
    ),
)  # fmt: skip
BY_FORM = Step(
    code="weigh", title="Оценить риск", role="keeper", after=("opened", "weigh.high"), done_by=DoneBy.DECISION,
    forms=(FormUse(code="nso_risk_decision"),), decided_by="nso_risk_decision.level",
    outcomes=(
        Outcome(code="low", title="Низкий", level="low", answer="низкий"),
        Outcome(code="high", title="Высокий", level="high", answer="высокий"),
    ),
)  # fmt: skip


@pytest.fixture
def agency(db):
    return AgencyFactory(territory=PLACE)


@pytest.fixture
def board(db):
    return Board()


@pytest.fixture
def edition(db):
    return procedure_in_force(
        Procedure(**{**vars(PROCEDURE), "levels": LEVELS, "level_role": "keeper"}), at=NOW - dt.timedelta(days=9)
    )


@pytest.fixture
def follow(edition, specialist):
    def begin(case):
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
        )

    return begin


@pytest.fixture
def weighed(case, specialist):
    """Return a function that begins, in the case, a procedure of one step in which its risk is weighed again and again."""

    def begin(step):
        weighing = Procedure(
            start="Случай открыт",
            roles=(Role(code="keeper", title="Специалист"),),
            stages=(Stage(code="all", title="Оценка", steps=(step,)),),
            levels=LEVELS,
            level_role="keeper",
            grounds=PROCEDURE.grounds,
        )
        edition = procedure_in_force(weighing, at=NOW - dt.timedelta(days=9))
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
        )

    return begin


def only(board, at=NOW):
    (proposal,) = proposals_for(board.council, at=at)
    return proposal


def refer(case, agency, specialist, **said):
    return assignments.assign(
        **{
            "case": case,
            "kind": AssignmentKind.REFERRAL,
            "agency": agency,
            "text": "Помочь",
            "actor": specialist,
            "at": NOW,
            **said,
        }
    )


class TestReasons:
    def test_a_step_that_waits_for_the_council(self, board, case, follow):
        followed = follow(case)
        found = only(board)
        assert (found.case_id, found.reference, found.reason) == (case.pk, case.reference, Reason.APPROVAL)
        assert (found.case_procedure_id, found.step, found.words) == (followed.pk, "approval", "Утвердить план")
        assert found.keeper == case.agency.name
        assert found.day == TODAY + dt.timedelta(days=30)

    def test_a_step_that_only_happens_comes_up_near_its_day(self, board, case, follow):
        followed = follow(case)
        Task.objects.filter(case=case).update(status="done", finished_on=TODAY)
        task = Task.objects.get(case_procedure=followed)
        task.pk, task.step, task.status, task.finished_on, task.token = None, "card", "open", None, uuid.uuid4()
        task.due = TODAY + dt.timedelta(days=15)
        task.save()
        assert not proposals_for(board.council, at=NOW)
        assert only(board, at=NOW + dt.timedelta(days=1)).step == "card"

    def test_a_review_within_two_weeks(self, board, case, follow):
        followed = follow(case)
        Task.objects.filter(case_procedure=followed).update(step="review", due=TODAY + dt.timedelta(days=14))
        assert only(board).reason == Reason.REVIEW
        Task.objects.update(due=TODAY + dt.timedelta(days=15))
        assert not proposals_for(board.council, at=NOW)

    def test_a_plan_that_has_run_out(self, board, case, file_plan):
        file_plan(period_from=["01.11.2026"], period_to=["23.11.2026"])
        assert not proposals_for(board.council, at=NOW)
        assert only(board, at=NOW + dt.timedelta(days=1)).reason == Reason.PLAN_EXPIRED

    def test_a_plan_that_lasts_is_none(self, board, case, file_plan):
        file_plan()
        assert not proposals_for(board.council, at=NOW)

    def test_a_referral_whose_silence_has_come_up_to_the_council(self, board, case, specialist):
        asked = refer(case, board.school, specialist)
        assert not proposals_for(board.council, at=NOW)
        AssignmentNudge.objects.create(assignment=asked, to=AssignmentNudge.To.COUNCIL, about=TODAY, at=NOW)
        assert only(board).reason == Reason.SILENT_REFERRAL
        assignments.withdraw(assignment=asked, actor=specialist, at=NOW)
        assert not proposals_for(board.council, at=NOW)

    @pytest.mark.parametrize(("code", "days", "is_told"), [("high", 0, True), ("low", 0, False), ("high", 31, False)])
    def test_a_level_that_has_become_graver_lately(self, board, case, follow, specialist, code, days, is_told):
        followed = follow(case)
        Task.objects.all().delete()
        CaseEvent.objects.create(
            case_procedure=followed, what="level", code=code, on=TODAY, actor=specialist,
            at=NOW - dt.timedelta(days=days),
        )  # fmt: skip
        assert [each.reason for each in proposals_for(board.council, at=NOW)] == [Reason.RISK_RAISED] * is_told

    @pytest.mark.parametrize(
        ("said", "reasons"),
        [
            (["high"], [Reason.RISK_RAISED]),
            (["high", "high"], [Reason.RISK_RAISED]),
            (["high", "low"], []),
            (["none"], []),
        ],
    )
    def test_a_level_that_a_decision_has_made_graver(self, board, case, weighed, specialist, said, reasons):
        followed = weighed(BY_HAND)
        for turn, outcome in enumerate(said, start=1):
            later = NOW + dt.timedelta(minutes=turn)
            word = procedures.Word(on=TODAY)
            procedures.decide(
                followed=followed, step="weigh", turn=turn, outcome=outcome, word=word, actor=specialist, at=later
            )
        assert [each.reason for each in proposals_for(board.council, at=NOW + dt.timedelta(days=1))] == reasons

    @pytest.mark.parametrize(("said", "reasons"), [(["высокий"], [Reason.RISK_RAISED]), (["высокий", "низкий"], [])])
    def test_a_level_that_the_answer_of_a_form_has_made_graver(self, board, case, weighed, specialist, said, reasons):
        weighed(BY_FORM)
        form = put_in_force("nso_risk_decision")
        for minutes, answer in enumerate(said):
            submissions.file_submission(
                case=case, edition=form, answers={"level": answer}, token=uuid.uuid4(), actor=specialist,
                at=NOW + dt.timedelta(minutes=minutes),
            )  # fmt: skip
        assert [each.reason for each in proposals_for(board.council, at=NOW + dt.timedelta(days=1))] == reasons

    def test_the_day_of_a_raised_level_is_that_of_the_keepers_clock(self, board, case, weighed, specialist):
        followed, at_night = weighed(BY_HAND), dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC)
        CaseEvent.objects.create(
            case_procedure=followed, what="level", code="high", on=TODAY, actor=specialist, at=at_night
        )
        assert only(board, at=at_night).day == dt.date(2026, 11, 24)

    def test_a_decision_that_is_late_or_not_carried_out_until_it_is(self, board, case):
        put_in_force("consilium_protocol", at=NOW - dt.timedelta(days=9))
        meeting = board.held(case)
        board.write_all(meeting.items.get())
        protocols.sign_protocol(meeting=fresh(meeting), actor=board.chair, at=NOW + dt.timedelta(hours=2))
        after = NOW + dt.timedelta(days=31)
        assert not proposals_for(board.council, at=NOW + dt.timedelta(days=30))
        assert (only(board, at=after).reason, only(board, at=after).day) == (Reason.NOT_DONE, NEXT_MONTH)
        given = Assignment.objects.get(kind=AssignmentKind.DECISION)
        for state, reasons in (("partly", [Reason.NOT_DONE]), ("not_done", [Reason.NOT_DONE]), ("done", [])):
            given = assignments.mark(
                assignment=given, state=state, words="Так", version=given.version, actor=board.teacher, at=after
            )
            assert [each.reason for each in proposals_for(board.council, at=after)] == reasons

    def test_several_reasons_make_one_proposal_that_says_them_all(self, board, case, follow, file_plan):
        file_plan(period_from=["01.11.2026"], period_to=["23.11.2026"])
        follow(case)
        found = only(board, at=NOW + dt.timedelta(days=1))
        assert found.reason == Reason.APPROVAL
        assert "Утвердить план; " in found.words
        assert "23.11.2026" in found.words


class TestWhichCases:
    def test_those_of_its_territory_only(self, board, follow, specialist):
        elsewhere = open_case(AgencyFactory(territory="Другой район"), at=NOW)
        follow(elsewhere)
        assert not proposals_for(board.council, at=NOW)

    def test_a_council_of_an_organisation_has_the_cases_of_its_holder(self, case, agency, follow):
        follow(case)
        own = Board(kind=CouncilKind.ORG_CONSILIUM, holder=agency)
        other = Board(kind=CouncilKind.ORG_CONSILIUM)
        file = AssignmentNudge.To.COUNCIL
        asked = refer(case, other.school, case.curator)
        AssignmentNudge.objects.create(assignment=asked, to=file, about=TODAY, at=NOW)
        assert only(own).case_id == case.pk
        assert not proposals_for(other.council, at=NOW)

    def test_a_case_that_stands_on_an_agenda_is_not_proposed_again(self, board, case, follow):
        follow(case)
        meeting = board.meeting(case)
        assert not proposals_for(board.council, at=NOW)
        type(meeting).objects.update(stage="cancelled")
        assert only(board).case_id == case.pk

    def test_a_closed_council_and_an_ended_case_have_none(self, board, case, follow):
        follow(case)
        board.council.is_open = False
        assert not proposals_for(board.council, at=NOW)
        board.council.is_open = True
        type(case).objects.update(status="refused", closed_at=NOW)
        assert not proposals_for(board.council, at=NOW)

    def test_nobody_of_the_family_is_named(self, board, case, follow):
        PersonFactory(case=case, full_name="Ручьёв Артём Денисович")
        follow(case)
        assert "Руч" not in str(only(board))


class TestQueries:
    def test_their_number_does_not_grow(self, board, agency, specialist, follow, django_assert_num_queries):
        for most in (2, 6):
            while Case.objects.count() < most:
                follow(open_case(agency, accepted_by=specialist, at=NOW))
            with django_assert_num_queries(8):
                assert len(proposals_for(board.council, at=NOW)) == most
