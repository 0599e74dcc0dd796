"""Tasks of many cases: counted anew after a change of the calendar, reminded of by the clock, shown on the desk.

Run on the database of `DATABASE_URL`, which is empty before and thrown away after: SCALE=quick has 10 000 tasks.
"""

import datetime as dt
import os
import random
import resource
import time
import uuid
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench.report import Row, middle, show  # noqa: E402
from casework import access  # noqa: E402
from casework.actions import recounting, reminders  # noqa: E402
from casework.actions.cases import make_teams  # noqa: E402
from casework.actions.inbox import inbox_of  # noqa: E402
from casework.models import (  # noqa: E402
    AccessRecord,
    Case,
    CaseKind,
    CaseStatus,
    Task,
    TaskReminder,
    Team,
    TeamRole,
)
from forms_library.deadlines import Rule, count  # noqa: E402
from forms_library.models import Agency, AgencyKind, CalendarDay  # noqa: E402
from portal.accounts.models import User  # noqa: E402

SIZE = 10_000 if os.environ.get("SCALE") == "quick" else 100_000
AGENCIES, OWN_CASES, BATCH, ROUNDS, WARM = 300, 300, 5_000, 21, 3
TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
HOLIDAY = dt.date(2026, 11, 25)
RULES = tuple(Rule.parse(words) for words in ("3 wd", "10 wd", "20 cd", "3 m"))


def main() -> None:
    """Fill the tables and print a table for each subject."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    _load_calendar()
    agencies = Agency.objects.bulk_create(
        Agency(code=f"a{number}", name="Центр", short_name=f"№ {number}", kind=AgencyKind.KCSON, territory="Район")
        for number in range(AGENCIES)
    )
    with transaction.atomic():
        teams = {agency.pk: {team.role: team for team in make_teams(agency)} for agency in agencies}
    people = {agency.pk: _person(teams[agency.pk]) for agency in agencies}
    _open_cases(agencies, teams, people)
    _settle()
    _desk(people[agencies[0].pk])
    _reminding()
    _recounting()


def _load_calendar() -> None:
    days = (dt.date(year, 1, day) for year in (2026, 2027) for day in range(1, 11))
    CalendarDay.objects.bulk_create(CalendarDay(day=day, kind="holiday", act="ТК ст. 112") for day in days)


def _person(teams: dict[str, Team]) -> User:
    user = User.objects.create(email=f"{uuid.uuid4().hex}@example.org", last_name="Ветрова")
    user.groups.set([teams[TeamRole.SPECIALIST].group])
    return user


def _open_cases(agencies: list[Agency], teams: Any, people: dict[int, User]) -> None:
    """Make one task for each case. The first agency has as many cases as one specialist can ever have."""
    chance, calendar = random.Random(2), CalendarDay.objects.working_calendar()
    for start in range(0, SIZE, BATCH):
        keepers = [
            agencies[0] if number < OWN_CASES else agencies[1 + number % (AGENCIES - 1)]
            for number in range(start, min(start + BATCH, SIZE))
        ]
        cases = Case.objects.bulk_create(
            Case(
                reference=f"{start + place}",
                agency=keeper,
                kind=CaseKind.SUPPORT,
                status=CaseStatus.IN_WORK,
                curator=people[keeper.pk],
                opened_at=NOW - dt.timedelta(minutes=start + place),
            )
            for place, keeper in enumerate(keepers)
        )
        for case in cases:
            access.admit_agency(case, agency=case.agency, teams=teams[case.agency_id].values())
        Task.objects.bulk_create(_task(case, teams, chance, calendar) for case in cases)


def _task(case: Case, teams: Any, chance: random.Random, calendar: Any) -> Task:
    """Return a task of any age: about one in twenty is overdue, as where people keep up with their work."""
    rule = chance.choice(RULES)
    due = TODAY - dt.timedelta(days=1)
    while due < TODAY:
        begun = TODAY - dt.timedelta(days=chance.randrange(60))
        due = count(rule, event=begun, calendar=calendar).due
        if chance.random() < 0.05:
            break
    return Task(
        case=case,
        team=teams[case.agency_id][TeamRole.SPECIALIST],
        owner=case.curator,
        title="Мониторинг",
        opened_on=begun,
        due=due,
        term=rule.to_json(),
        counted_from=begun,
        step="review",
    )


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _desk(user: User) -> None:
    """The desk of somebody with 300 cases, beside the rows that a filter on the owner brings."""
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(user)

    def plain() -> None:
        list(Task.objects.open().filter(owner=user).select_related("case__agency", "owner").order_by("due")[:100])

    ways: dict[str, Callable[[], Any]] = {
        "inbox": lambda: inbox_of(user, at=NOW),
        "desk": lambda: browser.get("/cases/"),
        "plain": plain,
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + WARM):
        for name, ask in ways.items():
            begun = time.perf_counter()
            ask()
            if number >= WARM:
                took[name].append(1000 * (time.perf_counter() - begun))
    show(
        f"The desk of a specialist with {OWN_CASES} cases among {SIZE:,}, ms: beside a plain filter on the owner",
        [
            Row("the inbox", middle(took["inbox"]), middle(took["plain"])),
            Row("the whole page", middle(took["desk"]), middle(took["plain"])),
        ],
        "The filter asks nobody whether the cases may be read, and explains no day.",
    )


def _reminding() -> None:
    """One stroke of the clock that reminds everybody, the next one, which has nothing to say, and everything else it does."""
    before = _memory()
    begun = time.perf_counter()
    written = reminders.remind(at=NOW)
    first = time.perf_counter() - begun
    grown = _memory() - before
    begun = time.perf_counter()
    again = reminders.remind(at=NOW)
    second = time.perf_counter() - begun
    if again or TaskReminder.objects.count() != written:
        raise RuntimeError("somebody was reminded twice")
    call_command("tick", verbosity=0)  # by the clock of this machine, whatever day it is
    begun = time.perf_counter()
    call_command("tick", verbosity=0)
    whole = time.perf_counter() - begun
    show(
        f"The clock over {SIZE:,} open cases on {connection.vendor}, s: beside a minute in which `remind` has nothing to say",
        [
            Row(f"the morning: {written:,} reminders", first, second, digits=3),
            Row("the whole `tick`, a quiet minute", whole, second, digits=3),
        ],
        f"Memory has grown by {grown:.0f} MB in the morning.",
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _recounting() -> None:
    """A holiday is added in the middle of the week; beside the same counting without a database."""
    CalendarDay.objects.create(day=HOLIDAY, kind="holiday", act="Указ")
    touched = list(
        Task.objects.open()
        .filter(counted_from__lt=HOLIDAY, due__gte=HOLIDAY)
        .values_list("term", "counted_from", named=False)
    )
    calendar = CalendarDay.objects.working_calendar()
    rules = [(Rule.from_json(term), begun) for term, begun in touched]
    begun = time.perf_counter()
    for rule, event in rules:
        count(rule, event=event, calendar=calendar)
    bare = time.perf_counter() - begun
    begun = time.perf_counter()
    changed = recounting.recount([HOLIDAY], at=NOW)
    ours = time.perf_counter() - begun
    if AccessRecord.objects.filter(event="deadline_recounted").count() != changed:
        raise RuntimeError("a change was not written down")
    begun = time.perf_counter()
    recounting.recount([HOLIDAY], at=NOW)
    again = time.perf_counter() - begun
    show(
        f"Counting {len(touched):,} terms anew on {connection.vendor}, s: beside a bare loop of count()",
        [
            Row(f"{changed:,} changed and written down", ours, bare, digits=3),
            Row("nothing changed", again, bare, digits=3),
        ],
        f"{len(touched) / ours:,.0f} terms a second with changes, {len(touched) / again:,.0f} without.",
    )


if __name__ == "__main__":
    main()
