"""The screens of councils say in time what is missing, put first what comes next, and tell a refusal beside its field."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext

from casework.actions import agenda_items, councils, meetings, opinions, protocols
from casework.actions.council_refusals import (
    AlreadyOnAgenda,
    CaseNotYours,
    MeetingInThePast,
    NoExecutor,
    OpinionsTooLate,
    QuorumTooBig,
    TooManyVotes,
)
from casework.actions.protocol_papers import Gap, lacking_before_next_stage, papers_of
from casework.actions.protocol_refusals import ProtocolIncomplete
from casework.models import CouncilKind, Disclosure, PersonRole
from tests.casework.boards import begin, board, meeting_of, put_on
from tests.casework.conftest import NOW
from tests.casework.councils import PLACE, Board, fresh
from tests.factories import AgencyFactory, PersonFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=3)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def made(now):
    put_in_force("mrg_protocol")
    return board(at=now)


@pytest.fixture
def meeting(made, case, specialist, now):
    """A meeting with one case, to which everybody is invited."""
    called = meeting_of(made, at=now)
    put_on(called, case, specialist, at=now)
    meetings.invite(meeting=called, actor=made.secretary, at=now)
    return fresh(called)


@pytest.fixture
def item(meeting):
    return meeting.items.get()


def page(person, name, /, *places, **typed):
    """Return a page as a person sees it, or what answers a form that they send."""
    client = Client()
    client.force_login(person)
    address = reverse(f"casework:{name}", args=places)
    return client.post(address, typed) if typed else client.get(address)


def text(person, name, *places):
    return page(person, name, *places).content.decode()


def says(answer, field, refusal):
    """Return whether a form tells why something was refused beside this field, and its summary of errors leads there."""
    body = answer.content.decode()
    told = [str(error) for error in answer.context["form"].errors[field]]
    return told == [str(refusal)] and f'<a href="#id_{field}">' in body and escape(str(refusal)) in body


class TestTheProtocolBeforeTheSignature:
    @pytest.fixture
    def group(self, db, case):
        """A meeting of an interagency group that has written down all about a family with a child."""
        put_in_force("mrg_protocol", at=NOW - dt.timedelta(days=9))
        PersonFactory(case=case, role=PersonRole.CHILD, full_name="Ветрова Полина Андреевна")
        type(case.agency).objects.filter(pk=case.agency_id).update(territory=PLACE)
        case.refresh_from_db()
        return Board(kind=CouncilKind.MRG)

    def test_shows_all_that_will_be_printed(self, group, case):
        held = group.held(case)
        group.write_all(held.items.get())
        shown = text(group.secretary, "protocol", held.token)
        for words in (
            "Хочу к бабушке", "психолог говорил с ребёнком", "Ходит в школу", "Покой", "Занятия", "О плане",
            "План утвердить", "Открыть место в продлёнке", "Ветрова Полина Андреевна", str(group.teacher),
        ):  # fmt: skip
            assert words in shown
        said = {answer.question.key: answer.words for section in self.paper(held, group) for answer in section.answers}
        assert (said["votes_for"], said["votes_against"]) == ("3", "0")
        assert said["family_invited"] == said["parent_present"] == gettext("yes")
        assert "absence_reason" not in said, "what the form does not ask is not printed"
        assert "num" not in said, "the protocol gets its number by the signature"

    def test_shows_what_is_written_while_something_is_missing(self, group, case):
        held = group.held(case)
        said = {"actor": group.secretary, "at": NOW, "token": uuid.uuid4()}
        agenda_items.add_service(
            item=held.items.get(), who="child", need="Покой", service="Занятия", agency=group.school, **said
        )
        shown = text(group.secretary, "protocol", held.token)
        assert "Покой" in shown
        assert "Занятия" in shown

    def test_and_the_signature_say_in_plain_words_what_nobody_has_written_and_where(self, group, case):
        held = group.held(case)
        gaps = self.gaps(held, group)
        assert Gap(gettext("write down at least one service"), "services") in gaps
        assert Gap(gettext("write down what at least one member told"), "information") in gaps
        votes = gettext("write down how many voted for and how many against; 0 when nobody did")
        assert [gap for gap in gaps if gap.words == votes] == [Gap(votes, "outcome")]
        with pytest.raises(ProtocolIncomplete) as refused:
            protocols.sign_protocol(meeting=held, actor=group.chair, at=LATER)
        assert gettext("write down at least one service") in str(refused.value)
        link = reverse("casework:item_services", args=[held.token, held.items.get().pk])
        shown = text(group.secretary, "protocol", held.token)
        assert link in shown
        assert '<ul><li><a class="link-alone"' not in shown, "a bullet would stand beside the last line of a link"
        assert '<ul class="plain-list"><li><a class="link-alone"' in shown

    def paper(self, held, group):
        return papers_of(held, actor=group.secretary, at=LATER)[0].sections

    def gaps(self, held, group):
        return papers_of(held, actor=group.secretary, at=LATER)[0].gaps


@pytest.fixture
def group(case, made, now):
    """The council of these tests, as an interagency group: its protocol asks for services and for what members told."""
    type(made.council).objects.update(kind=CouncilKind.MRG)


class TestBesideTheButtonOfTheNextStage:
    def test_stands_what_each_case_lacks_with_links(self, group, made, meeting, item, now):
        running = begin(meeting, made, at=now, stage="services")
        shown = text(made.secretary, "meeting", meeting.token)
        lacks = shown[shown.index('id="lacking"') : shown.index('value="decisions"')]
        assert item.case.reference in lacks
        assert escape(gettext("write down at least one service")).lower() in lacks.lower()
        for name in ("item_services", "item_information", "item_family"):
            assert reverse(f"casework:{name}", args=[meeting.token, item.pk]) in lacks
        assert 'id="lacking"' not in text(made.school, "meeting", meeting.token)
        went_on = meetings.go_to_stage(
            meeting=running, stage="decisions", version=running.version, actor=made.secretary, at=now
        )
        assert went_on.stage == "decisions"

    def test_stands_only_what_its_stages_are_there_for(self, group, made, meeting, item, now):
        assert lacking_before_next_stage(meeting, actor=made.secretary, at=now) == []
        begun = begin(meeting, made, at=now)
        ((_item, gaps),) = lacking_before_next_stage(begun, actor=made.secretary, at=now)
        assert {gap.place for gap in gaps} == {"information", "family"}

    def test_stands_nothing_without_a_form_of_protocols(self, made, meeting, now):
        begun = begin(meeting, made, at=now)  # it is a council of another kind, and its form is not in force
        assert lacking_before_next_stage(begun, actor=made.secretary, at=now) == []
        assert 'id="lacking"' not in text(made.secretary, "meeting", meeting.token)


class TestTheCaseDuringTheMeeting:
    @pytest.mark.parametrize(
        ("stage", "first"),
        [("information", "item_information"), ("services", "item_services"), ("decisions", "item_decisions")],
    )
    def test_has_what_its_stage_is_there_for_on_top_as_a_button(self, made, meeting, item, now, stage, first):
        begin(meeting, made, at=now, stage=stage)
        shown = text(made.secretary, "agenda_item", meeting.token, item.pk)
        top = shown[shown.index('id="now"') : shown.index('id="papers"')]
        address = reverse(f"casework:{first}", args=[meeting.token, item.pk])
        assert f'<a class="button" href="{address}">' in top
        assert reverse("casework:item_family", args=[meeting.token, item.pk]) in top
        assert 'id="now"' not in text(made.school, "agenda_item", meeting.token, item.pk)

    def test_keeps_the_principles_closed_until_they_are_asked_for(self, made, meeting, item, now):
        begin(meeting, made, at=now, stage="decisions")
        for name in ("item_decisions", "item_outcome"):
            shown = text(made.secretary, name, meeting.token, item.pk)
            assert '<details class="disclosure">' in shown
            assert '<details class="disclosure" open' not in shown


class TestWhoHasNotAnswered:
    def test_are_the_members_who_were_asked_while_opinions_are_taken(self, made, meeting, now):
        shown = page(made.secretary, "meeting", meeting.token)
        assert {member.pk for member, _count in shown.context["silent"]} == {
            made.members[name].pk for name in ("school", "clinic", "police")
        }
        type(meeting).objects.update(opinions_by=timezone.localdate() - dt.timedelta(days=1))
        assert 'id="silent"' not in text(made.secretary, "meeting", meeting.token)
        type(meeting).objects.update(opinions_by=None)
        assert 'id="silent"' in text(made.secretary, "meeting", meeting.token)
        begin(fresh(meeting), made, at=now)
        assert 'id="silent"' not in text(made.secretary, "meeting", meeting.token)

    def test_are_called_by_one_press_on_a_number_that_is_not_torn(self, made, meeting):
        type(made.school).objects.filter(pk=made.school.pk).update(work_phone="+7 (383) 000-00-17")
        shown = text(made.secretary, "meeting", meeting.token)
        assert '<a class="phone nowrap" href="tel:+73830000017">+7 (383) 000-00-17</a>' in shown

    def test_stand_under_stages_that_have_a_heading(self, made, meeting):
        assert f"<h2>{gettext('Stages of the meeting')}</h2>" in text(made.secretary, "meeting", meeting.token)


class TestAnOpinionThatIsGiven:
    def test_is_changed_by_a_secondary_button(self, made, meeting, item, now):
        address = reverse("casework:opinion", args=[meeting.token, item.pk, "advance"])
        before = text(made.school, "agenda_item", meeting.token, item.pk)
        assert f'<a class="button" href="{address}">{gettext("Write an opinion in advance")}' in before
        opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=now)
        after = text(made.school, "agenda_item", meeting.token, item.pk)
        assert f'<a class="button button-secondary" href="{address}">{gettext("Change your opinion")}' in after

    def test_says_in_its_heading_whose_it_is_and_when_it_is_given(self, made, meeting, item):
        shown = text(made.school, "opinion", meeting.token, item.pk, "advance")
        assert f"<h1>{gettext('Your opinion before the meeting')}</h1>" in shown


class TestThePackOfAMember:
    def test_shows_the_question_and_leads_to_the_opinion_and_back(self, made, meeting, item, now):
        token = Disclosure.objects.get(agency=made.agencies["school"]).token
        write = reverse("casework:opinion", args=[meeting.token, item.pk, "advance"])
        shown = text(made.school, "disclosure", token)
        assert item.question in shown
        assert f'<a class="button" href="{write}">' in shown
        assert f'href="{reverse("casework:meeting", args=[meeting.token])}"' in shown
        assert f'href="{reverse("casework:agenda_item", args=[meeting.token, item.pk])}"' in shown
        opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=now)
        assert f'<a class="button button-secondary" href="{write}">' in text(made.school, "disclosure", token)
        begin(meeting, made, at=now)
        assert write not in text(made.school, "disclosure", token)

    def test_that_is_no_councils_says_nothing_of_councils(self, made, case, specialist, now):
        shown = Disclosure.objects.create(
            case=case, agency=made.agencies["school"], sections=["people"], reason="Проверка",
            last_day=timezone.localdate(), disclosed_by=specialist, disclosed_at=now,
        )  # fmt: skip
        assert 'id="question"' not in text(made.school, "disclosure", shown.token)


class TestACaseBeforeACouncil:
    def test_that_stands_on_every_agenda_is_told_so(self, made, meeting, case, desk):
        address = reverse("casework:put_on_agenda", args=[case.reference])
        told = gettext("The case is already on the agenda of all meetings to come.")
        assert told in desk.get(address).content.decode()
        type(meeting).objects.update(held_at=timezone.now() - dt.timedelta(days=1))
        assert told not in desk.get(address).content.decode()


class TestARefusalBesideItsField:
    def when(self, days):
        return f"{timezone.localdate() + dt.timedelta(days=days):%d.%m.%Y}"

    @pytest.mark.parametrize(
        ("held_in", "asked_in", "field", "refusal"),
        [(-3, None, "held_at", MeetingInThePast()), (3, 5, "opinions_by", OpinionsTooLate())],
    )
    def test_of_a_meeting_in_the_past_or_with_opinions_after_it(self, made, meeting, held_in, asked_in, field, refusal):
        day = self.when(asked_in) if asked_in else ""
        words = {"held_at": f"{self.when(held_in)} 10:00", "place": "Зал", "opinions_by": day}
        called = page(made.secretary, "call_meeting", made.council.pk, token=uuid.uuid4(), **words)
        assert says(called, field, refusal)
        assert says(page(made.secretary, "move_meeting", meeting.token, **words), field, refusal)
        assert made.council.meetings.count() == 1

    def test_of_a_case_that_is_on_the_agenda_already_or_not_ones_own(self, made, meeting, case):
        typed = {"reason": "asked", "question": "?"}
        again = page(made.secretary, "agenda", meeting.token, reference=case.reference, **typed)
        assert says(again, "reference", AlreadyOnAgenda())
        assert says(
            page(made.secretary, "agenda", meeting.token, reference="2020-00001", **typed), "reference", CaseNotYours()
        )

    def test_of_a_decision_without_an_executor_and_of_too_many_votes(self, made, meeting, item, now):
        begin(meeting, made, at=now, stage="decisions")
        typed = {"token": uuid.uuid4(), "text": "Помочь", "agency": "", "person": "", "due": self.when(9)}
        refused = page(made.secretary, "item_decisions", meeting.token, item.pk, **typed)
        assert says(refused, "agency", NoExecutor())
        votes = {"votes_for": 9, "votes_against": 0, "votes_abstained": 0, "version": fresh(item).version}
        counted = page(made.secretary, "item_outcome", meeting.token, item.pk, heard="", decided="", **votes)
        assert says(counted, "votes_for", TooManyVotes(votes=9, present=5))

    def test_of_an_executor_who_works_elsewhere(self, made, meeting, item, now):
        begin(meeting, made, at=now, stage="decisions")
        typed = {"token": uuid.uuid4(), "text": "Помочь", "agency": made.agencies["school"].pk, "due": self.when(9)}
        answer = page(made.secretary, "item_decisions", meeting.token, item.pk, person=made.clinic.pk, **typed)
        assert answer.context["form"].errors["person"]
        assert not item.decisions.exists()

    def test_of_a_quorum_that_the_members_cannot_make(self, made):
        council = made.council
        typed = {"name": council.name, "territory": council.territory, "quorum": 9, "place": "", "is_open": "on"}
        answer = page(made.head, "change_council", council.pk, **typed)
        assert says(answer, "quorum", QuorumTooBig(quorum=9, members=5))

    def test_of_a_seat_that_is_taken(self, made):
        agency = made.agencies["school"]
        typed = {"person": member_of(agency).pk, "full_name": "", "post": "", "role": "chair"}
        answer = page(made.head, "add_member", made.council.pk, agency.pk, **typed)
        assert answer.context["form"].errors["role"]

    def test_stands_on_top_when_no_field_is_wrong(self, made, meeting):
        for name in ("school", "clinic", "police"):
            councils.member_leaves(member=made.members[name], actor=made.head, at=timezone.now())
        words = {"held_at": f"{self.when(3)} 10:00", "place": "Зал", "opinions_by": ""}
        answer = page(made.secretary, "call_meeting", made.council.pk, token=uuid.uuid4(), **words)
        assert not answer.context["form"].errors
        assert str(QuorumTooBig(quorum=3, members=2)) in {str(each) for each in answer.context["messages"]}


class TestTheFamilyAndTheChild:
    def test_are_not_said_to_be_asked_for_only_if_one_wishes(self, made, meeting, item):
        shown = text(made.secretary, "item_family", meeting.token, item.pk)
        assert gettext("if you wish") not in shown
        form = page(made.secretary, "item_family", meeting.token, item.pk).context["form"]
        needed = gettext("Needed before the protocol is signed.")
        assert form.fields["family_invited"].help_text == needed
        told = gettext(
            "Needed before the protocol is signed. In the words of the child. If the child could not be asked, say so."
        )
        assert form.fields["child_opinion"].help_text == told
        stranger = member_of(AgencyFactory())
        assert page(stranger, "item_family", meeting.token, item.pk).status_code == 404
