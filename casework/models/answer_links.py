"""A link by which an agency without accounts answers one question: one purpose, once, opened by a word told by telephone."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.drafts import Draft
from casework.models.files import CaseFile
from casework.models.protected import ProtectedRecord
from forms_library.models import Edition


class AnswerLink(ProtectedRecord):
    """What was asked of whom, and what has come. The secret of the address and the word are kept as hashes only.

    `typed` keeps what was typed into the form `edition` as it came; `draft` is the same in the hands of the case's curator,
    who reads it and files it.
    """

    MOST_WRONG_WORDS = 5
    """After so many wrong words the link leads nowhere for ever."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answer_links", verbose_name=_("case"))
    addressee = models.CharField(_("who is to answer"), max_length=200)
    purpose = models.TextField(_("what is asked"))
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("form to fill in")
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    word_hash = models.CharField(max_length=64)
    wrong_words = models.PositiveSmallIntegerField(_("wrong words"), default=0)
    last_day = models.DateField(_("up to and including"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.CharField(_("who answered, in their own words"), max_length=200, blank=True)
    words = models.TextField(_("answer"), blank=True)
    typed = models.JSONField(_("form as it was typed"), default=dict)
    draft = models.OneToOneField(
        Draft, on_delete=models.SET_NULL, related_name="answer_link", null=True, verbose_name=_("draft")
    )
    files = models.ManyToManyField(CaseFile, related_name="+", verbose_name=_("files"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("answer link")
        verbose_name_plural = _("answer links")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong words were tried."""
        return self.wrong_words >= self.MOST_WRONG_WORDS

    def state(self, *, today: dt.date) -> str:
        """Return where it stands on the day `today`: «answered», «withdrawn», «locked», «over» or «open»."""
        if self.answered_at:
            return "answered"
        if self.withdrawn_at:
            return "withdrawn"
        if self.is_locked:
            return "locked"
        return "open" if self.last_day >= today and self.case.is_running else "over"

    def is_open(self, *, today: dt.date) -> bool:
        """Return whether it can still be answered on the day `today`."""
        return self.state(today=today) == "open"
