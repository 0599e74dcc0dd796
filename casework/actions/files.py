"""Keeping the files of a case."""

import datetime as dt
import hashlib
import zipfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework.actions.cases import locked_running
from casework.actions.log import record
from casework.actions.refusals import FileOfWrongKind, FileTooLarge, FileUnsafe
from casework.models import Case, CaseFile, Event
from forms_library.package_check import WORD_MEDIA_TYPE, UnsafeTemplate, inspect

KINDS = {
    "pdf": ("application/pdf", b"%PDF-"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "docx": (WORD_MEDIA_TYPE, b"PK\x03\x04"),
}
"""What may be attached: by the ending of the name and by how the content begins."""


def _content_type(name: str, data: bytes) -> str:
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        raise FileOfWrongKind
    content_type, beginning = KINDS[ending]
    if not data.startswith(beginning):
        raise FileOfWrongKind
    if content_type == WORD_MEDIA_TYPE:
        try:
            inspect(data)
        except (UnsafeTemplate, zipfile.BadZipFile):
            raise FileUnsafe from None
    return content_type


@transaction.atomic
def keep_file(*, case: Case, upload: UploadedFile, actor: Any, at: dt.datetime) -> CaseFile:
    """Keep an uploaded file in a running case and return it.

    Raises `CaseEnded`, `FileTooLarge`, `FileOfWrongKind` (also when the content is not what the name says).
    """
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        raise FileTooLarge
    case = locked_running(case)
    data = upload.read()
    name = (upload.name or "")[-200:]
    content_type = _content_type(name, data)
    upload.seek(0)
    kept = CaseFile.objects.create(
        case=case,
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        file=upload,
        uploaded_by=actor,
        uploaded_at=at,
    )
    record(case=case, event=Event.FILE_ADDED, actor=actor, at=at, subject=f"№ {kept.pk}")
    return kept
