"""A filed form as a paper: what is added to it, what is printed on it, what becomes of the sheet."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework.actions import addenda, cases, drafts, paper_steps, papers, procedures, submissions
from casework.actions.refusals import (
    AddToTheNewer,
    CaseEnded,
    FileOfWrongKind,
    NotOurWords,
    PaperAlreadyThere,
)
from casework.models import Addendum, Case, ClosureGround, PaperMark, PaperStep, Submission
from tests.casework.conftest import NOW, PDF
from tests.casework.following import PROCEDURE
from tests.factories import member_of, procedure_in_force
from tests.forms_library.filled_forms import text_of

pytestmark = pytest.mark.django_db
WORDS = "Мать согласилась на встречу 20.11.2026.\nБабушка тоже придёт & поможет <делом>."


@pytest.fixture
def filed(file_plan):
    return file_plan()


@pytest.fixture
def add(filed, specialist):
    """Return a function that adds to the filed plan."""

    def added(text=WORDS, *, to=None, actor=None, token=None):
        return addenda.add_to(
            submission=to or filed, text=text, actor=actor or specialist, at=NOW, token=token or uuid.uuid4()
        )

    return added


@pytest.fixture
def correct(specialist):
    """Return a function that files a correction of a document."""

    def corrected(submission, at=NOW):
        draft = drafts.start_correction(submission=submission, actor=specialist, at=at)
        return submissions.file_draft(draft=draft, actor=specialist, at=at)

    return corrected


def follows(case, code, *, actor):
    """Put the case under an invented procedure of that code."""
    edition = procedure_in_force(PROCEDURE, code=code, at=NOW)
    return procedures.start_procedure(
        case=case, edition=edition, actor=actor, at=NOW, on=NOW.date(), token=uuid.uuid4()
    )


def procedure_of(followed):
    return f'href="{reverse("casework:procedure", args=[followed.case.reference, followed.pk])}"'


def again(submission):
    """Return the document as the next page would read it."""
    return Submission.objects.get(pk=submission.pk)


def lines_of(submission):
    """Return the lines of the printed document."""
    return [line for line in text_of(papers.word_document(again(submission))).splitlines() if line.strip()]


def address(name, submission):
    return reverse(f"casework:{name}", args=[submission.case.reference, submission.number])


class TestAnAddendum:
    def test_is_printed_after_the_form_with_its_day_and_its_author(self, filed, add, specialist, events):
        before = lines_of(filed)
        add()
        assert lines_of(filed) == [
            *before,
            "Дополнение № 1 от 23.11.2026",
            "Мать согласилась на встречу 20.11.2026.",
            "Бабушка тоже придёт & поможет <делом>.",
            f"{specialist.post}, {specialist.get_full_name()} ____________________",
        ]
        assert events()[-1] == "added_to"

    def test_prints_the_same_bytes_after_its_author_has_another_name_and_post(self, filed, add, specialist):
        add()
        before = papers.word_document(again(filed))
        specialist.last_name, specialist.post = "Ветрова-Новая", "заместитель директора"
        specialist.save()
        assert papers.word_document(again(filed)) == before

    def test_changes_nothing_of_the_sealed_form(self, filed, add):
        before = Submission.objects.values().get(pk=filed.pk)
        add()
        assert Submission.objects.values().get(pk=filed.pk) == before

    def test_sent_twice_from_one_page_is_one(self, add, events):
        token = uuid.uuid4()
        assert add(token=token) == add(token=token)
        assert Addendum.objects.count() == 1
        assert events().count("added_to") == 1

    def test_is_numbered_within_its_document(self, add, file_plan):
        other = file_plan()
        assert [add().number, add("Второе").number, add(to=other).number] == [1, 2, 1]

    def test_of_an_author_without_a_post_says_the_name(self, filed, add, agency):
        add(actor=member_of(agency, post=""))
        assert lines_of(filed)[-1].startswith("Ветрова Ольга")

    def test_to_a_corrected_document_is_refused(self, filed, add, correct):
        correct(filed)
        with pytest.raises(AddToTheNewer):
            add()

    def test_to_what_a_parent_wrote_is_refused(self, receive, agency, add, client):
        receive(agency=agency)
        asked = Case.objects.order_by("pk").last().submissions.order_by("number").first()
        with pytest.raises(NotOurWords):
            add(to=asked)
        client.force_login(member_of(agency))
        assert client.get(address("addendum", asked)).status_code == 404

    def test_in_an_ended_case_is_refused(self, add, case, specialist):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            add()

    def test_is_typed_on_its_page_and_read_under_the_form(self, filed, desk):
        page = desk.get(address("addendum", filed))
        token = page.context["form"]["token"].value()
        answer = desk.post(address("addendum", filed), {"text": "Добавлено\x00 позже", "token": token}, follow=True)
        assert answer.redirect_chain == [(address("document", filed), 302)]
        assert [added.text for added, _signature in answer.context["addenda"]] == ["Добавлено позже"]

    def test_without_words_is_asked_for_again(self, filed, desk):
        answer = desk.post(address("addendum", filed), {"text": " ", "token": str(uuid.uuid4())})
        assert answer.context["form"].errors.as_data()["text"][0].code == "required"
        assert not Addendum.objects.exists()

    def test_that_is_refused_keeps_the_words_on_the_page(self, filed, desk, correct):
        correct(filed)
        answer = desk.post(address("addendum", filed), {"text": "Слова", "token": str(uuid.uuid4())})
        assert answer.status_code == 200
        assert "Слова" in answer.content.decode()


class TestACorrectedDocument:
    def test_says_so_in_its_first_line_and_the_newer_one_says_what_it_corrects(self, filed, correct):
        before = lines_of(filed)
        newer = correct(filed)
        assert lines_of(filed) == [f"ИСПРАВЛЕНО: действует документ № {newer.number} от 23.11.2026", *before]
        assert lines_of(newer)[0] == f"Исправляет документ № {filed.number} от 23.11.2026"

    def test_says_so_on_the_screen(self, filed, correct, desk):
        newer = correct(filed)
        page = desk.get(address("document", filed)).content.decode()
        assert address("document", newer) in page
        assert address("addendum", filed) not in page
        assert address("document", filed) in desk.get(address("document", newer)).content.decode()


class TestTheSheetOfPaper:
    def scan(self, name="скан.pdf", data=PDF):
        return SimpleUploadedFile(name, data)

    def mark(self, filed, specialist, step):
        return paper_steps.mark_paper(submission=filed, step=step, actor=specialist, at=NOW)

    def steps(self, filed):
        return list(filed.marks.order_by("pk").values_list("step", flat=True))

    def test_is_printed_then_signed_then_scanned(self, filed, specialist, events):
        self.mark(filed, specialist, PaperStep.PRINTED)
        self.mark(filed, specialist, PaperStep.SIGNED)
        paper_steps.attach_scan(submission=filed, upload=self.scan(), actor=specialist, at=NOW)
        assert self.steps(filed) == [1, 2, 3]
        assert events()[-4:] == ["paper_printed", "paper_signed", "file_added", "scan_attached"]

    def test_that_is_signed_was_printed(self, filed, specialist):
        assert self.mark(filed, specialist, PaperStep.SIGNED).step == PaperStep.SIGNED
        assert self.steps(filed) == [1, 2]

    def test_that_is_scanned_was_printed_and_signed(self, filed, specialist, case):
        scan = paper_steps.attach_scan(submission=filed, upload=self.scan(), actor=specialist, at=NOW)
        assert self.steps(filed) == [1, 2, 3]
        assert scan.file.case == case

    def test_takes_no_step_twice_but_a_better_scan(self, filed, specialist):
        self.mark(filed, specialist, PaperStep.SIGNED)
        for step in (PaperStep.PRINTED, PaperStep.SIGNED):
            with pytest.raises(PaperAlreadyThere):
                self.mark(filed, specialist, step)
        for _try in range(2):
            paper_steps.attach_scan(submission=filed, upload=self.scan(), actor=specialist, at=NOW)
        assert self.steps(filed) == [1, 2, 3, 3]

    def test_takes_no_step_when_the_scan_is_no_scan(self, filed, specialist):
        with pytest.raises(FileOfWrongKind):
            paper_steps.attach_scan(submission=filed, upload=self.scan("a.docx"), actor=specialist, at=NOW)
        assert self.steps(filed) == []

    def test_takes_no_step_in_an_ended_case(self, filed, case, specialist):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            self.mark(filed, specialist, PaperStep.PRINTED)
        with pytest.raises(CaseEnded):
            paper_steps.attach_scan(submission=filed, upload=self.scan(), actor=specialist, at=NOW)

    def test_shows_how_far_it_has_come_in_the_list_of_documents(self, filed, specialist, file_plan, case):
        other = file_plan()
        self.mark(filed, specialist, PaperStep.SIGNED)
        steps = {submission.number: submission.paper_step for submission in papers.documents_of(case)}
        assert steps == {filed.number: 2, other.number: None}

    def test_is_followed_on_the_page_of_its_document(self, filed, desk):
        for step in ("printed", "signed", "signed"):
            assert desk.post(address("mark_paper", filed), {"step": step}).url == address("document", filed)
        assert desk.post(address("mark_paper", filed), {"step": "scanned"}).status_code == 404
        assert desk.post(address("attach_scan", filed), {"scan": self.scan()}).url == address("document", filed)
        assert desk.get(address("document", filed)).context["step"] == 3

    def test_says_beside_the_file_why_it_is_no_scan(self, filed, desk):
        for upload in ({"scan": self.scan("a.exe", b"MZ")}, {}):
            answer = desk.post(address("attach_scan", filed), upload)
            assert answer.status_code == 422
            assert answer.context["scan_form"].errors["scan"]
        assert not PaperMark.objects.exists()


class TestADraftFiledAgain:
    def test_takes_no_addenda_along(self, filed, add, correct):
        add()
        assert not any(line.startswith("Дополнение") for line in lines_of(correct(filed)))


class TestThePageOfADocument:
    def test_signs_every_form_that_it_sends(self, filed, desk):
        page = desk.get(address("document", filed)).content.decode().split("<main", 1)[1].split("</main>", 1)[0]
        assert page.count('<form method="post"') == page.count("csrfmiddlewaretoken")

    def test_leads_back_to_every_procedure_that_the_case_still_follows(self, case, filed, specialist, desk):
        def links():
            page = desk.get(address("document", filed)).content.decode()
            return [followed for followed in (going, over) if procedure_of(followed) in page]

        going, over = (follows(case, code, actor=specialist) for code in ("nso_interagency", "tom_support"))
        assert links() == [going, over]
        over.ended_on, over.ground = NOW.date(), "done"
        over.save(update_fields=["ended_on", "ground"])
        assert links() == [going]

    def test_asks_the_database_as_often_whatever_was_added(
        self, filed, add, specialist, desk, django_assert_num_queries, django_assert_max_num_queries
    ):
        path = address("document", filed)
        add()
        self.full(filed, specialist)
        desk.get(path)
        with django_assert_max_num_queries(30) as first:
            desk.get(path)
        for number in range(5):
            add(f"Ещё {number}")
            self.full(filed, specialist)
        with django_assert_num_queries(len(first)):
            desk.get(path)

    def full(self, filed, specialist):
        paper_steps.attach_scan(submission=filed, upload=SimpleUploadedFile("a.pdf", PDF), actor=specialist, at=NOW)
