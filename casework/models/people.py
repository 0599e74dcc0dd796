"""The people of a case, entered once and used by every form that is filled in it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord


class PersonRole(models.TextChoices):
    """Who somebody is in the case."""

    CHILD = "child", _("child")
    MOTHER = "mother", _("mother")
    FATHER = "father", _("father")
    REPRESENTATIVE = "representative", _("legal representative")
    RELATIVE = "relative", _("relative")
    APPLICANT = "applicant", _("who asked for contact")


class Person(ProtectedRecord):
    """One person of a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people", verbose_name=_("case"))
    role = models.CharField(_("role"), max_length=20, choices=PersonRole.choices)
    full_name = models.CharField(_("full name"), max_length=200)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    snils = models.CharField(
        _("SNILS"), max_length=14, blank=True, default="", help_text=_("Like this: 112-233-445 95")
    )
    school = models.CharField(_("school or kindergarten"), max_length=200, blank=True)
    school_class = models.CharField(_("class or group"), max_length=40, blank=True)
    is_mistake = models.BooleanField(
        _("entered by mistake"),
        default=False,
        help_text=_("The person stays in the list, but no form is filled with them."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    token = models.UUIDField(_("token of the page it was typed on"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("person of the case")
        verbose_name_plural = _("people of the case")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.full_name


class PersonKey(ProtectedRecord):
    """One way in which a child of a case may be named: what the question «is this child known?» is looked up by.

    Made from the person by `casework.same_person`, kept in step by `casework.actions.person_keys`.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys", verbose_name=_("person"))
    key = models.CharField(_("key"), max_length=250)
    birth_date = models.DateField(_("date of birth"), null=True)

    class Meta:
        verbose_name = _("key of a person")
        verbose_name_plural = _("keys of people")
        indexes = [models.Index(fields=["key", "birth_date"], name="person_by_key")]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="person_has_a_key_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.key}"
