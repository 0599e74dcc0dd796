"""The register of professional families: the list, the card, the papers, and what the head decides."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import carer_register, carers, matching_steps
from casework.actions.carer_refusals import CarerChanged
from casework.actions.closed import readable_answers
from casework.actions.log import record_document_read
from casework.actions.refusals import ActionRefused
from casework.candidate_form import FORM, card_of_candidate, papers_of_candidate
from casework.forms.carers import CarerDecisionForm, CarerForm, CarerPaperForm
from casework.views.doors import keeps_what_was_typed, staff_only, tell, typed

ON_A_PAGE = 50
LONGEST_NUMBER = 9


def _keepers_or_404(request: HttpRequest) -> Any:
    """Return the person's agencies that keep a register; 404 for whoever has none."""
    keepers = access.keepers_of_carers(request.user).order_by("short_name")
    if not keepers:
        raise Http404
    return keepers


def carer_or_404(request: HttpRequest, token: uuid.UUID) -> Any:
    """Return the family that this token names, if it stands in a register of the person's own."""
    try:
        return access.get_carer(user=request.user, token=token)
    except access.CaseNotFound:
        raise Http404 from None


@staff_only
def carer_list(request: HttpRequest) -> HttpResponse:
    """Show the register: who takes children, who has a place, whose papers end."""
    keepers = _keepers_or_404(request)
    show = "all" if request.GET.get("show") == "all" else ""
    found = carer_register.register_for(request.user, with_gone=bool(show))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    ours = access.carers_for(request.user).filter(pk__in=[family.pk for family in page])
    context = {
        "agencies": keepers,
        "lines": carer_register.listed(ours, today=timezone.localdate()),
        "today": timezone.localdate(),
        "show": show,
        "page_obj": page,
        "query": f"show={show}&",
    }
    return render(request, "casework/carer_list.html", context)


@staff_only
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the children for whom there is no family yet, and why."""
    _keepers_or_404(request)
    found = matching_steps.waiting_children(request.user, today=timezone.localdate())
    return render(request, "casework/carer_waiting.html", {"waiting": found})


@keeps_what_was_typed
@staff_only
def add_carer(request: HttpRequest) -> HttpResponse:
    """Write a candidate into the register."""
    agency = _keepers_or_404(request).first()
    words, filed = typed(request), _candidate_form(request)
    answers = _answers_of(filed, request) if filed else {}
    if filed and words["data"] is None:
        words["initial"] = {**_candidate(request, filed=filed, answers=answers), **words.get("initial", {})}
    form = CarerForm(**words)
    if form.is_valid():
        now = timezone.now()
        papers = papers_of_candidate(answers, today=agency.local(now).date())
        try:
            kept = carers.keep_carer(
                family=form.save(commit=False), agency=agency, actor=request.user, at=now, papers=papers
            )
            messages.success(
                request,
                _("The candidate and the papers that the form names are in the register. Check their last days.")
                if papers
                else _("The candidate is in the register. Write down the papers next."),
            )
            return redirect("casework:carer", kept.token)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/carer_form.html", {"form": form, "family": None, "agency": agency})


def _candidate_form(request: HttpRequest) -> Any:
    """Return the filed form of a candidate that the address names, or `None`; 404 unless its case is open to the person."""
    reference, number = request.GET.get("case", ""), request.GET.get("document", "")
    if not (reference and number.isdecimal() and number.isascii() and len(number) < LONGEST_NUMBER):
        return None
    try:
        case = access.get_case(user=request.user, reference=reference, today=timezone.localdate())
    except access.CaseNotFound:
        raise Http404 from None
    return get_object_or_404(case.submissions.select_related("edition"), number=number, edition__code=FORM)


def _answers_of(filed: Any, request: HttpRequest) -> dict[str, Any]:
    today = filed.case.agency.local(timezone.now()).date()
    return readable_answers(filed, user=request.user, today=today)


def _candidate(request: HttpRequest, *, filed: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the first words of the card, write down that the form was read, and say what is closed."""
    record_document_read(case=filed.case, actor=request.user, at=timezone.now(), number=filed.number)
    card = card_of_candidate(answers)
    if len(answers) < len(filed.answers):
        words = _(
            "Some answers of the form are closed to you. Ask whoever filed it, above all whether somebody smokes at home."
        )
        messages.warning(request, words)
    if access.carers_for(request.user).filter(name=card["name"]).exists():
        messages.warning(request, _("A family of this name is in the register already. Look there before you save."))
    return card


@staff_only
def carer(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show the card of a family, and write down that it was read."""
    family = carer_or_404(request, token)
    carers.record_carer_read(family, actor=request.user, at=timezone.now())
    context = {
        "card": carer_register.family_card(family, user=request.user, today=timezone.localdate()),
        "may_decide": bool(carers.decisions_possible(family, user=request.user)),
        "today": timezone.localdate(),
    }
    return render(request, "casework/carer.html", context)


@keeps_what_was_typed
@staff_only
def change_carer(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Change what the register says of a family."""
    family = carer_or_404(request, token)
    if request.method != "POST":
        carers.record_carer_read(family, actor=request.user, at=timezone.now())
    form = CarerForm(**typed(request), instance=family)
    if form.is_valid():
        try:
            changed = form.save(commit=False)
            carers.keep_carer(family=changed, agency=family.agency, actor=request.user, at=timezone.now())
            messages.success(request, _("The card of the family is saved."))
            return redirect("casework:carer", token)
        except CarerChanged as refusal:
            tell(request, refusal)
            form.send_again_on(access.get_carer(user=request.user, token=token).version)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/carer_form.html", {"form": form, "family": family, "agency": family.agency})


@keeps_what_was_typed
@staff_only
def add_paper(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Write down a paper of a family with its last day."""
    family = carer_or_404(request, token)
    form = CarerPaperForm(**typed(request), today=timezone.localdate())
    if form.is_valid():
        try:
            carers.add_paper(family=family, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The paper is written down."))
            return redirect("casework:carer", token)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/carer_paper.html", {"form": form, "family": family})


@require_POST
@staff_only
def strike_paper(request: HttpRequest, token: uuid.UUID, number: int) -> HttpResponse:
    """Say that a paper was entered by mistake."""
    family = carer_or_404(request, token)
    paper = get_object_or_404(family.papers.select_related("family"), pk=number)
    carers.strike_paper(paper=paper, actor=request.user, at=timezone.now())
    messages.success(request, _("The paper is struck out and counts no more."))
    return redirect("casework:carer", token)


@keeps_what_was_typed
@staff_only
def decide(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Decide about a family, as the head."""
    family = carer_or_404(request, token)
    possible = carers.decisions_possible(family, user=request.user)
    if not possible:
        raise Http404
    form = CarerDecisionForm(**typed(request), possible=possible)
    if form.is_valid():
        try:
            carers.decide_on_carer(family=family, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The decision is written down."))
            return redirect("casework:carer", token)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/carer_decide.html", {"form": form, "family": family})
