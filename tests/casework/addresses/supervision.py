"""Supervision: everybody on the desk has a list of their own, and writes for their own agency only."""

from types import SimpleNamespace

from tests.casework.addresses import STAFF, Row

OWN = "in   in   ok   ok   no   no   no   no   no   no   no   in"

ROWS = [
    Row("casework:supervisions", "/cases/supervision/", STAFF),
    Row("casework:write_supervision", "/cases/supervision/{keeper_code}/", OWN, OWN),
]


def prepare(world: SimpleNamespace) -> None:
    """Name the keeper."""
    world.names["keeper_code"] = world.keeper.code
