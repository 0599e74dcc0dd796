"""Where in a Word template its mistakes are: the paragraph with its number and words, and the same marked on a copy.

The check of a template (`template_check`) says what is wrong; a methodologist wants to see the line.
"""

import copy
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from forms_library.sandbox import Sandbox, TemplateError, TemplateProblem, parse

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_BLOCK = re.compile(r"\{%[-+]?\s*(?:p |tr |tc |r )?\s*(for|if|elif|else|endfor|endif)\b")
_CLOSES = {"endfor": "for", "endif": "if"}
_SPLIT = re.compile(r"\{\s+\{|\{\s+%|%\s+\}|\}\s+\}")
_NAMING = {"missing": ("{{", "{%"), "not_text": ("{{",), "not_a_list": ("{%",)}
"""Problems that name a variable, and in which tags it is to be looked for."""
_SHOWN = 160
_RED = "F8CBAD"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A paragraph of the body, counted from 1, and which problems are in it."""

    number: int
    text: str
    problems: tuple[TemplateProblem, ...]


def places(template: bytes, problems: Sequence[TemplateProblem]) -> list[Place]:
    """Return the paragraphs in which the problems are, in the order of the paper.

    Each paragraph is also looked at by itself: a tag that Word has cut in two and a loop that is never closed are found
    here. A package that is no document has no places.
    """
    try:
        paragraphs = list(_paragraphs(Document(io.BytesIO(template))))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
        return []
    texts = [_text(paragraph) for paragraph in paragraphs]
    unbalanced = _unbalanced(texts)
    found = []
    for number, text in enumerate(texts, start=1):
        own = [problem for problem in problems if _is_in(problem, text)]
        own += list(_of_tags(text))
        own += [TemplateProblem(code="unbalanced", detail=tag) for tag in unbalanced.get(number, ())]
        if own:
            found.append(Place(number=number, text=text.strip()[:_SHOWN], problems=tuple(dict.fromkeys(own))))
    return found


def marked(template: bytes, numbers: Sequence[int]) -> bytes:
    """Return a copy of a template, its tags still words, in which the paragraphs of these numbers stand out."""
    word = Document(io.BytesIO(template))
    for number, paragraph in enumerate(list(_paragraphs(word)), start=1):
        if number in numbers:
            properties = paragraph.get_or_add_pPr()
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", _RED)):
                shade.set(qn(f"w:{name}"), value)
            properties.append(copy.deepcopy(shade))
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _paragraphs(word: Any) -> Iterator[Any]:
    return word.element.body.iter(qn("w:p"))


def _text(paragraph: Any) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))


def _is_in(problem: TemplateProblem, text: str) -> bool:
    """Return whether a paragraph is where a problem of the whole template is."""
    if not problem.detail:
        return False
    if problem.code in _NAMING:
        name = re.compile(rf"\b{re.escape(problem.detail.rpartition('.')[2])}\b")
        return any(name.search(tag) for tag in _TAG.findall(text) if tag.startswith(_NAMING[problem.code]))
    return problem.code in {"swallowed", "unclosed", "forbidden", "torn", "levels"} and problem.detail in text


def _of_tags(text: str) -> Iterator[TemplateProblem]:
    """Yield what is wrong with the tags of one paragraph by themselves."""
    if _SPLIT.search(text):
        yield TemplateProblem(code="split", detail=text.strip()[:60])
    for tag in _TAG.findall(text):
        if tag.startswith("{{"):
            try:
                parse(Sandbox(), tag)
            except TemplateError as error:
                yield error.problem


def _unbalanced(texts: Sequence[str]) -> dict[int, list[str]]:
    """Return the tags that open or close nothing, by the number of their paragraph."""
    waiting: list[tuple[str, int, str]] = []
    found: dict[int, list[str]] = {}
    for number, text in enumerate(texts, start=1):
        for tag in _TAG.findall(text):
            match = _BLOCK.match(tag)
            word = match.group(1) if match else ""
            if word in {"for", "if"}:
                waiting.append((word, number, tag))
            elif word in _CLOSES:
                if waiting and waiting[-1][0] == _CLOSES[word]:
                    waiting.pop()
                else:
                    found.setdefault(number, []).append(tag)
            elif word and (not waiting or (word == "elif" and waiting[-1][0] != "if")):
                found.setdefault(number, []).append(tag)
    for _word, number, tag in waiting:
        found.setdefault(number, []).append(tag)
    return found
