"""Official forms inside a case: filling in, filing, reading, printing, correcting; and the files of a case."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import submissions
from casework.actions.cases import as_it_is_now
from casework.actions.log import record_document_read, record_draft_changed, record_draft_read, record_file_download
from casework.actions.refusals import ActionRefused, CaseEnded, DraftChanged, DraftIncomplete
from casework.answers_on_screen import on_screen
from casework.views.cases import case_context
from casework.views.doors import has_lost_its_cookie, keeps_what_was_typed, opens_case, rescued, staff_only, tell
from forms_library.package_check import WORD_MEDIA_TYPE
from forms_library.typed import add_row, remove_row, typed_from_post


@staff_only
def start_form(request: HttpRequest, code: str) -> HttpResponse:
    """Ask in which case the form is to be filled in."""
    edition = submissions.edition_to_fill(code=code, at=timezone.now())
    if edition is None:
        raise Http404
    work = access.cases_for(user=request.user, permission=access.CasePermission.WORK, today=timezone.localdate())
    cases = work.running().select_related("agency", "curator").order_by("-opened_at", "-id")[:50]
    return render(request, "casework/form_start.html", {"edition": edition, "cases": cases})


@require_POST
@opens_case("work_case")
def start_draft(request: HttpRequest, case: Any, code: str) -> HttpResponse:
    """Begin a form in the case."""
    edition = submissions.edition_to_fill(code=code, at=timezone.now())
    if edition is None:
        raise Http404
    try:
        draft = submissions.start_draft(case=case, edition=edition, actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:case", case.reference)
    return redirect("casework:draft", case.reference, draft.pk)


@keeps_what_was_typed
@opens_case("work_case")
def draft(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show a form being filled in; keep what was typed; file it when it is complete."""
    draft = case.drafts.select_related("edition", "author", "corrects").filter(pk=number).first()
    if draft is None:
        return _gone(request, case)
    if request.method == "POST" and has_lost_its_cookie(request):
        messages.warning(
            request, _("The page had grown old. Everything you typed is here: check it and save once more.")
        )
        return _show_draft(request, case, draft, typed=typed_from_post(draft.edition.schema, request.POST))
    if request.method == "POST":
        return _draft_posted(request, case, draft)
    record_draft_read(case=case, actor=request.user, at=timezone.now(), title=draft.edition.title)
    words = rescued(request)
    return _show_draft(request, case, draft, typed=typed_from_post(draft.edition.schema, words) if words else None)


def _gone(request: HttpRequest, case: Any) -> HttpResponse:
    messages.info(
        request, _("This draft has already been filed or thrown away. What was filed is in the list of documents.")
    )
    return redirect("casework:case", case.reference)


def _show_draft(
    request: HttpRequest,
    case: Any,
    draft: Any,
    *,
    typed: Any = None,
    check: bool = False,
    conflict: bool = False,
    refused: Any = (),
    status: int = 200,
) -> HttpResponse:
    questionnaire = submissions.questionnaire_of(draft, at=timezone.now(), typed=typed, check=check)
    context = case_context(request, case) | {
        "draft": draft,
        "edition": draft.edition,
        "edition_end": submissions.end_of_edition(draft, at=timezone.now()),
        "newer_edition": submissions.newer_edition(draft, at=timezone.now()),
        "questionnaire": questionnaire,
        "missing": questionnaire.missing(),
        "conflict": conflict,
        "refused_files": refused,
    }
    return render(request, "casework/draft.html", context, status=status)


def _draft_posted(request: HttpRequest, case: Any, draft: Any) -> HttpResponse:
    now = timezone.now()
    typed = _with_row_buttons(request, draft, typed_from_post(draft.edition.schema, request.POST))
    try:
        typed, refused = submissions.typed_with_files(
            draft=draft, post=request.POST, files=request.FILES, actor=request.user, at=now
        )
        typed = _with_row_buttons(request, draft, typed)
        draft = submissions.save_draft(
            draft=draft, typed=typed, version=_version(request), at=now, overwrite="_overwrite" in request.POST
        )
        if refused:
            return _show_draft(request, case, draft, refused=refused, status=400)
        if "_file" in request.POST:
            filed = submissions.file_draft(draft=draft, actor=request.user, at=now)
            messages.success(request, _("The form is filed. It can be printed."))
            return redirect("casework:document", case.reference, filed.number)
    except DraftChanged:
        return _show_draft(request, case, draft, typed=typed, conflict=True, status=409)
    except DraftIncomplete:
        return _show_draft(request, case, draft, check=True, status=422)
    except CaseEnded as refusal:  # somebody closed the case meanwhile: the words stay on the screen, to be copied
        tell(request, refusal)
        return _show_draft(request, as_it_is_now(case), draft, typed=typed, status=409)
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:case", case.reference)
    record_draft_changed(case=case, actor=request.user, at=now, title=draft.edition.title)
    if _row_button(request):
        return redirect(f"{request.path}#{_row_button(request)}")
    messages.success(request, _("The draft is saved."))
    return redirect("casework:draft", case.reference, draft.pk)


def _version(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _row_button(request: HttpRequest) -> str:
    """Return the id of the table whose row button was pressed, or an empty string."""
    key = request.POST.get("_add_row") or request.POST.get("_remove_row", "").partition(":")[0]
    return f"table-{key}" if key else ""


def _with_row_buttons(request: HttpRequest, draft: Any, typed: Any) -> Any:
    schema = draft.edition.schema
    key = request.POST.get("_add_row", "")
    if key in schema:
        typed = add_row(schema[key], typed)
    key, _colon, index = request.POST.get("_remove_row", "").partition(":")
    if key in schema and index.isdecimal() and len(index) < 5:
        typed = remove_row(schema[key], typed, int(index))
    return typed


@require_POST
def autosave(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """Keep what was typed so far, asked by a script: 401 when signed out, 409 when another window has saved."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return _autosave(request, reference=reference, number=number)


@opens_case("work_case")
def _autosave(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    draft = get_object_or_404(case.drafts.select_related("edition"), pk=number)
    now = timezone.now()
    try:
        typed, _refused = submissions.typed_with_files(
            draft=draft, post=request.POST, files={}, actor=request.user, at=now
        )
        draft = submissions.save_draft(draft=draft, typed=typed, version=_version(request), at=now)
    except ActionRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    saved_at = time_format(timezone.localtime(draft.saved_at), "H:i")
    return JsonResponse({"saved_at": saved_at, "version": draft.version})


@require_POST
@opens_case("work_case")
def discard(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Throw a draft away."""
    draft = case.drafts.filter(pk=number).first()
    if draft is None:
        return _gone(request, case)
    try:
        submissions.discard_draft(draft=draft, actor=request.user, at=timezone.now())
        messages.success(request, _("The draft is thrown away."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:case", case.reference)


@require_POST
@opens_case("work_case")
def carry_over(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Move a draft to the edition that is in force now."""
    draft = case.drafts.select_related("edition").filter(pk=number).first()
    if draft is None:
        return _gone(request, case)
    edition = submissions.newer_edition(draft, at=timezone.now())
    if edition is not None:
        try:
            _draft, left = submissions.carry_draft_over(
                draft=draft, edition=edition, actor=request.user, at=timezone.now()
            )
            messages.success(request, _("The draft now follows edition %(number)s.") % {"number": edition.number})
            if left:
                labels = "; ".join(left)
                messages.warning(
                    request,
                    _("These answers have no place there; they are kept as a note: %(labels)s.") % {"labels": labels},
                )
        except ActionRefused as refusal:
            tell(request, refusal)
            return redirect("casework:case", case.reference)
    return redirect("casework:draft", case.reference, number)


@opens_case("view_case")
def document(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show a filed form by its own edition."""
    submission = get_object_or_404(
        case.submissions.select_related("edition", "filed_by", "supersedes", "corrected_by"), number=number
    )
    record_document_read(case=case, actor=request.user, at=timezone.now(), number=number)
    context = case_context(request, case) | {
        "submission": submission,
        "edition": submission.edition,
        "sections": on_screen(submission.edition.schema, submission.answers),
    }
    return render(request, "casework/document.html", context)


@opens_case("view_case")
def word(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Hand out the Word document of a filed form."""
    submission = get_object_or_404(case.submissions.select_related("edition", "case__agency"), number=number)
    data = submissions.download_document(submission=submission, actor=request.user, at=timezone.now())
    response = HttpResponse(data, content_type=WORD_MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{submission.edition.code}-{case.reference}-{number}.docx"'
    return response


@require_POST
@opens_case("work_case")
def correct(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Begin to correct a filed form."""
    submission = get_object_or_404(case.submissions.select_related("edition", "case"), number=number)
    if submission.filed_by_id is None:
        raise Http404  # a parent's own words are not corrected by anybody else
    try:
        draft = submissions.start_correction(submission=submission, actor=request.user, at=timezone.now())
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:document", case.reference, number)
    return redirect("casework:draft", case.reference, draft.pk)


@opens_case("view_case")
def case_file(request: HttpRequest, case: Any, number: int) -> FileResponse:
    """Hand out a file of the case, as a download that a browser will not try to run."""
    kept = get_object_or_404(case.files, pk=number)
    record_file_download(case=case, actor=request.user, at=timezone.now(), file_id=kept.pk)
    return FileResponse(kept.file.open(), as_attachment=True, filename=kept.name, content_type=kept.content_type)
