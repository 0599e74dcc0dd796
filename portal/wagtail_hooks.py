"""The editors' admin without what editors do not need."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

HIDDEN_MENU_ITEMS = {"help"}


@hooks.register("construct_main_menu")
def hide_what_is_not_needed(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Take away the links to Wagtail's own English pages."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_MENU_ITEMS]
