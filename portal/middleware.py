"""What stands around every answer: the content security policy, and words for what the admin cannot delete."""

from collections.abc import Callable

from csp.constants import UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

ADMIN_PREFIX = "/admin/"
# Wagtail's admin has inline scripts and styles and previews pictures before they are sent (wagtail issue 1288).
ADMIN_ADDITIONS = {
    "script-src": [UNSAFE_INLINE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["blob:"],
}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The policy of the settings, with what Wagtail's admin needs added under its own address only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(ADMIN_PREFIX):
            parts.update = {**(parts.update or {}), **ADMIN_ADDITIONS}
        return parts


class KeptRecordsMiddleware:
    """Answers in words when an administrator tries to delete what other records stand on.

    Wagtail's delete screens would end in an error page: a person who has signed something, an agency that keeps cases, a
    Word template that a form uses. The words do not say which records these are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ProtectedError) or not request.path.startswith(ADMIN_PREFIX):
            return None
        messages.error(
            request,
            _(
                "This cannot be deleted: other records stand on it. Make it inactive or closed instead, or unpublish it."
            ),
        )
        return redirect(request.get_full_path())
