"""«Is this child known?» over a million people, beside an exact match of the name in an index of its own.

Run on the database of `DATABASE_URL`, which is empty before and thrown away after: SCALE=quick has 10 000 people.
"""

import datetime as dt
import itertools
import os
import random
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from bench.report import Row, middle, show  # noqa: E402
from casework.actions.blind_questions import ask, cases_with  # noqa: E402
from casework.actions.cases import make_teams  # noqa: E402
from casework.actions.person_keys import keys_of  # noqa: E402
from casework.models import BlindQuestion, Case, CaseKind, CaseStatus, Person, PersonKey, PersonRole  # noqa: E402
from casework.same_person import Named  # noqa: E402
from forms_library.models import Agency, AgencyKind  # noqa: E402
from portal.accounts.models import User  # noqa: E402

SIZE = 10_000 if os.environ.get("SCALE") == "quick" else 1_000_000
NAMES, DAYS, IN_A_CASE = min(SIZE, 50_000), 6_500, 4
ROUNDS, WARM = 41, 3
NOW = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2009, 1, 1)
FIRST_NAMES = ("Полина", "Анна", "Мария", "Софья", "Дарья", "Ксения", "Юлия", "Наталия", "Алёна", "Жанна")
FATHERS = ("Андреевна", "Ивановна", "Сергеевна", "Дмитриевна", "Юрьевна", "Ильинична", "Петровна", "Григорьевна")
STARTS, ENDS = "бвгджзклмнпрстфхцчшщ", ("ова", "ева", "ина", "ская", "ёва")


def main() -> None:
    """Fill the tables and print a table."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    keeper, asking = (
        Agency.objects.create(code=code, name="Центр", short_name=code, kind=AgencyKind.KCSON, territory="Район")
        for code in ("keeper", "asking")
    )
    curator, asker = (User.objects.create(email=f"{word}@example.org", last_name=word) for word in ("curator", "asker"))
    with transaction.atomic():
        make_teams(asking)[-1].group.user_set.add(asker)
    begun = time.perf_counter()
    _fill(keeper, curator)
    print(f"\n{Person.objects.count():,} people made in {time.perf_counter() - begun:.0f} s", flush=True)
    wanted = _wanted()
    _prove(wanted)
    _compare(wanted, asking, asker)


def _fill(keeper: Agency, curator: User) -> None:
    """Make children with invented names, four to a case: one in ten without a date of birth, nine cases in ten running.

    The database makes the rows from tables of numbers, names and days: in Python a million would take many minutes.
    """
    _make_names()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_number (n integer PRIMARY KEY)")
        cursor.execute(
            "INSERT INTO bench_number WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < %s)"
            " SELECT n FROM up",
            [SIZE],
        )
        numbers = f"bench_number WHERE n <= {SIZE // IN_A_CASE}"
        named = (
            f"bench_number JOIN bench_name ON bench_name.id = 1 + (n * 7) %% {NAMES}"
            f" JOIN bench_day ON bench_day.id = 1 + (n * 11) %% {DAYS}"
        )
        born = "CASE WHEN n %% 10 = 0 THEN NULL ELSE born END"
        _select_into(cursor, _case(keeper, curator), numbers)
        _select_into(cursor, Person(role=PersonRole.CHILD), named, {
            "case_id": f"1 + (n - 1) / {IN_A_CASE}", "full_name": "name", "birth_date": born,
        })  # fmt: skip
        for place, key in enumerate(("whole", "short")):
            values = {"id": f"n + {place * SIZE}", "person_id": "n", "key": key, "birth_date": born}
            _select_into(cursor, PersonKey(), named, values)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX bench_exact_name ON casework_person (full_name, birth_date)")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _make_names() -> None:
    """Make the tables of names, with the keys that the product gives them, and of days."""
    surnames = [
        f"{first}{vowel}{middle}{end}".capitalize()
        for first, vowel, middle, end in itertools.product(STARTS, "аеоиу", STARTS, ENDS)
    ]
    every = [" ".join(parts) for parts in itertools.product(surnames[::9], FIRST_NAMES, FATHERS)]
    names = []
    for number, name in enumerate(random.Random(2).sample(every, NAMES), start=1):
        short, whole = sorted((key.key for key in keys_of(Person(role="child", full_name=name))), key=len)
        names.append((number, name, whole, short))
    days = [(number + 1, FIRST_DAY + dt.timedelta(days=number)) for number in range(DAYS)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_name (id integer PRIMARY KEY, name text, whole text, short text)")
        cursor.executemany("INSERT INTO bench_name VALUES (%s, %s, %s, %s)", names)
        cursor.execute("CREATE TABLE bench_day (id integer PRIMARY KEY, born date)")
        cursor.executemany("INSERT INTO bench_day VALUES (%s, %s)", [(n, day.isoformat()) for n, day in days])


def _case(keeper: Agency, curator: User) -> Case:
    return Case(agency=keeper, kind=CaseKind.SUPPORT, status=CaseStatus.IN_WORK, curator=curator, opened_at=NOW)


def _select_into(cursor: Any, like: models.Model, source: str, values: Mapping[str, str] | None = None) -> None:
    """Insert a row for each line of `source`: `values` as they are computed, everything else like the given object."""
    made = {
        "token": {"postgresql": "lpad(to_hex(n), 32, '0')::uuid", "sqlite": "printf('%%032x', n)"}[connection.vendor],
        "reference": "CAST(n AS varchar(20))",
        "id": "n",
        **(values or {}),
    }
    columns, terms, given = [], [], []
    for field in like._meta.local_concrete_fields:
        columns.append(connection.ops.quote_name(field.column))
        terms.append(made.get(field.column, "%s"))
        if field.column not in made:
            given.append(field.get_db_prep_save(getattr(like, field.attname), connection))
    table = connection.ops.quote_name(like._meta.db_table)
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(terms)} FROM {source}", given)


def _exact(name: str, born: dt.date | None) -> list[Case]:
    """What it costs to know only this very spelling and this very day."""
    found = Person.objects.filter(full_name=name, birth_date=born).select_related("case__agency", "case__curator")
    return [person.case for person in found if person.case.is_running]


def _wanted() -> list[Person]:
    numbers = random.Random(3).sample(range(1, SIZE), 3 * ROUNDS)
    return list(Person.objects.filter(pk__in=numbers, birth_date__isnull=False).select_related("case")[:ROUNDS])


WAYS: dict[str, Callable[[Person], Named]] = {
    "the very name and day": lambda child: Named(child.full_name, child.birth_date),
    "other order, day and month swapped": lambda child: Named(
        " ".join(reversed(child.full_name.upper().split())), _swapped(child.birth_date)
    ),
    "no patronymic": lambda child: Named(" ".join(child.full_name.split()[:2]), child.birth_date),
    "no date of birth": lambda child: Named(child.full_name),
    "nobody": lambda child: Named(f"Ж{child.full_name}", child.birth_date),
}


def _swapped(day: dt.date | None) -> dt.date | None:
    return day.replace(day=day.month, month=day.day) if day and day.day <= 12 else day


def _prove(wanted: list[Person]) -> None:
    """Stop when a question is answered wrongly: then there is nothing to compare."""
    for what, named in WAYS.items():
        for child in wanted:
            if (child.case in cases_with(named(child))) is (what == "nobody"):
                raise RuntimeError(f"{what}: {named(child)} was not answered rightly")


def _compare(wanted: list[Person], asking: Agency, asker: User) -> None:
    rows = []
    for what, named in WAYS.items():
        rows.append(Row(what, *_timed(wanted, lambda child, named=named: cases_with(named(child)))))  # type: ignore[misc]
    whole = _timed(
        wanted,
        lambda child: ask(
            child=WAYS["the very name and day"](child),
            agency=asking,
            reason="Что случилось",
            actor=asker,
            at=NOW,
            token=uuid.uuid4(),
        ),
    )
    if BlindQuestion.objects.count() < len(wanted):
        raise RuntimeError("a question was not written down")
    show(
        f"Is this child known, among {SIZE:,} people on {connection.vendor}, ms: beside an exact match in an index",
        [*rows, Row("the whole question, written down", *whole)],
        f"{NAMES:,} different names. The exact match finds one spelling of one day, in an index that the product does not keep.",
    )


def _timed(wanted: list[Person], ours: Callable[[Person], Any]) -> tuple[float, float]:
    """Return the medians in ms of our way and of the exact match, taken in turns."""
    took: tuple[list[float], list[float]] = ([], [])
    for child in wanted[:WARM] + wanted:
        for times, way in zip(took, (ours, lambda child: _exact(child.full_name, child.birth_date)), strict=True):
            begun = time.perf_counter()
            way(child)
            times.append(1000 * (time.perf_counter() - begun))
    return middle(took[0][WARM:]), middle(took[1][WARM:])


if __name__ == "__main__":
    main()
