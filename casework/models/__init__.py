"""Who asked what, what happened, who may see it: all the personal data there is."""

from casework.models.cases import Case, CaseKind, CaseNote, CaseStatus, ClosureGround, ReferenceSeries
from casework.models.drafts import Draft, DraftVisit
from casework.models.facts import Contradiction, Fact
from casework.models.files import CaseFile, FileResult, FileState
from casework.models.log import AccessRecord, Event
from casework.models.names import NameForms, Sex
from casework.models.numbers import NumberSeries
from casework.models.papers import Addendum, IncomingScan, IssuedDocument, IssuedKind, PaperMark, PaperStep
from casework.models.parts import DraftPart, SubmissionPart
from casework.models.people import Person, PersonRole
from casework.models.sharing import (
    CaseGroupObjectPermission,
    CasePermission,
    CaseUserObjectPermission,
    Share,
    ShareLevel,
)
from casework.models.submissions import ContactRequest, Submission
from casework.models.teams import Team, TeamRole

__all__ = [
    "AccessRecord",
    "Addendum",
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
    "Contradiction",
    "Draft",
    "DraftPart",
    "DraftVisit",
    "Event",
    "Fact",
    "FileResult",
    "FileState",
    "IncomingScan",
    "IssuedDocument",
    "IssuedKind",
    "NameForms",
    "NumberSeries",
    "PaperMark",
    "PaperStep",
    "Person",
    "PersonRole",
    "ReferenceSeries",
    "Sex",
    "Share",
    "ShareLevel",
    "Submission",
    "SubmissionPart",
    "Team",
    "TeamRole",
]
