"""Forms being filled in, and who has them open."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from forms_library.models import Edition


class Draft(ProtectedRecord):
    """A form that somebody is filling in: every word as it was typed, right or wrong.

    `changes` tells in which version the answer to each question was changed last, so that two people who filled in
    different questions do not stand in each other's way.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts", verbose_name=_("case"))
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    typed = models.JSONField(_("as typed"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1)
    changes = models.JSONField(_("versions of the answers"), default=dict)
    corrects = models.ForeignKey(
        "casework.Submission", on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("corrects")
    )
    started_at = models.DateTimeField(_("started at"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"{self.case}: {self.edition}"


class DraftVisit(ProtectedRecord):
    """When somebody had a draft open last."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="visits", verbose_name=_("draft"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("visit to a draft")
        verbose_name_plural = _("visits to drafts")
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="one_visit_per_draft_and_person")]

    def __str__(self) -> str:
        return f"{self.draft}: {self.user}"
