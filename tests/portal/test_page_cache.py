"""Public pages from the cache: quick for everybody, and never anything about somebody."""

import gzip

import pytest
from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory
from wagtail.models import Page

from portal import page_cache
from portal.models import ProgrammePage


@pytest.fixture(autouse=True)
def page_cache_on(settings, tmp_path, no_page_cache):
    settings.PUBLIC_PAGE_CACHE_SECONDS = 60
    settings.VAR_DIR = tmp_path
    cache.clear()


def published(page: Page, **changes) -> None:
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


class TestKeptPages:
    def test_the_second_visitor_costs_no_queries(self, client, site, django_assert_num_queries):
        first = client.get(site.programme.url)
        with django_assert_num_queries(0):
            second = client.get(site.programme.url)
        assert second.content == first.content
        assert second.headers == first.headers

    def test_publishing_drops_what_was_kept_at_once(self, client, site, django_capture_on_commit_callbacks):
        client.get(site.programme.url)
        with django_capture_on_commit_callbacks(execute=True):
            published(site.programme, title="Новое имя")
        assert "Новое имя" in client.get(site.programme.url).content.decode()

    def test_a_page_being_made_while_another_is_published_is_not_kept(
        self, client, site, django_capture_on_commit_callbacks
    ):
        key, stamp = "public-page:x", page_cache.current_stamp()
        with django_capture_on_commit_callbacks(execute=True):
            published(site.programme, title="Новое имя")
        page_cache._keep(key, stamp, HttpResponse("old"), is_packed=False)
        assert page_cache.kept_page(key, page_cache.current_stamp()) is None

    def test_a_draft_that_is_rolled_back_drops_nothing(self, client, site, django_capture_on_commit_callbacks):
        stamp = page_cache.current_stamp()
        with django_capture_on_commit_callbacks(execute=False):
            published(site.programme, title="Новое имя")
        assert page_cache.current_stamp() == stamp

    def test_two_changes_in_a_row_have_two_stamps(self):
        page_cache.drop_kept_pages()
        first = page_cache.current_stamp()
        page_cache.drop_kept_pages()
        assert page_cache.current_stamp() != first

    def test_a_shared_cache_keeps_the_stamp_itself(self, settings, tmp_path):
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
        }
        before = page_cache.current_stamp()
        page_cache.drop_kept_pages()
        assert page_cache.current_stamp() != before

    def test_the_browser_asks_again_and_is_told_that_nothing_changed(self, client, site):
        client.get(site.programme.url)
        kept = client.get(site.programme.url)
        again = client.get(site.programme.url, headers={"If-None-Match": kept["ETag"]})
        assert "no-cache" in kept["Cache-Control"]
        assert again.status_code == 304

    def test_head_is_answered_too(self, client, site, django_assert_num_queries):
        client.get(site.programme.url)
        with django_assert_num_queries(0):
            assert client.head(site.programme.url).status_code == 200

    def test_pages_of_a_list_are_kept_apart(self, client, site):
        client.get(site.programme.url)
        assert page_cache.page_key(meta(site.programme.url), display="") != page_cache.page_key(
            meta(site.programme.url, "page=2"), display=""
        )

    def test_large_letters_are_kept_apart_from_usual_ones(self, client, site, django_assert_num_queries):
        client.get(site.programme.url)
        client.cookies["display"] = "largest"
        large = client.get(site.programme.url)
        assert b'data-text="largest"' in large.content
        with django_assert_num_queries(0):
            assert client.get(site.programme.url).content == large.content
        client.cookies.clear()
        assert b'data-text="largest"' not in client.get(site.programme.url).content


class TestVisitorsWhoHaveSeenAForm:
    """They carry Django's token for forms, and nothing else about them."""

    def test_are_answered_from_the_cache_and_packed(self, client, site, django_assert_num_queries):
        client.get("/accounts/login/")
        assert set(client.cookies) == {"csrftoken"}
        first = client.get(site.programme.url, headers={"Accept-Encoding": "gzip"})
        assert first["Content-Encoding"] == "gzip"
        assert client.cookies["csrftoken"].value not in gzip.decompress(first.content).decode()
        with django_assert_num_queries(0):
            assert client.get(site.programme.url, headers={"Accept-Encoding": "gzip"}).content == first.content
        client.cookies.clear()
        with django_assert_num_queries(0):
            assert client.get(site.programme.url, headers={"Accept-Encoding": "gzip"}).content == first.content

    def test_never_get_a_form_that_was_made_for_another(self):
        """Django sets the cookie anew with every form, also for those who have it: that is why a form is never kept."""
        ask = page_cache.PublicPageCacheMiddleware(CsrfViewMiddleware(lambda request: HttpResponse(get_token(request))))
        requests = [RequestFactory().get("/a/", headers={"Accept-Encoding": "gzip"}) for _visitor in range(3)]
        for request, letter in zip(requests, "aab", strict=True):
            request.META["HTTP_COOKIE"] = f"csrftoken={letter * 32}"
        answers = [ask(request) for request in requests]
        assert len({answer.content for answer in answers}) == 3
        assert not any(answer.has_header("Content-Encoding") for answer in answers)
        assert [answer.cookies["csrftoken"].value[0] for answer in answers] == ["a", "a", "b"]


class TestPacking:
    @pytest.fixture
    def plain(self, client, site):
        return client.get(site.programme.url)

    def test_a_browser_that_unpacks_gets_the_page_packed(self, client, site, plain, django_assert_num_queries):
        packed = client.get(site.programme.url, headers={"Accept-Encoding": "gzip, deflate, br"})
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert packed["Content-Length"] == str(len(packed.content))
        assert len(packed.content) < len(plain.content) / 2
        with django_assert_num_queries(0):
            again = client.get(site.programme.url, headers={"Accept-Encoding": "gzip"})
        assert again.content == packed.content

    def test_the_two_are_kept_apart(self, client, site, plain):
        packed = client.get(site.programme.url, headers={"Accept-Encoding": "gzip"})
        assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
        assert plain["ETag"] != packed["ETag"]
        assert client.get(site.programme.url).content == plain.content

    @pytest.mark.parametrize(
        ("accepted", "takes"),
        [
            ("gzip", True),
            ("br, gzip;q=0.5", True),
            ("x-gzip-like", False),
            ("gzip;q=0", False),
            ("gzip; q=0.0, br", False),
            ("identity", False),
            ("", False),
        ],
    )
    def test_is_for_those_who_say_that_they_unpack(self, accepted, takes):
        assert page_cache.takes_gzip({"HTTP_ACCEPT_ENCODING": accepted}) is takes

    def test_a_page_about_somebody_is_never_packed(self, client, site):
        page = client.get("/accounts/login/", headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in page


def meta(path: str, query: str = "", **more: str) -> dict[str, str]:
    return {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "a", **more}


class TestWhatIsNeverKept:
    def test_a_request_with_a_session_is_answered_afresh(self, client, site):
        client.get(site.programme.url)
        ProgrammePage.objects.filter(pk=site.programme.pk).update(summary="Самое новое")
        client.cookies["sessionid"] = "x"
        assert "Самое новое" in client.get(site.programme.url).content.decode()
        client.cookies.clear()
        assert "Самое новое" not in client.get(site.programme.url).content.decode()

    def test_the_page_for_contact_requests_is_not_kept(self, client, site, settings):
        client.get(site.request.url)
        assert (
            page_cache.kept_page(
                page_cache.page_key(RequestFactory().get(site.request.url).META, display=""), page_cache.current_stamp()
            )
            is None
        )

    @pytest.mark.parametrize(
        "path", ["/admin/", "/accounts/login/", "/cases/", "/documents/1/x.pdf", "/display/", "/static/a.css"]
    )
    def test_private_addresses_have_no_key(self, path):
        assert page_cache.page_key(meta(path), display="") is None

    @pytest.mark.parametrize("query", ["q=a", "page=1&x=1", "page=", "page=12345", "utm_source=a"])
    def test_other_questions_have_no_key(self, query):
        assert page_cache.page_key(meta("/"), display="") is not None
        assert page_cache.page_key(meta("/", query), display="") is None

    def test_other_cookies_methods_and_credentials_have_no_key(self):
        assert page_cache.page_key(meta("/"), display=None) is None
        assert page_cache.page_key(meta("/", REQUEST_METHOD="POST"), display="") is None
        assert page_cache.page_key(meta("/", HTTP_AUTHORIZATION="x"), display="") is None

    def test_hosts_and_schemes_are_kept_apart(self):
        keys = {
            page_cache.page_key(meta("/", **more), display="")
            for more in ({}, {"HTTP_HOST": "b"}, {"HTTP_X_FORWARDED_PROTO": "https"}, {"wsgi.url_scheme": "https"})
        }
        assert len(keys) == 4

    def test_an_answer_about_somebody_is_not_kept(self):
        with_cookie = HttpResponse("x")
        with_cookie.set_cookie("a", "b")
        answers = [
            with_cookie,
            HttpResponse("x", headers={"Vary": "Cookie"}),
            HttpResponse("x", headers={"Cache-Control": "private"}),
            HttpResponse("x", headers={"Cache-Control": "no-store"}),
            HttpResponse("x", status=404),
            HttpResponse("x", content_type="application/json"),
            HttpResponse("x" * (page_cache.LONGEST_KEPT + 1)),
            StreamingHttpResponse(["x"]),
        ]
        assert not any(page_cache.may_be_kept(answer) for answer in answers)
        assert page_cache.may_be_kept(HttpResponse("x"))

    def test_a_preview_is_neither_kept_nor_answered_from_the_cache(self, client, site):
        client.get(site.programme.url)
        site.programme.summary = "Черновик"
        preview = site.programme.make_preview_request()
        assert "Черновик" in preview.content.decode()
        assert "Черновик" not in client.get(site.programme.url).content.decode()


class TestKeptPagesFirst:
    """The same cache one floor below Django."""

    def ask(self, site, **more: str) -> tuple[str, bytes]:
        said: list[str] = []

        def django(environ, start_response):
            start_response("404 Not Found", [])
            return [b"django"]

        environ = {**RequestFactory().get(site.programme.url).META, **more}
        body = page_cache.KeptPagesFirst(django)(environ, lambda status, headers: said.append(status))
        return said[0], b"".join(body)

    def test_a_kept_page_never_reaches_django(self, client, site):
        page = client.get(site.programme.url)
        assert self.ask(site, HTTP_COOKIE="") == ("200 OK", page.content)

    @pytest.mark.parametrize(
        "more", [{"HTTP_COOKIE": "sessionid=x"}, {"REQUEST_METHOD": "POST"}, {"QUERY_STRING": "q=1"}]
    )
    def test_everything_else_does(self, client, site, more):
        client.get(site.programme.url)
        assert self.ask(site, **more) == ("404 Not Found", b"django")
