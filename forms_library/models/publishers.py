"""Whose packs of forms this site adopts, and the packs that somebody has uploaded to look at."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forms_library.packs import signing


def validate_public_key(value: str) -> None:
    """Raise `ValidationError` unless `value` is the text of a public key."""
    try:
        signing.public_key(value)
    except signing.NotAKey as error:
        raise ValidationError(
            _("This is not a public key. Copy the whole line that the publisher gave you: 44 characters."), code="key"
        ) from error


class TrustedPublisher(models.Model):
    """Somebody whose signature on a pack of forms is believed. Kept by the administrators only."""

    name = models.CharField(_("name"), max_length=200)
    public_key = models.CharField(
        _("public key"),
        max_length=44,
        unique=True,
        validators=[validate_public_key],
        help_text=_("Compare the fingerprint with the publisher by telephone before you trust the key."),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("trusted publisher of forms")
        verbose_name_plural = _("trusted publishers of forms")

    def __str__(self) -> str:
        return self.name

    def fingerprint(self) -> str:
        """Return the key in the shape that two people compare by telephone."""
        return signing.fingerprint(self.public_key)

    fingerprint.short_description = _("fingerprint of the key")  # type: ignore[attr-defined]


class UploadedPack(models.Model):
    """A pack of forms between its upload and the decision about it. Each methodologist has one at most."""

    data = models.BinaryField(_("file"))
    uploaded_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("uploaded pack of forms")
        verbose_name_plural = _("uploaded packs of forms")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
