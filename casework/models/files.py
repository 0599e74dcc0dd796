"""Files of a case: scans and photographs. They lie outside every public address; only casework hands them out."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord


def private_storage() -> Storage:
    """Return the storage that no web address leads to."""
    return storages["private"]


def file_path(instance: "CaseFile", filename: str) -> str:
    """Return where a file is kept: a name that says nothing about anybody."""
    return f"cases/{uuid.uuid4().hex}"


class CaseFile(ProtectedRecord):
    """One uploaded file."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files", verbose_name=_("case"))
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=120)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_path)
    uploaded_by = models.ForeignKey(  # nobody of ours: it came by an answer link
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("file of the case")
        verbose_name_plural = _("files of the case")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class FileState(models.TextChoices):
    """What is known about viruses in a file. A file that has no result waits where there is a scanner, and only there."""

    NOT_SCANNED = "not_scanned", _("not scanned for viruses")
    WAITING = "waiting", _("being scanned for viruses")
    CLEAN = "clean", _("no viruses found")
    INFECTED = "infected", _("a virus was found")


class FileResult(ProtectedRecord):
    """What the virus scanner said about a file, once. Never changes."""

    file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="result", verbose_name=_("file"))
    state = models.CharField(
        _("result"),
        max_length=20,
        choices=[choice for choice in FileState.choices if choice[0] in {FileState.CLEAN, FileState.INFECTED}],
    )
    found = models.CharField(_("what was found"), max_length=200, blank=True)
    scanned_at = models.DateTimeField(_("scanned at"))

    class Meta:
        verbose_name = _("result of a virus scan")
        verbose_name_plural = _("results of virus scans")

    def __str__(self) -> str:
        return f"{self.file_id}: {self.state}"
