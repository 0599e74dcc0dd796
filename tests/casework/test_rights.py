"""Who is kept out of a case, what is told to few, and the one sentence for everybody who sees anything."""

import datetime as dt
import uuid

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework import access
from casework.actions import (
    assignments,
    calendar_feeds,
    deliveries,
    disclosures,
    meetings,
    rights,
    sharing,
    tasks,
)
from casework.actions.refusals import ActionRefused
from casework.actions.rights_refusals import (
    AlreadyOpened,
    CannotKeepOutYourself,
    CuratorStays,
    LastHeadStays,
    NotAReader,
    NotConcerned,
    NotYoursToOpen,
)
from casework.actions.task_refusals import DayHasPassed
from casework.actions.who_sees import who_sees
from casework.models import Bar, CategoryGrant, Event, Person, TeamRole
from casework.why_in_words import why_part
from forms_library.models import AgencyKind
from tests.casework.boards import board, meeting_of, put_on
from tests.casework.conftest import NOW, lines_of
from tests.factories import AgencyFactory, member_of, open_case

pytestmark = pytest.mark.django_db
REASON = "Двоюродная сестра матери"


def today():
    return timezone.localdate()


@pytest.fixture
def head(agency):
    return member_of(agency, TeamRole.HEAD)


@pytest.fixture
def colleague(agency):
    return member_of(agency)


@pytest.fixture
def bar(case, head):
    """Return a function that keeps somebody out."""

    def keep_out(person, *, actor=None, concerned=None):
        return rights.bar(
            case=case,
            person=person,
            concerned=concerned or list(who_sees(case, at=NOW).people.values()),
            reason=REASON,
            actor=actor or head,
            at=timezone.now(),
        )

    return keep_out


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


class TestABar:
    def test_closes_the_case_everywhere_to_somebody_whose_team_keeps_it(
        self, case, specialist, colleague, bar, file_plan
    ):
        filed = file_plan()
        task = tasks.give_task(
            case=case, title="Позвонить", owner=colleague, due=None, actor=specialist, at=NOW, token=uuid.uuid4()
        )
        feed = calendar_feeds.make_feed(owner=colleague, token=uuid.uuid4(), at=NOW)
        browser = signed_in(colleague)
        doors = [
            reverse("casework:case", args=[case.reference]),
            reverse("casework:case_access", args=[case.reference]),
            reverse("casework:history", args=[case.reference]),
            reverse("casework:document", args=[case.reference, filed.number]),
            reverse("casework:task", args=[task.pk]),
        ]
        lists = [
            reverse("casework:desk"),
            reverse("casework:case_list"),
            reverse("casework:tasks"),
            reverse("casework:tasks") + "?show=team",
            reverse("casework:tasks") + "?show=nobodys",
            reverse("casework:calendar_feed", args=[feed]),
        ]
        assert {browser.get(door).status_code for door in doors} <= {200, 302}
        assert any(case.reference in browser.get(page).content.decode() for page in lists)
        bar(colleague)
        assert {browser.get(door).status_code for door in doors} == {404}
        for page in lists:
            assert case.reference not in browser.get(page).content.decode(), page
            assert "Позвонить" not in browser.get(page).content.decode(), page

    def test_beats_what_was_sent_shown_and_given_to_the_agency(self, case, specialist, bar, file_plan):
        filed, other = file_plan(), AgencyFactory()
        named, neighbour = member_of(other), member_of(other)
        sent = deliveries.send(submission=filed, agency=other, actor=specialist, at=NOW)
        shown = disclosures.disclose(
            case=case,
            agency=other,
            sections=["people"],
            documents=[filed],
            reason="Помощь",
            last_day=today() + dt.timedelta(days=9),
            actor=specialist,
            at=timezone.now(),
        )
        pages = [
            reverse("casework:delivery", args=[sent.token]),
            reverse("casework:delivery_word", args=[sent.token]),
            reverse("casework:disclosure", args=[shown.token]),
            reverse("casework:disclosed_document", args=[shown.token, filed.number]),
        ]
        bar(named)
        assert {signed_in(named).get(page).status_code for page in pages} == {404}
        assert 404 not in {signed_in(neighbour).get(page).status_code for page in pages}
        assert filed.edition.title not in signed_in(named).get(reverse("casework:incoming")).content.decode()

    def test_beats_a_share(self, case, helper, bar):
        assert access.permissions_on(case, user=helper, today=NOW.date())
        bar(helper)
        assert not access.permissions_on(case, user=helper, today=NOW.date())
        assert helper not in who_sees(case, at=NOW).people.values()

    def test_takes_tasks_and_leaves_away_and_does_not_bring_them_back(self, case, specialist, colleague, bar, head):
        task = tasks.give_task(
            case=case, title="Позвонить", owner=colleague, due=None, actor=specialist, at=NOW, token=uuid.uuid4()
        )
        rights.open_category(
            case=case,
            person=colleague,
            category="special",
            reason="Сопровождение",
            last_day=today() + dt.timedelta(days=30),
            actor=specialist,
            at=timezone.now(),
        )
        barred = bar(colleague)
        task.refresh_from_db()
        assert task.owner is None
        rights.lift_bar(bar=barred, actor=head, at=timezone.now())
        assert access.CasePermission.WORK in access.permissions_on(case, user=colleague, today=today())
        assert access.categories_open(case, user=colleague, today=today()) == frozenset()

    def test_is_written_down_once_however_often_the_button_is_pressed(self, case, colleague, bar, head, events):
        first, second = bar(colleague), bar(colleague)
        assert first == second
        for _press in range(2):
            rights.lift_bar(bar=first, actor=head, at=timezone.now())
        assert events() == ["barred", "bar_lifted"]
        assert Bar.objects.count() == 1

    @pytest.mark.parametrize(
        ("who", "refusal"),
        [
            ("head", CannotKeepOutYourself),
            ("specialist", CuratorStays),
            ("stranger", NotConcerned),
        ],
    )
    def test_is_refused(self, request, case, bar, head, who, refusal, events):
        person = member_of(AgencyFactory()) if who == "stranger" else request.getfixturevalue(who)
        with pytest.raises(refusal):
            bar(person)
        assert events() == []

    def test_leaves_one_head(self, case, specialist, head, bar):
        with pytest.raises(LastHeadStays):
            bar(head, actor=specialist)
        member_of(case.agency, TeamRole.HEAD, is_active=False)
        with pytest.raises(LastHeadStays):
            bar(head, actor=specialist)
        member_of(case.agency, TeamRole.HEAD)
        assert bar(head, actor=specialist).person == head

    def test_of_one_case_says_nothing_of_another(self, case, specialist, colleague, bar):
        another = open_case(case.agency, accepted_by=specialist, at=NOW)
        bar(colleague)
        assert access.permissions_on(another, user=colleague, today=today())
        assert not access.is_barred(another, user=colleague)


class TestALeaveToRead:
    @pytest.fixture
    def leave(self, case, specialist):
        """Return a function that opens a category."""

        def give(person, *, category="special", days=0, actor=None, reason="Психолог"):
            return rights.open_category(
                case=case,
                person=person,
                category=category,
                reason=reason,
                last_day=today() + dt.timedelta(days=days),
                actor=actor or specialist,
                at=timezone.now(),
            )

        return give

    def test_opens_one_category_of_one_case_until_its_day(self, case, specialist, colleague, leave):
        another = open_case(case.agency, accepted_by=specialist, at=NOW)
        assert access.categories_open(case, user=colleague, today=today()) == frozenset()
        leave(colleague, days=2)
        assert access.categories_open(case, user=colleague, today=today() + dt.timedelta(days=2)) == {"special"}
        assert access.categories_open(case, user=colleague, today=today() + dt.timedelta(days=3)) == frozenset()
        assert access.categories_open(another, user=colleague, today=today()) == frozenset()

    def test_is_given_by_the_curator_and_the_head_only(self, case, head, colleague, helper, leave):
        leave(colleague, actor=head)
        for actor in (colleague, helper, member_of(case.agency), member_of(AgencyFactory(), TeamRole.HEAD)):
            with pytest.raises(NotYoursToOpen):
                leave(helper, actor=actor)

    def test_of_adoption_is_given_by_guardianship_bodies_only(self, case, specialist, head, colleague, leave):
        guardians = AgencyFactory(kind=AgencyKind.GUARDIANSHIP_BODY)
        guardian = member_of(guardians)
        with pytest.raises(NotYoursToOpen):
            leave(colleague, category="adoption", actor=guardian)  # the case is not theirs
        sharing.share_case(
            case=case,
            agency=guardians,
            level="view",
            last_day=today() + dt.timedelta(days=9),
            reason="Опека",
            actor=specialist,
            at=timezone.now(),
        )
        for actor in (specialist, head):
            with pytest.raises(NotYoursToOpen):
                leave(colleague, category="adoption", actor=actor)
        with pytest.raises(NotYoursToOpen):
            leave(colleague, actor=guardian)
        with pytest.raises(NotAReader):  # the secret stays among guardianship bodies, whoever would tell it
            leave(colleague, category="adoption", actor=guardian)
        assert "adoption" not in access.categories_open(case, user=colleague, today=today())
        assert "adoption" not in access.categories_open(case, user=specialist, today=today())

    def test_is_refused_to_a_stranger_and_for_a_day_in_the_past(self, colleague, leave, events):
        with pytest.raises(NotAReader):
            leave(member_of(AgencyFactory()))
        with pytest.raises(DayHasPassed):
            leave(colleague, days=-2)
        assert events() == []

    def test_pressed_twice_is_one_and_another_while_it_stands_is_refused(self, colleague, leave, events):
        assert leave(colleague, days=2) == leave(colleague, days=2)
        with pytest.raises(AlreadyOpened):
            leave(colleague, days=3)
        assert events() == ["category_opened"]

    def test_that_has_run_out_gives_place_to_a_new_one(self, case, colleague, specialist, leave):
        old = leave(colleague)
        CategoryGrant.objects.filter(pk=old.pk).update(last_day=today() - dt.timedelta(days=3))
        leave(colleague, days=1)
        old.refresh_from_db()
        assert old.withdrawn_by == specialist
        assert access.categories_open(case, user=colleague, today=today()) == {"special"}

    def test_is_taken_back_at_once_by_who_may_give_it_or_given_up(self, case, colleague, helper, specialist, leave):
        given = leave(colleague, days=5)
        with pytest.raises(NotYoursToOpen):
            rights.close_category(grant=given, actor=helper, at=timezone.now())
        for _press in range(2):
            rights.close_category(grant=given, actor=colleague, at=timezone.now())
        assert access.categories_open(case, user=colleague, today=today()) == frozenset()
        assert lines_of(case).count("category_closed") == 1

    def test_of_a_head_on_demand_is_for_today_and_stays_in_the_log(self, case, head, colleague):
        given = rights.look(case=case, category="special", reason="Жалоба", actor=head, at=timezone.now())
        assert given.last_day == case.agency.local(timezone.now()).date()
        assert access.categories_open(case, user=head, today=given.last_day) == {"special"}
        assert access.categories_open(case, user=head, today=given.last_day + dt.timedelta(days=1)) == frozenset()
        assert case.log.filter(event=Event.CATEGORY_OPENED, actor=head).exists()
        for person in (colleague, member_of(AgencyFactory(), TeamRole.HEAD)):
            with pytest.raises(NotYoursToOpen):
                rights.look(case=case, category="special", reason="Жалоба", actor=person, at=timezone.now())


class TestTheSentence:
    def test_is_there_for_everybody_who_sees_anything(self, case, specialist, head, colleague, helper, file_plan, bar):
        filed, school, police = file_plan(), AgencyFactory(), AgencyFactory()
        teacher, officer = member_of(school), member_of(police)
        until = today() + dt.timedelta(days=9)
        disclosures.disclose(
            case=case,
            agency=school,
            sections=["people", "plan"],
            documents=[],
            reason="Психологическая помощь",
            last_day=until,
            actor=specialist,
            at=timezone.now(),
        )
        deliveries.send(submission=filed, agency=police, actor=specialist, at=timezone.now())
        bar(colleague)
        page = signed_in(head).get(reverse("casework:case_access", args=[case.reference])).content.decode()
        for person in (specialist, head, helper, teacher, officer, colleague):
            assert str(person) in page
        for words in ("Психологическая помощь", f"{until:%d.%m.%Y}", f"№ {filed.number}", REASON):
            assert words in page
        assert str(member_of(AgencyFactory())) not in page

    def test_of_the_page_and_of_the_command_is_the_same(self, case, head, colleague, helper, bar, capsys):
        bar(colleague)
        call_command("who_can_see", case.reference)
        printed = capsys.readouterr().out.splitlines()
        page = signed_in(head).get(reverse("casework:case_access", args=[case.reference])).content.decode()
        assert len(printed) == 4
        for line in printed:
            assert line.split("\t")[2] in page

    def test_costs_the_same_for_few_and_for_many(
        self, case, specialist, head, file_plan, django_assert_num_queries, django_assert_max_num_queries
    ):
        def show(count):
            for _n in range(count):
                other = AgencyFactory()
                member_of(other)
                disclosures.disclose(
                    case=case,
                    agency=other,
                    sections=["people"],
                    documents=[],
                    reason="Помощь",
                    last_day=today() + dt.timedelta(days=9),
                    actor=specialist,
                    at=timezone.now(),
                )

        browser, page = signed_in(head), reverse("casework:case_access", args=[case.reference])
        show(1)
        browser.get(page)
        with django_assert_max_num_queries(60) as few:
            browser.get(page)
        show(8)
        with django_assert_num_queries(len(few.captured_queries)):
            browser.get(page)

    def test_gives_the_reasons_to_those_who_speak_for_the_case_only(self, case, head, colleague, helper, bar):
        bar(colleague)
        address = reverse("casework:case_access", args=[case.reference])
        assert REASON in signed_in(head).get(address).content.decode()
        told = signed_in(helper).get(address).content.decode()
        assert str(colleague) in told
        assert REASON not in told

    def test_skips_what_was_taken_back_and_names_who_reads_the_agenda(self, case, specialist, agency):
        now, helpers = timezone.now(), AgencyFactory()
        member_of(helpers)
        asked = assignments.refer(
            case=case, agency=helpers, text="Помочь", due=today() + dt.timedelta(days=9), answer_within=3,
            shown=None, actor=specialist, at=now, token=uuid.uuid4(),
        )  # fmt: skip
        assert [part.asked for part in who_sees(case, at=now).parts] == [1]
        assignments.withdraw(assignment=asked, actor=specialist, at=now)
        assert who_sees(case, at=now).parts == []
        made = board(at=now)
        put_on(meeting_of(made, at=now), case, specialist, at=now)
        (part,) = who_sees(case, at=now).parts
        assert {made.chair, made.school, made.police, made.head} <= set(part.people)
        assert str(made.council) in why_part(part)
        bystander = member_of(made.agencies["school"])
        assert bystander not in part.people

    def test_names_of_a_pack_only_those_who_sit_in_the_council(self, case, specialist):
        now = timezone.now()
        Person.objects.create(case=case, role="child", full_name="Иванов Пётр", school="Школа № 17")
        made = board(at=now)
        meeting = meeting_of(made, at=now)
        put_on(meeting, case, specialist, at=now)
        bystander = member_of(made.agencies["school"])
        meetings.invite(meeting=meeting, actor=made.secretary, at=now)
        parts = [part for part in who_sees(case, at=now).parts if part.agency == made.agencies["school"]]
        assert [part.people for part in parts] == [(made.school,)]
        assert parts[0].disclosure
        assert bystander not in who_sees(case, at=now).people.values()


class TestThePages:
    def test_keep_out_a_relative_who_sees_nothing_yet(self, case, head):
        relative = member_of(AgencyFactory())
        address = reverse("casework:keep_out", args=[case.reference])
        assert signed_in(head).post(address, {"person": relative.pk, "reason": REASON}).status_code == 302
        assert access.is_barred(case, user=relative)

    def test_keep_somebody_out_and_let_them_in_again(self, case, head, colleague):
        browser = signed_in(head)
        address = reverse("casework:keep_out", args=[case.reference])
        assert str(colleague) in browser.get(address).content.decode()
        answer = browser.post(address, {"person": colleague.pk, "reason": REASON}, follow=True)
        assert [str(colleague) in str(message) for message in answer.context["messages"]] == [True]
        assert access.is_barred(case, user=colleague)
        let_in = reverse("casework:let_in", args=[case.reference, Bar.objects.get().pk])
        assert browser.post(let_in).status_code == 302
        assert not access.is_barred(case, user=colleague)

    def test_tell_why_it_was_refused_and_keep_the_words(self, case, head, specialist):
        address = reverse("casework:keep_out", args=[case.reference])
        answer = signed_in(head).post(address, {"person": specialist.pk, "reason": REASON})
        assert REASON in answer.content.decode()
        assert str(CuratorStays()) in answer.content.decode()
        assert not Bar.objects.exists()

    def test_open_a_category_to_a_colleague_and_close_it(self, case, desk, colleague, agency):
        address = reverse("casework:open_category", args=[case.reference])
        words = {
            "person": colleague.pk,
            "category": "special",
            "last_day": f"{today() + dt.timedelta(days=1):%d.%m.%Y}",
            "reason": "Сопровождение",
        }
        assert desk.post(address, {**words, "last_day": "01.01.2020"}).status_code == 200
        assert desk.post(address, words).status_code == 302
        assert access.categories_open(case, user=colleague, today=today()) == {"special"}
        close = reverse("casework:close_category", args=[case.reference, CategoryGrant.objects.get().pk])
        desk.post(close)
        assert access.categories_open(case, user=colleague, today=today()) == frozenset()

    def test_of_opening_are_not_there_for_who_may_not(self, case, helper, colleague, head):
        opening = reverse("casework:open_category", args=[case.reference])
        looking = reverse("casework:look_at_category", args=[case.reference])
        for person in (helper, colleague, member_of(AgencyFactory())):
            assert signed_in(person).get(opening).status_code == 404
            assert signed_in(person).get(looking).status_code == 404
        browser = signed_in(head)
        assert browser.post(looking, {"category": "special", "reason": "Жалоба"}).status_code == 302
        assert browser.get(looking).status_code == 200  # the criminal record is still closed
        assert browser.post(looking, {"category": "criminal", "reason": "Жалоба"}).status_code == 302
        assert browser.get(looking).status_code == 404

    def test_of_another_case_do_not_take_numbers_of_this_one(self, case, head, specialist, colleague, bar):
        another = open_case(case.agency, accepted_by=specialist, at=NOW)
        barred = bar(colleague)
        answer = signed_in(head).post(reverse("casework:let_in", args=[another.reference, barred.pk]))
        assert answer.status_code == 404
        assert access.is_barred(case, user=colleague)

    def test_show_the_table_of_roles_to_heads_only(self, head, specialist):
        address = reverse("casework:rights_table")
        assert signed_in(head).get(address).status_code == 200
        assert signed_in(specialist).get(address).status_code == 404


class TestWords:
    def test_of_every_refusal_say_what_to_do(self):
        for refusal in (CannotKeepOutYourself, CuratorStays, LastHeadStays, NotAReader, NotConcerned, NotYoursToOpen):
            assert issubclass(refusal, ActionRefused)
            assert str(refusal()).count(".") >= 1
