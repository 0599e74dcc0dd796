"""The map of the district on the desk: looked up when a measure is planned, kept up to date by the agencies themselves."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.forms import LocalServiceForm
from casework.views.doors import keeps_what_was_typed, staff_only, typed
from forms_library.actions.local_services import keep_service
from forms_library.models import Audience, Domain, LocalService

ON_A_PAGE = 50
FILTERS = {"district": "territory", "domain": "domain", "for": "audience"}


@staff_only
def service_list(request: HttpRequest) -> HttpResponse:
    """List the services that fit what the address asks for; those of the person's own agencies can be changed."""
    wanted = {name: request.GET.get(name, "")[:200] for name in FILTERS}
    asked = {FILTERS[name]: word.replace("\0", "") for name, word in wanted.items()}
    found = LocalService.objects.shown().narrowed(**asked, has_room=request.GET.get("room") == "1")
    own = set(access.agencies_of(request.user).values_list("pk", flat=True))
    mine = LocalService.objects.filter(agency__in=own)
    page = Paginator(found.select_related("agency").prefetch_related("audiences"), ON_A_PAGE)
    services = page.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "services": services,
        "page_obj": services,
        "query": f"{query.urlencode()}&" if query else "",
        "own": own,
        "mine": mine.select_related("agency").order_by("name") if own else [],
        "stale": mine.stale(today=timezone.localdate()).count() if own else 0,
        "territories": LocalService.objects.shown()
        .order_by("territory")
        .values_list("territory", flat=True)
        .distinct(),
        "domains": Domain.choices,
        "audiences": Audience.choices,
        "wanted": wanted,
        "has_room": request.GET.get("room") == "1",
        "today": timezone.localdate(),
    }
    return render(request, "casework/local_service_list.html", context)


@keeps_what_was_typed
@staff_only
def service(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Add a service of one of the person's agencies to the map, or say how it stands now."""
    agencies = access.agencies_of(request.user).open().order_by("name")
    if not agencies.exists():
        raise Http404
    known: Any = get_object_or_404(LocalService, pk=number, agency__in=agencies) if number is not None else None
    form = LocalServiceForm(**typed(request), instance=known, agencies=agencies, today=timezone.localdate())
    if form.is_valid():
        keep_service(
            service=form.save(commit=False),
            audiences=form.cleaned_data["audiences"],
            actor=request.user,
            today=timezone.localdate(),
        )
        messages.success(request, _("The map is up to date. The site shows it at once."))
        return redirect("casework:local_services")
    return render(request, "casework/local_service.html", {"form": form, "service": known})
