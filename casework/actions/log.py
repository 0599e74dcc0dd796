"""Writing the log."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from casework.models import AccessRecord, Case, Disclosure, Event


def record(*, case: Case, event: Event, actor: Any, at: dt.datetime, subject: str = "") -> AccessRecord:
    """Add one line to the log of `case` and return it; `actor` is `None` for a parent without an account."""
    return AccessRecord.objects.create(case=case, event=event, actor=actor, at=at, subject=subject[:300])


def up_to(day: dt.date) -> str:
    """Return the last day of an access as a line of the log says it: it counts."""
    return _("up to and including %(day)s") % {"day": f"{day:%d.%m.%Y}"}


def record_read(*, case: Case, actor: Any, at: dt.datetime) -> AccessRecord:
    """Write down that `actor` read the case."""
    return record(case=case, event=Event.READ, actor=actor, at=at)


def record_history_read(*, case: Case, actor: Any, at: dt.datetime) -> AccessRecord:
    """Write down that `actor` read the log itself."""
    return record(case=case, event=Event.HISTORY_READ, actor=actor, at=at)


def record_person_read(*, case: Case, actor: Any, at: dt.datetime) -> AccessRecord:
    """Write down that `actor` opened a person of the case in order to change them."""
    return record(case=case, event=Event.PEOPLE_READ, actor=actor, at=at)


def record_names_read(*, case: Case, actor: Any, at: dt.datetime) -> AccessRecord:
    """Write down that `actor` looked at how the names of the case are inflected."""
    return record(case=case, event=Event.NAMES_READ, actor=actor, at=at)


def record_facts_read(*, case: Case, actor: Any, at: dt.datetime) -> AccessRecord:
    """Write down that `actor` looked at what the forms of the case have told."""
    return record(case=case, event=Event.FACTS_READ, actor=actor, at=at)


def record_document_read(*, case: Case, actor: Any, at: dt.datetime, number: int) -> AccessRecord:
    """Write down that `actor` read the document `number` of the case."""
    return record(case=case, event=Event.DOCUMENT_READ, actor=actor, at=at, subject=f"№ {number}")


def record_disclosure_read(*, disclosure: Disclosure, actor: Any, at: dt.datetime) -> AccessRecord:
    """Write down that `actor` read the part of a case that is shown to their agency."""
    subject = str(disclosure.agency)
    return record(case=disclosure.case, event=Event.DISCLOSURE_READ, actor=actor, at=at, subject=subject)


def record_draft_read(*, case: Case, actor: Any, at: dt.datetime, title: str) -> AccessRecord:
    """Write down that `actor` opened a draft."""
    return record(case=case, event=Event.DRAFT_READ, actor=actor, at=at, subject=title)


def record_draft_changed(*, case: Case, actor: Any, at: dt.datetime, title: str) -> AccessRecord:
    """Write down that `actor` saved a draft. What is saved while they type belongs to the same visit."""
    return record(case=case, event=Event.DRAFT_CHANGED, actor=actor, at=at, subject=title)


def record_file_download(*, case: Case, actor: Any, at: dt.datetime, file_id: int) -> AccessRecord:
    """Write down that `actor` took a file of the case."""
    return record(case=case, event=Event.FILE_DOWNLOADED, actor=actor, at=at, subject=f"№ {file_id}")


def record_file_read(*, case: Case, actor: Any, at: dt.datetime, file_id: int) -> AccessRecord:
    """Write down that `actor` looked at a file of the case without taking it."""
    return record(case=case, event=Event.FILE_READ, actor=actor, at=at, subject=f"№ {file_id}")


def record_assignment_read(*, case: Case, actor: Any, at: dt.datetime, number: int) -> AccessRecord:
    """Write down that `actor` read what another agency, or theirs, was asked to do in the case."""
    return record(case=case, event=Event.ASSIGNMENT_READ, actor=actor, at=at, subject=f"№ {number}")
