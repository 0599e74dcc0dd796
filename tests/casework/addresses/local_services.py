"""The map of the district: everybody on the desk reads it, an agency changes what it keeps itself."""

import datetime as dt
from types import SimpleNamespace

from forms_library.models import LocalService
from tests.casework.addresses import STAFF, TEAMS, Row

OWN = "in   in   ok   ok   no   no   no   no   no   no   no   in"
OWN_GO = "in   in   go   go   no   no   no   no   no   no   no   in"
SERVICE = {"name": "Кружок", "gives": "Рисование", "domain": "health", "audiences": "parents", "territory": "Район"}

ROWS = [
    Row("casework:local_services", "/cases/resources/", STAFF),
    Row("casework:add_local_service", "/cases/resources/new/", TEAMS),
    Row("casework:local_service", "/cases/resources/{service}/", OWN, OWN_GO, {**SERVICE, "agency": "{own_agency}"}),
]


def prepare(world: SimpleNamespace) -> None:
    """Put one service of the keeper on the map."""
    checked = dt.date(2026, 11, 1)
    service = LocalService.objects.create(
        name="Кружок", gives="Рисование", domain="health", territory="Район", agency=world.keeper, checked_on=checked
    )
    world.names["service"] = service.pk
