"""The public side of casework: a parent sends a request, gets a receipt, later asks how it stands.

Called by the portal's contact-request page, which brings the editors' words around the form.
"""

import hashlib
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.csrf import get_token, rotate_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from casework.actions import contact_requests
from casework.actions.refusals import NoAgencyTakesRequests
from casework.forms.contact_requests import ContactRequestForm, StateForm, new_seal, token_of_seal
from casework.views.doors import has_lost_its_cookie
from forms_library.typed import typed_from_post

RECEIPT_IN_SESSION = "contact_request"


@never_cache
def contact_request(request: HttpRequest, *, page: Any, step: str = "") -> HttpResponse:
    """Answer the page `page`: the form itself, the receipt (`receipt`) or the state of a request (`state`)."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if step == "receipt":
        return _receipt(request, page)
    if step == "state":
        return _state(request, page)
    return _send(request, page) if request.method == "POST" else _ask(request, page)


def _browser(request: HttpRequest) -> str:
    """Return what tells this browser from others: a digest of its cookie's secret, the same for the cookie's life."""
    get_token(request)
    return hashlib.sha256(request.META["CSRF_COOKIE"].encode()).hexdigest()[:24]


def _ask(
    request: HttpRequest, page: Any, *, form: Any = None, seal: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    request_edition, consent_edition = contact_requests.editions_for_request(at=timezone.now())
    agencies = contact_requests.agencies_to_ask()
    if not (request_edition and consent_edition and agencies):
        return render(request, "casework/contact_request_closed.html", {"page": page}, status=503)
    context = {
        "page": page,
        "form": form or ContactRequestForm(request_edition, agencies=agencies),
        "edition": request_edition,
        "consent_edition": consent_edition,
        "consent_page": consent_edition.official_form,
        "seal": seal or new_seal(_browser(request)),
        "problem": problem,
    }
    return render(request, "casework/contact_request.html", context, status=status)


def _send(request: HttpRequest, page: Any) -> HttpResponse:
    now = timezone.now()
    request_edition, consent_edition = contact_requests.editions_for_request(at=now)
    agencies = contact_requests.agencies_to_ask()
    if not (request_edition and consent_edition and agencies):
        return _ask(request, page)
    typed = typed_from_post(request_edition.schema, request.POST)
    consented = request.POST.copy()
    if request.POST.get("consent_edition") != str(consent_edition.number):
        consented.pop("consent", None)  # consent was given to other words: it must be given anew
    form = ContactRequestForm(request_edition, agencies=agencies, typed=typed, consent=consented)
    seal = request.POST.get("seal", "")
    token = token_of_seal(seal, browser=_browser(request))
    if token is None or has_lost_its_cookie(request):
        problem = _("The page had grown old. Everything you typed is here: check it and send once more.")
        return _ask(request, page, form=form, problem=problem, status=409)
    sent = contact_requests.find_by_token(token)
    if sent and not contact_requests.is_fresh(sent, at=now):
        problem = _("This page was sent long ago. What you see is not sent yet: send it as a new request.")
        return _ask(request, page, form=form, problem=problem, status=409)
    if not form.is_valid():
        return _ask(request, page, form=form, seal=seal, status=422)
    if not ratelimit.consume(request, action="contact_request"):
        problem = _(
            "Too many requests came from your connection. Wait an hour or call us; what you typed is kept on this page."
        )
        return _ask(request, page, form=form, seal=seal, problem=problem, status=429)
    try:
        receipt = contact_requests.receive(
            answers=form.answers(),
            request_edition=request_edition,
            consent_edition=consent_edition,
            asked_agency=form.asked_agency,
            token=token,
            at=now,
        )
    except NoAgencyTakesRequests:
        return _ask(request, page)
    if not receipt.has_these_words:
        problem = _("Nothing can be added to the request that you sent before. Send these words as a new one.")
        return _ask(request, page, form=form, problem=problem, status=409)
    request.session[RECEIPT_IN_SESSION] = str(token)
    return redirect(page.url + "gotovo/")


def _receipt(request: HttpRequest, page: Any) -> HttpResponse:
    """Show the number and the code, to the browser that sent the request and to no other."""
    sent = contact_requests.find_by_token(request.session.get(RECEIPT_IN_SESSION))
    if request.method == "POST" and not has_lost_its_cookie(request):
        # «I have written the code down»: leave nothing here, not even the right to send the same page again.
        rotate_token(request)
        request.session.pop(RECEIPT_IN_SESSION, None)
        return redirect("/")
    if sent is None or not contact_requests.is_fresh(sent, at=timezone.now()):
        messages.info(
            request, _("There is no receipt in this browser. If you have the number and the code, look the request up.")
        )
        return redirect(page.url + "sostoyanie/")
    context = {"page": page, "case": sent.case, "code": contact_requests.secret_code(sent.token)}
    if "save" in request.GET:
        text = render_to_string("casework/contact_request_receipt.txt", context)
        # The name of the file says nothing to whoever sees it on the phone.
        return HttpResponse(
            text,
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="zapiska.txt"'},
        )
    return render(request, "casework/contact_request_receipt.html", context)


def _state(request: HttpRequest, page: Any) -> HttpResponse:
    """Tell in plain words how a request stands, to whoever has its number and code."""
    is_asking = request.method == "POST" and not has_lost_its_cookie(request)
    form = StateForm(request.POST if is_asking else None)
    if not form.is_valid():
        status = 422 if is_asking else 200
        return render(request, "casework/contact_request_state.html", {"page": page, "form": form}, status=status)
    if not ratelimit.consume(request, action="request_state"):  # `ACCOUNT_RATE_LIMITS`: a code cannot be guessed
        problem = _("Too many attempts. Wait an hour or call us.")
        context = {"page": page, "form": form, "problem": problem}
        return render(request, "casework/contact_request_state.html", context, status=429)
    found = contact_requests.find_by_code(**form.cleaned_data, at=timezone.now())
    if found is None:
        problem = _("There is no request with this number and this code. Check both; they are on your receipt.")
        context = {"page": page, "form": form, "problem": problem}
        return render(request, "casework/contact_request_state.html", context, status=404)
    context = {"page": page, "case": found.case, "today": timezone.localdate()}
    return render(request, "casework/contact_request_state.html", context)
