"""Is a Word template safe to open, and does it ask only for what the form offers?

`inspect` looks at the raw package before any library that understands Word opens it. `report` compares what the template
prints with the questions of the form and fills it with sample answers, so that the methodologist learns of a misspelt
variable on the day of the upload and not on the day of the first paper.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from forms_library import rendering
from forms_library.package_check import UnsafeTemplate, inspect
from forms_library.printed_answers import blank_answers, printable
from forms_library.sandbox import Sandbox, TemplateError, TemplateProblem, check_tags, parse
from forms_library.schema import Column, Kind, Question, Schema
from forms_library.template_tags import in_plain_words, tag_problems
from forms_library.template_variables import Variables

__all__ = ["TemplateReport", "UnsafeTemplate", "inspect", "problem_text", "report"]

PROBLEMS = {
    # The package.
    "encrypted": _("The file is protected by a password. Save it without one."),
    "too_big": _("The file is too big. A template has at most 10 MB, and 30 MB when it is unpacked."),
    "too_many_parts": _("The file has too many parts (%(detail)s). Save it anew in a text editor."),
    "bomb": _("The file unpacks into something far too big (%(detail)s). It is not an ordinary document."),
    "damaged": _("The file is damaged and cannot be read. Open it in a text editor and save it as .docx anew."),
    "double_name": _("The file holds two parts of the same name (%(detail)s). Save it anew in a text editor."),
    "bad_path": _("The file holds a part with a dangerous name (%(detail)s). Save it anew in a text editor."),
    "macros": _("The file holds macros or controls (%(detail)s). Save it as .docx without them."),
    "embedded": _("The file holds an embedded object (%(detail)s). Remove it."),
    "strange_part": _("The file holds something a document does not need (%(detail)s). Remove it."),
    "not_a_docx": _("This is not a Word document. Save the template as .docx."),
    "dtd": _("The file holds a document type definition (%(detail)s). Save it anew in a text editor."),
    "field": _("The file holds the field “%(detail)s”, which is not allowed. Replace it by plain text."),
    "external": _("The file points to another file or address (%(detail)s). Put pictures into the document itself."),
    "attached_template": _("The file is attached to another template (%(detail)s). Detach it."),
    # The language of the template.
    "missing": _("The template asks for “%(detail)s”, and the form has no such answer."),
    "syntax": _("The template has a mistake in its tags: %(detail)s."),
    "forbidden": _("The template uses “%(detail)s”, which is not allowed: it may only print, choose and loop."),
    "unclosed": _("A tag of the template is not closed: “%(detail)s”."),
    "too_deep": _("More than %(detail)s tags of the template stand inside one another. Make it simpler."),
    "too_long": _("The template, or what it makes, is too long."),
    "not_a_list": _("The template loops over “%(detail)s”, which is not a table and not a list."),
    "not_text": _("The template prints “%(detail)s” as one text, but it has parts. Loop over it or name its part."),
    "cannot_fill": _("The template cannot be filled: %(detail)s."),
    "broken_xml": _("The filled template is not a readable document (%(detail)s). Look at the tags near tables."),
    "swallowed": _("This text stands beside a tag and would vanish: “%(detail)s”. Give the tag its own line."),
    "split": _("A tag is torn apart by a space: “%(detail)s”. Write its two brackets together."),
    "unbalanced": _("The tag “%(detail)s” has no pair: each “for” needs an “endfor”, each “if” an “endif”."),
    "torn": _(
        "Word keeps the tag “%(detail)s” in pieces: an edit that is not accepted, or a link. Accept all changes, remove"
        " the link and type the tag anew."
    ),
    "levels": _(
        "The tag “%(detail)s” begins in one kind of place and ends in another. What begins with {%%tr ends with {%%tr in"
        " the same table, what begins with {%%p ends with {%%p in the same cell or outside of tables."
    ),
    "altered": _("The template is not the one that was approved."),
    "no_answer": _("The form has no answer to “%(detail)s”."),
}
_TAGS = {tag: re.compile(r"\{[%{]" + tag + r" .*?[%}]\}") for tag in ("tr", "tc", "p", "r")}
_SHOWN = 60
_SAMPLES: Mapping[Kind, Any] = {
    Kind.LONG_TEXT: "Первая строка\nВторая строка",
    Kind.DATE: "2026-03-05",
    Kind.BIRTH_DATE: "2016-03-05",
    Kind.DATE_TIME: "2026-03-05T14:30",
    Kind.INTEGER: 3,
    Kind.YES_NO: True,
    Kind.MONEY: "12345.50",
    Kind.AGENCY: {"id": None, "name": "Служба «Единое окно»"},
    Kind.PERSON: {"id": None, "name": "Иванова Мария Петровна"},
    Kind.SNILS: "112-233-445 95",
    Kind.DOCUMENT: [{"id": 1, "name": "№ 1, Извещение"}],
    Kind.NUMBER: "17",
    Kind.COMPUTED: None,
    Kind.SIGNATURE: {"post": "директор", "name": "И. И. Иванова"},
    Kind.ATTACHMENT: [{"id": 1, "name": "Акт № 1.pdf", "sha256": ""}],
}
_EMPTY: Mapping[Kind, Any] = {
    Kind.INTEGER: None,
    Kind.YES_NO: None,
    Kind.AGENCY: {"id": None, "name": ""},
    Kind.PERSON: {"id": None, "name": ""},
    Kind.SIGNATURE: {"post": "", "name": ""},
    Kind.ATTACHMENT: [],
    Kind.DOCUMENT: [],
    Kind.COMPUTED: None,
    Kind.CHOICES: [],
    Kind.TABLE: [],
}


@dataclass(frozen=True, kw_only=True)
class TemplateReport:
    """What a template asks for that the form lacks, what it never prints, and what is wrong with it.

    Names are those of questions, or `table.column`.
    """

    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    errors: tuple[TemplateProblem, ...] = ()

    def is_of_another_form(self, schema: Schema) -> bool:
        """Return whether the template was made for other questions: it asks for strange ones and prints hardly any of ours."""
        keys = {question.key for question in schema.answered}
        return len(self.missing) >= 3 and len(keys & {*self.unused}) > 0.7 * len(keys)


def problem_text(problem: TemplateProblem | UnsafeTemplate) -> str:
    """Put a problem into words for the person who uploaded the template."""
    detail = in_plain_words(problem.detail) if problem.code == "syntax" else problem.detail
    return str(PROBLEMS[problem.code]) % {"detail": detail}


def report(data: bytes, schema: Schema) -> TemplateReport:
    """Compare a template that `inspect` has let through with the questions of a form."""
    try:
        docxtpl = rendering.opened(data)
        sources = list(rendering.sources(docxtpl))
    # python-docx has no error of its own for a package that is sound but is not a document.
    except Exception as error:
        return TemplateReport(errors=(TemplateProblem(code="damaged", detail=type(error).__name__),))
    asked = Variables(schema)
    errors: dict[TemplateProblem, None] = {}
    for _name, _head, xml, _tail in sources:
        errors |= dict.fromkeys(_read_part(docxtpl, xml, asked))
    errors |= asked.errors
    if not errors and not asked.missing:
        errors |= dict.fromkeys(_trial(data, schema))
    return TemplateReport(missing=tuple(asked.missing), unused=tuple(asked.unused()), errors=tuple(errors))


def _read_part(docxtpl: DocxTemplate, xml: str, asked: Variables) -> Iterator[TemplateProblem]:
    try:
        check_tags(xml)
        for text in _swallowed(xml):
            yield TemplateProblem(code="swallowed", detail=text[:_SHOWN])
        yield from tag_problems(xml)
        asked.read(parse(Sandbox(), docxtpl.patch_xml(xml)))
    except TemplateError as error:
        yield error.problem


def _swallowed(xml: str) -> Iterator[str]:
    """Yield what docxtpl would drop without a word: all that shares a paragraph, row or cell with its tag."""
    root = etree.fromstring(xml)
    for tag, pattern in _TAGS.items():
        for element in root.iter(qn(f"w:{tag}")):
            if element.find(f".//{qn(f'w:{tag}')}") is not None:
                continue
            text = "".join(piece.text or "" for piece in element.iter(qn("w:t")))
            rest = pattern.sub("", text, count=1).strip()
            if rest and rest != text.strip():
                yield rest


def _trial(data: bytes, schema: Schema) -> Iterator[TemplateProblem]:
    """Fill the template with answers, with none at all, and as a blank form."""
    try:
        prepared = rendering.prepare(data)
        about = {"about": rendering.about_form({"title": "Образец", "edition": "1"})}
        for answers in (_sample_answers(schema, _SAMPLES), _sample_answers(schema, _EMPTY)):
            prepared.filled(printable(schema, answers) | about)
        prepared.filled(blank_answers(schema) | about)
    except TemplateError as error:
        yield error.problem


def sample_answers(schema: Schema) -> dict[str, Any]:
    """Return an answer to every question: what the trial of a template and the proof of an edition are printed from."""
    return _sample_answers(schema, _SAMPLES)


def _sample_answers(schema: Schema, samples: Mapping[Kind, Any]) -> dict[str, Any]:
    return {question.key: _sample(question, samples) for question in schema.answered}


def _sample(question: Question | Column, samples: Mapping[Kind, Any]) -> Any:
    if question.kind in samples:
        return samples[question.kind]
    if isinstance(question, Question) and question.kind.is_table:
        row = {column.key: _sample(column, samples) for column in question.cells}
        return [row] * (len(question.rows) or 2)
    if question.kind == Kind.CHOICES:
        return list(question.choices[:1])
    if question.kind == Kind.CHOICE and samples is _SAMPLES:
        return question.choices[0] if question.choices else ""
    return "Образец <&>" if samples is _SAMPLES else ""
