"""Plain pages: about the portal, its rules, personal data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from portal.blocks import body_blocks
from portal.models.pages import PublicPage


class TextPage(PublicPage):
    """A page of text; it may have pages below it."""

    summary = models.TextField(_("the main thing in two lines"), blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)

    searched_fields = ("summary", "body")
    content_panels = [*PublicPage.content_panels, FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["portal.HomePage", "portal.TextPage"]
    subpage_types = ["portal.TextPage"]
    template = "portal/text_page.html"

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
