"""The admin's screens for members of staff."""

import pytest
from django.urls import reverse

from tests.factories import AgencyFactory, UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def change(client, user, groups):
    return client.post(
        reverse("wagtailusers_users:edit", args=[user.pk]),
        {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "is_active": "on",
            "groups": [group.pk for group in groups],
        },
    )


class TestAnAdministrator:
    def test_puts_a_colleague_into_a_team(self, client, administrator):
        case = open_case(AgencyFactory())
        group = member_of(case.agency).groups.get()
        colleague = UserFactory()
        assert change(client, colleague, [group]).status_code == 302
        client.force_login(colleague)
        assert client.get(f"/cases/{case.reference}/").status_code == 200

    def test_cannot_put_themselves_into_one(self, client, administrator):
        case = open_case(AgencyFactory())
        group = member_of(case.agency).groups.get()
        response = change(client, administrator, [group])
        assert response.context["form"].errors.as_data()["groups"][0].code == "own_team"
        assert client.get(f"/cases/{case.reference}/").status_code == 404

    def test_who_is_in_a_team_already_stays_there_when_changing_the_own_account(self, client, administrator):
        group = member_of(AgencyFactory()).groups.get()
        administrator.groups.add(group)
        assert change(client, administrator, [group]).status_code == 302
        assert list(administrator.groups.all()) == [group]
