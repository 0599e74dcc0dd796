"""What journeys through procedures share: a family that comes under one, the radar of its case, papers filed and received."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from casework.actions import cases, people, procedures, submissions
from casework.models import CaseKind, CaseProcedure, Person, PersonRole
from forms_library.models import Agency, Edition, ProcedureEdition
from forms_library.sample_families import FAMILY, answers_for
from portal.accounts.models import User
from tests.journeys.test_every_page import WIDER_THAN_THE_SCREEN, problems

RADAR = re.compile(r"/procedures/\d+/$")


def looked_at(page: Page, name: str, shots: Path) -> None:
    """Fail when a page has an error of accessibility or is wider than the screen; keep a picture of it."""
    page.screenshot(path=shots / f"{name}.png", full_page=True)
    assert problems(page) == []
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []


def press(page: Page, step: str) -> None:
    """Press the one button of a step."""
    page.locator(f"#step-{step} .buttons .button:not(.button-link)").click()


def send(page: Page, choice: str = "") -> None:
    """Send the form of the page, with this choice of its choices, and come back to the procedure."""
    if choice:
        page.locator(f"[name=choice][value={choice}]").check()
    page.locator("form.form button[type=submit]:not([name])").click()
    page.wait_for_url(RADAR)


def refused(page: Page) -> Locator:
    """Send the form of the page, which is refused, and return the place that says why."""
    page.locator("form.form button[type=submit]:not([name])").click()
    expect(page.locator(".error-summary")).to_be_visible()
    return page.locator(".error-summary")


def waits(page: Page, step: str, *words: str) -> None:
    """Expect the radar to show a step that waits, with all these words."""
    for each in words:
        expect(page.locator(f"#step-{step}")).to_contain_text(each)


def waits_not(page: Page, *steps: str) -> None:
    """Expect none of these steps among those that are to be done now."""
    for step in steps:
        expect(page.locator(f"#step-{step}")).to_have_count(0)


def day(days: int = 0) -> dt.date:
    """Return the day so many days from today, as the agencies of the demo count."""
    return timezone.localdate() + dt.timedelta(days=days)


def come_under(code: str, *, agency: str, by: str, kind: CaseKind, days_ago: int) -> CaseProcedure:
    """Open a case of an invented family at an agency, under a shipped procedure that began some days ago."""
    now, keeper, actor = timezone.now(), Agency.objects.get(code=agency), User.objects.get(email=by)
    case = cases.open_by_hand(agency=keeper, kind=kind, actor=actor, at=now, token=uuid.uuid4())
    for child in FAMILY["usual"].children:
        person = Person(role=PersonRole.CHILD, full_name=child["fio"], birth_date=child["birth_date"])
        people.keep_person(case=case, actor=actor, at=now, person=person)
    edition = ProcedureEdition.objects.in_force(at=now).get(code=code)
    return procedures.start_procedure(
        case=case, edition=edition, actor=actor, at=now, on=day(-days_ago), token=uuid.uuid4()
    )


def file(followed: CaseProcedure, *forms: str, by: str, **answers: Any) -> None:
    """File forms in the case as the invented family would have them, with these answers of their own."""
    now, actor = timezone.now(), User.objects.get(email=by)
    for code in forms:
        edition = Edition.objects.in_force(at=now).get(code=code)
        whole = {**answers_for(edition.schema, FAMILY["usual"]), **answers}
        submissions.file_submission(
            case=followed.case, edition=edition, answers=whole, token=uuid.uuid4(), actor=actor, at=now
        )


def fill_in(page: Page, typed: Mapping[str, str]) -> None:
    """Answer questions of the form of the page, as a person does; "all" and "first" tick boxes of a question."""
    for name, value in typed.items():
        field = page.locator(f"[name='{name}']")
        if field.first.get_attribute("type") not in {"radio", "checkbox"}:
            field.fill(value)
        elif value in {"all", "first"}:
            for box in field.all()[: None if value == "all" else 1]:
                box.check()
        else:
            page.locator(f"[name='{name}'][value='{value}']").check()


def file_typed(page: Page) -> None:
    """File the form of the page: it becomes a document."""
    with page.expect_navigation():
        page.locator("[name=_file]").first.click()
    wrong = page.locator("[data-error-summary] li").all_inner_texts()
    assert not wrong, wrong
    page.wait_for_url("**/documents/*/")


def register_incoming(page: Page, title: str, number: str) -> None:
    """Find a document among those that were sent to the agency, and register it under the agency's own number."""
    page.goto("/cases/incoming/")
    page.locator("tr", has=page.locator(".due-soon")).get_by_role("link", name=title).first.click()
    page.locator("#register [name=number]").fill(number)
    page.locator("#register button").click()
    expect(page.get_by_role("main")).to_contain_text(number)
