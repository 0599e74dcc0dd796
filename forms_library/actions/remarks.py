"""An approver returns a draft with remarks on its questions; its author deals with them one by one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, TaskState

from forms_library.models.approvals import FourEyesTask, FourEyesTaskState, Remark

WHOLE_FORM = ""
"""The key under which a remark on the form as a whole is kept."""


class NotUnderReview(PermissionDenied):
    """The draft is not under review any more, or not by this person."""


@transaction.atomic
def return_draft(*, official_form: Page, actor: Any, remarks: Mapping[str, str], at: dt.datetime) -> list[Remark]:
    """Return the draft under review to its author; `remarks` are texts by the key of the question.

    Raises `NotUnderReview` when this person may not return it, and `ValueError` when nothing is remarked.
    """
    task_state = reviewed_by(actor, official_form)
    if task_state is None:
        raise NotUnderReview
    if not any(remarks.values()):
        raise ValueError("a draft is returned with a remark")
    labels = {question.key: question.label for question in task_state.revision.as_object().schema()}
    made = [
        Remark(
            official_form_id=official_form.pk,
            task_state=task_state,
            question_key=key,
            question_label=labels.get(key, ""),
            text=text,
            made_by=actor,
            made_at=at,
        )
        for key, text in remarks.items()
        if text
    ]
    Remark.objects.bulk_create(made)
    task: FourEyesTask = task_state.task.specific
    task.on_action(task_state, actor, "reject", comment=remarks.get(WHOLE_FORM, ""))
    return made


@transaction.atomic
def resolve(*, remark: Remark, actor: Any, at: dt.datetime) -> Remark:
    """Note that a remark has been dealt with; who and when of the first time stay."""
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.resolved_at is None:
        remark.resolved_by, remark.resolved_at = actor, at
        remark.save(update_fields=["resolved_by", "resolved_at"])
    return remark


def reviewed_by(user: Any, official_form: Page) -> FourEyesTaskState | None:
    """Return the review of a form that this person may end by returning the draft; `None` when there is none."""
    task_state: TaskState | None = official_form.current_workflow_task_state
    if task_state is None or not isinstance(task_state.specific, FourEyesTaskState):
        return None
    actions = task_state.task.specific.get_actions(official_form, user)
    return task_state.specific if any(name == "reject" for name, _label, _modal in actions) else None
