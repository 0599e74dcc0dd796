"""Once a day methodologists learn what has to be looked after, and nothing else and nobody else."""

import datetime as dt
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.models import TeamRole
from forms_library import daily_digest, permissions
from forms_library.models import FormField, LibraryDigest
from tests.factories import member_of
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2027, 5, 4, 23, 50, tzinfo=ZoneInfo("Asia/Novosibirsk"))


@pytest.fixture
def overdue(lib):
    form = drafting.draft(lib, title="План, который пора пересмотреть", review_on=EVENING.date())
    edition = drafting.put_in_force(lib, form)
    mail.outbox.clear()  # Wagtail tells the author of the approval
    return edition


def strike(moment=EVENING):
    with time_machine.travel(moment, tick=False):
        call_command("library_digest")


def problems(at=None):
    return [(finding.title, finding.problem) for finding in daily_digest.findings(at=at or timezone.now())]


def titles(at=None):
    return [title for title, _problem in problems(at)]


class TestSending:
    def test_is_part_of_the_clock(self):
        assert "library_digest" in settings.TICK_COMMANDS

    def test_goes_to_methodologists_only(self, lib, overdue):
        drafting.user(permissions.METHODOLOGISTS, is_active=False)
        strike()
        assert [message.to for message in mail.outbox] == [[lib.methodologist.email]]

    def test_says_the_title_and_the_place_and_no_name(self, lib, overdue):
        strike()
        (message,) = mail.outbox
        assert overdue.title in message.body
        assert reverse("wagtailadmin_pages:edit", args=[overdue.official_form_id]) in message.body
        assert lib.methodologist.last_name not in message.body

    def test_happens_once_a_day(self, lib, overdue):
        for minutes in (0, 1, 9):
            strike(EVENING + dt.timedelta(minutes=minutes))
        assert len(mail.outbox) == 1
        strike(EVENING + dt.timedelta(minutes=11))  # the next day here, still the same one in London
        assert len(mail.outbox) == 2

    def test_does_not_happen_when_there_is_nothing(self, lib):
        strike()
        assert not mail.outbox
        assert LibraryDigest.objects.get().findings == []

    def test_that_fails_does_not_stop_the_clock(self, lib, overdue):
        with mock.patch("forms_library.actions.digests.get_connection", side_effect=ConnectionRefusedError):
            strike()
        assert LibraryDigest.objects.get().findings


class TestFindings:
    def test_are_none_in_a_healthy_library(self, lib):
        drafting.put_in_force(lib, drafting.draft(lib))
        drafting.send(drafting.draft(lib), by=lib.methodologist)
        assert titles() == []

    def test_name_a_form_that_nobody_is_left_to_approve(self, lib):
        form = drafting.draft(lib, by=lib.approver, title="Автор и утверждающий в одном лице")
        drafting.send(form, by=lib.methodologist)
        assert titles() == [form.title]
        drafting.user(permissions.APPROVERS, is_active=False)
        assert titles() == [form.title]
        drafting.user(permissions.APPROVERS)
        assert titles() == []

    def test_name_an_edition_only_from_the_day_of_its_review(self, overdue):
        assert titles(EVENING - dt.timedelta(days=1)) == []
        assert titles(EVENING) == [overdue.title]

    def test_name_an_edition_that_does_not_print_any_more(self, lib):
        edition = drafting.put_in_force(lib, drafting.draft(lib))
        with mock.patch("forms_library.proofs.rendering.document", return_value=b"otherwise"):
            assert titles() == [edition.title]

    def test_name_a_form_with_a_signature_at_an_agency_without_a_head(self, lib):
        form = drafting.draft(lib, title="Письмо с подписью")
        page = form.get_latest_revision_as_object()
        page.form_fields.add(FormField(label="Подпись", clean_name="signature", field_type="signature"))
        page.save_revision(user=lib.methodologist)
        drafting.put_in_force(lib, form)
        drafting.put_in_force(lib, drafting.draft(lib))
        assert titles() == []  # the agency does not work here at all
        member_of(lib.agency)
        head = member_of(lib.agency, TeamRole.HEAD, is_active=False)
        assert titles() == [form.title]
        head.is_active = True
        head.save()
        assert titles() == []


class TestHomePage:
    def home(self, user):
        client = Client()
        client.force_login(user)
        return client.get(reverse("wagtailadmin_home")).content.decode()

    def test_shows_the_last_findings_to_those_who_keep_the_library(self, lib, overdue):
        strike()
        for person in (lib.methodologist, lib.approver, drafting.user(is_superuser=True)):
            assert overdue.title in self.home(person).partition('id="library-digest')[2]

    def test_shows_no_panel_to_others_nor_without_findings(self, lib, overdue):
        assert "library-digest" not in self.home(lib.methodologist)
        strike()
        assert "library-digest" not in self.home(drafting.user(permissions.EDITORS))
