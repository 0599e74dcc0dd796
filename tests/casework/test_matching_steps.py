"""The procedure of professional families and the pages of matching tell one another: nobody writes a step twice."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import matching_steps, sharing
from casework.models import CarerFamily, CarerPlacement, CaseEvent, PlacementEnd, ShareLevel
from tests.casework.professional_families import card_in, choose, family_of, place
from tests.casework.test_walks import CaseWalk
from tests.factories import AgencyFactory, member_of

pytestmark = pytest.mark.django_db
BORN = dt.date(2024, 6, 10)
DECIDED = CaseEvent.What.DECIDED


@pytest.fixture
def walk():
    return CaseWalk("professional_family", born=BORN).through("request")


@pytest.fixture
def child(walk):
    return walk.case.people.get(role="child")


def family_for(walk):
    return family_of(walk.case.agency, walk.specialist, included_by=walk.head, at=walk.now())


def assess(walk, child):
    """File the needs card of the child, which does the step of the assessment."""
    return card_in(walk.case, walk.specialist, at=walk.now(), child=child.full_name)


def choose_for(walk, child, family, **changes):
    return choose(walk.case, child, family, walk.specialist, at=walk.now(), **changes)


def choices(walk):
    return list(walk.followed.events.filter(what=DECIDED, step="choice").values_list("code", "words"))


class TestChoosingAFamily:
    def test_does_the_step_in_which_it_is_looked_for_and_tells_it_no_reasons(self, walk, child):
        assess(walk, child)
        assert "choice" in walk.waiting
        choose_for(walk, child, family_for(walk))
        assert choices(walk) == [("found", "")]
        assert "matching" in walk.waiting
        assert "choice" not in walk.waiting
        walk.tasks_are_in_step()

    def test_once_for_brothers_and_sisters(self, walk, child):
        assess(walk, child)
        family = family_for(walk)
        for _each in range(2):
            choose_for(walk, child, family)
        assert choices(walk) == [("found", "")]

    def test_turned_down_leaves_the_step_open(self, walk, child):
        assess(walk, child)
        choose_for(walk, child, family_for(walk), is_chosen=False)
        assert choices(walk) == []
        assert "choice" in walk.waiting

    def test_after_the_child_has_waited_takes_it_off_the_list(self, walk, child):
        assess(walk, child)
        walk.through("choice.waiting")
        assert "choice" in walk.waiting  # a family may become free any day
        today = walk.today
        assert [each.case for each in matching_steps.waiting_children(walk.specialist, today=today)] == [walk.case]
        choose_for(walk, child, family_for(walk))
        assert matching_steps.waiting_children(walk.specialist, today=today) == []

    def test_stands_also_where_no_procedure_runs_or_the_step_is_somebody_elses(self, walk, child):
        assess(walk, child)
        stranger = member_of(AgencyFactory())
        assert matching_steps.family_found(walk.case, actor=stranger, at=walk.now()) is None
        assert "choice" in walk.waiting
        walk.end("not_placed")
        assert choose_for(walk, child, family_for(walk)).is_chosen
        assert choices(walk) == []


class TestWhereTheChildGoes:
    @pytest.fixture
    def placement(self, walk, child):
        assess(walk, child)
        decision = choose_for(walk, child, family_for(walk))
        placement = place(decision, walk.specialist, at=walk.now(), on=walk.today)
        walk.through("matching.agreed", "case_plan", "papers.parent_agreement", "placement", "review.time_to_close")
        return placement

    @pytest.fixture
    def desk(self, walk):
        desk = Client()
        desk.force_login(walk.specialist)
        return desk

    def radar(self, walk, desk):
        return desk.get(reverse("casework:procedure", args=[walk.case.reference, walk.followed.pk]))

    @pytest.mark.parametrize(
        ("outcome", "how"), [("reintegration", PlacementEnd.REINTEGRATION), ("permanent", PlacementEnd.PERMANENT)]
    )
    def test_is_carried_into_the_end_of_the_placement(self, walk, placement, desk, outcome, how):
        ends = reverse("casework:end_placement", args=[walk.case.reference, placement.pk])
        assert ends not in self.radar(walk, desk).content.decode()
        assert desk.get(ends).context["form"]["how"].value() is None
        walk.through(f"outcome.{outcome}")
        assert ends in self.radar(walk, desk).content.decode()
        assert desk.get(ends).context["form"]["how"].value() == how
        CarerPlacement.objects.filter(pk=placement.pk).update(ended_on=walk.today, ended_how=how)
        assert ends not in self.radar(walk, desk).content.decode()

    def test_names_the_family_to_nobody_who_only_reads(self, walk, placement, desk):
        walk.through("outcome.reintegration")
        reader, at = member_of(agency := AgencyFactory()), timezone.now()
        share = {"level": ShareLevel.VIEW, "reason": "Надзор", "last_day": at.date() + dt.timedelta(days=30)}
        sharing.share_case(case=walk.case, agency=agency, **share, actor=walk.specialist, at=at)
        name = CarerFamily.objects.get().name
        assert name in self.radar(walk, desk).content.decode()
        outside = Client()
        outside.force_login(reader)
        answer = self.radar(walk, outside)
        assert answer.status_code == 200
        assert name not in answer.content.decode()

    def test_may_be_another_professional_family_which_is_chosen_anew(self):
        other = CaseWalk("professional_family", born=BORN).through("request")
        kid = other.case.people.get(role="child")
        assess(other, kid)
        place(choose_for(other, kid, family_for(other)), other.specialist, at=other.now(), on=other.today)
        other.through("matching.agreed", "case_plan", "papers.parent_agreement", "placement", "review.other_family")
        choose_for(
            other,
            kid,
            family_of(other.case.agency, other.specialist, included_by=other.head, name="Вторая", at=other.now()),
            token=uuid.uuid4(),
        )
        assert choices(other) == [("found", ""), ("found", "")]
