"""What one agency has asked another to do for a family: a referral, a measure of a plan, a decision of a council.

Whoever does it sees what was asked and what was disclosed with it, never the case; whoever asked sees how it goes.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.disclosures import Disclosure
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission
from casework.models.teams import Team


class AssignmentKind(models.TextChoices):
    """Where it comes from."""

    REFERRAL = "referral", _("referral")
    MEASURE = "measure", _("measure of a plan")
    DECISION = "decision", _("decision of a council")


class AssignmentState(models.TextChoices):
    """How far it has come. A referral waits for an answer; what a plan or a council asks is accepted from the start."""

    SENT = "sent", _("sent, no answer yet")
    ACCEPTED = "accepted", _("in work")
    REFUSED = "refused", _("refused by the executor")
    DONE = "done", _("carried out")
    PARTLY = "partly", _("done in part")
    NOT_DONE = "not_done", _("not done")
    WITHDRAWN = "withdrawn", _("taken back by the sender")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about assignments. They never say who may see the answer: that is `casework.access`."""

    def open(self) -> "AssignmentQuerySet":
        """Those that somebody still has to answer or to do."""
        return self.filter(state__in=[AssignmentState.SENT, AssignmentState.ACCEPTED])

    def over(self) -> "AssignmentQuerySet":
        """Those with which nobody waits any more, whatever came of them."""
        return self.exclude(state__in=[AssignmentState.SENT, AssignmentState.ACCEPTED])

    def silent(self, *, today: dt.date) -> "AssignmentQuerySet":
        """Referrals to which nobody has answered in time."""
        return self.filter(state=AssignmentState.SENT, answer_by__lt=today)

    def overdue(self, *, today: dt.date) -> "AssignmentQuerySet":
        """Those that are open after their last day."""
        return self.open().filter(due__lt=today)

    def with_reach(self) -> "AssignmentQuerySet":
        """Each says in `is_seen_there` whether anybody of the executor's agency works in the system, and so finds it there."""
        return self.annotate(is_seen_there=Exists(_people_of_the_executor()))

    def seen_by_nobody(self) -> "AssignmentQuerySet":
        """Those of whose executor nobody works in the system."""
        return self.exclude(Exists(_people_of_the_executor()))


def _people_of_the_executor() -> models.QuerySet[Team]:
    return Team.objects.filter(agency=OuterRef("agency"), group__user__is_active=True)


class Assignment(ProtectedRecord):
    """One thing to do for a family in the hands of an agency.

    A measure or a decision repeats one row of the table `table` of the filed form `source` (`row` from 0); the sealed form
    keeps the words, this row keeps the mark. `answer_by` is the last day to accept or refuse a referral: `answer_within` working
    days of the executor after the day it was sent. Whoever withdraws it is `marked_by`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=20, choices=AssignmentKind.choices)
    source = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="assignments", null=True, verbose_name=_("document")
    )
    table = models.CharField(_("table of the document"), max_length=60, blank=True, default="")
    row = models.PositiveIntegerField(_("row of the table"), default=0)
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("executor")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("who does it")
    )
    person_name = models.CharField(_("who does it, as the document names them"), max_length=200, blank=True, default="")
    group = models.CharField(_("domain of the plan"), max_length=200, blank=True, default="")
    aim = models.TextField(_("aim"), blank=True, default="")
    text = models.TextField(_("what to do"))
    resource = models.TextField(_("with what resource"), blank=True, default="")
    expected = models.TextField(_("expected result"), blank=True, default="")
    due = models.DateField(_("by what day"), null=True)
    answer_within = models.PositiveSmallIntegerField(_("working days to answer"), null=True)
    answer_by = models.DateField(_("to be answered by"), null=True)
    state = models.CharField(_("state"), max_length=20, choices=AssignmentState.choices, default=AssignmentState.SENT)
    words = models.TextField(_("reason or result in words"), blank=True, default="")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent at"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked at"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    disclosure = models.OneToOneField(
        Disclosure, on_delete=models.PROTECT, related_name="assignment", null=True, verbose_name=_("what is shown")
    )
    token = models.UUIDField(_("name in addresses"), unique=True, default=uuid.uuid4)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "table", "row"],
                condition=Q(source__isnull=False),
                name="one_assignment_for_a_row_of_a_document",
            ),
            models.CheckConstraint(
                condition=~Q(kind="referral") | Q(answer_by__isnull=False), name="referral_is_to_be_answered_by_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due"], name="assignment_of_agency"),
            models.Index(fields=["case", "state"], name="assignment_of_case"),
            models.Index(fields=["answer_by"], condition=Q(state="sent"), name="assignment_silent"),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer or to do it."""
        return self.state in {AssignmentState.SENT, AssignmentState.ACCEPTED}

    def is_silent(self, *, today: dt.date) -> bool:
        """Return whether nobody has answered in time."""
        return self.state == AssignmentState.SENT and self.answer_by is not None and self.answer_by < today

    def is_overdue(self, *, today: dt.date) -> bool:
        """Return whether its last day has passed and it is not done."""
        return self.is_open and self.due is not None and self.due < today


class AssignmentNudge(ProtectedRecord):
    """That somebody was told of a silent or overdue assignment, so that nobody is told twice. Never changes."""

    class To(models.TextChoices):
        """The ladder: silence reminds the executor, then tells the curator, then the head, then the council."""

        EXECUTOR = "executor", _("the executor")
        CURATOR = "curator", _("the curator")
        HEAD = "head", _("the head")
        COUNCIL = "council", _("the council")

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="nudges", verbose_name=_("assignment")
    )
    to = models.CharField(_("to whom"), max_length=20, choices=To.choices)
    about = models.DateField(_("which last day had passed"))
    at = models.DateTimeField(_("when"))
    run = models.UUIDField(_("which run has written it down"), default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("word about silence")
        verbose_name_plural = _("words about silence")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "to", "about"], name="told_once_of_silence"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_to_display()}"
