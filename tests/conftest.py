"""Fixtures for every test."""

import pytest
from django.core.cache import cache

from tests.immutability_fixture import flush_passes_immutable_rows

__all__ = ["flush_passes_immutable_rows"]


@pytest.fixture(autouse=True)
def fresh_cache():
    """Limits and cached pages of one test never reach another."""
    cache.clear()
