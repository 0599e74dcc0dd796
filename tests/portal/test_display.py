"""The visitor's own look of the pages, and the policy that keeps foreign scripts out of them."""

import pytest
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory

from portal.display import CHOICES, Display, read_display, set_display
from portal.middleware import ContentSecurityPolicyMiddleware

YEAR = 365 * 24 * 60 * 60


def visit(cookie: str | None = None, **posted: str):
    """Return a request of a visitor with this cookie, who sends `posted` when there is something to send."""
    request = RequestFactory().post("/display/", posted)
    if cookie is not None:
        request.COOKIES["display"] = cookie
    return request


class TestReading:
    def test_a_visitor_without_a_cookie_sees_the_usual_look(self):
        assert read_display(visit()) == Display()

    def test_a_choice_is_read_back(self):
        display = Display(text="large", contrast="blue", spacing="wide", pictures="off")
        assert read_display(visit(display.code)) == display

    @pytest.mark.parametrize(
        "cookie", ["", "....", "huge.pink.tight.some", "<script>", "large" * 1000, "normal", "\x00.\x00", "a.b.c.d.e.f"]
    )
    def test_an_invented_cookie_is_the_usual_look(self, cookie):
        assert read_display(visit(cookie)) == Display()

    def test_a_half_invented_cookie_keeps_the_half_that_is_known(self):
        assert read_display(visit("large.pink.wide.on")) == Display(text="large", spacing="wide")

    def test_there_are_no_more_codes_than_choices(self):
        codes = {
            Display(text=text, contrast=contrast, spacing=spacing, pictures=pictures).code
            for text, _t in CHOICES["text"]
            for contrast, _c in CHOICES["contrast"]
            for spacing, _s in CHOICES["spacing"]
            for pictures, _p in CHOICES["pictures"]
        }
        assert len(codes) == 48


class TestChoosing:
    def test_the_choice_is_remembered_for_a_year_out_of_reach_of_scripts(self):
        cookie = set_display(visit(text="large")).cookies["display"]
        assert cookie.value == "large.normal.normal.on"
        assert cookie["max-age"] == YEAR
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_what_is_not_sent_stays(self):
        response = set_display(visit("large.blue.normal.on", spacing="wide"))
        assert response.cookies["display"].value == "large.blue.wide.on"

    def test_what_is_not_on_the_lists_is_not_remembered(self):
        response = set_display(visit("large.normal.normal.on", text="<b>", contrast="pink"))
        assert response.cookies["display"].value == "large.normal.normal.on"

    def test_going_back_to_the_usual_look_forgets_the_cookie(self):
        response = set_display(visit("large.normal.normal.on", text="normal"))
        assert response.cookies["display"]["max-age"] == 0

    def test_no_session_and_no_token_is_needed(self):
        request = visit(text="large")
        assert not hasattr(request, "session")
        assert set_display(request).status_code == 302
        assert set_display.csrf_exempt

    def test_the_visitor_comes_back_where_they_were(self):
        assert set_display(visit(text="large", next="/programmy/?page=2"))["Location"] == "/programmy/?page=2"

    @pytest.mark.parametrize(
        "address",
        [
            "https://example.org/",
            "//example.org/",
            "///example.org",
            "/\\example.org",
            "\\\\example.org",
            "javascript:alert(1)",
            "/\n/example.org",
            "/\t/example.org",
            "example.org",
            "",
            "/display/?next=/",
        ],
    )
    def test_nobody_is_sent_to_another_site_or_round_in_a_ring(self, address):
        assert set_display(visit(text="large", next=address))["Location"] == "/"

    @pytest.mark.django_db
    def test_the_page_of_choices_shows_what_is_chosen_now(self, client):
        client.cookies["display"] = "largest.blue.normal.off"
        response = client.get("/display/", {"next": "/programmy/"})
        assert response.status_code == 200
        assert response.context["form"].initial["text"] == "largest"
        assert 'data-contrast="blue"' in response.text
        assert 'name="next" value="/programmy/"' in response.text
        assert not response.cookies


def policy(path: str) -> dict[str, str]:
    """Return the policy sent with the page at `path`, by directive."""
    request = RequestFactory().get(path)
    response = ContentSecurityPolicyMiddleware(lambda _request: HttpResponse())(request)
    directives = response["Content-Security-Policy"].split(";")
    return {words[0]: " ".join(words[1:]) for words in map(str.split, directives) if words}


class TestPolicy:
    @pytest.mark.parametrize("path", ["/", "/cases/", "/accounts/login/", "/administration/", "/x/admin/"])
    def test_no_inline_script_or_style_runs_where_people_read(self, path):
        sent = policy(path)
        assert sent["script-src"] == "'self'"
        assert sent["style-src"] == "'self'"
        assert sent["default-src"] == "'none'"

    def test_the_editors_admin_gets_what_wagtail_needs_and_no_other_site(self):
        sent = policy("/admin/pages/")
        assert sent["script-src"] == "'self' 'unsafe-inline'"
        assert sent["style-src"] == "'self' 'unsafe-inline'"
        assert sent["img-src"] == "'self' data: blob:"
        assert sent["default-src"] == "'none'"


def render_alone(name: str) -> str:
    """Render a template the way Django renders its last resort: with no request at all."""
    return get_template(name).render()


class TestErrorPages:
    @pytest.mark.parametrize("name", ["400.html", "500.html"])
    def test_a_broken_site_can_still_say_so_without_a_request_or_a_database(self, name):
        page = render_alone(name)
        assert "<h1>" in page
        assert "tel:112" in page

    @pytest.mark.django_db
    def test_a_missing_page_is_said_in_the_look_of_the_site_and_leaves_no_cookie(self, client):
        response = client.get("/no-such-page/")
        assert response.status_code == 404
        assert "masthead" in response.text
        assert not response.cookies


@pytest.mark.django_db
class TestSignIn:
    def test_the_page_asks_for_an_address_and_a_password_and_offers_no_sign_up(self, client):
        response = client.get("/accounts/login/")
        assert response.status_code == 200
        assert 'name="login"' in response.text
        assert 'name="password"' in response.text
        assert "/accounts/signup/" not in response.text

    def test_what_is_wrong_is_said_on_top_with_a_way_to_the_field(self, client):
        response = client.post("/accounts/login/", {"login": "not an address", "password": ""})
        assert 'class="error-summary"' in response.text
        assert 'href="#id_login"' in response.text
        assert 'aria-invalid="true"' in response.text

    @pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/inactive/"])
    def test_the_other_doors_look_the_same(self, client, path):
        response = client.get(path)
        assert response.status_code == 200
        assert "masthead" in response.text
