"""What of a case one agency is shown: chosen sections and documents, never the case itself (domain.md D, need to know)."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission


class Section(models.TextChoices):
    """Parts of a case that can be shown by themselves. Documents are chosen one by one."""

    PEOPLE = "people", _("who is in the family: names and dates of birth")
    CONTACTS = "contacts", _("addresses and telephones of the family")
    SCHOOLS = "schools", _("schools and kindergartens of the children")
    STAGE = "stage", _("where the work stands: procedure, level of risk, next steps")
    PLAN = "plan", _("the plan: measures and marks")


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Questions about disclosures."""

    def standing(self, *, today: dt.date) -> "DisclosureQuerySet":
        """Those that show something on the day `today`."""
        return self.filter(withdrawn_at=None, last_day__gte=today)


class Disclosure(ProtectedRecord):
    """What of a case the teams of an agency are shown, why and until when.

    `sections` are codes of `Section`; of `documents`, answers of a special category are shown only when `categories` names it
    (codes of `Category`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disclosures", verbose_name=_("case"))
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("to which agency")
    )
    sections = models.JSONField(_("sections"), default=list)
    categories = models.JSONField(_("special categories"), default=list)
    documents = models.ManyToManyField(Submission, related_name="+", verbose_name=_("documents"))
    reason = models.CharField(_("what for"), max_length=500)
    last_day = models.DateField(_("up to and including"))
    token = models.UUIDField(_("name in addresses"), unique=True, default=uuid.uuid4)
    disclosed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("shown by")
    )
    disclosed_at = models.DateTimeField(_("shown at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a case shown to an agency")
        verbose_name_plural = _("parts of cases shown to agencies")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["agency", "-disclosed_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="disclosure_of_agency_newest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.agency}"

    def is_standing(self, *, today: dt.date) -> bool:
        """Return whether it shows anything on the day `today`."""
        return self.withdrawn_at is None and self.last_day >= today
