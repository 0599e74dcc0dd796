"""The page where a parent asks to be contacted.

The words around the form belong to editors; the form itself, and everything a parent types into it, belong to the
protected records. This page only hands the request over, to the view named in `settings.CONTACT_REQUEST_VIEW`.
"""

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField

from portal.blocks import RICH_LINE, body_blocks
from portal.models.pages import PublicPage


class ContactRequestPage(RoutablePageMixin, PublicPage):
    """«Ask to be contacted»: the form, the receipt, the state of a request."""

    intro = models.TextField(_("introduction"), blank=True)
    what_happens_next = StreamField(body_blocks(), verbose_name=_("what happens next"), blank=True)
    privacy_note = RichTextField(_("who sees what is written"), blank=True, features=RICH_LINE)

    searched_fields = ("intro", "what_happens_next", "privacy_note")
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("what_happens_next"),
        FieldPanel("privacy_note"),
    ]
    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("contact request page")

    @path("")
    def ask(self, request: HttpRequest) -> HttpResponse:
        """Show and take the request."""
        return self._hand_over(request, step="")

    @path("gotovo/", name="receipt")
    def receipt(self, request: HttpRequest) -> HttpResponse:
        """Show the receipt of a request that was taken."""
        return self._hand_over(request, step="receipt")

    @path("sostoyanie/", name="state")
    def state(self, request: HttpRequest) -> HttpResponse:
        """Show how far a request has got to whoever knows its number and code."""
        return self._hand_over(request, step="state")

    def _hand_over(self, request: HttpRequest, *, step: str) -> HttpResponse:
        response: HttpResponse = import_string(settings.CONTACT_REQUEST_VIEW)(request, page=self, step=step)
        # What a family types or reads here is kept by no cache, neither ours nor the browser's.
        patch_cache_control(response, private=True, no_store=True)
        return response
