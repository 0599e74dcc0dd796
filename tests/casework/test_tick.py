"""`manage.py tick` ends the shares whose last day has passed, however often it strikes."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.actions import sharing
from casework.models import AccessRecord
from tests.factories import AgencyFactory

pytestmark = pytest.mark.django_db


class TestTheClock:
    def test_ends_what_is_over_once_and_leaves_the_rest(self, case, specialist, monkeypatch):
        # The connection of the test itself must stay open.
        monkeypatch.setattr("portal.management.commands.tick.close_old_connections", lambda: None)
        over, standing = (
            sharing.share_case(
                case=case,
                agency=AgencyFactory(),
                level="view",
                last_day=timezone.localdate() + dt.timedelta(days=days),
                reason="психолог",
                actor=specialist,
                at=timezone.now() - dt.timedelta(days=9),
            )
            for days in (-2, 2)
        )
        for _strike in range(2):
            call_command("tick")
        over.refresh_from_db()
        assert over.withdrawn_at is not None
        assert not over.grants.exists()
        assert standing.grants.exists()
        assert AccessRecord.objects.filter(event="withdrawn").count() == 1
