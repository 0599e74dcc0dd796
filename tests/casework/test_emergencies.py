"""A foreign case opened at a threat to life: for a day, with a reason, told of at once, reviewed afterwards."""

import datetime as dt

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from casework import access
from casework.actions import emergencies, rights
from casework.actions.rights_refusals import (
    AlreadyReviewed,
    NoSuchCase,
    NotOfAnOpenAgency,
    NotYoursToReview,
    ReasonTooShort,
)
from casework.models import EmergencyOpening, Person, TeamRole
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, UserFactory, member_of, open_case

pytestmark = pytest.mark.django_db

REASON = "Ребёнок один в запертой квартире, мать не отвечает"
MONDAY = NOW  # 23 November 2026, noon in Novosibirsk


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def officer(db):
    """Somebody on duty in another agency."""
    return member_of(AgencyFactory())


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD, work_phone="8 (383) 111-11-11")


@pytest.fixture
def break_in(case, officer):
    """Return a function that opens the case in an emergency."""

    def act(person=None, *, reference=None, reason=REASON, at=NOW):
        return emergencies.open_in_emergency(
            reference=reference or case.reference, reason=reason, actor=person or officer, at=at
        )

    return act


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


class TestAnOpening:
    def test_lasts_a_day_and_is_to_be_reviewed_in_three_working_days(self, case, officer, break_in, events):
        opening = break_in()
        assert opening.ends_at == NOW + dt.timedelta(hours=24)
        assert opening.review_due == dt.date(2026, 11, 26)
        assert events() == ["emergency_opened"]
        assert access.get_emergency(user=officer, token=opening.token, at=opening.ends_at - dt.timedelta(seconds=1))
        with pytest.raises(access.CaseNotFound):
            access.get_emergency(user=officer, token=opening.token, at=opening.ends_at)

    def test_does_not_open_the_case_itself(self, case, officer, break_in):
        break_in()
        assert not access.permissions_on(case, user=officer, today=NOW.date())
        assert signed_in(officer).get(reverse("casework:case", args=[case.reference])).status_code == 404

    def test_is_for_the_one_who_made_it(self, case, officer, head, break_in):
        opening = break_in(at=timezone.now())
        page = reverse("casework:emergency", args=[opening.token])
        assert signed_in(officer).get(page).status_code == 200
        colleague = member_of(officer.groups.get().team.agency)
        for other in (colleague, head, member_of(AgencyFactory()), UserFactory(is_superuser=True)):
            assert signed_in(other).get(page).status_code == 404

    def test_made_twice_is_one(self, break_in, events):
        first = break_in()
        assert break_in(at=NOW + dt.timedelta(hours=2)) == first
        assert events() == ["emergency_opened"]
        assert break_in(at=NOW + dt.timedelta(hours=25)) != first

    def test_is_told_of_at_once_without_a_word_of_the_family(
        self, case, specialist, head, break_in, settings, django_capture_on_commit_callbacks
    ):
        settings.DATA_OFFICER_EMAIL = "officer@example.org"
        Person.objects.create(case=case, role="child", full_name="Лукошкин Тимофей")
        with django_capture_on_commit_callbacks(execute=True):
            break_in()
        assert {address for letter in mail.outbox for address in letter.to} == {
            specialist.email,
            head.email,
            "officer@example.org",
        }
        for letter in mail.outbox:
            said = letter.subject + letter.body
            assert "Лукошкин" not in said
            assert REASON not in said
            assert case.reference in said

    def test_leaves_the_reason_out_of_the_log(self, case, break_in):
        break_in()
        assert REASON not in "".join(case.log.values_list("subject", flat=True))

    def test_is_refused_to_whoever_is_kept_out_as_if_there_were_no_case(self, case, officer, head, break_in, events):
        opening = break_in(at=timezone.now())
        rights.bar(case=case, person=officer, concerned=[officer], reason="Сосед", actor=head, at=timezone.now())
        assert signed_in(officer).get(reverse("casework:emergency", args=[opening.token])).status_code == 404
        with pytest.raises(NoSuchCase):
            break_in(at=timezone.now() + dt.timedelta(days=3))
        assert events() == ["emergency_opened", "barred"]

    @pytest.mark.parametrize("reference", ["2026-99999", "", "a\x00b", "…" * 400])
    def test_of_a_number_that_was_never_given_is_refused(self, break_in, officer, reference):
        with pytest.raises(NoSuchCase):
            emergencies.open_in_emergency(reference=reference, reason=REASON, actor=officer, at=NOW)
        assert not EmergencyOpening.objects.exists()

    def test_is_refused_to_who_is_of_no_open_agency_and_without_a_reason(self, break_in, events):
        for person in (UserFactory(), UserFactory(is_superuser=True), member_of(AgencyFactory(closed=True))):
            with pytest.raises(NotOfAnOpenAgency):
                break_in(person)
        with pytest.raises(ReasonTooShort):
            break_in(reason="  срочно  " + " " * 40)
        assert events() == []


class TestWhatIsShown:
    def test_is_what_saves_a_child_and_nothing_of_the_papers(
        self, case, specialist, officer, head, break_in, file_plan
    ):
        Person.objects.create(
            case=case, role="child", full_name="Лукошкин Тимофей", address="ул. Малиновая, 1", phone="8 (900) 000-00-55"
        )
        filed = file_plan(factors=["Тайна о здоровье"])
        opening = break_in(at=timezone.now())
        page = signed_in(officer).get(reverse("casework:emergency", args=[opening.token])).content.decode()
        shown = ("Лукошкин Тимофей", "ул. Малиновая, 1", "8 (900) 000-00-55", str(specialist), str(head))
        for words in (*shown, "8 (383) 111-11-11", filed.edition.title):
            assert words in page
        assert "Тайна о здоровье" not in page
        assert reverse("casework:document", args=[case.reference, filed.number]) not in page

    def test_is_written_down_each_time_it_is_read(self, officer, break_in, events):
        page = reverse("casework:emergency", args=[break_in(at=timezone.now()).token])
        for _look in range(2):
            signed_in(officer).get(page)
        assert events() == ["emergency_opened", "emergency_read", "emergency_read"]


class TestThePage:
    WORDS = {"reason": REASON, "is_threat": "on"}
    ADDRESS = "/cases/emergency/"

    def test_opens_the_case_and_shows_it(self, case, officer):
        answer = signed_in(officer).post(self.ADDRESS, {**self.WORDS, "reference": case.reference})
        assert answer.url == reverse("casework:emergency", args=[EmergencyOpening.objects.get().token])

    def test_leads_back_to_what_stands_open_even_after_the_last_try(self, case, officer):
        browser, words = signed_in(officer), {**self.WORDS, "reference": case.reference}
        page = browser.post(self.ADDRESS, words).url
        assert page in browser.get(self.ADDRESS).content.decode()
        for number in range(6):
            browser.post(self.ADDRESS, {**self.WORDS, "reference": f"2026-9000{number}"})
        assert browser.post(self.ADDRESS, words).url == page
        EmergencyOpening.objects.update(ends_at=timezone.now())
        assert page not in browser.get(self.ADDRESS).content.decode()

    def test_is_led_to_from_the_desk_while_it_lasts_at_the_price_of_one_question(
        self, case, agency, officer, break_in, django_assert_num_queries, django_assert_max_num_queries
    ):
        browser, desk = signed_in(officer), reverse("casework:desk")
        assert 'id="standing"' not in browser.get(desk).content.decode()
        with django_assert_max_num_queries(60) as none:
            browser.get(desk)
        openings = [break_in(reference=open_case(agency, at=NOW).reference, at=timezone.now()) for _case in range(3)]
        with django_assert_num_queries(len(none.captured_queries)):
            page = browser.get(desk).content.decode()
        for opening in openings:
            assert reverse("casework:emergency", args=[opening.token]) in page
            assert opening.case.reference in page
        EmergencyOpening.objects.update(ends_at=timezone.now())
        assert 'id="standing"' not in browser.get(desk).content.decode()

    def test_says_112_in_a_sentence_that_calls(self, officer):
        (link,) = html.fromstring(signed_in(officer).get(self.ADDRESS).content).xpath('//main//a[@href="tel:112"]')
        assert link.text_content() != link.getparent().text_content().strip()

    def test_leads_whoever_sees_the_case_straight_to_it(self, case, desk):
        answer = desk.post(self.ADDRESS, {**self.WORDS, "reference": case.reference})
        assert answer.url == reverse("casework:case", args=[case.reference])
        assert not EmergencyOpening.objects.exists()

    def test_wants_the_tick_and_the_reason_and_keeps_what_was_typed(self, case, officer):
        for words in ({"reason": REASON}, {"reason": "срочно", "is_threat": "on"}):
            answer = signed_in(officer).post(self.ADDRESS, {**words, "reference": case.reference})
            assert answer.status_code == 200
            assert words["reason"] in answer.content.decode()
        assert not EmergencyOpening.objects.exists()

    def test_is_no_way_to_try_numbers(self, case, officer, settings):
        browser = signed_in(officer)
        for number in range(5):
            answer = browser.post(self.ADDRESS, {**self.WORDS, "reference": f"2026-9000{number}"})
            assert str(NoSuchCase()) in answer.content.decode()
        assert browser.post(self.ADDRESS, {**self.WORDS, "reference": case.reference}).status_code == 429
        assert not EmergencyOpening.objects.exists()
        another = signed_in(member_of(AgencyFactory()))
        assert another.post(self.ADDRESS, {**self.WORDS, "reference": case.reference}).status_code == 302

    def test_is_not_there_for_people_without_an_open_agency(self, db):
        for person in (UserFactory(), UserFactory(is_superuser=True), member_of(AgencyFactory(closed=True))):
            assert signed_in(person).get(self.ADDRESS).status_code == 404


class TestAReview:
    def test_says_whether_it_was_justified_once(self, case, head, break_in, events):
        opening = break_in()
        for was_justified in (True, False):
            words = {"was_justified": was_justified, "words": "Ребёнок найден", "actor": head, "at": NOW}
            if was_justified:
                reviewed = emergencies.review(opening=opening, **words)
            else:
                with pytest.raises(AlreadyReviewed):
                    emergencies.review(opening=opening, **words)
        assert (reviewed.was_justified, reviewed.reviewed_by) == (True, head)
        assert reviewed.ends_at == NOW + dt.timedelta(hours=24)
        assert events() == ["emergency_opened", "emergency_reviewed"]

    def test_that_finds_no_ground_closes_the_door_at_once(self, officer, head, break_in):
        opening = break_in()
        at = NOW + dt.timedelta(hours=1)
        emergencies.review(opening=opening, was_justified=False, words="Любопытство", actor=head, at=at)
        with pytest.raises(access.CaseNotFound):
            access.get_emergency(user=officer, token=opening.token, at=at)

    def test_is_made_by_the_people_of_a_keeper_that_nobody_heads(
        self, case, specialist, officer, break_in, django_capture_on_commit_callbacks
    ):
        member_of(case.agency, TeamRole.HEAD, is_active=False)
        with django_capture_on_commit_callbacks(execute=True):
            opening = break_in()
        assert specialist.email in {address for letter in mail.outbox for address in letter.to}
        page = reverse("casework:review_emergency", args=[opening.token])
        assert page in signed_in(specialist).get(reverse("casework:emergency_reviews")).content.decode()
        assert signed_in(specialist).post(page, {"was_justified": "yes", "words": "Да"}).status_code == 302
        assert signed_in(officer).get(page).status_code == 404

    def test_is_made_by_a_head_of_the_keeper_who_has_not_opened_it(self, case, head, specialist, officer, break_in):
        opening = break_in()
        stranger = member_of(AgencyFactory(), TeamRole.HEAD)
        page = reverse("casework:review_emergency", args=[opening.token])
        for person in (specialist, officer, stranger):
            with pytest.raises(NotYoursToReview):
                emergencies.review(opening=opening, was_justified=True, words="Да", actor=person, at=NOW)
            assert signed_in(person).get(page).status_code == 404
        own = member_of(case.agency, TeamRole.HEAD)
        EmergencyOpening.objects.filter(pk=opening.pk).update(person=own)
        with pytest.raises(NotYoursToReview):
            emergencies.review(opening=opening, was_justified=True, words="Да", actor=own, at=NOW)

    def test_waits_on_its_page_until_it_is_made(self, case, head, break_in):
        opening = break_in()
        browser, page = signed_in(head), reverse("casework:review_emergency", args=[opening.token])
        assert list(emergencies.to_review(user=head, today=timezone.localdate())) == [opening]
        assert page in browser.get(reverse("casework:emergency_reviews")).content.decode()
        assert REASON in browser.get(page).content.decode()
        assert browser.post(page, {"was_justified": "", "words": "Ребёнок найден"}).status_code == 200
        assert browser.post(page, {"was_justified": "yes", "words": "Ребёнок найден"}).status_code == 302
        assert not emergencies.to_review(user=head, today=timezone.localdate()).exists()
        assert "Ребёнок найден" in browser.get(page).content.decode()

    def test_list_costs_the_same_for_few_and_for_many(
        self, agency, specialist, head, officer, django_assert_num_queries, django_assert_max_num_queries
    ):
        def open_some(count):
            for _n in range(count):
                other = open_case(agency, accepted_by=specialist, at=NOW)
                emergencies.open_in_emergency(reference=other.reference, reason=REASON, actor=officer, at=NOW)

        browser, page = signed_in(head), reverse("casework:emergency_reviews")
        open_some(1)
        browser.get(page)
        with django_assert_max_num_queries(40) as few:
            browser.get(page)
        open_some(8)
        with django_assert_num_queries(len(few.captured_queries)):
            browser.get(page)


class TestAReminderOfAReview:
    LATE = NOW + dt.timedelta(days=4)  # Friday, the review was due on Thursday

    def test_goes_to_the_heads_once_on_a_working_day(self, head, break_in):
        break_in()
        assert emergencies.remind_of_reviews(at=NOW + dt.timedelta(days=3)) == 0
        for _clock in range(2):
            emergencies.remind_of_reviews(at=self.LATE)
        assert [letter.to for letter in mail.outbox] == [[head.email]]
        emergencies.remind_of_reviews(at=self.LATE + dt.timedelta(days=1))  # Saturday
        assert len(mail.outbox) == 1
        emergencies.remind_of_reviews(at=self.LATE + dt.timedelta(days=3))
        assert len(mail.outbox) == 2

    def test_goes_out_once_when_another_clock_was_quicker(self, head, break_in, monkeypatch):
        break_in()
        found = emergencies._each

        def after_another_clock(late):
            openings = found(late)
            EmergencyOpening.objects.update(reminded_on=self.LATE.date())
            return openings

        monkeypatch.setattr(emergencies, "_each", after_another_clock)
        assert emergencies.remind_of_reviews(at=self.LATE) == 0
        assert mail.outbox == []

    def test_stops_when_the_review_is_made(self, head, break_in):
        opening = break_in()
        emergencies.review(opening=opening, was_justified=True, words="Да", actor=head, at=NOW)
        assert emergencies.remind_of_reviews(at=self.LATE) == 0
        call_command("remind_of_reviews")
        assert mail.outbox == []
