"""What agencies ask each other: sent and watched in a case; read, answered and marked by whoever was asked."""

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
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import assignment_lists, assignments, disclosures, protocol_extracts
from casework.actions.log import record_assignment_read, record_document_read, record_read
from casework.actions.refusals import ActionRefused
from casework.forms import AcceptForm, MarkForm, ReferralForm, RefuseReferralForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, staff_only, tell, typed

ON_A_PAGE = 50

View = Callable[..., HttpResponseBase]


def opens_assignment(view: View) -> View:
    """Hand over the assignment named by `token`, if one of the person's agencies was asked; 404 for everybody else."""

    @staff_only
    @wraps(view)
    def opened(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
        try:
            assignment = access.get_assignment(user=request.user, token=token)
        except access.CaseNotFound:
            raise Http404 from None
        return view(request, assignment)

    return opened


@staff_only
def assigned(request: HttpRequest) -> HttpResponse:
    """List what other agencies have asked the person's agencies for."""
    show = request.GET.get("show", "open")
    if show not in assignment_lists.FILTERS:
        raise Http404
    found = assignment_lists.assigned(request.user, show=show)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": assignment_lists.FILTERS.items(),
        "show": show,
        "lines": assignment_lists.lines_of(page, at=timezone.now()),
        "page_obj": page,
        "query": f"show={show}&",
    }
    return render(request, "casework/assignment_list.html", context)


@opens_assignment
def assignment(request: HttpRequest, assignment: Any) -> HttpResponse:
    """Show what was asked."""
    return _page(request, assignment)


@require_POST
@opens_assignment
def accept(request: HttpRequest, assignment: Any) -> HttpResponse:
    """Take a referral on."""
    form = AcceptForm(request.POST)
    if form.is_valid():
        return _answer(request, assignment, accepts=True, said=_("You have taken this on."), **form.cleaned_data)
    return redirect("casework:assignment", assignment.token)


@keeps_what_was_typed
@opens_assignment
def refuse(request: HttpRequest, assignment: Any) -> HttpResponse:
    """Refuse a referral with a reason."""
    form = RefuseReferralForm(**_on_version(typed(request), assignment.version))
    if form.is_valid():
        said = _("The refusal is sent, with your reason.")
        return _answer(request, assignment, accepts=False, said=said, **form.cleaned_data)
    return _page(request, assignment, refuse_form=form)


def _answer(request: HttpRequest, assignment: Any, *, said: str, **answer: Any) -> HttpResponse:
    try:
        assignments.answer(assignment=assignment, actor=request.user, at=timezone.now(), **answer)
        messages.success(request, said)
    except ActionRefused as refusal:
        tell(request, refusal)
        return _page(
            request, access.get_assignment(user=request.user, token=assignment.token), lost=answer.get("words")
        )
    return redirect("casework:assignment", assignment.token)


@keeps_what_was_typed
@opens_assignment
def mark(request: HttpRequest, assignment: Any) -> HttpResponse:
    """Write down what came of it."""
    form = MarkForm(**_on_version(typed(request), assignment.version))
    if not form.is_valid():
        return _page(request, assignment, mark_form=form)
    try:
        assignments.mark(assignment=assignment, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Written down. Whoever asked sees it."))
    except ActionRefused as refusal:
        tell(request, refusal)
        now = access.get_assignment(user=request.user, token=assignment.token)
        return _page(request, now, lost=form.cleaned_data["words"])
    return redirect("casework:assignment", assignment.token)


def _page(request: HttpRequest, assignment: Any, *, lost: str | None = None, **typed_forms: Any) -> HttpResponse:
    """Show an assignment to whoever was asked, and write down that it was read.

    `lost` are words that came too late: somebody else was quicker. They stand on the screen, to be taken from there.
    """
    now, initial = timezone.now(), {"version": assignment.version}
    record_assignment_read(case=assignment.case, actor=request.user, at=now, number=assignment.pk)
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "line": assignment_lists.page_of(assignment, at=now),
        "is_shown_something": _is_shown(assignment),
        "sees_the_case": access.CasePermission.VIEW
        in access.permissions_on(assignment.case, user=request.user, today=timezone.localdate()),
        "has_extract": protocol_extracts.has_extract(assignment),
        "accept_form": AcceptForm(initial=initial),
        "refuse_form": RefuseReferralForm(initial=initial),
        "mark_form": MarkForm(initial=initial),
        "lost": lost,
    }
    return render(request, "casework/assignment.html", context | typed_forms)


def _is_shown(assignment: Any) -> bool:
    shown = assignment.disclosure
    return shown is not None and shown.is_standing(today=timezone.localdate())


@opens_case("view_case")
def referrals(request: HttpRequest, case: Any) -> HttpResponse:
    """Show what other agencies were asked for in the case, and how it goes."""
    now = timezone.now()
    record_read(case=case, actor=request.user, at=now)
    page = Paginator(assignment_lists.asked_in(case), ON_A_PAGE).get_page(request.GET.get("page"))
    context = case_context(request, case) | {
        "lines": assignment_lists.lines_of_case(case, page, user=request.user, at=now),
        "page_obj": page,
    }
    return render(request, "casework/assignment_case_list.html", context)


@keeps_what_was_typed
@opens_case("work_case")
def refer(request: HttpRequest, case: Any) -> HttpResponse:
    """Ask another agency: first comes the look through its eyes, then the sending."""
    now = timezone.now()
    today = case.agency.local(now).date()
    categories = access.categories_open(case, user=request.user, today=today)
    documents = case.submissions.valid().select_related("edition", "case__agency").defer("edition__docx_template")
    form = ReferralForm(**typed(request), keeper=case.agency, documents=documents, categories=categories, today=today)
    context = case_context(request, case) | {"form": form}
    if not form.is_valid() or "_edit" in request.POST:
        return render(request, "casework/assignment_new.html", context)
    shown = form.shown()
    if "_send" not in request.POST:
        for document in shown["documents"] if shown else ():
            record_document_read(case=case, actor=request.user, at=now, number=document.number)
        return render(request, "casework/assignment_preview.html", context | _preview(case, form, shown))
    facts = {name: form.cleaned_data[name] for name in ("agency", "text", "due", "answer_within", "token")}
    try:
        sent = assignments.refer(
            case=case, shown=assignments.Shown(**shown) if shown else None, actor=request.user, at=now, **facts
        )
        messages.success(request, _("The referral No. %(number)s is sent.") % {"number": sent.pk})
        return redirect("casework:referrals", case.reference)
    except ActionRefused as refusal:
        tell(request, refusal)
    return render(request, "casework/assignment_new.html", context)


def _preview(case: Any, form: Any, shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the addressee will see; the sender ticks only categories that are open to themselves."""
    answers = form.cleaned_data
    parts = {name: value for name, value in (shown or {}).items() if name != "last_day"}
    return {
        "agency": answers["agency"],
        "text": answers["text"],
        "due": answers["due"],
        "last_day": answers["last_day"],
        "part": disclosures.part_of(case, **parts) if shown else None,
    }


@require_POST
@opens_case("view_case")
def withdraw(request: HttpRequest, case: Any, token: uuid.UUID) -> HttpResponse:
    """Take a referral back at once, with everything that was shown for it."""
    found = get_object_or_404(case.assignments.select_related("agency"), token=token, kind="referral")
    held = access.permissions_on(case, user=request.user, today=timezone.localdate())
    if not assignments.may_withdraw(found, request.user, case=case, held=held):
        raise Http404
    try:
        assignments.withdraw(assignment=found, actor=request.user, at=timezone.now())
        messages.success(request, _("The referral is taken back. The agency sees nothing of the case any more."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:referrals", case.reference)


@keeps_what_was_typed
@opens_case("work_case")
def mark_for_executor(request: HttpRequest, case: Any, token: uuid.UUID) -> HttpResponse:
    """Write down what the executor or the family has told the curator."""
    found = get_object_or_404(case.assignments.select_related("agency", "marked_by"), token=token)
    if not assignments.is_of_the_curator(case, request.user, at=timezone.now()):
        raise Http404
    form, lost = MarkForm(**_on_version(typed(request), found.version)), ""
    if form.is_valid():
        try:
            assignments.mark(assignment=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Written down."))
            return redirect("casework:referrals", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
            lost = form.cleaned_data["words"]
            found.refresh_from_db()
            form = MarkForm(initial={"version": found.version})
    context = case_context(request, case) | {"form": form, "assignment": found, "lost": lost}
    return render(request, "casework/assignment_mark.html", context)


def _on_version(words: dict[str, Any], version: int) -> dict[str, Any]:
    """Return the arguments of a small form that is sent on top of `version`."""
    return words | {"initial": {**words.get("initial", {}), "version": version}}
