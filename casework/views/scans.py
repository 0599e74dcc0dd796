"""«Принять скан»: a scan finds its document by the code on it, or is told by hand where it belongs."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.actions import scans
from casework.actions.refusals import ActionRefused, NotOfATeam
from casework.forms import ScanForm, ScanPlaceForm
from casework.views.doors import staff_only, tell


@staff_only
def receive(request: HttpRequest) -> HttpResponse:
    """Take a scan in and look for the code on it. For those who are in a team."""
    if not scans.may_receive(request.user):
        messages.error(request, str(NotOfATeam()))
        return redirect("casework:desk")
    form = ScanForm(files=request.FILES) if request.method == "POST" else ScanForm()
    if form.is_valid():
        try:
            scan = scans.receive_scan(upload=form.cleaned_data["scan"], actor=request.user, at=timezone.now())
            return redirect("casework:scan", scan.token)
        except ActionRefused as refusal:
            form.add_error("scan", str(refusal))
    context = {"form": form, "waiting": scans.waiting_for(request.user)}
    return render(request, "casework/scan_receive.html", context, status=422 if form.errors else 200)


@staff_only
def scan(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show where a scan belongs; attach it there when the person confirms."""
    waiting = scans.scan_of(request.user, token=token)
    if waiting is None:
        if request.method == "POST":
            messages.info(request, str(scans.ScanGone()))
            return redirect("casework:receive_scan")
        raise Http404
    today = timezone.localdate()
    form = ScanPlaceForm(request.POST if request.method == "POST" else None)
    found: Any = None
    if form.is_valid():
        found = scans.document_at(**form.cleaned_data, user=request.user, today=today)
        if found is None:
            form.add_error(None, _("We did not find such a document among those you may work on. Check the numbers."))
        elif "_attach" in request.POST:
            return _attached(request, waiting, found)
    elif request.method == "GET":
        found = scans.document_by_code(waiting, user=request.user, today=today)
    context = {"scan": waiting, "found": found, "form": form}
    return render(request, "casework/scan.html", context, status=422 if form.errors else 200)


def _attached(request: HttpRequest, waiting: Any, found: Any) -> HttpResponse:
    try:
        scans.place_scan(scan=waiting, submission=found, actor=request.user, at=timezone.now())
        messages.success(request, _("The scan is attached."))
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:receive_scan")
    return redirect("casework:document", found.case.reference, found.number)


@require_POST
@staff_only
def discard(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Throw a waiting scan away."""
    waiting = scans.scan_of(request.user, token=token)
    if waiting is None:
        raise Http404
    scans.discard_scan(scan=waiting)
    messages.success(request, _("The scan is thrown away."))
    return redirect("casework:receive_scan")
