"""The procedures that a case follows, and what has happened under them.

Where a case stands is never stored: it is computed from these rows and from the filed forms (`casework.progress`).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission
from forms_library.models import ProcedureEdition


class CaseProcedureQuerySet(models.QuerySet["CaseProcedure"]):
    """Questions about procedures under way."""

    def running(self) -> "CaseProcedureQuerySet":
        """Those that have not ended."""
        return self.filter(ended_on__isnull=True)


class CaseProcedure(ProtectedRecord):
    """A case under one edition of a procedure. It keeps that edition until somebody moves it to a newer one."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="procedures", verbose_name=_("case"))
    edition = models.ForeignKey(
        ProcedureEdition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition of the procedure")
    )
    code = models.CharField(_("code of the procedure"), max_length=60)
    started_on = models.DateField(_("day of the first event"))
    started_at = models.DateTimeField(_("written down at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    came_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="led_to", null=True, verbose_name=_("handed over from")
    )
    level = models.CharField(_("risk level"), max_length=60, blank=True, default="")
    ended_on = models.DateField(_("ended on"), null=True)
    ground = models.CharField(_("closure ground"), max_length=60, blank=True, default="")
    token = models.UUIDField(_("token of the page it was started on"), unique=True, default=uuid.uuid4)

    objects = CaseProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("procedure of a case")
        verbose_name_plural = _("procedures of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"], condition=Q(ended_on__isnull=True), name="case_follows_a_procedure_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ground="") | (Q(ended_on__isnull=False) & ~Q(ground="")),
                name="procedure_ends_on_a_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.edition.title}"

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.ended_on is None


class CaseEvent(ProtectedRecord):
    """One thing that happened under a procedure, written down by somebody. Never changes; a mistake is annulled."""

    class What(models.TextChoices):
        """Kinds of events: those of `forms_library.procedures.progress`, and one of our own."""

        OPENED = "opened", _("procedure begun")
        DECIDED = "decided", _("decision")
        APPOINTED = "appointed", _("appointment")
        HAPPENED = "happened", _("event")
        LEVEL = "level", _("risk level set")
        WAIVED = "waived", _("requirement waived")
        SUSPENDED = "suspended", _("term suspended")
        RESUMED = "resumed", _("term resumed")
        EXTENDED = "extended", _("term extended")
        CLOSED = "closed", _("work ended")
        CHILDREN = "children", _("number of children")
        ANNULLED = "annulled", _("entry annulled")
        MOVED = "moved", _("moved to a newer edition")

    STAND_FOR_EVER = frozenset({What.OPENED, What.MOVED, What.CHILDREN, What.ANNULLED})
    """What nobody takes back."""

    case_procedure = models.ForeignKey(
        CaseProcedure, on_delete=models.PROTECT, related_name="events", verbose_name=_("procedure of the case")
    )
    what = models.CharField(_("what"), max_length=20, choices=What.choices)
    step = models.CharField(_("step"), max_length=60, blank=True)
    code = models.CharField(_("outcome, form, role, level or ground"), max_length=300, blank=True)
    on = models.DateField(_("day that counts"))
    until = models.DateField(_("new last day"), null=True)
    words = models.TextField(_("reason in words"), blank=True)
    stated = models.JSONField(_("what was stated"), default=list, blank=True)
    document = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("document")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("appointed")
    )
    annuls = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="annulled_by", null=True, verbose_name=_("annuls")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    at = models.DateTimeField(_("written down at"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("event of a case")
        verbose_name_plural = _("events of cases")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_procedure_id}: {self.get_what_display()} {self.on:%d.%m.%Y}"


class Delivery(ProtectedRecord):
    """A document of a case sent to another agency: the agency gets this document, and never the case."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("document")
    )
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("addressee")
    )
    token = models.UUIDField(_("name in addresses"), unique=True, default=uuid.uuid4)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received at"), null=True)
    incoming_number = models.CharField(_("incoming number"), max_length=60, blank=True, default="")
    level = models.CharField(_("sent while the risk level is this one"), max_length=60, blank=True, default="")
    recalled_at = models.DateTimeField(_("taken back at"), null=True)

    class Meta:
        verbose_name = _("document sent to an agency")
        verbose_name_plural = _("documents sent to agencies")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "agency"], name="document_sent_once_to_an_agency"),
            models.CheckConstraint(
                condition=Q(received_by=None, received_at=None)
                | Q(received_by__isnull=False, received_at__isnull=False),
                name="delivery_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at=None) | (~Q(level="") & Q(received_at=None)),
                name="what_was_received_is_not_taken_back",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="delivery_of_agency")]

    def __str__(self) -> str:
        return f"{self.submission} → {self.agency}"
