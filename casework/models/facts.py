"""Facts of a case: what filed forms have told, said once and offered to every later form.

A fact is never overwritten. When two forms tell different things, that is a contradiction, which somebody settles.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.fact_words import about_what
from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission


class Fact(ProtectedRecord):
    """One answer of one filed form that other forms may need. Never changed, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="facts", verbose_name=_("case"))
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="facts", verbose_name=_("filed form")
    )
    key = models.CharField(_("fact"), max_length=80)
    whom = models.CharField(_("about whom"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20)
    value = models.JSONField(_("value"))
    words = models.TextField(_("in words"))
    label = models.CharField(_("question"), max_length=500)

    class Meta:
        verbose_name = _("fact of the case")
        verbose_name_plural = _("facts of the case")
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "key", "whom"], name="fact_of_the_case")]

    def __str__(self) -> str:
        return f"{self.case}: {self.key}"

    @property
    def about_what(self) -> str:
        """Whose fact it is and what about, as it is read away from its form."""
        return about_what(self.key, self.label)


class Contradiction(ProtectedRecord):
    """Two filed forms tell different things of the same. Open until somebody says which of them is true."""

    class Outcome(models.TextChoices):
        LATER = "later", _("The later one is right, the earlier one was a mistake")
        EARLIER = "earlier", _("The earlier one is right, the later one is a mistake")
        CHANGED = "changed", _("Both were right in their time: it has changed")
        BOTH = "both", _("Both are true at once")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contradictions", verbose_name=_("case"))
    earlier = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+", verbose_name=_("earlier"))
    later = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+", verbose_name=_("later"))
    outcome = models.CharField(_("what is true"), max_length=10, choices=Outcome.choices, blank=True)
    why = models.TextField(_("how this is known"), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("contradiction")
        verbose_name_plural = _("contradictions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="contradiction_once"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_by=None, settled_at=None)
                | (~Q(outcome="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="contradiction_settled_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.later.key}"
