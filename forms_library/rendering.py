"""Answers + the Word template of an edition -> the document, always the same bytes for the same edition and answers.

docxtpl is the authority on the language of templates. An edition never changes, so what docxtpl does to a template is done
once: its XML is patched by docxtpl itself and compiled in our own sandbox. A document then costs only filling the
prepared parts, checking that they are well formed, and writing the package with fixed dates (performance.md, «Word
documents»). Documents are filled from plain answers, never from models, and a missing answer is an error.
"""

import copy
import hashlib
import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from docx.opc.constants import CONTENT_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docxtpl import DocxTemplate
from jinja2 import Template, nodes
from lxml import etree
from markupsafe import escape

from forms_library import qr
from forms_library.inflection import CASES
from forms_library.paper_notes import PaperAddendum, written_on
from forms_library.printed_answers import blank_answers, printable
from forms_library.sandbox import (
    NAME_FORMS,
    Sandbox,
    TemplateError,
    TemplateProblem,
    check_tags,
    compiled,
    filled,
    parse,
    printed,
)
from forms_library.schema import Schema

__all__ = ["TemplateError", "TemplateProblem", "blank", "document", "printable", "render"]

ABOUT = (
    "title",
    "code",
    "edition",
    "legal_basis",
    "issuing_agency",
    "restriction_mark",
    "case",
    "document",
    "filed_on",
    "qr",
)
"""What a template may print about the form itself, as `about.<name>`; what is not known is empty."""
NameForms = Mapping[str, Mapping[str, Any]]
PREPARED_TEMPLATES = 32
CORE_PROPERTIES = "docProps/core.xml"
_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_CORE = (
    _DECLARATION
    + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title><dc:language>ru-RU</dc:language>'
    "</cp:coreProperties>"
)
_RESHAPES = re.compile(r"\{[%{]\s*(?:tc |colspan|hm)")
_ROW_TAG = re.compile(r"\{%tr\s+(\w*)")
_PICTURE = "<wp:docPr"
_PICTURE_NUMBER = re.compile(r'(<wp:docPr\b[^>]*?\sid=")\d+')
FIRST_PICTURE = 1001

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ZIP_VERSION, _UTF8_NAMES, _DEFLATED, _MIDNIGHT, _FIRST_OF_1980 = 20, 0x800, 8, 0, 33
_COMPRESSION = 4  # on these texts level 6 takes half as long again and saves a twentieth


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part of the document that prints answers: the head and tail of its XML and the template between them."""

    name: str
    head: str
    template: Template
    tail: str
    asks: bool  # it prints answers; a part that does not is the same in every document
    inflects: bool  # it puts names into cases
    has_breaks: bool  # the template itself holds line ends, which docxtpl turns into breaks
    reshapes: bool  # docxtpl may have to correct tables afterwards
    pictures: int  # as long as none is repeated or left out, each keeps its own number
    is_body: bool  # it takes notices and addenda

    def filled(self, context: Mapping[str, Any]) -> bytes:
        xml = filled(self.template, context)
        if self.has_breaks:
            xml = DocxTemplate(None).resolve_listing(xml)
        data = _well_formed(f"{self.head}{xml}{self.tail}", self.name)
        needs_numbers = self.pictures and xml.count(_PICTURE) != self.pictures
        return self._reshaped(data) if self.reshapes or needs_numbers else data

    def _reshaped(self, data: bytes) -> bytes:
        docxtpl = DocxTemplate(None)
        docxtpl.docx_ids_index = FIRST_PICTURE - 1
        try:
            tree = docxtpl.fix_tables(data)
        except (AttributeError, TypeError, ValueError) as error:  # a table without a grid, or without widths
            raise TemplateError("broken_xml", f"{self.name}: {error}") from error
        docxtpl.fix_docpr_ids(tree)
        return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)


@dataclass(frozen=True)
class _Packed:
    """A file of the package, compressed."""

    crc: int
    size: int
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A template made ready: what is filled anew each time, and what never changes."""

    parts: tuple[_Part, ...]
    fixed: Mapping[str, _Packed]
    codes: tuple[str, ...] = ()  # pictures in whose place the code of the record is printed

    def filled(
        self, context: Mapping[str, Any], *, notices: Sequence[str] = (), addenda: Sequence[PaperAddendum] = ()
    ) -> bytes:
        files = dict(self.fixed)
        for part in self.parts:
            data = part.filled(context)
            if part.is_body and (notices or addenda):
                data = written_on(data, notices=notices, addenda=addenda)
            files[part.name] = _pack(data)
        about = context.get("about", {})
        for name in self.codes:
            files[name] = _pack(qr.png(about["qr"]))
        title = about.get("title", "")
        files[CORE_PROPERTIES] = _pack((_CORE % escape(printed(title))).encode())
        return _package(sorted(files.items()))


def document(
    schema: Schema,
    answers: Mapping[str, Any],
    *,
    template: bytes,
    template_sha256: str,
    about: Mapping[str, str],
    notices: Sequence[str] = (),
    addenda: Sequence[PaperAddendum] = (),
    rows: Mapping[str, Collection[int]] | None = None,
    name_forms: NameForms | None = None,
) -> bytes:
    """Return the Word document of a filled form. `about` tells of the form itself: see `ABOUT`.

    `notices` are its first lines, `addenda` its last. `rows` names the rows that an extract prints of some tables, counted
    from 0; they keep the numbers they have in the whole document. `name_forms` are the forms of names, posts and agencies
    that are known already, by text and case; other forms are suggested.
    """
    context = printable(schema, answers) | {"about": about_form(about), NAME_FORMS: name_forms or {}}
    for key, kept in (rows or {}).items():
        context[key] = [row for number, row in enumerate(context[key]) if number in kept]
    return render(template, sha256=template_sha256, context=context, notices=notices, addenda=addenda)


def inflected_words(
    schema: Schema, answers: Mapping[str, Any], *, template: bytes, template_sha256: str, about: Mapping[str, str]
) -> set[str]:
    """Return every text that a template puts into some case when it is filled with these answers.

    A template that cannot be filled tells what it had asked for until then.
    """
    asked = _Asked()
    with suppress(TemplateError):
        prepared = _prepared(bytes(template), template_sha256)
        if any(part.inflects for part in prepared.parts):
            prepared.filled(printable(schema, answers) | {"about": about_form(about), NAME_FORMS: asked})
    return asked.words


class _Asked(dict[str, Mapping[str, str]]):
    """Forms of names that knows none and remembers which were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()

    def get(self, words: str, default: Any = None) -> Any:
        self.words.add(words)
        return default


def blank(schema: Schema, *, template: bytes, template_sha256: str, about: Mapping[str, str]) -> bytes:
    """Return the same form with lines to write on by hand."""
    context = blank_answers(schema) | {"about": about_form(about)}
    return render(template, sha256=template_sha256, context=context)


def render(
    template: bytes,
    *,
    sha256: str,
    context: Mapping[str, Any],
    notices: Sequence[str] = (),
    addenda: Sequence[PaperAddendum] = (),
) -> bytes:
    """Return the .docx that `template` makes of plain data.

    Raises `TemplateError` when the template is not the one with this SHA-256, asks for a variable that the context
    lacks, does what the sandbox forbids, or makes broken XML.
    """
    return _prepared(bytes(template), sha256).filled(context, notices=notices, addenda=addenda)


def repacked(docx: bytes) -> bytes:
    """Return the same document in a package without dates, so that equal contents are equal bytes."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return _package(sorted((name, _pack(package.read(name))) for name in package.namelist()))


def about_form(known: Mapping[str, str]) -> dict[str, str]:
    """Return every fact of `ABOUT`, empty when it is not known."""
    about = {name: str(known.get(name, "")) for name in ABOUT}
    return about | {"qr": qr.record_code(about["code"], about["case"], about["document"])}


def opened(template: bytes) -> DocxTemplate:
    """Return docxtpl with the template read."""
    docxtpl = DocxTemplate(io.BytesIO(template))
    docxtpl.init_docx()
    return docxtpl


@lru_cache(maxsize=PREPARED_TEMPLATES)
def _prepared(template: bytes, sha256: str) -> Prepared:
    if hashlib.sha256(template).hexdigest() != sha256:
        raise TemplateError("altered", sha256)
    return prepare(template)


def prepare(template: bytes) -> Prepared:
    """Do once what docxtpl would do for every document; raise `TemplateError` when the template cannot be used."""
    docxtpl = opened(template)
    sandbox = Sandbox()
    parts = tuple(
        _part(docxtpl, sandbox, name=name, head=head, xml=xml, tail=tail) for name, head, xml, tail in sources(docxtpl)
    )
    saved = io.BytesIO()
    docxtpl.docx.save(saved)
    with zipfile.ZipFile(saved) as package:
        files = {name: package.read(name) for name in package.namelist()}
    filled_anew = {part.name for part in parts} | {CORE_PROPERTIES}
    fixed = {name: _pack(data) for name, data in files.items() if name not in filled_anew}
    fixed |= {part.name: _pack(part.filled({})) for part in parts if not part.asks}
    kept = tuple(part for part in parts if part.asks or part.is_body)
    return Prepared(parts=kept, fixed=fixed, codes=tuple(_codes(docxtpl)))


def _codes(docxtpl: DocxTemplate) -> Iterable[str]:
    """Yield the names of the PNG pictures of the body whose alternative text is «QR»."""
    for place in docxtpl.docx.element.iter(qn("wp:docPr")):
        blip = next(place.getparent().iter(qn("a:blip")), None)
        picture = docxtpl.docx.part.rels.get(blip.get(qn("r:embed"))) if blip is not None else None
        if place.get("descr") != "QR" or picture is None or picture.is_external:
            continue
        yield from (name for name in [_name(picture.target_part)] if name.endswith(".png"))


def sources(docxtpl: DocxTemplate) -> Iterable[tuple[str, str, str, str]]:
    """Yield the parts that docxtpl fills in: name, XML before, XML to fill, XML after."""
    body = docxtpl.docx.element.body
    shell = copy.deepcopy(docxtpl.docx.element)
    shell.replace(shell.body, OxmlElement("w:body"))
    head, tail = docxtpl.xml_to_string(shell).split("<w:body/>")
    yield _name(docxtpl.docx.part), _DECLARATION + head, docxtpl.xml_to_string(body), tail
    for kind in (DocxTemplate.HEADER_URI, DocxTemplate.FOOTER_URI):
        for _relation, part in docxtpl.get_headers_footers(kind):
            yield _name(part), _DECLARATION, docxtpl.get_part_xml(part), ""
    # docxtpl fills footnotes once for every section, so that on the second round answers would run as templates.
    for part in docxtpl.docx.part.package.iter_parts():
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            yield _name(part), _DECLARATION, docxtpl.get_part_xml(part), ""


def _name(part: Any) -> str:
    return str(part.partname).lstrip("/")


def _part(docxtpl: DocxTemplate, sandbox: Sandbox, *, name: str, head: str, xml: str, tail: str) -> _Part:
    check_tags(xml)
    xml = _numbered_pictures(xml)
    tree = parse(sandbox, docxtpl.patch_xml(xml))
    literals = "".join(data.data for data in tree.find_all(nodes.TemplateData))
    return _Part(
        name=name,
        head=head,
        template=compiled(sandbox, tree),
        tail=tail,
        asks=any(not isinstance(node, nodes.TemplateData) for piece in tree.body for node in piece.iter_child_nodes()),
        inflects=any(node.name in CASES for node in tree.find_all(nodes.Filter)),
        has_breaks=any(character in literals for character in "\n\t"),
        reshapes=_reshapes(xml),
        pictures=xml.count(_PICTURE),
        is_body=name == _name(docxtpl.docx.part),
    )


def _numbered_pictures(xml: str) -> str:
    """Return the same with its pictures numbered as docxtpl would number them in a paper that has each of them once."""
    numbers = itertools.count(FIRST_PICTURE)
    return _PICTURE_NUMBER.sub(lambda found: f"{found.group(1)}{next(numbers)}", xml)


def _reshapes(xml: str) -> bool:
    """Return whether docxtpl would change tables after filling: never, when each begins with a whole, plain row."""
    if _RESHAPES.search(xml):
        return True
    return not all(_is_steady(table) for table in etree.fromstring(xml).iter(qn("w:tbl")))


def _is_steady(table: Any) -> bool:
    columns = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
    rows = table.findall(qn("w:tr"))
    if not rows or table.find(f".//{qn('w:tbl')}") is not None:
        return False
    kept, is_first_kept, has_one_always = [], False, False
    depth = 0  # inside how many tags on rows of their own, which vanish when the paper is filled
    for row in rows:
        tag = _ROW_TAG.search("".join(row.itertext()))
        if tag is None:
            kept.append(row)
            is_first_kept = is_first_kept or row is rows[0]
            has_one_always = has_one_always or not depth
        elif tag.group(1) in {"for", "if"}:
            depth += 1
        else:
            depth -= tag.group(1).startswith("end")
    widths = [sum(_span(cell) for cell in row.findall(qn("w:tc"))) for row in kept]
    if not widths or min(widths) == 0 or max(widths) > columns:
        return False
    # Whichever row comes first is whole, and one always comes; or the first one is whole, and it is always there.
    return (has_one_always and min(widths) == columns) or (is_first_kept and widths[0] == columns)


def _span(cell: Any) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    if span is None:
        return 1
    width = span.get(qn("w:val"), "")
    return int(width) if width.isdecimal() else 0


def _well_formed(xml: str, name: str) -> bytes:
    data = xml.encode()
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise TemplateError("broken_xml", f"{name}: {error}") from error
    return data


def _pack(data: bytes) -> _Packed:
    squeeze = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _Packed(zlib.crc32(data), len(data), squeeze.compress(data) + squeeze.flush())


def _package(files: Iterable[tuple[str, _Packed]]) -> bytes:
    """Return a zip archive that holds nothing but the files: no times, no system, no comments."""
    body, index, offset, count = [], [], 0, 0
    for name, packed in files:
        path = name.encode()
        facts = (
            *(_ZIP_VERSION, _UTF8_NAMES, _DEFLATED, _MIDNIGHT, _FIRST_OF_1980),
            *(packed.crc, len(packed.data), packed.size, len(path), 0),
        )
        local = _LOCAL.pack(b"PK\x03\x04", *facts) + path + packed.data
        index.append(_CENTRAL.pack(b"PK\x01\x02", _ZIP_VERSION, *facts, 0, 0, 0, 0, offset) + path)
        body.append(local)
        offset += len(local)
        count += 1
    directory = b"".join(index)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
    return b"".join([*body, directory, end])
