"""Supervision once a month, and nothing of families in it."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from hypothesis import given, strategies as st

from casework.actions import supervision as actions
from casework.actions.people import keep_person
from casework.family_words import names_a_case, names_a_family
from casework.models import Person, Supervision, TeamRole
from forms_library.inflection import name_forms
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def write(agency, specialist):
    """Return a function that writes a supervision of the agency down."""

    def written(**changes):
        words = {
            "agency": agency,
            "held_on": TODAY,
            "supervisor": "Зимина А. А.",
            "participants": [specialist],
            "themes": "Трудно говорить с родителями о разлуке",
            "actor": specialist,
            "at": NOW,
            "token": uuid.uuid4(),
        }
        return actions.write_supervision(**words | changes)

    return written


class TestWritingDown:
    def test_is_read_by_those_who_took_part_and_by_the_head_only(self, write, agency, specialist):
        supervision = write()
        head, colleague = member_of(agency, TeamRole.HEAD), member_of(agency)
        assert list(actions.supervisions_for(specialist)) == [supervision]
        assert list(actions.supervisions_for(head)) == [supervision]
        for other in (colleague, member_of(AgencyFactory(), TeamRole.HEAD)):
            assert not actions.supervisions_for(other).exists()

    def test_twice_is_once(self, write):
        token = uuid.uuid4()
        assert write(token=token) == write(token=token)
        assert Supervision.objects.count() == 1

    def test_of_what_is_to_come_or_of_strangers_is_refused(self, write):
        with pytest.raises(actions.NotHeldYet):
            write(held_on=TODAY + dt.timedelta(days=1))
        for nobody in ([], [member_of(AgencyFactory())]):
            with pytest.raises(actions.NobodyTookPart):
                write(participants=nobody)

    @pytest.mark.parametrize("next_on", ["20.11.2026", "01.01.2020"])
    def test_is_refused_with_a_next_one_that_is_not_later(self, desk, agency, specialist, next_on):
        typed = {
            "token": uuid.uuid4(),
            "held_on": "20.11.2026",
            "supervisor": "Зимина",
            "participants": [specialist.pk],
            "themes": "Трудно",
            "next_on": next_on,
        }
        page = desk.post(reverse("casework:write_supervision", args=[agency.code]), typed)
        assert list(page.context["form"].errors) == ["next_on"]
        assert not Supervision.objects.exists()

    def test_that_tells_of_a_family_is_refused_and_keeps_the_words(self, write, case, specialist, desk, agency):
        child = Person(role="child", full_name="Ветрова Полина Андреевна")
        keep_person(case=case, actor=specialist, at=NOW, person=child)
        for words in ("Мама Ветровой не открывает", f"Случай {case.reference} тяжёлый"):
            with pytest.raises(actions.TellsOfAFamily):
                write(themes=words)
            with pytest.raises(actions.TellsOfAFamily):
                write(support=words)
        typed = {
            "token": uuid.uuid4(),
            "held_on": "20.11.2026",
            "supervisor": "Зимина",
            "participants": [specialist.pk],
            "themes": "Бабушка Ветровых плачет",
        }
        page = desk.post(reverse("casework:write_supervision", args=[agency.code]), typed)
        assert "Бабушка Ветровых плачет" in page.content.decode()
        assert "Полин" not in page.content.decode()
        assert not Supervision.objects.exists()


class TestAMonthWithout:
    def test_is_told_to_the_head_of_an_agency_with_work(self, write, agency, case, specialist):
        head = member_of(agency, TeamRole.HEAD)
        assert actions.headed_without_supervision(head, today=TODAY) == [agency]
        assert actions.headed_without_supervision(specialist, today=TODAY) == []
        write(held_on=TODAY)
        assert not actions.is_due(agency, today=TODAY)
        assert not actions.is_due(agency, today=dt.date(2026, 12, 22))
        assert actions.is_due(agency, today=dt.date(2026, 12, 23))

    def test_does_not_matter_where_there_is_no_work(self):
        assert not actions.is_due(AgencyFactory(), today=TODAY)


class TestFamilyWords:
    SURNAMES = ("Ветров", "Ветрова", "Орлова", "Ким", "Зайченко", "Черных", "Красинский", "Гусь")

    @given(st.sampled_from(SURNAMES), st.sampled_from(["gen", "dat", "acc", "ins", "pre"]))
    def test_a_surname_is_found_in_every_case(self, surname, case):
        name = f"{surname} Анна Петровна"
        inflected = name_forms(name).get(case, name).split()[0]
        assert names_a_family(f"Вчера {inflected} плакала", [name])

    def test_plain_words_are_no_family(self):
        text = "Вечером трудно: дети плачут. Родители просят помощи. Хорошо, когда рядом коллега."
        assert not names_a_family(text, [f"{surname} А. А." for surname in self.SURNAMES])
        assert not names_a_case("Было 2026 случаев и 15-20 звонков")
        assert names_a_case("дело 2026-00012")
