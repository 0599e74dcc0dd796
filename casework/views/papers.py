"""A filed form as a paper: read, printed, added to, handed out, followed until its scan is back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework import access, pictures, virus_scanner
from casework.actions import addenda, deliveries, issued, paper_steps, papers, placement_acts
from casework.actions.closed import CategoryClosed, closed_in, closed_to, refuse_closed, words_of
from casework.actions.log import record_document_read
from casework.actions.refusals import ActionRefused
from casework.answers_on_screen import on_screen
from casework.candidate_form import FORM as CANDIDATE_FORM
from casework.forms import AddendumForm, ExtractForm, PackageForm, ScanForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, tell, typed
from forms_library import pdf
from forms_library.package_check import WORD_MEDIA_TYPE

View = Callable[..., HttpResponse]

PDF_MEDIA_TYPE, ZIP_MEDIA_TYPE = "application/pdf", "application/zip"


def _filed(case: Any, number: int) -> Any:
    related = ("edition", "case__agency", "filed_by", "supersedes", "corrected_by", "agenda_item")
    return get_object_or_404(case.submissions.select_related(*related), number=number)


def _attachment(data: bytes, *, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def word_file(data: bytes, *, name: str) -> HttpResponse:
    """Return a Word document for downloading."""
    return _attachment(data, name=name, media_type=WORD_MEDIA_TYPE)


@opens_case("view_case")
def document(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show a filed form by its own edition, what was added to it and what became of its paper."""
    submission = _filed(case, number)
    record_document_read(case=case, actor=request.user, at=timezone.now(), number=number)
    return render(request, "casework/document.html", _context(request, case, submission))


def _context(request: HttpRequest, case: Any, submission: Any) -> dict[str, Any]:
    addressees = papers.addressees_of(submission)
    closed = closed_in(submission, user=request.user, closed=_closed_to(request, case))
    marks = list(submission.marks.select_related("by", "file"))
    return case_context(request, case) | {
        "submission": submission,
        "edition": submission.edition,
        "procedures": case.procedures.running().values_list("pk", "edition__title"),
        "is_for_the_register": submission.edition.code == CANDIDATE_FORM
        and access.keepers_of_carers(request.user).exists(),
        "acts_waiting": placement_acts.acts_waiting(
            case, user=request.user, today=timezone.localdate(), only=submission
        ),
        "sections": on_screen(submission.edition.schema, submission.answers, closed=closed),
        "closed_words": words_of(closed),
        "may_send": deliveries.may_send(submission, request.user, today=timezone.localdate()),
        "parts": submission.parts.select_related("done_by"),
        "addenda": [
            (added, papers.signature(added))
            for added in submission.addenda.all()
            if not closed or added.author_id == request.user.pk
        ],
        "issued": submission.issued.select_related("issued_by"),
        "attached": papers.attached_files(submission, closed=closed),
        "previewed": pictures.TYPES,
        "files_are_scanned": virus_scanner.is_on(),
        "marks": marks,
        "step": max((mark.step for mark in marks), default=0),
        "scan_form": ScanForm(),
        "extract_form": ExtractForm(addressees=addressees) if addressees else None,
        "can_make_pdf": pdf.is_available(),
    }


def _closed_to(request: HttpRequest, case: Any) -> frozenset[str]:
    return closed_to(case, user=request.user, today=timezone.localdate())


def prints_nothing_closed(view: View) -> View:
    """Hand a filed form to a view that prints it or opens its words, unless it tells what the person may not read."""

    @wraps(view)
    def printing(request: HttpRequest, case: Any, number: int) -> HttpResponse:
        submission = _filed(case, number)
        try:
            refuse_closed([submission], case=case, user=request.user, today=timezone.localdate())
        except CategoryClosed as refusal:
            tell(request, refusal)
            return redirect("casework:document", case.reference, number)
        return view(request, case, submission)

    return printing


@require_GET
@opens_case("view_case")
@prints_nothing_closed
def word(request: HttpRequest, case: Any, submission: Any) -> HttpResponse:
    """Hand out the Word document of a filed form: the same paper has one number, however often a browser asks.

    A question about the headers only (HEAD) hands nothing out, and so must not count as a download.
    """
    handed = issued.issue_word(submission=submission, actor=request.user, at=timezone.now())
    name = f"{submission.edition.code}-{case.reference}-{submission.number}.docx"
    return word_file(handed.data, name=name)


@require_POST
@opens_case("view_case")
@prints_nothing_closed
def pdf_document(request: HttpRequest, case: Any, submission: Any) -> HttpResponse:
    """Hand out the PDF of a filed form."""
    try:
        handed = issued.issue_pdf(submission=submission, actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:document", case.reference, submission.number)
    name = f"{submission.edition.code}-{case.reference}-{submission.number}.pdf"
    return _attachment(handed.data, name=name, media_type=PDF_MEDIA_TYPE)


@require_POST
@opens_case("view_case")
@prints_nothing_closed
def extract(request: HttpRequest, case: Any, submission: Any) -> HttpResponse:
    """Hand out the paper that holds only what is for one addressee."""
    addressees = papers.addressees_of(submission)
    if not addressees:
        raise Http404
    addressee = request.POST.get("addressee", "")
    try:
        handed = issued.issue_extract(submission=submission, addressee=addressee, actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:document", case.reference, submission.number)
    name = f"{submission.edition.code}-{case.reference}-{submission.number}-extract-{handed.issued.number}.docx"
    return word_file(handed.data, name=name)


@keeps_what_was_typed
@opens_case("work_case")
def addendum(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Add words to a filed form."""
    submission = _filed(case, number)
    if submission.filed_by_id is None:
        raise Http404  # a parent's own words are not added to by anybody else
    form = AddendumForm(**typed(request))
    if form.is_valid():
        try:
            addenda.add_to(submission=submission, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The addendum is kept. It will be printed after the form."))
            return redirect("casework:document", case.reference, number)
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {"submission": submission, "edition": submission.edition, "form": form}
    return render(request, "casework/document_addendum.html", context)


@require_POST
@opens_case("work_case")
def mark(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Write down that the paper was printed or signed."""
    submission = _filed(case, number)
    step = {"printed": paper_steps.PaperStep.PRINTED, "signed": paper_steps.PaperStep.SIGNED}.get(
        request.POST.get("step", "")
    )
    if step is None:
        raise Http404
    try:
        paper_steps.mark_paper(submission=submission, step=step, actor=request.user, at=timezone.now())
        messages.success(request, _("Written down."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:document", case.reference, number)


@require_POST
@opens_case("work_case")
def attach_scan(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Attach the scan of the signed paper, chosen on the page of its document."""
    submission = _filed(case, number)
    form = ScanForm(files=request.FILES)
    if form.is_valid():
        try:
            upload = form.cleaned_data["scan"]
            paper_steps.attach_scan(submission=submission, upload=upload, actor=request.user, at=timezone.now())
            messages.success(request, _("The scan is attached."))
            return redirect("casework:document", case.reference, number)
        except ActionRefused as refusal:
            form.add_error("scan", str(refusal))
    return render(
        request,
        "casework/document.html",
        _context(request, case, submission) | {"scan_form": form},
        status=422,
    )


@opens_case("view_case")
def package(request: HttpRequest, case: Any) -> HttpResponse:
    """Choose filed forms of the case and hand them out as one archive."""
    documents = papers.documents_of(case)
    numbers = [submission.number for submission in documents]
    form = PackageForm(request.POST if request.method == "POST" else None, numbers=numbers)
    if form.is_valid():
        chosen = case.submissions.select_related("edition", "case__agency", "supersedes").order_by("number")
        to_print = list(chosen.filter(number__in=form.cleaned_data["documents"]))
        try:
            refuse_closed(to_print, case=case, user=request.user, today=timezone.localdate())
            handed = issued.issue_package(
                case=case,
                submissions=to_print,
                with_pdf=form.cleaned_data["with_pdf"],
                actor=request.user,
                at=timezone.now(),
            )
            name = f"package-{case.reference}-{handed.issued.number}.zip"
            return _attachment(handed.data, name=name, media_type=ZIP_MEDIA_TYPE)
        except ActionRefused as refusal:
            tell(request, refusal)
    chosen_before = request.POST.getlist("documents") if request.method == "POST" else request.GET.getlist("documents")
    context = case_context(request, case) | {
        "form": form,
        "documents": documents,
        "chosen": {int(number) for number in chosen_before if number.isdecimal() and len(number) < 10},
        "packages": case.issued.filter(kind="package").select_related("issued_by"),
        "can_make_pdf": pdf.is_available(),
    }
    return render(request, "casework/package.html", context)
