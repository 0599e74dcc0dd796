"""The blank of an edition as one picture, to look at it without Word. Made once, then kept: an edition never changes."""

import io
import os
import tempfile
import threading
from pathlib import Path

from django.conf import settings
from PIL import Image

from forms_library import pdf, rendering
from forms_library.models.editions import Edition

SHOWN_PAGES = 4
GAP = 12
BETWEEN_PAGES = 205
_one_at_a_time = threading.Lock()
_places = threading.BoundedSemaphore(3)
"""One picture is made, and a few requests may wait: a page shows two at once."""


class Busy(RuntimeError):
    """Too many pictures are asked for: visitors must not be able to keep the server busy with LibreOffice."""


def picture_of(edition: Edition) -> bytes:
    """Return the first pages of the blank under one another, as PNG. Raises `pdf.PdfUnavailable` or `Busy`."""
    kept = Path(settings.VAR_DIR) / "blanks" / f"{edition.digest}-{edition.number}.png"
    if kept.is_file():
        return kept.read_bytes()
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        with _one_at_a_time:
            if not kept.is_file():
                _keep(kept, _stacked(pdf.page_images(_blank(edition))[:SHOWN_PAGES]))
            return kept.read_bytes()
    finally:
        _places.release()


def _blank(edition: Edition) -> bytes:
    return rendering.blank(
        edition.schema,
        template=bytes(edition.docx_template),
        template_sha256=edition.template_sha256,
        about=edition.about(),
    )


def _stacked(pages: list[bytes]) -> bytes:
    pictures = [Image.open(io.BytesIO(page)).convert("L") for page in pages]
    height = sum(picture.height for picture in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("L", (max(picture.width for picture in pictures), height), BETWEEN_PAGES)
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height + GAP
    file = io.BytesIO()
    sheet.quantize(16).save(file, "PNG", optimize=True)
    return file.getvalue()


def _keep(path: Path, picture: bytes) -> None:
    """Write the file whole or not at all: another process may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(picture)
    Path(temporary).replace(path)
