"""Adding to a filed form."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from casework.actions.cases import locked_running
from casework.actions.log import record
from casework.actions.refusals import AddToTheNewer, NotOurWords
from casework.models import Addendum, Event, Submission


@transaction.atomic
def add_to(*, submission: Submission, text: str, actor: Any, at: dt.datetime, token: uuid.UUID) -> Addendum:
    """Add words to a filed form, printed after it; the same `token` twice is the same addendum.

    Raises `CaseEnded`, `AddToTheNewer` when the form has been corrected, `NotOurWords` when a parent wrote it.
    """
    case = locked_running(submission.case)
    token = uuid.uuid5(
        token, f"{case.reference}/{submission.number}"
    )  # the token of a page counts within its form only
    if (added := Addendum.objects.filter(token=token).first()) is not None:
        return added
    if submission.filed_by_id is None:
        raise NotOurWords
    if Submission.objects.filter(supersedes=submission).exists():
        raise AddToTheNewer
    number = submission.addenda.count() + 1
    added = Addendum.objects.create(
        submission=submission,
        number=number,
        text=text,
        author=actor,
        author_post=actor.post,
        author_name=actor.get_full_name(),
        added_at=at,
        token=token,
    )
    record(case=case, event=Event.ADDED_TO, actor=actor, at=at, subject=_subject(added))
    return added


def _subject(added: Addendum) -> str:
    return gettext("No. %(number)d, addendum No. %(addendum)d") % {
        "number": added.submission.number,
        "addendum": added.number,
    }
