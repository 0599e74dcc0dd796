"""Which procedures use a form: told before its next edition is approved, and before it is taken out of force."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from forms_library.impact import Use, editor_url
from forms_library.models import OfficialForm, ProcedureEdition, ProcedurePage


def procedures_that_use(form: OfficialForm) -> Iterator[Use]:
    """Yield the procedures that name a form, in force and in drafts. A form that is withdrawn stops the former."""
    in_force = ProcedureEdition.objects.in_force(at=timezone.now())
    for edition in in_force:
        if form.code in edition.procedure.form_codes():
            yield Use(
                what=_("Procedures in force that need the form (without it their cases stop)"),
                name=edition.title,
                url=editor_url(edition.page_id),
            )
    # Only drafts that say something else than what is in force.
    for page in ProcedurePage.objects.filter(has_unpublished_changes=True):
        draft = page.get_latest_revision_as_object()
        if form.code in draft.procedure().form_codes():
            yield Use(what=_("Drafts of procedures that name the form"), name=draft.title, url=editor_url(page.pk))
