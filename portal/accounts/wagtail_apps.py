"""Wagtail's users app, told to use our own screens for staff."""

from wagtail.users.apps import WagtailUsersAppConfig


class StaffUsersAppConfig(WagtailUsersAppConfig):
    user_viewset = "portal.accounts.viewsets.StaffViewSet"
