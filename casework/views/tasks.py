"""Tasks: the list, the way to where a task is done, and what people do with the tasks of a case."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework import access
from casework.actions import inbox, tasks
from casework.actions.refusals import ActionRefused
from casework.forms import GiveTaskForm, HandOverForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, staff_only, tell, typed

ON_A_PAGE = 50


@staff_only
def task_list(request: HttpRequest) -> HttpResponse:
    """Show the open tasks of one filter, the most urgent first, a page at a time."""
    show = request.GET.get("show", "mine")
    if show not in inbox.FILTERS:
        raise Http404
    found, lines = inbox.task_list(request.user, show=show, at=timezone.now())
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": inbox.FILTERS.items(),
        "show": show,
        "lines": lines.of(page),
        "page_obj": page,
        "query": f"show={show}&",
    }
    return render(request, "casework/task_list.html", context)


@require_GET
@staff_only
def task(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to where a task is done: letters and calendars name the number of the task and nothing else."""
    try:
        found = inbox.get_task(user=request.user, number=number, today=timezone.localdate())
    except access.CaseNotFound:
        raise Http404 from None
    return redirect(place_of(found))


def place_of(task: Any) -> str:
    """Return the address of the page on which a task is done."""
    if task.case_procedure_id:
        return reverse("casework:procedure", args=[task.case.reference, task.case_procedure_id])
    return reverse("casework:case", args=[task.case.reference]) + f"#task-{task.pk}"


@keeps_what_was_typed
@opens_case("view_case")
def give(request: HttpRequest, case: Any) -> HttpResponse:
    """Ask a colleague to do something in the case."""
    now = timezone.now()
    today = case.agency.local(now).date()
    if not tasks.rights_on(case, user=request.user, today=today).may_act:
        raise Http404
    form = GiveTaskForm(**typed(request), people=tasks.possible_owners(case, today=today), today=today)
    if form.is_valid():
        try:
            given = tasks.give_task(case=case, actor=request.user, at=now, **form.cleaned_data)
            messages.success(request, _("Task No. %(number)s is given.") % {"number": given.pk})
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    return render(request, "casework/task_give.html", case_context(request, case) | {"form": form})


@opens_case("view_case")
def hand_over(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Give a task to somebody else."""
    now = timezone.now()
    today = case.agency.local(now).date()
    found = _task_of(request, case, number)
    if not tasks.rights_on(case, user=request.user, today=today).may_act:
        raise Http404
    try:
        people = tasks.possible_owners(case, today=today, task=found)
    except ActionRefused as refusal:
        tell(request, refusal)
        return _back(request, case)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, people=people, initial={"owner": found.owner_id}
    )
    if form.is_valid():
        try:
            tasks.hand_over(task=found, owner=form.cleaned_data["owner"], actor=request.user, at=now)
            messages.success(request, _("The task is in other hands now."))
            return redirect("casework:case", case.reference)
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {
        "form": form,
        "task": found,
        "others": [person for person in people if person.pk != found.owner_id],
        "is_of_curator": found.owner_id == case.curator_id,
    }
    return render(request, "casework/task_hand_over.html", context)


@require_POST
@opens_case("view_case")
def done(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Say that a task is done."""
    try:
        tasks.finish_task(task=_task_of(request, case, number), actor=request.user, at=timezone.now())
        messages.success(request, _("Task No. %(number)s is done.") % {"number": number})
    except ActionRefused as refusal:
        tell(request, refusal)
    return _back(request, case)


@require_POST
@opens_case("view_case")
def take(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Take a task that nobody has yet."""
    try:
        tasks.take_task(task=_task_of(request, case, number), actor=request.user, at=timezone.now())
        messages.success(request, _("Task No. %(number)s is yours now.") % {"number": number})
    except ActionRefused as refusal:
        tell(request, refusal)
    return _back(request, case)


def _task_of(request: HttpRequest, case: Any, number: int) -> Any:
    return get_object_or_404(case.tasks.select_related("team", "owner", "case_procedure__edition"), pk=number)


def _back(request: HttpRequest, case: Any) -> HttpResponse:
    """Return to the list on which the button was pressed."""
    if request.POST.get("back") == "desk":
        return redirect("casework:desk")
    return redirect(reverse("casework:case", args=[case.reference]) + "#tasks")
