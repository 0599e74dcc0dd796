"""A case on its way to another curator: the pack of what waits in it, accepted item by item."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from casework.models.tasks import Task


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Questions about handovers."""

    def under_way(self) -> "HandoverQuerySet":
        """Those that are neither finished nor withdrawn."""
        return self.filter(finished_at=None, withdrawn_at=None)


class Handover(ProtectedRecord):
    """The case goes from one curator to another. Until the last item is accepted, the first one answers for it."""

    class Ground(models.TextChoices):
        LEAVES = "leaves", _("the curator leaves or is away for long")
        MOVES = "moves", _("the family moves")
        OTHER = "other", _("something else")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("case"))
    from_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("from whom")
    )
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("to whom")
    )
    ground = models.CharField(_("why"), max_length=10, choices=Ground.choices)
    words = models.TextField(_("what the next curator should know"), blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    begun_at = models.DateTimeField(_("begun at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    task = models.OneToOneField(
        Task, on_delete=models.PROTECT, related_name="handover", verbose_name=_("task of the next curator")
    )
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover of a case")
        verbose_name_plural = _("handovers of cases")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(finished_at__isnull=True, withdrawn_at__isnull=True),
                name="one_handover_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="handover_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether the next curator has still something to accept."""
        return self.finished_at is None and self.withdrawn_at is None


class HandoverItem(ProtectedRecord):
    """One line of the pack, in the words of the day on which it was made. `ref` names what it repeats: «task:12:2026-12-01»."""

    class Kind(models.TextChoices):
        DEADLINE = "deadline", _("open terms")
        DECISION = "decision", _("decisions")
        PAPER = "paper", _("missing papers")
        CONTACT = "contact", _("contacts")
        RISK = "risk", _("risks")

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="items", verbose_name=_("handover of a case")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    ref = models.CharField(max_length=200)
    text = models.TextField(_("what"))
    due = models.DateField(_("by what day"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("item of a handover")
        verbose_name_plural = _("items of handovers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "ref"], name="item_once_in_a_handover"),
        ]

    def __str__(self) -> str:
        return f"{self.handover}: {self.get_kind_display()}"
