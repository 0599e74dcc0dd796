"""Registration numbers: each form has a series of its own in each agency, which begins anew every calendar year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.protected import ProtectedRecord
from forms_library.models import Agency


class NumberSeries(ProtectedRecord):
    """The last registration number that an agency gave to a form in a year."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    form_code = models.CharField(_("code of the form"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of registration numbers")
        verbose_name_plural = _("series of registration numbers")
        constraints = [
            models.UniqueConstraint(fields=["agency", "form_code", "year"], name="number_series_once_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.form_code}, {self.agency}, {self.year}: {self.last}"
