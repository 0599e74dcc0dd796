"""Programmes: what a family can be given, and how."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from forms_library.models import Agency
from portal.blocks import RICH_LINE, body_blocks
from portal.models.pages import PublicPage


class ProgrammeIndexPage(PublicPage):
    """The list of programmes."""

    intro = models.TextField(_("introduction"), blank=True)

    searched_fields = ("intro",)
    content_panels = [*PublicPage.content_panels, FieldPanel("intro")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.ProgrammePage"]
    template = "portal/programme_index_page.html"

    class Meta:
        verbose_name = _("list of programmes")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the programmes, in the order in which editors put them."""
        context = super().get_context(request, *args, **kwargs)
        context["programmes"] = ProgrammePage.objects.child_of(self).live().public().order_by("path")
        return context


class ProgrammePage(PublicPage):
    """One programme. It always ends with what to do next."""

    summary = models.TextField(_("the main thing in two lines"))
    for_whom = models.TextField(_("for whom"), blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)
    next_step = RichTextField(
        _("what to do next"),
        blank=True,
        features=RICH_LINE,
        help_text=_("Left empty, the page still ends with the telephone and the contact request"),
    )
    contact_agency = models.ForeignKey(
        Agency, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("whom to ask")
    )

    searched_fields = ("summary", "for_whom", "body", "next_step")
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("for_whom"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("next_step"), FieldPanel("contact_agency")], heading=_("What to do next")),
    ]
    parent_page_types = ["portal.ProgrammeIndexPage"]
    subpage_types: list[str] = []
    template = "portal/programme_page.html"

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
