"""A document sent to another agency: the addressee gets the document, and never the case."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework import access
from casework.actions import deliveries
from casework.actions.procedure_refusals import AlreadyReceived, CannotBeSent
from casework.models import Delivery, Event
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of


@pytest.fixture
def addressee(agency):
    return AgencyFactory(kind="guardianship_body", territory=agency.territory)


@pytest.fixture
def guardian(addressee):
    return member_of(addressee)


@pytest.fixture
def sent(file_plan, addressee, specialist):
    return deliveries.send(submission=file_plan(), agency=addressee, actor=specialist, at=NOW)


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


class TestDoor:
    def test_the_addressee_gets_the_document(self, sent, guardian):
        assert access.get_delivery(user=guardian, token=sent.token) == sent

    def test_the_addressee_does_not_get_the_case(self, sent, guardian, case):
        with pytest.raises(access.CaseNotFound):
            access.get_case(user=guardian, reference=case.reference, today=NOW.date())

    def test_others_get_nothing(self, sent, specialist):
        for user in (specialist, member_of(AgencyFactory())):
            with pytest.raises(access.CaseNotFound):
                access.get_delivery(user=user, token=sent.token)

    def test_somebody_who_has_left_gets_nothing(self, sent, guardian):
        guardian.is_active = False
        assert not access.deliveries_for(user=guardian).exists()

    def test_a_name_that_was_never_given_opens_nothing(self, sent, guardian):
        with pytest.raises(access.CaseNotFound):
            access.get_delivery(user=guardian, token=uuid.uuid4())


class TestSending:
    def test_it_is_sent_once_and_written_down_once(self, sent, case, specialist, addressee):
        again = deliveries.send(submission=sent.submission, agency=addressee, actor=specialist, at=NOW)
        assert again == sent
        assert case.log.filter(event=Event.SENT).count() == 1

    def test_by_hand_to_an_agency_that_works(self, file_plan, specialist, addressee):
        submission = file_plan()
        sent = deliveries.send_by_hand(submission=submission, agency=addressee, actor=specialist, at=NOW)
        assert list(submission.deliveries.all()) == [sent]

    def test_never_to_the_keeper_or_to_a_closed_agency(self, file_plan, specialist, agency):
        submission = file_plan()
        for nowhere in (agency, AgencyFactory(is_open=False)):
            with pytest.raises(CannotBeSent):
                deliveries.send_by_hand(submission=submission, agency=nowhere, actor=specialist, at=NOW)

    def test_the_database_keeps_it_as_it_was_sent(self, sent):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.update(sent_at=NOW + dt.timedelta(days=1))


class TestAddressee:
    def test_one_agency_of_the_kind_on_the_territory(self, file_plan, addressee, agency):
        found = deliveries.addressee(file_plan(), kinds=frozenset({"guardianship_body"}), keeper=agency)
        assert found == addressee

    def test_two_agencies_are_a_choice_for_a_person(self, file_plan, addressee, agency):
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        kinds = frozenset({"guardianship_body"})
        assert deliveries.addressee(file_plan(), kinds=kinds, keeper=agency) is None

    def test_the_one_that_the_document_names(self, file_plan, agency):
        far = AgencyFactory(kind="guardianship_body", territory="Другой район")
        AgencyFactory(kind="guardianship_body", territory=agency.territory)
        submission = file_plan()
        submission.answers["to"] = {"id": far.pk, "name": far.name}
        assert deliveries.addressee(submission, kinds=frozenset({"guardianship_body"}), keeper=agency) == far


class TestReceiving:
    def test_a_document_is_registered_once(self, sent, guardian):
        deliveries.register(delivery=sent, number=" 15-к ", actor=guardian, at=NOW)
        sent.refresh_from_db()
        assert (sent.received_by, sent.incoming_number) == (guardian, "15-к")
        with pytest.raises(AlreadyReceived):
            deliveries.register(delivery=sent, number="16", actor=guardian, at=NOW)

    def test_on_the_screen(self, sent, guardian):
        browser = signed_in(guardian)
        assert sent.submission.edition.title in browser.get("/cases/incoming/").content.decode()
        browser.post(f"/cases/incoming/{sent.token}/register/", {"number": "15"})
        page = browser.get(f"/cases/incoming/{sent.token}/").content.decode()
        assert "15" in page
        assert browser.get(f"/cases/incoming/{sent.token}/word/").status_code == 200

    def test_a_second_registration_says_that_a_colleague_was_quicker(self, sent, guardian):
        deliveries.register(delivery=sent, number="15", actor=guardian, at=NOW)
        page = signed_in(guardian).post(f"/cases/incoming/{sent.token}/register/", {"number": "16"}, follow=True)
        assert str(AlreadyReceived()) in page.content.decode()

    def test_the_sender_sees_who_has_it(self, sent, guardian, desk, case):
        deliveries.register(delivery=sent, number="15", actor=guardian, at=NOW)
        page = desk.get(f"/cases/{case.reference}/documents/{sent.submission.number}/send/").content.decode()
        assert str(sent.agency) in page
        assert str(guardian) in page

    def test_a_long_list_costs_as_much_as_a_short_one(
        self, sent, guardian, file_plan, specialist, addressee, django_assert_num_queries
    ):
        browser = signed_in(guardian)
        browser.get("/cases/incoming/")
        with django_assert_num_queries(6):
            browser.get("/cases/incoming/")
        for _n in range(3):
            deliveries.send(submission=file_plan(), agency=addressee, actor=specialist, at=NOW)
        with django_assert_num_queries(6):
            browser.get("/cases/incoming/")
