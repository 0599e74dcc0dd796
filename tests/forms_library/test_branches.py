"""Branches of the library: an agency drafts its own forms, under the same four eyes, and its editors never see a case."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, Page

from forms_library import permissions
from forms_library.actions.branches import NoCatalogue, set_up_branch
from forms_library.models import Agency, BranchEditors, Edition, FormsBranch, FormsCatalogue, OfficialForm
from forms_library.models.approvals import NotApproved
from portal.accounts.models import User
from tests.factories import AgencyFactory, open_case
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(lib):
    return set_up_branch(agency=AgencyFactory(short_name="Центр «Берег»"))


@pytest.fixture
def editor(branch):
    return editor_of(branch)


def editor_of(branch):
    person = drafting.user()
    person.groups.add(BranchEditors.objects.get(agency=branch.agency).group)
    return person


def branch_form(lib, branch, editor, **fields):
    """Draft a form on a branch, as its editor does."""
    form = drafting.draft(lib, by=editor, issuing_agency=branch.agency, **fields)
    Page.objects.get(pk=form.pk).move(Page.objects.get(pk=branch.pk), pos="last-child")
    return drafting.fresh(form)


def in_force(lib, form, editor):
    drafting.send(form, by=editor)
    drafting.approve(form, by=lib.approver)
    return Edition.objects.get(official_form=form.pk)


class TestSettingUp:
    def test_makes_a_shelf_of_the_catalogue_and_a_group(self, lib, branch):
        assert branch.get_parent().pk == lib.catalogue.pk
        assert branch.live
        assert branch.agency.short_name in BranchEditors.objects.get(agency=branch.agency).group.name

    def test_twice_changes_nothing(self, branch):
        before = (FormsBranch.objects.count(), Group.objects.count(), Collection.objects.count())
        assert set_up_branch(agency=branch.agency) == branch
        permissions.set_up()
        assert (FormsBranch.objects.count(), Group.objects.count(), Collection.objects.count()) == before

    def test_of_two_agencies_of_one_name_makes_two_groups(self, branch):
        twin = set_up_branch(agency=AgencyFactory(short_name=branch.agency.short_name))
        assert (
            BranchEditors.objects.get(agency=twin.agency).group != BranchEditors.objects.get(agency=branch.agency).group
        )

    def test_waits_for_a_catalogue(self):
        agency = AgencyFactory()
        assert not FormsCatalogue.objects.exists()
        with pytest.raises(NoCatalogue):
            set_up_branch(agency=agency)

    def test_by_creating_the_page_in_the_admin_makes_the_group_too(self, lib):
        agency = AgencyFactory()
        url = reverse("wagtailadmin_pages:add", args=["forms_library", "formsbranch", lib.catalogue.pk])
        data = {"title": "Формы центра", "slug": "centre", "agency": agency.pk, "comments-TOTAL_FORMS": 0}
        response = drafting.signed_in(drafting.user(is_superuser=True)).post(url, {**data, "comments-INITIAL_FORMS": 0})
        assert response.status_code == 302
        assert BranchEditors.objects.filter(agency=agency).exists()

    def test_keeps_the_agency_for_good(self, branch):
        branch.agency = AgencyFactory()
        with pytest.raises(ValidationError):
            branch.full_clean()


class TestEditors:
    def test_draft_on_their_own_branch_only(self, lib, branch, editor):
        other = set_up_branch(agency=AgencyFactory())
        client = drafting.signed_in(editor)
        for parent, allowed in ((branch, True), (other, False), (lib.catalogue, False)):
            url = reverse("wagtailadmin_pages:add", args=["forms_library", "officialform", parent.pk])
            assert (client.get(url).status_code == 200) == allowed

    def test_work_on_each_others_drafts_but_on_no_form_elsewhere(self, lib, branch, editor):
        own, elsewhere = branch_form(lib, branch, editor), drafting.draft(lib)
        client = drafting.signed_in(editor_of(branch))
        assert client.get(reverse("wagtailadmin_pages:edit", args=[own.pk])).status_code == 200
        assert client.get(reverse("wagtailadmin_pages:edit", args=[elsewhere.pk])).status_code == 302
        for name in ("forms_library_draft_differences", "forms_library_remarks"):
            assert client.get(reverse(name, args=[own.pk])).status_code == 200
            assert client.get(reverse(name, args=[elsewhere.pk])).status_code in {302, 403}

    def test_never_publish(self, lib, branch, editor):
        form = branch_form(lib, branch, editor)
        for page in (form, branch):
            tester = page.permissions_for_user(editor)
            assert not tester.can_publish()
            assert not tester.can_publish_subpage()
        with pytest.raises(NotApproved):
            form.get_latest_revision().publish(user=editor)

    def test_are_reviewed_by_the_approver_of_the_library(self, lib, branch, editor):
        edition = in_force(lib, branch_form(lib, branch, editor), editor)
        assert (edition.drafted_by, edition.approved_by) == (editor, lib.approver)

    def test_do_not_approve_their_own_form_even_as_approvers(self, lib, branch, editor):
        form = branch_form(lib, branch, editor)
        editor.groups.add(Group.objects.get(name=permissions.APPROVERS))
        drafting.send(form, by=lib.methodologist)
        with pytest.raises(NotApproved):
            drafting.approve(form, by=User.objects.get(pk=editor.pk))

    def test_draft_for_their_own_agency_only(self, lib, branch, editor):
        form = branch_form(lib, branch, editor)
        page = form.get_latest_revision_as_object()
        assert not page.draft_problems()
        page.issuing_agency = lib.agency
        assert len(page.draft_problems()) == 1

    def test_put_templates_on_a_shelf_of_their_own(self, branch, editor):
        collections = GroupCollectionPermission.objects.filter(group__user=editor).values_list("collection", flat=True)
        assert collections
        assert Collection.get_first_root_node().pk not in collections

    def test_never_see_a_case_nor_a_filled_form(self, lib, branch, editor):
        case = open_case(branch.agency)
        form = branch_form(lib, branch, editor)
        client = drafting.signed_in(editor)
        assert client.get(reverse("casework:case", args=[case.reference])).status_code == 404
        assert client.get(reverse("wagtailforms:index")).context["page_obj"].object_list.count() == 0
        response = client.get(reverse("wagtailforms:list_submissions", args=[form.pk]), follow=True)
        assert "data_rows" not in (response.context or {})

    def test_lose_their_rights_with_their_group(self, lib, branch, editor):
        form = branch_form(lib, branch, editor)
        editor.groups.clear()
        assert not form.permissions_for_user(User.objects.get(pk=editor.pk)).can_edit()


class TestCatalogue:
    def test_shows_the_forms_of_a_branch_under_its_agency(self, lib, branch, editor, client):
        general = drafting.draft(lib)
        drafting.put_in_force(lib, general)
        own = in_force(lib, branch_form(lib, branch, editor), editor)
        response = client.get(lib.catalogue.url)
        shelves = [(page.pk, [edition.pk for edition in shelf]) for page, shelf in response.context["shelves"]]
        assert shelves == [(lib.catalogue.pk, [general.editions.get().pk]), (branch.pk, [own.pk])]
        assert branch.title in response.content.decode()

    def test_has_a_page_for_the_branch_with_its_forms_only(self, lib, branch, editor, client):
        drafting.put_in_force(lib, drafting.draft(lib))
        own = in_force(lib, branch_form(lib, branch, editor), editor)
        response = client.get(branch.get_url())
        assert [edition.pk for edition in response.context["editions"]] == [own.pk]
        assert client.get(own.official_form.get_url()).status_code == 200

    def test_says_nothing_of_a_branch_without_forms(self, lib, branch, client):
        assert branch.title not in client.get(lib.catalogue.url).content.decode()

    def test_takes_the_same_number_of_queries_for_any_number_of_branches(
        self, lib, client, django_assert_num_queries, django_assert_max_num_queries
    ):
        def grow():
            branch = set_up_branch(agency=AgencyFactory())
            editor = editor_of(branch)
            in_force(lib, branch_form(lib, branch, editor), editor)

        grow()
        client.get(lib.catalogue.url)
        with django_assert_max_num_queries(25) as few:
            client.get(lib.catalogue.url)
        grow()
        with django_assert_num_queries(len(few)):
            client.get(lib.catalogue.url)
        assert OfficialForm.objects.count() == Agency.objects.count() - 1
