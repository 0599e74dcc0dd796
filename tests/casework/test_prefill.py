"""What the case and the account of a specialist know already is not typed again; what is only guessed gives way to a form."""

import pytest

from casework.actions import drafts, surroundings
from casework.facts import Told, offered
from casework.models import PersonRole
from casework.prefill import Known, prefill
from forms_library.models.agencies import AgencyPhone
from forms_library.packs import shipped
from forms_library.schema import Kind
from tests.casework.conftest import NOW
from tests.factories import PersonFactory, member_of, put_in_force

AGREEMENT = shipped.form("tom_agreement").schema
PLAN = shipped.form("nso_individual_plan").schema
MOTHER = {
    "role": PersonRole.MOTHER,
    "role_name": "мать",
    "full_name": "Примерова Анна Львовна",
    "birth_date": "1990-05-05",
    "phone": "8 (900) 000-00-01",
    "address": "г. Томск, ул. Примерная, д. 1",
    "school": "",
    "school_class": "",
}
FATHER = MOTHER | {"role": PersonRole.FATHER, "role_name": "отец", "full_name": "Примеров Пётр Ильич"}
SPECIALIST = {"fio": "Ветрова Ольга Сергеевна", "post": "психолог", "phone": "8 (900) 000-00-09"}


def telling(key, words, kind=Kind.FIO):
    return Told(key=key, whom="", kind=kind, value=words, words=words, label=key)


class TestTheOnlyParentOfACase:
    def test_is_the_parent_of_the_agreement(self):
        answers = prefill(AGREEMENT, Known(people=(MOTHER,)))
        assert (answers["parent"], answers["parent_adr"], answers["parent_phone"]) == (
            "Примерова Анна Львовна",
            "г. Томск, ул. Примерная, д. 1",
            "8 (900) 000-00-01",
        )

    def test_is_not_chosen_out_of_two(self):
        assert not {"parent", "parent_adr", "parent_phone"} & set(prefill(AGREEMENT, Known(people=(MOTHER, FATHER))))

    def test_gives_way_whole_to_the_parent_whom_a_form_has_named(self):
        guessed = prefill(AGREEMENT, Known(people=(MOTHER,)))
        answers = offered(AGREEMENT, [telling("parent.fio", FATHER["full_name"])], already=guessed)
        assert answers["parent"] == FATHER["full_name"]
        assert not {"parent_adr", "parent_phone"} & set(answers)

    def test_stays_when_a_form_has_named_the_same(self):
        guessed = prefill(AGREEMENT, Known(people=(MOTHER,)))
        answers = offered(AGREEMENT, [telling("parent.fio", "примерова  АННА Львовна")], already=guessed)
        assert answers["parent_phone"] == MOTHER["phone"]


class TestTheCurator:
    def test_is_whoever_begins_the_plan(self):
        answers = prefill(PLAN, Known(specialist=SPECIALIST))
        assert (answers["curator_fio"], answers["curator_phone"]) == (SPECIALIST["fio"], SPECIALIST["phone"])

    def test_is_the_one_whom_a_form_has_named(self):
        guessed = prefill(PLAN, Known(specialist=SPECIALIST))
        answers = offered(PLAN, [telling("case.curator_fio", "Орлова Нина Юрьевна")], already=guessed)
        assert answers["curator_fio"] == "Орлова Нина Юрьевна"
        assert "curator_phone" not in answers


@pytest.mark.django_db
class TestADraft:
    @pytest.fixture
    def agreement(self):
        return put_in_force("tom_agreement", schema=AGREEMENT)

    def test_begins_with_the_address_and_the_first_telephone_of_the_agency(self, case, specialist, agreement):
        case.agency.address = "г. Томск, ул. Центральная, д. 2"
        case.agency.save()
        for order in (2, 1):
            AgencyPhone.objects.create(agency=case.agency, number=f"8 (382) 200-00-0{order}", sort_order=order)
        PersonFactory(case=case, role=PersonRole.MOTHER, full_name=MOTHER["full_name"], address=MOTHER["address"])
        typed = drafts.start_draft(case=case, edition=agreement, actor=specialist, at=NOW).typed
        assert typed["org_address"] == ["г. Томск, ул. Центральная, д. 2"]
        assert typed["org_phone"] == ["8 (382) 200-00-01"]
        assert (typed["parent"], typed["parent_adr"]) == ([MOTHER["full_name"]], [MOTHER["address"]])

    def test_has_none_when_the_agency_has_none(self, case):
        known = surroundings.known_for(case, actor=member_of(case.agency), at=NOW)
        assert known.agency["phone"] == ""
        assert "org_phone" not in prefill(AGREEMENT, known)
