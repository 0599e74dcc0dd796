"""A family for a child: found by the rules, chosen by people, placed once, and rested afterwards."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import matching, matching_sheets, people, placements, sharing, submissions
from casework.actions.closed import CategoryClosed
from casework.actions.matching import (
    Circumstances,
    FamilyExcluded,
    MayNotMatch,
    NoNeedsCard,
    NotOfThisCase,
    ReasonsNeeded,
)
from casework.actions.matching_sheets import NothingToFindOut
from casework.actions.placements import AlreadyPlaced, BadDays, NobodyChosen, PlacementOver
from casework.matching import Why
from casework.models import (
    CarerPlacement,
    Draft,
    MatchingDecision,
    Person,
    ShareLevel,
    Task,
    TeamRole,
)
from tests.casework.conftest import NOW
from tests.casework.professional_families import AROUND, CARD, TODAY, card_in, child_in, choose, family_of, place
from tests.casework.test_concurrency import at_once
from tests.factories import AgencyFactory, member_of, open_case, put_in_force

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


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


def expire(family, kind="health", *, on=TODAY - DAY):
    """Let a paper of a family be good until a day and no longer."""
    family.papers.filter(kind=kind).update(valid_until=on)


def verdict(child, family, *, around=AROUND, today=TODAY):
    children = matching.children_in(child.case)
    found = matching.card_of(child, cards=matching.cards_of(child.case), children=children)
    return matching.verdict_on(family, child=child, card=found, around=around, today=today)


class TestTheCardOfAChild:
    def test_is_the_newest_that_bears_the_name_or_the_only_childs(self, case, specialist, child, card):
        newer = card_in(case, specialist, child="Неизвестно")
        only = [child]
        cards = matching.cards_of(case)
        assert matching.card_of(child, cards=cards, children=only) == card
        assert matching.card_of(child, cards=[newer], children=only) == newer
        other = Person(full_name="Другой ребёнок")
        assert matching.card_of(other, cards=cards, children=[child, other]) is None

    @pytest.mark.parametrize(
        ("answers", "months"),
        [
            ({}, 29),
            ({"birth": None, "birth_known": "приблизительно", "age_guess": 10, "filled_on": "2026-09-23"}, 12),
            ({"birth": None, "birth_known": "неизвестно"}, 29),
        ],
    )
    def test_tells_the_age_or_the_case_does(self, case, specialist, child, answers, months):
        filed = card_in(case, specialist, **answers)
        assert matching.age_in_months(filed, child=child, today=TODAY) == months

    def test_may_leave_the_age_unknown(self, case, specialist):
        nobody = child_in(case, specialist)
        nobody.birth_date = None
        filed = card_in(case, specialist, birth=None, birth_known="неизвестно")
        assert matching.age_in_months(filed, child=nobody, today=TODAY) is None


class TestChoosing:
    def test_is_written_down_with_reasons_once(self, case, child, card, family, specialist, events):
        token = uuid.uuid4()
        first, second = (choose(case, child, family, specialist, token=token) for _press in range(2))
        assert first == second
        assert matching.chosen_for(child) == first
        assert events() == ["carer_decided"]
        assert case.log.first().subject.startswith(f"№ {family.pk}")

    def test_refuses_a_family_whose_papers_have_expired_even_when_posted_directly(
        self, case, child, card, family, specialist, desk
    ):
        expire(family, on=timezone.localdate() - DAY)
        with pytest.raises(FamilyExcluded) as refused:
            choose(case, child, family, specialist)
        assert [each.why for each in refused.value.verdict.exclusions] == [Why.PAPERS]
        address = reverse("casework:match_family", args=[case.reference, family.token])
        sent = {"is_chosen": "yes", "reasons": "Надо", "risks": "Нет", "token": str(uuid.uuid4())}
        answer = desk.post(f"{address}?child={child.pk}", sent)
        assert answer.status_code == 200
        assert not MatchingDecision.objects.exists()

    def test_turns_down_also_a_family_that_is_excluded(self, case, child, card, family, specialist):
        expire(family)
        decided = choose(case, child, family, specialist, is_chosen=False, risks="")
        assert not decided.is_chosen
        assert matching.chosen_for(child) is None

    def test_is_taken_back_by_a_later_word(self, case, child, card, family, specialist):
        choose(case, child, family, specialist)
        choose(case, child, family, specialist, is_chosen=False)
        assert matching.chosen_for(child) is None
        again = choose(case, child, family, specialist)
        assert matching.chosen_for(child) == again

    @pytest.mark.parametrize("words", [{"reasons": " "}, {"risks": " "}])
    def test_says_why_and_what_is_risky(self, case, child, card, family, specialist, words):
        with pytest.raises(ReasonsNeeded):
            choose(case, child, family, specialist, **words)

    def test_comes_after_the_needs_card(self, case, child, family, specialist):
        with pytest.raises(NoNeedsCard):
            choose(case, child, family, specialist)

    def test_is_of_a_child_of_the_case_and_a_family_of_ones_own(self, case, child, card, family, specialist, agency):
        stranger = AgencyFactory()
        theirs = family_of(stranger, member_of(stranger))
        other = child_in(open_case(agency, accepted_by=specialist, at=NOW), specialist)
        mother = people.keep_person(case=case, actor=specialist, at=NOW, person=Person(role="mother", full_name="М"))
        for who, whom in ((child, theirs), (other, family), (mother, family)):
            with pytest.raises(NotOfThisCase):
                choose(case, who, whom, specialist)

    def test_is_for_whoever_works_on_the_case(self, case, child, card, family, specialist, head):
        reading = AgencyFactory()
        share = {"level": ShareLevel.VIEW, "reason": "Читать", "last_day": TODAY + DAY}
        sharing.share_case(case=case, agency=reading, **share, actor=specialist, at=NOW)
        for stranger in (member_of(reading), member_of(AgencyFactory())):
            with pytest.raises(MayNotMatch):
                choose(case, child, family, stranger)

    def test_reads_nothing_that_is_closed_to_the_chooser(self, case, child, card, family, agency):
        with pytest.raises(CategoryClosed):
            choose(case, child, family, member_of(agency))

    def test_keeps_what_people_added_to_the_card(self, case, child, card, family, specialist):
        with pytest.raises(FamilyExcluded):
            choose(case, child, family, specialist, around=Circumstances(also=("disability",)))
        with pytest.raises(FamilyExcluded):
            choose(case, child, family, specialist, around=Circumstances(together=2))


class TestConsidering:
    def test_asks_as_much_of_the_database_for_many_as_for_few(
        self, case, child, card, agency, specialist, head, django_assert_num_queries
    ):
        child.case = case
        card.edition.schema  # noqa: B018 - read once
        for number in (1, 5):
            for _family in range(number):
                family_of(agency, specialist, included_by=head)
            with django_assert_num_queries(4):
                found = matching.consider(child, card=card, around=AROUND, user=specialist, today=TODAY)
        assert len(found) == 6

    def test_puts_who_can_take_the_child_first_and_forgets_who_has_left(
        self, case, child, card, agency, specialist, head
    ):
        child.case = case
        tired = family_of(agency, specialist, included_by=head, name="А", papers=True)
        expire(tired)
        good = family_of(agency, specialist, included_by=head, name="Я")
        family_of(agency, specialist, state="left")
        found = matching.consider(child, card=card, around=AROUND, user=specialist, today=TODAY)
        assert [each.family for each in found] == [good, tired]
        stranger = member_of(AgencyFactory())
        assert matching.consider(child, card=card, around=AROUND, user=stranger, today=TODAY) == []


class TestPlacing:
    def test_takes_the_place_and_is_written_down_once(self, case, child, card, family, specialist, events):
        chosen = choose(case, child, family, specialist)
        first, second = (place(chosen, specialist) for _press in range(2))
        assert first == second
        assert events() == ["carer_decided", "child_placed"]
        assert Why.NO_PLACE in [each.why for each in verdict(child, family).exclusions]
        assert matching.chosen_for(child) is None

    def test_looks_again_at_papers_that_have_expired_since(self, case, child, card, family, specialist):
        chosen = choose(case, child, family, specialist)
        expire(family)
        with pytest.raises(FamilyExcluded):
            place(chosen, specialist)
        assert not CarerPlacement.objects.exists()

    def test_needs_a_standing_choice(self, case, child, card, family, specialist):
        chosen = choose(case, child, family, specialist)
        choose(case, child, family, specialist, is_chosen=False)
        with pytest.raises(NobodyChosen):
            place(chosen, specialist)

    def test_of_a_child_is_in_one_family_at_a_time(self, case, child, card, family, specialist, agency, head):
        place(choose(case, child, family, specialist), specialist)
        other = choose(case, child, family_of(agency, specialist, included_by=head), specialist)
        with pytest.raises(AlreadyPlaced):
            place(other, specialist)

    @pytest.mark.parametrize(("on", "until"), [(1, None), (0, -1)])
    def test_begins_no_later_than_today_and_ends_after_it(self, case, child, card, family, specialist, on, until):
        chosen = choose(case, child, family, specialist)
        with pytest.raises(BadDays):
            place(chosen, specialist, on=TODAY + on * DAY, until=until and TODAY + until * DAY)

    def test_ends_free_the_place_and_start_the_rest(self, case, child, card, family, specialist, events):
        placement = place(choose(case, child, family, specialist), specialist)
        end = {"placement": placement, "how": "reintegration", "words": "Домой", "actor": specialist, "at": NOW}
        with pytest.raises(BadDays):
            placements.end_placement(**end, ended_on=TODAY + DAY)
        with pytest.raises(MayNotMatch):
            placements.end_placement(**end | {"actor": member_of(AgencyFactory())}, ended_on=TODAY)
        placements.end_placement(**end, ended_on=TODAY)
        assert events()[-1] == "placement_ended"
        assert [each.why for each in verdict(child, family).exclusions] == [Why.RESTING]
        assert verdict(child, family, today=TODAY + 14 * DAY).exclusions
        assert not verdict(child, family, today=TODAY + 15 * DAY).exclusions
        with pytest.raises(PlacementOver):
            placements.end_placement(**end | {"how": "other"}, ended_on=TODAY)

    def test_of_the_last_twelve_months_are_counted_against_burnout(self, case, child, card, family, specialist):
        placement = place(choose(case, child, family, specialist), specialist)
        placements.end_placement(placement=placement, ended_on=TODAY, how="other", words="", actor=specialist, at=NOW)
        within, after = (verdict(child, family, today=TODAY + days * DAY) for days in (364, 365))
        assert [reason.points for reason in within.reasons] == [1, -1]
        assert [reason.points for reason in after.reasons] == [1, 0]

    def test_brothers_and_sisters_go_one_after_the_other_into_one_family(
        self, case, child, card, agency, specialist, head
    ):
        sister = child_in(case, specialist, name="Ручьёва Вера Денисовна")
        for each in (child, sister):
            card_in(case, specialist, child=each.full_name, siblings="есть, нужны вместе")
        big = family_of(agency, specialist, included_by=head, places=2, accepts_siblings=True)
        for each in (child, sister):
            place(choose(case, each, big, specialist, around=Circumstances(together=2)), specialist)
        assert big.placements.count() == 2


@pytest.mark.django_db(transaction=True)
class TestTheLastPlace:
    def test_goes_to_one_of_two_and_the_other_is_told(self, agency, specialist, head):
        now = timezone.now()
        family = family_of(agency, specialist, included_by=head, at=now)
        chosen = []
        for _case in range(2):
            case = open_case(agency, accepted_by=specialist, at=now)
            child = child_in(case, specialist, at=now)
            card_in(case, specialist, at=now)
            chosen.append(choose(case, child, family, specialist, at=now))
        today = agency.local(now).date()
        results = at_once(*[lambda each=each: place(each, specialist, at=now, on=today) for each in chosen])
        assert sorted(isinstance(result, FamilyExcluded) for result in results) == [False, True], results
        assert CarerPlacement.objects.count() == 1

    def test_of_a_child_is_taken_once_by_two_presses(self, agency, specialist, head):
        now = timezone.now()
        family = family_of(agency, specialist, included_by=head, at=now)
        case = open_case(agency, accepted_by=specialist, at=now)
        child = child_in(case, specialist, at=now)
        card_in(case, specialist, at=now)
        chosen, today = choose(case, child, family, specialist, at=now), agency.local(now).date()
        results = at_once(*[lambda: place(chosen, specialist, at=now, on=today)] * 2)
        assert results == [CarerPlacement.objects.get()] * 2


class TestWhatToFindOut:
    def test_becomes_tasks_by_one_press_and_only_once(self, case, child, card, specialist):
        asked = matching_sheets.ask_everything(case=case, card=card, actor=specialist, at=NOW)
        assert [task.due for task in asked] == [TODAY, TODAY]  # the days of the card have passed
        assert not [task for task in asked if "Аллергия" in task.title]
        with pytest.raises(NothingToFindOut):
            matching_sheets.ask_everything(case=case, card=card, actor=specialist, at=NOW)
        card.case = case
        assert [each.task for each in matching_sheets.to_find_out(card)] == asked

    def test_tells_nothing_to_whoever_may_not_read_it(self, case, child, card, agency):
        with pytest.raises(CategoryClosed):
            matching_sheets.ask_everything(case=case, card=card, actor=member_of(agency), at=NOW)


class TestThePages:
    @pytest.fixture
    def address(self, case):
        return lambda name, *more: reverse(f"casework:{name}", args=[case.reference, *more])

    def test_lead_from_the_card_to_the_placement_and_its_end(self, case, child, card, family, desk, address):
        put_in_force("pf_matching")
        page = desk.get(address("matching"))
        assert [each.verdict.is_possible for each in page.context["considered"]] == [True]
        sent = {"is_chosen": "yes", "reasons": "Рядом", "risks": "Скучает", "token": str(uuid.uuid4())}
        assert desk.post(address("match_family", family.token) + f"?child={child.pk}", sent).status_code == 302
        begun = desk.post(address("begin_matching_sheet") + f"?child={child.pk}")
        draft = Draft.objects.get()
        assert begun.url == address("draft", draft.pk)
        assert draft.typed["chosen"] == [family.name]
        assert draft.typed["candidates-0-excluded"] == ["нет"]
        assert draft.typed["reasons"] == ["Рядом"]
        assert desk.get(begun.url).status_code == 200
        decision, today = MatchingDecision.objects.get(), timezone.localdate().strftime("%d.%m.%Y")
        assert desk.post(address("place_child", decision.pk), {"started_on": today}).status_code == 302
        placement = CarerPlacement.objects.get()
        ended = {"ended_on": today, "how": "reintegration", "words": "Домой"}
        assert desk.post(address("end_placement", placement.pk), ended).status_code == 302
        assert "Домой" in desk.get(address("matching")).content.decode()

    def test_keep_what_was_typed_into_the_sheet_already(self, case, child, card, family, desk, specialist, address):
        put_in_force("pf_matching")
        choose(case, child, family, specialist, at=timezone.now())
        desk.post(address("begin_matching_sheet"))
        Draft.objects.update(typed={**Draft.objects.get().typed, "reasons": ["Мои слова"]})
        desk.post(address("begin_matching_sheet"))
        assert Draft.objects.get().typed["reasons"] == ["Мои слова"]

    def test_say_what_is_missing_first(self, case, desk, address):
        for name in ("matching", "child_needs", "family_sheet"):
            assert desk.get(address(name)).context["seeking"].why
        assert desk.get(address("matching") + "?child=1").status_code == 404
        assert desk.get(address("matching") + "?child=x").status_code == 404

    def test_close_the_card_to_a_colleague_without_leave(self, case, child, card, family, agency, address):
        browser = Client()
        browser.force_login(member_of(agency))
        for name in ("matching", "child_needs", "family_sheet"):
            answer = browser.get(address(name))
            assert answer.context["seeking"].why
            assert CARD["needs"][1]["details"] not in answer.content.decode()

    def test_are_not_there_for_who_only_reads_and_for_strangers(self, case, child, card, family, specialist, address):
        now = timezone.now()
        reading = AgencyFactory()
        share = {"level": ShareLevel.VIEW, "reason": "Читать", "last_day": timezone.localdate() + 2 * DAY}
        sharing.share_case(case=case, agency=reading, **share, actor=specialist, at=now)
        for user in (member_of(reading), member_of(AgencyFactory())):
            browser = Client()
            browser.force_login(user)
            for name in ("matching", "child_needs", "family_sheet"):
                assert browser.get(address(name)).status_code == 404

    def test_show_the_questions_and_make_tasks_of_them(self, case, child, card, desk, address):
        page = desk.get(address("child_needs"))
        assert [str(each) for each in page.context["unknown"]] == ["Аллергия", "Прививки"]
        assert desk.post(address("ask_child_needs")).status_code == 302
        assert Task.objects.filter(case=case, step="").count() == 2
        assert not desk.get(address("child_needs")).context["can_ask"]

    def test_give_the_family_what_the_care_needs_and_nothing_of_the_birth_family(
        self, case, child, card, family, desk, address, specialist
    ):
        page = desk.get(address("family_sheet")).content.decode()
        assert "с ложки" in page
        assert str(specialist.get_full_name()) in page
        for hidden in (
            *("Ручьёва Марина", "00-00-07", "больницу", "операция", "пекарня", "под опекой", "Артём"),
            *(CARD["family_plan"], "Приречный район"),
        ):
            assert hidden not in page

    def test_begin_a_placement_with_the_days_of_the_act_and_tell_the_family_until_when(
        self, case, child, card, family, desk, address, specialist
    ):
        assert "ещё не решено" in desk.get(address("family_sheet")).content.decode()
        today = timezone.localdate()
        decision = choose(case, child, family, specialist, at=timezone.now())
        submissions.file_submission(
            case=case,
            edition=put_in_force("pf_placement_act"),
            answers={
                "child": child.full_name,
                "placed_at": f"{today}T10:00",
                "placed_to": f"{today + dt.timedelta(90)}",
            },
            token=uuid.uuid4(),
            actor=specialist,
            at=NOW,
        )
        begun = desk.get(address("place_child", decision.pk)).context["form"].initial
        assert begun == {"started_on": today, "expected_until": today + dt.timedelta(90)}
        assert f"{today + dt.timedelta(90):%d.%m.%Y}" in desk.get(address("family_sheet")).content.decode()

    def test_tell_the_family_the_day_of_the_placement_where_there_is_no_act(
        self, case, child, card, family, desk, address, specialist
    ):
        until = timezone.localdate() + dt.timedelta(days=40)
        place(choose(case, child, family, specialist, at=timezone.now()), specialist, at=timezone.now(), until=until)
        assert f"{until:%d.%m.%Y}" in desk.get(address("family_sheet")).content.decode()

    def test_are_written_down_in_the_log_of_the_case(self, case, child, card, desk, address, events):
        for name in ("matching", "child_needs"):
            desk.get(address(name))
        assert events() == ["document_read", "document_read"]
