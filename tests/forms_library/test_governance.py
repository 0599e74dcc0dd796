"""draft → review → approved by a second person → an edition in force, and nothing else."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from wagtail.models import Page, TaskState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from forms_library import permissions
from forms_library.actions import editions
from forms_library.models import Edition, EditionEnd, FormField, OfficialForm
from forms_library.models.approvals import NotApproved, NotReady, authors_of
from forms_library.models.form_fields import field_key
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db
TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def lib():
    return drafting.library()


@pytest.fixture
def form(lib):
    return drafting.draft(lib)


def admin_client(user):
    client = Client()
    client.force_login(user)
    return client


def actions_for(form, user):
    page = drafting.fresh(form)
    return [name for name, _label, _modal in page.current_workflow_task.get_actions(page, user)]


class TestApproval:
    def test_by_a_second_person_puts_the_first_edition_in_force(self, lib, form):
        edition = drafting.put_in_force(lib, form)
        assert edition.number == 1
        assert edition.approved_by == lib.approver
        assert edition.drafted_by == lib.methodologist
        assert edition.is_in_force(at=timezone.now())
        assert drafting.fresh(form).live

    def test_freezes_the_questions_and_the_template(self, lib, form):
        edition = drafting.put_in_force(lib, form)
        assert [question.key for question in edition.schema] == ["name"]
        assert bytes(edition.docx_template) == form.template_bytes()
        assert edition.digest == form.fingerprint()
        assert edition.issuing_agency_name == lib.agency.name

    def test_publishes_exactly_what_was_reviewed(self, lib, form):
        task_state = drafting.send(form, by=lib.methodologist)
        drafting.approve(form, by=lib.approver)
        assert drafting.fresh(form).live_revision_id == task_state.revision_id

    def test_is_not_offered_to_the_author(self, lib):
        author = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=author)
        drafting.send(form, by=lib.methodologist)
        assert actions_for(form, author) == ["reject"]
        assert "approve" in actions_for(form, lib.approver)

    def test_is_refused_to_the_author(self, lib):
        author = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=author)
        drafting.send(form, by=lib.methodologist)
        with pytest.raises(NotApproved):
            drafting.approve(form, by=author)

    def test_is_refused_to_whoever_sent_the_draft(self, lib, form):
        drafting.send(form, by=lib.approver)
        assert actions_for(form, lib.approver) == ["reject"]
        with pytest.raises(NotApproved):
            drafting.approve(form, by=lib.approver)

    def test_is_refused_to_whoever_wrote_an_earlier_draft_of_the_same_wording(self, lib):
        early = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=early)
        drafting.rename(form, "Новое имя", by=lib.methodologist)
        drafting.send(form, by=lib.methodologist)
        with pytest.raises(NotApproved):
            drafting.approve(form, by=early)

    def test_is_open_to_the_author_of_a_wording_that_was_approved_since(self, lib):
        early = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=early)
        drafting.put_in_force(lib, form)
        drafting.rename(form, "Новое имя", by=lib.methodologist)
        drafting.send(form, by=lib.methodologist)
        drafting.approve(form, by=early)
        assert Edition.objects.filter(official_form=form.pk).count() == 2

    def test_is_refused_to_somebody_outside_the_group(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        stranger = drafting.user()
        assert actions_for(form, stranger) == []
        with pytest.raises(PermissionDenied):
            drafting.approve(form, by=stranger)

    def test_is_refused_to_a_superuser_for_their_own_draft(self, lib):
        superuser = drafting.user(is_superuser=True)
        form = drafting.draft(lib, by=superuser)
        drafting.send(form, by=superuser)
        with pytest.raises(NotApproved):
            drafting.approve(form, by=superuser)

    def test_waits_until_the_draft_can_become_an_edition(self, lib):
        form = drafting.draft(lib, docx_template=drafting.template_document("{{ name }} {{ surname }}"))
        drafting.send(form, by=lib.methodologist)
        assert actions_for(form, lib.approver) == ["reject"]
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_waits_for_a_template(self, lib):
        form = drafting.draft(lib, docx_template=None)
        drafting.send(form, by=lib.methodologist)
        assert actions_for(form, lib.approver) == ["reject"]

    def test_waits_until_two_drafts_stop_claiming_one_code(self, lib, form):
        other = drafting.draft(lib)
        page = other.get_latest_revision_as_object()
        page.code = form.code
        page.save_revision(user=lib.methodologist, clean=False)
        drafting.send(other, by=lib.methodologist)
        assert actions_for(other, lib.approver) == ["reject"]

    def test_is_refused_when_the_template_file_was_swapped_during_the_review(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        with form.docx_template.file.storage.open(form.docx_template.file.name, "wb") as file:
            file.write(drafting.word_template("{{ name }}", "Ещё одна строка"))
        assert actions_for(form, lib.approver) == ["reject"]
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_is_refused_when_the_wording_changed_during_the_review(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        drafting.rename(form, "Другое", by=drafting.user())
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_survives_a_comment_of_the_reviewer(self, lib, form):
        task_state = drafting.send(form, by=lib.methodologist)
        drafting.fresh(form).get_latest_revision_as_object().save_revision(user=lib.approver)
        drafting.approve(form, by=lib.approver)
        assert drafting.fresh(form).live_revision_id == task_state.revision_id


class TestNextDraft:
    def test_does_not_disturb_the_edition_in_force(self, lib, form):
        first = drafting.put_in_force(lib, form)
        drafting.rename(form, "Следующая редакция", by=lib.methodologist)
        drafting.send(form, by=lib.methodologist)
        assert list(Edition.objects.in_force(at=timezone.now())) == [first]
        assert drafting.fresh(form).title == first.title

    def test_ends_the_edition_before_it_at_the_moment_it_comes_into_force(self, lib, form):
        first = drafting.put_in_force(lib, form)
        drafting.rename(form, "Следующая редакция", by=lib.methodologist)
        second = drafting.put_in_force(lib, form)
        first.refresh_from_db()
        assert second.number == 2
        assert first.end.reason == EditionEnd.Reason.SUPERSEDED
        assert first.in_force_to == second.in_force_from
        assert list(Edition.objects.in_force(at=timezone.now())) == [second]

    def test_with_the_same_wording_makes_no_edition(self, lib, form):
        first = drafting.put_in_force(lib, form)
        form.get_latest_revision_as_object().save_revision(user=lib.methodologist)
        assert drafting.put_in_force(lib, form) == first

    def test_may_not_change_the_code(self, lib, form):
        first = drafting.put_in_force(lib, form)
        page = form.get_latest_revision_as_object()
        page.code = "another"
        revision = page.save_revision(user=lib.methodologist)
        with pytest.raises(editions.CodeChanged):
            editions.put_in_force(
                official_form=form,
                revision=revision,
                approved_by=lib.approver,
                approved_at=timezone.now(),
                at=timezone.now(),
            )
        assert list(Edition.objects.all()) == [first]


class TestAct:
    """Four eyes with the act's number, date and reason on record."""

    @pytest.mark.parametrize(
        "missing", [{"act_number": ""}, {"act_date": None}, {"act_reason": ""}, {"act_reason": "  "}], ids=str
    )
    def test_is_needed_before_the_approval(self, lib, missing):
        form = drafting.draft(lib, **missing)
        drafting.send(form, by=lib.methodologist)
        assert actions_for(form, lib.approver) == ["reject"]
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_that_is_missing_is_told_in_the_editor(self, lib):
        form = drafting.draft(lib, act_number="")
        response = admin_client(lib.methodologist).get(reverse("wagtailadmin_pages:edit", args=[form.pk]))
        (problem,) = form.get_latest_revision_as_object().act_problems()
        assert problem in response.content.decode()

    def test_is_frozen_into_the_edition(self, lib, form):
        edition = drafting.put_in_force(lib, form)
        assert (edition.act_number, edition.act_date) == (form.act_number, form.act_date)
        assert edition.act_reason == form.act_reason

    def test_of_the_edition_in_force_does_not_do_for_another_wording(self, lib, form):
        drafting.put_in_force(lib, form)
        page = form.get_latest_revision_as_object()
        page.title = "Другое название"
        page.save_revision(user=lib.methodologist)
        drafting.send(form, by=lib.methodologist)
        assert len(drafting.fresh(form).get_latest_revision_as_object().act_problems()) == 1
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_does_for_the_same_wording(self, lib, form):
        drafting.put_in_force(lib, form)
        assert drafting.fresh(form).get_latest_revision_as_object().act_problems() == ()


class TestPublishingAlone:
    def test_is_refused_and_rolled_back(self, lib, form):
        with pytest.raises(NotApproved):
            form.get_latest_revision().publish()
        assert not drafting.fresh(form).live
        assert not Edition.objects.exists()

    def test_is_refused_when_it_is_only_scheduled(self, lib):
        form = drafting.draft(lib, go_live_at=timezone.now() + TOMORROW)
        with pytest.raises(NotApproved):
            form.get_latest_revision().publish()
        assert form.get_latest_revision().approved_go_live_at is None

    def test_is_refused_after_an_approval_of_another_draft(self, lib, form):
        drafting.put_in_force(lib, form)
        drafting.rename(form, "Тайная правка", by=lib.methodologist)
        with pytest.raises(NotApproved):
            drafting.fresh(form).get_latest_revision().publish()
        assert drafting.fresh(form).title != "Тайная правка"

    def test_is_offered_to_nobody(self, lib, form):
        superuser = drafting.user(is_superuser=True)
        assert not form.permissions_for_user(superuser).can_publish()
        assert not Page.objects.get(pk=form.pk).permissions_for_user(superuser).can_publish()
        assert not lib.catalogue.permissions_for_user(superuser).can_publish_subpage()

    def test_approval_of_a_form_that_somebody_marked_by_hand_does_not_count(self, lib, form):
        task_state = drafting.send(form, by=lib.methodologist)
        TaskState.objects.filter(pk=task_state.pk).update(status="approved", finished_by=lib.methodologist)
        with pytest.raises(NotApproved):
            form.get_latest_revision().publish()


class TestScheduling:
    def test_makes_the_edition_only_when_its_time_comes(self, lib):
        now = timezone.now()
        form = drafting.draft(lib, go_live_at=now + TOMORROW)
        drafting.send(form, by=lib.methodologist)
        drafting.approve(form, by=lib.approver)
        assert not Edition.objects.exists()
        call_command("publish_scheduled")
        assert not Edition.objects.exists()
        with time_machine.travel(now + 2 * TOMORROW, tick=False):
            call_command("publish_scheduled")
            edition = Edition.objects.get()
            assert edition.in_force_from == timezone.now()
        assert edition.approved_by == lib.approver
        assert drafting.fresh(form).live

    def test_of_a_change_leaves_the_edition_in_force_until_then(self, lib, form):
        now = timezone.now()
        first = drafting.put_in_force(lib, form)
        page = form.get_latest_revision_as_object()
        page.title, page.go_live_at, page.act_reason = "Со следующего дня", now + TOMORROW, "Новый порядок"
        page.save_revision(user=lib.methodologist)
        drafting.put_in_force(lib, form)
        assert list(Edition.objects.all()) == [first]
        with time_machine.travel(now + 2 * TOMORROW, tick=False):
            call_command("publish_scheduled")
            assert [edition.number for edition in Edition.objects.in_force(at=timezone.now())] == [2]

    def test_of_the_end_withdraws_the_edition(self, lib):
        now = timezone.now()
        form = drafting.draft(lib, expire_at=now + TOMORROW)
        edition = drafting.put_in_force(lib, form)
        with time_machine.travel(now + 2 * TOMORROW, tick=False):
            call_command("publish_scheduled")
        edition.refresh_from_db()
        assert edition.end.reason == EditionEnd.Reason.WITHDRAWN
        assert not drafting.fresh(form).live


class TestWithdrawing:
    def test_ends_the_edition_with_none_in_its_place(self, lib, form):
        drafting.put_in_force(lib, form)
        drafting.fresh(form).unpublish()
        assert EditionEnd.objects.get().reason == EditionEnd.Reason.WITHDRAWN
        assert not Edition.objects.in_force(at=timezone.now()).exists()

    def test_of_a_form_without_an_edition_in_force_says_nothing(self, lib, form):
        assert editions.withdraw(official_form=form, at=timezone.now()) is None

    def test_and_approving_the_same_wording_again_makes_a_new_edition(self, lib, form):
        first = drafting.put_in_force(lib, form)
        drafting.fresh(form).unpublish()
        form.get_latest_revision_as_object().save_revision(user=lib.methodologist)
        second = drafting.put_in_force(lib, form)
        assert (second.number, second.digest) == (2, first.digest)

    def test_is_for_approvers_only(self, lib, form):
        drafting.put_in_force(lib, form)
        page = drafting.fresh(form)
        assert page.permissions_for_user(lib.approver).can_unpublish()
        assert not page.permissions_for_user(lib.methodologist).can_unpublish()


class TestAuthors:
    def test_are_all_who_saved_a_draft_and_who_sent_it(self, lib, form):
        second, sender = drafting.user(), drafting.user()
        drafting.rename(form, "Второе имя", by=second)
        drafting.send(form, by=sender)
        latest = drafting.fresh(form).get_latest_revision()
        assert authors_of(latest) == {lib.methodologist.pk, second.pk, sender.pk}


class TestKeys:
    @pytest.mark.parametrize("label", ["…", "!!!", "— ?", "🙂"])
    def test_of_a_label_without_letters_are_not_empty(self, label):
        assert field_key(label)

    def test_never_start_with_a_digit(self):
        assert field_key("1. Фамилия")[0].isalpha()

    def test_of_the_longest_cyrillic_label_fit_the_database(self, lib, form):
        page = drafting.fresh(form).get_latest_revision_as_object()
        page.form_fields.add(FormField(label="Щ" * 500, field_type="singleline"))
        page.save_revision(user=lib.methodologist)
        page.save()
        assert 0 < len(FormField.objects.get(label="Щ" * 500).clean_name) <= 40

    def test_are_kept_when_the_label_changes(self, lib, form):
        form.save()
        field = FormField.objects.get(page=form)
        field.label = "Совсем другое"
        field.save()
        assert FormField.objects.get(page=form).clean_name == "name"


class TestAdmin:
    """Each way of publishing, copying or deleting in the admin ends in words, never in a failure."""

    def test_the_publish_button_of_a_superuser_only_saves(self, lib, form):
        superuser = drafting.user(is_superuser=True)
        client = admin_client(superuser)
        response = client.post(
            reverse("wagtailadmin_pages:edit", args=[form.pk]),
            editor_data(form, **{"action-publish": "1"}),
            follow=True,
        )
        assert response.status_code == 200
        assert not drafting.fresh(form).live

    def test_publishing_in_bulk_does_nothing(self, lib, form):
        client = admin_client(drafting.user(is_superuser=True))
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        assert client.get(url, {"id": form.pk}).status_code == 200
        then = reverse("wagtailadmin_explore", args=[lib.catalogue.pk])
        assert client.post(f"{url}?id={form.pk}&next={then}", follow=True).status_code == 200
        response = client.post(f"{url}?id={lib.catalogue.pk}&next={then}", {"include_descendants": "on"}, follow=True)
        assert response.status_code == 200
        assert not drafting.fresh(form).live

    def test_the_approver_approves_from_the_editor(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        client = admin_client(lib.approver)
        url = reverse("wagtailadmin_pages:edit", args=[form.pk])
        data = typed_nothing(client.get(url))
        response = client.post(url, {**data, "action-workflow-action": "true", "workflow-action-name": "approve"})
        assert response.status_code == 302
        assert drafting.fresh(form).live
        assert Edition.objects.get().approved_by == lib.approver

    def test_the_approver_approves_from_the_dashboard(self, lib, form):
        task_state = drafting.send(form, by=lib.methodologist)
        client = admin_client(lib.approver)
        url = reverse("wagtailadmin_pages:workflow_action", args=[form.pk, "approve", task_state.pk])
        client.post(url)
        assert Edition.objects.get().approved_by == lib.approver

    def test_the_author_cannot_approve_by_address(self, lib):
        author = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=author)
        task_state = drafting.send(form, by=lib.methodologist)
        url = reverse("wagtailadmin_pages:workflow_action", args=[form.pk, "approve", task_state.pk])
        assert admin_client(author).post(url, follow=True).status_code == 200
        assert not drafting.fresh(form).live

    def test_a_reviewer_cannot_change_the_draft_while_approving_it(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        client = admin_client(lib.approver)
        data = editor_data(
            form, title="Подменено", **{"action-workflow-action": "true", "workflow-action-name": "approve"}
        )
        response = client.post(reverse("wagtailadmin_pages:edit", args=[form.pk]), data)
        assert response.status_code == 200
        assert response.context["form"].has_error("__all__", "under_review")
        assert not drafting.fresh(form).live

    def test_deleting_a_form_with_editions_says_why_not(self, lib, form):
        drafting.put_in_force(lib, form)
        client = admin_client(drafting.user(is_superuser=True))
        for page in (form, lib.catalogue, lib.home):
            response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
            assert response.status_code == 200
            assert form.title in messages_of(response)
        assert OfficialForm.objects.filter(pk=form.pk).exists()

    def test_deleting_in_bulk_says_why_not(self, lib, form):
        drafting.put_in_force(lib, form)
        client = admin_client(drafting.user(is_superuser=True))
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        response = client.post(f"{url}?id={form.pk}", follow=True)
        assert response.status_code == 200
        assert form.title in messages_of(response)
        assert OfficialForm.objects.filter(pk=form.pk).exists()

    def test_a_draft_that_was_never_in_force_can_be_deleted(self, lib, form):
        client = admin_client(lib.methodologist)
        client.post(reverse("wagtailadmin_pages:delete", args=[form.pk]))
        assert not OfficialForm.objects.filter(pk=form.pk).exists()

    def test_a_copy_has_no_editions_and_another_code(self, lib, form):
        drafting.put_in_force(lib, form)
        client = admin_client(drafting.user(is_superuser=True))
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
        client = admin_client(drafting.user(is_superuser=True))
        response = client.post(
            reverse("wagtailadmin_pages:copy", args=[form.pk]),
            {"new_title": "Копия", "new_slug": "copy", "new_parent_page": lib.catalogue.pk, way: "on"},
        )
        assert response.status_code == 200
        assert not OfficialForm.objects.filter(slug="copy").exists()

    def test_a_section_with_the_catalogue_cannot_be_copied_whole(self, lib, form):
        client = admin_client(drafting.user(is_superuser=True))
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
        client = admin_client(drafting.user(is_superuser=True))
        url = reverse("wagtailadmin_pages:revisions_revert", args=[form.pk, first.pk])
        assert client.get(url).status_code == 200
        data = editor_data(form, revision=first, **{"action-publish": "1"})
        client.post(reverse("wagtailadmin_pages:edit", args=[form.pk]), {**data, "revision": first.pk})
        assert Edition.objects.in_force(at=timezone.now()).get().number == 2

    def test_unpublishing_by_an_approver_withdraws(self, lib, form):
        drafting.put_in_force(lib, form)
        admin_client(lib.approver).post(reverse("wagtailadmin_pages:unpublish", args=[form.pk]))
        assert EditionEnd.objects.get().reason == EditionEnd.Reason.WITHDRAWN

    def test_moving_is_refused(self, lib, form):
        client = admin_client(drafting.user(is_superuser=True))
        url = reverse("wagtailadmin_pages:move_confirm", args=[form.pk, lib.home.pk])
        assert client.post(url, follow=True).status_code == 200
        assert drafting.fresh(form).get_parent().pk == lib.catalogue.pk

    def test_submissions_are_nowhere(self, lib, form):
        client = admin_client(drafting.user(is_superuser=True))
        assert client.get(reverse("wagtailforms:index")).context["page_obj"].object_list.count() == 0
        response = client.get(reverse("wagtailforms:list_submissions", args=[form.pk]), follow=True)
        assert response.status_code in {200, 404}
        assert "data_rows" not in (response.context or {})

    @pytest.mark.parametrize("group", [permissions.METHODOLOGISTS, permissions.APPROVERS, permissions.EDITORS])
    def test_every_group_opens_the_admin_and_the_catalogue(self, lib, group):
        client = admin_client(drafting.user(group))
        home = client.get(reverse("wagtailadmin_home"))
        assert home.status_code == 200
        assert "guide.wagtail.org" not in home.content.decode()
        assert client.get(reverse("wagtailadmin_explore", args=[lib.catalogue.pk])).status_code == 200

    def test_a_methodologist_drafts_and_previews(self, lib, form):
        client = admin_client(lib.methodologist)
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
        client = admin_client(lib.methodologist)
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
        response = admin_client(lib.methodologist).post(reverse("wagtailadmin_pages:edit", args=[form.pk]), data)
        assert field in response.context["form"].formsets["form_fields"].forms[0].errors

    def test_a_mistake_in_a_check_is_said_at_the_checks(self, lib, form):
        checks = streamfield([("check", {"condition": "removed = да", "message": "Исправьте", "key": ""})])
        data = editor_data(form, **nested_form_data({"checks": checks}))
        response = admin_client(lib.methodologist).post(reverse("wagtailadmin_pages:edit", args=[form.pk]), data)
        assert response.context["form"].has_error("checks", "check_unknown")

    def test_a_date_may_name_another_date_of_the_form(self, lib, form):
        page = form.get_latest_revision_as_object()
        page.form_fields.add(FormField(label="с", clean_name="first", field_type="date"))
        page.form_fields.add(FormField(label="до", clean_name="last", field_type="date", not_before="first"))
        page.save_revision(user=lib.methodologist)
        response = admin_client(lib.methodologist).post(
            reverse("wagtailadmin_pages:edit", args=[form.pk]), editor_data(form)
        )
        assert response.status_code == 302
        assert drafting.fresh(form).get_latest_revision_as_object().schema()["last"].not_before == "first"

    def test_another_code_is_refused_once_there_is_an_edition(self, lib, form):
        drafting.put_in_force(lib, form)
        response = admin_client(lib.methodologist).post(
            reverse("wagtailadmin_pages:edit", args=[form.pk]), editor_data(form, code="another")
        )
        assert response.context["form"].has_error("code", "code_is_fixed")

    def test_the_working_calendar_is_kept_by_methodologists(self, lib):
        client = admin_client(lib.methodologist)
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


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_make_one_edition(self):
        lib = drafting.library()
        form = drafting.draft(lib)
        approvers = [lib.approver, drafting.user(permissions.APPROVERS)]
        drafting.send(form, by=lib.methodologist)
        barrier = threading.Barrier(2)
        refused = []

        def approve(person):
            try:
                barrier.wait()
                drafting.approve(form, by=person)
            except Exception as error:
                refused.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=approve, args=[person]) for person in approvers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Edition.objects.count() == 1
        assert [type(error) for error in refused] == [PermissionDenied]
