"""The virus scanner (ClamAV) that an agency may run beside the portal. Nothing else knows how it is spoken to."""

from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

try:
    from clamav_client import clamd
except ImportError:  # the optional extra «clamav» is not installed
    clamd = None  # type: ignore[assignment]

TIMEOUT = 60
"""Seconds that one file may take."""


class ScannerUnavailable(RuntimeError):
    """There is no scanner at the address of `CLAMAV_URL`, or it could not answer."""


class CannotScan(RuntimeError):
    """The scanner is there and cannot tell about this one file: it is larger than the scanner takes, or damaged."""


def is_on() -> bool:
    """Return whether files wait for a scanner here."""
    return bool(settings.CLAMAV_URL)


def virus_in(content: BinaryIO | Any) -> str:
    """Return the name of the virus in a file; an empty string when there is none.

    Raises `ScannerUnavailable`, and `CannotScan` when only this file is the matter.
    """
    if clamd is None:
        raise ScannerUnavailable("clamav-client is not installed")
    try:
        state, found = _client().instream(content)["stream"]
    except clamd.BufferTooLongError as error:
        raise CannotScan("too long") from error
    except (clamd.ClamdError, OSError, KeyError, ValueError) as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if state == "FOUND":
        return found or "?"
    if state != "OK":
        raise CannotScan(state)
    return ""


def _client() -> Any:
    """Return a client of `CLAMAV_URL`: tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl."""
    address = urlsplit(settings.CLAMAV_URL)
    if address.scheme == "unix":
        return clamd.ClamdUnixSocket(path=address.path, timeout=TIMEOUT)
    return clamd.ClamdNetworkSocket(host=address.hostname or "", port=address.port or 3310, timeout=TIMEOUT)
