"""What casework tells methodologists of signatures: forms to be signed at an agency where nobody is there to sign."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from casework.models import Team, TeamRole
from forms_library.daily_digest import Finding, about
from forms_library.models import Edition
from forms_library.schema import Kind


def forms_nobody_can_sign(at: dt.datetime) -> Iterator[Finding]:
    """Yield the forms in force with a signature line whose agency has staff here, but no active head. Nobody is named."""
    staffed = Team.objects.filter(group__user__is_active=True)
    at_work = set(staffed.values_list("agency", flat=True))
    with_head = set(staffed.filter(role=TeamRole.HEAD).values_list("agency", flat=True))
    in_force = Edition.objects.in_force(at=at).without_template().select_related("official_form").order_by("title")
    for edition in in_force:
        agency = edition.official_form.issuing_agency_id
        is_signed = any(question.kind == Kind.SIGNATURE for question in edition.schema)
        if is_signed and agency in at_work and agency not in with_head:
            agency_name = edition.issuing_agency_name
            yield about(edition, _("nobody can sign it: %(agency)s has no active head here") % {"agency": agency_name})
