"""Карта ресурсов района (S004): what help there is nearby, for whom, where, and whether there is room. Public; nobody's data."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet

from forms_library.models.agencies import Agency

STALE_AFTER = dt.timedelta(days=183)
"""Half a year: whoever calls a number that nobody has looked at for longer may call in vain (our own proposal)."""


class Domain(models.TextChoices):
    """The six domains in which the source looks at a family (S004, «Анализ кейса»)."""

    HOUSING_WORK_INCOME = "housing_work_income", _("Housing, work, income")
    HEALTH = "health", _("Health")
    SAFETY_STABILITY = "safety_stability", _("Safety, stability, protection")
    EDUCATION_DEVELOPMENT = "education_development", _("Education and development")
    INSIDE_FAMILY = "inside_family", _("Relations within the family")
    OUTSIDE_FAMILY = "outside_family", _("Relations outside the family")


class Audience(models.TextChoices):
    """Whom a service is for."""

    EVERYBODY = "everybody", _("everybody")
    INFANTS = "infants", _("children up to 3 years")
    PRESCHOOL = "preschool", _("children of 3–7 years")
    SCHOOL_AGE = "school_age", _("schoolchildren")
    TEENAGERS = "teenagers", _("teenagers")
    PARENTS = "parents", _("parents")
    DISABILITY = "disability", _("families with a disabled child")
    NEED = "need", _("families in need")


class LocalServiceQuerySet(models.QuerySet["LocalService"]):
    """Questions about the map."""

    def shown(self) -> "LocalServiceQuerySet":
        """Those that the site shows: kept by nobody in particular, or by an agency that works now."""
        return self.filter(Q(agency=None) | Q(agency__is_open=True), is_shown=True)

    def narrowed(
        self, *, territory: str = "", domain: str = "", audience: str = "", has_room: bool = False
    ) -> "LocalServiceQuerySet":
        """Those that fit what somebody looks for; an empty word narrows nothing. What is for everybody fits everybody."""
        found = self
        if territory:
            found = found.filter(territory=territory)
        if domain:
            found = found.filter(domain=domain)
        if audience:
            fits = ServiceAudience.objects.filter(who__in=[audience, Audience.EVERYBODY])
            found = found.filter(pk__in=fits.values("service"))
        return found.filter(free_places__gt=0) if has_room else found

    def stale(self, *, today: dt.date) -> "LocalServiceQuerySet":
        """Those that nobody has checked for half a year."""
        return self.filter(checked_on__lt=today - STALE_AFTER)


@register_snippet
class LocalService(ClusterableModel):
    """One service on the map of the district. `agency` keeps the entry up to date; `provider` says who gives the help."""

    name = models.CharField(_("name"), max_length=200)
    gives = models.TextField(_("what it gives"))
    domain = models.CharField(_("domain"), max_length=40, choices=Domain.choices)
    territory = models.CharField(_("district"), max_length=200)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="local_services",
        null=True,
        blank=True,
        verbose_name=_("which agency keeps the entry"),
    )
    provider = models.CharField(
        _("who gives the help"), max_length=200, blank=True, help_text=_("If it is not the agency that keeps the entry")
    )
    conditions = models.TextField(_("conditions and what to bring"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    hours = models.CharField(_("when"), max_length=200, blank=True)
    cost = models.CharField(_("price"), max_length=120, blank=True, help_text=_("Leave blank when it is free"))
    free_places = models.PositiveSmallIntegerField(
        _("free places"), null=True, blank=True, help_text=_("Leave blank when it is not known or not limited")
    )
    places_on = models.DateField(_("free places as of"), null=True, blank=True)
    is_shown = models.BooleanField(_("shown on the site"), default=True)
    checked_on = models.DateField(_("checked on"))

    objects = LocalServiceQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldPanel("gives"),
        FieldRowPanel([FieldPanel("domain"), FieldPanel("territory")]),
        InlinePanel("audiences", label=_("for whom"), heading=_("For whom"), min_num=1),
        FieldRowPanel([FieldPanel("agency"), FieldPanel("provider")]),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("address"),
                FieldPanel("hours"),
                FieldPanel("cost"),
                FieldPanel("conditions"),
            ],
            heading=_("How to reach it"),
        ),
        FieldRowPanel([FieldPanel("free_places"), FieldPanel("places_on")]),
        FieldRowPanel([FieldPanel("is_shown"), FieldPanel("checked_on")]),
    ]

    class Meta:
        verbose_name = _("service on the map of the district")
        verbose_name_plural = _("map of the district")
        ordering = ["territory", "domain", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(free_places__isnull=True) | Q(places_on__isnull=False),
                name="free_places_have_a_day",
                violation_error_message=_("Say as of which day the number of free places is known."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise `ValidationError` when nobody is named who gives the help."""
        super().clean()
        if not self.agency_id and not self.provider:
            raise ValidationError({"provider": _("Say who gives the help: an agency, or the name of an organisation.")})

    @property
    def who_gives(self) -> str:
        """Who gives the help, for people who look for it."""
        return self.provider or (self.agency.name if self.agency else "")

    @property
    def in_words(self) -> str:
        """The service as a plan names it: what, who gives it, where to call."""
        return ", ".join(filter(None, [self.name, self.who_gives, self.phone]))

    @property
    def audience_words(self) -> str:
        """For whom it is, in words."""
        return ", ".join(str(each.get_who_display()) for each in self.audiences.all())

    def is_stale(self, *, today: dt.date) -> bool:
        """Return whether nobody has checked the entry for half a year."""
        return self.checked_on < today - STALE_AFTER


class ServiceAudience(models.Model):
    """One group of people whom a service is for."""

    service = ParentalKey(LocalService, on_delete=models.CASCADE, related_name="audiences")
    who = models.CharField(_("for whom"), max_length=20, choices=Audience.choices)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("for whom")
        constraints = [models.UniqueConstraint(fields=["service", "who"], name="audience_once_for_a_service")]

    def __str__(self) -> str:
        return str(self.get_who_display())
