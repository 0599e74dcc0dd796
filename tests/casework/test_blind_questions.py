"""«Is this child known?»: whom to call, and never a word of the case; with a reason, written down, limited."""

import datetime as dt
import re
import uuid

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.actions import blind_questions, cases
from casework.actions.blind_questions import NobodyIsNamed, NotAskedForAgency
from casework.actions.people import keep_person
from casework.actions.person_keys import keep_keys
from casework.models import Bar, BlindQuestion, ClosureGround, Person, PersonKey, TeamRole
from casework.same_person import Named
from forms_library.models.agencies import AgencyPhone
from tests.casework.conftest import NOW, lines_of
from tests.casework.test_same_person import BORN, POLINA, SWAPPED
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case

pytestmark = pytest.mark.django_db

SNILS = "087-654-303 00"
REASON = "Ребёнок живёт у соседки вторую неделю"
TYPED = {"surname": "Ветрова", "first_name": "Полина", "patronymic": "", "birth_date": "09.04.2016", "reason": REASON}


@pytest.fixture
def polina(case, specialist):
    """A child of the case, entered as people are entered."""
    person = Person(
        role="child", full_name=POLINA, birth_date=BORN, snils=SNILS, address="ул. Малиновая, 1", school="Школа № 17"
    )
    return keep_person(case=case, actor=specialist, at=NOW, person=person)


@pytest.fixture
def school(db):
    return AgencyFactory(short_name="Школа № 5")


@pytest.fixture
def teacher(school):
    """A stranger to the case."""
    return member_of(school)


@pytest.fixture
def ask(teacher, school):
    """Return a function by which the stranger asks."""

    def put(name=POLINA, born=BORN, snils="", *, actor=teacher, agency=school, token=None):
        return blind_questions.ask(
            child=Named(name, born, snils),
            agency=agency,
            reason=REASON,
            actor=actor,
            at=NOW,
            token=token or uuid.uuid4(),
        )

    return put


@pytest.fixture
def stranger(teacher):
    """A browser in which the stranger is signed in."""
    cache.clear()
    client = Client()
    client.force_login(teacher)
    return client


def send(client, **changes):
    """Send the form for the one agency that it offers."""
    page = client.get("/cases/known/")
    offered = page.context["form"].fields["agency"].initial.pk if page.status_code == 200 else ""
    return client.post("/cases/known/", {**TYPED, "agency": offered, "token": str(uuid.uuid4()), **changes})


def agency_of(user):
    return user.groups.get().team.agency


class TestTheQuestion:
    @pytest.mark.parametrize(
        ("name", "born", "snils"),
        [
            (POLINA, BORN, ""),
            ("Полина Ветрова", BORN, ""),
            ("VETROVA POLINA ANDREYEVNA", BORN, ""),
            ("Ветрова Полина", SWAPPED, ""),
            (POLINA, None, ""),
            ("Совсем Другая", None, SNILS),
        ],
    )
    def test_finds_the_child_however_named_and_says_whom_to_call(self, polina, ask, specialist, name, born, snils):
        answer = ask(name, born, snils)
        assert [(contact.person, contact.agency) for contact in answer.contacts] == [(specialist, polina.case.agency)]
        assert (answer.own, answer.question.found) == ([], 1)

    @pytest.mark.parametrize(
        ("name", "born"), [("Ветрова Полина", None), ("Ветрова Полина Игоревна", BORN), (POLINA, dt.date(2016, 4, 10))]
    )
    def test_guesses_nothing(self, polina, ask, name, born):
        answer = ask(name, born)
        assert (answer.contacts, answer.own, answer.question.found) == ([], [], 0)

    def test_finds_a_child_whose_birthday_is_not_known_by_the_whole_name_only(self, case, ask):
        keep_keys([PersonFactory(case=case, birth_date=None)])
        assert ask(POLINA).contacts
        assert not ask("Ветрова Полина").contacts

    def test_asks_of_children_in_running_cases_only(self, polina, case, specialist, ask):
        parent = Person(role="mother", full_name="Ветрова Ольга Сергеевна", birth_date=BORN)
        keep_person(case=case, actor=specialist, at=NOW, person=parent)
        assert not ask("Ветрова Ольга Сергеевна").contacts
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        assert not ask().contacts

    def test_leads_whoever_may_read_the_case_to_it(self, polina, case, helper, ask):
        answer = ask(actor=helper, agency=agency_of(helper))
        assert (answer.own, answer.contacts) == ([case], [])

    def test_names_the_agency_where_nobody_answers_for_the_case(self, ask):
        case = open_case(at=NOW)
        keep_keys([PersonFactory(case=case)])
        assert [(contact.person, contact.agency) for contact in ask().contacts] == [(None, case.agency)]

    def test_names_the_agency_where_the_curator_has_left(self, polina, specialist, ask):
        specialist.is_active = False
        specialist.save()
        assert [contact.person for contact in ask().contacts] == [None]

    def test_names_the_head_to_whoever_is_kept_out_of_the_case(self, polina, case, agency, specialist, ask):
        colleague, head = member_of(agency), member_of(agency, TeamRole.HEAD)
        Bar.objects.create(case=case, person=colleague, reason="соседка", barred_by=head, barred_at=NOW)
        answer = ask(actor=colleague, agency=agency)
        assert (answer.own, [contact.person for contact in answer.contacts]) == ([], [head])
        assert [contact.person for contact in ask().contacts] == [specialist]  # others are told as before

    def test_names_everybody_once(self, case, specialist, ask):
        second = open_case(case.agency, accepted_by=specialist, at=NOW)
        keep_keys([PersonFactory(case=case), PersonFactory(case=second), PersonFactory(case=second)])
        answer = ask()
        assert ([contact.person for contact in answer.contacts], answer.question.found) == ([specialist], 2)

    def test_is_no_way_to_look_through_all_the_namesakes(self, agency, specialist, ask):
        opened = [open_case(agency, accepted_by=specialist, at=NOW) for _n in range(blind_questions.MOST_FOUND + 1)]
        keep_keys([PersonFactory(case=case) for case in opened])
        answer = ask(born=None)
        assert (answer.is_too_wide, answer.contacts, answer.own, answer.question.found) == (True, [], [], 6)
        assert not [case for case in opened if "blind_match" in lines_of(case)]

    def test_by_initials_or_one_word_is_refused(self, polina, ask):
        for name in ("Ветрова П. А.", "Полина", ""):
            with pytest.raises(NobodyIsNamed):
                ask(name)
        assert not BlindQuestion.objects.exists()

    def test_is_asked_for_an_open_agency_of_ones_own(self, polina, ask, school, teacher):
        school.is_open = False
        school.save()
        for agency in (school, polina.case.agency):
            with pytest.raises(NotAskedForAgency):
                ask(agency=agency)

    def test_costs_the_same_for_one_case_and_for_five(self, agency, specialist, ask, django_assert_num_queries):
        for number in range(blind_questions.MOST_FOUND):
            keep_keys([PersonFactory(case=open_case(agency, accepted_by=specialist, at=NOW))])
            if number in {0, blind_questions.MOST_FOUND - 1}:
                token = uuid.uuid4()
                ask(token=token)
                with django_assert_num_queries(10):  # a question that is repeated writes nothing down
                    ask(token=token)


class TestTheTrace:
    def test_is_a_line_in_the_case_that_names_the_agency_that_asked(self, polina, case, teacher, school, ask, events):
        ask()
        assert events() == ["blind_match"]
        line = case.log.order_by("-pk").first()
        assert (line.actor, line.subject) == (teacher, str(school))

    def test_is_one_question_when_the_same_page_is_sent_twice(self, polina, ask, events):
        token = uuid.uuid4()
        assert ask(token=token).question == ask(token=token).question
        assert events() == ["blind_match"]
        assert ask("Ветров Егор Андреевич", token=token).question != ask(token=token).question

    def test_is_never_left_out_because_an_old_page_is_sent_again_with_more(self, polina, ask, events):
        token = uuid.uuid4()
        assert ask("Ветрова Вера", BORN, token=token).question.found == 0
        assert ask("Ветрова Вера", BORN, SNILS, token=token).contacts
        assert events() == ["blind_match"]

    def test_keeps_no_name_and_knows_the_child_again(self, polina, ask, teacher, settings):
        first = ask().question
        again = ask("ветрова полина андреевна")
        assert again.asked_before == [first]
        assert re.fullmatch("[0-9a-f]{64}", first.child)
        assert not ask("Ветров Егор Андреевич").asked_before
        stored = " ".join(str(value) for value in BlindQuestion.objects.filter(pk=first.pk).values_list()[0])
        assert "етров" not in stored
        assert "vetrov" not in stored
        settings.SECRET_KEY = "another"
        assert not ask().asked_before  # without the key nobody can tell whom a hash is of

    def test_of_other_agencies_is_not_told(self, polina, ask):
        other = member_of(AgencyFactory())
        ask()
        assert not ask(actor=other, agency=agency_of(other)).asked_before

    def test_is_read_by_whoever_asked_and_by_their_head(self, polina, ask, teacher, school, specialist):
        question = ask().question
        assert list(blind_questions.questions_for(teacher)) == [question]
        assert list(blind_questions.questions_for(member_of(school, TeamRole.HEAD))) == [question]
        for other in (member_of(school), specialist):
            assert not blind_questions.questions_for(other)


class TestTheIndex:
    def test_follows_what_is_changed_about_a_child(self, polina, case, specialist, ask):
        polina.full_name = "Ручьёва Полина Андреевна"
        keep_person(case=case, actor=specialist, at=NOW, person=polina)
        assert not ask().contacts
        assert ask("Ручьева Полина").contacts

    def test_has_nobody_who_was_entered_by_mistake(self, polina, case, specialist, ask):
        polina.is_mistake = True
        keep_person(case=case, actor=specialist, at=NOW, person=polina)
        assert not PersonKey.objects.exists()
        assert not ask().contacts

    def test_is_made_anew_for_people_who_were_there_before(self, case, ask):
        children = PersonFactory.create_batch(3, case=case)
        PersonFactory(case=case, role="mother")
        assert not ask().contacts
        call_command("index_people")
        call_command("index_people")
        assert ask().contacts
        assert set(PersonKey.objects.values_list("person", flat=True)) == {child.pk for child in children}


class TestThePageOfTheQuestion:
    def test_tells_a_stranger_whom_to_call_and_nothing_of_the_case(self, polina, case, specialist, stranger):
        page = send(stranger)
        text = page.content.decode()
        assert page.status_code == 200
        for told in (specialist.get_full_name(), specialist.post, specialist.work_phone, case.agency.name):
            assert told in text
        for hidden in (case.reference, "Андреевна", SNILS, "Малиновая", "Школа № 17", f"people/{polina.pk}"):
            assert hidden not in text
        assert "no-store" in page["Cache-Control"]

    def test_tells_who_is_not_found_the_same_way_whoever_else_is_there(self, stranger):
        nobody = send(stranger).content.decode()
        assert "callout-info" in nobody
        assert "callout-next" not in nobody

    def test_shows_who_is_not_found_a_way_on(self, polina, stranger):
        found, nobody = send(stranger).content.decode(), send(stranger, surname="Лукошкина").content.decode()
        for way_on in (f'href="{reverse("casework:open_case")}"', 'href="#id_surname"'):
            assert (way_on in nobody, way_on in found) == (True, False)

    def test_leads_whoever_may_read_the_case_to_it(self, polina, case, desk):
        cache.clear()
        assert f"/cases/{case.reference}/" in send(desk).content.decode()

    def test_gives_the_telephones_of_the_agency_where_nobody_answers(self, stranger):
        case = open_case(at=NOW)
        keep_keys([PersonFactory(case=case)])
        assert "tel:" not in send(stranger).content.decode()
        AgencyPhone.objects.create(agency=case.agency, number="8 (383) 111-11-11")
        assert "tel:83831111111" in send(stranger).content.decode()

    @pytest.mark.parametrize(
        "changes",
        [
            {"reason": ""},
            {"reason": "надо"},
            {"reason": " " * 20},
            {"surname": ""},
            {"first_name": ""},
            {"birth_date": "31.02.2016"},
            {"birth_date": (timezone.localdate() + dt.timedelta(days=1)).strftime("%d.%m.%Y")},
            {"snils": "112-233-445 96"},
            {"agency": "0"},
            {"token": "сломан"},
        ],
        ids=str,
    )
    def test_asks_nothing_before_the_words_are_right(self, polina, stranger, events, changes):
        page = send(stranger, **changes)
        assert page.context["form"].errors
        assert (page.context["answer"], events()) == (None, [])

    def test_says_in_words_that_initials_are_not_enough(self, polina, stranger):
        page = send(stranger, first_name="П.")
        assert [str(message) for message in page.context["messages"]] == [str(NobodyIsNamed.message)]
        assert page.context["answer"] is None

    def test_is_limited_for_each_person(self, polina, stranger, school, settings, events):
        settings.ACCOUNT_RATE_LIMITS = {"blind_question": "2/h/user"}
        colleague = Client()
        colleague.force_login(member_of(school))
        assert [send(stranger).status_code for _try in range(3)] == [200, 200, 429]
        assert events() == ["blind_match"] * 2
        assert send(colleague).status_code == 200

    def test_is_closed_to_whoever_is_in_no_team_of_an_open_agency(self, stranger, school):
        school.is_open = False
        school.save()
        assert stranger.get("/cases/known/").status_code == 404
        assert send(stranger).status_code == 404

    def test_keeps_what_was_typed_while_a_session_ran_out(self, teacher):
        cache.clear()
        client = Client()
        send(client)
        client.force_login(teacher)
        page = client.get("/cases/known/")
        assert page.context["form"].initial["surname"] == "Ветрова"
        assert not BlindQuestion.objects.exists()

    def test_lists_what_was_asked_without_the_names_in_the_same_number_of_queries(
        self, stranger, ask, django_assert_num_queries
    ):
        assert "empty" in stranger.get("/cases/known/").content.decode()
        for number in (1, 10):
            for _n in range(number):
                ask()
            with django_assert_num_queries(6):
                text = stranger.get("/cases/known/").content.decode()
            assert REASON in text
            assert "Полина" not in text
