"""A case goes to another curator: the pack holds what waits, every item is accepted, and only then the curator changes."""

import datetime as dt
import re
import uuid
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from casework.actions import cases, curators, handovers, people, procedures, rights, sharing, tasks
from casework.actions.handover_refusals import (
    CuratorChanged,
    HandoverOver,
    HandoverToTheCurator,
    HandoverUnderWay,
    NotTheReceiver,
    NotYourHandover,
    ReceiverLeft,
)
from casework.actions.refusals import CaseEnded, CaseNotInWork, NotOfThisAgency
from casework.models import Assignment, ClosureGround, Handover, Person, TeamRole
from tests.casework.conftest import NOW
from tests.casework.following import PROCEDURE
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def next_one(agency):
    return member_of(agency)


@pytest.fixture
def begin(case, specialist, next_one):
    """Return a function that begins a handover."""

    def start(**changes):
        words = {"to_person": next_one, "ground": "leaves", "words": "", "actor": specialist, "token": uuid.uuid4()}
        return handovers.begin_handover(**{"case": case, "at": NOW} | words | changes)

    return start


@pytest.fixture
def accept(next_one):
    """Return a function that accepts items of a pack: all of them when none is named."""

    def tick(handover, *items, actor=None, remarks=None):
        numbers = [item.pk for item in items or handover.items.all()]
        return handovers.accept_items(
            handover=handover, numbers=numbers, remarks=remarks or {}, actor=actor or next_one, at=NOW
        )

    return tick


@pytest.fixture
def family(case, specialist):
    """A child whose telephone nobody knows, and a mother."""
    for role, name, phone in (("child", "Лукошкин Тимофей", ""), ("mother", "Лукошкина Марина", "8 900 000 00 55")):
        person = Person(case=case, role=role, full_name=name, phone=phone)
        people.keep_person(case=case, actor=specialist, at=NOW, person=person)


@pytest.fixture
def errand(case, specialist):
    """Something the curator has to do by a day."""
    return tasks.give_task(
        case=case,
        title="Позвонить в школу",
        owner=specialist,
        due=TODAY,
        actor=specialist,
        at=NOW,
        token=uuid.uuid4(),
    )


def texts(handover, kind):
    return [item.text for item in handover.items.filter(kind=kind)]


class TestThePack:
    def test_holds_the_open_terms_and_the_contacts(self, begin, family, errand):
        pack = begin()
        assert texts(pack, "deadline") == ["Позвонить в школу"]
        assert pack.items.get(kind="deadline").due == TODAY
        family_and_agency = texts(pack, "contact")
        assert "Лукошкина Марина, 8 900 000 00 55" in family_and_agency[1]
        assert len(family_and_agency) == 3

    def test_says_what_is_overdue_among_the_risks(self, begin, errand):
        pack = begin(at=NOW + dt.timedelta(days=3))
        assert [item.ref for item in pack.items.filter(kind="risk")] == [f"overdue:task:{errand.pk}:{TODAY}"]

    def test_holds_what_other_agencies_were_asked_and_what_councils_decided(self, begin, case, specialist):
        school = AgencyFactory()
        asked = {"case": case, "agency": school, "sent_by": specialist, "sent_at": NOW, "state": "accepted"}
        Assignment.objects.create(kind="measure", text="Кружок", due=TODAY, **asked)
        Assignment.objects.create(kind="decision", text="Обследовать жильё", due=TODAY, **asked)
        Assignment.objects.create(kind="decision", text="Сделанное", due=TODAY, **asked | {"state": "done"})
        pack = begin()
        assert len(texts(pack, "deadline")) == 1
        assert "Кружок" in texts(pack, "deadline")[0]
        assert len(texts(pack, "decision")) == 1
        assert "Обследовать жильё" in texts(pack, "decision")[0]
        assert any(text.startswith(school.short_name) for text in texts(pack, "contact"))

    def test_holds_the_level_the_missing_papers_and_the_tasks_of_a_procedure(self, begin, followed_case):
        pack = begin(case=followed_case)
        assert len(texts(pack, "paper")) == 1
        assert "План составлен" in texts(pack, "paper")[0]
        assert "План составлен" in texts(pack, "deadline")[1]

    def test_holds_the_risk_level_what_was_decided_and_terms_that_stand_still(self, begin, case, specialist, agency):
        head, edition = member_of(agency, TeamRole.HEAD), procedure_in_force(PROCEDURE)
        start = {"edition": edition, "on": TODAY, "actor": specialist, "at": NOW, "token": uuid.uuid4()}
        followed = procedures.start_procedure(case=case, **start)
        word = {"on": TODAY, "words": "Так решили", "token": uuid.uuid4()}
        procedures.decide(
            followed=followed, step="check", turn=1, outcome="medium", word=procedures.Word(**word), actor=head, at=NOW
        )
        case.tasks.filter(step="curator").update(is_paused=True)
        pack = begin()
        levels = [item.text for item in pack.items.filter(kind="risk", ref__startswith="level:")]
        assert len(levels) == 1
        assert edition.title in levels[0]
        assert texts(pack, "decision") == ["23.11.2026: Проверка сигнала: Средний уровень"]
        assert any("срок приостановлен" in text for text in texts(pack, "deadline"))

    def test_says_which_agencies_are_silent_or_late(self, begin, case, specialist):
        asked = {"case": case, "sent_by": specialist, "sent_at": NOW, "kind": "referral", "answer_by": TODAY}
        silent, late = AgencyFactory(short_name="Школа"), AgencyFactory(short_name="Центр")
        Assignment.objects.create(agency=silent, text="Кружок", state="sent", **asked)
        Assignment.objects.create(agency=late, text="Психолог", state="accepted", due=TODAY, **asked)
        pack = begin(at=NOW + dt.timedelta(days=3))
        heard = {item.text.partition(": ")[0]: item.due for item in pack.items.filter(kind="risk")}
        assert {name.split()[-1].strip("«»"): day for name, day in heard.items()} == {"Школа": TODAY, "Центр": TODAY}

    def test_does_not_hold_the_task_that_asks_to_accept_it(self, begin):
        pack = begin()
        assert texts(pack, "deadline") == []
        assert pack.task.owner == pack.to_person


@pytest.fixture
def followed_case(case, specialist):
    """The case under a procedure whose steps wait for forms."""
    stages = tuple(
        replace(
            stage,
            steps=tuple(replace(step, after=("opened",)) if step.code == "plan" else step for step in stage.steps),
        )
        for stage in PROCEDURE.stages
    )
    edition = procedure_in_force(replace(PROCEDURE, stages=stages))
    procedures.start_procedure(case=case, edition=edition, on=TODAY, actor=specialist, at=NOW, token=uuid.uuid4())
    return case


class TestBeginning:
    def test_twice_with_the_same_page_is_one_handover(self, begin, events):
        token = uuid.uuid4()
        assert begin(token=token) == begin(token=token)
        assert events() == ["task_given", "handed_over"]

    def test_leaves_the_curator_who_they_are(self, begin, case, specialist):
        begin()
        case.refresh_from_db()
        assert case.curator == specialist

    def test_is_refused_while_another_one_is_under_way(self, begin, agency):
        begin()
        with pytest.raises(HandoverUnderWay):
            begin(to_person=member_of(agency))

    def test_goes_to_nobody_who_may_not_work_on_the_case(self, begin, agency, specialist):
        with pytest.raises(NotOfThisAgency):
            begin(to_person=member_of(AgencyFactory()))
        with pytest.raises(NotOfThisAgency):
            begin(to_person=member_of(agency, TeamRole.HEAD))
        with pytest.raises(HandoverToTheCurator):
            begin(to_person=specialist)
        assert not Handover.objects.exists()

    def test_is_for_the_curator_and_who_decides_on_the_case(self, begin, case, agency, helper):
        with pytest.raises(NotYourHandover):
            begin(actor=helper)
        with pytest.raises(NotYourHandover):
            begin(actor=member_of(AgencyFactory()))
        assert begin(actor=member_of(agency, TeamRole.HEAD))

    def test_by_a_curator_of_another_agency_is_taken(self, begin, case, helper, specialist):
        curators.assign_curator(case=case, curator=helper, actor=specialist, at=NOW)
        assert begin(case=case, actor=helper).from_person == helper

    def test_of_a_case_that_is_not_in_work_is_refused(self, begin, agency, case, specialist):
        with pytest.raises(CaseNotInWork):
            begin(case=open_case(agency, at=NOW))
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            begin()


class TestAccepting:
    def test_the_last_item_makes_the_receiver_the_curator_with_the_tasks(
        self, begin, accept, case, errand, next_one, events
    ):
        pack = begin()
        accept(pack)
        case.refresh_from_db()
        errand.refresh_from_db()
        pack.task.refresh_from_db()
        assert (case.curator, errand.owner, pack.task.status) == (next_one, next_one, "done")
        assert Handover.objects.get().finished_at == NOW
        assert events()[-2:] == ["handed_over", "assigned"]

    def test_of_a_part_keeps_the_ticks_and_the_old_curator(self, begin, accept, case, family, specialist):
        pack = begin()
        first = pack.items.first()
        accept(pack, first, remarks={first.pk: "Позвоню завтра"})
        first.refresh_from_db()
        case.refresh_from_db()
        assert (first.accepted_at, first.remark, case.curator) == (NOW, "Позвоню завтра", specialist)

    def test_in_two_tabs_is_accepting_once(self, begin, accept, case, next_one, events):
        pack = begin()
        accept(pack)
        before = events()
        assert accept(pack).finished_at == NOW
        assert events() == before

    def test_what_has_come_meanwhile_is_accepted_too(self, begin, accept, case, specialist, next_one):
        pack = begin()
        tasks.give_task(
            case=case, title="Новое", owner=specialist, due=TODAY, actor=specialist, at=NOW, token=uuid.uuid4()
        )
        assert accept(pack).is_under_way
        case.refresh_from_db()
        assert case.curator == specialist
        assert [item.text for item in pack.items.filter(accepted_at=None)] == ["Новое"]
        accept(pack)
        case.refresh_from_db()
        assert case.curator == next_one

    def test_is_for_the_receiver_alone(self, begin, accept, specialist, agency):
        pack = begin()
        for stranger in (specialist, member_of(agency, TeamRole.HEAD), member_of(AgencyFactory())):
            with pytest.raises(NotTheReceiver):
                accept(pack, actor=stranger)
        assert not pack.items.filter(accepted_at__isnull=False).exists()

    def test_by_somebody_whose_access_has_ended_is_refused(self, begin, accept, case, helper, specialist):
        pack = begin(to_person=helper)
        sharing.withdraw_share(share=case.shares.get(), actor=specialist, at=NOW)
        with pytest.raises(ReceiverLeft):
            accept(pack, actor=helper)

    def test_after_somebody_else_became_the_curator_is_refused(self, begin, accept, case, agency, specialist):
        pack = begin()
        curators.assign_curator(case=case, curator=member_of(agency), actor=specialist, at=NOW)
        with pytest.raises(CuratorChanged):
            accept(pack)

    def test_in_a_case_that_has_ended_is_refused(self, begin, accept, case, specialist):
        pack = begin()
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            accept(pack)

    def test_items_of_another_pack_changes_nothing(self, begin, accept, agency, specialist, next_one):
        other = begin(case=open_case(agency, accepted_by=specialist, at=NOW))
        accept(begin(), *other.items.all())
        assert not other.items.filter(accepted_at__isnull=False).exists()


class TestTakingBack:
    def test_ends_the_task_and_is_written_down_once(self, begin, specialist, events):
        pack = begin()
        for _press in range(2):
            handovers.withdraw_handover(handover=pack, actor=specialist, at=NOW)
        pack.task.refresh_from_db()
        assert pack.task.status == "gone"
        assert events() == ["task_given", "handed_over", "handed_over"]

    def test_lets_another_one_begin_and_the_old_one_be_accepted_no_more(self, begin, accept, specialist):
        pack = begin()
        handovers.withdraw_handover(handover=pack, actor=specialist, at=NOW)
        with pytest.raises(HandoverOver):
            accept(pack)
        assert begin() != pack

    def test_by_the_receiver_or_after_the_end_is_refused(self, begin, accept, helper, specialist):
        pack = begin(to_person=helper)
        with pytest.raises(NotYourHandover):
            handovers.withdraw_handover(handover=pack, actor=helper, at=NOW)
        accept(pack, actor=helper)
        with pytest.raises(HandoverOver):
            handovers.withdraw_handover(handover=pack, actor=specialist, at=NOW)


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


class TestThePages:
    def test_lead_from_the_form_to_the_last_tick(self, desk, case, family, next_one):
        address = reverse("casework:handover", args=[case.reference])
        token = re.search(r'name="token" value="([^"]+)"', desk.get(address).content.decode())[1]
        sent = {"token": token, "to_person": next_one.pk, "ground": "leaves", "words": "Звонить вечером"}
        assert desk.post(address, sent).status_code == 302
        receiver = browser_of(next_one)
        page = receiver.get(address).content.decode()
        assert "Звонить вечером" in page
        ticks = re.findall(r'name="(accept-\d+)"', page)
        assert len(ticks) == 3
        accept = reverse("casework:accept_handover", args=[case.reference])
        receiver.post(accept, {ticks[0]: "on"})
        receiver.post(accept, dict.fromkeys(ticks[1:], "on"))
        case.refresh_from_db()
        assert case.curator == next_one

    def test_say_that_nothing_was_ticked(self, begin, case, next_one):
        pack = begin()
        address = reverse("casework:accept_handover", args=[case.reference])
        answer = browser_of(next_one).post(address, follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        assert pack.items.filter(accepted_at=None).exists()

    def test_keep_a_remark_that_has_no_tick(self, begin, case, next_one):
        item = begin().items.first()
        address = reverse("casework:accept_handover", args=[case.reference])
        answer = browser_of(next_one).post(address, {f"remark-{item.pk}": "Не дозвонился"})
        assert answer.status_code == 422
        assert "Не дозвонился" in answer.content.decode()

    def test_ask_the_same_number_of_questions_for_a_long_pack(
        self, begin, case, specialist, next_one, django_assert_max_num_queries
    ):
        for number in range(30):
            Person.objects.create(case=case, role="relative", full_name=f"Родственник {number}")
        begin()
        browser, address = browser_of(next_one), reverse("casework:handover", args=[case.reference])
        with django_assert_max_num_queries(25):
            browser.get(address)

    @pytest.mark.parametrize("name", ["handover", "print_handover"])
    def test_are_written_down_when_they_are_read(self, begin, case, desk, events, name):
        begin()
        desk.get(reverse(f"casework:{name}", args=[case.reference]))
        assert events()[-1] == "read"

    @pytest.mark.parametrize("name", ["handover", "print_handover", "accept_handover", "withdraw_handover"])
    def test_do_not_exist_for_strangers(self, begin, case, name):
        begin()
        browser, address = browser_of(member_of(AgencyFactory())), reverse(f"casework:{name}", args=[case.reference])
        assert browser.get(address).status_code in {404, 405}
        assert browser.post(address).status_code in {404, 405}

    def test_do_not_exist_for_somebody_kept_out(self, begin, case, agency, next_one):
        begin()
        head = member_of(agency, TeamRole.HEAD)
        rights.bar(case=case, person=next_one, concerned=[next_one], reason="Сосед", actor=head, at=NOW)
        assert browser_of(next_one).get(reverse("casework:handover", args=[case.reference])).status_code == 404


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_tabs_make_the_receiver_the_curator_once(self, begin, accept, case, next_one):
        pack = begin()
        results = at_once(*[lambda: accept(pack)] * 2)
        assert all(isinstance(result, Handover) for result in results), results
        assert case.log.filter(event="assigned").count() == 2  # when the case was accepted, and now
        case.refresh_from_db()
        assert case.curator == next_one

    def test_the_last_tick_and_a_withdrawal_do_not_both_happen(self, begin, accept, specialist):
        pack = begin()
        results = at_once(
            lambda: accept(pack), lambda: handovers.withdraw_handover(handover=pack, actor=specialist, at=NOW)
        )
        assert sum(isinstance(result, HandoverOver) for result in results) == 1, results

    def test_two_people_begin_and_one_is_told(self, begin, agency):
        results = at_once(begin, lambda: begin(to_person=member_of(agency)))
        assert sorted(isinstance(result, HandoverUnderWay) for result in results) == [False, True], results
