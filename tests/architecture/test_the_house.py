"""Sizes, names, secrets and locks: what house_style.md promises about the code itself."""

import ast
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal.settings.secrets import kept_secret

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("portal", "forms_library", "casework", "tests")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
OWN_CODE = [path for path in MODULES if "tests" not in path.relative_to(ROOT).parts]
NOBODYS_NAMES = {"utils", "helpers", "common", "core", "services"}
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 500, 60
SECRETS = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "sqlite:///:memory:",
    "CACHE_URL": "locmemcache://",
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "EMAIL_URL": "smtp://localhost:25",
    "DEFAULT_FROM_EMAIL": "ochag@example.org",
    "DATA_OFFICER_EMAIL": "pd@example.org",
}


def named(path):
    return str(path.relative_to(ROOT))


class TestSizes:
    def test_of_files_stay_readable(self):
        long = {named(path): count for path in OWN_CODE if (count := len(path.read_text().splitlines())) > MOST_LINES}
        assert long == {}

    def test_of_functions_stay_readable(self):
        functions = (
            (path, node)
            for path in OWN_CODE
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        long = {
            f"{named(path)}: {node.name}"
            for path, node in functions
            if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
        }
        assert long == set()


class TestNames:
    def test_say_what_a_module_is_about(self):
        assert [named(path) for path in MODULES if NOBODYS_NAMES & {path.stem, *path.relative_to(ROOT).parts}] == []


class TestImports:
    def test_stand_at_the_top(self):
        inside = [
            f"{named(path)}:{inner.lineno}"
            for path in OWN_CODE
            if path.name != "apps.py"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Import | ast.ImportFrom)
        ]
        assert inside == []


class TestDocstrings:
    def test_say_what_every_module_is_for(self):
        silent = [
            named(path)
            for path in OWN_CODE
            if path.name != "apps.py"
            and (source := path.read_text().strip())
            and ast.get_docstring(ast.parse(source)) is None
        ]
        assert silent == []


class TestProduction:
    def start(self, **environment):
        clean = {name: value for name, value in os.environ.items() if name not in {*SECRETS, "DJANGO_SETTINGS_MODULE"}}
        return subprocess.run(
            [sys.executable, "-c", "import portal.settings.production"],
            cwd=ROOT,
            env={**clean, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_starts_with_all_its_secrets(self):
        result = self.start(**SECRETS)
        assert result.returncode == 0, result.stderr

    @pytest.mark.parametrize("missing", SECRETS)
    def test_refuses_to_start_without_one_and_names_it(self, missing):
        result = self.start(**{name: value for name, value in SECRETS.items() if name != missing})
        assert result.returncode != 0
        assert missing in result.stderr


class TestTheSecretOfOneMachine:
    def test_is_made_once_and_read_by_its_owner_only(self, tmp_path):
        path = tmp_path / "var" / "secret_key"
        first = kept_secret(path)
        assert len(first) >= 50
        assert kept_secret(path) == first
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_is_another_one_on_another_machine(self, tmp_path):
        assert kept_secret(tmp_path / "a") != kept_secret(tmp_path / "b")


class TestLocks:
    @pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda path: path.name)
    def test_name_no_place_and_pin_every_package_by_its_hash(self, lock):
        text = lock.read_text()
        assert "://" not in text
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pinned
        assert all("==" in line for line in pinned)
        assert "--hash=sha256:" in text

    def test_are_there(self):
        assert {path.stem for path in (ROOT / "requirements").glob("*.lock")} == {"runtime", "production", "dev"}


class TestWords:
    def test_are_never_inside_an_f_string_where_their_collector_does_not_look(self):
        hidden = [
            f"{named(path)}:{call.lineno}"
            for path in OWN_CODE
            for text in ast.walk(ast.parse(path.read_text()))
            if isinstance(text, ast.JoinedStr)
            for call in ast.walk(text)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "gettext", "ngettext", "pgettext"}
        ]
        assert hidden == []
