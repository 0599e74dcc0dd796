"""Papers that are handed out: numbered, known by their hash, made again byte for byte; extracts, packages, PDFs."""

import dataclasses
import hashlib
import io
import uuid
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from casework.actions import addenda, drafts, issued, papers, submissions
from casework.actions.refusals import NotAnAddressee, PdfIsBusy, PdfIsUnavailable, TooManyPapers
from casework.models import IssuedDocument, Submission
from forms_library import pdf, rendering
from forms_library.packs import shipped
from forms_library.schema import Schema
from tests.casework.conftest import NOW, Broken, broken, filled, stored
from tests.factories import open_case, put_in_force
from tests.forms_library.filled_forms import text_of

pytestmark = pytest.mark.django_db
PSYCHOLOGIST, DIRECTOR = "Психолог школы", "Директор школы"
TWO_MEASURES = {
    "measures-0-resp": [PSYCHOLOGIST],
    "measures-1-task": ["Горячее питание"],
    "measures-1-measure": ["Приказ о питании"],
    "measures-1-term": ["январь"],
    "measures-1-resp": [DIRECTOR],
    "measures-1-result": [""],
}


@pytest.fixture
def filed(file_plan):
    return file_plan()


@pytest.fixture
def add(specialist):
    """Return a function that adds to a document."""

    def added(submission, text="Дополнительно"):
        return addenda.add_to(submission=submission, text=text, actor=specialist, at=NOW, token=uuid.uuid4())

    return added


@pytest.fixture
def hand_out(specialist):
    """Return a function that hands out the Word document."""
    return lambda submission: issued.issue_word(submission=again(submission), actor=specialist, at=NOW)


@pytest.fixture
def libre_office(monkeypatch):
    """A LibreOffice that is there, never makes the same bytes twice and counts its work."""
    made = []

    def to_pdf(docx):
        made.append(docx)
        return b"%PDF-1.7 " + str(len(made)).encode()

    monkeypatch.setattr(pdf, "is_available", lambda: True)
    monkeypatch.setattr(pdf, "to_pdf", to_pdf)
    return made


@pytest.fixture
def no_libre_office(monkeypatch):
    """A server without LibreOffice."""

    def to_pdf(docx):
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "is_available", lambda: False)
    monkeypatch.setattr(pdf, "to_pdf", to_pdf)


@pytest.fixture
def filed_with_addressees(file_plan):
    """A plan with two measures, each with somebody who answers for it: an extract goes to each."""
    return file_plan(**TWO_MEASURES)


@pytest.fixture
def filed_without_addressees(case, specialist):
    """A plan of an edition whose tables name no addressees."""
    questions = tuple(dataclasses.replace(question, extract_by="") for question in shipped.form("nso_dept_plan").schema)
    edition = put_in_force("nso_dept_plan", schema=Schema(questions=questions))
    draft = drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW)
    return submissions.file_draft(draft=filled(draft, specialist), actor=specialist, at=NOW)


def again(submission):
    """Return the document as the next request would read it."""
    return Submission.objects.get(pk=submission.pk)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def address(name, submission):
    return reverse(f"casework:{name}", args=[submission.case.reference, submission.number])


class TestAWordDocument:
    def test_handed_out_is_numbered_in_its_case_and_known_by_its_hash(self, filed, hand_out, specialist, events):
        handed = hand_out(filed)
        assert (handed.issued.number, handed.issued.kind, handed.issued.issued_by) == (1, "docx", specialist)
        assert handed.issued.sha256 == sha256(handed.data)
        assert events()[-1] == "downloaded"

    def test_handed_out_twice_keeps_its_number_and_is_written_down_twice(self, filed, hand_out, events):
        assert hand_out(filed).issued == hand_out(filed).issued
        assert IssuedDocument.objects.count() == 1
        assert events().count("downloaded") == 2

    def test_gets_a_new_number_after_an_addendum(self, filed, hand_out, add):
        first = hand_out(filed)
        add(filed)
        second = hand_out(filed)
        assert (second.issued.number, second.data != first.data) == (2, True)
        assert hand_out(filed).issued == second.issued

    def test_gets_a_new_number_after_it_was_corrected(self, filed, hand_out, specialist):
        hand_out(filed)
        draft = drafts.start_correction(submission=filed, actor=specialist, at=NOW)
        submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert hand_out(filed).issued.number == 2

    def test_is_made_again_as_it_was_whatever_was_added_since(self, filed, hand_out, add):
        first = hand_out(filed)
        add(filed)
        assert issued.issued_bytes(IssuedDocument.objects.get(pk=first.issued.pk)) == first.data

    def test_asked_for_twice_by_a_browser_has_one_number(self, filed, desk, events):
        before = len(events())
        answers = [desk.get(address("word", filed)) for _time in range(2)]
        assert answers[0].content == answers[1].content
        assert [paper.number for paper in IssuedDocument.objects.all()] == [1]
        assert events()[before:] == ["downloaded"] * 2

    def test_is_not_handed_out_by_a_question_about_the_headers(self, filed, desk, events):
        before = events()
        assert desk.head(address("word", filed)).status_code == 405
        assert (IssuedDocument.objects.count(), events()) == (0, before)

    def test_of_another_case_is_numbered_from_one_again(self, filed, hand_out, agency, specialist, plan):
        hand_out(filed)
        other = open_case(agency, accepted_by=specialist, at=NOW)
        draft = drafts.start_draft(case=other, edition=plan, actor=specialist, at=NOW)
        theirs = submissions.file_draft(draft=filled(draft, specialist), actor=specialist, at=NOW)
        assert hand_out(theirs).issued.number == 1

    def test_is_listed_on_its_page(self, filed, desk):
        desk.get(address("word", filed))
        page = desk.get(address("document", filed))
        (paper,) = page.context["issued"]
        assert f"{paper.short_sha256}…" in page.content.decode()


class TestAPdf:
    def issue(self, filed, specialist):
        return issued.issue_pdf(submission=again(filed), actor=specialist, at=NOW)

    def test_is_made_once_and_handed_out_again_as_it_was_kept(self, filed, specialist, libre_office):
        first, second = self.issue(filed, specialist), self.issue(filed, specialist)
        assert first.data == second.data == b"%PDF-1.7 1"
        assert (first.issued, len(libre_office)) == (second.issued, 1)

    def test_is_made_anew_after_an_addendum(self, filed, specialist, libre_office, add):
        self.issue(filed, specialist)
        add(filed)
        assert self.issue(filed, specialist).data == b"%PDF-1.7 2"

    def test_that_two_people_asked_for_at_once_is_one(self, filed, specialist, monkeypatch, libre_office):
        make, asked = pdf.to_pdf, []

        def slow(docx):
            if not asked:
                asked.append("begun")
                asked.append(self.issue(filed, specialist))
            return make(docx)

        monkeypatch.setattr(pdf, "to_pdf", slow)
        late = self.issue(filed, specialist)
        assert (late.issued, late.data) == (asked[-1].issued, asked[-1].data)
        assert IssuedDocument.objects.count() == 1

    def test_is_stored_outside_every_public_address(self, filed, specialist, libre_office, settings):
        kept = self.issue(filed, specialist).issued.file
        assert kept.name.startswith("issued/")
        assert kept.path.startswith(str(settings.PRIVATE_ROOT))

    def test_without_libre_office_is_refused_and_nothing_is_written(self, filed, specialist, no_libre_office, events):
        before = events()
        with pytest.raises(PdfIsUnavailable):
            self.issue(filed, specialist)
        assert (IssuedDocument.objects.count(), events()) == (0, before)

    def test_while_libre_office_works_for_others_is_asked_for_in_a_minute(self, filed, specialist, monkeypatch):
        def busy(docx):
            raise pdf.PdfBusy

        monkeypatch.setattr(pdf, "to_pdf", busy)
        with pytest.raises(PdfIsBusy):
            self.issue(filed, specialist)

    def test_that_could_not_be_written_down_leaves_no_file(self, filed, specialist, libre_office, monkeypatch):
        before = stored()
        monkeypatch.setattr(issued, "record", broken)
        with pytest.raises(Broken):
            self.issue(filed, specialist)
        assert (IssuedDocument.objects.count(), stored()) == (0, before)

    def test_is_downloaded_with_a_button(self, filed, desk, libre_office):
        answer = desk.post(address("pdf", filed))
        assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-1.7 1")
        assert desk.get(address("pdf", filed)).status_code == 405

    def test_is_not_offered_without_libre_office(self, filed, desk, no_libre_office):
        assert address("pdf", filed) not in desk.get(address("document", filed)).content.decode()
        assert desk.post(address("pdf", filed)).url == address("document", filed)


class TestAnExtract:
    def extract(self, filed, specialist, addressee=PSYCHOLOGIST):
        return issued.issue_extract(submission=again(filed), addressee=addressee, actor=specialist, at=NOW)

    def test_holds_the_rows_of_its_addressee_only_and_says_what_it_is(self, filed_with_addressees, specialist):
        handed = self.extract(filed_with_addressees, specialist, DIRECTOR)
        lines = [line for line in text_of(handed.data).splitlines() if line.strip()]
        assert lines[0] == f"ВЫПИСКА из документа № {filed_with_addressees.number} от 23.11.2026 для: {DIRECTOR}"
        assert "Горячее питание" in lines
        assert "Вернуть посещаемость" not in lines
        assert (handed.issued.kind, handed.issued.addressee) == ("extract", DIRECTOR)

    def test_is_certified_by_hand(self, filed_with_addressees, specialist):
        lines = [line for line in text_of(self.extract(filed_with_addressees, specialist).data).splitlines() if line]
        assert lines[-4] == "Верно"
        assert "Верно" not in text_of(
            issued.issue_word(submission=again(filed_with_addressees), actor=specialist, at=NOW).data
        )

    def test_of_the_days_before_extracts_were_certified_is_made_again_as_it_was(self, filed_with_addressees):
        before = papers.PaperFacts.from_json({"addenda": 0, "corrected_by": None, "addressee": DIRECTOR})
        assert "Верно" not in text_of(papers.word_document(filed_with_addressees, facts=before))

    def test_keeps_the_numbers_of_the_whole_document(self, filed_with_addressees, specialist):
        lines = text_of(self.extract(filed_with_addressees, specialist, DIRECTOR).data).splitlines()
        assert lines[lines.index("Горячее питание") - 1].strip().startswith("2")

    def test_leaves_addenda_out(self, filed_with_addressees, specialist, add):
        before = self.extract(filed_with_addressees, specialist)
        add(filed_with_addressees)
        assert self.extract(filed_with_addressees, specialist).issued == before.issued

    def test_for_each_addressee_is_a_paper_of_its_own(self, filed_with_addressees, specialist):
        numbers = [
            self.extract(filed_with_addressees, specialist, name).issued.number for name in (PSYCHOLOGIST, DIRECTOR)
        ]
        assert numbers == [1, 2]

    def test_for_somebody_the_document_does_not_name_is_refused(self, filed_with_addressees, specialist):
        with pytest.raises(NotAnAddressee):
            self.extract(filed_with_addressees, specialist, "Прохожий")

    def test_is_chosen_on_the_page_of_the_document(self, filed_with_addressees, filed_without_addressees, desk):
        page = desk.get(address("document", filed_with_addressees))
        names = [name for name, _label in page.context["extract_form"].fields["addressee"].choices]
        assert names == [PSYCHOLOGIST, DIRECTOR]
        answer = desk.post(address("extract", filed_with_addressees), {"addressee": DIRECTOR})
        assert "Горячее питание" in text_of(answer.content)
        assert desk.post(address("extract", filed_with_addressees), {"addressee": "Прохожий"}).status_code == 302
        assert desk.get(address("document", filed_without_addressees)).context["extract_form"] is None
        assert desk.post(address("extract", filed_without_addressees), {"addressee": DIRECTOR}).status_code == 404


class TestAPackage:
    def package(self, specialist, *documents, with_pdf=False):
        return issued.issue_package(
            case=documents[0].case,
            submissions=[again(document) for document in documents],
            with_pdf=with_pdf,
            actor=specialist,
            at=NOW,
        )

    def files(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}

    def test_holds_the_papers_and_their_inventory(self, filed, file_plan, specialist, hand_out):
        other = file_plan()
        files = self.files(self.package(specialist, filed, other).data)
        assert list(files) == [
            "00 Опись документов.docx",
            "01 План ведомственных мероприятий № 1.docx",
            "02 План ведомственных мероприятий № 2.docx",
        ]
        assert list(files.values())[1:] == [hand_out(filed).data, hand_out(other).data]
        inventory = text_of(files["00 Опись документов.docx"])
        for words in (
            "План ведомственных мероприятий",
            "23.11.2026",
            hand_out(filed).issued.sha256[:12],
            filed.case.reference,
        ):
            assert words in inventory

    def test_says_nothing_personal_in_the_names_of_its_files(self, filed, specialist):
        data = self.package(specialist, filed).data
        assert not [name for name in self.files(data) if "Ветров" in name]

    def test_is_handed_out_with_all_its_papers(self, filed, specialist, events):
        handed = self.package(specialist, filed)
        assert (handed.issued.kind, handed.issued.number, handed.issued.made_from) == ("package", 2, {"papers": [1]})
        assert handed.issued.sha256 == sha256(handed.data)
        assert self.package(specialist, filed).issued == handed.issued
        assert events().count("downloaded") == 4

    def test_with_pdf_holds_the_kept_pdf(self, filed, specialist, libre_office):
        files = self.files(self.package(specialist, filed, with_pdf=True).data)
        assert files["02 План ведомственных мероприятий № 1.pdf"] == b"%PDF-1.7 1"
        assert self.package(specialist, filed, with_pdf=True).issued.number == 3

    def test_with_pdf_but_without_libre_office_hands_nothing_out(self, filed, specialist, no_libre_office):
        with pytest.raises(PdfIsUnavailable):
            self.package(specialist, filed, with_pdf=True)
        assert not IssuedDocument.objects.exists()

    def test_that_could_not_be_put_together_leaves_no_file(self, filed, specialist, libre_office, monkeypatch):
        before = stored()
        monkeypatch.setattr(issued.inventory, "archive", broken)
        with pytest.raises(Broken):
            self.package(specialist, filed, with_pdf=True)
        assert (IssuedDocument.objects.count(), stored()) == (0, before)

    def test_of_too_many_documents_is_refused_before_anything_is_made(
        self, filed, file_plan, specialist, libre_office, monkeypatch
    ):
        documents = [filed, file_plan(), file_plan()]
        monkeypatch.setattr(issued, "MOST_DOCUMENTS", 2)
        with pytest.raises(TooManyPapers):
            self.package(specialist, *documents, with_pdf=True)
        assert (IssuedDocument.objects.count(), libre_office) == (0, [])
        self.package(specialist, *documents[:2])

    def test_of_too_many_documents_keeps_what_was_ticked(self, filed, file_plan, desk, case, libre_office, monkeypatch):
        file_plan()
        monkeypatch.setattr(issued, "MOST_DOCUMENTS", 1)
        path = reverse("casework:package", args=[case.reference])
        page = desk.post(path, {"documents": ["1", "2"], "with_pdf": "on"})
        assert [str(message) for message in page.context["messages"]] == [str(TooManyPapers(count=1, chosen=2))]
        assert page.content.decode().count(" checked") == 3

    def test_is_chosen_with_tick_boxes(self, filed, desk, case, libre_office):
        path = reverse("casework:package", args=[case.reference])
        assert desk.get(path, {"documents": ["1", "x"]}).context["chosen"] == {1}
        answer = desk.post(path, {"documents": ["1"], "with_pdf": "on"})
        assert answer["Content-Type"] == "application/zip"
        assert len(self.files(answer.content)) == 3
        assert answer["Content-Disposition"] == f'attachment; filename="package-{case.reference}-3.zip"'
        assert [paper.number for paper in desk.get(path).context["packages"]] == [3]

    @pytest.mark.parametrize("chosen", [[], ["77"], ["x"]])
    def test_of_nothing_or_of_a_document_that_is_not_there_is_asked_for_again(self, filed, desk, case, chosen):
        answer = desk.post(reverse("casework:package", args=[case.reference]), {"documents": chosen})
        assert answer.context["form"].errors["documents"]
        assert not IssuedDocument.objects.exists()

    def test_that_cannot_be_made_says_why(self, filed, desk, case, no_libre_office):
        answer = desk.post(reverse("casework:package", args=[case.reference]), {"documents": ["1"], "with_pdf": "on"})
        assert answer.status_code == 200
        assert [str(message) for message in answer.context["messages"]] == [str(PdfIsUnavailable())]

    def test_page_asks_the_database_as_often_for_any_number_of_documents(
        self, filed, file_plan, desk, case, django_assert_num_queries, django_assert_max_num_queries
    ):
        path = reverse("casework:package", args=[case.reference])
        desk.get(path)
        with django_assert_max_num_queries(15) as first:
            desk.get(path)
        for _n in range(3):
            file_plan()
        with django_assert_num_queries(len(first)):
            desk.get(path)


class TestCheckIssued:
    def check(self):
        out, err = io.StringIO(), io.StringIO()
        call_command("check_issued", stdout=out, stderr=err)
        return out.getvalue()

    @pytest.fixture
    def everything(self, filed, filed_with_addressees, specialist, libre_office, add, hand_out):
        hand_out(filed)
        add(filed)
        issued.issue_extract(submission=filed_with_addressees, addressee=DIRECTOR, actor=specialist, at=NOW)
        issued.issue_package(case=filed.case, submissions=[again(filed)], with_pdf=True, actor=specialist, at=NOW)
        add(filed, "Ещё раз")
        return IssuedDocument.objects.order_by("number")

    def test_makes_everything_that_was_handed_out_anew(self, everything):
        assert [paper.kind for paper in everything] == ["docx", "extract", "docx", "pdf", "package"]
        assert self.check().startswith("5 ")

    def test_names_what_can_no_longer_be_made_and_fails(self, everything, monkeypatch):
        draw = rendering.document
        monkeypatch.setattr(
            papers.rendering, "document", lambda *args, **facts: draw(*args, **facts | {"notices": ["!"]})
        )
        err = io.StringIO()
        with pytest.raises(CommandError):
            call_command("check_issued", stderr=err, stdout=io.StringIO())
        assert [line.split(":")[0].split("№ ")[1] for line in err.getvalue().splitlines()] == [
            "1 (docx)",
            "2 (extract)",
            "3 (docx)",
            "5 (package)",
        ]

    def test_names_a_pdf_whose_file_is_gone(self, everything):
        kept = everything.get(kind="pdf").file
        kept.storage.delete(kept.name)
        assert [(paper.kind, why) for paper, why in issued.differing()] == [
            ("pdf", "FileNotFoundError"),
            ("package", "FileNotFoundError"),
        ]
