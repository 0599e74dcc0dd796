"""Who may have an account: only people whom an administrator adds."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffAccountAdapter(DefaultAccountAdapter):
    """Sign-in for staff; nobody signs up by themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong. Check both and try again."),
    }

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link from the site's own address: the one in the request can be forged."""
        return settings.WAGTAILADMIN_BASE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
