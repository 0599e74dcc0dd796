"""Who was given what on which case: guardian's own grant tables with direct keys, and the acts behind the grants."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.managers import GroupObjectPermissionManager
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from forms_library.models import Agency


class CasePermission(models.TextChoices):
    """What somebody may do with a case."""

    VIEW = "view_case", _("read")
    WORK = "work_case", _("fill in forms, write notes")
    LEAD = "lead_case", _("accept, assign, share, close")


class Share(ProtectedRecord):
    """The act by which a case was shown to another agency."""

    class Level(models.TextChoices):
        VIEW = "view", _("read")
        WORK = "work", _("read, fill in forms and write notes")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="shares", verbose_name=_("case"))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    reason = models.CharField(_("reason"), max_length=500)
    last_day = models.DateField(_("up to and including"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "agency"], condition=Q(withdrawn_at__isnull=True), name="one_standing_share_per_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.agency}"

    def is_standing(self, *, today: dt.date) -> bool:
        """Return whether it opens the case on the day `today`."""
        return self.withdrawn_at is None and self.last_day >= today


ShareLevel = Share.Level


class GrantQuerySet(models.QuerySet["CaseGroupObjectPermission"]):
    """Questions about grants."""

    def standing(self, *, today: dt.date) -> "GrantQuerySet":
        """Those that open a case on the day `today`."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=today))


class CaseGroupObjectPermission(GroupObjectPermissionBase, ProtectedRecord):
    """A grant to a team.

    `opened_at` repeats the case's own, so that the newest cases of a team are read straight from the index; it never
    changes. `last_day` bounds a grant that comes from a share.
    """

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)
    opened_at = models.DateTimeField(_("case opened at"))
    share = models.ForeignKey(
        Share, on_delete=models.PROTECT, related_name="grants", null=True, verbose_name=_("share")
    )
    last_day = models.DateField(_("up to and including"), null=True)

    objects = GroupObjectPermissionManager.from_queryset(GrantQuerySet)()  # type: ignore[assignment,misc]

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        unique_together = [["group", "permission", "content_object"]]
        indexes = [
            models.Index(fields=["group", "permission", "-opened_at", "-content_object"], name="grant_newest_first"),
        ]


class CaseUserObjectPermission(UserObjectPermissionBase, ProtectedRecord):
    """A grant to one person. Ochag grants to teams; the table stands here so that guardian has nowhere else to look."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        unique_together = [["user", "permission", "content_object"]]
