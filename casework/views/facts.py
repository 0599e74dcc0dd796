"""What the forms of a case have told, and where they contradict each other."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import facts as actions
from casework.actions.closed import FactsReader
from casework.actions.log import record_facts_read
from casework.actions.refusals import ActionRefused
from casework.forms import SettleForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, tell, typed


@opens_case("view_case")
def facts(request: HttpRequest, case: Any) -> HttpResponse:
    """Show what is known, from which form, and every contradiction, the open ones first."""
    record_facts_read(case=case, actor=request.user, at=timezone.now())
    reader = FactsReader(case, user=request.user, today=timezone.localdate())
    known = actions.standing_facts(case)
    readable = reader.readable(known)
    context = case_context(request, case) | {
        "standing": readable,
        "closed": len(known) - len(readable),
        "contradictions": [each for each in actions.contradictions_of(case) if reader.may_settle(each)],
    }
    return render(request, "casework/facts.html", context)


@keeps_what_was_typed
@opens_case("work_case")
def settle(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Ask which of two tellings is true, and write the answer down."""
    contradiction = get_object_or_404(actions.contradictions_of(case), pk=number)
    if not FactsReader(case, user=request.user, today=timezone.localdate()).may_settle(contradiction):
        raise Http404
    if contradiction.outcome:
        messages.info(request, _("This contradiction is settled already."))
        return redirect("casework:facts", case.reference)
    form = SettleForm(**typed(request))
    if form.is_valid():
        try:
            actions.settle(contradiction=contradiction, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The decision is written down. The next forms will be filled in by it."))
        except ActionRefused as refusal:
            tell(request, refusal)
        return redirect("casework:facts", case.reference)
    context = case_context(request, case) | {"contradiction": contradiction, "form": form}
    return render(request, "casework/facts_settle.html", context)
