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

__all__ = [
    "AssignForm",
    "CloseForm",
    "ContactRequestForm",
    "NoteForm",
    "OpenCaseForm",
    "PersonForm",
    "RefuseForm",
    "ShareForm",
    "StateForm",
]
