"""`manage.py tick`: what the clock does. Safe to run twice, and at the same time."""

import os
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections


class Command(BaseCommand):
    help = "Publish and withdraw what is due, end shares whose last day has passed, clear old sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on, once in so many seconds")

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _leave)
        started_by = os.getppid()
        while True:
            for name in settings.TICK_COMMANDS:
                try:
                    call_command(name)
                except Exception as error:
                    if not every:
                        raise
                    # One thing that fails must not stop the others, nor the clock.
                    self.stderr.write(f"{name}: {error!r}")
            close_old_connections()
            if not every or os.getppid() != started_by:  # nobody is there any more to stop this clock
                return
            time.sleep(every)


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
