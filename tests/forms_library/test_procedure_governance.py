"""A procedure: draft → review → approved by a second person → an edition in force, and nothing else."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from forms_library import daily_digest, impact, permissions, procedure_impact
from forms_library.actions import editions
from forms_library.models import ProcedureEdition, ProcedureEditionEnd, ProcedurePage
from forms_library.models.approvals import NotApproved, NotReady
from forms_library.procedures.definition import Ground
from portal.models import TextPage
from tests.forms_library import drafting, procedure_drafting as drafts

pytestmark = pytest.mark.django_db
TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def drafted(lib):
    return drafts.draft(lib)


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def problems_of(page):
    return drafts.fresh(page).get_latest_revision_as_object().draft_problems()


class TestApproval:
    def test_by_a_second_person_puts_the_first_edition_in_force(self, lib, drafted):
        edition = drafts.put_in_force(lib, drafted)
        assert edition.number == 1
        assert (edition.drafted_by, edition.approved_by) == (lib.methodologist, lib.approver)
        assert edition.is_in_force(at=timezone.now())
        assert edition.procedure == drafts.small()
        assert edition.digest == drafted.fingerprint()
        assert (edition.act_number, edition.act_reason) == (drafted.act_number, drafted.act_reason)
        assert drafts.fresh(drafted).live

    def test_is_neither_offered_nor_given_to_the_author(self, lib):
        author = drafting.user(permissions.METHODOLOGISTS, permissions.APPROVERS)
        page = drafts.draft(lib, by=author)
        drafts.send(page, by=lib.methodologist)
        assert drafts.actions_for(page, author) == ["reject"]
        assert "approve" in drafts.actions_for(page, lib.approver)
        with pytest.raises(NotApproved):
            drafts.approve(page, by=author)

    def test_is_refused_to_a_superuser_for_their_own_draft(self, lib):
        superuser = drafting.user(is_superuser=True)
        page = drafts.draft(lib, by=superuser)
        drafts.send(page, by=superuser)
        with pytest.raises(NotApproved):
            drafts.approve(page, by=superuser)

    @pytest.mark.parametrize("group", [permissions.METHODOLOGISTS, permissions.EDITORS])
    def test_is_refused_outside_the_group_of_approvers(self, lib, drafted, group):
        drafts.send(drafted, by=lib.methodologist)
        with pytest.raises(PermissionDenied):
            drafts.approve(drafted, by=drafting.user(group))

    def test_waits_until_the_procedure_can_run(self, lib):
        page = drafts.draft(lib, procedure=drafts.full())
        drafts.send(page, by=lib.methodologist)
        assert drafts.actions_for(page, lib.approver) == ["reject"]
        with pytest.raises(NotReady):
            drafts.approve(page, by=lib.approver)

    def test_waits_for_the_act(self, lib):
        page = drafts.draft(lib, act_number="")
        drafts.send(page, by=lib.methodologist)
        assert drafts.actions_for(page, lib.approver) == ["reject"]

    def test_is_refused_when_the_wording_changed_during_the_review(self, lib, drafted):
        drafts.send(drafted, by=lib.methodologist)
        drafts.change(drafted, by=drafting.user(), procedure=drafts.small(days=30))
        with pytest.raises(NotReady):
            drafts.approve(drafted, by=lib.approver)


class TestDraftProblems:
    def test_of_a_complete_draft_are_none(self, drafted):
        assert problems_of(drafted) == ()

    def test_name_a_form_that_is_not_in_force(self, lib):
        form = drafting.draft(lib)
        page = drafts.draft(lib, procedure=drafts.small(form=form.code))
        (problem,) = problems_of(page)
        assert form.code in problem
        drafting.put_in_force(lib, form)
        assert problems_of(page) == ()

    def test_name_the_act_of_another_wording(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        latest = drafted.get_latest_revision_as_object()
        latest.from_procedure(drafts.small(days=5))
        latest.save_revision(user=lib.methodologist)
        assert len(problems_of(drafted)) == 1

    def test_name_a_code_that_another_draft_has(self, lib, drafted):
        other = drafts.draft(lib)
        latest = other.get_latest_revision_as_object()
        latest.code = drafted.code
        latest.save_revision(user=lib.methodologist, clean=False)
        assert problems_of(other)

    def test_name_a_code_that_changed_after_it_was_in_force(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        drafts.change(drafted, by=lib.methodologist, code="another")
        assert problems_of(drafted)


class TestNextEdition:
    def test_ends_the_one_before_it_at_the_same_moment(self, lib, drafted):
        first = drafts.put_in_force(lib, drafted)
        drafts.change(drafted, by=lib.methodologist, procedure=drafts.small(days=5))
        second = drafts.put_in_force(lib, drafted)
        first = ProcedureEdition.objects.get(pk=first.pk)
        assert second.number == 2
        assert first.end.reason == ProcedureEditionEnd.Reason.SUPERSEDED
        assert first.in_force_to == second.in_force_from
        assert first.procedure == drafts.small()
        assert list(ProcedureEdition.objects.in_force(at=timezone.now())) == [second]

    def test_of_the_same_wording_is_none(self, lib, drafted):
        first = drafts.put_in_force(lib, drafted)
        drafted.get_latest_revision_as_object().save_revision(user=lib.methodologist)
        assert drafts.put_in_force(lib, drafted) == first

    def test_may_not_have_another_code(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        latest = drafted.get_latest_revision_as_object()
        latest.code = "another"
        revision = latest.save_revision(user=lib.methodologist)
        now = timezone.now()
        with pytest.raises(editions.CodeChanged):
            editions.put_in_force(page=drafted, revision=revision, approved_by=lib.approver, approved_at=now, at=now)
        assert ProcedureEdition.objects.count() == 1


class TestPublishingAlone:
    def test_is_refused_and_rolled_back(self, drafted):
        with pytest.raises(NotApproved):
            drafted.get_latest_revision().publish()
        assert not drafts.fresh(drafted).live
        assert not ProcedureEdition.objects.exists()

    def test_is_refused_when_it_is_only_scheduled(self, lib):
        page = drafts.draft(lib, go_live_at=timezone.now() + TOMORROW)
        with pytest.raises(NotApproved):
            page.get_latest_revision().publish()
        assert page.get_latest_revision().approved_go_live_at is None

    def test_is_offered_to_nobody(self, drafted):
        superuser = drafting.user(is_superuser=True)
        assert not drafted.permissions_for_user(superuser).can_publish()
        assert not Page.objects.get(pk=drafted.pk).permissions_for_user(superuser).can_publish()

    def test_by_address_only_saves_the_draft(self, lib, drafted):
        client = drafting.signed_in(drafting.user(is_superuser=True))
        client.post(edit_url(drafted), drafts.editor_data(drafted, **{"action-publish": "1"}))
        assert not drafts.fresh(drafted).live


class TestScheduling:
    def test_makes_the_edition_when_its_time_comes(self, lib):
        now = timezone.now().replace(microsecond=0)
        page = drafts.draft(lib, go_live_at=now + TOMORROW)
        drafts.send(page, by=lib.methodologist)
        drafts.approve(page, by=lib.approver)
        call_command("publish_scheduled")
        assert not ProcedureEdition.objects.exists()
        late = now + TOMORROW + dt.timedelta(minutes=1)
        with time_machine.travel(late, tick=False):
            call_command("publish_scheduled")
        edition = ProcedureEdition.objects.get()
        assert edition.in_force_from == now + TOMORROW
        assert edition.approved_by == lib.approver

    def test_lapses_when_the_wording_is_no_longer_the_approved_one(self, lib):
        now = timezone.now()
        page = drafts.draft(lib, go_live_at=now + TOMORROW)
        drafts.send(page, by=lib.methodologist)
        drafts.approve(page, by=lib.approver)
        # The name of the agency is part of the wording, and lives outside the draft.
        lib.agency.name = "Другое ведомство"
        lib.agency.save()
        with time_machine.travel(now + 2 * TOMORROW, tick=False):
            call_command("publish_scheduled")
        assert not ProcedureEdition.objects.exists()
        assert page.get_latest_revision().approved_go_live_at is None

    def test_of_the_end_withdraws_the_edition(self, lib):
        now = timezone.now()
        page = drafts.draft(lib, expire_at=now + TOMORROW)
        drafts.put_in_force(lib, page)
        with time_machine.travel(now + 2 * TOMORROW, tick=False):
            call_command("publish_scheduled")
        assert ProcedureEditionEnd.objects.get().reason == ProcedureEditionEnd.Reason.WITHDRAWN


class TestWithdrawing:
    def test_by_an_approver_ends_the_edition(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        drafting.signed_in(lib.approver).post(reverse("wagtailadmin_pages:unpublish", args=[drafted.pk]))
        assert ProcedureEditionEnd.objects.get().reason == ProcedureEditionEnd.Reason.WITHDRAWN
        assert not ProcedureEdition.objects.in_force(at=timezone.now()).exists()

    def test_is_for_approvers_only(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        assert not drafts.fresh(drafted).permissions_for_user(lib.methodologist).can_unpublish()

    def test_without_an_edition_in_force_says_nothing(self, drafted):
        assert editions.withdraw(page=drafted, at=timezone.now()) is None


def refused(change):
    with pytest.raises(IntegrityError, match="immutable: forms_library_procedure"), transaction.atomic():
        change()
    return True


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


class TestAnEdition:
    """The database itself refuses to change or delete it."""

    @pytest.fixture
    def edition(self, lib, drafted):
        return drafts.put_in_force(lib, drafted)

    @pytest.mark.parametrize("column", [field.column for field in ProcedureEdition._meta.concrete_fields])
    def test_is_not_changed_in_any_column(self, edition, column):
        assert refused(lambda: run(f'UPDATE forms_library_procedureedition SET "{column}" = "{column}"'))

    def test_is_not_deleted(self, edition):
        assert refused(edition.delete)

    @pytest.mark.parametrize("column", [field.column for field in ProcedureEditionEnd._meta.concrete_fields])
    def test_keeps_its_end(self, edition, column):
        end = editions.withdraw(page=edition.page, at=timezone.now())
        assert refused(lambda: run(f'UPDATE forms_library_procedureeditionend SET "{column}" = "{column}"'))
        assert refused(end.delete)


class TestAdmin:
    def test_deleting_what_was_in_force_says_why_not(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        client = drafting.signed_in(drafting.user(is_superuser=True))
        for each in (drafted, lib.catalogue):
            response = client.post(reverse("wagtailadmin_pages:delete", args=[each.pk]), follow=True)
            assert drafted.title in " ".join(str(message) for message in response.context["messages"])
        assert ProcedurePage.objects.filter(pk=drafted.pk).exists()

    def test_a_draft_that_was_never_in_force_can_be_deleted(self, lib, drafted):
        drafting.signed_in(lib.methodologist).post(reverse("wagtailadmin_pages:delete", args=[drafted.pk]))
        assert not ProcedurePage.objects.filter(pk=drafted.pk).exists()

    def test_a_copy_has_no_editions_and_another_code(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        drafting.signed_in(drafting.user(is_superuser=True)).post(
            reverse("wagtailadmin_pages:copy", args=[drafted.pk]),
            {"new_title": "Копия", "new_slug": "copy", "new_parent_page": lib.catalogue.pk},
        )
        copy = ProcedurePage.objects.get(slug="copy")
        assert copy.code != drafted.code
        assert not copy.live
        assert not copy.editions.exists()
        assert copy.procedure() == drafted.procedure()

    def test_a_methodologist_drafts_and_an_editor_of_the_portal_cannot(self, lib, drafted):
        add = reverse("wagtailadmin_pages:add", args=["forms_library", "procedurepage", lib.catalogue.pk])
        client = drafting.signed_in(lib.methodologist)
        assert client.get(add).status_code == 200
        assert client.get(edit_url(drafted)).status_code == 200
        assert drafting.signed_in(lib.approver).get(add).status_code == 302
        site_editor = drafting.signed_in(drafting.user(permissions.EDITORS))
        for url in (add, edit_url(drafted)):
            assert site_editor.get(url).status_code == 302

    def test_methodologists_draft_and_approvers_find_the_catalogue(self, lib):
        rights = GroupPagePermission.objects.filter(page=lib.catalogue.pk)
        found = {(right.group.name, right.permission.codename) for right in rights}
        assert found == {
            (permissions.METHODOLOGISTS, "add_page"),
            (permissions.METHODOLOGISTS, "change_page"),
            (permissions.APPROVERS, "unlock_page"),
        }

    def test_the_editor_saves_what_it_shows(self, lib):
        page = drafts.draft(lib, procedure=drafts.full())
        response = drafting.signed_in(lib.methodologist).post(edit_url(page), drafts.editor_data(page))
        assert response.status_code == 302
        assert drafts.fresh(page).get_latest_revision_as_object().procedure() == drafts.full()

    def test_the_editor_lists_the_events_and_the_problems(self, lib):
        page = drafts.draft(lib, procedure=drafts.full())
        response = drafting.signed_in(lib.methodologist).get(edit_url(page))
        text = response.content.decode()
        assert "<code>first.yes</code>" in text
        assert "<code>level.high</code>" in text
        assert "readiness-problems" in text

    def test_a_preview_shows_the_draft(self, lib, drafted):
        client = drafting.signed_in(lib.methodologist)
        url = reverse("wagtailadmin_pages:preview_on_edit", args=[drafted.pk])
        assert client.post(url, drafts.editor_data(drafted, title="Название из черновика")).json()["is_valid"]
        assert "Название из черновика" in client.get(url).content.decode()

    def test_another_code_is_refused_once_there_is_an_edition(self, lib, drafted):
        drafts.put_in_force(lib, drafted)
        response = drafting.signed_in(lib.methodologist).post(
            edit_url(drafted), drafts.editor_data(drafted, code="another")
        )
        assert response.context["form"].has_error("code", "code_is_fixed")

    def test_a_reviewer_approves_and_cannot_change_anything_while_doing_so(self, lib, drafted):
        drafts.send(drafted, by=lib.methodologist)
        client = drafting.signed_in(lib.approver)
        approving = {"action-workflow-action": "true", "workflow-action-name": "approve"}
        changed = {"stages-0-value-steps-0-value-due-number": "30"}
        response = client.post(edit_url(drafted), drafts.editor_data(drafted, **approving, **changed))
        assert response.context["form"].has_error("__all__", "under_review")
        assert not drafts.fresh(drafted).live
        assert client.post(edit_url(drafted), drafts.editor_data(drafted, **approving)).status_code == 302
        assert ProcedureEdition.objects.get().approved_by == lib.approver

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("due-number", "три"),
            ("due-number", "0"),
            ("due-number", "-1"),
            ("due-number", "999999999999"),
            ("due-number", ""),
            ("due-unit", ""),
            ("due-unit", "now"),
            ("due-unit", "years"),
            ("due-since", "два события"),
            ("due-warn_days", "-1"),
            ("due-warn_days", "367"),
            ("due-warn_days", "две недели"),
            ("code", "Код по-русски"),
            ("code", "x" * 61),
            ("after", "когда-нибудь"),
            ("decided_by", "plan"),
            ("done_by", "magic"),
            ("role", "the head"),
        ],
    )
    @pytest.mark.parametrize("action", ["", "action-submit"])
    def test_a_wrong_value_in_a_step_is_refused_at_its_field(self, lib, drafted, field, value, action):
        data = drafts.editor_data(
            drafted, **{f"stages-0-value-steps-0-value-{field}": value}, **({action: "1"} if action else {})
        )
        response = drafting.signed_in(lib.methodologist).post(edit_url(drafted), data)
        assert response.status_code == 200
        (error,) = response.context["form"].errors.as_data()["stages"]
        step = error.block_errors[0].block_errors["steps"].block_errors[0].block_errors
        assert set(step) == {field.partition("-")[0]}
        assert drafted.revisions.count() == 1

    def test_a_warning_without_a_term_is_refused_at_its_field(self, lib, drafted):
        due = "stages-0-value-steps-0-value-due"
        nothing = {f"{due}-{name}": "" for name in ("number", "unit", "clause")}
        data = drafts.editor_data(drafted, **nothing, **{f"{due}-warn_days": "14"})
        response = drafting.signed_in(lib.methodologist).post(edit_url(drafted), data)
        (error,) = response.context["form"].errors.as_data()["stages"]
        step = error.block_errors[0].block_errors["steps"].block_errors[0].block_errors
        assert set(step["due"].block_errors) == {"unit"}

    def test_a_draft_may_be_saved_half_empty_and_stays_readable(self, lib):
        page = drafts.draft(lib, procedure=drafts.full())
        full = drafts.editor_data(page)
        kept = {name for name in full if name.endswith(("-count", "-type", "-order", "-deleted"))} | {
            "title",
            "slug",
            "code",
        }
        client = drafting.signed_in(lib.methodologist)
        full = {
            name: value for name, value in full.items() if "agency_kinds" not in name and "council_kinds" not in name
        }  # unticked boxes are not sent
        empty = {name: value if name in kept or "comments" in name else "" for name, value in full.items()}
        response = client.post(edit_url(page), empty)
        assert response.status_code == 302, response.context["form"].errors.as_data()
        latest = drafts.fresh(page).get_latest_revision_as_object()
        assert len(latest.procedure().steps) == len(drafts.full().steps)
        assert latest.draft_problems()
        assert client.get(edit_url(page)).status_code == 200
        preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
        assert client.post(preview, empty).json()["is_valid"]
        assert client.get(preview).status_code == 200
        drafts.send(page, by=lib.methodologist)
        assert drafts.actions_for(page, lib.approver) == ["reject"]

    def test_a_condition_that_looks_at_nothing_is_refused_at_its_field(self, lib):
        page = drafts.draft(lib, procedure=drafts.full())
        guard = "grounds-0-value-guards-0-value"
        data = drafts.editor_data(page, **{f"{guard}-event": "", "action-submit": "1"})
        response = drafting.signed_in(lib.methodologist).post(edit_url(page), data)
        (error,) = response.context["form"].errors.as_data()["grounds"]
        assert set(error.block_errors[0].block_errors["guards"].block_errors[0].block_errors) == {"event"}


class TestDigest:
    def test_names_a_procedure_whose_day_of_review_has_come(self, lib):
        today = timezone.localdate()
        drafts.put_in_force(lib, drafts.draft(lib, review_on=today, title="Пора пересмотреть"))
        drafts.put_in_force(lib, drafts.draft(lib, review_on=today + TOMORROW, title="Ещё рано"))
        titles = [finding.title for finding in daily_digest.findings(at=timezone.now())]
        assert "Пора пересмотреть" in titles
        assert "Ещё рано" not in titles


class TestImpact:
    def test_of_a_procedure_names_its_forms_and_what_points_to_it(self, lib):
        form = drafting.draft(lib)
        drafting.put_in_force(lib, form)
        page = drafts.draft(lib, procedure=drafts.small(form=form.code))
        drafts.put_in_force(lib, page)
        lib.home.add_child(
            instance=TextPage(title="Как нам помогают", slug="help", body=[("pages", [Page.objects.get(pk=page.pk)])])
        )
        giving = drafts.small()
        leads = Ground(code="next", title="Дальше", leads_to=page.code)
        before = drafts.draft(
            lib, procedure=type(giving)(**{**vars(giving), "grounds": (leads,)}), title="Предыдущий порядок"
        )
        drafts.put_in_force(lib, before)
        text = drafting.signed_in(lib.methodologist).get(edit_url(page)).content.decode()
        names = {use.name for _what, uses in procedure_impact.impact(drafts.fresh(page)) for use in uses}
        assert names == {form.title, "Как нам помогают", "Предыдущий порядок"}
        assert "Предыдущий порядок" in text

    def test_of_a_procedure_lets_others_tell_too(self, lib, drafted, monkeypatch):
        monkeypatch.setattr(procedure_impact, "_sources", [])
        procedure_impact.register(lambda draft: [impact.Use(what="Случаи", name=f"12 по {draft.code}")])
        names = [use.name for _what, uses in procedure_impact.impact(drafted) for use in uses]
        assert names == [f"12 по {drafted.code}"]

    def test_of_a_form_names_the_procedures_in_force_and_the_drafts_that_need_it(self, lib):
        form, other = drafting.draft(lib), drafting.draft(lib)
        drafting.put_in_force(lib, form)
        drafting.put_in_force(lib, other)
        procedure = drafts.small(form=form.code)
        followed = drafts.draft(lib, procedure=procedure, title="Действующий порядок")
        drafts.put_in_force(lib, followed)
        drafts.draft(lib, procedure=procedure, title="Порядок в работе")
        drafts.draft(lib, procedure=drafts.small(form=other.code), title="Чужой порядок")
        found = impact.impact(drafting.fresh(form), current=None).uses
        names = [use.name for _what, uses in found for use in uses]
        assert "Чужой порядок" not in names
        assert names.count("Действующий порядок") == 1
        assert names.count("Порядок в работе") == 1
