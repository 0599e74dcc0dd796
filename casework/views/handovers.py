"""A case goes to another curator: the pack, its items accepted one by one, its two printed pages."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_POST

from casework.actions import cases, handovers
from casework.actions.log import record_read
from casework.actions.refusals import ActionRefused
from casework.forms import AcceptItemsForm, CaseHandoverForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, opens_case_to_speakers, tell, typed


@keeps_what_was_typed
@opens_case("view_case")
def handover(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the handover of the case, or begin one."""
    now = timezone.now()
    today = case.agency.local(now).date()
    if request.method == "POST" and not cases.speaks_for(case, request.user, today=today):
        raise Http404
    people = [viewer for viewer in cases.possible_curators(case, today=today) if viewer.user.pk != case.curator_id]
    form = CaseHandoverForm(**typed(request), people=people)
    if form.is_valid():
        try:
            handovers.begin_handover(case=case, actor=request.user, at=now, **form.cleaned_data)
            messages.success(request, _("The pack is made. The case goes over when every item of it is accepted."))
            return redirect("casework:handover", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    record_read(case=case, actor=request.user, at=now)
    context = _context(request, case) | {"form": form, "people": people}
    return render(request, "casework/handover.html", context)


@require_POST
@opens_case("view_case")
def accept(request: HttpRequest, case: Any) -> HttpResponse:
    """Accept the items that were ticked; the last one makes the receiver the curator."""
    found = handovers.handover_of(case)
    if found is None or found.to_person_id != request.user.pk:
        raise Http404
    found.case = case
    form = AcceptItemsForm(request.POST, items=found.items.all())
    if not form.is_valid():
        context = _context(request, case) | {"accept_form": form, "rows": _rows(found, form)}
        return render(request, "casework/handover.html", context, status=422)
    numbers, remarks = form.accepted()
    if form.items and not numbers:
        messages.error(request, _("Nothing was ticked. Tick what you have accepted and save once more."))
        return redirect("casework:handover", case.reference)
    try:
        found = handovers.accept_items(
            handover=found, numbers=numbers, remarks=remarks, actor=request.user, at=timezone.now()
        )
        _say_how_it_stands(request, found)
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:handover", case.reference)


def _say_how_it_stands(request: HttpRequest, found: Any) -> None:
    left = found.items.filter(accepted_at=None).count()
    if not found.is_under_way:
        messages.success(request, _("You are the curator of this case now. Its tasks are yours."))
    else:
        words = ngettext("Saved. %(count)d item is left.", "Saved. %(count)d items are left.", left)
        messages.info(request, words % {"count": left})


@require_POST
@opens_case_to_speakers
def withdraw(request: HttpRequest, case: Any) -> HttpResponse:
    """Take the handover back."""
    found = handovers.handover_of(case)
    if found is None:
        raise Http404
    found.case = case
    try:
        handovers.withdraw_handover(handover=found, actor=request.user, at=timezone.now())
        messages.success(request, _("The handover is taken back. The curator stays who it is."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:handover", case.reference)


@require_GET
@opens_case("view_case")
def print_pack(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the pack as it is printed."""
    if handovers.handover_of(case) is None:
        raise Http404
    record_read(case=case, actor=request.user, at=timezone.now())
    return render(request, "casework/handover_print.html", _context(request, case))


def _context(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Return what both pages of a handover show."""
    found = handovers.handover_of(case)
    context = case_context(request, case) | {"handover": found, "now": case.agency.local(timezone.now())}
    if found is None:
        return context
    is_receiver = found.is_under_way and found.to_person_id == request.user.pk
    form = AcceptItemsForm(items=found.items.all()) if is_receiver else None
    moved = found.ground == "moves" and found.finished_at
    running = case.procedures.running().select_related("edition") if moved else []
    return context | {"accept_form": form, "rows": _rows(found, form), "to_end": running}


def _rows(found: Any, form: AcceptItemsForm | None) -> list[tuple[str, list[tuple[Any, Any]]]]:
    """Return the pack by kind: each item with its fields, when there is something to accept."""
    return [
        (group.title, [(item, form.fields_of(item) if form else None) for item in group.items])
        for group in handovers.groups_of(found)
    ]
