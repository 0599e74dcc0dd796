"""Several papers in one archive, with an inventory on top. The same papers give the same bytes."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forms_library import rendering

TEMPLATE = Path(__file__).parent / "papers" / "inventory.docx"
TITLE = "Опись документов"
KINDS = {"docx": "Word", "pdf": "PDF"}
_FIRST_OF_1980 = (1980, 1, 1, 0, 0, 0)
_NOT_FOR_NAMES = re.compile(r"[^\w\-() .,«»№]+")
_LONGEST_TITLE = 80


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper of a package."""

    title: str
    number: str
    date: str
    kind: str
    sha256: str
    data: bytes


def archive(papers: Sequence[Paper], *, case: str) -> bytes:
    """Return a zip archive of the papers, numbered, with their inventory first.

    Nothing is compressed: the papers are already, and so the bytes depend on no library.
    """
    files = [(f"00 {TITLE}.docx", inventory(papers, case=case))]
    files += [(f"{place:02d} {file_name(paper)}", paper.data) for place, paper in enumerate(papers, start=1)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in files:
            facts = zipfile.ZipInfo(name, date_time=_FIRST_OF_1980)
            facts.create_system = 0
            package.writestr(facts, data)
    return stream.getvalue()


def inventory(papers: Iterable[Paper], *, case: str) -> bytes:
    """Return the Word document that lists the papers."""
    rows = [
        {
            "n": str(place),
            "title": paper.title,
            "number": paper.number,
            "date": paper.date,
            "kind": KINDS[paper.kind],
            "sha256": paper.sha256[:12],
        }
        for place, paper in enumerate(papers, start=1)
    ]
    template = TEMPLATE.read_bytes()
    context = {"case": case, "papers": rows, "count": str(len(rows)), "about": {"title": TITLE}}
    return rendering.render(template, sha256=hashlib.sha256(template).hexdigest(), context=context)


def file_name(paper: Paper) -> str:
    """Return a name that people can read and every system can write: the title of the form and the document's number."""
    title = " ".join(_NOT_FOR_NAMES.sub(" ", paper.title).split())[:_LONGEST_TITLE].rstrip(" .")
    return f"{title} № {paper.number}.{paper.kind}"
