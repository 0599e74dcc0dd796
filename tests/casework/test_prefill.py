"""What the case and the account of a specialist know already is not typed again; what is only guessed gives way to a form."""

import datetime as dt
import uuid

import pytest

from casework.actions import drafts, procedure_changes as changes, procedures, surroundings
from casework.actions.procedures import Word
from casework.facts import Told, offered, told
from casework.models import PersonRole, TeamRole
from casework.prefill import Known, prefill
from forms_library.models.agencies import AgencyPhone
from forms_library.packs import shipped
from forms_library.schema import Kind
from tests.casework.conftest import NOW
from tests.casework.following import PROCEDURE
from tests.factories import PersonFactory, member_of, procedure_in_force, put_in_force

AGREEMENT = shipped.form("tom_agreement").schema
PLAN = shipped.form("nso_individual_plan").schema
PROTOCOL = shipped.form("consilium_protocol").schema
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


@pytest.mark.django_db
class TestChangesOfTerms:
    """Suspensions and extensions print in the protocol: its table begins with those of the procedures that run."""

    @pytest.fixture
    def head(self, agency):
        return member_of(agency, TeamRole.HEAD)

    @pytest.fixture
    def extended(self, case, specialist, head, file_plan):
        """The case under the invented procedure, with the term of its first step extended on the ground of a plan."""
        edition = procedure_in_force(PROCEDURE, at=NOW - dt.timedelta(days=90))
        followed = procedures.start_procedure(
            case=case, edition=edition, actor=specialist, at=NOW, on=NOW.date(), token=uuid.uuid4()
        )
        until = dt.date(2026, 12, 10)
        said = Word(on=NOW.date(), words="Мама\nв больнице", document=file_plan(), until=until)
        changes.extend_term(followed=followed, step="check", turn=1, word=said, actor=head, at=NOW)
        return followed

    def rows(self, case, specialist):
        known = surroundings.known_for(case, actor=specialist, at=NOW)
        return prefill(PROTOCOL, known).get("term_changes")

    def test_begin_the_table_of_a_protocol(self, extended, case, specialist):
        assert self.rows(case, specialist) == [
            {
                "step": "Проверка сигнала",
                "what": "срок продлён",
                "on": "2026-11-23",
                "until": "2026-12-10",
                "ground": "Мама в больнице",
                "document": "№ 1, План ведомственных мероприятий",
            }
        ]

    def test_stand_in_a_draft_that_is_begun(self, extended, case, specialist):
        edition = put_in_force("consilium_protocol", schema=PROTOCOL)
        typed = drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW).typed
        assert [words for key, words in typed.items() if key.startswith("term_changes") and key.endswith("until")] == [
            ["10.12.2026"]
        ]

    def test_that_were_a_mistake_are_left_out(self, extended, case, specialist, head):
        event = extended.events.get(what="extended")
        changes.annul(event=event, word=Word(on=NOW.date(), words="Не тот шаг"), actor=head, at=NOW)
        assert self.rows(case, specialist) is None

    def test_of_work_that_has_ended_are_left_out(self, extended, case, specialist, head):
        ending = Word(on=NOW.date(), words="Уехали")
        changes.end_procedure(followed=extended, ground="moved", word=ending, actor=head, at=NOW)
        assert self.rows(case, specialist) is None

    def test_are_told_by_the_case_and_not_by_the_protocol(self, extended, case, specialist):
        answers = prefill(PROTOCOL, surroundings.known_for(case, actor=specialist, at=NOW))
        assert not [each for each in told(PROTOCOL, answers) if each.key.startswith("term.")]
