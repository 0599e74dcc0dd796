"""One fact, every form: what a filed form tells is offered to the next one, and two tellings are never merged in silence."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.actions import cases, drafts, facts, submissions, surroundings
from casework.actions.refusals import AlreadySettled, CaseEnded
from casework.facts import beside, offered, same_name, told
from casework.models import ClosureGround, Contradiction, Fact, NumberSeries
from forms_library.schema import Column, Kind, Question, Schema
from tests.casework.conftest import NOW
from tests.factories import put_in_force

MOTHER = Question(key="mother_fio", label="ФИО матери", kind=Kind.FIO, fact="mother.fio")
PHONE = Question(key="mother_phone", label="Телефон матери", kind=Kind.PHONE, fact="mother.phone")
CHILDREN = Question(
    key="children",
    label="Дети",
    kind=Kind.TABLE,
    columns=(
        Column(key="fio", label="ФИО", kind=Kind.FIO, fact="child.fio"),
        Column(key="birth", label="Дата рождения", kind=Kind.DATE, fact="child.birth_date"),
    ),
)
NUMBER = Question(key="num", label="Номер", kind=Kind.NUMBER, number_pattern="{n}/{year}")
SCHEMA = Schema(questions=(MOTHER, PHONE, CHILDREN, NUMBER))
ANSWERS = {
    "mother_fio": "Примерова Анна",
    "mother_phone": "8 (900) 000-00-01",
    "children": [
        {"fio": "Примеров Пётр", "birth": "2016-03-05"},
        {"fio": "Примерова Полина", "birth": "2020-11-30"},
    ],
    "num": "",
}


@pytest.fixture
def edition(db):
    return put_in_force("nso_dept_plan", schema=SCHEMA)


@pytest.fixture
def file(case, specialist, edition):
    """Return a function that files the form with some answers changed."""

    def file(*, supersedes=None, at=NOW, **changes):
        return submissions.file_submission(
            case=case,
            edition=edition,
            answers={**ANSWERS, **changes},
            token=uuid.uuid4(),
            actor=specialist,
            at=at,
            supersedes=supersedes,
        )

    return file


class TestWhatAFormTells:
    def test_is_told_apart_by_the_name_in_the_same_row(self):
        births = {(each.whom, each.words) for each in told(SCHEMA, ANSWERS) if each.key == "child.birth_date"}
        assert births == {("примеров петр", "05.03.2016"), ("примерова полина", "30.11.2020")}

    def test_leaves_out_empty_answers_and_rows_without_a_name(self):
        empty = {"mother_fio": "", "mother_phone": "", "children": [{"fio": "", "birth": "2016-03-05"}], "num": ""}
        assert told(SCHEMA, empty) == []

    def test_fills_another_form_by_fact_and_not_by_key(self):
        other = Schema(
            questions=(
                Question(key="parent", label="Мать", kind=Kind.TEXT, fact="mother.fio"),
                Question(key="kids", label="Дети", kind=Kind.TABLE, columns=CHILDREN.columns),
                Question(key="child_birth", label="Родился", kind=Kind.DATE, fact="child.birth_date"),
            )
        )
        answers = offered(other, told(SCHEMA, ANSWERS), already={})
        assert answers == {"parent": "Примерова Анна", "kids": ANSWERS["children"]}

    def test_completes_rows_that_are_there_by_name(self):
        already = {"children": [{"fio": "Примеров ПЕТР"}]}
        rows = offered(SCHEMA, told(SCHEMA, ANSWERS), already=already)["children"]
        assert rows == [{"fio": "Примеров ПЕТР", "birth": "2016-03-05"}, ANSWERS["children"][1]]

    def test_goes_before_what_is_there_only_when_a_person_has_settled_it(self):
        already = {"mother_fio": "Примерова Алла", "children": [{"fio": "Примеров Петр", "birth": "2015-03-05"}]}
        known = told(SCHEMA, ANSWERS)
        settled = [replace(fact, is_settled=True) for fact in known]
        loose, firm = (offered(SCHEMA, facts, already=already) for facts in (known, settled))
        assert (loose["mother_fio"], loose["children"][0]) == ("Примерова Алла", already["children"][0])
        assert (firm["mother_fio"], firm["children"][0]) == (
            "Примерова Анна",
            {"fio": "Примеров Петр", "birth": "2016-03-05"},
        )

    def test_stands_beside_what_is_typed(self):
        typed = {
            "mother_fio": ["примерова  анна"],
            "children-0-fio": ["Примеров Пётр"],
            "children-0-birth": ["06.03.2016"],
        }
        assert [(name, same) for name, _fact, same in beside(SCHEMA, typed, told(SCHEMA, ANSWERS))] == [
            ("mother_fio", True),
            ("children-0-fio", True),
            ("children-0-birth", False),
        ]

    def test_about_somebody_with_an_endless_name_still_fits(self):
        naming = Column(key="fio", label="Кто", kind=Kind.TEXT, fact="child.fio")
        schema = Schema(questions=(replace(CHILDREN, columns=(naming, CHILDREN.columns[1])),))
        rows = [{"fio": "Примеров " * 50, "birth": "2016-03-05"}]
        found = told(schema, {"children": rows})
        assert {len(each.whom) for each in found} == {200}
        typed = {"children-0-fio": ["Примеров " * 50], "children-0-birth": ["05.03.2016"]}
        assert [same for _name, _fact, same in beside(schema, typed, found)] == [True, True]

    def test_knows_a_name_whatever_its_letters(self):
        assert same_name(" ПЁТР  Примеров ") == same_name("петр примеров")


class TestFactsOfACase:
    def test_are_kept_with_the_form_they_come_from(self, case, file):
        submission = file()
        standing = {each.subject: each for each in facts.standing_facts(case)}
        assert standing["mother.phone", ""].words == "8 (900) 000-00-01"
        assert standing["mother.phone", ""].fact.submission == submission

    def test_are_never_changed(self, file):
        file()
        with pytest.raises(IntegrityError), transaction.atomic():
            Fact.objects.update(words="другое")

    def test_begins_with_the_usual_answers_of_its_author(self, case, specialist):
        usual = Question(key="ground", label="Основание", kind=Kind.TEXT, default="устав")
        both = Question(key="who", label="Кто", kind=Kind.CHOICES, choices=("мать", "отец"), default="мать, отец")
        edition = put_in_force("nso_dept_plan", schema=Schema(questions=(usual, both)))
        draft = drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW)
        assert draft.typed == {"ground": ["устав"], "who": ["мать", "отец"]}

    def test_fill_the_next_draft_and_say_where_they_come_from(self, case, specialist, edition, file):
        file()
        draft = drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW)
        assert draft.typed["mother_phone"] == ["8 (900) 000-00-01"]
        questionnaire = surroundings.questionnaire_of(draft, at=NOW, reader=specialist)
        items = {item.question.key: item for section in questionnaire.sections for item in section.items}
        assert "23.11.2026" in items["mother_phone"].origin

    def test_cost_the_same_number_of_queries_however_many_there_are(self, case, file, django_assert_num_queries):
        file()
        with django_assert_num_queries(2):
            facts.standing_facts(case)
        file(mother_phone="8 (900) 000-00-02")
        with django_assert_num_queries(2):
            facts.standing_facts(case)

    def test_of_the_paper_itself_are_not_offered_to_the_next_paper_of_the_same_form(self, case, file, edition):
        file()
        Fact.objects.create(
            case=case,
            submission=case.submissions.get(),
            key="case.agreement_date",
            kind="date",
            value="2026-11-23",
            words="23.11.2026",
            label="Дата",
        )
        offered_to_itself = {each.key for each in facts.standing_for(case, form_code=edition.code)}
        offered_to_others = {each.key for each in facts.standing_for(case, form_code="tom_termination")}
        assert offered_to_others - offered_to_itself == {"case.agreement_date"}


class TestAContradiction:
    @pytest.fixture
    def contradiction(self, case, file):
        file()
        file(mother_phone="8 (900) 000-00-02")
        return facts.open_contradictions(case).get()

    def test_is_opened_by_a_different_telling_and_by_nothing_else(self, case, file):
        file()
        file(mother_fio="ПРИМЕРОВА  АННА", children=[{"fio": "Примеров Пётр", "birth": "2016-03-06"}])
        (opened,) = facts.open_contradictions(case)
        assert (opened.earlier.words, opened.later.words) == ("05.03.2016", "06.03.2016")

    def test_goes_away_with_the_form_that_was_corrected(self, case, file, contradiction):
        file(supersedes=contradiction.later.submission)
        assert not facts.open_contradictions(case).exists()

    def test_is_not_opened_by_the_correction_of_a_form(self, case, file):
        file(supersedes=file(), mother_phone="8 (900) 000-00-02")
        assert not facts.open_contradictions(case).exists()

    @pytest.mark.parametrize(
        ("outcome", "stands"),
        [
            ("later", "8 (900) 000-00-02"),
            ("changed", "8 (900) 000-00-02"),
            ("both", "8 (900) 000-00-02"),
            ("earlier", "8 (900) 000-00-01"),
        ],
    )
    def test_is_settled_by_a_person_and_then_one_value_stands(self, case, specialist, contradiction, outcome, stands):
        facts.settle(contradiction=contradiction, outcome=outcome, why="Позвонили", actor=specialist, at=NOW)
        (phone,) = [each for each in facts.standing_facts(case) if each.key == "mother.phone"]
        assert phone.words == stands
        assert not facts.open_contradictions(case).exists()

    def test_is_settled_once(self, specialist, contradiction):
        facts.settle(contradiction=contradiction, outcome="later", why="Позвонили", actor=specialist, at=NOW)
        with pytest.raises(AlreadySettled):
            facts.settle(contradiction=contradiction, outcome="earlier", why="Нет", actor=specialist, at=NOW)

    def test_of_an_ended_case_is_not_settled_any_more(self, case, specialist, contradiction):
        cases.close_case(case=case, ground=ClosureGround.MOVED, actor=specialist, at=NOW)
        with pytest.raises(CaseEnded):
            facts.settle(contradiction=contradiction, outcome="later", why="Позвонили", actor=specialist, at=NOW)
        assert facts.open_contradictions(case).get() == contradiction

    def test_that_is_open_stands_before_those_that_are_settled(self, case, specialist, contradiction, file):
        file(mother_fio="Примерова Анна Львовна", mother_phone="8 (900) 000-00-02")
        facts.settle(contradiction=contradiction, outcome="later", why="Позвонили", actor=specialist, at=NOW)
        assert [bool(each.outcome) for each in facts.contradictions_of(case)] == [False, True]

    def test_is_shown_on_the_case_and_decided_on_its_own_page(self, case, desk, contradiction, events):
        assert desk.get(reverse("casework:case", args=[case.reference])).context["contradictions"] == 1
        page = reverse("casework:settle", args=[case.reference, contradiction.pk])
        assert desk.post(page, {"outcome": "later", "why": " "}).context["form"].errors
        assert desk.post(page, {"outcome": "later", "why": "Позвонили"}).status_code == 302
        assert Contradiction.objects.get().outcome == "later"
        assert "settled" in events()
        assert desk.get(page).status_code == 302
        assert "Позвонили" in desk.get(reverse("casework:facts", args=[case.reference])).content.decode()


class TestRegistrationNumbers:
    def test_are_given_in_the_order_of_filing(self, file):
        assert [file().answers["num"], file(mother_phone="").answers["num"]] == ["1/2026", "2/2026"]

    def test_begin_anew_every_calendar_year(self, file):
        file()
        assert file(at=dt.datetime(2026, 12, 31, 20, 0, tzinfo=dt.UTC)).answers["num"] == "1/2027"

    def test_stay_with_a_paper_that_is_corrected(self, file):
        assert file(supersedes=file(), mother_phone="").answers["num"] == "1/2026"
        assert NumberSeries.objects.get().last == 1
