"""Real families: every secret comes from the environment, and nothing starts without them."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import SILENCED_SYSTEM_CHECKS, STORAGES, database, env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DATABASES = {"default": database(env.str("DATABASE_URL"))}
CACHES = {"default": env.cache_url("CACHE_URL")}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
WAGTAILADMIN_BASE_URL = env.str("SITE_URL")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
vars().update(env.email_url("EMAIL_URL"))  # without it mail about new cases would go to the console
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
DATA_OFFICER_EMAIL = env.str("DATA_OFFICER_EMAIL")  # the page of emergencies promises that they hear at once
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)

# Wagtail's preview shows a page inside the admin, from the same address: SAMEORIGIN is meant.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W019"]
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# Files in S3 where more than one machine serves the site; both buckets stay closed to the world.
if bucket := env.str("S3_BUCKET", default=""):
    s3 = {
        "bucket_name": bucket,
        "endpoint_url": env.str("S3_ENDPOINT"),
        "access_key": env.str("S3_ACCESS_KEY"),
        "secret_key": env.str("S3_SECRET_KEY"),
        "default_acl": "private",
        "querystring_auth": True,
    }
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**s3, "location": "media"}}
    STORAGES["private"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**s3, "location": "private"}}
