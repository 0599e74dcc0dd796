"""What is refused about the register of professional families, in words that say what to do."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import submissions
from casework.actions.carer_refusals import ChildStillThere
from casework.models import CarerFamily, TeamRole
from tests.casework.conftest import NOW
from tests.casework.professional_families import card_in, child_in, choose, family_of, paper, place
from tests.factories import AgencyFactory, UserFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def head_desk(head):
    browser = Client()
    browser.force_login(head)
    return browser


@pytest.fixture
def candidate(agency, specialist):
    return family_of(agency, specialist, papers=False)


def told(answer):
    """Return what the messages of a page say."""
    return [str(message) for message in answer.context["messages"]]


class TestAPaper:
    @pytest.mark.parametrize(
        ("issued", "until", "field", "code"),
        [(1, 9, "issued_on", "future"), (-5, -6, "valid_until", "days")],
    )
    def test_of_days_that_cannot_be_is_told_beside_the_field(self, desk, candidate, issued, until, field, code):
        today = timezone.localdate()
        sent = {
            "kind": "health",
            "number": "№ 12, поликлиника",
            "issued_on": f"{today + issued * DAY:%d.%m.%Y}",
            "valid_until": f"{today + until * DAY:%d.%m.%Y}",
            "token": str(uuid.uuid4()),
        }
        answer = desk.post(reverse("casework:add_carer_paper", args=[candidate.token]), sent)
        assert answer.context["form"].has_error(field, code)
        assert answer.context["form"]["number"].value() == "№ 12, поликлиника"
        assert not candidate.papers.exists()

    def test_of_another_family_is_not_there_to_strike_out(self, desk, candidate, agency, specialist):
        other = paper(family_of(agency, specialist, papers=False), "health", actor=specialist)
        assert desk.post(reverse("casework:strike_carer_paper", args=[candidate.token, other.pk])).status_code == 404
        other.refresh_from_db()
        assert not other.is_mistake

    def test_that_was_struck_out_stays_in_the_list(self, desk, candidate, specialist):
        wrong = paper(candidate, "health", actor=specialist)
        card = reverse("casework:carer", args=[candidate.token])
        assert desk.post(reverse("casework:strike_carer_paper", args=[candidate.token, wrong.pk])).url == card
        page = desk.get(card)
        assert [each.is_mistake for each in page.context["card"].papers] == [True]
        assert len(page.context["card"].lacking) == 3


class TestTheHead:
    def test_is_told_every_paper_that_is_lacking(self, head_desk, candidate, specialist):
        last = timezone.localdate() - DAY
        paper(candidate, "health", actor=specialist, at=timezone.now(), valid_until=last)
        answer = head_desk.post(
            reverse("casework:decide_on_carer", args=[candidate.token]), {"decision": "included", "reasons": ""}
        )
        [words] = told(answer)
        lacking = head_desk.get(reverse("casework:carer", args=[candidate.token])).context["card"].lacking
        assert len(lacking) == 3
        assert all(each in words for each in lacking)
        assert f"{last:%d.%m.%Y}" in words
        candidate.refresh_from_db()
        assert candidate.state == "candidate"

    def test_says_why_before_anything_is_refused(self, head_desk, candidate):
        address = reverse("casework:decide_on_carer", args=[candidate.token])
        answer = head_desk.post(address, {"decision": "refused", "reasons": "  "})
        assert answer.context["form"].has_error("reasons", "reason")

    def test_lets_no_family_go_with_whom_a_child_lives(self, head_desk, agency, specialist, head, case):
        at = timezone.now()
        family = family_of(agency, specialist, included_by=head, at=at)
        child = child_in(case, specialist, at=at)
        card_in(case, specialist, at=at)
        place(choose(case, child, family, specialist, at=at), specialist, at=at, on=agency.local(at).date())
        sent = {"decision": "left", "reasons": "Переезжают"}
        answer = head_desk.post(reverse("casework:decide_on_carer", args=[family.token]), sent)
        assert told(answer) == [str(ChildStillThere.message)]


class TestTheRegister:
    def test_is_not_there_for_who_is_of_no_agency_that_keeps_one(self, candidate):
        browser = Client()
        browser.force_login(UserFactory())
        for name in ("carers", "add_carer", "waiting_children"):
            assert browser.get(reverse(f"casework:{name}")).status_code == 404

    def test_shows_who_was_refused_only_when_asked(self, desk, agency, specialist):
        gone = family_of(agency, specialist, state="refused")
        address = reverse("casework:carers")
        assert desk.get(address).context["lines"] == []
        assert [line.family for line in desk.get(address, {"show": "all"}).context["lines"]] == [gone]

    @pytest.mark.parametrize("page", ["0", "999", "x"])
    def test_has_a_page_for_any_number(self, desk, candidate, page):
        answer = desk.get(reverse("casework:carers"), {"page": page})
        assert [line.family for line in answer.context["lines"]] == [candidate]


class TestACandidateOfAFiledForm:
    ANSWERS = {"candidate": "Лугова Вера Ильинична", "pets": "нет", "smoking": "курят дома"}

    @pytest.fixture
    def filed(self, case, specialist):
        return submissions.file_submission(
            case=case,
            edition=put_in_force("pf_candidate_form"),
            answers=self.ANSWERS,
            token=uuid.uuid4(),
            actor=specialist,
            at=NOW,
        )

    def asked(self, person, filed):
        browser = Client()
        browser.force_login(person)
        where = {"case": filed.case.reference, "document": filed.number}
        return told(browser.get(reverse("casework:add_carer"), where))

    def test_is_begun_without_a_word_when_everything_may_be_read(self, filed, specialist):
        assert self.asked(specialist, filed) == []

    def test_warns_a_colleague_that_some_answers_are_closed(self, filed, agency):
        """Else the card would say that nobody smokes, because the reader may not know it."""
        assert len(self.asked(member_of(agency), filed)) == 1

    def test_warns_when_the_family_is_in_the_register_already(self, filed, agency, specialist):
        family_of(agency, specialist, name=self.ANSWERS["candidate"], papers=False)
        stranger = AgencyFactory()
        family_of(stranger, member_of(stranger), name=self.ANSWERS["candidate"], papers=False)
        assert len(self.asked(specialist, filed)) == 1
        assert CarerFamily.objects.count() == 2
