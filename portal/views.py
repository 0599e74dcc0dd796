"""The switchboard: search, where a person lands after signing in, what is said when something went wrong."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from wagtail.models import Site

from portal.search import cleaned, found_pages

RESULTS_ON_A_PAGE = 10
SHOW_WORDS_AGAIN = {"casework:answer", "casework:draft", "wagtail_serve"}
ADMIN_PERMISSION = "wagtailadmin.access_admin"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what the site has about the words in `q`."""
    query = cleaned(request.GET.get("q", ""))
    results = found_pages(query, site=Site.find_for_request(request))
    paginator = Paginator(results, RESULTS_ON_A_PAGE)
    context = {
        "query": query,
        "query_string": f"{urlencode({'q': query})}&",
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
    }
    return render(request, "search/search.html", context)


@login_required
@require_GET
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a member of staff to where their work is: the desk, the editors' admin, or the home page."""
    user = request.user
    if user.groups.filter(team__isnull=False).exists():
        return redirect("casework:desk")
    if user.has_perm(ADMIN_PERMISSION):
        return redirect("wagtailadmin_home")
    return redirect("/")


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead whoever may not enter the editors' admin to their own work, and everybody else to the one sign-in page."""
    if request.user.is_authenticated:
        messages.info(request, _("The editors' workplace is not open to you. Here is yours."))
        return redirect("after_sign_in")
    return redirect_to_login(request.GET.get("next") or reverse("wagtailadmin_home"))


def not_found(request: HttpRequest) -> HttpResponse:
    """There is nothing at this address."""
    raise Http404


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what is not for them, and where the map of the site is."""
    context = {"sitemap_url": request.build_absolute_uri(reverse("sitemap"))}
    return render(request, "portal/robots.txt", context, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open for too long, and how to send again what was typed.

    Screens with long forms answer themselves: they see `request.csrf_failed`, change nothing and show the words again.
    """
    match = request.resolver_match
    if match and match.view_name in SHOW_WORDS_AGAIN:
        request.csrf_failed = True  # type: ignore[attr-defined]
        return match.func(request, *match.args, **match.kwargs)
    return render(request, "403_csrf.html", status=403)
