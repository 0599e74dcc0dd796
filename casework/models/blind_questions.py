"""The question «is this child known?»: who asked, when and why. Whom they asked about stays a hash."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.protected import ProtectedRecord
from forms_library.models import Agency


class BlindQuestion(ProtectedRecord):
    """One question. `child` is a keyed hash of whom it was about, so that a question asked again is seen without the name."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    asked_at = models.DateTimeField(_("asked at"))
    reason = models.CharField(_("reason"), max_length=500)
    child = models.CharField(_("hash of the child"), max_length=64)
    found = models.PositiveIntegerField(_("cases found"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)

    class Meta:
        verbose_name = _("question whether a child is known")
        verbose_name_plural = _("questions whether a child is known")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["agency", "-asked_at", "-id"], name="blind_question_of_agency"),
            models.Index(fields=["child", "agency"], name="blind_question_about_child"),
            models.Index(fields=["asked_by", "-asked_at", "-id"], name="blind_question_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.asked_at:%d.%m.%Y %H:%M}"
