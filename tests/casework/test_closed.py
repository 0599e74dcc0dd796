"""What is told to few stays with few: on the screen, on paper, in facts, in drafts (domain.md D, principle 4)."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from casework import access
from casework.actions import addenda, deliveries, drafts
from casework.actions.closed import CategoryClosed, FactsReader, closed_to, files_closed_to, is_closed_draft
from casework.actions.curators import assign_curator
from casework.actions.facts import standing_for
from casework.actions.handover_packs import pack_of
from casework.closed_answers import closed_facts
from casework.models import Bar, Category, Contradiction, Fact, TeamRole
from forms_library.models.agencies import AgencyKind
from tests.casework.conftest import NOW, filled, may_read_health
from tests.factories import AgencyFactory, member_of, open_case

pytestmark = pytest.mark.django_db

HEALTH = "Пропуски уроков"
TODAY = timezone.localdate()
ALL = frozenset({Category.SPECIAL.value, Category.CRIMINAL.value})


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def open_to(case, person, today=None):
    return access.categories_open(case, user=person, today=today or timezone.localdate())


class TestWhoReadsWhatIsToldToFew:
    def test_the_curator_does_and_a_colleague_does_not(self, case, specialist, agency):
        assert open_to(case, specialist) == ALL
        assert open_to(case, member_of(agency)) == frozenset()
        assert open_to(case, member_of(agency, TeamRole.HEAD)) == frozenset()

    def test_who_was_the_curator_does_not_any_more(self, case, specialist, agency):
        other = member_of(agency)
        assign_curator(case=case, actor=specialist, at=NOW, curator=other)
        case.refresh_from_db()
        assert (open_to(case, specialist), open_to(case, other)) == (frozenset(), ALL)

    def test_until_there_is_a_curator_whoever_may_accept_the_case_does(self, agency):
        new = open_case(agency, at=NOW)
        assert open_to(new, member_of(agency)) == ALL
        assert open_to(new, member_of(agency, TeamRole.HEAD)) == ALL

    def test_a_colleague_with_a_leave_does_until_its_day(self, case, specialist, agency):
        person = member_of(agency)
        given = may_read_health(case, person, by=specialist)
        assert open_to(case, person) == {"special"}
        assert open_to(case, person, given.last_day) == {"special"}
        assert open_to(case, person, given.last_day + dt.timedelta(days=1)) == frozenset()
        given.withdrawn_at, given.withdrawn_by = timezone.now(), specialist
        given.save()
        assert open_to(case, person) == frozenset()

    def test_a_leave_opens_nothing_to_a_stranger_or_to_somebody_kept_out(self, case, specialist, agency):
        stranger, person = member_of(AgencyFactory()), member_of(agency)
        for each in (stranger, person):
            may_read_health(case, each, by=specialist)
        Bar.objects.create(case=case, person=person, reason="сосед", barred_by=specialist, barred_at=NOW)
        assert (open_to(case, stranger), open_to(case, person)) == (frozenset(), frozenset())

    def test_the_secret_of_adoption_is_for_guardianship_bodies_only(self, case, specialist):
        assert "adoption" not in open_to(case, specialist)
        guardianship = AgencyFactory(kind=AgencyKind.GUARDIANSHIP_BODY)
        theirs = open_case(guardianship, at=NOW)
        assert "adoption" in open_to(theirs, member_of(guardianship))


class TestADocument:
    @pytest.fixture
    def filed(self, file_plan):
        return file_plan()

    @pytest.fixture
    def colleague(self, agency):
        return member_of(agency)

    def ask(self, person, name, filed, method="get", **data):
        return getattr(browser_of(person), method)(
            reverse(f"casework:{name}", args=[filed.case.reference, filed.number]), data
        )

    def test_is_read_without_its_closed_answers(self, filed, colleague, specialist):
        assert HEALTH in self.ask(specialist, "document", filed).content.decode()
        said = self.ask(colleague, "document", filed).content.decode()
        assert "Встречи с психологом" in said
        assert HEALTH not in said

    def test_cannot_be_printed_sent_or_corrected_by_whoever_may_not_read_it_all(self, filed, colleague):
        page = reverse("casework:document", args=[filed.case.reference, filed.number])
        for name, method in (("word", "get"), ("pdf", "post"), ("extract", "post"), ("correct", "post")):
            assert self.ask(colleague, name, filed, method).url == page
        with pytest.raises(CategoryClosed):
            deliveries.send_by_hand(submission=filed, agency=AgencyFactory(), actor=colleague, at=NOW)
        with pytest.raises(CategoryClosed):
            drafts.start_correction(submission=filed, actor=colleague, at=NOW)
        assert not filed.issued.exists()
        assert not filed.deliveries.exists()

    def test_does_not_travel_in_a_package_either(self, filed, colleague):
        address = reverse("casework:package", args=[filed.case.reference])
        answer = browser_of(colleague).post(address, {"documents": [filed.number]})
        assert answer["Content-Type"].startswith("text/html")
        assert not filed.case.issued.exists()

    def test_is_whole_for_whoever_filed_it(self, filed, specialist, colleague):
        assign_curator(case=filed.case, actor=specialist, at=NOW, curator=colleague)
        assert HEALTH in self.ask(specialist, "document", filed).content.decode()
        assert self.ask(specialist, "word", filed).status_code == 200

    def test_is_whole_with_a_may_read_health(self, filed, colleague, specialist):
        may_read_health(filed.case, colleague, by=specialist)
        assert HEALTH in self.ask(colleague, "document", filed).content.decode()
        assert self.ask(colleague, "word", filed).status_code == 200


class TestAFile:
    def test_of_a_closed_answer_is_not_there_for_whoever_may_not_read_it(
        self, monkeypatch, file_plan, case, specialist, agency
    ):
        filed = file_plan()
        scan = case.files.get()
        colleague, page = member_of(agency), reverse("casework:case", args=[case.reference])
        address = reverse("casework:file", args=[case.reference, scan.pk])
        assert browser_of(colleague).get(address).status_code == 200
        # The shipped plan keeps its scan open: say that it is a paper about health.
        monkeypatch.setattr(
            "casework.actions.closed.closed_files",
            lambda schema, answers, closed: frozenset({scan.pk}) if "special" in closed else frozenset(),
        )
        assert filed.filed_by == specialist
        assert browser_of(colleague).get(address).status_code == 404
        assert scan.name not in browser_of(colleague).get(page).content.decode()
        may_read_health(case, colleague, by=specialist)
        assert browser_of(colleague).get(address).status_code == 200


class TestAnAddendum:
    def test_of_a_partly_closed_document_is_closed_like_it_but_for_its_author(
        self, file_plan, case, specialist, agency
    ):
        filed, colleague = file_plan(), member_of(agency)
        words = {specialist: "Диагноз подтвердили", colleague: "Позвонила бабушке"}
        for author, text in words.items():
            addenda.add_to(submission=filed, text=text, actor=author, at=NOW, token=uuid.uuid4())
        page = reverse("casework:document", args=[case.reference, filed.number])

        def read(person):
            shown = browser_of(person).get(page).content.decode()
            return [text for text in words.values() if text in shown]

        assert read(specialist) == list(words.values())
        assert read(colleague) == [words[colleague]]
        may_read_health(case, colleague, by=specialist)
        assert read(colleague) == list(words.values())


class TestTheGuardianshipBody:
    def test_keeps_its_own_case_open_whole_to_its_curator(self):
        guardianship = AgencyFactory(kind=AgencyKind.GUARDIANSHIP_BODY)
        curator = member_of(guardianship)
        case = open_case(guardianship, at=NOW)
        assert closed_to(case, user=curator, today=TODAY) == frozenset()
        assert files_closed_to(case, user=curator, closed=closed_to(case, user=curator, today=TODAY)) == frozenset()


class TestADraft:
    def test_with_closed_words_is_for_its_author_and_those_who_have_a_part(self, case, specialist, plan, agency):
        colleague = member_of(agency)
        draft = drafts.start_draft(case=case, edition=plan, actor=specialist, at=NOW)
        assert not is_closed_draft(draft, user=colleague, today=TODAY)  # nobody has typed anything yet
        draft = filled(draft, specialist)
        assert is_closed_draft(draft, user=colleague, today=TODAY)
        assert not is_closed_draft(draft, user=specialist, today=TODAY)
        browser = browser_of(colleague)
        address = reverse("casework:draft", args=[case.reference, draft.pk])
        assert browser.get(address).url == reverse("casework:case", args=[case.reference])
        assert browser.post(address + "autosave/", {"version": draft.version}).status_code == 404
        assert HEALTH in browser_of(specialist).get(address).content.decode()
        may_read_health(case, colleague, by=specialist)
        assert HEALTH in browser.get(address).content.decode()


class TestABegunForm:
    def test_does_not_tell_beside_an_answer_what_another_form_says_of_health(self, file_plan, case, plan, agency):
        file_plan()
        colleague = member_of(agency)
        draft = drafts.start_draft(case=case, edition=plan, actor=colleague, at=NOW)
        draft = drafts.save_draft(draft=draft, typed={"factors": ["иначе"]}, version=draft.version, at=NOW)
        page = reverse("casework:draft", args=[case.reference, draft.pk])
        assert HEALTH not in browser_of(colleague).get(page).content.decode()
        may_read_health(case, colleague, by=case.curator)
        assert HEALTH in browser_of(colleague).get(page).content.decode()


class TestFacts:
    @pytest.fixture
    def told(self, file_plan, case):
        """Two tellings of something that the plan keeps as a special category, as if its column said so."""
        filed = file_plan()
        return [
            Fact.objects.create(
                case=case,
                submission=filed,
                key="family.factors",
                kind="multiline",
                value=words,
                words=words,
                label="Факторы",
            )
            for words in ("Пьёт отец", "Не пьёт отец")
        ]

    @pytest.fixture(autouse=True)
    def factors_are_a_fact(self, monkeypatch):
        """The shipped forms keep few facts in closed answers: say that the plan's factors are one."""
        monkeypatch.setattr(
            "casework.actions.closed.closed_facts",
            lambda schema, closed: (
                closed_facts(schema, closed) | ({"family.factors"} if "special" in closed else set())
            ),
        )

    def test_of_closed_answers_are_neither_shown_nor_offered(self, told, case, specialist, agency):
        colleague, today = member_of(agency), timezone.localdate()
        for person, expected in ((specialist, True), (colleague, False)):
            reader = FactsReader(case, user=person, today=today)
            standing = reader.readable(standing_for(case, form_code="other"))
            assert ("family.factors" in {each.key for each in standing}) is expected
        page = reverse("casework:facts", args=[case.reference])
        assert "Не пьёт отец" in browser_of(specialist).get(page).content.decode()
        assert "Не пьёт отец" not in browser_of(colleague).get(page).content.decode()

    def test_that_contradict_each_other_are_not_named_in_a_pack_that_everybody_reads(self, told, case):
        Contradiction.objects.create(case=case, earlier=told[0], later=told[1])
        (line,) = [entry.text for entry in pack_of(case, today=TODAY) if entry.ref.startswith("contradiction:")]
        assert line.endswith(gettext("something that is told to few"))
        assert "акторы" not in line

    def test_of_closed_answers_are_settled_by_those_who_may_read_them(self, told, case, specialist, agency):
        between = Contradiction.objects.create(case=case, earlier=told[0], later=told[1])
        address = reverse("casework:settle", args=[case.reference, between.pk])
        assert browser_of(member_of(agency)).get(address).status_code == 404
        assert browser_of(specialist).get(address).status_code == 200
