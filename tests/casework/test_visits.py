"""Visits: what counted and why, when the next is due, and the alert that a sign of danger raises at once."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from lxml import html

from casework.actions import drafts, submissions, tasks, visits
from casework.actions.refusals import DraftIncomplete
from casework.actions.surroundings import questionnaire_of
from casework.models import Task, TaskStatus, TeamRole
from forms_library.packs import shipped
from forms_library.typed import typed_from_answers
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
CALM = {
    "kind": "контрольное",
    "start": "2026-11-20T17:00",
    "end": "2026-11-20T18:10",
    "duration": 70,
    "danger": False,
    "next_visit": "2026-12-01",
}
DANGER = CALM | {"danger": True, "danger_text": "Синяки у Полины"}


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def sheet(db):
    return put_in_force("patronage_visit")


@pytest.fixture
def visit(case, specialist, sheet, django_capture_on_commit_callbacks):
    """Return a function that files a sheet and lets the mail go out."""

    def file(answers=CALM, *, form=sheet, supersedes=None, actor=specialist):
        with django_capture_on_commit_callbacks(execute=True):
            return submissions.file_submission(
                case=case,
                edition=form,
                answers=answers,
                token=uuid.uuid4(),
                actor=actor,
                at=NOW,
                supersedes=supersedes,
            )

    return file


class TestSignsOfDanger:
    def test_give_the_curator_a_task_for_today(self, visit, case, specialist):
        filed = visit(DANGER)
        (task,) = Task.objects.filter(case=case)
        assert (task.owner, task.due, task.status) == (specialist, TODAY, TaskStatus.OPEN)
        assert str(filed.number) in task.title
        assert case.log.filter(event="task_given").count() == 1

    def test_are_told_to_the_curator_and_the_head_without_a_word_of_the_family(self, visit, specialist, head):
        visit(DANGER)
        assert {letter.to[0] for letter in mail.outbox} == {specialist.email, head.email}
        for letter in mail.outbox:
            assert "Синяки" not in letter.body + letter.subject
            assert "Полин" not in letter.body + letter.subject

    def test_are_the_specialists_own_when_nobody_is_the_curator(self, case, visit, specialist, head):
        case.curator = None
        case.save(update_fields=["curator"])
        visit(DANGER)
        (task,) = Task.objects.filter(case=case)
        assert (task.owner, task.team.agency, task.team.role) == (None, case.agency, TeamRole.SPECIALIST)
        assert specialist.email in {letter.to[0] for letter in mail.outbox}

    def test_raise_no_alert_when_there_are_none(self, visit, case):
        visit()
        assert not Task.objects.filter(case=case).exists()
        assert mail.outbox == []

    def test_raise_one_alert_however_often_the_sheet_is_corrected(self, visit, case):
        first = visit(DANGER)
        second = visit(DANGER, supersedes=first)
        visit(DANGER, supersedes=second)
        assert Task.objects.filter(case=case).count() == 1

    def test_raise_an_alert_when_a_correction_adds_them(self, visit, case):
        visit(DANGER, supersedes=visit())
        assert Task.objects.filter(case=case).count() == 1

    def test_stay_on_the_page_until_the_task_is_done(self, visit, case, specialist, desk):
        filed = visit(DANGER)
        address = reverse("casework:visits", args=[case.reference])
        (alert,) = visits.open_alerts(case)
        assert (alert.submission, "callout-danger" in desk.get(address).content.decode()) == (filed, True)
        tasks.finish_task(task=alert.task, actor=specialist, at=NOW)
        assert visits.open_alerts(case) == []
        assert "callout-danger" not in desk.get(address).content.decode()

    def test_come_from_whoever_works_on_the_case(self, visit, helper, specialist, case):
        visit(DANGER, actor=helper)
        (task,) = Task.objects.filter(case=case)
        assert (task.asked_by, task.owner) == (helper, specialist)


class TestTheListOfVisits:
    def test_says_how_long_it_was_and_when_the_next_is_due(self, visit, case):
        visit()
        visit(CALM | {"start": "2026-11-22T10:00", "next_visit": "2026-11-22"})
        later, earlier = visits.visits_of(case, today=TODAY)
        assert (later.visit.kind, later.visit.minutes, later.visit.is_counted) == ("контрольное", 70, True)
        assert (later.is_overdue, earlier.is_overdue) == (True, False)
        assert earlier.visit.next_on == dt.date(2026, 12, 1)

    def test_does_not_count_a_short_visit_of_a_professional_family_and_says_why(self, visit, case, desk):
        short = {
            "start": "2026-11-20T17:00",
            "duration": 40,
            "counted": False,
            "short_reason": "Ребёнок уснул",
            "next_visit": "2026-12-01",
        }
        visit(short, form=put_in_force("pf_visit"))
        (shown,) = visits.visits_of(case, today=TODAY)
        assert (shown.visit.is_counted, shown.visit.short_reason) == (False, "Ребёнок уснул")
        assert "Ребёнок уснул" in desk.get(reverse("casework:visits", args=[case.reference])).content.decode()

    def test_begins_with_the_visits_to_come_by_their_day(self, visit, case, desk):
        visit(form=put_in_force("pf_visit"))
        visit(CALM | {"next_visit": "2026-11-25"})
        visit(CALM | {"start": "2026-11-22T10:00", "next_visit": "2026-11-22"})
        sheets = visits.visits_of(case, today=TODAY)
        days = [dt.date(2026, 11, 22), dt.date(2026, 12, 1)]
        assert [sheet.visit.next_on for sheet in visits.awaited(sheets)] == days
        page = html.fromstring(desk.get(reverse("casework:visits", args=[case.reference])).content)
        assert [part.get("id") for part in page.xpath("//main//section")] == ["next", "fill", "visits"]
        assert [each.text for each in page.xpath('//*[@id="next"]//strong')] == [f"{day:%d.%m.%Y}" for day in days]

    def test_has_the_corrected_sheet_once(self, visit, case):
        visit(CALM | {"duration": 30}, supersedes=visit())
        assert [shown.visit.minutes for shown in visits.visits_of(case, today=TODAY)] == [30]

    def test_leaves_other_forms_out(self, file_plan, visit, case):
        file_plan()
        visit()
        assert len(visits.visits_of(case, today=TODAY)) == 1

    def test_costs_the_same_for_few_and_for_many(self, visit, case, django_assert_num_queries):
        visit()
        with django_assert_num_queries(2):
            visits.visits_of(case, today=TODAY)
        for _time in range(5):
            visit()
        with django_assert_num_queries(2):
            visits.visits_of(case, today=TODAY)

    def test_offers_the_sheet_and_its_blank_to_who_works_on_the_case(self, case, sheet, desk, head):
        address = reverse("casework:visits", args=[case.reference])
        blank = reverse("forms_library:blank_form", args=[sheet.code, sheet.number])
        assert blank in desk.get(address).content.decode()
        browser = Client()
        browser.force_login(head)
        assert blank not in browser.get(address).content.decode()

    def test_is_closed_to_strangers(self, case):
        browser = Client()
        browser.force_login(member_of(AgencyFactory()))
        assert browser.get(reverse("casework:visits", args=[case.reference])).status_code == 404

    def test_takes_a_sheet_that_is_typed_in_after_the_visit(self, case, specialist, sheet):
        draft = drafts.start_draft(case=case, edition=sheet, actor=specialist, at=NOW)
        typed = typed_from_answers(sheet.schema, shipped.form("patronage_visit").demo_answers)
        draft = drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=NOW)
        submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        (shown,) = visits.visits_of(case, today=TODAY)
        assert (shown.visit.started_at, shown.visit.minutes) == (dt.datetime.fromisoformat("2026-02-19T17:00"), 70)


class TestAVisitToCome:
    def typed(self, case, specialist, sheet, start, end):
        draft = drafts.start_draft(case=case, edition=sheet, actor=specialist, at=NOW)
        demo = shipped.form(sheet.code).demo_answers
        typed = typed_from_answers(sheet.schema, demo | {"start": start, "end": end, "next_visit": "2027-12-01"})
        return drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=NOW)

    @pytest.mark.parametrize("code", ["patronage_visit", "pf_visit"])
    def test_is_refused_beside_its_day(self, case, specialist, code):
        draft = self.typed(case, specialist, put_in_force(code), "2027-11-23T10:00", "2027-11-23T11:10")
        with pytest.raises(DraftIncomplete):
            submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        form = questionnaire_of(draft, at=NOW, check=True)
        assert [place for place, _label, _words in form.error_summary if "start" in place] == ["id_start"]

    def test_is_refused_on_its_day_until_it_begins(self, case, specialist, sheet):
        begins = case.agency.local(NOW).replace(tzinfo=None) + dt.timedelta(minutes=1)
        ends = begins + dt.timedelta(minutes=70)
        draft = self.typed(case, specialist, sheet, f"{begins:%Y-%m-%dT%H:%M}", f"{ends:%Y-%m-%dT%H:%M}")
        with pytest.raises(visits.VisitToCome):
            submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert submissions.file_draft(draft=draft, actor=specialist, at=NOW + dt.timedelta(minutes=1))


class TestAProfessionalFamily:
    def test_a_danger_seen_there_raises_an_alert(self, visit, case, specialist):
        form = put_in_force("pf_visit")
        visit(shipped.form("pf_visit").demo_answers | {"danger": True, "danger_text": "Синяки"}, form=form)
        assert Task.objects.get(case=case).owner == specialist

    def test_a_visit_is_filed_without_the_act_of_placement(self, case, specialist):
        form = put_in_force("pf_visit")
        draft = drafts.start_draft(case=case, edition=form, actor=specialist, at=NOW)
        typed = typed_from_answers(form.schema, shipped.form("pf_visit").demo_answers | {"placement": []})
        draft = drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=NOW)
        filed = submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert filed.answers["placement"] == []
        assert filed.answers["danger"] is False
