"""A page and a form as Wagtail's own guide makes them, and nothing more."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.fields import StreamField
from wagtail.models import Page, Site


def navigation(page: Page, request: HttpRequest) -> dict[str, Any]:
    """Return the menu and the way back."""
    root = Site.find_for_request(request).root_page
    return {
        "menu": root.get_children().live().public().in_menu(),
        "crumbs": page.get_ancestors().live().filter(depth__gte=root.depth),
    }


class BarePage(Page):
    """Headings and text, with navigation."""

    body = StreamField([("heading", blocks.CharBlock()), ("paragraph", blocks.RichTextBlock())], blank=True)
    template = "bare/page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | navigation(self, request)


class BareFormField(AbstractFormField):
    page = ParentalKey("BareForm", on_delete=models.CASCADE, related_name="form_fields")


class BareForm(AbstractForm):
    """A form whose submissions Wagtail keeps."""

    template = "bare/form.html"
    landing_page_template = "bare/landing.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | navigation(self, request)
