"""Who answers for a case: named by its keeper, also from another agency; and what happens when they are gone."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from casework.actions import cases, curators, procedure_changes as changes, procedures, sharing
from casework.actions.refusals import CaseNotInWork, NotOfThisAgency
from casework.forms.cases import people_of
from casework.models import Case, ShareLevel, TeamRole
from forms_library.procedures.definition import DoneBy, Role, Stage
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, CURATOR, END, PLANNED, PROCEDURE, RESCUE, REVIEW
from tests.casework.test_procedures import TODAY, appoint, check, open_steps, word
from tests.factories import AgencyFactory, UserFactory, member_of, open_case, procedure_in_force

pytestmark = pytest.mark.django_db

NAMED = Role(code="informer", title="Кто рассказывает семье")
NAMING = replace(CURATOR, code="naming", title="Назначить, кто расскажет", appoints="informer")
TELLING = replace(
    PLANNED,
    code="telling",
    title="Рассказать семье",
    role="informer",
    after=("naming",),
    forms=(),
    done_by=DoneBy.EVENT,
)


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def begin(case, specialist):
    """Return a function that puts the case under the invented procedure, with further steps after the first one."""

    def start(*further, curator=CURATOR):
        steps = (CHECK, *further, curator, RESCUE, PLANNED, REVIEW, END)
        wanted = replace(
            PROCEDURE, roles=(*PROCEDURE.roles, NAMED), stages=(Stage(code="one", title="Всё", steps=steps),)
        )
        edition = procedure_in_force(wanted, at=NOW - dt.timedelta(days=90))
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=TODAY, token=uuid.uuid4()
        )

    return start


class TestAssigning:
    def test_names_another_specialist_of_the_agency(self, case, specialist, events):
        other = member_of(case.agency)
        curators.assign_curator(case=case, actor=specialist, at=NOW, curator=other)
        assert Case.objects.get(pk=case.pk).curator == other
        assert events() == ["assigned"]

    def test_names_somebody_of_an_agency_that_works_on_the_case(self, case, specialist, helper):
        curators.assign_curator(case=case, actor=specialist, at=NOW, curator=helper)
        assert Case.objects.get(pk=case.pk).curator == helper

    def test_not_when_the_case_is_shared_for_reading_only_or_no_longer(self, case, specialist, helper):
        share = case.shares.get()
        reader = member_of(agency := AgencyFactory())
        said = {"reason": "Помощь", "last_day": NOW.date(), "actor": specialist, "at": NOW}
        sharing.share_case(case=case, agency=agency, level=ShareLevel.VIEW, **said)
        sharing.withdraw_share(share=share, actor=specialist, at=NOW)
        for stranger in (reader, helper):
            with pytest.raises(NotOfThisAgency):
                curators.assign_curator(case=case, actor=specialist, at=NOW, curator=stranger)

    def test_the_people_to_choose_from_the_keepers_own_first(self, case, specialist, helper):
        member_of(case.agency, TeamRole.HEAD)
        found = cases.possible_curators(case, today=NOW.date())
        assert [viewer.user for viewer in found] == [specialist, helper]
        own, foreign = (label for _key, label in people_of(found)[1])
        assert "23.12.2026" not in own
        assert "23.12.2026" in foreign  # afterwards the case has no curator again

    def test_refuses_anybody_else(self, case, specialist, events):
        strangers = [
            member_of(AgencyFactory()),
            member_of(case.agency, TeamRole.HEAD),
            member_of(case.agency, is_active=False),
            UserFactory(is_superuser=True),
        ]
        for stranger in strangers:
            with pytest.raises(NotOfThisAgency):
                curators.assign_curator(case=case, actor=specialist, at=NOW, curator=stranger)
        assert events() == []

    def test_is_for_cases_in_work_only(self, agency, specialist):
        with pytest.raises(CaseNotInWork):
            curators.assign_curator(case=open_case(agency), actor=specialist, at=NOW, curator=specialist)


class TestTasks:
    def test_of_a_role_with_a_name_stay_with_whoever_is_named(self, begin, head, specialist, agency):
        followed = begin(NAMING, TELLING)
        check(followed, head)
        procedures.appoint(followed=followed, step="naming", turn=1, person=specialist, word=word(), actor=head, at=NOW)
        appoint(followed, head, other := member_of(agency))
        owners = dict(followed.tasks.open().values_list("step", "owner"))
        assert (owners["telling"], owners["plan"]) == (specialist.pk, other.pk)

    def test_that_nobody_had_go_to_the_first_curator(self, begin, case, head, specialist):
        Case.objects.filter(pk=case.pk).update(curator=None)
        case.refresh_from_db()
        early = replace(PLANNED, code="early", after=("opened",), forms=(), done_by=DoneBy.EVENT)
        followed = begin(early)
        assert followed.tasks.get(step="early").owner is None
        curators.assign_curator(case=case, actor=head, at=NOW, curator=specialist)
        assert followed.tasks.get(step="early").owner == specialist
        assert followed.tasks.get(step="check").owner is None  # the head's own step

    def test_that_come_after_the_access_of_whoever_is_named_has_ended_are_nobodys(self, begin, case, head, helper):
        late = replace(TELLING, code="late", after=("telling",))
        followed = begin(NAMING, TELLING, late)
        check(followed, head)
        procedures.appoint(followed=followed, step="naming", turn=1, person=helper, word=word(), actor=head, at=NOW)
        assert followed.tasks.get(step="telling").owner == helper
        sharing.withdraw_share(share=case.shares.get(), actor=head, at=NOW)
        procedures.tell_what_happened(followed=followed, step="telling", turn=1, word=word(), actor=head, at=NOW)
        assert followed.tasks.get(step="late").owner is None
        curators.assign_curator(case=case, curator=member_of(case.agency), actor=head, at=NOW)
        assert followed.tasks.get(step="late").owner is None


class TestACuratorWhoIsGone:
    @pytest.fixture
    def entrusted(self, begin, head, helper, file_plan):
        """The procedure, with its curator from another agency."""
        followed = begin()
        check(followed, head)
        appoint(followed, head, helper)
        file_plan()
        return followed

    def test_leaves_the_case_and_its_tasks_to_the_keeper_when_the_share_is_withdrawn(self, entrusted, case, head):
        sharing.withdraw_share(share=case.shares.get(), actor=head, at=NOW)
        case.refresh_from_db()
        assert case.curator is None
        assert set(entrusted.tasks.open().values_list("owner", flat=True)) == {None}
        assert case.log.filter(event="assigned").latest("pk").subject == "никто"

    def test_and_when_its_last_day_has_passed(self, entrusted, case):
        tomorrow = case.shares.get().last_day + dt.timedelta(days=1)
        assert sharing.expire_shares(today=tomorrow, at=NOW + dt.timedelta(days=31)) == 1
        case.refresh_from_db()
        assert case.curator is None

    def test_is_missed_on_the_page_of_the_case(self, entrusted, case, head, client):
        sharing.withdraw_share(share=case.shares.get(), actor=head, at=NOW)
        client.force_login(head)
        page = client.get(reverse("casework:case", args=[case.reference])).content.decode()
        assert "Назначьте куратора" in page

    def test_nobody_else_is_taken_from(self, entrusted, case, head, specialist):
        curators.assign_curator(case=case, actor=head, at=NOW, curator=specialist)
        sharing.withdraw_share(share=case.shares.get(), actor=head, at=NOW)
        case.refresh_from_db()
        assert case.curator == specialist
        assert entrusted.tasks.get(step="review").owner == specialist

    def test_does_not_come_back_with_a_mistake_of_a_procedure_that_has_ended(
        self, begin, case, head, specialist, agency
    ):
        followed = begin(curator=replace(CURATOR, after=("level.medium", "level.danger")))
        check(followed, head)
        appoint(followed, head, specialist)
        changes.set_level(followed=followed, level="danger", word=word(words="Избит"), actor=head, at=NOW)
        again = {"followed": followed, "step": "curator", "turn": 2, "person": (other := member_of(agency))}
        procedures.appoint(**again, word=word(), actor=head, at=NOW)
        changes.end_procedure(followed=followed, ground="moved", word=word(words="Уехали"), actor=head, at=NOW)
        event = followed.events.filter(what="appointed").latest("pk")
        changes.annul(event=event, word=word(words="Ошибка"), actor=head, at=NOW)
        case.refresh_from_db()
        assert (case.curator, open_steps(followed)) == (other, [])
