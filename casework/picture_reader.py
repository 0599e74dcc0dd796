"""Opens a picture or a PDF that came from outside, in a process of its own with little memory and little time.

Run as `python picture_reader.py codes|preview`, the file on the standard input. «codes» writes the words of the QR codes as a
JSON list, «preview» writes a small JPEG. Whatever cannot be opened gives an empty answer. Imports nothing of the portal.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw
import zxingcpp
from PIL import Image, ImageOps

MEMORY = 1_500_000_000
SECONDS = 20
MOST_PIXELS = 60_000_000  # A4 at 600 dots to the inch is 35 million
MOST_PAGES = 3
READ_SIDE, PREVIEW_SIDE = 3000, 1000
MOST_CODES = 10


class TooLarge(ValueError):
    """A picture that would not fit into memory."""


def pages(data: bytes, *, side: int, most: int) -> Iterator[Image.Image]:
    """Yield the first pages of a file as pictures, at most `side` pixels high and wide."""
    if data.startswith(b"%PDF-"):
        yield from _pages_of_pdf(data, side=side, most=most)
        return
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    if picture.width * picture.height > MOST_PIXELS:
        raise TooLarge
    picture.draft("RGB", (side, side))
    picture.thumbnail((side, side))  # before it is turned: that makes a copy
    yield ImageOps.exif_transpose(picture).convert("RGB")


def _pages_of_pdf(data: bytes, *, side: int, most: int) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    for number in range(min(len(document), most)):
        page = document[number]
        _check_pictures_on(page)
        scale = side / max(*page.get_size(), 1)
        yield page.render(scale=min(scale, 4)).to_pil().convert("RGB")


def _check_pictures_on(page: pypdfium2.PdfPage) -> None:
    """Raise `TooLarge` when the pictures on a page would not fit into memory: their sizes are known before they are opened."""
    on_it = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    if sum(width * height for width, height in (picture.get_px_size() for picture in on_it)) > MOST_PIXELS:
        raise TooLarge


def codes(data: bytes) -> list[str]:
    """Return the words of the QR codes on the first pages."""
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found: list[str] = []
    for picture in pages(data, side=READ_SIDE, most=MOST_PAGES):
        found += [code.text for code in zxingcpp.read_barcodes(picture, formats=formats)]
    return [text[:300] for text in found[:MOST_CODES]]


def preview(data: bytes) -> bytes:
    """Return the first page as a small JPEG without anything that the camera wrote into it."""
    stream = io.BytesIO()
    next(pages(data, side=PREVIEW_SIDE, most=1)).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def main(task: str) -> None:
    """Do one task and write its answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(json.dumps(codes(data)).encode() if task == "codes" else preview(data))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (
        OSError,
        ValueError,
        MemoryError,
        SyntaxError,
        StopIteration,
        Image.DecompressionBombError,
        pypdfium2.PdfiumError,
    ):
        sys.exit(1)
