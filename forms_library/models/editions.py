"""Editions: the wording of a form, or of a procedure, that is, or was, in force.

An edition never changes and is never deleted; the database itself refuses both. When it stops being in force, that is
said by a row of its own (`EditionEnd`).
"""

import datetime as dt
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from forms_library.schema import Schema, digest

_Row = TypeVar("_Row", bound=models.Model)


class InForceQuerySet(models.QuerySet[_Row]):
    """The question that every kind of editions is asked."""

    def in_force(self, *, at: dt.datetime) -> Self:
        """Those in force at the moment `at`: at most one for each form or procedure."""
        return self.filter(in_force_from__lte=at).filter(Q(end__isnull=True) | Q(end__in_force_to__gt=at))


class BaseEdition(models.Model):
    """What every edition states, whatever it lays down: the wording's name, its act, its four eyes, its time in force."""

    issuing_agency_name: Any
    number = models.PositiveIntegerField(_("number"))
    code = models.CharField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=255)
    purpose = models.TextField(_("purpose"))
    legal_basis = models.CharField(_("legal basis"), max_length=500)
    digest = models.CharField(_("digest of the edition"), max_length=64)
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True, default="")
    act_date = models.DateField(_("date of the act"), null=True)
    act_reason = models.TextField(_("why this edition"), blank=True, default="")
    review_on = models.DateField(_("review on"), null=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drafted by"), null=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"))
    in_force_from = models.DateTimeField(_("in force from"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.title}, № {self.number}"

    def frozen(self) -> dict[str, Any]:
        """Return everything that the digest stands for."""
        raise NotImplementedError

    @property
    def in_force_to(self) -> dt.datetime | None:
        """When it stopped being in force; `None` while it is."""
        end: Any = getattr(self, "end", None)
        return end.in_force_to if end else None

    def is_in_force(self, *, at: dt.datetime) -> bool:
        """Return whether it is in force at the moment `at`."""
        return self.in_force_from <= at and (self.in_force_to is None or self.in_force_to > at)

    def is_as_frozen(self) -> bool:
        """Return whether it still says what its digest stands for."""
        return self.digest == digest(self.frozen())


class BaseEditionEnd(models.Model):
    """The moment an edition stopped being in force, and why. Never changed, never deleted."""

    class Reason(models.TextChoices):
        SUPERSEDED = "superseded", _("replaced by the next edition")
        WITHDRAWN = "withdrawn", _("withdrawn")

    edition: Any
    in_force_to = models.DateTimeField(_("in force to"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_reason_display()}"


class EditionQuerySet(InForceQuerySet["Edition"]):
    """Questions about editions."""

    def last_of_each_form(self) -> "EditionQuerySet":
        """One edition for each form, in force or not: that of the highest number."""
        same_form = Edition.objects.filter(official_form=models.OuterRef("official_form"))
        return self.filter(pk=models.Subquery(same_form.order_by("-number").values("pk")[:1]))

    def with_proofs(self) -> "EditionQuerySet":
        """All of them by form and number, each with its proof."""
        return self.select_related("proof").order_by("code", "number")

    def without_template(self) -> "EditionQuerySet":
        """The same editions, without reading their Word templates from the database."""
        return self.defer("docx_template")


class Edition(BaseEdition):
    """One approved wording of an official form, with everything that is needed to fill and print it for ever."""

    official_form = models.ForeignKey(
        "forms_library.OfficialForm", on_delete=models.PROTECT, related_name="editions", verbose_name=_("official form")
    )
    filled_by = models.CharField(_("who fills it in"), max_length=300)
    received_by = models.CharField(_("who receives it"), max_length=300)
    issuing_agency_name = models.CharField(_("issuing agency"), max_length=300)
    audience = models.CharField(_("who sees it online"), max_length=20)
    questions = models.JSONField(_("questions"))
    docx_template = models.BinaryField(_("Word template"))
    template_sha256 = models.CharField(_("SHA-256 of the template"), max_length=64)
    restriction_mark = models.CharField(_("restriction mark"), max_length=60, blank=True, default="")

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["official_form", "number"], name="edition_number_once_per_form"),
            models.CheckConstraint(
                condition=~Q(approved_by=models.F("drafted_by")) | Q(drafted_by=None), name="edition_has_four_eyes"
            ),
        ]

    @property
    def page_id(self) -> int:
        """The number of the page on which it is drafted."""
        return self.official_form_id

    @cached_property
    def schema(self) -> Schema:
        """The typed questions of this edition."""
        return Schema.from_json(self.questions)

    def is_as_frozen(self) -> bool:
        """The same for a form: those frozen before papers could bear a restriction mark have none in their digest."""
        unmarked = {name: value for name, value in self.frozen().items() if name != "restriction_mark"}
        return super().is_as_frozen() or (not self.restriction_mark and self.digest == digest(unmarked))

    def about(self) -> dict[str, str]:
        """Return what its Word template may print about the form itself, as `about.<name>`."""
        return {
            "title": self.title,
            "code": self.code,
            "edition": str(self.number),
            "legal_basis": self.legal_basis,
            "issuing_agency": self.issuing_agency_name,
            "restriction_mark": self.restriction_mark,
        }

    def frozen(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "purpose": self.purpose,
            "filled_by": self.filled_by,
            "received_by": self.received_by,
            "legal_basis": self.legal_basis,
            "issuing_agency": self.issuing_agency_name,
            "audience": self.audience,
            "questions": self.questions,
            "template_sha256": self.template_sha256,
            "restriction_mark": self.restriction_mark,
        }


class EditionEnd(BaseEditionEnd):
    """When, and why, an edition of a form stopped being in force."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="end", verbose_name=_("edition"))

    class Meta:
        verbose_name = _("end of an edition")
        verbose_name_plural = _("ends of editions")


class EditionProof(models.Model):
    """What a sample of an edition's papers was, byte by byte, so that anybody can prove later that it still is.

    Never changed, never deleted (`manage.py check_editions`).
    """

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="proof", verbose_name=_("edition"))
    answers = models.JSONField(_("sample answers"))
    name_forms = models.JSONField(_("inflected names"), default=dict)
    sha256 = models.CharField(_("SHA-256 of the filled sample"), max_length=64)
    blank_sha256 = models.CharField(_("SHA-256 of the blank"), max_length=64)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("proof of an edition")
        verbose_name_plural = _("proofs of editions")

    def __str__(self) -> str:
        return f"{self.edition}: {self.sha256[:12]}"
