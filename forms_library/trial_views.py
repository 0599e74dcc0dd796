"""A methodologist tries a draft out: the form as a specialist will see it, filled in by an invented family, and its paper.

Nothing that is typed here is kept.
"""

import base64
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from forms_library import pdf, rendering, template_check
from forms_library.models import OfficialForm
from forms_library.package_check import WORD_MEDIA_TYPE
from forms_library.questionnaire import Answers, Questionnaire
from forms_library.readiness import readiness, schema_problem
from forms_library.sample_families import FAMILIES, FAMILY, answers_for, around
from forms_library.schema import Schema
from forms_library.schema_problems import problems
from forms_library.typed import press_row_button, typed_from_answers, typed_from_post

SHOWN_PAGES = 4


def trial(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the draft filled in by a family that does not exist; check and print what was typed; keep nothing.

    Questions that do not work stop the trial. A template that does not is only told of: the questions can be tried before.
    """
    form = draft_to_try(request, page_id)
    schema = form.schema()
    if wrong := [schema_problem(problem) for problem in problems(schema)]:
        return render(request, "forms_library/trial.html", {"form": form, "problems": wrong})
    family = FAMILY.get(request.GET.get("family", ""), FAMILIES[0])
    typed = typed_from_answers(schema, answers_for(schema, family))
    if request.method == "POST":
        typed = press_row_button(schema, typed_from_post(schema, request.POST), request.POST)
    checking = "_check" in request.POST or "_print" in request.POST
    questionnaire = Questionnaire(schema, typed=typed, check=checking, around=around(schema))
    is_right = checking and questionnaire.is_valid()
    answers = questionnaire.answers() if is_right else answers_for(schema, family)
    paper, paper_problems = _paper(form, schema, answers)
    if paper and is_right and "_print" in request.POST:
        response = HttpResponse(paper, content_type=WORD_MEDIA_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{form.code}-trial.docx"'
        return response
    context = {
        "form": form,
        "families": FAMILIES,
        "family": family,
        "questionnaire": questionnaire,
        "is_right": is_right,
        "is_wrong": checking and not is_right,
        "paper_problems": paper_problems,
        **(_pictures(paper) if paper else {}),
    }
    return render(request, "forms_library/trial.html", context)


def draft_to_try(request: HttpRequest, page_id: int) -> OfficialForm:
    """Return the newest draft of a form to somebody who may change or approve it."""
    page = get_object_or_404(OfficialForm, pk=page_id)
    permissions: Any = page.permissions_for_user(request.user)
    if not (permissions.can_edit() or permissions.is_approver()):
        raise PermissionDenied
    return page.get_latest_revision_as_object()


def _paper(form: OfficialForm, schema: Schema, answers: Answers) -> tuple[bytes, tuple[str, ...]]:
    """Return the printed answers; or nothing, and what is wrong with the template."""
    template = form.template_bytes()
    found = readiness(schema, template=template).problems
    if template is None or found:
        return b"", found
    digest = sha256(template).hexdigest()
    about = form.as_edition().about() | {"edition": ""}
    try:
        paper = rendering.document(schema, answers, template=template, template_sha256=digest, about=about)
    except rendering.TemplateError as error:
        return b"", (template_check.problem_text(error.problem),)
    return paper, ()


def _pictures(paper: bytes) -> dict[str, Any]:
    """Return the first pages of the paper as pictures, or why there are none."""
    try:
        pages = pdf.page_images(paper)
    except pdf.PdfUnavailable:
        return {"no_pictures": _("This server cannot show the pages of the paper. Print it to look at it.")}
    pictures = [base64.b64encode(page).decode() for page in pages[:SHOWN_PAGES]]
    return {"pages": pictures, "more_pages": max(len(pages) - SHOWN_PAGES, 0)}
