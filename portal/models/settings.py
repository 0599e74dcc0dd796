"""What every page of the site shows: whom to call, when somebody answers, where «leave quickly» leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from forms_library.models import Agency


@register_setting(icon="mobile-alt")
class SiteContacts(BaseSiteSetting):
    """The first telephone of the site and the words that stand beside it."""

    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours = models.CharField(
        _("hours in words"), max_length=200, blank=True, help_text=_("Shown when the agency has no hours")
    )
    one_window = models.ForeignKey(
        Agency,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("“One window” service"),
        help_text=_("Its hours decide whether the site says “open now”"),
    )
    emergency_text = models.TextField(_("when there is danger"), blank=True)
    notice = models.CharField(_("short notice on every page"), max_length=300, blank=True)
    quick_exit_url = models.URLField(_("where “leave quickly” leads"), blank=True)

    select_related = ["one_window"]
    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("phone"), FieldPanel("hours")]), FieldPanel("one_window")],
            heading=_("Whom to call"),
        ),
        FieldPanel("emergency_text"),
        FieldPanel("notice"),
        FieldPanel("quick_exit_url"),
    ]

    class Meta:
        verbose_name = _("contacts of the site")
