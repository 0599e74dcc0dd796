"""Fixtures of the library: its catalogue with its people, and pages that are drawn anew for each test."""

import pytest

from tests.forms_library import drafting


@pytest.fixture
def lib():
    """An empty catalogue on a site, and the people who keep it."""
    return drafting.library()


@pytest.fixture(autouse=True)
def no_page_cache(settings):
    settings.PUBLIC_PAGE_CACHE_SECONDS = 0
