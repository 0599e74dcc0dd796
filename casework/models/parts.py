"""One form filled in by several specialists: who was given which section, and who filled it in the end."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.drafts import Draft
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission


class Part(ProtectedRecord):
    """One section of a form in somebody's hands. The first section may have no heading, and then no key."""

    section = models.CharField(_("section"), max_length=255, blank=True)
    title = models.CharField(_("title of the section"), max_length=500)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who fills it in")
    )
    due_date = models.DateField(_("by what day"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class DraftPart(Part):
    """A section of a draft that a colleague fills in by a day."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="parts", verbose_name=_("draft"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("part of a draft")
        verbose_name_plural = _("parts of drafts")
        ordering = ["due_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "section"], name="one_part_per_section"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="part_done_by_somebody",
            ),
        ]

    def is_overdue(self, *, today: dt.date) -> bool:
        """Return whether its day has passed and it is not done."""
        return self.done_at is None and self.due_date < today


class SubmissionPart(Part):
    """Who filled in which section of a filed form. Never changes."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="parts", verbose_name=_("filed form")
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("part of a filed form")
        verbose_name_plural = _("parts of filed forms")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["submission", "section"], name="one_filed_part_per_section")]
