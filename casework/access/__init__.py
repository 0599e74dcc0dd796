"""The only door to case records.

Whoever asks for a case, or for a part of one, passes here, is checked and gets it in one breath. Only what was granted counts: not
a global permission, not superuser. What somebody may not see does not exist for them.

`cases` opens whole cases, `parts` opens what was sent, shown or asked, `categories` what is told to few even within a case.
"""

from casework.access.carers import KEEPERS as KEEPERS_OF_CARERS, carers_for, get_carer, keepers_of_carers
from casework.access.cases import (
    GRANTS_OF_OWN_AGENCY,
    GRANTS_OF_SHARE,
    CaseNotFound,
    Viewer,
    admit_agency,
    agencies_of,
    barred_from,
    cases_for,
    dismiss_share,
    get_case,
    is_barred,
    newest_cases,
    permissions_on,
    readers_of,
    viewers_of,
)
from casework.access.categories import categories_open, granted_to
from casework.access.parts import (
    DECIDED_AT,
    assignments_for,
    councils_of,
    deliveries_for,
    disclosures_for,
    emergencies_for,
    get_assignment,
    get_delivery,
    get_disclosure,
    get_emergency,
    get_meeting,
    seats_of,
)
from casework.models import CasePermission

__all__ = [
    "DECIDED_AT",
    "GRANTS_OF_OWN_AGENCY",
    "GRANTS_OF_SHARE",
    "KEEPERS_OF_CARERS",
    "CaseNotFound",
    "CasePermission",
    "Viewer",
    "admit_agency",
    "agencies_of",
    "assignments_for",
    "barred_from",
    "carers_for",
    "cases_for",
    "categories_open",
    "councils_of",
    "deliveries_for",
    "disclosures_for",
    "dismiss_share",
    "emergencies_for",
    "get_assignment",
    "get_carer",
    "get_case",
    "get_delivery",
    "get_disclosure",
    "get_emergency",
    "get_meeting",
    "granted_to",
    "is_barred",
    "keepers_of_carers",
    "newest_cases",
    "permissions_on",
    "readers_of",
    "seats_of",
    "viewers_of",
]
