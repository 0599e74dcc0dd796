"""A council of 40 cases and 25 members: inviting them with their packs, beside the bare INSERTs of the same rows.

Run on the database of `DATABASE_URL`, which is empty before and thrown away after: SCALE=quick has fewer rounds.
"""

import datetime as dt
import time
import uuid
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from bench.report import Row, middle, show  # noqa: E402
from bench.scratch import QUICK  # noqa: E402
from casework.actions import councils, meetings  # noqa: E402
from casework.actions.cases import make_teams, open_case  # noqa: E402
from casework.models import (  # noqa: E402
    AccessRecord,
    AgendaItem,
    Attendance,
    CaseKind,
    Council,
    CouncilKind,
    CouncilMember,
    Disclosure,
    ItemDisclosure,
    Meeting,
    TeamRole,
)
from forms_library.models import Agency, AgencyKind  # noqa: E402
from portal.accounts.models import User  # noqa: E402

CASES, MEMBERS = 40, 25
ROUNDS = 3 if QUICK else 11
NOW = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
KINDS = (
    AgencyKind.JUVENILE_COMMISSION, AgencyKind.KCSON, AgencyKind.EDUCATION_ORG, AgencyKind.HEALTH_ORG,
    AgencyKind.POLICE_JUVENILE_UNIT, AgencyKind.GUARDIANSHIP_BODY,
)  # fmt: skip
WRITTEN: tuple[type[models.Model], ...] = (Attendance, Disclosure, ItemDisclosure, AccessRecord)
"""What an invitation adds, in the order in which rows may be inserted."""


def main() -> None:
    """Make a council, invite it again and again, each time from the beginning, and print a table."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    with transaction.atomic():
        meeting, secretary = _meeting()
    took: dict[str, list[float]] = {"ours": [], "bare": [], "again": []}
    rows: dict[type[models.Model], list[tuple[Any, ...]]] = {}
    for _round in range(ROUNDS):
        with transaction.atomic():
            before = {model: set(model._default_manager.values_list("pk", flat=True)) for model in WRITTEN}
            took["ours"].append(_invite(meeting, secretary))
            took["again"].append(_invite(meeting, secretary))
            rows = {model: _rows(model, before[model]) for model in WRITTEN}
            transaction.set_rollback(True)
        with transaction.atomic():
            begun = time.perf_counter()
            for model, added in rows.items():
                _insert(model, added)
            took["bare"].append(1000 * (time.perf_counter() - begun))
            transaction.set_rollback(True)
    packs = len(rows[ItemDisclosure])
    if packs != CASES * (MEMBERS - 1):
        raise RuntimeError(f"{packs} packs were made")
    bare = middle(took["bare"])
    show(
        f"Packs of {CASES} cases for {MEMBERS} members on {connection.vendor}, ms: beside the bare INSERTs of the same rows",
        [
            Row(f"invited: {sum(map(len, rows.values())):,} rows, {packs} packs", middle(took["ours"]), bare),
            Row("invited once more: nothing new", middle(took["again"]), bare),
        ],
        "Each member is of an agency of its own, so each has a pack of its own; the keeper of the cases needs none.",
    )


def _meeting() -> tuple[Meeting, User]:
    """Return a meeting that has been called, with its agenda, and whoever invites to it."""
    agencies = [
        Agency.objects.create(
            code=f"a{number}", name=f"Центр № {number}", short_name=f"№ {number}", kind=kind, territory="Район"
        )
        for number, kind in zip(range(MEMBERS), KINDS * MEMBERS, strict=False)
    ]
    people = []
    for number, agency in enumerate(agencies):
        person = User.objects.create(email=f"p{number}@example.org", last_name=f"Ветрова-{number}", post="специалист")
        for team in make_teams(agency):
            if team.role == (TeamRole.SPECIALIST if number else TeamRole.HEAD):
                team.group.user_set.add(person)
        people.append(person)
    council = councils.make_council(
        agency=agencies[0],
        name="МРГ",
        kind=CouncilKind.MRG,
        territory="Район",
        quorum=13,
        place="",
        actor=people[0],
        at=NOW,
    )
    _seat(council, agencies, people)
    cases = [open_case(agency=agencies[1], kind=CaseKind.SUPPORT, actor=None, at=NOW) for _n in range(CASES)]
    meeting = Meeting.objects.create(
        council=council,
        number=1,
        year=2026,
        held_at=NOW + dt.timedelta(days=9),
        place="",
        called_by=people[0],
        called_at=NOW,
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, case=case, order=place, reason="asked", question="Что делать?", token=uuid.uuid4())
        for place, case in enumerate(cases, start=1)
    )
    return meeting, people[0]


def _seat(council: Council, agencies: list[Agency], people: list[User]) -> None:
    roles = [CouncilMember.Role.CHAIR, CouncilMember.Role.SECRETARY] + [CouncilMember.Role.MEMBER] * MEMBERS
    for agency, person, role in zip(agencies, people, roles, strict=False):
        councils.add_member(
            council=council,
            agency=agency,
            person=person,
            full_name="",
            post="",
            role=role,
            actor=people[0],
            at=NOW,
        )


def _invite(meeting: Meeting, actor: User) -> float:
    begun = time.perf_counter()
    meetings.invite(meeting=meeting, actor=actor, at=NOW)
    return 1000 * (time.perf_counter() - begun)


def _rows(model: type[models.Model], before: set[Any]) -> list[tuple[Any, ...]]:
    """Return the rows that were added, as the database takes them."""
    fields = model._meta.local_concrete_fields
    return [
        tuple(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields)
        for row in model._default_manager.exclude(pk__in=before).order_by("pk")
    ]


def _insert(model: type[models.Model], rows: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in model._meta.local_concrete_fields)
    marks = ", ".join(["%s"] * len(model._meta.local_concrete_fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})", rows
        )


if __name__ == "__main__":
    main()
