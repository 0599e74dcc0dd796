"""Scans and photographs from outside, looked at by a process of its own (`picture_reader`): a bomb ends that one, not us."""

import json
import subprocess
import sys
import threading
from pathlib import Path

READER = Path(__file__).with_name("picture_reader.py")
TYPES = {"application/pdf", "image/jpeg", "image/png"}
"""The media types that can be looked at."""
SECONDS = 30
AT_ONCE, PATIENCE = 2, 10
_places = threading.BoundedSemaphore(AT_ONCE)
"""A reader may take more than a gigabyte: whoever comes third waits for so many seconds at most."""


class Busy(RuntimeError):
    """Other files are being looked at, and nobody was ready in time."""


def codes(data: bytes) -> list[str]:
    """Return the words of the QR codes in a picture or on the first pages of a PDF; none when it cannot be opened.

    Raises `Busy`.
    """
    answer = _answer("codes", data)
    return json.loads(answer) if answer else []


def preview(data: bytes) -> bytes | None:
    """Return a small JPEG of a picture or of the first page of a PDF; `None` when it cannot be opened. Raises `Busy`."""
    return _answer("preview", data) or None


def _answer(task: str, data: bytes) -> bytes:
    command = [sys.executable, "-I", str(READER), task]
    if not _places.acquire(timeout=PATIENCE):
        raise Busy
    try:
        # The file comes on the standard input, so no name of it is ever part of the command.
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return b""
    finally:
        _places.release()
    return done.stdout if done.returncode == 0 else b""
