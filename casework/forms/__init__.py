"""What a person may type about a case."""

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
from casework.forms.names import NameFormsForm
from casework.forms.papers import AddendumForm, ExtractForm, PackageForm, ScanForm, ScanPlaceForm
from casework.forms.tasks import AbsenceForm, FeedForm, GiveTaskForm, HandOverForm

__all__ = [
    "AbsenceForm",
    "AddendumForm",
    "AssignForm",
    "CloseForm",
    "ContactRequestForm",
    "ExtractForm",
    "FeedForm",
    "GiveTaskForm",
    "HandOverForm",
    "NameFormsForm",
    "NoteForm",
    "OpenCaseForm",
    "PackageForm",
    "PartsForm",
    "PersonForm",
    "ReceiveForm",
    "RefuseForm",
    "ScanForm",
    "ScanPlaceForm",
    "SendForm",
    "SettleForm",
    "ShareForm",
    "StateForm",
]
