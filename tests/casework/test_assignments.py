"""What agencies ask each other: sent, answered, marked and withdrawn; each side sees its own part."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import assignment_lists, assignments, cases, sharing
from casework.actions.assignment_refusals import (
    AgencyIsClosed,
    AssignmentAnswered,
    NobodyToAsk,
    NotYourAssignment,
    ReferralToOneself,
    StillWaitsForAnAnswer,
    WordsMissing,
)
from casework.actions.disclosures import NotYoursToDisclose
from casework.actions.refusals import CaseEnded
from casework.actions.task_refusals import DayHasPassed
from casework.forms import ReferralForm
from casework.models import (
    Assignment,
    AssignmentKind,
    AssignmentNudge,
    AssignmentState,
    Bar,
    Category,
    ClosureGround,
    Disclosure,
    Section,
    TeamRole,
)
from forms_library.models import CalendarDay
from tests.casework.conftest import NOW
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 23)
"""The day of `NOW` in Novosibirsk, at noon."""
DUE = dt.date(2026, 12, 11)
ASKED = "Провести с Тимофеем три занятия с психологом"
DONE, PARTLY, NOT_DONE = AssignmentState.DONE, AssignmentState.PARTLY, AssignmentState.NOT_DONE


@pytest.fixture
def school(db):
    """Another agency, with one specialist."""
    agency = AgencyFactory(name="Школа № 7", short_name="Школа № 7")
    return SimpleNamespace(agency=agency, teacher=member_of(agency))


@pytest.fixture
def refer(case, specialist, school):
    """Return a function that sends the school a referral."""

    def send(agency=None, *, shown=None, at=NOW, due=DUE, answer_within=3, token=None, actor=None):
        return assignments.refer(
            case=case, agency=agency or school.agency, text=ASKED, due=due, answer_within=answer_within, shown=shown,
            actor=actor or specialist, at=at, token=token or uuid.uuid4(),
        )  # fmt: skip

    return send


@pytest.fixture
def measure(case, specialist, school):
    """What the plan asks of the school: in work from the start."""
    return assignments.assign(
        case=case, kind=AssignmentKind.MEASURE, agency=school.agency, text=ASKED, actor=specialist, at=NOW, due=DUE,
        group="Образование", aim="Учится", resource="Психолог", expected="Ходит в школу", person_name="Ветрова О. С.",
    )  # fmt: skip


def shown(**facts):
    return assignments.Shown(
        **{"sections": [Section.PEOPLE], "documents": [], "categories": [], "last_day": DUE, **facts}
    )


def answer(assignment, actor, *, accepts=True, words="", version=None, at=NOW):
    version = version or assignment.version
    return assignments.answer(assignment=assignment, accepts=accepts, words=words, version=version, actor=actor, at=at)


def mark(assignment, actor, *, state=DONE, words="Прошли все три", version=None, at=NOW):
    version = version or assignment.version
    return assignments.mark(assignment=assignment, state=state, words=words, version=version, actor=actor, at=at)


class TestAReferral:
    def test_waits_for_an_answer_by_the_calendar_of_whoever_is_asked(self, refer, school, events):
        CalendarDay.objects.create(day=dt.date(2026, 11, 25), kind="holiday", agency=school.agency, act="Приказ")
        sent = refer()
        assert (sent.state, sent.answer_by, sent.answer_within) == ("sent", dt.date(2026, 11, 27), 3)
        assert events() == ["assigned_to_agency"]

    def test_counts_from_the_day_it_is_where_it_arrives(self, refer):
        west = AgencyFactory(time_zone="Europe/Kaliningrad")
        member_of(west)
        late_evening_there = NOW.replace(hour=21)  # in Novosibirsk it is Tuesday already, in Kaliningrad Monday
        assert refer(west, at=late_evening_there, answer_within=1).answer_by == dt.date(2026, 11, 24)

    def test_shows_what_was_chosen_and_nothing_else(self, refer, school):
        sent = refer(shown=shown())
        assert (sent.disclosure.agency, sent.disclosure.sections, sent.disclosure.last_day) == (
            school.agency, ["people"], DUE,
        )  # fmt: skip
        assert refer().disclosure is None

    def test_shows_no_special_facts_that_are_closed_to_whoever_sends_it(self, refer):
        with pytest.raises(NotYoursToDisclose):
            refer(shown=shown(categories=[Category.ADOPTION]))
        assert not Assignment.objects.exists()

    def test_sent_twice_from_one_page_is_one(self, refer):
        token = uuid.uuid4()
        assert refer(token=token, shown=shown()) == refer(token=token, shown=shown())
        assert Disclosure.objects.count() == 1

    def test_to_oneself_is_refused(self, refer, case, helper):
        with pytest.raises(ReferralToOneself):
            refer(case.agency)
        with pytest.raises(ReferralToOneself):
            refer(helper.groups.get(team__role="specialist").team.agency, actor=helper)

    def test_to_an_agency_that_cannot_read_it_is_refused(self, refer):
        empty, closed = AgencyFactory(), AgencyFactory(closed=True)
        member_of(closed)
        with pytest.raises(NobodyToAsk):
            refer(empty)
        with pytest.raises(AgencyIsClosed):
            refer(closed)

    def test_with_a_last_day_in_the_past_is_refused(self, refer):
        with pytest.raises(DayHasPassed):
            refer(due=MONDAY - dt.timedelta(days=1))
        assert refer(due=MONDAY).due == MONDAY

    def test_in_a_case_that_has_ended_is_refused(self, refer, case, specialist):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            refer()

    def test_is_told_to_its_agency_once_without_a_word_of_the_family(
        self, refer, school, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            refer()
            refer()  # at the same moment
        assert [message.to for message in mail.outbox] == [[school.teacher.email]]
        assert "Тимофе" not in mail.outbox[0].body


class TestAMeasure:
    def test_is_in_work_at_once_whoever_does_it(self, measure, case, specialist):
        own = assignments.assign(
            case=case, kind=AssignmentKind.MEASURE, agency=case.agency, text="Навестить", actor=specialist, at=NOW
        )
        assert {measure.state, own.state} == {"accepted"}
        assert measure.answer_by is None
        assert (measure.group, measure.expected) == ("Образование", "Ходит в школу")


class TestAnAnswer:
    def test_accepts_or_refuses_with_a_reason(self, refer, school, events):
        taken, refused = refer(), refer(at=NOW + dt.timedelta(seconds=1), shown=shown())
        with pytest.raises(WordsMissing):
            answer(refused, school.teacher, accepts=False, words="  ")
        assert answer(taken, school.teacher).state == "accepted"
        refused = answer(refused, school.teacher, accepts=False, words="Нет психолога")
        assert (refused.state, refused.words, refused.answered_by) == ("refused", "Нет психолога", school.teacher)
        assert events()[-3:] == ["assignment_answered", "disclosure_ended", "assignment_answered"]

    def test_that_refuses_closes_what_was_shown(self, refer, school):
        sent = refer(shown=shown())
        answer(sent, school.teacher, accepts=False, words="Нет психолога")
        sent.disclosure.refresh_from_db()
        assert sent.disclosure.withdrawn_at == NOW

    def test_is_for_the_people_who_were_asked(self, refer, specialist, helper):
        sent = refer()
        for stranger in (specialist, helper, member_of(AgencyFactory())):
            with pytest.raises(NotYourAssignment):
                answer(sent, stranger)

    def test_of_somebody_kept_out_is_refused(self, refer, case, school, specialist):
        sent = refer()
        Bar.objects.create(case=case, person=school.teacher, reason="Тётя", barred_by=specialist, barred_at=NOW)
        with pytest.raises(NotYourAssignment):
            answer(sent, school.teacher)

    def test_pressed_twice_is_one(self, refer, school, events):
        sent = refer()
        assert answer(sent, school.teacher) == answer(sent, school.teacher)
        assert events().count("assignment_answered") == 1

    def test_that_comes_second_is_told_who_was_first(self, refer, school):
        sent, colleague = refer(), member_of(school.agency, last_name="Быстрова")
        answer(sent, colleague, accepts=False, words="Нет психолога")
        with pytest.raises(AssignmentAnswered) as told:
            answer(sent, school.teacher, version=1)
        assert "Быстрова" in str(told.value)
        assert "23.11.2026 12:00" in str(told.value)

    def test_is_told_to_the_curator_without_what_it_says(
        self, refer, school, specialist, django_capture_on_commit_callbacks
    ):
        sent = refer()
        with django_capture_on_commit_callbacks(execute=True):
            answer(sent, school.teacher, accepts=False, words="Нет психолога")
        assert [message.to for message in mail.outbox] == [[specialist.email]]
        assert "психолог" not in mail.outbox[0].body


class TestAMark:
    def test_says_what_came_of_it(self, measure, school, events):
        marked = mark(measure, school.teacher, state=PARTLY)
        assert (marked.state, marked.words, marked.marked_by, marked.marked_at) == (
            "partly", "Прошли все три", school.teacher, NOW,
        )  # fmt: skip
        assert mark(marked, school.teacher).state == "done"
        assert events()[-2:] == ["assignment_marked", "assignment_marked"]

    def test_needs_words_and_an_accepted_referral(self, measure, refer, school):
        with pytest.raises(WordsMissing):
            mark(measure, school.teacher, words=" ")
        with pytest.raises(WordsMissing):
            mark(measure, school.teacher, state=AssignmentState.WITHDRAWN)
        with pytest.raises(StillWaitsForAnAnswer):
            mark(refer(), school.teacher)

    def test_may_be_written_down_by_the_curator_and_by_nobody_else_of_the_case(
        self, measure, specialist, agency, helper
    ):
        for colleague in (member_of(agency), member_of(agency, TeamRole.HEAD), helper, member_of(AgencyFactory())):
            with pytest.raises(NotYourAssignment):
                mark(measure, colleague)
        assert mark(measure, specialist).marked_by == specialist

    def test_of_what_is_done_already_is_told_who_was_first(self, measure, school, specialist):
        mark(measure, school.teacher)
        with pytest.raises(AssignmentAnswered):
            mark(measure, specialist, version=1, words="Семья сказала")
        with pytest.raises(AssignmentAnswered):
            mark(measure, specialist, version=2, words="Семья сказала")

    def test_pressed_twice_is_one(self, measure, school, events):
        assert mark(measure, school.teacher) == mark(measure, school.teacher, version=1)
        assert events().count("assignment_marked") == 1


class TestAnAnswerToWhatNobodyHasAnswered:
    def test_on_top_of_an_old_page_says_to_read_anew(self, refer, school):
        sent = refer()
        with pytest.raises(AssignmentAnswered) as refused:
            answer(sent, school.teacher, version=sent.version + 1)
        assert "заново" in str(refused.value)


class TestWithdrawing:
    def test_closes_everything_at_once(self, refer, specialist, school):
        sent = refer(shown=shown())
        for _press in range(2):
            taken = assignments.withdraw(assignment=sent, actor=specialist, at=NOW)
        taken.disclosure.refresh_from_db()
        assert (taken.state, taken.version, taken.disclosure.withdrawn_by) == ("withdrawn", 2, specialist)
        with pytest.raises(AssignmentAnswered):
            answer(sent, school.teacher, version=1)

    def test_of_what_was_refused_meanwhile_is_told(self, refer, specialist, school):
        sent = refer()
        answer(sent, school.teacher, accepts=False, words="Нет психолога")
        with pytest.raises(AssignmentAnswered):
            assignments.withdraw(assignment=sent, actor=specialist, at=NOW)

    def test_comes_with_the_end_of_the_case(self, refer, measure, case, specialist, school):
        mark(measure, school.teacher)
        sent = refer()
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        sent.refresh_from_db()
        measure.refresh_from_db()
        assert (sent.state, measure.state) == ("withdrawn", "done")


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_people_answer_and_one_of_them_is_told(self, refer, school):
        sent, colleague = refer(), member_of(school.agency)
        results = at_once(
            lambda: answer(sent, school.teacher, at=timezone.now()),
            lambda: answer(sent, colleague, accepts=False, words="Нет психолога", at=timezone.now()),
        )
        assert sorted(isinstance(result, AssignmentAnswered) for result in results) == [False, True], results
        assert sent.case.log.filter(event="assignment_answered").count() == 1

    def test_the_curator_and_the_executor_mark_and_one_of_them_is_told(self, measure, school, specialist):
        results = at_once(
            lambda: mark(measure, school.teacher, at=timezone.now()),
            lambda: mark(measure, specialist, words="Семья сказала", at=timezone.now()),
        )
        assert sorted(isinstance(result, AssignmentAnswered) for result in results) == [False, True], results

    def test_an_answer_and_a_withdrawal_are_one_after_the_other(self, refer, school, specialist):
        sent = refer(shown=shown())
        at_once(
            lambda: answer(sent, school.teacher, accepts=False, words="Нет психолога", at=timezone.now()),
            lambda: assignments.withdraw(assignment=sent, actor=specialist, at=timezone.now()),
        )
        sent.refresh_from_db()
        assert (sent.version, sent.disclosure.withdrawn_at is None) == (2, False)

    def test_two_presses_send_one_referral(self, refer):
        token = uuid.uuid4()
        results = at_once(*[lambda: refer(token=token, shown=shown())] * 2)
        assert results == [Assignment.objects.get()] * 2


@pytest.fixture
def now_sent(refer):
    """A referral of today, so that the pages of today show it."""

    def send(**facts):
        today = timezone.localdate()
        facts.setdefault("due", today + dt.timedelta(days=9))
        return refer(at=timezone.now(), **facts)

    return send


@pytest.fixture
def pupil(case):
    return PersonFactory(case=case, full_name="Лукошкин Тимофей", phone="8 (900) 000-00-55")


def typed_referral(agency, **changes):
    day = (timezone.localdate() + dt.timedelta(days=9)).strftime("%d.%m.%Y")
    words = {"token": str(uuid.uuid4()), "agency": agency.pk, "text": ASKED, "due": day, "answer_within": "3"}
    return words | {"sections": ["people"], "last_day": day, **changes}


class TestSendingOnTheScreen:
    def test_shows_first_what_the_other_agency_will_see(self, desk, case, school, pupil):
        url, words = reverse("casework:new_referral", args=[case.reference]), typed_referral(school.agency)
        preview = desk.post(url, words)
        assert "Лукошкин Тимофей" in preview.content.decode()
        assert pupil.phone not in preview.content.decode()
        assert not Assignment.objects.exists()
        changed = desk.post(url, words | {"_edit": "1"})
        assert changed.context["form"]["text"].value() == ASKED
        assert desk.post(url, words | {"_send": "1"}).status_code == 302
        assert Assignment.objects.get().disclosure.sections == ["people"]

    def test_carries_every_word_from_the_preview_into_the_sending(self, desk, case, school, file_plan):
        file_plan()
        words = typed_referral(school.agency, documents=["1"], sections=["people", "plan"])
        page = desk.post(reverse("casework:new_referral", args=[case.reference]), words).content.decode()
        for hidden in ('name="documents" value="1"', 'name="sections" value="plan"', f'value="{words["token"]}"'):
            assert hidden in page

    def test_shows_documents_of_this_case_only(self, desk, case, school, file_plan):
        filed = file_plan()
        url, words = reverse("casework:new_referral", args=[case.reference]), typed_referral(school.agency)
        wrong = desk.post(url, words | {"documents": ["99"]})
        assert "documents" in wrong.context["form"].errors
        desk.post(url, words | {"documents": [str(filed.number)], "_send": "1"})
        sent = Assignment.objects.get(kind="referral")  # the plan has measures of its own
        assert list(sent.disclosure.documents.all()) == [filed]

    def test_names_the_local_day_on_which_a_document_was_filed(self, agency):
        late = dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC)  # the 23rd already in Novosibirsk
        filed = SimpleNamespace(number=1, edition=SimpleNamespace(title="План"), filed_at=late)
        form = ReferralForm(keeper=agency, documents=[filed], categories=[], today=NOW.date())
        assert form.fields["documents"].choices == [("1", "№ 1, План, 23.11.2026")]

    def test_needs_a_last_day_for_what_is_shown(self, desk, case, school):
        url, words = reverse("casework:new_referral", args=[case.reference]), typed_referral(school.agency, last_day="")
        assert "last_day" in desk.post(url, words).context["form"].errors
        nothing = desk.post(url, words | {"sections": []})
        assert nothing.context["part"] is None

    def test_offers_special_facts_that_are_open_to_whoever_sends_and_no_others(self, case, helper, specialist):
        offered = {}
        for user in (specialist, helper):
            browser = Client()
            browser.force_login(user)
            form = browser.get(reverse("casework:new_referral", args=[case.reference])).context["form"]
            offered[user] = (
                [code for code, _label in form.fields["categories"].choices] if "categories" in form.fields else []
            )
        assert offered == {specialist: ["special", "criminal"], helper: []}

    def test_tells_of_what_cannot_be_sent_and_keeps_the_words(self, desk, case):
        answer = desk.post(
            reverse("casework:new_referral", args=[case.reference]),
            typed_referral(AgencyFactory()) | {"_send": "1"},
        )
        assert answer.status_code == 200
        assert answer.context["form"]["text"].value() == ASKED
        assert [str(message) for message in answer.context["messages"]] == [str(NobodyToAsk())]


class TestWhoeverAsked:
    def test_sees_how_it_goes(self, desk, case, now_sent, school):
        sent = now_sent()
        answer(sent, school.teacher, accepts=False, words="Нет психолога", at=timezone.now())
        page = desk.get(reverse("casework:referrals", args=[case.reference]))
        assert [line.assignment for line in page.context["lines"]] == [sent]
        assert "Нет психолога" in page.content.decode()

    def test_sees_who_was_told_of_the_silence(self, desk, case, refer):
        sent = refer()
        AssignmentNudge.objects.create(assignment=sent, to="executor", about=MONDAY, at=NOW, run=uuid.uuid4())
        (line,) = desk.get(reverse("casework:referrals", args=[case.reference])).context["lines"]
        assert [nudge.to for nudge in line.told] == ["executor"]

    def test_closes_what_was_shown_when_it_is_done(self, desk, case, now_sent, school):
        day = timezone.localdate() + dt.timedelta(days=5)
        sent = now_sent(shown=assignments.Shown(sections=["people"], documents=[], categories=[], last_day=day))
        page = reverse("casework:referrals", args=[case.reference])
        close = reverse("casework:withdraw_disclosure", args=[case.reference, sent.disclosure_id])
        assert close not in desk.get(page).content.decode()
        taken_on = answer(sent, school.teacher, accepts=True, at=timezone.now())
        mark(taken_on, school.teacher, at=timezone.now())
        assert close in desk.get(page).content.decode()
        assert desk.post(close).status_code == 302
        assert close not in desk.get(page).content.decode()

    def test_takes_it_back(self, desk, case, now_sent):
        sent = now_sent()
        desk.post(reverse("casework:withdraw_referral", args=[case.reference, sent.token]))
        sent.refresh_from_db()
        assert sent.state == "withdrawn"

    def test_may_take_back_what_they_sent_and_nothing_else_when_they_only_help(
        self, case, now_sent, helper, specialist
    ):
        ours, theirs = now_sent(), now_sent(actor=helper, shown=None)
        browser = Client()
        browser.force_login(helper)
        page = browser.get(reverse("casework:referrals", args=[case.reference])).context["lines"]
        assert {line.assignment.pk: line.may_withdraw for line in page} == {ours.pk: False, theirs.pk: True}
        for sent, status in ((ours, 404), (theirs, 302)):
            url = reverse("casework:withdraw_referral", args=[case.reference, sent.token])
            assert browser.post(url).status_code == status
        ours.refresh_from_db()
        assert ours.state == "sent"

    def test_cannot_take_back_what_a_document_asks(self, desk, case, measure):
        url = reverse("casework:withdraw_referral", args=[case.reference, measure.token])
        assert desk.post(url).status_code == 404

    def test_marks_a_measure_as_the_curator_only(self, desk, case, measure, helper, agency):
        url = reverse("casework:mark_for_executor", args=[case.reference, measure.token])
        words = {"state": "done", "words": "Сказала учитель Ветрова", "version": "1"}
        for other in (helper, member_of(agency)):
            browser = Client()
            browser.force_login(other)
            assert browser.post(url, words).status_code == 404
        assert desk.post(url, words).status_code == 302
        late = desk.post(url, words | {"words": "Другие слова"})
        assert "Другие слова" in late.content.decode()
        measure.refresh_from_db()
        assert (measure.state, measure.words) == ("done", "Сказала учитель Ветрова")

    def test_is_told_what_reaches_nobody_but_on_paper(self, desk, case, measure, school):
        url = reverse("casework:referrals", args=[case.reference])
        assert [line.goes_on_paper for line in desk.get(url).context["lines"]] == [False]
        get_user_model().objects.filter(groups__team__agency=school.agency).update(is_active=False)
        assert [line.goes_on_paper for line in desk.get(url).context["lines"]] == [True]
        mark(measure, case.curator)
        assert [line.goes_on_paper for line in desk.get(url).context["lines"]] == [False]

    def test_costs_the_same_for_three_and_for_thirty(self, desk, case, now_sent, django_assert_num_queries):
        url = reverse("casework:referrals", args=[case.reference])
        for _number in range(3):
            now_sent(shown=shown(last_day=timezone.localdate()))
        desk.get(url)
        with django_assert_num_queries(12):
            desk.get(url)
        for _number in range(27):
            now_sent(shown=shown(last_day=timezone.localdate()))
        with django_assert_num_queries(12):
            desk.get(url)


class TestWhoeverWasAsked:
    @pytest.fixture
    def theirs(self, school):
        browser = Client()
        browser.force_login(school.teacher)
        return browser

    def test_sees_what_was_asked_and_not_the_case(self, theirs, case, now_sent, pupil):
        sent = now_sent(shown=shown(last_day=timezone.localdate()))
        page = theirs.get(reverse("casework:assignment", args=[sent.token]))
        assert ASKED in page.content.decode()
        assert reverse("casework:disclosure", args=[sent.disclosure.token]) in page.content.decode()
        assert pupil.full_name not in page.content.decode()
        assert case.reference not in page.content.decode()
        assert theirs.get(reverse("casework:case", args=[case.reference])).status_code == 404
        assert case.log.filter(event="assignment_read", actor__groups__team__agency=sent.agency).count() == 1

    def test_is_nobody_else(self, now_sent, desk, helper, case, school, specialist):
        sent = now_sent()
        url = reverse("casework:assignment", args=[sent.token])
        assert desk.get(url).status_code == 404
        for other in (helper, member_of(AgencyFactory())):
            browser = Client()
            browser.force_login(other)
            assert browser.get(url).status_code == 404
            assert list(browser.get(reverse("casework:assigned")).context["lines"]) == []
        Bar.objects.create(case=case, person=school.teacher, reason="Тётя", barred_by=specialist, barred_at=NOW)
        browser = Client()
        browser.force_login(school.teacher)
        assert browser.get(url).status_code == 404
        assert browser.get(reverse("casework:assigned")).context["lines"] == []

    def test_accepts_and_says_what_came_of_it(self, theirs, now_sent):
        sent = now_sent()
        theirs.post(reverse("casework:accept_assignment", args=[sent.token]), {"version": "1"})
        url = reverse("casework:mark_assignment", args=[sent.token])
        assert "words" in theirs.post(url, {"version": "2", "state": "done"}).context["mark_form"].errors
        theirs.post(url, {"version": "2", "state": "done", "words": "Прошли все три"})
        sent.refresh_from_db()
        assert (sent.state, sent.words) == ("done", "Прошли все три")

    def test_refuses_with_a_reason(self, theirs, now_sent):
        sent = now_sent()
        url = reverse("casework:refuse_assignment", args=[sent.token])
        assert "words" in theirs.post(url, {"version": "1", "words": " "}).context["refuse_form"].errors
        assert theirs.post(url, {"version": "1", "words": "Нет психолога"}).status_code == 302
        sent.refresh_from_db()
        assert (sent.state, sent.words) == ("refused", "Нет психолога")

    def test_keeps_the_words_when_a_colleague_was_quicker(self, theirs, now_sent, school):
        sent = now_sent()
        answer(sent, member_of(school.agency, last_name="Быстрова"), at=timezone.now())
        page = theirs.post(
            reverse("casework:refuse_assignment", args=[sent.token]), {"version": "1", "words": "Нет психолога"}
        )
        assert page.context["lost"] == "Нет психолога"
        assert "Быстрова" in page.content.decode()
        sent.refresh_from_db()
        assert sent.state == "accepted"

    def test_answers_with_a_damaged_page_and_nothing_happens(self, theirs, now_sent):
        sent = now_sent()
        for version in ("", "x", "-1", "9" * 30):
            theirs.post(reverse("casework:accept_assignment", args=[sent.token]), {"version": version})
        sent.refresh_from_db()
        assert sent.state == "sent"

    def test_has_a_list_that_can_be_narrowed(self, theirs, now_sent, measure, school):
        waits, over = now_sent(), now_sent()
        answer(over, school.teacher, accepts=False, words="Нет психолога", at=timezone.now())
        found = {}
        for show in assignment_lists.FILTERS:
            lines = theirs.get(reverse("casework:assigned"), {"show": show}).context["lines"]
            found[show] = {line.assignment for line in lines}
        assert found == {"open": {waits, measure}, "silent": {waits}, "over": {over}}
        assert theirs.get(reverse("casework:assigned"), {"show": "nonsense"}).status_code == 404

    def test_sees_what_the_own_plan_asks_among_it_with_the_way_to_the_case(self, theirs, school):
        own = open_case(school.agency, accepted_by=school.teacher, at=NOW)
        assignments.assign(
            case=own, kind=AssignmentKind.MEASURE, agency=school.agency, text=ASKED, actor=school.teacher, at=NOW
        )
        (line,) = theirs.get(reverse("casework:assigned")).context["lines"]
        page = theirs.get(reverse("casework:assignment", args=[line.assignment.token])).content.decode()
        assert reverse("casework:case", args=[own.reference]) in page
        assert line.assignment.person is None

    def test_costs_the_same_for_three_and_for_thirty(self, theirs, agency, school, django_assert_num_queries):
        def ask(times):
            for _number in range(times):
                sender = member_of(agency)
                assignments.refer(
                    case=open_case(agency, accepted_by=sender), agency=school.agency, text=ASKED, due=DUE, answer_within=3,
                    shown=None, actor=sender, at=timezone.now(), token=uuid.uuid4(),
                )  # fmt: skip

        ask(3)
        url = reverse("casework:assigned")
        theirs.get(url)
        with django_assert_num_queries(6):
            theirs.get(url)
        ask(27)
        with django_assert_num_queries(6):
            assert len(theirs.get(url).context["lines"]) == 30

    def test_hears_of_it_on_their_day(self, theirs, now_sent, school, refer):
        assert theirs.get("/cases/").context["asked"] == {"total": 0, "silent": 0, "late": 0}
        now_sent()
        answer(now_sent(), school.teacher, at=timezone.now())
        long_ago = timezone.now() - dt.timedelta(days=30)
        refer(at=long_ago, due=long_ago.date() + dt.timedelta(days=1))
        assert theirs.get("/cases/").context["asked"] == {"total": 3, "silent": 2, "late": 1}


class TestTheSharedCase:
    def test_may_be_asked_about_by_whoever_works_on_it(self, refer, helper):
        assert refer(actor=helper).sent_by == helper

    def test_has_a_curator_of_another_agency_who_marks(self, case, measure, agency, specialist):
        other = AgencyFactory()
        sharing.share_case(
            case=case, agency=other, level="work", last_day=DUE, reason="Куратор", actor=specialist, at=NOW
        )
        curator = member_of(other)
        case.curator = curator
        case.save(update_fields=["curator"])
        assert mark(measure, curator).marked_by == curator
