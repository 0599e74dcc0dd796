"""Who asked what, what happened, who may see it: all the personal data there is."""

from casework.models.answer_links import AnswerLink
from casework.models.assignments import Assignment, AssignmentKind, AssignmentNudge, AssignmentState
from casework.models.blind_questions import BlindQuestion
from casework.models.carers import (
    AcceptedNeed,
    CarerEvent,
    CarerFamily,
    CarerPaper,
    CarerPlacement,
    CarerRecord,
    CarerState,
    MatchingDecision,
    PaperKind,
    PlacementEnd,
)
from casework.models.cases import Case, CaseKind, CaseNote, CaseStatus, ClosureGround, ReferenceSeries
from casework.models.councils import (
    AgendaItem,
    Attendance,
    Council,
    CouncilKind,
    CouncilMember,
    ItemDecision,
    ItemDisclosure,
    ItemInformation,
    ItemService,
    Meeting,
    Opinion,
)
from casework.models.disclosures import Disclosure, Section
from casework.models.drafts import Draft, DraftVisit
from casework.models.facts import Contradiction, Fact
from casework.models.files import CaseFile, FileResult, FileState
from casework.models.handovers import Handover, HandoverItem
from casework.models.log import AccessRecord, Event
from casework.models.names import NameForms, Sex
from casework.models.numbers import NumberSeries
from casework.models.papers import Addendum, IncomingScan, IssuedDocument, IssuedKind, PaperMark, PaperStep
from casework.models.parts import DraftPart, SubmissionPart
from casework.models.people import Person, PersonKey, PersonRole
from casework.models.procedures import CaseEvent, CaseProcedure, Delivery
from casework.models.rights import Bar, Category, CategoryGrant, EmergencyOpening
from casework.models.sharing import (
    CaseGroupObjectPermission,
    CasePermission,
    CaseUserObjectPermission,
    Share,
    ShareLevel,
)
from casework.models.submissions import ContactRequest, Submission
from casework.models.supervision import Supervision
from casework.models.tasks import Absence, CalendarFeed, Task, TaskReminder, TaskStatus
from casework.models.teams import Team, TeamRole

__all__ = [
    "Absence",
    "AcceptedNeed",
    "AccessRecord",
    "Addendum",
    "AgendaItem",
    "AnswerLink",
    "Assignment",
    "AssignmentKind",
    "AssignmentNudge",
    "AssignmentState",
    "Attendance",
    "Bar",
    "BlindQuestion",
    "CalendarFeed",
    "CarerEvent",
    "CarerFamily",
    "CarerPaper",
    "CarerPlacement",
    "CarerRecord",
    "CarerState",
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
    "Category",
    "CategoryGrant",
    "ClosureGround",
    "ContactRequest",
    "Contradiction",
    "Council",
    "CouncilKind",
    "CouncilMember",
    "Delivery",
    "Disclosure",
    "Draft",
    "DraftPart",
    "DraftVisit",
    "EmergencyOpening",
    "Event",
    "Fact",
    "FileResult",
    "FileState",
    "Handover",
    "HandoverItem",
    "IncomingScan",
    "IssuedDocument",
    "IssuedKind",
    "ItemDecision",
    "ItemDisclosure",
    "ItemInformation",
    "ItemService",
    "MatchingDecision",
    "Meeting",
    "NameForms",
    "NumberSeries",
    "Opinion",
    "PaperKind",
    "PaperMark",
    "PaperStep",
    "Person",
    "PersonKey",
    "PersonRole",
    "PlacementEnd",
    "ReferenceSeries",
    "Section",
    "Sex",
    "Share",
    "ShareLevel",
    "Submission",
    "SubmissionPart",
    "Supervision",
    "Task",
    "TaskReminder",
    "TaskStatus",
    "Team",
    "TeamRole",
]
