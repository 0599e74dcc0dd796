"""The pages of a step: it is done, its term changes, something of it is done without; mistakes are taken back."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from casework.actions import procedure_changes as changes, procedures
from casework.actions.procedures import Word
from casework.models import CaseEvent
from tests.casework.procedure_pages.conftest import TOKEN, day, decision, file_plan, text
from tests.factories import member_of, open_case

pytestmark = pytest.mark.django_db


class TestAStep:
    def test_is_decided_once_however_often_it_is_sent(self, head_desk, address, followed, today):
        for _time in range(2):
            response = head_desk.post(address("procedure_step", "check"), decision(today))
            assert response.url == address()
        assert followed.events.filter(what="decided").count() == 1

    def test_of_another_person_names_who_does_it_and_keeps_the_words(self, desk, address, followed, head, today):
        page = desk.post(address("procedure_step", "check"), decision(today, words="Всё видел сам"))
        (refusal,) = page.context["form"].non_field_errors()
        assert "Служба «Единое окно»" in refusal
        assert "Всё видел сам" in text(page)
        assert not followed.events.filter(what="decided").exists()

    def test_done_meanwhile_shows_what_was_decided_and_what_was_typed(self, head_desk, address, checked, today):
        page = head_desk.post(address("procedure_step", "check"), decision(today, words="Мои слова"))
        assert page.context["is_stale"]
        assert "Мои слова" in text(page)
        assert page.context["last"].what == "decided"
        assert checked.events.filter(what="decided").count() == 1

    @pytest.mark.parametrize(
        ("typed", "place"),
        [
            ({"choice": ""}, "choice"),
            ({"choice": "low"}, "words"),
            ({"on": "01.01.2999"}, "on"),
            ({"on": "01.01.2001"}, "on"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, head_desk, address, followed, today, typed, place):
        page = head_desk.post(address("procedure_step", "check"), decision(today, **typed))
        assert list(page.context["form"].errors) == [place]

    def test_tells_what_each_outcome_leads_to(self, head_desk, address, followed):
        shown = list(head_desk.get(address("procedure_step", "check")).context["form"].shown())
        assert any("Назначение куратора" in words for words in shown[0].choice.leads_to)

    def test_that_has_not_come_says_after_what_it_comes(self, head_desk, address, followed):
        page = head_desk.get(address("procedure_step", "plan"))
        assert page.context["after"] == "Назначение куратора"
        assert page.context["waiting"] is None

    def test_appoints_a_colleague(self, head_desk, address, checked, agency, today):
        colleague = member_of(agency)
        typed = {"token": TOKEN, "turn": "1", "person": colleague.pk, "on": day(today), "words": ""}
        assert head_desk.post(address("procedure_step", "curator"), typed).url == address()
        checked.case.refresh_from_db()
        assert checked.case.curator == colleague

    def test_writes_down_what_happened(self, desk, address, followed, specialist, now, today):
        changes.set_level(
            followed=followed, level="danger", word=Word(on=today, words="Избит"), actor=specialist, at=now
        )
        typed = {"token": TOKEN, "turn": "1", "on": day(today), "words": "Звонили в 02"}
        assert desk.post(address("procedure_step", "rescue"), typed).url == address()
        assert followed.events.get(what="happened").words == "Звонили в 02"

    def test_of_forms_is_not_done_by_hand(self, desk, address, planned, head, now, today):
        page = desk.get(address("procedure_step", "plan"))
        assert not page.context["is_done_by_hand"]

    def test_that_ends_the_work_leads_to_the_grounds(self, desk, address, planned):
        assert desk.get(address("procedure_step", "end")).url == address("end_procedure")

    def test_that_is_unknown_is_not_there(self, desk, address, followed):
        for name in ("procedure_step", "waive", "change_term"):
            assert desk.get(address(name, "nothing")).status_code == 404

    def test_asks_for_the_new_last_day_and_says_within_what(self, desk, address, planned, today):
        typed = decision(today, choice="extend", until="")
        page = desk.post(address("procedure_step", "review"), typed)
        assert list(page.context["form"].errors) == ["until"]
        late = {**typed, "until": day(today + dt.timedelta(days=400))}
        assert desk.post(address("procedure_step", "review"), late).context["form"].errors == {
            "until": ["не дольше 6 месяцев"]
        }
        fine = {**typed, "until": day(today + dt.timedelta(days=100))}
        assert desk.post(address("procedure_step", "review"), fine).url == address()

    def test_keeps_what_was_typed_when_the_session_has_run_out(self, followed, address, head, today):
        browser = Client()
        page = address("procedure_step", "check")
        assert "/accounts/login/" in browser.post(page, decision(today, choice="low", words="Долгий рассказ")).url
        browser.force_login(head)
        assert "Долгий рассказ" in text(browser.get(page))


class TestTerms:
    @pytest.fixture
    def paper(self, followed, plan, specialist, now):
        return file_plan(followed.case, plan, specialist, now)

    def typed(self, today, paper, **said):
        return {"token": TOKEN, "turn": "1", "on": day(today), "document": paper.pk, "words": "Семья уехала", **said}

    def test_show_the_new_day_before_anything_changes(self, head_desk, address, followed, paper, today):
        until = today + dt.timedelta(days=60)
        page = head_desk.post(
            address("change_term", "check"), self.typed(today, paper, what="extended", until=day(until), _look="1")
        )
        assert page.context["preview"]["due"] == until
        assert page.context["form"]["words"].value() == "Семья уехала"
        assert not followed.events.filter(what="extended").exists()

    def test_stand_still_and_run_again(self, head_desk, address, followed, paper, today):
        page = address("change_term", "check")
        typed = self.typed(today, paper, what="suspended")
        assert head_desk.post(page, {**typed, "_look": "1"}).context["preview"]["due"] is None
        assert head_desk.post(page, typed).url == address()
        assert head_desk.post(page, typed).url == address()
        again = {"token": TOKEN, "turn": "1", "what": "resumed", "on": day(today), "words": "Вернулась"}
        assert head_desk.get(page).context["form"].changes == ["resumed"]
        assert head_desk.post(page, {**again, "_look": "1"}).context["preview"]["due"]
        assert head_desk.post(page, again).url == address()
        assert sorted(followed.events.values_list("what", flat=True)) == ["opened", "resumed", "suspended"]

    @pytest.mark.parametrize(
        ("said", "place"),
        [
            ({"what": "suspended", "document": ""}, "document"),
            ({"what": "extended", "until": ""}, "until"),
            ({"what": "suspended", "words": ""}, "words"),
        ],
    )
    def test_say_what_is_missing(self, head_desk, address, paper, today, said, place):
        page = head_desk.post(address("change_term", "check"), self.typed(today, paper, **said))
        assert list(page.context["form"].errors) == [place]

    def test_of_a_document_of_another_case_are_refused(
        self, head_desk, address, followed, paper, agency, specialist, plan, today, now
    ):
        other = file_plan(open_case(agency, accepted_by=specialist), plan, specialist, now)
        page = head_desk.post(address("change_term", "check"), self.typed(today, other, what="suspended"))
        assert list(page.context["form"].errors) == ["document"]

    def test_of_a_step_that_does_not_wait_are_not_asked_for(self, head_desk, address, followed, paper, today):
        assert head_desk.get(address("change_term", "plan")).status_code == 200
        typed = self.typed(today, paper, what="extended", until=day(today), _look="1")
        assert head_desk.post(address("change_term", "plan"), typed).context["preview"] is None


class TestDoingWithout:
    @pytest.fixture
    def waiting(self, checked, head, specialist, now, today):
        procedures.appoint(
            followed=checked, step="curator", turn=1, person=specialist, word=Word(on=today), actor=head, at=now
        )
        return checked

    def typed(self, today, **said):
        return {"token": TOKEN, "turn": "1", "what": "0", "words": "Есть ИППСУ", "on": day(today), **said}

    def test_offers_the_step_and_its_forms(self, head_desk, address, waiting):
        assert [code for code, _words in head_desk.get(address("waive", "plan")).context["things"]] == [
            "",
            "nso_dept_plan",
        ]

    def test_is_written_down_once(self, head_desk, address, waiting, today):
        for _time in range(2):
            assert head_desk.post(address("waive", "plan"), self.typed(today)).url == address()
        assert waiting.events.get(what="waived").words == "Есть ИППСУ"

    def test_by_somebody_else_names_who_may(self, desk, address, waiting, today):
        page = desk.post(address("waive", "plan"), self.typed(today))
        assert "Служба «Единое окно»" in str(page.context["form"].non_field_errors())

    def test_of_what_cannot_be_is_not_asked_for(self, head_desk, address, followed):
        assert head_desk.get(address("waive", "check")).context["things"] == []


class TestMistakes:
    def test_are_taken_back_once(self, head_desk, address, checked):
        event = checked.events.get(what="decided")
        page = address("annul_event", event.pk)
        assert head_desk.get(page).status_code == 200
        for _time in range(2):
            assert head_desk.post(page, {"token": TOKEN, "words": "Не то дело"}).url == address()
        assert CaseEvent.objects.get(annuls=event).words == "Не то дело"
        again = head_desk.get(page)
        assert again.url == address()
        other = head_desk.post(page, {"token": str(uuid.uuid4()), "words": "Ещё раз"})
        assert other.context["words"] == "Ещё раз"
        assert CaseEvent.objects.filter(annuls=event).count() == 1

    def test_need_a_reason(self, head_desk, address, checked):
        event = checked.events.get(what="decided")
        page = head_desk.post(address("annul_event", event.pk), {"token": TOKEN, "words": ""})
        assert list(page.context["form"].errors) == ["words"]

    def test_the_first_event_is_never_taken_back(self, head_desk, address, followed):
        event = followed.events.get(what="opened")
        assert head_desk.get(address("annul_event", event.pk)).url == address()

    def test_of_another_procedure_are_not_there(self, head_desk, address, followed):
        assert head_desk.get(address("annul_event", 0)).status_code == 404
