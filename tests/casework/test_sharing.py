"""Opening a case to another agency: once, for a time, with a reason, written down."""

import datetime as dt

import pytest

from casework.actions import cases, sharing
from casework.actions.log import up_to
from casework.actions.refusals import AlreadyShared, CaseEnded, NothingToShare
from casework.models import CaseGroupObjectPermission, ClosureGround, Share, Team
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def share(case, specialist):
    """Return a function that shares the case."""

    def give(agency, *, level="view", last_day=TODAY, at=NOW):
        return sharing.share_case(
            case=case, agency=agency, level=level, last_day=last_day, reason="психолог", actor=specialist, at=at
        )

    return give


class TestSharing:
    def test_makes_the_teams_gives_the_grants_and_writes_one_line(self, share, events):
        other = AgencyFactory()
        given = share(other, level="work")
        assert Team.objects.filter(agency=other).count() == 2
        grants = CaseGroupObjectPermission.objects.filter(share=given)
        assert sorted(grants.values_list("group__team__role", "permission__codename")) == [
            ("head", "view_case"),
            ("specialist", "view_case"),
            ("specialist", "work_case"),
        ]
        assert {grant.last_day for grant in grants} == {TODAY}
        assert events() == ["shared"]

    def test_says_in_the_log_that_its_last_day_counts(self, share, case):
        given = share(AgencyFactory())
        (line,) = case.log.filter(event="shared")
        assert line.subject == f"{given.agency} ({given.get_level_display()}, {up_to(given.last_day)})"
        assert up_to(given.last_day) != f"{given.last_day:%d.%m.%Y}"

    def test_with_nobody_new_or_for_no_time_is_refused(self, share, case, events):
        for agency, last_day in (
            (case.agency, TODAY),
            (AgencyFactory(closed=True), TODAY),
            (AgencyFactory(), TODAY - dt.timedelta(days=1)),
        ):
            with pytest.raises(NothingToShare):
                share(agency, last_day=last_day)
        assert events() == []
        assert not Share.objects.exists()

    def test_twice_is_refused_while_the_first_share_stands(self, share, events):
        other = AgencyFactory()
        share(other)
        with pytest.raises(AlreadyShared):
            share(other, level="work")
        assert events() == ["shared"]

    def test_again_after_the_last_day_puts_the_new_share_in_place_of_the_old(self, share):
        other = AgencyFactory()
        old = share(other)
        new = share(other, last_day=TODAY + dt.timedelta(days=9), at=NOW + dt.timedelta(days=2))
        old.refresh_from_db()
        assert old.withdrawn_at is not None
        assert {grant.share for grant in CaseGroupObjectPermission.objects.filter(share__isnull=False)} == {new}

    def test_of_an_ended_case_is_refused(self, share, case, specialist):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            share(AgencyFactory())

    def test_takes_its_day_from_the_agencys_own_clock(self, share):
        late_evening_here = NOW.replace(hour=17, minute=30)  # in Novosibirsk it is tomorrow already
        with pytest.raises(NothingToShare):
            share(AgencyFactory(), at=late_evening_here)


class TestWithdrawing:
    def test_takes_the_grants_back_and_is_written_down_once(self, share, specialist, events):
        given = share(AgencyFactory())
        for _press in range(2):
            taken = sharing.withdraw_share(share=given, actor=specialist, at=NOW)
        assert (taken.withdrawn_by, taken.withdrawn_at) == (specialist, NOW)
        assert not given.grants.exists()
        assert events() == ["shared", "withdrawn"]

    def test_by_the_clock_happens_once_even_when_two_clocks_strike_together(self, share, events, monkeypatch):
        given = share(AgencyFactory())
        tomorrow = TODAY + dt.timedelta(days=1)
        expire = sharing._expire

        def after_the_other_clock(number, *, at):
            expire(number, at=at)
            return expire(number, at=at)

        monkeypatch.setattr(sharing, "_expire", after_the_other_clock)
        assert sharing.expire_shares(today=tomorrow, at=NOW) == 0
        assert events() == ["shared", "withdrawn"]
        given.refresh_from_db()
        assert given.withdrawn_by is None
