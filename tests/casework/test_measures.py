"""The things to do of a plan become assignments: each executor's own, with marks that go on into the next paper."""

import datetime as dt
import uuid

import pytest

from casework import access
from casework.actions import assignments, drafts, measures as of_documents, submissions
from casework.measures import DONE, NOT_DONE, PARTLY, Mark, difference, is_version_of, measures_in, state_of, with_marks
from casework.models import Assignment, AssignmentKind, AssignmentState, Submission
from forms_library.models import AgencyKind
from forms_library.packs import shipped
from forms_library.schema import Column, Kind, Question, Schema, Sensitivity
from forms_library.schema_problems import problems
from tests.casework.conftest import NOW
from tests.factories import AgencyFactory, member_of, put_in_force

TODAY = NOW.date()
SOON = "2026-12-20"
SCHEMA = shipped.form("nso_individual_plan").schema


def row(text="Записать сына в кружок", *, agency=None, due=SOON, **cells):
    """Return a row of the individual plan as it is kept."""
    named = {"id": agency.pk, "name": agency.name} if agency else {"id": None, "name": "Соседка"}
    return {"domain": "Здоровье", "task": "Окрепнуть", "measure": text, "term": due, "executor_org": named} | cells


def of(*rows, **others):
    return {"measures": list(rows), "children": [{"fio": "Ветрова Полина Андреевна"}]} | others


class TestAMark:
    @pytest.mark.parametrize(
        ("words", "state"),
        [
            ("выполнено", DONE),
            ("исполнено", DONE),
            ("Частично", PARTLY),
            ("выполнено частично", PARTLY),
            ("не выполнено", NOT_DONE),
            ("", ""),
        ],
    )
    def test_is_read_from_the_choice_of_a_form(self, words, state):
        assert state_of(words) == state

    def test_is_called_as_the_database_calls_it(self):
        assert {DONE, PARTLY, NOT_DONE} == {AssignmentState.DONE, AssignmentState.PARTLY, AssignmentState.NOT_DONE}

    def test_is_written_into_its_row_only(self):
        answers = with_marks(SCHEMA, of(row(), row("Гулять")), {("measures", 1): Mark(state=DONE, on=TODAY)})
        first, second = answers["measures"]
        assert "mark" not in first
        assert (second["mark"], second["mark_date"]) == ("выполнено", "2026-11-23")


class TestATableOfThingsToDo:
    def table(self, *columns):
        table = Question(key="a", label="A", kind=Kind.TABLE, columns=columns)
        return problems(Schema(questions=(table,)))

    def test_says_what_is_to_be_done_and_names_agencies_and_days(self):
        text = Column(key="what", label="Что", fact="assignment.text")
        who = Column(key="who", label="Кто", fact="assignment.executor")
        when = Column(key="on", label="Когда", fact="assignment.due")
        assert self.table(who) == ["measures_without_words:a", "executor_no_agency:a.who"]
        assert self.table(text, who, when) == ["executor_no_agency:a.who", "measure_day_no_date:a.on"]
        assert self.table(text) == []

    def test_goes_to_other_agencies_and_is_told_to_no_few(self):
        text = Column(key="what", label="Что", fact="assignment.text")
        for told, found in (("personal", []), ("special", ["measures_told_to_few:a"])):
            table = Question(key="a", label="A", kind=Kind.TABLE, columns=(text,), sensitivity=Sensitivity(told))
            assert problems(Schema(questions=(table,))) == found

    def test_is_read_row_by_row_without_empty_ones(self):
        found = measures_in(SCHEMA, of(row(), row("  "), row("Гулять", executor_fio="Орлова Н. Ю.", mark="частично")))
        assert [(each.row, each.text, each.due, each.mark.state) for each in found] == [
            (0, "Записать сына в кружок", dt.date(2026, 12, 20), ""),
            (2, "Гулять", dt.date(2026, 12, 20), PARTLY),
        ]
        assert found[1].who == "Соседка, Орлова Н. Ю."


class TestAVersion:
    def test_is_known_by_its_children_and_by_what_is_chosen(self):
        schema = shipped.form("ipsr").schema
        family, child = of(kind="семьи"), of(kind="несовершеннолетнего")
        brother = of(kind="несовершеннолетнего", children=[{"fio": "Ветров Пётр Андреевич"}])
        assert is_version_of(schema, family, of(row(), kind="семьи"))
        assert not is_version_of(schema, family, child)
        assert not is_version_of(schema, child, brother)

    def test_tells_what_it_has_changed(self):
        old = measures_in(SCHEMA, of(row("Гулять"), row("Читать"), row("Лечить зубы")))
        new = measures_in(SCHEMA, of(row("гулять"), row("Читать", due="2027-01-15"), row("Плавать")))
        found = difference(old, new)
        assert [each.text for each in found.added] == ["Плавать"]
        assert [each.text for each in found.dropped] == ["Лечить зубы"]
        assert [(was.due, now.due) for was, now in found.moved] == [(dt.date(2026, 12, 20), dt.date(2027, 1, 15))]
        assert not difference(old, old)


@pytest.fixture
def school(db):
    return AgencyFactory(kind=AgencyKind.EDUCATION_ORG)


@pytest.fixture
def teacher(school):
    return member_of(school)


@pytest.fixture
def edition(db):
    return put_in_force("nso_individual_plan")


@pytest.fixture
def file(case, specialist, edition):
    """Return a function that files an individual plan with these rows."""

    def seal(*rows, at=NOW, supersedes=None, form=edition, **others):
        return submissions.file_submission(
            case=case,
            edition=form,
            answers=of(*rows, **others),
            token=uuid.uuid4(),
            actor=specialist,
            at=at,
            supersedes=supersedes,
        )

    return seal


def mark(assignment, actor, state=AssignmentState.DONE, words="Сходили"):
    return assignments.mark(
        assignment=assignment, state=state, words=words, version=assignment.version, actor=actor, at=NOW
    )


@pytest.mark.django_db
class TestTheMeasuresOfAPlan:
    def test_are_asked_of_their_executors_in_the_words_of_the_plan(self, file, school, case, specialist):
        plan = file(row(agency=school, resource="Кружок", expected="Ходит"), row("Навестить"))
        ours, own = Assignment.objects.filter(source=plan)
        assert (ours.kind, ours.state, ours.agency, ours.due) == ("measure", "accepted", school, dt.date(2026, 12, 20))
        assert (ours.group, ours.aim, ours.resource, ours.expected) == ("Здоровье", "Окрепнуть", "Кружок", "Ходит")
        assert (own.agency, own.person_name, own.row) == (case.agency, "Соседка", 1)

    def test_are_seen_by_their_executor_and_by_nobody_else(self, file, school, teacher, case):
        file(row(agency=school), row("Навестить"), row("Лечить", agency=AgencyFactory()))
        assert [each.text for each in access.assignments_for(user=teacher)] == ["Записать сына в кружок"]
        assert not access.cases_for(user=teacher, today=TODAY).exists()
        assert not access.assignments_for(user=member_of(AgencyFactory())).exists()

    def test_are_asked_once(self, file, school, specialist):
        plan = file(row(agency=school))
        assert of_documents.assignments_from(plan, actor=specialist, at=NOW) == []
        assert Assignment.objects.count() == 1

    def test_of_an_older_edition_without_facts_ask_for_nothing(self, file_plan):
        bare = Schema(
            questions=(Question(key="measures", label="Меры", kind=Kind.TABLE, columns=(Column(key="a", label="A"),)),)
        )
        assert measures_in(bare, {"measures": [{"a": "Гулять"}]}) == []

    def test_of_words_that_name_no_agency_are_the_keepers(self, file_plan, case):
        plan = file_plan()
        (asked,) = Assignment.objects.filter(source=plan)
        assert (asked.agency, asked.person_name, asked.due) == (case.agency, "Психолог школы", None)


@pytest.mark.django_db
class TestANewerPlan:
    def test_withdraws_what_was_open_and_keeps_the_marks_of_what_stays(self, file, school, teacher):
        old = file(row(agency=school), row("Гулять", agency=school), row("Читать", agency=school))
        mark(Assignment.objects.get(source=old, row=0), teacher)
        new = file(row(agency=school), row("Читать", agency=school))
        assert list(old.assignments.values_list("state", flat=True)) == ["withdrawn", "withdrawn", "withdrawn"]
        kept, again = new.assignments.all()
        assert (kept.state, kept.words, kept.marked_by) == ("done", "Сходили", teacher)
        assert (again.state, again.marked_by) == ("accepted", None)

    def test_asks_anew_when_the_day_or_the_executor_is_another(self, file, school, teacher):
        old = file(row(agency=school), row("Гулять", agency=school))
        for each in old.assignments.all():
            mark(each, teacher)
        new = file(row(agency=school, due="2027-01-11"), row("Гулять", agency=AgencyFactory()))
        assert {each.state for each in new.assignments.all()} == {"accepted"}

    def test_does_the_same_when_it_is_a_correction(self, file, school):
        old = file(row(agency=school))
        file(row("Гулять", agency=school), supersedes=old)
        assert [(each.text, each.state) for each in Assignment.objects.all()] == [
            ("Записать сына в кружок", "withdrawn"),
            ("Гулять", "accepted"),
        ]

    def test_of_another_child_leaves_the_first_alone(self, file, school):
        ipsr = put_in_force("ipsr")
        rows = [{"direction": "досуг", "measure": "Гулять", "term": "май", "executor": "Орлова"}]
        for name in ("Ветрова Полина", "Ветров Пётр"):
            file(form=ipsr, measures=rows, children=[{"fio": name}], kind="несовершеннолетнего")
        assert {each.state for each in Assignment.objects.all()} == {"accepted"}

    def test_is_not_undone_by_correcting_an_old_one(self, file, school):
        old = file(row(agency=school))
        new = file(row("Гулять", agency=school))
        late = file(row("Лечить", agency=school), supersedes=old)
        assert not late.assignments.exists()
        assert [each.state for each in new.assignments.all()] == ["accepted"]

    def test_takes_the_marks_that_it_says_itself(self, file, school, specialist):
        plan = file(row(agency=school, mark="не выполнено"))
        (asked,) = plan.assignments.all()
        assert (asked.state, asked.marked_by) == ("not_done", specialist)


@pytest.mark.django_db
class TestTheDecisionsOfAProtocol:
    def test_are_decisions_and_a_newer_protocol_leaves_them_alone(self, file, school):
        form = put_in_force("consilium_protocol")
        decided = [{"decision": "Проверить", "executor": {"id": school.pk, "name": school.name}, "due": SOON}]
        for _meeting in range(2):
            file(form=form, decisions=decided)
        found = Assignment.objects.all()
        assert {each.kind for each in found} == {AssignmentKind.DECISION}
        assert [each.state for each in found] == ["accepted", "accepted"]


@pytest.mark.django_db
class TestTheNextForm:
    def start(self, case, specialist, edition):
        return drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW).typed

    def test_of_the_plan_begins_with_its_rows_and_their_marks(self, file, school, teacher, case, specialist, edition):
        plan = file(row(agency=school), row("Гулять", agency=school))
        mark(Assignment.objects.get(source=plan, row=1), teacher, AssignmentState.PARTLY)
        typed = self.start(case, specialist, edition)
        assert typed["measures-0-measure"] == ["Записать сына в кружок"]
        assert typed["measures-0-executor_org"] == [school.name]
        assert (typed["measures-1-mark"], typed["measures-1-mark_date"]) == (["частично"], ["23.11.2026"])
        assert "measures-0-mark" not in typed

    def test_that_corrects_it_has_them_too(self, file, school, teacher, specialist):
        plan = file(row(agency=school))
        mark(plan.assignments.get(), teacher)
        draft = drafts.start_correction(submission=plan, actor=specialist, at=NOW)
        assert draft.typed["measures-0-mark"] == ["выполнено"]

    def test_of_monitoring_counts_what_is_done(self, file, school, teacher, case, specialist):
        plan = file(row(agency=school), row("Гулять", agency=school), row("Читать"))
        mark(plan.assignments.get(row=0), teacher)
        typed = self.start(case, specialist, put_in_force("nso_monitoring"))
        assert (typed["measures_total"], typed["measures_done"]) == (["3"], ["1"])
        assert typed["plan"] == [str(plan.number)]

    def test_that_reviews_a_plan_of_another_form_is_told_nothing(self, file, case, specialist):
        file(row())
        typed = self.start(case, specialist, put_in_force("tom_plan_review"))
        assert not typed.get("plan")
        assert "measures-0-measure" not in typed

    def test_of_the_review_lists_the_measures_with_their_marks(self, file, case, specialist):
        cells = {"problem": "Ссоры", "task": "Мир", "term": SOON, "executor": "Орлова", "expected": "Тихо"}
        plan = file(form=put_in_force("tom_support_plan"), measures=[cells | {"measure": "Беседы"}])
        mark(plan.assignments.get(), specialist, AssignmentState.PARTLY, "Ссор меньше")
        typed = self.start(case, specialist, put_in_force("tom_plan_review"))
        assert (typed["measures-0-measure"], typed["measures-0-mark"]) == (["Беседы"], ["выполнено частично"])
        assert (typed["measures-0-result"], typed["done"]) == (["Ссор меньше"], ["0"])


DOMAIN = {"strengths": "Бабушка рядом", "weaknesses": "Долги", "tasks": "Погасить долги\nНайти работу"}


@pytest.mark.django_db
class TestTheAnalysisOfTheCase:
    @pytest.fixture
    def analysed(self, file, school):
        rows = [
            DOMAIN
            | {"measures": "Рассрочка\nЦентр занятости", "term": "15.12.2026\nфевраль", "executors": school.name},
            {},
        ]
        return file(form=put_in_force("nso_case_analysis"), domains=rows)

    def test_gives_the_first_plan_its_rows(self, analysed, case, specialist, edition, school):
        typed = drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW).typed
        assert typed["measures-0-domain"] == ["Жильё, занятость, доход"]
        assert (typed["measures-0-task"], typed["measures-1-task"]) == (["Погасить долги"], ["Найти работу"])
        assert (typed["measures-0-measure"], typed["measures-0-term"]) == (["Рассрочка"], ["15.12.2026"])
        assert typed["measures-1-executor_org"] == [school.name]
        assert "measures-1-term" not in typed

    def test_is_not_told_to_whom_it_is_closed(self, analysed, case, helper, edition):
        typed = drafts.start_draft(case=case, edition=edition, actor=helper, at=NOW).typed
        assert "measures-0-measure" not in typed

    def test_gives_way_to_the_rows_of_the_last_plan(self, analysed, file, case, specialist, edition):
        file(row("Гулять"))
        typed = drafts.start_draft(case=case, edition=edition, actor=specialist, at=NOW).typed
        assert typed["measures-0-measure"] == ["Гулять"]


@pytest.mark.django_db
class TestACorrection:
    def test_of_a_form_without_things_to_do_begins_with_its_answers(self):
        survey = Submission(edition=put_in_force("housing_survey"), answers={"address": "ул. Вымышленная"})
        assert of_documents.answers_to_correct(survey) == {"address": "ул. Вымышленная"}
