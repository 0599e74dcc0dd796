"""Browser journeys: a real Chromium against a server with the real demo content, as fresh for each module."""

import io
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from docx import Document
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from portal.demo.staff import DEMO_PASSWORD

# The browser's library runs a loop of its own in this thread; Django would refuse to touch the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

INSTALL_CHROMIUM = "apt-get install -y chromium"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the Chromium that is there (CHROMIUM names another one)."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not executable:
        pytest.fail(f"The journeys need Chromium. Install it: {INSTALL_CHROMIUM}", pytrace=False)
    return {
        **browser_type_launch_args,
        "executable_path": executable,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }


@pytest.fixture
def _django_db_helper(site: str) -> None:
    """Keep the database from one test of a module to the next, instead of emptying it as pytest-django does."""


@pytest.fixture(scope="session")
def load_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], None]:
    """Return a function that fills the empty database with the demo: the first time as a person does, then from a copy."""
    copy = tmp_path_factory.mktemp("demo") / "loaded.sqlite3"

    def load() -> None:
        connection.ensure_connection()
        if copy.exists():
            with closing(sqlite3.connect(copy)) as kept:
                kept.backup(connection.connection)
            return
        call_command("load_demo", verbosity=0, stdout=io.StringIO())
        with closing(sqlite3.connect(copy)) as kept:
            connection.connection.backup(kept)

    return load


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, load_demo: Callable[[], None]) -> Iterator[str]:
    """The address of a server with the demo portal; afterwards the database is as it was before."""
    with django_db_blocker.unblock():
        try:
            load_demo()
            server = LiveServer("127.0.0.1")
            yield server.url
            server.stop()
        finally:
            call_command("flush", verbosity=0, interactive=False)
            ContentType.objects.clear_cache()
            cache.clear()


@pytest.fixture
def open_browser(new_context: Callable[..., BrowserContext], site: str) -> Callable[..., BrowserContext]:
    """Return a function that opens a fresh browser: a person with a device of their own."""

    def new(**options: Any) -> BrowserContext:
        context = new_context(base_url=site, locale="ru-RU", reduced_motion="reduce", **options)
        context.set_default_timeout(15_000)
        return context

    return new


def sign_in(page: Page, email: str) -> None:
    """Sign in on the page where one is asked to, or on the sign-in page."""
    if "/accounts/login/" not in page.url:
        page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def choose_file(page: Page, name: str, path: Path) -> None:
    """Choose a file for a question of a form."""
    page.locator(f"input[type=file][name='{name}']").set_input_files(path)


def docx_text(paper: bytes) -> str:
    """Return the words of a Word document, tables included."""
    document = Document(io.BytesIO(paper))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)
