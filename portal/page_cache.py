"""Public pages answered before anything else runs: no session, no sign-in, no database.

A page is kept only when nobody in particular asked for it (no cookie but the display switch and the token for forms) and
nobody in particular is in the answer (no cookie set, nothing that depends on one, nothing private). Whoever has once seen
a form carries the token; a page that shows it sets the cookie anew, so it is never kept. Everything kept is dropped when anything is
published or changed in the editors' admin, at once or at most `LOOK_AGAIN_SECONDS` later: each kept page carries a
stamp that was true before it was made, and a newer stamp makes it void. Whoever takes gzip gets the page packed: it holds
nothing secret, so its length tells nobody anything (CRIME, BREACH). A cache in memory belongs to one process, so
then the stamp is the time of a small file that all processes look at; a shared cache keeps the stamp itself.

What stands around every page (the menu, whom to call) is kept under the same stamp, for pages that are made anew.
"""

import gzip
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers, set_response_etag
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.display import read_display

DISPLAY_COOKIE = "display"
NEVER_KEPT = ("/admin/", "/accounts/", "/cases/", "/documents/", "/display/", "/after-sign-in/", "/static/", "/media/")
KEPT_QUERY = re.compile(r"(page=[0-9]{1,4})?")
KEPT_TYPES = ("text/html", "application/xml", "text/plain")
TAKES_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)")
PACKING = 1
"""The quickest packing: a fifth of the length, in half a millisecond."""
LONGEST_KEPT = 512 * 1024
LONGEST_PATH = 300
FIRST_STAMP = "0"
STAMP_KEY = "public-pages:stamp"
IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
MOST_KEPT = 300
"""So many things one process keeps: at most 150 MB of the longest pages, as a rule about five."""
_memory: dict[str, tuple[float, Any]] = {}
"""What this process keeps, each with the moment until which. Django's own cache in memory would pickle it each time."""
LOOK_AGAIN_SECONDS = 0.05
"""A process sees its own changes at once and those of other processes within this time.

To ask for the file's time on every request would cost more than all else here: the threads of the server take turns at it.
A stamp that was seen a moment ago is never newer than the true one, so it makes a page void too early, never too late.
"""
NEVER_SEEN = ("", 0.0, FIRST_STAMP)
_seen_stamp = [NEVER_SEEN]
"""The stamp file, until when its stamp need not be asked for again, and the stamp: replaced whole, as threads share it."""


class KeptPage(NamedTuple):
    """An answer as it was made from what the site said at `stamp`."""

    stamp: str
    headers: list[tuple[str, str]]
    content: bytes


class PublicPageCacheMiddleware:
    """Stands before all other middleware: answers from the cache, or keeps what the others answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "is_dummy", False):  # an editor's preview walks through the middleware too
            return self.get_response(request)
        key = page_key(request.META, display=_display(request))
        if key is None:
            return self.get_response(request)
        stamp = current_stamp()
        kept = kept_page(key, stamp)
        if kept is None:
            response = self.get_response(request)
            if request.method == "GET" and may_be_kept(response):
                _keep(key, stamp, response, is_packed=takes_gzip(request.META))
            return response
        response = HttpResponse(kept.content, headers=dict(kept.headers))
        if "HTTP_IF_NONE_MATCH" in request.META:
            return get_conditional_response(request, etag=response["ETag"], response=response) or response
        return response


class KeptPagesFirst:
    """The same answers one floor below Django: a WSGI application that asks the cache before the one it wraps."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") == "GET" and "HTTP_IF_NONE_MATCH" not in environ:
            key = None if environ.get("HTTP_COOKIE") else page_key(environ, display="")
            kept = kept_page(key, current_stamp()) if key else None
            if kept is not None:
                start_response("200 OK", list(kept.headers))  # a server may add its own to the list
                return [kept.content]
        return self.application(environ, start_response)


def page_key(meta: dict[str, Any], *, display: str | None) -> str | None:
    """Return the key of the page that a request asks for, or `None` when the answer must not come from the cache.

    `display` is the visitor's display switch as a short code, `None` when the request carries cookies about somebody.
    """
    path, query = meta.get("PATH_INFO") or "/", meta.get("QUERY_STRING", "")
    if (
        display is None
        or not settings.PUBLIC_PAGE_CACHE_SECONDS
        or meta.get("REQUEST_METHOD") not in {"GET", "HEAD"}
        or "HTTP_AUTHORIZATION" in meta
        or len(path) > LONGEST_PATH
        or not KEPT_QUERY.fullmatch(query)
        or path.startswith(NEVER_KEPT)
    ):
        return None
    scheme = f"{meta.get('wsgi.url_scheme')} {meta.get('HTTP_X_FORWARDED_PROTO', '')}"
    packing = "gzip" if takes_gzip(meta) else ""
    return "\n".join((scheme, meta.get("HTTP_HOST", ""), path, query, display, packing))


def takes_gzip(meta: dict[str, Any]) -> bool:
    """Return whether a visitor's browser can unpack gzip."""
    return bool(TAKES_GZIP.search(meta.get("HTTP_ACCEPT_ENCODING", "")))


def may_be_kept(response: HttpResponse) -> bool:
    """Return whether an answer is the same for everybody: whole, found, and about nobody."""
    directives = response.get("Cache-Control", "").lower()
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Vary")
        and not any(word in directives for word in ("private", "no-store"))
        and response.get("Content-Type", "").partition(";")[0] in KEPT_TYPES
        and len(response.content) <= LONGEST_KEPT
    )


def kept_page(key: str, stamp: str) -> KeptPage | None:
    """Return the page kept under `key`, unless something was published since it was made."""
    kept = _read(key)
    return KeptPage(*kept) if kept is not None and kept[0] == stamp else None


def kept_surroundings(key: str, make: Callable[[], Any]) -> Any:
    """Return what `make` returns, kept under `key` until something is published. It must not depend on the visitor."""
    if not settings.PUBLIC_PAGE_CACHE_SECONDS:
        return make()
    stamp = current_stamp()
    # Always in the process itself: it is little, and a shared cache would be asked once more for each piece.
    kept = _remembered(f"surroundings:{key}")
    if kept is None or kept[0] != stamp:
        kept = (stamp, make())
        _remember(f"surroundings:{key}", kept)
    return kept[1]


def current_stamp() -> str:
    """Return the stamp that every change of the site makes newer."""
    if _is_shared():
        return str(caches["default"].get(STAMP_KEY, FIRST_STAMP))
    path, (seen_path, until, stamp) = _stamp_path(settings.VAR_DIR), _seen_stamp[0]
    now = time.monotonic()
    if path != seen_path or now >= until:
        stamp = _stamp_of_file(path)
        _seen_stamp[0] = (path, now + LOOK_AGAIN_SECONDS, stamp)
    return stamp


def drop_kept_pages() -> None:
    """Make everything that was kept until now void, in all processes."""
    now = time.time_ns()
    if _is_shared():
        caches["default"].set(STAMP_KEY, str(now), timeout=None)
        return
    stamp_file = Path(_stamp_path(settings.VAR_DIR))
    stamp_file.parent.mkdir(parents=True, exist_ok=True)
    stamp_file.touch()
    # Said in nanoseconds: a file system's own clock may be too coarse for two changes in a row.
    os.utime(stamp_file, ns=(now, now))
    _seen_stamp[0] = NEVER_SEEN


def connect() -> None:
    """Drop the kept pages after every change that the editors' admin writes into its log."""
    for model in (PageLogEntry, ModelLogEntry):
        post_save.connect(_drop_after_commit, sender=model, dispatch_uid=f"page-cache-{model.__name__}")


def _drop_after_commit(**_signal: Any) -> None:
    transaction.on_commit(drop_kept_pages, robust=True)


def _keep(key: str, stamp: str, response: HttpResponse, *, is_packed: bool) -> None:
    if is_packed:
        response.content = gzip.compress(response.content, compresslevel=PACKING, mtime=0)
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    set_response_etag(response)
    # The browser asks again each time: a page that was changed a second ago is shown as it is now.
    patch_cache_control(response, no_cache=True)
    response["Content-Length"] = str(len(response.content))
    _write(key, tuple(KeptPage(stamp, list(response.items()), response.content)))


def _stamp_of_file(path: str) -> str:
    try:
        # With its path: what was kept for one portal is void for another in the same process.
        return f"{os.stat(path).st_mtime_ns} {path}"
    except FileNotFoundError:
        return f"{FIRST_STAMP} {path}"


def _is_shared() -> bool:
    return bool(settings.CACHES["default"]["BACKEND"] != IN_MEMORY)


def _read(key: str) -> Any:
    if _is_shared():
        return caches["default"].get(_shared_key(key))
    return _remembered(key)


def _write(key: str, kept: Any) -> None:
    if _is_shared():
        caches["default"].set(_shared_key(key), kept, settings.PUBLIC_PAGE_CACHE_SECONDS)
    else:
        _remember(key, kept)


def _remembered(key: str) -> Any:
    until, kept = _memory.get(key, (0.0, None))
    return kept if time.monotonic() < until else None


def _remember(key: str, kept: Any) -> None:
    if len(_memory) >= MOST_KEPT:  # rare, and everything is soon made again: no need to look for the oldest
        _memory.clear()
    _memory[key] = (time.monotonic() + settings.PUBLIC_PAGE_CACHE_SECONDS, kept)


def _shared_key(key: str) -> str:
    # Some caches take neither long keys nor spaces.
    return f"public-page:{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()}"


def _display(request: HttpRequest) -> str | None:
    if not request.META.get("HTTP_COOKIE"):
        return ""
    if not request.COOKIES.keys() <= {DISPLAY_COOKIE, settings.CSRF_COOKIE_NAME}:
        return None
    return read_display(request).code if DISPLAY_COOKIE in request.COOKIES else ""


@lru_cache(maxsize=4)
def _stamp_path(directory: Path | str) -> str:
    # Asked on every request: putting the path together would cost more than asking for the file's time.
    return str(Path(directory) / "public_pages.stamp")
