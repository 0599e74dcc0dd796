"""What is refused about a family for a child, in words that say what to do: expired papers, days that cannot be, siblings parted."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import matching, matching_sheets, matching_steps, placements, submissions
from casework.actions.matching import Circumstances, FamilyExcluded, MayNotMatch, NoNeedsCard
from casework.actions.matching_sheets import NoSheetInForce, NothingToFindOut
from casework.actions.placements import BadDays, BeginsBeforeBirth, EndHasPassed, NobodyChosen
from casework.matching import Why
from casework.models import CarerPlacement, Draft, MatchingDecision, Person, TeamRole
from casework.needs_card import TOGETHER
from tests.casework.conftest import NOW
from tests.casework.professional_families import AROUND, TODAY, card_in, child_in, choose, family_of, place
from tests.casework.test_walks import CaseWalk
from tests.factories import AgencyFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BOTH = Circumstances(together=2)


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def family(agency, specialist, head):
    return family_of(agency, specialist, included_by=head)


@pytest.fixture
def child(case, specialist):
    return child_in(case, specialist)


@pytest.fixture
def card(case, specialist, child):
    return card_in(case, specialist)


@pytest.fixture
def address(case):
    return lambda name, *more: reverse(f"casework:{name}", args=[case.reference, *more])


def told(answer):
    """Return what the messages of a page say."""
    return [str(message) for message in answer.context["messages"]]


def end(placement, actor, *, on=TODAY, how="other_family"):
    return placements.end_placement(placement=placement, ended_on=on, how=how, words="", actor=actor, at=NOW)


class TestExpiredPapers:
    """Told by their name and last day, at the choice and once more at the placement."""

    @pytest.mark.parametrize("kind", ["health", "record", "training"])
    def test_are_named_to_who_chooses(self, case, child, card, family, desk, address, kind):
        last = timezone.localdate() - DAY
        family.papers.filter(kind=kind).update(valid_until=last)
        sent = {"is_chosen": "yes", "reasons": "Надо", "risks": "Нет", "token": str(uuid.uuid4())}
        answer = desk.post(address("match_family", family.token) + f"?child={child.pk}", sent)
        [words] = told(answer)
        assert str(family.papers.get(kind=kind).get_kind_display()) in words
        assert f"{last:%d.%m.%Y}" in words
        assert answer.context["form"]["reasons"].value() == "Надо"
        assert not MatchingDecision.objects.exists()

    def test_lead_to_the_card_that_is_missing(self, case, child, desk, address):
        put_in_force(matching.CARD)
        begin = reverse("casework:start_draft", args=[case.reference, matching.CARD])
        for name in ("matching", "child_needs", "family_sheet"):
            assert f'action="{begin}"' in desk.get(address(name)).content.decode()
        draft = desk.post(begin, follow=True).context["draft"]
        assert draft.edition.code == matching.CARD

    def test_name_the_card_that_was_filed_under_another_name(self, case, specialist, child, card, desk, address):
        other = child_in(case, specialist, name="Сосновая Варвара")
        page = desk.get(address("matching") + f"?child={other.pk}")
        assert page.context["seeking"].card is None
        assert f"№ {card.number}" in page.context["seeking"].why

    def test_ask_for_the_act_before_a_placement_is_written_down_by_hand(
        self, case, child, card, family, desk, specialist
    ):
        put_in_force("pf_placement_act")
        chosen = choose(case, child, family, specialist)
        page = desk.get(reverse("casework:place_child", args=[case.reference, chosen.pk])).content.decode()
        assert reverse("casework:start_draft", args=[case.reference, "pf_placement_act"]) in page

    def test_lead_to_the_child_that_is_missing(self, case, desk, address):
        assert reverse("casework:add_person", args=[case.reference]) in desk.get(address("matching")).content.decode()

    def test_are_named_to_who_places(self, case, child, card, family, specialist, desk, address):
        chosen = choose(case, child, family, specialist, at=timezone.now())
        last = timezone.localdate() - DAY
        family.papers.filter(kind="health").update(valid_until=last)
        today = f"{timezone.localdate():%d.%m.%Y}"
        answer = desk.post(address("place_child", chosen.pk), {"started_on": today})
        assert f"{last:%d.%m.%Y}" in told(answer)[0]
        assert answer.context["form"]["started_on"].value() == today
        assert not CarerPlacement.objects.exists()


class TestDays:
    @pytest.mark.parametrize(("on", "until"), [(-9, -1), (-9, -9)])
    def test_of_an_expected_end_that_has_passed_are_refused(self, case, child, card, family, specialist, on, until):
        chosen = choose(case, child, family, specialist)
        with pytest.raises(EndHasPassed):
            place(chosen, specialist, on=TODAY + on * DAY, until=TODAY + until * DAY)
        assert place(chosen, specialist, on=TODAY + on * DAY, until=TODAY).expected_until == TODAY

    @pytest.mark.parametrize(
        ("sent", "field", "code"),
        [
            ({"started_on": 1}, "started_on", "future"),
            ({"started_on": -9, "expected_until": -1}, "expected_until", "past"),
            ({"started_on": ""}, "started_on", "required"),
        ],
    )
    def test_are_told_beside_the_field_and_what_was_typed_stays(
        self, case, child, card, family, specialist, desk, address, sent, field, code
    ):
        chosen, today = choose(case, child, family, specialist, at=timezone.now()), timezone.localdate()
        words = {name: days and f"{today + days * DAY:%d.%m.%Y}" for name, days in sent.items()}
        form = desk.post(address("place_child", chosen.pk), words).context["form"]
        assert form.has_error(field, code)
        assert {name: form[name].value() for name in words} == words
        assert not CarerPlacement.objects.exists()

    def test_of_the_end_are_neither_to_come_nor_before_the_beginning(
        self, case, child, card, family, specialist, desk, address
    ):
        at, today = timezone.now(), timezone.localdate()
        placement = place(choose(case, child, family, specialist, at=at), specialist, at=at, on=today - DAY)
        form_address = address("end_placement", placement.pk)
        tomorrow = {"ended_on": f"{today + DAY:%d.%m.%Y}", "how": "other"}
        assert desk.post(form_address, tomorrow).context["form"].has_error("ended_on", "future")
        early = desk.post(form_address, tomorrow | {"ended_on": f"{today - 2 * DAY:%d.%m.%Y}"})
        assert told(early) == [str(BadDays.message)]
        placement.refresh_from_db()
        assert placement.ended_on is None

    def test_of_a_placement_begin_no_earlier_than_the_child_was_born(self, case, child, card, family, specialist):
        chosen, born = choose(case, child, family, specialist), child.birth_date
        with pytest.raises(BeginsBeforeBirth):
            place(chosen, specialist, on=born - DAY)
        assert place(chosen, specialist, on=born).started_on == born

    def test_of_a_stay_begin_after_the_earlier_one_has_ended(self, case, child, card, family, agency, specialist, head):
        end(place(choose(case, child, family, specialist), specialist, on=TODAY - 9 * DAY), specialist, on=TODAY - DAY)
        other = choose(case, child, family_of(agency, specialist, included_by=head), specialist)
        with pytest.raises(BadDays):
            place(other, specialist, on=TODAY - 2 * DAY)
        assert place(other, specialist, on=TODAY - DAY).started_on == TODAY - DAY


class TestPlacing:
    def test_is_for_whoever_works_on_the_case(self, case, child, card, family, specialist):
        chosen = choose(case, child, family, specialist)
        with pytest.raises(MayNotMatch):
            place(chosen, member_of(AgencyFactory()))

    def test_needs_the_child_among_the_people_still(self, case, child, card, family, specialist):
        chosen = choose(case, child, family, specialist)
        Person.objects.filter(pk=child.pk).update(is_mistake=True)
        with pytest.raises(NoNeedsCard):
            place(chosen, specialist)


class TestThePages:
    """Lead back to what is missing, and change nothing."""

    def test_need_a_child_first(self, case, desk, address):
        page = desk.get(address("matching"))
        assert page.context["seeking"].why
        assert page.context["seeking"].child is None

    def test_need_the_card_before_anything_is_decided_or_asked(self, case, child, family, desk, address):
        why = str(NoNeedsCard.message)
        for answer in (
            desk.post(address("match_family", family.token), {"is_chosen": "yes"}, follow=True),
            desk.post(address("begin_matching_sheet"), follow=True),
            desk.post(address("ask_child_needs"), follow=True),
        ):
            assert told(answer) == [why]
        assert not MatchingDecision.objects.exists()

    def test_begin_no_sheet_before_a_choice_or_without_an_edition(
        self, case, child, card, family, specialist, desk, address
    ):
        assert told(desk.post(address("begin_matching_sheet"), follow=True)) == [str(NobodyChosen.message)]
        choose(case, child, family, specialist, at=timezone.now())
        assert told(desk.post(address("begin_matching_sheet"), follow=True)) == [str(NoSheetInForce.message)]
        assert not Draft.objects.exists()

    def test_give_the_questions_as_tasks_once(self, case, child, card, desk, address):
        assert desk.post(address("ask_child_needs"), follow=True).status_code == 200
        assert told(desk.post(address("ask_child_needs"), follow=True)) == [str(NothingToFindOut.message)]

    def test_take_a_question_without_a_day(self, case, child, specialist):
        filed = card_in(case, specialist, follow_up=[{"what": "Аллергия", "who": "Врач", "due": None}])
        [task] = matching_sheets.ask_everything(case=case, card=filed, actor=specialist, at=NOW)
        assert task.due is None

    def test_hand_out_no_sheet_of_what_the_reader_may_not_read(self, case, child, agency, address):
        """The colleague wrote the card; the act, with the health of the child, is somebody else's."""
        colleague, other = member_of(agency), member_of(agency)
        card_in(case, colleague)
        submissions.file_submission(
            case=case,
            edition=put_in_force("pf_placement_act"),
            answers={"child": child.full_name, "health": "Температура 36,7"},
            token=uuid.uuid4(),
            actor=other,
            at=NOW,
        )
        browser = Client()
        browser.force_login(colleague)
        page = browser.get(address("family_sheet"))
        assert page.context["sheet"] is None
        assert page.context["seeking"].why
        assert "36,7" not in page.content.decode()


class TestChildrenWhoWait:
    def test_are_listed_with_their_reasons_until_a_family_is_found(self, desk):
        walk = CaseWalk("professional_family", born=dt.date(2024, 6, 10))
        walk.through("request", "assessment", "choice.waiting")
        browser = Client()
        browser.force_login(walk.specialist)
        address = reverse("casework:waiting_children")
        [waits] = browser.get(address).context["waiting"]
        assert (waits.case, waits.since) == (walk.case, walk.today)
        assert waits.words
        assert desk.get(address).context["waiting"] == []  # a stranger to that case
        walk.through("candidates.included", "choice.found")
        assert browser.get(address).context["waiting"] == []


class TestWorkWithTheBirthFamily:
    def test_has_its_line_from_the_assessment_on(self):
        walk = CaseWalk("professional_family", born=dt.date(2024, 6, 10)).through("request")
        assert matching_steps.birth_family_work(walk.followed).since is None
        walk.through("assessment")
        line = matching_steps.birth_family_work(matching_steps.procedure_in(walk.case))
        assert (line.since, line.done_on) == (walk.today, None)


class TestBrothersAndSisters:
    """Who must not be parted is not parted by one choice after the other."""

    @pytest.fixture
    def sister(self, case, specialist):
        return child_in(case, specialist, name="Ручьёва Вера Денисовна")

    @pytest.fixture
    def cards(self, case, specialist, child, sister):
        return [card_in(case, specialist, child=each.full_name, siblings=TOGETHER) for each in (child, sister)]

    @pytest.fixture
    def homes(self, agency, specialist, head):
        facts = {"included_by": head, "places": 3, "accepts_siblings": True}
        return [family_of(agency, specialist, name=name, **facts) for name in ("Первая", "Вторая")]

    def refused(self, *args):
        with pytest.raises(FamilyExcluded) as refused:
            choose(*args, around=BOTH)
        return [each.why for each in refused.value.verdict.exclusions]

    def test_are_not_given_to_two_families(self, case, child, sister, cards, homes, specialist):
        here, there = homes
        place(choose(case, child, here, specialist, around=BOTH), specialist)
        assert self.refused(case, sister, there, specialist) == [Why.SIBLINGS]
        place(choose(case, sister, here, specialist, around=BOTH), specialist)
        assert here.placements.count() == 2

    def test_are_refused_in_words_that_say_what_to_do(
        self, case, child, sister, cards, homes, specialist, desk, address
    ):
        here, there = homes
        at = timezone.now()
        place(choose(case, child, here, specialist, around=BOTH, at=at), specialist, at=at, on=timezone.localdate())
        sent = {"is_chosen": "yes", "reasons": "Рядом", "risks": "Нет", "token": str(uuid.uuid4())}
        answer = desk.post(address("match_family", there.token) + f"?child={sister.pk}", sent)
        [words] = told(answer)
        exclusions = answer.context["verdict"].exclusions
        assert [each.why for each in exclusions] == [Why.SIBLINGS]
        assert exclusions[0].words in words

    def test_move_together_one_after_the_other(self, case, child, sister, cards, homes, specialist):
        here, there = homes
        first, second = (
            place(choose(case, each, here, specialist, around=BOTH), specialist) for each in (child, sister)
        )
        moved = choose(case, child, there, specialist, around=BOTH)
        end(first, specialist)
        with pytest.raises(FamilyExcluded):  # the sister would stay behind
            place(moved, specialist)
        follows = choose(case, sister, there, specialist, around=BOTH)
        place(moved, specialist)
        end(second, specialist)
        place(follows, specialist)
        assert there.placements.filter(ended_on=None).count() == 2

    def test_who_may_live_apart_are_free_to(self, case, child, sister, homes, specialist):
        for each in (child, sister):
            card_in(case, specialist, child=each.full_name)
        for each, home in zip((child, sister), homes, strict=True):
            place(choose(case, each, home, specialist, around=AROUND), specialist)
        assert CarerPlacement.objects.count() == 2

    def test_are_kept_together_when_people_say_so_and_the_card_does_not(self, case, child, sister, homes, specialist):
        for each in (child, sister):
            card_in(case, specialist, child=each.full_name)
        place(choose(case, child, homes[0], specialist), specialist)
        assert self.refused(case, sister, homes[1], specialist) == [Why.SIBLINGS]

    def test_of_a_big_family_may_be_a_pair_that_the_card_does_not_name(self, case, child, sister, homes, specialist):
        """Two of three must not be parted, and nobody says which: the rules part nobody and exclude nobody for it."""
        third = child_in(case, specialist, name="Ручьёв Артём Денисович")
        for each in (child, sister, third):
            card_in(case, specialist, child=each.full_name)
        place(choose(case, third, homes[0], specialist), specialist)
        assert choose(case, child, homes[1], specialist, around=BOTH).is_chosen

    def test_cost_no_query_where_nothing_is_said_of_them(
        self, case, child, card, specialist, django_assert_num_queries
    ):
        child.case = case
        with django_assert_num_queries(0):
            assert matching.siblings_with(child, card=card, around=AROUND) == []
