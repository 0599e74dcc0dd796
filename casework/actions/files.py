"""Keeping the files of a case: what may be attached, what a virus scanner said, what is handed out."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db.models import QuerySet

from casework import pictures, virus_scanner
from casework.actions.cases import locked_running
from casework.actions.kept_files import all_or_nothing, write
from casework.actions.log import record
from casework.actions.refusals import (
    FileIsBeingScanned,
    FileIsInfected,
    FileIsSomethingElse,
    FileOfPhone,
    FileOfWrongKind,
    FileTooLarge,
    FileUnsafe,
    PicturesAreBusy,
)
from casework.models import Case, CaseFile, Event, FileResult, FileState
from forms_library.file_checks import ATTACHMENT_TYPES, extension, is_safe_attachment, kind_of_content

SCAN_KINDS = ("pdf", "jpg", "jpeg", "png")
"""What the scan of a paper may be."""
MEGABYTE = 1024 * 1024
_SAME = {"jpeg": "jpg"}


@all_or_nothing()
def keep_file(
    *,
    case: Case,
    upload: File,
    actor: Any,
    at: dt.datetime,
    kinds: Sequence[str] = (),
    max_megabytes: int | None = None,
) -> CaseFile:
    """Keep an uploaded file in a running case and return it. `kinds` and `max_megabytes` only narrow what the house takes.

    Raises `CaseEnded` and `FileRefused`: too large, of a wrong kind, something else than its name says, unsafe.
    """
    check_size(upload, max_megabytes=max_megabytes)
    case = locked_running(case)
    data = upload.read()
    name = (upload.name or "")[-200:]
    content_type = checked_type(name, data, kinds=kinds)
    upload.seek(0)
    kept = CaseFile(
        case=case,
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=actor,
        uploaded_at=at,
    )
    write(kept.file, upload)
    kept.save(force_insert=True)
    record(case=case, event=Event.FILE_ADDED, actor=actor, at=at, subject=f"№ {kept.pk}")
    return kept


def check_size(upload: File, *, max_megabytes: int | None = None) -> None:
    """Raise `FileTooLarge` when a file is larger than the house, or this question, takes."""
    limit = settings.ATTACHMENT_MAX_BYTES
    if max_megabytes is not None:
        limit = min(limit, max_megabytes * MEGABYTE)
    if (upload.size or 0) > limit:
        raise FileTooLarge(megabytes=limit // MEGABYTE)


def checked_type(name: str, data: bytes, *, kinds: Sequence[str] = ()) -> str:
    """Return the media type of a file whose content is what its name says.

    Raises `FileOfWrongKind` (`FileOfPhone`, `FileIsSomethingElse`) or `FileUnsafe`.
    """
    kind, content = extension(name), kind_of_content(data)
    if kind in {"heic", "heif"} or content == "heic":
        raise FileOfPhone
    taken = [known for known in ATTACHMENT_TYPES if known in kinds] if kinds else list(ATTACHMENT_TYPES)
    if kind not in taken and not ("jpg" in taken and kind == "jpeg"):
        raise FileOfWrongKind(kinds=", ".join(known.upper() for known in taken if known != "jpeg"))
    if _SAME.get(kind, kind) != content:
        # The beginning of an office document is that of any archive: whether it is whole is told next.
        if not (content == "zip" and kind in {"docx", "xlsx", "odt"}):
            raise FileIsSomethingElse(ending=kind, content=f".{content}" if content else "?")
        raise FileUnsafe
    if not is_safe_attachment(kind, data):
        raise FileUnsafe
    return ATTACHMENT_TYPES[kind]


# Viruses


def state_of(kept: CaseFile) -> FileState:
    """Return what is known about viruses in a file."""
    result: FileResult | None = getattr(kept, "result", None)
    if result is not None:
        return FileState(result.state)
    return FileState.WAITING if virus_scanner.is_on() else FileState.NOT_SCANNED


def check_served(kept: CaseFile) -> None:
    """Raise `FileIsInfected`, or `FileIsBeingScanned` while a scanner that is there has not passed the file."""
    state = state_of(kept)
    if state == FileState.INFECTED:
        raise FileIsInfected
    if state == FileState.WAITING:
        raise FileIsBeingScanned


def scan_waiting_files(*, at: dt.datetime) -> Iterator[FileResult]:
    """Scan every file that has no result yet and yield what was found. Raises `virus_scanner.ScannerUnavailable`.

    A file that the scanner cannot tell about goes on waiting, and does not hold up the others.
    """
    for kept in list(waiting_files()):
        try:
            with kept.file.open() as content:
                found = virus_scanner.virus_in(content)
        except (virus_scanner.CannotScan, OSError):
            continue
        state = FileState.INFECTED if found else FileState.CLEAN
        result, _made = FileResult.objects.get_or_create(
            file=kept, defaults={"state": state, "found": found[:200], "scanned_at": at}
        )
        yield result


def waiting_files() -> QuerySet[CaseFile]:
    """Return the files that no scanner has looked at."""
    return CaseFile.objects.filter(result__isnull=True).order_by("pk")


# Pictures


def preview_of(kept: CaseFile) -> bytes | None:
    """Return a small picture of a file (JPEG), drawn anew; `None` for what has none.

    Raises `FileNotServed`: not passed by the scanner, or `PicturesAreBusy`.
    """
    check_served(kept)
    if kept.content_type not in pictures.TYPES:
        return None
    with kept.file.open() as content:
        data = content.read()
    try:
        return pictures.preview(data)
    except pictures.Busy as busy:
        raise PicturesAreBusy from busy
