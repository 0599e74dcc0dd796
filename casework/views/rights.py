"""«Who may see what»: everybody who sees a case with the reason, who is kept out, and what is opened to few."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access, matrix
from casework.actions import rights
from casework.actions.cases import speaks_for
from casework.actions.refusals import ActionRefused
from casework.actions.who_sees import WhoSees, who_sees
from casework.forms import KeepOutForm, LookForm, OpenCategoryForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, staff_only, tell, typed
from casework.why_in_words import why_category, why_emergency, why_kept_out, why_part, why_whole


@opens_case("view_case")
def case_access(request: HttpRequest, case: Any) -> HttpResponse:
    """Show everybody who sees the case or a part of it, each with one sentence, and who is kept out."""
    today, seen = timezone.localdate(), who_sees(case, at=timezone.now())
    openable = rights.may_open(case, user=request.user, today=today)
    tells = speaks_for(case, request.user, today=today)
    context = case_context(request, case) | {
        "whole": [(viewer, why_whole(viewer, seen=seen)) for viewer in seen.whole],
        "parts": [(part, why_part(part)) for part in seen.parts],
        "emergencies": [(opening, why_emergency(opening, tells_reason=tells)) for opening in seen.emergencies],
        "kept_out": [(bar, why_kept_out(bar, tells_reason=tells)) for bar in seen.kept_out],
        "leaves": [
            (
                grant,
                why_category(grant, tells_reason=tells),
                grant.category in openable or grant.person_id == request.user.pk,
            )
            for grant in seen.leaves
        ],
        "may_open": openable,
        "may_look": rights.may_look(case, user=request.user, today=today),
    }
    return render(request, "casework/rights.html", context)


def _with_agencies(seen: WhoSees) -> list[tuple[Any, str]]:
    """Return everybody who sees anything of a case, each once with their agency, by name."""
    agencies = {person.pk: part.agency.short_name for part in seen.parts for person in part.people}
    agencies |= {viewer.user.pk: viewer.agency.short_name for viewer in seen.whole}
    return sorted(((person, agencies.get(pk, "")) for pk, person in seen.people.items()), key=lambda pair: str(pair[0]))


@keeps_what_was_typed
@opens_case("lead_case")
def keep_out(request: HttpRequest, case: Any) -> HttpResponse:
    """Keep a named colleague out of the case."""
    seen = _with_agencies(who_sees(case, at=timezone.now()))
    people = dict([*seen, *rights.everybody_at_work()])  # who sees something stands first
    form = KeepOutForm(**typed(request), people=[pair for pair in people.items() if pair[0] != request.user])
    if form.is_valid():
        try:
            concerned = list(people)
            rights.bar(case=case, concerned=concerned, actor=request.user, at=timezone.now(), **form.cleaned_data)
            words = _("%(person)s does not see this case any more.") % {"person": form.cleaned_data["person"]}
            messages.success(request, words)
            return redirect("casework:case_access", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/rights_keep_out.html", case_context(request, case) | {"form": form})


@require_POST
@opens_case("lead_case")
def let_in(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Let a colleague in again who was kept out."""
    bar = get_object_or_404(case.bars, pk=number)
    rights.lift_bar(bar=bar, actor=request.user, at=timezone.now())
    messages.success(request, _("Nothing keeps this person out any more. They see what their team sees."))
    return redirect("casework:case_access", case.reference)


@keeps_what_was_typed
@opens_case("view_case")
def open_category(request: HttpRequest, case: Any) -> HttpResponse:
    """Open a special category to somebody who sees the case; 404 for those who may not."""
    today = timezone.localdate()
    categories = rights.may_open(case, user=request.user, today=today)
    if not categories:
        raise Http404
    people = {viewer.user: viewer.agency.short_name for viewer in access.viewers_of(case, today=today)}
    form = OpenCategoryForm(**typed(request), people=people.items(), categories=categories, today=today)
    if form.is_valid():
        try:
            rights.open_category(case=case, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("It is open to them until the day you named."))
            return redirect("casework:case_access", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/rights_open.html", case_context(request, case) | {"form": form})


@keeps_what_was_typed
@opens_case("view_case")
def look(request: HttpRequest, case: Any) -> HttpResponse:
    """Open a special category to a head for today; 404 for everybody else, and when nothing is closed to them."""
    categories = rights.may_look(case, user=request.user, today=timezone.localdate())
    if not categories:
        raise Http404
    form = LookForm(**typed(request), categories=categories)
    if form.is_valid():
        try:
            rights.look(case=case, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("It is open to you until the end of today. The reason is written down."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/rights_look.html", case_context(request, case) | {"form": form})


@require_POST
@opens_case("view_case")
def close_category(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Take a leave to read a special category back at once."""
    grant = get_object_or_404(case.category_grants, pk=number)
    try:
        rights.close_category(grant=grant, actor=request.user, at=timezone.now())
        messages.success(request, _("It is closed to them from now on."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:case_access", case.reference)


@staff_only
def table(request: HttpRequest) -> HttpResponse:
    """Show to heads, in words, which role may do what (domain.md D)."""
    if not rights.is_a_head(request.user):
        raise Http404
    return render(request, "casework/rights_table.html", {"roles": matrix.in_words(), "columns": matrix.COLUMNS})
