"""The map of the district's resources (S004): what help there is nearby, narrowed by a few plain questions."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from forms_library.models import Audience, Domain, LocalService
from portal.models.pages import PublicPage

ON_A_PAGE = 30


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for, as the address says; words that nobody offers are left out."""

    territory: str = ""
    domain: str = ""
    audience: str = ""
    has_room: bool = False

    @classmethod
    def from_query(cls, query: QueryDict, *, territories: list[str]) -> "Wanted":
        """Read the address of the page."""
        territory, domain, audience = (query.get(name, "") for name in ("district", "domain", "for"))
        return cls(
            territory=territory if territory in territories else "",
            domain=domain if domain in Domain.values else "",
            audience=audience if audience in Audience.values else "",
            has_room=query.get("room") == "1",
        )

    @property
    def query(self) -> str:
        """Return it as the beginning of an address's query, for the next page of the list."""
        said = QueryDict(mutable=True)
        named = {"district": self.territory, "domain": self.domain, "for": self.audience, "room": "1" * self.has_room}
        said.update({name: word for name, word in named.items() if word})
        return f"{said.urlencode()}&" if said else ""


class ResourceMapPage(PublicPage):
    """Where parents and specialists look for help nearby."""

    intro = models.TextField(_("introduction"), blank=True)

    searched_fields = ("intro",)
    content_panels = [*PublicPage.content_panels, FieldPanel("intro")]
    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    template = "portal/resource_map_page.html"

    class Meta:
        verbose_name = _("map of the district’s resources")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the services that fit what the address asks for, and what can be asked for. Four queries at most."""
        context = super().get_context(request, *args, **kwargs)
        shown = LocalService.objects.shown()
        territories = list(shown.order_by("territory").values_list("territory", flat=True).distinct())
        wanted = Wanted.from_query(request.GET, territories=territories)
        found = shown.narrowed(
            territory=wanted.territory, domain=wanted.domain, audience=wanted.audience, has_room=wanted.has_room
        )
        pages = Paginator(found.select_related("agency").prefetch_related("audiences"), ON_A_PAGE)
        services = pages.get_page(request.GET.get("page"))
        today = timezone.localdate()
        context |= {
            "wanted": wanted,
            "territories": territories,
            "domains": Domain.choices,
            "audiences": [choice for choice in Audience.choices if choice[0] != Audience.EVERYBODY],
            "services": [(service, service.is_stale(today=today)) for service in services],
            "page_obj": services,
        }
        return context
