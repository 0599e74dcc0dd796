"""A form on the screen: what is asked now, one page or steps, what is missing, how quick it is."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.actions import drafts, forms_to_fill
from casework.models import CaseNote, Draft
from casework.typed_on_screen import typed_words
from forms_library.questionnaire import Questionnaire
from forms_library.schema import Column, Kind, Question, Row, Schema
from forms_library.typed import GAPS
from tests.casework.filling import SCHEMA, WHOLE, everything
from tests.factories import put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(case, specialist):
    begun = drafts.start_draft(case=case, edition=everything(), actor=specialist, at=timezone.now())
    return drafts.save_draft(draft=begun, typed=WHOLE, version=1, at=timezone.now())


@pytest.fixture
def form_page(case, draft):
    return reverse("casework:draft", args=[case.reference, draft.pk])


@pytest.fixture
def autosave(desk, case, draft):
    """Return a function that saves as the script does, and returns its answer."""
    address = reverse("casework:autosave", args=[case.reference, draft.pk])

    def save(**changes):
        draft.refresh_from_db()
        return desk.post(address, {**WHOLE, "version": draft.version, **changes}).json()

    return save


class TestConditions:
    def test_are_answered_by_the_server_after_each_save(self, autosave):
        assert autosave()["hidden"] == ["steps", "told", "urgent"]
        assert autosave(threat="yes")["hidden"] == []

    def test_stand_on_the_page_as_a_sentence(self, desk, form_page):
        html = desk.get(form_page).content.decode()
        assert 'data-question="told" data-not-asked' in html
        assert 'data-question="urgent" data-not-asked' in html
        assert html.count('<p class="condition">') == 2
        assert 'id="question-steps">' in html  # it comes and goes with its section

    def test_leave_out_what_is_not_asked_when_the_form_is_filed(self, desk, form_page, draft, case):
        response = desk.post(form_page, {**WHOLE, "told": "Никому", "version": draft.version, "_file": "1"})
        assert response.url.endswith("/documents/1/")
        assert case.submissions.get().answers["told"] == ""


class TestWhatTheFormComputes:
    def test_comes_back_in_words_with_each_save(self, autosave):
        given = autosave(income="30 000", **{"measures-0-cost": "7"})["given"]
        assert given["each"] == "7\N{NO-BREAK SPACE}500,00"
        assert given["measures-0-twice"] == "14"
        assert given["score"] == "3"

    def test_stands_under_its_scale_as_a_suggestion(self, desk, form_page):
        questionnaire = desk.get(form_page).context["questionnaire"]
        (table,) = [
            item.table for section in questionnaire.sections for item in section.items if item.question.key == "signs"
        ]
        scales = {scale: [each.words for each in suggestions] for scale, _rows, suggestions in table.scales}
        assert scales == {"Быт": ["3"], "Школа": []}
        assert table.suggestions_of_all == []


class TestMistakes:
    def test_lead_to_places_that_are_there(self, desk, form_page, draft):
        rows = {f"measures-{index}-what": "Мера" for index in range(3)}
        wrong = {**WHOLE, **rows, "income": "2000000", "heads": "0", "version": draft.version, "_file": "1"}
        html = desk.post(form_page, wrong).content.decode()
        for place in ("questionnaire", "question-measures", "id_heads"):
            assert f'href="#{place}"' in html
            assert f'id="{place}"' in html

    def test_gaps_of_recommended_answers_are_listed_and_filed_with_their_reasons(self, desk, form_page, draft, case):
        typed = {**WHOLE, "story": "", "story__why": "Мать не открыла дверь", "version": draft.version}
        desk.post(form_page, typed)
        assert [item.question.key for item in desk.get(form_page).context["questionnaire"].gaps()] == ["story"]
        draft.refresh_from_db()
        desk.post(form_page, {**typed, "version": draft.version, "_file": "1"})
        assert case.submissions.get().answers[GAPS] == {"story": "Мать не открыла дверь"}


class TestAFiledForm:
    def test_is_read_with_its_marks_labels_and_gaps(self, desk, form_page, draft, case):
        desk.post(form_page, {**WHOLE, "story": "", "story__why": "Не открыли", "version": draft.version, "_file": "1"})
        html = desk.get(reverse("casework:document", args=[case.reference, 1])).content.decode()
        for part in ('<th scope="col">Отметка</th>', '<th scope="row">Нет еды</th><td>есть</td>', ": Не открыли"):
            assert part in html


class TestTablesOnTheScreen:
    def table(self, **options):
        question = Question(key="t", label="Т", **{"kind": Kind.TABLE, **options})
        return Questionnaire(Schema(questions=(question,))).sections[0].items[0].table

    def test_have_headings_over_neighbouring_columns_of_one_group(self):
        columns = (
            Column(key="a", label="А"),
            Column(key="b", label="Б", group="Срок"),
            Column(key="c", label="В", group="Срок"),
            Column(key="d", label="Г", group="Цена"),
        )
        headings = self.table(columns=columns).headings
        assert [(each.label, each.width, each.height) for each in headings] == [
            ("А", 1, 2),
            ("Срок", 2, 1),
            ("Цена", 1, 1),
        ]

    @pytest.mark.parametrize(
        ("kinds", "is_grid"),
        [((Kind.TEXT,) * 3, True), ((Kind.TEXT,) * 8, False), ((Kind.TEXT, Kind.LONG_TEXT), False)],
        ids=["few and short", "many", "long"],
    )
    def test_stand_as_a_grid_when_their_columns_are_few_and_short(self, kinds, is_grid):
        columns = tuple(Column(key=f"k{number}", label="К", kind=kind) for number, kind in enumerate(kinds))
        assert self.table(columns=columns).is_grid is is_grid

    def test_give_each_mark_a_column_only_when_all_rows_share_the_scale(self):
        same = tuple(Row(label=label, choices=("да", "нет")) for label in "АБ")
        other = (*same, Row(label="В", choices=("часто", "редко")))
        assert [value for value, _label in self.table(kind=Kind.MATRIX, rows=same).marks] == ["да", "нет", ""]
        assert self.table(kind=Kind.MATRIX, rows=other).marks == []


class TestStepByStep:
    def test_is_remembered_until_the_person_chooses_otherwise(self, desk, form_page):
        assert desk.get(form_page).context["is_stepwise"] is False
        assert desk.get(f"{form_page}?view=steps").context["is_stepwise"] is True
        assert desk.get(form_page).context["is_stepwise"] is True
        assert desk.get(f"{form_page}?view=nonsense").context["is_stepwise"] is True
        assert desk.get(f"{form_page}?view=page").context["is_stepwise"] is False

    def test_is_chosen_without_losing_what_was_just_typed(self, desk, form_page, draft):
        desk.post(form_page, {**WHOLE, "story": "Дописано", "version": draft.version, "_view": "steps"})
        draft.refresh_from_db()
        assert draft.typed["story"] == ["Дописано"]
        assert desk.get(form_page).context["is_stepwise"] is True

    def test_shows_one_section_of_those_that_are_asked(self, desk, form_page):
        steps = desk.get(f"{form_page}?view=steps&step=help").context["steps"]
        assert [step.key for step in steps.list] == ["about", "help", "signed"]
        assert (steps.current.key, steps.before.key, steps.after.key) == ("help", "about", "signed")
        html = desk.get(f"{form_page}?step=help").content.decode()
        assert 'name="measures-0-what"' in html
        assert 'name="income"' not in html

    def test_saves_a_step_and_keeps_every_word_of_the_others(self, desk, form_page, draft):
        sent = {"section": "help", "version": draft.version, "measures-0-what": "Дрова", "_next": "1"}
        assert desk.post(form_page, sent).url == f"{form_page}?step=signed"
        draft.refresh_from_db()
        changed = {"measures-0-what": ["Дрова"], "measures-0-cost": None, "signs-0-mark": None, "signs-1-mark": None}
        expected = {name: values for name, values in (WHOLE | changed).items() if values is not None}
        assert draft.typed == expected

    def test_never_writes_into_another_section(self, desk, form_page, draft):
        desk.post(form_page, {"section": "help", "version": draft.version, "income": "1", "_save": "1"})
        draft.refresh_from_db()
        assert draft.typed["income"] == ["20000"]

    @pytest.mark.parametrize(
        ("button", "step"),
        [
            ({"_back": "1"}, "about"),
            ({"_goto": "signed"}, "signed"),
            ({"_save": "1"}, "help"),
            ({"_add_row": "measures"}, "help"),
        ],
    )
    def test_goes_where_the_button_says(self, desk, form_page, draft, button, step):
        sent = {"section": "help", "version": draft.version, "measures-0-what": "Дрова", **button}
        place = desk.post(form_page, sent).url
        assert place.partition("#")[0] == f"{form_page}?step={step}"

    def test_files_from_the_last_step_and_shows_the_whole_form_when_something_is_missing(
        self, desk, form_page, draft, case
    ):
        desk.get(f"{form_page}?view=steps")
        sent = {"section": "signed", "version": draft.version, "sign__post": "педагог", "sign__name": ""}
        refused = desk.post(form_page, {**sent, "_file": "1"})
        assert refused.status_code == 422
        assert refused.context["is_stepwise"] is False
        draft.refresh_from_db()
        desk.post(form_page, {**sent, "sign__name": "Н. Ю. Орлова", "version": draft.version, "_file": "1"})
        assert case.submissions.get().answers["income"] == "20000.00"

    def test_tells_what_each_section_still_misses(self, desk, form_page, draft):
        desk.post(form_page, {**WHOLE, "threat": "", "sign__name": "", "version": draft.version})
        steps = desk.get(f"{form_page}?view=steps").context["steps"]
        assert {step.key: step.missing for step in steps.list} == {
            "about": ("Есть угроза жизни",), "help": (), "signed": ("Составил",),
        }  # fmt: skip

    def test_keeps_the_files_of_other_steps(self, desk, form_page, draft):
        Draft.objects.filter(pk=draft.pk).update(typed={**WHOLE, "scan": ["7"]})
        desk.post(form_page, {"section": "about", "version": draft.version, "threat": "no"})
        draft.refresh_from_db()
        assert draft.typed["scan"] == ["7"]


class TestANewerEdition:
    @pytest.fixture
    def second(self, draft):
        kept = tuple(question for question in SCHEMA if question.key != "income" and question.key != "each")
        new = Question(key="fresh", label="Новый вопрос", kind=Kind.TEXT)
        return put_in_force("nso_dept_plan", schema=Schema(questions=(*kept, new)))

    @pytest.fixture
    def moving(self, case, draft, second):
        return reverse("casework:carry_over", args=[case.reference, draft.pk])

    def test_shows_first_what_moves_and_changes_nothing(self, desk, moving, draft):
        move = desk.get(moving).context["move"]
        assert "Что произошло" in move.moved
        assert move.left == (("Доход", "20000"),)
        assert move.new == ("Новый вопрос",)
        draft.refresh_from_db()
        assert draft.edition.number == 1

    def test_takes_the_words_there_once_confirmed(self, desk, moving, draft):
        desk.post(moving)
        draft.refresh_from_db()
        assert draft.edition.number == 2
        assert "20000" in CaseNote.objects.get().text

    def test_brings_over_the_words_of_a_page_that_was_still_open(self, desk, moving, form_page, draft):
        desk.post(moving)
        old = {**WHOLE, "story": "Дописано", "income": "30000", "version": draft.version, "edition": "1"}
        conflict = desk.post(form_page, old)
        assert conflict.status_code == 409
        assert [each["question"].key for each in conflict.context["differing"]] == ["story"]
        assert conflict.context["left"] == [("Доход", "30000")]

    def test_stops_the_autosave_of_a_page_that_was_still_open(self, autosave, desk, moving, draft):
        desk.post(moving)
        assert "saved_at" not in autosave(edition="1", story="Дописано")
        draft.refresh_from_db()
        assert draft.typed["story"] == WHOLE["story"]


class TestTheListOfForms:
    def test_begins_with_those_that_the_case_knows(self, case, specialist, file_plan):
        file_plan()
        put_in_force("nso_risk_notice")
        known, others = forms_to_fill.groups_to_fill(case=case, at=timezone.now())
        assert [edition.code for edition in known.editions] == ["nso_dept_plan"]
        assert [edition.code for edition in others.editions] == ["nso_risk_notice"]
        assert others.title == others.editions[0].issuing_agency_name

    @pytest.mark.parametrize(
        ("words", "codes"), [("ПЛАН", ["nso_dept_plan"]), ("план извещение", []), ("", ["nso_dept_plan"])]
    )
    def test_is_searched_by_words(self, case, plan, words, codes):
        groups = forms_to_fill.groups_to_fill(case=case, words=words, at=timezone.now())
        assert [edition.code for group in groups for edition in group.editions] == codes

    def test_is_found_on_the_page_of_the_case(self, desk, case, plan):
        form_page = desk.get(reverse("casework:case", args=[case.reference]), {"form": "нет такой"})
        assert form_page.context["form_groups"] == []

    def test_takes_two_questions_however_long_it_is(self, case, plan, django_assert_num_queries):
        put_in_force("nso_risk_notice")
        with django_assert_num_queries(2):
            forms_to_fill.groups_to_fill(case=case, at=timezone.now())


OPENING, SAVING = 18, 16


def long_form():
    """Return a form of 150 questions and a table of 200 rows."""
    kinds = (Kind.TEXT, Kind.LONG_TEXT, Kind.DATE, Kind.INTEGER, Kind.YES_NO)
    questions = [Question(key=f"q{number}", label=f"Вопрос {number}", kind=kinds[number % 5]) for number in range(150)]
    columns = tuple(Column(key=f"c{number}", label=f"Столбец {number}") for number in range(5))
    return Schema(questions=(*questions, Question(key="rows", label="Таблица", kind=Kind.TABLE, columns=columns)))


class TestALongForm:
    @pytest.fixture
    def begun(self, case, specialist):
        edition = put_in_force("nso_dept_plan", schema=long_form())
        return drafts.start_draft(case=case, edition=edition, actor=specialist, at=timezone.now())

    def typed(self, rows):
        return {f"rows-{row}-c{column}": ["слово"] for row in range(rows) for column in range(5)}

    @pytest.mark.parametrize("rows", [1, 200])
    def test_opens_and_saves_with_as_many_questions_as_a_short_one(
        self, desk, case, begun, rows, django_assert_num_queries
    ):
        drafts.save_draft(draft=begun, typed=self.typed(rows), version=1, at=timezone.now())
        form_page = reverse("casework:draft", args=[case.reference, begun.pk])
        saving = reverse("casework:autosave", args=[case.reference, begun.pk])
        desk.get(form_page)
        with django_assert_num_queries(OPENING):
            assert desk.get(form_page).status_code == 200
        with django_assert_num_queries(SAVING):
            answer = desk.post(saving, {**self.typed(rows), "q0": "новое", "version": 2})
        assert answer.json()["version"] == 3


class TestTypedWords:
    @pytest.mark.parametrize(
        ("question", "typed", "words"),
        [
            (Question(key="a", label="", kind=Kind.YES_NO), {"a": ["yes"]}, "да"),
            (Question(key="a", label="", kind=Kind.TEXT), {"a": [" слово "]}, "слово"),
            (Question(key="a", label="", kind=Kind.TEXT), {}, ""),
            (Question(key="a", label="", kind=Kind.ATTACHMENT), {"a": ["1", "2"]}, "скан.pdf, 2"),
            (Question(key="a", label="", kind=Kind.SIGNATURE), {"a__post": ["врач"], "a__name": ["Я"]}, "врач, Я"),
            (
                Question(
                    key="a", label="", kind=Kind.TABLE, columns=(Column(key="c", label=""), Column(key="d", label=""))
                ),
                {"a-0-c": ["раз"], "a-0-d": ["два"], "a-1-c": [""]},
                "1: раз; два\n2: —",
            ),
            (
                Question(
                    key="a",
                    label="",
                    kind=Kind.FIXED_TABLE,
                    rows=(Row(label="Рост"),),
                    columns=(Column(key="c", label=""),),
                ),
                {"a-0-c": ["110"]},
                "Рост: 110",
            ),
        ],
    )
    def test_are_what_a_person_recognises(self, question, typed, words):
        assert typed_words(question, typed, attached={1: {"name": "скан.pdf"}}, documents={}) == words

    def test_tell_the_reason_of_a_gap(self):
        question = Question(key="a", label="", kind=Kind.TEXT, recommended=True)
        assert "не пустили" in typed_words(question, {"a__why": ["не пустили"]}, attached={}, documents={})
