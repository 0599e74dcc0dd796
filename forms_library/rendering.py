"""Answers + the Word template of an edition -> the document, always the same bytes for the same edition and answers.

docxtpl is the authority on the language of templates. An edition never changes, so what docxtpl does to a template is done
once: its XML is patched by docxtpl itself and compiled in our own sandbox. A document then costs only filling the
prepared parts, checking that they are well formed, and writing the package with fixed dates (performance.md, «Word
documents»). Documents are filled from plain answers, never from models, and a missing answer is an error.
"""

import copy
import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
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

from forms_library.printed_answers import blank_answers, printable
from forms_library.sandbox import Sandbox, TemplateError, TemplateProblem, check_tags, compiled, filled, parse, printed
from forms_library.schema import Schema

__all__ = ["TemplateError", "TemplateProblem", "blank", "document", "printable", "render"]

ABOUT = ("title", "code", "edition", "legal_basis", "issuing_agency", "case", "document", "filed_on")
"""What a template may print about the form itself, as `about.<name>`; what is not known is empty."""
PREPARED_TEMPLATES = 32
CORE_PROPERTIES = "docProps/core.xml"
_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_CORE = (
    _DECLARATION
    + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title><dc:language>ru-RU</dc:language>'
    "</cp:coreProperties>"
)
_RESHAPES = re.compile(r"\{[%{]\s*(?:tc |colspan|hm)|<wp:docPr")

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
    has_breaks: bool  # the template itself holds line ends, which docxtpl turns into breaks
    reshapes: bool  # docxtpl may have to correct tables or numbers of pictures afterwards

    def filled(self, context: Mapping[str, Any]) -> bytes:
        xml = filled(self.template, context)
        if self.has_breaks:
            xml = DocxTemplate(None).resolve_listing(xml)
        data = _well_formed(f"{self.head}{xml}{self.tail}", self.name)
        return self._reshaped(data) if self.reshapes else data

    def _reshaped(self, data: bytes) -> bytes:
        docxtpl = DocxTemplate(None)
        docxtpl.docx_ids_index = 1000
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

    def filled(self, context: Mapping[str, Any]) -> bytes:
        files = dict(self.fixed)
        for part in self.parts:
            files[part.name] = _pack(part.filled(context))
        title = context.get("about", {}).get("title", "")
        files[CORE_PROPERTIES] = _pack((_CORE % escape(printed(title))).encode())
        return _package(sorted(files.items()))


def document(
    schema: Schema, answers: Mapping[str, Any], *, template: bytes, template_sha256: str, about: Mapping[str, str]
) -> bytes:
    """Return the Word document of a filled form. `about` tells of the form itself: see `ABOUT`."""
    context = printable(schema, answers) | {"about": about_form(about)}
    return render(template, sha256=template_sha256, context=context)


def blank(schema: Schema, *, template: bytes, template_sha256: str, about: Mapping[str, str]) -> bytes:
    """Return the same form with lines to write on by hand."""
    context = blank_answers(schema) | {"about": about_form(about)}
    return render(template, sha256=template_sha256, context=context)


def render(template: bytes, *, sha256: str, context: Mapping[str, Any]) -> bytes:
    """Return the .docx that `template` makes of plain data.

    Raises `TemplateError` when the template is not the one with this SHA-256, asks for a variable that the context
    lacks, does what the sandbox forbids, or makes broken XML.
    """
    return _prepared(bytes(template), sha256).filled(context)


def about_form(known: Mapping[str, str]) -> dict[str, str]:
    """Return every fact of `ABOUT`, empty when it is not known."""
    return {name: str(known.get(name, "")) for name in ABOUT}


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
    return Prepared(parts=tuple(part for part in parts if part.asks), fixed=fixed)


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
    tree = parse(sandbox, docxtpl.patch_xml(xml))
    literals = "".join(data.data for data in tree.find_all(nodes.TemplateData))
    return _Part(
        name=name,
        head=head,
        template=compiled(sandbox, tree),
        tail=tail,
        asks=any(not isinstance(node, nodes.TemplateData) for piece in tree.body for node in piece.iter_child_nodes()),
        has_breaks=any(character in literals for character in "\n\t"),
        reshapes=_reshapes(xml),
    )


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
    widths = [sum(_span(cell) for cell in row.findall(qn("w:tc"))) for row in rows]
    return min(widths) > 0 and widths[0] == columns >= max(widths) and "{%" not in "".join(rows[0].itertext())


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
