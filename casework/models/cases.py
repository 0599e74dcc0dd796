"""A case: the managed work of one agency with one family."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.protected import ProtectedRecord
from forms_library.models import Agency


class CaseKind(models.TextChoices):
    """What brought the family to the agency."""

    CONTACT_REQUEST = "contact_request", _("Contact request")
    RISK_NOTICE = "risk_notice", _("Risk notice")
    SUPPORT = "support", _("Support of a family")


class CaseStatus(models.TextChoices):
    """Where the case stands."""

    NEW = "new", _("New")
    IN_WORK = "in_work", _("In work")
    REFUSED = "refused", _("Refused")
    CLOSED = "closed", _("Closed")


class ClosureGround(models.TextChoices):
    """Why the work ended. The source (S004) gives no grounds; this is the list of domain.md B.1, decision D13."""

    CAUSES_REMOVED = "causes_removed", _("The causes are removed, help was given")
    DEPT_PLAN = "dept_plan", _("The level is low: work goes on under a departmental plan")
    MOVED = "moved", _("The family moved to another territory")
    ADULTHOOD = "adulthood", _("All the children are 18")
    PLACED = "placed", _("The children are placed permanently and the work with the family is finished")
    DEATH = "death", _("Death of the child or the parent")
    NOT_CONFIRMED = "not_confirmed", _("The notice was not confirmed")
    ANSWERED = "answered", _("The question of the request is answered")


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases. They never say who may see the answer: that is `casework.access`."""

    def new(self) -> "CaseQuerySet":
        """Those nobody has accepted or refused yet."""
        return self.filter(status=CaseStatus.NEW)

    def running(self) -> "CaseQuerySet":
        """Those that still need somebody's work."""
        return self.filter(status__in=[CaseStatus.NEW, CaseStatus.IN_WORK])

    def curated_by(self, user: Any) -> "CaseQuerySet":
        """Those for which `user` answers."""
        return self.filter(curator=user)

    def due_by(self, day: dt.date) -> "CaseQuerySet":
        """New ones whose first answer is due on `day` or earlier."""
        return self.new().filter(answer_by__lte=day)


class Case(ProtectedRecord):
    """The protected record of the work with one family."""

    reference = models.CharField(_("number"), max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=30, choices=CaseKind.choices)
    status = models.CharField(_("status"), max_length=20, choices=CaseStatus.choices, default=CaseStatus.NEW)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("curator"),
    )
    opened_at = models.DateTimeField(_("opened at"))
    answer_by = models.DateField(_("first answer due by"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closure_ground = models.CharField(_("closure ground"), max_length=30, choices=ClosureGround.choices, blank=True)
    closing_words = models.TextField(_("reason in words"), blank=True)
    token = models.UUIDField(_("token of the page it was opened on"), default=uuid.uuid4, unique=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [("work_case", "Can work on the case"), ("lead_case", "Can decide on the case")]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="case_newest_first"),
            models.Index(fields=["agency", "-opened_at", "-id"], name="case_newest_of_agency"),
            models.Index(fields=["answer_by"], condition=Q(status="new"), name="case_new_by_due_date"),
            models.Index(fields=["curator", "status"], name="case_of_curator"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["refused", "closed"], closed_at__isnull=False)
                | Q(status__in=["new", "in_work"], closed_at__isnull=True),
                name="case_ended_exactly_when_it_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | ~Q(closure_ground=""), name="case_closed_on_a_ground"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_running(self) -> bool:
        """Whether work goes on."""
        return self.status in {CaseStatus.NEW, CaseStatus.IN_WORK}


class ReferenceSeries(ProtectedRecord):
    """The last case number given out in a year."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of case numbers")
        verbose_name_plural = _("series of case numbers")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CaseNote(ProtectedRecord):
    """What a specialist wrote down, or what came by an answer link (then nobody is its author). Notes are added, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes", verbose_name=_("case"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written at"))
    text = models.TextField(_("text"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.written_at:%d.%m.%Y}"
