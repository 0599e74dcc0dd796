"""PDF where LibreOffice is installed; one plain sentence where it is not."""

import io
import os
import signal
import time
from contextlib import ExitStack

import pytest
from PIL import Image

from forms_library import pdf
from tests.forms_library.drafting import word_template


@pytest.fixture
def office(settings, tmp_path):
    """Return a function that puts a small script in the place of LibreOffice."""

    def replace_by(*lines):
        script = tmp_path / "office"
        script.write_text("\n".join(("#!/bin/sh", *lines, "")))
        script.chmod(0o755)
        settings.LIBREOFFICE = str(script)

    return replace_by


TO_OUTDIR = 'while [ "$1" != "--outdir" ]; do shift; done'


class TestAPdf:
    def test_is_made_where_there_is_an_office_and_refused_where_there_is_none(self, settings):
        settings.LIBREOFFICE = "soffice"
        if pdf.is_available():
            assert pdf.to_pdf(word_template("Проба пера")).startswith(b"%PDF-")
        else:
            with pytest.raises(pdf.PdfUnavailable):
                pdf.to_pdf(word_template("Проба пера"))

    def test_is_refused_in_plain_words_without_an_office(self, settings):
        settings.LIBREOFFICE = "no-such-office"
        assert not pdf.is_available()
        with pytest.raises(pdf.PdfUnavailable, match="Word"):
            pdf.to_pdf(b"")

    def test_is_refused_after_a_while_when_the_office_is_busy_with_others(self, office, monkeypatch):
        office(TO_OUTDIR, 'printf "%%PDF-1.7" > "$2/paper.pdf"')
        monkeypatch.setattr(pdf, "PATIENCE", 0.01)
        with ExitStack() as others:
            for _place in range(pdf.AT_ONCE):
                others.enter_context(pdf._places)
            with pytest.raises(pdf.PdfBusy):
                pdf.to_pdf(b"")
        assert pdf._places.acquire(blocking=False)
        pdf._places.release()

    def test_is_made_with_a_fresh_profile_each_time(self, office, tmp_path):
        office(f'echo "$*" >> {tmp_path}/calls', TO_OUTDIR, 'printf "%%PDF-1.7" > "$2/paper.pdf"')
        pdf.to_pdf(b"")
        pdf.to_pdf(b"")
        profiles = [
            word for word in (tmp_path / "calls").read_text().split() if word.startswith("-env:UserInstallation=")
        ]
        assert len(profiles) == len(set(profiles)) == 2

    def test_that_takes_too_long_is_ended_with_all_that_it_started(self, office, monkeypatch, tmp_path):
        office("sleep 60 &", f"echo $! > {tmp_path}/child", "wait")
        monkeypatch.setattr(pdf, "SECONDS", 0.5)
        with pytest.raises(pdf.PdfUnavailable):
            pdf.to_pdf(b"")
        child = int((tmp_path / "child").read_text())
        assert _ends(child)


def _ends(process):
    for _attempt in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if _is_zombie(process):
            return True
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    return False


def _is_zombie(process):
    try:
        with open(f"/proc/{process}/stat") as status:
            return status.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


class TestPagesAsPictures:
    def test_are_one_for_each_page(self, monkeypatch):
        pages = [Image.new("RGB", (210, 297), colour) for colour in ("white", "grey")]
        made = io.BytesIO()
        pages[0].save(made, "PDF", save_all=True, append_images=pages[1:])
        monkeypatch.setattr(pdf, "to_pdf", lambda docx: made.getvalue())
        pictures = pdf.page_images(b"")
        assert len(pictures) == 2
        assert Image.open(io.BytesIO(pictures[0])).format == "PNG"

    @pytest.fixture
    def sheet(self, monkeypatch):
        """Return a function that puts a picture on a page with so many dots to the inch."""

        def put(size, resolution):
            made = io.BytesIO()
            Image.new("1", size).save(made, "PDF", resolution=resolution)
            monkeypatch.setattr(pdf, "to_pdf", lambda docx: made.getvalue())

        return put

    def test_of_a_page_like_a_wall_are_drawn_smaller(self, sheet):
        sheet((200, 100), 1)  # five metres wide
        (picture,) = pdf.page_images(b"")
        width, height = Image.open(io.BytesIO(picture)).size
        assert width * height <= pdf.PIXELS_OF_PAGE * 1.01
        assert width > height

    def test_are_refused_when_a_picture_on_them_is_too_large_to_open(self, sheet):
        sheet((12_000, 10_000), 1200)
        with pytest.raises(pdf.PdfUnavailable):
            pdf.page_images(b"")

    def test_are_refused_after_a_while_when_others_are_drawn(self, sheet, monkeypatch):
        sheet((200, 100), 72)
        monkeypatch.setattr(pdf, "PATIENCE", 0.01)
        with pdf._one_at_a_time, pytest.raises(pdf.PdfBusy):
            pdf.page_images(b"")
        assert len(pdf.page_images(b"")) == 1

    def test_are_refused_when_the_pdf_is_none(self, monkeypatch):
        monkeypatch.setattr(pdf, "to_pdf", lambda docx: b"%PDF-1.7")
        with pytest.raises(pdf.PdfUnavailable):
            pdf.page_images(b"")
