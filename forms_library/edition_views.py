"""The public page on which two editions of a form stand side by side. Editions are public, also out of force."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from forms_library import blank_pictures, pdf
from forms_library.differences import differences_of_forms
from forms_library.edition_forms import TwoEditionsForm
from forms_library.models import Edition

A_DAY = 24 * 60 * 60
A_MOMENT = 20


@require_safe
def edition_differences(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one edition of a form says otherwise than another."""
    known = Edition.objects.filter(code=code).without_template().select_related("end", "official_form")
    editions = list(known.order_by("-number"))
    if not editions:
        raise Http404
    asked = {name: request.GET[name] for name in ("old", "new") if name in request.GET}
    form = TwoEditionsForm(asked, editions=editions)
    old, new = form.chosen()
    context = {
        "form": form,
        "page": editions[0].official_form,
        "old": old,
        "new": new,
        "both": (old, new),
        "is_only_edition": len(editions) == 1,
        "has_pictures": pdf.is_available(),
        "differences": differences_of_forms(old.frozen(), new.frozen()),
    }
    return TemplateResponse(request, "forms_library/edition_differences.html", context)


@require_safe
def blank_picture(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out the blank of an edition as one picture."""
    edition = get_object_or_404(Edition, code=code, number=number)
    try:
        picture = blank_pictures.picture_of(edition)
    except pdf.PdfUnavailable as unavailable:
        raise Http404 from unavailable
    except blank_pictures.Busy:
        return HttpResponse(status=503, headers={"Retry-After": str(A_MOMENT)})
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response
