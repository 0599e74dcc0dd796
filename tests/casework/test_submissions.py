"""Official forms inside a case: begun, kept, filed for good, corrected, printed."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils.datastructures import MultiValueDict

from casework.actions import cases, drafts, forms_to_fill, issued, papers, submissions, surroundings
from casework.actions.refusals import (
    AlreadyCorrected,
    CaseEnded,
    DraftChanged,
    DraftGone,
    DraftIncomplete,
    FileOfWrongKind,
)
from casework.models import CaseFile, ClosureGround, Draft, Submission
from casework.prefill import Known, prefill
from forms_library.packs import shipped
from forms_library.schema import Column, Kind, Question, Schema
from tests.casework.conftest import NOW, PDF, filled, may_read_health
from tests.factories import PersonFactory, UserFactory, member_of, open_case, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(case, specialist, plan):
    return drafts.start_draft(case=case, edition=plan, actor=specialist, at=NOW)


@pytest.fixture
def ended(case, specialist):
    """Return a function that closes the case."""
    return lambda: cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)


def second_edition(**changes):
    """Put edition 2 of the plan in force: without the father's name and with an other template."""
    schema = shipped.form("nso_dept_plan").schema
    fewer = Schema(questions=tuple(question for question in schema if question.key not in {"father_fio", "factors"}))
    return put_in_force(
        "nso_dept_plan", schema=fewer, docx_template=shipped.form("contact_consent").template, **changes
    )


class TestWhatCanBeFilledIn:
    def test_is_what_is_in_force_for_specialists(self, plan, request_editions):
        assert forms_to_fill.editions_to_fill(at=plan.in_force_from) == [plan]
        assert forms_to_fill.edition_to_fill(code="nso_dept_plan", at=plan.in_force_from) == plan
        assert forms_to_fill.edition_to_fill(code="contact_request", at=plan.in_force_from) is None
        assert forms_to_fill.edition_to_fill(code="nothing", at=plan.in_force_from) is None


class TestStarting:
    def test_gives_what_the_case_already_knows(self, case, specialist, plan, events):
        PersonFactory(case=case)
        PersonFactory(case=case, role="mother", full_name="Ветрова Ольга", birth_date=None, phone="344-83-54")
        typed = drafts.start_draft(case=case, edition=plan, actor=specialist, at=NOW).typed
        assert typed["org"] == [case.agency.name]
        assert typed["resp_fio"] == [specialist.get_full_name()]
        assert typed["children-0-fio"] == ["Ветрова Полина Андреевна"]
        assert typed["children-0-birth"] == ["09.04.2016"]
        assert (typed["mother_fio"], typed["mother_phone"]) == (["Ветрова Ольга"], ["344-83-54"])
        assert "mother_birth" not in typed
        assert events() == ["draft_started"]

    def test_twice_opens_the_same_draft_but_a_colleague_gets_their_own(self, draft, case, plan, specialist, events):
        assert drafts.start_draft(case=case, edition=plan, actor=specialist, at=NOW) == draft
        assert drafts.start_draft(case=case, edition=plan, actor=member_of(case.agency), at=NOW) != draft
        assert events() == ["draft_started"]

    def test_in_an_ended_case_is_refused(self, case, specialist, plan, ended):
        ended()
        with pytest.raises(CaseEnded):
            drafts.start_draft(case=case, edition=plan, actor=specialist, at=NOW)

    def test_by_somebody_without_an_agency_offers_no_agency(self, case, plan):
        known = surroundings.known_for(case, actor=UserFactory(), at=NOW)
        assert known.agency == {}
        assert "org" not in prefill(plan.schema, known)

    def test_never_offers_what_the_form_does_not_ask(self):
        relation = Column(key="relation", label="Кем приходится", kind=Kind.CHOICE, choices=("мать",))
        adults = Question(
            key="adults",
            label="Взрослые",
            kind=Kind.TABLE,
            columns=(relation, Column(key="fio", label="ФИО")),
            max_rows=2,
        )
        people = tuple(
            {
                **dict.fromkeys(("birth_date", "phone", "address", "school", "school_class"), ""),
                "role": role,
                "role_name": name,
                "full_name": name,
            }
            for role, name in (
                ("mother", "мать"),
                ("relative", "родственник"),
                ("father", "отец"),
                ("child", "ребёнок"),
            )
        )
        assert prefill(Schema(questions=(adults,)), Known(people=people)) == {
            "adults": [{"fio": "мать", "relation": "мать"}, {"fio": "родственник"}]
        }


class TestSaving:
    def test_keeps_right_and_wrong_words_and_counts_versions(self, draft):
        typed = {"period_from": ["31.02.2026"]}
        saved = drafts.save_draft(draft=draft, typed=typed, version=1, at=NOW)
        assert (saved.typed, saved.version, saved.saved_at) == (typed, 2, NOW)

    def test_over_what_another_window_saved_is_refused_unless_asked_for(self, draft):
        drafts.save_draft(draft=draft, typed={"factors": ["первое окно"]}, version=1, at=NOW)
        with pytest.raises(DraftChanged):
            drafts.save_draft(draft=draft, typed={"factors": ["второе окно"]}, version=1, at=NOW)
        draft.refresh_from_db()
        assert draft.typed == {"factors": ["первое окно"]}
        over = drafts.save_draft(draft=draft, typed={"factors": ["второе окно"]}, version=1, at=NOW, overwrite=True)
        assert (over.typed, over.version) == ({"factors": ["второе окно"]}, 3)

    def test_the_same_words_from_an_old_page_is_no_conflict(self, draft):
        drafts.save_draft(draft=draft, typed={"factors": ["слово"]}, version=1, at=NOW)
        assert drafts.save_draft(draft=draft, typed={"factors": ["слово"]}, version=1, at=NOW).version == 2

    def test_of_a_draft_that_is_gone_or_in_an_ended_case_is_refused(self, draft, specialist, ended):
        ended()
        with pytest.raises(CaseEnded):
            drafts.save_draft(draft=draft, typed={}, version=1, at=NOW)
        drafts.discard_draft(draft=Draft.objects.get(), actor=specialist, at=NOW)
        with pytest.raises(DraftGone):
            drafts.save_draft(draft=draft, typed={}, version=1, at=NOW)


class TestThrowingAway:
    def test_is_written_down_and_happens_once(self, draft, specialist, events):
        stale = Draft.objects.get(pk=draft.pk)
        drafts.discard_draft(draft=draft, actor=specialist, at=NOW)
        with pytest.raises(DraftGone):
            drafts.discard_draft(draft=stale, actor=specialist, at=NOW)
        assert events() == ["draft_discarded"]


class TestFilesOfADraft:
    def typed_with(self, draft, specialist, post, *uploads):
        return drafts.typed_with_files(
            draft=draft, post=post, files=MultiValueDict({"consent_scan": list(uploads)}), actor=specialist, at=NOW
        )

    def test_are_kept_in_the_case_beside_those_that_were_there(self, draft, specialist):
        first, _none = self.typed_with(draft, specialist, {}, SimpleUploadedFile("a.pdf", PDF))
        both, refused = self.typed_with(draft, specialist, first, SimpleUploadedFile("b.pdf", PDF))
        assert len(both["consent_scan"]) == 2
        assert both["consent_scan"][:1] == first["consent_scan"]
        assert refused == []

    def test_of_a_wrong_kind_are_refused_and_the_others_kept(self, draft, specialist):
        uploads = SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.pdf", PDF)
        typed, ((question, refusal),) = self.typed_with(draft, specialist, {"factors": ["слово"]}, *uploads)
        assert len(typed["consent_scan"]) == 1
        assert typed["factors"] == ["слово"]
        assert question.label == "Снимок подписанного согласия"
        assert isinstance(refusal, FileOfWrongKind)

    def test_taken_off_leave_the_form_and_stay_in_the_case(self, draft, specialist):
        typed, _none = self.typed_with(draft, specialist, {}, SimpleUploadedFile("a.pdf", PDF))
        kept, _none = self.typed_with(draft, specialist, typed | {"consent_scan-remove": typed["consent_scan"]})
        assert kept["consent_scan"] == []
        assert CaseFile.objects.count() == 1

    def test_of_another_case_do_not_count(self, draft, specialist, case):
        foreign = open_case(case.agency, accepted_by=specialist)
        typed, _none = self.typed_with(
            Draft(case=foreign, edition=draft.edition), specialist, {}, SimpleUploadedFile("a.pdf", PDF)
        )
        draft = filled(draft, specialist, **typed)
        questionnaire = surroundings.questionnaire_of(draft, at=NOW, check=True)
        assert not questionnaire.is_valid()
        assert questionnaire.form.errors.as_data()["consent"][0].code == "check"
        with pytest.raises(DraftIncomplete):
            submissions.file_draft(draft=draft, actor=specialist, at=NOW)

    def test_are_none_when_only_words_are_saved(self, draft, specialist):
        typed, refused = drafts.typed_with_files(
            draft=draft, post={"factors": ["слово"]}, files={}, actor=specialist, at=NOW
        )
        assert (typed["consent_scan"], refused) == ([], [])


class TestFiling:
    def test_seals_the_answers_on_the_drafts_edition_and_ends_the_draft(self, draft, specialist, plan, events):
        filed = submissions.file_draft(draft=filled(draft, specialist), actor=specialist, at=NOW)
        assert (filed.number, filed.edition, filed.filed_by) == (1, plan, specialist)
        assert filed.answers["period_from"] == "2026-12-01"
        assert filed.answers["consent_scan"][0]["name"] == "Согласие.pdf"
        assert not Draft.objects.exists()
        assert events()[-2:] == ["filed", "assigned_to_agency"]

    def test_twice_is_the_same_document(self, draft, specialist, events):
        draft = filled(draft, specialist)
        stale = Draft.objects.get(pk=draft.pk)
        first = submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert submissions.file_draft(draft=stale, actor=specialist, at=NOW) == first
        assert events().count("filed") == 1

    def test_of_a_draft_that_was_thrown_away_is_refused(self, draft, specialist):
        stale = Draft.objects.get(pk=draft.pk)
        drafts.discard_draft(draft=draft, actor=specialist, at=NOW)
        with pytest.raises(DraftGone):
            submissions.file_draft(draft=stale, actor=specialist, at=NOW)

    def test_of_an_unfinished_form_is_refused_and_the_draft_stays(self, draft, specialist):
        with pytest.raises(DraftIncomplete):
            submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert Draft.objects.filter(pk=draft.pk).exists()

    def test_in_an_ended_case_is_refused(self, draft, specialist, ended):
        draft = filled(draft, specialist)
        ended()
        with pytest.raises(CaseEnded):
            submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert not Submission.objects.exists()

    def test_numbers_documents_within_their_case(self, file_plan):
        assert [file_plan().number for _form in range(3)] == [1, 2, 3]


class TestCorrecting:
    def test_begins_with_the_filed_words_and_puts_a_new_document_in_place_of_the_old(
        self, file_plan, specialist, events
    ):
        filed = file_plan()
        draft = drafts.start_correction(submission=filed, actor=specialist, at=NOW)
        assert draft.typed["measures-0-measure"] == ["Встречи с психологом"]
        corrected = submissions.file_draft(
            draft=drafts.save_draft(draft=draft, typed=draft.typed | {"factors": ["Прогулы"]}, version=1, at=NOW),
            actor=specialist,
            at=NOW,
        )
        filed.refresh_from_db()
        assert (corrected.supersedes, corrected.number) == (filed, 2)
        assert filed.answers["factors"] == "Пропуски уроков"
        assert list(filed.case.submissions.valid()) == [corrected]
        assert [each for each in events() if "assign" not in each][-2:] == ["draft_started", "corrected"]

    def test_begun_twice_opens_the_same_draft(self, file_plan, specialist):
        filed = file_plan()
        begun = [drafts.start_correction(submission=filed, actor=specialist, at=NOW) for _press in range(2)]
        assert begun[0] == begun[1]

    def test_a_second_time_is_refused_at_the_start_and_at_the_end(self, file_plan, specialist, case):
        filed = file_plan()
        mine = drafts.start_correction(submission=filed, actor=specialist, at=NOW)
        colleague = member_of(case.agency)
        may_read_health(case, colleague, by=specialist)
        theirs = drafts.start_correction(submission=filed, actor=colleague, at=NOW)
        submissions.file_draft(draft=mine, actor=specialist, at=NOW)
        with pytest.raises(AlreadyCorrected):
            drafts.start_correction(submission=filed, actor=specialist, at=NOW)
        with pytest.raises(AlreadyCorrected):
            submissions.file_draft(draft=theirs, actor=colleague, at=NOW)
        assert Draft.objects.filter(pk=theirs.pk).exists()

    def test_in_an_ended_case_is_refused(self, file_plan, specialist, ended):
        filed = file_plan()
        ended()
        with pytest.raises(CaseEnded):
            drafts.start_correction(submission=filed, actor=specialist, at=NOW)


class TestAnEditionReplacedUnderADraft:
    def test_is_told_and_the_draft_can_be_finished_on_its_own_edition(self, draft, specialist, plan):
        second = second_edition(at=NOW)
        assert drafts.newer_edition(draft, at=NOW) == second
        filed = submissions.file_draft(draft=filled(draft, specialist), actor=specialist, at=NOW)
        assert filed.edition == plan

    def test_is_not_told_before_it_is_in_force(self, draft):
        second_edition(at=NOW.replace(year=2027))
        assert drafts.newer_edition(draft, at=NOW) is None

    def test_can_be_followed_and_what_has_no_place_there_is_kept_as_a_note(self, draft, specialist, case, events):
        draft = filled(draft, specialist, father_fio=["Ветров Андрей"])
        second = second_edition(at=NOW)
        carried, left = drafts.carry_draft_over(draft=draft, edition=second, actor=specialist, at=NOW)
        assert left == ["ФИО отца", "Выявленные факторы неблагополучия"]
        note = case.notes.get().text
        assert "Ветров Андрей" in note
        assert "Пропуски уроков" in note
        assert carried.typed["measures-0-measure"] == ["Встречи с психологом"]
        assert events()[-2:] == ["noted", "draft_carried_over"]
        assert submissions.file_draft(draft=carried, actor=specialist, at=NOW).edition == second

    def test_is_followed_without_a_note_when_everything_has_its_place(self, draft, specialist, case):
        second = put_in_force("nso_dept_plan", at=NOW)
        _draft, left = drafts.carry_draft_over(
            draft=filled(draft, specialist), edition=second, actor=specialist, at=NOW
        )
        assert left == []
        assert not case.notes.exists()

    def test_is_not_followed_in_an_ended_case(self, draft, specialist, ended):
        second = put_in_force("nso_dept_plan", at=NOW)
        ended()
        with pytest.raises(CaseEnded):
            drafts.carry_draft_over(draft=draft, edition=second, actor=specialist, at=NOW)


class TestPrinting:
    def test_gives_edition_1_byte_for_byte_after_edition_2_is_in_force(self, file_plan, specialist, events):
        filed = file_plan()
        before = papers.word_document(filed)
        second_edition(at=NOW)
        again = Submission.objects.get(pk=filed.pk)
        assert issued.issue_word(submission=again, actor=specialist, at=NOW).data == before
        assert before.startswith(b"PK")
        assert events()[-1] == "downloaded"


class TestTheDesk:
    def test_shows_my_drafts_in_cases_that_i_may_still_work_on(self, draft, case, specialist):
        today = NOW.date()
        assert list(drafts.drafts_of(specialist, today=today)) == [draft]
        assert not drafts.drafts_of(member_of(case.agency), today=today)
        specialist.groups.clear()
        assert not drafts.drafts_of(specialist, today=today)


class TestADocument:
    @pytest.mark.parametrize("missing", ["case", "edition"])
    def test_without_a_case_or_an_edition_is_refused_by_the_database(self, case, plan, missing):
        document = Submission(
            number=1, answers={}, filed_at=NOW, token=uuid.uuid4(), **{"case": case, "edition": plan, missing: None}
        )
        with pytest.raises(IntegrityError):
            document.save()

    def test_with_a_number_that_is_taken_is_refused_by_the_database(self, file_plan, case, plan):
        file_plan()
        with pytest.raises(IntegrityError):
            Submission.objects.create(case=case, edition=plan, number=1, answers={}, filed_at=NOW, token=uuid.uuid4())
