"""Where packs of forms and their publishers stand in the admin, and how the log tells of an import."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from forms_library import pack_views
from forms_library.actions.packs import ADOPTED
from forms_library.models import FormsCatalogue, TrustedPublisher


@hooks.register("register_admin_urls")
def pack_urls() -> list[URLPattern]:
    """Where packs are exported and imported."""
    return [
        path("form-packs/", pack_views.index, name="form_packs"),
        path("form-packs/export/", pack_views.export, name="form_pack_export"),
        path("form-packs/upload/", pack_views.upload, name="form_pack_upload"),
        path("form-packs/import/", pack_views.adopt, name="form_pack_import"),
        path("form-packs/forget/", pack_views.forget, name="form_pack_forget"),
    ]


class PacksMenuItem(MenuItem):
    """The way to the packs, for those who draft forms."""

    def is_shown(self, request: HttpRequest) -> bool:
        catalogue = FormsCatalogue.objects.first()
        return catalogue is not None and catalogue.permissions_for_user(request.user).can_add_subpage()


@hooks.register("register_admin_menu_item")
def packs_menu_item() -> MenuItem:
    return PacksMenuItem(_("Packs of forms"), reverse("form_packs"), name="form-packs", icon_name="download", order=310)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Let the history of a form tell which pack a draft came from."""

    @actions.register_action(ADOPTED)
    class AdoptedFormatter(LogFormatter):
        label = _("Adopt from a pack")

        def format_message(self, log_entry) -> str:  # type: ignore[no-untyped-def]
            return gettext("Taken from the pack “%(pack)s” of %(publisher)s") % {
                "pack": log_entry.data["pack"],
                "publisher": log_entry.data["publisher"],
            }


@register_snippet
class TrustedPublisherViewSet(SnippetViewSet):
    """Whose packs are believed. No group is given these permissions: administrators only."""

    model = TrustedPublisher
    icon = "key"
    menu_label = _("Trusted publishers of forms")
    add_to_settings_menu = True
    list_display = ["name", "fingerprint", "added_at"]
    panels = [FieldPanel("name"), FieldPanel("public_key")]
