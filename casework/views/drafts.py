"""A form being filled in: shown whole or step by step, kept, settled between windows, divided, filed."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.actions import drafts, parts, presence, submissions, surroundings
from casework.actions.cases import as_it_is_now
from casework.actions.closed import is_closed_draft
from casework.actions.log import record_draft_changed, record_draft_read
from casework.actions.refusals import (
    ActionRefused,
    CaseEnded,
    DraftChanged,
    DraftIncomplete,
    PartsOpen,
)
from casework.actions.visits import VisitToCome
from casework.steps import Steps
from casework.typed_on_screen import typed_words
from casework.views.cases import case_context
from casework.views.doors import has_lost_its_cookie, keeps_what_was_typed, opens_case, rescued, tell
from forms_library.models import Edition
from forms_library.schema import Kind
from forms_library.typed import by_question, carry_over as carried_over, press_row_button, typed_from_post

VIEWS = ("page", "steps")
"""How a person likes to see forms; they choose it themselves, and it is remembered while they are signed in."""


@keeps_what_was_typed
@opens_case("work_case")
def draft(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show a form being filled in; keep what was typed; file it when it is complete."""
    draft = _draft(case, number)
    if draft is None:
        return _gone(request, case)
    if _is_closed(request, draft):
        return _closed(request, case)
    if (view := request.POST.get("_view") or request.GET.get("view")) in VIEWS:
        request.session["form_view"] = view
    if request.method == "POST" and has_lost_its_cookie(request):
        messages.warning(
            request, _("The page had grown old. Everything you typed is here: check it and save once more.")
        )
        return _show_words(request, case, draft, request.POST)
    if request.method == "POST":
        return _posted(request, case, draft)
    record_draft_read(case=case, actor=request.user, at=timezone.now(), title=draft.edition.title)
    if words := rescued(request):
        return _show_words(request, case, draft, words)
    return _show(request, case, draft)


def _show_words(request: HttpRequest, case: Any, draft: Any, post: Any) -> HttpResponse:
    """Show words that were not kept, on top of the version that their page had seen."""
    typed, _left = _typed(draft, post)
    return _show(request, case, draft, typed=typed, version=_version(post), step=post.get("section"))


def _draft(case: Any, number: int) -> Any:
    related = ("edition", "author", "corrects", "case__agency")
    return case.drafts.select_related(*related).defer("edition__docx_template").filter(pk=number).first()


def _gone(request: HttpRequest, case: Any) -> HttpResponse:
    messages.info(
        request, _("This draft has already been filed or thrown away. What was filed is in the list of documents.")
    )
    return redirect("casework:case", case.reference)


def _is_closed(request: HttpRequest, draft: Any) -> bool:
    return is_closed_draft(draft, user=request.user, today=timezone.localdate())


def _closed(request: HttpRequest, case: Any) -> HttpResponse:
    messages.error(
        request,
        _(
            "A colleague has typed something into this draft that you have no leave to read. Ask them or the curator to give"
            " you a part of the form."
        ),
    )
    return redirect("casework:case", case.reference)


def _typed(draft: Any, post: Any, kept: Any = None) -> tuple[Any, list[tuple[str, str]]]:
    """Return what a page typed, and what has no place in the draft any more: (label, words).

    `kept` are its words with the files that were kept just now. The sections that were not on the page stay as they are
    in the draft. A page of an older edition brings its words over to the one to which the draft has moved meanwhile.
    """
    schema = draft.edition.schema
    left: list[tuple[str, str]] = []
    typed = typed_from_post(schema, post) if kept is None else kept
    if (edition := _edition_of_the_page(draft, post)) is not None:
        files = {question.key for question in schema if question.kind == Kind.ATTACHMENT} & typed.keys()
        moved, left = carried_over(edition.schema, schema, typed_from_post(edition.schema, post))
        typed = moved | {key: typed[key] for key in files}
    if "section" in post:
        typed = drafts.with_the_rest(draft, typed=typed, section=post["section"])
    return press_row_button(schema, typed, post), left


def _edition_of_the_page(draft: Any, post: Any) -> Any:
    """Return the older edition on which the page was opened; `None` when it is the draft's own."""
    number = post.get("edition", "")
    if not number.isdecimal() or len(number) > 6 or int(number) == draft.edition.number:
        return None
    return Edition.objects.filter(official_form=draft.edition.official_form_id, number=int(number)).first()


def _version(post: Any, name: str = "version") -> int:
    version = post.get(name, "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _show(
    request: HttpRequest,
    case: Any,
    draft: Any,
    *,
    typed: Any = None,
    version: int | None = None,
    step: str | None = None,
    check: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    now = timezone.now()
    questionnaire = surroundings.questionnaire_of(draft, at=now, typed=typed, check=check, reader=request.user)
    for question, refusal in more.get("refused_files", ()):
        questionnaire.form.fields[question.key].widget.refused += (str(refusal),)
    given_out = list(draft.parts.select_related("assignee"))
    steps = Steps(questionnaire, asked=request.GET.get("step") if step is None else step, parts=given_out)
    context = case_context(request, case) | {
        "draft": draft,
        "version": draft.version if version is None else version,
        "edition": draft.edition,
        "edition_end": drafts.end_of_edition(draft, at=now),
        "newer_edition": drafts.newer_edition(draft, at=now),
        "questionnaire": questionnaire,
        "missing": questionnaire.missing(),
        "services": surroundings.services_for(draft),
        "steps": steps,
        # Mistakes are shown where they are, and they may be anywhere.
        "is_stepwise": request.session.get("form_view") == "steps" and len(steps.list) > 1 and not check,
        "others": _others(presence.visit(draft=draft, actor=request.user, at=now)),
        "parts": given_out,
        "may_share_out": parts.may_share_out(draft, request.user),
    }
    return render(request, "casework/draft.html", context | more, status=status)


def _others(visits: Any) -> str:
    """Return in words who else has the form open; empty when nobody has."""
    names = [f"{each.user.get_initials()} ({_time(each.seen_at)})" for each in visits]
    return _("This form is also open to: %(people)s.") % {"people": ", ".join(names)} if names else ""


def _time(moment: Any) -> str:
    return time_format(timezone.localtime(moment), "H:i")


def _posted(request: HttpRequest, case: Any, draft: Any) -> HttpResponse:
    now, post = timezone.now(), request.POST
    (typed, left), step = _typed(draft, post), post.get("section")
    try:
        kept, refused = drafts.typed_with_files(draft=draft, post=post, files=request.FILES, actor=request.user, at=now)
        typed, left = _typed(draft, post, kept)
        draft = _kept(post, draft, typed, at=now)
        if refused:
            return _show(request, case, draft, refused_files=refused, step=step, status=400)
        if {"_file", "_take_back"} & post.keys():
            filed = submissions.file_draft(
                draft=draft, actor=request.user, at=now, take_parts_back="_take_back" in post
            )
            messages.success(request, _("The form is filed. It can be printed."))
            return redirect("casework:document", case.reference, filed.number)
    except DraftChanged:
        return _conflict(request, case, draft, typed=typed, left=left)
    except DraftIncomplete:
        return _show(request, case, draft, check=True, status=422)
    except PartsOpen:
        return _show(request, case, draft, step=step, parts_open=True, status=422)
    except VisitToCome as refusal:
        tell(request, refusal)
        return _show(request, case, draft, step=step, status=422)
    except CaseEnded as refusal:  # somebody closed the case meanwhile: the words stay on the screen, to be copied
        tell(request, refusal)
        return _show(request, as_it_is_now(case), draft, typed=typed, step=step, status=409)
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:case", case.reference)
    record_draft_changed(case=case, actor=request.user, at=now, title=draft.edition.title)
    return _saved(request, case, draft)


def _kept(post: Any, draft: Any, typed: Any, *, at: Any) -> Any:
    """Save what was typed; where others have changed the same answers, only as the person has chosen. Raises `DraftChanged`."""
    if "seen" not in post:
        return drafts.save_draft(draft=draft, typed=typed, version=_version(post), at=at)
    seen = _version(post, "seen")
    keys = drafts.contested(draft, typed=typed, version=_version(post))
    choice = {key: post.get(f"take-{key}") for key in keys}
    if "_overwrite" in post or "_theirs" in post:
        choice = dict.fromkeys(keys, "theirs" if "_theirs" in post else "mine")
    is_settled = all(choice[key] in {"mine", "theirs"} and draft.changes.get(key, 1) <= seen for key in keys)
    if not is_settled:
        raise DraftChanged
    theirs = [key for key in keys if choice[key] == "theirs"]
    typed = drafts.with_choices(draft, typed=typed, theirs=theirs)
    return drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=at)


def _conflict(request: HttpRequest, case: Any, draft: Any, *, typed: Any, left: Any) -> HttpResponse:
    """Ask, for each answer that others have changed meanwhile, which one stays. Everything typed travels along."""
    draft = _draft(case, draft.pk)
    around = surroundings.questionnaire_of(draft, at=timezone.now()).around
    names = {"attached": around.attached, "documents": around.documents}
    mine, kept = (by_question(draft.edition.schema, words) for words in (typed, draft.typed))
    differing = []
    for key in drafts.contested(draft, typed=typed, version=_version(request.POST)):
        question = draft.edition.schema[key]
        ours, theirs = (typed_words(question, words.get(key, {}), **names) for words in (mine, kept))
        differing.append(
            {"question": question, "mine": ours, "theirs": theirs, "chosen": request.POST.get(f"take-{key}")}
        )
    context = case_context(request, case) | {
        "draft": draft,
        "edition": draft.edition,
        "version": _version(request.POST),
        "differing": differing,
        "left": left,
        "typed": [(name, value) for name, values in typed.items() for value in values],
        "is_asked_again": "seen" in request.POST,
        "others": _others(presence.visit(draft=draft, actor=request.user, at=timezone.now())),
    }
    return render(request, "casework/draft_conflict.html", context, status=409)


def _saved(request: HttpRequest, case: Any, draft: Any) -> HttpResponse:
    """Go on after saving: to the row that was added, to the step that was asked for, or to the form as it is."""
    post, place = request.POST, reverse("casework:draft", args=[case.reference, draft.pk])
    if "section" in post:
        place += f"?{urlencode({'step': _next_step(post, draft)})}"
    if key := post.get("_add_row") or post.get("_remove_row", "").partition(":")[0]:
        return redirect(f"{place}#table-{key}")
    if not {"_next", "_back", "_goto", "_view"} & post.keys():
        messages.success(request, _("The draft is saved."))
    return redirect(place)


def _next_step(post: Any, draft: Any) -> str:
    steps = Steps(surroundings.questionnaire_of(draft, at=timezone.now()), asked=post["section"])
    wanted = steps.after if "_next" in post else steps.before if "_back" in post else None
    return post.get("_goto", wanted.key if wanted else post["section"])


@require_POST
def autosave(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """Keep what was typed so far, asked by a script: 401 when signed out, 409 when others have changed the same answers."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return _autosave(request, reference=reference, number=number)


@opens_case("work_case")
def _autosave(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    draft = _draft(case, number)
    if draft is None or _is_closed(request, draft):
        raise Http404
    now = timezone.now()
    try:
        if _edition_of_the_page(draft, request.POST) is not None:
            raise DraftChanged
        kept, _refused = drafts.typed_with_files(draft=draft, post=request.POST, files={}, actor=request.user, at=now)
        typed, _left = _typed(draft, request.POST, kept)
        draft = drafts.save_draft(draft=draft, typed=typed, version=_version(request.POST), at=now)
    except DraftChanged:
        return JsonResponse({"message": str(DraftChanged()), "version": draft.version}, status=409)
    except ActionRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    questionnaire = surroundings.questionnaire_of(draft, at=now, reader=request.user)
    answer = {
        "saved_at": _time(draft.saved_at),
        "version": draft.version,
        "hidden": sorted(questionnaire.not_asked),
        "given": questionnaire.given,
        "others": _others(presence.visit(draft=draft, actor=request.user, at=now)),
    }
    return JsonResponse(answer)


@require_POST
@opens_case("work_case")
def discard(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Throw a draft away."""
    draft = case.drafts.filter(pk=number).first()
    if draft is None:
        return _gone(request, case)
    try:
        drafts.discard_draft(draft=draft, actor=request.user, at=timezone.now())
        messages.success(request, _("The draft is thrown away."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:case", case.reference)


@opens_case("work_case")
def carry_over(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Show what becomes of a draft on the edition that is in force now; move it there when that is confirmed."""
    draft = _draft(case, number)
    if draft is None:
        return _gone(request, case)
    if _is_closed(request, draft):
        return _closed(request, case)
    edition = drafts.newer_edition(draft, at=timezone.now())
    if edition is None:
        return redirect("casework:draft", case.reference, number)
    if request.method != "POST":
        context = case_context(request, case) | {
            "draft": draft,
            "edition": draft.edition,
            "newer_edition": edition,
            "move": drafts.move_to(draft, edition),
        }
        return render(request, "casework/draft_carry_over.html", context)
    try:
        _draft_there, left = drafts.carry_draft_over(
            draft=draft, edition=edition, actor=request.user, at=timezone.now()
        )
    except ActionRefused as refusal:
        tell(request, refusal)
        return redirect("casework:case", case.reference)
    messages.success(request, _("The draft now follows edition %(number)s.") % {"number": edition.number})
    if left:
        words = _("These answers have no place there; they are kept as a note: %(labels)s.")
        messages.warning(request, words % {"labels": "; ".join(left)})
    return redirect("casework:draft", case.reference, number)
