"""The map of the district on the desk: an agency keeps what it gives, and nobody else's."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from casework.actions import drafts
from forms_library.models import Domain, LocalService
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, UserFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db

WORDS = {
    "name": "Няня на час",
    "gives": "Побудем с ребёнком",
    "domain": "outside_family",
    "audiences": ["infants", "preschool"],
    "territory": "Приречный район",
    "phone": "8 (383) 000-00-31",
    "is_shown": "on",
}


def send(desk, agency, service=None, **changes):
    place = reverse("casework:local_service", args=[service.pk]) if service else reverse("casework:add_local_service")
    return desk.post(place, {**WORDS, "agency": agency.pk, **changes})


class TestKeepingTheMap:
    def test_an_entry_says_who_it_is_for_and_when_it_was_checked(self, desk, agency, specialist):
        send(desk, agency, free_places="3", places_on=timezone.localdate().strftime("%d.%m.%Y"))
        service = LocalService.objects.get()
        assert [each.who for each in service.audiences.all()] == ["infants", "preschool"]
        assert (service.agency, service.checked_on, service.free_places) == (agency, timezone.localdate(), 3)
        assert ModelLogEntry.objects.get(object_id=service.pk).user == specialist

    def test_saving_it_again_changes_audiences_and_checks_it_anew(self, desk, agency):
        send(desk, agency)
        service = LocalService.objects.get()
        LocalService.objects.update(checked_on=dt.date(2026, 1, 1))
        send(desk, agency, service, audiences=["preschool", "need"])
        service.refresh_from_db()
        assert {each.who for each in service.audiences.all()} == {"preschool", "need"}
        assert service.checked_on == timezone.localdate()

    def test_mistakes_are_told_and_nothing_typed_is_lost(self, desk, agency):
        tomorrow = (timezone.localdate() + dt.timedelta(days=1)).strftime("%d.%m.%Y")
        for changes, field in (
            ({"free_places": "2"}, "places_on"),
            ({"free_places": "2", "places_on": tomorrow}, "places_on"),
            ({"audiences": []}, "audiences"),
            ({"name": ""}, "name"),
            ({"phone": "нет"}, "phone"),
            ({"free_places": "-1"}, "free_places"),
            ({"free_places": "9223372036854775808"}, "free_places"),
        ):
            answer = send(desk, agency, **changes)
            assert list(answer.context["form"].errors) == [field]
            assert WORDS["gives"] in answer.content.decode()
        assert not LocalService.objects.exists()

    def test_is_asked_for_its_domain_without_an_empty_answer(self, desk):
        domain = desk.get(reverse("casework:add_local_service")).context["form"]["domain"]
        assert [radio.data["value"] for radio in domain] == list(Domain.values)
        assert "checked" not in str(domain)

    def test_is_not_cut_off_by_the_browser_but_said_to_be_too_long(self, desk, agency):
        assert "maxlength" not in str(desk.get(reverse("casework:add_local_service")).context["form"]["name"])
        long = "Кружок " * 40
        answer = send(desk, agency, name=long)
        assert list(answer.context["form"].errors) == ["name"]
        assert long.strip() in answer.content.decode()

    def test_of_another_agency_cannot_be_changed_or_added_to(self, desk, agency):
        other = AgencyFactory()
        theirs = LocalService.objects.create(
            name="Чужое", gives="-", domain="health", territory="-", agency=other, checked_on=timezone.localdate()
        )
        assert send(desk, agency, theirs).status_code == 404
        assert "agency" in send(desk, other).context["form"].errors
        assert not LocalService.objects.exclude(pk=theirs.pk).exists()

    def test_is_not_for_people_without_an_agency(self, agency):
        editor = Client()
        editor.force_login(UserFactory())
        assert send(editor, agency).status_code == 404


class TestLookingUp:
    def test_narrows_by_what_the_measure_needs(self, desk, agency):
        send(desk, agency)
        send(desk, agency, name="Юрист", domain="housing_work_income", audiences=["parents"])
        place = reverse("casework:local_services")
        shown = desk.get(place, {"domain": "housing_work_income"}).context["services"]
        assert [service.name for service in shown] == ["Юрист"]
        assert desk.get(place, {"domain": "\0", "for": "'"}).status_code == 200

    def test_gives_a_telephone_that_can_be_pressed(self, desk, agency):
        send(desk, agency, phone="8 (383) 344-83-54")
        assert 'href="tel:' in desk.get(reverse("casework:local_services")).content.decode()

    def test_counts_what_the_own_agency_has_not_checked_for_half_a_year(self, desk, agency):
        send(desk, agency)
        LocalService.objects.update(checked_on=timezone.localdate() - dt.timedelta(days=190))
        stranger = Client()
        stranger.force_login(member_of(AgencyFactory()))
        place = reverse("casework:local_services")
        assert (desk.get(place).context["stale"], stranger.get(place).context["stale"]) == (1, 0)


class TestPlanningAMeasure:
    """The map stands beside the form of a plan; a form without resources has none of it."""

    @pytest.fixture
    def opened(self, desk, case, specialist):
        def look(code):
            draft = drafts.start_draft(case=case, edition=put_in_force(code), actor=specialist, at=NOW)
            return desk.get(reverse("casework:draft", args=[case.reference, draft.pk]))

        return look

    def test_offers_the_services_of_the_district_to_be_chosen(self, desk, agency, opened):
        send(desk, agency, territory=agency.territory)
        send(desk, agency, name="Чужая няня", territory="Другой район")
        send(desk, agency, name="Скрытая няня", territory=agency.territory, is_shown="")
        answer = opened("nso_individual_plan")
        assert [each.name for each in answer.context["services"]] == ["Няня на час"]
        said = answer.content.decode()
        assert f'data-words="Няня на час, {agency.name}, 8 (383) 000-00-31"' in said
        assert 'data-fact="assignment.resource"' in said

    def test_offers_everything_where_the_district_has_nothing(self, desk, agency, opened):
        send(desk, agency, territory="Другой район")
        assert len(opened("nso_individual_plan").context["services"]) == 1

    def test_is_not_beside_a_form_without_resources(self, desk, agency, opened):
        send(desk, agency, territory=agency.territory)
        assert opened("housing_survey").context["services"] == []
