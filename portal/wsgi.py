"""What the server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

django_application = get_wsgi_application()

from portal.page_cache import KeptPagesFirst  # noqa: E402 -- it needs the apps that Django has just loaded

# A page that is kept costs several times less CPU when Django is not even asked (docs/performance.md).
application = KeptPagesFirst(django_application)
