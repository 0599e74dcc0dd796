"""All tests but the journeys on a real PostgreSQL: `python -m tests.on_postgres`, called by `make test-postgres`.

Takes the server named in TEST_DATABASE_URL; without it one on this machine that lets us in without a password; without
that it starts a throw-away server of its own and stops it at the end.
"""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

ROOT = Path(__file__).resolve().parent.parent
HOW_TO_INSTALL = "There is no PostgreSQL here. Install it (apt-get install postgresql) or set TEST_DATABASE_URL.\n"
SOCKETS = "/var/run/postgresql"
PROGRAMS = Path("/usr/lib/postgresql")


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments` (all tests but the journeys by default) and return its code."""
    with database() as url:
        if url is None:
            sys.stderr.write(HOW_TO_INSTALL)
            return 2
        sys.stdout.write(f"PostgreSQL: {url.rpartition('@')[2]}\n")
        sys.stdout.flush()
        chosen = arguments or ["tests", "--ignore=tests/journeys", "-n", "auto", "--dist", "loadfile"]
        command = [sys.executable, "-m", "pytest", "--create-db", *chosen]
        return subprocess.run(command, cwd=ROOT, env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode


@contextmanager
def database() -> Iterator[str | None]:
    """Give the address of a database whose owner may make other databases; `None` when there is no PostgreSQL."""
    given = os.environ.get("TEST_DATABASE_URL")
    if url := given or running():
        yield url
    elif programs := newest_programs():
        with throw_away_server(programs) as url:
            yield url
    else:
        yield None


def running() -> str | None:
    """Return the address of a server on this machine that asks for no password."""
    for host in ("127.0.0.1", SOCKETS):
        for user in dict.fromkeys((getpass.getuser(), "postgres")):
            try:
                with psycopg.connect(host=host, user=user, dbname="postgres", connect_timeout=3) as connection:
                    row = connection.execute(
                        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                    ).fetchone()
            except psycopg.OperationalError:
                continue
            if row and row[0]:
                return address(user, host)
    return None


def address(user: str, host: str, port: int = 5432) -> str:
    return f"postgres://{user}@{quote(host, safe='.')}:{port}/ochag"


def newest_programs() -> Path | None:
    """Return the folder with the newest PostgreSQL's programs."""
    found = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    if not found and (initdb := shutil.which("initdb")):
        found = [Path(initdb).resolve().parent]
    return max(
        found, key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()], default=None
    )


@contextmanager
def throw_away_server(programs: Path) -> Iterator[str]:
    """Start a server on a free port with its data in a temporary folder; stop it and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="ochag-postgres-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        data = f"{folder}/data"
        as_owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        start = [f"{programs}/pg_ctl", "-D", data, "-l", f"{folder}/log", "-w", "-o", options, "start"]
        initialise = [
            f"{programs}/initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        for command in (initialise, start):
            subprocess.run([*as_owner, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield address("postgres", "127.0.0.1", port)
        finally:
            stop = [f"{programs}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
            subprocess.run([*as_owner, *stop], check=True, stdout=subprocess.DEVNULL, cwd=folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
