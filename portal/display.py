"""How large, how contrasting and how widely spaced a visitor wants the pages: chosen once, remembered for a year.

The choice lives in one cookie of the visitor's own and nowhere else: no session, no account, nothing that says who it
is. A cookie is the visitor's to write, so it is read against the lists below and whatever is not in them is ignored.
"""

from dataclasses import asdict, astuple, dataclass, fields, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

COOKIE = "display"
COOKIE_SECONDS = 365 * 24 * 60 * 60

TEXT = [("normal", _("normal")), ("large", _("large")), ("largest", _("very large"))]
CONTRAST = [
    ("normal", _("usual colours")),
    ("black-on-white", _("black on white")),
    ("white-on-black", _("white on black")),
    ("blue", _("dark blue on light blue")),
]
SPACING = [("normal", _("usual")), ("wide", _("wide"))]
PICTURES = [("on", _("show")), ("off", _("hide"))]
CHOICES = {"text": TEXT, "contrast": CONTRAST, "spacing": SPACING, "pictures": PICTURES}


@dataclass(frozen=True)
class Display:
    """One visitor's choice; every value is one of the lists above."""

    text: str = "normal"
    contrast: str = "normal"
    spacing: str = "normal"
    pictures: str = "on"

    @property
    def code(self) -> str:
        """The choice in one short word, always the same for the same choice: 48 in all."""
        return ".".join(astuple(self))


def read_display(request: HttpRequest) -> Display:
    """Return what the visitor chose; the usual look where the cookie says nothing that we know."""
    values = request.COOKIES.get(COOKIE, "").split(".")
    return _chosen(Display(), dict(zip(CHOICES, values, strict=False)))


def display_settings(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `display` for <html>, and the lists for the switch at the foot of each page."""
    return {"display": read_display(request), "display_choices": {"text": TEXT, "contrast": CONTRAST}}


class DisplayForm(forms.Form):
    """The whole choice on one page."""

    text = forms.ChoiceField(label=_("Text size"), choices=TEXT, widget=forms.RadioSelect)
    contrast = forms.ChoiceField(label=_("Colours"), choices=CONTRAST, widget=forms.RadioSelect)
    spacing = forms.ChoiceField(label=_("Space between letters and lines"), choices=SPACING, widget=forms.RadioSelect)
    pictures = forms.ChoiceField(label=_("Pictures"), choices=PICTURES, widget=forms.RadioSelect)


# Without a token on purpose: a token would set a cookie on every public page and keep it out of the page cache, and
# all that a stranger's page could do here is to enlarge somebody's letters.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_display(request: HttpRequest) -> HttpResponseBase:
    """Show the choices; on POST remember those that were sent, leave the others, and go back where the visitor was."""
    display = read_display(request)
    if request.method != "POST":
        context = {"form": DisplayForm(initial=asdict(display)), "next": _local_address(request, request.GET)}
        return render(request, "includes/display.html", context)
    chosen = _chosen(display, request.POST)
    return _remember(redirect(_local_address(request, request.POST) or "/"), chosen, secure=request.is_secure())


def _chosen(display: Display, values: Any) -> Display:
    known = {
        item.name: values[item.name]
        for item in fields(Display)
        if item.name in values and values[item.name] in dict(CHOICES[item.name])
    }
    return replace(display, **known)


def _remember(response: HttpResponse, display: Display, *, secure: bool) -> HttpResponse:
    if display == Display():
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, display.code, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=secure)
    return response


def _local_address(request: HttpRequest, values: Any) -> str:
    """Return the address to go back to, or nothing when it is missing, is elsewhere or is this very page."""
    address = values.get("next", "")
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None, require_https=request.is_secure()
    )
    return address if is_local and not address.startswith(reverse("set_display")) else ""
