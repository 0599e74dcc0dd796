"""Files of a case: what may be kept, under what name, and how it is handed out."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.actions import cases, files
from casework.actions.refusals import CaseEnded, FileOfWrongKind, FileTooLarge, FileUnsafe
from casework.models import CaseFile, ClosureGround
from forms_library import demo
from tests.casework.conftest import NOW, PDF
from tests.factories import AgencyFactory, member_of

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
    stream = io.BytesIO(demo.template("nso_dept_plan"))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return stream.getvalue()


class TestKeeping:
    @pytest.mark.parametrize(
        ("name", "data", "content_type"),
        [
            ("Акт.PDF", PDF, "application/pdf"),
            ("фото.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("фото.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("скан.png", b"\x89PNG\r\n\x1a\n0", "image/png"),
            ("план.docx", demo.template("nso_dept_plan"), WORD),
        ],
        ids=["pdf", "jpg", "jpeg", "png", "docx"],
    )
    def test_takes_the_type_from_the_content_and_not_from_the_browser(self, keep, events, name, data, content_type):
        kept = keep(name, data, "text/html")
        assert (kept.content_type, kept.size, len(kept.sha256)) == (content_type, len(data), 64)
        assert events() == ["file_added"]

    @pytest.mark.parametrize(
        ("name", "data", "refusal"),
        [
            ("virus.exe", b"MZ\x90", FileOfWrongKind),
            ("virus.pdf", b"MZ\x90", FileOfWrongKind),
            ("page.pdf", b"<html>", FileOfWrongKind),
            ("photo.jpg", PDF, FileOfWrongKind),
            ("picture.svg", b"<svg/>", FileOfWrongKind),
            ("noname", PDF, FileOfWrongKind),
            ("empty.pdf", b" ", FileOfWrongKind),
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
