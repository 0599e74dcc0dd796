"""Scans that come back: read in a process of its own, found by their code or by hand, attached with one confirmation."""

import datetime as dt
import io
import uuid
from contextlib import ExitStack, contextmanager

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from casework import pictures
from casework.actions import cases, paper_steps, scans
from casework.actions.refusals import (
    FileIsSomethingElse,
    FileOfWrongKind,
    FileTooLarge,
    NotOfATeam,
    PicturesAreBusy,
    ScanGone,
    TooManyScans,
)
from casework.models import CaseFile, ClosureGround, IncomingScan, PaperMark
from forms_library.qr import record_code
from tests.casework.conftest import NOW, PDF, Broken, broken, stored
from tests.factories import AgencyFactory, UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db
RECEIVE = "/cases/scans/"


def sheet(code="", *, size=(1240, 1754), kind="JPEG", angle=0):
    """Return the photograph of a sheet of paper, with a QR code in its corner when there is one."""
    paper = Image.new("RGB", size, "white")
    if code:
        stream = io.BytesIO()
        segno.make(code, error="m", micro=False).save(stream, kind="png", scale=5, border=4)
        paper.paste(Image.open(stream).convert("RGB"), (size[0] - 300, 60))
    stream = io.BytesIO()
    paper.rotate(angle, fillcolor="white").save(stream, kind)
    return stream.getvalue()


def pdf_of(*pictures_):
    """Return a PDF with a picture on each page."""
    first, *others = (Image.open(io.BytesIO(picture)) for picture in pictures_)
    stream = io.BytesIO()
    first.save(stream, "PDF", save_all=True, append_images=others, resolution=150)
    return stream.getvalue()


@contextmanager
def pictures_are_busy(monkeypatch):
    """For a while others look at pictures, and nobody is patient."""
    monkeypatch.setattr(pictures, "PATIENCE", 0.01)
    with ExitStack() as others:
        for _place in range(pictures.AT_ONCE):
            others.enter_context(pictures._places)
        yield


class TestReadingAPicture:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_finds_the_code_on_a_sheet(self, kind):
        assert pictures.codes(sheet("nso_dept_plan 2026-00001/1", kind=kind)) == ["nso_dept_plan 2026-00001/1"]

    def test_finds_it_on_a_sheet_that_lies_askew(self):
        assert pictures.codes(sheet("код", angle=4)) == ["код"]

    def test_finds_it_on_the_first_pages_of_a_pdf(self):
        assert pictures.codes(pdf_of(sheet(), sheet("вторая"))) == ["вторая"]

    def test_looks_at_no_more_than_three_pages(self):
        assert pictures.codes(pdf_of(*[sheet(size=(600, 800))] * 100, sheet("последняя"))) == []

    @pytest.mark.parametrize(
        "data",
        [b"", b"\xff\xd8\xff\xe0 broken", PDF, b"GIF89a", sheet("x")[:2000], b"%PDF-1.7\n" + b"[" * 100_000],
        ids=["empty", "broken jpg", "broken pdf", "gif", "cut", "nested pdf"],
    )
    def test_of_what_cannot_be_opened_finds_nothing(self, data):
        assert pictures.codes(data) == []
        assert pictures.preview(data) is None

    def test_refuses_a_bomb(self):
        bomb = Image.new("1", (30_000, 30_000))
        stream = io.BytesIO()
        bomb.save(stream, "PNG", optimize=True)
        assert len(stream.getvalue()) < 500_000
        assert pictures.codes(stream.getvalue()) == []

    def test_refuses_a_bomb_inside_a_pdf(self):
        stream = io.BytesIO()
        Image.new("1", (10_000, 7_000)).save(stream, "PDF", resolution=850)
        assert len(stream.getvalue()) < 500_000
        assert pictures.preview(stream.getvalue()) is None

    def test_is_done_for_so_many_at_once_and_frees_its_place(self, monkeypatch):
        with pictures_are_busy(monkeypatch), pytest.raises(pictures.Busy):
            pictures.codes(sheet("x"))
        monkeypatch.setattr(pictures, "SECONDS", 0.01)
        for _time in range(pictures.AT_ONCE + 1):
            assert pictures.codes(sheet("x")) == []

    def test_gives_up_after_a_while(self, monkeypatch):
        monkeypatch.setattr(pictures, "SECONDS", 0.01)
        assert pictures.codes(sheet("x")) == []

    def test_makes_a_small_picture_without_what_the_camera_wrote(self):
        photo = Image.new("RGB", (4000, 3000), "red")
        facts = photo.getexif()
        facts[0x010F] = "Камера семьи"
        stream = io.BytesIO()
        photo.save(stream, "JPEG", exif=facts)
        small = pictures.preview(stream.getvalue())
        assert Image.open(io.BytesIO(small)).size == (1000, 750)
        assert not Image.open(io.BytesIO(small)).getexif()

    def test_shows_the_first_page_of_a_pdf(self):
        assert Image.open(io.BytesIO(pictures.preview(pdf_of(sheet())))).format == "JPEG"


@pytest.fixture
def filed(file_plan):
    return file_plan()


def code_of(submission):
    return record_code(submission.edition.code, submission.case.reference, str(submission.number))


def upload(data, name="скан.jpg"):
    return SimpleUploadedFile(name, data)


@pytest.fixture
def send(desk):
    """Return a function that uploads a scan and gives the page that comes after."""
    return lambda data, name="скан.jpg": desk.post(RECEIVE, {"scan": upload(data, name)}, follow=True)


class TestAScan:
    def test_finds_its_document_and_is_attached_with_one_confirmation(self, send, desk, filed, events):
        page = send(sheet(code_of(filed)))
        assert page.context["found"] == filed
        assert not PaperMark.objects.exists()
        answer = desk.post(
            page.request["PATH_INFO"], {"reference": filed.case.reference, "number": filed.number, "_attach": "1"}
        )
        assert answer.url == reverse("casework:document", args=[filed.case.reference, filed.number])
        scan = PaperMark.objects.get(step=3)
        assert (scan.submission, scan.file.name, scan.file.content_type) == (filed, "скан.jpg", "image/jpeg")
        assert events()[-1] == "scan_attached"
        assert not IncomingScan.objects.exists()

    def test_confirmed_twice_is_attached_once(self, send, desk, filed):
        page = send(sheet(code_of(filed)))
        confirmed = {"reference": filed.case.reference, "number": filed.number, "_attach": "1"}
        desk.post(page.request["PATH_INFO"], confirmed)
        assert desk.post(page.request["PATH_INFO"], confirmed).url == RECEIVE
        assert PaperMark.objects.filter(step=3).count() == 1

    def test_without_a_code_is_placed_by_hand(self, send, desk, filed):
        page = send(sheet())
        assert (page.context["found"], page.context["scan"].codes) == (None, [])
        place = {"reference": filed.case.reference, "number": str(filed.number)}
        found = desk.post(page.request["PATH_INFO"], place)
        assert found.context["found"] == filed
        assert not PaperMark.objects.exists()
        desk.post(page.request["PATH_INFO"], {**place, "_attach": "1"})
        assert PaperMark.objects.get(step=3).submission == filed

    def test_of_somebody_elses_case_is_answered_as_one_that_never_was(self, send, filed, specialist):
        foreign = open_case(AgencyFactory(), at=NOW)
        codes = (
            record_code("nso_dept_plan", foreign.reference, "1"),
            record_code("nso_dept_plan", "2026-99999", "1"),
            record_code("nso_dept_plan", filed.case.reference, "99"),
            record_code("nso_risk_notice", filed.case.reference, str(filed.number)),
            "Ходите в кино",
        )
        pages = [send(sheet(code)) for code in codes]
        texts = {
            page.content.decode()
            .replace(str(page.context["scan"].token), "")
            .split("<main", 1)[1]
            .replace(token_of(page), "")
            for page in pages
        }
        assert [page.context["found"] for page in pages] == [None] * 5
        assert len(texts) == 1

    def test_with_a_code_of_others_keeps_nothing_of_its_words(self, send):
        page = send(sheet("СНИЛС\x00 112-233-445 95"))
        assert page.status_code == 200
        assert IncomingScan.objects.get().codes == [""]

    def test_placed_by_hand_into_somebody_elses_case_is_answered_as_one_that_never_was(self, send, desk):
        foreign = open_case(AgencyFactory(), at=NOW)
        page = send(sheet())
        answers = []
        for reference in (foreign.reference, "2026-99999"):
            answer = desk.post(page.request["PATH_INFO"], {"reference": reference, "number": "1", "_attach": "1"})
            answers.append((answer.status_code, answer.context["form"].errors.as_json()))
        assert answers[0] == answers[1]
        assert not PaperMark.objects.exists()

    def test_of_somebody_who_may_only_read_is_not_found(self, send, filed, specialist, client, agency):
        head = member_of(agency, "head")
        client.force_login(head)
        waiting = scans.receive_scan(upload=upload(sheet(code_of(filed))), actor=head, at=NOW)
        assert scans.document_by_code(waiting, user=head, today=NOW.date()) is None
        assert scans.document_by_code(waiting, user=specialist, today=NOW.date()) == filed

    def test_is_seen_by_whoever_uploaded_it_only(self, send, agency, client):
        page = send(sheet())
        client.force_login(member_of(agency))
        path = page.request["PATH_INFO"]
        assert client.get(path).status_code == 404
        assert client.post(path + "discard/").status_code == 404
        assert list(client.get(RECEIVE).context["waiting"]) == []
        assert IncomingScan.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "data", "refusal"),
        [
            ("a.docx", b"PK\x03\x04", FileOfWrongKind),
            ("a.jpg", PDF, FileIsSomethingElse),
            ("a.pdf", PDF + b"0" * 30_000_000, FileTooLarge),
        ],
        ids=["word", "something else", "too large"],
    )
    def test_that_is_no_scan_is_refused(self, specialist, name, data, refusal):
        with pytest.raises(refusal):
            scans.receive_scan(upload=upload(data, name), actor=specialist, at=NOW)
        assert not IncomingScan.objects.exists()

    def test_is_taken_from_members_of_a_team_only(self, client):
        stranger = UserFactory()
        with pytest.raises(NotOfATeam):
            scans.receive_scan(upload=upload(sheet()), actor=stranger, at=NOW)
        client.force_login(stranger)
        page = client.post(RECEIVE, {"scan": upload(sheet())}, follow=True)
        assert [str(message) for message in page.context["messages"]] == [str(NotOfATeam())]
        assert not IncomingScan.objects.exists()

    def test_waits_beside_so_many_others_of_the_same_person(self, send, agency, monkeypatch):
        monkeypatch.setattr(scans, "MOST_WAITING", 2)
        scans.receive_scan(upload=upload(sheet()), actor=member_of(agency), at=NOW)
        for _time in range(2):
            assert send(sheet()).status_code == 200
        page = send(sheet())
        assert page.context["form"].errors["scan"] == [str(TooManyScans(count=2))]
        assert IncomingScan.objects.count() == 3

    def test_is_asked_for_in_a_minute_while_too_many_are_read(self, send, monkeypatch):
        with pictures_are_busy(monkeypatch):
            page = send(sheet())
        assert page.context["form"].errors["scan"] == [str(PicturesAreBusy())]
        assert not IncomingScan.objects.exists()

    def test_that_cannot_be_written_down_leaves_no_file(self, specialist, monkeypatch):
        before = stored()
        monkeypatch.setattr(IncomingScan, "save_base", broken)
        with pytest.raises(Broken):
            scans.receive_scan(upload=upload(sheet()), actor=specialist, at=NOW)
        assert stored() == before

    def test_that_cannot_be_attached_leaves_no_file_and_waits_on(self, specialist, filed, monkeypatch):
        waiting = scans.receive_scan(upload=upload(sheet()), actor=specialist, at=NOW)
        before = stored()
        monkeypatch.setattr(scans, "discard_scan", broken)
        with pytest.raises(Broken):
            scans.place_scan(scan=waiting, submission=filed, actor=specialist, at=NOW)
        assert stored() == before
        monkeypatch.setattr(PaperMark, "save_base", broken)
        with pytest.raises(Broken):
            paper_steps.attach_scan(submission=filed, upload=upload(sheet()), actor=specialist, at=NOW)
        assert stored() == before
        assert IncomingScan.objects.get() == waiting

    def test_that_is_no_scan_is_refused_beside_the_field(self, send):
        page = send(b"MZ", "a.exe")
        assert page.status_code == 422
        assert page.context["form"].errors["scan"]

    def test_into_an_ended_case_waits_on(self, send, desk, filed, case, specialist):
        page = send(sheet(code_of(filed)))
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        confirmed = {"reference": filed.case.reference, "number": filed.number, "_attach": "1"}
        assert desk.post(page.request["PATH_INFO"], confirmed).url == RECEIVE
        assert IncomingScan.objects.count() == 1

    def test_gone_meanwhile_is_refused(self, specialist, filed):
        waiting = scans.receive_scan(upload=upload(sheet()), actor=specialist, at=NOW)
        stale = IncomingScan.objects.get(pk=waiting.pk)
        scans.place_scan(scan=waiting, submission=filed, actor=specialist, at=NOW)
        with pytest.raises(ScanGone):
            scans.place_scan(scan=stale, submission=filed, actor=specialist, at=NOW)


def token_of(page):
    return str(page.context["csrf_token"])


class TestThePageOfAScan:
    def test_signs_every_form_that_it_sends(self, send, filed):
        for code in ("", code_of(filed)):
            page = send(sheet(code)).content.decode().split("<main", 1)[1].split("</main>", 1)[0]
            assert page.count('<form method="post"') == page.count("csrfmiddlewaretoken")


class TestThrowingAway:
    def test_takes_the_file_along(self, send, desk, django_capture_on_commit_callbacks):
        page = send(sheet())
        stored = IncomingScan.objects.get().file
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(page.request["PATH_INFO"] + "discard/")
        assert not IncomingScan.objects.exists()
        assert not stored.storage.exists(stored.name)

    def test_happens_by_itself_after_a_day(self, specialist):
        at = dt.datetime.now(dt.UTC)
        for hours in (1, 25):
            scans.receive_scan(upload=upload(sheet()), actor=specialist, at=at - dt.timedelta(hours=hours))
        call_command("clear_scans")
        assert IncomingScan.objects.count() == 1
        assert scans.discard_old_scans(at=at + dt.timedelta(days=2)) == 1


class TestAnUnknownToken:
    def test_is_no_page(self, desk):
        path = f"{RECEIVE}{uuid.uuid4()}/"
        assert desk.get(path).status_code == 404
        assert desk.post(path).url == RECEIVE
        assert desk.post(path + "discard/").status_code == 404


class TestAttachedScans:
    def test_are_files_of_the_case(self, specialist, filed):
        waiting = scans.receive_scan(upload=upload(pdf_of(sheet()), "a.pdf"), actor=specialist, at=NOW)
        mark = scans.place_scan(scan=waiting, submission=filed, actor=specialist, at=NOW)
        assert CaseFile.objects.get(pk=mark.file_id).case == filed.case
