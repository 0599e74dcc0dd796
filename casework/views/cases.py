"""The case page and what is decided on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access, pictures, virus_scanner
from casework.actions import (
    assignment_lists,
    cases,
    contact_requests,
    curators,
    inbox,
    matching_steps,
    people,
    plan_pages,
    radar,
    visits,
)
from casework.actions.cases import may_speak
from casework.actions.closed import closed_to, files_closed_to, is_outside_word_closed
from casework.actions.facts import open_contradictions
from casework.actions.forms_to_fill import groups_to_fill
from casework.actions.log import record_document_read, record_history_read, record_person_read, record_read
from casework.actions.papers import documents_of
from casework.actions.refusals import ActionRefused, PersonChanged
from casework.answers_on_screen import on_screen
from casework.forms import AssignForm, CloseForm, NoteForm, PersonForm, RefuseForm
from casework.views.doors import keeps_what_was_typed, opens_case, tell, typed

LINES_ON_A_PAGE = 100
ASKED_ON_THE_PAGE = 5
"""So many of the things that agencies were asked stand on the page of the case; the others are one press away."""


def case_context(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Return what every screen of a case shows: the case and what the person may do with it."""
    permissions = access.permissions_on(case, user=request.user, today=timezone.localdate())
    return {
        "case": case,
        "today": timezone.localdate(),
        "may_work": access.CasePermission.WORK in permissions and case.is_running,
        "may_lead": access.CasePermission.LEAD in permissions,
        "may_speak": case.is_running and may_speak(case, request.user, held=permissions),
    }


@opens_case("view_case")
def case(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the case in one look, and write down that it was read."""
    today = timezone.localdate()
    now, form_words = timezone.now(), request.GET.get("form", "")[:100]
    record_read(case=case, actor=request.user, at=now)
    asked = contact_requests.words_of(case)
    if asked:
        record_document_read(case=case, actor=request.user, at=now, number=asked.number)
    tasks = inbox.tasks_of_case(case, user=request.user, at=now)
    procedures = radar.summaries(case, tasks)
    closed = closed_to(case, user=request.user, today=today)
    context = case_context(request, case) | {
        "asked": asked,
        "asked_sections": on_screen(asked.edition.schema, asked.answers) if asked else [],
        "people": case.people.all(),
        "submissions": documents_of(case),
        "drafts": case.drafts.select_related("edition", "author").defer(
            "edition__docx_template", "edition__questions", "typed", "changes"
        ),
        "files": case.files.exclude(pk__in=files_closed_to(case, user=request.user, closed=closed)).select_related(
            "uploaded_by", "result"
        ),
        "files_are_scanned": virus_scanner.is_on(),
        "previewed": pictures.TYPES,
        "notes": case.notes.select_related("author"),
        "outside_is_closed": is_outside_word_closed(closed),
        "viewers": access.viewers_of(case, today=timezone.localdate()),
        "shares": case.shares.filter(withdrawn_at=None).select_related("agency", "granted_by"),
        "history": case.log.done().select_related("actor")[:10],
        "form_groups": groups_to_fill(case=case, words=form_words, at=now),
        "form_words": form_words,
        "procedures": procedures,
        "is_led_by_a_procedure": any(summary.followed.is_running for summary in procedures),
        "contradictions": open_contradictions(case).count(),
        "assignments": assignment_lists.lines_of_case(
            case, assignment_lists.asked_in(case)[:ASKED_ON_THE_PAGE], user=request.user, at=now
        ),
        "plan_briefs": plan_pages.briefs_of(case, at=now),
        "alerts": visits.open_alerts(case),
        "seeks_a_family": matching_steps.procedure_in(case) is not None,
        "note_form": NoteForm(),
        "tasks": [line for line in tasks if not line.task.step],
    }
    return render(request, "casework/case.html", context)


@opens_case("view_case")
def history(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the whole log of the case."""
    record_history_read(case=case, actor=request.user, at=timezone.now())
    lines = Paginator(case.log.select_related("actor"), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = case_context(request, case) | {"history": lines, "page_obj": lines}
    return render(request, "casework/case_history.html", context)


@require_POST
@opens_case("lead_case")
def accept(request: HttpRequest, case: Any) -> HttpResponse:
    """Take a new case into work; whoever does not work on cases themselves names a curator instead."""
    if not cases.may_be_curator(case, request.user, today=timezone.localdate()):
        return redirect("casework:assign", case.reference)
    try:
        cases.accept_case(case=case, actor=request.user, at=timezone.now())
        messages.success(request, _("The case is in work. You are its curator."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:case", case.reference)


@keeps_what_was_typed
@opens_case("lead_case")
def refuse(request: HttpRequest, case: Any) -> HttpResponse:
    """Refuse a new case with a reason."""
    form = RefuseForm(**typed(request))
    if form.is_valid():
        try:
            cases.refuse_case(case=case, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
            messages.success(request, _("The refusal and its reason are written down."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/case_refuse.html", case_context(request, case) | {"form": form})


@opens_case("lead_case")
def assign(request: HttpRequest, case: Any) -> HttpResponse:
    """Name the curator; a new case is taken into work by that."""
    people = cases.possible_curators(case, today=timezone.localdate())
    form = AssignForm(request.POST or None, people=people, initial={"curator": case.curator_id})
    if form.is_valid():
        try:
            take = cases.accept_case if case.status == "new" else curators.assign_curator
            take(case=case, actor=request.user, at=timezone.now(), curator=form.cleaned_data["curator"])
            messages.success(request, _("The curator is assigned."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/case_assign.html", case_context(request, case) | {"form": form})


@keeps_what_was_typed
@opens_case("work_case")
def note(request: HttpRequest, case: Any) -> HttpResponse:
    """Write a note."""
    form = NoteForm(**typed(request))
    if form.is_valid():
        try:
            cases.write_note(case=case, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The note is saved."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/case_note.html", case_context(request, case) | {"form": form})


@keeps_what_was_typed
@opens_case("lead_case")
def close(request: HttpRequest, case: Any) -> HttpResponse:
    """Close a case on a ground."""
    form = CloseForm(**typed(request))
    if form.is_valid():
        try:
            cases.close_case(case=case, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The case is closed."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {"form": form, "drafts": case.drafts.select_related("edition", "author")}
    return render(request, "casework/case_close.html", context)


@keeps_what_was_typed
@opens_case("work_case")
def person(request: HttpRequest, case: Any, number: int | None = None) -> HttpResponse:
    """Add a person to the case, or change what is known about one."""
    known = get_object_or_404(case.people, pk=number) if number is not None else None
    if known:
        record_person_read(case=case, actor=request.user, at=timezone.now())
    form = PersonForm(**typed(request), instance=known, today=timezone.localdate())
    if form.is_valid():
        try:
            people.keep_person(case=case, actor=request.user, at=timezone.now(), person=form.save(commit=False))
            messages.success(request, _("The person is saved."))
            return redirect("casework:case", case.reference)
        except PersonChanged as refusal:
            tell(request, refusal)
            form.send_again_on(case.people.get(pk=number).version)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/case_person.html", case_context(request, case) | {"form": form, "person": known})
