"""`manage.py serve`: one machine's whole portal — the web server and the clock — in one command."""

import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

TICK_SECONDS = 60
BLOCKING_THREADS = "4"


class Command(BaseCommand):
    help = "Serve the portal with granian and run the clock beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument(
            "--demo", action="store_true", help="first bring the database up to date and load the demo, once"
        )

    def handle(self, *args: Any, host: str, port: str, demo: bool, **options: Any) -> None:
        address = f"http://{host}:{check_port(host, port)}"
        if demo:
            bring_up_to_date()
            call_command("load_demo", once=True, stdout=self.stdout)
        self.stdout.write(_("Ochag answers at %(address)s (Ctrl+C stops it)") % {"address": address})
        clock = [sys.executable, str(settings.BASE_DIR / "manage.py"), "tick", "--every", str(TICK_SECONDS)]
        # One process: the cache and the limits of a single machine live in its memory.
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port]
        server += ["--workers", "1", "--blocking-threads", BLOCKING_THREADS, "--log-level", "warning"]
        sys.exit(run_together([*server, "portal.wsgi:application"], clock))


def bring_up_to_date() -> None:
    """Apply the migrations that are missing; quick when there are none."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    connection.close()


def run_together(main: list[str], beside: list[str]) -> int:
    """Run two programs until the first one ends or this one is told to stop; return how the first one ended."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    running = [subprocess.Popen(program, cwd=settings.BASE_DIR) for program in (main, beside)]  # noqa: S603
    try:
        return running[0].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def check_port(host: str, port: str) -> int:
    """Return the port as a number; raise `CommandError` in plain words when it is not one or is taken."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(_("PORT must be a number from 1 to 65535, for example PORT=8080."))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            raise CommandError(
                _("Port %(port)s is taken by another program. Stop it, or choose another: PORT=%(other)d make run")
                % {"port": port, "other": int(port) + 1}
            ) from None
    return int(port)
