import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, Site

from forms_library import rendering
from forms_library.models import (
    Agency,
    AgencyKind,
    Document,
    Edition,
    FormsCatalogue,
    OfficialForm,
    ReusableBlock,
    TrustedPublisher,
)
from forms_library.packs import shipped
from forms_library.schema import Kind
from forms_library.schema_problems import problems
from tests.forms_library.filled_forms import ANSWERS, text_of

FOUR = tuple(ANSWERS)
PLAN_HEAD = ("org", "resp_fio", "resp_post", "resp_phone", "period_from", "period_to", "children")
PLAN_PARENTS = ("mother_fio", "mother_birth", "mother_phone", "father_fio", "father_birth", "father_phone", "factors")
PLAN_COLUMNS = ("№ п/п", "Наименование задачи*, на решение которой направлено проведение мероприятий", "Мероприятия")
PLAN_LAST_COLUMNS = ("Сроки", "Ответственные", "Результаты")


@pytest.fixture
def agencies(db):
    for kind in AgencyKind:
        Agency.objects.create(code=kind.value, name=kind.label, short_name=kind.label, kind=kind, territory="Район")


@pytest.fixture
def site(db):
    home = Page.get_first_root_node().add_child(instance=Page(title="Портал", slug="portal"))
    return Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})[0]


def load(*only, verbosity=0):
    call_command("load_demo_forms", only=only or FOUR, verbosity=verbosity)


class TestDemoForms:
    @pytest.mark.parametrize("code", FOUR)
    def test_are_sound_schemas_that_survive_json(self, code):
        schema = shipped.form(code).schema
        assert problems(schema) == []
        assert set(ANSWERS[code]) == {question.key for question in schema.answered}
        assert all(len(question.label) <= 500 and len(question.help_text) <= 500 for question in schema)

    def test_the_plan_has_the_head_and_the_six_columns_of_its_source(self):
        schema = shipped.form("nso_dept_plan").schema
        keys = [question.key for question in schema.answered]
        assert keys[:14] == [*PLAN_HEAD, *PLAN_PARENTS]
        blank = rendering.blank(
            schema,
            template=shipped.form("nso_dept_plan").template,
            template_sha256=rendering.hashlib.sha256(shipped.form("nso_dept_plan").template).hexdigest(),
            about={},
        )
        lines = text_of(blank).split("\n")
        first = lines.index(PLAN_COLUMNS[0])
        assert tuple(lines[first : first + 6]) == (*PLAN_COLUMNS, *PLAN_LAST_COLUMNS)

    def test_the_consent_is_a_document_of_its_own(self):
        schema = shipped.form("contact_consent").schema
        assert sum(question.kind == Kind.NOTE for question in schema) >= 6
        assert "agreed" not in shipped.form("contact_request").schema

    def test_a_request_needs_only_a_question_a_name_and_a_way_to_answer(self):
        schema = shipped.form("contact_request").schema
        assert [question.key for question in schema if question.required] == ["question", "name", "contact_way"]

    @pytest.mark.parametrize("code", ["nso_dept_plan", "nso_risk_notice"])
    def test_know_every_date_of_birth(self, code):
        schema = shipped.form(code).schema
        asked = [*schema, *(column for question in schema for column in question.columns)]
        births = [each for each in asked if each.key.endswith("birth")]
        assert births
        assert all(each.kind == Kind.BIRTH_DATE for each in births)

    def test_know_which_day_comes_first(self):
        assert shipped.form("nso_dept_plan").schema["period_to"].not_before == "period_from"
        assert shipped.form("nso_risk_notice").schema["registered_on"].not_before == "found_on"


class TestLoading:
    def test_brings_every_form_into_force_through_a_second_person(self, site, agencies, capsys):
        load(*shipped.codes(), verbosity=1)
        editions = Edition.objects.in_force(at=timezone.now())
        assert {edition.code for edition in editions} == set(shipped.codes())
        assert capsys.readouterr().out.count("\n") == len(shipped.codes())
        for edition in editions:
            assert (edition.number, edition.drafted_by.email) == (1, "metodist@ochag.example")
            assert edition.approved_by.email == "utverzhdayu@ochag.example"
            assert edition.schema == shipped.form(edition.code).schema
            assert bytes(edition.docx_template) == shipped.form(edition.code).template
        assert FormsCatalogue.objects.get().get_parent().specific_deferred.pk == site.root_page_id

    def test_brings_the_blocks_along_and_trusts_their_publisher(self, site, agencies):
        load("contact_consent")
        assert {block.code for block in ReusableBlock.objects.all()} == {"adult", "child", "outgoing_head"}
        assert TrustedPublisher.objects.get().public_key == shipped.public_key()

    def test_loads_only_the_forms_that_are_named(self, site, agencies):
        load("contact_consent")
        assert [edition.code for edition in Edition.objects.all()] == ["contact_consent"]

    def test_of_a_form_that_is_not_shipped_says_so(self, site, agencies):
        with pytest.raises(CommandError, match="no_such_form"):
            load("no_such_form")

    def test_a_second_time_changes_nothing(self, site, agencies):
        load()
        form = OfficialForm.objects.get(code="nso_dept_plan")
        form.title = "План, который переименовал методист"
        form.save_revision()
        load()
        form.refresh_from_db()
        assert form.get_latest_revision_as_object().title == "План, который переименовал методист"
        assert (Edition.objects.count(), Document.objects.count()) == (len(FOUR), len(FOUR))

    def test_uses_the_accounts_and_the_catalogue_that_are_there(self, site, agencies):
        person = get_user_model().objects.create_user(email="metodist@ochag.example", last_name="Иванова")
        catalogue = site.root_page.add_child(instance=FormsCatalogue(title="Бланки", slug="blanki"))
        load("contact_consent")
        assert Edition.objects.get().drafted_by == person
        assert OfficialForm.objects.child_of(catalogue).count() == 1

    def test_without_agencies_says_what_to_load_first(self, site):
        with pytest.raises(CommandError):
            load()
        assert not OfficialForm.objects.exists()

    def test_without_a_site_says_what_to_load_first(self, db):
        Site.objects.all().delete()
        with pytest.raises(CommandError):
            load()
