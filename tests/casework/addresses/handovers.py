"""A case on its way to another curator: who sees the pack, who begins, who takes it back."""

import uuid
from types import SimpleNamespace

from casework.actions import handovers
from tests.casework.addresses import ALL_NOT, LEAD_GO, READ, Row

# fmt: off
#            anon par  spec head read help str  edit meth appr supe inac
RECEIVES  = "in   in   no   no   no   go   no   no   no   no   no   in"
# fmt: on
BEGIN = {"token": str(uuid.UUID(int=90)), "to_person": "{next_curator}", "ground": "leaves", "words": ""}

ROWS = [
    Row("casework:handover", "/cases/{case}/handover/", READ, "in   in   ok   ok   no   no   no   no   no   no   no   in", BEGIN),
    Row("casework:accept_handover", "/cases/{case}/handover/accept/", ALL_NOT, RECEIVES),
    Row("casework:print_handover", "/cases/{case}/handover/print/", READ, ALL_NOT),
    Row("casework:withdraw_handover", "/cases/{case}/handover/withdraw/", ALL_NOT, LEAD_GO),
]  # fmt: skip


def prepare(world: SimpleNamespace) -> None:
    """Begin to hand the case over to the helper; a second handover is refused on the same page."""
    handovers.begin_handover(
        case=world.case,
        to_person=world.people["helper"],
        ground="leaves",
        words="",
        actor=world.people["specialist"],
        at=world.at,
        token=uuid.UUID(int=91),
    )
    world.names["next_curator"] = world.people["helper"].pk
