"""Four eyes: a form or a procedure comes into force only when a second person has approved exactly what a first one drafted.

Nobody holds Wagtail's plain «publish» permission for them, superusers included. Approval publishes, publishing freezes
an edition, and all of it is one transaction.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState, WorkflowState


class NotApproved(PermissionDenied):
    """This revision was not approved by a second person."""


class NotReady(PermissionDenied):
    """The draft cannot become an edition yet."""


class Governed:
    """A page whose whole wording, its files included, is what the second person approves."""

    def fingerprint(self) -> str:
        """Return a digest of everything that the approval covers."""
        raise NotImplementedError

    def draft_problems(self) -> tuple[str, ...]:
        """Return why the draft cannot be approved by anybody; nothing when it can."""
        raise NotImplementedError


class FourEyesTaskState(TaskState):
    """A review of one revision, with the fingerprint of the wording that was sent to it."""

    # A revision names its Word template only by id, and the file behind that id can be replaced.
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("review by a second person")
        verbose_name_plural = _("reviews by a second person")


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Questions about remarks."""

    def open(self) -> "RemarkQuerySet":
        """Those that the author has not dealt with yet."""
        return self.filter(resolved_at__isnull=True)


class Remark(models.Model):
    """What an approver asks to mend in one question of a form, or in the form as a whole, when they return a draft.

    Neither changed nor deleted: it is only written down, once, that it has been dealt with.
    """

    official_form = models.ForeignKey(
        "forms_library.OfficialForm", on_delete=models.PROTECT, related_name="remarks", verbose_name=_("official form")
    )
    task_state = models.ForeignKey(
        FourEyesTaskState, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("review")
    )
    question_key = models.CharField(_("key of the question"), max_length=40, blank=True, default="")
    question_label = models.CharField(_("question"), max_length=500, blank=True, default="")
    text = models.TextField(_("remark"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("dealt with by"), null=True
    )
    resolved_at = models.DateTimeField(_("dealt with at"), null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark of an approver")
        verbose_name_plural = _("remarks of approvers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_by=None, resolved_at=None)
                | models.Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="remark_is_resolved_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.text


class FourEyesTask(AbstractGroupApprovalTask):
    """Approval by somebody who neither wrote nor sent the draft."""

    task_state_class = FourEyesTaskState

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    @classmethod
    def get_description(cls) -> str:
        return str(_("A member of the chosen groups approves, but never their own draft"))

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Begin the review, and remember what exactly was sent to it."""
        task_state = super().start(workflow_state, user=user)
        task_state.fingerprint = fingerprint_of(task_state.revision)
        task_state.save(update_fields=["fingerprint"])
        return task_state

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        """Return what the editor offers; «approve» only to a second person, and only for what can become an edition."""
        actions = super().get_actions(obj, user)
        task_state = obj.current_workflow_task_state
        if actions and task_state and (user.pk in authors_of(task_state.revision) or review_problems(task_state)):
            return [action for action in actions if action[0] != "approve"]
        return actions

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Refuse what `get_actions` would not offer: the model layer itself checks nothing."""
        # Two approvers may press at once; Wagtail refuses whoever finds the review closed.
        task_state = TaskState.objects.select_for_update().get(pk=task_state.pk)
        if not (user.is_superuser or self._user_in_groups(user)):
            raise PermissionDenied
        if action_name == "approve":
            if user.pk in authors_of(task_state.revision):
                raise NotApproved(_("You took part in this draft. Somebody else has to approve it."))
            problems = review_problems(task_state)
            if problems:
                raise NotReady(" ".join(str(problem) for problem in problems))
            # Whoever approves finds that nothing is left to mend.
            open_remarks = Remark.objects.open().filter(official_form=task_state.revision.object_id)
            open_remarks.update(resolved_by=user, resolved_at=timezone.now())
        super().on_action(task_state, user, action_name, **kwargs)


def authors_of(revision: Revision) -> frozenset[int]:
    """Return the ids of everybody who had a hand in a draft: since the last approved wording, up to this revision.

    Whoever sent it to review counts too.
    """
    history = Revision.objects.filter(
        base_content_type=revision.base_content_type_id, object_id=revision.object_id, pk__lte=revision.pk
    )
    approved = FourEyesTaskState.objects.filter(
        status=TaskState.STATUS_APPROVED,
        revision__base_content_type=revision.base_content_type_id,
        revision__object_id=revision.object_id,
    )
    baseline = approved.filter(revision__lt=revision.pk).order_by("revision").values_list("revision", flat=True).last()
    writers = history.filter(pk__gt=baseline or 0).values_list("user", flat=True)
    senders = WorkflowState.objects.filter(task_states__revision=revision).values_list("requested_by", flat=True)
    return frozenset(pk for pk in (*writers, *senders) if pk is not None)


def fingerprint_of(revision: Revision) -> str:
    """Return the fingerprint of what a revision says; empty for pages that are not governed."""
    page = revision.as_object()
    return page.fingerprint() if isinstance(page, Governed) else ""


def review_problems(task_state: TaskState) -> list[str]:
    """Return why nobody may approve what is under review; nothing when a second person may."""
    reviewed = task_state.revision.as_object()
    problems = list(reviewed.draft_problems()) if isinstance(reviewed, Governed) else []
    # A comment of the reviewer makes a newer revision with the same wording: that is no change.
    latest = reviewed.get_latest_revision()
    if {fingerprint_of(task_state.revision), fingerprint_of(latest)} != {task_state.specific.fingerprint}:
        problems.append(str(_("The draft has changed since it was sent to review. Return it and send it again.")))
    return problems


def approval_of(revision: Revision) -> FourEyesTaskState:
    """Return the second person's approval of exactly this wording; raise `NotApproved` when there is none."""
    approvals = FourEyesTaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
    authors = authors_of(revision)
    fingerprint = fingerprint_of(revision)
    for approval in approvals.select_related("finished_by").order_by("-finished_at"):
        if approval.finished_by_id and approval.finished_by_id not in authors and approval.fingerprint == fingerprint:
            return approval
    raise NotApproved(_("Nothing comes into force before a second person has approved it. Send it to review."))
