"""How the names of a case are inflected: suggested, checked by people once, frozen with every filed form."""

import datetime as dt
import io
import uuid
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from casework.actions import cases, drafts, names, papers, sharing, submissions
from casework.actions.refusals import CaseEnded, NameChanged
from casework.models import AccessRecord, ClosureGround, NameForms, Submission
from forms_library.inflection import CASES
from forms_library.names_in_answers import NameKind, names_in_answers, names_in_typed, suggested_forms
from forms_library.schema import Column, Kind, Question, Schema
from tests.casework.conftest import NOW, may_read_health
from tests.factories import AgencyFactory, PersonFactory, member_of, open_case, put_in_force
from tests.forms_library.filled_forms import text_of, word_template

pytestmark = pytest.mark.django_db

ZAYATS = "Заяц Иван Петрович"
RIGHT = {
    "gen": "Зайца Ивана Петровича",
    "dat": "Зайцу Ивану Петровичу",
    "acc": "Зайца Ивана Петровича",
    "ins": "Зайцем Иваном Петровичем",
    "pre": "Зайце Иване Петровиче",
}
TYPED = {
    "sex": "male",
    "genitive": RIGHT["gen"],
    "dative": RIGHT["dat"],
    "accusative": RIGHT["acc"],
    "instrumental": RIGHT["ins"],
    "prepositional": RIGHT["pre"],
    "version": "0",
}

SCHEMA = Schema(
    questions=(
        Question(key="head", label="О ком", kind=Kind.SECTION),
        Question(key="parent", label="Родитель", kind=Kind.FIO),
        Question(key="resp_post", label="Должность", kind=Kind.TEXT),
        Question(key="relation", label="Кем приходится", kind=Kind.CHOICE, choices=("законный представитель", "мать")),
        Question(key="org", label="Куда", kind=Kind.AGENCY),
        Question(
            key="children",
            label="Дети",
            kind=Kind.TABLE,
            columns=(Column(key="fio", label="ФИО", kind=Kind.FIO), Column(key="note", label="Примечание")),
        ),
        Question(key="sign", label="Подпись", kind=Kind.SIGNATURE),
    )
)
ANSWERS = {
    "parent": ZAYATS,
    "resp_post": "социальный педагог",
    "relation": "законный представитель",
    "org": {"id": None, "name": "Центр «Тепло»"},
    "children": [{"fio": "Заяц  Егор Иванович", "note": "Кошкин Пётр Ильич"}],
    "sign": {"post": "директор", "name": "Орлова Н. Ю."},
}
TEMPLATE = word_template(
    "Передать {{ parent|dat }}, {{ relation|dat }}, для {{ org|gen }}",
    "{% for child in children %}{{ child.fio|gen }}{{ child.note }}{% endfor %}",
    "{{ resp_post|gen }} {{ sign.post }} {{ sign.name }}",
)


def names_known(case, actor=None):
    """Return the names of a case as its curator sees them, or `actor`."""
    return names.names_in(case, actor=actor or case.curator or member_of(case.agency), today=NOW.date())


@pytest.fixture
def letter(db):
    """A form for specialists whose template puts names into cases."""
    return put_in_force("nso_dept_plan", schema=SCHEMA, docx_template=TEMPLATE)


@pytest.fixture
def file_letter(case, specialist, letter):
    """Return a function that files the letter in the case."""

    def file(**changes):
        number = Submission.objects.filter(case=case).count() + 1
        return submissions.seal(
            case=case,
            number=number,
            edition=letter,
            answers={**ANSWERS, **changes},
            token=f"00000000-0000-0000-0000-{number:012}",
            actor=specialist,
            at=NOW,
        )

    return file


@pytest.fixture
def check(case, specialist):
    """Return a function that keeps the forms of a name."""

    def keep(nominative=ZAYATS, *, of=case, actor=specialist, **changes):
        facts = {"forms": RIGHT, "sex": "male", "is_indeclinable": False, "version": 0, "at": NOW, **changes}
        return names.keep_name_forms(case=of, nominative=nominative, actor=actor, **facts)

    return keep


def paper(submission):
    return text_of(papers.word_document(submission))


class TestNamesOfAForm:
    def test_are_people_posts_and_agencies_but_not_other_words(self):
        assert names_in_answers(SCHEMA, ANSWERS) == {
            ZAYATS: NameKind.PERSON,
            "социальный педагог": NameKind.POST,
            "Центр «Тепло»": NameKind.AGENCY,
            "Заяц Егор Иванович": NameKind.PERSON,
            "директор": NameKind.POST,
            "Орлова Н. Ю.": NameKind.PERSON,
        }

    def test_are_found_in_what_was_only_typed(self):
        typed = {
            "parent": [" Ветров  Егор"],
            "children-0-fio": ["Ветрова Полина"],
            "children-0-note": ["Кто-то"],
            "sign__post": ["директор"],
            "sign__name": [""],
            "org": ["Школа № 5"],
        }
        assert list(names_in_typed(SCHEMA, typed)) == ["Ветров Егор", "Школа № 5", "Ветрова Полина", "директор"]

    def test_may_be_missing_altogether(self):
        empty = dict.fromkeys(ANSWERS, None)
        assert names_in_answers(SCHEMA, empty) == names_in_answers(SCHEMA, {}) == names_in_typed(SCHEMA, {}) == {}

    def test_that_are_no_names_stay_as_they_are(self):
        assert set(suggested_forms("не установлен", NameKind.PERSON).values()) == {"не установлен"}


class TestNamesOfACase:
    def test_come_from_its_people_its_drafts_and_its_filed_forms(self, case, specialist, file_letter, letter):
        PersonFactory(case=case, full_name="Ветрова Полина Андреевна")
        PersonFactory(case=case, full_name="Ошибкин Пётр", is_mistake=True)
        file_letter()
        draft = drafts.start_draft(case=case, edition=letter, actor=specialist, at=NOW)
        drafts.save_draft(draft=draft, typed={"parent": ["Ким Саша"]}, version=draft.version, at=NOW)
        assert [name.text for name in names_known(case)] == [
            "Ветрова Полина Андреевна",
            "Заяц Егор Иванович",
            ZAYATS,
            "Ким Саша",
            "Орлова Н. Ю.",
            "Центр «Тепло»",
            "директор",
            "законный представитель",
            "социальный педагог",
        ]

    def test_are_suggested_until_somebody_checks_them(self, case, check):
        PersonFactory(case=case, full_name=ZAYATS)
        (name,) = names_known(case)
        assert (name.forms["gen"], name.is_certain, name.sex) == ("Заяца Ивана Петровича", False, "male")
        check()
        (name,) = names_known(case)
        assert (name.forms, name.is_certain, name.checked.checked_at) == (RIGHT, True, NOW)

    @pytest.mark.parametrize("short", ["Ветрова П.А.", "Ветрова П. А.", "П. А. Ветрова"])
    def test_leave_out_the_short_ones_of_those_that_are_known_in_full(self, case, short):
        for full_name in (short, "Ветрова Полина Андреевна", "Ветрова О. А."):
            PersonFactory(case=case, full_name=full_name)
        assert [name.text for name in names_known(case)] == ["Ветрова О. А.", "Ветрова Полина Андреевна"]

    def test_keep_a_short_one_that_somebody_has_checked(self, case, specialist):
        for full_name in ("Заяц И. П.", ZAYATS):
            PersonFactory(case=case, full_name=full_name)
        checked = dict.fromkeys(("genitive", "dative", "accusative", "instrumental", "prepositional"), "Зайца И. П.")
        NameForms.objects.create(
            agency=case.agency, nominative="Заяц И. П.", checked_by=specialist, checked_at=NOW, **checked
        )
        assert [name.text for name in names_known(case)] == ["Заяц И. П.", ZAYATS]

    def test_of_others_are_not_among_them(self, case):
        PersonFactory(case=open_case(case.agency), full_name="Чужая Анна")
        assert names_known(case) == []

    def test_that_only_closed_answers_tell_are_for_those_who_may_read_them(self, case, specialist):
        diagnostics, colleague = put_in_force("child_diagnostics"), member_of(case.agency)
        Submission.objects.create(
            case=case,
            edition=diagnostics,
            number=1,
            answers={"child": "Ветрова Полина", "examinations": [{"fio": ZAYATS, "method": "беседа"}]},
            name_forms={"психиатр": {}},
            filed_by=specialist,
            filed_at=NOW,
            token=uuid.uuid4(),
        )
        draft = drafts.start_draft(case=case, edition=diagnostics, actor=specialist, at=NOW)
        typed = {"examinations-0-fio": ["Ким Саша"]}
        drafts.save_draft(draft=draft, typed=typed, version=draft.version, at=NOW)
        assert {ZAYATS, "Ким Саша", "психиатр"} <= {name.text for name in names_known(case)}
        assert not {ZAYATS, "Ким Саша", "психиатр"} & {name.text for name in names_known(case, colleague)}
        may_read_health(case, colleague, by=specialist)
        assert {ZAYATS, "Ким Саша", "психиатр"} <= {name.text for name in names_known(case, colleague)}

    def test_have_marks_that_tell_nothing_and_differ_between_cases(self, case):
        other = open_case(case.agency)
        for each in (case, other):
            PersonFactory(case=each, full_name=ZAYATS)
        (mine,), (theirs,) = names_known(case), names_known(other)
        assert mine.key != theirs.key
        assert names.name_in(case, mine.key, actor=case.curator, today=NOW.date()).text == ZAYATS
        assert names.name_in(case, theirs.key, actor=case.curator, today=NOW.date()) is None

    def test_cost_the_same_for_one_form_and_for_many(self, case, file_letter, django_assert_num_queries):
        file_letter()
        with django_assert_num_queries(11):
            names_known(case)
        for number in range(4):
            PersonFactory(case=case, full_name=f"Ветров{'а' * number} Анна")
            file_letter(parent=f"Ким Вера{'а' * number}", org={"id": None, "name": f"Школа № {number}"})
        with django_assert_num_queries(11):
            names_known(case)


class TestCheckingAName:
    def test_keeps_who_did_it_and_writes_it_down_without_the_name(self, case, specialist, check, events):
        kept = check()
        assert (kept.agency, kept.checked_by, kept.version, kept.forms) == (case.agency, specialist, 1, RIGHT)
        assert events() == ["name_checked"]
        assert AccessRecord.objects.latest("id").subject == ""

    def test_counts_in_every_case_of_the_agency_and_in_no_other_agency(self, case, check):
        check()
        same, other = open_case(case.agency), open_case(AgencyFactory())
        for each in (same, other):
            PersonFactory(case=each, full_name=ZAYATS)
        assert names_known(same)[0].forms == RIGHT
        assert not names_known(other)[0].is_certain

    def test_tells_nobody_of_another_agency_whom_the_keeper_of_the_case_has_met(self, case, check, specialist):
        check()
        helper, last_day = member_of(AgencyFactory()), NOW.date() + dt.timedelta(days=9)
        own = helper.groups.get().team.agency
        facts = {"level": "work", "last_day": last_day, "reason": "психолог", "actor": specialist, "at": NOW}
        sharing.share_case(case=case, agency=own, **facts)
        PersonFactory(case=case, full_name=ZAYATS)
        assert names_known(case, specialist)[0].checked
        assert not names_known(case, helper)[0].checked
        assert check(actor=helper, forms={**RIGHT, "gen": "Зайца"}).agency == own
        assert names_known(case, specialist)[0].forms == RIGHT

    def test_may_say_that_the_name_is_not_inflected(self, check):
        kept = check("Золя Эмиль", is_indeclinable=True, forms={})
        assert set(kept.forms.values()) == {"Золя Эмиль"}

    def test_again_counts_the_versions(self, check):
        check()
        assert check(version=1, forms={**RIGHT, "gen": "Зайца"}).forms["gen"] == "Зайца"
        assert NameForms.objects.get().version == 2

    def test_is_refused_when_somebody_was_quicker(self, check, case):
        check()
        with pytest.raises(NameChanged):
            check(forms={**RIGHT, "gen": "Заяца"}, actor=member_of(case.agency))
        assert NameForms.objects.get().forms == RIGHT

    def test_sent_twice_is_done_once(self, check, events):
        assert check() == check()
        assert (NameForms.objects.get().version, events()) == (1, ["name_checked"])

    def test_in_an_ended_case_is_refused(self, case, specialist, check):
        cases.close_case(case=case, actor=specialist, at=NOW, ground=ClosureGround.MOVED)
        with pytest.raises(CaseEnded):
            check()
        assert not NameForms.objects.exists()

    def test_keeps_one_row_for_a_name_in_an_agency(self, check, case, specialist):
        check()
        with pytest.raises(IntegrityError), transaction.atomic():
            NameForms.objects.create(agency=case.agency, nominative=ZAYATS, checked_by=specialist, checked_at=NOW)


class TestAFiledForm:
    def test_holds_every_name_and_whatever_else_its_paper_inflects(self, file_letter):
        frozen = file_letter().name_forms
        assert set(frozen) == {
            ZAYATS,
            "социальный педагог",
            "Центр «Тепло»",
            "Заяц Егор Иванович",
            "директор",
            "Орлова Н. Ю.",
            "законный представитель",  # a choice, which only the template knows to be inflected
        }
        assert frozen["законный представитель"]["dat"] == "законному представителю"
        assert all(set(forms) == {*CASES, "is_checked"} for forms in frozen.values())

    def test_says_which_forms_a_person_has_checked(self, file_letter, check):
        assert not file_letter().name_forms[ZAYATS]["is_checked"]
        check()
        assert file_letter().name_forms[ZAYATS] == {**RIGHT, "is_checked": True}

    def test_never_marks_a_suggestion_as_checked(self, file_letter):
        file_letter()
        assert not NameForms.objects.exists()

    def test_is_printed_with_the_checked_forms(self, file_letter, check):
        assert "Передать Заяцу Ивану Петровичу, законному представителю, для Центра «Тепло»" in paper(file_letter())
        check()
        assert "Передать Зайцу Ивану Петровичу" in paper(file_letter())

    def test_gives_the_same_bytes_whatever_is_checked_or_suggested_later(self, file_letter, check, monkeypatch):
        filed = file_letter()
        before = papers.word_document(filed)
        check()
        for place in ("forms_library.sandbox.suggested", "casework.actions.names.suggested_forms"):
            monkeypatch.setattr(place, lambda *words, **more: dict.fromkeys(CASES, "иначе"))
        assert papers.word_document(Submission.objects.get(pk=filed.pk)) == before

    def test_of_the_days_before_this_is_printed_with_suggestions(self, file_letter):
        filed = file_letter()
        before = paper(filed)
        filed.name_forms = {}
        assert paper(filed) == before

    def test_is_corrected_with_what_was_checked_meanwhile(self, case, specialist, plan, file_plan, check):
        filed = file_plan(mother_fio=[ZAYATS])
        check()
        draft = drafts.start_correction(submission=filed, actor=specialist, at=NOW)
        corrected = submissions.file_draft(draft=draft, actor=specialist, at=NOW)
        assert filed.name_forms[ZAYATS]["gen"] == "Заяца Ивана Петровича"
        assert corrected.name_forms[ZAYATS] == {**RIGHT, "is_checked": True}

    def test_cannot_have_its_names_changed(self, file_letter):
        filed = file_letter()
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            Submission.objects.filter(pk=filed.pk).update(name_forms={})

    def test_can_be_filed_even_when_its_template_is_broken(self, case, specialist):
        broken = put_in_force(
            "nso_dept_plan", schema=SCHEMA, docx_template=word_template("{{ parent|gen }} {{ lost }}")
        )
        filed = submissions.seal(
            case=case,
            number=1,
            edition=broken,
            answers=ANSWERS,
            token="00000000-0000-0000-0000-000000000001",
            actor=specialist,
            at=NOW,
        )
        assert ZAYATS in filed.name_forms

    def test_of_a_parent_is_printed_as_it_was_typed(self, receive):
        receive(agency=AgencyFactory())
        assert [filed.name_forms for filed in Submission.objects.all()] == [{}, {}]


class TestTheRegisterOfAgencies:
    def test_has_the_first_word_on_the_name_of_an_agency(self, case, file_letter):
        AgencyFactory(name="Центр «Тепло»", name_genitive="Центра помощи «Тепло»")
        frozen = file_letter().name_forms["Центр «Тепло»"]
        assert (frozen["gen"], frozen["dat"], frozen["is_checked"]) == ("Центра помощи «Тепло»", "Центру «Тепло»", True)

    def test_that_says_nothing_leaves_it_to_the_program(self, case, file_letter):
        AgencyFactory(name="Центр «Тепло»")
        assert file_letter().name_forms["Центр «Тепло»"]["gen"] == "Центра «Тепло»"


class TestTheScreens:
    @pytest.fixture
    def mark(self, case):
        """Return the address of the name on the screen."""
        PersonFactory(case=case, full_name=ZAYATS)
        (name,) = names_known(case)
        return f"/cases/{case.reference}/names/{name.key}/"

    def test_show_the_names_and_write_down_who_looked(self, desk, case, mark, check, events):
        page = desk.get(f"/cases/{case.reference}/names/").content.decode()
        assert ZAYATS in page
        assert "Заяца Ивана Петровича" in page
        assert mark in page
        check()
        assert "Зайца Ивана Петровича" in desk.get(f"/cases/{case.reference}/names/").content.decode()
        assert events() == ["names_read", "name_checked", "names_read"]

    def test_say_when_there_are_none(self, desk, case):
        assert desk.get(f"/cases/{case.reference}/names/").status_code == 200

    def test_are_reached_from_the_case_and_from_a_filed_form(self, desk, case, file_plan):
        filed = file_plan()
        for address in (f"/cases/{case.reference}/", f"/cases/{case.reference}/documents/{filed.number}/"):
            assert f"/cases/{case.reference}/names/" in desk.get(address).content.decode()

    def test_keep_what_a_person_has_checked(self, desk, case, mark, specialist):
        answer = desk.post(mark, TYPED)
        assert answer.url == f"/cases/{case.reference}/names/"
        kept = NameForms.objects.get()
        assert (kept.nominative, kept.forms, kept.checked_by) == (ZAYATS, RIGHT, specialist)
        assert desk.get(mark).context["form"]["genitive"].value() == RIGHT["gen"]

    @pytest.mark.parametrize("empty", ["", "   ", "\u202e"])
    def test_refuse_an_empty_form_and_lose_nothing(self, desk, mark, empty):
        page = desk.post(mark, TYPED | {"genitive": empty})
        assert page.status_code == 200
        assert page.context["form"].errors.keys() == {"genitive"}
        assert RIGHT["ins"] in page.content.decode()
        assert not NameForms.objects.exists()

    def test_refuse_a_form_that_is_too_long(self, desk, mark):
        page = desk.post(mark, TYPED | {"dative": "а" * 301})
        assert page.context["form"].errors.keys() == {"dative"}

    def test_ask_for_no_forms_of_a_name_that_is_not_inflected(self, desk, mark):
        desk.post(mark, {"sex": "male", "is_indeclinable": "on", "version": "0"})
        assert set(NameForms.objects.get().forms.values()) == {ZAYATS}

    def test_suggest_anew_for_the_chosen_sex_and_save_nothing(self, desk, mark):
        page = desk.post(mark, {**TYPED, "sex": "female", "_suggest": "1"})
        assert page.context["form"]["genitive"].value() == "Заяц Иван Петровича"
        assert not NameForms.objects.exists()

    def test_show_both_words_when_somebody_was_quicker(self, desk, mark, check, case):
        desk.get(mark)
        check(actor=member_of(case.agency))
        mine = TYPED | {"genitive": "Зайчика"}
        page = desk.post(mark, mine)
        assert "Зайчика" in page.content.decode()
        assert page.context["form"]["version"].value() == "1"
        assert NameForms.objects.get().genitive == RIGHT["gen"]
        desk.post(mark, mine | {"version": "1"})
        assert NameForms.objects.get().genitive == "Зайчика"

    @pytest.mark.parametrize(
        "damage", [{"version": "минус"}, {"version": "-1"}, {"sex": "кто-то"}, {"genitive": "\x00"}]
    )
    def test_keep_nothing_from_a_damaged_page(self, desk, mark, damage):
        assert desk.post(mark, TYPED | damage).status_code == 200
        assert not NameForms.objects.exists()

    def test_do_not_know_a_name_of_another_case(self, desk, case, mark):
        other = open_case(case.agency)
        assert desk.get(mark.replace(case.reference, other.reference)).status_code == 404
        assert desk.post(f"/cases/{case.reference}/names/nothing/", TYPED).status_code == 404

    def test_of_a_case_let_others_only_read(self, case, mark):
        stranger = Client()
        stranger.force_login(member_of(AgencyFactory()))
        assert stranger.get(mark).status_code == stranger.get(f"/cases/{case.reference}/names/").status_code == 404

    def test_keep_the_words_of_a_person_who_was_signed_out(self, desk, specialist, mark):
        desk.logout()
        desk.post(mark, TYPED | {"genitive": "Зайца-Русака"})
        desk.force_login(specialist)
        page = desk.get(mark)
        assert page.context["form"]["genitive"].value() == "Зайца-Русака"


class TestABundleOfHostileNames:
    @pytest.mark.parametrize(
        "name", ["<w:p/>&{{ parent }}", "«»\"'", "А" * 300, "А" * 301, "оглы", "\u2011", "Ё-", "- -"]
    )
    def test_is_filed_and_printed(self, file_letter, name):
        filed = file_letter(parent=name, sign={"post": name, "name": name})
        assert zipfile.is_zipfile(io.BytesIO(papers.word_document(filed)))
