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
from casework.forms.drafts import PartsForm
from casework.forms.facts import SettleForm
from casework.forms.names import NameFormsForm
from casework.forms.papers import AddendumForm, ExtractForm, PackageForm, ScanForm, ScanPlaceForm

__all__ = [
    "AddendumForm",
    "AssignForm",
    "CloseForm",
    "ContactRequestForm",
    "ExtractForm",
    "NameFormsForm",
    "NoteForm",
    "OpenCaseForm",
    "PackageForm",
    "PartsForm",
    "PersonForm",
    "RefuseForm",
    "ScanForm",
    "ScanPlaceForm",
    "SettleForm",
    "ShareForm",
    "StateForm",
]
