"""How a request comes to a case: signed in, through the one door, never kept in any cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework import access
from casework.actions.refusals import ActionRefused

LONGEST_RESCUED = 1_000_000
"""Characters of a form that wait for their owner to sign in; whoever sends more has not typed it."""

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Let in whoever is signed in; nothing of the answer is cached anywhere."""
    return never_cache(login_required(view))


def opens_case(permission: str = "view_case") -> Callable[[View], View]:
    """Hand the case named by `reference` in the address to the view, if the person holds `permission` on it today.

    Everybody else gets 404, whether or not there is such a case.
    """

    def decorate(view: View) -> View:
        @staff_only
        @wraps(view)
        def opened(request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponseBase:
            try:
                case = access.get_case(
                    user=request.user,
                    reference=reference,
                    permission=access.CasePermission(permission),
                    today=timezone.localdate(),
                )
            except access.CaseNotFound:
                raise Http404 from None
            return view(request, case, **kwargs)

        return opened

    return decorate


def has_lost_its_cookie(request: HttpRequest) -> bool:
    """Return whether the page was too old to be trusted (`portal.views.csrf_failure` hands it over all the same).

    Such a POST changes nothing: what was typed is shown again, to be sent once more.
    """
    return getattr(request, "csrf_failed", False)


def keeps_what_was_typed(view: View) -> View:
    """Keep the words of somebody whose session ran out while they were typing, until they have signed in again.

    They wait in the person's own session, on the server, and the view takes them out on the next visit.
    """

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            words = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
            if sum(len(value) for values in words.values() for value in values) <= LONGEST_RESCUED:
                request.session["rescued"] = {"path": request.path, "post": words}
            return redirect_to_login(request.path)
        return view(request, *args, **kwargs)

    return keeping


def tell(request: HttpRequest, refusal: ActionRefused) -> None:
    """Show the person why an action was refused."""
    messages.error(request, str(refusal))
