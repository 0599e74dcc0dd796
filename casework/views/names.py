"""How the names of a case are inflected in its papers: the list, and the screen on which a person checks one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import names
from casework.actions.log import record_names_read
from casework.actions.refusals import ActionRefused, NameChanged
from casework.forms import NameFormsForm
from casework.views.cases import case_context
from casework.views.doors import keeps_what_was_typed, opens_case, tell, typed
from forms_library.names_in_answers import suggested_forms


@opens_case("view_case")
def name_list(request: HttpRequest, case: Any) -> HttpResponse:
    """Show every name of the case in every grammatical case, and who has checked it."""
    record_names_read(case=case, actor=request.user, at=timezone.now())
    context = case_context(request, case) | {
        "names": names.names_in(case, actor=request.user, today=timezone.localdate())
    }
    return render(request, "casework/case_names.html", context)


@keeps_what_was_typed
@opens_case("work_case")
def name(request: HttpRequest, case: Any, key: str) -> HttpResponse:
    """Let a person check, correct and keep the forms of one name."""
    known = names.name_in(case, key, actor=request.user, today=timezone.localdate())
    if known is None:
        raise Http404
    if "_suggest" in request.POST:
        return _show(request, case, known, _suggested(request, known))
    words = typed(request)
    form = NameFormsForm(words["data"], initial=_as_known(known) | words.get("initial", {}), of_person=known.is_person)
    if form.is_valid():
        try:
            names.keep_name_forms(
                case=case, nominative=known.text, actor=request.user, at=timezone.now(), **form.checked()
            )
            messages.success(request, _("The forms are saved. New papers of your agency are printed with them."))
            return redirect("casework:names", case.reference)
        except NameChanged as refusal:
            tell(request, refusal)
            known = names.name_in(case, key, actor=request.user, today=timezone.localdate()) or known
            form.send_again_on(known.version)
        except ActionRefused as refusal:
            tell(request, refusal)
    return _show(request, case, known, form)


def _as_known(known: names.CaseName) -> dict[str, Any]:
    is_indeclinable = bool(known.checked and known.checked.is_indeclinable)
    fields = NameFormsForm.words_of(known.forms)
    return {**fields, "sex": known.sex, "is_indeclinable": is_indeclinable, "version": known.version}


def _suggested(request: HttpRequest, known: names.CaseName) -> NameFormsForm:
    """Return the form filled by the program for the sex that was chosen; nothing is saved."""
    sex = request.POST.get("sex", "")
    words = NameFormsForm.words_of(suggested_forms(known.text, known.kind, sex=sex))
    initial = {**words, "sex": sex, "is_indeclinable": False, "version": known.version}
    return NameFormsForm(initial=initial, of_person=known.is_person)


def _show(request: HttpRequest, case: Any, known: names.CaseName, form: NameFormsForm) -> HttpResponse:
    context = case_context(request, case) | {"form": form, "name": known}
    return render(request, "casework/case_name.html", context)
