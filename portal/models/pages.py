"""What all pages of the public site have in common."""

from typing import Any

from django.utils.html import strip_tags
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from forms_library.morphology import lemmas


class PublicPage(Page):
    """A page that search finds by any inflection of its words."""

    # Fields whose words search looks at, beside the title.
    searched_fields: tuple[str, ...] = ()

    search_fields = [*Page.search_fields, index.SearchField("search_lemmas")]

    class Meta:
        abstract = True

    @property
    def search_lemmas(self) -> str:
        """The words of the page in their dictionary shape."""
        return lemmas(" ".join([self.title, *(words(self, name) for name in self.searched_fields)]))


def words(page: Page, field_name: str) -> str:
    """Return the plain text of one field of a page."""
    value: Any = getattr(page, field_name)
    if isinstance(page._meta.get_field(field_name), StreamField):
        return " ".join(strip_tags(str(text)) for text in value.stream_block.get_searchable_content(value))
    return strip_tags(str(value or "").replace("<", " <"))
