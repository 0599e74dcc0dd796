"""The code on a paper: which form it is and which record, nothing personal. A scan with the code finds its record."""

import io
import re

import segno
from PIL import Image

MARGIN, SCALE = 2, 4
MASK = 3
"""Any mask can be read; choosing the fairest of the eight would take four times as long."""

_RECORD = re.compile(r"OCHAG:([a-z][a-z0-9_]{0,59})(?::(\d{4}-\d{5,9})/(\d{1,6}))?", re.ASCII)


def record_code(form_code: str, case: str, document: str) -> str:
    """Return the text of the code of a filed form; of a blank one, which has no record, only the form."""
    record = f":{case}/{document}" if case and document else ""
    return f"OCHAG:{form_code}{record}"


def read_record_code(text: str) -> tuple[str, str, int] | None:
    """Return (form code, case reference, document number) of a code of ours; `None` for any other text."""
    match = _RECORD.fullmatch(text)
    if match is None or match.group(2) is None:
        return None
    return match.group(1), match.group(2), int(match.group(3))


def png(text: str) -> bytes:
    """Return the code as a black and white picture, always the same bytes for the same text."""
    rows = segno.make(text, error="m", micro=False, mask=MASK).matrix
    side = len(rows) + 2 * MARGIN
    picture = Image.new("1", (side, side), color=1)
    for top, row in enumerate(rows, start=MARGIN):
        for left, is_dark in enumerate(row, start=MARGIN):
            if is_dark:
                picture.putpixel((left, top), 0)
    file = io.BytesIO()
    picture.resize((side * SCALE, side * SCALE), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
