"""The builder of a form: every mistake is said in plain words at its place, and nothing is saved by half."""

import re

import pytest
from django.urls import reverse

from forms_library.models import FormField
from tests.forms_library import drafting
from tests.forms_library.test_blocks import posted_from

CONFIRMED = {"clean_name": "agreed", "field_type": "yes_no", "label": "Семья согласна"}
MATRIX = {
    "clean_name": "home",
    "field_type": "matrix",
    "label": "Дом",
    "items": [("item", {"label": "Порядок", "scale": "", "weight": 0, "choices": "чисто\nгрязно"})],
}
CHECKLIST = {
    "clean_name": "risk",
    "field_type": "checklist",
    "label": "Риск",
    "items": [("item", {"label": "Пропуски", "scale": "школа", "weight": 2, "choices": ""})],
    "thresholds": [("threshold", {"scale": "школа", "at_least": 2, "level": "высокий"})],
}


@pytest.fixture
def lib(db):
    return drafting.library()


@pytest.fixture
def form(lib):
    """A draft of four questions: a text «name», yes or no, a matrix, a checklist."""
    draft = drafting.draft(lib)
    for each in (CONFIRMED, MATRIX, CHECKLIST):
        draft.form_fields.add(FormField(**each))
    draft.save_revision(user=lib.methodologist)
    return drafting.fresh(draft)


@pytest.fixture
def save(client, lib, form):
    """Return a function that saves the draft with some fields changed; it returns the answer of the editor's screen."""
    client.force_login(lib.methodologist)
    address = reverse("wagtailadmin_pages:edit", args=[form.pk])
    posted = posted_from(client.get(address).context["form"])
    posted |= blocks("form_fields-2-items", MATRIX["items"]) | blocks("form_fields-3-items", CHECKLIST["items"])
    posted |= blocks("form_fields-3-thresholds", CHECKLIST["thresholds"])

    def send(**changes):
        changed = {re.sub(r"^row(\d)_", r"form_fields-\1-", name): value for name, value in changes.items()}
        return client.post(address, posted | changed)

    return send


def blocks(name, values):
    """Return what a browser sends of a list of blocks."""
    posted = {f"{name}-count": str(len(values))}
    for number, (kind, value) in enumerate(values):
        block = f"{name}-{number}"
        posted |= {f"{block}-deleted": "", f"{block}-order": str(number), f"{block}-type": kind, f"{block}-id": ""}
        posted |= {f"{block}-value-{part}": content for part, content in value.items()}
    return posted


def mistakes(answer):
    """Return where the screen says something: (row, field), or the field of the form itself."""
    form = answer.context["form"]
    rows = form.formsets["form_fields"].errors
    return {*form.errors, *((number, name) for number, row in enumerate(rows) for name in row)}


class TestTheBuilder:
    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            (
                {"row0_shown_when": "agreed = да", "row1_shown_when": "filled(name)"},
                {(0, "shown_when"), (1, "shown_when")},
            ),
            ({"row1_shown_when": "removed = да"}, {(1, "shown_when")}),
            ({"row1_clean_name": "name"}, {(0, "clean_name"), (1, "clean_name")}),
            ({"row0_label": "Щ" * 10_000}, {(0, "label")}),
            ({"row2_items-0-value-choices": ""}, {(2, "choices")}),
            ({"row3_thresholds-0-value-scale": "дом"}, {(3, "thresholds")}),
            ({"row0_field_type": "computed", "row0_expression": "name + 1"}, {(0, "expression")}),
        ],
        ids=["circle", "removed", "one key", "endless label", "no choices", "no such scale", "formula of itself"],
    )
    def test_says_a_mistake_at_its_place_and_saves_nothing(self, save, form, changes, place):
        revisions = form.revisions.count()
        answer = save(**changes)
        assert answer.status_code == 200
        assert mistakes(answer) == place
        assert form.revisions.count() == revisions

    def test_says_what_is_wrong_with_a_check(self, save):
        def check(condition, key):
            return blocks("checks", [("check", {"condition": condition, "message": "Так нельзя", "key": key})])

        assert mistakes(save(**check("nobody_knows = да", ""))) == {"checks"}
        assert mistakes(save(**check("filled(name)", "nobody_knows"))) == {"checks"}
        assert save(**check("filled(name)", "name")).status_code == 302

    def test_does_not_blame_a_rule_for_the_mistake_of_another_question(self, save):
        wrong = {"row0_label": "Щ" * 600, "row1_shown_when": "filled(name)"}
        assert mistakes(save(**wrong)) == {(0, "label")}

    def test_shows_the_rules_back_as_sentences(self, save, client, form):
        assert save(row0_shown_when="agreed = да").status_code == 302
        page = client.get(reverse("wagtailadmin_pages:edit", args=[form.pk]))
        assert "«Семья согласна» = да" in page.text


class TestAReview:
    def test_ends_well_for_a_form_with_checks_and_lists_of_blocks(self, client, lib, form):
        page = form.get_latest_revision_as_object()
        page.checks = [("check", {"condition": "filled(name)", "message": "Назовите", "key": "name"})]
        page.docx_template = drafting.template_document("{{ name }}")
        page.save_revision(user=lib.methodologist)
        drafting.send(page, by=lib.methodologist)
        client.force_login(lib.approver)
        address = reverse("wagtailadmin_pages:edit", args=[form.pk])
        posted = posted_from(client.get(address).context["form"])
        posted |= blocks("form_fields-2-items", MATRIX["items"]) | blocks("form_fields-3-items", CHECKLIST["items"])
        posted |= blocks("form_fields-3-thresholds", CHECKLIST["thresholds"])
        checked = [("check", {"condition": "filled(name)", "message": "Назовите", "key": "name"})]
        approval = {"action-workflow-action": "true", "workflow-action-name": "approve"}
        changed = [("check", {"condition": "filled(name)", "message": "Иначе", "key": "name"})]
        assert client.post(address, posted | blocks("checks", changed) | approval).status_code == 200
        assert not form.editions.exists()
        assert client.post(address, posted | blocks("checks", checked) | approval).status_code == 302
        assert form.editions.get().questions["checks"]


class TestATrial:
    @pytest.fixture(autouse=True)
    def no_office(self, settings):
        settings.LIBREOFFICE = "no-such-office"

    def test_does_not_wait_for_the_act(self, client, lib):
        draft = drafting.draft(lib, act_number="", act_date=None, act_reason="")
        client.force_login(lib.methodologist)
        assert client.get(reverse("form_trial", args=[draft.pk])).context["paper_problems"] == ()

    def test_shows_the_form_also_when_its_template_is_wrong(self, client, lib):
        draft = drafting.draft(lib, docx_template=drafting.template_document("{{ nobody_knows }}"))
        client.force_login(lib.methodologist)
        address = reverse("form_trial", args=[draft.pk])
        assert "nobody_knows" in client.get(address).context["paper_problems"][0]
        asked = client.post(address, {"name": "Аня", "_print": "1"})
        assert asked.context["is_right"]
        assert asked.headers["Content-Type"].startswith("text/html")

    def test_says_what_is_wrong_with_the_questions_instead(self, client, lib):
        draft = drafting.draft(lib)
        draft.form_fields.add(
            FormField(label="Итог", clean_name="total", field_type="computed", expression="total + 1")
        )
        draft.save_revision(user=lib.methodologist)
        client.force_login(lib.methodologist)
        assert len(client.get(reverse("form_trial", args=[draft.pk])).context["problems"]) == 1
