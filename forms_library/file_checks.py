"""Is a file what its name says, and is a Word template safe to open? No database, no request."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from forms_library import template_check
from forms_library.package_check import MAX_FILE, WORD_MEDIA_TYPE, UnsafeTemplate, inspect, inspect_office

ZIP = b"PK\x03\x04"
FIRST_BYTES = {"docx": ZIP, "xlsx": ZIP, "odt": ZIP, "pdf": b"%PDF-"}
CONTENT_OF_ZIP = {"docx": b"word/", "xlsx": b"xl/", "odt": b"mimetype"}
ATTACHMENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": WORD_MEDIA_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
"""What may be attached to a form, by extension, and what a browser is told that it is."""
_BEGINNINGS = (
    ("pdf", b"%PDF-"),
    ("jpg", b"\xff\xd8\xff"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("gif", b"GIF8"),
    ("tiff", b"II*\x00"),
    ("tiff", b"MM\x00*"),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("rtf", b"{\\rtf"),
    ("rar", b"Rar!"),
    ("exe", b"MZ"),
    ("html", b"<"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_PLACES = (("docx", b"word/"), ("xlsx", b"xl/"), ("odt", b"mimetypeapplication/vnd.oasis.opendocument.text"))


def extension(name: str) -> str:
    """Return the extension of a file name in small letters, without the dot."""
    return PurePath(name).suffix.lower().lstrip(".")


def check_content(name: str, data: bytes) -> None:
    """Raise `ValidationError` when the first bytes are not those of the kind of file that the name promises."""
    kind = extension(name)
    is_that_kind = data.startswith(FIRST_BYTES.get(kind, b"")) and CONTENT_OF_ZIP.get(kind, b"") in data
    if not is_that_kind:
        raise ValidationError(
            _("The file is not a real .%(kind)s document. Save it again in its own program and upload it once more."),
            code="wrong_content",
            params={"kind": kind},
        )


def check_docx(name: str, data: bytes) -> None:
    """Raise `ValidationError` unless `data` is a Word document that is safe to open as a template."""
    if extension(name) != "docx":
        raise ValidationError(_("A Word template is a .docx file. Choose another document."), code="not_docx")
    try:
        template_check.inspect(data)
    except template_check.UnsafeTemplate as unsafe:
        raise ValidationError(template_check.problem_text(unsafe), code="unsafe_template") from unsafe


def check_size(size: int | None) -> None:
    """Raise `UnsafeTemplate` when a template is larger than any may be: asked before it is read into memory."""
    if (size or 0) > MAX_FILE:
        raise UnsafeTemplate("too_big", str(size))


def kind_of_content(data: bytes) -> str:
    """Return the extension that the content itself calls for; an empty string when it is nothing we know."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    if data.startswith(ZIP):
        return next((kind for kind, place in _PLACES if place in data), "zip")
    beginning = data[:64].lstrip(b"\xef\xbb\xbf\r\n\t ")
    return next((kind for kind, first in _BEGINNINGS if beginning.startswith(first)), "")


def is_safe_attachment(kind: str, data: bytes) -> bool:
    """Return whether an office document of this kind holds nothing but a document; other kinds are not opened here."""
    try:
        if kind == "docx":
            inspect(data)
        elif kind in {"xlsx", "odt"}:
            inspect_office(data)
    except UnsafeTemplate:
        return False
    return True
