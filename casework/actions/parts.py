"""Parts of one form in the hands of several specialists."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from casework import access
from casework.actions.cases import locked_running
from casework.actions.drafts import locked_draft
from casework.actions.log import record
from casework.actions.refusals import NotAColleague, NotYourDraft, NotYourPart, PartGone, PartsOpen
from casework.models import Case, Draft, DraftPart, Event, Submission, SubmissionPart

Hands = tuple[Any, dt.date]
"""Who fills a section in, and by what day."""


def may_share_out(draft: Draft, actor: Any) -> bool:
    """Return whether `actor` decides who fills in which part: whoever began the form, and the curator of the case."""
    return actor.pk in {draft.author_id, draft.case.curator_id}


def colleagues(case: Case, *, today: dt.date) -> list[Any]:
    """Return the people who may fill in forms of the case today, by name."""
    viewers = access.viewers_of(case, today=today)
    found = {each.user.pk: each.user for each in viewers if access.CasePermission.WORK in each.permissions}
    return sorted(found.values(), key=str)


@transaction.atomic
def share_out(*, draft: Draft, hands: Mapping[str, Hands | None], actor: Any, at: dt.datetime, today: dt.date) -> None:
    """Give sections of a draft out, or take them back (`None`). What stays as it was is left alone.

    Raises `NotYourDraft`, `NotAColleague`, `DraftGone`, `CaseEnded`.
    """
    draft = locked_draft(draft)
    locked_running(draft.case)
    if not may_share_out(draft, actor):
        raise NotYourDraft
    there = {part.section: part for part in draft.parts.all()}
    working = {person.pk for person in colleagues(draft.case, today=today)}
    for section, title in titles(draft).items():
        given, part = hands.get(section), there.get(section)
        if given is None:
            if part is not None:
                _take_back(part, draft=draft, actor=actor, at=at)
        elif part is None or (part.assignee_id, part.due_date) != (given[0].pk, given[1]):
            if given[0].pk not in working:
                raise NotAColleague
            what = {"title": title, "assignee": given[0], "due_date": given[1], "assigned_by": actor}
            nobody_yet = {"done_at": None, "done_by": None}
            DraftPart.objects.update_or_create(draft=draft, section=section, defaults=what | nobody_yet)
            record(case=draft.case, event=Event.PARTS_SHARED_OUT, actor=actor, at=at, subject=_subject(draft, title))


def titles(draft: Draft) -> dict[str, str]:
    """Return what the sections of a draft are called, by key."""
    return {
        heading.key if heading else "": (heading.label if heading else draft.edition.title)[:500]
        for heading, _questions in draft.edition.schema.sections()
    }


def _subject(draft: Draft, title: str) -> str:
    return f"{draft.edition.title}: {title}"


def _take_back(part: DraftPart, *, draft: Draft, actor: Any, at: dt.datetime) -> None:
    part.delete()
    record(case=draft.case, event=Event.PART_TAKEN_BACK, actor=actor, at=at, subject=_subject(draft, part.title))


@transaction.atomic
def finish_part(*, part: DraftPart, actor: Any, at: dt.datetime) -> DraftPart:
    """Write down that whoever was given the part has filled it in. Raises `PartGone`, `NotYourPart`, `DraftGone`, `CaseEnded`."""
    draft = locked_draft(part.draft)
    locked_running(draft.case)
    try:
        part = draft.parts.get(pk=part.pk)
    except DraftPart.DoesNotExist:
        raise PartGone from None
    if part.assignee_id != actor.pk:
        raise NotYourPart
    if part.done_at is None:
        part.done_at, part.done_by = at, actor
        part.save(update_fields=["done_at", "done_by"])
        record(case=draft.case, event=Event.PART_DONE, actor=actor, at=at, subject=_subject(draft, part.title))
    return part


def parts_of(user: Any, *, today: dt.date) -> QuerySet[DraftPart]:
    """Return the parts that wait for `user` in cases they may still work on, the most urgent first."""
    open_cases = access.cases_for(user=user, permission=access.CasePermission.WORK, today=today)
    return (
        DraftPart.objects.filter(assignee=user, done_at=None, draft__case__in=open_cases)
        .select_related("draft__case", "draft__edition", "assigned_by")
        .defer("draft__edition__docx_template", "draft__edition__questions", "draft__typed", "draft__changes")
    )


def settle_parts(*, draft: Draft, actor: Any, at: dt.datetime, take_back: bool) -> list[DraftPart]:
    """Return the parts of a draft that is being filed, all done; those that are not are taken back when told to.

    Raises `PartsOpen` otherwise, and `NotYourDraft` when somebody else would take them back.
    """
    parts = list(draft.parts.all())
    still_open = [part for part in parts if part.done_at is None]
    if still_open and not take_back:
        raise PartsOpen
    if still_open and not may_share_out(draft, actor):
        raise NotYourDraft
    for part in still_open:
        _take_back(part, draft=draft, actor=actor, at=at)
    return [part for part in parts if part.done_at is not None]


def keep_parts(*, parts: list[DraftPart], submission: Submission) -> None:
    """Write down for good who filled in which part of a filed form."""
    kept = ("section", "title", "assignee_id", "due_date", "assigned_by_id", "done_by_id", "done_at")
    SubmissionPart.objects.bulk_create(
        SubmissionPart(submission=submission, **{name: getattr(part, name) for name in kept}) for part in parts
    )
