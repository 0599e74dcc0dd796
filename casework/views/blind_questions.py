"""«Известен ли уже этот ребёнок?»: the answer is whom to call, and stays on this one page."""

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import blind_questions
from casework.actions.refusals import ActionRefused
from casework.forms import KnownForm
from casework.views.doors import keeps_what_was_typed, staff_only, tell, typed


@keeps_what_was_typed
@staff_only
def known(request: HttpRequest) -> HttpResponse:
    """Ask whether a child is known; answered in the reply to the POST, so that no address and no history keeps it."""
    agencies = blind_questions.asking_agencies(request.user).order_by("short_name")
    if not agencies:
        raise Http404
    form = KnownForm(**typed(request), agencies=agencies, today=timezone.localdate())
    answer, status = None, 200
    if form.is_valid():
        answers = form.cleaned_data
        if not ratelimit.consume(request, action="blind_question", user=request.user):  # `ACCOUNT_RATE_LIMITS`
            form.add_error(None, _("You have asked too often within an hour. Wait, or call the agencies yourself."))
            status = 429
        else:
            answer = _answered(
                request, form, agency=answers["agency"], reason=answers["reason"], token=answers["token"]
            )
    context = {"form": form, "answer": answer, "questions": blind_questions.questions_for(request.user)}
    return render(request, "casework/known.html", context, status=status)


def _answered(request: HttpRequest, form: KnownForm, **words: Any) -> blind_questions.Answer | None:
    try:
        return blind_questions.ask(child=form.child, actor=request.user, at=timezone.now(), **words)
    except ActionRefused as refusal:
        tell(request, refusal)
        return None
