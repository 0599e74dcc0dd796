"""A case under the invented procedure, at its stages, and the browsers that look at its pages. Everything happens today."""

import datetime as dt
import uuid

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import drafts, procedures, submissions
from casework.actions.procedures import Word
from casework.models import TeamRole
from tests.casework.conftest import filled
from tests.casework.following import PROCEDURE
from tests.factories import member_of, open_case, procedure_in_force

STATED = "Риска для ребёнка нет"
TOKEN = "6f0c6f3e-0000-4000-8000-000000000009"


def day(date):
    return f"{date:%d.%m.%Y}"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(agency, now):
    return agency.local(now).date()


@pytest.fixture
def edition(db, now):
    return procedure_in_force(PROCEDURE, at=now - dt.timedelta(days=90))


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD, first_name="Инна", last_name="Главная")


@pytest.fixture
def case(agency, specialist, now):
    return open_case(agency, accepted_by=specialist, at=now)


@pytest.fixture
def followed(case, specialist, edition, now, today):
    return procedures.start_procedure(
        case=case, edition=edition, actor=specialist, at=now, on=today, token=uuid.uuid4()
    )


@pytest.fixture
def head_desk(head):
    browser = Client()
    browser.force_login(head)
    return browser


@pytest.fixture
def address(followed):
    def of(name="procedure", *rest):
        return reverse(f"casework:{name}", args=[followed.case.reference, followed.pk, *rest])

    return of


@pytest.fixture
def checked(followed, head, now, today):
    procedures.decide(
        followed=followed, step="check", turn=1, outcome="medium", word=Word(on=today), actor=head, at=now
    )
    return followed


@pytest.fixture
def planned(checked, head, specialist, plan, now, today):
    """The case has a curator and a filed plan: the monitoring and the end wait."""
    procedures.appoint(
        followed=checked, step="curator", turn=1, person=specialist, word=Word(on=today), actor=head, at=now
    )
    file_plan(checked.case, plan, specialist, now)
    return checked


def file_plan(case, plan, specialist, now):
    draft = drafts.start_draft(case=case, edition=plan, actor=specialist, at=now)
    return submissions.file_draft(draft=filled(draft, specialist), actor=specialist, at=now)


def text(response):
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def decision(today, **changes):
    return {"token": TOKEN, "turn": "1", "choice": "medium", "on": day(today), "words": "", **changes}
