"""The workbench of a Word template: what it prints, what it misses, where its mistakes are, and a starter to begin from."""

import base64
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from forms_library import pdf, template_check
from forms_library.file_checks import check_size
from forms_library.models import OfficialForm
from forms_library.package_check import WORD_MEDIA_TYPE, UnsafeTemplate
from forms_library.schema import Schema
from forms_library.starter import REQUISITES, StarterFacts, starter_template
from forms_library.template_check import TemplateReport
from forms_library.template_places import Place, marked, places
from forms_library.trial_views import SHOWN_PAGES, draft_to_try

UNREADABLE = {"damaged", "forbidden", "syntax", "too_deep", "too_long", "unclosed"}
"""After these a part of the template has not been read, and nobody knows what it prints."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One name that the template may print: what it stands for, and whether the template does."""

    name: str
    label: str
    is_printed: bool


def workbench(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show how the questions of a draft fit together with its template, or with a file that is only tried and not kept."""
    form = draft_to_try(request, page_id)
    tried = request.FILES.get("docx")
    context: dict[str, Any] = {"form": form, "requisites": REQUISITES, "has_template": True}
    context["tried"] = tried.name if tried else ""
    try:
        template = _read(tried) if tried else form.template_bytes()
        context |= _looked_at(template, form.schema()) if template is not None else {"has_template": False}
    except UnsafeTemplate as unsafe:
        context["refusal"] = template_check.problem_text(unsafe)
    return render(request, "forms_library/workbench.html", context)


def _read(tried: UploadedFile) -> bytes:
    check_size(tried.size)
    return tried.read()


def _looked_at(template: bytes, schema: Schema) -> dict[str, Any]:
    """Return what the page shows of a template. Raises `UnsafeTemplate`."""
    template_check.inspect(template)
    report = template_check.report(template, schema)
    missing = [template_check.TemplateProblem(code="missing", detail=name) for name in report.missing]
    found = places(template, [*report.errors, *missing])
    placed = {problem for place in found for problem in place.problems}
    variables = _variables(schema, report)
    return {
        "is_of_another_form": report.is_of_another_form(schema),
        "variables": variables,
        "is_read": not any(error.code in UNREADABLE for error in report.errors),
        "printed": sum(variable.is_printed for variable in variables),
        "missing": report.missing,
        "errors": [template_check.problem_text(error) for error in (*report.errors, *missing) if error not in placed],
        "places": [(place, [template_check.problem_text(each) for each in place.problems]) for place in found],
        **_pages(template, found),
    }


def _variables(schema: Schema, report: TemplateReport) -> list[Variable]:
    found = []
    for question in schema.answered:
        unused = {name.partition(".")[2] for name in report.unused if name.startswith(f"{question.key}.")}
        is_printed = question.key not in report.unused
        found.append(Variable(name=question.key, label=question.label, is_printed=is_printed))
        found.extend(
            Variable(
                name=f"{question.key}.{column.key}",
                label=column.label,
                is_printed=is_printed and column.key not in unused,
            )
            for column in question.columns
        )
    return found


def _pages(template: bytes, found: list[Place]) -> dict[str, Any]:
    """Return the pages of the template as it is, the wrong paragraphs marked."""
    try:
        pages = pdf.page_images(marked(template, [place.number for place in found]))
    except pdf.PdfBusy as busy:
        return {"paper_problem": str(busy)}
    except pdf.PdfUnavailable:
        return {"paper_problem": _("This server cannot show the pages. The paragraphs are named by their words.")}
    return {"pages": [base64.b64encode(page).decode() for page in pages[:SHOWN_PAGES]]}


def starter(request: HttpRequest, page_id: int) -> HttpResponse:
    """Hand out a template made from the questions of the draft, with the chosen requisites."""
    form: OfficialForm = draft_to_try(request, page_id)
    facts = StarterFacts(
        title=form.title,
        kept_over_ten_years=form.kept_over_ten_years,
        requisites=[code for code in request.GET.getlist("requisite") if code in REQUISITES],
    )
    response = HttpResponse(starter_template(form.schema(), about=facts), content_type=WORD_MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{form.code}-template.docx"'
    return response
