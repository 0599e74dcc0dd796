"""A parent asks to be contacted: one request whatever the network does, and not a word about it anywhere else."""

import datetime as dt
import logging
import uuid

import pytest
import time_machine
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from casework import access, notifications
from casework.actions import cases, contact_requests
from casework.actions.refusals import NoAgencyTakesRequests
from casework.forms.contact_requests import SEAL_SALT, new_seal, token_of_seal
from casework.models import AccessRecord, Case, ContactRequest, Submission
from tests.casework.conftest import NOW, lines_of
from tests.factories import REQUEST_TYPED, AgencyFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
SECRETS = ["Марина", "900", "вернуть сына", "после 18"]


@pytest.fixture
def one_window(db):
    return AgencyFactory(one_window=True)


@pytest.fixture
def page(request_page, request_editions, one_window):
    """The public page, ready to take requests."""
    return request_page


@pytest.fixture
def visitor():
    return Client()


def opened(visitor, page):
    """Return what the freshly opened page would send besides the words."""
    response = visitor.get(page.url)
    assert response.status_code == 200
    return {"seal": response.context["seal"], "consent_edition": response.context["consent_edition"].number}


def send(visitor, page, hidden, *, consent=True, **words):
    words = {name: words.get(name, values) for name, values in REQUEST_TYPED.items()}
    return visitor.post(page.url, {**hidden, **words, **({"consent": "on"} if consent else {})})


class TestReceiving:
    def test_stores_the_request_the_consent_the_case_the_grants_and_the_log(self, receive, one_window):
        receipt = receive()
        case = receipt.request.case
        assert case.agency == one_window
        assert case.answer_by.isoformat() == "2026-11-24"
        assert [(each.number, each.edition.code) for each in case.submissions.order_by("number")] == [
            (1, "contact_request"),
            (2, "contact_consent"),
        ]
        assert receipt.request.consent.answers == {
            "agreed": True,
            "name": "Марина",
            "contact": "8 (900) 000-00-01",
        }
        assert case.people.get().role == "applicant"
        assert lines_of(case) == ["opened", "granted", "filed", "filed"]
        assert access.cases_for(user=member_of(one_window), today=NOW.date()).get() == case

    @pytest.mark.parametrize("step", ["access.admit_agency", "actions.cases.record", "actions.submissions.record"])
    def test_stores_nothing_at_all_when_one_step_fails(self, receive, one_window, monkeypatch, step):
        def fail(*args, **kwargs):
            raise RuntimeError("the light went out")

        monkeypatch.setattr(f"casework.{step}", fail)
        with pytest.raises(RuntimeError):
            receive()
        for model in (Case, Submission, ContactRequest, AccessRecord):
            assert not model.objects.exists()

    def test_goes_to_the_chosen_agency_else_to_one_window_else_to_anybody(self, receive):
        with pytest.raises(NoAgencyTakesRequests):
            receive()
        anybody = AgencyFactory()
        assert receive().request.case.agency == anybody
        one_window = AgencyFactory(one_window=True)
        assert receive().request.case.agency == one_window
        chosen = AgencyFactory()
        request = receive(agency=chosen).request
        assert (request.case.agency, request.asked_agency) == (chosen, chosen)

    def test_with_the_same_token_is_the_same_request_with_the_same_code(self, receive, one_window):
        token = uuid.uuid4()
        first, second = receive(token=token), receive(token=token)
        assert first == second
        assert Case.objects.count() == 1
        assert lines_of(first.request.case).count("filed") == 2

    def test_with_other_words_under_the_same_token_is_a_correction(self, receive, one_window):
        token = uuid.uuid4()
        case = receive(token=token).request.case
        for question in ("Б", "А", "Б", "Б"):
            receive(token=token, question=question)
        valid = case.submissions.valid().filter(edition__code="contact_request").get()
        assert valid.answers["question"] == "Б"
        assert lines_of(case).count("corrected") == 3
        assert Case.objects.count() == 1

    def test_with_other_words_on_another_edition_or_in_an_ended_case_keeps_the_first(self, receive, one_window):
        token = uuid.uuid4()
        case = receive(token=token).request.case
        receive(token=token, new_question="?")
        cases.refuse_case(case=case, actor=member_of(one_window), at=NOW, reason="не к нам")
        receive(token=token, question="Ещё одно")
        assert case.submissions.count() == 2

    def test_that_lost_the_race_to_its_own_double_is_the_same_request(self, receive, one_window, monkeypatch):
        token = uuid.uuid4()
        first = receive(token=token)
        look_up = ContactRequest.objects.filter
        too_early = [ContactRequest.objects.none()]
        monkeypatch.setattr(
            ContactRequest.objects,
            "filter",
            lambda **facts: too_early.pop() if too_early else look_up(**facts),
            raising=False,
        )
        assert receive(token=token).request == first.request
        assert Case.objects.count() == 1

    def test_takes_a_name_as_long_as_the_form_allows(self, receive, one_window):
        assert receive(name="ж" * 500).request.submission.answers["name"] == "ж" * 500


class TestTheSecretCode:
    def test_opens_the_state_and_the_look_is_written_down(self, receive, one_window):
        receipt = receive()
        reference = receipt.request.case.reference
        found = contact_requests.find_by_code(reference=reference, code=receipt.code, at=NOW)
        assert found == receipt.request
        assert contact_requests.find_by_code(reference=reference, code=receipt.code.replace("-", " "), at=NOW) == found
        assert lines_of(receipt.request.case)[-2:] == ["state_asked", "state_asked"]

    def test_of_another_request_opens_nothing(self, receive, one_window):
        mine, other = receive(), receive()
        reference = mine.request.case.reference
        for code in (other.code, "", "0000-000-000", mine.code[:-1], "٣" * 10):
            assert contact_requests.find_by_code(reference=reference, code=code, at=NOW) is None
        assert contact_requests.find_by_code(reference="2026-99999", code=mine.code, at=NOW) is None
        assert "state_asked" not in lines_of(mine.request.case)

    def test_is_not_kept_anywhere_as_it_is(self, receive, one_window):
        receipt = receive()
        digits = receipt.code.replace("-", "")
        assert len(digits) == 10
        assert digits not in receipt.request.code_hash
        assert receipt.code not in receipt.request.code_hash

    def test_is_found_again_by_the_token_of_the_browser_only(self, receive, one_window):
        receipt = receive()
        assert contact_requests.find_by_token(str(receipt.request.token)) == receipt.request
        for foreign in (None, "", "x", uuid.uuid4()):
            assert contact_requests.find_by_token(foreign) is None


class TestTheSeal:
    def test_belongs_to_one_browser(self):
        seal = new_seal("browser one")
        assert token_of_seal(seal, browser="browser one")
        assert token_of_seal(seal, browser="browser two") is None

    @pytest.mark.parametrize("seal", ["", "x", "x:y:z"])
    def test_that_is_broken_is_no_seal(self, seal):
        assert token_of_seal(seal, browser="b") is None

    def test_that_was_made_for_something_else_is_no_seal(self):
        assert token_of_seal(signing.dumps("text", salt=SEAL_SALT), browser="b") is None
        assert token_of_seal(signing.dumps([uuid.uuid4().hex, "b"]), browser="b") is None

    def test_over_something_that_is_no_token_is_no_seal(self):
        assert token_of_seal(signing.dumps(["not a token", "b"], salt=SEAL_SALT), browser="b") is None


class TestThePage:
    def test_takes_a_request_and_shows_the_receipt_to_this_browser_only(self, visitor, page):
        response = send(visitor, page, opened(visitor, page))
        assert (response.status_code, response.url) == (302, f"{page.url}gotovo/")
        request = ContactRequest.objects.get()
        receipt = visitor.get(response.url).content.decode()
        assert request.case.reference in receipt
        assert contact_requests.secret_code(request.token) in receipt
        assert Client().get(response.url).url == f"{page.url}sostoyanie/"

    def test_makes_one_case_of_a_double_click_and_of_going_back(self, visitor, page):
        hidden = opened(visitor, page)
        urls = {send(visitor, page, hidden).url for _press in range(3)}
        assert len(urls) == 1
        assert Case.objects.count() == 1

    def test_keeps_the_words_and_makes_nothing_of_a_foreign_or_broken_seal(self, visitor, page):
        for seal in (opened(Client(), page)["seal"], "broken", ""):
            hidden = opened(visitor, page) | {"seal": seal}
            response = send(visitor, page, hidden)
            assert response.status_code == 409
            assert "Хочу вернуть сына домой" in response.content.decode()
            assert response.context["seal"] not in {seal, ""}
        assert not Case.objects.exists()

    def test_asks_for_the_consent_anew_when_its_words_have_changed(self, visitor, page):
        hidden = opened(visitor, page)
        put_in_force("contact_consent")
        response = send(visitor, page, hidden)
        assert response.status_code == 422
        assert "consent" in response.context["form"].consent.errors
        assert "Хочу вернуть сына домой" in response.content.decode()
        assert not response.context["form"].consent["consent"].value()
        assert send(visitor, page, opened(visitor, page)).status_code == 302
        assert ContactRequest.objects.get().consent.edition.number == 2

    def test_never_ticks_the_consent_and_never_goes_on_without_it(self, visitor, page):
        assert "checked" not in str(visitor.get(page.url).context["form"].consent["consent"])
        response = send(visitor, page, opened(visitor, page), consent=False)
        assert response.status_code == 422
        assert not Case.objects.exists()

    def test_asks_for_what_the_chosen_way_needs(self, visitor, page):
        by_phone = send(visitor, page, opened(visitor, page), phone=[""])
        by_mail = send(visitor, page, opened(visitor, page), contact_way=["Написать на электронную почту"])
        assert [place for place, _label, _message in by_phone.context["form"].error_summary] == ["id_phone"]
        assert [place for place, _label, _message in by_mail.context["form"].error_summary] == ["id_email"]
        assert not Case.objects.exists()

    def test_sends_the_request_to_the_agency_that_was_chosen(self, visitor, page):
        chosen = AgencyFactory()
        send(visitor, page, opened(visitor, page), agency=[chosen.name])
        assert Case.objects.get().agency == chosen

    def test_asks_again_when_the_chosen_agency_takes_no_requests(self, visitor, page):
        for name in (AgencyFactory(closed=True).name, "Кто угодно"):
            answer = send(visitor, page, opened(visitor, page), agency=[name])
            assert answer.status_code == 422
            assert "Хочу вернуть сына домой" in answer.content.decode()
        assert not Case.objects.exists()

    def test_takes_what_people_type_and_refuses_what_is_too_long_without_losing_it(self, visitor, page):
        strange = "мама \x00 👩‍👧 \u202eтекст <b>{{ 7*7 }}</b> =1+1"
        assert send(visitor, page, opened(visitor, page), question=[strange], name=["н" * 400]).status_code == 302
        assert ContactRequest.objects.get().submission.answers["question"] == strange.replace("\x00", "").replace(
            "\u202e", ""
        )
        too_long = send(visitor, page, opened(visitor, page), safe_time=["ж" * 10_000])
        assert too_long.status_code == 422
        assert "ж" * 10_000 in too_long.content.decode()

    def test_ignores_fields_that_it_does_not_have(self, visitor, page):
        send(visitor, page, {**opened(visitor, page), "curator": "1", "children-0-fio": "x", "status": "closed"})
        assert ContactRequest.objects.get().case.status == "new"

    def test_says_that_it_is_closed_while_nobody_can_take_requests(self, visitor, page, one_window):
        hidden = opened(visitor, page)
        one_window.is_open = False
        one_window.save()
        assert visitor.get(page.url).status_code == 503
        assert send(visitor, page, hidden).status_code == 503

    def test_says_so_too_when_the_last_agency_closed_a_moment_ago(self, visitor, page, monkeypatch):
        def nobody(**facts):
            raise NoAgencyTakesRequests

        hidden = opened(visitor, page)
        monkeypatch.setattr(contact_requests, "receive", nobody)
        assert send(visitor, page, hidden).status_code == 200
        assert not Case.objects.exists()

    def test_stops_a_flood_and_keeps_the_words(self, visitor, page, settings):
        settings.ACCOUNT_RATE_LIMITS = {"contact_request": "2/h/ip"}
        assert [send(visitor, page, opened(visitor, page)).status_code for _request in range(3)] == [302, 302, 429]
        last = send(visitor, page, opened(visitor, page), question=["Последнее слово"])
        assert "Последнее слово" in last.content.decode()
        assert Case.objects.count() == 2

    def test_answers_only_to_the_ways_of_a_browser(self, visitor, page):
        assert visitor.put(page.url).status_code == 405
        assert visitor.delete(page.url).status_code == 405

    def test_is_kept_by_no_cache(self, visitor, page):
        assert "no-store" in visitor.get(page.url)["Cache-Control"]


class TestTheReceipt:
    def test_is_cleared_from_the_browser_on_a_press(self, visitor, page):
        send(visitor, page, opened(visitor, page))
        assert visitor.post(f"{page.url}gotovo/").url == "/"
        assert visitor.get(f"{page.url}gotovo/").url == f"{page.url}sostoyanie/"

    def test_is_not_cleared_by_another_site(self, page):
        visitor = Client(enforce_csrf_checks=True)
        hidden = opened(visitor, page)
        token = visitor.cookies["csrftoken"].value
        send(visitor, page, hidden | {"csrfmiddlewaretoken": token})
        assert visitor.post(f"{page.url}gotovo/").status_code == 200
        assert visitor.get(f"{page.url}gotovo/").status_code == 200


class TestTheState:
    def ask(self, visitor, page, reference, code):
        return visitor.post(f"{page.url}sostoyanie/", {"reference": reference, "code": code})

    def test_is_shown_for_the_number_and_the_code_however_they_are_typed(self, visitor, page, receive):
        receipt = receive()
        number = int(receipt.request.case.reference.partition("-")[2])
        for reference in (receipt.request.case.reference, f"№ 2026 {number}", f"2026{number:05}"):
            response = self.ask(visitor, page, reference, receipt.code.replace("-", " "))
            assert response.context["case"] == receipt.request.case
        assert "Марина" not in response.content.decode()
        assert "вернуть сына" not in response.content.decode()

    @pytest.mark.parametrize("reference", ["", "2026-99999", "x", "\x00", "2026-00001' OR 1=1", "9" * 41])
    def test_of_a_wrong_number_is_not_shown(self, visitor, page, receive, reference):
        response = self.ask(visitor, page, reference, receive().code if reference != "2026-00001" else "")
        assert "case" not in response.context or response.status_code in {404, 422}

    def test_of_a_wrong_code_is_404_and_guessing_is_stopped(self, visitor, page, receive):
        receipt = receive()
        codes = [self.ask(visitor, page, receipt.request.case.reference, f"{n:010}").status_code for n in range(21)]
        assert codes == [404] * 20 + [429]

    def test_page_itself_opens_without_a_question(self, visitor, page):
        assert visitor.get(f"{page.url}sostoyanie/").status_code == 200


class TestPersonalData:
    def test_is_in_no_mail_no_log_and_no_address(
        self, visitor, page, one_window, caplog, django_capture_on_commit_callbacks
    ):
        colleague, gone = member_of(one_window), member_of(one_window, is_active=False)
        caplog.set_level(logging.DEBUG)
        with django_capture_on_commit_callbacks(execute=True):
            response = send(visitor, page, opened(visitor, page))
        (letter,) = mail.outbox
        assert letter.to == [colleague.email]
        assert gone.email not in letter.recipients()
        case = Case.objects.get()
        assert case.reference in letter.subject
        code = contact_requests.secret_code(ContactRequest.objects.get().token)
        logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
        subjects = " ".join(case.log.values_list("subject", flat=True))
        for words in (letter.subject + letter.body, logged, response.url, subjects):
            assert not [secret for secret in [*SECRETS, code] if secret in words]

    def test_mail_that_cannot_be_sent_stops_nothing_and_tells_nothing(self, receive, one_window, monkeypatch, caplog):
        def broken():
            raise ConnectionRefusedError("no mail here for Марина")

        monkeypatch.setattr(notifications, "get_connection", broken)
        member_of(one_window)
        notifications.tell_about_new_case(receive().request.case)
        assert caplog.records[-1].name == "casework.notifications"
        assert "Марина" not in caplog.records[-1].getMessage()


class TestAPhoneThatOthersPickUp:
    def test_shows_no_receipt_after_half_an_hour(self, visitor, page):
        send(visitor, page, opened(visitor, page))
        assert visitor.get(f"{page.url}gotovo/").status_code == 200
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=31)):
            assert visitor.get(f"{page.url}gotovo/").url == f"{page.url}sostoyanie/"

    def test_cannot_send_the_same_page_again_once_it_was_cleared(self, visitor, page):
        hidden = opened(visitor, page)
        send(visitor, page, hidden)
        visitor.post(f"{page.url}gotovo/")
        answer = send(visitor, page, hidden, phone=["8 (900) 000-00-99"])
        assert answer.status_code == 409
        assert ContactRequest.objects.count() == 1
        assert "gotovo" not in visitor.get(f"{page.url}gotovo/").url

    def test_says_when_words_cannot_be_added_any_more(self, visitor, page):
        hidden = opened(visitor, page)
        send(visitor, page, hidden)
        case = Case.objects.get()
        cases.refuse_case(case=case, actor=member_of(case.agency), at=timezone.now(), reason="не к нам")
        answer = send(visitor, page, hidden, question=["Ещё вопрос"])
        assert answer.status_code == 409
        assert "Ещё вопрос" in answer.content.decode()
        again = {**hidden, "seal": answer.context["seal"]}
        assert send(visitor, page, again, question=["Ещё вопрос"]).status_code == 302
        assert Case.objects.count() == 2
