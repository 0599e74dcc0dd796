"""Quick: weak hashing, plain static files, mail kept in memory."""

import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import STORAGES, VAR_DIR, database, env

DEBUG = False
DEMO_ALLOWED = True
SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
# A room of its own: what tests leave there must not look like somebody's portal.
VAR_DIR = VAR_DIR / "test"
VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": database(env.str("TEST_DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'unused.sqlite3'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads that write need a real one.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
else:
    DATABASES["default"]["OPTIONS"].pop("pool")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A page kept by one test would be shown to the next.
PUBLIC_PAGE_CACHE_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="ochag-media-"))
PRIVATE_ROOT = Path(tempfile.mkdtemp(prefix="ochag-private-"))
STORAGES["private"] = {**STORAGES["private"], "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests say themselves when there is an office: what is installed on the machine changes nothing.
LIBREOFFICE = "no-office"
