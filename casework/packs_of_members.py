"""What each kind of agency gets to see of a family whose case stands on the agenda of a council: the rule, as data.

Need to know (domain.md D): who brings the whole picture together gets the plan and the papers that are addressed to councils; who
answers for one side of a child's life gets that side. Health, criminal record and the secret of adoption are never part of it:
the chair opens them to one agency for one case. The agency that keeps a case sees the case itself and needs no pack.
"""

from dataclasses import dataclass

from casework.models import Section
from forms_library.models.agencies import AgencyKind

FOR_COUNCILS = (
    "nso_kkss", "nso_case_analysis", "nso_individual_plan", "nso_monitoring", "nso_risk_decision",
    "tom_support_plan", "tom_plan_review",
)  # fmt: skip
"""Forms that are addressed to councils (domain.md C), by their codes: of each the last valid one is shown."""

WITHOUT_RISK_DECISION = tuple(code for code in FOR_COUNCILS if code != "nso_risk_decision")
EVERYTHING = (Section.PEOPLE, Section.CONTACTS, Section.SCHOOLS, Section.STAGE, Section.PLAN)


@dataclass(frozen=True)
class Pack:
    """The sections of a case, and the forms of which the last valid one is shown."""

    sections: tuple[str, ...]
    forms: tuple[str, ...] = ()


COORDINATORS = Pack(EVERYTHING, FOR_COUNCILS)
PROVIDERS = Pack(EVERYTHING, WITHOUT_RISK_DECISION)

PACKS: dict[str, Pack] = {
    AgencyKind.JUVENILE_COMMISSION: COORDINATORS,
    AgencyKind.ONE_WINDOW: COORDINATORS,
    AgencyKind.FAMILY_DEPARTMENT: COORDINATORS,
    AgencyKind.SOCIAL_SERVICE_ORG: PROVIDERS,
    AgencyKind.KCSON: PROVIDERS,
    AgencyKind.SRCN: PROVIDERS,
    AgencyKind.FAMILY_CENTRE: PROVIDERS,
    AgencyKind.ORPHAN_ORG: PROVIDERS,
    AgencyKind.KIN_SERVICE: PROVIDERS,
    AgencyKind.EDUCATION_ORG: Pack((Section.PEOPLE, Section.SCHOOLS, Section.STAGE, Section.PLAN)),
    AgencyKind.HEALTH_ORG: Pack((Section.PEOPLE, Section.STAGE, Section.PLAN)),
    AgencyKind.POLICE_JUVENILE_UNIT: Pack((Section.PEOPLE, Section.CONTACTS, Section.STAGE)),
    AgencyKind.GUARDIANSHIP_BODY: Pack((Section.PEOPLE, Section.CONTACTS, Section.STAGE, Section.PLAN)),
}

ONLY_OWN_DECISIONS = frozenset({AgencyKind.POLICE_JUVENILE_UNIT.value})
"""Kinds of agencies that read of a protocol only what they have to carry out: an extract (domain.md D)."""


def pack_of(kind: str) -> Pack:
    """Return what an agency of this kind is shown; a kind without a rule sees who is in the family and where the work stands."""
    return PACKS.get(kind, Pack((Section.PEOPLE, Section.STAGE)))


def reads_the_whole_protocol(kind: str) -> bool:
    """Return whether members of an agency of this kind read everything that was said and decided."""
    return kind not in ONLY_OWN_DECISIONS
