"""What is official and public: agencies, forms, editions, the working calendar."""

from forms_library.models.agencies import Agency, AgencyKind, AgencyPhone, OpeningHours
from forms_library.models.approvals import FourEyesTask, FourEyesTaskState
from forms_library.models.calendar import CalendarDay
from forms_library.models.documents import Document
from forms_library.models.editions import Edition, EditionEnd
from forms_library.models.form_fields import FormField
from forms_library.models.official_forms import FormsCatalogue, OfficialForm

__all__ = [
    "Agency",
    "AgencyKind",
    "AgencyPhone",
    "CalendarDay",
    "Document",
    "Edition",
    "EditionEnd",
    "FormField",
    "FormsCatalogue",
    "FourEyesTask",
    "FourEyesTaskState",
    "OfficialForm",
    "OpeningHours",
]
