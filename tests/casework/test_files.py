"""Files of a case: what may be kept, under what name, and how it is handed out."""

import dataclasses
import io
import re
import socketserver
import struct
import threading
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.datastructures import MultiValueDict

from casework import virus_scanner
from casework.actions import cases, drafts, files
from casework.actions.refusals import (
    CaseEnded,
    FileIsBeingScanned,
    FileIsInfected,
    FileIsSomethingElse,
    FileOfPhone,
    FileOfWrongKind,
    FileTooLarge,
    FileUnsafe,
    PicturesAreBusy,
    TooManyFiles,
)
from casework.models import CaseFile, ClosureGround, FileResult, FileState
from forms_library.packs import shipped
from forms_library.schema import Schema
from tests.casework.conftest import NOW, PDF, Broken, broken, stored
from tests.casework.test_scans import pdf_of, pictures_are_busy, sheet
from tests.factories import AgencyFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def keep(case, specialist):
    """Return a function that keeps an upload in the case."""

    def upload(name, data, content_type="application/octet-stream"):
        return files.keep_file(case=case, upload=SimpleUploadedFile(name, data, content_type), actor=specialist, at=NOW)

    return upload


def with_part(name, data):
    """Return a Word document with one part more."""
    stream = io.BytesIO(shipped.form("nso_dept_plan").template)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return stream.getvalue()


def office(**parts):
    """Return an archive with these parts; `__` in a name stands for «/»."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else None
            package.writestr(name.replace("__", "/"), data, how)
    return stream.getvalue()


XLSX = office(xl__workbook="<workbook/>")
ODT = office(mimetype="application/vnd.oasis.opendocument.text", content="<office/>")
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0"


class TestKeeping:
    @pytest.mark.parametrize(
        ("name", "data", "content_type"),
        [
            ("Акт.PDF", PDF, "application/pdf"),
            ("фото.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("фото.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("скан.png", b"\x89PNG\r\n\x1a\n0", "image/png"),
            ("план.docx", shipped.form("nso_dept_plan").template, WORD),
            ("смета.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("письмо.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ],
        ids=["pdf", "jpg", "jpeg", "png", "docx", "xlsx", "odt"],
    )
    def test_takes_the_type_from_the_content_and_not_from_the_browser(self, keep, events, name, data, content_type):
        kept = keep(name, data, "text/html")
        assert (kept.content_type, kept.size, len(kept.sha256)) == (content_type, len(data), 64)
        assert events() == ["file_added"]

    @pytest.mark.parametrize(
        ("name", "data", "refusal"),
        [
            ("virus.exe", b"MZ\x90", FileOfWrongKind),
            ("virus.pdf", b"MZ\x90", FileIsSomethingElse),
            ("page.pdf", b"<html>", FileIsSomethingElse),
            ("photo.jpg", PDF, FileIsSomethingElse),
            ("photo.heic", HEIC, FileOfPhone),
            ("renamed.jpg", HEIC, FileOfPhone),
            ("table.xlsx", ODT, FileIsSomethingElse),
            ("macros.xlsx", office(xl__workbook="", xl__vbaProject=""), FileUnsafe),
            ("macros.odt", office(mimetype="application/vnd.oasis.opendocument.text", Basic__a=""), FileUnsafe),
            ("path.xlsx", office(**{"xl__workbook": "", "..__a": ""}), FileUnsafe),
            ("bomb.xlsx", office(xl__workbook="0" * 40_000_000), FileUnsafe),
            ("cut.xlsx", XLSX[:-30], FileUnsafe),
            ("any.docx", office(a=""), FileUnsafe),
            ("picture.svg", b"<svg/>", FileOfWrongKind),
            ("noname", PDF, FileOfWrongKind),
            ("empty.pdf", b" ", FileIsSomethingElse),
            ("broken.docx", b"PK\x03\x04 nothing", FileUnsafe),
            ("macros.docx", with_part("word/vbaProject.bin", b"macro"), FileUnsafe),
            ("bomb.docx", with_part("word/bomb.xml", b"0" * 40_000_000), FileUnsafe),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_refuses_what_is_not_what_its_name_says_or_is_dangerous(self, keep, events, name, data, refusal):
        with pytest.raises(refusal):
            keep(name, data)
        assert not CaseFile.objects.exists()
        assert events() == []

    def test_refuses_thirty_megabytes(self, keep):
        with pytest.raises(FileTooLarge):
            keep("big.pdf", PDF + b"0" * 30_000_000)
        assert not CaseFile.objects.exists()

    def test_that_fails_at_the_end_leaves_no_file(self, keep, monkeypatch):
        before = stored()
        monkeypatch.setattr(files, "record", broken)
        with pytest.raises(Broken):
            keep("a.pdf", PDF)
        assert (CaseFile.objects.count(), stored()) == (0, before)

    def test_in_an_ended_case_is_refused(self, keep, case, specialist):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            keep("a.pdf", PDF)

    def test_stores_under_a_name_that_says_nothing_outside_every_public_address(self, keep, settings):
        kept = keep("Ветрова Полина, согласие.pdf", PDF)
        assert re.fullmatch(r"cases/[0-9a-f]{32}", kept.file.name)
        assert kept.name == "Ветрова Полина, согласие.pdf"
        assert Path(kept.file.path).is_relative_to(settings.PRIVATE_ROOT)
        assert not Path(kept.file.path).is_relative_to(settings.MEDIA_ROOT)

    def test_writes_no_name_into_the_log(self, keep, case):
        keep("Ким Ли, согласие.pdf", PDF)
        assert "Ким" not in " ".join(case.log.values_list("subject", flat=True))

    def test_keeps_the_end_of_a_name_that_is_too_long(self, keep):
        assert keep("я" * 300 + ".pdf", PDF).name.endswith("я.pdf")


class TestHandingOut:
    def address(self, kept):
        return f"/cases/{kept.case.reference}/files/{kept.pk}/"

    def test_gives_a_download_that_no_browser_runs_and_writes_it_down(self, keep, desk, events):
        kept = keep("Согласие.pdf", PDF)
        response = desk.get(self.address(kept))
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]
        assert events() == ["file_added", "file_downloaded"]

    def test_is_for_those_who_may_see_the_case_only(self, keep, desk, case):
        kept = keep("Согласие.pdf", PDF)
        stranger = Client()
        stranger.force_login(member_of(AgencyFactory()))
        assert stranger.get(self.address(kept)).status_code == 404
        assert Client().get(self.address(kept)).status_code == 302
        assert desk.get(f"/cases/{case.reference}/files/{kept.pk + 1}/").status_code == 404
        assert desk.get(f"/media/{kept.file.name}/").status_code == 404


class TestWhatAFileReallyIs:
    def test_is_named_to_whoever_attached_it(self, keep):
        with pytest.raises(FileIsSomethingElse) as caught:
            keep("фото.pdf", b"\xff\xd8\xff\xe0")
        assert (caught.value.limits["ending"], caught.value.limits["content"]) == ("pdf", ".jpg")
        assert ".jpg" in str(caught.value)

    def test_that_is_unknown_is_not_guessed(self, keep):
        with pytest.raises(FileIsSomethingElse) as caught:
            keep("фото.pdf", b"\x01\x02\x03")
        assert caught.value.limits["content"] == "?"


class TestLimitsOfAQuestion:
    @pytest.fixture
    def draft(self, case, specialist):
        """A draft whose question takes two PDFs or JPGs of one megabyte."""
        limits = {"file_kinds": ("pdf", "jpg"), "max_files": 2, "max_megabytes": 1}
        questions = [
            dataclasses.replace(question, **limits) if question.key == "consent_scan" else question
            for question in shipped.form("nso_dept_plan").schema
        ]
        edition = put_in_force("nso_dept_plan", schema=Schema(questions=tuple(questions)))
        return drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW)

    def attach(self, draft, specialist, *uploads, post=None):
        sent = MultiValueDict({"consent_scan": [SimpleUploadedFile(name, data) for name, data in uploads]})
        return drafts.typed_with_files(draft=draft, post=post or {}, files=sent, actor=specialist, at=NOW)

    @pytest.mark.parametrize(
        ("upload", "refusal", "words"),
        [
            (("a.png", b"\x89PNG\r\n\x1a\n"), FileOfWrongKind, "PDF, JPG"),
            (("a.pdf", PDF + b"0" * 1_100_000), FileTooLarge, "1"),
        ],
        ids=["kind", "size"],
    )
    def test_narrow_what_is_attached_to_it(self, draft, specialist, upload, refusal, words):
        typed, ((question, refused),) = self.attach(draft, specialist, upload)
        assert (typed["consent_scan"], question.key, type(refused)) == ([], "consent_scan", refusal)
        assert words in str(refused)

    def test_take_a_jpeg_for_a_jpg(self, draft, specialist):
        assert self.attach(draft, specialist, ("a.jpeg", b"\xff\xd8\xff"))[1] == []

    def test_count_the_files_that_were_there(self, draft, specialist):
        typed, _none = self.attach(draft, specialist, ("a.pdf", PDF))
        typed, ((_question, refused),) = self.attach(draft, specialist, ("b.pdf", PDF), ("c.pdf", PDF), post=typed)
        assert (len(typed["consent_scan"]), type(refused)) == (2, TooManyFiles)
        assert CaseFile.objects.count() == 2

    def test_are_said_beside_the_question(self, draft, desk):
        path = f"/cases/{draft.case.reference}/drafts/{draft.pk}/"
        answer = desk.post(path, {"version": "1", "consent_scan": SimpleUploadedFile("a.exe", b"MZ")})
        assert answer.status_code == 400
        widget = answer.context["questionnaire"].form.fields["consent_scan"].widget
        assert len(widget.refused) == 1
        assert f'<ul class="errorlist"><li>{widget.refused[0]}' in answer.content.decode()
        assert 'href="#id_consent_scan"' in answer.content.decode()


class Clamd(socketserver.BaseRequestHandler):
    """Speaks as much of ClamAV's language as we use; every file with EICAR in it is infected."""

    answer = ""

    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(len(b"nINSTREAM\n")) == b"nINSTREAM\n"
        data = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            data += stream.read(size)
        said = self.answer or ("stream: Eicar-Test FOUND" if b"EICAR" in data else "stream: OK")
        self.request.sendall(f"{said}\n".encode())


@pytest.fixture
def clamd(settings):
    """A scanner that listens, and what it is told to answer."""
    with socketserver.TCPServer(("127.0.0.1", 0), type("Clamd", (Clamd,), {})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield server.RequestHandlerClass
        server.shutdown()


class TestAVirusScanner:
    def address(self, kept, name=""):
        return f"/cases/{kept.case.reference}/files/{kept.pk}/{name}"

    def test_that_is_not_there_is_said_and_the_file_served(self, keep, desk):
        kept = keep("a.pdf", PDF)
        assert files.state_of(kept) == FileState.NOT_SCANNED
        assert desk.get(self.address(kept)).status_code == 200
        call_command("scan_files")
        assert not FileResult.objects.exists()

    def test_keeps_a_file_back_until_it_has_passed(self, keep, desk, clamd, events):
        kept = keep("a.pdf", PDF)
        for name in ("", "preview/"):
            assert desk.get(self.address(kept, name)).status_code == 409
        assert events() == ["file_added"]
        call_command("scan_files")
        assert desk.get(self.address(kept)).status_code == 200
        assert FileResult.objects.get().state == FileState.CLEAN

    def test_never_lets_an_infected_file_out(self, keep, desk, clamd):
        kept = keep("a.pdf", PDF + b"EICAR")
        call_command("scan_files")
        assert FileResult.objects.get().found == "Eicar-Test"
        answer = desk.get(self.address(kept))
        assert (answer.status_code, str(answer.context["refusal"])) == (409, str(FileIsInfected()))
        with pytest.raises(FileIsInfected):
            files.check_served(CaseFile.objects.get(pk=kept.pk))

    def test_looks_at_each_file_once(self, keep, clamd):
        keep("a.pdf", PDF)
        call_command("scan_files")
        clamd.answer = "stream: Later FOUND"
        call_command("scan_files")
        assert FileResult.objects.get().state == FileState.CLEAN

    def test_that_cannot_tell_about_one_file_goes_on_with_the_next(self, keep, clamd, monkeypatch):
        large, small = keep("a.pdf", PDF + b"large"), keep("b.pdf", PDF)
        gone = keep("c.pdf", PDF)
        gone.file.storage.delete(gone.file.name)
        ask = virus_scanner.virus_in

        def virus_in(content):
            if b"large" in content.read():
                raise virus_scanner.CannotScan
            content.seek(0)
            return ask(content)

        monkeypatch.setattr(virus_scanner, "virus_in", virus_in)
        call_command("scan_files")
        assert FileResult.objects.get().file == small
        with pytest.raises(FileIsBeingScanned):
            files.check_served(large)

    @pytest.mark.parametrize(
        ("said", "error"),
        [
            ("INSTREAM size limit exceeded. ERROR", virus_scanner.CannotScan),
            ("stream: Can't read ERROR", virus_scanner.CannotScan),
            ("nonsense", virus_scanner.ScannerUnavailable),
        ],
    )
    def test_that_answers_anything_else_passes_nothing(self, clamd, said, error):
        clamd.answer = said
        with pytest.raises(error):
            virus_scanner.virus_in(io.BytesIO(PDF))

    @pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
    def test_that_does_not_answer_lets_files_wait(self, keep, settings, address):
        settings.CLAMAV_URL = address
        kept = keep("a.pdf", PDF)
        with pytest.raises(CommandError):
            call_command("scan_files")
        assert files.state_of(kept) == FileState.WAITING

    def test_whose_language_is_not_installed_lets_files_wait(self, clamd, monkeypatch):
        monkeypatch.setattr(virus_scanner, "clamd", None)
        with pytest.raises(virus_scanner.ScannerUnavailable):
            virus_scanner.virus_in(io.BytesIO(PDF))


class TestLookingAtAFile:
    def look(self, desk, kept):
        return desk.get(f"/cases/{kept.case.reference}/files/{kept.pk}/preview/")

    @pytest.mark.parametrize(
        ("name", "data"), [("a.jpg", sheet()), ("a.png", sheet(kind="PNG")), ("a.pdf", pdf_of(sheet()))]
    )
    def test_shows_a_picture_that_can_do_nothing(self, keep, desk, events, name, data):
        answer = self.look(desk, keep(name, data))
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert events()[-1] == "file_read"

    @pytest.mark.parametrize(("name", "data"), [("a.docx", shipped.form("nso_dept_plan").template), ("a.pdf", PDF)])
    def test_is_not_offered_for_what_has_no_picture(self, keep, desk, events, name, data):
        assert self.look(desk, keep(name, data)).status_code == 404
        assert events() == ["file_added"]

    def test_waits_when_too_many_are_looked_at(self, keep, desk, events, monkeypatch):
        kept = keep("a.jpg", sheet())
        with pictures_are_busy(monkeypatch):
            page = self.look(desk, kept)
        assert (page.status_code, str(page.context["refusal"])) == (409, str(PicturesAreBusy()))
        assert events() == ["file_added"]
        assert self.look(desk, kept).status_code == 200

    def test_is_for_those_who_may_see_the_case_only(self, keep):
        stranger = Client()
        stranger.force_login(member_of(AgencyFactory()))
        assert self.look(stranger, keep("a.jpg", sheet())).status_code == 404
