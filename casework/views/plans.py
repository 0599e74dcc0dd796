"""The plans of a case and the visits to its family, each in one look."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from casework.actions import plan_pages, visits
from casework.actions.forms_to_fill import forms_with_fact
from casework.actions.log import record_document_read, record_read
from casework.measures import PROTOCOLS
from casework.views.cases import case_context
from casework.views.doors import opens_case
from casework.visits import START
from forms_library.things_to_do import TEXT


@opens_case("view_case")
def plan(request: HttpRequest, case: Any) -> HttpResponse:
    """Show what is planned with the family, what came of it and why it was planned, and write down which plans were read."""
    now = timezone.now()
    pages = plan_pages.plan_pages(case, user=request.user, at=now)
    for page in pages:
        record_document_read(case=case, actor=request.user, at=now, number=page.current.number)
    return render(
        request, "casework/plan.html", case_context(request, case) | {"pages": pages, "forms": _of_plans(now)}
    )


@opens_case("view_case")
def visit_list(request: HttpRequest, case: Any) -> HttpResponse:
    """Show every visit, what counted and why, and when the next one is due."""
    now = timezone.now()
    record_read(case=case, actor=request.user, at=now)
    sheets = visits.visits_of(case, today=case.agency.local(now).date())
    context = case_context(request, case) | {
        "sheets": sheets,
        "awaited": visits.awaited(sheets),
        "alerts": visits.open_alerts(case),
        "forms": forms_with_fact(START, at=now),
    }
    return render(request, "casework/plan_visits.html", context)


def _of_plans(now: Any) -> list[Any]:
    return [edition for edition in forms_with_fact(TEXT, at=now) if edition.code not in PROTOCOLS]
