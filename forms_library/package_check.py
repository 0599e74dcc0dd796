"""Is an uploaded .docx only a document? Looked at as a raw package, before anything that understands Word opens it.

Refused are archives that unpack into something huge, macros and embedded objects, document type definitions, links that
Word would follow by itself, and fields that fetch or run something. Everything is a list of what may be inside; what
is not on the list is refused.
"""

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

MAX_FILE = 10_000_000
MAX_UNPACKED = 30_000_000
MAX_PARTS = 300
MAX_RATIO = 200
RATIO_MATTERS_FROM = 1_000_000
XML_PARTS = {".xml", ".rels"}
OTHER_PARTS = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".odttf"}
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FIELDS = {
    *("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF", "REF", "NOTEREF", "SEQ", "STYLEREF", "TOC", "TC"),
    *("HYPERLINK", "SYMBOL", "TITLE", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "="),
}
LINKS = ("https://", "http://", "mailto:", "tel:")
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")  # an encrypted or an old binary document
_MACRO_WORDS = ("macroenabled", "vbaproject", "vbadata", "activex", "ms-word.attachedtoolbars")
_ACTIVE_RELATIONS = {
    "attachedTemplate": "attached_template",
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "control": "macros",
    "oleObject": "embedded",
    "package": "embedded",
    "aFChunk": "embedded",
    "subDocument": "embedded",
    "frame": "embedded",
}
_ENCRYPTED = 0x1
_ACTIVE_PLACES = ("vbaproject", "vbadata", "activex/", "embeddings/", "basic/", "scripts/", "externallinks/", "ole")


WORD_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""What a browser is told that a Word document is."""


class UnsafeTemplate(ValueError):
    """The file is not a Word template that may be opened: a code and what it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def inspect(data: bytes) -> None:
    """Return quietly when `data` is a harmless .docx; raise `UnsafeTemplate` otherwise."""
    if data.startswith(_OLE_MAGIC):
        raise UnsafeTemplate("encrypted")
    if len(data) > MAX_FILE:
        raise UnsafeTemplate("too_big", str(len(data)))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_sizes(package.infolist())
            _check_names(package.infolist())
            for part in package.infolist():
                _check_part(part.filename, package.read(part))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, UnsafeTemplate):
            raise
        raise UnsafeTemplate("damaged", str(error)) from error


def inspect_office(data: bytes) -> None:
    """Return quietly when `data` is a harmless table or text of another office program (.xlsx, .odt).

    Such a file is kept and handed out, never opened as a template. Raises `UnsafeTemplate` otherwise.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_sizes(package.infolist())
            for part in package.infolist():
                name = part.orig_filename.lower()
                if name.startswith("/") or ".." in name.split("/") or any(mark in name for mark in "\\:\0"):
                    raise UnsafeTemplate("bad_path", name)
                if any(place in name for place in _ACTIVE_PLACES):
                    raise UnsafeTemplate("macros", name)
                package.read(part)  # its size and its checksum are what the archive says
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        if isinstance(error, UnsafeTemplate):
            raise
        raise UnsafeTemplate("damaged", str(error)) from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise UnsafeTemplate("too_many_parts", str(len(parts)))
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnsafeTemplate("too_big", str(sum(part.file_size for part in parts)))
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise UnsafeTemplate("encrypted", part.filename)
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnsafeTemplate("damaged", part.filename)
        if part.file_size > RATIO_MATTERS_FROM and part.file_size > MAX_RATIO * part.compress_size:
            raise UnsafeTemplate("bomb", part.filename)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename
        if name.lower() in seen:
            raise UnsafeTemplate("double_name", name)
        seen.add(name.lower())
        if name.startswith("/") or ".." in name.split("/") or any(character in name for character in "\\:\0"):
            raise UnsafeTemplate("bad_path", name)
        if any(word in name.lower() for word in ("vbaproject", "vbadata", "activex/")):
            raise UnsafeTemplate("macros", name)
        if "embeddings/" in name.lower() or name.lower().endswith(".bin"):
            raise UnsafeTemplate("embedded", name)
        # «_rels/.rels» has no suffix of its own.
        known = PurePosixPath(name.lower()).suffix in XML_PARTS | OTHER_PARTS or name.endswith("/.rels")
        if not known and not part.is_dir():
            raise UnsafeTemplate("strange_part", name)
    if "[content_types].xml" not in seen:
        raise UnsafeTemplate("not_a_docx")


def _check_part(name: str, data: bytes) -> None:
    if PurePosixPath(name).suffix.lower() in XML_PARTS or name.endswith("/.rels"):
        _XmlPart(name).read(data)


class _XmlPart:
    """Reads one XML part as a stream of events and stops at the first thing that must not be there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.has_document = False
        self.instructions: list[str] = []  # the text of the fields that are open, the innermost last
        self.in_instruction = False

    def read(self, data: bytes) -> None:
        reader = expat.ParserCreate(namespace_separator=" ")
        reader.buffer_text = True
        reader.StartDoctypeDeclHandler = self._doctype
        reader.StartElementHandler = self._start
        reader.EndElementHandler = self._end
        reader.CharacterDataHandler = self._text
        try:
            reader.Parse(data, True)
        except expat.ExpatError as error:
            raise UnsafeTemplate("damaged", f"{self.name}: {error}") from error
        for instruction in self.instructions:
            self._check_field(instruction)
        if self.name.lower() == "[content_types].xml" and not self.has_document:
            raise UnsafeTemplate("not_a_docx")

    def _doctype(self, *declaration: Any) -> None:
        raise UnsafeTemplate("dtd", self.name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        facts = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match tag.rpartition(" ")[2]:
            case "Override" | "Default":
                self._check_type(facts)
            case "Relationship":
                self._check_relation(facts)
            case "altChunk" | "subDoc" | "object" | "control" as embedded:
                raise UnsafeTemplate("embedded", f"{self.name}: {embedded}")
            case "fldSimple":
                self._check_field(facts.get("instr", ""))
            case "fldChar":
                self._field(facts.get("fldCharType", ""))
            case "instrText" | "delInstrText":
                self.in_instruction = True

    def _end(self, tag: str) -> None:
        if tag.rpartition(" ")[2] in {"instrText", "delInstrText"}:
            self.in_instruction = False

    def _text(self, text: str) -> None:
        if self.in_instruction:
            if not self.instructions:
                self.instructions.append("")
            self.instructions[-1] += text

    def _field(self, mark: str) -> None:
        """Follow the borders of a field. A field inside the code of another one is not allowed to build its name."""
        if mark == "begin":
            self.instructions.append("")
        elif mark in {"separate", "end"} and self.instructions:
            if self.instructions[-1] != "checked":
                self._check_field(self.instructions[-1])
            self.instructions[-1] = "checked"
            if mark == "end":
                self.instructions.pop()

    def _check_field(self, instruction: str) -> None:
        words = instruction.split()
        name = words[0].upper() if words else ""
        if instruction != "checked" and name not in FIELDS:
            raise UnsafeTemplate("field", name or instruction.strip())

    def _check_type(self, facts: dict[str, str]) -> None:
        kind = facts.get("ContentType", "").lower()
        if any(word in kind for word in _MACRO_WORDS):
            raise UnsafeTemplate("macros", kind)
        self.has_document = self.has_document or kind == DOCUMENT
        suffix = PurePosixPath(facts.get("PartName", "").lower()).suffix or f".{facts.get('Extension', 'xml').lower()}"
        if kind.endswith("xml") and suffix not in XML_PARTS:
            raise UnsafeTemplate("strange_part", facts.get("PartName", suffix))

    def _check_relation(self, facts: dict[str, str]) -> None:
        kind = facts.get("Type", "").rpartition("/")[2]
        if kind in _ACTIVE_RELATIONS:
            raise UnsafeTemplate(_ACTIVE_RELATIONS[kind], facts.get("Target", ""))
        is_link = kind == "hyperlink" and facts.get("Target", "").lower().startswith(LINKS)
        if facts.get("TargetMode", "").lower() == "external" and not is_link:
            raise UnsafeTemplate("external", facts.get("Target", ""))
