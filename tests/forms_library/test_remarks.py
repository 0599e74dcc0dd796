"""An approver returns a draft with remarks on its questions, and the author sees them there until they are dealt with."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from forms_library import permissions
from forms_library.actions import remarks
from forms_library.models import Remark
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db
TEXT = "Пишите: имя ребёнка по свидетельству"


@pytest.fixture
def form(lib):
    form = drafting.draft(lib)
    drafting.send(form, by=lib.methodologist)
    return form


def page_of_remarks(form):
    return reverse("forms_library_remarks", args=[form.pk])


def editor(form):
    return reverse("wagtailadmin_pages:edit", args=[form.pk])


@pytest.fixture
def returned(lib, form):
    drafting.signed_in(lib.approver).post(page_of_remarks(form), {"on_name": TEXT, "whole_form": "Почти готово"})
    return form


class TestReturning:
    def test_ends_the_review_and_keeps_what_was_said_of_each_question(self, lib, returned):
        assert drafting.fresh(returned).current_workflow_task_state is None or (
            drafting.fresh(returned).current_workflow_state.status == "needs_changes"
        )
        assert TaskState.objects.get().status == TaskState.STATUS_REJECTED
        on_name = Remark.objects.get(question_key="name")
        assert (on_name.text, on_name.question_label, on_name.made_by) == (TEXT, "Имя", lib.approver)
        assert Remark.objects.get(question_key="").text == "Почти готово"

    def test_without_a_word_is_refused_in_words(self, lib, form):
        response = drafting.signed_in(lib.approver).post(page_of_remarks(form), {"on_name": " "})
        assert response.context["form"].has_error("__all__", "no_remark")
        assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS

    def test_is_offered_to_approvers_only(self, lib, form):
        assert drafting.signed_in(lib.methodologist).get(page_of_remarks(form)).context["form"] is None
        drafting.signed_in(lib.methodologist).post(page_of_remarks(form), {"on_name": TEXT})
        assert not Remark.objects.exists()
        assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS

    def test_twice_is_refused_the_second_time(self, lib, returned):
        response = drafting.signed_in(lib.approver).post(page_of_remarks(returned), {"on_name": "Ещё"}, follow=True)
        assert [message.level_tag for message in response.context["messages"]] == ["error"]
        assert Remark.objects.count() == 2

    def test_is_not_for_strangers(self, lib, form):
        for stranger in (drafting.user(), drafting.user(permissions.EDITORS, is_active=False)):
            response = drafting.signed_in(stranger).get(page_of_remarks(form))
            assert response.status_code in {302, 403}


class TestTheAuthor:
    def test_sees_each_remark_beside_its_question(self, lib, returned):
        page = drafting.signed_in(lib.methodologist).get(editor(returned)).content.decode()
        assert page.count(TEXT) == 1
        assert "Почти готово" in page

    def test_sees_it_in_the_next_draft_too(self, lib, returned):
        drafting.rename(returned, "Новое название", by=lib.methodologist)
        assert TEXT in drafting.signed_in(lib.methodologist).get(editor(returned)).content.decode()

    def test_sees_it_no_more_once_it_is_dealt_with(self, lib, returned):
        remark = Remark.objects.get(question_key="name")
        url = reverse("forms_library_resolve_remark", args=[returned.pk, remark.pk])
        assert drafting.signed_in(lib.methodologist).get(url).status_code == 405
        drafting.signed_in(lib.methodologist).post(url)
        remark.refresh_from_db()
        assert remark.resolved_by == lib.methodologist
        assert TEXT not in drafting.signed_in(lib.methodologist).get(editor(returned)).content.decode()

    def test_keeps_the_first_answer_when_the_button_is_pressed_twice(self, lib, returned):
        remark = Remark.objects.get(question_key="name")
        first = remarks.resolve(remark=remark, actor=lib.methodologist, at=timezone.now())
        again = remarks.resolve(remark=remark, actor=lib.approver, at=timezone.now())
        assert (again.resolved_by, again.resolved_at) == (lib.methodologist, first.resolved_at)

    def test_cannot_deal_with_a_remark_on_another_form(self, lib, returned):
        other = drafting.draft(lib)
        url = reverse("forms_library_resolve_remark", args=[other.pk, Remark.objects.first().pk])
        assert drafting.signed_in(lib.methodologist).post(url).status_code == 404


class TestApproval:
    def test_settles_what_was_still_open(self, lib, returned):
        drafting.rename(returned, "Новое название", by=lib.methodologist)
        review = drafting.fresh(returned).current_workflow_state
        review.resume(user=lib.methodologist)
        drafting.approve(returned, by=lib.approver)
        assert not Remark.objects.open().exists()
        assert set(Remark.objects.values_list("resolved_by", flat=True)) == {lib.approver.pk}


class TestARemark:
    """What an approver said stays said: the database itself refuses to change or delete it."""

    def refused(self, change):
        with pytest.raises(IntegrityError, match="immutable: forms_library_remark"), transaction.atomic():
            change() if callable(change) else run(change)
        return True

    @pytest.mark.parametrize(
        "column",
        [field.column for field in Remark._meta.concrete_fields if not field.name.startswith("resolved_")],
    )
    def test_is_not_changed(self, returned, column):
        assert self.refused(f'UPDATE forms_library_remark SET "{column}" = "{column}"')

    def test_is_not_deleted(self, returned):
        assert self.refused("DELETE FROM forms_library_remark")
        assert self.refused(Remark.objects.all().delete)

    def test_is_dealt_with_once(self, lib, returned):
        remark = Remark.objects.first()
        remarks.resolve(remark=remark, actor=lib.methodologist, at=timezone.now())
        rows = Remark.objects.filter(pk=remark.pk)
        assert self.refused(lambda: rows.update(resolved_by=lib.approver))
        assert self.refused(lambda: rows.update(resolved_by=None, resolved_at=None))
        assert rows.get().resolved_by == lib.methodologist

    def test_keeps_its_draft_and_whoever_deletes_that_is_told_so_in_words(self, lib, returned):
        superuser = drafting.user(is_superuser=True)
        path = reverse("wagtailadmin_pages:delete", args=[returned.pk])
        answer = drafting.signed_in(superuser).post(path)
        assert (answer.status_code, answer.url) == (302, path)
        assert Remark.objects.count() == 2


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


class TestThePageOfRemarks:
    def test_takes_the_same_number_of_queries_for_any_number_of_remarks(
        self, lib, returned, django_assert_max_num_queries, django_assert_num_queries
    ):
        client = drafting.signed_in(lib.methodologist)
        client.get(page_of_remarks(returned))
        with django_assert_max_num_queries(40) as few:
            client.get(page_of_remarks(returned))
        first = Remark.objects.first()
        Remark.objects.bulk_create(
            Remark(
                official_form=first.official_form,
                task_state=first.task_state,
                text="Ещё",
                made_by=lib.approver,
                made_at=first.made_at,
            )
            for _number in range(20)
        )
        with django_assert_num_queries(len(few)):
            client.get(page_of_remarks(returned))
