"""A part of a case in another agency's eyes: what was chosen, until the day, and nothing beside it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework import access
from casework.actions import disclosures
from casework.actions.cases import close_case
from casework.actions.people import keep_person
from casework.actions.refusals import CaseEnded
from casework.models import AccessRecord, Bar, ClosureGround, Disclosure, Event, Person
from forms_library.models import AgencyKind
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of, open_case

pytestmark = pytest.mark.django_db

CHILD = {"role": "child", "full_name": "Лукошкин Тимофей", "birth_date": dt.date(2016, 4, 9)}
HOME = {"address": "ул. Малиновая, д. 1", "phone": "8 (900) 000-00-55", "school": "Школа № 17"}
HEALTH = "Пропуски уроков"
"""What the plan says of the factors of distress: an answer of a special category."""


@pytest.fixture
def school(db):
    return AgencyFactory()


@pytest.fixture
def filed(file_plan, case, specialist):
    """A family and a filed plan in the case."""
    keep_person(case=case, actor=specialist, at=NOW, person=Person(**CHILD, **HOME))
    return file_plan()


@pytest.fixture
def show(case, school, specialist):
    """Return a function that shows a part of the case to the school."""

    def shown(**changes):
        wanted = {
            "agency": school,
            "sections": ["people"],
            "documents": [],
            "reason": "Помощь психолога",
            "last_day": timezone.localdate() + dt.timedelta(days=7),
            "actor": specialist,
            "at": timezone.now(),
            **changes,
        }
        return disclosures.disclose(case=case, **wanted)

    return shown


def opened_by(person, disclosure, name="disclosure", *args):
    """Ask for a page of a shown part as somebody."""
    browser = Client()
    browser.force_login(person)
    return browser.get(reverse(f"casework:{name}", args=[disclosure.token, *args]))


def words_for(person, disclosure, name="disclosure", *args):
    response = opened_by(person, disclosure, name, *args)
    assert response.status_code == 200
    return response.content.decode()


class TestAShownPart:
    def test_holds_the_sections_that_were_chosen_and_no_others(self, show, filed, school):
        person = member_of(school)
        only_names = words_for(person, show())
        assert CHILD["full_name"] in only_names
        assert not [word for word in (*HOME.values(), filed.edition.title) if word in only_names]
        assert show().case.reference not in only_names
        everything = words_for(
            person, show(sections=["people", "contacts", "schools", "stage", "plan"], documents=[filed])
        )
        assert all(word in everything for word in (*HOME.values(), filed.edition.title))

    def test_never_opens_the_case(self, show, filed, school):
        person = member_of(school)
        shown = show(documents=[filed])
        browser = Client()
        browser.force_login(person)
        today = timezone.localdate()
        assert not access.permissions_on(shown.case, user=person, today=today)
        for name, extra in (("case", ()), ("document", (filed.number,)), ("word", (filed.number,)), ("facts", ())):
            assert browser.get(reverse(f"casework:{name}", args=[shown.case.reference, *extra])).status_code == 404

    def test_is_for_people_of_that_agency_only(self, show, filed, specialist):
        shown = show(documents=[filed])
        for stranger in (member_of(AgencyFactory()), specialist):
            assert opened_by(stranger, shown).status_code == 404
            assert opened_by(stranger, shown, "disclosed_document", filed.number).status_code == 404

    def test_ends_with_its_day_and_at_once_when_taken_back(self, show, school, specialist):
        person, today = member_of(school), timezone.localdate()
        shown = show(last_day=today + dt.timedelta(days=1))
        assert access.get_disclosure(user=person, token=shown.token, today=shown.last_day) == shown
        with pytest.raises(access.CaseNotFound):
            access.get_disclosure(user=person, token=shown.token, today=shown.last_day + dt.timedelta(days=1))
        disclosures.end_disclosure(disclosure=shown, actor=specialist, at=timezone.now())
        assert opened_by(person, shown).status_code == 404

    def test_is_closed_to_a_colleague_who_is_kept_out(self, show, school, specialist):
        person, shown = member_of(school), show()
        bar = Bar.objects.create(
            case=shown.case, person=person, reason="соседка", barred_by=specialist, barred_at=timezone.now()
        )
        assert opened_by(person, shown).status_code == 404
        bar.lifted_at, bar.lifted_by = timezone.now(), specialist
        bar.save()
        assert opened_by(person, shown).status_code == 200

    def test_shows_a_document_without_what_needs_a_special_leave(self, show, filed, school):
        person = member_of(school)
        shown = show(documents=[filed])
        said = words_for(person, shown, "disclosed_document", filed.number)
        assert "Встречи с психологом" in said
        assert HEALTH not in said
        assert opened_by(person, shown, "disclosed_word", filed.number).status_code == 404

    def test_shows_and_prints_it_whole_when_the_curator_says_so(self, show, filed, school):
        person = member_of(school)
        shown = show(documents=[filed], categories=["special"])
        assert HEALTH in words_for(person, shown, "disclosed_document", filed.number)
        assert opened_by(person, shown, "disclosed_word", filed.number).status_code == 200

    def test_does_not_reach_other_documents_of_the_case(self, show, filed, school):
        shown = show()
        assert opened_by(member_of(school), shown, "disclosed_document", filed.number).status_code == 404

    def test_leaves_a_line_in_the_log_whenever_it_is_read(self, show, school):
        person, shown = member_of(school), show()
        opened_by(person, shown)
        line = AccessRecord.objects.filter(case=shown.case).latest("id")
        assert (line.event, line.actor, line.subject) == (Event.DISCLOSURE_READ, person, str(school))

    def test_costs_the_same_for_one_person_and_for_twenty(
        self, show, case, specialist, school, django_assert_num_queries
    ):
        shown = show(sections=["people", "stage", "plan"])
        for number in range(20):
            person = Person(role="child", full_name=f"Ребёнок {number}")
            keep_person(case=case, actor=specialist, at=NOW, person=person)
            if number in (0, 19):
                with django_assert_num_queries(5):
                    disclosures.part_shown(shown)


class TestShowingAPart:
    def test_is_refused_when_it_cannot_be_or_shows_nothing(self, show, case, filed, events):
        events_before = events()
        elsewhere = open_case()
        for wrong in (
            {"agency": case.agency},
            {"agency": AgencyFactory(closed=True)},
            {"last_day": case.agency.local(timezone.now()).date() - dt.timedelta(days=1)},
            {"sections": []},
            {"sections": ["secrets"]},
            {"documents": [elsewhere.submissions.model(case=elsewhere, edition=filed.edition, number=1)]},
        ):
            with pytest.raises(disclosures.NothingToDisclose):
                show(**wrong)
        assert not Disclosure.objects.exists()
        assert events() == events_before

    def test_of_what_is_closed_to_oneself_is_refused(self, show, case, filed):
        with pytest.raises(disclosures.NotYoursToDisclose):
            show(actor=member_of(case.agency), documents=[filed], categories=["special"])
        with pytest.raises(disclosures.NotYoursToDisclose):
            show(documents=[filed], categories=["adoption"])

    def test_by_a_partner_who_only_works_on_the_case_is_refused(self, show, helper):
        with pytest.raises(disclosures.NotYoursToDisclose):
            show(actor=helper)

    def test_for_longer_than_a_year_is_refused(self, show):
        with pytest.raises(disclosures.NothingToDisclose):
            show(last_day=timezone.localdate() + dt.timedelta(days=400))

    def test_of_an_adoption_to_anybody_but_a_guardianship_body_is_refused(self, school):
        guardians = AgencyFactory(kind=AgencyKind.GUARDIANSHIP_BODY)
        theirs = open_case(guardians, accepted_by=member_of(guardians), at=NOW)
        with pytest.raises(disclosures.NotYoursToDisclose):
            disclosures.disclose(
                case=theirs,
                agency=school,
                sections=["people"],
                documents=[],
                categories=["adoption"],
                reason="Помощь",
                last_day=timezone.localdate() + dt.timedelta(days=5),
                actor=theirs.curator,
                at=timezone.now(),
            )

    def test_ends_with_the_case(self, show, case, specialist, school):
        shown = show()
        close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.ANSWERED)
        assert opened_by(member_of(school), shown).status_code == 404

    def test_of_a_case_that_has_ended_is_refused(self, show, case, specialist):
        close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.ANSWERED)
        with pytest.raises(CaseEnded):
            show()

    def test_taking_it_back_twice_is_once(self, show, specialist, events):
        shown = show()
        for _time in range(2):
            disclosures.end_disclosure(disclosure=shown, actor=specialist, at=timezone.now())
        assert events() == [Event.DISCLOSED, Event.DISCLOSURE_ENDED]


class TestThePreview:
    def test_shows_the_keeper_what_the_agency_sees(self, show, filed, desk):
        shown = show(documents=[filed])
        page = desk.get(reverse("casework:disclosure_preview", args=[shown.case.reference, shown.pk]))
        said = page.content.decode()
        assert CHILD["full_name"] in said
        assert HOME["phone"] not in said

    def test_opens_documents_as_the_agency_reads_them_and_no_more_than_the_reader_may(
        self, show, filed, desk, helper, case, events
    ):
        shown = show(documents=[filed])
        address = reverse("casework:disclosure_preview", args=[case.reference, shown.pk])
        said = desk.get(address).content.decode()
        assert "Встречи с психологом" in said
        assert HEALTH not in said
        assert "document_read" in events()
        given = show(documents=[filed], categories=["special"])
        address = reverse("casework:disclosure_preview", args=[case.reference, given.pk])
        assert HEALTH in desk.get(address).content.decode()
        colleague = Client()
        colleague.force_login(helper)
        assert HEALTH not in colleague.get(address).content.decode()

    def test_takes_it_back_with_one_press(self, show, desk, school):
        shown = show()
        desk.post(reverse("casework:withdraw_disclosure", args=[shown.case.reference, shown.pk]))
        assert opened_by(member_of(school), shown).status_code == 404

    def test_of_another_case_is_not_found(self, show, desk, specialist):
        shown, other = show(), open_case(specialist.groups.get().team.agency, accepted_by=specialist)
        assert desk.get(reverse("casework:disclosure_preview", args=[other.reference, shown.pk])).status_code == 404
