"""What the specialists' workplace shows around its screens."""

from django import template
from django.template import Context

from forms_library.models import FormsCatalogue

register = template.Library()


@register.simple_tag(takes_context=True)
def forms_catalogue_url(context: Context) -> str:
    """Return the address of the published catalogue of official forms; empty while there is none."""
    catalogue = FormsCatalogue.objects.live().first()
    return (catalogue.get_url(context.get("request")) or "") if catalogue else ""
