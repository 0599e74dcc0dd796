"""Fixtures for every test."""

import pytest
from django.core.cache import cache

from tests.flushing import flush_means_as_migrated

__all__ = ["flush_means_as_migrated"]


@pytest.fixture(autouse=True)
def fresh_cache():
    """Limits and cached pages of one test never reach another."""
    cache.clear()
