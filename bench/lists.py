"""The newest cases of one person, beside a plain filter on the agency and beside guardian's own question.

Run on the database of `DATABASE_URL`, which is empty before and thrown away after: SCALE=full adds a million cases.
"""

import datetime as dt
import os
import random
import time
import uuid
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Permission  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from guardian.shortcuts import get_objects_for_user  # noqa: E402

from bench.report import Row, middle, show  # noqa: E402
from casework import access  # noqa: E402
from casework.actions.cases import make_teams  # noqa: E402
from casework.models import Case, CaseGroupObjectPermission, CaseKind, TeamRole  # noqa: E402
from forms_library.models import Agency, AgencyKind  # noqa: E402
from portal.accounts.models import User  # noqa: E402

SCALES = {"quick": (10_000,), "full": (10_000, 100_000, 1_000_000)}
SIZES = SCALES.get(os.environ.get("SCALE", ""), (10_000, 100_000))
AGENCIES, PAGE, BATCH = 300, 50, 5_000
ROUNDS, WARM = 41, 3
GOAL = 1.5
TODAY = dt.date(2026, 11, 22)
LAST_MOMENT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
YEARS = 8 * 365 * 24 * 60 * 60
# The agencies are numbered by size; the last one has no cases.
PEOPLE = {
    "one middling agency": [150],
    "the biggest agency": [0],
    "five agencies": [0, 20, 75, 150, 280],
    "an agency without cases": [300],
}


def main() -> None:
    """Fill the tables to each size in turn and print a table for each."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    agencies = Agency.objects.bulk_create(
        Agency(
            code=f"a{number}",
            name=f"Центр № {number}",
            short_name=f"№ {number}",
            kind=AgencyKind.KCSON,
            territory="Район",
        )
        for number in range(AGENCIES + 1)
    )
    with transaction.atomic():
        groups = {agency.pk: {team.role: team.group for team in make_teams(agency)} for agency in agencies}
    people = {
        name: _person(name, [groups[agencies[number].pk][TeamRole.SPECIALIST] for number in numbers])
        for name, numbers in PEOPLE.items()
    }
    chance, made = random.Random(2), 0
    for size in SIZES:
        _open_cases(agencies[:AGENCIES], first=made, last=size, chance=chance)
        made = size
        _settle()
        _compare(size, people)


def _person(name: str, groups: list[Any]) -> User:
    user = User.objects.create(email=f"{uuid.uuid4().hex}@example.org", last_name=name)
    user.groups.set(groups)
    return user


def _open_cases(agencies: list[Agency], *, first: int, last: int, chance: random.Random) -> None:
    """Add cases and the grants of their agencies' teams, as `access.admit_agency` gives them. The first agency is the biggest."""
    weights = [1 / (place + 3) for place in range(len(agencies))]
    below = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(first, last, BATCH):
        keepers = chance.choices(agencies, weights, k=min(BATCH, last - start))
        Case.objects.bulk_create(
            [
                Case(
                    reference=f"{start + number}",
                    agency=keeper,
                    kind=CaseKind.SUPPORT,
                    opened_at=LAST_MOMENT - dt.timedelta(seconds=chance.random() * YEARS),
                )
                for number, keeper in enumerate(keepers)
            ]
        )
    permissions = dict(Permission.objects.filter(content_type__app_label="casework").values_list("codename", "pk"))
    names = {
        "grants": CaseGroupObjectPermission._meta.db_table,
        "cases": Case._meta.db_table,
        "teams": "casework_team",
    }
    with connection.cursor() as cursor:
        for role, granted in access.GRANTS_OF_OWN_AGENCY.items():
            for permission in granted:
                cursor.execute(
                    "INSERT INTO {grants} (group_id, permission_id, content_object_id, opened_at)"
                    " SELECT team.group_id, %s, kept.id, kept.opened_at FROM {cases} kept"
                    " JOIN {teams} team ON team.agency_id = kept.agency_id AND team.role = %s WHERE kept.id > %s".format(
                        **names
                    ),
                    [permissions[permission.value], str(role), below],
                )


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _ours(user: User) -> list[Case]:
    return access.newest_cases(user=user, today=TODAY, limit=PAGE)


def _plain(user: User) -> list[Case]:
    """What a list costs that knows no sharing: the cases of the person's own agencies."""
    agencies = list(access.agencies_of(user).values_list("pk", flat=True))
    return list(
        Case.objects.filter(agency__in=agencies)
        .select_related("agency", "curator")
        .order_by("-opened_at", "-id")[:PAGE]
    )


def _guardian(user: User) -> list[Case]:
    cases = get_objects_for_user(user, "casework.view_case", klass=Case, accept_global_perms=False)
    return list(cases.select_related("agency", "curator").order_by("-opened_at", "-id")[:PAGE])


def _compare(size: int, people: dict[str, User]) -> None:
    rows, against_guardian = [], []
    for name, user in people.items():
        if (
            not [case.pk for case in _ours(user)]
            == [case.pk for case in _plain(user)]
            == [case.pk for case in _guardian(user)]
        ):
            raise RuntimeError(f"the lists of {name} differ, so there is nothing to compare")
        found, cpu = _timed({"ours": _ours, "plain": _plain, "guardian": _guardian}, user)
        rows.append(Row(name, found["ours"], found["plain"], at_most=GOAL))
        rows.append(Row(f"{name}, CPU", cpu["ours"], cpu["plain"], at_most=GOAL))
        against_guardian.append(Row(f"{name}, beside guardian", found["ours"], found["guardian"]))
    show(
        f"First {PAGE} of {size:,} cases on {connection.vendor}, ms: beside a plain filter on the agency",
        rows + against_guardian,
        "CPU is that of the asking process: on SQLite the database is in it, on PostgreSQL it is not.",
    )


def _timed(ways: dict[str, Callable[[User], Any]], user: User) -> tuple[dict[str, float], dict[str, float]]:
    """Return how long each way takes, and how much CPU: medians in ms."""
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + WARM):
        for name, ask in ways.items():
            begun, used = time.perf_counter(), time.process_time()
            ask(user)
            if number >= WARM:
                rounds[name].append(1000 * (time.perf_counter() - begun))
                cpu[name].append(1000 * (time.process_time() - used))
    return {name: middle(found) for name, found in rounds.items()}, {name: middle(used) for name, used in cpu.items()}


if __name__ == "__main__":
    main()
