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
from casework.models.procedures import CaseEvent, CaseProcedure, Delivery
from casework.models.sharing import (
    CaseGroupObjectPermission,
    CasePermission,
    CaseUserObjectPermission,
    Share,
    ShareLevel,
)
from casework.models.submissions import ContactRequest, Submission
from casework.models.tasks import Absence, CalendarFeed, Task, TaskReminder, TaskStatus
from casework.models.teams import Team, TeamRole

__all__ = [
    "Absence",
    "AccessRecord",
    "Addendum",
    "CalendarFeed",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseGroupObjectPermission",
    "CaseKind",
    "CaseNote",
    "CasePermission",
    "CaseProcedure",
    "CaseStatus",
    "CaseUserObjectPermission",
    "ClosureGround",
    "ContactRequest",
    "Contradiction",
    "Delivery",
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
    "Task",
    "TaskReminder",
    "TaskStatus",
    "Team",
    "TeamRole",
]
