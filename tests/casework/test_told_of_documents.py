"""An agency hears that a document has come: by mail, without a word of the case, and on «Мой день» until it is registered."""

from functools import partial

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from casework import notifications
from casework.actions import deliveries
from casework.models import Delivery, TeamRole
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


class TestTheLetter:
    @pytest.fixture
    def send(self, specialist, django_capture_on_commit_callbacks):
        """Return a function that sends a document to agencies, all by one action."""

        def by_one_action(*documents, agency, level=""):
            with django_capture_on_commit_callbacks(execute=True):
                for document in documents:
                    deliveries.send(submission=document, agency=agency, actor=specialist, at=NOW, level=level)

        return by_one_action

    @staticmethod
    def told():
        return sorted(address for letter in mail.outbox for address in letter.to)

    def test_the_specialists_of_the_addressee_are_told(self, send, file_plan, addressee, guardian):
        member_of(addressee, TeamRole.HEAD)
        member_of(addressee, is_active=False)
        send(file_plan(), agency=addressee)
        assert self.told() == [guardian.email]

    def test_the_heads_are_told_where_no_specialist_works(self, send, file_plan, addressee, guardian):
        guardian.is_active = False
        guardian.save()
        head = member_of(addressee, TeamRole.HEAD)
        send(file_plan(), agency=addressee)
        assert self.told() == [head.email]

    def test_nothing_is_told_of_the_case(self, send, file_plan, addressee, guardian, case, specialist):
        document = file_plan()
        send(document, agency=addressee)
        (letter,) = mail.outbox
        words = letter.subject + letter.body
        assert reverse("casework:incoming") in words
        secrets = (case.reference, document.edition.title, str(case.agency), specialist.last_name)
        assert not [secret for secret in secrets if secret in words]

    def test_one_letter_for_all_that_an_action_sends(self, send, file_plan, addressee, guardian):
        send(file_plan(), file_plan(), agency=addressee)
        assert self.told() == [guardian.email]
        assert Delivery.objects.count() == 2

    def test_what_is_sent_already_is_not_told_again(self, send, sent, addressee, guardian):
        send(sent.submission, agency=addressee)
        assert not mail.outbox

    def test_what_was_taken_back_and_opens_again_is_told_again(self, send, file_plan, addressee, specialist, guardian):
        document = file_plan()
        to_guardians = {"submission": document, "agency": addressee, "level": "danger"}
        deliveries.send(**to_guardians, actor=specialist, at=NOW)
        document.deliveries.update(recalled_at=NOW)
        send(document, agency=addressee, level="danger")
        assert self.told() == [guardian.email]

    def test_what_is_not_sent_after_all_is_not_told(
        self, file_plan, addressee, guardian, specialist, django_capture_on_commit_callbacks
    ):
        police = AgencyFactory(kind="police_juvenile_unit")
        reader = member_of(police)
        send = partial(deliveries.send, submission=file_plan(), actor=specialist, at=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            send(agency=police)
            with transaction.atomic():
                send(agency=addressee)
                transaction.set_rollback(True)
        assert self.told() == [reader.email]

    def test_a_mail_server_that_is_down_stops_nothing(self, send, file_plan, addressee, guardian, monkeypatch, caplog):
        def down():
            raise ConnectionRefusedError

        monkeypatch.setattr(notifications, "get_connection", down)
        send(file_plan(), agency=addressee)
        assert Delivery.objects.count() == 1
        assert [line.name for line in caplog.records if line.levelname == "WARNING"] == ["casework.notifications"]


class TestMyDay:
    def test_counts_what_waits_for_registration(self, client, sent, guardian, file_plan, specialist, addressee):
        client.force_login(guardian)
        shown = f'<a href="{reverse("casework:incoming")}"><strong>1</strong>'
        recalled = deliveries.send(submission=file_plan(), agency=addressee, actor=specialist, at=NOW, level="danger")
        Delivery.objects.filter(pk=recalled.pk).update(recalled_at=NOW)
        deliveries.send(submission=file_plan(), agency=AgencyFactory(), actor=specialist, at=NOW)
        assert shown in client.get("/cases/").content.decode()
        deliveries.register(delivery=sent, number="15", actor=guardian, at=NOW)
        day = client.get("/cases/")
        assert day.context["unregistered_count"] == 0
        assert f'<a href="{reverse("casework:incoming")}"><strong>' not in day.content.decode()
