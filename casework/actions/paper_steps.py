"""The life of the sheet of paper: printed, then signed, then scanned. What stands before a step is taken with it."""

import datetime as dt
from typing import Any

from django.core.files.base import File
from django.db import transaction

from casework.actions.cases import locked_running
from casework.actions.files import SCAN_KINDS, keep_file
from casework.actions.kept_files import all_or_nothing
from casework.actions.log import record
from casework.actions.refusals import PaperAlreadyThere
from casework.models import Case, Event, PaperMark, PaperStep, Submission

EVENTS = {
    PaperStep.PRINTED: Event.PAPER_PRINTED,
    PaperStep.SIGNED: Event.PAPER_SIGNED,
    PaperStep.SCANNED: Event.SCAN_ATTACHED,
}


@transaction.atomic
def mark_paper(*, submission: Submission, step: PaperStep, actor: Any, at: dt.datetime) -> PaperMark:
    """Write down that the paper was printed or signed; a signed paper has been printed.

    Raises `CaseEnded`, `PaperAlreadyThere`.
    """
    case = locked_running(submission.case)
    if submission.marks.filter(step__gte=step).exists():
        raise PaperAlreadyThere
    return _marked(submission, case, up_to=step, actor=actor, at=at)


@all_or_nothing()
def attach_scan(*, submission: Submission, upload: File, actor: Any, at: dt.datetime) -> PaperMark:
    """Keep the scan of the signed paper in the case; a scanned paper has been printed and signed.

    Raises `CaseEnded` and what `keep_file` raises.
    """
    case = locked_running(submission.case)
    _marked(submission, case, up_to=PaperStep.SIGNED, actor=actor, at=at)
    kept = keep_file(case=case, upload=upload, actor=actor, at=at, kinds=SCAN_KINDS)
    scan = PaperMark.objects.create(submission=submission, step=PaperStep.SCANNED, at=at, by=actor, file=kept)
    record(case=case, event=Event.SCAN_ATTACHED, actor=actor, at=at, subject=f"№ {submission.number}")
    return scan


def _marked(submission: Submission, case: Case, *, up_to: PaperStep, actor: Any, at: dt.datetime) -> Any:
    taken = set(submission.marks.values_list("step", flat=True))
    mark = None
    for step in (PaperStep.PRINTED, PaperStep.SIGNED):
        if step <= up_to and step not in taken:
            mark = PaperMark.objects.create(submission=submission, step=step, at=at, by=actor)
            record(case=case, event=EVENTS[step], actor=actor, at=at, subject=f"№ {submission.number}")
    return mark
