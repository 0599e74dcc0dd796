"""Files of a case: handed out as downloads, or shown as a picture that we have drawn ourselves."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from casework.actions import files
from casework.actions.closed import closed_to, files_closed_to
from casework.actions.log import record_file_download, record_file_read
from casework.actions.refusals import FileNotServed
from casework.views.cases import case_context
from casework.views.doors import opens_case


@opens_case("view_case")
def case_file(request: HttpRequest, case: Any, number: int) -> HttpResponseBase:
    """Hand out a file of the case, as a download that a browser will not try to run."""
    kept = _file(request, case, number)
    try:
        files.check_served(kept)
    except FileNotServed as refusal:
        return _not_served(request, case, kept, refusal)
    record_file_download(case=case, actor=request.user, at=timezone.now(), file_id=kept.pk)
    return FileResponse(kept.file.open(), as_attachment=True, filename=kept.name, content_type=kept.content_type)


@opens_case("view_case")
def preview(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show a picture, or the first page of a PDF, without opening the file itself in the browser."""
    kept = _file(request, case, number)
    try:
        picture = files.preview_of(kept)
    except FileNotServed as refusal:
        return _not_served(request, case, kept, refusal)
    if picture is None:
        raise Http404
    record_file_read(case=case, actor=request.user, at=timezone.now(), file_id=kept.pk)
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(request: HttpRequest, case: Any, number: int) -> Any:
    """Return a file of the case; whoever may not read the answer that it belongs to is told that there is none."""
    closed = closed_to(case, user=request.user, today=timezone.localdate())
    hidden = files_closed_to(case, user=request.user, closed=closed)
    return get_object_or_404(case.files.select_related("result").exclude(pk__in=hidden), pk=number)


def _not_served(request: HttpRequest, case: Any, kept: Any, refusal: FileNotServed) -> HttpResponse:
    context = case_context(request, case) | {"file": kept, "refusal": refusal}
    return render(request, "casework/file_not_served.html", context, status=409)
