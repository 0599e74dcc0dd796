"""Who may do what: the matrix of domain.md D as data, beside what the program really gives.

Rights come from a relation to the case (named as its curator, of the agency that keeps it, addressed, asked, a member of the
council), never from rank. `tests/casework/test_matrix.py` asks the program about every cell. Where the program gives something
else than the matrix, the cell says why: on purpose (`DIFFERS`), or because the part belongs to later work (`NOT_YET`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Right(IntEnum):
    """What somebody has, the more the higher."""

    NONE = 0
    PART = 1
    READ = 2
    CHANGE = 3
    FULL = 4


LETTERS = {
    "-": Right.NONE,
    "N": Right.PART,
    "A": Right.PART,
    "E": Right.PART,
    "O": Right.PART,
    "R": Right.READ,
    "C": Right.CHANGE,
    "U": Right.CHANGE,
    "F": Right.FULL,
}
"""The letters of domain.md D: the strongest one of a cell counts. N: numbers, A: addressed, E: extract, O: own only."""

WORDS = {
    Right.NONE: _("nothing"),
    Right.PART: _("only what was sent to them, shown to them or written by them"),
    Right.READ: _("reads"),
    Right.CHANGE: _("reads and changes"),
    Right.FULL: _("everything"),
}

COLUMNS = {
    "templates": _("public pages and form templates"),
    "own_notice": _("notice that led to the case"),
    "notices": _("other notices of the territory"),
    "risk": _("risk decision"),
    "card": _("case and plan"),
    "special": _("health, criminal record"),
    "protocol": _("protocol of the council"),
    "family_file": _("agreement and papers of the family"),
    "visits": _("visits"),
    "log": _("who looked and changed"),
    "reports": _("reports"),
}

# By the letters of domain.md D, and what the program gives: - nothing, A part, R reads, U changes, F everything.
# fmt: off
#                          templ own not risk card spec prot file vis log rep
_DOMAIN = """
visitor                    R    -    -  -   -    -    -    -    -   -  N
portal_editor              CU   -    -  -   -    -    -    -    -   -  -
form_designer              CU   -    -  -   -    -    -    -    -   -  -
reporter                   R    CRU  -  -   -    O    -    -    -   -  O
dept_plan_responsible      R    R    -  R   F    -    -    -    O   -  O
window_officer             R    -    F  C   R    R    R    -    -   -  R
commission_chair           R    -    R  R   R    R    R    -    -   -  R
case_curator               R    R    -  R   F    RU   F    F    F   -  O
case_specialist            R    -    -  -   RU   O    E    R    F   -  O
org_director               R    R    -  R   RU   R    R    F    R   -  R
responsible_specialist     R    -    -  -   -    RU   F    F    F   -  O
guardianship_origin        R    C    -  -   -    O    -    R    -   -  O
guardianship_residence     R    A    -  A   A    A    E    R    -   -  R
police_juvenile_unit       R    C    -  A   E    -    E    -    -   -  O
board_member               R    -    -  R   R    A    R    R    -   -  -
supervisor                 R    -    -  -   A    -    -    -    -   -  -
pf_worker                  R    -    -  -   F    RU   R    -    F   -  O
professional_family        R    -    -  -   A    A    -    -    R   -  -
department_analyst         R    -    -  -   -    -    -    -    -   -  N
pd_officer                 R    -    -  -   A    -    -    -    -   R  R
system_administrator       -    -    -  -   -    -    -    -    -   R  -
auditor                    -    -    -  -   A    -    -    -    -   R  -
parent                     R    -    -  A   A    A    E    A    -   -  -
"""
_HERE = """
visitor                    R    -    -  -   -    -    -    -    -   -  -
portal_editor              U    -    -  -   -    -    -    -    -   -  -
form_designer              U    -    -  -   -    -    -    -    -   -  -
reporter                   R    U    -  -   -    A    -    -    -   -  -
dept_plan_responsible      R    -    -  A   A    -    -    -    -   -  -
window_officer             R    A    A  U   F    A    F    F    F   R  -
commission_chair           R    -    -  A   A    -    R    A    -   -  -
case_curator               R    A    A  U   F    R    F    F    F   R  -
case_specialist            R    -    -  U   U    A    F    F    F   R  -
org_director               R    A    A  U   F    R    R    R    R   R  -
responsible_specialist     R    A    A  U   F    R    F    F    F   R  -
guardianship_origin        R    U    -  -   -    A    -    -    -   -  -
guardianship_residence     R    A    -  A   A    A    A    A    -   -  -
police_juvenile_unit       R    U    -  A   A    A    -    -    -   -  -
board_member               R    -    -  A   A    -    R    A    -   -  -
supervisor                 R    -    -  -   -    -    -    -    -   -  -
pf_worker                  R    A    A  U   F    R    F    F    F   R  -
professional_family        R    -    -  -   -    -    -    -    -   -  -
department_analyst         R    -    -  -   -    -    -    -    -   -  -
pd_officer                 R    -    -  -   -    -    -    -    -   -  -
system_administrator       U    -    -  -   -    -    -    -    -   -  -
auditor                    R    -    -  -   -    -    -    -    -   -  -
parent                     R    -    -  -   -    -    -    -    -   -  -
"""
# fmt: on

ROLES: dict[str, tuple[Any, Any]] = {
    "visitor": (_("visitor of the site"), _("not signed in")),
    "portal_editor": (_("editor of the site"), _("of the group of editors")),
    "form_designer": (_("methodologist"), _("of the group of methodologists")),
    "reporter": (_("who sends a notice"), _("school, clinic or police: the agency whose notice was sent")),
    "dept_plan_responsible": (
        _("who answers for the departmental plan"),
        _("of an agency that was asked to do something and is shown a part of the case"),
    ),
    "window_officer": (_("specialist of the “One window”"), _("works in the agency that keeps the case")),
    "commission_chair": (_("chair of the commission"), _("chairs the council on whose agenda the case is")),
    "case_curator": (_("curator of the case"), _("named as the curator of this case")),
    "case_specialist": (_("specialist of the case"), _("of an agency with which the case is shared for work")),
    "org_director": (_("head of the organisation"), _("heads the agency that keeps the case")),
    "responsible_specialist": (_("responsible specialist (Tomsk)"), _("named as the curator of this case")),
    "guardianship_origin": (_("guardianship body that sends a notice"), _("the agency whose notice was sent")),
    "guardianship_residence": (_("guardianship body of the residence"), _("the agency to which papers are sent")),
    "police_juvenile_unit": (
        _("police juvenile unit"),
        _("the agency whose notice was sent and to which a decision is sent"),
    ),
    "board_member": (_("member of the council"), _("of an agency that has a pack of the item")),
    "supervisor": (_("supervisor"), _("sees records of supervision, never a case")),
    "pf_worker": (_("specialist of professional families"), _("named as the curator of this case")),
    "professional_family": (_("professional family"), _("has no account yet")),
    "department_analyst": (_("analyst of the department"), _("has an account and no case")),
    "pd_officer": (_("who answers for personal data"), _("hears of openings in an emergency by mail")),
    "system_administrator": (_("system administrator"), _("keeps the program and the accounts")),
    "auditor": (_("auditor, prosecutor"), _("gets papers from whoever answers for personal data")),
    "parent": (_("parent"), _("knows the state of their request by its code")),
}
"""Each role by its name, and the relation of the program that plays it."""

KEEPERS_WORK_TOGETHER = _(
    "Specialists of the agency that keeps a case stand in for each other: they all see it and work on it. A relative or a"
    " neighbour is kept out by name."
)
ONLY_ADDRESSED = _("Opens the document that was sent to their agency, and nothing else of the sender’s case.")
HISTORY_IS_OPEN = _("Whoever sees the case sees its history too: people look less out of curiosity when it shows.")
PART_ONLY = _("Sees it in the part that was shown to them until a day, never in the case itself.")
SAME_FORMS = _("Rights go by the case, not by the form: whoever works on the case reads and files all its documents.")
BY_HAND = _("Sets the level when the procedure gives that to their role; otherwise reads.")
REPORTS_LATER = _("Reports are made in later work.")
CABINET_LATER = _("People without an account of an agency get papers: there is no cabinet yet.")
OFFICER_LATER = _(
    "Whoever answers for personal data has no page of their own yet; the history of a case is read in the case."
)

DIFFERS: dict[tuple[str, str], Any] = {
    ("dept_plan_responsible", "own_notice"): _("Reads the notice when their own agency has sent it."),
    ("dept_plan_responsible", "risk"): PART_ONLY,
    ("dept_plan_responsible", "card"): _(
        "Marks what their agency was asked to do; the rest of the plan only if shown."
    ),
    ("dept_plan_responsible", "visits"): _("Visits are filed by those who work on the case."),
    ("window_officer", "own_notice"): ONLY_ADDRESSED,
    ("window_officer", "notices"): _(
        "Registers what was sent to the “One window”: the procedure sends all notices there."
    ),
    ("window_officer", "card"): KEEPERS_WORK_TOGETHER,
    ("window_officer", "special"): _("Reads what came with the notice; in the case, only by leave of the curator."),
    ("window_officer", "protocol"): SAME_FORMS,
    ("window_officer", "family_file"): SAME_FORMS,
    ("window_officer", "visits"): SAME_FORMS,
    ("commission_chair", "notices"): _("Sees notices that were sent to the commission, and no others."),
    ("commission_chair", "risk"): PART_ONLY,
    ("commission_chair", "card"): PART_ONLY,
    ("commission_chair", "special"): _("Only if the pack of the council names it."),
    ("commission_chair", "family_file"): PART_ONLY,
    ("case_curator", "own_notice"): ONLY_ADDRESSED,
    ("case_curator", "notices"): _("Registers what was sent to their agency, as their colleagues do."),
    ("case_curator", "risk"): BY_HAND,
    ("case_curator", "special"): _("Reads all of it, and writes it by filing forms: what is filed does not change."),
    ("case_specialist", "risk"): BY_HAND,
    ("case_specialist", "protocol"): SAME_FORMS,
    ("case_specialist", "family_file"): SAME_FORMS,
    ("org_director", "own_notice"): ONLY_ADDRESSED,
    ("org_director", "notices"): _("Registers what was sent to their agency, as their colleagues do."),
    ("org_director", "risk"): BY_HAND,
    ("org_director", "card"): _("Decides on the case: curator, access, closing. Does not fill in forms."),
    ("org_director", "family_file"): _("Reads the papers; forms are filled in by specialists."),
    ("responsible_specialist", "own_notice"): ONLY_ADDRESSED,
    ("responsible_specialist", "notices"): _("Registers what was sent to their agency, as their colleagues do."),
    ("responsible_specialist", "risk"): BY_HAND,
    ("responsible_specialist", "card"): _("Is the curator of the case in this program."),
    ("responsible_specialist", "special"): _(
        "Reads all of it, and writes it by filing forms: what is filed does not change."
    ),
    ("guardianship_origin", "family_file"): _("Sees on its own notice whether it was received, not the papers."),
    ("guardianship_residence", "family_file"): ONLY_ADDRESSED,
    ("police_juvenile_unit", "special"): _("Its own notice may tell of health: it reads what it wrote."),
    ("police_juvenile_unit", "protocol"): _("Only if an extract was sent to it."),
    ("board_member", "risk"): PART_ONLY,
    ("board_member", "card"): PART_ONLY,
    ("board_member", "special"): _("Only if the pack of the council names it."),
    ("board_member", "family_file"): PART_ONLY,
    ("pf_worker", "own_notice"): ONLY_ADDRESSED,
    ("pf_worker", "notices"): _("Registers what was sent to their agency, as their colleagues do."),
    ("pf_worker", "risk"): BY_HAND,
    ("pf_worker", "special"): _("Reads all of it, and writes it by filing forms: what is filed does not change."),
    ("pf_worker", "protocol"): SAME_FORMS,
    ("pf_worker", "family_file"): SAME_FORMS,
    ("system_administrator", "templates"): _("Keeps the site going. Publishing a form still takes a second person."),
    ("auditor", "templates"): _("Published pages and blank forms are open to everybody."),
    **{
        (role, "log"): HISTORY_IS_OPEN
        for role in (
            *("window_officer", "case_curator", "case_specialist", "org_director"),
            *("responsible_specialist", "pf_worker"),
        )
    },
}
"""Where the program gives something else than the matrix on purpose, and why."""

NOT_YET: dict[tuple[str, str], Any] = {
    ("supervisor", "card"): _("A record of supervision holds no text of the case."),
    ("professional_family", "card"): CABINET_LATER,
    ("professional_family", "special"): CABINET_LATER,
    ("professional_family", "visits"): CABINET_LATER,
    ("pd_officer", "card"): OFFICER_LATER,
    ("pd_officer", "log"): OFFICER_LATER,
    ("system_administrator", "log"): _("The technical log is kept by the server, outside the program."),
    ("auditor", "card"): OFFICER_LATER,
    ("auditor", "log"): OFFICER_LATER,
    **{("parent", column): CABINET_LATER for column in ("risk", "card", "special", "protocol", "family_file")},
    **{
        (role, "reports"): REPORTS_LATER
        for role in ROLES
        if role
        not in {
            *("portal_editor", "form_designer", "board_member", "supervisor", "professional_family"),
            *("system_administrator", "auditor", "parent"),
        }
    },
}
"""What the program does not have yet, and why: nobody is given anything there."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one role has in one column: by domain.md, in this program, and why the two differ."""

    role: str
    column: str
    letters: str
    here: Right

    @property
    def by_domain(self) -> Right:
        """What domain.md gives."""
        return max(LETTERS[letter] for letter in self.letters)

    @property
    def note(self) -> Any:
        """Why the program gives something else; nothing where it gives the same."""
        place = (self.role, self.column)
        return DIFFERS.get(place) or NOT_YET.get(place, "")

    @property
    def is_not_yet(self) -> bool:
        """Whether the program has no such thing yet."""
        return (self.role, self.column) in NOT_YET

    @property
    def words(self) -> Any:
        """What the role has here, in words."""
        return WORDS[self.here]


@dataclass(frozen=True, kw_only=True)
class RoleInWords:
    """One row of the table that people read."""

    code: str
    title: Any
    relation: Any
    cells: list[tuple[Any, Cell]]


def _table(text: str) -> dict[str, list[str]]:
    rows = (line.split() for line in text.strip().splitlines())
    return {row[0]: row[1:] for row in rows}


def cells() -> Iterator[Cell]:
    """Yield every cell of the matrix."""
    domain, here = _table(_DOMAIN), _table(_HERE)
    for role in ROLES:
        for column, letters, given in zip(COLUMNS, domain[role], here[role], strict=True):
            yield Cell(role=role, column=column, letters=letters, here=LETTERS[given])


def in_words() -> list[RoleInWords]:
    """Return the matrix as people read it, a row for each role."""
    of_role: dict[str, list[Cell]] = {}
    for cell in cells():
        of_role.setdefault(cell.role, []).append(cell)
    return [
        RoleInWords(
            code=code,
            title=title,
            relation=relation,
            cells=[(COLUMNS[cell.column], cell) for cell in of_role[code]],
        )
        for code, (title, relation) in ROLES.items()
    ]
