"""«Мой день» and the list of cases: what waits for a person, at a price that does not grow."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from casework.actions import cases, drafts, meetings, opinions, sharing
from tests.casework.boards import board, meeting_of, put_on
from tests.factories import AgencyFactory, PersonFactory, UserFactory, member_of, open_case, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return AgencyFactory()


@pytest.fixture
def specialist(agency, client):
    user = member_of(agency)
    client.force_login(user)
    return user


def queries(client, path):
    client.get(path)  # what is read once and kept (content types, sites) is read now
    with CaptureQueriesContext(connection) as context:
        response = client.get(path)
    assert response.status_code == 200
    return len(context), response


class TestTheDesk:
    def test_shows_new_cases_of_the_own_agencies_the_most_urgent_first(self, client, agency, specialist):
        today = timezone.localdate()
        late = open_case(agency, answer_by=today - dt.timedelta(days=1))
        later = open_case(agency, answer_by=today + dt.timedelta(days=5))
        soon = open_case(agency, answer_by=today)
        open_case(AgencyFactory(), answer_by=today)
        context = client.get("/cases/").context
        assert list(context["new"]) == [late, soon, later]
        assert (context["overdue_count"], context["due_today_count"], context["new_count"]) == (1, 1, 3)

    def test_shows_my_running_cases_only(self, client, agency, specialist):
        mine = open_case(agency, accepted_by=specialist)
        open_case(agency, accepted_by=member_of(agency))
        done = open_case(agency, accepted_by=specialist)
        cases.close_case(case=done, actor=specialist, at=timezone.now(), ground=cases.ClosureGround.ANSWERED)
        assert list(client.get("/cases/").context["mine"]) == [mine]

    def test_shows_what_other_agencies_opened_to_us_apart(self, client, agency, specialist):
        foreign = open_case(AgencyFactory())
        sharing.share_case(
            case=foreign,
            agency=agency,
            level="view",
            last_day=timezone.localdate(),
            reason="психолог",
            actor=member_of(foreign.agency),
            at=timezone.now(),
        )
        context = client.get("/cases/").context
        assert list(context["shared"]) == [foreign]
        assert list(context["new"]) == []

    def test_shows_my_drafts_while_i_may_work_on_the_case(self, client, agency, specialist):
        case = open_case(agency, accepted_by=specialist)
        edition = put_in_force("nso_dept_plan")
        draft = drafts.start_draft(case=case, edition=edition, actor=specialist, at=timezone.now())
        assert list(client.get("/cases/").context["drafts"]) == [draft]
        specialist.groups.clear()
        assert list(client.get("/cases/").context["drafts"]) == []

    def test_of_somebody_without_a_team_says_what_to_do(self, client):
        client.force_login(UserFactory())
        response = client.get("/cases/")
        assert response.status_code == 200
        assert response.context["agencies"] == []

    def test_costs_the_same_for_three_cases_and_for_thirty(self, client, agency, specialist):
        for number in range(3):
            open_case(agency, accepted_by=specialist if number % 2 else None)
        few, _response = queries(client, "/cases/")
        for number in range(30):
            open_case(agency, accepted_by=specialist if number % 2 else None)
        many, _response = queries(client, "/cases/")
        assert many == few

    def test_says_to_which_meetings_one_is_invited_and_by_what_day_an_opinion_is_asked(self, client):
        now = timezone.now()
        made = board(at=now)
        case = open_case(made.holder, accepted_by=made.secretary, at=now)
        client.force_login(made.school)
        assert client.get("/cases/").context["invited"] is None
        soon, later = meeting_of(made, at=now, in_days=5), meeting_of(made, at=now, in_days=9)
        item = put_on(soon, case, made.secretary, at=now)
        meetings.invite(meeting=soon, actor=made.secretary, at=now)
        one, answer = queries(client, "/cases/")
        page = answer.content.decode()
        assert f"/cases/meetings/{soon.token}/" in page
        for day in (made.holder.local(soon.held_at), soon.opinions_by):
            assert f"{day:%d.%m.%Y}" in page
        put_on(later, case, made.secretary, at=now)
        meetings.invite(meeting=later, actor=made.secretary, at=now)
        two, answer = queries(client, "/cases/")
        assert (two, answer.context["invited"].count) == (one, 2)
        assert answer.context["invited"].is_waited_for
        opinions.give_opinion(item=item, kind="advance", text="Да", actor=made.school, at=now)
        assert not client.get("/cases/").context["invited"].is_waited_for
        for meeting in (soon, later):
            meetings.cancel_meeting(meeting=meeting, actor=made.secretary, at=now)
        assert client.get("/cases/").context["invited"] is None
        client.force_login(made.head)
        assert client.get("/cases/").context["invited"] is None

    def test_is_kept_by_no_cache(self, client, specialist):
        assert "no-store" in client.get("/cases/")["Cache-Control"]


class TestTheList:
    def test_goes_on_page_by_page_without_gap_or_repeat(self, client, agency, specialist):
        opened = [open_case(agency) for _number in range(53)]
        first = client.get("/cases/all/")
        assert first.context["has_more"]
        shown = first.context["cases"]
        second = client.get("/cases/all/", {"after": shown[-1].reference})
        assert not second.context["has_more"]
        assert shown + second.context["cases"] == opened[::-1]

    def test_costs_the_same_for_three_cases_and_for_fifty(self, client, agency, specialist):
        for _number in range(3):
            open_case(agency)
        few, _response = queries(client, "/cases/all/")
        for _number in range(50):
            open_case(agency)
        many, _response = queries(client, "/cases/all/")
        assert many == few

    def test_after_a_case_of_others_is_not_found(self, client, specialist):
        assert client.get("/cases/all/", {"after": open_case().reference}).status_code == 404

    @pytest.mark.parametrize("reference", ["", "2026-99999", "\x00", "а" * 5000, "'; DROP TABLE"])
    def test_a_number_that_is_not_there_is_said_in_words(self, client, specialist, reference):
        response = client.get("/cases/find/", {"reference": reference}, follow=True)
        assert response.status_code == 200
        assert [message.level_tag for message in response.context["messages"]] == ["error"]

    def test_a_number_leads_to_the_case(self, client, agency, specialist):
        case = open_case(agency)
        assert client.get("/cases/find/", {"reference": case.reference})["Location"] == f"/cases/{case.reference}/"


class TestTheCasePage:
    def test_costs_the_same_for_one_person_and_document_and_for_many(self, client, agency, specialist):
        case = open_case(agency, accepted_by=specialist)

        def grow(times):
            for _number in range(times):
                PersonFactory(case=case)
                member_of(agency)
                cases.write_note(
                    case=case, actor=specialist, at=timezone.now(), text="Звонили маме", token=uuid.uuid4()
                )

        grow(1)
        few, _response = queries(client, f"/cases/{case.reference}/")
        grow(15)
        many, _response = queries(client, f"/cases/{case.reference}/")
        assert many == few


class TestTheMenu:
    """The same on every screen of the workplace: nobody looks for their tasks."""

    @staticmethod
    def shown(client, path):
        page = html.fromstring(client.get(path).content.decode())
        links = page.xpath("//nav[contains(@class, 'desk-nav')]//div[@class='nav-wide']//a")
        return [link.get("href") for link in links], [link.get("href") for link in links if link.get("aria-current")]

    @pytest.mark.parametrize("name", ["desk", "tasks", "case_list", "incoming"])
    def test_leads_to_the_day_the_tasks_and_the_cases_and_marks_where_one_is(self, client, specialist, name):
        menu, here = self.shown(client, reverse(f"casework:{name}"))
        assert menu[:3] == [reverse("casework:desk"), reverse("casework:tasks"), reverse("casework:case_list")]
        assert here == [reverse(f"casework:{name}")]
