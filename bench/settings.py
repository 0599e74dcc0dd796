"""The product's own settings on a scratch database (`OCHAG_VAR`, `DATABASE_URL`), with the peers installed beside it."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import INSTALLED_APPS, STATIC_ROOT, STORAGES, env

DEBUG = False
DEMO_ALLOWED = True
SECRET_KEY = "bench-only"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [*INSTALLED_APPS, "bench.bare"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ACCOUNT_RATE_LIMITS = False  # one client sends hundreds of requests
PUBLIC_PAGE_CACHE_SECONDS = 600  # nothing falls out of the cache while it is measured


class _WithoutMigrations(dict):
    """Tables straight from the models: the case lists need the tables and indexes, not their history."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


if env.bool("BENCH_PLAIN_TABLES", default=False):
    MIGRATION_MODULES = _WithoutMigrations()
