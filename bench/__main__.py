"""`python -m bench [--quick] [pages] [posts] [lists] [documents] [forms] [tasks] [council] [known]`: measure, and print tables with ratios.

Everything is made anew in a temporary directory (and in a temporary database of the PostgreSQL at `BENCH_DATABASE_URL`,
`TEST_DATABASE_URL` or 127.0.0.1:5432, if there is one) and thrown away. Nothing under var/ is touched.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import scratch

SUBJECTS = ("pages", "posts", "lists", "documents", "forms", "tasks", "council", "known")
PORTAL = ("pages", "posts")
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
SCRATCH = "ochag_bench_"
STALE_SECONDS = 60 * 60


def main(chosen: list[str]) -> None:
    scratch.end_tidily()
    if "--quick" in chosen:
        os.environ["SCALE"] = "quick"
    chosen = [subject for subject in chosen if subject != "--quick"]
    if unknown := set(chosen) - set(SUBJECTS):
        sys.exit(f"python -m bench [--quick] [{'] ['.join(SUBJECTS)}], not {', '.join(sorted(unknown))}")
    chosen = chosen or list(SUBJECTS)
    with tempfile.TemporaryDirectory(prefix="ochag-bench-") as directory:
        var = Path(directory)
        for subject in ("documents", "forms"):
            if subject in chosen:
                _measure(subject, scratch.environment(var / subject))
        for subject in ("lists", "tasks", "council", "known"):
            if subject in chosen:
                _on_both_databases(subject, var)
        if set(PORTAL) & set(chosen):
            env = scratch.environment(var / "portal")
            scratch.make_demo(env)
            for subject in PORTAL:
                if subject in chosen:
                    _measure(subject, env)


def _measure(subject: str, env: dict[str, str]) -> None:
    """Run one subject in a process of its own: its settings and its database are its own."""
    Path(env["OCHAG_VAR"]).mkdir(parents=True, exist_ok=True)
    with subprocess.Popen([sys.executable, "-m", f"bench.{subject}"], cwd=scratch.ROOT, env=env) as process:
        try:
            failed = process.wait()
        finally:
            process.terminate()  # asked, not killed: it has servers to end
    if failed:
        sys.exit(f"{subject}: not measured")


def _on_both_databases(subject: str, var: Path) -> None:
    _measure(subject, scratch.environment(var / subject, BENCH_PLAIN_TABLES="1"))
    with _scratch_postgres() as url:
        if url:
            there = scratch.environment(var / f"{subject}-postgres", BENCH_PLAIN_TABLES="1", DATABASE_URL=url)
            _measure(subject, there)


@contextmanager
def _scratch_postgres() -> Iterator[str]:
    """Give the URL of a new, empty database, or nothing when there is no PostgreSQL; drop the database afterwards."""
    server = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL") or POSTGRES
    parts = urlsplit(server)
    name = f"{SCRATCH}{int(time.time())}_{secrets.token_hex(4)}"
    try:
        admin = psycopg.connect(
            urlunsplit(parts._replace(scheme="postgresql", path="/postgres")), autocommit=True, connect_timeout=5
        )
    except psycopg.OperationalError:
        print(
            "\nNo PostgreSQL answers (BENCH_DATABASE_URL=postgres://…): what stands in tables is measured on SQLite only.\n",
            flush=True,
        )
        yield ""
        return
    with admin:
        _drop_stale(admin)
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _drop_stale(admin: psycopg.Connection) -> None:
    """Drop what runs left behind that were killed. Each name says when it was made."""
    names = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [SCRATCH]).fetchall()
    for (name,) in names:
        made_at = name.removeprefix(SCRATCH).partition("_")[0]
        if made_at.isdecimal() and time.time() - int(made_at) > STALE_SECONDS:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


if __name__ == "__main__":
    main(sys.argv[1:])
