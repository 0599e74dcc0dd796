"""The product's server on a free port of this machine, and what it costs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.management.commands.serve import BLOCKING_THREADS

HOST = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        """Return the CPU that the server and its workers have used so far."""
        parents = {int(stat[0]): (int(stat[1]), int(stat[2])) for stat in _processes()}
        family = {self.process.pid}
        while grown := {pid for pid, (parent, _ticks) in parents.items() if parent in family} - family:
            family |= grown
        return sum(parents[pid][1] for pid in family if pid in parents) / TICKS


def _processes() -> Iterator[tuple[str, str, int]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name_ends = (text := path.read_text()).rindex(")")
        except OSError:  # it has ended meanwhile
            continue
        fields = text[name_ends + 2 :].split()
        yield path.parent.name, fields[1], int(fields[11]) + int(fields[12])


@contextmanager
def serving(application: str, **environment: str) -> Iterator[Server]:
    """Serve a WSGI application as `manage.py serve` does: granian, one worker, the same threads."""
    port = _free_port()
    flags = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1", "--log-level", "error"]
    command = [sys.executable, "-m", "granian", *flags, "--blocking-threads", BLOCKING_THREADS, application]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait_for(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)
