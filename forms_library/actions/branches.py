"""A branch of the library comes into being: its page in the catalogue, and the group of its editors."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from forms_library import permissions
from forms_library.models import Agency, FormsBranch, FormsCatalogue


class NoCatalogue(ObjectDoesNotExist):
    """There is no catalogue of forms yet in which a branch could stand."""


@transaction.atomic
def set_up_branch(*, agency: Agency) -> FormsBranch:
    """Return the branch of an agency, with its editors; made when it is not there yet. Raises `NoCatalogue`."""
    branch = FormsBranch.objects.filter(agency=agency).first()
    if branch is None:
        catalogue = FormsCatalogue.objects.select_for_update().first()
        if catalogue is None:
            raise NoCatalogue
        branch = catalogue.add_child(instance=FormsBranch(title=agency.short_name, slug=agency.code, agency=agency))
    permissions.set_up_editors(branch)
    return branch
