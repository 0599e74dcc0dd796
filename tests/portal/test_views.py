"""The switchboard: where people land, and what is said when something goes wrong."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Page, Site

from portal.models import SiteContacts


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user("person@ochag.example", first_name="Анна", last_name="Ким")


class TestAfterSigningIn:
    def land(self, client: Client, person) -> str:
        client.force_login(person)
        return client.get(reverse("after_sign_in")).url

    def test_a_member_of_a_team_lands_at_the_desk(self, client, person, one_window):
        group = Group.objects.create(name="Специалисты")
        # By the reverse name: tests of the portal do not import the protected records either.
        Group.team.related.related_model.objects.create(agency=one_window, role="specialist", group=group)
        person.groups.add(group)
        assert self.land(client, person) == reverse("casework:desk")

    def test_an_editor_lands_in_the_admin(self, client, person):
        group = Group.objects.create(name="Редакторы портала")
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
        person.groups.add(group)
        assert self.land(client, person) == reverse("wagtailadmin_home")

    def test_somebody_with_no_work_here_lands_on_the_home_page(self, client, person):
        assert self.land(client, person) == "/"

    def test_a_stranger_is_asked_to_sign_in(self, client, db):
        assert client.get(reverse("after_sign_in")).url.startswith(reverse("account_login"))


class TestErrorPages:
    def test_an_address_that_is_not_there_answers_404_in_our_look(self, client, site):
        response = client.get("/net-takoy-stranicy/")
        assert response.status_code == 404
        assert b'id="main"' in response.content

    def test_an_old_token_answers_403_and_says_what_to_do(self, site):
        response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
        assert response.status_code == 403
        assert b'id="main"' in response.content

    def test_the_page_of_an_old_token_works_without_a_site(self, db):
        Site.objects.all().delete()
        response = Client(enforce_csrf_checks=True).post(reverse("search"), {"q": "x"})
        assert response.status_code == 403


class TestTags:
    TEMPLATE = Template(
        "{% load portal_tags %}{% main_menu as menu %}{% breadcrumbs as crumbs %}{% about_pages as about %}"
        "{% site_contacts as contacts %}{% canonical_url as canonical %}"
        "{{ menu|length }}|{{ crumbs|length }}|{{ about|length }}|{{ contacts.phone }}|{{ canonical }}"
    )

    def test_without_a_request_they_say_nothing_and_ask_nothing(self):
        assert self.TEMPLATE.render(Context()) == "0|0|0||"

    def test_without_a_site_they_say_nothing(self, db):
        Site.objects.all().delete()
        Site.clear_site_root_paths_cache()
        request = RequestFactory().get("/")
        assert self.TEMPLATE.render(Context({"request": request})) == "0|0|0||"

    def test_without_settings_there_is_a_menu_and_no_telephone(self, site):
        SiteContacts.objects.all().delete()
        request = RequestFactory().get("/")
        assert self.TEMPLATE.render(Context({"request": request})) == "2|0|1||"

    def test_the_way_back_starts_at_home_and_leaves_out_the_page_itself(self, site):
        template = Template("{% load portal_tags %}{% breadcrumbs as c %}{% for i in c %}{{ i.url }} {% endfor %}")
        request = RequestFactory().get(site.programme.url)
        page = Page.objects.get(pk=site.programme.pk)
        assert template.render(Context({"request": request, "page": page})) == "/ /programmy/ "

    def test_the_menu_marks_where_the_visitor_is(self, site):
        template = Template("{% load portal_tags %}{% main_menu as m %}{% for i in m %}{{ i.is_current }} {% endfor %}")
        request = RequestFactory().get(site.programme.url)
        assert template.render(Context({"request": request})) == "True False "

    def test_a_closed_agency_lends_its_name_but_not_its_hours(self, site, one_window):
        one_window.is_open = False
        one_window.save()
        SiteContacts.objects.update(hours="круглосуточно")
        template = Template("{% load portal_tags %}{% site_contacts as c %}{{ c.hours_today }}|{{ c.state_text }}")
        assert template.render(Context({"request": RequestFactory().get("/")})) == "круглосуточно|"


class TestEditorsAdmin:
    def test_an_editor_writes_and_publishes_a_page(self, client, site, person):
        person.is_superuser = True
        person.save()
        client.force_login(person)
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
        for page in (site.home, site.programme, site.entry, site.contacts, site.request, site.text):
            assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200

    def test_the_settings_of_the_site_can_be_opened(self, client, site, person):
        person.is_superuser = True
        person.save()
        client.force_login(person)
        url = reverse("wagtailsettings:edit", args=["portal", "sitecontacts", site.site.pk])
        assert client.get(url).status_code == 200
