"""Is a file what its name says, and is a Word template safe to open? No database, no request."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from forms_library import template_check

ZIP = b"PK\x03\x04"
FIRST_BYTES = {"docx": ZIP, "xlsx": ZIP, "odt": ZIP, "pdf": b"%PDF-"}
CONTENT_OF_ZIP = {"docx": b"word/", "xlsx": b"xl/", "odt": b"mimetype"}


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
