"""The least a WSGI server can be asked for."""

from collections.abc import Callable, Iterable
from typing import Any

HELLO = b"Hello"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer every request with one word, or with as many bytes as the query says."""
    size = int(environ["QUERY_STRING"] or 0)
    body = size * b"x" if size else HELLO
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
