"""The register of professional families: who keeps it, papers that expire, what the head decides."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework import access
from casework.actions import carer_register, carers, submissions
from casework.actions.carer_refusals import (
    BadPaperDays,
    CarerChanged,
    ChildStillThere,
    NotKeeper,
    NotPossibleNow,
    OnlyTheHead,
    PapersLacking,
    ReasonNeeded,
)
from casework.candidate_form import papers_of_candidate
from casework.models import CarerFamily, CarerPaper, CarerRecord, TeamRole
from forms_library.models.agencies import AgencyKind
from tests.casework.conftest import NOW
from tests.casework.professional_families import TODAY, card_in, child_in, choose, family_of, paper, place
from tests.factories import AgencyFactory, UserFactory, member_of, open_case, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def candidate(agency, specialist):
    return family_of(agency, specialist)


@pytest.fixture
def family(agency, specialist, head):
    return family_of(agency, specialist, included_by=head)


def lines(family):
    """Return the events of the log of a family, in the order they were written."""
    return list(CarerRecord.objects.filter(family=family).order_by("pk").values_list("event", flat=True))


class TestTheRegister:
    def test_is_open_to_its_own_agency_and_hidden_from_everybody_else(self, candidate, specialist, head):
        strangers = [member_of(AgencyFactory()), UserFactory(is_superuser=True), UserFactory()]
        gone = member_of(candidate.agency)
        gone.is_active = False
        for user in (specialist, head):
            assert access.get_carer(user=user, token=candidate.token) == candidate
        for user in (*strangers, gone):
            assert not access.carers_for(user).exists()
            with pytest.raises(access.CaseNotFound):
                access.get_carer(user=user, token=candidate.token)

    def test_is_kept_by_agencies_that_give_this_service(self, specialist, agency):
        school = AgencyFactory(kind=AgencyKind.EDUCATION_ORG)
        for agency_of_theirs, actor in ((school, member_of(school)), (agency, member_of(AgencyFactory()))):
            with pytest.raises(NotKeeper):
                family_of(agency_of_theirs, actor, papers=False)
        assert not CarerFamily.objects.exists()

    def test_takes_the_same_page_twice_as_one_family(self, agency, specialist):
        token = uuid.uuid4()
        first, second = (family_of(agency, specialist, token=token, papers=False) for _press in range(2))
        assert first == second
        assert lines(first) == ["added"]

    def test_never_overwrites_what_somebody_else_has_changed(self, candidate, agency, specialist):
        mine, theirs = (CarerFamily.objects.get(pk=candidate.pk) for _person in range(2))
        theirs.district = "Другой"
        carers.keep_carer(family=theirs, agency=agency, actor=specialist, at=NOW)
        mine.district = "Мой"
        with pytest.raises(CarerChanged):
            carers.keep_carer(family=mine, agency=agency, actor=specialist, at=NOW)
        assert CarerFamily.objects.get().district == "Другой"
        assert lines(candidate)[-1] == "changed"

    def test_asks_as_much_of_the_database_for_many_as_for_few(
        self, agency, specialist, head, django_assert_num_queries
    ):
        for number in (1, 6):
            for _family in range(number):
                family_of(agency, specialist, included_by=head)
            with django_assert_num_queries(3):
                assert carer_register.listed(access.carers_for(specialist), today=TODAY)


class TestPapers:
    def test_the_one_that_is_good_for_longest_counts_and_a_mistake_does_not(self, candidate, specialist):
        longest = paper(candidate, "health", actor=specialist, valid_until=TODAY + dt.timedelta(days=900))
        assert self.last_day(candidate) == longest.valid_until
        carers.strike_paper(paper=longest, actor=specialist, at=NOW)
        carers.strike_paper(paper=longest, actor=specialist, at=NOW)
        assert self.last_day(candidate) == TODAY + dt.timedelta(days=335)
        assert lines(candidate)[-2:] == ["paper_added", "paper_struck"]

    def last_day(self, family):
        papers = carer_register.papers_that_count(CarerPaper.objects.filter(family=family))
        return next(each.valid_until for each in papers if each.kind == "health")

    def test_the_same_page_twice_is_one_paper(self, candidate, specialist):
        token = uuid.uuid4()
        first, second = (paper(candidate, "contract", actor=specialist, token=token) for _press in range(2))
        assert first == second

    @pytest.mark.parametrize(("issued", "until"), [(1, 10), (-5, -6)])
    def test_of_a_day_to_come_or_that_end_before_they_begin_are_refused(self, candidate, specialist, issued, until):
        with pytest.raises(BadPaperDays):
            paper(
                candidate,
                "contract",
                actor=specialist,
                issued_on=TODAY + dt.timedelta(days=issued),
                valid_until=TODAY + dt.timedelta(days=until),
            )

    def test_are_told_of_thirty_days_before_they_expire_and_after(self, candidate, specialist):
        kinds = {"health": 31, "record": 30, "training": -1}
        for old in candidate.papers.all():
            carers.strike_paper(paper=old, actor=specialist, at=NOW)
        for kind, days in kinds.items():
            paper(candidate, kind, actor=specialist, valid_until=TODAY + dt.timedelta(days=days))
        renew = carer_register.papers_to_renew(candidate, today=TODAY)
        assert [each.kind for each in renew] == ["record", "training"]
        assert carer_register.renewals_waiting(specialist, today=TODAY) == 1
        assert carer_register.renewals_waiting(member_of(AgencyFactory()), today=TODAY) == 0
        CarerFamily.objects.update(state="left")
        assert carer_register.renewals_waiting(specialist, today=TODAY) == 0


class TestDeciding:
    def decide(self, family, head, decision, reasons="Так решили"):
        return carers.decide_on_carer(family=family, decision=decision, reasons=reasons, actor=head, at=NOW)

    def test_is_for_the_head_of_the_agency_only(self, candidate, specialist):
        for actor in (specialist, member_of(AgencyFactory(), TeamRole.HEAD)):
            with pytest.raises(OnlyTheHead):
                self.decide(candidate, actor, "included")
            assert carers.decisions_possible(candidate, user=actor) == ()

    def test_includes_sends_back_and_refuses_with_reasons_that_stay(self, candidate, head):
        assert self.decide(candidate, head, "rework", "Нет справки").state == "rework"
        assert self.decide(candidate, head, "included", "").state == "included"
        assert self.decide(candidate, head, "paused", "Отпуск").state == "paused"
        assert self.decide(candidate, head, "left", "Переехали").state == "left"
        assert lines(candidate)[-4:] == ["rework", "included", "paused", "left"]
        assert CarerRecord.objects.filter(words="Нет справки").count() == 1

    def test_says_why_unless_it_includes(self, candidate, head):
        with pytest.raises(ReasonNeeded):
            self.decide(candidate, head, "refused", "  ")

    @pytest.mark.parametrize("missing", ["health", "record", "training"])
    def test_includes_nobody_without_every_paper(self, agency, specialist, head, missing):
        family = family_of(agency, specialist, papers=False)
        for kind in {"health", "record", "training"} - {missing}:
            paper(family, kind, actor=specialist)
        with pytest.raises(PapersLacking) as refused:
            self.decide(family, head, "included")
        assert len(refused.value.lacking) == 1
        paper(family, missing, actor=specialist, valid_until=TODAY - dt.timedelta(days=1))
        with pytest.raises(PapersLacking):
            self.decide(family, head, "included")

    def test_fits_where_the_family_stands(self, family, head):
        for decision in ("included", "refused", "rework", "nonsense"):
            with pytest.raises(NotPossibleNow):
                self.decide(family, head, decision)

    def test_lets_nobody_go_with_whom_a_child_lives(self, family, head, case, specialist):
        child = child_in(case, specialist)
        card_in(case, specialist)
        place(choose(case, child, family, specialist), specialist)
        with pytest.raises(ChildStillThere):
            self.decide(family, head, "left")
        assert self.decide(family, head, "paused").state == "paused"


class TestThePages:
    @pytest.fixture
    def head_desk(self, head):
        browser = Client()
        browser.force_login(head)
        return browser

    def test_lead_a_candidate_to_the_register(self, desk, head_desk, specialist):
        words = {
            "name": "Лугова Вера",
            "age_from": "0",
            "age_to": "36",
            "places": "2",
            "rest_days": "14",
            "accepted": ["diet"],
            "token": str(uuid.uuid4()),
        }
        for _press in range(2):
            answer = desk.post(reverse("casework:add_carer"), words)
        family = CarerFamily.objects.get()
        assert answer.url == reverse("casework:carer", args=[family.token])
        assert (family.accepted, family.state) == (["diet"], "candidate")
        day = timezone.localdate().strftime("%d.%m.%Y")
        for kind in ("health", "record", "training"):
            sent = {"kind": kind, "issued_on": day, "token": str(uuid.uuid4())}
            assert desk.post(reverse("casework:add_carer_paper", args=[family.token]), sent).status_code == 302
        address = reverse("casework:decide_on_carer", args=[family.token])
        assert desk.post(address, {"decision": "included"}).status_code == 404
        assert head_desk.post(address, {"decision": "included"}).status_code == 302
        family.refresh_from_db()
        assert family.state == "included"
        assert family.name in desk.get(reverse("casework:carers")).content.decode()

    def test_keep_the_words_of_whoever_was_slower(self, candidate, desk, agency, specialist):
        stale = {
            "name": "Мои слова",
            "age_from": "0",
            "age_to": "36",
            "places": "1",
            "rest_days": "14",
            "token": str(candidate.token),
            "version": str(candidate.version),
        }
        carers.keep_carer(family=CarerFamily.objects.get(), agency=agency, actor=specialist, at=NOW)
        address = reverse("casework:change_carer", args=[candidate.token])
        answer = desk.post(address, stale)
        assert "Мои слова" in answer.content.decode()
        assert answer.context["form"]["version"].value() == "2"
        assert desk.post(address, stale | {"version": "2"}).status_code == 302

    def test_write_down_every_look(self, candidate, desk):
        desk.get(reverse("casework:carer", args=[candidate.token]))
        assert lines(candidate)[-1] == "read"

    def test_hide_the_child_of_a_case_that_is_closed_to_the_reader(self, family, agency, specialist):
        other_agency = AgencyFactory()
        colleague = member_of(other_agency)
        agency.teams.get(role="specialist").group.user_set.add(colleague)
        case = open_case(other_agency, accepted_by=colleague, at=NOW)
        child = child_in(case, colleague)
        card_in(case, colleague)
        place(choose(case, child, family, colleague), colleague)
        for user, is_told in ((specialist, False), (colleague, True)):
            browser = Client()
            browser.force_login(user)
            page = browser.get(reverse("casework:carer", args=[family.token])).content.decode()
            assert (child.full_name in page) is is_told
            assert (case.reference in page) is is_told

    @pytest.mark.parametrize(
        "wrong",
        [
            {"age_from": "40"},
            {"places": "0"},
            {"name": ""},
            {"rest_days": "-1"},
            {"accepted": ["dragons"]},
        ],
    )
    def test_say_what_is_wrong_and_keep_nothing(self, desk, wrong):
        words = {"name": "Лугова", "age_from": "0", "age_to": "36", "places": "1", "rest_days": "14"}
        answer = desk.post(reverse("casework:add_carer"), {**words, "token": str(uuid.uuid4()), **wrong})
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not CarerFamily.objects.exists()

    @pytest.mark.parametrize(("days", "tone"), [(-1, "badge-danger"), (5, "badge-wait")])
    def test_tell_what_has_expired_from_what_soon_will(self, desk, candidate, days, tone):
        candidate.papers.filter(kind="health").update(valid_until=timezone.localdate() + dt.timedelta(days=days))
        assert tone in desk.get(reverse("casework:carers")).content.decode()


class TestAFiledCandidate:
    """«Анкета кандидата» goes into the register without being typed again."""

    ANSWERS = {
        "candidate": "Лугова Вера Ильинична",
        "phone": "8 (900) 000-00-31",
        "address": "ул. Вымышленная, д. 3",
        "age_from": 0,
        "age_to": 24,
        "children_at_once": 2,
        "accepted": ["младенцы до года", "братья и сёстры вместе", "недоношенные", "слова другой редакции"],
        "limits": "Не водит машину",
        "pets": "есть",
        "smoking": "курят дома",
        "health_date": "2026-02-02",
        "no_record_date": "2026-02-03",
        "training_on": "2026-01-20",
        "valid_till": "2027-02-10",
    }

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

    def page(self, person, filed, number=None):
        browser = Client()
        browser.force_login(person)
        where = {"case": filed.case.reference, "document": number or filed.number}
        return browser.get(reverse("casework:add_carer"), where)

    def test_begins_the_card_and_is_read_on_the_record(self, filed, specialist, events):
        words = self.page(specialist, filed).context["form"].initial
        assert (words["name"], words["contacts"]) == (
            "Лугова Вера Ильинична",
            "8 (900) 000-00-31, ул. Вымышленная, д. 3",
        )
        assert (words["age_to"], words["places"], words["accepted"]) == (24, 2, ["premature"])
        assert (words["accepts_siblings"], words["has_pets"], words["smokes_at_home"]) == (True, True, True)
        assert events()[-1] == "document_read"

    def test_tells_a_colleague_nothing_that_is_closed_to_them(self, filed, agency):
        words = self.page(member_of(agency), filed).context["form"].initial
        assert words["has_pets"]
        assert not words["smokes_at_home"]

    def sent(self, person, filed):
        browser = Client()
        browser.force_login(person)
        address = reverse("casework:add_carer") + f"?case={filed.case.reference}&document={filed.number}"
        form = browser.get(address).context["form"]
        words = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        for _press in range(2):
            answer = browser.post(address, words)
            assert answer.status_code == 302, answer.context["form"].errors
        papers = CarerPaper.objects.filter(family=CarerFamily.objects.get()).order_by("kind")
        return list(papers.values_list("kind", "issued_on", "valid_until"))

    def test_brings_the_days_of_its_papers_once(self, filed, specialist):
        last = dt.date(2027, 2, 10)
        assert self.sent(specialist, filed) == [
            ("health", dt.date(2026, 2, 2), last),
            ("record", dt.date(2026, 2, 3), last),
            ("training", dt.date(2026, 1, 20), None),
        ]

    def test_brings_no_paper_that_is_closed_to_whoever_writes_the_candidate_down(self, filed, agency):
        assert self.sent(member_of(agency), filed) == [("training", dt.date(2026, 1, 20), None)]

    @pytest.mark.parametrize(
        ("said", "kinds"),
        [
            ({"valid_till": None}, ["training"]),
            ({"valid_till": "2026-02-02"}, ["health", "training"]),
            ({"health_date": "2026-03-01", "training_on": ""}, ["record"]),
        ],
    )
    def test_brings_no_paper_without_a_day_that_counts(self, said, kinds):
        papers = papers_of_candidate(self.ANSWERS | said, today=dt.date(2026, 2, 15))
        assert sorted(each.kind for each in papers) == kinds

    def test_is_not_there_for_strangers_and_other_documents_are_none(self, filed, specialist):
        stranger = member_of(AgencyFactory(kind=AgencyKind.KCSON))
        assert self.page(stranger, filed).status_code == 404
        assert self.page(specialist, filed, number=filed.number + 1).status_code == 404
        assert self.page(specialist, filed, number="9" * 30).context["form"].initial.get("name", "") == ""

    def test_is_offered_beside_the_document_to_those_who_keep_a_register(self, filed, specialist, monkeypatch):
        browser = Client()
        browser.force_login(specialist)
        address = reverse("casework:document", args=[filed.case.reference, filed.number])
        wanted = reverse("casework:add_carer") + f"?case={filed.case.reference}"
        assert wanted in browser.get(address).content.decode()
        monkeypatch.setattr(access.carers, "KEEPERS", ())
        assert wanted not in browser.get(address).content.decode()
