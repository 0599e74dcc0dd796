"""Supervision of specialists, once a month (S004): what they spoke about, without a word of any family."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.protected import ProtectedRecord


class Supervision(ProtectedRecord):
    """One supervision of an agency's specialists. Written once; it names colleagues, never a case or a family."""

    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    held_on = models.DateField(_("held on"))
    supervisor = models.CharField(_("supervisor"), max_length=200)
    participants = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("participants"))
    themes = models.TextField(_("what was difficult"))
    support = models.TextField(_("what was agreed as support"), blank=True)
    next_on = models.DateField(_("next one on"), null=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    written_at = models.DateTimeField(_("written down at"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["agency", "-held_on"], name="supervision_of_agency")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.held_on:%d.%m.%Y}"
