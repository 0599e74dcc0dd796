"""Parts of the case that were shown to the strangers' agency: theirs, and nobody else's."""

from types import SimpleNamespace

from casework.actions import disclosures
from tests.casework.addresses import ALL_NOT, LEAD_GO, READ, SENT, Row

SHOWN_ONLY = "in   in   no   no   no   no   ok   no   no   no   no   in"

ROWS = [
    Row("casework:disclosure", "/cases/disclosed/{disclosure}/", SENT, may_see=("stranger",)),
    Row("casework:disclosed_document", "/cases/disclosed/{disclosure}/documents/{document}/", SENT, may_see=("stranger",)),
    Row("casework:disclosed_word", "/cases/disclosed/{disclosure}/documents/{document}/word/", SHOWN_ONLY, may_see=("stranger",)),
    Row("casework:disclosure_preview", "/cases/{case}/disclosures/{disclosure_number}/", READ),
    Row("casework:withdraw_disclosure", "/cases/{case}/disclosures/{disclosure_number}/withdraw/", ALL_NOT, LEAD_GO),
]  # fmt: skip


def prepare(world: SimpleNamespace) -> None:
    """Show the family and the plan to the strangers' agency, health included."""
    shown = disclosures.disclose(
        case=world.case,
        agency=world.own_agency["stranger"],
        sections=["people", "contacts"],
        documents=[world.filed],
        categories=["special"],
        reason="Помощь психолога",
        last_day=world.at.date().replace(year=world.at.year + 1),
        actor=world.people["specialist"],
        at=world.at,
    )
    world.names |= {"disclosure": shown.token, "disclosure_number": shown.pk}
