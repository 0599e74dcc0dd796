"""The people of a case: entered once, and never overwritten unseen."""

import datetime as dt
from typing import Any

from django.db import transaction

from casework.actions.cases import locked_running
from casework.actions.log import record
from casework.actions.person_keys import keep_keys
from casework.actions.procedures import follow_all
from casework.actions.refusals import PersonChanged
from casework.models import Case, Event, Person


@transaction.atomic
def keep_person(*, case: Case, actor: Any, at: dt.datetime, person: Person) -> Person:
    """Add a person to a running case, or keep what was changed about one; the same `token` twice is one person.

    Raises `CaseEnded`, and `PersonChanged` when somebody else has changed the person since `person.version` was read.
    """
    case = locked_running(case)
    event = Event.PERSON_CHANGED if person.pk else Event.PERSON_ADDED
    if person.pk:
        if not Person.objects.filter(pk=person.pk, case=case, version=person.version).exists():
            raise PersonChanged
        person.version += 1
    elif (added := Person.objects.filter(token=person.token, case=case).first()) is not None:
        return added
    person.case = case
    person.save()
    keep_keys([person])
    record(case=case, event=event, actor=actor, at=at, subject=person.get_role_display())
    follow_all(case, actor=actor, at=at)  # some papers are filed for each child
    return person
