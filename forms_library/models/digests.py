"""What the library found out about itself on a day: what methodologists have to look after."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LibraryDigest(models.Model):
    """The findings of one day; the row is what keeps a second digest of the same day from being sent."""

    day = models.DateField(_("day"), unique=True)
    made_at = models.DateTimeField(_("made at"))
    findings = models.JSONField(_("findings"), default=list)

    class Meta:
        verbose_name = _("daily digest of the library")
        verbose_name_plural = _("daily digests of the library")

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"
