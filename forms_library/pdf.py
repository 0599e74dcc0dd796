"""Word documents as PDF, made by LibreOffice where it is installed, and their pages as pictures."""

import io
import math
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw
from django.conf import settings
from django.utils.translation import gettext_lazy as _

SECONDS = 60
PAGES = 30
DOTS_PER_INCH = 80
PIXELS_OF_PAGE = 4_000_000
"""A page is drawn no larger: a sheet of A4 takes 600 thousand. What is larger is drawn smaller."""
PIXELS_OF_PICTURES = 100_000_000
"""The pictures on one page, as they are in the file, have no more: PDFium opens them in our own memory."""
AT_ONCE, PATIENCE = 2, 20
_places = threading.BoundedSemaphore(AT_ONCE)
"""LibreOffice takes hundreds of megabytes: whoever comes third waits for so many seconds at most."""
_one_at_a_time = threading.Lock()  # PDFium is not made for several threads


class PdfUnavailable(RuntimeError):
    """There is no LibreOffice here, or it could not make the PDF."""

    message = _("This server cannot make PDF files. Download the Word document and save it as PDF on your computer.")

    def __str__(self) -> str:
        return str(self.message)


class PdfBusy(PdfUnavailable):
    """PDFs of others are being made, and nobody was ready in time."""

    message = _("The server is making PDFs for others now. Try again in a minute.")


def is_available() -> bool:
    """Return whether PDFs can be made here."""
    return _office() is not None


def to_pdf(docx: bytes) -> bytes:
    """Return the PDF of a Word document; raise `PdfUnavailable`, or `PdfBusy` when others are in the way for too long.

    Each call has a profile of its own: two runs of LibreOffice on one profile fail. Whatever hangs is ended after a minute.
    """
    office = _office()
    if office is None:
        raise PdfUnavailable
    if not _places.acquire(timeout=PATIENCE):
        raise PdfBusy
    try:
        return _made_by(office, docx)
    finally:
        _places.release()


def _made_by(office: str, docx: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ochag-pdf-") as directory:
        place = Path(directory)
        (place / "paper.docx").write_bytes(docx)
        command = [
            office,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={(place / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            directory,
            str(place / "paper.docx"),
        ]
        _run(command, home=place)
        made = place / "paper.pdf"
        if not made.is_file():
            raise PdfUnavailable
        return made.read_bytes()


def page_images(docx: bytes) -> list[bytes]:
    """Return the pages of a Word document as PNG pictures, the first thirty at most; raise `PdfUnavailable`, `PdfBusy`."""
    pdf = to_pdf(docx)
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise PdfBusy
    try:
        return list(_pictures(pdf))
    except pypdfium2.PdfiumError as error:
        raise PdfUnavailable from error
    finally:
        _one_at_a_time.release()


def _pictures(pdf: bytes) -> Iterator[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(min(len(document), PAGES)):
            page, picture = document[number], io.BytesIO()
            _check_pictures_on(page)
            page.render(scale=_scale_of(page)).to_pil().save(picture, "PNG", optimize=False)
            yield picture.getvalue()
    finally:
        document.close()


def _check_pictures_on(page: pypdfium2.PdfPage) -> None:
    """Raise `PdfUnavailable` when the pictures on a page would take too much memory; their sizes are known beforehand."""
    on_it = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    if sum(width * height for width, height in (picture.get_px_size() for picture in on_it)) > PIXELS_OF_PICTURES:
        raise PdfUnavailable


def _scale_of(page: pypdfium2.PdfPage) -> float:
    width, height = page.get_size()
    return min(DOTS_PER_INCH / 72, math.sqrt(PIXELS_OF_PAGE / max(width * height, 1)))


def _office() -> str | None:
    return shutil.which(settings.LIBREOFFICE)


def _run(command: list[str], *, home: Path) -> None:
    """Run LibreOffice and everything it starts in a group of its own, so that nothing of it outlives the minute."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - the office named in the settings, on files of our own
        command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise PdfUnavailable from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
