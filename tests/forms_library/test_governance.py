"""draft → review → approved by a second person → an edition in force, and nothing else."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState

from forms_library import permissions
from forms_library.actions import editions
from forms_library.models import Edition, EditionEnd, FormField
from forms_library.models.approvals import NotApproved, NotReady, authors_of
from forms_library.models.form_fields import field_key
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db
TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def form(lib):
    return drafting.draft(lib)


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
        assert drafting.actions_for(form, author) == ["reject"]
        assert "approve" in drafting.actions_for(form, lib.approver)

    def test_is_refused_to_the_author(self, lib):
        author = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        form = drafting.draft(lib, by=author)
        drafting.send(form, by=lib.methodologist)
        with pytest.raises(NotApproved):
            drafting.approve(form, by=author)

    def test_is_refused_to_whoever_sent_the_draft(self, lib, form):
        drafting.send(form, by=lib.approver)
        assert drafting.actions_for(form, lib.approver) == ["reject"]
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
        assert drafting.actions_for(form, stranger) == []
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
        assert drafting.actions_for(form, lib.approver) == ["reject"]
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_waits_for_a_template(self, lib):
        form = drafting.draft(lib, docx_template=None)
        drafting.send(form, by=lib.methodologist)
        assert drafting.actions_for(form, lib.approver) == ["reject"]

    def test_waits_until_two_drafts_stop_claiming_one_code(self, lib, form):
        other = drafting.draft(lib)
        page = other.get_latest_revision_as_object()
        page.code = form.code
        page.save_revision(user=lib.methodologist, clean=False)
        drafting.send(other, by=lib.methodologist)
        assert drafting.actions_for(other, lib.approver) == ["reject"]

    def test_is_refused_when_the_template_file_was_swapped_during_the_review(self, lib, form):
        drafting.send(form, by=lib.methodologist)
        with form.docx_template.file.storage.open(form.docx_template.file.name, "wb") as file:
            file.write(drafting.word_template("{{ name }}", "Ещё одна строка"))
        assert drafting.actions_for(form, lib.approver) == ["reject"]
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
                page=form,
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
        assert drafting.actions_for(form, lib.approver) == ["reject"]
        with pytest.raises(NotReady):
            drafting.approve(form, by=lib.approver)

    def test_that_is_missing_is_told_in_the_editor(self, lib):
        form = drafting.draft(lib, act_number="")
        response = drafting.signed_in(lib.methodologist).get(reverse("wagtailadmin_pages:edit", args=[form.pk]))
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
        assert editions.withdraw(page=form, at=timezone.now()) is None

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
