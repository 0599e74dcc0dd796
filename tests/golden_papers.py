"""The shipped forms, filled in by the invented families and printed: kept as golden files in tests/golden.

`python -m tests.golden_papers` prints them anew; look at what changed before you commit it. The words of a paper are compared as text, and every
part of its package byte by byte (as it is before compression, which differs between builds of zlib).
"""

import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

PLACE = Path(__file__).parent / "golden"
HASHES = PLACE / "papers.json"


def papers(code: str) -> Iterator[tuple[str, bytes]]:
    """Yield the code of each invented family and the paper it makes of a shipped form."""
    form = shipped.form(code)
    about = {
        "title": form.title,
        "code": code,
        "edition": "1",
        "issuing_agency": "Центр помощи «Пример»",
        "legal_basis": form.legal_basis,
        "restriction_mark": form.restriction_mark,
        "case": "2026-00001",
        "document": "1",
        "filed_on": "05.03.2026",
    }
    sha256 = hashlib.sha256(form.template).hexdigest()
    for family in FAMILIES:
        answers = answers_for(form.schema, family)
        yield (
            family.code,
            rendering.document(form.schema, answers, template=form.template, template_sha256=sha256, about=about),
        )


def words(docx: bytes) -> str:
    """Return the words of a paper, a paragraph in a line, empty ones left out."""
    body = Document(io.BytesIO(docx)).element.body
    lines = ("".join(piece.text or "" for piece in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p")))
    return "\n".join(line.strip() for line in lines if line.strip())


def fingerprint(docx: bytes) -> str:
    """Return the SHA-256 of the names and contents of all the parts of a paper."""
    found = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        for name in package.namelist():
            found.update(name.encode() + b"\0" + hashlib.sha256(package.read(name)).digest())
    return found.hexdigest()


def text_of(code: str) -> tuple[str, dict[str, str]]:
    """Return the words of all the papers of a form, family by family, and their fingerprints."""
    printed = dict(papers(code))
    text = "\n\n".join(f"=== {family}\n{words(docx)}" for family, docx in printed.items()) + "\n"
    return text, {family: fingerprint(docx) for family, docx in printed.items()}


def main() -> None:
    """Print all the golden papers anew."""
    PLACE.mkdir(exist_ok=True)
    hashes = {}
    for code in shipped.codes():
        text, hashes[code] = text_of(code)
        (PLACE / f"{code}.txt").write_text(text, encoding="utf-8")
    HASHES.write_text(json.dumps(hashes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(hashes)} forms\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()

from docx import Document  # noqa: E402
from docx.oxml.ns import qn  # noqa: E402

from forms_library import rendering  # noqa: E402
from forms_library.packs import shipped  # noqa: E402
from forms_library.sample_families import FAMILIES, answers_for  # noqa: E402

if __name__ == "__main__":
    main()
