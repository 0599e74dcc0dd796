"""A filed form as a paper: what was added to it, what was handed out, what became of the printed sheet, its scan."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.files import CaseFile, private_storage
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission


class Addendum(ProtectedRecord):
    """What was added to a filed form. It is printed at the end of the paper, and never changes.

    The post and the name are the author's as they were on that day: the paper stays the same when the author marries.
    """

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="addenda", verbose_name=_("filed form")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    author_post = models.CharField(_("post"), max_length=200, blank=True)
    author_name = models.CharField(_("name"), max_length=200)
    added_at = models.DateTimeField(_("added at"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="addendum_number_once_per_form")]

    def __str__(self) -> str:
        return f"{self.submission}+{self.number}"


class IssuedKind(models.TextChoices):
    """What was handed out."""

    DOCX = "docx", _("Word document")
    PDF = "pdf", _("PDF")
    EXTRACT = "extract", _("extract")
    PACKAGE = "package", _("package")


def issued_path(instance: "IssuedDocument", filename: str) -> str:
    """Return where the bytes of an issued paper are kept: a name that says nothing about anybody."""
    return f"issued/{uuid.uuid4().hex}"


class IssuedDocument(ProtectedRecord):
    """A paper that left the program, with the hash of its bytes. Never changes.

    `made_from` is all that its bytes came from beside the sealed form: `casework.actions.issued` makes them again. What
    cannot be made again byte for byte (LibreOffice's PDF) is kept in `file`, and `source_sha256` is of the Word document it
    was made of; otherwise that is the paper's own hash.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="issued", verbose_name=_("case"))
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="issued", null=True, verbose_name=_("filed form")
    )
    number = models.PositiveIntegerField(_("number in the case"))
    kind = models.CharField(_("kind"), max_length=20, choices=IssuedKind.choices)
    addressee = models.CharField(_("addressee"), max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    made_from = models.JSONField(_("made from"))
    file = models.FileField(_("file"), storage=private_storage, upload_to=issued_path, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="issued_number_once_per_case"),
            models.CheckConstraint(
                condition=Q(kind="package", submission__isnull=True)
                | (~Q(kind="package") & Q(submission__isnull=False)),
                name="issued_paper_is_of_a_form_or_a_package",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()} {self.number}"

    @property
    def short_sha256(self) -> str:
        """The beginning of the hash, for people to compare."""
        return self.sha256[:8]


class PaperStep(models.IntegerChoices):
    """How far the sheet of paper has come."""

    PRINTED = 1, _("is printed")
    SIGNED = 2, _("is signed")
    SCANNED = 3, _("scan attached")


class PaperMark(ProtectedRecord):
    """One step in the life of the sheet of paper. Never changes; a better scan is one mark more."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="marks", verbose_name=_("filed form")
    )
    step = models.PositiveSmallIntegerField(_("step"), choices=PaperStep.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    file = models.OneToOneField(
        CaseFile, on_delete=models.PROTECT, related_name="scan_of", null=True, verbose_name=_("scan")
    )

    class Meta:
        verbose_name = _("step of a paper")
        verbose_name_plural = _("steps of papers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "step"], condition=~Q(step=3), name="paper_is_printed_and_signed_once"
            ),
            models.CheckConstraint(
                condition=Q(step=3, file__isnull=False) | (~Q(step=3) & Q(file__isnull=True)),
                name="paper_scan_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_step_display()}"


def incoming_path(instance: "IncomingScan", filename: str) -> str:
    """Return where a scan waits: a name that says nothing about anybody."""
    return f"scans/{uuid.uuid4().hex}"


class IncomingScanQuerySet(models.QuerySet["IncomingScan"]):
    """Questions about scans that wait."""

    def older_than(self, moment: dt.datetime) -> "IncomingScanQuerySet":
        """Those that were received before `moment`."""
        return self.filter(received_at__lt=moment)


class IncomingScan(ProtectedRecord):
    """A scan on its way to a document: seen by whoever uploaded it only, thrown away when nobody says where it belongs.

    `codes` are the words of our QR codes that were read from it, as they were printed; a code of others is an empty text.
    """

    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), storage=private_storage, upload_to=incoming_path)
    codes = models.JSONField(_("codes"), default=list)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received at"))

    objects = IncomingScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan on its way")
        verbose_name_plural = _("scans on their way")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return self.name
