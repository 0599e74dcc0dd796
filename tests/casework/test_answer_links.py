"""An agency without accounts answers by a link: once, with the word told by telephone, and nothing of the family before it."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework import phone_words
from casework.actions import answer_links, cases
from casework.actions.answer_refusals import (
    FormNotForOutsiders,
    LinkAnswered,
    LinkLeadsNowhere,
    LinkTooLong,
    WrongWord,
)
from casework.actions.refusals import ActionRefused, CaseEnded, FileOfWrongKind, TooManyFiles
from casework.models import AnswerLink, CaseFile, CaseNote, ClosureGround, Draft, Task, TeamRole
from tests.casework.conftest import NOW, PDF, may_read_health, stored
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, member_of, open_case, put_in_force

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def make(case, specialist):
    """Return a function that makes a link."""

    def ask(**changes):
        words = {
            "addressee": "Поликлиника № 3",
            "purpose": "Были ли плановые осмотры?",
            "last_day": TODAY + dt.timedelta(days=7),
            "actor": specialist,
            "at": NOW,
            "token": uuid.uuid4(),
        }
        return answer_links.make_link(**{"case": case} | words | changes)

    return ask


def take(made, *, at=NOW, words="Осмотры были", **changes):
    return answer_links.take_answer(
        **{"link": made.link, "who": "Врач Иванова", "words": words, "uploads": [], "at": at} | changes
    )


def paper(name="Выписка.pdf", data=PDF):
    return SimpleUploadedFile(name, data)


class TestTheWords:
    def test_are_a_hundred_different_ones_that_are_typed_as_they_are_heard(self):
        assert len(set(phone_words.WORDS)) == 100
        assert all(phone_words.plain(word) == word for word in phone_words.WORDS)

    def test_are_the_same_however_they_are_typed(self):
        assert phone_words.plain(" Самолёт - 07 ") == phone_words.plain("самолет07")
        assert phone_words.plain("\0!?") == ""


class TestMaking:
    def test_twice_with_the_same_page_is_one_link_with_the_same_secret_and_word(self, make, events):
        token = uuid.uuid4()
        assert make(token=token) == make(token=token)
        assert AnswerLink.objects.count() == 1
        assert events() == ["answer_asked"]

    def test_keeps_neither_the_secret_nor_the_word(self, make):
        made = make()
        kept = str(AnswerLink.objects.values().get())
        assert made.secret not in kept
        assert made.word not in kept

    def test_for_longer_than_thirty_days_or_for_the_past_is_refused(self, make):
        for days in (-1, 31):
            with pytest.raises(LinkTooLong):
                make(last_day=TODAY + dt.timedelta(days=days))
        assert make(last_day=TODAY)
        assert make(last_day=TODAY + dt.timedelta(days=30))

    def test_with_a_form_that_needs_files_of_the_case_is_refused(self, make, plan):
        with pytest.raises(FormNotForOutsiders):
            make(edition=plan)

    def test_in_a_case_that_has_ended_is_refused(self, make, case, specialist):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            make()


class TestFinding:
    def test_takes_the_address_as_it_is_typed_from_paper(self, make):
        made = make()
        assert answer_links.find_link(f" {made.secret.upper()}", at=NOW) == made.link

    def test_leads_nowhere_when_it_is_wrong_over_used_withdrawn_or_the_case_has_ended(self, make, case, specialist):
        over, used, withdrawn, ended = make(last_day=TODAY), make(), make(), make()
        take(used)
        answer_links.withdraw_link(link=withdrawn.link, actor=specialist, at=NOW)
        for secret, at in (
            ("никакой", NOW),
            ("\0", NOW),
            ("x" * 5000, NOW),
            (over.secret, NOW + dt.timedelta(days=1)),
            (used.secret, NOW),
            (withdrawn.secret, NOW),
        ):
            with pytest.raises(LinkLeadsNowhere):
                answer_links.find_link(secret, at=at)
        assert answer_links.find_link(ended.secret, at=NOW)
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(LinkLeadsNowhere):
            answer_links.find_link(ended.secret, at=NOW)

    def test_counts_the_last_day_by_the_clock_of_the_agency(self, make):
        made = make(last_day=TODAY)
        tomorrow_there = NOW.replace(hour=17, minute=30)  # half past midnight in Novosibirsk
        with pytest.raises(LinkLeadsNowhere):
            answer_links.find_link(made.secret, at=tomorrow_there)


class TestTheWord:
    def test_that_is_right_is_not_counted(self, make):
        made = make()
        for _time in range(10):
            answer_links.check_word(link=made.link, word=made.word.upper())
        made.link.refresh_from_db()
        assert made.link.wrong_words == 0

    def test_that_is_wrong_five_times_closes_the_link_for_the_right_one_too(self, make):
        made = make()
        for _time in range(4):
            with pytest.raises(WrongWord):
                answer_links.check_word(link=made.link, word="лодка 0")
        with pytest.raises(LinkLeadsNowhere):
            answer_links.check_word(link=made.link, word="лодка 0")
        with pytest.raises(LinkLeadsNowhere):
            answer_links.check_word(link=made.link, word=made.word)
        with pytest.raises(LinkLeadsNowhere):
            answer_links.find_link(made.secret, at=NOW)


class TestTheAnswer:
    def test_becomes_a_note_of_nobody_with_its_files_and_a_task_of_the_curator(self, make, case, specialist, events):
        made = make()
        take(made, uploads=[paper()])
        note = CaseNote.objects.get()
        assert note.author is None
        for words in ("Поликлиника № 3", "Врач Иванова", "Осмотры были", "Выписка.pdf"):
            assert words in note.text
        kept = CaseFile.objects.get()
        assert (kept.case, kept.uploaded_by, list(AnswerLink.objects.get().files.all())) == (case, None, [kept])
        task = Task.objects.get()
        assert (task.owner, task.asked_by) == (specialist, specialist)
        assert events() == ["answer_asked", "file_added", "answer_came"]

    def test_waits_for_nobody_in_particular_when_there_is_no_curator(self, make, agency):
        take(make(case=open_case(agency, at=NOW)))
        assert Task.objects.get().owner is None

    def test_comes_once(self, make):
        made = make()
        take(made)
        with pytest.raises(LinkLeadsNowhere):
            take(made)
        assert CaseNote.objects.count() == Task.objects.count() == 1

    def test_with_a_file_that_cannot_be_kept_keeps_nothing_and_the_link(self, make):
        made, before = make(), stored()
        with pytest.raises(FileOfWrongKind):
            take(made, uploads=[paper(), paper("вирус.exe", b"MZ")])
        assert not CaseNote.objects.exists()
        assert not CaseFile.objects.exists()
        assert stored() == before
        assert answer_links.find_link(made.secret, at=NOW)

    def test_with_too_many_files_or_to_a_case_that_has_ended_is_not_taken(self, make, case, specialist):
        made = make()
        with pytest.raises(TooManyFiles):
            take(made, uploads=[paper(f"{number}.pdf") for number in range(answer_links.MOST_FILES + 1)])
        assert not CaseFile.objects.exists()
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(LinkLeadsNowhere):
            take(made)
        assert not CaseNote.objects.filter(author=None).exists()

    def test_in_a_form_becomes_a_draft_that_moves_nothing_until_somebody_files_it(self, make, case, specialist):
        made = make(edition=put_in_force("contact_request"))
        take(made, words="", typed={"question": ["Нужна помощь"]})
        draft = Draft.objects.get()
        assert (draft.case, draft.author, draft.typed) == (case, specialist, {"question": ["Нужна помощь"]})
        assert not case.submissions.exists()


class TestWithdrawing:
    def test_is_written_down_once_and_an_answer_stays(self, make, specialist, events):
        made = make()
        for _press in range(2):
            answer_links.withdraw_link(link=made.link, actor=specialist, at=NOW)
        assert events() == ["answer_asked", "answer_withdrawn"]
        answered = make()
        take(answered)
        with pytest.raises(LinkAnswered):
            answer_links.withdraw_link(link=answered.link, actor=specialist, at=NOW)


@pytest.fixture
def alive(make):
    """A link that works today, whatever day it is."""
    return make(at=timezone.now(), last_day=timezone.localdate() + dt.timedelta(days=3))


@pytest.fixture
def outside():
    return Client()


def address_of(made):
    return reverse("casework:answer", args=[made.secret])


class TestThePublicPage:
    def test_says_nothing_before_the_word_and_only_the_question_after_it(self, outside, alive, case):
        address = address_of(alive)
        before = outside.get(address)
        assert before.status_code == 200
        for secret in ("осмотры", case.reference, case.agency.name, "Поликлиника"):
            assert secret not in before.content.decode()
        after = outside.post(address, {"phone-word": alive.word}, follow=True).content.decode()
        assert "Были ли плановые осмотры?" in after
        assert case.reference not in after

    def test_has_no_way_out_that_would_lose_what_is_typed(self, outside, alive):
        for page in (
            outside.get(address_of(alive)),
            outside.post(address_of(alive), {"phone-word": alive.word}, follow=True),
        ):
            assert "quick-exit" not in page.content.decode()
            assert "quick_exit" not in page.content.decode()

    def test_is_never_kept_by_a_cache_or_a_search_engine(self, outside, alive):
        answer = outside.get(address_of(alive))
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]

    def test_takes_the_answer_in_once_and_says_so_to_the_same_browser_alone(self, outside, alive):
        address = address_of(alive)
        outside.post(address, {"phone-word": alive.word})
        sent = {"answer-who": "Врач", "answer-words": "Были", "answer-file_1": paper()}
        for _press in range(2):
            page = outside.post(address, sent | {"answer-file_1": paper()}, follow=True)
            assert page.status_code == 200
        assert CaseNote.objects.count() == CaseFile.objects.count() == 1
        assert Client().get(address).status_code == 404

    def test_without_the_word_takes_nothing_in_but_keeps_what_was_typed(self, outside, alive):
        address = address_of(alive)
        page = outside.post(address, {"answer-who": "Врач", "answer-words": "Долгий ответ"})
        assert not CaseNote.objects.exists()
        kept = re.findall(r'type="hidden" name="(answer-\w+)" value="([^"]*)"', page.content.decode())
        assert ("answer-words", "Долгий ответ") in kept
        back = outside.post(address, dict(kept) | {"phone-word": alive.word})
        assert "Долгий ответ" in back.content.decode()
        assert not CaseNote.objects.exists()

    def test_of_another_link_is_not_opened_by_the_word_of_the_first(self, outside, alive, make):
        other = make(at=timezone.now(), last_day=timezone.localdate(), purpose="Секрет")
        outside.post(address_of(alive), {"phone-word": alive.word})
        page = outside.post(address_of(other), {"answer-who": "Врач", "answer-words": "Были"})
        assert "Секрет" not in page.content.decode()
        assert not CaseNote.objects.exists()

    def test_is_the_same_for_every_link_that_leads_nowhere(self, outside, alive, make, specialist):
        withdrawn = make(at=timezone.now(), last_day=timezone.localdate())
        answer_links.withdraw_link(link=withdrawn.link, actor=specialist, at=NOW)
        for _time in range(5):
            page = outside.post(address_of(alive), {"phone-word": "неверно"})
        pages = [page, outside.get(address_of(withdrawn)), outside.get("/cases/answer/nikogda/")]
        assert {answer.status_code for answer in pages} == {404}
        bodies = [re.sub(r"answer[/%][^\"&]*", "", answer.content.decode()) for answer in pages]
        assert bodies[0] == bodies[1] == bodies[2]

    def test_keeps_the_words_when_a_file_is_refused_or_something_is_missing(self, outside, alive):
        address = address_of(alive)
        outside.post(address, {"phone-word": alive.word})
        for sent in (
            {"answer-who": "Врач", "answer-words": "Долгий ответ", "answer-file_1": paper("вирус.exe", b"MZ")},
            {"answer-who": "", "answer-words": "Долгий ответ"},
        ):
            page = outside.post(address, sent)
            assert page.status_code == 422
            assert "Долгий ответ" in page.content.decode()
        assert not CaseNote.objects.exists()

    @pytest.mark.parametrize("words", ["\0", "а" * 30_000, "\ud7ff\U0001f600", "<script>alert(1)</script>"])
    def test_never_breaks_whatever_is_typed(self, outside, alive, words):
        address = address_of(alive)
        assert outside.post(address, {"phone-word": words}).status_code in {200, 422}
        outside.post(address, {"phone-word": alive.word})
        page = outside.post(address, {"answer-who": words, "answer-words": words})
        assert page.status_code in {302, 422}
        assert "<script>alert" not in page.content.decode()

    def test_stops_listening_to_a_machine(self, outside, make, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "answer_word": "2/h/ip"}
        made = make(at=timezone.now(), last_day=timezone.localdate())
        answers = [outside.post(address_of(made), {"phone-word": "лодка 1"}).status_code for _time in range(3)]
        assert answers == [422, 422, 429]
        made.link.refresh_from_db()
        assert made.link.wrong_words == 2

    def test_of_an_old_page_changes_nothing_and_shows_the_words_again(self, alive):
        outside = Client(enforce_csrf_checks=True)
        page = outside.get(address_of(alive)).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        outside.post(address_of(alive), {"phone-word": alive.word, "csrfmiddlewaretoken": token})
        page = outside.post(address_of(alive), {"answer-who": "Врач", "answer-words": "Долгий ответ"})
        assert page.status_code == 409
        assert "Долгий ответ" in page.content.decode()
        assert not CaseNote.objects.exists()

    def test_fills_in_an_official_form(self, outside, make):
        made = make(at=timezone.now(), last_day=timezone.localdate(), edition=put_in_force("contact_request"))
        outside.post(address_of(made), {"phone-word": made.word})
        page = outside.post(address_of(made), {"answer-who": "Врач", "question": "Нужна помощь"})
        assert page.status_code == 422
        assert "Нужна помощь" in page.content.decode()
        assert not Draft.objects.exists()


class TestTheDesk:
    def test_shows_the_address_and_the_word_once(self, desk, case):
        address = reverse("casework:answer_links", args=[case.reference])
        day = (timezone.localdate() + dt.timedelta(days=2)).strftime("%d.%m.%Y")
        sent = {"token": str(uuid.uuid4()), "addressee": "Школа", "purpose": "Оценки", "edition": "", "last_day": day}
        made = desk.post(address, sent).context["made"]
        assert reverse("casework:answer", args=[made.secret]) in desk.post(address, sent).content.decode()
        page = desk.get(address).content.decode()
        assert made.secret not in page
        assert made.word not in page
        assert "Школа" in page

    def test_says_beside_the_field_that_a_day_is_too_far(self, desk, case):
        sent = {"token": str(uuid.uuid4()), "addressee": "Школа", "purpose": "Оценки", "last_day": "01.01.2099"}
        page = desk.post(reverse("casework:answer_links", args=[case.reference]), sent)
        assert page.context["form"].errors["last_day"]

    def test_asks_the_same_number_of_questions_for_many_links(self, desk, case, make, django_assert_num_queries):
        address = reverse("casework:answer_links", args=[case.reference])
        make()
        desk.get(address)
        with CaptureQueriesContext(connection) as few:
            desk.get(address)
        for _time in range(10):
            take(make())
        with django_assert_num_queries(len(few.captured_queries)):
            desk.get(address)

    def test_is_for_those_who_speak_for_the_case(self, case, alive, agency, helper):
        page = reverse("casework:answer_links", args=[case.reference])
        withdraw = reverse("casework:withdraw_answer_link", args=[case.reference, alive.link.pk])
        for person, statuses in (
            (member_of(AgencyFactory()), (404, 404)),
            (helper, (404, 404)),  # helps with the family, and does not ask others in the name of the case
            (member_of(agency, TeamRole.HEAD), (200, 302)),
        ):
            browser = Client()
            browser.force_login(person)
            assert (browser.get(page).status_code, browser.post(withdraw).status_code) == statuses

    def test_shows_an_answer_on_the_page_of_the_case(self, desk, case, make):
        take(make(), uploads=[paper()])
        page = desk.get(reverse("casework:case", args=[case.reference])).content.decode()
        assert "Осмотры были" in page
        assert "None" not in page

    def test_keeps_what_came_for_those_who_may_read_of_health(self, case, make, agency, specialist):
        take(make(), uploads=[paper()])
        file = reverse("casework:file", args=[case.reference, case.files.get().pk])
        page = reverse("casework:case", args=[case.reference])
        colleague, browser = member_of(agency), Client()
        browser.force_login(colleague)
        shown = browser.get(page).content.decode()
        assert "Осмотры были" not in shown
        assert "Выписка.pdf" not in shown
        assert browser.get(file).status_code == 404
        may_read_health(case, colleague, by=specialist)
        assert "Осмотры были" in browser.get(page).content.decode()
        assert browser.get(file).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_presses_bring_one_answer(self, make):
        made = make()
        results = at_once(*[lambda: take(made)] * 2)
        assert sorted(isinstance(result, LinkLeadsNowhere) for result in results) == [False, True], results
        assert CaseNote.objects.count() == Task.objects.count() == 1

    def test_eight_machines_try_five_words_together(self, make):
        made = make()
        results = at_once(*[lambda: answer_links.check_word(link=made.link, word="лодка 0")] * 8)
        assert {type(result) for result in results} <= {WrongWord, LinkLeadsNowhere}, results
        made.link.refresh_from_db()
        assert made.link.wrong_words == AnswerLink.MOST_WRONG_WORDS

    def test_an_answer_and_a_withdrawal_do_not_both_happen(self, make, specialist):
        made = make()
        results = at_once(
            lambda: take(made), lambda: answer_links.withdraw_link(link=made.link, actor=specialist, at=NOW)
        )
        assert sum(isinstance(result, ActionRefused) for result in results) == 1, results
