"""What is written on a paper beside the form itself: a notice on top of it, addenda at its end.

Works on the finished XML of the document's body, so that every template takes notes without knowing of them. The same notes
give the same bytes. No database, no clock, no request.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import nsdecls, qn
from lxml import etree
from markupsafe import escape

from forms_library.sandbox import printed

_PARAGRAPH = (
    f"<w:p {nsdecls('w')}><w:pPr>%s"
    '<w:spacing w:before="%d" w:after="120" w:line="240" w:lineRule="auto"/>'
    '<w:ind w:left="0" w:right="0" w:firstLine="0"/><w:jc w:val="left"/></w:pPr>'
    '<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r></w:p>'
)
_LINE = '<w:%s w:val="single" w:sz="8" w:space="4" w:color="auto"/>'
_FRAME = f"<w:pBdr>{''.join(_LINE % side for side in ('top', 'left', 'bottom', 'right'))}</w:pBdr>"
_BOLD = "<w:rPr><w:b/></w:rPr>"
_TOGETHER = "<w:keepNext/>"


@dataclass(frozen=True, kw_only=True)
class PaperAddendum:
    """What stands below a filed form, as it is printed: «Дополнение № 1 от 12.11.2026», the words, who signs them.

    Words that bring their own lines for signatures are signed by nobody else (`None`), and stay on one page.
    """

    heading: str
    text: str
    signed: str | None


def written_on(part: bytes, *, notices: Sequence[str], addenda: Sequence[PaperAddendum]) -> bytes:
    """Return the XML of a document with `notices` as its first lines and `addenda` as its last."""
    tree = etree.fromstring(part)
    body = tree.find(qn("w:body"))
    for place, notice in enumerate(notices):
        body.insert(place, _paragraph(notice, looks=_FRAME, run=_BOLD))
    ends_with_section = len(body) and body[-1].tag == qn("w:sectPr")
    for place, paragraph in enumerate(_paragraphs(addenda), start=len(body) - bool(ends_with_section)):
        body.insert(place, paragraph)
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)


def _paragraphs(addenda: Sequence[PaperAddendum]) -> Iterator[Any]:
    for addendum in addenda:
        yield _paragraph(addendum.heading, looks=_TOGETHER, before=360, run=_BOLD)
        brings_lines = addendum.signed is None
        for line in printed(addendum.text).splitlines():
            yield _paragraph(line, looks=_TOGETHER if brings_lines else "")
        if not brings_lines:
            yield _paragraph(f"{addendum.signed} ____________________", before=240)


def _paragraph(words: str, *, looks: str = "", before: int = 0, run: str = "") -> Any:
    return etree.fromstring(_PARAGRAPH % (looks, before, run, escape(printed(words).replace("\t", " "))))
