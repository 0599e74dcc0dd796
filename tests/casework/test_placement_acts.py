"""A placement act that is filed writes the placement down: once, and only where it is clear what it means."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import placement_acts, placements, sharing, submissions
from casework.models import CarerPlacement, CarerRecord, Event, ShareLevel, TeamRole
from tests.casework.conftest import NOW
from tests.casework.professional_families import CHILD, TODAY, card_in, child_in, choose, family_of, place
from tests.factories import AgencyFactory, member_of, put_in_force

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CARER = "Лугова Вера Ильинична"
FROM, UNTIL = TODAY - 2 * DAY, TODAY + 60 * DAY


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def family(agency, specialist, head):
    return family_of(agency, specialist, included_by=head, name=CARER)


@pytest.fixture
def child(case, specialist):
    return child_in(case, specialist)


@pytest.fixture
def card(case, specialist, child):
    return card_in(case, specialist)


@pytest.fixture
def act_in_force(db):
    return put_in_force("pf_placement_act")


@pytest.fixture
def file_act(case, specialist, act_in_force):
    """Return a function that files an act in the case, of this child and this carer unless told otherwise."""

    def file(*, actor=specialist, supersedes=None, at=NOW, **answers):
        told = {"child": CHILD, "carer": CARER, "placed_from": FROM.isoformat(), "placed_to": UNTIL.isoformat()}
        return submissions.file_submission(
            case=case,
            edition=act_in_force,
            answers=told | answers,
            token=uuid.uuid4(),
            actor=actor,
            at=at,
            supersedes=supersedes,
        )

    return file


@pytest.fixture
def waiting(case, specialist):
    """Return a function that tells the reasons for which acts of the case have no placement yet."""
    return lambda user=specialist: placement_acts.acts_waiting(case, user=user, today=TODAY)


def days(placement):
    placement.refresh_from_db()
    return placement.started_on, placement.expected_until


class TestAFiledAct:
    def test_places_the_child_with_the_family_that_was_chosen(
        self, case, child, card, family, specialist, file_act, events, waiting
    ):
        chosen = choose(case, child, family, specialist)
        file_act()
        placement = CarerPlacement.objects.get()
        assert (placement.decision, placement.family, placement.child) == (chosen, family, child)
        assert (days(placement), placement.placed_by) == ((FROM, UNTIL), specialist)
        assert events().count(Event.CHILD_PLACED) == 1
        assert waiting() == []

    def test_and_the_screen_after_it_make_one_placement(self, case, child, card, family, specialist, file_act):
        chosen = choose(case, child, family, specialist)
        file_act()
        assert place(chosen, specialist) == CarerPlacement.objects.get()

    def test_takes_the_name_of_the_carer_however_it_is_spelled(self, case, child, card, family, specialist, file_act):
        choose(case, child, family, specialist)
        file_act(child=CHILD.replace("ё", "е").upper(), carer=f" {CARER.lower()} ")
        assert CarerPlacement.objects.get().family == family

    def test_tells_a_placement_that_the_screen_has_made_until_when_it_goes_on(
        self, case, child, card, family, specialist, file_act, events
    ):
        placement = place(choose(case, child, family, specialist), specialist, on=TODAY - 5 * DAY)
        file_act()
        assert CarerPlacement.objects.count() == 1
        assert days(placement) == (TODAY - 5 * DAY, UNTIL)
        assert CarerRecord.objects.filter(family=family).latest("pk").words
        known = len(events())
        file_act()
        assert events()[known:] == [Event.FILED]  # nothing was left to change

    def test_that_prolongs_a_stay_never_moves_its_beginning(self, case, child, card, family, specialist, file_act):
        choose(case, child, family, specialist)
        file_act()
        file_act(placed_from=TODAY.isoformat(), placed_to=(UNTIL + 30 * DAY).isoformat())
        assert days(CarerPlacement.objects.get()) == (FROM, UNTIL + 30 * DAY)

    def test_that_is_corrected_corrects_the_days_it_gave_and_no_others(
        self, case, child, card, family, specialist, file_act
    ):
        choose(case, child, family, specialist)
        first = file_act()
        placement = CarerPlacement.objects.get()
        second = file_act(supersedes=first, placed_from=(FROM + DAY).isoformat())
        assert days(placement) == (FROM + DAY, UNTIL)
        file_act(placed_to=(UNTIL + 30 * DAY).isoformat())
        file_act(supersedes=second, placed_from=(FROM + DAY).isoformat(), placed_to=(UNTIL - DAY).isoformat())
        assert days(placement) == (FROM + DAY, UNTIL + 30 * DAY)  # it has been prolonged meanwhile

    def test_of_who_may_do_nothing_in_the_case_changes_no_days(self, case, child, card, family, specialist, file_act):
        placement = place(choose(case, child, family, specialist), specialist, on=FROM)
        file_act(actor=member_of(AgencyFactory()))
        assert days(placement) == (FROM, None)

    @pytest.mark.parametrize(
        "wrong", [{"placed_from": (TODAY + DAY).isoformat()}, {"placed_to": (FROM - DAY).isoformat()}]
    )
    def test_that_is_corrected_to_days_that_cannot_be_changes_nothing(
        self, case, child, card, family, specialist, file_act, wrong
    ):
        choose(case, child, family, specialist)
        first = file_act()
        file_act(supersedes=first, **wrong)
        assert days(CarerPlacement.objects.get()) == (FROM, UNTIL)

    def test_of_a_stay_that_has_ended_begins_no_other(self, case, child, card, family, specialist, file_act, waiting):
        choose(case, child, family, specialist)
        first = file_act()
        self.end(CarerPlacement.objects.get(), specialist)
        file_act(supersedes=first, placed_to=(UNTIL + DAY).isoformat())
        placement = CarerPlacement.objects.get()
        assert (placement.expected_until, placement.ended_on) == (UNTIL, TODAY)
        assert waiting() == []

    def end(self, placement, actor):
        placements.end_placement(placement=placement, ended_on=TODAY, how="other_family", words="", actor=actor, at=NOW)


class TestAnActThatSaysTooLittle:
    """It is filed all the same, and says beside itself what is to be done."""

    def test_waits_for_a_choice(self, case, child, card, family, file_act, waiting):
        file_act()
        assert not CarerPlacement.objects.exists()
        assert [(each.words, each.decision) for each in waiting()] == [(str(placements.NobodyChosen.message), None)]

    @pytest.mark.parametrize(
        ("answers", "refusal"),
        [
            ({"carer": "Другая Анна Павловна"}, placement_acts.OtherCarer),
            ({"child": "Другой Ребёнок"}, placement_acts.NoSuchChild),
        ],
    )
    def test_guesses_nothing_about_other_names(
        self, case, child, card, family, specialist, file_act, waiting, answers, refusal
    ):
        choose(case, child, family, specialist)
        file_act(**answers)
        assert not CarerPlacement.objects.exists()
        assert [each.words for each in waiting()] == [str(refusal.message)]

    def test_guesses_nothing_between_two_children_of_one_name(
        self, case, child, card, family, specialist, file_act, waiting
    ):
        choose(case, child, family, specialist)
        child_in(case, specialist)
        file_act()
        assert not CarerPlacement.objects.exists()
        assert [each.words for each in waiting()] == [str(placement_acts.NoSuchChild.message)]

    @pytest.mark.parametrize(
        "hindrance",
        [{"placed_from": (TODAY + DAY).isoformat()}, {"placed_to": (TODAY - DAY).isoformat()}, {"placed_from": ""}],
    )
    def test_leads_to_the_choice_when_its_days_are_not_of_a_placement_now(
        self, case, child, card, family, specialist, file_act, waiting, hindrance
    ):
        chosen = choose(case, child, family, specialist)
        file_act(**hindrance)
        assert not CarerPlacement.objects.exists()
        assert [each.decision for each in waiting()] == [chosen]

    def test_gives_no_child_to_a_family_whose_papers_have_expired_since(
        self, case, child, card, family, specialist, file_act, waiting
    ):
        chosen = choose(case, child, family, specialist)
        family.papers.filter(kind="health").update(valid_until=TODAY - DAY)
        act = file_act()
        assert act.number
        assert not CarerPlacement.objects.exists()
        assert [each.decision for each in waiting()] == [chosen]

    def test_is_for_the_people_of_the_register_to_write_down(
        self, case, child, card, family, specialist, file_act, waiting, helper
    ):
        chosen = choose(case, child, family, specialist)
        file_act(actor=helper)
        assert not CarerPlacement.objects.exists()
        assert [each.words for each in waiting(helper)] == [str(placement_acts.NotYourRegister.message)]
        assert [each.decision for each in waiting()] == [chosen]

    def test_is_nothing_to_do_for_who_only_reads(self, case, child, card, family, specialist, file_act, waiting):
        file_act()
        reading = AgencyFactory()
        share = {"level": ShareLevel.VIEW, "reason": "Читать", "last_day": TODAY + DAY}
        sharing.share_case(case=case, agency=reading, **share, actor=specialist, at=NOW)
        assert waiting(member_of(reading)) == []

    def test_says_so_beside_itself_and_where_the_family_is_chosen(
        self, case, child, card, family, specialist, file_act, desk
    ):
        at = timezone.now()
        chosen = choose(case, child, family, specialist, at=at)
        tomorrow = case.agency.local(at).date() + DAY
        act = file_act(at=at, placed_from=tomorrow.isoformat(), placed_to=(tomorrow + DAY).isoformat())
        wanted = reverse("casework:place_child", args=[case.reference, chosen.pk])
        beside = reverse("casework:document", args=[case.reference, act.number])
        for address in (beside, reverse("casework:matching", args=[case.reference])):
            page = desk.get(address)
            assert [each.decision for each in page.context["acts_waiting"]] == [chosen]
            assert wanted in page.content.decode()
        assert desk.get(wanted).context["form"].initial["started_on"] == tomorrow


class TestTheSheetOfTheFamily:
    @pytest.fixture
    def sheet(self, case, desk):
        return lambda: desk.get(reverse("casework:family_sheet", args=[case.reference])).context["sheet"]

    def test_says_nothing_of_what_was_agreed_with_an_earlier_family(
        self, case, child, card, family, agency, specialist, head, file_act, sheet
    ):
        choose(case, child, family, specialist)
        meeting = {"when": "по субботам", "where": "в центре", "who": "мать", "mode": "звонок"}
        file_act(contacts=[meeting])
        assert sheet().placed_to == f"{UNTIL:%d.%m.%Y}"
        assert [each["when"] for each in sheet().meetings] == ["по субботам"]
        TestAFiledAct().end(CarerPlacement.objects.get(), specialist)
        assert (sheet().placed_to, sheet().meetings) == ("", [])
        other = family_of(agency, specialist, included_by=head, name="Другая Анна Павловна")
        place(choose(case, child, other, specialist), specialist)
        assert (sheet().placed_to, sheet().meetings) == ("", [])

    def test_says_in_words_that_no_day_is_decided(self, case, child, card, family, specialist, desk):
        place(choose(case, child, family, specialist), specialist)
        page = desk.get(reverse("casework:family_sheet", args=[case.reference])).content.decode()
        assert "<dd>—</dd>" not in page

    def test_is_closed_to_a_colleague_without_leave(self, case, child, card, agency):
        browser = Client()
        browser.force_login(member_of(agency))
        page = browser.get(reverse("casework:family_sheet", args=[case.reference]))
        assert page.context["sheet"] is None
