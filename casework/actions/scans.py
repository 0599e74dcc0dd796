"""Scans of signed papers that come back: taken in, found by their code or by hand, attached to their document.

A scan that waits is seen by whoever uploaded it and by nobody else. A code leads to a document only through the door: the code of
somebody else's case says no more than a code that was never printed.
"""

import datetime as dt
import uuid
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from casework import access, pictures
from casework.actions.files import SCAN_KINDS, check_size, checked_type
from casework.actions.kept_files import all_or_nothing, write
from casework.actions.paper_steps import attach_scan
from casework.actions.refusals import NotOfATeam, PicturesAreBusy, ScanGone, TooManyScans
from casework.models import IncomingScan, PaperMark, Submission
from forms_library.qr import read_record_code

__all__ = ["ScanGone"]

KEPT_FOR = dt.timedelta(hours=24)
"""A scan that nobody has placed is thrown away after this."""
MOST_WAITING = 50
"""So many scans of one person may wait at once."""


def receive_scan(*, upload: UploadedFile, actor: Any, at: dt.datetime) -> IncomingScan:
    """Take a scan in and read the codes on it.

    Raises `NotOfATeam`, `TooManyScans`, `FileRefused` and `PicturesAreBusy`.

    Of a code that is not ours nothing is kept but that there was one.

    The codes are read by another process, which may take seconds: never inside a transaction.
    """
    if not may_receive(actor):
        raise NotOfATeam
    if waiting_for(actor).count() >= MOST_WAITING:
        raise TooManyScans(count=MOST_WAITING)
    check_size(upload)
    data = upload.read()
    name = (upload.name or "")[-200:]
    checked_type(name, data, kinds=SCAN_KINDS)
    scan = IncomingScan(name=name, codes=_our_codes(data), received_by=actor, received_at=at)
    upload.seek(0)
    with all_or_nothing():
        write(scan.file, upload)
        scan.save(force_insert=True)
    return scan


def may_receive(user: Any) -> bool:
    """Return whether `user` takes scans in: whoever is in a team of an agency, and so may come to work on a case."""
    return access.agencies_of(user).exists()


def _our_codes(data: bytes) -> list[str]:
    try:
        return [text if read_record_code(text) else "" for text in pictures.codes(data)]
    except pictures.Busy as busy:
        raise PicturesAreBusy from busy


def waiting_for(user: Any) -> QuerySet[IncomingScan]:
    """Return the scans that `user` has uploaded and not placed yet."""
    return IncomingScan.objects.filter(received_by=user)


def scan_of(user: Any, *, token: uuid.UUID) -> IncomingScan | None:
    """Return the waiting scan of `user` with this token, or `None`."""
    return waiting_for(user).filter(token=token).first()


def document_by_code(scan: IncomingScan, *, user: Any, today: dt.date) -> Submission | None:
    """Return the document that a code on the scan names, if `user` may work on its case; `None` otherwise."""
    for text in scan.codes:
        if (code := read_record_code(text)) is None:
            continue
        form_code, reference, number = code
        found = document_at(reference=reference, number=number, user=user, today=today)
        if found is not None and found.edition.code == form_code:
            return found
    return None


def document_at(*, reference: str, number: int, user: Any, today: dt.date) -> Submission | None:
    """Return the document with this number, if `user` may work on its case; `None` otherwise."""
    permission = access.CasePermission.WORK
    try:
        case = access.get_case(user=user, reference=reference, permission=permission, today=today)
    except access.CaseNotFound:
        return None
    return case.submissions.select_related("edition", "case").filter(number=number).first()


@all_or_nothing()
def place_scan(*, scan: IncomingScan, submission: Submission, actor: Any, at: dt.datetime) -> PaperMark:
    """Attach a waiting scan to its document. Raises `ScanGone`, `CaseEnded`."""
    held = IncomingScan.objects.select_for_update().filter(pk=scan.pk).first()
    if held is None:
        raise ScanGone
    with held.file.open() as content:
        mark = attach_scan(submission=submission, upload=File(content, name=held.name), actor=actor, at=at)
    discard_scan(scan=held)
    return mark


def discard_scan(*, scan: IncomingScan) -> None:
    """Throw a waiting scan away, its file included."""
    storage, name = scan.file.storage, str(scan.file.name)
    scan.delete()
    transaction.on_commit(lambda: storage.delete(name))


def discard_old_scans(*, at: dt.datetime) -> int:
    """Throw away the scans that nobody has placed in time; return how many."""
    old = list(IncomingScan.objects.older_than(at - KEPT_FOR))
    for scan in old:
        discard_scan(scan=scan)
    return len(old)
