"""Days away and substitutes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.actions import absences
from casework.actions.refusals import ActionRefused
from casework.forms import AbsenceForm
from casework.views.doors import keeps_what_was_typed, staff_only, tell, typed


@keeps_what_was_typed
@staff_only
def absence_list(request: HttpRequest) -> HttpResponse:
    """Show who is away now and soon, and write down who will be."""
    now = timezone.now()
    people = absences.people_user_writes_for(request.user)
    colleagues = absences.possible_substitutes(request.user)
    substitutes = [*colleagues, request.user] if len(people) > 1 else colleagues
    form = AbsenceForm(**typed(request), people=people, substitutes=substitutes)
    if form.is_valid():
        try:
            absences.write_absence(**form.cleaned_data, actor=request.user, at=now)
            messages.success(request, _("The days away are written down. The substitute sees the tasks on these days."))
            return redirect("casework:absences")
        except ActionRefused as refusal:
            tell(request, refusal)
    written = [
        (absence, absences.may_write_for(absence.person, user=request.user))
        for absence in absences.absences_seen_by(request.user, at=now)
    ]
    context = {"form": form, "absences": written, "today": absences.today_of(request.user, at=now)}
    return render(request, "casework/absence_list.html", context)


@require_POST
@staff_only
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Say that somebody is back, or will not be away at all."""
    found = get_object_or_404(absences.absences_seen_by(request.user, at=timezone.now()), pk=number)
    if not absences.may_write_for(found.person, user=request.user):
        raise Http404
    try:
        absences.end_absence(absence=found, actor=request.user, at=timezone.now())
        messages.success(request, _("The days away have ended. The tasks are back with their owner."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:absences")
