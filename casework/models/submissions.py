"""Forms filed for good."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord
from forms_library.models import Agency, Edition


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Questions about filed forms."""

    def valid(self) -> "SubmissionQuerySet":
        """Those that no later submission corrects."""
        return self.filter(corrected_by__isnull=True)


class Submission(ProtectedRecord):
    """A filed form: sealed. A correction is a new submission that supersedes this one.

    Belongs to an edition and to a case; the database refuses one without either, and refuses to change or delete it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("case"))
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition"))
    number = models.PositiveIntegerField(_("number in the case"))
    answers = models.JSONField(_("answers"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("filed by")
    )
    filed_at = models.DateTimeField(_("filed at"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="corrected_by", null=True, verbose_name=_("supersedes")
    )
    name_forms = models.JSONField(_("names in all cases, as they were on the day of filing"), default=dict, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("filed form")
        verbose_name_plural = _("filed forms")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="submission_number_once_per_case")]

    def __str__(self) -> str:
        return f"{self.case}/{self.number}"


class ContactRequest(ProtectedRecord):
    """A parent's request for contact: which submission it is, and what opens its state to the parent.

    The secret code is kept as a hash only. `consent` is the filed consent document, a paper of its own (F1).
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="contact_request", verbose_name=_("case"))
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+", verbose_name=_("request"))
    consent = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="+", verbose_name=_("consent"))
    asked_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("agency the parent chose")
    )
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)
    code_hash = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")

    def __str__(self) -> str:
        return str(self.case)
