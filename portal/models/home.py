"""The first page: what is this, can it help me, whom do I call now."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from portal.blocks import StepBlock, body_blocks
from portal.models.pages import PublicPage
from portal.models.programmes import ProgrammePage


class HomePage(PublicPage):
    """The page that answers a frightened parent at night."""

    intro = models.TextField(_("what this is"), blank=True)
    can_help = StreamField(
        [("item", blocks.CharBlock(label=_("With what"), max_length=300))],
        verbose_name=_("what we help with"),
        blank=True,
    )
    steps = StreamField([("step", StepBlock())], verbose_name=_("what to do now"), blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)

    searched_fields = ("intro", "can_help", "steps", "body")
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("can_help"),
        FieldPanel("steps"),
        FieldPanel("body"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "portal.ProgrammeIndexPage",
        "portal.MethodologyIndexPage",
        "portal.ContactsPage",
        "portal.ResourceMapPage",
        "portal.ContactRequestPage",
        "portal.TextPage",
        "forms_library.FormsCatalogue",
    ]
    template = "portal/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the programmes, in the order in which editors put them."""
        context = super().get_context(request, *args, **kwargs)
        context["programmes"] = ProgrammePage.objects.descendant_of(self).live().public().order_by("path")
        return context
