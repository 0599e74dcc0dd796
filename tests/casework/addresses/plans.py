"""The addresses of the plan of a case and of the visits to its family."""

import uuid
from types import SimpleNamespace

from casework.actions import submissions
from tests.casework.addresses import READ, Row
from tests.factories import put_in_force

ROWS = [
    Row("casework:plan", "/cases/{case}/plan/", READ),
    Row("casework:visits", "/cases/{case}/visits/", READ),
]


def prepare(world: SimpleNamespace) -> None:
    """File a plan and a sheet of a visit that name the family."""
    told = {
        "nso_individual_plan": {
            "goal": "Вернуть Тимофея Лукошкина домой",
            "measures": [{"domain": "Здоровье", "measure": "Осмотр Тимофея", "expected": "Тимофей здоров"}],
        },
        "patronage_visit": {"kind": "текущее", "start": "2026-11-02T17:00", "duration": 60, "danger": True},
    }
    for code, answers in told.items():
        submissions.file_submission(
            case=world.case,
            edition=put_in_force(code),
            answers=answers,
            token=uuid.uuid4(),
            actor=world.people["specialist"],
            at=world.at,
        )
