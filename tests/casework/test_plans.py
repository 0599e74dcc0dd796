"""The plan of a case in one look: measures with their marks beside the analysis, voices first, versions, nothing for strangers."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from casework.actions import assignments, plan_pages, procedures
from casework.actions.procedures import Word
from casework.approvals import approved_by, forms_to_approve
from casework.models import AccessRecord, Assignment, AssignmentState, TeamRole
from forms_library.packs import shipped
from forms_library.procedures.definition import DoneBy, FormUse, Outcome, Stage, Step
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, CURATOR, PROCEDURE
from tests.casework.test_measures import DOMAIN, SOON, edition, file, mark, row, school, teacher
from tests.factories import AgencyFactory, member_of, procedure_in_force, put_in_force

__all__ = ["edition", "file", "school", "teacher"]
pytestmark = pytest.mark.django_db
VOICES = {"family_opinion": "Мы сами возим сына", "child_opinion": "Хочу на футбол", "goal": "Сын учится"}


def page_of(case, user, at=NOW):
    (page,) = plan_pages.plan_pages(case, user=user, at=at)
    return page


@pytest.fixture
def show(case, desk):
    """Return a function that reads the page of the plan."""
    return lambda browser=desk: browser.get(reverse("casework:plan", args=[case.reference]))


class TestThePageOfThePlan:
    def test_counts_what_is_done_and_says_what_comes_next(self, file, school, teacher, case, specialist):
        plan = file(row(agency=school), row("Гулять", agency=school, due="2026-12-01"), row("Навестить"), **VOICES)
        mark(plan.assignments.get(row=0), teacher)
        page = page_of(case, specialist, at=NOW + dt.timedelta(days=10))
        assert (page.done, len(page.lines), page.overdue) == (1, 3, 1)
        assert (page.goal, page.next_due) == ("Сын учится", dt.date(2026, 12, 1))
        assert [answer.words for answer in page.voices] == ["Мы сами возим сына", "Хочу на футбол"]

    def test_shows_measures_marks_and_voices(self, file, school, teacher, show):
        plan = file(row(agency=school), **VOICES)
        mark(plan.assignments.get(), teacher)
        words = show().content.decode()
        for expected in ("Записать сына в кружок", school.name, "Сходили", "Хочу на футбол"):
            assert expected in words
        assert words.index("Хочу на футбол") < words.index("Записать сына в кружок")

    def test_says_why_it_is_empty(self, show):
        assert 'class="empty"' in show().content.decode()

    def test_is_written_down_as_read(self, file, show, case):
        plan = file(row())
        show()
        assert AccessRecord.objects.filter(case=case, event="document_read", subject=f"№ {plan.number}").exists()

    def test_is_no_page_for_an_executor_or_a_stranger(self, file, school, teacher, show):
        file(row(agency=school))
        for person in (teacher, member_of(AgencyFactory())):
            browser = Client()
            browser.force_login(person)
            assert show(browser).status_code == 404

    def test_costs_the_same_for_few_measures_and_for_many(
        self, file, school, teacher, case, specialist, django_assert_num_queries
    ):
        file(row(agency=school))
        with django_assert_num_queries(10):
            page_of(case, specialist)
        for _version in range(3):
            plan = file(*(row(f"Мера {number}", agency=school) for number in range(20)))
        mark(plan.assignments.get(row=3), teacher)
        with django_assert_num_queries(10):
            page_of(case, specialist)

    def test_lets_the_executor_and_the_curator_mark(self, file, school, case, specialist, helper):
        file(row(agency=school), row("Навестить"))
        curator, other = page_of(case, specialist).lines, page_of(case, helper).lines
        assert [(line.is_own, line.may_mark) for line in curator] == [(False, True), (True, True)]
        assert [line.may_mark for line in other] == [False, False]

    def test_says_what_each_version_has_changed(self, file, school, case, specialist):
        file(row(), row("Гулять"))
        file(row("Гулять"), row("Читать"))
        ((version, change),) = page_of(case, specialist).versions
        assert version.number == 2
        assert [each.text for each in (*change.added, *change.dropped)] == ["Читать", "Записать сына в кружок"]

    def test_shows_each_plan_of_a_case_by_itself(self, file, case, specialist):
        ipsr = put_in_force("ipsr")
        rows = [{"direction": "досуг", "measure": "Гулять", "term": "май", "executor": "Орлова"}]
        for name in ("Ветрова Полина", "Ветров Пётр"):
            file(form=ipsr, measures=rows, children=[{"fio": name}], kind="несовершеннолетнего")
        assert [len(page.lines) for page in plan_pages.plan_pages(case, user=specialist, at=NOW)] == [1, 1]


class TestTheAnalysisBesideThePlan:
    @pytest.fixture(autouse=True)
    def analysed(self, file):
        file(form=put_in_force("nso_case_analysis"), domains=[DOMAIN, {"strengths": "Здоров"}])

    def test_stands_with_the_measures_it_led_to(self, file, case, specialist):
        file(row("Рассрочка", domain="Жильё, занятость, доход"))
        money, health = page_of(case, specialist).groups
        assert (money.domain.weaknesses, [line.measure.text for line in money.lines]) == ("Долги", ["Рассрочка"])
        assert (health.domain.strengths, health.lines) == ("Здоров", [])

    def test_is_closed_to_whom_special_facts_are(self, file, case, helper, show):
        file(row("Рассрочка", domain="Жильё, занятость, доход"))
        assert [group.domain for group in page_of(case, helper).groups] == [None]
        browser = Client()
        browser.force_login(helper)
        answer = show(browser).content.decode()
        assert "Рассрочка" in answer
        assert "Долги" not in answer


PLAN = "nso_individual_plan"
PLANNED = Step(
    code="planned", title="План", role="curator", after=("curator", "approval.back"), forms=(FormUse(code=PLAN),)
)
APPROVAL = Step(
    code="approval",
    title="Утверждение",
    role="curator",
    done_by=DoneBy.DECISION,
    after=("planned",),
    forms=(FormUse(code="consilium_protocol"),),
    outcomes=(Outcome(code="yes", title="Утверждён"), Outcome(code="back", title="Вернули")),
)
APPROVED_BY_COUNCIL = replace(
    PROCEDURE,
    stages=(
        Stage(code="first", title="Проверка", steps=(CHECK, CURATOR)),
        Stage(code="second", title="План", steps=(PLANNED, APPROVAL)),
    ),
    grounds=(),
    checklists=(),
)


class TestAPlanThatACouncilApproves:
    @pytest.fixture
    def head(self, agency):
        return member_of(agency, TeamRole.HEAD)

    @pytest.fixture
    def decide(self, case, specialist, head):
        """The case under a procedure whose plan a council approves; a function that writes its decision down."""
        edition = procedure_in_force(APPROVED_BY_COUNCIL, at=NOW - dt.timedelta(days=90))
        begun = {"actor": specialist, "at": NOW, "on": NOW.date(), "token": uuid.uuid4()}
        followed = procedures.start_procedure(case=case, edition=edition, **begun)
        done = {"turn": 1, "actor": head, "at": NOW}
        procedures.decide(followed=followed, step="check", outcome="medium", word=Word(on=NOW.date()), **done)
        procedures.appoint(followed=followed, step="curator", person=specialist, word=Word(on=NOW.date()), **done)

        def say(code, turn=1):
            words = Word(on=NOW.date(), words="Так решили")
            procedures.decide(
                followed=followed, step="approval", outcome=code, word=words, turn=turn, actor=specialist, at=NOW
            )

        return say

    def test_asks_nobody_until_it_is_approved(self, decide, file, school, teacher, case, specialist):
        file(row(agency=school))
        assert not Assignment.objects.exists()
        assert page_of(case, specialist).waits_for_approval
        file(form=put_in_force("consilium_protocol"))
        decide("yes")
        (asked,) = Assignment.objects.all()
        assert (asked.agency, asked.state) == (school, AssignmentState.ACCEPTED)
        assert not page_of(case, specialist).waits_for_approval

    def test_asks_nobody_when_it_is_sent_back_until_the_next_one_is_approved(self, decide, file, school):
        file(row(agency=school))
        for _protocol in range(2):
            file(form=put_in_force("consilium_protocol"))
        decide("back")
        assert not Assignment.objects.exists()
        file(row("Гулять", agency=school))
        assert not Assignment.objects.exists()
        decide("yes", turn=2)
        assert [each.text for each in Assignment.objects.all()] == ["Гулять"]


CARD = Step(code="card", title="Карта", role="curator", after=("curator",), forms=(FormUse(code="nso_kkss"),))
COUNCIL = replace(APPROVAL, code="council", after=("card", "card_again"))
CARD_AGAIN = replace(CARD, code="card_again", after=("council.back",))
PLAN_ON_DECISION = replace(PLANNED, after=("council.yes",))
DRAWN_UP_ON_DECISION = replace(
    APPROVED_BY_COUNCIL,
    stages=(
        Stage(code="first", title="Проверка", steps=(CHECK, CURATOR)),
        Stage(code="second", title="План", steps=(CARD, COUNCIL, CARD_AGAIN, PLAN_ON_DECISION)),
    ),
)


class TestAPlanThatACouncilOpens:
    def test_asks_nobody_when_it_is_filed_before_the_decision(self, case, specialist, agency, file, school):
        head, done = member_of(agency, TeamRole.HEAD), {"turn": 1, "at": NOW}
        edition = procedure_in_force(DRAWN_UP_ON_DECISION, at=NOW - dt.timedelta(days=90))
        begun = {"actor": specialist, "at": NOW, "on": NOW.date(), "token": uuid.uuid4()}
        followed = procedures.start_procedure(case=case, edition=edition, **begun)
        file(row(agency=school))
        assert not Assignment.objects.exists()
        assert page_of(case, specialist).waits_for_approval
        word = Word(on=NOW.date(), words="Так решили")
        procedures.decide(followed=followed, step="check", outcome="medium", word=word, actor=head, **done)
        procedures.appoint(followed=followed, step="curator", person=specialist, word=word, actor=head, **done)
        file(form=put_in_force("nso_kkss"))
        file(form=put_in_force("consilium_protocol"))
        assert not Assignment.objects.exists()
        procedures.decide(followed=followed, step="council", outcome="yes", word=word, actor=specialist, **done)
        (asked,) = Assignment.objects.all()
        assert asked.agency == school


class TestTheShippedProcedures:
    @pytest.mark.parametrize(
        ("code", "form", "steps", "waits"),
        [
            ("tom_support", "tom_support_plan", ["plan_approval"], True),
            ("nso_interagency", "nso_individual_plan", [], True),  # on the council's decision about the card
            ("nso_interagency", "nso_kkss", ["consilium"], True),
            ("nso_interagency", "nso_dept_plan", [], False),
            ("birth_family", "ipsr", [], False),
        ],
    )
    def test_name_who_approves_a_plan(self, code, form, steps, waits):
        procedure = shipped.procedure(code).procedure
        assert [step.code for step in approved_by(procedure, form)] == steps
        assert (form in forms_to_approve(procedure)) is waits


def test_a_measure_is_marked_by_the_curator_in_words(file, school, case, specialist):
    plan = file(row(agency=school, due=SOON))
    asked = plan.assignments.get()
    said = {"state": AssignmentState.NOT_DONE, "words": "Мама не смогла", "version": 1}
    assignments.mark(assignment=asked, actor=specialist, at=NOW, **said)
    (line,) = page_of(case, specialist).lines
    assert (line.mark.state, line.mark.words) == ("not_done", "Мама не смогла")


class TestThePlanInShort:
    def test_counts_for_the_page_of_the_case(self, file, school, teacher, case, django_assert_num_queries):
        plan = file(row(agency=school), row("Гулять", agency=school, due="2026-12-01"), **VOICES)
        mark(plan.assignments.get(row=0), teacher)
        with django_assert_num_queries(3):
            (brief,) = plan_pages.briefs_of(case, at=NOW + dt.timedelta(days=10))
        assert (brief.goal, brief.done, brief.total, brief.overdue) == ("Сын учится", 1, 2, 1)
        assert brief.next_due == dt.date(2026, 12, 1)

    def test_is_nothing_without_a_plan(self, case):
        assert plan_pages.briefs_of(case, at=NOW) == []
