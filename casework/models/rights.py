"""What stands beside the grants of teams: who is kept out of a case, whose eyes special facts are for, and a door broken open.

Deny beats allow: a `Bar` closes every door of the case to one person. A `CategoryGrant` opens a special category to one person.
An `EmergencyOpening` shows a foreign case for 24 hours at a threat to life (domain.md D).
"""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord


class Category(models.TextChoices):
    """What is told to few: by the codes of `forms_library.schema.Sensitivity` (152-ФЗ ст. 10, СК ст. 139)."""

    SPECIAL = "special", _("health, beliefs, intimate life")
    CRIMINAL = "criminal", _("criminal record")
    ADOPTION = "adoption", _("secret of adoption")


class Bar(ProtectedRecord):
    """A named colleague who is kept out of a case: a relative of the family, a neighbour. Lifted, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bars", verbose_name=_("case"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who is kept out")
    )
    reason = models.CharField(_("reason"), max_length=500)
    barred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    barred_at = models.DateTimeField(_("decided at"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True)

    class Meta:
        verbose_name = _("colleague kept out")
        verbose_name_plural = _("colleagues kept out")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(lifted_at__isnull=True), name="kept_out_of_a_case_once"
            ),
            models.CheckConstraint(condition=~Q(person=F("barred_by")), name="nobody_keeps_themselves_out"),
        ]
        indexes = [
            models.Index(fields=["person", "case"], condition=Q(lifted_at__isnull=True), name="bar_standing_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.person}"


class CategoryGrant(ProtectedRecord):
    """The leave of one person to read one special category in one case up to a day.

    A head who looks «on demand» gives it to themselves for that day: the reason stays in the log.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="category_grants", verbose_name=_("case"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who may read")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
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
        verbose_name = _("leave to read a special category")
        verbose_name_plural = _("leaves to read special categories")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "category"],
                condition=Q(withdrawn_at__isnull=True),
                name="category_granted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_category_display()} → {self.person}"

    def is_standing(self, *, today: dt.date) -> bool:
        """Return whether it opens anything on the day `today`."""
        return self.withdrawn_at is None and self.last_day >= today


class EmergencyOpening(ProtectedRecord):
    """A foreign case shown to one person for 24 hours at a threat to life, and what the review of that said."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="emergency_openings", verbose_name=_("case"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who has opened it")
    )
    reason = models.CharField(_("reason"), max_length=500)
    opened_at = models.DateTimeField(_("opened at"))
    ends_at = models.DateTimeField(_("open until"))
    review_due = models.DateField(_("to be reviewed by"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    was_justified = models.BooleanField(_("was justified"), null=True)
    review_words = models.CharField(_("what the review says"), max_length=1000, blank=True, default="")
    reminded_on = models.DateField(_("heads reminded on"), null=True)
    token = models.UUIDField(_("name in addresses"), unique=True)

    class Meta:
        verbose_name = _("case opened in an emergency")
        verbose_name_plural = _("cases opened in an emergency")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, was_justified__isnull=True)
                | Q(reviewed_at__isnull=False, was_justified__isnull=False),
                name="review_says_whether_it_was_justified",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.opened_at:%d.%m.%Y}"
