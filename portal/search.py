"""Search of the public site: pages and official forms, found by any inflection of the words."""

import unicodedata
from collections.abc import Sequence
from typing import cast

from wagtail.models import Page, Site
from wagtail.search.query import PlainText

from forms_library.morphology import WORD, lemmas

LONGEST_QUERY = 200


def cleaned(query: str) -> str:
    """Return what a visitor typed without signs that no text has, cut to a length that no question needs."""
    printable = "".join(" " if unicodedata.category(char).startswith("C") else char for char in query)
    return " ".join(printable.split())[:LONGEST_QUERY].strip()


def found_pages(query: str, *, site: Site | None) -> Sequence[Page]:
    """Return the published pages of `site` where all the words of a cleaned query occur, best first."""
    words = " ".join(WORD.findall(query))
    if site is None or not words:
        return []
    pages = Page.objects.live().public().descendant_of(site.root_page, inclusive=True).specific()
    either = PlainText(lemmas(words), operator="and") | PlainText(words, operator="and")
    # A search result of Wagtail: counted and cut like a list, and no sooner read than that.
    return cast("Sequence[Page]", pages.search(either))
