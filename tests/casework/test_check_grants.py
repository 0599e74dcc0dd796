"""`manage.py check_grants`: the grant table says the truth, or the command says where it does not."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from casework.actions import sharing
from casework.models import CaseGroupObjectPermission, CaseUserObjectPermission, Share
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def share(case, specialist):
    return sharing.share_case(
        case=case,
        agency=AgencyFactory(),
        level="work",
        last_day=dt.date(2026, 12, 1),
        reason="психолог",
        actor=specialist,
        at=NOW,
    )


def spoil_opening_time(share):
    CaseGroupObjectPermission.objects.update(opened_at=NOW - dt.timedelta(days=1))


def spoil_last_day(share):
    share.grants.update(last_day=dt.date(2027, 1, 1))


def spoil_withdrawal(share):
    Share.objects.update(withdrawn_at=NOW)


def spoil_team(share):
    share.grants.filter(permission__codename="work_case").update(group=Group.objects.create(name="чужие"))


def spoil_person(share):
    CaseUserObjectPermission.objects.create(
        user=share.granted_by, permission=Permission.objects.get(codename="view_case"), content_object=share.case
    )


class TestCheckGrants:
    def test_is_content_with_what_the_actions_do(self, share, capsys):
        call_command("check_grants")
        assert "8" in capsys.readouterr().out

    @pytest.mark.parametrize("spoil", [spoil_opening_time, spoil_last_day, spoil_withdrawal, spoil_team, spoil_person])
    def test_finds_every_lie(self, share, spoil):
        spoil(share)
        with pytest.raises(CommandError):
            call_command("check_grants")
