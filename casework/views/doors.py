"""How a request comes to a case: signed in, through the one door, never kept in any cache."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from casework import access
from casework.actions.cases import speaks_for
from casework.actions.refusals import ActionRefused

LONGEST_RESCUED = 300_000
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


def opens_case_to_speakers(view: View) -> View:
    """Hand the case to the view, if the person may ask others for help in its name (`speaks_for`); 404 for everybody else."""

    @opens_case("view_case")
    @wraps(view)
    def opened(request: HttpRequest, case: Any, **kwargs: Any) -> HttpResponseBase:
        if not speaks_for(case, request.user, today=timezone.localdate()):
            raise Http404
        return view(request, case, **kwargs)

    return opened


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
        if request.method != "POST" or request.user.is_authenticated:
            return view(request, *args, **kwargs)
        words = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
        is_small = sum(len(value) for values in words.values() for value in values) <= LONGEST_RESCUED
        # Never what another site has sent in somebody's name, and no more than a person can type.
        if is_small and not has_lost_its_cookie(request) and ratelimit.consume(request, action="rescued_words"):
            request.session["rescued"] = {"path": request.path, "post": words}
        return redirect_to_login(request.path)

    return keeping


def rescued(request: HttpRequest) -> MultiValueDict | None:
    """Return what the person typed on this very page before the session ran out, once; or `None`."""
    kept = request.session.get("rescued")
    if kept is None or kept["path"] != request.path:
        return None
    del request.session["rescued"]
    messages.info(request, _("We kept what you typed before you were signed out. Check it and save."))
    return MultiValueDict(kept["post"])


def typed(request: HttpRequest) -> dict[str, Any]:
    """Return the arguments of a small form: what was sent now, or as its first words what the session has rescued.

    Rescued words are only shown: nothing happens until the person sends them again.
    """
    if request.method == "POST":
        return {"data": request.POST}
    words: Mapping[str, Any] = rescued(request) or {}
    return {"data": None, "initial": {name: words[name] for name in words if name not in {"token", "version"}}}


def tell(request: HttpRequest, refusal: ActionRefused) -> None:
    """Show the person why an action was refused."""
    messages.error(request, str(refusal))
