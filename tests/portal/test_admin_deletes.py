"""What other records stand on cannot be deleted in the admin, and the admin says so."""

import pytest
from django.urls import reverse

from casework.models import Case
from forms_library.models import Agency
from portal.accounts.models import User
from tests.factories import UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    case = open_case()
    return open_case(case.agency, accepted_by=member_of(case.agency))


def delete(client, path):
    return client.post(path, follow=True)


class TestDeletingWhatIsNeeded:
    def test_a_person_who_has_worked_on_a_case_is_refused_in_words(self, client, case):
        response = delete(client, reverse("wagtailusers_users:delete", args=[case.curator_id]))
        assert response.status_code == 200
        assert [message.level_tag for message in response.context["messages"]] == ["error"]
        assert User.objects.filter(pk=case.curator_id).exists()

    def test_an_agency_that_keeps_cases_is_refused_without_naming_them(self, client, case):
        response = delete(client, reverse("wagtailsnippets_forms_library_agency:delete", args=[case.agency_id]))
        assert response.status_code == 200
        assert Agency.objects.filter(pk=case.agency_id).exists()
        assert case.reference not in response.content.decode()

    def test_a_team_is_refused(self, client, case):
        group = case.curator.groups.get()
        response = delete(client, reverse("wagtailusers_groups:delete", args=[group.pk]))
        assert response.status_code == 200
        assert case.curator.groups.get() == group
        assert Case.objects.filter(pk=case.pk).exists()
