"""Documents that other agencies have sent: read, registered and taken as a Word file; the case itself stays closed."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework import access
from casework.actions import deliveries, issued
from casework.actions.log import record_document_read
from casework.actions.procedure_refusals import TakenBack
from casework.actions.refusals import ActionRefused
from casework.answers_on_screen import on_screen
from casework.forms import ReceiveForm, SendForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, staff_only, tell, typed
from casework.views.papers import word_file

ON_A_PAGE = 50

View = Callable[..., HttpResponseBase]


def opens_delivery(view: View) -> View:
    """Hand over the document named by `token`, if it was sent to one of the person's agencies; 404 for everybody else."""

    @staff_only
    @wraps(view)
    def opened(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
        try:
            delivery = access.get_delivery(user=request.user, token=token)
        except access.CaseNotFound:
            raise Http404 from None
        return view(request, delivery)

    return opened


@staff_only
def incoming(request: HttpRequest) -> HttpResponse:
    """List the documents that were sent to the person's agencies, the newest first."""
    found = access.deliveries_for(user=request.user).select_related("agency", "submission__edition", "received_by")
    found = found.select_related("submission__case__agency").defer(
        "submission__answers", "submission__edition__docx_template", "submission__edition__questions"
    )
    page = Paginator(found.order_by("-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "casework/incoming.html", {"deliveries": page, "page_obj": page})


@opens_delivery
def delivery(request: HttpRequest, delivery: Any) -> HttpResponse:
    """Show one document that was sent, and write down that it was read."""
    submission = delivery.submission
    record_document_read(case=submission.case, actor=request.user, at=timezone.now(), number=submission.number)
    context = {
        "delivery": delivery,
        "submission": submission,
        "edition": submission.edition,
        "sections": on_screen(submission.edition.schema, submission.answers),
        "form": ReceiveForm(),
    }
    return render(request, "casework/delivery.html", context)


@require_GET
@opens_delivery
def delivery_word(request: HttpRequest, delivery: Any) -> HttpResponse:
    """Hand out the Word document that was sent."""
    handed = issued.issue_word(submission=delivery.submission, actor=request.user, at=timezone.now())
    return word_file(handed.data, name=f"{delivery.submission.edition.code}-{handed.issued.number}.docx")


@require_POST
@opens_delivery
def register(request: HttpRequest, delivery: Any) -> HttpResponse:
    """Register a document under the incoming number of the agency."""
    form = ReceiveForm(request.POST)
    if form.is_valid():
        try:
            deliveries.register(delivery=delivery, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The document is registered. The sender sees that you have received it."))
        except TakenBack as refusal:
            tell(request, refusal)
            return redirect("casework:incoming")
        except ActionRefused as refusal:
            tell(request, refusal)
    return redirect("casework:delivery", delivery.token)


@keeps_what_was_typed
@opens_case("work_case")
def send(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Send a document of the case to an agency that is chosen by hand."""
    submission = get_object_or_404(case.submissions.select_related("edition", "case__agency"), number=number)
    if not deliveries.may_send(submission, request.user, today=timezone.localdate()):
        raise Http404
    form = SendForm(**typed(request), keeper=case.agency)
    if form.is_valid():
        try:
            sent = deliveries.send_by_hand(
                submission=submission, agency=form.cleaned_data["agency"], actor=request.user, at=timezone.now()
            )
            messages.success(request, _("The document is sent: %(agency)s.") % {"agency": sent.agency})
            return redirect("casework:document", case.reference, number)
        except ActionRefused as refusal:
            tell(request, refusal)
    sent_to = submission.deliveries.select_related("agency", "sent_by", "received_by")
    context = case_context(request, case) | {"submission": submission, "edition": submission.edition}
    return render(request, "casework/document_send.html", context | {"form": form, "deliveries": sent_to})
