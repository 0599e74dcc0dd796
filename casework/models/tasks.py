"""What somebody has to do by a day: asked for by a procedure, or by a colleague."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.procedures import CaseProcedure
from casework.models.protected import ProtectedRecord
from casework.models.teams import Team


class TaskQuerySet(models.QuerySet["Task"]):
    """Questions about tasks. They never say who may see the answer: that is `casework.access`."""

    def open(self) -> "TaskQuerySet":
        """Those that are still to be done."""
        return self.filter(status=TaskStatus.OPEN)

    def overdue(self, *, today: dt.date) -> "TaskQuerySet":
        """Those whose last day has passed: from 00:00 of the next day (D8)."""
        return self.open().filter(due__lt=today)

    def of(self, people: Any) -> "TaskQuerySet":
        """Those that one of `people` answers for."""
        return self.filter(owner__in=people)


class TaskStatus(models.TextChoices):
    """Where a task stands. A task of a procedure is done when its step is, never by hand."""

    OPEN = "open", _("to do")
    DONE = "done", _("done")
    GONE = "gone", _("no longer needed")


class Task(ProtectedRecord):
    """A step of a procedure that waits in a case, or something that a colleague has asked for (then `step` is empty).

    The term is kept beside the day it gives (`term` is a `forms_library.deadlines.Rule` as JSON), so that it can be
    counted anew when the calendar changes. `recurrence` counts the times of a step that comes again; `turn` counts all.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("case"))
    case_procedure = models.ForeignKey(
        CaseProcedure,
        on_delete=models.PROTECT,
        related_name="tasks",
        null=True,
        verbose_name=_("procedure of the case"),
    )
    step = models.CharField(_("step"), max_length=60, blank=True)
    turn = models.PositiveIntegerField(_("turn"), default=1)
    title = models.CharField(_("what to do"), max_length=500)
    role = models.CharField(_("role"), max_length=300, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("team"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("who does it")
    )
    waits_for_others = models.BooleanField(_("another body does it"), default=False)
    opened_on = models.DateField(_("since"))
    due = models.DateField(_("by what day"), null=True)
    warn_on = models.DateField(_("told of in good time on"), null=True)
    term = models.JSONField(_("term"), null=True)
    counted_from = models.DateField(_("counted from"), null=True)
    recurrence = models.PositiveIntegerField(_("time of a step that comes again"), default=0)
    paused_days = models.PositiveIntegerField(_("days for which the term stood still"), default=0)
    is_paused = models.BooleanField(_("the term stands still"), default=False)
    extended_to = models.DateField(_("extended to"), null=True)
    is_provisional = models.BooleanField(_("the calendar of that year is not known yet"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    finished_on = models.DateField(_("finished on"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("asked by")
    )
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["case_procedure", "step", "turn"], condition=~Q(step=""), name="one_task_per_turn_of_a_step"
            ),
            models.CheckConstraint(
                condition=Q(status="open", finished_on__isnull=True)
                | (~Q(status="open") & Q(finished_on__isnull=False)),
                name="task_ended_exactly_when_it_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due"], condition=Q(status="open"), name="task_open_of_owner"),
            models.Index(fields=["team", "due"], condition=Q(status="open"), name="task_open_of_team"),
            models.Index(fields=["due", "id"], condition=Q(status="open"), name="task_open_by_due"),
            models.Index(
                fields=["warn_on"], condition=Q(status="open", warn_on__isnull=False), name="task_open_to_warn_of"
            ),
            models.Index(fields=["case", "status"], name="task_of_case"),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def is_overdue(self, *, today: dt.date) -> bool:
        """Return whether its last day has passed and it is not done."""
        return self.status == TaskStatus.OPEN and self.due is not None and self.due < today


class TaskReminder(ProtectedRecord):
    """That somebody was reminded of a task, so that nobody is told twice. Never changes."""

    class Kind(models.TextChoices):
        IN_GOOD_TIME = "in_good_time", _("in good time")
        BEFORE = "before", _("before the day")
        ON_THE_DAY = "on_the_day", _("on the day")
        AFTER = "after", _("after the day")
        TO_THE_HEAD = "to_the_head", _("to the head")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("task"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    due = models.DateField(_("by what day"))
    sent_at = models.DateTimeField(_("sent at"))
    run = models.UUIDField(_("which run has written it down"), default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["task", "kind", "due"], name="reminded_once_of_a_day")]

    def __str__(self) -> str:
        return f"{self.task}: {self.get_kind_display()}"


class Absence(ProtectedRecord):
    """Days on which somebody is away, and the colleague who does their tasks meanwhile."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("who is away")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("substitute")
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("up to and including"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    written_at = models.DateTimeField(_("written down at"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="nobody_substitutes_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%d.%m.%Y}–{self.last_day:%d.%m.%Y}"


class CalendarFeed(ProtectedRecord):
    """The secret address at which a person's own calendar reads their tasks. Kept as a hash only."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("whose")
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.owner)
