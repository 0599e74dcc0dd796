"""A meeting: called, its agenda made, led through the three stages of S000, with nothing decided without a quorum."""

import datetime as dt
import uuid
from contextlib import nullcontext

import pytest
from django.test import Client
from django.utils import timezone

from casework import access
from casework.actions import agenda, agenda_items, councils, meetings, opinions
from casework.actions.council_refusals import (
    AccountOfAnotherAgency,
    AgencyIsClosed,
    AlreadyOnAgenda,
    AlreadyWrittenDown,
    CaseNotYours,
    CouncilClosed,
    DueInThePast,
    HowMissing,
    ItemChanged,
    MeetingBegun,
    MeetingChanged,
    MeetingDayNotCome,
    MeetingInThePast,
    NoDissentYet,
    NoDueDay,
    NoExecutor,
    NoQuorum,
    NoRemoteOpinion,
    NotACaller,
    NotAMember,
    NothingDecided,
    NothingOnAgenda,
    NotRunning,
    NotTheNextStage,
    NotThisCouncil,
    OpinionIsLate,
    OpinionsStand,
    OpinionsTooLate,
    QuorumTooBig,
    ReasonMissing,
    SpeaksForThemselves,
    StageNotReached,
    TooManyVotes,
)
from casework.actions.refusals import CaseEnded
from casework.models import AgendaItem, Bar, ItemDecision, ItemService, Meeting
from tests.casework.boards import begin, board, comes_to_its_day, meeting_of, put_on
from tests.casework.conftest import NOW
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, member_of, open_case

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def made(db):
    return board(at=NOW)


@pytest.fixture
def called(made):
    return meeting_of(made, at=NOW)


@pytest.fixture
def item(called, case, specialist):
    """The case of `specialist` on the agenda."""
    return put_on(called, case, specialist, at=NOW)


@pytest.fixture
def invited(called, item, made):
    """The meeting, with its members invited."""
    meetings.invite(meeting=called, actor=made.secretary, at=NOW)
    called.refresh_from_db()
    return called


@pytest.fixture
def deciding(invited, made):
    """The meeting, come to decisions."""
    return begin(invited, made, at=NOW, stage="decisions")


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def decide(item, made, **changes):
    wanted = {"text": "Устроить в кружок", "agency": made.agencies["school"], "person": None, "due": TODAY}
    return agenda_items.add_decision(
        item=item, actor=made.secretary, at=NOW, **{**wanted, "token": uuid.uuid4(), **changes}
    )


def outcome(item, made, **changes):
    wanted = {"heard": "", "decided": "", "votes": (5, 0, 0), "outcome": "", "until": None, "version": item.version}
    return agenda_items.write_outcome(item=item, actor=made.secretary, at=NOW, **wanted | changes)


class TestCallingAMeeting:
    def test_is_for_the_secretary_the_chair_and_the_holders_head(self, made):
        words = {"place": "Зал", "is_remote_allowed": True, "opinions_by": None, "held_at": NOW, "at": NOW}
        for person in (made.secretary, made.chair, made.head):
            assert meetings.call_meeting(council=made.council, actor=person, token=uuid.uuid4(), **words).year == 2026
        assert sorted(made.council.meetings.values_list("number", flat=True)) == [1, 2, 3]
        for person in (made.school, member_of(made.holder), member_of(AgencyFactory())):
            with pytest.raises(NotACaller):
                meetings.call_meeting(council=made.council, actor=person, token=uuid.uuid4(), **words)

    def test_twice_by_a_double_click_makes_one(self, made):
        token = uuid.uuid4()
        assert meeting_of(made, at=NOW, token=token) == meeting_of(made, at=NOW, token=token)

    def test_for_the_past_or_with_opinions_after_it_is_refused(self, made):
        with pytest.raises(MeetingInThePast):
            meeting_of(made, at=NOW, in_days=-1)
        for day in (TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=6)):
            with pytest.raises(OpinionsTooLate):
                meeting_of(made, at=NOW, opinions_by=day)

    def test_without_enough_members_is_refused(self, made):
        for name in ("school", "clinic", "police"):
            councils.member_leaves(member=made.members[name], actor=made.head, at=NOW)
        with pytest.raises(QuorumTooBig):
            meeting_of(made, at=NOW)

    def test_of_a_council_that_works_no_more_is_refused(self, made):
        words = {"name": "К", "territory": "Приречный район", "quorum": 3, "place": "", "is_open": False}
        councils.change_council(council=made.council, actor=made.head, at=NOW, **words)
        with pytest.raises(CouncilClosed):
            meeting_of(made, at=NOW)

    def test_from_its_page_takes_the_hour_from_the_clock_on_the_holders_wall(self, made):
        day = timezone.localdate() + dt.timedelta(days=3)
        typed = {"token": uuid.uuid4(), "held_at": f"{day:%d.%m.%Y} 10:00", "place": "Зал", "opinions_by": ""}
        browser(made.secretary).post(f"/cases/councils/{made.council.pk}/call/", typed)
        assert made.holder.local(made.council.meetings.get().held_at).hour == 10
        assert browser(made.school).get(f"/cases/councils/{made.council.pk}/call/").status_code == 404


class TestTheAgenda:
    def test_takes_a_case_from_whoever_works_on_it_once(self, called, item, case, specialist):
        assert (item.order, item.reason) == (1, "asked")
        assert case.log.filter(event="on_agenda").count() == 1
        with pytest.raises(AlreadyOnAgenda):
            put_on(called, case, specialist, at=NOW)

    def test_takes_no_case_that_one_may_not_read(self, made, called, case):
        for person in (made.secretary, made.school, member_of(AgencyFactory())):
            with pytest.raises(CaseNotYours):
                put_on(called, case, person, at=NOW)
        with pytest.raises(CaseNotYours):
            agenda.case_by_number(user=made.secretary, meeting=called, reference=case.reference, at=NOW)
        typed = {"reference": case.reference, "reason": "asked", "question": "?"}
        browser(made.secretary).post(f"/cases/meetings/{called.token}/agenda/", typed)
        assert not called.items.exists()

    def test_takes_no_case_from_a_reader_and_from_another_territory(self, made, case, specialist):
        far = meeting_of(board(at=NOW, territory="Заречный район"), at=NOW)
        with pytest.raises(CaseNotYours):
            put_on(far, case, specialist, at=NOW)

    def test_takes_no_case_that_has_ended(self, called, agency, specialist):
        case = open_case(agency, accepted_by=specialist, at=NOW)
        type(case).objects.filter(pk=case.pk).update(status="refused", closed_at=NOW)
        with pytest.raises(CaseEnded):
            put_on(called, case, specialist, at=NOW)

    def test_takes_no_step_that_does_not_wait_for_this_council(self, called, case, specialist):
        with pytest.raises(NotThisCouncil):
            agenda.put_on_agenda(
                meeting=called, case=case, reason="approval", question="?", actor=specialist, at=NOW, step="approval"
            )

    def test_loses_a_case_with_its_packs_until_members_have_spoken(self, made, invited, item, case, events):
        agenda.take_off_agenda(item=item, actor=made.secretary, at=NOW)
        assert not invited.items.exists()
        assert case.disclosures.filter(withdrawn_at=None).count() == 0
        assert events()[-1] == "off_agenda"

    def test_keeps_a_case_about_which_members_have_spoken_or_that_has_begun(self, made, invited, item):
        opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=NOW)
        with pytest.raises(OpinionsStand):
            agenda.take_off_agenda(item=item, actor=made.secretary, at=NOW)
        begin(invited, made, at=NOW)
        with pytest.raises(MeetingBegun):
            agenda.take_off_agenda(item=item, actor=made.secretary, at=NOW)

    def test_is_put_in_order_by_who_calls(self, made, called, item, agency, specialist):
        second = put_on(called, open_case(agency, accepted_by=specialist, at=NOW), specialist, at=NOW)
        agenda.move_item(item=second, up=True, actor=made.secretary, at=NOW)
        assert list(called.items.values_list("pk", flat=True)) == [second.pk, item.pk]
        agenda.move_item(item=second, up=True, actor=made.secretary, at=NOW)  # it is the first already
        with pytest.raises(NotACaller):
            agenda.move_item(item=second, up=False, actor=made.school, at=NOW)

    def test_is_reached_from_the_page_of_the_case(self, case, desk):
        made = board(at=timezone.now())
        soon = meeting_of(made, at=timezone.now())
        page = desk.get(f"/cases/{case.reference}/council/")
        assert "Территориальный консилиум" in page.content.decode()
        desk.post(f"/cases/{case.reference}/council/", {"meeting": soon.token, "question": "Что делать?", "step": ""})
        assert soon.items.get().case == case
        assert browser(made.secretary).get(f"/cases/{case.reference}/council/").status_code == 404


class TestOpinions:
    def test_are_written_by_members_until_the_day(self, made, invited, item):
        for _twice in range(2):
            opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=NOW)
        assert item.opinions.get().text == "Да"
        with pytest.raises(OpinionIsLate):
            opinions.give_opinion(
                item=item, kind="advance", text="Да", actor=made.clinic, at=NOW + dt.timedelta(days=3)
            )
        for person in (made.head, member_of(made.agencies["school"]), member_of(AgencyFactory())):
            with pytest.raises(NotAMember):
                opinions.give_opinion(item=item, kind="advance", text="Да", actor=person, at=NOW)

    def test_are_missed_by_name(self, made, invited, item):
        opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=NOW)
        silent = {member.full_name: count for member, count in opinions.silent_members(invited, at=NOW)}
        assert str(made.school) not in silent
        assert silent[str(made.clinic)] == 1

    def test_are_remote_for_who_takes_part_remotely_and_dissent_comes_with_decisions(self, made, invited, item):
        meeting = begin(invited, made, at=NOW)
        with pytest.raises(NoRemoteOpinion):
            opinions.give_opinion(item=item, kind="remote", text="Да", actor=made.clinic, at=NOW)
        with pytest.raises(NoDissentYet):
            opinions.give_opinion(item=item, kind="dissent", text="Нет", actor=made.clinic, at=NOW)
        presence = {made.members["clinic"].pk: "remote"}
        meetings.mark_attendance(
            meeting=meeting, presence=presence, version=meeting.version, actor=made.secretary, at=NOW
        )
        assert opinions.give_opinion(item=item, kind="remote", text="Да", actor=made.clinic, at=NOW).text == "Да"

    @pytest.mark.parametrize(("presence", "dissents"), [("present", True), ("remote", True), ("absent", False)])
    def test_dissent_only_of_who_took_part_in_the_decision(self, made, invited, item, presence, dissents):
        meeting = begin(invited, made, at=NOW)
        marked = {made.members["clinic"].pk: presence}
        meetings.mark_attendance(
            meeting=meeting, presence=marked, version=meeting.version, actor=made.secretary, at=NOW
        )
        Meeting.objects.update(stage="decisions")
        words = {"item": item, "kind": "dissent", "text": "Рано возвращать", "actor": made.clinic, "at": NOW}
        with nullcontext() if dissents else pytest.raises(NoDissentYet):
            opinions.give_opinion(**words)
        assert item.opinions.filter(kind="dissent").exists() == dissents


class TestOpinionsOnPaper:
    """Of members without an account, written down by whoever leads the meeting."""

    @pytest.fixture
    def paper(self, made):
        words = {"person": None, "full_name": "Седова Вера Ильинична", "post": "фельдшер", "role": "member"}
        return councils.add_member(
            council=made.council, agency=made.agencies["clinic"], actor=made.head, at=NOW, **words
        )

    def test_are_written_by_the_secretary_and_say_so(self, made, paper, invited, item):
        address = f"/cases/meetings/{invited.token}/items/{item.pk}/"
        Meeting.objects.update(held_at=timezone.now() + dt.timedelta(days=5))
        client = browser(made.secretary)
        assert f"{address}opinion/advance/{paper.pk}/" in client.get(address).content.decode()
        for text in ("Нужен врач", "Нужен врач и отдых"):
            client.post(f"{address}opinion/advance/{paper.pk}/", {"text": text})
        said = item.opinions.get()
        assert (said.member, said.text, said.given_by) == (paper, "Нужен врач и отдых", made.secretary)
        page = client.get(address).content.decode()
        assert "Нужен врач и отдых" in page
        assert made.secretary.get_initials() in page
        assert client.get(f"{address}opinion/dissent/{paper.pk}/").status_code == 404
        seat_with_account = made.members["clinic"].pk
        assert client.get(f"{address}opinion/advance/{seat_with_account}/").status_code == 404
        assert f"opinion/advance/{paper.pk}/" not in browser(made.school).get(address).content.decode()

    def test_are_of_nobody_who_writes_their_own_and_by_nobody_else(self, made, paper, invited, item):
        words = {"item": item, "kind": "advance", "text": "Да", "at": NOW}
        for person in (made.school, made.head, member_of(AgencyFactory())):
            with pytest.raises(NotRunning):
                opinions.write_from_paper(member=paper, actor=person, **words)
        with pytest.raises(SpeaksForThemselves):
            opinions.write_from_paper(member=made.members["clinic"], actor=made.secretary, **words)
        councils.member_leaves(member=paper, actor=made.head, at=NOW)
        with pytest.raises(SpeaksForThemselves):
            opinions.write_from_paper(member=paper, actor=made.secretary, **words)

    def test_are_remote_and_dissenting_in_their_turn(self, made, paper, invited, item):
        meeting = begin(invited, made, at=NOW)
        write = {"item": item, "member": paper, "text": "Да", "actor": made.secretary, "at": NOW}
        for kind, refusal in (("advance", OpinionIsLate), ("remote", NoRemoteOpinion), ("dissent", NoDissentYet)):
            with pytest.raises(refusal):
                opinions.write_from_paper(kind=kind, **write)
        assert opinions.papers_to_write_down(meeting, at=NOW) == []
        meetings.mark_attendance(
            meeting=meeting, presence={paper.pk: "remote"}, version=meeting.version, actor=made.chair, at=NOW
        )
        Meeting.objects.update(stage="decisions")
        meeting.refresh_from_db()
        assert opinions.papers_to_write_down(meeting, at=NOW) == [(paper, ("remote", "dissent"))]
        for kind in ("remote", "dissent"):
            assert opinions.write_from_paper(kind=kind, **write).member == paper

    def test_that_came_in_time_are_typed_until_the_meeting_begins(self, made, paper, invited, item):
        late = NOW + dt.timedelta(days=4)
        write = {"item": item, "member": paper, "kind": "advance", "text": "Да", "actor": made.chair, "at": late}
        assert opinions.write_from_paper(**write).given_at == late


class TestStages:
    def test_begin_on_the_day_of_the_meeting_where_the_council_is(self, made, invited):
        go = {"meeting": invited, "stage": "information", "version": invited.version, "actor": made.secretary}
        midnight = made.holder.local(invited.held_at).replace(hour=0, minute=0, second=0, microsecond=0)
        with pytest.raises(MeetingDayNotCome) as refused:
            meetings.go_to_stage(**go, at=midnight - dt.timedelta(minutes=1))
        assert f"{midnight:%d.%m.%Y}" in str(refused.value)
        assert meetings.go_to_stage(**go, at=midnight).stage == "information"

    def test_go_back_to_the_call_from_the_first_as_long_as_nothing_was_written(self, made, invited, item):
        def go(stage, *, by=made.secretary):
            return meetings.go_to_stage(
                meeting=invited, stage=stage, version=Meeting.objects.get().version, actor=by, at=NOW
            )

        opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=NOW)
        begin(invited, made, at=NOW)
        with pytest.raises(NotRunning):
            go("called", by=made.school)
        assert go("called").stage == "called"
        assert opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.clinic, at=NOW)
        go("information")
        go("services")
        with pytest.raises(NotTheNextStage):
            go("called")
        go("information")
        for change in ({"heard": "О плане"}, {"votes_against": 0}):
            AgendaItem.objects.update(**change)
            with pytest.raises(AlreadyWrittenDown):
                go("called")
            AgendaItem.objects.update(heard="", votes_against=None)
        agenda_items.write_information(
            item=item, facts={made.members["school"].pk: "Прогулы"}, version=1, actor=made.secretary, at=NOW
        )
        with pytest.raises(AlreadyWrittenDown):
            go("called")

    def test_follow_each_other_and_need_a_quorum_for_decisions(self, made, invited):
        with pytest.raises(NotTheNextStage):
            meetings.go_to_stage(
                meeting=invited, stage="decisions", version=invited.version, actor=made.secretary, at=NOW
            )
        meeting = invited
        comes_to_its_day(meeting, at=NOW)
        for stage in ("information", "services"):
            meeting = meetings.go_to_stage(
                meeting=meeting, stage=stage, version=meeting.version, actor=made.secretary, at=NOW
            )
        with pytest.raises(NoQuorum) as refused:
            meetings.go_to_stage(
                meeting=meeting, stage="decisions", version=meeting.version, actor=made.secretary, at=NOW
            )
        assert "3" in str(refused.value)
        meeting.refresh_from_db()
        assert meeting.stage == "services"

    def test_count_remote_members_and_not_the_absent(self, made, invited):
        seats = made.members
        presence = {seats["chair"].pk: "present", seats["clinic"].pk: "remote", seats["school"].pk: "absent"}
        meeting = meetings.mark_attendance(
            meeting=invited, presence=presence, version=invited.version, actor=made.secretary, at=NOW
        )
        assert meetings.taking_part(meeting) == 2

    def test_are_led_by_the_secretary_and_the_chair(self, made, invited):
        for person in (made.head, made.school, member_of(AgencyFactory())):
            with pytest.raises(NotRunning):
                meetings.go_to_stage(
                    meeting=invited, stage="information", version=invited.version, actor=person, at=NOW
                )

    def test_tell_the_second_of_two_secretaries(self, made, invited):
        begin(invited, made, at=NOW)
        with pytest.raises(MeetingChanged):
            meetings.go_to_stage(meeting=invited, stage="services", version=invited.version, actor=made.chair, at=NOW)

    def test_do_not_begin_without_a_case(self, made, called):
        with pytest.raises(NothingOnAgenda):
            meetings.invite(meeting=called, actor=made.secretary, at=NOW)
        with pytest.raises(NothingOnAgenda):
            meetings.go_to_stage(
                meeting=called, stage="information", version=called.version, actor=made.secretary, at=NOW
            )


class TestWhatIsWrittenDown:
    def test_says_why_a_family_is_not_invited_and_how_the_child_was_asked(self, made, invited, item):
        words = {
            "family_invited": False,
            "not_invited_reason": "",
            "family_attended": None,
            "child_opinion": "",
            "child_opinion_how": "",
            "version": item.version,
            "actor": made.secretary,
            "at": NOW,
        }
        with pytest.raises(ReasonMissing):
            agenda_items.write_family(item=item, **words)
        with pytest.raises(HowMissing):
            agenda_items.write_family(item=item, **words | {"family_invited": True, "child_opinion": "Хочу домой"})
        saved = agenda_items.write_family(item=item, **words | {"not_invited_reason": "Мать в больнице"})
        assert (saved.family_invited, saved.version) == (False, item.version + 1)

    def test_waits_for_its_stage(self, made, invited, item):
        with pytest.raises(StageNotReached):
            agenda_items.write_information(item=item, facts={}, version=1, actor=made.secretary, at=NOW)
        begin(invited, made, at=NOW)
        told = {made.members["school"].pk: "Пропускает уроки", made.members["clinic"].pk: ""}
        agenda_items.write_information(item=item, facts=told, version=1, actor=made.secretary, at=NOW)
        assert item.information.get().facts == "Пропускает уроки"
        with pytest.raises(StageNotReached):
            decide(item, made)

    def test_is_one_service_or_decision_for_a_double_click(self, made, deciding, item):
        token = uuid.uuid4()
        words = {"who": "child", "need": "общение", "service": "кружок", "agency": made.agencies["school"]}
        for _twice in range(2):
            agenda_items.add_service(item=item, actor=made.secretary, at=NOW, token=token, **words)
            decide(item, made, token=token)
        assert (ItemService.objects.count(), ItemDecision.objects.count()) == (1, 1)

    def test_is_no_decision_without_an_executor_who_works_and_a_day_to_come(self, made, deciding, item):
        for refusal, changes in (
            (NothingDecided, {"text": " "}),
            (NoExecutor, {"agency": None}),
            (NoDueDay, {"due": None}),
            (AgencyIsClosed, {"agency": AgencyFactory(closed=True)}),
            (AccountOfAnotherAgency, {"person": made.clinic}),
            (DueInThePast, {"due": TODAY - dt.timedelta(days=1)}),
        ):
            with pytest.raises(refusal):
                decide(item, made, **changes)
        assert not item.decisions.exists()

    def test_has_no_more_votes_than_members_taking_part(self, made, deciding, item):
        with pytest.raises(TooManyVotes):
            outcome(item, made, votes=(5, 1, None))
        assert outcome(item, made, votes=(4, None, 1)).votes_for == 4

    def test_by_two_secretaries_at_once_is_that_of_the_first_and_the_second_keeps_their_words(
        self, made, deciding, item
    ):
        address = f"/cases/meetings/{deciding.token}/items/{item.pk}/outcome/"
        first, second = browser(made.secretary), browser(made.chair)
        version = first.get(address).context["form"]["version"].value()
        first.post(address, {"version": version, "decided": "Слова первого"})
        told = second.post(address, {"version": version, "decided": "Слова второго"})
        assert "Слова второго" in told.content.decode()
        item.refresh_from_db()
        assert item.decided == "Слова первого"
        again = told.context["form"]["version"].value()
        second.post(address, {"version": again, "decided": "Слова второго"})
        item.refresh_from_db()
        assert item.decided == "Слова второго"

    def test_is_by_the_action_refused_on_an_old_version(self, made, deciding, item):
        outcome(item, made)
        with pytest.raises(ItemChanged):
            outcome(item, made)


class TestWhoSeesAMeeting:
    def test_are_members_with_the_agenda_and_the_holders_people_without_it(self, made, invited, case):
        address = f"/cases/meetings/{invited.token}/"
        for person in (made.chair, made.school, made.police, made.head):
            assert case.reference in browser(person).get(address).content.decode()
        page = browser(member_of(made.holder)).get(address)
        assert page.status_code == 200
        assert case.reference not in page.content.decode()
        for person in (member_of(AgencyFactory()), member_of(made.agencies["school"])):
            assert browser(person).get(address).status_code == 404

    def test_open_a_case_on_it_to_members_only_and_write_that_down(self, made, invited, item, case, specialist):
        address = f"/cases/meetings/{invited.token}/items/{item.pk}/"
        assert browser(made.school).get(address).status_code == 200
        assert case.log.filter(event="council_read", actor=made.school).count() == 1
        for person in (made.head, member_of(made.holder), specialist, member_of(AgencyFactory())):
            assert browser(person).get(address).status_code == 404
        Bar.objects.create(case=case, person=made.school, reason="сосед", barred_by=specialist, barred_at=NOW)
        assert browser(made.school).get(address).status_code == 404

    def test_let_only_its_leaders_to_the_screens_of_the_stages(self, made, deciding, item):
        for path in ("family", "information", "services", "decisions", "outcome"):
            address = f"/cases/meetings/{deciding.token}/items/{item.pk}/{path}/"
            assert browser(made.secretary).get(address).status_code == 200
            for person in (made.school, made.head, member_of(AgencyFactory())):
                assert browser(person).get(address).status_code == 404
        address = f"/cases/meetings/{deciding.token}/items/{item.pk}/packs/"
        assert browser(made.chair).get(address).status_code == 200
        assert browser(made.secretary).get(address).status_code == 404

    def test_show_police_an_extract_and_the_school_all_that_was_decided(self, made, deciding, item):
        decide(item, made, text="Кружок для сына")
        decide(item, made, text="Проверка по месту жительства", agency=made.agencies["police"])
        address = f"/cases/meetings/{deciding.token}/items/{item.pk}/"
        teacher, officer = (browser(person).get(address).content.decode() for person in (made.school, made.police))
        assert "Кружок для сына" in teacher
        assert "Проверка" in teacher
        assert "Кружок для сына" not in officer
        assert "Проверка" in officer

    def test_keep_the_opinions_of_members_to_themselves_and_the_leaders(self, made, invited, item):
        opinions.give_opinion(item=item, kind="advance", text="Моё мнение", actor=made.school, at=NOW)
        address = f"/cases/meetings/{invited.token}/items/{item.pk}/"
        assert "Моё мнение" in browser(made.school).get(address).content.decode()
        assert "Моё мнение" in browser(made.secretary).get(address).content.decode()
        assert "Моё мнение" not in browser(made.clinic).get(address).content.decode()

    def test_show_the_seven_principles_where_decisions_are_written(self, made, deciding, item):
        page = browser(made.secretary).get(f"/cases/meetings/{deciding.token}/items/{item.pk}/decisions/")
        assert len(page.context["principles"]) == 7

    def test_cost_the_same_for_a_short_agenda_and_a_long_one(
        self, made, agency, specialist, invited, django_assert_num_queries
    ):
        client = browser(made.school)
        client.get(f"/cases/meetings/{invited.token}/")
        with django_assert_num_queries(13):
            client.get(f"/cases/meetings/{invited.token}/")
        for _number in range(5):
            put_on(invited, open_case(agency, accepted_by=specialist, at=NOW), specialist, at=NOW)
        meetings.invite(meeting=invited, actor=made.secretary, at=NOW)
        with django_assert_num_queries(13):
            client.get(f"/cases/meetings/{invited.token}/")


class TestAMeetingThatIsOver:
    def test_changes_no_more(self, made, invited, item):
        meetings.cancel_meeting(meeting=invited, actor=made.secretary, at=NOW)
        address = f"/cases/meetings/{invited.token}/"
        assert Meeting.objects.get().stage == "cancelled"
        for path in ("invite/", "attendance/", "agenda/"):
            browser(made.secretary).post(address + path, {"version": "2", "reference": "1", "reason": "asked"})
        assert Meeting.objects.get().stage == "cancelled"
        assert AgendaItem.objects.count() == 1
        assert browser(made.school).get(f"{address}items/{item.pk}/").status_code == 404

    def test_is_not_found_by_strangers_before_and_after(self, made, invited):
        with pytest.raises(access.CaseNotFound):
            access.get_meeting(user=member_of(AgencyFactory()), token=invited.token, today=TODAY)


@pytest.mark.django_db(transaction=True)
class TestTwoSecretariesAtOnce:
    def test_write_one_outcome_and_the_other_is_told(self, made, deciding, item):
        results = at_once(
            *(
                lambda who=who, words=words: agenda_items.write_outcome(
                    item=item,
                    heard="",
                    decided=words,
                    votes=(3, 0, 0),
                    outcome="",
                    until=None,
                    version=item.version,
                    actor=who,
                    at=timezone.now(),
                )
                for who, words in ((made.secretary, "первое"), (made.chair, "второе"))
            )
        )
        assert sorted(isinstance(result, ItemChanged) for result in results) == [False, True], results
        item.refresh_from_db()
        assert item.decided == next(each.decided for each in results if not isinstance(each, Exception))

    def test_invite_everybody_once(self, made, called, item):
        results = at_once(*[lambda: meetings.invite(meeting=called, actor=made.secretary, at=timezone.now())] * 2)
        assert sorted(results) == [0, len(made.agencies)], results
        assert called.attendance.count() == len(made.members)
