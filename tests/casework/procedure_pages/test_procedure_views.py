"""The pages of a procedure: what was typed is kept, refusals are kind, a double click does it once, queries do not grow."""

import datetime as dt
import re
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from casework.actions import drafts, procedure_changes as changes, procedures, sharing
from casework.actions.procedures import Word
from casework.actions.radar import look
from casework.models import CaseEvent, CaseProcedure, PersonRole
from casework.procedure_impact import running_cases
from forms_library.models import ProcedureEditionEnd
from forms_library.procedures.definition import Ground, Guard, GuardKind
from tests.casework.following import END, PROCEDURE
from tests.casework.procedure_pages.conftest import STATED, TOKEN, day, file_plan, text
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db


class TestTheRadar:
    def test_tells_what_waits_who_does_it_and_by_when(self, desk, address, followed):
        page = desk.get(address())
        waiting = page.context["radar"].now[0]
        assert (waiting.step.code, waiting.is_mine, waiting.urgency) == ("check", False, "soon")
        assert waiting.explanation in text(page)
        assert f'href="{address("procedure_step", "check")}"' not in text(page)

    def test_offers_the_button_to_whoever_may_press_it(self, head_desk, address):
        page = head_desk.get(address())
        assert f'class="button" href="{address("procedure_step", "check")}"' in text(page)

    def test_offers_to_fill_in_the_form_that_is_missing(
        self, desk, head_desk, address, checked, plan, specialist, head, now, today
    ):
        procedures.appoint(
            followed=checked, step="curator", turn=1, person=specialist, word=Word(on=today), actor=head, at=now
        )
        begin = reverse("casework:start_draft", args=[checked.case.reference, "nso_dept_plan"])
        assert f'action="{begin}"' in text(desk.get(address()))
        draft = drafts.start_draft(case=checked.case, edition=plan, actor=specialist, at=now)
        page = text(desk.get(address()))
        assert f'action="{begin}"' not in page
        assert reverse("casework:draft", args=[checked.case.reference, draft.pk]) in page

    def test_says_when_no_edition_of_a_form_is_in_force(self, desk, address, checked, specialist, head, now, today):
        procedures.appoint(
            followed=checked, step="curator", turn=1, person=specialist, word=Word(on=today), actor=head, at=now
        )
        paper = desk.get(address()).context["radar"].now[0].papers[0]
        assert (paper.is_in_force, paper.can_begin) == (False, False)

    def test_shows_what_was_taken_back_and_why(self, desk, address, checked, head, now):
        event = checked.events.get(what="decided")
        changes.annul(event=event, word=Word(on=now.date(), words="Не то дело"), actor=head, at=now + dt.timedelta(1))
        page = text(desk.get(address()))
        assert "<s>" in page
        assert "Не то дело" in page
        assert address("annul_event", event.pk) not in page

    def test_shows_what_the_case_went_without_also_after_the_end(
        self, desk, address, checked, head, specialist, now, today
    ):
        procedures.appoint(
            followed=checked, step="curator", turn=1, person=specialist, word=Word(on=today), actor=head, at=now
        )
        changes.waive(
            followed=checked, step="plan", turn=1, what="", word=Word(on=today, words="Есть ИППСУ"), actor=head, at=now
        )
        changes.end_procedure(
            followed=checked, ground="done", word=Word(on=today, stated=[STATED]), actor=specialist, at=now
        )
        assert [gap.said for gap in desk.get(address()).context["look"].gaps] == ["Есть ИППСУ"]

    def test_tells_the_ground_documents_of_changed_terms(
        self, desk, address, followed, plan, specialist, head, now, today
    ):
        paper = file_plan(followed.case, plan, specialist, now)
        changes.suspend_term(
            followed=followed,
            step="check",
            turn=1,
            word=Word(on=today, words="Семья уехала", document=paper),
            actor=head,
            at=now,
        )
        page = desk.get(address())
        (entry,) = page.context["look"].terms
        assert (entry.said, entry.paper.number) == ("Семья уехала", paper.number)
        assert page.context["radar"].now[0].urgency == "paused"

    def test_of_a_withdrawn_edition_says_that_the_case_goes_on(self, desk, address, followed, now):
        ProcedureEditionEnd.objects.create(
            edition=followed.edition, in_force_to=now, reason=ProcedureEditionEnd.Reason.WITHDRAWN
        )
        page = desk.get(address())
        assert page.context["look"].is_withdrawn
        assert page.context["radar"].now

    def test_of_another_case_is_not_there(self, desk, followed, agency, specialist):
        other = open_case(agency, accepted_by=specialist)
        assert desk.get(reverse("casework:procedure", args=[other.reference, followed.pk])).status_code == 404

    def test_is_read_by_another_agency_and_offers_it_nothing(self, followed, address, head, now, today):
        reader = AgencyFactory()
        sharing.share_case(
            case=followed.case, agency=reader, level="view", last_day=today, reason="психолог", actor=head, at=now
        )
        browser = Client()
        browser.force_login(member_of(reader))
        page = browser.get(address())
        assert page.status_code == 200
        assert "set_level" not in text(page)
        assert address("end_procedure") not in text(page)
        assert browser.get(address("set_level")).status_code == 404

    def test_asks_as_often_after_200_events_as_after_5(self, desk, address, checked, specialist, head, now, today):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert desk.get(address()).status_code == 200
            return len(asked)

        def more(number):
            for _n in range(number):
                CaseEvent.objects.create(
                    case_procedure=checked, what="level", code="medium", on=today, words="так", actor=head, at=now
                )

        more(5)
        desk.get(address())
        few = queries()
        more(195)
        assert queries() == few

    def test_diagram_names_nobody(self, desk, address, checked, specialist, head):
        page = text(desk.get(address()))
        (picture,) = re.findall(r'<figure class="picture.*?</figure>', page, re.DOTALL)
        assert not [name for name in (specialist.last_name, head.last_name, head.first_name) if name in picture]


class TestBeginning:
    @pytest.fixture
    def start(self, case):
        return reverse("casework:start_procedure", args=[case.reference])

    def test_is_offered_on_the_page_of_a_case_without_a_procedure(self, desk, case, start):
        assert start in text(desk.get(reverse("casework:case", args=[case.reference])))

    def test_suggests_by_the_kind_of_the_case(self, desk, start, edition):
        assert desk.get(start).context["chosen"] == "tom_support"

    def test_once_however_often_it_is_sent(self, desk, start, edition, today, case):
        typed = {"token": TOKEN, "code": "tom_support", "on": day(today)}
        assert desk.post(start, typed).url == desk.post(start, typed).url
        assert CaseProcedure.objects.get().started_on == today

    @pytest.mark.parametrize(
        ("typed", "place"), [({"on": "01.01.2999"}, "on"), ({"on": "31.02.2026"}, "on"), ({"code": "x"}, "code")]
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_words(self, desk, start, edition, today, typed, place):
        page = desk.post(start, {"token": TOKEN, "code": "tom_support", "on": day(today), **typed})
        assert list(page.context["form"].errors) == [place]
        assert page.context["form"]["on"].value() == typed.get("on", day(today))

    def test_before_the_birth_of_the_children_is_refused(self, desk, start, edition, case):
        PersonFactory(case=case, role=PersonRole.CHILD, birth_date=dt.date(2016, 4, 9))
        page = desk.post(start, {"token": TOKEN, "code": "tom_support", "on": "08.04.2016"})
        assert list(page.context["form"].errors) == ["on"]

    def test_a_second_time_is_refused(self, desk, followed, today):
        start = reverse("casework:start_procedure", args=[followed.case.reference])
        page = desk.post(start, {"token": TOKEN, "code": "tom_support", "on": day(today)})
        assert list(page.context["form"].errors) == ["code"]

    def test_is_for_whoever_works_on_the_case(self, start, case, head, now, today):
        reader = AgencyFactory()
        sharing.share_case(case=case, agency=reader, level="view", last_day=today, reason="п", actor=head, at=now)
        browser = Client()
        browser.force_login(member_of(reader))
        assert browser.get(start).status_code == 404


class TestTheLevel:
    def test_of_danger_is_one_press_away_from_the_case_and_from_the_procedure(self, desk, address, followed):
        link = f'href="{address("set_level")}?level=danger"'
        for page in (address(), reverse("casework:case", args=[followed.case.reference])):
            assert link in text(desk.get(page))
        chosen = [
            each.choice.value
            for each in desk.get(address("set_level") + "?level=danger").context["form"].shown()
            if each.is_chosen
        ]
        assert chosen == ["danger"]

    def test_of_danger_works_at_once_and_once(self, desk, address, followed, today):
        typed = {"token": TOKEN, "choice": "danger", "words": "Ребёнок избит", "on": day(today)}
        for _time in range(2):
            assert desk.post(address("set_level"), typed).url == address()
        assert followed.events.filter(what="level").count() == 1
        radar = desk.get(address()).context["radar"]
        assert radar.level.code == "danger"
        assert "rescue" in [each.step.code for each in radar.now]
        assert not radar.dangers

    def test_that_others_set_is_not_offered_and_it_is_said_who_does(self, desk, address, followed):
        page = desk.get(address("set_level"))
        assert [each.choice.value for each in page.context["form"].shown()] == ["danger"]
        assert "Служба «Единое окно»" in text(page)

    def test_needs_words(self, head_desk, address, followed, today):
        typed = {"token": TOKEN, "choice": "low", "words": "", "on": day(today)}
        assert list(head_desk.post(address("set_level"), typed).context["form"].errors) == ["words"]

    def test_that_is_set_already_is_refused(self, head_desk, address, checked, today):
        typed = {"token": TOKEN, "choice": "medium", "words": "Так же", "on": day(today)}
        assert list(head_desk.post(address("set_level"), typed).context["form"].errors) == ["choice"]


class TestTheEnd:
    def test_shows_what_each_ground_asks_for(self, desk, address, planned):
        page = desk.get(address("end_procedure"))
        shown = {each.choice.value: each for each in page.context["form"].shown()}
        assert [str(box.label) for box in shown["done"].boxes] == [STATED]
        assert shown["grown"].choice.missing == ("всем детям 18 лет",)

    def test_without_what_has_to_be_stated_is_refused(self, desk, address, planned, today):
        page = desk.post(address("end_procedure"), {"token": TOKEN, "choice": "done", "on": day(today), "words": "ещё"})
        assert STATED in str(page.context["form"].non_field_errors())
        assert page.context["form"]["words"].value() == "ещё"

    def test_without_a_ground_is_refused_and_says_what_is_missing(self, desk, address, planned, today):
        page = desk.post(address("end_procedure"), {"token": TOKEN, "on": day(today), "words": ""})
        choice = page.context["form"]["choice"]
        assert choice.label == gettext("Ground")
        assert f"{choice.label}: {choice.errors[0]}" in page.content.decode()

    def test_ends_once_and_offers_to_close_the_case(self, desk, head_desk, address, planned, today):
        typed = {"token": TOKEN, "choice": "done", "stated-done-0": "on", "on": day(today), "words": ""}
        for _time in range(2):
            assert desk.post(address("end_procedure"), typed).url == address()
        page = text(head_desk.get(address()))
        assert reverse("casework:close", args=[planned.case.reference]) in page
        assert desk.get(address("end_procedure")).url == address()
        assert desk.get(address("set_level")).url == address()

    def test_shows_what_was_typed_to_whoever_came_too_late(self, desk, address, planned, specialist, now, today):
        changes.end_procedure(
            followed=planned, ground="done", word=Word(on=today, stated=[STATED]), actor=specialist, at=now
        )
        typed = {"token": TOKEN, "choice": "danger", "words": "Ребёнок избит\nсоседи слышали", "on": day(today)}
        page = text(desk.post(address("set_level"), typed))
        assert "Ребёнок избит<br>соседи слышали" in page

    def test_says_who_ends_it_to_somebody_else(self, address, planned, agency, today):
        colleague = Client()
        colleague.force_login(member_of(agency))
        assert "Куратор случая" in text(colleague.get(address("end_procedure")))
        typed = {"token": TOKEN, "choice": "moved", "on": day(today), "words": "Переехали"}
        assert colleague.post(address("end_procedure"), typed).context["form"].non_field_errors()

    def test_offers_the_procedure_that_takes_over(self, desk, case, specialist, now, today):
        closing = replace(END, after=("opened",), forms=())
        ground = Ground(
            code="handed", title="Передали", leads_to="mrg", guards=(Guard(kind=GuardKind.STATEMENT, words="Да"),)
        )
        stages = (replace(PROCEDURE.stages[1], steps=(closing,)),)
        first = procedure_in_force(replace(PROCEDURE, stages=stages, grounds=(ground,)), at=now)
        procedure_in_force(PROCEDURE, code="mrg", at=now)
        followed = procedures.start_procedure(
            case=case, edition=first, actor=specialist, at=now, on=today, token=uuid.uuid4()
        )
        changes.end_procedure(
            followed=followed, ground="handed", word=Word(on=today, stated=["Да"]), actor=specialist, at=now
        )
        start = reverse("casework:start_procedure", args=[case.reference])
        page = reverse("casework:procedure", args=[case.reference, followed.pk])
        assert f"{start}?procedure=mrg&amp;after={followed.pk}" in text(desk.get(page))
        form = desk.get(f"{start}?procedure=mrg&after={followed.pk}").context["form"]
        typed = {"token": TOKEN, "code": form["code"].value(), "came_from": form["came_from"].value(), "on": day(today)}
        next_page = desk.get(desk.post(start, typed).url)
        assert next_page.context["followed"].came_from == followed


class TestANewerEdition:
    @pytest.fixture
    def newer(self, checked, now):
        return procedure_in_force(replace(PROCEDURE, start="Поступило извещение"), at=now)

    def test_is_told_and_shown_before_the_case_is_moved(self, head_desk, address, checked, newer):
        assert address("move_procedure") in text(head_desk.get(address()))
        page = head_desk.get(address("move_procedure"))
        assert [step.code for step in page.context["moved"].kept] == ["check", "curator"]
        typed = {"token": TOKEN, "words": "Новый порядок", "edition": "2"}
        assert head_desk.post(address("move_procedure"), typed).url == address()
        checked.refresh_from_db()
        assert checked.edition == newer
        assert head_desk.get(address()).context["look"].newer is None

    def test_other_than_the_one_shown_is_refused(self, head_desk, address, checked, newer):
        page = head_desk.post(address("move_procedure"), {"token": TOKEN, "words": "Да", "edition": "7"})
        assert page.context["form"].errors
        checked.refresh_from_db()
        assert checked.edition != newer

    def test_that_is_not_there_leads_back(self, head_desk, address, followed):
        assert head_desk.get(address("move_procedure")).url == address()


class TestTheTimeAxis:
    def test_shows_events_documents_and_terms_and_names_nobody(self, desk, address, planned, specialist, head):
        page = desk.get(address("procedure_timeline"))
        kinds = {row.tone for row in page.context["timeline"].table}
        assert {"event", "document", "met", "running"} <= kinds
        (figure,) = re.findall(r'<figure class="picture.*?</figure>', text(page), re.DOTALL)
        assert specialist.get_full_name() not in figure


class TestThePageOfTheCase:
    def test_tells_what_waits_under_its_procedures(self, desk, checked):
        page = desk.get(reverse("casework:case", args=[checked.case.reference]))
        (summary,) = page.context["procedures"]
        assert (summary.level.code, [waiting.line.task.step for waiting in summary.steps]) == ("medium", ["curator"])

    def test_offers_no_danger_after_the_end(self, desk, address, planned, specialist, now, today):
        changes.end_procedure(
            followed=planned, ground="done", word=Word(on=today, stated=[STATED]), actor=specialist, at=now
        )
        page = desk.get(reverse("casework:case", args=[planned.case.reference]))
        assert page.context["procedures"][0].dangers == ()


class TestImpact:
    def test_counts_running_cases_by_agency(self, followed, edition, agency):
        (use,) = running_cases(edition.page)
        assert use.name.startswith(agency.short_name)
        assert "1" in use.name

    def test_of_nobody_is_nothing(self, edition):
        assert not list(running_cases(edition.page))


class TestWhatIsRead:
    def test_of_a_level_that_a_decision_set(self, checked, head, now):
        (line,) = look(checked, user=head, at=now).levels
        assert (line.title, line.entry.what) == ("средний", "decided")
