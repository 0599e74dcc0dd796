"""Supervision of specialists: what was written down, and writing it down."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import supervision as actions
from casework.actions.refusals import ActionRefused
from casework.forms import SupervisionForm
from casework.views.doors import keeps_what_was_typed, staff_only, tell, typed

ON_A_PAGE = 30


@staff_only
def supervision_list(request: HttpRequest) -> HttpResponse:
    """List the supervisions that the person may read, the last one first."""
    page = Paginator(actions.supervisions_for(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "supervisions": page,
        "page_obj": page,
        "agencies": actions.supervised_agencies(request.user),
        "due": actions.headed_without_supervision(request.user, today=timezone.localdate()),
    }
    return render(request, "casework/supervision_list.html", context)


@keeps_what_was_typed
@staff_only
def write(request: HttpRequest, code: str) -> HttpResponse:
    """Write down a supervision of one of the person's agencies."""
    agency = get_object_or_404(actions.supervised_agencies(request.user), code=code)
    form = SupervisionForm(**typed(request), colleagues=actions.colleagues_of(agency))
    if form.is_valid():
        try:
            actions.write_supervision(agency=agency, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The supervision is written down."))
            return redirect("casework:supervisions")
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/supervision.html", {"form": form, "agency": agency})
