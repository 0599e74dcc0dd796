"""The table of every URL × every role, and the pieces of it that single rooms keep for themselves.

A module of this package has `ROWS`, and `prepare(world)`: what has to be there before its addresses are asked, put into
`world.names` under the words that stand in braces in its rows.
"""

from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

ROLES = (
    "anonymous", "parent", "specialist", "head", "reader", "helper", "stranger", "editor", "methodologist", "approver",
    "superuser", "inactive",
)  # fmt: skip
"""`specialist` and `head` keep the case; `reader` and `helper` are of agencies it is shared with, to read and to work."""

WITH_ACCESS = {"specialist", "head", "reader", "helper"}
OFFICE = {"editor", "methodologist", "approver", "superuser"}

# fmt: off
# What comes back: «in» asks to sign in, «go» sends on (a change was made), «no» is 404, «not» is 405; or a number.
#          anon par  spec head read help str  edit meth appr supe inac
ALL_OK   = "ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok"
ALL_GO   = "go   go   go   go   go   go   go   go   go   go   go   go"
ALL_NO   = "no   no   no   no   no   no   no   no   no   no   no   no"
ALL_NOT  = "not  not  not  not  not  not  not  not  not  not  not  not"
STAFF    = "in   in   ok   ok   ok   ok   ok   ok   ok   ok   ok   in"
STAFF_GO = "in   in   go   go   go   go   go   go   go   go   go   in"
TEAMS    = "in   in   ok   ok   ok   ok   ok   no   no   no   no   in"
TEAMS_GO = "in   in   go   go   go   go   go   no   no   no   no   in"
READ     = "in   in   ok   ok   ok   ok   no   no   no   no   no   in"
# The paper tells of health: the curator takes it, others are sent back to the page that says so.
PRINT    = "in   in   ok   go   go   go   no   no   no   no   no   in"
WORK     = "in   in   ok   no   no   ok   no   no   no   no   no   in"
WORK_GO  = "in   in   go   no   no   go   no   no   no   no   no   in"
WORK_422 = "in   in   422  no   no   422  no   no   no   no   no   in"
TEAMS_OR_GO = "in   in   ok   ok   ok   ok   ok   go   go   go   go   in"
TEAMS_422 = "in   in   422  422  422  422  422  go   go   go   go   in"
SENDS_GO = "in   in   go   no   no   ok   no   no   no   no   no   in"
READ_GO  = "in   in   go   go   go   go   no   no   no   no   no   in"
OWNER    = "in   in   ok   no   no   no   no   no   no   no   no   in"
OWNER_GO = "in   in   go   go   go   go   go   go   go   go   go   in"
OWNER_NO = "in   in   go   no   no   no   no   no   no   no   no   in"
# Whoever began the form, and the curator.
SHARES_OUT    = "in   in   ok   no   no   no   no   no   no   no   no   in"
SHARES_OUT_GO = "in   in   go   no   no   no   no   no   no   no   no   in"
ACT      = "in   in   ok   ok   no   ok   no   no   no   no   no   in"
ACT_GO   = "in   in   go   go   no   go   no   no   no   no   no   in"
CONCERNED_GO = "in   in   go   go   no   ok   no   no   no   no   no   in"
LEAD     = "in   in   ok   ok   no   no   no   no   no   no   no   in"
LEAD_GO  = "in   in   go   go   no   no   no   no   no   no   no   in"
# Whoever may write something down under a procedure: those who work on the case and the head. What it is depends on who.
ACTS     = "in   in   ok   ok   no   ok   no   no   no   no   no   in"
ACTS_GO  = "in   in   go   go   no   go   no   no   no   no   no   in"
HANDS_GO = "in   in   go   go   no   ok   no   no   no   no   no   in"
KEEPER_GO = "in   in   go   go   no   ok   no   no   no   no   no   in"
HEAD_GO  = "in   in   ok   go   no   ok   no   no   no   no   no   in"
AUTOSAVE = "401  401  ok   no   no   ok   no   no   no   no   no   401"
VISITORS = "ok   ok   go   go   go   go   go   go   go   go   go   ok"
# What was sent to the strangers' agency is theirs, and nobody else's.
SENT     = "in   in   no   no   no   no   ok   no   no   no   no   in"
SENT_GO  = "in   in   no   no   no   no   go   no   no   no   no   in"
RECEIPT  = "go   ok   go   go   go   go   go   go   go   go   go   go"
# fmt: on


@dataclass(frozen=True)
class Row:
    """An address: its name, where it is in the invented world, and what each role gets."""

    name: str
    path: str
    get: str
    post: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    may_see: tuple[str, ...] = ()
    """Roles that are shown something of the family here although the case itself is closed to them."""

    def __str__(self) -> str:
        return f"{self.name} {self.path}"


def rooms() -> list[ModuleType]:
    """Return the modules of this package, by name."""
    return [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
