"""Before anybody approves a form, all that uses it is named, and what a draft would lose."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from casework.models import Draft
from forms_library.impact import impact
from forms_library.models import FormField
from portal.models import TextPage
from tests.factories import member_of, open_case
from tests.forms_library import drafting

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(lib):
    form = drafting.draft(lib)
    drafting.put_in_force(lib, form)
    return drafting.fresh(form)


def names(form):
    latest = form.get_latest_revision_as_object()
    current = form.editions.in_force(at=timezone.now()).first()
    return [use.name for _what, named in impact(latest, current=current).uses for use in named]


def page_of(form, client):
    return client.get(reverse("forms_library_draft_differences", args=[form.pk]))


class TestImpact:
    def test_names_the_pages_that_point_to_the_form(self, lib, form):
        body = [("forms", [Page.objects.get(pk=form.pk)])]
        lib.home.add_child(instance=TextPage(title="Как начать работу", slug="start", body=body))
        assert "Как начать работу" in names(form)

    def test_names_the_forms_that_ask_for_a_filed_one(self, lib, form):
        other = drafting.draft(lib, title="Отчёт о плане")
        other.form_fields.add(FormField(label="План", clean_name="plan", field_type="document", forms=form.code))
        other.save()
        near = drafting.draft(lib, title="Отчёт о другом")
        near.form_fields.add(FormField(label="План", clean_name="p", field_type="document", forms=f"{form.code}_b"))
        near.save()
        assert "Отчёт о плане" in names(form)
        assert "Отчёт о другом" not in names(form)

    def test_names_the_template_and_who_shares_it(self, lib, form):
        drafting.draft(lib, title="Близнец", docx_template=form.docx_template)
        assert {"Шаблон", "Близнец"} <= set(names(form))

    def test_counts_open_drafts_by_agency_and_names_nobody(self, lib, form):
        case = open_case()
        author = member_of(case.agency)
        for _number in range(2):
            Draft.objects.create(
                case=case,
                edition=form.editions.get(),
                author=author,
                typed={"name": "Тайна Иванова"},
                started_at=timezone.now(),
                saved_at=timezone.now(),
            )
        (counted,) = [name for name in names(form) if case.agency.short_name in name]
        assert "2" in counted
        told = " ".join(names(form))
        for secret in ("Тайна", case.reference, str(author)):
            assert secret not in told


class TestBeforeApproval:
    @pytest.fixture
    def risky(self, lib, form):
        page = form.get_latest_revision_as_object()
        page.form_fields.add(FormField(label="Дата приказа", clean_name="day", field_type="date", required=True))
        page.act_reason = "Нужна дата"
        page.save_revision(user=lib.methodologist)
        return drafting.fresh(form)

    def test_the_page_marks_what_breaks_drafts(self, lib, risky):
        response = page_of(risky, drafting.signed_in(lib.methodologist))
        assert [pair.question.key for pair in response.context["impact"].changes.breaking] == ["day"]
        assert "Дата приказа" in response.content.decode()

    def test_the_approver_sees_it_in_the_editor_and_on_the_page(self, lib, risky):
        drafting.send(risky, by=lib.methodologist)
        client = drafting.signed_in(lib.approver)
        editor = client.get(reverse("wagtailadmin_pages:edit", args=[risky.pk])).content.decode()
        assert reverse("forms_library_draft_differences", args=[risky.pk]) in editor
        assert "Шаблон" in editor
        assert page_of(risky, client).status_code == 200

    def test_a_form_that_was_never_in_force_is_all_new(self, lib):
        response = page_of(drafting.draft(lib), drafting.signed_in(lib.methodologist))
        assert response.status_code == 200
        assert response.context["differences"] is None

    def test_strangers_see_nothing(self, lib, risky):
        assert page_of(risky, Client()).status_code == 302
        assert page_of(risky, drafting.signed_in(drafting.user())).status_code in {302, 403}
