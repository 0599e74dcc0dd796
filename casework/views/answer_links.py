"""Asking an agency without accounts by a link: the page of the desk, and the public page on which it answers."""

import datetime as dt
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from casework.actions import answer_links
from casework.actions.answer_refusals import LinkLeadsNowhere, LinkTooLong, WrongWord
from casework.actions.refusals import ActionRefused
from casework.forms import AnswerForm, AnswerLinkForm, WordForm
from casework.views.cases import case_context
from casework.views.doors import has_lost_its_cookie, keeps_what_was_typed, opens_case_to_speakers, tell, typed
from forms_library.questionnaire import Questionnaire, Surroundings
from forms_library.typed import Typed, press_row_button, typed_from_post

OPENED = "answer_link"
"""Where a browser's session keeps the name of the link whose word it has said."""
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "phone-word"})


@keeps_what_was_typed
@opens_case_to_speakers
def link_list(request: HttpRequest, case: Any) -> HttpResponse:
    """Show the links of the case; a POST makes another one and shows its address and its word, once."""
    now = timezone.now()
    today, made = case.agency.local(now).date(), None
    options = {
        "editions": answer_links.editions_for_outsiders(at=now),
        "usual_day": today + dt.timedelta(days=answer_links.USUAL_DAYS),
    }
    form = AnswerLinkForm(**typed(request), **options)
    if form.is_valid():
        try:
            made = answer_links.make_link(case=case, actor=request.user, at=now, **form.cleaned_data)
            form = AnswerLinkForm(**options)  # a new page has a new token, so the button there makes another link
        except LinkTooLong as refusal:
            form.add_error("last_day", str(refusal))
        except ActionRefused as refusal:
            tell(request, refusal)
    context = case_context(request, case) | {
        "form": form,
        "made": made,
        "address": settings.WAGTAILADMIN_BASE_URL + reverse("casework:answer", args=[made.secret]) if made else "",
        "links": [(link, link.state(today=today)) for link in answer_links.links_of(case)],
    }
    return render(request, "casework/answer_links.html", context)


@require_POST
@opens_case_to_speakers
def withdraw(request: HttpRequest, case: Any, number: int) -> HttpResponse:
    """Let a link lead nowhere."""
    link = get_object_or_404(case.answer_links, pk=number)
    try:
        answer_links.withdraw_link(link=link, actor=request.user, at=timezone.now())
        messages.success(request, _("The link does not work any more."))
    except ActionRefused as refusal:
        tell(request, refusal)
    return redirect("casework:answer_links", case.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the word, then for the answer. Nobody signs in here, and no search engine keeps the page."""
    response = _answer(request, secret)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, secret: str) -> HttpResponse:
    try:
        link = answer_links.find_link(secret, at=timezone.now())
        if request.session.get(OPENED) == str(link.token):
            return _write(request, link)
        return _ask_for_the_word(request, link)
    except LinkLeadsNowhere:
        if answer_links.was_answered(secret, token=request.session.get(OPENED)):
            return render(request, "casework/answer_came.html")
        return render(request, "casework/answer_over.html", status=404)


def _ask_for_the_word(request: HttpRequest, link: Any) -> HttpResponse:
    """Show the question for the word. An answer that came without it (the browser was closed meanwhile) is kept on the page."""
    kept = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]
    is_said = "phone-word" in request.POST and not has_lost_its_cookie(request)
    form, problem, status = WordForm(request.POST if is_said else None), "", 200
    if form.is_valid():
        if not ratelimit.consume(request, action="answer_word"):  # `ACCOUNT_RATE_LIMITS`
            problem, status = _("Too many attempts. Wait an hour or call whoever sent you the link."), 429
        else:
            try:
                answer_links.check_word(link=link, word=form.cleaned_data["word"])
                request.session[OPENED] = str(link.token)
                return (
                    _page(request, link, data=request.POST) if kept else redirect("casework:answer", _secret(request))
                )
            except WrongWord as refusal:
                problem, status = str(refusal), 422
    elif is_said:
        status = 422
    context = {"form": form, "problem": problem, "kept": kept}
    return render(request, "casework/answer_word.html", context, status=status)


def _secret(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs["secret"]) if match else ""


def _write(request: HttpRequest, link: Any) -> HttpResponse:
    """Show the question, and take the answer in when it is whole."""
    if request.method != "POST":
        return _page(request, link)
    if has_lost_its_cookie(request):
        problem = _("The page had grown old. Everything you typed is here: check it and send once more.")
        return _page(request, link, data=request.POST, problem=problem, status=409)
    form = AnswerForm(request.POST, request.FILES, with_form=link.edition is not None)
    written = typed_from_post(link.edition.schema, request.POST) if link.edition else None
    if link.edition and written is not None:
        if {"_add_row", "_remove_row"} & request.POST.keys():
            written = press_row_button(link.edition.schema, written, request.POST)
            return _page(request, link, data=request.POST, written=written)
    questionnaire = _questionnaire(link, written, check=True)
    if not all([form.is_valid(), questionnaire is None or questionnaire.is_valid()]):
        return _page(request, link, form=form, questionnaire=questionnaire, status=422)
    try:
        answer_links.take_answer(
            link=link,
            who=form.cleaned_data["who"],
            words=form.cleaned_data["words"],
            uploads=form.uploads(),
            typed=written,
            at=timezone.now(),
        )
    except LinkLeadsNowhere:
        raise
    except ActionRefused as refusal:
        problem = _("%(why)s Your words are kept; choose the files again.") % {"why": refusal}
        return _page(request, link, form=form, questionnaire=questionnaire, problem=problem, status=422)
    return redirect("casework:answer", _secret(request))


def _page(
    request: HttpRequest,
    link: Any,
    *,
    data: Any = None,
    form: AnswerForm | None = None,
    questionnaire: Questionnaire | None = None,
    written: Typed | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the question with what is typed so far: `data` is shown and not checked yet."""
    if data is not None and link.edition and written is None:
        written = typed_from_post(link.edition.schema, data)
    words = {name: data.get(f"answer-{name}", "") for name in ("who", "words")} if data is not None else None
    context = {
        "link": link,
        "form": form or AnswerForm(initial=words, with_form=link.edition is not None),
        "questionnaire": questionnaire or _questionnaire(link, written, check=False),
        "problem": problem,
    }
    return render(request, "casework/answer.html", context, status=status)


def _questionnaire(link: Any, written: Typed | None, *, check: bool) -> Questionnaire | None:
    if link.edition is None:
        return None
    return Questionnaire(
        link.edition.schema, typed=written, check=check, around=Surroundings(today=timezone.localdate())
    )
