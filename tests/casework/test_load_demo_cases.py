"""`manage.py load_demo_cases`: teams and three cases of invented families, made once."""

import json

import pytest
from django.core.management import call_command

from casework.models import Case, CaseNote, Team
from forms_library.models import Agency
from tests.factories import AgencyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def load():
    """Return a function that loads the demo cases for one specialist of the demo school."""
    AgencyFactory(code="shkola-17", takes_requests=False)
    AgencyFactory(code="kcson")
    AgencyFactory(one_window=True)
    person = UserFactory(email="school@example.org")
    memberships = [{"email": person.email, "agency": "shkola-17", "role": "specialist"}]
    return lambda: call_command("load_demo_cases", memberships=json.dumps(memberships))


class TestLoading:
    def test_twice_is_once(self, load, request_editions):
        for _run in range(2):
            load()
            assert sorted(case.kind for case in Case.objects.all()) == ["contact_request"] * 2 + ["risk_notice"]
            assert Team.objects.count() == 2 * Agency.objects.count()
            assert CaseNote.objects.count() == 1

    def test_leaves_people_where_they_were_put_since(self, load, request_editions):
        load()
        team = Team.objects.get(agency__code="shkola-17", role="specialist")
        team.group.user_set.clear()
        load()
        assert not team.group.user_set.exists()
        assert Case.objects.count() == 3

    def test_without_forms_in_force_makes_the_family_only(self, load):
        load()
        assert [case.kind for case in Case.objects.all()] == ["risk_notice"]

    def test_without_agencies_makes_nothing(self, request_editions):
        AgencyFactory(one_window=True)
        call_command("load_demo_cases")
        assert Case.objects.filter(kind="risk_notice").count() == 0
