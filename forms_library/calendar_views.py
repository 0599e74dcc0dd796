"""The calendar of a year comes in as a file: upload it, see what would change, apply it by an act."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from forms_library import permissions
from forms_library.actions.calendar import ChangedMeanwhile, NoAct, calendar_difference, import_calendar
from forms_library.calendar_forms import ApplyForm, CalendarFileForm
from forms_library.calendar_xml import YearTable, read_calendar

KEPT = "forms_library.calendar_import"
LISTING = "wagtailsnippets_forms_library_calendarday:list"
View = Callable[[HttpRequest], HttpResponse]


def may_import(user: Any) -> bool:
    """Return whether somebody may do all that an import does: add, change and delete days."""
    return bool(user.has_perms(permissions.CALENDAR))


def keepers_only(view: View) -> View:
    """Refuse whoever may not change the whole calendar."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return view(request)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take the file of a year, and show what it would change. Nothing changes yet."""
    form = CalendarFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = CalendarFileForm(request.POST, request.FILES)
        if form.is_valid():
            return _differences(request, form.cleaned_data["file"])
    return render(request, "forms_library/admin/calendar_upload.html", {"form": form, **_crumbs()})


@require_POST
@keepers_only
def apply(request: HttpRequest) -> HttpResponse:
    """Apply the differences that were shown, by the act that is named."""
    form = ApplyForm(request.POST)
    kept = _read_kept(request.POST.get("kept", ""))
    if kept is None:
        messages.error(request, _("These differences cannot be applied any more. Upload the file again."))
        return redirect("calendar_import")
    data, shown = kept
    if not form.is_valid():
        return _differences(request, data, refused_act=request.POST.get("act", ""))
    table = read_calendar(data)
    try:
        difference = import_calendar(
            table=table, act=form.cleaned_data["act"], actor=request.user, at=timezone.now(), shown=shown
        )
    except (ChangedMeanwhile, NoAct) as refusal:
        messages.warning(request, str(refusal))
        return _differences(request, data)
    messages.success(request, _what_was_done(table, len(difference.changes)))
    return redirect(f"{reverse(LISTING)}?year={table.year}")


def _differences(request: HttpRequest, data: bytes, *, refused_act: str | None = None) -> HttpResponse:
    table = read_calendar(data)
    difference = calendar_difference(table)
    kept = _keep(data, difference.fingerprint())
    form = ApplyForm(initial={"kept": kept}) if refused_act is None else ApplyForm({"kept": kept, "act": refused_act})
    context = {"difference": difference, "form": form, **_crumbs(_("What the file would change"))}
    return render(request, "forms_library/admin/calendar_differences.html", context)


def _keep(data: bytes, shown: str) -> str:
    """Return a file and the differences that it was shown with, for the page to bring back."""
    kept = {"file": base64.b64encode(data).decode("ascii"), "shown": shown}
    return signing.dumps(kept, salt=KEPT, compress=True)


def _read_kept(text: str) -> tuple[bytes, str] | None:
    try:
        kept = signing.loads(text, salt=KEPT)
    except signing.BadSignature:
        return None
    return base64.b64decode(kept["file"]), kept["shown"]


def _what_was_done(table: YearTable, number: int) -> str:
    if not number:
        return _("The calendar of %(year)s says the same already.") % {"year": table.year}
    return ngettext(
        "The calendar of %(year)s: %(number)s day has changed.",
        "The calendar of %(year)s: %(number)s days have changed.",
        number,
    ) % {"year": table.year, "number": number}


def _crumbs(*below: str) -> dict[str, Any]:
    title = _("Import of a year")
    return {
        "header_title": " / ".join([title, *below]),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(LISTING), "label": _("Working calendar")},
            {"url": reverse("calendar_import") if below else "", "label": title},
            *({"url": "", "label": each} for each in below),
        ],
        "header_icon": "calendar-alt",
    }
