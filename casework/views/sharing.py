"""Opening a case to another agency, and closing it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from casework.actions import sharing
from casework.actions.refusals import ActionRefused
from casework.forms import ShareForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, tell, typed


@keeps_what_was_typed
@opens_case("lead_case")
def share(request: HttpRequest, case: Any) -> HttpResponse:
    """Open the case to another agency until a day."""
    form = ShareForm(**typed(request), keeper=case.agency, today=timezone.localdate())
    if form.is_valid():
        try:
            sharing.share_case(case=case, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The agency can see the case from now on."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/case_share.html", case_context(request, case) | {"form": form})


@require_POST
@opens_case("lead_case")
def withdraw(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Take the access of another agency back at once."""
    share = get_object_or_404(case.shares, pk=number)
    sharing.withdraw_share(share=share, actor=request.user, at=timezone.now())
    messages.success(request, _("The agency cannot see the case any more."))
    left = case.disclosures.standing(today=timezone.localdate()).filter(agency=share.agency_id).count()
    if left:
        words = ngettext(
            "%(count)s part of the case is still shown to it. Take it back on the page “Who may see what” if it is not needed.",
            "%(count)s parts of the case are still shown to it. Take them back on the page “Who may see what” if they are not"
            " needed.",
            left,
        )
        messages.warning(request, words % {"count": left})
    return redirect("casework:case", case.reference)
