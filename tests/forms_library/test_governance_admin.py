"""Four eyes in the admin: what is offered, what is refused, and what is said about mistakes in a draft."""

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from forms_library import permissions
from forms_library.models import Edition, EditionEnd, FormField, OfficialForm
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(lib):
    return drafting.draft(lib)


class TestAdmin:
    """Each way of publishing, copying or deleting in the admin ends in words, never in a failure."""

    def test_the_publish_button_of_a_superuser_only_saves(self, lib, form):
        superuser = drafting.user(is_superuser=True)
        client = drafting.signed_in(superuser)
        response = client.post(
            reverse("wagtailadmin_pages:edit", args=[form.pk]),
            editor_data(form, **{"action-publish": "1"}),
            follow=True,
        )
        assert response.status_code == 200
        assert not drafting.fresh(form).live

    def test_publishing_in_bulk_does_nothing(self, lib, form):
        client = drafting.signed_in(drafting.user(is_superuser=True))
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        assert client.get(url, {"id": form.pk}).status_code == 200
        then = reverse("wagtailadmin_explore", args=[lib.catalogue.pk])
        assert client.post(f"{url}?id={form.pk}&next={then}", follow=True).status_code == 200
        response = client.post(f"{url}?id={lib.catalogue.pk}&next={then}", {"include_descendants": "on"}, follow=True)
        assert response.status_code == 200
        assert not drafting.fresh(form).live

    def test_the_approver_approves_from_the_editor(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        client = drafting.signed_in(lib.approver)
        url = reverse("wagtailadmin_pages:edit", args=[form.pk])
        data = typed_nothing(client.get(url))
        response = client.post(url, {**data, "action-workflow-action": "true", "workflow-action-name": "approve"})
        assert response.status_code == 302
        assert drafting.fresh(form).live
        assert Edition.objects.get().approved_by == lib.approver

    def test_the_approver_approves_from_the_dashboard(self, lib, form):
        task_state = drafting.send(form, by=lib.methodologist)
        client = drafting.signed_in(lib.approver)
        url = reverse("wagtailadmin_pages:workflow_action", args=[form.pk, "approve", task_state.pk])
        client.post(url)
        assert Edition.objects.get().approved_by == lib.approver

    def test_the_author_cannot_approve_by_address(self, lib):
        author = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=author)
        task_state = drafting.send(form, by=lib.methodologist)
        url = reverse("wagtailadmin_pages:workflow_action", args=[form.pk, "approve", task_state.pk])
        assert drafting.signed_in(author).post(url, follow=True).status_code == 200
        assert not drafting.fresh(form).live

    def test_a_reviewer_cannot_change_the_draft_while_approving_it(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        client = drafting.signed_in(lib.approver)
        data = editor_data(
            form, title="Подменено", **{"action-workflow-action": "true", "workflow-action-name": "approve"}
        )
        response = client.post(reverse("wagtailadmin_pages:edit", args=[form.pk]), data)
        assert response.status_code == 200
        assert response.context["form"].has_error("__all__", "under_review")
        assert not drafting.fresh(form).live

    def test_deleting_a_form_with_editions_says_why_not(self, lib, form):
        drafting.put_in_force(lib, form)
        client = drafting.signed_in(drafting.user(is_superuser=True))
        for page in (form, lib.catalogue, lib.home):
            response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
            assert response.status_code == 200
            assert form.title in messages_of(response)
        assert OfficialForm.objects.filter(pk=form.pk).exists()

    def test_deleting_in_bulk_says_why_not(self, lib, form):
        drafting.put_in_force(lib, form)
        client = drafting.signed_in(drafting.user(is_superuser=True))
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        response = client.post(f"{url}?id={form.pk}", follow=True)
        assert response.status_code == 200
        assert form.title in messages_of(response)
        assert OfficialForm.objects.filter(pk=form.pk).exists()

    def test_a_draft_that_was_never_in_force_can_be_deleted(self, lib, form):
        client = drafting.signed_in(lib.methodologist)
        client.post(reverse("wagtailadmin_pages:delete", args=[form.pk]))
        assert not OfficialForm.objects.filter(pk=form.pk).exists()

    def test_a_copy_has_no_editions_and_another_code(self, lib, form):
        drafting.put_in_force(lib, form)
        client = drafting.signed_in(drafting.user(is_superuser=True))
        client.post(
            reverse("wagtailadmin_pages:copy", args=[form.pk]),
            {"new_title": "Копия", "new_slug": "copy", "new_parent_page": lib.catalogue.pk},
        )
        copy = OfficialForm.objects.get(slug="copy")
        assert copy.code != form.code
        assert not copy.live
        assert not copy.editions.exists()

    @pytest.mark.parametrize("way", ["alias", "publish_copies"])
    def test_a_copy_cannot_be_live(self, lib, form, way):
        drafting.put_in_force(lib, form)
        client = drafting.signed_in(drafting.user(is_superuser=True))
        response = client.post(
            reverse("wagtailadmin_pages:copy", args=[form.pk]),
            {"new_title": "Копия", "new_slug": "copy", "new_parent_page": lib.catalogue.pk, way: "on"},
        )
        assert response.status_code == 200
        assert not OfficialForm.objects.filter(slug="copy").exists()

    def test_a_section_with_the_catalogue_cannot_be_copied_whole(self, lib, form):
        client = drafting.signed_in(drafting.user(is_superuser=True))
        root = lib.home.get_parent()
        response = client.post(
            reverse("wagtailadmin_pages:copy", args=[lib.home.pk]),
            {"new_title": "Копия", "new_slug": "copy", "new_parent_page": root.pk, "copy_subpages": "on"},
            follow=True,
        )
        assert response.status_code == 200
        assert OfficialForm.objects.count() == 1

    def test_reverting_to_an_earlier_draft_is_only_a_draft(self, lib, form):
        drafting.put_in_force(lib, form)
        first = drafting.fresh(form).live_revision
        drafting.rename(form, "Вторая", by=lib.methodologist)
        drafting.put_in_force(lib, form)
        client = drafting.signed_in(drafting.user(is_superuser=True))
        url = reverse("wagtailadmin_pages:revisions_revert", args=[form.pk, first.pk])
        assert client.get(url).status_code == 200
        data = editor_data(form, revision=first, **{"action-publish": "1"})
        client.post(reverse("wagtailadmin_pages:edit", args=[form.pk]), {**data, "revision": first.pk})
        assert Edition.objects.in_force(at=timezone.now()).get().number == 2

    def test_unpublishing_by_an_approver_withdraws(self, lib, form):
        drafting.put_in_force(lib, form)
        drafting.signed_in(lib.approver).post(reverse("wagtailadmin_pages:unpublish", args=[form.pk]))
        assert EditionEnd.objects.get().reason == EditionEnd.Reason.WITHDRAWN

    def test_moving_is_refused(self, lib, form):
        client = drafting.signed_in(drafting.user(is_superuser=True))
        url = reverse("wagtailadmin_pages:move_confirm", args=[form.pk, lib.home.pk])
        assert client.post(url, follow=True).status_code == 200
        assert drafting.fresh(form).get_parent().pk == lib.catalogue.pk

    def test_submissions_are_nowhere(self, lib, form):
        client = drafting.signed_in(drafting.user(is_superuser=True))
        assert client.get(reverse("wagtailforms:index")).context["page_obj"].object_list.count() == 0
        response = client.get(reverse("wagtailforms:list_submissions", args=[form.pk]), follow=True)
        assert response.status_code in {200, 404}
        assert "data_rows" not in (response.context or {})

    @pytest.mark.parametrize("group", [permissions.METHODOLOGISTS, permissions.APPROVERS, permissions.EDITORS])
    def test_every_group_opens_the_admin_and_the_catalogue(self, lib, group):
        client = drafting.signed_in(drafting.user(group))
        home = client.get(reverse("wagtailadmin_home"))
        assert home.status_code == 200
        assert "guide.wagtail.org" not in home.content.decode()
        assert client.get(reverse("wagtailadmin_explore", args=[lib.catalogue.pk])).status_code == 200

    def test_a_methodologist_drafts_and_previews(self, lib, form):
        client = drafting.signed_in(lib.methodologist)
        response = client.get(reverse("wagtailadmin_pages:edit", args=[form.pk]))
        assert response.status_code == 200
        assert (
            client.get(
                reverse("wagtailadmin_pages:add", args=["forms_library", "officialform", lib.catalogue.pk])
            ).status_code
            == 200
        )
        for mode in ("form", "page"):
            url = reverse("wagtailadmin_pages:preview_on_edit", args=[form.pk]) + f"?mode={mode}"
            assert client.post(url, editor_data(form)).json()["is_valid"]
            assert client.get(url).status_code == 200

    def test_a_methodologist_sends_to_review(self, lib, form):
        client = drafting.signed_in(lib.methodologist)
        client.post(reverse("wagtailadmin_pages:edit", args=[form.pk]), editor_data(form, **{"action-submit": "1"}))
        assert drafting.fresh(form).current_workflow_state is not None

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"field_type": "radio"}, "choices"),
            ({"field_type": "table"}, "columns"),
            ({"field_type": "fixed_table"}, "columns"),
            ({"field_type": "date", "not_before": "nothing"}, "not_before"),
            ({"not_before": "name"}, "not_before"),
            ({"shown_when": "removed = да"}, "shown_when"),
            ({"shown_when": "filled(name)"}, "shown_when"),
            ({"field_type": "computed", "expression": "1 +"}, "expression"),
            ({"field_type": "checklist"}, "items"),
        ],
    )
    def test_a_mistake_in_a_question_is_said_at_its_place(self, lib, form, changes, field):
        data = editor_data(form, **{f"form_fields-0-{name}": value for name, value in changes.items()})
        response = drafting.signed_in(lib.methodologist).post(reverse("wagtailadmin_pages:edit", args=[form.pk]), data)
        assert field in response.context["form"].formsets["form_fields"].forms[0].errors

    def test_a_mistake_in_a_check_is_said_at_the_checks(self, lib, form):
        checks = streamfield([("check", {"condition": "removed = да", "message": "Исправьте", "key": ""})])
        data = editor_data(form, **nested_form_data({"checks": checks}))
        response = drafting.signed_in(lib.methodologist).post(reverse("wagtailadmin_pages:edit", args=[form.pk]), data)
        assert response.context["form"].has_error("checks", "check_unknown")

    def test_a_date_may_name_another_date_of_the_form(self, lib, form):
        page = form.get_latest_revision_as_object()
        page.form_fields.add(FormField(label="с", clean_name="first", field_type="date"))
        page.form_fields.add(FormField(label="до", clean_name="last", field_type="date", not_before="first"))
        page.save_revision(user=lib.methodologist)
        response = drafting.signed_in(lib.methodologist).post(
            reverse("wagtailadmin_pages:edit", args=[form.pk]), editor_data(form)
        )
        assert response.status_code == 302
        assert drafting.fresh(form).get_latest_revision_as_object().schema()["last"].not_before == "first"

    def test_another_code_is_refused_once_there_is_an_edition(self, lib, form):
        drafting.put_in_force(lib, form)
        response = drafting.signed_in(lib.methodologist).post(
            reverse("wagtailadmin_pages:edit", args=[form.pk]), editor_data(form, code="another")
        )
        assert response.context["form"].has_error("code", "code_is_fixed")

    def test_the_working_calendar_is_kept_by_methodologists(self, lib):
        client = drafting.signed_in(lib.methodologist)
        assert client.get(reverse("wagtailsnippets_forms_library_calendarday:list")).status_code == 200


def editor_data(form, revision=None, **changes):
    """Return what the editor's form of a page would post."""
    page = (revision or drafting.fresh(form).get_latest_revision()).as_object()
    fields = [
        {
            "id": field.pk or "",
            "label": field.label,
            "field_type": field.field_type,
            "help_text": field.help_text,
            "required": "on" if field.required else "",
            "clean_name": field.clean_name,
            "choices": field.choices,
            "default_value": field.default_value,
            "columns": streamfield([]),
            "rows": field.rows,
            "min_rows": field.min_rows,
            "max_rows": field.max_rows,
            "not_before": field.not_before,
            "shown_when": field.shown_when,
            "expression": field.expression,
            "items": streamfield([]),
            "thresholds": streamfield([]),
            "number_pattern": field.number_pattern,
            "max_files": field.max_files,
            "max_megabytes": field.max_megabytes,
            "sensitivity": field.sensitivity,
        }
        for field in page.form_fields.all()
    ]
    data = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "code": page.code,
            "audience": page.audience,
            "purpose": page.purpose,
            "filled_by": page.filled_by,
            "received_by": page.received_by,
            "issuing_agency": page.issuing_agency_id,
            "legal_basis": page.legal_basis,
            "docx_template": page.docx_template_id,
            "checks": streamfield([]),
            "restriction_mark": page.restriction_mark,
            "act_number": page.act_number,
            "act_date": page.act_date,
            "act_reason": page.act_reason,
            "review_on": page.review_on or "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "form_fields": inline_formset(fields, initial=len([f for f in fields if f["id"]])),
            "comments": inline_formset([]),
        }
    )
    return {**data, **changes}


def typed_nothing(response):
    """Return what the browser would send if nothing was typed into the editor that was shown."""
    page = html.fromstring(response.content.decode())
    (form,) = page.xpath("//form[@id='page-edit-form']")
    empty = dict.fromkeys(form.xpath(".//input[@type='hidden' or @type='text']/@name"), "")
    # The lists of blocks are drawn by a script.
    lists = ("checks", "form_fields-0-columns", "form_fields-0-items", "form_fields-0-thresholds")
    columns = nested_form_data({name: streamfield([]) for name in lists})
    return {**empty, **columns, **dict(form.form_values())}


def messages_of(response):
    return " ".join(str(message) for message in response.context["messages"])
