"""The one door: who gets a case, who is told that there is none."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.utils import timezone

from casework import access
from casework.actions import sharing
from casework.models import (
    AccessRecord,
    CaseGroupObjectPermission,
    CasePermission,
    CategoryGrant,
    EmergencyOpening,
    TeamRole,
)
from tests.factories import AgencyFactory, UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


def sees(user, case, permission=CasePermission.VIEW, today=TODAY):
    """Ask every question of the door; they must agree."""
    listed = access.cases_for(user=user, permission=permission, today=today).filter(pk=case.pk).exists()
    held = permission in access.permissions_on(case, user=user, today=today)
    assert listed == held
    if permission == CasePermission.VIEW:
        assert (case in access.newest_cases(user=user, today=today, limit=50)) == listed
        assert (user in [viewer.user for viewer in access.viewers_of(case, today=today)]) == listed
        assert bool(access.readers_of([case.pk], among=[user.pk], today=today)) == listed
    try:
        got = access.get_case(user=user, reference=case.reference, permission=permission, today=today)
    except access.CaseNotFound:
        assert not listed
        return False
    assert got == case
    return listed


@pytest.fixture
def agency():
    return AgencyFactory()


@pytest.fixture
def case(agency):
    return open_case(agency, at=NOW)


class TestTheKeeper:
    def test_a_specialist_reads_works_and_decides(self, agency, case):
        user = member_of(agency)
        assert all(sees(user, case, permission) for permission in CasePermission)

    def test_the_head_reads_and_decides_but_does_not_fill_in(self, agency, case):
        user = member_of(agency, TeamRole.HEAD)
        assert sees(user, case)
        assert sees(user, case, CasePermission.LEAD)
        assert not sees(user, case, CasePermission.WORK)


class TestWhoDoesNotWorkHereAnyMore:
    @pytest.fixture
    def gone(self, agency):
        return member_of(agency, is_active=False)

    def test_comes_to_no_door_of_a_part(self, gone, case):
        when = {"user": gone, "today": TODAY}
        for behind in (
            access.deliveries_for(user=gone),
            access.disclosures_for(**when),
            access.assignments_for(user=gone),
            access.seats_of(**when),
            access.councils_of(**when),
            access.keepers_of_carers(gone),
            access.carers_for(gone),
        ):
            assert behind.query.is_empty()

    def test_reads_no_category_and_opens_nothing_in_an_emergency(self, gone, case, agency):
        CategoryGrant.objects.create(
            case=case, person=gone, category="special", reason="x", last_day=TODAY, granted_by=gone, granted_at=NOW
        )
        assert access.granted_to(case, user=gone, today=TODAY) == frozenset()
        opening = EmergencyOpening.objects.create(
            case=case,
            person=gone,
            reason="x",
            opened_at=NOW,
            ends_at=NOW + dt.timedelta(hours=1),
            review_due=TODAY,
            token=uuid.uuid4(),
        )
        for person in (gone, member_of(agency)):
            with pytest.raises(access.CaseNotFound):
                access.get_emergency(user=person, token=opening.token, at=NOW)
        gone.is_active = True
        assert access.get_emergency(user=gone, token=opening.token, at=NOW) == opening
        assert access.granted_to(case, user=gone, today=TODAY) == {"special"}


class TestStrangers:
    def test_another_agency_sees_nothing(self, case):
        assert not any(sees(member_of(AgencyFactory()), case, permission) for permission in CasePermission)

    def test_a_superuser_sees_nothing(self, case):
        assert not sees(UserFactory(is_superuser=True, is_staff=True), case)

    def test_a_global_permission_opens_nothing(self, case):
        user = UserFactory()
        user.user_permissions.add(*Permission.objects.filter(content_type__app_label="casework"))
        assert not sees(user, case)

    def test_an_inactive_member_sees_nothing_at_once(self, agency, case):
        user = member_of(agency)
        assert sees(user, case)
        user.is_active = False
        user.save()
        assert not sees(user, case)

    def test_nobody_signed_in_sees_nothing(self, case):
        assert access.newest_cases(user=AnonymousUser(), today=TODAY, limit=5) == []
        assert not access.cases_for(user=AnonymousUser(), today=TODAY)
        assert not access.permissions_on(case, user=AnonymousUser(), today=TODAY)

    def test_a_number_that_was_never_given_is_the_same_answer(self, agency):
        with pytest.raises(access.CaseNotFound):
            access.get_case(user=member_of(agency), reference="2026-99999", today=TODAY)


class TestSharing:
    @pytest.fixture
    def other(self):
        return AgencyFactory()

    def share(self, case, other, level="view", days=7):
        return sharing.share_case(
            case=case,
            agency=other,
            level=level,
            last_day=TODAY + dt.timedelta(days=days),
            reason="психолог",
            actor=member_of(case.agency),
            at=NOW,
        )

    def test_to_read_lets_the_other_agency_read_only(self, case, other):
        self.share(case, other)
        user = member_of(other)
        assert sees(user, case)
        assert not sees(user, case, CasePermission.WORK)
        assert not sees(user, case, CasePermission.LEAD)

    def test_to_work_lets_its_specialists_fill_in_but_not_decide(self, case, other):
        self.share(case, other, level="work")
        assert sees(member_of(other), case, CasePermission.WORK)
        assert not sees(member_of(other), case, CasePermission.LEAD)
        assert not sees(member_of(other, TeamRole.HEAD), case, CasePermission.WORK)

    def test_ends_with_its_last_day_by_itself(self, case, other):
        share = self.share(case, other)
        user = member_of(other)
        assert sees(user, case, today=share.last_day)
        assert not sees(user, case, today=share.last_day + dt.timedelta(days=1))

    def test_withdrawn_closes_the_case_at_once(self, case, other):
        share = self.share(case, other)
        user = member_of(other)
        sharing.withdraw_share(share=share, actor=member_of(case.agency), at=NOW)
        assert not sees(user, case)

    def test_says_why_somebody_sees_the_case(self, case, other):
        share = self.share(case, other)
        user = member_of(other)
        (viewer,) = [viewer for viewer in access.viewers_of(case, today=TODAY) if viewer.user == user]
        assert viewer.share == share
        assert viewer.permissions == ("view_case",)

    def test_other_shares_stay_when_one_is_withdrawn(self, case, other):
        third = AgencyFactory()
        self.share(case, third)
        sharing.withdraw_share(share=self.share(case, other), actor=member_of(case.agency), at=NOW)
        assert sees(member_of(third), case)

    def test_expired_shares_are_cleared_away_and_written_down(self, case, other):
        share = self.share(case, other, days=0)
        tomorrow = TODAY + dt.timedelta(days=1)
        assert sharing.expire_shares(today=TODAY, at=NOW) == 0
        assert sharing.expire_shares(today=tomorrow, at=NOW) == 1
        assert sharing.expire_shares(today=tomorrow, at=NOW) == 0
        assert not CaseGroupObjectPermission.objects.filter(share=share).exists()
        assert AccessRecord.objects.filter(case=case, event="withdrawn", actor=None).count() == 1


class TestTheReadersOfManyCases:
    def test_are_asked_for_at_once(self, agency, case, django_assert_num_queries):
        second, strangers = open_case(agency, at=NOW), open_case(AgencyFactory(), at=NOW)
        ours, theirs = member_of(agency), member_of(strangers.agency)
        with django_assert_num_queries(1):
            found = access.readers_of([case.pk, second.pk, strangers.pk], among=[ours.pk], today=TODAY)
        assert found == {(case.pk, ours.pk), (second.pk, ours.pk)}
        assert access.readers_of([case.pk], among=[theirs.pk], today=TODAY) == set()


class TestTheNewestCases:
    def test_come_newest_first_over_all_the_teams_of_a_person_without_doubles(self, agency):
        user = member_of(agency)
        user.groups.add(*member_of(agency, TeamRole.HEAD).groups.all())
        other = AgencyFactory()
        user.groups.add(*member_of(other).groups.all())
        opened = [open_case(agency if n % 2 else other, at=NOW + dt.timedelta(minutes=n)) for n in range(6)]
        open_case(AgencyFactory(), at=NOW)
        assert access.newest_cases(user=user, today=TODAY, limit=4) == opened[:1:-1]

    def test_go_on_before_a_case_without_gap_or_repeat(self, agency):
        user = member_of(agency)
        opened = [open_case(agency, at=NOW) for _n in range(5)]  # the same moment: the id decides
        first = access.newest_cases(user=user, today=TODAY, limit=3)
        rest = access.newest_cases(user=user, today=TODAY, limit=3, before=first[-1])
        assert [*first, *rest] == opened[::-1]

    def test_cost_the_same_number_of_queries_however_many_there_are(self, agency, django_assert_num_queries):
        user = member_of(agency)
        for number in range(3):
            open_case(agency, at=NOW + dt.timedelta(minutes=number))
        with django_assert_num_queries(3):
            assert len(access.newest_cases(user=user, today=TODAY, limit=50)) == 3
        for number in range(20):
            open_case(agency, at=NOW + dt.timedelta(hours=number))
        with django_assert_num_queries(3):
            assert len(access.newest_cases(user=user, today=TODAY, limit=50)) == 23

    def test_of_somebody_without_a_team_are_none(self):
        assert access.newest_cases(user=UserFactory(), today=timezone.localdate(), limit=50) == []
