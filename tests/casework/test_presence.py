"""Two windows on one draft: who is there is seen, and what both have changed is a choice, never a silent merge."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from casework.actions import drafts, presence
from casework.actions.refusals import DraftChanged
from casework.models import Draft, DraftVisit
from tests.casework.conftest import NOW
from tests.casework.filling import WHOLE, everything
from tests.factories import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(case, specialist):
    begun = drafts.start_draft(case=case, edition=everything(), actor=specialist, at=NOW)
    return drafts.save_draft(draft=begun, typed=WHOLE, version=1, at=NOW)


@pytest.fixture
def colleague(agency):
    return member_of(agency, last_name="Иванова", first_name="Ирина", patronymic="Ивановна")


@pytest.fixture
def their_desk(colleague):
    browser = Client()
    browser.force_login(colleague)
    return browser


@pytest.fixture
def form_page(case, draft):
    return reverse("casework:draft", args=[case.reference, draft.pk])


@pytest.fixture
def saving(case, draft):
    return reverse("casework:autosave", args=[case.reference, draft.pk])


def words(draft):
    draft.refresh_from_db()
    return {name: values[0] for name, values in draft.typed.items() if values}


class TestAVisit:
    def test_is_seen_by_the_others_for_a_while_and_never_by_oneself(self, draft, specialist, colleague):
        assert presence.visit(draft=draft, actor=colleague, at=NOW) == []
        (seen,) = presence.visit(draft=draft, actor=specialist, at=NOW + dt.timedelta(minutes=1))
        assert (seen.user, seen.seen_at) == (colleague, NOW)
        assert presence.visit(draft=draft, actor=specialist, at=NOW + presence.STAYS) == []

    def test_is_one_row_however_often_the_form_is_opened(self, draft, colleague):
        for minute in range(3):
            presence.visit(draft=draft, actor=colleague, at=NOW + dt.timedelta(minutes=minute))
        assert DraftVisit.objects.get().seen_at == NOW + dt.timedelta(minutes=2)

    def test_is_said_on_the_page_and_with_each_save(self, desk, their_desk, form_page, saving):
        assert desk.get(form_page).context["others"] == ""
        assert "Ветрова" in their_desk.get(form_page).context["others"]
        answer = desk.post(saving, {**WHOLE, "version": "2"}).json()
        assert "Иванова\N{NO-BREAK SPACE}И.\N{NO-BREAK SPACE}И." in answer["others"]

    @pytest.mark.django_db(transaction=True)
    def test_to_a_draft_that_has_gone_meanwhile_is_nobodys(self, draft, colleague, specialist):
        stale = Draft.objects.get(pk=draft.pk)
        drafts.discard_draft(draft=draft, actor=specialist, at=NOW)
        assert presence.visit(draft=stale, actor=colleague, at=NOW) == []
        assert not DraftVisit.objects.exists()

    def test_goes_with_the_draft(self, draft, colleague, specialist):
        presence.visit(draft=draft, actor=colleague, at=NOW)
        drafts.discard_draft(draft=draft, actor=specialist, at=NOW)
        assert not DraftVisit.objects.exists()


class TestTwoWindows:
    def test_that_changed_different_answers_are_in_nobodys_way(self, draft):
        mine = drafts.save_draft(draft=draft, typed={**WHOLE, "income": ["1"]}, version=2, at=NOW)
        theirs = {**WHOLE, "income": ["1"], "heads": ["9"]}
        assert drafts.save_draft(draft=draft, typed=theirs, version=2, at=NOW).version == mine.version + 1

    def test_that_changed_the_same_answer_are_a_conflict(self, draft):
        drafts.save_draft(draft=draft, typed={**WHOLE, "income": ["1"]}, version=2, at=NOW)
        with pytest.raises(DraftChanged):
            drafts.save_draft(draft=draft, typed={**WHOLE, "income": ["2"]}, version=2, at=NOW)
        assert words(draft)["income"] == "1"

    def test_one_of_which_has_not_seen_the_other_is_a_conflict_too(self, draft):
        drafts.save_draft(draft=draft, typed={**WHOLE, "income": ["1"]}, version=2, at=NOW)
        with pytest.raises(DraftChanged):
            drafts.save_draft(draft=draft, typed={**WHOLE, "heads": ["9"]}, version=2, at=NOW)

    def test_count_a_table_as_one_answer(self, draft):
        drafts.save_draft(draft=draft, typed={**WHOLE, "measures-0-what": ["Дрова"]}, version=2, at=NOW)
        other_cell = {**WHOLE, "measures-0-cost": ["8"]}
        assert drafts.contested(drafts.locked_draft(draft), typed=other_cell, version=2) == ["measures"]

    def test_that_claim_to_have_seen_the_future_have_seen_nothing(self, draft):
        with pytest.raises(DraftChanged):
            drafts.save_draft(draft=draft, typed={**WHOLE, "income": ["1"]}, version=99, at=NOW)


class TestAConflict:
    @pytest.fixture
    def changed(self, desk, their_desk, form_page, draft):
        """Return the page on which the specialist chooses: a colleague has changed two of the same answers."""
        theirs = {**WHOLE, "income": "111", "heads": "1", "version": "2"}
        assert their_desk.post(form_page, theirs).status_code == 302
        return desk.post(form_page, {**WHOLE, "income": "222", "heads": "2", "story": "Моё", "version": "2"})

    def settle(self, desk, form_page, changed, **choice):
        typed = {}
        for name, value in changed.context["typed"]:
            typed.setdefault(name, []).append(value)
        seen = {"version": changed.context["version"], "seen": changed.context["draft"].version}
        return desk.post(form_page, {**typed, **seen, "edition": "1", **choice})

    def test_lists_only_what_both_have_changed(self, changed):
        assert changed.status_code == 409
        listed = [(each["question"].key, each["mine"], each["theirs"]) for each in changed.context["differing"]]
        assert listed == [("income", "222", "111"), ("heads", "2", "1")]

    def test_loses_nothing_that_was_typed(self, changed, draft):
        assert ("story", "Моё") in changed.context["typed"]
        assert words(draft)["income"] == "111"

    def test_is_settled_answer_by_answer(self, desk, form_page, changed, draft):
        self.settle(desk, form_page, changed, **{"take-income": "mine", "take-heads": "theirs"})
        kept = words(draft)
        assert (kept["income"], kept["heads"], kept["story"]) == ("222", "1", "Моё")

    @pytest.mark.parametrize(("button", "income"), [("_overwrite", "222"), ("_theirs", "111")])
    def test_is_settled_at_once(self, desk, form_page, changed, draft, button, income):
        self.settle(desk, form_page, changed, **{button: "1"})
        assert words(draft)["income"] == income
        assert words(draft)["story"] == "Моё"

    @pytest.mark.parametrize("choice", [{}, {"take-income": "mine"}, {"take-income": "mine", "take-heads": "both"}])
    def test_is_asked_again_until_everything_is_chosen(self, desk, form_page, changed, draft, choice):
        again = self.settle(desk, form_page, changed, **choice)
        assert again.status_code == 409
        assert again.context["is_asked_again"]
        assert words(draft)["income"] == "111"

    def test_is_asked_again_when_they_went_on_typing(self, desk, their_desk, form_page, changed, draft):
        their_desk.post(form_page, {**WHOLE, "income": "333", "heads": "1", "version": "3"})
        again = self.settle(desk, form_page, changed, _overwrite="1")
        assert [each["theirs"] for each in again.context["differing"]] == ["333", "1"]
        assert words(draft)["income"] == "333"

    def test_stops_the_autosave_with_words_that_say_what_to_do(self, desk, saving, changed):
        answer = desk.post(saving, {**WHOLE, "income": "222", "version": "2"})
        assert answer.status_code == 409
        assert answer.json()["message"] == str(DraftChanged())


class TestWordsThatWaitedForASignIn:
    def test_stand_on_the_version_that_their_page_had_seen(self, their_desk, specialist, form_page, draft):
        browser = Client()
        browser.post(form_page, {**WHOLE, "income": "222", "version": "2"})
        their_desk.post(form_page, {**WHOLE, "income": "111", "version": "2"})
        browser.force_login(specialist)
        assert browser.get(form_page).context["version"] == 2
