"""One machine, one command: what `make run` uses. Nothing here is fit for real families."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import STATIC_ROOT, STORAGES, VAR_DIR, env
from portal.settings.secrets import kept_secret

DEMO_ALLOWED = True
DEBUG = env.bool("DEBUG", default=False)
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise looks for it
SECRET_KEY = kept_secret(VAR_DIR / "secret_key")
WAGTAILADMIN_BASE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
WHITENOISE_USE_FINDERS = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DATA_OFFICER_EMAIL = env.str("DATA_OFFICER_EMAIL", default="personal.data@ochag.example")
