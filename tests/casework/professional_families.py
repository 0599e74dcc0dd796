"""Invented professional families, a child's needs card, and what brings them together, for the tests of the register."""

import datetime as dt
import json
import uuid
from pathlib import Path

from casework.actions import carers, matching, placements, submissions
from casework.actions.matching import Circumstances
from casework.actions.people import keep_person
from casework.models import CarerFamily, Person
from tests.casework.conftest import NOW
from tests.factories import put_in_force

TODAY = dt.date(2026, 11, 23)
CHILD = "Ручьёв Илья Денисович"
AROUND = Circumstances()
CARD = json.loads(Path("forms_library/packs/sources/pf_child_needs/demo_answers.json").read_text(encoding="utf-8"))
ROWS = {"health": 0, "allergy": 3, "development": 5}


def family_of(agency, actor, *, included_by=None, papers=True, at=NOW, **fields):
    """Return a family of the register: a candidate, or included by a head; with good papers unless told otherwise."""
    facts = {"name": "Лугова Вера Ильинична", "age_to": 48, "accepted": ["contact"], **fields}
    family = carers.keep_carer(family=CarerFamily(**facts), agency=agency, actor=actor, at=at)
    for kind in ("health", "record", "training") if papers else ():
        paper(family, kind, actor=actor, at=at)
    if included_by:
        family = carers.decide_on_carer(family=family, decision="included", reasons="", actor=included_by, at=at)
    return family


def paper(family, kind, *, actor, at=NOW, issued_on=None, valid_until=None, token=None):
    """Write a paper of a family down, good for a year unless told otherwise."""
    day = at.date()
    return carers.add_paper(
        family=family,
        kind=kind,
        number="12",
        issued_on=issued_on or day - dt.timedelta(days=30),
        valid_until=valid_until or day + dt.timedelta(days=335),
        actor=actor,
        at=at,
        token=token or uuid.uuid4(),
    )


def child_in(case, actor, *, at=NOW, name=CHILD):
    """Return a child of the case, two years old or so."""
    person = Person(role="child", full_name=name, birth_date=dt.date(2024, 6, 10), address="Приречный район, дом 5")
    return keep_person(case=case, actor=actor, at=at, person=person)


def card_in(case, actor, *, at=NOW, rows=None, **answers):
    """File the needs card of the child; `rows` change answers of the matrix by the names in `ROWS`."""
    needs = [dict(row) for row in CARD["needs"]]
    for name, said in (rows or {}).items():
        needs[ROWS[name]]["answer"] = said
    return submissions.file_submission(
        case=case,
        edition=put_in_force("pf_child_needs"),
        answers={**CARD, "needs": needs, **answers},
        token=uuid.uuid4(),
        actor=actor,
        at=at,
    )


def choose(
    case,
    child,
    family,
    actor,
    *,
    at=NOW,
    around=AROUND,
    is_chosen=True,
    token=None,
    reasons="Близко к дому",
    risks="Нет",
):
    """Choose a family for a child, or turn it down."""
    return matching.decide_match(
        case=case,
        child=child,
        family=family,
        is_chosen=is_chosen,
        reasons=reasons,
        risks=risks,
        around=around,
        actor=actor,
        at=at,
        token=token or uuid.uuid4(),
    )


def place(decision, actor, *, at=NOW, on=None, until=None):
    """Place the child with the chosen family, today unless told otherwise."""
    return placements.place_child(
        decision=decision, started_on=on or at.date(), expected_until=until, actor=actor, at=at
    )
