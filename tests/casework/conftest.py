"""An agency, its specialist, a case in their hands, and what is needed to file a form in it."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casework.actions import contact_requests, drafts, files, sharing, submissions
from casework.models import AccessRecord, CategoryGrant, ShareLevel
from portal.models import ContactRequestPage
from tests.factories import PLAN_TYPED, AgencyFactory, home_page, member_of, open_case, put_in_force

NOW = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def agency(db):
    return AgencyFactory()


@pytest.fixture
def specialist(agency):
    return member_of(agency)


@pytest.fixture
def case(agency, specialist):
    """A case in work, with `specialist` as its curator."""
    return open_case(agency, accepted_by=specialist, at=NOW)


@pytest.fixture
def helper(case, specialist):
    """Somebody of another agency who works on the case as long as it is shared with them."""
    other, last_day = AgencyFactory(), NOW.date() + dt.timedelta(days=30)
    share = {"level": ShareLevel.WORK, "reason": "Помощь", "last_day": last_day}
    sharing.share_case(case=case, agency=other, **share, actor=specialist, at=NOW)
    return member_of(other)


@pytest.fixture
def plan(db):
    """The first edition of «План ведомственных мероприятий», in force."""
    return put_in_force("nso_dept_plan")


@pytest.fixture
def desk(specialist):
    """A browser in which `specialist` is signed in."""
    browser = Client()
    browser.force_login(specialist)
    return browser


@pytest.fixture
def events(case):
    """Return a function that tells which lines the log of the case got since the test began."""
    known = set(case.log.values_list("pk", flat=True))
    return lambda: list(case.log.exclude(pk__in=known).order_by("id").values_list("event", flat=True))


@pytest.fixture
def file_plan(case, specialist, plan):
    """Return a function that begins a plan in the case, fills it in wholly and files it."""

    def file(*, actor=specialist, **changes):
        draft = drafts.start_draft(case=case, edition=plan, actor=actor, at=NOW)
        return submissions.file_draft(draft=filled(draft, actor, **changes), actor=actor, at=NOW)

    return file


def filled(draft, actor, **changes):
    """Return the draft with a whole plan typed into it, the scan of the consent included."""
    upload = SimpleUploadedFile("Согласие.pdf", PDF)
    scan = files.keep_file(case=draft.case, upload=upload, actor=actor, at=NOW)
    typed = {**PLAN_TYPED, "consent_scan": [str(scan.pk)], **changes}
    return drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=NOW)


@pytest.fixture
def request_editions(db):
    """The forms that a parent fills in, in force: the request and the consent."""
    return put_in_force("contact_request"), put_in_force("contact_consent")


@pytest.fixture
def request_page(db):
    """The public page with the request."""
    return home_page().add_child(instance=ContactRequestPage(title="Попросить связаться", slug="obratitsya"))


@pytest.fixture
def receive(request_editions):
    """Return a function that takes a parent's request in."""
    request_edition, consent_edition = request_editions

    def take_in(*, agency=None, token=None, at=NOW, **words):
        answers = {
            "question": "Хочу вернуть сына домой",
            "name": "Марина",
            "contact_way": "Позвонить",
            "phone": "8 (900) 000-00-01",
            "email": "",
            "safe_time": "после 18",
            "discreet": "Да, не говорите",
            "agency": {"id": agency.pk if agency else None, "name": agency.name if agency else ""},
            **words,
        }
        return contact_requests.receive(
            answers=answers,
            request_edition=request_edition,
            consent_edition=consent_edition,
            asked_agency=agency,
            token=token or uuid.uuid4(),
            at=at,
        )

    return take_in


def may_read_health(case, person, *, by, last_day=None, category="special"):
    """Give somebody leave to read a category of answers in a case."""
    return CategoryGrant.objects.create(
        case=case,
        person=person,
        category=category,
        reason="ведёт ребёнка",
        last_day=last_day or timezone.localdate() + dt.timedelta(days=5),
        granted_by=by,
        granted_at=timezone.now(),
    )


def lines_of(case):
    """Return the events of the log of a case, in the order they were written."""
    return list(AccessRecord.objects.filter(case=case).order_by("id").values_list("event", flat=True))


class Broken(Exception):
    """Something went wrong in the middle of an action."""


def broken(*args, **kwargs):
    """Stands in the place of a step that fails."""
    raise Broken


def stored():
    """Return the names of all files in the storage that no web address leads to."""
    return {path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()}


__all__ = ["NOW", "PDF", "Broken", "broken", "filled", "lines_of", "may_read_health", "stored"]
