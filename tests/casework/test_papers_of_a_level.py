"""While a risk level lasts, other bodies have its papers; with the level they lose what they have not registered."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from casework import access
from casework.actions import deliveries, drafts, procedure_changes as changes, procedures, radar, submissions
from casework.actions.annulments import look_at_annulment
from casework.actions.procedure_refusals import TakenBack
from casework.actions.progress import progress_of
from casework.models import Delivery, Event, PersonRole, TeamRole
from casework.radar_papers import Standing, goes_out, taken_back
from forms_library.procedures.definition import FormUse, Level, Outcome, Stage
from tests.casework.conftest import NOW
from tests.casework.following import CHECK, CURATOR, END, PLAN, PLANNED, PROCEDURE, RESCUE, REVIEW
from tests.casework.test_procedures import appoint, word
from tests.factories import AgencyFactory, PersonFactory, member_of, procedure_in_force

POLICE = replace(PROCEDURE.role("guardians"), code="police", title="Полиция", agency_kinds=("police_juvenile_unit",))
LEVELS = (
    *PROCEDURE.levels[:2],
    Level(code="danger", title="угроза жизни", at_once=True, papers=(PLAN,), to=("guardians", "police")),
)


def procedure(*, check=CHECK, plan_goes_to=(), is_per_child=False, levels=LEVELS):
    """Return the invented procedure, with the plan as the paper of danger."""
    use = FormUse(code=PLAN, to=plan_goes_to, per_child=is_per_child)
    steps = (check, CURATOR, RESCUE, replace(PLANNED, forms=(use,)), REVIEW, END)
    stages = (Stage(code="one", title="Всё", steps=steps),)
    return replace(PROCEDURE, roles=(*PROCEDURE.roles, POLICE), stages=stages, levels=levels)


DECIDED_BY_PLAN = replace(
    CHECK,
    forms=(FormUse(code=PLAN),),
    decided_by=f"{PLAN}.factors",
    outcomes=(
        Outcome(code="danger", title="Угроза", answer="Пропуски уроков", level="danger"),
        Outcome(code="medium", title="Средний уровень", answer="Уладилось", level="medium"),
    ),
)


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def guardians(agency):
    return AgencyFactory(kind="guardianship_body", territory=agency.territory)


@pytest.fixture
def police(agency):
    return AgencyFactory(kind="police_juvenile_unit", territory=agency.territory)


@pytest.fixture
def bodies(guardians, police):
    return [guardians, police]


@pytest.fixture
def begin(case, specialist):
    """Return a function that puts the case under a procedure."""

    def start(wanted=None, at=NOW, code="tom_support"):
        wanted = wanted or procedure()
        edition = procedure_in_force(wanted, code=code, at=at - dt.timedelta(days=90))
        on = case.agency.local(at).date()
        return procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=at, on=on, token=uuid.uuid4()
        )

    return start


@pytest.fixture
def set_level(head):
    def press(followed, level, actor=None, at=NOW):
        on = followed.case.agency.local(at).date()
        said = word(words="Так решили", on=on)
        return changes.set_level(followed=followed, level=level, word=said, actor=actor or head, at=at)

    return press


@pytest.fixture
def in_danger(begin, bodies, file_plan, set_level):
    """The case at the level of danger, with its paper sent to both bodies."""
    followed = begin()
    file_plan()
    set_level(followed, "danger")
    return followed


@pytest.fixture
def look(specialist):
    def seen(followed):
        followed = radar.procedures_of(followed.case).get(pk=followed.pk)
        return radar.look(followed, user=specialist, at=NOW)

    return seen


def holders(level="danger"):
    """Return who has a paper open now, as far as it was sent for a level."""
    return {each.agency for each in Delivery.objects.filter(level=level, recalled_at=None)}


def told(case, event):
    return case.log.filter(event=event).count()


def received_by(agency, number="15"):
    delivery = Delivery.objects.get(agency=agency)
    return deliveries.register(delivery=delivery, number=number, actor=member_of(agency), at=NOW)


class TestTheLevel:
    def test_sends_what_was_filed_before_to_each_body(self, in_danger, bodies, case):
        assert holders() == set(bodies)
        assert told(case, Event.SENT) == 2

    def test_sends_what_is_filed_while_it_lasts(self, begin, bodies, file_plan, set_level, specialist):
        set_level(begin(), "danger", actor=specialist)
        assert not Delivery.objects.exists()
        file_plan()
        assert holders() == set(bodies)

    def test_sends_the_newest_when_a_paper_is_corrected(self, in_danger, bodies, specialist):
        filed = in_danger.case.submissions.get()
        draft = drafts.start_correction(submission=filed, actor=specialist, at=NOW)
        newest = submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert {each.agency for each in newest.deliveries.all()} == set(bodies)

    def test_sends_the_last_one_only_of_those_filed_before(self, begin, bodies, file_plan, set_level):
        followed = begin()
        file_plan()
        last = file_plan()
        set_level(followed, "danger")
        assert {each.submission for each in Delivery.objects.all()} == {last}

    def test_sends_the_last_one_of_every_child(self, begin, bodies, file_plan, set_level, head, specialist, case):
        for name in ("Полина", "Артём"):
            PersonFactory(case=case, role=PersonRole.CHILD, full_name=name)
        followed = begin(procedure(is_per_child=True))
        set_level(followed, "medium")
        appoint(followed, head, specialist)
        filed = [file_plan() for _child in range(2)]
        set_level(followed, "danger")
        assert {each.submission for each in Delivery.objects.all()} == set(filed)

    def test_that_a_form_decides_sends_that_form(self, begin, bodies, file_plan):
        begin(procedure(check=DECIDED_BY_PLAN))
        file_plan()
        assert holders() == set(bodies)

    def test_that_a_corrected_form_decides_otherwise_takes_it_back(self, begin, bodies, file_plan, specialist):
        begin(procedure(check=DECIDED_BY_PLAN))
        draft = drafts.start_correction(submission=file_plan(), actor=specialist, at=NOW)
        typed = {**draft.typed, "factors": ["Уладилось"]}
        draft = drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=NOW)
        submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert not holders()

    def test_sends_nothing_when_it_names_nothing(self, begin, bodies, file_plan, set_level):
        followed = begin()
        file_plan()
        set_level(followed, "medium")
        assert not Delivery.objects.exists()

    def test_that_a_newer_edition_gives_papers_sends_none_on_its_own_by_the_move(
        self, begin, bodies, file_plan, set_level, head, look
    ):
        followed = begin(procedure(levels=PROCEDURE.levels))
        before = file_plan()
        set_level(followed, "danger")
        newer = procedure_in_force(procedure(), at=NOW - dt.timedelta(days=1))
        followed = changes.move_to(followed=followed, edition=newer, word=word(words="Приказ"), actor=head, at=NOW)
        assert not Delivery.objects.exists()
        assert [(paper.number, paper.is_left) for paper in look(followed).papers_now] == [(before.number, True)]
        set_level(followed, "medium")
        set_level(followed, "danger")
        assert holders() == set(bodies)


class TestLeavingTheLevel:
    def test_closes_the_paper_to_whoever_has_not_registered_it(self, in_danger, set_level, guardians, case):
        reader, delivery = member_of(guardians), Delivery.objects.get(agency=guardians)
        set_level(in_danger, "medium")
        assert not access.deliveries_for(user=reader).exists()
        with pytest.raises(access.CaseNotFound):
            access.get_delivery(user=reader, token=delivery.token)
        assert told(case, Event.RECALLED) == 2

    def test_is_written_down_once(self, in_danger, set_level, case, file_plan):
        set_level(in_danger, "medium")
        file_plan()
        set_level(in_danger, "low")
        assert told(case, Event.RECALLED) == 2

    def test_is_written_down_once_of_a_paper_that_was_corrected_meanwhile(self, in_danger, set_level, case, specialist):
        set_level(in_danger, "medium")
        draft = drafts.start_correction(submission=case.submissions.get(), actor=specialist, at=NOW)
        submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        set_level(in_danger, "danger")
        set_level(in_danger, "medium")
        assert told(case, Event.RECALLED) == 4

    def test_leaves_what_was_registered(self, in_danger, set_level, guardians):
        reader = received_by(guardians).received_by
        set_level(in_danger, "medium")
        assert access.deliveries_for(user=reader).count() == 1
        assert holders() == {guardians}

    def test_that_was_a_mistake_takes_the_papers_back(self, in_danger, head):
        event = in_danger.events.get(what="level")
        changes.annul(event=event, word=word(words="Не тот ребёнок"), actor=head, at=NOW)
        assert not holders()

    def test_and_coming_back_to_it_opens_them_again(self, in_danger, set_level, bodies, case):
        set_level(in_danger, "medium")
        set_level(in_danger, "danger")
        assert holders() == set(bodies)
        assert Delivery.objects.count() == 2
        assert told(case, Event.SENT) == 4

    def test_for_one_that_sends_the_same_leaves_it_where_it_is(
        self, begin, file_plan, set_level, guardians, police, case
    ):
        calm = replace(LEVELS[1], papers=(PLAN,), to=("guardians",))
        followed = begin(procedure(levels=(LEVELS[0], calm, LEVELS[2])))
        file_plan()
        set_level(followed, "danger")
        set_level(followed, "medium")
        assert holders("medium") == {guardians}
        assert told(case, Event.RECALLED) == 1

    def test_by_the_end_of_the_work_takes_nothing_back(self, in_danger, specialist, bodies):
        changes.end_procedure(followed=in_danger, ground="moved", word=word(words="В Томск"), actor=specialist, at=NOW)
        assert holders() == set(bodies)

    def test_leaves_what_another_procedure_of_the_case_sends(self, in_danger, begin, set_level, bodies):
        second = begin(code="nso_interagency")
        set_level(second, "danger")
        set_level(in_danger, "medium")
        assert holders() == set(bodies)
        set_level(second, "medium")
        assert not holders()


class TestWhatIsSentForGood:
    def test_by_hand_is_never_taken_back(self, in_danger, set_level, guardians, specialist):
        paper = in_danger.case.submissions.get()
        deliveries.send_by_hand(submission=paper, agency=guardians, actor=specialist, at=NOW)
        set_level(in_danger, "medium")
        assert access.deliveries_for(user=member_of(guardians)).exists()

    def test_by_hand_opens_what_was_taken_back(self, in_danger, set_level, guardians, specialist, case):
        set_level(in_danger, "medium")
        paper = in_danger.case.submissions.get()
        deliveries.send_by_hand(submission=paper, agency=guardians, actor=specialist, at=NOW)
        assert access.deliveries_for(user=member_of(guardians)).exists()
        assert told(case, Event.SENT) == 3

    def test_by_a_step_is_never_taken_back(self, begin, bodies, file_plan, set_level, head, specialist, guardians):
        followed = begin(procedure(plan_goes_to=("guardians",)))
        file_plan()
        set_level(followed, "danger")
        assert holders() == set(bodies)
        appoint(followed, head, specialist)  # the plan that lies ready does its step
        set_level(followed, "medium")
        assert access.deliveries_for(user=member_of(guardians)).exists()
        assert holders("") == {guardians}

    def test_by_a_step_to_somebody_else_keeps_no_paper_of_the_level(
        self, begin, bodies, file_plan, set_level, head, specialist
    ):
        wanted = procedure(plan_goes_to=("any",))
        either = replace(POLICE, code="any", agency_kinds=("guardianship_body", "police_juvenile_unit"))
        followed = begin(replace(wanted, roles=(*wanted.roles, either)))
        file_plan()
        set_level(followed, "danger")
        appoint(followed, head, specialist)
        assert holders() == set(bodies)


class TestRegistering:
    def test_what_was_taken_back_a_moment_ago_is_refused(self, in_danger, set_level, guardians):
        seen = Delivery.objects.get(agency=guardians)
        set_level(in_danger, "medium")
        with pytest.raises(TakenBack):
            deliveries.register(delivery=seen, number="15", actor=member_of(guardians), at=NOW)

    def test_it_says_so_on_the_screen(self, in_danger, set_level, guardians, monkeypatch):
        seen = Delivery.objects.select_related("submission__case").get(agency=guardians)
        set_level(in_danger, "medium")
        monkeypatch.setattr(access, "get_delivery", lambda **_asked: seen)
        browser = Client()
        browser.force_login(member_of(guardians))
        page = browser.post(f"/cases/incoming/{seen.token}/register/", {"number": "15"}, follow=True)
        assert page.redirect_chain == [("/cases/incoming/", 302)]
        assert str(TakenBack()) in page.content.decode()


class TestCost:
    def test_of_filing_is_the_same_after_many_papers(self, in_danger, file_plan):
        counts = []
        for _time in range(4):
            with CaptureQueriesContext(connection) as queries:
                file_plan()
            counts.append(len(queries))
        assert len(set(counts)) == 1

    def test_of_following_a_case_that_sends_nothing_new_is_one_query(self, in_danger, specialist):
        with CaptureQueriesContext(connection) as queries:
            deliveries.send_papers(in_danger, progress_of(in_danger), actor=specialist, at=NOW)
        assert len([each for each in queries if "casework_delivery" in each["sql"]]) == 1
        assert not [each for each in queries if 'FROM "forms_library_agency"' in each["sql"]]


def standings(papers):
    return [(paper.number, body.role, body.standing) for paper in papers for body in paper.bodies]


class TestThePage:
    def test_says_before_who_will_get_what(self, begin, bodies, look, file_plan):
        followed = begin()
        roles = ("Орган опеки", "Полиция")
        assert standings(look(followed).papers.of_levels["danger"]) == [(None, role, Standing.LATER) for role in roles]
        paper = file_plan()
        told_now = look(followed)
        assert standings(told_now.papers.of_levels["danger"]) == [(paper.number, role, Standing.GETS) for role in roles]
        (words,) = told_now.sends()["danger"]
        assert all(str(body) in words for body in bodies)

    def test_says_after_who_has_it(self, in_danger, look, guardians):
        received_by(guardians)
        ((first, second),) = (paper.bodies for paper in look(in_danger).papers_now)
        assert [(each.agency, each.incoming_number) for each in first.holders] == [(str(guardians), "15")]
        assert (second.standing, second.holders[0].is_registered) == (Standing.HOLDS, False)

    def test_says_before_what_is_taken_back(self, in_danger, look, guardians, police):
        received_by(guardians)
        (words,) = look(in_danger).sends()["medium"]
        assert str(police) in words
        assert str(guardians) not in words

    def test_takes_nothing_back_that_another_procedure_of_the_case_keeps(self, in_danger, begin, set_level, look):
        assert look(in_danger).sends()["medium"]
        set_level(begin(code="nso_interagency"), "danger")
        assert not look(in_danger).sends()["medium"]

    def test_says_before_what_is_taken_back_with_an_entry(self, in_danger, look, guardians, police):
        received_by(guardians)
        (words,) = look_at_annulment(look(in_danger), in_danger.events.get(what="level")).papers
        assert str(police) in words
        assert str(guardians) not in words

    def test_says_nothing_of_papers_with_an_entry_that_sets_no_level(self, in_danger, look, head, specialist):
        appointed = appoint(in_danger, head, specialist)
        assert look_at_annulment(look(in_danger), appointed).papers == ()

    def test_says_what_was_taken_back_goes_out_again(self, in_danger, set_level, look):
        set_level(in_danger, "medium")
        (paper,) = look(in_danger).papers.of_levels["danger"]
        assert {body.standing for body in paper.bodies} == {Standing.GETS}
        assert look(in_danger).papers_now == ()

    def test_says_where_no_agency_or_no_single_one_is_near(self, begin, look, file_plan, set_level, guardians):
        AgencyFactory(kind="guardianship_body", territory=guardians.territory)
        followed = begin()
        paper = file_plan()
        set_level(followed, "danger")
        found = look(followed).papers_now
        assert standings(found) == [
            (paper.number, "Орган опеки", Standing.SEVERAL),
            (paper.number, "Полиция", Standing.NOBODY),
        ]
        assert found[0].is_left
        assert len(list(goes_out(found))) == 2

    def test_of_a_keeper_who_is_the_body_does_not_miss_it(self, begin, look, file_plan, case, police):
        case.agency.kind = "guardianship_body"
        case.agency.save()
        followed = begin()
        file_plan()
        assert [body.role for paper in look(followed).papers.of_levels["danger"] for body in paper.bodies] == [
            "Полиция"
        ]

    def test_expects_no_more_papers_when_the_work_has_ended(self, begin, look, specialist, set_level):
        followed = begin()
        set_level(followed, "danger")
        assert look(followed).papers_now
        changes.end_procedure(followed=followed, ground="moved", word=word(words="В Томск"), actor=specialist, at=NOW)
        assert look(followed).papers_now == ()

    def test_still_says_who_has_a_paper_when_the_work_has_ended(self, in_danger, look, specialist):
        changes.end_procedure(followed=in_danger, ground="moved", word=word(words="В Томск"), actor=specialist, at=NOW)
        assert {body.standing for paper in look(in_danger).papers_now for body in paper.bodies} == {Standing.HOLDS}

    def test_of_a_procedure_without_such_levels_asks_nothing(self, begin, look):
        followed = begin(procedure(levels=PROCEDURE.levels))
        with CaptureQueriesContext(connection) as queries:
            assert look(followed).papers.of_levels == {}
        assert not [each for each in queries if "casework_delivery" in each["sql"]]

    def test_keeps_what_the_next_level_sends(self, in_danger, look):
        papers = look(in_danger).papers_now
        assert list(taken_back(papers, kept=papers)) == []


class TestOnTheScreen:
    @pytest.fixture
    def now(self):
        return timezone.now()

    @pytest.fixture
    def followed(self, begin, now, file_plan, guardians):
        file_plan()
        return begin(at=now)

    @staticmethod
    def page(browser, followed, name="procedure", **more):
        return browser.get(reverse(f"casework:{name}", args=[followed.case.reference, followed.pk]), more)

    def test_the_level_is_set_knowing_who_gets_what(self, desk, followed, guardians):
        (shown,) = self.page(desk, followed, "set_level", level="danger").context["form"].shown()
        assert [words for words in shown.choice.leads_to if str(guardians) in words]

    def test_the_procedure_says_who_got_it_and_where_a_person_has_to_help(
        self, desk, followed, guardians, set_level, now
    ):
        set_level(followed, "danger", at=now)
        page = self.page(desk, followed).content.decode()
        assert str(guardians) in page
        assert 'href="#level"' in page
        assert reverse("casework:send", args=[followed.case.reference, 1]) in page

    def test_an_entry_is_taken_back_knowing_who_loses_what(self, desk, followed, guardians, set_level, now):
        event = set_level(followed, "danger", at=now)
        address = reverse("casework:annul_event", args=[followed.case.reference, followed.pk, event.pk])
        after = html.fromstring(desk.get(address).content.decode()).get_element_by_id("after").text_content()
        assert str(guardians) in after

    def test_the_procedure_asks_for_no_help_when_all_went_out(self, desk, followed, police, set_level, now):
        set_level(followed, "danger", at=now)
        page = self.page(desk, followed).content.decode()
        assert str(police) in page
        assert 'href="#level"' not in page
        assert reverse("casework:send", args=[followed.case.reference, 1]) not in page

    def test_a_step_that_a_form_decides_says_who_gets_what(self, desk, begin, now, plan):
        followed = begin(procedure(check=DECIDED_BY_PLAN), at=now)
        (open_step,) = (step for step in self.page(desk, followed).context["radar"].now if step.step.code == "check")
        (words,) = open_step.sends
        assert plan.title in words
        assert "Полиция" in words

    def test_the_sender_sees_that_it_was_taken_back(self, desk, followed, set_level, now):
        set_level(followed, "danger", at=now)
        address = reverse("casework:send", args=[followed.case.reference, 1])
        before = desk.get(address).content.decode()
        set_level(followed, "medium", at=now)
        (delivery,) = Delivery.objects.all()
        day = f"{followed.case.agency.local(delivery.recalled_at):%d.%m.%Y}"
        after = html.fromstring(desk.get(address).content).get_element_by_id("sent").text_content()
        assert after.count(day) > html.fromstring(before).get_element_by_id("sent").text_content().count(day)
