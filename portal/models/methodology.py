"""Methodology: how specialists work, who answers for the text and when it must be looked at again."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from portal.blocks import body_blocks
from portal.models.pages import PublicPage


class MethodologyIndexPage(PublicPage):
    """The list of methodological pages."""

    intro = models.TextField(_("introduction"), blank=True)

    searched_fields = ("intro",)
    content_panels = [*PublicPage.content_panels, FieldPanel("intro")]
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.MethodologyPage"]
    template = "portal/methodology_index_page.html"

    class Meta:
        verbose_name = _("list of methodological pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages, in the order in which editors put them."""
        context = super().get_context(request, *args, **kwargs)
        context["entries"] = MethodologyPage.objects.child_of(self).live().public().order_by("path")
        return context


class MethodologyPage(PublicPage):
    """One methodological text, with its owner, its legal basis and the day it must be looked at again."""

    summary = models.TextField(_("the main thing in two lines"), blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)
    text_owner = models.CharField(_("who answers for the text"), max_length=300, help_text=_("Post and agency"))
    legal_basis = models.TextField(_("legal basis"), blank=True)
    review_by = models.DateField(_("review by"), null=True, blank=True)

    searched_fields = ("summary", "body", "legal_basis")
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("text_owner"), FieldPanel("review_by")]), FieldPanel("legal_basis")],
            heading=_("Who answers for it"),
        ),
    ]
    parent_page_types = ["portal.MethodologyIndexPage"]
    subpage_types: list[str] = []
    template = "portal/methodology_page.html"

    class Meta:
        verbose_name = _("methodological page")
        verbose_name_plural = _("methodological pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add whether the day of review has passed."""
        context = super().get_context(request, *args, **kwargs)
        context["needs_review"] = self.review_by is not None and self.review_by < timezone.localdate()
        return context
