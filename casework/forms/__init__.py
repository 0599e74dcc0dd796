"""What a person may type about a case."""

from casework.forms.answer_links import AnswerForm, AnswerLinkForm, WordForm
from casework.forms.assignments import AcceptForm, MarkForm, ReferralForm, RefuseReferralForm
from casework.forms.blind_questions import KnownForm
from casework.forms.cases import (
    AssignForm,
    CloseForm,
    NoteForm,
    OpenCaseForm,
    PersonForm,
    RefuseForm,
    ShareForm,
)
from casework.forms.contact_requests import ContactRequestForm, StateForm
from casework.forms.deliveries import ReceiveForm, SendForm
from casework.forms.drafts import PartsForm
from casework.forms.facts import SettleForm
from casework.forms.handovers import AcceptItemsForm, CaseHandoverForm
from casework.forms.local_services import LocalServiceForm
from casework.forms.names import NameFormsForm
from casework.forms.papers import AddendumForm, ExtractForm, PackageForm, ScanForm, ScanPlaceForm
from casework.forms.rights import EmergencyForm, KeepOutForm, LookForm, OpenCategoryForm, ReviewForm
from casework.forms.supervision import SupervisionForm
from casework.forms.tasks import AbsenceForm, FeedForm, GiveTaskForm, HandOverForm

__all__ = [
    "AbsenceForm",
    "AcceptForm",
    "AcceptItemsForm",
    "AddendumForm",
    "AnswerForm",
    "AnswerLinkForm",
    "AssignForm",
    "CaseHandoverForm",
    "CloseForm",
    "ContactRequestForm",
    "EmergencyForm",
    "ExtractForm",
    "FeedForm",
    "GiveTaskForm",
    "HandOverForm",
    "KeepOutForm",
    "KnownForm",
    "LocalServiceForm",
    "LookForm",
    "MarkForm",
    "NameFormsForm",
    "NoteForm",
    "OpenCaseForm",
    "OpenCategoryForm",
    "PackageForm",
    "PartsForm",
    "PersonForm",
    "ReceiveForm",
    "ReferralForm",
    "RefuseForm",
    "RefuseReferralForm",
    "ReviewForm",
    "ScanForm",
    "ScanPlaceForm",
    "SendForm",
    "SettleForm",
    "ShareForm",
    "StateForm",
    "SupervisionForm",
    "WordForm",
]
