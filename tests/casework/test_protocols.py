"""The protocol of a meeting is signed: papers, assignments, approvals, and whatever keeps it from being signed."""

import datetime as dt
import io
import uuid
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from casework.actions import agenda_items, councils, papers, procedure_changes, procedures, protocol_extracts, protocols
from casework.actions.council_refusals import MeetingOver, NotRunning, StageNotReached
from casework.actions.council_steps import council_that_ends, deciding
from casework.actions.procedure_refusals import DecidedByCouncil, GuardsUnmet
from casework.actions.procedures import Word
from casework.actions.progress import progress_of
from casework.actions.protocol_papers import papers_of
from casework.actions.protocol_refusals import (
    AlreadySigned,
    ItemRefused,
    NoFormOfProtocol,
    ProtocolIncomplete,
    SignerKeptOut,
)
from casework.models import (
    Assignment,
    AssignmentKind,
    Bar,
    CaseEvent,
    CouncilKind,
    Disclosure,
    Meeting,
    PersonRole,
    Submission,
)
from forms_library.models import EditionEnd
from forms_library.procedures.definition import CouncilKind as KindInProcedures
from tests.casework.conftest import NOW, lines_of
from tests.casework.councils import NEXT_MONTH, PLACE, PROCEDURE, TODAY, Board, fresh
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case, procedure_in_force, put_in_force
from tests.forms_library.filled_forms import text_of

LATER = NOW + dt.timedelta(hours=3)


@pytest.fixture
def agency(db):
    return AgencyFactory(territory=PLACE)


@pytest.fixture
def forms(db):
    return put_in_force("consilium_protocol", at=NOW - dt.timedelta(days=9))


@pytest.fixture
def board(db, forms):
    return Board()


@pytest.fixture
def followed(case, specialist):
    edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=9))
    return procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
    )


@pytest.fixture
def held(board, case, followed):
    """A meeting that has come to its decisions, with everything about the plan of the case written down."""
    meeting = board.held(case, step=(followed, "approval"))
    board.write_all(meeting.items.get(), outcome="approved")
    return meeting


def sign(meeting, who, at=LATER):
    return protocols.sign_protocol(meeting=fresh(meeting), actor=who, at=at)


class TestSigning:
    def test_the_protocol_is_filed_in_the_case_in_the_name_of_the_council(self, held, board, case):
        sign(held, board.chair)
        protocol = held.items.get().protocol
        assert (protocol.case, protocol.edition.code) == (case, "consilium_protocol")
        answers = protocol.answers
        assert answers["number"] == "1/2026"
        assert answers["org"] == {"id": board.holder.pk, "name": board.holder.name}
        assert answers["sign_chair"]["name"] == answers["chair"] == str(board.chair)
        assert [row["present"] for row in answers["members"]] == [True, True, True]
        assert answers["members"][2]["post"] == gettext("%(post)s (took part remotely)") % {"post": "специалист"}
        assert answers["child_opinion"] == "Хочу к бабушке\n(психолог говорил с ребёнком)"
        assert answers["items"][0]["spoke"].endswith("Ходит в школу")
        assert answers["items"][0]["votes_for"] == 3

    def test_either_of_chair_and_secretary_signs_once(self, held, board):
        first = sign(held, board.secretary)
        assert (first.stage, first.signed_by, first.signed_at) == (Meeting.Stage.SIGNED, board.secretary, LATER)
        assert sign(held, board.secretary) == first
        with pytest.raises(AlreadySigned, match=str(board.secretary)):
            sign(held, board.chair)
        with pytest.raises(NotRunning):
            sign(held, board.teacher)
        assert Submission.objects.count() == 1

    def test_the_case_remembers_and_nobody_of_the_council_is_let_in(self, held, board, case):
        sign(held, board.chair)
        assert "council_decided" in lines_of(case)
        assert not Disclosure.objects.standing(today=TODAY).exists()

    def test_numbers_of_one_council_follow_each_other(self, held, board, agency, specialist):
        sign(held, board.chair)
        second = board.held(open_case(agency, accepted_by=specialist, at=NOW))
        board.write_all(second.items.get())
        sign(second, board.secretary)
        assert second.items.get().protocol.answers["number"] == "2/2026"

    def test_a_meeting_about_two_families_files_each_in_its_own_case(self, board, agency, case, specialist):
        other = open_case(agency, accepted_by=specialist, at=NOW)
        meeting = board.held(case, other)
        for item in meeting.items.all():
            board.write_all(item)
        sign(meeting, board.chair)
        assert [item.protocol.case for item in meeting.items.order_by("order")] == [case, other]

    @pytest.mark.parametrize("who", ["teacher", "head"])
    def test_nobody_else_signs(self, held, board, who):
        with pytest.raises(NotRunning):
            sign(held, getattr(board, who))
        with pytest.raises(NotRunning):
            sign(held, member_of(AgencyFactory()))

    def test_whoever_is_kept_out_of_a_case_does_not_sign(self, held, board, case, specialist):
        Bar.objects.create(case=case, person=board.chair, reason="родня", barred_by=specialist, barred_at=NOW)
        with pytest.raises(SignerKeptOut):
            sign(held, board.chair)
        assert sign(held, board.secretary).stage == Meeting.Stage.SIGNED

    def test_nothing_is_signed_before_its_time(self, board, case):
        meeting = board.meeting(case)
        with pytest.raises(StageNotReached):
            sign(meeting, board.chair)

    def test_a_cancelled_meeting_has_no_protocol(self, held, board):
        Meeting.objects.filter(pk=held.pk).update(stage=Meeting.Stage.CANCELLED)
        with pytest.raises(MeetingOver):
            sign(held, board.chair)


class TestWhatIsMissing:
    def missing(self, meeting, board):
        with pytest.raises(ProtocolIncomplete) as refused:
            sign(meeting, board.chair)
        assert not Submission.objects.exists()
        return str(refused.value)

    def test_a_bare_item_is_told_all_that_it_lacks_at_once(self, board, case):
        PersonFactory(case=case, role=PersonRole.CHILD)
        words = self.missing(board.held(case), board)
        assert gettext("say whether the family was invited; if not, why") in words
        assert gettext("write down the opinion of the child and how it was obtained") in words
        assert gettext("write down at least one decision, with an executor and a day") in words

    def test_without_children_nobody_asks_for_their_opinion(self, board, case):
        gaps = papers_of(board.held(case), actor=board.chair, at=LATER)[0].gaps
        assert gettext("write down the opinion of the child and how it was obtained") not in {gap.words for gap in gaps}

    def test_every_gap_says_where_it_is_mended(self, board, case):
        gaps = papers_of(board.held(case), actor=board.chair, at=LATER)[0].gaps
        assert {gap.place for gap in gaps} == {"family", "decisions", "outcome"}

    def test_an_unmarked_member_stands_in_the_way(self, held, board):
        held.attendance.filter(member=board.seats[2]).update(presence="unknown")
        assert gettext("mark for every member who was invited whether they took part") in self.missing(held, board)

    def test_a_decision_without_words_or_with_an_executor_who_works_no_more_is_named_by_its_row(self, held, board):
        item = held.items.get()
        item.decisions.create(text=" ", agency=board.holder, due=NEXT_MONTH)
        type(board.school).objects.filter(pk=board.school.pk).update(is_open=False)
        words = self.missing(held, board)
        assert gettext("decision %(row)d has no words: write down what was decided") % {"row": 2} in words
        who = {"row": 1, "agency": board.school.short_name}
        told = gettext("the executor of decision %(row)d, %(agency)s, does not work any more: choose another agency")
        assert told % who in words

    def test_votes_are_counted_against_those_who_took_part(self, held, board):
        held.attendance.filter(member=board.seats[2]).update(presence="absent")
        assert gettext("there are more votes than members who took part") in self.missing(held, board)

    def test_without_a_form_in_force_it_says_so(self, held, board, forms):
        EditionEnd.objects.create(edition=forms, in_force_to=NOW, reason=EditionEnd.Reason.WITHDRAWN)
        with pytest.raises(NoFormOfProtocol):
            sign(held, board.chair)


class TestANewerForm:
    def test_a_question_that_a_meeting_cannot_answer_is_named(self, held, board):
        edition = put_in_force("consilium_protocol", at=NOW)
        questions = [
            *edition.questions["questions"],
            {"key": "weather", "label": "Погода", "kind": "singleline", "required": True},
        ]
        schema = type(edition.schema).from_json({**edition.questions, "questions": questions})
        put_in_force("consilium_protocol", at=NOW + dt.timedelta(hours=2), schema=schema)
        with pytest.raises(ProtocolIncomplete, match="Погода"):
            sign(held, board.chair)


class TestDecisions:
    def test_they_are_in_the_hands_of_their_executors_at_once(self, held, board, case):
        sign(held, board.chair)
        given = Assignment.objects.get(kind=AssignmentKind.DECISION)
        assert (given.case, given.agency, given.due) == (case, board.school, NEXT_MONTH)
        assert given.source == held.items.get().protocol
        assert given.text == "Открыть место в продлёнке"

    def test_a_named_person_has_it_by_name(self, board, case):
        meeting = board.held(case)
        item = board.write_all(meeting.items.get())
        said = {"actor": board.secretary, "at": NOW, "token": uuid.uuid4()}
        agenda_items.add_decision(
            item=item, text="Позвонить маме", agency=board.school, person=board.teacher, due=NEXT_MONTH, **said
        )
        assert papers_of(meeting, actor=board.chair, at=LATER)[0].said.decisions[1].person == str(board.teacher)
        sign(meeting, board.chair)
        assert Assignment.objects.get(text="Позвонить маме").person == board.teacher
        protocol = meeting.items.get().protocol
        assert [row["executor_fio"] for row in protocol.answers["decisions"]] == ["", str(board.teacher)]
        assert f"{board.school.name}, {board.teacher}" in text_of(papers.word_document(protocol))
        handed = protocol_extracts.issue_own_extract(
            assignment=Assignment.objects.get(text="Позвонить маме"), actor=board.teacher, at=LATER
        )
        assert handed.issued.addressee == board.school.name

    def test_they_come_back_until_they_are_done(self, held, board, case):
        sign(held, board.chair)
        assert [each.text for each in agenda_items.unfinished_before(board.council, case)] == [
            "Открыть место в продлёнке"
        ]
        Assignment.objects.update(state="partly")
        assert agenda_items.unfinished_before(board.council, case)
        Assignment.objects.update(state="done")
        assert not agenda_items.unfinished_before(board.council, case)


class TestApprovals:
    def test_the_step_is_decided_by_the_protocol(self, held, board, followed):
        sign(held, board.chair)
        event = followed.events.get(what=CaseEvent.What.DECIDED)
        assert (event.step, event.code, event.document) == ("approval", "approved", held.items.get().protocol)
        assert (event.on, event.actor) == (TODAY, board.chair)

    def test_without_an_outcome_the_step_waits_for_another_meeting(self, board, case, followed):
        meeting = board.held(case, step=(followed, "approval"))
        board.write_all(meeting.items.get())
        sign(meeting, board.chair)
        assert progress_of(followed).open_turn("approval") is not None

    def test_an_event_of_the_council_is_written_down(self, held, board, case, followed):
        sign(held, board.chair)
        second = board.held(case, step=(followed, "card"))
        board.write_all(second.items.get(), outcome="done")
        sign(second, board.chair)
        assert progress_of(followed).happened_on("card") == TODAY

    def test_a_new_last_day_goes_with_it(self, board, case, followed):
        meeting = board.held(case, step=(followed, "approval"))
        board.write_all(meeting.items.get(), outcome="extended", until=NEXT_MONTH)
        sign(meeting, board.chair)
        assert followed.events.get(what=CaseEvent.What.DECIDED).until == NEXT_MONTH

    def test_nobody_decides_it_by_hand(self, board, followed, specialist):
        with pytest.raises(DecidedByCouncil, match="Консилиум"):
            procedures.decide(
                followed=followed,
                step="approval",
                turn=1,
                outcome="approved",
                word=Word(on=TODAY),
                actor=specialist,
                at=NOW,
            )

    def test_where_there_is_no_council_somebody_decides_as_before(self, forms, followed, specialist):
        assert not deciding(followed, today=TODAY)
        with pytest.raises(GuardsUnmet):  # the protocol on paper has to be filed first
            procedures.decide(
                followed=followed,
                step="approval",
                turn=1,
                outcome="approved",
                word=Word(on=TODAY),
                actor=specialist,
                at=NOW,
            )

    def test_a_council_of_another_place_or_a_closed_one_decides_nothing(self, board, followed):
        board.council.territory = "Другой район"
        board.council.save()
        assert not deciding(followed, today=TODAY)
        board.council.territory, board.council.is_open = PLACE, False
        board.council.save()
        assert not deciding(followed, today=TODAY)

    def test_a_council_decides_from_the_day_on_which_its_members_make_a_quorum(self, board, followed):
        assert deciding(followed, today=TODAY) == {"council": board.council}
        for seat in board.seats[1:]:
            councils.member_leaves(member=seat, actor=board.head, at=NOW)
        assert not deciding(followed, today=TODAY)
        assert council_that_ends(followed, progress_of(followed), today=TODAY) is None
        assert deciding(followed, today=TODAY - dt.timedelta(days=1)) == {}

    def test_a_step_that_is_closed_meanwhile_stops_the_signature_and_is_named(self, held, board, followed):
        CaseEvent.objects.create(
            case_procedure=followed, what="closed", code="moved", on=TODAY, actor=board.chair, at=NOW
        )
        type(followed).objects.filter(pk=followed.pk).update(ended_on=TODAY, ground="moved")
        with pytest.raises(ItemRefused, match="1"):
            sign(held, board.chair)
        assert fresh(held).stage == Meeting.Stage.DECISIONS
        assert not Submission.objects.exists()


class TestTheEnd:
    @pytest.fixture
    def approved(self, held, board):
        sign(held, board.chair)

    def test_the_council_ends_the_work_on_a_ground(self, approved, board, case, followed):
        meeting = board.held(case, step=(followed, "ending"))
        board.write_all(meeting.items.get(), outcome="reached")
        sign(meeting, board.chair)
        followed = fresh(followed)
        assert (followed.ended_on, followed.ground) == (TODAY, "reached")

    def test_nobody_ends_it_by_hand_before(self, approved, board, followed, specialist):
        assert council_that_ends(followed, progress_of(followed), today=TODAY) == board.council
        with pytest.raises(DecidedByCouncil):
            procedure_changes.end_procedure(
                followed=followed, ground="moved", word=Word(on=TODAY, words="Уехали"), actor=specialist, at=LATER
            )


class TestKindsOfCouncils:
    def test_procedures_and_councils_know_the_same_kinds(self):
        assert set(KindInProcedures) == set(CouncilKind.values)

    def test_an_interagency_group_files_its_own_form(self, agency, case, specialist):
        put_in_force("mrg_protocol", at=NOW - dt.timedelta(days=9))
        PersonFactory(case=case, role=PersonRole.CHILD, full_name="Ручьёв Артём Денисович")
        board = Board(kind=CouncilKind.MRG)
        meeting = board.held(case)
        board.write_all(meeting.items.get())
        sign(meeting, board.chair)
        answers = meeting.items.get().protocol.answers
        assert answers["children"][0]["fio"] == "Ручьёв Артём Денисович"
        assert answers["how_obtained"] == "психолог говорил с ребёнком"
        assert answers["s2_services"][0]["who"] == "ребенок"
        assert answers["s3_decisions"][0]["executor"]["name"] == board.school.name

    def test_an_interagency_group_prints_what_it_heard_and_decided(self, agency, case, specialist):
        put_in_force("mrg_protocol", at=NOW - dt.timedelta(days=9))
        PersonFactory(case=case, role=PersonRole.CHILD, full_name="Ручьёв Артём Денисович")
        board = Board(kind=CouncilKind.MRG)
        meeting = board.held(case)
        item = board.write_all(meeting.items.get())
        for kind, words in (("advance", "Школа ждёт Артёма"), ("remote", "Согласен с планом")):
            item.opinions.create(member=board.seats[2], kind=kind, text=words, given_by=board.teacher, given_at=NOW)
        item.opinions.create(
            member=board.seats[1], kind="dissent", text="Рано возвращать", given_by=board.secretary, given_at=NOW
        )
        sign(meeting, board.chair)
        protocol = meeting.items.get().protocol
        assert protocol.answers["family_invited"] is True
        assert protocol.answers["dissent"] == f"{board.secretary}: Рано возвращать"
        assert protocol.answers["votes_abstained"] == 0
        (said,) = protocol.answers["items"]
        assert said["spoke"].splitlines() == [
            f"{board.teacher} (мнение, данное до заседания): Школа ждёт Артёма",
            f"{board.teacher} (мнение, данное дистанционно): Согласен с планом",
        ]
        words = text_of(papers.word_document(protocol))
        for printed in ("1. О плане семьи", "1. СЛУШАЛИ: О плане", "РЕШИЛИ: План утвердить", "Школа ждёт Артёма"):
            assert printed in words
        assert words.count("Ходит в школу") == 1  # told at stage 1, and not once more


class TestPages:
    """The pages of the protocol, by the browser of each who has anything to do with it."""

    def get(self, who, name, *places):
        browser = Client()
        browser.force_login(who)
        return browser.get(reverse(f"casework:{name}", args=places))

    def test_who_leads_looks_at_it_before_and_nobody_else_does(self, held, board):
        assert self.get(board.chair, "protocol", held.token).status_code == 200
        for other in (board.teacher, board.head, member_of(AgencyFactory())):
            assert self.get(other, "protocol", held.token).status_code == 404

    def test_after_the_signature_members_have_the_paper_and_strangers_nothing(self, held, board):
        sign(held, board.chair)
        item = held.items.get()
        for member in (board.chair, board.secretary, board.teacher):
            assert self.get(member, "protocol", held.token).status_code == 200
            assert self.get(member, "item_protocol", held.token, item.pk).status_code == 200
        for other in (board.head, member_of(AgencyFactory())):
            assert self.get(other, "item_protocol", held.token, item.pk).status_code == 404

    def test_who_leads_is_told_whom_only_paper_reaches(self, board, case, django_assert_num_queries):
        held = board.held(case)
        item = board.write_all(held.items.get())
        silent = AgencyFactory()
        said = {"actor": board.secretary, "at": NOW, "token": uuid.uuid4(), "person": None, "due": NEXT_MONTH}
        agenda_items.add_decision(item=item, text="Поставить плиту", agency=silent, **said)
        sign(held, board.chair)
        seat = councils.seat_in(board.council, user=board.chair, today=NOW.date())
        with django_assert_num_queries(4):
            papers = protocol_extracts.filed_papers(fresh(held), seat=seat, user=board.chair, today=NOW.date())
        assert papers[0].by_hand == (silent.short_name,)
        assert silent.short_name in self.get(board.chair, "protocol", held.token).content.decode()
        assert silent.short_name not in self.get(board.teacher, "protocol", held.token).content.decode()

    def test_the_executor_has_their_own_items_only(self, board, case):
        PersonFactory(case=case, role=PersonRole.CHILD, full_name="Ветрова Полина Андреевна")
        held = board.held(case)
        board.write_all(held.items.get())
        item = held.items.get()
        said = {"actor": board.secretary, "at": NOW, "token": uuid.uuid4()}
        agenda_items.add_decision(
            item=item, text="Проверить жильё", agency=board.holder, person=None, due=NEXT_MONTH, **said
        )
        sign(held, board.chair)
        given = Assignment.objects.get(agency=board.school)
        answer = self.get(board.teacher, "assignment_extract", given.token)
        words = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
        assert "Открыть место в продлёнке" in words
        assert "Проверить жильё" not in words
        assert "Хочу к бабушке" not in words
        assert "Ветрова Полина Андреевна" in words
        assert self.get(board.chair, "assignment_extract", given.token).status_code == 404

    def test_chair_and_secretary_of_another_agency_correct_it_by_an_addendum(self, held, board):
        sign(held, board.chair)
        browser = Client()
        browser.force_login(board.secretary)
        where = reverse("casework:item_addendum", args=[held.token, held.items.get().pk])
        browser.post(where, {"token": str(uuid.uuid4()), "text": "Срок: 1 февраля"})
        assert held.items.get().protocol.addenda.get().text == "Срок: 1 февраля"
        browser.force_login(board.teacher)
        assert browser.get(where).status_code == 404
