"""The bodies that help families (domain.md A.1): who they are, where they are, when somebody answers."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index
from wagtail.snippets.models import register_snippet


class AgencyKind(models.TextChoices):
    """Kinds of agencies, by the codes of domain.md A.1."""

    ONE_WINDOW = "one_window", _("“One window” service")
    JUVENILE_COMMISSION = "juvenile_commission", _("Commission on juvenile affairs")
    GUARDIANSHIP_BODY = "guardianship_body", _("Guardianship body")
    SOCIAL_SERVICE_ORG = "social_service_org", _("Social service organisation")
    KCSON = "kcson", _("Comprehensive social service centre")
    SRCN = "srcn", _("Social rehabilitation centre for minors")
    FAMILY_CENTRE = "family_centre", _("Family and children help centre")
    ORPHAN_ORG = "orphan_org", _("Organisation for orphaned children")
    KIN_SERVICE = "kin_service", _("Service of cooperation with the birth family")
    POLICE_JUVENILE_UNIT = "police_juvenile_unit", _("Police juvenile unit")
    EDUCATION_ORG = "education_org", _("Educational organisation")
    HEALTH_ORG = "health_org", _("Medical organisation")
    FAMILY_DEPARTMENT = "family_department", _("Regional department for families and children")


def validate_time_zone(value: str) -> None:
    """Raise `ValidationError` unless `value` names a time zone."""
    if value not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list, for example Asia/Novosibirsk."), code="time_zone")


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Questions about agencies."""

    def open(self) -> "AgencyQuerySet":
        """Those that work today; a closed agency keeps its cases but takes nothing new."""
        return self.filter(is_open=True)

    def taking_requests(self) -> "AgencyQuerySet":
        """Those that parents may write to from the site."""
        return self.open().filter(takes_requests=True)

    def one_window(self) -> "AgencyQuerySet":
        """The single desks that take a request when a parent does not know whom to ask (S004)."""
        return self.taking_requests().filter(kind=AgencyKind.ONE_WINDOW)


@register_snippet
class Agency(index.Indexed, ClusterableModel):
    """A body or institution of the prevention system."""

    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("Latin letters, used in addresses"))
    name = models.CharField(_("full name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=120)
    name_genitive = models.CharField(_("full name in the genitive"), max_length=300, blank=True)
    name_dative = models.CharField(_("full name in the dative"), max_length=300, blank=True)
    name_instrumental = models.CharField(_("full name in the instrumental"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=40, choices=AgencyKind.choices)
    territory = models.CharField(_("territory"), max_length=200, help_text=_("District or municipality it works for"))
    region = models.CharField(
        _("region"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Subject of the Federation, for days off of its own: for example Новосибирская область"),
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    directions = models.TextField(_("how to get there"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Asia/Novosibirsk", validators=[validate_time_zone]
    )
    helps_with = models.TextField(_("what it helps with"), blank=True)
    bring_along = models.TextField(_("what to come with"), blank=True)
    is_open = models.BooleanField(_("works now"), default=True)
    takes_requests = models.BooleanField(
        _("takes requests from the site"), default=False, help_text=_("Parents may choose it in the contact request")
    )

    objects = AgencyQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("short_name"), FieldPanel("code")]),
        MultiFieldPanel(
            [FieldPanel("name_genitive"), FieldPanel("name_dative"), FieldPanel("name_instrumental")],
            heading=_("The name in papers"),
            help_text=_("“Of the centre”, “to the centre”, “by the centre”. What is left blank is suggested."),
        ),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("territory"), FieldPanel("region")]),
        FieldPanel("helps_with"),
        MultiFieldPanel(
            [FieldPanel("address"), FieldPanel("directions"), FieldPanel("email"), FieldPanel("bring_along")],
            heading=_("How to reach it"),
        ),
        InlinePanel("phones", label=_("telephone"), heading=_("Telephones")),
        InlinePanel("opening_hours", label=_("hours"), heading=_("Opening hours")),
        FieldPanel("time_zone"),
        FieldRowPanel([FieldPanel("is_open"), FieldPanel("takes_requests")]),
    ]
    search_fields = [
        index.SearchField("name"),
        index.SearchField("short_name"),
        index.AutocompleteField("name"),
        index.FilterField("is_open"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.short_name

    @property
    def name_forms(self) -> dict[str, str]:
        """The full name in those cases that somebody has written down, by the codes that Word templates use."""
        written = {"gen": self.name_genitive, "dat": self.name_dative, "ins": self.name_instrumental}
        return {case: form for case, form in written.items() if form}

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return `moment` as the clock on the agency's wall shows it (D8)."""
        return moment.astimezone(ZoneInfo(self.time_zone))


class AgencyPhone(models.Model):
    """A telephone number as people dial it."""

    agency = ParentalKey(Agency, on_delete=models.CASCADE, related_name="phones")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    number = models.CharField(
        _("number"), max_length=40, help_text=_("As it is dialled, for example 8 (383) 344-83-54")
    )
    note = models.CharField(_("who answers"), max_length=120, blank=True)

    class Meta:
        ordering = ["sort_order"]
        verbose_name = _("telephone")

    def __str__(self) -> str:
        return self.number


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OpeningHours(models.Model):
    """One stretch of a weekday when somebody answers; a lunch break makes two rows."""

    agency = ParentalKey(Agency, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("till"))

    panels = [FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens_at"), FieldPanel("closes_at")])]

    class Meta:
        ordering = ["weekday", "opens_at"]
        verbose_name = _("opening hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="opening_hours_end_after_start",
                violation_error_message=_("Closing time must be later than opening time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"
