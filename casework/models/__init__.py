"""Who asked what, what happened, who may see it: all the personal data there is."""

from casework.models.cases import Case, CaseKind, CaseNote, CaseStatus, ClosureGround, ReferenceSeries
from casework.models.files import CaseFile
from casework.models.log import AccessRecord, Event
from casework.models.people import Person, PersonRole
from casework.models.sharing import (
    CaseGroupObjectPermission,
    CasePermission,
    CaseUserObjectPermission,
    Share,
    ShareLevel,
)
from casework.models.submissions import ContactRequest, Draft, Submission
from casework.models.teams import Team, TeamRole

__all__ = [
    "AccessRecord",
    "Case",
    "CaseFile",
    "CaseGroupObjectPermission",
    "CaseKind",
    "CaseNote",
    "CasePermission",
    "CaseStatus",
    "CaseUserObjectPermission",
    "ClosureGround",
    "ContactRequest",
    "Draft",
    "Event",
    "Person",
    "PersonRole",
    "ReferenceSeries",
    "Share",
    "ShareLevel",
    "Submission",
    "Team",
    "TeamRole",
]
