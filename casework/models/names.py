"""How names and posts are inflected: what a person has looked at and found right, kept for the whole agency."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.protected import ProtectedRecord
from forms_library.inflection import CASES, FEMALE, MALE, Forms
from forms_library.models import Agency

LONGEST_NAME = 300


class Sex(models.TextChoices):
    """What the endings of a name depend on (domain.md F.1)."""

    FEMALE = FEMALE, _("female")
    MALE = MALE, _("male")


class NameFormsQuerySet(models.QuerySet["NameForms"]):
    """Questions about checked names."""

    def of(self, agency: Agency, nominatives: Iterable[str]) -> "NameFormsQuerySet":
        """Those of these names that somebody in the agency has checked."""
        return self.filter(agency=agency, nominative__in=set(nominatives))


class NameForms(ProtectedRecord):
    """One name or post in every case, checked by a person of the agency; used in its papers from then on."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    nominative = models.CharField(_("name as it is typed"), max_length=LONGEST_NAME)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, blank=True)
    is_indeclinable = models.BooleanField(
        _("is not inflected"), default=False, help_text=_("The name stays the same in every case.")
    )
    genitive = models.CharField(_("genitive: of whom?"), max_length=LONGEST_NAME)
    dative = models.CharField(_("dative: to whom?"), max_length=LONGEST_NAME)
    accusative = models.CharField(_("accusative: whom?"), max_length=LONGEST_NAME)
    instrumental = models.CharField(_("instrumental: by whom?"), max_length=LONGEST_NAME)
    prepositional = models.CharField(_("prepositional: about whom?"), max_length=LONGEST_NAME)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = NameFormsQuerySet.as_manager()

    class Meta:
        verbose_name = _("checked name")
        verbose_name_plural = _("checked names")
        constraints = [models.UniqueConstraint(fields=["agency", "nominative"], name="name_checked_once_per_agency")]

    def __str__(self) -> str:
        return self.nominative

    @property
    def forms(self) -> Forms:
        """The checked forms by the codes that Word templates use."""
        checked = (self.genitive, self.dative, self.accusative, self.instrumental, self.prepositional)
        return dict(zip(CASES, (self.nominative,) * len(CASES) if self.is_indeclinable else checked, strict=True))
