"""`manage.py who_can_see`: everybody who can see a case, and why."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from casework.actions import emergencies, sharing
from casework.models import TeamRole
from tests.factories import AgencyFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db


def lines(case, capsys):
    call_command("who_can_see", case.reference)
    return capsys.readouterr().out.splitlines()


class TestWhoCanSee:
    def test_names_the_team_of_the_keeper_and_nobody_else(self, case, specialist, capsys):
        head = member_of(case.agency, TeamRole.HEAD)
        for stranger in (member_of(case.agency, is_active=False), member_of(AgencyFactory())):
            assert stranger.email not in "".join(lines(case, capsys))
        UserFactory(is_superuser=True)
        found = lines(case, capsys)
        assert len(found) == 2
        assert {specialist.email, head.email} == {line.partition("<")[2].partition(">")[0] for line in found}

    def test_tells_the_day_and_the_reason_of_a_share(self, case, specialist, capsys):
        other = member_of(AgencyFactory())
        day = timezone.localdate() + dt.timedelta(days=3)
        sharing.share_case(
            case=case,
            agency=other.groups.get().team.agency,
            level="view",
            last_day=day,
            reason="нужен психолог",
            actor=specialist,
            at=timezone.now(),
        )
        (line,) = [line for line in lines(case, capsys) if other.email in line]
        assert f"{day:%d.%m.%Y}" in line
        assert "нужен психолог" in line

    def test_names_the_agency_of_whoever_opened_it_in_an_emergency(self, case, specialist, capsys):
        officer = member_of(AgencyFactory())
        emergencies.open_in_emergency(
            reference=case.reference, reason="Ребёнок один, звонят соседи", actor=officer, at=timezone.now()
        )
        (line,) = [line for line in lines(case, capsys) if officer.email in line]
        assert line.split("\t")[1] == str(officer.groups.get().team.agency)

    def test_says_so_when_nobody_can(self, case, specialist, capsys):
        specialist.groups.clear()
        (line,) = lines(case, capsys)
        assert specialist.email not in line

    def test_of_a_case_that_is_not_there_is_an_error(self, db):
        with pytest.raises(CommandError):
            call_command("who_can_see", "2026-99999")
