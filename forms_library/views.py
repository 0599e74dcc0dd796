"""What the forms library hands out besides its pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forms_library import rendering
from forms_library.models import Edition
from forms_library.package_check import WORD_MEDIA_TYPE

A_DAY = 24 * 60 * 60


@require_safe
def blank_form(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out an edition as a Word document to fill in by hand. An edition is public, also when it is out of force."""
    edition = get_object_or_404(Edition, code=code, number=number)
    name = _("%(title)s, edition %(number)s") % {"title": edition.title, "number": edition.number}
    response = HttpResponse(
        rendering.blank(
            edition.schema,
            template=bytes(edition.docx_template),
            template_sha256=edition.template_sha256,
            about=edition.about(),
        ),
        content_type=WORD_MEDIA_TYPE,
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.docx")
    # An edition never changes, and neither does its blank.
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response
