"""The tags of a Word template where they stand: torn by Word, or opened in one kind of place and closed in another.

docxtpl would make a broken document of both, and say so without naming the line. Jinja's own complaints are put into the
words of somebody who works in Word.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy
from docx.oxml.ns import qn
from lxml import etree

from forms_library.sandbox import TemplateProblem

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_BLOCK = re.compile(r"\{%[-+]?\s*(?:(p|tr|tc|r) )?\s*(for|if|elif|else|endfor|endif)\b")
_ENDS = {"endfor": "for", "endif": "if"}
_WITHIN = {"tr": "w:tbl", "tc": "w:tr"}
"""What must hold both ends of a loop over rows, and over cells."""
_SHOWN = 60
_WORDS = (
    (r"Encountered unknown tag '(end\w+|else|elif)'", gettext_lazy("“%s” stands where nothing is open")),
    (r"Encountered unknown tag '(.+?)'", gettext_lazy("there is no tag “%s”")),
    (r"innermost block that needs to be closed is '(\w+)'", gettext_lazy("“%s” is begun and never ended")),
    (r"[Nn]o filter named '(.+?)'", gettext_lazy("there is no filter “%s”")),
    (r"[Nn]o test named '(.+?)'", gettext_lazy("there is no test “%s”")),
    (r"unexpected char '(.+?)' at", gettext_lazy("the sign “%s” does not belong inside a tag")),
    (r"got '(.+?)'$", gettext_lazy("something is missing, or too much, at “%s”")),
    (r"unexpected '(.+?)'$", gettext_lazy("something is missing, or too much, at “%s”")),
)


def in_plain_words(message: str) -> str:
    """Return what Jinja complains of in the language of the reader; a complaint nobody foresaw stays as it is."""
    for pattern, words in _WORDS:
        if match := re.search(pattern, message):
            return str(words) % match.group(1)
    return _("the expression is not finished") if "end of" in message else message


def tag_problems(xml: str) -> Iterator[TemplateProblem]:
    """Yield the tags of a part that docxtpl cannot join, and those whose beginning and end do not fit together."""
    waiting: list[tuple[str, str, Any, str]] = []
    for paragraph in etree.fromstring(xml).iter(qn("w:p")):
        pieces = [piece for piece in paragraph.iter(qn("w:t")) if _nearest(piece, "w:p") is paragraph]
        text = "".join(piece.text or "" for piece in pieces)
        for tag in _TAG.finditer(text):
            if _is_torn(pieces, tag.start(), tag.end()):
                yield TemplateProblem(code="torn", detail=tag.group()[:_SHOWN])
            if block := _BLOCK.match(tag.group()):
                yield from _follow(waiting, block, paragraph, tag.group()[:_SHOWN])


def _is_torn(pieces: list[Any], start: int, end: int) -> bool:
    """Return whether the letters of a tag lie in different edits or links: joining their runs would break the XML."""
    holders, at = set(), 0
    for piece in pieces:
        length = len(piece.text or "")
        if at < end and at + length > start:
            holders.add(piece.getparent().getparent())
        at += length
    return len(holders) > 1


def _follow(
    waiting: list[tuple[str, str, Any, str]], block: re.Match[str], paragraph: Any, tag: str
) -> Iterator[TemplateProblem]:
    """Keep track of the open blocks; what is never closed, or closes nothing, is for Jinja to say."""
    level, word = block.group(1) or "", block.group(2)
    if word in {"for", "if"}:
        waiting.append((word, level, _place(paragraph, level), tag))
    elif waiting:
        opened, its_level, place, its_tag = waiting[-1]
        if level != its_level or place != _place(paragraph, level):
            yield TemplateProblem(code="levels", detail=its_tag)
        if _ENDS.get(word) == opened:
            waiting.pop()


def _place(paragraph: Any, level: str) -> Any:
    """Return what both ends of a block must share: the table, the row, the cell, or else only the depth in the paper."""
    if level in _WITHIN:
        return _nearest(paragraph, _WITHIN[level])
    if level == "p":
        return paragraph.getparent()
    return tuple(ancestor.tag for ancestor in paragraph.iterancestors())


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors(qn(name)), None)
