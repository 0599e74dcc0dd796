"""What is official and public: agencies, forms, procedures, editions, the working calendar."""

from forms_library.models.agencies import Agency, AgencyKind, AgencyPhone, OpeningHours
from forms_library.models.approvals import FourEyesTask, FourEyesTaskState, Remark
from forms_library.models.blocks import BlockField, ReusableBlock
from forms_library.models.branches import BranchEditors, FormsBranch, FormsCatalogue
from forms_library.models.calendar import CalendarDay
from forms_library.models.digests import LibraryDigest
from forms_library.models.documents import Document
from forms_library.models.editions import Edition, EditionEnd, EditionProof
from forms_library.models.form_fields import FormField
from forms_library.models.local_services import Audience, Domain, LocalService, ServiceAudience
from forms_library.models.official_forms import OfficialForm
from forms_library.models.procedures import ProcedureEdition, ProcedureEditionEnd, ProcedurePage
from forms_library.models.publishers import TrustedPublisher, UploadedPack

__all__ = [
    "Agency",
    "AgencyKind",
    "AgencyPhone",
    "Audience",
    "BlockField",
    "BranchEditors",
    "CalendarDay",
    "Document",
    "Domain",
    "Edition",
    "EditionEnd",
    "EditionProof",
    "FormField",
    "FormsBranch",
    "FormsCatalogue",
    "FourEyesTask",
    "FourEyesTaskState",
    "LibraryDigest",
    "LocalService",
    "OfficialForm",
    "OpeningHours",
    "ProcedureEdition",
    "ProcedureEditionEnd",
    "ProcedurePage",
    "Remark",
    "ReusableBlock",
    "ServiceAudience",
    "TrustedPublisher",
    "UploadedPack",
]
